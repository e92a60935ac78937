"""What the customer's pages have in common: who is let in, forms without JavaScript, headers (clauses 6.3.g, 6.3.j)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import get_url_to_list, strip_html

from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.portal import menu as portal_menu
from ops_delivery.services.shared import argument_types as arguments
from ops_delivery.services.shared import call_limits as limits

SUBMITS_PER_HOUR = 300
STYLE = "css/ops-portal.css"
SCRIPTS = {
	"portal": "js/ops-portal.js",
	"link": "js/ops-link.js",
	"request": "js/ops-request.js",
	"knowledge": "js/ops-knowledge.js",
	"signature": "js/ops-signature.js",
}
AT_ONCE = (
	"QueryDeadlockError",
	"QueryTimeoutError",
	"OperationalError",
	"IntegrityError",
	"DuplicateEntryError",
)
PAGES = frozenset(
	"acceptance agreements complaint complaints deliverables improvements knowledge reviews service service-channels service-complaint "
	"service-complaint-new service-complaints service-deliverable service-deliverables service-document service-documents service-improvement service-knowledge service-knowledge-article service-object service-request "
	"service-request-new service-requests service-review service-round service-rounds service-signature service-survey service-surveys "
	"service-visit service-visits survey surveys visits rounds".split()
)
LINK_PAGES = ["acceptance", "complaint", "survey"]  # the pages that signed links open, by services/portal/link_page.py


def begin(context: Any, title: str) -> None:
	"""Settings every page of ours has: never cached, never indexed, ours in looks."""
	context.no_cache = 1
	context.no_sitemap = 1
	context.no_breadcrumbs = 1
	context.hide_footer_signup = 1
	context.title = title
	context.csrf_token = get_csrf_token()
	context.ops_style = asset(STYLE)
	context.ops_scripts = {name: asset(path) for name, path in SCRIPTS.items()}
	context.form = {}
	context.error = ""
	guest = frappe.session.user == "Guest"
	context.ops_menu = {"line": [], "more": []} if guest else portal_menu.entries(frappe.session.user)


def asset(path: str) -> str:
	"""The address of a file under public/, with its age: browsers keep such files for a year."""
	changed = int(os.path.getmtime(frappe.get_app_path("ops_delivery", "public", *path.split("/"))))
	return f"/assets/ops_delivery/{path}?v={changed:x}"


def let_in(context: Any, path: str) -> bool:
	"""Whether the reader is of the customer's side. Guests are sent to the log-in, staff are told where to go."""
	if frappe.session.user == "Guest":
		redirect(f"/login?redirect-to={quote(path)}")
	context.is_staff = is_staff()
	context.desk_url = get_url_to_list("Issue")
	return not context.is_staff


def redirect(path: str, status: int = 302) -> None:
	"""Leave the page for another."""
	frappe.flags.redirect_location = path
	raise frappe.Redirect(status)


def on_submit(context: Any, action: Callable[[Any], str], form: Any = None) -> bool:
	"""Run a submitted form; on success go to the address `action` returns, else show what was wrong, nothing saved.

	A form's token was checked by Frappe before the page began. `action` gets the form (werkzeug MultiDict); where it
	returns "" the page goes on, and this says True.
	"""
	request = getattr(frappe.local, "request", None)
	if not request or request.method != "POST":
		return False
	is_own = form is None
	try:
		if is_own:  # the page of a signed link has a limit of its own
			form = request.form
			limits.count("page.on_submit", SUBMITS_PER_HOUR)
		target = action(form)
	except (frappe.ValidationError, frappe.PermissionError) as error:
		frappe.db.rollback()
		frappe.clear_messages()
		context.error = said(error)
		context.http_status_code = getattr(error, "http_status_code", 417)
		context.form = form
		return False
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.DuplicateEntryError):
		frappe.db.rollback()
		frappe.clear_messages()
		context.error = _("Somebody else changed this at the same moment. Nothing was saved; try again.")
		context.http_status_code = 409
		context.form = form
		return False
	except Exception:
		frappe.db.rollback()  # Frappe shows its error page as an answer, and would commit what was half done
		if not is_own or frappe.conf.developer_mode:
			raise
		frappe.clear_messages()
		frappe.log_error(title=f"{request.path}: a customer's form failed")
		context.error = _("Something failed on our side, and nothing was saved. It has been noted. Try again later, or call us.")
		context.http_status_code = 500
		context.form = form
		return False
	frappe.clear_messages()
	if target:
		redirect(target, 303)
	return True


def said(error: BaseException) -> str:
	"""An error's message as plain text for the page."""
	return strip_html(str(error)) or _("This did not work. Try again.")


def guard_lists(context: Any) -> None:
	"""Hook: Frappe's generic list page knows no rule of ownership, so it does not show requests to customers who have
	our pages for them."""
	if (
		context.get("doctype") == "Issue"
		and "result" in context
		and not is_staff()
		and ownership.shown_to(frappe.session.user)
	):
		raise frappe.PermissionError(_("Your requests are listed under Service Requests."))


def before_request() -> None:
	"""Hook: nobody outside reads on our pages how our code is built, whatever fails there."""
	request = getattr(frappe.local, "request", None)
	if request and is_ours(request.path) and not is_staff() and not frappe.get_request_header("Authorization"):
		frappe.local.flags.disable_traceback = True


def is_ours(path: str) -> bool:
	"""Whether a page or endpoint of ours answers this path."""
	first = path.strip("/ ").partition("/")[0].removesuffix(".html")
	return first in PAGES or bool(arguments.method_of(path))


def after_request(response: Any = None, request: Any = None, **_kwargs: Any) -> None:
	"""Hook: what we show stays in no cache, so that Back shows it to nobody after a log-out; the page of a signed link tells no
	other site where its reader came from."""
	if response is None or request is None:
		return
	if wait := frappe.flags.pop("ops_retry_after", None):
		response.headers["Retry-After"] = str(wait)
	_say_what_failed(response, request)
	if is_ours(request.path):
		response.headers["Cache-Control"] = "no-store, private"
	if not is_link_page(request.path):
		return
	response.headers["Referrer-Policy"] = "no-referrer"
	response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"


def _say_what_failed(response: Any, request: Any) -> None:
	"""An endpoint of ours that failed without a word says in one whether to try again; nothing was saved."""
	status = getattr(response, "status_code", 200)
	if status < 500 or not arguments.method_of(request.path) or response.mimetype != "application/json":
		return
	try:
		answer = json.loads(response.get_data(as_text=True))
	except ValueError:
		return
	if not isinstance(answer, dict) or answer.get("_server_messages"):
		return
	words = (
		_("Somebody else changed this at the same moment. Nothing was saved; try again.")
		if answer.get("exc_type") in AT_ONCE
		else _("This did not work, and nothing was saved. Try again; if it happens once more, tell your service desk.")
	)
	answer["_server_messages"] = json.dumps([json.dumps({"message": words, "indicator": "red"})])
	response.set_data(json.dumps(answer))


def is_link_page(path: str) -> bool:
	"""Whether a signed link opens this path, in any spelling that Frappe takes for it."""
	return path.strip("/ ").removesuffix(".html") in LINK_PAGES
