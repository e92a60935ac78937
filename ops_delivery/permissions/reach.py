"""What users without the desk reach over HTTP: a list, and nothing else.

Frappe opens every function that is whitelisted, every record type and every method of a record to whoever has logged
in, and leaves it to each of some two thousand functions to ask. A customer's user needs a few dozen of them. So for them
it is the other way round: what is not on the list is refused before it begins.

`guard_request` is an auth hook: the one place that every request passes after its user is known (by session, API key or
token) and before anything of it runs. It asks Frappe's own map of addresses where the request would go, so there is no
spelling that we read otherwise than Frappe does. Pages are not touched: they are not functions, and ask for themselves.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.permissions import ownership, switches
from ops_delivery.permissions.ownership import ADMINISTRATOR, GUEST, customers_of

WEBSITE_USER = "Website User"
# whose reach is narrowed: the choices of Ops Delivery Settings
SERVED, ALL_WEBSITE_USERS, NOBODY = "Customers with our portal", "All website users", "Nobody"

# Logging in and out, one's own password, language and time zone, and what a page of the website asks for by itself.
EVERYBODYS = frozenset(
	{
		"login",
		"logout",
		"web_logout",
		"ping",
		"frappe.ping",
		"frappe.handler.logout",
		"frappe.handler.web_logout",
		"frappe.auth.get_logged_user",
		"frappe.realtime.get_user_info",
		"frappe.client.get_time_zone",
		"frappe.translate.get_all_languages",
		"frappe.core.doctype.user.user.reset_password",
		"frappe.core.doctype.user.user.sign_up",
		"frappe.core.doctype.user.user.test_password_strength",
		"frappe.core.doctype.user.user.update_password",
		"frappe.core.api.user_invitation.accept_invitation",
		"frappe.www.login.login_via_key",
		"frappe.www.login.login_via_token",
		"frappe.www.login.send_login_link",
		"frappe.www.third_party_apps.delete_client",
		*(
			f"frappe.integrations.oauth2_logins.{name}"
			for name in (
				"custom",
				"login_via_facebook",
				"login_via_fairlogin",
				"login_via_frappe",
				"login_via_github",
				"login_via_google",
				"login_via_keycloak",
				"login_via_office365",
				"login_via_salesforce",
			)
		),
		*(
			f"frappe.integrations.oauth2.{name}"
			for name in (
				"approve",
				"authorize",
				"get_token",
				"introspect_token",
				"openid_configuration",
				"openid_profile",
				"revoke_token",
			)
		),
		"frappe.email.queue.unsubscribe",
		"frappe.website.doctype.web_page_view.web_page_view.make_view_log",
		"frappe.website.doctype.website_settings.website_settings.get_auto_account_deletion",
		"frappe.website.doctype.personal_data_deletion_request.personal_data_deletion_request.confirm_deletion",
		"frappe.website.doctype.help_article.help_article.add_feedback",
		"frappe.www.contact.send_message",
		"frappe.www.search.get_search_results",
		"frappe.search.web_search",
		"frappe.utils.global_search.web_search",
	}
)
# Web forms and their files. What may be done to a record or a file is held by rules of its own (administration/guarded_records.py).
WEB_FORMS = frozenset(
	{
		"upload_file",
		"frappe.handler.upload_file",
		"download_file",
		"frappe.handler.download_file",
		"frappe.core.api.file.get_max_file_size",
		"frappe.core.doctype.file.file.get_max_file_size",
		"frappe.website.doctype.web_form.web_form.accept",
		"frappe.website.doctype.web_form.web_form.delete",
		"frappe.website.doctype.web_form.web_form.delete_multiple",
		"frappe.website.doctype.web_form.web_form.get_form_data",
		"frappe.website.doctype.web_form.web_form.get_in_list_view_fields",
		"frappe.website.doctype.web_form.web_form.get_web_form_filters",
	}
)
# What our own pages call; each asks for itself. test_reach.py compares this with the table of our endpoints.
OURS = frozenset(
	f"ops_delivery.api.{name}"
	for name in (
		"acceptance.decide",
		"acceptance.decide_by_link",
		"acceptance.offer",
		"complaints.answer",
		"improvements.answer",
		"knowledge.opened",
		"portal.add_information",
		"deliverables.file",
		"portal.attachment",
		"portal.channels",
		"portal.document_pdf",
		"portal.help_articles",
		"portal.raise_request",
		"portal.request",
		"portal.requests",
		"visits.sheet_pdf",
	)
)
# The portal that the host has for orders, invoices, projects and suppliers. An administrator may close it.
HOST_PORTAL = frozenset(
	{
		"frappe.www.list.get",
		"frappe.www.list.get_list_data",
		"frappe.utils.print_format.download_pdf",
		"erpnext.accounts.doctype.payment_request.payment_request.make_payment_request",
		"erpnext.buying.doctype.purchase_order.purchase_order.make_purchase_invoice_from_portal",
		"erpnext.buying.doctype.request_for_quotation.request_for_quotation.create_supplier_quotation",
		"erpnext.templates.pages.projects.get_task_html",
		"erpnext.templates.pages.projects.get_timesheet_html",
		"erpnext.templates.pages.search_help.get_help_results_sections",
		"erpnext.templates.utils.send_message",
		*(
			f"erpnext.www.book_appointment.index.{name}"
			for name in ("create_appointment", "get_appointment_settings", "get_appointment_slots", "get_timezones")
		),
	}
)
ALWAYS = EVERYBODYS | WEB_FORMS | OURS
UPLOADS = frozenset({"upload_file", "frappe.handler.upload_file"})


def guard_request() -> None:
	"""auth_hooks: refuse what a user without the desk does not need. Guests are Frappe's own matter, staff their roles'."""
	request = getattr(frappe.local, "request", None)
	if not request or request.method == "OPTIONS" or not has_no_desk(frappe.session.user):
		return
	called = functions_called(request)
	if not called or called <= ALWAYS:
		return
	settings = frappe.get_cached_doc("Ops Delivery Settings")
	refused = sorted(called - ALWAYS - further_methods(settings))
	if refused and is_narrowed(frappe.session.user, settings):
		frappe.throw(
			_(
				"Customers do not reach {0} here. If a page of yours needs it, an administrator adds it to {1} in {2}."
			).format(
				frappe.bold(escape_html(refused[0][:140])),
				frappe.bold(_("Further methods for customers")),
				_("Ops Delivery Settings"),
			),
			frappe.PermissionError,
			title=_("Not part of the portal"),
		)


def has_no_desk(user: str | None) -> bool:
	"""Whether this is a user who has logged in and has no desk: a customer's, a supplier's, somebody who signed up."""
	if not user or user in (GUEST, ADMINISTRATOR):
		return False
	return frappe.get_cached_value("User", user, "user_type") == WEBSITE_USER


def functions_called(request: Any) -> set[str]:
	"""The functions that Frappe would call for a request, as it names them; empty for a page or a file.

	What is no function call (a record or a list by its address, a method of a record) has the address as its name,
	which stands on no list.
	"""
	cmd = frappe.form_dict.get("cmd")
	if cmd:  # it goes before every address
		name = cmd if isinstance(cmd, str) else cstr(cmd)
	elif request.path.startswith("/api/"):
		name = _by_address(request)
	else:
		return set()
	called = {name}
	if name in UPLOADS and (inner := frappe.form_dict.get("method")):
		called.add(inner if isinstance(inner, str) else cstr(inner))  # an upload hands its file on to a function
	return called


def _by_address(request: Any) -> str:
	from frappe.api import API_URL_MAP, v1, v2

	try:
		endpoint, arguments = API_URL_MAP.bind_to_environ(request.environ).match()
	except Exception:  # no address of the API, or another verb's
		return request.path
	if endpoint is v1.handle_rpc_call:
		return arguments["method"].split("/")[0]
	if endpoint is v2.handle_rpc_call and not arguments.get("doctype"):
		return arguments["method"]
	if endpoint is v2.upload_file:
		return "upload_file"
	if endpoint in (v2.login, v2.logout, frappe.ping):
		return "ping"  # nothing that a list would have to name
	return request.path


def is_narrowed(user: str, settings: Any | None = None) -> bool:
	"""Whether the reach of a user without the desk is narrowed, as the settings say."""
	settings = settings or frappe.get_cached_doc("Ops Delivery Settings")
	whose = settings.get("narrowed_users") or SERVED
	if whose == SERVED:
		return is_served(user)
	return whose == ALL_WEBSITE_USERS


def is_served(user: str) -> bool:
	"""Whether our portal is switched on for the user; once it is for anybody, for all who have or had an agreement."""
	if switches.now().portal == switches.NOBODY:
		return False
	return ownership.shown_to(user) or bool(served_of(customers_of(user)))


def served_of(customers: set[str]) -> set[str]:
	"""Those of the customers that have or had an agreement with us."""
	if not customers:
		return set()
	filters = {"customer": ["in", sorted(customers)], "docstatus": 1}
	return set(frappe.get_all("Service Agreement", filters=filters, pluck="customer", order_by="name"))


def is_in_use() -> bool:
	"""Whether we serve anybody on this site: until then nothing of the host is refused to anyone."""
	return switches.now().agreements


def further_methods(settings: Any) -> set[str]:
	"""What the settings add to the list: the host's own portal unless it is closed, and what an administrator named."""
	named = set(cstr(settings.get("further_methods")).split())
	return named if cint(settings.get("host_portal_closed")) else named | HOST_PORTAL


def check_settings(settings: Any) -> None:
	"""A method that is added must be there and be one that Frappe opens to users; else the line would mean nothing."""
	wrong = [name for name in cstr(settings.get("further_methods")).split() if not _is_open(name)]
	if wrong:
		frappe.throw(
			_(
				"{0} names {1}, which is no function that can be called from outside. Write the whole path as it stands after /api/method/, one in a line."
			).format(
				frappe.bold(_("Further methods for customers")), frappe.bold(escape_html(", ".join(wrong)[:300]))
			)
		)


def _is_open(name: str) -> bool:
	if frappe.db.exists("Server Script", {"script_type": "API", "api_method": name, "disabled": 0}):
		return True
	try:
		return "." in name and frappe.get_attr(name) in frappe.whitelisted
	except Exception:
		return False


def advice() -> list[str]:
	"""For the health page: what would be safer."""
	whose = frappe.get_cached_doc("Ops Delivery Settings").get("narrowed_users") or SERVED
	found = []
	if whose != ALL_WEBSITE_USERS:
		found.append(
			_(
				"Website users reach functions that no page of theirs needs. Set {0} to {1} in Ops Delivery Settings once you know what your other portals call."
			).format(_("Whose reach is narrowed"), _(ALL_WEBSITE_USERS))
		)
	if later := last_hooks():
		found.append(
			_(
				"{0} lets users in after we asked who they are, so their reach is not narrowed. Install that app before this one."
			).format(", ".join(later))
		)
	return found


def last_hooks() -> list[str]:
	"""The auth hooks of other apps that run after ours, so that somebody they let in is not asked."""
	hooks = frappe.get_hooks("auth_hooks") or []
	ours = f"{__name__}.guard_request"
	return hooks[hooks.index(ours) + 1 :] if ours in hooks else []
