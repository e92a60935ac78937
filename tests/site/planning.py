"""Delivery plans for tests: a complete one, its activities, and the way to its approval through real reviews."""

from datetime import date, datetime, timedelta

import factories
import frappe
import scenario

from ops_delivery.permissions import steps
from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared.site_time import site_now

ROUTINE, RESPONSE, MANAGEMENT = "Routine Operation", "Response Support", "Management and Reporting"


def today() -> date:
	return datetime.now(scenario.ZONE).date()


def day(number: int) -> str:
	return str(today() + timedelta(days=number))


def plan(**values):
	"""A draft of a year around today, with nothing in its lists."""
	customer = values.pop("customer", None) or factories.make_customer().name
	return factories.make(
		"Delivery Plan",
		**{
			"title": factories.unique("Plan"),
			"customer": customer,
			"company": factories.company(),
			"currency": "CNY",
			"start_date": day(-100),
			"end_date": day(265),
			**values,
		},
	)


def rows(*subjects: str, **values) -> list[dict]:
	"""Activities in a chain, ten days each from a hundred days ago."""
	return [
		{
			"key": subject,
			"subject": subject,
			"service_content": ROUTINE,
			"planned_start": day(-100 + 10 * number),
			"planned_end": day(-91 + 10 * number),
			"role": "Lead",
			"after": [subjects[number - 1]] if number else [],
			"is_milestone": int(number == len(subjects) - 1),
			**values,
		}
		for number, subject in enumerate(subjects)
	]


def activities(plan_doc, *subjects: str, **values) -> list[str]:
	return plan_activities.add_many(plan_doc.name, rows(*subjects, **values))


def activity(name: str, **values):
	"""Save an activity with other values."""
	doc = frappe.get_doc("Delivery Activity", name)
	doc.update(values)
	if set(values) & set(plan_activities.DONE):
		steps.take(doc)  # as plan_activities.record_progress does
	doc.save(ignore_permissions=True)
	return doc


def complete(plan_doc, **values):
	"""Fill in everything that 5.2 asks for; the agreement is signed, the points of consensus are agreed."""
	if not plan_doc.agreement:
		agreement = scenario.agreement(
			plan_doc.customer, start_date=plan_doc.start_date, end_date=plan_doc.end_date
		)
		plan_doc.agreement = agreement.name
	plan_doc.update(
		{
			"funds": [{"kind": "Cost", "item": "People", "planned_amount": 1000, "source": "Budget 1"}],
			"staff": [
				{
					"role": role,
					"kind": kind,
					"person_name": "Somebody",
					"competence_wanted": "Knows it",
					"competence_held": "Certified",
					"meets": "Yes",
				}
				for role, kind in (("Lead", "Manager"), ("Engineer", "Specialist"))
			],
			"tools": [{"tool": "Monitoring", "ready": 1}],
			"documents": [
				{
					"kind": "Operation Manual",
					"title": "Manual",
					"state": "Released",
					"link": "https://docs.example",
				},
				{"kind": "Service Process", "title": "From request to acceptance", "state": "To Write"},
			],
			"duties": [
				{"matter": "Patrol", "role": "Lead", "duty": "Accountable"},
				{"matter": "Patrol", "role": "Engineer", "duty": "Responsible"},
			],
			"assessment_note": "Attainment each month",
			"security_principles": "Least privilege",
			"security_measures": [
				{"area": area, "measure": "Kept"} for area in ("People", "Operations", "Data", "Tools")
			],
			"consensus": [
				{"kind": kind, "point": "As planned", "agreed_by": "Chen Jing", "agreed_on": day(0)}
				for kind in ("Timetable", "Staffing")
			],
			**values,
		}
	)
	return plan_doc.save(ignore_permissions=True)


def decide_open(plan_doc) -> None:
	"""Give every review that is open its approvals, each by people of its role who did not write the plan."""
	while found := frappe.get_all(
		"Service Review",
		filters={"reference_doctype": "Delivery Plan", "reference_name": plan_doc.name, "state": "Open"},
		fields=["name", "party", "role"],
		order_by="creation",
	):
		review = found[0]
		if review.party == "Customer":
			review_answers.record(review.name, "Approved", "Chen Jing", site_now(), "Meeting", "Agreed")
		else:
			user = factories.make_user(roles=[review.role]).name
			before = frappe.session.user
			frappe.set_user(user)
			try:
				review_answers.decide(review.name, "Approved", "Fine")
			finally:
				frappe.set_user(before)


def approve(plan_doc):
	"""Through both reviews into Approved."""
	factories.make_contact(plan_doc.customer)  # who can review for the customer
	for phase in ("Internal Review", "Customer Review", "Approved"):
		plan_doc.reload()
		reviewed.enter(plan_doc, phase)
		decide_open(plan_doc)
	plan_doc.reload()
	return plan_doc


def approved(*subjects: str, **values):
	"""(plan, names of its activities), complete and approved."""
	doc = plan()
	names = activities(doc, *(subjects or ("First", "Second", "Third")), **values)
	doc.reload()
	return approve(complete(doc)), names
