"""Whether a request is a major incident: the one place that asks (8.4.b.3).

The agreement's condition decides, without one the priority (agreements/major_terms.py); a manager may decide otherwise, with a reason
that is kept. What it is stands on the Issue; what follows from a change is an event.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain import major as domain
from ops_delivery.domain.events import MajorEnded, MajorFound
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions import superiors
from ops_delivery.services.agreements import major_terms
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.requests.timeline import reported_on
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import site_now, to_utc, utc_now

ISSUE = "Issue"
DECISION = ("ops_major_decided", "ops_major_reason", "ops_major_by", "ops_major_on")
FLAG = "ops_major_decision"
MOST_NAMED = 10


class NotDecided(frappe.ValidationError):
	"""A request cannot be declared a major incident, or that be withdrawn, as it stands."""


def note(doc: Any, old: Any) -> None:
	"""In validate of an Issue: whether it is a major incident now. What a manager decided is theirs to change alone."""
	if not doc.flags.get(FLAG):
		for field in DECISION:
			doc.set(field, old.get(field) if old else None)
	doc.ops_major = cint(_stands(doc, old))


def tell(doc: Any, old: Any) -> None:
	"""In on_update: say that it has become one, or is none any more."""
	was, now = bool(old and old.ops_major), bool(doc.ops_major)
	if was == now:
		return
	decided = doc.ops_major_decided if doc.flags.get(FLAG) else ""
	reason = cstr(doc.ops_major_reason) if decided else ""
	if now:
		said = agreements.terms(doc.ops_agreement).major
		wanted = bool(decided or said.reported or said.condition)
		events.tell(
			MajorFound(doc.name, doc.ops_agreement, doc.priority or "", decided or domain.BY_RULE, reason, doc.status in ISSUE_ENDED, wanted)
		)
	else:
		events.tell(MajorEnded(doc.name, decided or domain.NO_LONGER, reason))


def how(doc: Any) -> str:
	"""As what an Issue is a major incident: BY_RULE or DECLARED; "" where it is none."""
	if not doc.ops_major:
		return ""
	return domain.DECLARED if doc.ops_major_decided == domain.DECLARED else domain.BY_RULE


def decide(issue: str, decision: str, reason: str) -> bool:
	"""Declare a request a major incident, or withdraw that, with a reason; whether it is one now.

	frappe.PermissionError for whom it is not for; NotDecided and MandatoryError say field and way out.
	"""
	doc = frappe.get_doc(ISSUE, issue, for_update=True)
	doc.check_permission("write")
	if not superiors.answers_for_risks():
		frappe.throw(_("Only a Service Delivery Manager decides what is a major incident. Ask one of them."), frappe.PermissionError)
	if decision not in domain.DECISIONS:
		frappe.throw(_("{0} is not possible. Choose one of {1}.").format(escape_html(cstr(decision)), ", ".join(map(_words, domain.DECISIONS))), NotDecided)
	if not cstr(reason).strip():
		frappe.throw(_("{0} is missing. {1}").format(frappe.bold(_("Reason", context="Ops Delivery")), _("It is kept with the report.")), frappe.MandatoryError)
	if not doc.ops_agreement or doc.ops_validity != "Valid":
		frappe.throw(
			_("{0} is not judged valid under a service agreement, so it is no major incident yet. Judge it first.").format(frappe.bold(escape_html(doc.name))),
			NotDecided,
		)
	if bool(doc.ops_major) == (decision == domain.DECLARED):
		said = _("{0} is a major incident already.") if doc.ops_major else _("{0} is no major incident, so there is nothing to withdraw.")
		frappe.throw(said.format(frappe.bold(escape_html(doc.name))), NotDecided)
	doc.update(dict(zip(DECISION, (decision, cstr(reason).strip(), frappe.session.user, site_now()), strict=True)))
	doc.flags[FLAG] = True
	doc.save()
	doc.add_comment("Info", f"{_words(decision)}: {escape_html(cstr(reason).strip())}")
	return bool(doc.ops_major)


def facts(doc: Any) -> dict[str, Any]:
	"""What a condition sees of a request (an Issue, or a row of one): its values, and those beside them (major_terms.BESIDE)."""
	seen = dict(doc) if isinstance(doc, dict) else definitions.facts(doc)
	found = dict(major_terms.BESIDE)
	agreement = doc.get("ops_agreement")
	if agreement:
		order = major_terms.priorities(agreements.terms(agreement).matrix)
		found["priority_place"] = domain.place(order, doc.get("priority")) or len(order) + 1
	found["down_minutes"] = minutes_down(doc)
	thing = doc.get("ops_object") and frappe.db.get_value("Service Object", doc.get("ops_object"), ["object_name", "kind", "importance"], as_dict=True)
	if thing:
		found.update(object_kind=thing.kind or "", object_importance=thing.importance or "", object_name=thing.object_name or "")
	found["ops_people_affected"] = cint(doc.get("ops_people_affected"))
	return {**seen, **found}


def minutes_down(doc: Any) -> int:
	"""For how many minutes the service has been down, from the report to its restoration or until now."""
	return domain.minutes_down(to_utc(reported_on(doc)), to_utc(doc.get("ops_restored_on")), utc_now())


def tried(condition: str, customer: str | None) -> dict[str, Any]:
	"""A condition on the last requests that the user may read, of a customer where one is named:
	{records, valid, holds, named, first, why}; `named`: some of those it holds for; `first`: one on which it fails, and why."""
	found: dict[str, Any] = {"records": 0, "valid": 0, "holds": 0, "named": [], "first": None, "why": None}
	for row in conditions.last(ISSUE, [condition]):
		if customer and row.customer != customer:
			continue
		found["records"] += 1
		try:
			holds = definitions.truth(condition, facts(row))
		except Exception as error:
			if not found["first"]:
				found["first"], found["why"] = row.name, definitions.said(error)
			continue
		found["valid"] += 1
		if holds and row.ops_validity != "Invalid":
			found["holds"] += 1
			if len(found["named"]) < MOST_NAMED:
				found["named"].append({"name": row.name, "subject": row.subject})
	return found


def _stands(doc: Any, old: Any) -> bool:
	if not doc.ops_agreement or doc.ops_validity != "Valid":
		return False
	if doc.ops_major_decided:
		return domain.stands(False, doc.ops_major_decided)
	if old and old.status in ISSUE_ENDED and doc.status in ISSUE_ENDED and old.ops_validity == "Valid":
		return bool(old.ops_major)  # what it was when it was over
	return is_by_rule(doc)


def is_by_rule(doc: Any) -> bool:
	"""Whether a valid request under an agreement meets its rule now, whatever anybody decided."""
	terms = agreements.terms(doc.ops_agreement)
	if not terms.major.condition:
		return domain.at_least(major_terms.priorities(terms.matrix), doc.priority, terms.major.least or None)
	try:
		return definitions.truth(terms.major.condition, facts(doc))
	except Exception as error:
		_say_it_fails(doc, error)
		return domain.at_least(major_terms.priorities(terms.matrix), doc.priority, None)


def _say_it_fails(doc: Any, error: Exception) -> None:
	"""In the error log, once for an agreement: until its next version the priority decides, and the request is saved."""
	title = f"Ops Delivery: what is major by {doc.ops_agreement} cannot be asked"[:140]
	if not frappe.db.exists("Error Log", {"method": title}):
		frappe.log_error(title=title, message=f"{doc.name}: {definitions.said(error)}", reference_doctype="Service Agreement", reference_name=doc.ops_agreement)


def _words(decision: str) -> str:
	return {
		domain.DECLARED: _("Declared a major incident"),
		domain.WITHDRAWN: _("Withdrawn: no major incident"),
	}[decision]
