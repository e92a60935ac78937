"""What proves an intangible result: its measure and what was agreed, read from the record, never typed (8.2.d, 8.3.a-8.6.a)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt
from frappe.utils.data import get_system_timezone

from ops_delivery.domain.deliverables import effects, life
from ops_delivery.domain.deliverables.effects import AT_LEAST, AT_MOST, MET, NOT_MET, OPEN, Value
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, number, reading, site_language
from ops_delivery.services.surveys import rounds
from ops_delivery.services.surveys import templates as survey_templates

# what a deliverable may be made of or be proven by; a complaint and what follows from one is nobody else's to read
SOURCES = (
	*("Issue", "Routine Task", "Routine Finding", "Optimization Plan", "Consulting Report", "Help Article", "Service Survey", "Survey Round"),
	*("Field Service Sheet", "Remote Support Session", "Major Incident Report"),
)
READ = ("record_title", "measure", "target", "verdict")
RESTORE, RESOLVE = "Restore", "Resolution"
ENDED = ("Resolved", "Closed")


class Proof(NamedTuple):
	"""What a record says of a result, in words, and whether that meets the agreement."""

	measure: str
	target: str
	verdict: str


def kinds_for(doc: Any) -> tuple[str, ...]:
	"""The kinds of record that prove a result of its type."""
	result = frappe.get_cached_value("Deliverable Type", doc.deliverable_type, "result")
	return effects.PROVEN_BY.get(result or "", ())


def read(doc: Any) -> None:
	"""Fill the rows of a deliverable from the records they name. One that does not exist is refused by Frappe's own check of links."""
	kinds = kinds_for(doc) if doc.kind == life.INTANGIBLE else ()
	for row in doc.records:
		row.update(dict.fromkeys(READ))
		if not (row.record_doctype and row.record_name and frappe.db.exists(row.record_doctype, row.record_name)):
			continue
		record = frappe.get_doc(row.record_doctype, row.record_name)
		_check_readable(doc, row, record)
		_check_type(doc, row)
		row.record_title = cstr(record.get_title())[:140]
		if row.record_doctype in kinds:
			with reading(site_language(), get_system_timezone()):  # whoever saves it, it says the same
				found = READERS[row.record_doctype](record)
			row.update({"measure": found.measure[:140], "target": found.target[:140], "verdict": found.verdict})


def _check_type(doc: Any, row: Any) -> None:
	if row.record_doctype and row.record_doctype not in SOURCES:
		frappe.throw(
			_("{0}, row {1}: {2} is not a kind of record that a deliverable is made of. Choose one of: {3}.").format(
				frappe.bold(_(doc.meta.get_label("records"), context=doc.doctype)),
				row.idx,
				frappe.bold(escape_html(_(row.record_doctype))),
				", ".join(_(one) for one in SOURCES),
			)
		)


def _check_readable(doc: Any, row: Any, record: Any) -> None:
	"""What somebody may not read they do not bring into a deliverable, for its row says something of it."""
	before = doc.get_doc_before_save()
	known = {(old.record_doctype, old.record_name) for old in before.records} if before else set()
	if (row.record_doctype, row.record_name) not in known and not record.has_permission("read"):
		frappe.throw(
			_("{0}, row {1}: there is no {2} {3} that you can see.").format(
				frappe.bold(_(doc.meta.get_label("records"), context=doc.doctype)),
				row.idx,
				_(row.record_doctype),
				frappe.bold(escape_html(cstr(row.record_name))),
			),
			frappe.PermissionError,
		)


def _issue(issue: Any) -> Proof:
	"""Restored: by the clock of the restoration, else by that of the resolution; without one, that it is resolved at all."""
	clocks = {
		row.commitment: row
		for row in frappe.get_all(
			"Service Clock",
			{"reference_doctype": "Issue", "reference_name": issue.name, "commitment": ["in", [RESTORE, RESOLVE]], "state": ["!=", "Cancelled"]},
			["commitment", "state", "elapsed", "target"],
			order_by="creation",
		)
	}
	clock = clocks.get(RESTORE) or clocks.get(RESOLVE)
	over = issue.status in ENDED
	if not clock:
		return Proof(_("resolved") if over else _("not resolved"), "", MET if over else OPEN)
	done = clock.state == "Met" and over
	value = Value(flt(clock.elapsed) if done else None, flt(clock.target) or None, AT_MOST)
	measure = _("restored after {0}").format(wording.duration(int(clock.elapsed or 0))) if done else _("not restored yet")
	return Proof(measure, _("within {0}").format(wording.duration(int(clock.target))) if clock.target else "", value.verdict)


def _finding(finding: Any) -> Proof:
	if finding.status != "Closed" or finding.outcome not in ("Normal Again", "Removed"):
		return Proof(_(finding.status, context=finding.doctype), "", OPEN)
	said = _(finding.outcome, context=finding.doctype)
	value = f"{finding.first_value or ''} → {finding.normal_value}" if finding.normal_value else ""
	return Proof(" · ".join(filter(None, (said, value, moment(finding.closed_on)))), _("normal"), MET)


def _task(task: Any) -> Proof:
	if task.status != "Done":
		return Proof(_(task.status, context=task.doctype), "", OPEN)
	said = _(task.result, context="Routine Reading") if task.result else _("recorded")
	return Proof(f"{said} · {moment(task.done_on)}", "", MET)


def _plan(plan: Any) -> Proof:
	"""Each metric before, as it was to become, and as it was measured in the trial run; functions that were completed."""
	values = [
		(row, Value(flt(row.measured) if row.measured_on else None, flt(row.target), AT_MOST if row.direction == "At Most" else AT_LEAST))
		for row in plan.metrics
	]
	measure = "; ".join(
		f"{row.metric_name}: {number(row.baseline)} → {'?' if value.measured is None else number(value.measured)} {row.unit or ''}".strip()
		for row, value in values
	)
	target = "; ".join(f"{'≤' if value.direction == AT_MOST else '≥'} {number(row.target)} {row.unit or ''}".strip() for row, value in values)
	done = [row.function_name for row in plan.get("functions") or () if cstr(row.after).strip()]
	if done:
		measure = "; ".join(filter(None, (measure, _("functions: {0}").format(", ".join(done)))))
	verdicts = [value.verdict for _row, value in values] or ([MET] if done else [])
	closed = plan.status == "Closed"
	return Proof(measure, target, effects.together(verdicts) if closed else (NOT_MET if plan.status == "Rolled Back" else OPEN))


def _report(report: Any) -> Proof:
	issued = report.status in ("Issued", "Followed Up")
	return Proof(_("issued on {0}").format(wording.day(report.issued_on)) if issued else _(report.status, context=report.doctype), "", MET if issued else OPEN)


def _article(article: Any) -> Proof:
	return Proof(_("published") if article.published else _("not published"), "", MET if article.published else OPEN)


def _survey(survey: Any) -> Proof:
	if survey.state != "Answered":
		return Proof(_(survey.state, context=survey.doctype), "", OPEN)
	row = frappe.db.get_value("Survey Response", survey.response, ["score", "scored"], as_dict=True) if survey.response else None
	return _scored(flt(row.score) if row and row.scored else None, survey.template_version)


def _round(survey_round: Any) -> Proof:
	if survey_round.state != rounds.CLOSED:
		return Proof(_(survey_round.state, context=survey_round.doctype), "", OPEN)
	if survey_round.anonymous and not survey_round.shown:
		return Proof(_("too few answers"), "", OPEN)
	scores = [flt(row.score) for row in frappe.get_all("Survey Response", {"survey_round": survey_round.name, "scored": 1}, ["score"], order_by="name")]
	return _scored(sum(scores) / len(scores) if scores else None, survey_round.template_version)


def _scored(score: float | None, version: str) -> Proof:
	least = flt(survey_templates.sheet(version).low_score)
	value = Value(score, least or None)
	return Proof(_("{0} of 100").format(number(score, 1)) if score is not None else _("no score"), _("at least {0}").format(number(least, 1)) if least else "", value.verdict)


READERS: dict[str, Callable[[Any], Proof]] = {
	"Issue": _issue,
	"Routine Finding": _finding,
	"Routine Task": _task,
	"Optimization Plan": _plan,
	"Consulting Report": _report,
	"Help Article": _article,
	"Service Survey": _survey,
	"Survey Round": _round,
}
