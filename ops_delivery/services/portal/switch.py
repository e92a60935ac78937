"""The portal is switched on for whom an administrator chose, and until then the website is the host's.

Frappe's hooks for redirects, side bar entries and home pages know no reader and no switch. So the entries of the side bar
are rows of Portal Settings, there only while the portal is on, and hidden from whom it is not on for; ERPNext's pages of
Issues lead to ours by a renderer that asks who reads; the home page asks what the host would say.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import frappe
from frappe.website.utils import clear_cache

from ops_delivery.permissions import owned_rows, ownership, switches
from ops_delivery.permissions.ownership import GUEST, is_staff
from ops_delivery.permissions.switches import NOBODY
from ops_delivery.services.shared import bulk

PORTAL_SETTINGS, MENU_ITEM = "Portal Settings", "Portal Menu Item"
ROLE = "Customer"


class Entry(NamedTuple):
	"""An entry of the portal's menu; `short` (word, context) is how our own pages call it."""

	title: str
	route: str
	about: str
	short: tuple[str, str | None]


ENTRIES = (
	Entry("Service", "/service", "Issue", ("Home", "Ops Delivery")),
	Entry("Service Requests", "/service-requests", "Issue", ("Requests", None)),
	Entry("Visits", "/visits", "Field Service Sheet", ("Visits", "Ops Delivery")),
	Entry("Surveys", "/surveys", "Service Survey", ("Surveys", None)),
	Entry("Reviews", "/reviews", "Service Review", ("Reviews", "Ops Delivery")),
	Entry("Agreements and Plans", "/agreements", "Service Agreement", ("Agreements", None)),
	Entry("Deliverables", "/deliverables", "Deliverable", ("Deliverables", None)),
	Entry("Complaints", "/complaints", "Service Complaint", ("Complaints", None)),
	Entry("Channels", "/service-channels", "Service Agreement", ("Channels", None)),
)
DELIVERABLES = "/deliverables"
ROUTES = frozenset(entry.route for entry in ENTRIES)
THEIR_PAGES = "issues"
# ERPNext's page of Issues -> ours
LEADS = (
	(re.compile(r"issues"), "/service-requests"),
	(re.compile(r"issues/list"), "/service-requests"),
	(re.compile(r"issues/new"), "/service-requests/new"),
	(re.compile(r"issues/([^/]+)(/edit)?"), r"/service-requests/\1"),
)


def follow(settings: Any) -> None:
	"""After the settings were saved: entries of the side bar come when the portal is switched on, and go with it.

	While it is on, an entry that the administrator disabled or took away stays so.
	"""
	before = settings.get_doc_before_save()
	was_on = bool(before) and (before.portal_for or NOBODY) != NOBODY
	if settings.portal_for in (None, "", NOBODY):
		take_away()
	elif not was_on:
		_put_up()
	forget()


def after_reset(doc: Any, _method: str | None = None) -> None:
	"""doc_events Portal Settings.validate: *Reset* builds the menu anew of what the apps always have; while the portal is on, ours
	are among it. An entry taken away by hand leaves the rows of the others as they were."""
	if not doc.menu or not all(row.is_new() for row in doc.menu) or switches.now().portal == NOBODY:
		return
	there = {row.route for row in doc.menu}
	for entry in ENTRIES:
		if entry.route not in there:
			doc.append("menu", _row(entry))


def take_away() -> None:
	"""Our entries go; those of the host stay."""
	rows = frappe.get_all(MENU_ITEM, filters=_ours(), pluck="name", order_by="idx")
	if rows:
		frappe.db.delete(MENU_ITEM, {"name": ["in", rows]})
		menu_changed()


def remove_entries() -> None:
	"""At uninstall our pages are gone: no entry leads to them any more, one that an administrator added for them neither."""
	frappe.db.delete(MENU_ITEM, {"parenttype": PORTAL_SETTINGS, "route": ["in", sorted(ROUTES)]})
	menu_changed()


def forget() -> None:
	"""Home pages are looked up anew."""
	frappe.cache.delete_value("home_page")


def hide_entries(context: Any) -> None:
	"""Hook of every page: our entries are not in the side bar of a reader for whom the portal is not on."""
	items = context.get("sidebar_items")
	if not items or not any(item.get("route") in ROUTES for item in items):
		return
	user = frappe.session.user
	if is_staff(user):
		return
	if not ownership.shown_to(user):
		context.sidebar_items = [item for item in items if item.get("route") not in ROUTES]
	elif not has_deliverables(user):
		context.sidebar_items = [item for item in items if item.get("route") != DELIVERABLES]


def has_deliverables(user: str) -> bool:
	"""Whether a customer's user has any agreement in force, or anything that was delivered to them: else that page is no entry."""
	customers = ownership.colleagues_visible(user)
	agreed = switches.now().agreed
	if any(agreed.get(customer) for customer in customers):
		return True
	table = frappe.qb.DocType("Deliverable")
	return bool(customers) and bool(frappe.qb.from_(table).select(table.name).where(owned_rows.deliverables_visible(table, user)).limit(1).run())


def as_without_us(user: str) -> str | None:
	"""The home page that the host and its other apps would give, as Frappe asks them: the last method, else the last page."""
	methods = [
		method for method in frappe.get_hooks("get_website_user_home_page") if not method.startswith("ops_delivery.")
	]
	if methods:
		return frappe.get_attr(methods[-1])(user)
	pages = frappe.get_hooks("website_user_home_page")
	return pages[-1] if pages else None


class IssuePages:
	"""Hook page_renderer: ERPNext's pages of Issues lead to ours, for whom the portal is on. Staff keep ERPNext's, and a
	form that an administrator opened to guests stays open."""

	def __init__(self, path: str, http_status_code: int | None = None):
		self.path = str(getattr(frappe.local, "path", None) or path).strip("/ ")

	def can_render(self) -> bool:
		"""Whether the reader is led to our pages."""
		if self.path.partition("/")[0] != THEIR_PAGES:
			return False
		user = frappe.session.user
		if is_staff(user) or not ownership.shown_to(user):
			return False
		return user != GUEST or not _open_to_guests()

	def render(self) -> Any:
		"""Lead there."""
		for page, ours in LEADS:
			if found := page.fullmatch(self.path):
				frappe.flags.redirect_location = found.expand(ours)
				raise frappe.Redirect(302)
		raise frappe.PageDoesNotExistError


def _open_to_guests() -> bool:
	return bool(
		frappe.db.exists("Web Form", {"route": THEIR_PAGES, "published": 1, "login_required": 0})
	)


def put_up(route: str) -> None:
	"""An entry that came with a later version, where the portal is on already: at the end of the line."""
	if (switches.now().portal or NOBODY) == NOBODY or frappe.db.exists(MENU_ITEM, {"parent": PORTAL_SETTINGS, "route": route}):
		return
	settings = frappe.get_doc(PORTAL_SETTINGS)
	entry = next(one for one in ENTRIES if one.route == route)
	last = max((row.idx for row in settings.menu), default=0)
	bulk.insert_row(settings.append("menu", {**_row(entry), "idx": last + 1}))
	menu_changed()


def _put_up() -> None:
	there = set(frappe.get_all(MENU_ITEM, filters=_ours(), pluck="route", order_by="idx"))
	settings = frappe.get_doc(PORTAL_SETTINGS)
	last = max((row.idx for row in settings.menu), default=0)
	missing = [entry for entry in ENTRIES if entry.route not in there]
	for number, entry in enumerate(missing, start=last + 1):
		bulk.insert_row(settings.append("menu", {**_row(entry), "idx": number}))
	if missing:
		menu_changed()


def _row(entry: Entry) -> dict[str, Any]:
	return {"title": entry.title, "route": entry.route, "reference_doctype": entry.about, "role": ROLE, "enabled": 1}


def _ours() -> dict[str, Any]:
	return {"parent": PORTAL_SETTINGS, "parentfield": "menu", "route": ["in", sorted(ROUTES)]}


def menu_changed() -> None:
	"""The menu is read anew, also on pages kept for guests."""
	frappe.clear_document_cache(PORTAL_SETTINGS, PORTAL_SETTINGS)
	frappe.cache.delete_value("portal_menu_items")
	clear_cache()
