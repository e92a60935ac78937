"""What an optimization plan leaves open: each with its measure, owner and date before the plan is closed (6.4.d)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.optimization.completeness import (
	CLOSED,
	DOCTYPE,
)

LEFTOVER_NEEDS = ("treatment", "owner_user", "due_date")


def leftovers(doc) -> list[frappe._dict]:
	"""What the plan left over, oldest first (6.4.d)."""
	return frappe.get_all(
		"Service Leftover",
		filters={"source_doctype": DOCTYPE, "source_name": doc.name},
		fields=["name", "subject", "state", "treatment", "owner_user", "due_date", "result"],
		order_by="creation",
	)


def add_leftover(
	plan: str, subject: str, treatment: str | None = None, owner: str | None = None, due: str | None = None
) -> str:
	"""Note something the plan leaves open, with its measure, owner and date; its name."""
	doc = frappe.get_doc(DOCTYPE, plan)
	if not cstr(subject).strip():
		frappe.throw(_("What is left: say in a few words what is left over."))
	return (
		frappe.get_doc(
			{
				"doctype": "Service Leftover",
				"subject": subject.strip()[:140],
				"treatment": treatment,
				"owner_user": owner,
				"due_date": due,
				"customer": doc.customer,
				"service_object": doc.service_object,
				"source_doctype": DOCTYPE,
				"source_name": doc.name,
			}
		)
		.insert()
		.name
	)


def check_leftover(doc) -> None:
	"""A leftover of a closed plan keeps its measure, owner and date (6.4.d); called by services.leftovers."""
	if frappe.db.get_value(DOCTYPE, doc.source_name, "status") == CLOSED:
		absent = _absent(doc)
		if absent:
			frappe.throw(
				_("{0}: the optimization plan {1} is closed, so this must be filled in: {2}").format(
					escape_html(doc.subject), doc.source_name, ", ".join(absent)
				)
			)


def incomplete(doc) -> list[str]:
	said = []
	for row in leftovers(doc):
		absent = _absent(row)
		if absent:
			said.append(
				_("Leftover {0} ({1}): missing: {2}").format(row.name, row.subject, ", ".join(absent))
			)
	return said


def _absent(leftover) -> list[str]:
	meta = frappe.get_meta("Service Leftover")
	return [
		_(meta.get_label(fieldname), context=meta.name)
		for fieldname in LEFTOVER_NEEDS
		if not cstr(leftover.get(fieldname)).strip()
	]
