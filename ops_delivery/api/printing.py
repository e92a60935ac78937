"""Printed pages as PDF downloads, in the reader's language and time zone."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.translate import print_language
from frappe.utils import cint, cstr, print_format
from frappe.utils.html_utils import sanitize_html
from frappe.www.printview import validate_print_permission

from ops_delivery.api.clocks import check_clock
from ops_delivery.printing import documents, weasy
from ops_delivery.services import comparison, explanation, response_record, survey_paper, wording

COLOURS = {"counted": "#2f86d6", "paused": "#a8a8a8", "closed": "#f0f0f0", "stopped": "#bfe3cf"}
TEMPLATES = "ops_delivery/templates/print/"


@frappe.whitelist(methods=["POST"])
def clock_explanation(clock: str) -> None:
	"""How one clock came to its figures, for who may read and print it and its record (5.3.b)."""
	row = check_clock(clock)
	frappe.has_permission("Service Clock", "print", clock, throw=True)
	facts = explanation.explain(clock)
	title = frappe.get_cached_value(
		row.reference_doctype, row.reference_name, _title_field(row.reference_doctype)
	)
	html = _render("clock_explanation.html", clock=facts, title=title)
	weasy.send(f"{row.reference_name} clock {clock}", html)


@frappe.whitelist(methods=["POST"])
def response_record_pdf(doctype: str, name: str) -> None:
	"""The whole response support record of a case (8.4.b.1), for who may read and print it."""
	frappe.has_permission(doctype, "read", name, throw=True)
	frappe.has_permission(doctype, "print", name, throw=True)
	frappe.has_permission("Service Clock", "read", throw=True)
	html = _render("response_record.html", record=response_record.of(doctype, name))
	weasy.send(f"{name} record", html)


@frappe.whitelist(methods=["POST"])
def satisfaction_report(filters: dict | str | None = None) -> None:
	"""The satisfaction report of a scope (8.3.b.4, 8.4.b.4, 8.5.b.4, 8.6.b.4), for who may read and print answers."""
	frappe.has_permission("Survey Response", "read", throw=True)
	frappe.has_permission("Survey Response", "print", throw=True)
	report = survey_paper.of(frappe.parse_json(filters) if filters else {})
	html = _render("satisfaction_report.html", report=report, worth=survey_paper.worth)
	weasy.send(report["title"], html)


@frappe.whitelist(allow_guest=True)
def download_pdf(
	doctype: str,
	name: str,
	format: str | None = None,
	doc: Any = None,
	no_letterhead: Any = 0,
	language: str | None = None,
	letterhead: str | None = None,
) -> None:
	"""In place of Frappe's method of that name: print formats of ours go through WeasyPrint, all others as before.

	As there, whoever may print the document gets it, and a guest who has the document's own key.
	"""
	if doc is not None or not documents.is_ours(doctype, format):
		return print_format.download_pdf(doctype, name, format, doc, no_letterhead, language, letterhead)
	record = frappe.get_doc(doctype, cstr(name))
	validate_print_permission(record)
	with print_language(language):
		content = documents.pdf(record, format, bool(cint(no_letterhead)), letterhead)
	weasy.answer(record.name, content)


def comparison_page(old: Any, new: Any) -> str:
	"""The page that sets two versions of a document against each other (5.5.g); the caller checks who may see them."""
	return _render("comparison.html", old=old, new=new, fragment=comparison.html(old, new))


def _render(template: str, **context: Any) -> str:
	zone = wording.reader_zone()

	def when(instant: str | datetime | None) -> str:
		if isinstance(instant, str):
			instant = datetime.fromisoformat(instant)
		return wording.moment(instant, zone)

	return frappe.render_template(
		TEMPLATES + template,
		{
			**context,
			"when": when,
			"day": frappe.utils.formatdate,
			"duration": wording.duration,
			"remaining": wording.remaining,
			"rich": lambda text: sanitize_html(text or "", linkify=False),
			"zone": zone,
			"printed": when(explanation.utc_now()),
			"printed_by": frappe.utils.get_fullname(),
			"bar_parts": _bar_parts,
			"colours": COLOURS,
			"lang": frappe.local.lang or "en",
			"kinds": {
				"counted": _("Counted"),
				"paused": _("Paused"),
				"closed": _("Outside service hours"),
				"stopped": _("Done, then reopened"),
			},
		},
	)


def _bar_parts(clock: dict[str, Any]) -> list[tuple[str, float, float]]:
	"""The segments of a clock as (kind, start, width) on a bar of 1000; a day or month is split by its kinds."""
	whole = sum(segment["seconds"] for segment in clock["segments"]) or 1
	parts, at = [], 0.0
	for segment in clock["segments"]:
		single = segment["kind"] in COLOURS
		for kind in [segment["kind"]] if single else COLOURS:
			seconds = segment["seconds"] if single else segment[kind]
			if seconds:
				width = 1000 * seconds / whole
				parts.append((kind, round(at, 2), round(width, 2)))
				at += width
	return parts


def _title_field(doctype: str) -> str:
	return frappe.get_meta(doctype).get_title_field()
