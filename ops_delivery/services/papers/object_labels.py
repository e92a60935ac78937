"""Labels of Service Objects: name, code, customer and a QR code, in sheets of A4 (8.3.a.1).

The code opens /service-object/NAME, which tells who scans it apart: staff come to the object's page, the customer's people to a new
request about it, everybody else to the log-in. It holds no secret, as the name stands beside it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import escape_html, get_url

from ops_delivery.services.papers import qr
from ops_delivery.services.shared.locale import text

OBJECT = "Service Object"
COLUMNS, ROWS = 3, 8
A_SHEET = COLUMNS * ROWS
MOST = 20 * A_SHEET
PATH = "/service-object/"

Label = dict[str, str] | None


def address(name: str) -> str:
	"""What the code of an object opens."""
	return get_url(PATH + quote(name, safe=""))


def of(names: list[str], skip: int = 0) -> list[list[Label]]:
	"""Sheets of places, row by row, each a label or None where it is left free. frappe.PermissionError; ValidationError names what
	is too many or out of range."""
	if not 0 <= skip < A_SHEET:
		frappe.throw(
			_("Labels already used: {0} is not possible. Enter a number from 0 to {1}.").format(escape_html(str(skip)), A_SHEET - 1)
		)
	names = list(dict.fromkeys(names))
	if not names:
		frappe.throw(_("No object is chosen. Choose the objects that get a label."))
	if len(names) > MOST:
		frappe.throw(_("{0} labels are too many at once. Print at most {1}.").format(len(names), MOST))
	for right in ("read", "print"):
		frappe.has_permission(OBJECT, right, throw=True)
	rows = frappe.get_list(
		OBJECT,
		filters={"name": ["in", names]},
		fields=["name", "object_name", "customer", "location"],
		order_by="name",
		limit_page_length=0,
	)
	found = {row.name: row for row in rows}
	if missing := [name for name in names if name not in found]:
		raise frappe.PermissionError(
			_("{0} is not there, or you may not see it. Leave it out.").format(escape_html(missing[0][:140]))
		)
	customers = dict(
		frappe.get_all(
			"Customer",
			filters={"name": ["in", sorted({row.customer for row in rows})]},
			fields=["name", "customer_name"],
			order_by="name",
			as_list=True,
		)
	)
	places: list[Label] = [None] * skip + [_label(found[name], customers) for name in names]
	return [places[at : at + A_SHEET] for at in range(0, len(places), A_SHEET)]


def _label(row: Any, customers: dict[str, str]) -> dict[str, str]:
	return {
		"name": row.name,
		"title": text(row.object_name) or row.name,
		"customer": text(customers.get(row.customer, row.customer)),
		"location": text(row.location),
		"qr": qr.as_data_url(address(row.name)),
	}
