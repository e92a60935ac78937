"""The menu on our pages is that of Portal Settings: renamed, hidden, added to and put in order there.

Our entries and the administrator's own stand in the line; those of the host and its other apps fold behind them.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.portal import switch as portal_switch

REQUESTS = "/service-requests"
NEW = "/service-requests/new"


def entries(user: str) -> dict[str, list[dict[str, str]]]:
	"""{line, more}: entries {route, label, target} for a reader, in the order of Portal Settings.

	Frappe's own list goes by role alone. Here staff see what customers see, and our entries are for whoever is let in.
	"""
	settings = frappe.get_cached_doc(portal_switch.PORTAL_SETTINGS)
	roles = None if is_staff(user) else {*frappe.get_roles(user), portal_switch.ROLE, "", None}
	standard = [] if settings.hide_standard_menu else settings.menu
	of_apps = [frappe._dict(row, enabled=1) for row in frappe.get_hooks("portal_menu_items")]
	line, more = [], []
	for own, rows in ((False, standard), (True, settings.custom_menu or []), (False, of_apps)):
		for row in rows:
			if not row.enabled or not (roles is None or row.role in roles) or not _is_address(row.route):
				continue
			route = row.route if "://" in row.route else "/" + row.route.strip("/")
			if route == f"/{portal_switch.THEIR_PAGES}":
				continue  # leads to ours
			if route == portal_switch.DELIVERABLES and roles is not None and not portal_switch.has_deliverables(user):
				continue
			entry = {"route": route, "label": _label(route, row.title), "target": row.target or ""}
			(line if own or route in portal_switch.ROUTES else more).append(entry)
			if route == REQUESTS:
				line.append({"route": NEW, "label": _("New Request"), "target": ""})
	return {"line": line, "more": more}


def _label(route: str, title: str) -> str:
	"""The short word of an entry of ours that nobody renamed, else its title."""
	for entry in portal_switch.ENTRIES:
		if (entry.route, entry.title) == (route, title):
			word, context = entry.short
			return _(word, context=context)
	return _(title)


def _is_address(route: Any) -> bool:
	"""A page of this site or of the web; nothing that would run."""
	return bool(route) and (":" not in route or route.startswith(("https://", "http://")))
