"""What proves chapter 5: planning, execution, check, improvement."""

from __future__ import annotations

from ops_delivery.setup.evidence_seeds.row import (
	AGREEMENT,
	ISSUE,
	PLAN,
	SESSION,
	SHEET,
	SIGNED,
	TASK,
	YEAR,
	either,
	row,
	standing,
)

APPROVED = 'doc.status in ("Approved", "In Progress", "Completed")'
ACTION, SIGNATURE = "Improvement Action", "Service Signature"
IMPROVED = "doc.cause and doc.measures and doc.checks"
_PLAN = "Complete the delivery plan and have it approved"
_PLAN_ZH = "补全交付计划并通过审批"

ROWS = (
	standing("5.2.a", AGREEMENT, SIGNED, "Complete the agreement by its check and have both parties sign it", "按完整性检查补全协议，由双方签署", required_fields="scope, targets, channels"),
	standing("5.2.b", PLAN, APPROVED, f"{_PLAN}: start and end", f"{_PLAN_ZH}：起止日期", required_fields="start_date, end_date"),
	standing("5.2.b", "Delivery Activity", 'doc.state != "Cancelled" and doc.planned_start and doc.planned_end', "Plan activities with owner and dates in the delivery plan", "在交付计划中排出交付活动、负责人和日期"),
	*either(
		standing("5.2.c", PLAN, f"{APPROVED} and any(row.planned_amount for row in doc.funds)", f"{_PLAN}: costs and income", f"{_PLAN_ZH}：费用与收入"),
		standing("5.2.c", AGREEMENT, f'{SIGNED} and doc.fee and doc.fee_basis in ("Contract Income", "Budget")', "State fee and where it comes from in the agreement", "在协议中写明费用及其来源"),
	),
	standing(
		"5.2.d",
		PLAN,
		f'{APPROVED} and any(row.kind == "Manager" and row.competence_held for row in doc.staff) and any(row.kind == "Specialist" and row.competence_held for row in doc.staff)',
		f"{_PLAN}: managers and specialists with the competence they hold",
		f"{_PLAN_ZH}：管理人员和技术人员及其现有能力",
	),
	standing("5.2.e", PLAN, f"{APPROVED} and any(row.ready for row in doc.tools)", f"{_PLAN}: tools that are ready", f"{_PLAN_ZH}：已备妥的工具"),
	standing(
		"5.2.f",
		PLAN,
		f'{APPROVED} and any(row.duty == "Accountable" for row in doc.duties) and any(row.kind == "Service Process" for row in doc.documents)',
		f"{_PLAN}: who answers for which matter, and the service processes",
		f"{_PLAN_ZH}：各事项的负责人和服务流程",
	),
	*either(
		standing("5.2.f", "Operation Manual", 'doc.status == "Published"', "Publish the operation manual of the routine work", "发布例行作业的操作指引"),
		standing("5.2.f", PLAN, 'any(row.kind == "Operation Manual" and row.state == "Released" for row in doc.documents)', f"{_PLAN}: released operation manuals", f"{_PLAN_ZH}：已发布的操作指引"),
	),
	standing(
		"5.2.g",
		AGREEMENT,
		f"{SIGNED} and (doc.result_terms or doc.result_formula or any(row.reward or row.penalty or row.reward_formula or row.penalty_formula for row in doc.metrics))",
		"Agree on metrics, formulas, rewards and penalties",
		"约定考核指标、计算办法和奖惩",
		required_fields="metrics",
	),
	standing("5.2.h", AGREEMENT, SIGNED, "Agree on the terms of security", "约定安全条款", required_fields="security_terms"),
	standing("5.2.h", PLAN, APPROVED, f"{_PLAN}: principles and measures of security", f"{_PLAN_ZH}：安全原则与防护措施", required_fields="security_principles, security_measures"),
	*either(
		standing("5.2.i", PLAN, "any(row.agreed_by and row.agreed_on for row in doc.consensus)", "Note in the delivery plan what was agreed with whom and when", "在交付计划中记下与谁、何时谈妥了什么"),
		standing("5.2.i", AGREEMENT, f'{SIGNED} and any(row.state == "Agreed" for row in doc.agreed_parts)', "Note in the agreement which parts were agreed with whom and when", "在协议中记下与谁、何时谈妥了哪些部分"),
	),
	standing("5.3.a", "Delivery Activity", "doc.planned_start and doc.actual_start", "Begin the planned activities and let records carry them out", "启动计划的活动，并由相应记录落实", date_field="actual_start"),
	*either(
		row("5.3.b", ISSUE, 'doc.status in ("Resolved", "Closed")', "Resolve requests with what was done", "解决请求并写明处理内容", required_fields="description, resolution_details"),
		row("5.3.b", SHEET, "doc.left_on", "Carry out visits and record them", "完成现场服务并留下记录", required_fields="work_content, work_items, engineers"),
		row("5.3.b", SESSION, "doc.left_on", "Carry out remote sessions and record them", "完成远程支持并留下记录", required_fields="work_content, work_items, engineers"),
		row("5.3.b", TASK, 'doc.status == "Done"', "Do the routine work and record its readings", "完成例行作业并登记读数", required_fields="result, done_by"),
	),
	row("5.3.c", "Service Notice", 'doc.state == "Sent"', "Have notices sent at the key points of requests and visits", "在请求和现场服务的关键节点发出通知", date_field="sent_on"),
	row("5.3.d", "Service Clock", 'doc.state == "Met"', "Let commitments be measured: an agreement with targets, and requests under it", "让承诺得到计时：协议写明时限，请求归入协议"),
	row("5.3.e", "Deliverable", "doc.promise_slot and doc.published_on", "Publish the reports that the agreement promises", "发布协议约定的报告"),
	*either(
		row("5.3.g", ISSUE, "doc.ops_security_checked", "Note the security check on requests before the result is offered", "提交结果前在请求上登记安全检查"),
		row("5.3.g", TASK, 'any(row.state in ("Met", "Permitted") for row in doc.confirmations)', "Confirm the security requirements before routine work begins", "例行作业开始前确认安全要求"),
		row("5.3.g", SHEET, 'any(row.stage == "During" and row.answer == "Yes" for row in doc.answers)', "Answer the security points of the visit's checklist", "填写现场服务检查表中的安全项"),
		row("5.3.g", SESSION, 'any(row.stage == "During" and row.answer == "Yes" for row in doc.answers)', "Answer the security points of the session's checklist", "填写远程支持检查表中的安全项"),
	),
	*either(
		row("5.3.h", "Service Acceptance", 'doc.channel in ("Portal", "Signed Link", "Recorded by Staff")', "Have the customer answer to results", "请客户对结果作出答复"),
		row("5.3.h", TASK, 'doc.customer_side == "Confirmed"', "Have the customer confirm the assistance that routine work needs", "请客户确认例行作业所需的配合"),
		standing("5.3.h", PLAN, 'any(row.kind == "Customer\'s Assistance" and row.agreed_on for row in doc.consensus)', "Agree on the customer's assistance in the delivery plan", "在交付计划中谈妥客户的配合"),
	),
	row("5.4.b", "Agreement Assessment", 'doc.status == "Confirmed"', "Assess the period and have both parties confirm it", "对本期进行考核并由双方确认", required_fields="lines"),
	row("5.4.c", "Survey Response", "", "Ask the customer how satisfied they are", "向客户征询满意程度"),
	standing("5.4.d", AGREEMENT, SIGNED, "State in the agreement where to complain and how complaints are handled", "在协议中写明投诉渠道和处理办法", required_fields="complaint_channel, complaint_handling"),
	standing("5.4.d", "Ops Delivery Settings", "", "Publish channels and handling of complaints in the settings", "在设置中公布投诉渠道和处理流程", site_wide=1, required_fields="complaint_process, complaint_channels"),
	standing(
		"5.5.b",
		ACTION,
		f'doc.source_doctype in ("Service Clock", "Issue", "Escalation Log", "Agreement Assessment") and {IMPROVED}',
		"Open an improvement action on a missed commitment: cause, measures, check of the effect",
		"针对未达成的承诺建立改进措施：原因、措施、效果检查",
		recent_days=YEAR,
	),
	standing(
		"5.5.c",
		ACTION,
		f'doc.source_doctype in ("Service Complaint", "Service Survey", "Survey Response") and {IMPROVED}',
		"Open an improvement action on a complaint or a low score: cause, measures, check of the effect",
		"针对投诉或低分建立改进措施：原因、措施、效果检查",
		recent_days=YEAR,
	),
	standing("5.5.f", ACTION, 'doc.answer == "Confirmed"', "Tell the customer of measures and effect, and have them confirm", "把措施和效果告知客户并请其确认", recent_days=YEAR, required_fields="answered_by, answered_on"),
	standing("5.5.g", AGREEMENT, f"{SIGNED} and doc.version > 1", "Where the agreement no longer fits, agree on a new version with its reason", "协议不再适用时，说明原因并商定新版本", required_fields="amendment_reason"),
)
