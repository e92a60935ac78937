"""The demo's consulting: a plan that grew out of a request, its issued report, recommendations in several states (6.5)."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.utils import add_days

from ops_delivery.services.consulting import recommendations
from ops_delivery.services.handover import steps as handover
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data

CUSTOMER = data.CUSTOMERS[0]
AUTHOR, OWNER, VERIFIER = "gao.yan@ops.example", "zhao.lei@ops.example", data.MANAGER
DECIDES = CUSTOMER["people"][0]
TITLE = "医院备份与恢复能力评估"


def make(stage, company) -> str | None:
	"""Play it on the stage as it happened in the last ten weeks; the report's name. Nothing if it is there already."""
	if frappe.db.exists("Consulting Plan", {"title": TITLE}):
		return None
	_at(stage, 70)
	plan = _plan(stage, company)
	_at(stage, 66)
	_through(stage, plan, "Internal Review", "Customer Review", "Approved")
	_at(stage, 60)
	_begin(stage, plan)
	_at(stage, 40)
	report = _report(stage, plan, company)
	_at(stage, 36)
	_through(stage, report, "Internal Review", "Customer Review", "Issued")
	_finish(stage, plan)
	_decisions(stage, report)
	stage.move_to(stage.end)
	return report.name


def _at(stage, days: int) -> None:
	stage.move_to(stage.end - timedelta(days=days))


def _day(days: int = 0):
	return add_days(site_time.site_now().date(), days)


def _plan(stage, company):
	"""The desk hands a request that came back over; the expert fills in the plan."""
	issue = frappe.get_all(
		"Issue",
		filters={"customer": CUSTOMER["name"], "subject": ["like", "%备份%"]},
		pluck="name",
		order_by="creation",
		limit=1,
	)
	content = {
		"title": TITLE,
		"start_date": _day(7),
		"end_date": _day(40),
		"owner_user": AUTHOR,
		"company": company.name,
		"agreement": company.agreements.get(CUSTOMER["name"]),
		**PLAN,
		**_dated(company),
	}
	with stage.as_user(AUTHOR):
		if issue:
			name = handover.open_next(
				"Issue",
				issue[0],
				"Consultation and Evaluation",
				TITLE,
				"Consulting Plan",
				note="备份失败屡次发生，请从整体上评估备份与恢复能力。",
			)["name"]
			plan = frappe.get_doc("Consulting Plan", name)
			for table in ("security", "reviews", "topics"):
				plan.set(table, [])
		else:
			plan = frappe.get_doc({"doctype": "Consulting Plan", "customer": CUSTOMER["name"]})
		plan.update(content)
		plan.save()
	return plan


def _dated(company) -> dict:
	return {
		"topics": [
			{
				"topic": "备份链路与策略",
				"method": "Document Review",
				"service_object": company.objects["his"],
				"depth": "备份窗口、保留周期、介质与异地副本",
			},
			{
				"topic": "恢复时间实测",
				"method": "Measurement",
				"service_object": company.objects["his"],
				"depth": "数据库全量与日志恢复，各测两次",
			},
			{
				"topic": "科室对停机的容忍",
				"method": "Interview",
				"service_object": company.objects["charge"],
				"depth": "门诊、住院、检验三个科室",
			},
		],
		"steps": [
			{
				"step": "资料收集与访谈",
				"responsible": AUTHOR,
				"start_date": _day(7),
				"end_date": _day(14),
				"description": "收集备份策略、日志与演练记录，访谈三个科室",
			},
			{
				"step": "恢复实测",
				"responsible": AUTHOR,
				"start_date": _day(15),
				"end_date": _day(24),
				"description": "在隔离环境恢复 HIS 与 PACS，记录用时与完整性",
			},
			{
				"step": "分析与报告",
				"responsible": AUTHOR,
				"start_date": _day(25),
				"end_date": _day(40),
				"description": "对照院方要求分析差距，提出建议",
			},
		],
		"deliverables": [
			{
				"deliverable": "备份与恢复评估报告",
				"content": "现状、访谈、差距、建议",
				"recipient": "信息科",
				"due_date": _day(38),
			},
			{
				"deliverable": "恢复实测记录",
				"content": "每次恢复的用时与校验结果",
				"recipient": "信息科",
				"due_date": _day(30),
			},
		],
	}


PLAN = {
	"goals": [
		{"goal": "查明夜间备份屡次失败的根源", "measure": "每类失败都有原因与证据"},
		{"goal": "确认核心系统能在院方要求的时间内恢复", "measure": "HIS 实测恢复时间与 4 小时要求的差距"},
	],
	"people": [
		{
			"party": "Supplier",
			"person_name": "高岩",
			"user": AUTHOR,
			"duty": "首席顾问",
			"competence": "存储与备份专家",
			"days": 12,
		},
		{
			"party": "Supplier",
			"person_name": "周敏",
			"user": data.MANAGER,
			"duty": "质量负责人",
			"competence": "项目管理",
			"days": 2,
		},
		{
			"party": "Customer",
			"person_name": "王丽",
			"duty": "需方负责人",
			"competence": "信息科科长",
			"days": 3,
		},
		{
			"party": "Customer",
			"person_name": "刘洋",
			"duty": "配合实测",
			"competence": "系统工程师",
			"days": 5,
		},
	],
	"currency": "CNY",
	"costs": [
		{"item": "首席顾问", "quantity": 12, "unit": "人日", "rate": 2400},
		{"item": "质量审核", "quantity": 2, "unit": "人日", "rate": 2000},
		{"item": "隔离恢复环境租用", "quantity": 1, "unit": "次", "rate": 6000},
	],
	"budget_note": "按年度服务协议咨询额度支付，报告发布后结算",
	"communication": [
		{
			"audience": "信息科",
			"subject": "进展、风险、需要的配合",
			"channel": "Meeting",
			"frequency": "每周一次",
			"responsible": AUTHOR,
		},
		{
			"audience": "分管院长",
			"subject": "阶段结论",
			"channel": "Report",
			"frequency": "实测后、报告前各一次",
			"responsible": data.MANAGER,
		},
	],
	"requirements": [
		{
			"requirement": "实测不得影响白天门诊",
			"raised_by": "王丽",
			"answer": "全部在隔离环境、夜间窗口进行",
		},
		{
			"requirement": "建议须给出投入与先后次序",
			"raised_by": "王丽",
			"answer": "报告含规划建议，按期限列出",
		},
	],
	"customer_assistance": "提供备份系统只读账号、历史演练记录；安排三个科室各一次访谈；召集报告评审会。",
	"reviews": [
		{
			"subject": "Plan",
			"party": "Supplier",
			"participants": "周敏、张宁",
			"method": "In Writing",
			"organizer": "周敏",
		},
		{
			"subject": "Report",
			"party": "Supplier",
			"participants": "周敏、张宁",
			"method": "Meeting",
			"organizer": "周敏",
		},
		{
			"subject": "Report",
			"party": "Customer",
			"participants": "王丽、刘洋、各科室代表",
			"method": "Meeting",
			"organizer": "王丽",
		},
	],
	"security": [
		{"aspect": "People", "requirement": "持工牌进出机房，双人在场", "measure": "信息科刘洋全程陪同"},
		{
			"aspect": "Operations",
			"requirement": "不在生产环境执行恢复",
			"measure": "仅用只读账号，恢复在隔离网段",
		},
		{"aspect": "Data", "requirement": "患者数据不得带离院区", "measure": "实测数据测后清除并留清除记录"},
		{"aspect": "Tools", "requirement": "工具须经院方登记", "measure": "备份校验脚本已送信息科登记"},
	],
}

FINDINGS = [
	{
		"area": "备份",
		"finding": "夜间全量备份与批处理争用存储，窗口不足",
		"evidence": "近 90 日备份日志，失败 11 次",
		"score": 87.8,
		"unit": "%",
		"reference": "目标 99 %",
		"severity": "High",
	},
	{
		"area": "恢复",
		"finding": "HIS 恢复时间超出院方要求",
		"evidence": "恢复实测记录 2 次",
		"score": 6.5,
		"unit": "小时",
		"reference": "要求 4 小时",
		"severity": "Critical",
	},
	{
		"area": "介质",
		"finding": "备份只有一处副本，与生产同机房",
		"evidence": "现场查看，备份策略第 3 版",
		"score": 1,
		"unit": "份",
		"reference": "要求 2 份",
		"severity": "High",
	},
	{
		"area": "演练",
		"finding": "近一年没有恢复演练",
		"evidence": "演练记录为空",
		"score": 0,
		"unit": "次/年",
		"reference": "要求 2 次/年",
		"severity": "Medium",
	},
]

# title, reason, priority, then what became of it: decision, its day before the end, due (days from the end), what followed
RECOMMENDED = (
	(
		"每季度做一次 HIS 恢复演练",
		"演练记录为空；真要恢复时没有把握",
		"High",
		("Adopted", 30, -12, "verified"),
	),
	("错开批处理与全量备份的时间", "争用存储使备份失败", "Urgent", ("Adopted", 30, -4, "done")),
	("建立异地备份副本", "生产与备份同处一个机房", "High", ("Adopted", 29, 45, "optimization")),
	("为 PACS 购置磁带库", "影像保留期 15 年，磁盘成本高", "Medium", ("Deferred", 29, 20, None)),
	("备份告警接入服务台", "失败往往次日才被发现", "Medium", ("Adopted in Part", 28, -6, "late")),
	("更换备份软件", "现有软件不支持增量合成", "Low", ("Declined", 28, None, None)),
	("制定备份管理办法", "职责与保留期没有成文", "Medium", None),
)


def _begin(stage, plan) -> None:
	with stage.as_user(data.MANAGER):
		plan.reload()
		for row in plan.security:
			row.result = "Met"
		plan.save()
		reviewed.enter(plan, "In Progress")


def _report(stage, plan, company):
	"""The expert writes the report with its recommendations."""
	with stage.as_user(AUTHOR):
		report = frappe.get_doc(
			{
				"doctype": "Consulting Report",
				"title": "医院备份与恢复能力评估报告",
				"plan": plan.name,
				"owner_user": AUTHOR,
				"report_date": _day(),
				"is_current_state": 1,
				"is_interviews": 1,
				"is_requirements": 1,
				"is_recommendations": 1,
				"summary": "<p>备份成功率与恢复时间均未达到院方要求。根源是存储争用、副本单一和缺少演练，三项都可在一年内改善。</p>",
				"findings": [{**row, "service_object": company.objects["his"]} for row in FINDINGS],
				"evaluation": "总体 2.4 分（满分 5 分）：备份 3 分，恢复 2 分，管理 2 分。",
				"interviews": [
					{
						"interviewee": "陈主任",
						"post": "门诊部",
						"held_on": _day(-18),
						"method": "Interview",
						"held_by": AUTHOR,
						"key_points": "停机超过 1 小时需启用手工收费",
					},
					{
						"interviewee": "李护士长",
						"post": "住院部",
						"held_on": _day(-17),
						"method": "Interview",
						"held_by": AUTHOR,
						"key_points": "医嘱不能缺失，允许 30 分钟内补录",
					},
				],
				"requirements": [
					{
						"requirement": "HIS 4 小时内恢复",
						"source": "院方信息安全要求",
						"priority": "Must",
						"analysis": "今日 6.5 小时；错峰与增量恢复后可到 3.5 小时",
					},
					{
						"requirement": "备份保留 15 年（影像）",
						"source": "卫生主管部门规定",
						"priority": "Must",
						"analysis": "容量可保 6 年，须扩容或归档",
					},
				],
				"advice": [
					{
						"subject": "备份窗口",
						"horizon": "Within 3 Months",
						"advice": "调整批处理计划，启用增量备份",
						"benefit": "成功率 99 % 以上",
						"effort": "5 人日",
					},
					{
						"subject": "异地副本",
						"horizon": "Within a Year",
						"advice": "在医技楼机房建立第二份副本",
						"benefit": "机房级故障可恢复",
						"effort": "约 28 万元",
					},
					{
						"subject": "影像归档",
						"horizon": "Beyond a Year",
						"advice": "引入归档存储",
						"benefit": "满足保留期",
						"effort": "待论证",
					},
				],
			}
		).insert()
		for title, reason, priority, _became in RECOMMENDED:
			frappe.get_doc(
				{
					"doctype": "Consulting Recommendation",
					"title": title,
					"report": report.name,
					"reason": reason,
					"priority": priority,
					"service_object": company.objects["his"],
				}
			).insert()
	return report


def _through(stage, doc, *phases: str) -> None:
	"""Take a document through its phases; whoever is asked to review approves it, each as themselves."""
	for phase in phases:
		with stage.as_user(AUTHOR):
			doc.reload()
			reviewed.enter(doc, phase)
		for row in frappe.get_all(
			"Service Review",
			filters={"reference_doctype": doc.doctype, "reference_name": doc.name, "state": "Open"},
			fields=["name", "party"],
			order_by="creation",
		):
			_approve(stage, row)


def _approve(stage, row) -> None:
	review = frappe.get_doc("Service Review", row.name)
	for person in review.participants[: review.approvals]:
		if row.party == "Customer":
			by = {
				"name": DECIDES["name"],
				"decided_on": site_time.site_now(),
				"how": "评审会签到表与会议纪要",
				"channel": "Recorded by Staff",
				"recorded_by": data.MANAGER,
			}
			with stage.as_user(data.MANAGER):
				review_answers.decide(row.name, "Approved", "同意，请按计划推进。", on_behalf=by)
		else:
			with stage.as_user(person.user):
				review_answers.decide(
					row.name, "Approved", "内容完整，证据充分。", minutes="书面评审，意见已逐条答复。"
				)


def _finish(stage, plan) -> None:
	plan.reload()
	with stage.as_user(AUTHOR):
		for row in plan.steps:
			row.done_on = _day(-1)
		for row in plan.deliverables:
			row.delivered_on = _day()
		plan.save()
		reviewed.enter(plan, "Completed")


def _decisions(stage, report) -> None:
	"""The customer decides; some are carried out and verified, one is late, one goes to an optimization plan."""
	made = {row.title: row.name for row in recommendations.of_report(report.name)}
	for title, _reason, _priority, became in RECOMMENDED:
		if not became:
			continue
		decision, days, due, course = became
		_at(stage, days)
		due_date = add_days(site_time.to_site(stage.end).date(), due) if due is not None else None
		with stage.as_user(data.MANAGER):
			recommendations.decide(
				made[title],
				decision,
				DECIDES["name"],
				note=NOTES.get(decision, ""),
				owner_user=OWNER if due is not None else None,
				due_date=due_date,
			)
		if course:
			_carry_out(stage, made[title], course)


NOTES = {
	"Adopted in Part": "先接入 HIS 与收费系统的备份告警，其余明年再议",
	"Deferred": "待下一年度预算",
	"Declined": "现有软件合同尚有两年，已与厂商约定升级",
}


def _carry_out(stage, name: str, course: str) -> None:
	if course == "optimization":
		_at(stage, 20)
		with stage.as_user(AUTHOR):
			handover.open_next(
				"Consulting Recommendation",
				name,
				"Optimization and Improvement",
				"HIS 异地备份副本建设",
				"Optimization Plan",
				owner=AUTHOR,
				note="需方已采纳，请编制优化方案。",
			)
		return
	_at(stage, 22)
	with stage.as_user(OWNER):
		recommendations.follow_up(name, "已与信息科商定做法，着手准备", 30, "In Progress")
	if course == "late":
		return
	_at(stage, 14)
	with stage.as_user(OWNER):
		recommendations.follow_up(name, "已按商定做法完成，记录见附件", 100, "Done")
	if course == "verified":
		_at(stage, 10)
		with stage.as_user(VERIFIER):
			recommendations.verify(name, "抽查演练记录：3.6 小时恢复，数据校验一致")
