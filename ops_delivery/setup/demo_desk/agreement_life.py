"""The demo's agreements: what they say beside their promises, and one in each state that is worth a look (5.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import add_days, add_months, get_first_day, getdate, nowdate

from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import templates as agreement_templates
from ops_delivery.services.assessment import records as agreement_assessments
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk.sign_off import sign_off

TEMPLATES = {
	("zh", "around the clock"): "数据中心全天候运维服务（7×24）",
	("zh", "working hours"): "信息系统运维服务（工作日 5×8）",
	("en", "working hours"): "IT operations in office hours",
}
FEES = (1_280_000, 560_000, 420_000)
COMPLAINTS = "400-820-5566"
DESKTOP, NETWORK = "住院楼桌面与终端驻场支持", "Warehouse network care"
ANSWERS = {"survey_score": 93.5, "complaints": 1, "reports_late": 0}


def content(customer: dict[str, Any], on: Any) -> dict[str, Any]:
	"""What a demo customer's agreement says beside what `cast` gives it; agreed on a day by the customer's person."""
	template = frappe.get_doc(
		"Service Agreement Template", TEMPLATES[customer["language"], customer["terms"]]
	)
	found = agreement_templates.content(template)
	found.pop("description", None)
	person = customer["people"][0]["name"]
	for row in found["agreed_parts"]:
		row.update({"agreed_by": person, "agreed_on": on, "how": "Meeting"})
	found.update(
		{
			"template": template.name,
			"owner_user": data.MANAGER,
			"currency": "CNY",
			"fee": FEES[data.CUSTOMERS.index(customer)],
			"complaint_channel": COMPLAINTS,
		}
	)
	return found


def make(stage, company) -> None:
	"""An assessment both parties confirmed, a draft at the customer's, one that ends soon with what follows it."""
	if frappe.db.exists("Service Agreement", {"title": DESKTOP}):
		return
	_assess(stage, company)
	_at_the_customers(stage, company)
	_ends_soon(stage, company)
	stage.move_to(stage.end)


def _assess(stage, company) -> None:
	"""The first months of the hospital's agreement, worked out and confirmed by both."""
	stage.move_to(stage.end - timedelta(days=12))
	name = company.agreements[data.CUSTOMERS[0]["name"]]
	start = getdate(frappe.db.get_value("Service Agreement", name, "start_date"))
	end = min(getdate(add_days(add_months(start, 3), -1)), getdate(add_days(nowdate(), -1)))
	with stage.as_user(data.MANAGER):
		doc = frappe.get_doc(
			{"doctype": "Agreement Assessment", "agreement": name, "start_date": start, "end_date": end}
		).insert()
		for row in doc.figures:
			if row.figure_name in ANSWERS:
				row.update({"value": ANSWERS[row.figure_name], "known": 1})
		doc.save()
		agreement_assessments.confirm(doc.name, "Supplier")
		agreement_assessments.confirm(
			doc.name, "Customer", data.CUSTOMERS[0]["people"][0]["name"], "季度回顾会"
		)


def _at_the_customers(stage, company) -> None:
	"""A draft from a template that was approved internally and waits for the customer's review."""
	stage.move_to(stage.end - timedelta(days=4))
	customer = data.CUSTOMERS[0]
	with stage.as_user(data.MANAGER):
		name = agreement_templates.make(
			"桌面与终端驻场支持服务",
			customer["name"],
			company.name,
			get_first_day(nowdate(), d_months=1),
			title=DESKTOP,
		)
		doc = frappe.get_doc("Service Agreement", name)
		doc.update({"fee": 360_000, "complaint_channel": COMPLAINTS, "contacts": people(customer, company)})
		_channels(doc)
		for row in doc.agreed_parts:
			row.update(
				{
					"agreed_by": customer["people"][0]["name"],
					"agreed_on": add_days(nowdate(), -2),
					"how": "Meeting",
				}
			)
		doc.save()
		reviewed.enter(doc, "Internal Review")
	for review in frappe.get_all(
		"Service Review",
		filters={"reference_name": name, "state": "Open", "party": "Internal"},
		pluck="name",
		order_by="creation",
	):
		with stage.as_user(data.SENIOR_MANAGER):
			review_answers.decide(review, "Approved", "范围和考核与上年一致，同意送客户确认。")
	with stage.as_user(data.MANAGER):
		reviewed.enter(doc, "Customer Review")


def _ends_soon(stage, company) -> None:
	"""An agreement about one object that ends in three weeks, and the draft of the one that follows."""
	customer = data.CUSTOMERS[2]
	end = getdate(add_days(stage.end.date(), 20))
	stage.move_to(stage.end - timedelta(days=1))
	thing = next(iter(customer["objects"]))
	with stage.as_user(data.MANAGER):
		doc = frappe.get_doc(
			{
				"doctype": "Service Agreement",
				**content(customer, nowdate()),
				"title": NETWORK,
				"customer": customer["name"],
				"company": company.name,
				"start_date": add_days(add_months(end, -6), 1),
				"end_date": end,
				"covers_all_objects": 0,
				"objects": [{"service_object": company.objects[thing]}],
				"channels": data.CHANNELS,
				"contacts": people(customer, company),
				"fee": 48_000,
			}
		).insert()
	sign_off(doc)
	with stage.as_user(data.MANAGER):
		agreement_life.make_successor(doc.name)


def people(customer: dict[str, Any], company) -> list[dict[str, Any]]:
	return [
		*data.ESCALATION_PEOPLE,
		{
			"contact_role": "Customer Contact",
			"level": 1,
			"contact": company.contacts[customer["people"][0]["email"]],
		},
	]


def _channels(doc) -> None:
	doc.channels = []
	for row in data.CHANNELS:
		doc.append("channels", row)
