"""The course of a request as its customer may see it: what happened, what was written, which files (6.3.f, 6.3.j).

Notes that staff keep among themselves and automatic notices are no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime, strip_html

from ops_delivery.permissions import ownership
from ops_delivery.services.requests import acceptance_decision
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, safe_html, text


def reported_on(row) -> Any:
	"""When it was reported; a report by phone may have been entered later."""
	if row.opening_date and row.opening_time is not None:
		return get_datetime(f"{row.opening_date} {row.opening_time}")
	return row.creation


def messages(doc) -> list[frappe._dict]:
	"""What was written between us and the customer, without notes of our own and without automatic notices."""
	return frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": "Issue",
			"reference_name": doc.name,
			"communication_type": "Communication",
			"sent_or_received": ["in", ["Sent", "Received"]],
			"email_status": ["not in", ["Spam", "Trash"]],
		},
		fields=[
			"name",
			"creation",
			"communication_date",
			"sent_or_received",
			"sender",
			"sender_full_name",
			"content",
		],
		order_by="creation asc",
		limit=200,
	)


def course(
	doc, clocks: list[frappe._dict], messages: list[frappe._dict], picture: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
	"""What happened, newest first: {when, what, who, text_html}."""
	found = happened(doc, clocks, messages, picture)
	found.sort(key=lambda item: item[0], reverse=True)
	return [{"when": moment(at), **event} for at, event in found]


def happened(
	doc, clocks: list[frappe._dict], messages: list[frappe._dict], picture: Callable[[str], str] | None = None
) -> list[tuple[Any, dict[str, Any]]]:
	"""The same with its moments as they are stored, in no order: (moment, {what, who, text_html, ours})."""
	found: list[tuple[Any, dict[str, Any]]] = []

	def add(at, what: str, who: str = "", text_html: str = "", ours: bool = True) -> None:
		if at:
			found.append((get_datetime(at), {"what": what, "who": who, "text_html": text_html, "ours": ours}))

	add(reported_on(doc), _("Report received"), doc.raised_by or "", ours=False)
	add(doc.get("ops_departed_on"), _("Our engineer set out"))
	add(doc.get("ops_arrived_on"), _("Our engineer arrived on site"))
	add(doc.get("ops_restored_on"), _("Service restored"))
	for message in messages:
		ours = message.sent_or_received == "Sent"
		if not ours and _is_same_text(message.content, doc.description):
			continue  # ERPNext keeps the report itself as a message too
		add(
			message.communication_date or message.creation,
			_("We wrote") if ours else _("You wrote"),
			message.sender_full_name or message.sender or "",
			safe_html(message.content, picture),
			ours,
		)
	for at, what in _changed_promises(doc):
		add(at, what)
	for event in _pauses(clocks):
		add(
			event.at,
			_("Paused") if event.kind == "Pause" else _("Work goes on"),
			"",
			_paragraph(event.reason),
		)
	for row in _answers(doc):
		add(row.requested_on, _("Result offered for your acceptance"))
		if row.decided_on:
			add(
				row.decided_on,
				_(row.state, context="Service Acceptance"),
				row.decided_by_name or "",
				_paragraph(row.comment),
				False,
			)
	return found


def _pauses(clocks: list[frappe._dict]) -> list[frappe._dict]:
	resolution = next(
		(c for c in reversed(clocks) if c.commitment == "Resolution"), clocks[-1] if clocks else None
	)
	if not resolution:
		return []
	return frappe.get_all(
		"Service Clock Event",
		filters={"clock": resolution.name, "kind": ["in", ["Pause", "Resume"]]},
		fields=["at", "kind", "reason"],
		order_by="seq asc",
	)


def _changed_promises(doc) -> list[tuple[Any, str]]:
	"""When another time was promised than before, or none any more, such as after the report was judged: (moment, in words)."""
	clock, event = frappe.qb.DocType("Service Clock"), frappe.qb.DocType("Service Clock Event")
	before: dict[str, int] = {}
	found = []
	for row in (
		frappe.qb.from_(event)
		.inner_join(clock)
		.on(clock.name == event.clock)
		.select(event.clock, event.kind, event.at, event.target, event.reason, clock.commitment)
		.where((clock.reference_doctype == doc.doctype) & (clock.reference_name == doc.name))
		.orderby(event.clock, event.seq)
	).run(as_dict=True):
		was, now = before.get(row.clock), cint(row.target)
		commitment, what = _(row.commitment, context="Service Commitment"), ""
		if row.kind == "Cancelled":
			# without a reason it is not needed any more, as an arrival where it was solved from afar
			if was and row.reason and doc.ops_validity == "Valid":
				what = _("{0}: nothing is promised any more, before within {1} of service hours").format(
					commitment, wording.duration(was)
				)
		elif was and now and was != now:
			what = _("{0}: promised within {1} of service hours, before within {2}").format(
				commitment, wording.duration(now), wording.duration(was)
			)
		if what:
			found.append((row.at, what))
		before[row.clock] = now or was
	return found


def _answers(doc) -> list[frappe._dict]:
	return frappe.get_all(
		acceptance_decision.DOCTYPE,
		filters={"reference_doctype": "Issue", "reference_name": doc.name},
		fields=["state", "requested_on", "decided_on", "decided_by_name", "comment"],
		order_by="round asc",
	)


def _is_same_text(one: str | None, other: str | None) -> bool:
	"""By their words; of pictures alone there are none to compare."""
	words = strip_html(cstr(one)).strip()
	return words == strip_html(cstr(other)).strip() and (bool(words) or cstr(one).strip() == cstr(other).strip())


def _paragraph(stored: str | None) -> str:
	return f"<p>{escape_html(text(stored))}</p>" if stored else ""


def files(doc, messages: list[frappe._dict]) -> list[dict[str, str]]:
	"""Files the customer may have: what came with messages, and what their own side attached to the request."""
	files = frappe.qb.DocType("File")
	names = [message.name for message in messages]
	own = (files.attached_to_doctype == "Issue") & (files.attached_to_name == doc.name)
	sent = (files.attached_to_doctype == "Communication") & files.attached_to_name.isin(names or [""])
	rows = (
		frappe.qb.from_(files)
		.select(files.name, files.file_name, files.file_url, files.owner, files.attached_to_doctype)
		.where((own | sent) & (files.is_folder == 0))
		.orderby(files.creation)
	).run(as_dict=True)
	return [
		{"name": row.name, "file_name": row.file_name or row.file_url, "url": row.file_url}
		for row in rows
		if row.attached_to_doctype == "Communication"
		or row.file_url == doc.get("attachment")
		or not ownership.is_staff(row.owner)
	]


def pictures(issue: str, files: list[dict[str, str]]) -> Callable[[str], str]:
	"""For safe_html: the address by which the customer sees a picture that is one of the request's files."""
	by_address = {file["url"]: file["name"] for file in files}

	def address(stored: str) -> str:
		name = by_address.get(stored.partition("?")[0])
		return (
			f"/api/method/ops_delivery.api.portal.attachment?issue={quote(issue, safe='')}&file={quote(name, safe='')}"
			if name
			else ""
		)

	return address
