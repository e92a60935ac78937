"""Calendars, policies and matrices that an administrator switches off: no new request is measured by them (6.3.b).

What is measured by them goes on by them: a request keeps the rule it was taken on under. A new one has no clock whose
calendar is off, nobody is warned by a policy that is off, and a matrix that is off suggests no priority. What that means is
said before it is saved, and the health says it as long as an agreement in force relies on what is off.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cint, escape_html, getdate

from ops_delivery.domain.states import CLOCK_LIVE
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.scope import active_rules as every_save

CALENDAR, POLICY, MATRIX = "Service Calendar", "Escalation Policy", "Priority Matrix"
RECORDS = "Measured Record Type"  # its clocks end with it (services/clocks/retired.py)
NAMED = 5
# where an agreement names it
FIELD = {CALENDAR: "calendar", POLICY: "escalation_policy", MATRIX: "priority_matrix"}
# where a clock names it
NAMES = {CALENDAR: "calendar", POLICY: "policy", RECORDS: "reference_doctype"}


def is_off(doctype: str, name: str | None) -> bool:
	"""Whether a calendar, policy or matrix is switched off."""
	return bool(name) and (doctype, name) in every_save.off()


def preview(doctype: str, name: str) -> list[str]:
	"""What switching it off means today, as plain sentences; [] where nothing in force uses it."""
	if doctype == RECORDS:
		going = _going(doctype, name)
		return (
			[_("{0} running or paused clocks end, and no warning of them follows. Switched on again, they go on from what was used.").format(going)]
			if going
			else []
		)
	relying, going = _relying(doctype, name), _going(doctype, name)
	lines = []
	if relying:
		named = ", ".join(relying[:NAMED]) + (" …" if len(relying) > NAMED else "")
		lines.append(_("{0} agreements in force rely on it: {1}.").format(len(relying), named))
	elif not going:
		return []
	if doctype == CALENDAR:
		if relying:
			lines.append(_("Their new requests get no clock by it, and are shown as not measured."))
		lines.append(_("{0} running or paused clocks go on by it.").format(going))
	elif doctype == POLICY:
		if relying:
			lines.append(_("Nobody is warned of their new requests."))
		lines.append(_("{0} running or paused clocks are warned of and escalated as before.").format(going))
	else:
		lines.append(_("For their new requests no priority is suggested; those that were judged keep theirs."))
	return lines


def follow(doc: Any) -> None:
	"""on_update of each: the engine asks anew, and whoever switches off is told what it means."""
	before = doc.get_doc_before_save()
	if before and cint(before.enabled) == cint(doc.enabled):
		return
	every_save.forget()
	if before and not cint(doc.enabled) and (lines := preview(doc.doctype, doc.name)):
		frappe.msgprint(
			"<br>".join(escape_html(line) for line in lines), title=_("Switched off"), indicator="orange"
		)


def refuse_deletion(doc: Any) -> None:
	"""on_trash of the three: what requests were measured by is kept, and can be switched off instead."""
	agreed, going = _agreements(doc.doctype, doc.name), _going(doc.doctype, doc.name, live=False)
	if agreed or going:
		frappe.throw(
			_(
				"{0} is named by {1} agreements and {2} clocks, so it is kept: their figures are explained by it. Untick {3} instead: what is running goes on by it, and no new request is measured by it."
			).format(
				frappe.bold(escape_html(doc.name)), agreed, going, frappe.bold(_(doc.meta.get_label("enabled"), context=doc.doctype))
			),
			frappe.LinkExistsError,
			title=_("In use"),
		)


def messages() -> list[str]:
	"""For the health: what is off though an agreement in force relies on it."""
	return [
		_("{0} {1} is switched off, but {2} agreements in force rely on it: their new requests are not measured by it.").format(
			_(doctype), name, len(relying)
		)
		for doctype, name in sorted(every_save.off())
		if (relying := _relying(doctype, name))
	]


def _relying(doctype: str, name: str) -> list[str]:
	"""The agreements that rule today and name it: title (name)."""
	agreement = frappe.qb.DocType("Service Agreement")
	named = agreement[FIELD[doctype]] == name
	if doctype == CALENDAR:
		target = frappe.qb.DocType("Service Agreement Target")
		rows = frappe.qb.from_(target).select(target.parent).where(target.calendar == name)
		named |= agreement.name.isin(rows)
	found = (
		frappe.qb.from_(agreement)
		.select(agreement.name, agreement.title)
		.where(
			named
			& (agreement.docstatus == 1)
			& agreement.status.isin(agreements.IN_FORCE)
			& agreements.rules_on(agreement, getdate())
		)
		.orderby(agreement.name)
	).run()
	return [f"{title} ({name})" for name, title in found]


def _agreements(doctype: str, name: str) -> int:
	return frappe.db.count("Service Agreement", {FIELD[doctype]: name})


def _going(doctype: str, name: str, live: bool = True) -> int:
	"""Clocks by a calendar or policy, or on records of a type; `live`: those that run or are paused."""
	if doctype == MATRIX:
		return 0
	clock = frappe.qb.DocType("Service Clock")
	query = frappe.qb.from_(clock).select(Count("*")).where(clock[NAMES[doctype]] == name)
	return (query.where(clock.state.isin(CLOCK_LIVE)) if live else query).run()[0][0]
