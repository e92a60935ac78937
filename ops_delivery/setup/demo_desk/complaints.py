"""The demo's complaints and improvement actions: one in each phase, reporting lines, one that was appealed (5.4.d, 5.5.c)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import add_days, getdate, nowdate

from ops_delivery.domain import improvement as domain
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.complaints import types as complaint_types
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.setup.demo_desk import data

QUALITY, QUALITY_HEAD = "he.qing@ops.example", "fang.wei@ops.example"
# who reports to whom; the head of the company has no log-in
LINES = (
	("总经理 / Managing Director", None, None),
	(data.SENIOR_MANAGER, "张宁", "总经理 / Managing Director"),
	(data.MANAGER, "周敏", "张宁"),
	*((email, email.split("@")[0], "周敏") for email in (*data.FIELD, *data.DESK, "gao.yan@ops.example")),
	("emily.carter@ops.example", "Emily Carter", "周敏"),
	(QUALITY_HEAD, "方薇", "总经理 / Managing Director"),
	(QUALITY, "何清", "方薇"),
)
HOSPITAL, FACTORY, WAREHOUSE = data.CUSTOMERS
WORDS = (
	(
		"工程师迟到两小时且未提前告知",
		"约定上午九点到场，十一点才到，期间无人来电说明。希望以后有变动提前通知。",
	),
	("同一故障反复出现", "收费窗口三周内断网三次，每次都说已解决。"),
	("电话长时间无人接听", "夜间拨打服务热线，等了二十多分钟才有人接。"),
	(
		"The engineer left without telling us",
		"He went before anybody from our shift could test the scanners.",
	),
	("现场讲解态度生硬", "询问原因时，工程师说“说了你也不懂”。"),
	("Promised call back never came", "We were promised a call on Friday and heard nothing."),
)
RESULT_ZH = "经与双方核实，您反映的情况属实。我们已就此致歉，并将改进出发前的告知。"
RESULT_EN = "We spoke with everybody involved. You are right: nobody called. We are sorry and have changed how we hand over."


def make(stage, company) -> None:
	"""People's lines, six complaints on their way, improvement actions in each state."""
	if frappe.db.exists("Service Complaint", {"subject": WORDS[0][0]}):
		return
	_lines(company)
	stage.move_to(stage.end - timedelta(days=20))
	closed = _complain(HOSPITAL, 1)
	appealed = _complain(FACTORY, 4)
	told = _complain(WAREHOUSE, 3)
	by_phone = _by_phone(stage, WAREHOUSE, 5)
	stage.move_to(stage.end - timedelta(days=19))
	for name in (closed, appealed, told, by_phone):
		_begin(stage, name)
	stage.move_to(stage.end - timedelta(days=14))
	action = _with_action(stage, closed)
	_tell(stage, closed, "Justified", RESULT_ZH)
	_tell(stage, appealed, "Not Justified", "双方说法不一，未能证实。")
	stage.move_to(stage.end - timedelta(days=11))
	_answer(stage, HOSPITAL, closed, True)
	_answer(stage, FACTORY, appealed, False, "当时有两位同事在场，请询问他们。")
	with stage.as_user(data.DESK[0]):
		complaints.hand_to(appealed, QUALITY_HEAD)
	with stage.as_user(QUALITY_HEAD):
		complaints.investigate(appealed)
	_tell(stage, told, "Partly Justified", RESULT_EN)
	investigated = _complain(FACTORY, 2)
	_begin(stage, investigated)
	stage.move_to(stage.end - timedelta(days=1))
	acknowledged = _complain(HOSPITAL, 0)
	with stage.as_user(data.DESK[0]):
		complaints.acknowledge(acknowledged)
		complaints.hand_to(acknowledged, QUALITY)
	stage.move_to(stage.end - timedelta(hours=2))
	complaint_intake.raise_complaint(
		complaint_types.PORTAL,
		FACTORY["people"][1]["email"],
		FACTORY["people"][1]["name"],
		subject="备件更换未说明型号",
		text="更换的硬盘与原型号不同，没有事先说明。",
		customer=FACTORY["name"],
		about=_issue(FACTORY),
	)
	_actions(stage, action)
	stage.move_to(stage.end)


def _lines(company) -> None:
	"""Employees with their superiors; the names of LINES."""
	known: dict[str, str] = {}
	for who, name, superior in LINES:
		user = who if "@" in who else None
		label = name or who
		doc = frappe.get_doc(
			{
				"doctype": "Employee",
				"first_name": frappe.db.get_value("User", user, "full_name") if user else label,
				"company": company.name,
				"gender": "Female",
				"date_of_birth": "1985-05-01",
				"date_of_joining": "2020-01-01",
				"status": "Active",
				"user_id": user,
				"create_user_permission": 0,
				"reports_to": known.get(superior),
			}
		).insert(ignore_permissions=True)
		known[label] = doc.name


def _issue(customer: dict[str, Any]) -> tuple[str, str] | None:
	"""The latest request of the customer's, by then, that is assigned to somebody."""
	todo, issue = frappe.qb.DocType("ToDo"), frappe.qb.DocType("Issue")
	rows = (
		frappe.qb.from_(issue)
		.join(todo)
		.on((todo.reference_name == issue.name) & (todo.reference_type == "Issue"))
		.select(issue.name)
		.where((issue.customer == customer["name"]) & (issue.creation <= site_now()))
		.orderby(issue.creation, order=frappe.qb.desc)
		.limit(1)
	).run()
	return ("Issue", rows[0][0]) if rows else None


def _complain(customer: dict[str, Any], words: int) -> str:
	person = customer["people"][0]
	subject, text = WORDS[words]
	return complaint_intake.raise_complaint(
		complaint_types.PORTAL,
		person["email"],
		person["name"],
		subject=subject,
		text=text,
		customer=customer["name"],
		about=_issue(customer),
		severity="Serious" if words == 1 else "Ordinary",
	)


def _by_phone(stage, customer: dict[str, Any], words: int) -> str:
	subject, text = WORDS[words]
	with stage.as_user(data.DESK[1]):
		doc = frappe.get_doc(
			{
				"doctype": complaints.DOCTYPE,
				"channel": "Phone",
				"subject": subject,
				"text": text,
				"customer": customer["name"],
				"raised_by_name": customer["people"][1]["name"],
				"raised_by_phone": customer["people"][1]["phone"],
				"how_received": "Called the service desk",
				"people": [{"user": data.FIELD[1], "why": "Named"}],
			}
		).insert()
	return doc.name


def _begin(stage, name: str) -> None:
	with stage.as_user(data.DESK[0]):
		complaints.acknowledge(name)
		complaints.hand_to(name, QUALITY)
	with stage.as_user(QUALITY):
		complaints.investigate(name)


def _tell(stage, name: str, result: str, text: str) -> None:
	with stage.as_user(QUALITY):
		complaints.tell_result(name, result, text, "与双方通话，查阅了工单与通话记录。")


def _answer(stage, customer: dict[str, Any], name: str, accepted: bool, note: str = "") -> None:
	with stage.as_user(data.DESK[0]):
		complaints.record_answer(name, accepted, customer["people"][0]["name"], "电话", note)


def _with_action(stage, name: str) -> str:
	with stage.as_user(QUALITY):
		return complaints.improve(name)


def _actions(stage, of_complaint: str) -> None:
	"""One action in each state, by its steps; the one of the complaint is told to the customer and waits."""
	stage.move_to(stage.end - timedelta(days=10))
	issue = _issue(HOSPITAL)
	agreement = frappe.db.get_value("Service Agreement", {"customer": FACTORY["name"], "docstatus": 1})
	walk = (
		("夜间热线接听率偏低", FACTORY, ("Service Agreement", agreement), domain.OPEN),
		("备件型号变更未告知", FACTORY, None, domain.INVESTIGATING),
		("首次响应超时三次", HOSPITAL, issue, domain.MEASURES),
		("Hand-over between shifts", WAREHOUSE, None, domain.CLOSED),
	)
	for title, customer, source, state in walk:
		with stage.as_user(data.MANAGER):
			values = {"title": title, "finding": f"{title}。", "customer": customer["name"]}
			if source:
				name = improvements.open_for(*source, **values)
			else:
				name = frappe.get_doc({"doctype": improvements.DOCTYPE, **values}).insert().name
			_walk(name, state, customer["people"][0]["name"])
	with stage.as_user(QUALITY):
		_walk(of_complaint, domain.EFFECT_CHECK, HOSPITAL["people"][0]["name"])
		improvements.tell_customer(of_complaint, "出发前由调度台电话确认到场时间，变动当即告知。")
	with stage.as_user(data.MANAGER):
		dropped = frappe.get_doc(
			{
				"doctype": improvements.DOCTYPE,
				"title": "更换服务热线号码",
				"finding": "有需方反映号码难记。",
			}
		).insert()
		improvements.set_state(dropped.name, domain.WITHDRAWN, "核实为个别意见，不作调整。")


def _walk(name: str, state: str, person: str) -> None:
	content = {
		domain.INVESTIGATING: {"owner_user": data.MANAGER, "due_date": add_days(nowdate(), 20)},
		domain.MEASURES: {
			"customer_asked": domain.DONE,
			"confirmed_with": person,
			"confirmed_on": site_now(),
			"confirmed_what": "希望有变动时提前告知，不必反复追问。",
			"cause": "排班交接没有书面清单，出发前也无人负责告知。",
			"measures": [
				{
					"measure": "交接清单纳入值班规程",
					"owner_user": data.DESK[0],
					"due_date": getdate(add_days(nowdate(), 5)),
				},
				{
					"measure": "出发前由调度台致电确认",
					"owner_user": data.MANAGER,
					"due_date": getdate(add_days(nowdate(), 7)),
				},
			],
		},
		domain.EFFECT_CHECK: {"effect_how": "抽查一个月的到场工单", "effect_due": add_days(nowdate(), 30)},
	}
	end = domain.PATH.index(state)
	for each in domain.PATH[1 : min(end, 3) + 1]:
		doc = frappe.get_doc(improvements.DOCTYPE, name)
		doc.update(content[each])
		if each == domain.EFFECT_CHECK:
			for row in doc.measures:
				row.update({"state": domain.M_DONE, "result": "已执行"})
		doc.state = each
		doc.save(ignore_permissions=True)
	if state == domain.CLOSED:
		improvements.tell_customer(name, "Shifts now hand over with a written list.")
		improvements.record_answer(name, True, person, "Meeting")
		improvements.record_check(name, True, "No call was missed in four weeks.")
		improvements.set_state(name, domain.CLOSED)
