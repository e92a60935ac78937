"""The figures of a service report, made in the background: asked for once, seen on the way, taken up again after a lost worker (8.3.b.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_datetime, getdate

from ops_delivery.domain.service_report import compiling, life
from ops_delivery.domain.service_report.compiling import Row
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.reports import rules, templates
from ops_delivery.services.reports.collect import collect
from ops_delivery.services.reports.sections import SECTIONS
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import in_site_language, text
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, EVENT = rules.DOCTYPE, "ops_service_report"
JOB = "ops_delivery.services.reports.making.run"
SECONDS = 1800  # that a making may take
STATE = ["status", "making_state", "making_run", "making_done", "making_section", "making_beat", "making_error", "figures_on", "modified"]


class FiguresFixed(frappe.ValidationError):
	"""The figures of a published report were to be made anew."""


def start(name: str) -> dict[str, Any]:
	"""Have the figures of a report made behind the commit; where they are being made already, nothing more. Returns the progress.

	Needs the right to write it. FiguresFixed once it is published; frappe.ValidationError where no queue answers.
	"""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	if doc.status not in life.OPEN:
		frappe.throw(
			_("{0} is {1}: its figures stay as they are. Use {2} to make them anew as the next version.").format(
				frappe.bold(escape_html(text(doc.title))), frappe.bold(_(doc.status, context=DOCTYPE)), frappe.bold(_("Revise"))
			),
			FiguresFixed,
		)
	if life.is_alive(doc.making_state, _quiet(doc.making_beat)):
		return progress(name)
	token = frappe.generate_hash(length=12)
	_note(name, making_state=life.WAITING, making_run=token, making_done=0, making_section="", making_error="")
	try:
		# the token is part of the key: a job that died under it holds up no other
		job_queue.enqueue(JOB, queue="long", timeout=SECONDS, job_id=f"{EVENT}_{name}_{token}", enqueue_after_commit=True, name=name, token=token)
	except job_queue.QueueAway:
		frappe.throw(_("Jobs in the background do not run at the moment, so the figures are not made. Nothing was changed; try again later."))
	return progress(name)


def progress(name: str) -> dict[str, Any]:
	"""How far the making is: {state, done (percent), section (in words), error, stopped, figures_on, status}. `stopped`: no sign of life."""
	row = frappe.db.get_value(DOCTYPE, name, STATE, as_dict=True)
	if not row:
		raise frappe.DoesNotExistError
	running = row.making_state in (life.WAITING, life.RUNNING)
	return {
		"state": row.making_state or "",
		"done": cint(row.making_done),
		"section": words.say(SECTIONS[row.making_section].heading) if row.making_section in SECTIONS else "",
		"error": text(row.making_error),
		"stopped": running and not life.is_alive(row.making_state, _quiet(row.making_beat)),
		"figures_on": row.figures_on,
		"status": row.status,
		"modified": str(row.modified),
	}


@in_site_language
def run(name: str, token: str) -> None:
	"""Job: make the figures of a report, tell how far it is, and put them into it. Once more, or for a later asking, it does nothing."""
	if not _takes(name, token):
		return
	try:
		doc = frappe.get_doc(DOCTYPE, name)
		template = templates.rows(doc.template, doc)
		keys = [key for key in compiling.wanted(template, _rows(doc)) if key in SECTIONS]
		found = collect(doc.agreement, getdate(doc.period_from), getdate(doc.period_to), keys, lambda *said: _tell(name, token, *said))
		put(name, token, {key: section.to_dict() for key, section in found.items()})
		frappe.db.commit()  # nosemgrep: a job of its own; what is told next is there
	except Overtaken:
		frappe.db.rollback()
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(title=f"Ops Delivery: the figures of {name} could not be made", reference_doctype=DOCTYPE, reference_name=name)
		if frappe.db.get_value(DOCTYPE, name, "making_run") == token:
			said = str(error) if isinstance(error, frappe.ValidationError) else _("Something went wrong. It stands in the Error Log.")
			_note(name, making_state=life.FAILED, making_error=frappe.utils.strip_html(said)[:500])
		frappe.db.commit()  # nosemgrep: that it failed is seen
	_publish(name)


class Overtaken(Exception):
	"""The report was asked for anew, published or deleted meanwhile: what this run made is nobody's."""


def put(name: str, token: str, figures: Mapping[str, Mapping[str, Any]]) -> None:
	"""Put figures into a report as it is now: headings and texts stay, also those saved meanwhile. Overtaken."""
	if not frappe.db.exists(DOCTYPE, name):
		raise Overtaken
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if doc.making_run != token or doc.status not in life.OPEN:
		raise Overtaken
	old = {row.name: row for row in doc.sections}
	merged = compiling.merge(templates.rows(doc.template, doc), _rows(doc), figures)
	doc.set("sections", [])
	for row in merged:
		values = {"section": templates.NAMES.get(row.section, ""), "heading": row.heading, "introduction": row.introduction, "text": row.text}
		values["figures"] = json.dumps(row.figures, ensure_ascii=False, default=str, separators=(",", ":")) if row.figures else None
		if row.name in old:
			doc.append("sections", {**old[row.name].as_dict(), **values, "idx": None})
		else:
			doc.append("sections", values)
	doc.update({"making_state": life.MADE, "making_done": 100, "making_section": "", "making_error": "", "figures_on": site_now().replace(microsecond=0)})
	by_steps.take(doc).save(ignore_permissions=True)


def _rows(doc: Any) -> list[Row]:
	return [
		Row(templates.KEYS.get(row.section, ""), row.heading or "", row.introduction or "", row.text or "", json.loads(row.figures) if row.figures else None, row.name)
		for row in doc.sections
	]


def _takes(name: str, token: str) -> bool:
	"""Whether this run is the one that was asked for last, and has not begun; it has then."""
	row = frappe.db.get_value(DOCTYPE, name, ["making_run", "making_state", "status"], as_dict=True, for_update=True)
	if not row or row.making_run != token or row.making_state != life.WAITING or row.status not in life.OPEN:
		return False
	_note(name, making_state=life.RUNNING)
	frappe.db.commit()  # nosemgrep: that it has begun is seen
	_publish(name)
	return True


def _tell(name: str, token: str, key: str, done: int, of: int) -> None:
	if frappe.db.get_value(DOCTYPE, name, "making_run") != token:
		raise Overtaken
	_note(name, making_done=round(100 * done / max(1, of)), making_section=key)
	frappe.db.commit()  # nosemgrep: how far it is, and that it lives, is seen
	_publish(name)


def _note(name: str, **values: Any) -> None:
	"""Progress is no content: the form that is open stays what it is, and nothing is said to have been changed."""
	frappe.db.set_value(DOCTYPE, name, {**values, "making_beat": site_now().replace(microsecond=0)}, update_modified=False)


def _publish(name: str) -> None:
	frappe.publish_realtime(EVENT, {"name": name}, doctype=DOCTYPE, docname=name)


def _quiet(beat: Any) -> float | None:
	return (site_now() - get_datetime(beat)).total_seconds() if beat else None
