"""A report is judged, classified and given its priority by the matrix, or by somebody for a reason (6.3.d)."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.domain import priority as domain
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.agreements import switched_off
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.rules import priority_matrix as matrices
from ops_delivery.services.shared.domain_errors import guard, message


def judge(doc, old) -> None:
	"""6.3.d: a report is screened; a valid one is classified and gets urgency and importance."""
	if doc.ops_validity == "Invalid":
		if not (doc.ops_invalid_reason or "").strip():
			refuse_missing(_("Why it is invalid"), _("The customer sees this reason."))
		return
	if doc.ops_object and not doc.ops_importance:
		doc.ops_importance = frappe.db.get_value("Service Object", doc.ops_object, "importance")
	if doc.ops_validity == "Valid" and (not old or old.ops_validity != "Valid"):
		for value, label in (
			(doc.issue_type, _("Issue Type", context="Ops Delivery")),
			(doc.ops_urgency, _("Urgency")),
			(doc.ops_importance, _("Importance")),
		):
			if not value:
				refuse_missing(label, _("A valid report is classified and prioritized before it is dispatched."))


def set_priority(doc, old) -> None:
	"""The matrix gives the priority; another one needs a reason. Raising by an escalation brings its own."""
	if not doc.ops_urgency or not doc.ops_importance:
		doc.ops_suggested_priority = None
		return
	unchanged = old and (old.ops_urgency, old.ops_importance) == (doc.ops_urgency, doc.ops_importance)
	if unchanged and old.ops_suggested_priority and old.priority == doc.priority:
		doc.ops_suggested_priority = old.ops_suggested_priority
		return
	matrix = agreements.terms(doc.ops_agreement).matrix
	if switched_off.is_off(switched_off.MATRIX, matrix) and not (old and old.ops_suggested_priority):
		doc.ops_suggested_priority = None
		return
	suggested = _suggested(doc, matrix, say=not unchanged)
	if not suggested:
		doc.ops_suggested_priority = None
		return
	doc.ops_suggested_priority = suggested
	doc.priority = domain.priority_by_matrix(_judged(doc), _judged(old) if old else None, suggested) or None
	if doc.priority == suggested:
		doc.ops_priority_reason = None
	elif not (doc.ops_priority_reason or "").strip():
		frappe.throw(
			_("Priority: the matrix gives {0} for {1} × {2}, not {3}. Take it, or say why under {4}.").format(
				frappe.bold(_(suggested)),
				_(doc.ops_urgency),
				_(doc.ops_importance),
				frappe.bold(_(doc.priority)) if doc.priority else _("blank"),
				frappe.bold(_("Why another priority")),
			)
		)


def _judged(doc) -> domain.Judged:
	fields = ("ops_urgency", "ops_importance", "priority", "ops_suggested_priority")
	return domain.Judged(*(doc.get(field) or "" for field in fields))


def _suggested(doc, matrix: str | None, say: bool) -> str | None:
	"""What the matrix gives. A level that an administrator has just added has no cells yet: that stops nobody's work."""
	try:
		with guard(_("Priority", context="Ops Delivery")):
			loaded = matrices.load(matrix)
		return loaded.priority_for(doc.ops_urgency, doc.ops_importance)
	except DomainError as error:
		if say:
			frappe.msgprint(message(error), title=_("Priority", context="Ops Delivery"), indicator="orange")
		return None


def refuse_missing(label: str, why: str) -> None:
	frappe.throw(_("{0} is missing. {1}").format(frappe.bold(label), why), frappe.MandatoryError)
