"""A consulting plan, its report and recommendations for tests, in any phase. No review rules are needed unless planted."""

from datetime import timedelta

import factories
import frappe

from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.site_time import site_now, utc_now


def day(days: int = 0):
	return frappe.utils.add_days(site_now().date(), days)


def moment(days: int):
	"""Now, that many days later (or earlier)."""
	return utc_now() + timedelta(days=days)


def plan(complete: bool = True, **values):
	"""A Consulting Plan in Draft, with the eight items, review scheme and security unless told otherwise."""
	customer = values.pop("customer", None) or factories.make_customer().name
	said = {} if not complete else content()
	return factories.make(
		"Consulting Plan",
		**{
			"title": factories.unique("Look into the backups"),
			"customer": customer,
			"company": factories.company(),
			**said,
			**values,
		},
	)


def content() -> dict:
	return {
		"owner_user": "Administrator",
		"start_date": day(1),
		"end_date": day(30),
		"goals": [{"goal": "Restores succeed", "measure": "A test restore of each system"}],
		"topics": [{"topic": "Backup chain", "method": "Measurement"}],
		"steps": [
			{"step": "Measure", "start_date": day(1), "end_date": day(10)},
			{"step": "Report", "start_date": day(11), "end_date": day(30)},
		],
		"people": [
			{"party": "Supplier", "person_name": "Gao Yan", "duty": "Lead consultant"},
			{"party": "Customer", "person_name": "Wang Li", "duty": "Contact"},
		],
		"currency": "CNY",
		"costs": [{"item": "Consultant", "quantity": 5, "unit": "day", "rate": 1200}],
		"deliverables": [{"deliverable": "Report", "due_date": day(30)}],
		"communication": [
			{"audience": "IT department", "subject": "Progress", "channel": "Meeting", "frequency": "Weekly"}
		],
		"requirements": [
			{"requirement": "No interruption by day", "raised_by": "Wang Li", "raised_on": day(-3)}
		],
		"reviews": [
			{"subject": "Report", "party": "Supplier", "participants": "Quality manager"},
			{"subject": "Report", "party": "Customer", "participants": "Wang Li, Liu Yang"},
		],
		"security": [
			{"aspect": aspect, "requirement": f"{aspect} as agreed"}
			for aspect in ("People", "Operations", "Data", "Tools")
		],
	}


def enter(doc, *phases: str):
	"""Take a document through phases, with nothing changed on the way."""
	for phase in phases:
		doc = frappe.get_doc(doc.doctype, doc.name)
		reviewed.enter(doc, phase)
	return frappe.get_doc(doc.doctype, doc.name)


def approved_plan(**values):
	return enter(plan(**values), "Internal Review", "Customer Review", "Approved")


def check_security(doc, result: str = "Met"):
	doc = frappe.get_doc(doc.doctype, doc.name)
	for row in doc.security:
		row.result = result
	doc.save()
	return doc


def working_plan(**values):
	return enter(check_security(approved_plan(**values)), "In Progress")


def report(of=None, **values):
	"""A complete Consulting Report in Draft with two recommendations."""
	of = of or working_plan()
	doc = factories.make(
		"Consulting Report",
		**{
			"title": factories.unique("State of the backups"),
			"plan": of.name,
			"owner_user": "Administrator",
			"is_current_state": 1,
			"is_recommendations": 1,
			"summary": "<p>Half of the restores fail.</p>",
			"findings": [
				{
					"area": "Restore",
					"finding": "Two of four fail",
					"evidence": "Test of 3 March",
					"score": 50,
					"unit": "%",
					"severity": "High",
				}
			],
			"advice": [{"subject": "Backup", "advice": "Second site"}],
			**values,
		},
	)
	for title in ("Test restores monthly", "Buy a tape library"):
		recommendation(doc, title)
	return frappe.get_doc("Consulting Report", doc.name)


def recommendation(of, title: str, **values):
	return factories.make(
		"Consulting Recommendation", title=title, report=of.name, reason="Half of them fail", **values
	)


def issued_report(of=None, **values):
	return enter(report(of, **values), "Internal Review", "Customer Review", "Issued")


def recommendations_of(doc) -> list:
	return [
		frappe.get_doc("Consulting Recommendation", name)
		for name in frappe.get_all(
			"Consulting Recommendation", filters={"report": doc.name}, pluck="name", order_by="creation, name"
		)
	]
