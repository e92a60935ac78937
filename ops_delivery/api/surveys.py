"""Surveys on the desk (5.4.c): what the forms show, what staff do. Customers answer on the pages."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.scope import once
from ops_delivery.services.shared import field_types
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import scores as survey_scores
from ops_delivery.services.surveys import templates as survey_templates


@frappe.whitelist()
@staff_only
def questions(name: str) -> list[dict[str, Any]]:
	"""The questions of a survey in the reader's language, to record an answer."""
	doc = frappe.get_doc(surveys.DOCTYPE, name)
	doc.check_permission("write")
	return survey_templates.sheet(doc.template_version).asked()


@frappe.whitelist(methods=["POST"])
@staff_only
def record(name: str, answers: dict | str, by_name: str, how: str, answered_on: str | None = None) -> None:
	"""Enter what somebody at the customer told staff: {question key: answer}."""
	survey_answering.record(name, frappe.parse_json(answers), by_name, how, answered_on)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def ask_again(name: str) -> None:
	"""Send a new link; the older one stops working."""
	surveys.ask_again(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def withdraw(name: str, reason: str) -> None:
	"""Take a survey back that waits for an answer."""
	surveys.withdraw(name, reason)


@frappe.whitelist()
@staff_only
def answers(response: str) -> list[dict[str, Any]]:
	"""The answers of a response the user may read, in their order."""
	frappe.get_doc(survey_answering.RESPONSE, response).check_permission("read")
	return survey_portal.answers_of(response)


@frappe.whitelist()
@staff_only
def round_figures(name: str) -> dict[str, Any]:
	"""How a round stands; of an anonymous one its figures only once they may be shown."""
	doc = frappe.get_doc(survey_rounds.DOCTYPE, name)
	doc.check_permission("read")
	return survey_rounds.figures(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
def try_rule(rule: dict | str, name: str) -> dict[str, Any]:
	"""An unsaved or saved Survey Rule against a record the user may read; nothing is sent."""
	frappe.has_permission(survey_rules.DOCTYPE, "write", throw=True)
	draft = frappe.get_doc({**frappe.parse_json(rule), "doctype": survey_rules.DOCTYPE})
	field_types.cast(draft)
	return survey_rules.try_on(draft, name)


@frappe.whitelist()
@staff_only
def scores_for(doctype: str, name: str) -> dict[str, Any]:
	"""What surveys said before and after an optimization plan or consulting report, to be taken over by hand."""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("write")
	return survey_scores.before_and_after(doc)
