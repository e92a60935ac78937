"""What proves chapter 6: routine operation, response support, optimization, consultation."""

from __future__ import annotations

from ops_delivery.setup.evidence_seeds.row import AGREEMENT, ISSUE, SIGNED, TASK, YEAR, either, row, standing

MANUAL, SCHEDULE, FINDING = "Operation Manual", "Routine Schedule", "Routine Finding"
HANDOVER, REVIEW, SIGNATURE, ACCEPTANCE = "Service Handover", "Service Review", "Service Signature", "Service Acceptance"
POLICY, LOG = "Escalation Policy", "Escalation Log"
OPT, CPLAN, REPORT = "Optimization Plan", "Consulting Plan", "Consulting Report"
PUBLISHED = 'doc.status == "Published"'
ISSUED = 'doc.status in ("Issued", "Followed Up")'
PLANNED = 'doc.status not in ("Draft", "Cancelled")'
CARRIED_ON = 'doc.state not in ("Proposed", "Declined") and doc.target_name'
_MANUAL, _MANUAL_ZH = "Complete the operation manual and publish it", "补全操作指引并发布"
_PLAN, _PLAN_ZH = "Complete the optimization plan", "补全优化改善方案"
_CONSULTING, _CONSULTING_ZH = "Complete the consulting plan", "补全咨询计划"


def _approved(number: str, doctype: str, party: str, hint: str, hint_zh: str, part: str = ""):
	"""An approving review of a document by one party within the year."""
	condition = f'doc.reference_doctype == "{doctype}" and doc.party == "{party}" and doc.state == "Approved"'
	return standing(number, REVIEW, condition + (f' and doc.part == "{part}"' if part else ""), hint, hint_zh, recent_days=YEAR)


def _handed_over(number: str, sources: str, hint: str, hint_zh: str):
	"""Work that was handed over from one service content to another, and begun there."""
	return row(number, HANDOVER, f"doc.source_doctype in ({sources},) and {CARRIED_ON}", hint, hint_zh)


ROWS = (
	standing("6.2.a", SCHEDULE, "doc.enabled and doc.repeats", "Make routine schedules with goal, content, scope, cycle and people", "建立例行计划：目的、内容、范围、周期和人员", required_fields="goal, content, scope, objects"),
	standing("6.2.b.1", MANUAL, f"{PUBLISHED} and any(row.task for row in doc.steps)", f"{_MANUAL}: the tasks", f"{_MANUAL_ZH}：任务一览", required_fields="keeper"),
	standing("6.2.b.2", MANUAL, f"{PUBLISHED} and any(row.step and row.explanation for row in doc.steps)", f"{_MANUAL}: steps with explanations", f"{_MANUAL_ZH}：步骤及说明"),
	standing("6.2.b.3", MANUAL, f'{PUBLISHED} and any(row.criterion in ("Number", "Choice", "Yes or No") for row in doc.steps)', f"{_MANUAL}: criteria of the normal state", f"{_MANUAL_ZH}：正常状态的判据"),
	standing("6.2.b.4", MANUAL, PUBLISHED, f"{_MANUAL}: what is recorded and how", f"{_MANUAL_ZH}：登记要求", required_fields="recording"),
	standing("6.2.b.5", MANUAL, PUBLISHED, f"{_MANUAL}: roles, method, flow and end of abnormal states", f"{_MANUAL_ZH}：异常处置的角色、方法、流转和结束条件", required_fields="abnormal_roles, abnormal_method, abnormal_flow, abnormal_end"),
	standing("6.2.b.6", MANUAL, PUBLISHED, f"{_MANUAL}: the report template", f"{_MANUAL_ZH}：报告样式", required_fields="report_template"),
	row("6.2.c", TASK, 'doc.status == "Done" and any(row.state in ("Met", "Permitted") for row in doc.confirmations)', "Confirm the security requirements of each routine task", "逐次确认例行任务的安全要求"),
	*either(
		_handed_over("6.2.d", '"Routine Task", "Routine Finding"', "Hand over what routine work found", "把例行操作的发现转接出去"),
		row("6.2.d", FINDING, "doc.issue or doc.handover", "Open a request from a routine finding, or hand it over", "从例行发现建立请求，或将其转接"),
	),
	row("6.2.e", TASK, 'any(row.state == "Confirmed" for row in doc.assistance)', "Ask the customer for access and workplace, and have it confirmed", "请客户提供访问权限和作业环境并确认"),
	standing("6.3.a", AGREEMENT, SIGNED, "State the channels for requests in the agreement", "在协议中写明受理渠道", required_fields="channels"),
	standing("6.3.b", AGREEMENT, SIGNED, "State service hours and time targets in the agreement", "在协议中写明服务时段和时限", required_fields="calendar, targets"),
	standing("6.3.c", AGREEMENT, SIGNED, "Agree on priority matrix and escalation policy", "约定优先级矩阵和升级策略", required_fields="priority_matrix, escalation_policy"),
	*either(
		standing("6.3.c", SIGNATURE, 'doc.reference_doctype == "Service Agreement" and doc.party == "Customer" and doc.state == "Valid"', "Have the customer sign the agreement", "请客户签署协议"),
		standing("6.3.c", AGREEMENT, f'{SIGNED} and any(row.part == "Levels and Escalation" and row.state == "Agreed" for row in doc.agreed_parts)', "Note that levels and escalation were agreed", "记下级别与升级已谈妥"),
	),
	row("6.3.d.1", ISSUE, 'doc.ops_validity == "Valid"', "Judge requests and give them an urgency", "判定请求并评定紧急程度", required_fields="ops_urgency, priority"),
	row("6.3.d.2", ISSUE, 'doc.ops_validity == "Valid"', "Judge requests and give them an importance", "判定请求并评定重要程度", required_fields="ops_importance, priority"),
	*either(
		row("6.3.e.1", LOG, 'doc.kind == "Warning"', "Warnings are logged when a deadline comes near", "临近时限时会记下预警"),
		standing("6.3.e.1", POLICY, 'doc.enabled and any(row.kind == "Warning" for row in doc.steps)', "Give the escalation policy a warning step", "在升级策略中设置预警步骤"),
	),
	*either(
		row("6.3.e.2", LOG, 'doc.kind == "Alarm"', "Alarms are logged when a deadline is reached", "到达时限时会记下报警"),
		standing("6.3.e.2", POLICY, 'doc.enabled and any(row.kind == "Alarm" for row in doc.steps)', "Give the escalation policy an alarm step", "在升级策略中设置报警步骤"),
	),
	standing(
		"6.3.e.3",
		POLICY,
		'doc.enabled and any(row.kind == "Manager Route" for row in doc.steps) and any(row.kind == "Expert Route" for row in doc.steps)',
		"Give the escalation policy a manager route and an expert route",
		"在升级策略中设置管理路线和专家路线",
	),
	row("6.3.f", "Service Notice", 'doc.reference_doctype in ("Issue", "Service Acceptance") and doc.state == "Sent"', "Have notices of the key points of requests sent", "发出请求关键节点的通知", date_field="sent_on"),
	row("6.3.g", ACCEPTANCE, 'doc.state in ("Accepted", "Accepted with Reservations", "Deemed Accepted")', "Offer results and have the customer accept them", "提交结果并请客户验收"),
	row("6.3.h", ISSUE, "doc.ops_security_checked", "Note the security check of requests", "登记请求的安全检查"),
	_handed_over("6.3.i", '"Issue"', "Hand over from a request to routine work, optimization or consulting where needed", "需要时从请求转接到例行操作、优化改善或咨询评估"),
	row("6.3.j", ACCEPTANCE, 'doc.channel in ("Portal", "Signed Link", "Recorded by Staff")', "Have the customer confirm the effect of the support", "请客户确认支持的效果"),
	standing("6.4.a", OPT, PLANNED, f"{_PLAN}: its nine items", f"{_PLAN_ZH}：九项内容", recent_days=YEAR, required_fields="goals, content, steps, people, budget, start_date, end_date, metrics, risks, rollback_steps"),
	_approved("6.4.b", OPT, "Internal", "Have the optimization plan reviewed inside", "请内部评审优化改善方案"),
	_approved("6.4.b", OPT, "Customer", "Have the optimization plan reviewed by the customer", "请客户评审优化改善方案"),
	standing("6.4.c", "Trial Reading", "not doc.set_aside", "Let the trial run begin and take its readings", "开始试运行并登记读数", recent_days=YEAR),
	standing("6.4.d", "Service Leftover", 'doc.source_doctype == "Optimization Plan"', "Note what the optimization leaves open, with measure, owner and day", "登记优化的余留问题及措施、负责人和日期", recent_days=YEAR, required_fields="treatment, owner_user, due_date"),
	standing("6.4.e", OPT, "doc.retrospective_on", "Look back on the optimization when it is finished", "优化完成后进行回顾总结", recent_days=YEAR, required_fields="went_well, lessons"),
	standing(
		"6.4.f",
		OPT,
		'any(row.result == "Fulfilled" for row in doc.security_checks) and not any(row.result == "Not Fulfilled" for row in doc.security_checks)',
		f"{_PLAN}: security checks of people, operations, data and tools",
		f"{_PLAN_ZH}：人员、操作、数据和工具的安全检查",
		recent_days=YEAR,
	),
	_handed_over("6.4.g", '"Optimization Plan"', "Hand over from the optimization where needed", "需要时从优化改善转接"),
	standing("6.4.h", OPT, "doc.suggestions or doc.confirmed_by", "Note the customer's suggestions and confirmation", "记下客户的建议和确认", recent_days=YEAR),
	standing("6.5.a", CPLAN, 'doc.status in ("Approved", "In Progress", "Completed")', f"{_CONSULTING}: its eight items, approved before it starts", f"{_CONSULTING_ZH}：八项内容，开始前获批", recent_days=YEAR, required_fields="goals, topics, steps, people, budget, start_date, deliverables, communication"),
	standing("6.5.b", REPORT, f"{ISSUED} and (doc.is_current_state or doc.is_interviews or doc.is_requirements or doc.is_recommendations)", "Issue the consulting report", "发布咨询评估报告", recent_days=YEAR),
	standing("6.5.c", CPLAN, 'any(row.party == "Supplier" for row in doc.reviews) and any(row.party == "Customer" for row in doc.reviews)', f"{_CONSULTING}: who reviews the report", f"{_CONSULTING_ZH}：报告由谁评审", recent_days=YEAR),
	_approved("6.5.c", REPORT, "Internal", "Have the report reviewed inside", "请内部评审报告"),
	_approved("6.5.c", REPORT, "Customer", "Have the report reviewed by the customer", "请客户评审报告"),
	standing("6.5.d", "Consulting Recommendation", "doc.follow_ups or doc.verified_on", "Follow up what became of the recommendations", "跟踪建议的落实情况", recent_days=YEAR),
	standing(
		"6.5.e",
		CPLAN,
		'any(row.result == "Met" for row in doc.security) and not any(row.result == "Not Met" for row in doc.security)',
		f"{_CONSULTING}: security checks",
		f"{_CONSULTING_ZH}：安全检查",
		recent_days=YEAR,
	),
	_handed_over("6.5.f", '"Consulting Plan", "Consulting Report", "Consulting Recommendation"', "Hand over from the consultation where needed", "需要时从咨询评估转接"),
	standing("6.5.g", CPLAN, "doc.requirements or doc.customer_assistance", f"{_CONSULTING}: the customer's requirements and assistance", f"{_CONSULTING_ZH}：客户的要求与配合", recent_days=YEAR),
)
