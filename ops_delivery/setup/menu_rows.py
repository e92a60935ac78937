"""The administrator's own entries of the portal's menu survive a migrate.

At each migrate Frappe takes every entry away whose document type it does not find, and so all that name none, such as a link
to another site. While our portal is on, its menu is theirs to shape.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.permissions import switches
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.shared import bulk

TABLES = ("menu", "custom_menu")
FIELDS = ("name", "parentfield", "idx", "title", "enabled", "route", "reference_doctype", "role", "target")
_before: dict[str, list[dict[str, Any]]] = {}  # of a site, from the begin of its migrate to its end


def keep() -> None:
	"""Before the migrate: remember the entries that name no document type."""
	_before[frappe.local.site] = [] if not _is_on() else [row for row in _rows() if not row.reference_doctype]


def put_back() -> None:
	"""After the migrate: those that are gone come back where they were."""
	there = {row.name for row in _rows()}
	gone = [row for row in _before.pop(frappe.local.site, []) if row.name not in there]
	if not gone:
		return
	settings = frappe.get_doc(portal_switch.PORTAL_SETTINGS)
	for row in gone:
		bulk.insert_row(
			settings.append(row.parentfield, {field: row[field] for field in FIELDS if field != "name"})
		)
	portal_switch.menu_changed()


def _is_on() -> bool:
	return (
		frappe.db.get_single_value("Ops Delivery Settings", "portal_for") or switches.NOBODY
	) != switches.NOBODY


def _rows() -> list[Any]:
	return frappe.get_all(
		portal_switch.MENU_ITEM,
		filters={"parent": portal_switch.PORTAL_SETTINGS, "parentfield": ["in", TABLES]},
		fields=list(FIELDS),
		order_by="parentfield, idx",
	)
