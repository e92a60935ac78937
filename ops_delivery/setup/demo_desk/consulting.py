"""The demo's consulting: a plan that grew out of a request, its issued report, recommendations in several states (6.5)."""

from __future__ import annotations

import frappe
from frappe.utils import add_days

from ops_delivery.services.handover import steps as handover
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk.consulting_data import (
	AUTHOR,
	CUSTOMER,
	DECIDES,
	FINDINGS,
	PLAN,
	RECOMMENDED,
	TITLE,
)
from ops_delivery.setup.demo_desk.consulting_decisions import go_back, play_decisions


def make(stage, company) -> str | None:
	"""Play it on the stage as it happened in the last ten weeks; the report's name. Nothing if it is there already."""
	if frappe.db.exists("Consulting Plan", {"title": TITLE}):
		return None
	go_back(stage, 70)
	plan = _plan(stage, company)
	go_back(stage, 66)
	_through(stage, plan, "Internal Review", "Customer Review", "Approved")
	go_back(stage, 60)
	_begin(stage, plan)
	go_back(stage, 40)
	report = _report(stage, plan, company)
	go_back(stage, 36)
	_through(stage, report, "Internal Review", "Customer Review", "Issued")
	_finish(stage, plan)
	play_decisions(stage, report)
	stage.move_to(stage.end)
	return report.name


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


