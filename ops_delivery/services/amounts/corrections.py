"""By decision, work may draw nothing: it was our own mistake that was put right, or a courtesy (5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.services.amounts import ledger
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.given_texts import stated

AGREEMENT = "Service Agreement"


class NotPossible(frappe.ValidationError):
	"""An entry that cannot be taken back."""


def may_be_taken_back(row: Any) -> bool:
	"""Whether the session's user may decide that an entry does not count: it still draws something, and they may write the agreement."""
	if row.kind != ledger.DRAWN or not frappe.has_permission(AGREEMENT, "write", row.agreement):
		return False
	standing = ledger.standing_of_all(row.source_doctype, [row.source_name]).get(row.source_name, {})
	stands = standing.get((row.source_row or "", row.amount_key))
	return bool(stands and stands.quantity and stands.last.name == row.name)


def do_not_count(entry: str, reason: str) -> None:
	"""Give back what a piece of work has drawn on one amount, and let it draw on it no more. Who may write the agreement may."""
	row = frappe.get_doc(ledger.ENTRY, entry)
	row.check_permission("read")
	frappe.has_permission(AGREEMENT, "write", row.agreement, throw=True)
	if not (said := stated(reason, _("Reason", context="Ops Delivery"))):
		frappe.throw(_("Say why it is not counted: the customer may ask for it."), frappe.MandatoryError)
	ledger.hold([row.amount_key])
	stands = ledger.standing_of(row.source_doctype, row.source_name).get((row.source_row or "", row.amount_key))
	if not stands or not stands.quantity:
		frappe.throw(_("{0} has drawn nothing that could be given back.").format(frappe.bold(row.source_name)), NotPossible)
	given = {
		**stands.last,
		"name": frappe.generate_hash(length=10),
		"kind": ledger.NOT_COUNTED,
		"quantity": -float(stands.quantity),
		"extra": 0,
		"note": said,
		"seq": cint(stands.last.seq) + 1,
	}
	bulk.insert(ledger.ENTRY, ledger.FIELDS, [tuple(given[field] for field in ledger.FIELDS)])
