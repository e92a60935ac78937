"""Types of deliverables, as administrators keep them (8.3-8.6)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.domain.deliverables.life import INTANGIBLE

TYPE = "Deliverable Type"


def check_type(doc: Any) -> None:
	"""A result says what it shows, a document has no such thing; neither does a result have a format."""
	if doc.kind != INTANGIBLE:
		doc.result = None
		return
	doc.wanted_format = None
	if not doc.result:
		frappe.throw(
			_("{0}: a value is missing. Say what the result shows, so that it is known which records prove it.").format(
				frappe.bold(_(doc.meta.get_label("result"), context=TYPE))
			),
			frappe.MandatoryError,
		)


def fill(doc: Any) -> None:
	"""What the type of a deliverable says of it: its kind always, the usual values where none were given."""
	found = frappe.get_cached_value(
		TYPE, doc.deliverable_type, ["kind", "wanted_format", "security_class", "description", "service_content"], as_dict=True
	)
	if not found:
		return
	doc.kind = found.kind
	if not doc.is_new():
		return
	for field, usual in (("wanted_format", found.wanted_format), ("security_class", found.security_class), ("content", found.description)):
		if not doc.get(field):
			doc.set(field, usual)
