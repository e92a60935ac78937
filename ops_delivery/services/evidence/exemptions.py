"""Not applicable: a clause that an agreement does not call for. Proposed by a manager with a reason, put in force by another person's
review, dated, and revocable; nobody types its state."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate

from ops_delivery.permissions import steps
from ops_delivery.permissions.role_names import AUDITOR, MANAGERS
from ops_delivery.services.evidence import catalogue
from ops_delivery.services.evidence.scope import AGREEMENT, Scope
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Clause Exemption"
PROPOSED, IN_FORCE, DECLINED, REVOKED = "Proposed", "In Force", "Declined", "Revoked"
FIELDS = ["name", "clause", "state", "reason", "from_date", "proposed_by", "proposed_on", "reviewed_by", "reviewed_on", "review_note", "revoked_on"]


def in_force(scope: Scope, catalogue_name: str) -> dict[str, frappe._dict]:
	"""The exemptions that hold on the last day of a scope's period, by number of the clause. One query.

	One that was revoked held until the day before.
	"""
	return {row.number: row for row in of_agreement(scope.number, catalogue_name) if _holds(row, scope.span.last)}


def of_agreement(number: str, catalogue_name: str) -> list[frappe._dict]:
	"""All exemptions of an agreement with the `number` of their clause, the latest last."""
	table, clause = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(catalogue.DOCTYPE)
	return (
		frappe.qb.from_(table)
		.join(clause)
		.on(clause.name == table.clause)
		.select(*(table[field] for field in FIELDS), clause.number)
		.where((table.agreement_number == number) & (clause.catalogue == catalogue_name))
		.orderby(table.proposed_on)
		.orderby(table.name)
	).run(as_dict=True)


def _holds(row: Any, day: date) -> bool:
	if not row.reviewed_on or row.state not in (IN_FORCE, REVOKED) or getdate(row.from_date) > day:
		return False
	return row.state == IN_FORCE or getdate(row.revoked_on) > day


def propose(agreement: str, clause: str, reason: str, from_date: date) -> str:
	"""A manager proposes that a clause does not apply; the name of the exemption. One at a time of an agreement and a clause."""
	_ask(MANAGERS)
	doc = frappe.get_doc(AGREEMENT, agreement)
	doc.check_permission("read")
	if frappe.db.get_value(catalogue.DOCTYPE, clause, "is_heading") != 0:
		frappe.throw(_("{0}: choose a clause that is judged, not a heading.").format(frappe.bold(escape_html(clause))))
	_need(reason, _("Reason", context=DOCTYPE))
	number = doc.agreement_number or doc.name
	key = f"{number}|{clause}"
	if frappe.db.exists(DOCTYPE, {"live_key": key}):
		frappe.throw(_("{0} is exempted already, or waits for its review.").format(frappe.bold(escape_html(clause))))
	values = {"agreement": doc.name, "agreement_number": number, "customer": doc.customer, "clause": clause, "reason": reason.strip()}
	made = frappe.get_doc({"doctype": DOCTYPE, **values, "state": PROPOSED, "from_date": from_date, "live_key": key})
	made.update({"proposed_by": frappe.session.user, "proposed_on": site_now()})
	steps.take(made).insert(ignore_permissions=True)
	return made.name


def review(name: str, agreed: bool, note: str = "") -> str:
	"""Another manager or an auditor puts a proposal in force, or declines it with an opinion; its state."""
	_ask(MANAGERS | {AUDITOR})
	doc = _readable(name)
	_expect(doc, PROPOSED)
	if doc.proposed_by == frappe.session.user:
		frappe.throw(_("You proposed this yourself. Another manager or an auditor reviews it."), frappe.PermissionError)
	if not agreed:
		_need(note, _("Opinion", context=DOCTYPE))
	doc.update({"state": IN_FORCE if agreed else DECLINED, "reviewed_by": frappe.session.user, "reviewed_on": site_now(), "review_note": note.strip()})
	return _stored(doc)


def revoke(name: str, reason: str) -> str:
	"""A manager or an auditor revokes an exemption, or whoever proposed it takes it back: from today on the clause applies again."""
	_ask(MANAGERS | {AUDITOR})
	doc = _readable(name)
	_expect(doc, PROPOSED, IN_FORCE)
	_need(reason, _("Reason", context=DOCTYPE))
	doc.update({"state": REVOKED, "revoked_by": frappe.session.user, "revoked_on": site_now(), "revoke_reason": reason.strip()})
	return _stored(doc)


def _stored(doc: Any) -> str:
	if doc.state in (DECLINED, REVOKED):
		doc.live_key = None
	steps.take(doc).save(ignore_permissions=True)
	return doc.state


def _readable(name: str) -> Any:
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	frappe.has_permission(AGREEMENT, "read", doc=doc.agreement, throw=True)
	return doc


def _ask(roles: frozenset[str] | set[str]) -> None:
	if not set(frappe.get_roles()) & set(roles):
		raise frappe.PermissionError


def _expect(doc: Any, *states: str) -> None:
	if doc.state not in states:
		frappe.throw(_("This exemption is {0} already.").format(frappe.bold(_(doc.state, context=DOCTYPE))))


def _need(text: str, label: str) -> None:
	if not cstr(text).strip():
		frappe.throw(_("{0} is empty: say why in a sentence.").format(frappe.bold(label)))
