"""It happened again (6.3.d, 6.3.g): what was accepted stays accepted, and a request of its own, linked to it, begins anew.

A mail to a closed request is a message, whatever it says. That the fault is back is a person's word: the customer's on the
portal, or staff's on the desk, where the request may also be opened again, with a reason.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, strip_html

from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import intake as customer_input
from ops_delivery.services.scope import once as once_only

SAME = (
	"subject",
	"customer",
	"contact",
	"company",
	"raised_by",
	"ops_customer_email",
	"ops_object",
	"ops_importance",
	"issue_type",
)
CHANNEL_UNKNOWN = "Other"


def by_the_customer(issue: str, what: str, files: list[Any] | None = None, once: str = "") -> str:
	"""The customer's user says on the portal that it happened again; returns the new Issue."""
	doc = answering.visible_issue(issue, frappe.session.user)
	_refuse_unless_ended(doc, what)
	return customer_input.raise_request(
		doc.subject,
		what,
		doc.customer,
		doc.ops_object,
		files,
		once=once or f"again {doc.name}",
		follows=doc.name,
	)


def on_the_desk(issue: str, what: str) -> str:
	"""Staff enter that it happened again; returns the new Issue, for the same people and the same object."""
	frappe.has_permission("Issue", "create", throw=True)
	doc = frappe.get_doc("Issue", issue)
	doc.check_permission("read")
	_refuse_unless_ended(doc, what)

	def make() -> str:
		new = frappe.new_doc("Issue")
		new.update({field: doc.get(field) for field in SAME})
		new.update(
			{
				"description": customer_input.as_html(what),
				"ops_follows": doc.name,
				"ops_channel": CHANNEL_UNKNOWN,
			}
		)
		return new.insert().name

	return once_only.only("happened again", (doc.name, what), make, customer_input.SAME_MESSAGE)


def is_possible(doc: Any) -> bool:
	"""Whether there is something that can happen again: the request is closed, and was none that we did not take on."""
	return doc.status == "Closed" and doc.ops_validity != "Invalid"


def _refuse_unless_ended(doc: Any, what: str) -> None:
	if not is_possible(doc):
		frappe.throw(
			_(
				"{0} is not closed, so nothing can happen again yet. Write what you see to the request."
			).format(escape_html(doc.name))
		)
	if not strip_html(cstr(what)).strip():
		frappe.throw(_("Say what happened again."), title=_("Nothing written yet"))
