"""Printed pages as PDF downloads, in the reader's language and time zone."""

import uuid
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.translate import print_language
from frappe.utils import cint, cstr
from frappe.utils import print_format as frappes
from frappe.www.printview import validate_print_permission

from ops_delivery import framework
from ops_delivery.api.clocks import check_clock
from ops_delivery.permissions.gates import open_to_all, staff_only
from ops_delivery.printing import weasy
from ops_delivery.services.clocks import explanation
from ops_delivery.services.deliverables import ways_out
from ops_delivery.services.papers import document_diff as comparison
from ops_delivery.services.papers import frappe_prints as seam
from ops_delivery.services.papers import object_labels as object_label_sheet
from ops_delivery.services.papers import paper as printed
from ops_delivery.services.papers import print_batches as batch
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.papers import survey_paper, trend_paper
from ops_delivery.services.requests import response_record
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared import locale as reader
from ops_delivery.services.shared import wording

COLOURS = {"counted": "#2f86d6", "paused": "#a8a8a8", "closed": "#f0f0f0", "stopped": "#bfe3cf"}
PRINT_FORMAT = "frappe.utils.print_format"
TEMPLATES = "ops_delivery/templates/print/"


@frappe.whitelist(methods=["POST"])
@staff_only
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
@staff_only
def response_record_pdf(doctype: str, name: str) -> None:
	"""The whole response support record of a case (8.4.b.1), for who may read and print it."""
	frappe.has_permission(doctype, "read", name, throw=True)
	frappe.has_permission(doctype, "print", name, throw=True)
	frappe.has_permission("Service Clock", "read", throw=True)
	html = _render("response_record.html", record=response_record.of(doctype, name))
	weasy.send(f"{name} record", html)


@frappe.whitelist(methods=["POST"])
@staff_only
def satisfaction_report(filters: dict | str | None = None) -> None:
	"""The satisfaction report of a scope (8.3.b.4, 8.4.b.4, 8.5.b.4, 8.6.b.4), for who may read and print answers."""
	frappe.has_permission("Survey Response", "read", throw=True)
	frappe.has_permission("Survey Response", "print", throw=True)
	report = survey_paper.of(frappe.parse_json(filters) if filters else {})
	html = _render("satisfaction_report.html", report=report, worth=survey_paper.worth)
	weasy.send(report["title"], html)


@frappe.whitelist(methods=["POST"])
@staff_only
def object_labels(names: str | list, skip: int = 0) -> None:
	"""Labels with QR codes for Service Objects that the reader may print; `skip`: places of the first sheet that are used."""
	labels = object_label_sheet.of(_names(names), skip)
	weasy.send(_("Labels", context="Service Object"), _render("object_labels.html", sheets=labels))


@frappe.whitelist(methods=["POST"])
@staff_only
def object_trend(service_object: str, step_key: str, days: int = 365, bucket: str = "") -> None:
	"""The trend analysis of a metric of an object (8.3.b.3), for who may read and print the object."""
	frappe.has_permission("Service Object", "print", service_object, throw=True)
	paper = trend_paper.of(service_object, step_key, max(0, days), bucket)
	weasy.send(f"{service_object} {paper['title']}", _render("object_trend.html", paper=paper))


@frappe.whitelist(allow_guest=True)
@open_to_all("in place of Frappe's print, which asks for the right to print; customers' portals print by it")
def download_pdf(
	doctype: str,
	name: Any,
	format: str | None = None,
	doc: Any = None,
	no_letterhead: Any = 0,
	language: str | None = None,
	letterhead: str | None = None,
	pdf_generator: str | None = None,
) -> None:
	"""In place of Frappe's method of that name: print formats of ours go through WeasyPrint, all others as before.

	As there, whoever may print the document gets it, and a guest who has the document's own key.
	"""
	if doc is not None or not documents.is_ours(doctype, format):
		with readership.shown_to([frappe.session.user]):
			framework.call_known(
				framework.theirs(f"{PRINT_FORMAT}.download_pdf"),
				doctype=doctype,
				name=name,
				format=format,
				doc=doc,
				no_letterhead=no_letterhead,
				language=language,
				letterhead=letterhead,
				# Frappe's own method refuses names it does not know, and get_print reads this one from the request itself
				pdf_generator=None if pdf_generator == seam.GENERATOR else pdf_generator,
			)
		return ways_out.stamp_answer(doctype, [cstr(name)])
	record = frappe.get_doc(doctype, cstr(name))
	validate_print_permission(record)
	make_access_log(doctype=doctype, document=record.name, file_type="PDF", method="Print", page=cstr(format))
	with print_language(language):
		content = documents.pdf(record, format, bool(cint(no_letterhead)), letterhead)
	weasy.answer(record.name, content)
	ways_out.stamp_answer(doctype, [record.name])


@frappe.whitelist()
@open_to_all("in place of Frappe's print, which asks for the right to print")
def download_multi_pdf(
	doctype: Any,
	name: Any,
	format: str | None = None,
	no_letterhead: Any = False,
	letterhead: str | None = None,
	options: Any = None,
) -> None:
	"""In place of Frappe's method of that name, the list's Print action: formats of ours go through WeasyPrint."""
	if not isinstance(doctype, str) or not documents.is_ours(doctype, format):
		theirs = framework.theirs(f"{PRINT_FORMAT}.download_multi_pdf")
		with readership.shown_to([frappe.session.user]):
			theirs(doctype, name, format, no_letterhead, letterhead, options)
		return ways_out.stamp_answer(doctype, _names(name))
	content = batch.pdf(
		doctype, _names(name), format, bool(cint(no_letterhead)), letterhead, frappe.parse_json(options)
	)
	weasy.answer(doctype, content)
	ways_out.stamp_answer(doctype, _names(name))


@frappe.whitelist()
@open_to_all("in place of Frappe's print, which asks for the right to print")
def download_multi_pdf_async(
	doctype: Any,
	name: Any,
	format: str | None = None,
	no_letterhead: Any = False,
	letterhead: str | None = None,
	options: Any = None,
) -> dict[str, str]:
	"""The same for many records: a job that shows its progress and ends with a private file; returns its task_id."""
	ways_out.refuse_kept_print(doctype, _names(name))
	if not isinstance(doctype, str) or not documents.is_ours(doctype, format):
		theirs = framework.theirs(f"{PRINT_FORMAT}.download_multi_pdf_async")
		return theirs(doctype, name, format, no_letterhead, letterhead, options)
	names, task_id = _names(name), str(uuid.uuid4())
	frappe.has_permission(doctype, "print", throw=True)
	frappe.enqueue(
		print_in_background,
		queue="long" if len(names) > 20 else "short",
		doctype=doctype,
		names=names,
		print_format=format,
		no_letterhead=bool(cint(no_letterhead)),
		letterhead=letterhead,
		options=frappe.parse_json(options),
		task_id=task_id,
	)
	frappe.local.response["http_status_code"] = 201
	return {"task_id": task_id}


@frappe.whitelist()
@open_to_all("in place of Frappe's print preview, which asks for the right to read")
def get_html_and_style(doc: Any, name: Any = None, **kwargs: Any) -> dict[str, Any]:
	"""In place of frappe.www.printview.get_html_and_style: the same, with the watermark of a deliverable's class."""
	# as Frappe calls its own: what a request brings beside its arguments (_lang, cmd) is left out
	shown = frappe.call(framework.theirs("frappe.www.printview.get_html_and_style"), doc=doc, name=name, **kwargs)
	return ways_out.mark_preview(doc, name, shown)


def print_in_background(
	doctype: str,
	names: list[str],
	print_format: str | None,
	no_letterhead: bool,
	letterhead: str | None,
	options: Any,
	task_id: str,
) -> str:
	"""Job: one PDF, told by the events that Frappe's list listens to; the private file's address."""

	def told(done: int, whole: int) -> None:
		frappe.publish_progress(
			percent=100 * done / whole,
			title=_("PDF Generation in Progress", context="Ops Delivery"),
			description=_("{0} of {1} printed. Leave this page open until the end.").format(done, whole),
			task_id=task_id,
		)

	try:
		content = batch.pdf(doctype, names, print_format, no_letterhead, letterhead, options, told)
	except Exception:
		frappe.publish_realtime(task_id=task_id, message={"message": "Failed"})
		raise
	file = frappe.get_doc(
		{"doctype": "File", "file_name": f"{doctype} {task_id}.pdf", "content": content, "is_private": 1}
	).insert()
	frappe.publish_realtime(
		f"task_complete:{task_id}", message={"file_url": file.unique_url}, user=frappe.session.user
	)  # not, as Frappe does, to everybody at a desk
	return file.file_url


def _names(given: Any) -> list[str]:
	names = frappe.parse_json(given)
	if not isinstance(names, list):
		names = [given]
	return [cstr(name) for name in names]


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
			"day": wording.day,
			"duration": wording.duration,
			"remaining": wording.remaining,
			"text": reader.text,  # plain texts are stored with what looks like a tag escaped
			"rich": printed.rich_text,
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
