"""The menu on our pages is that of Portal Settings: renamed, hidden, added to and put in order there.

Our entries and the administrator's own stand in the line; those of the host and its other apps fold behind them.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services import portal_switch

REQUESTS = "/service-requests"
# our entries as they are short on our own pages, unless an administrator renamed them
SHORT = {
	"/service": ("Home", "Ops Delivery"),
	REQUESTS: ("Requests", None),
	"/visits": ("Visits", "Ops Delivery"),
	"/surveys": ("Surveys", None),
	"/reviews": ("Reviews", "Ops Delivery"),
	"/agreements": ("Agreements", None),
	"/complaints": ("Complaints", None),
	"/service-channels": ("Channels", None),
}
NEW = "/service-requests/new"


def entries(user: str) -> dict[str, list[dict[str, str]]]:
	"""{line, more}: entries {route, label, target} for a reader, in the order of Portal Settings."""
	settings = frappe.get_cached_doc(portal_switch.PORTAL_SETTINGS)
	roles = {*frappe.get_roles(user), portal_switch.ROLE, "", None}
	if is_staff(user):  # who looks at what customers see
		roles = None
	standard = [] if settings.hide_standard_menu else settings.menu
	line, more = [], []
	for own, rows in ((False, standard), (True, settings.custom_menu or [])):
		for row in rows:
			if not row.enabled or not (roles is None or row.role in roles) or not _is_address(row.route):
				continue
			route = "/" + row.route.strip("/") if "://" not in row.route else row.route
			if route == f"/{portal_switch.THEIR_PAGES}":
				continue  # leads to ours
			entry = {"route": route, "label": _label(route, row.title), "target": row.target or ""}
			(line if own or route in portal_switch.ROUTES else more).append(entry)
			if route == REQUESTS:
				line.append({"route": NEW, "label": _("New Request"), "target": ""})
	return {"line": line, "more": more}


def _label(route: str, title: str) -> str:
	delivered = next((entry[0] for entry in portal_switch.ENTRIES if entry[1] == route), None)
	if title == delivered:
		word, context = SHORT[route]
		return _(word, context=context)
	return _(title)


def _is_address(route: Any) -> bool:
	"""A page of this site or of the web; nothing that would run."""
	return bool(route) and (":" not in route or route.startswith(("https://", "http://")))
