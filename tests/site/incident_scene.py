"""Major incidents: an agreement that says what is one, a request that becomes one, and its report, compiled and published."""

import deliverable_scene
import factories
import frappe
import reviewing
import scenario

from ops_delivery.services.incidents import steps

DOCTYPE, RULE = "Major Incident Report", "Major incident report: internal review"
WORST = {"ops_urgency": "Very Urgent", "ops_importance": "Very Important"}
CONDITION = 'doc.priority_place == 1 or doc.ops_people_affected > 50 or doc.down_minutes > 240 or doc.object_importance == "Very Important"'
WORDS = "Priority 1, more than 50 people, or down for more than 4 hours"


def promise(**more) -> dict:
	return deliverable_scene.promise(
		**{"title": "Report on a major incident", "due_when": "After a Major Incident", "days": 5, "deliverable_type": DOCTYPE, "wanted_format": "PDF", **more}
	)


def agreement(*rows, **more):
	return deliverable_scene.agreement(*(rows or (promise(),)), **more)


def request(agreement, moment=scenario.MONDAY, subject: str | None = None, **values):
	"""A valid request that came in at `moment`, of ordinary priority unless told otherwise."""
	made = scenario.issue(agreement, moment, subject=subject or factories.unique("Storage down"))
	return scenario.judge_valid(made, moment, **values)


def over(issue, moment=None):
	moment = moment or scenario.MONDAY + scenario.hours(2)
	return scenario.change(issue, moment, status="Resolved", ops_restored_on=moment.replace(tzinfo=None), resolution_details="Restarted")


def report_on(issue):
	name = frappe.db.get_value(DOCTYPE, {"issue": issue.name}, "name")
	return frappe.get_doc(DOCTYPE, name) if name else None


def complete(doc, author: str, **more):
	"""What review asks for, written by its author."""
	return reviewing.change(
		doc,
		author,
		impact="Nobody could open a document for two hours",
		causes=[{"category": "Technology", "why_1": "The disk was full", "why_2": "Logs were not rotated", "evidence": "df -h", "is_root": 1}],
		root_cause="Logs were not rotated",
		treatment="Old logs were removed, the service was started again",
		measures=[{"measure": "Rotate the logs", "owner_user": author, "due_date": "2031-01-31"}],
		lessons="Watch the free space",
		**more,
	)


def published(doc, author: str, reviewer: str):
	doc = complete(doc, author)
	with reviewing.user(author):
		steps.open_measures(doc.name)
	doc = reviewing.act(frappe.get_doc(DOCTYPE, doc.name), "Ask for Internal Review", author)
	reviewing.approve(doc, reviewer, RULE)
	return reviewing.act(doc, "Publish", author)


def forget(customer: str) -> None:
	"""Take away what a committed test made for a customer."""
	for name in frappe.get_all(DOCTYPE, {"customer": customer}, pluck="name"):
		for doctype, field in (("ToDo", "reference_name"), ("Service Review", "reference_name"), ("Service Authorship", "reference_name"), ("Improvement Action", "source_name")):
			frappe.db.delete(doctype, {field: name})
		for kind in ("Event", "Clock", "Cause", "Measure", "Decision"):
			frappe.db.delete(f"Major Incident {kind}", {"parent": name})
		frappe.db.delete(DOCTYPE, {"name": name})
