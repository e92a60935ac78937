"""The deliverable that hands a major-incident report over: linked by itself, given the report's PDF when that is published (8.4.b.3).

What the deliverable's own life asks for (the check of its files, its review, its publication) stays as it is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html
from frappe.utils.data import get_system_timezone

from ops_delivery.domain import major
from ops_delivery.domain.deliverables import life
from ops_delivery.domain.events import IncidentReportPublished
from ops_delivery.permissions import steps
from ops_delivery.services.deliverables import ways_out
from ops_delivery.services.papers import prints
from ops_delivery.services.reviews import readership
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import language_of, reading

REPORT, DELIVERABLE, TYPE = "Major Incident Report", "Deliverable", "Major Incident Report"


class NotHandedOver(frappe.ValidationError):
	"""A report cannot be handed over as it stands."""


def link(issue: str) -> None:
	"""The report on a request is what the deliverable promised of it hands over: linked, with the day it is due. Again, it changes nothing."""
	report = frappe.db.get_value(REPORT, {"issue": issue}, ["name", "deliverable"], as_dict=True)
	if not report or report.deliverable:
		return
	found = frappe.get_all(
		DELIVERABLE,
		{"event_doctype": "Issue", "event_name": issue, "status": ["!=", life.CANCELLED]},
		["name", "due_date", "audience"],
		order_by="creation, name",
	)
	if found:
		first = next((row for row in found if row.audience == "Customer"), found[0])
		frappe.db.set_value(REPORT, report.name, {"deliverable": first.name, "due_date": first.due_date})


def follow_published(event: IncidentReportPublished) -> None:
	"""Reaction: a report was published. Its PDF goes to its deliverable, in the background."""
	job_queue.enqueue_after_commit("ops_delivery.services.deliverables.incident_reports.hand_over_published", queue="short", name=event.name)


def hand_over_published(name: str) -> None:
	"""Job: hand a published report over where that is possible now; else somebody does it by the button."""
	doc = frappe.get_doc(REPORT, name)
	if doc.status == major.PUBLISHED and doc.deliverable and cint(doc.handed_version) != cint(doc.version):
		if frappe.db.get_value(DELIVERABLE, doc.deliverable, "status") == life.COMPILING:
			hand_over(name)


def hand_over(name: str) -> str:
	"""The PDF of a published report becomes the file of its deliverable, in place of that of an earlier version; the deliverable.

	Where nothing was promised a deliverable is made. NotHandedOver says what is in the way. Again, it changes nothing.
	"""
	doc = frappe.get_doc(REPORT, name, for_update=True)
	doc.check_permission("write")
	if doc.status != major.PUBLISHED:
		_refuse(doc, _("It is handed over when it is published."))
	link(doc.issue)
	doc.deliverable = frappe.db.get_value(REPORT, name, "deliverable") or _make(doc)
	target = frappe.get_doc(DELIVERABLE, doc.deliverable, for_update=True)
	target.check_permission("write")
	if cint(doc.handed_version) == cint(doc.version):
		return target.name
	if target.status != life.COMPILING:
		_refuse(
			doc,
			_("Its deliverable {0} is {1}. Revise that, or return it to the draft, then hand the report over.").format(
				escape_html(target.name), _(target.status, context=DELIVERABLE)
			),
		)
	file = uploads.attach(DELIVERABLE, target.name, f"{doc.name}-v{cint(doc.version) or 1}.pdf", pdf(doc))
	target.set("files", [row for row in target.files if not cstr(row.note).startswith(doc.name)])
	target.append("files", {"file": file.file_url, "note": f"{doc.name} · v{cint(doc.version) or 1}"})
	if not any(row.record_name == doc.name for row in target.records):
		target.append("records", {"record_doctype": REPORT, "record_name": doc.name})
	target.save()
	frappe.db.set_value(REPORT, name, "handed_version", cint(doc.version))
	return target.name


def pdf(doc: Any) -> bytes:
	"""A report as its customer may read it, in the customer's language."""
	with ways_out.kept_copy(), readership.shown_to_customer(), reading(language_of(None, doc.customer), get_system_timezone()):
		return prints.pdf(frappe.get_doc(REPORT, doc.name), REPORT)


def _make(doc: Any) -> str:
	"""A deliverable for a report that no agreement promised."""
	if not frappe.db.get_value("Deliverable Type", TYPE, "enabled"):
		_refuse(
			doc,
			_("There is no enabled {0} {1}. Switch it on, or make a deliverable by hand.").format(
				_("Deliverable Type"), frappe.bold(_(TYPE, context="Deliverable Type"))
			),
		)
	made = frappe.new_doc(DELIVERABLE)
	made.update(
		{
			"title": cstr(doc.title)[:140],
			"deliverable_type": TYPE,
			"agreement": doc.agreement,
			"customer": doc.customer,
			"compiler": doc.compiler,
			"audience": "Customer",
			"frequency": _("after a major incident"),
		}
	)
	steps.take(made).insert()
	frappe.db.set_value(REPORT, doc.name, "deliverable", made.name)
	return made.name


def _refuse(doc: Any, way_out: str) -> None:
	frappe.throw(_("{0} is {1}. {2}").format(frappe.bold(doc.name), frappe.bold(_(doc.status, context=REPORT)), way_out), NotHandedOver)
