"""A delivery plan of the hospital, half a year into it: reviewed, approved, some of it late, work opened from it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe.utils import add_days, getdate

from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import templates as plan_templates
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared import site_time
from ops_delivery.setup import seed_plans
from ops_delivery.setup.demo_desk import data

R, S, O, C, M = seed_plans.CONTENTS
EXPERT, DATABASE = "gao.yan@ops.example", "emily.carter@ops.example"

# key, subject, content, first day, days (None: to the end), owner, milestone, after, budget
ACTIVITIES: tuple[tuple[Any, ...], ...] = (
	("1", "启动会：与信息科确认范围与联系人", M, 0, 2, data.MANAGER, 1, (), 0),
	("2", "服务对象与配置清单核对", M, 2, 12, data.DESK[0], 0, ("1",), 12000),
	("3", "巡检手册与监控接入", R, 6, 20, EXPERT, 0, ("1",), 36000),
	("4", "服务正式开始", M, 27, 1, data.MANAGER, 1, ("2", "3"), 0),
	("5", "HIS 与 PACS 每周巡检", R, 28, None, data.FIELD[0], 0, ("4",), 96000),
	("6", "数据库每月健康检查", R, 28, None, DATABASE, 0, ("4",), 60000),
	("7", "7×24 事件受理与处置", S, 28, None, data.DESK[0], 0, ("4",), 240000),
	("8", "机房断电应急演练", S, 110, 6, EXPERT, 1, (), 18000),
	("9", "门诊高峰性能分析", O, 120, 18, DATABASE, 0, (), 24000),
	("10", "HIS 连接池与会话治理", O, 140, 30, DATABASE, 0, ("9",), 48000),
	("11", "半年评审会", M, 178, 3, data.MANAGER, 1, (), 0),
	("12", "存储扩容方案", O, 165, 40, EXPERT, 0, (), 30000),
	("13", "机房现状评估", C, 200, 30, EXPERT, 0, (), 42000),
	("14", "机房改造咨询报告", C, 231, 20, EXPERT, 1, ("13",), 28000),
	("15", "满意度调查", M, 300, 15, data.DESK[0], 0, (), 6000),
	("16", "年度总结与验收", M, 345, 12, data.MANAGER, 1, ("10", "14", "15"), 0),
)
# key: (days after the planned start, days after the planned end); None: still going on
DONE: dict[str, tuple[int, int | None]] = {
	"1": (0, 0),
	"2": (0, 2),
	"3": (1, 1),
	"4": (0, 0),
	"5": (0, None),
	"6": (2, None),
	"7": (0, None),
	"8": (6, 4),
	"9": (0, -2),
	"10": (3, None),
}
PROGRESS = {"5": 46, "6": 41, "7": 48, "10": 55}
COSTS = {"2": 11200, "3": 38500, "5": 44100, "6": 26800, "7": 118300, "8": 17600, "9": 22400, "10": 21900}
RESULTS = {
	"2": "共核对 64 个对象，修正 9 处，清单已交信息科存档",
	"8": "演练发现柴油机切换超时 40 秒，已列入余留",
	"9": "瓶颈在 HIS 会话泄漏，转入治理",
}
STAFF = (
	(
		"交付经理",
		"Manager",
		data.MANAGER,
		"三年以上交付管理，ITIL 基础",
		"八年交付管理，ITIL 专家",
		"Yes",
		"",
	),
	("服务台", "Specialist", data.DESK[0], "熟悉医院信息系统的受理与分派", "四年医院服务台", "Yes", ""),
	(
		"现场工程师",
		"Specialist",
		data.FIELD[0],
		"服务器、存储与网络，机房安全培训",
		"网络与服务器认证",
		"Partly",
		"机房安全培训 3 月补训",
	),
	("技术专家", "Specialist", EXPERT, "虚拟化与存储认证，五年经验", "VCP、存储专家，九年", "Yes", ""),
	("数据库专家", "Specialist", DATABASE, "Oracle OCM", "Oracle OCM", "Yes", ""),
)
FUNDS = (
	("Income", "年度运维服务费", None, 960000, 480000, "合同 DG-2026-018"),
	("Cost", "驻场与服务台人力", S, 420000, 0, "部门预算 OPS-01"),
	("Cost", "专家与优化工作", O, 180000, 0, "部门预算 OPS-02"),
	("Cost", "备件与工具", R, 60000, 27500, "部门预算 OPS-03"),
)
CONSENSUS = (
	("Timetable", "巡检安排在每周四 18:00 之后，避开门诊高峰"),
	("Staffing", "驻场工程师两名，节假日轮班表提前一周给信息科"),
	("Contacts", "信息科联系人王丽，夜间联系总值班"),
	("Customer's Assistance", "院方提供机房门禁、变更窗口与病历系统测试环境"),
)


def make(stage, company) -> str:
	"""Insert the plan through the services and let it live until the stage's end; its name."""
	customer = data.CUSTOMERS[0]
	agreement = frappe.get_doc("Service Agreement", company.agreements[customer["name"]])
	begin = getdate(agreement.start_date)
	_at(stage, begin, 9)
	with stage.as_user(data.MANAGER):
		plan = _draft(agreement)
		_fill(plan)
		keys = _add_activities(plan)
	_review(stage, plan, begin)
	_live(stage, plan, keys, begin)
	stage.move_to(stage.end)
	return plan.name


def _draft(agreement) -> Any:
	return frappe.get_doc(
		{
			"doctype": "Delivery Plan",
			"title": "东港市第一人民医院年度交付计划",
			"agreement": agreement.name,
			"customer": agreement.customer,
			"company": agreement.company,
			"currency": "CNY",
			"owner_user": data.MANAGER,
			"start_date": agreement.start_date,
			"end_date": agreement.end_date,
			"description": "<p>覆盖 HIS、PACS、门诊收费、无线与办公网；四类服务合并在一份计划里。</p>",
			"assessment_note": "每月由服务台出具达成率，季度会上与信息科核对；年度按协议计算奖惩。",
			"staff": [
				dict(
					zip(
						("role", "kind", "user", "competence_wanted", "competence_held", "meets", "gap"),
						row,
						strict=True,
					)
				)
				for row in STAFF
			],
			"funds": [
				dict(
					zip(
						("kind", "item", "service_content", "planned_amount", "actual_amount", "source"),
						row,
						strict=True,
					)
				)
				for row in FUNDS
			],
			"consensus": [{"kind": kind, "point": point} for kind, point in CONSENSUS],
		}
	).insert()


def _fill(plan) -> None:
	"""Duties, tools, documents and security from the template, in the manager's language; tools and manuals are ready."""
	before, frappe.local.lang = frappe.local.lang, "zh"
	try:
		wanted = {row.role for row in plan.staff}
		plan_templates.load_lists(plan.name, seed_plans.YEAR)
	finally:
		frappe.local.lang = before
	plan.reload()
	plan.set("staff", [row for row in plan.staff if row.role in wanted])
	for row in plan.tools:
		row.ready = 1
	for row in plan.documents:
		row.update(
			{"state": "Released", "link": "https://docs.ops.example/hospital", "document_version": "1.0"}
		)
	plan.save()


def _add_activities(plan) -> dict[str, str]:
	start, end = getdate(plan.start_date), getdate(plan.end_date)
	rows = []
	for key, subject, content, first, days, owner, milestone, after, budget in ACTIVITIES:
		begins = add_days(start, first)
		rows.append(
			{
				"key": key,
				"after": after,
				"subject": subject,
				"service_content": content,
				"planned_start": begins,
				"planned_end": min(end, add_days(begins, days - 1)) if days else end,
				"owner_user": owner,
				"is_milestone": milestone,
				"budget_cost": budget,
				"frequency": {"5": "Weekly", "6": "Monthly", "7": "Continuously"}.get(key, ""),
			}
		)
	names = plan_activities.add_many(plan.name, rows)
	subjects = dict(
		frappe.get_all(
			"Delivery Activity",
			filters={"name": ["in", names]},
			fields=["subject", "name"],
			order_by="name",
			as_list=True,
		)
	)
	return {key: subjects[subject] for key, subject, *_rest in ACTIVITIES}


def _review(stage, plan, begin) -> None:
	"""Internal review, the customer's agreement and review, approval: within the first day."""
	with stage.as_user(data.MANAGER):
		plan.reload()
		reviewed.enter(plan, "Internal Review")
	_decide(stage, plan, begin, "内容完整，人员与预算落实，同意提交需方。")
	_at(stage, begin, 14)
	with stage.as_user(data.MANAGER):
		plan.reload()
		for row in plan.consensus:
			row.update({"agreed_by": "王丽", "agreed_on": begin, "how": "启动会纪要"})
		plan.save()
		reviewed.enter(plan, "Customer Review")
	_at(stage, begin, 16)
	_decide(stage, plan, begin, "同意，请按计划执行。")
	with stage.as_user(data.MANAGER):
		plan.reload()
		reviewed.enter(plan, "Approved")
		plan.reload()
		reviewed.enter(plan, "In Progress")


def _decide(stage, plan, day, opinion: str) -> None:
	for row in frappe.get_all(
		reviews.DOCTYPE,
		filters={"reference_doctype": "Delivery Plan", "reference_name": plan.name, "state": "Open"},
		fields=["name", "party"],
		order_by="creation",
	):
		if row.party == "Customer":
			with stage.as_user(data.MANAGER):
				review_answers.record(
					row.name, "Approved", "王丽", datetime.combine(day, time(15)), "启动会后书面确认", opinion
				)
		else:
			with stage.as_user(data.SENIOR_MANAGER):
				review_answers.decide(row.name, "Approved", opinion, minutes="审查会：逐项核对 5.2 各条，无异议。")


def _live(stage, plan, keys: dict[str, str], begin) -> None:
	"""What happened until today, day by day; the improvement of the sessions is carried out in a task."""
	today = stage.end.astimezone(site_time.site_zone()).date()
	steps: list[tuple[Any, str, str]] = []
	for key, (late_start, late_end) in DONE.items():
		row = frappe.db.get_value(
			"Delivery Activity", keys[key], ["planned_start", "planned_end"], as_dict=True
		)
		steps.append((add_days(row.planned_start, late_start), key, "begin"))
		if late_end is not None:
			steps.append((add_days(row.planned_end, late_end), key, "end"))
	for day, key, step in sorted(steps, key=lambda found: (found[0], int(found[1]))):
		if getdate(day) > today:
			continue
		_at(stage, getdate(day), 11)
		with stage.as_user(data.MANAGER):
			_step(keys[key], key, step)
	stage.move_to(stage.end)
	for key, share in PROGRESS.items():
		doc = frappe.get_doc("Delivery Activity", keys[key])
		if doc.state != "In Progress" or doc.record:
			continue
		with stage.as_user(doc.owner_user):
			doc.update({"actual_cost": COSTS.get(key, 0)})
			doc.save()
			plan_activities.record_progress(doc.name, progress=share)


def _step(name: str, key: str, step: str) -> None:
	doc = frappe.get_doc("Delivery Activity", name)
	if step == "begin":
		plan_activities.record_progress(name, state="In Progress")
	else:
		doc.update({"actual_cost": COSTS.get(key, 0), "result": RESULTS.get(key)})
		doc.save()
		plan_activities.record_progress(name, state="Completed")
	if key == "10" and step == "begin":
		task = plan_work.create(doc.name, "Task")
		record = frappe.get_doc("Task", task["name"])
		record.update({"status": "Working", "progress": PROGRESS[key]})
		record.save()


def _at(stage, day, hour: int) -> None:
	"""From now on it is that hour of that day, but never later than the stage's end."""
	local = datetime.combine(getdate(day), time(hour), tzinfo=site_time.site_zone())
	stage.move_to(min(stage.end - timedelta(minutes=1), local.astimezone(site_time.UTC)))
