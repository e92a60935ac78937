"""What proves chapter 8: how deliverables are managed, and the results of the four service contents."""

from __future__ import annotations

from ops_delivery.setup.evidence_seeds.row import (
	CONSULTING,
	ISSUE,
	OPTIMIZATION,
	RESPONSE,
	ROUTINE,
	TASK,
	YEAR,
	Row,
	either,
	row,
	standing,
)

DELIVERABLE, FINDING, SURVEY, REVIEW = "Deliverable", "Routine Finding", "Survey Response", "Service Review"
OPT, CPLAN, REPORT = "Optimization Plan", "Consulting Plan", "Consulting Report"
OUT = 'doc.status in ("Published", "Archived")'
ISSUED = 'doc.status in ("Issued", "Followed Up")'
_PUBLISH, _PUBLISH_ZH = "Publish a deliverable", "发布交付成果"


def _document(number: str, kind: str, hint_zh: str) -> Row:
	"""A published deliverable of a type."""
	return row(number, DELIVERABLE, f'doc.deliverable_type == "{kind}" and {OUT}', f"{_PUBLISH}: {kind}", f"{_PUBLISH_ZH}：{hint_zh}")


def _satisfied(number: str, content: str, zh: str) -> Row:
	"""Answers about a service content that are not low."""
	return row(number, SURVEY, f'doc.service_content == "{content}" and doc.scored and not doc.low', f"Ask how satisfied the customer is with {content.lower()}, and act on low scores", f"就{zh}征询客户的满意程度，并改进低分项")


def _delivered(number: str, doctype: str, kind: str, hint: str, hint_zh: str) -> Row:
	"""A report that was delivered with a plan or a report."""
	return standing(number, doctype, f'any(row.kind == "{kind}" and row.delivered_on for row in doc.delivered_reports)', hint, hint_zh, recent_days=YEAR)


def _reviewed(number: str, doctype: str, part: str, hint: str, hint_zh: str) -> Row:
	of_part = f' and doc.part == "{part}"' if part else ""
	return standing(number, REVIEW, f'doc.reference_doctype == "{doctype}" and doc.state == "Approved"{of_part}', hint, hint_zh, recent_days=YEAR)


ROWS = (
	row("8.2.a", DELIVERABLE, f'{OUT} and any(row.step == "Published" and row.done_on for row in doc.steps)', "Compile, review and publish deliverables", "编制、评审并发布交付成果", required_fields="compiler"),
	row("8.2.b", DELIVERABLE, f"{OUT} and (doc.due_date or doc.frequency)", "State audience, content and day of deliverables", "写明成果的受众、内容和时间要求", required_fields="audience, content"),
	row("8.2.c.1", DELIVERABLE, f'{OUT} and doc.kind == "Intangible"', "State the security risk of intangible results and its control", "写明无形成果的安全风险及控制", required_fields="security_risk, security_control, security_class"),
	row("8.2.d", DELIVERABLE, f'{OUT} and doc.kind == "Intangible" and any(row.verdict == "Met" for row in doc.records)', "Publish results whose records meet what was agreed", "发布由记录证明达到约定的成果"),
	row("8.2.e", DELIVERABLE, f'{OUT} and doc.kind == "Tangible" and doc.specification_met', "Have documents checked against what was agreed", "核对文件是否符合约定的规格和格式", required_fields="files"),
	row("8.3.a.1", TASK, 'doc.status == "Done" and doc.result', "Do the routine work, so that the state of the objects is known", "完成例行作业，掌握对象状况"),
	row("8.3.a.2", FINDING, 'doc.verdict == "Abnormal" and doc.normal_on', "Bring abnormal findings back to normal", "使异常发现恢复正常"),
	row("8.3.a.3", FINDING, 'doc.verdict == "At Risk" and doc.closed_on', "Remove the risks that routine work found, and close them", "消除例行发现的隐患并关闭"),
	_satisfied("8.3.a.4", ROUTINE, "例行操作"),
	row("8.3.b.1", "Routine Reading", 'doc.verdict != "Not Taken"', "Record the readings of routine work", "登记例行作业的读数"),
	row("8.3.b.2", FINDING, "doc.closed_on", "Record how abnormal states were handled", "登记异常状态的处置", required_fields="what_was_done"),
	_document("8.3.b.3", "Trend Analysis and Risk Advice", "趋势分析与风险建议"),
	_document("8.3.b.4", "Routine Satisfaction Report", "例行操作满意度报告"),
	_document("8.3.b.5", "Other Routine Report", "其他例行报告"),
	row("8.4.a.1", ISSUE, 'doc.status in ("Resolved", "Closed") and doc.ops_acceptance_status in ("Accepted", "Accepted with Reservations", "Deemed Accepted")', "Resolve requests and have the result accepted", "解决请求并请客户验收"),
	standing("8.4.a.2", "Help Article", "doc.published", "Write help articles and link them to requests", "撰写帮助文章并关联到请求"),
	_satisfied("8.4.a.3", RESPONSE, "响应支持"),
	*either(
		_document("8.4.b.1", "Response Support Record", "响应支持记录"),
		row("8.4.b.1", ISSUE, 'doc.status == "Closed"', "Close requests with their whole history", "关闭请求并保留完整过程", required_fields="resolution_details"),
	),
	_document("8.4.b.2", "Key Indicator Data", "关键指标数据"),
	_document("8.4.b.4", "Response Satisfaction Report", "响应支持满意度报告"),
	_document("8.4.b.5", "Other Response Report", "其他响应报告"),
	standing("8.5.a.1", OPT, 'doc.status == "Closed" and any(row.measured_on for row in doc.metrics)', "Measure the indicators after the optimization and close the plan", "优化后测量指标并关闭方案", recent_days=YEAR),
	standing("8.5.a.2", OPT, "any(row.after for row in doc.functions)", "Note the functions before and after the optimization", "登记优化前后的功能", recent_days=YEAR),
	_satisfied("8.5.a.3", OPTIMIZATION, "优化改善"),
	_reviewed("8.5.b.1", OPT, "Proposal", "Have the optimization proposal reviewed", "评审优化改善的建议方案"),
	_reviewed("8.5.b.2", OPT, "Implementation", "Have the implementation plan reviewed", "评审优化改善的实施方案"),
	*either(
		standing("8.5.b.3", OPT, "any(row.done_on for row in doc.changes)", "Note the changes and releases of the optimization", "登记优化中的变更与发布", recent_days=YEAR),
		_document("8.5.b.3", "Change and Release Report", "变更与发布报告"),
	),
	*either(
		_delivered("8.5.b.4", OPT, "Satisfaction Report", "Deliver the satisfaction report of the optimization", "交付优化改善的满意度报告"),
		_document("8.5.b.4", "Optimization Satisfaction Report", "优化改善满意度报告"),
	),
	*either(
		_delivered("8.5.b.5", OPT, "Other Report", "Deliver the other reports of the optimization", "交付优化改善的其他报告"),
		_document("8.5.b.5", "Other Optimization Report", "其他优化改善报告"),
	),
	standing("8.6.a.1", REPORT, f"{ISSUED} and (doc.evaluation or doc.findings)", "Issue a consulting report that evaluates the objects", "发布含对象评价的咨询评估报告", recent_days=YEAR),
	standing("8.6.a.2", REPORT, f"{ISSUED} and doc.advice", "Issue a consulting report with planning advice", "发布含规划建议的咨询评估报告", recent_days=YEAR),
	_satisfied("8.6.a.3", CONSULTING, "咨询评估"),
	standing("8.6.b.1", CPLAN, 'doc.status in ("Approved", "In Progress", "Completed")', "Have the consulting plan approved", "咨询计划获批", recent_days=YEAR),
	standing("8.6.b.2", REPORT, ISSUED, "Issue the consulting report", "发布咨询评估报告", recent_days=YEAR, required_fields="summary"),
	_reviewed("8.6.b.3", REPORT, "", "Have the consulting report reviewed", "评审咨询评估报告"),
	*either(
		_delivered("8.6.b.4", REPORT, "Satisfaction Report", "Deliver the satisfaction report of the consultation", "交付咨询评估的满意度报告"),
		_document("8.6.b.4", "Consulting Satisfaction Report", "咨询评估满意度报告"),
	),
	*either(
		_delivered("8.6.b.5", REPORT, "Other Report", "Deliver the other reports of the consultation", "交付咨询评估的其他报告"),
		_document("8.6.b.5", "Other Consulting Report", "其他咨询评估报告"),
	),
)
