"""Survey Rules: who is asked what, after which work, and how often (5.4.c, 7.2.d.2, 7.3.d.2). Edited on the desk."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt

from ops_delivery.domain import survey as domain
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.scope.occasions import FREQUENCY, OCCASIONS
from ops_delivery.services.surveys import addressees as survey_people
from ops_delivery.services.surveys import templates as survey_templates

DOCTYPE = "Survey Rule"
AS_AGREED = "As Agreed"
FIELDS = (
	"name",
	"template",
	"occasion",
	"frequency",
	"days_before_end",
	"service_content",
	"ask",
	"sampling",
	"limit_days",
	"condition",
)


def enabled(occasion: str) -> list[frappe._dict]:
	"""The rules of an occasion that are switched on, with a template that is."""
	rule, template = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(survey_templates.DOCTYPE)
	return (
		frappe.qb.from_(rule)
		.join(template)
		.on(template.name == rule.template)
		.select(*(rule[fieldname] for fieldname in FIELDS))
		.where((rule.enabled == 1) & (template.enabled == 1) & (rule.occasion == occasion))
		.orderby(rule.name)
	).run(as_dict=True)


def of_type(doctype: str) -> str | None:
	"""The occasion that records of a DocType are."""
	return next((name for name, occasion in OCCASIONS.items() if occasion.doctype == doctype), None)


def is_over(doc) -> bool:
	"""Whether a record has come to what its surveys are about."""
	occasion = of_type(doc.doctype)
	return bool(occasion) and doc.status in OCCASIONS[occasion].over


def applies(rule, doc) -> bool:
	"""Whether the rule's condition holds; a blank one always does. Raises what the condition raises."""
	return not (rule.condition or "").strip() or definitions.truth(rule.condition, definitions.facts(doc))


def in_sample(rule, doc) -> bool:
	"""Whether the record belongs to the rule's sample."""
	return domain.sampled(f"{rule.name}|{doc.doctype}|{doc.name}", flt(rule.sampling))


def content_of(rule, doc) -> str:
	"""The service content that answers count for."""
	return rule.service_content or doc.get("service_content") or OCCASIONS[of_type(doc.doctype)].content or ""


def check(rule) -> None:
	"""Refuse a rule that could not ask anybody; the message names field, value and way out."""
	occasion = OCCASIONS.get(rule.occasion)
	if not occasion:
		_refuse(rule, "occasion", _("Choose one of {0}.").format(", ".join(_(name) for name in OCCASIONS)))
	if rule.occasion == FREQUENCY:
		rule.frequency = rule.frequency or AS_AGREED
		if rule.ask == survey_people.ASKER:
			_refuse(rule, "ask", _("By frequency nobody in particular asked for it. Choose a contact."))
	else:
		rule.frequency, rule.days_before_end = None, 0
	if not 0 < flt(rule.sampling) <= 100:
		_refuse(rule, "sampling", _("Enter a share above 0 and up to 100 %, or switch the rule off."))
	conditions.check(rule, "condition", occasion.doctype)


def try_on(rule, record: str) -> dict[str, Any]:
	"""A rule (also an unsaved one) against a record: each thing that decides, and who would be asked. Nothing is sent."""
	occasion = OCCASIONS.get(rule.occasion)
	if not occasion:
		_refuse(rule, "occasion", _("Choose one of {0}.").format(", ".join(_(name) for name in OCCASIONS)))
	doc = frappe.get_doc(occasion.doctype, record)
	doc.check_permission("read")
	try:
		holds = applies(rule, doc)
	except Exception as error:
		return {"error": definitions.said(error)}
	people = survey_people.whom(rule.ask, doc)
	return {
		"error": None,
		"over": is_over(doc),
		"applies": holds,
		"sampled": in_sample(rule, doc),
		"content": content_of(rule, doc),
		"people": [
			{
				"name": person.name,
				"email": person.email,
				"rests": survey_people.rests(person, doc.get("customer"), cint(rule.limit_days)),
			}
			for person in people
		],
	}


def _refuse(rule, fieldname: str, remedy: str) -> None:
	frappe.throw(
		_("{0}: {1} is not possible. {2}").format(
			_label(rule, fieldname), frappe.bold(escape_html(_(cstr(rule.get(fieldname))))), remedy
		)
	)


def _label(rule, fieldname: str) -> str:
	return frappe.bold(_(rule.meta.get_label(fieldname), context=DOCTYPE))
