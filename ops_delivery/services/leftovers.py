"""Leftovers: what a customer accepted with reservations, or a plan left open, until it is solved or waived (6.3.g, 6.4.d)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.states import LEFTOVER_SETTLED
from ops_delivery.permissions import steps
from ops_delivery.services.optimization import plan_leftovers
from ops_delivery.services.optimization import rules as optimization
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits.types import KINDS

DOCTYPE = "Service Leftover"
FIXED = ("source_doctype", "source_name")


def check(doc) -> None:
	"""The rules of a leftover's state: it ends with a result, by someone, at a moment; its origin does not change."""
	if doc.state in LEFTOVER_SETTLED and not cstr(doc.result).strip():
		frappe.throw(
			_("{0}: to set {1} to {2}, say what came of it in {3}.").format(
				doc.name or doc.subject,
				frappe.bold(_(doc.meta.get_label("state"), context=doc.doctype)),
				frappe.bold(_(doc.state, context=doc.doctype)),
				frappe.bold(_(doc.meta.get_label("result"), context=doc.doctype)),
			),
			title=_("Result missing"),
		)
	before = doc.get_doc_before_save()
	if before and any(before.get(field) and before.get(field) != doc.get(field) for field in FIXED):
		frappe.throw(
			_("{0}: where it came from ({1}) cannot be changed.").format(doc.name, before.source_name)
		)
	if doc.state not in LEFTOVER_SETTLED:
		due_dates.check(doc, before)
	if doc.source_doctype == optimization.DOCTYPE:
		plan_leftovers.check_leftover(doc)
	if doc.source_doctype in KINDS:
		visit_leftovers.check(doc)
	if doc.state not in LEFTOVER_SETTLED:
		doc.closed_by = doc.closed_on = None
	elif not before or before.state != doc.state or not doc.closed_on:
		doc.closed_by, doc.closed_on = frappe.session.user, site_now()


def set_state(name: str, state: str, result: str = "") -> str:
	"""The step by which a leftover is begun, solved, waived or taken up again; its state. What came of it is said when it
	ends, and why when it is taken up again."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	result = cstr(result).strip()
	if doc.state in LEFTOVER_SETTLED and state not in LEFTOVER_SETTLED:
		if not result:
			frappe.throw(_("Say why {0} is taken up again.").format(doc.name), title=_("Reason missing"))
		doc.add_comment("Info", _("taken up again: {0}").format(escape_html(result)))
	elif result:
		doc.result = result
	doc.state = state
	steps.take(doc).save()
	return doc.state


def on_update(doc) -> None:
	"""Whoever sees to it has it on their list; what was signed with it follows."""
	visit_leftovers.follow(doc)


def on_trash(doc) -> None:
	"""What was agreed with the customer is not deleted."""
	if doc.source_doctype in KINDS and frappe.db.exists(doc.source_doctype, doc.source_name):
		visit_leftovers.forget(doc)
