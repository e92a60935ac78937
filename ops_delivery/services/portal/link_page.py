"""Pages that a signed link opens, without a log-in (6.3.g, 6.3.j).

The code of a link never stands in an address: a mail says `/page#code`, and what follows the # reaches no server, log
or other site. A script of the page posts it; who runs no script pastes the link into the page's one field. Answers to
posts are shown at once, without a redirect, so the code stays in the body of posts. A link of the old kind (`?token=`)
is sent on to the address without it.

A new page: its path into LINK_PAGES of `portal/page_base.py`, a template and a controller.

	{% extends "templates/includes/ops_link_page.html" %}
	{% block link_content %}
	<h1>{{ subject | e }}</h1>
	{% if waiting %}<form method="post" action="{{ path | e }}" data-ops-once>{{ ops.link_fields(csrf_token, token) }}
		<textarea name="comment">{{ (form.get("comment") or "") | e }}</textarea> … <button …>
	</form>{% endif %}
	{% endblock %}

	no_cache = 1

	def get_context(context):
		link_page.serve(context, "/survey", _("Survey"), read=surveys.read_link, show=_show, act=_act)

	def _show(context, found):  # found is what `read` gave: (link, document)
		context.subject, context.waiting = …

	def _act(form, token):  # a form of the page was sent; raise to refuse: the error is shown, what was typed is kept
		surveys.answer_by_link(token, form.get("comment", ""))

`read(token)` is the one check: it calls `signed_link.read` and raises `signed_link.InvalidLink` unless the record still
waits for that addressee, or was answered by them and may be shown. Staff are refused by `act`, not by `read`. The
template knows `title`, `path`, `token`, `csrf_token`, `form`, `error`, `done` (the form was carried out), `is_staff`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.shared import call_limits as limits
from ops_delivery.services.shared import signed_link

OPENS_PER_HOUR, ACTS_PER_HOUR = 600, 300  # of one network address; a whole office may have one
REFUSED = (signed_link.InvalidLink, frappe.RateLimitExceededError)


class Code(str):
	"""A link's code. Where a variable is printed, in an error's log, it hides itself."""

	__slots__ = ()

	def __repr__(self) -> str:
		return "'********'"


def serve(
	context: Any,
	path: str,
	title: str,
	read: Callable[[str], Any],
	show: Callable[[Any, Any], None],
	act: Callable[[Any, str], None] | None = None,
) -> None:
	"""The whole controller of a link's page; see the module. `path` stands in page.LINK_PAGES."""
	page.begin(context, title)
	token = Code(code_of(frappe.form_dict.pop("token", None)))
	context.update(path=path, token="", opened=False, done=False, is_staff=is_staff())
	request = getattr(frappe.local, "request", None)
	if not request or request.method != "POST":
		if token:  # a link that was mailed before codes left the address
			page.redirect(f"{path}#{quote(token)}")
		return
	try:
		limits.count("link_page.open", OPENS_PER_HOUR)
		found = read(token)
		if act and frappe.form_dict.get("act"):
			_carry_out(context, act, _without_code(request.form), token)
			found = read(token)
		context.token, context.opened = token, True
		show(context, found)
	except REFUSED as error:
		frappe.clear_messages()
		context.update(error=page.said(error), token="", opened=False, done=False)
		context.http_status_code = getattr(error, "http_status_code", 403)


def code_of(text: str | None) -> str:
	"""The code in what somebody pasted: the code itself, or the whole link, of either kind."""
	text = unquote("".join((text or "").split()))
	for mark in ("#", "?token="):
		if mark in text:
			text = text.rpartition(mark)[2]
	return text.partition("&")[0]


def _carry_out(context: Any, act: Callable[[Any, str], None], form: Any, token: str) -> None:
	"""Frappe 16 logs errors with what stands in tuples, whatever its repr says; a variable named token it leaves out.
	So the code goes through no arguments of a wrapper."""

	def carry_out(form: Any) -> str:
		limits.count("link_page.act", ACTS_PER_HOUR)
		act(form, token)
		return ""

	context.done = page.on_submit(context, carry_out, form)


def _without_code(form: Any) -> Any:
	form = form.copy()
	form.poplist("token")
	return form
