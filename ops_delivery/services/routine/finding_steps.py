"""What people do with a finding: taken in hand, a risk accepted, closed; and what came of that which followed (6.2.b.5, 6.2.d)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, strip_html

from ops_delivery.domain.events import HandoverMoved
from ops_delivery.domain.routine import findings as domain
from ops_delivery.permissions.superiors import answers_for_risks
from ops_delivery.services.routine import criteria, findings
from ops_delivery.services.shared import locale
from ops_delivery.services.shared.given_texts import stated
from ops_delivery.services.shared.site_time import site_now

FINDING = findings.FINDING


class NotPossible(frappe.ValidationError):
	"""A step that a finding cannot take in the state it is in."""


def validate(doc) -> None:
	"""The rules of a finding on its form: what is closed stays."""
	before = doc.get_doc_before_save()
	if before and before.status == domain.CLOSED and cstr(before.what_was_done) != cstr(doc.what_was_done):
		_refuse(doc, _("It stays as it is; if the state is found again, a new finding is opened."))


def take(name: str) -> str:
	"""The session's user takes it in hand; its new state."""
	doc = _lock(name, domain.IN_HAND)
	doc.update({"status": domain.IN_HAND, "handled_by": frappe.session.user, "taken_on": site_now()})
	findings.save(doc)
	return doc.status


def accept_risk(name: str, reason: str) -> str:
	"""A manager decides that a risk stays for now; its new state."""
	if not answers_for_risks():
		frappe.throw(_("Only a Service Delivery Manager accepts a risk. Ask one, or take it in hand."), frappe.PermissionError)
	doc = _lock(name, domain.ACCEPTED)
	doc.update(
		{
			"status": domain.ACCEPTED,
			"accepted_by": frappe.session.user,
			"accepted_on": site_now(),
			"accept_reason": _given(doc, "accept_reason", reason),
		}
	)
	findings.save(doc)
	return doc.status


def close(name: str, result: str, what_was_done: str = "") -> str:
	"""It is over: what was done, and what came of it; its new state."""
	doc = _lock(name, domain.CLOSED)
	values = {
		"what_was_done": _given(doc, "what_was_done", what_was_done or doc.what_was_done),
		"result": _given(doc, "result", result),
	}
	findings.close(doc, domain.outcome(doc.status), **values)
	return doc.status


def show(doc) -> dict[str, Any]:
	"""What the form of a finding shows beside its fields: its readings, when the state is normal, the manual's procedure."""
	content = findings.manual_of(doc)
	step = next((row for row in map(frappe._dict, content.get("steps", ())) if row.step_key == doc.step_key), None)
	reading = frappe.qb.DocType(findings.READING)
	rows = (
		frappe.qb.from_(reading)
		.select(*[reading[name] for name in ("read_on", "value", "unit", "verdict", "read_by", "note", "task")])
		.where(reading.finding == doc.name)
		.orderby(reading.read_on, order=frappe.qb.desc)
		.limit(50)
	).run(as_dict=True)
	label = frappe.get_meta(findings.MANUAL).get_label
	return {
		"normal": criteria.in_words(step) if step else "",
		"readings": [{**row, "who": frappe.utils.get_fullname(row.read_by) if row.read_by else ""} for row in rows],
		"procedure": [
			{"label": _(label(name), context=findings.MANUAL), "text": content[name]}
			for name in ("abnormal_roles", "abnormal_method", "abnormal_flow", "abnormal_end")
			if content.get(name)
		],
		"may_accept": answers_for_risks(),
		"steps": [state for state in domain.MOVES[doc.status] if domain.may_move(doc.status, state, criteria.STATES[doc.verdict])],
	}


def of_object(service_object: str) -> list[dict[str, Any]]:
	"""The findings of an object that are not closed, the last seen first."""
	return _listed({"service_object": service_object, "status": ["in", domain.LIVE]})


def of_task(task: str) -> list[dict[str, Any]]:
	"""The findings that a round made or added to; a normal reading afterwards belongs to one as well, and found nothing."""
	told = {"task": task, "finding": ["is", "set"], "verdict": ["in", findings.BAD]}
	names = frappe.get_all(findings.READING, told, pluck="finding", distinct=True)
	return _listed({"name": ["in", names]}) if names else []


def in_words(doc) -> str:
	"""What was found, for whoever goes on with it: object, step, value, limits, when, and what the manual has done then."""
	shown = show(doc)
	first, last = locale.moment(doc.first_found), locale.moment(doc.last_found)
	lines = [
		f"{doc.step}: {criteria.value_in_words(doc.last_value, doc.unit)} – {_(doc.verdict, context=findings.READING)}",
		_("Normal state: {0}").format(shown["normal"]) if shown["normal"] else "",
		_("First seen {0}, last seen {1}, {2} times").format(first, last, doc.times_found),
		_("Found on the round {0}").format(frappe.db.get_value(findings.TASK, doc.task, "title")) if doc.task else "",
		*(f"{part['label']}: {strip_html(part['text'])}" for part in shown["procedure"]),
	]
	return "\n".join(filter(None, lines))


def note_handover(event: HandoverMoved) -> None:
	"""A handover of a finding has moved: where it is carried on, and what came of it, is noted there."""
	if event.source_doctype != FINDING or not frappe.db.exists(FINDING, event.source_name):
		return
	doc = frappe.get_doc(FINDING, event.source_name, for_update=True)
	doc.update({"handover": event.name, "follow_up": domain.OVER if event.ended else domain.UNDER_WAY})
	if event.target_doctype == "Issue":
		doc.issue = event.target_name
	if event.ended:
		doc.follow_up_result = "\n".join(filter(None, (doc.follow_up_result, f"{locale.moment(site_now())} {cstr(event.answer)}")))
	findings.save(doc)


def _listed(filters: dict[str, Any]) -> list[dict[str, Any]]:
	fields = ["name", "title", "status", "verdict", "last_value", "unit", "first_found", "last_found", "times_found", "issue"]
	return frappe.get_list(FINDING, filters, fields, order_by="last_found desc", limit=100)


def _lock(name: str, to: str):
	doc = frappe.get_doc(FINDING, name, for_update=True)
	doc.check_permission("write")
	if not domain.may_move(doc.status, to, criteria.STATES[doc.verdict]):
		possible = [_(state, context=FINDING) for state in domain.MOVES[doc.status] if domain.may_move(doc.status, state, criteria.STATES[doc.verdict])]
		_refuse(
			doc,
			_("It cannot become {0}. Possible: {1}").format(_(to, context=FINDING), ", ".join(possible))
			if possible
			else _("It stays as it is; if the state is found again, a new finding is opened."),
		)
	return doc


def _given(doc, fieldname: str, text: str | None) -> str:
	label = _(doc.meta.get_label(fieldname), context=FINDING)
	if not (said := stated(text, label)):
		frappe.throw(_("{0} is missing. Say it in a sentence.").format(frappe.bold(label)), frappe.MandatoryError)
	return said


def _refuse(doc, text: str) -> None:
	frappe.throw(
		_("{0} is {1}.").format(frappe.bold(escape_html(doc.title or doc.name)), _(doc.status, context=FINDING)) + " " + text, NotPossible
	)
