"""A published report as a PDF: kept beside it, and handed to the deliverable it was made for, under that one's own rules (8.2.e, 8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from ops_delivery.domain.deliverables import life as deliverable_life
from ops_delivery.domain.service_report import life
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.deliverables import rules as deliverable_rules
from ops_delivery.services.deliverables import ways_out
from ops_delivery.services.papers import prints
from ops_delivery.services.reviews import phase_guard
from ops_delivery.services.reviews.readership import shown_to_customer
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import language_of, reading, site_language
from ops_delivery.services.shared.site_time import site_now

REPORT, DELIVERABLE, FILE = "Service Report", "Deliverable", "File"
FORMAT = "Service Report"
JOB = "ops_delivery.services.reports.publishing.run"
SAVEPOINT = "ops_report_pdf"


def soon(name: str) -> None:
	"""Make the PDF behind the commit. A lost job is taken up by the daily run."""
	job_queue.enqueue_after_commit(JOB, queue="long", name=name)


def run(name: str) -> None:
	"""Job: the PDF of a published report is made, kept and handed over; once more, it finds nothing to do."""
	doc = frappe.get_doc(REPORT, name, for_update=True)
	if doc.status not in life.SHOWN or doc.handed_over_on:
		return
	with reading(language_of(None, doc.customer) or site_language()):
		file = keep(doc)
		if doc.deliverable:
			hand_over(doc, file)
	by_steps.take(doc).db_set("handed_over_on", site_now().replace(microsecond=0), update_modified=False)


def run_left() -> None:
	"""Scheduled daily: published reports without their PDF, whose job was lost or failed."""
	for name in frappe.get_all(REPORT, {"status": ["in", life.SHOWN], "handed_over_on": ["is", "not set"]}, pluck="name", order_by="name"):
		frappe.db.savepoint(SAVEPOINT)
		try:
			run(name)
		except frappe.QueryDeadlockError:
			raise  # it has taken the savepoint back, too
		except Exception:
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.clear_messages()
			frappe.log_error(title=f"Ops Delivery: the PDF of {name} could not be made", reference_doctype=REPORT, reference_name=name)
		frappe.db.commit()  # nosemgrep: each by itself


def pdf(doc: Any) -> bytes:
	"""The report as its customer gets it, in the reader's language."""
	with ways_out.kept_copy(), shown_to_customer():
		return prints.pdf(doc, FORMAT)


def keep(doc: Any) -> Any:
	"""The PDF of this version as a private file of the report, made now. None is looked up by its name: anybody who writes the report
	could have laid one there."""
	name = f"{doc.name}-v{cint(doc.version) or 1}.pdf"
	file = frappe.get_doc({"doctype": FILE, "attached_to_doctype": REPORT, "attached_to_name": doc.name, "file_name": name, "content": pdf(doc), "is_private": 1})
	return file.insert(ignore_permissions=True)


def hand_over(doc: Any, file: Any) -> None:
	"""The PDF becomes the file of the deliverable, which goes on to its review where it lacks nothing else.

	Its own rules hold: its review, the look at its files, its approver. One that is published, archived, destroyed or cancelled is not
	touched: a remark on the report says that it is revised first.
	"""
	target = frappe.get_doc(DELIVERABLE, doc.deliverable, for_update=True)
	if target.status not in deliverable_life.OPEN:
		_remark(doc, target)
		return
	ours = set(frappe.get_all(FILE, {"attached_to_doctype": REPORT, "attached_to_name": doc.name}, pluck="file_url"))
	if file.file_url not in [row.file for row in target.files]:
		for row in [row for row in target.files if row.file in ours]:
			target.remove(row)  # of a former version
		target.append("files", {"file": file.file_url, "note": f"{doc.name}, {_('version {0}').format(cint(doc.version) or 1)}"})
	target.content = target.content or doc.title
	target.security_class = _stricter(target.security_class, doc.security_class)
	target.period_from, target.period_to = target.period_from or doc.period_from, target.period_to or doc.period_to
	by_steps.take(target).save(ignore_permissions=True)
	if target.status == deliverable_life.COMPILING and not deliverable_rules.missing(target, deliverable_life.IN_REVIEW):
		phase_guard.enter(target, deliverable_life.IN_REVIEW)


def _stricter(one: str | None, other: str | None) -> str | None:
	"""Of two security classes that of the higher rank: what a report says goes out under no lower one."""
	ranked = frappe.get_all("Service Security Class", {"name": ["in", [one or "", other or ""]]}, pluck="name", order_by="`rank` desc, name")
	return ranked[0] if ranked else one or other


def _remark(doc: Any, target: Any) -> None:
	said = _("{0} is {1}, so it was not given the PDF of this version. Revise it, and use {2} here.").format(
		escape_html(target.name), _(target.status, context=DELIVERABLE), _("Hand over the PDF")
	)
	doc.add_comment("Info", said)


def again(name: str) -> None:
	"""Hand the PDF of a published report over once more: its deliverable was chosen, or is revised, since. Needs the right to write it."""
	doc = frappe.get_doc(REPORT, name)
	doc.check_permission("write")
	if doc.status not in life.SHOWN:
		frappe.throw(_("{0} is not published yet. Its PDF is handed over when it is.").format(frappe.bold(escape_html(doc.title))))
	by_steps.take(doc).db_set("handed_over_on", None, update_modified=False)
	soon(name)
