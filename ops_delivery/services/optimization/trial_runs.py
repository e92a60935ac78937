"""The trial run of an optimization plan on a site: its period, its readings, and whether it held (6.4.c, 8.5.a.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, escape_html, format_date, format_datetime, getdate

from ops_delivery.domain import trial_run
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.optimization import row_checks as optimization_rows
from ops_delivery.services.optimization.completeness import CLOSED, DOCTYPE, TRIAL_RUN, label
from ops_delivery.services.shared import site_time

READING = "Trial Reading"
DIRECTIONS = {"At Least": trial_run.AT_LEAST, "At Most": trial_run.AT_MOST}


def period(doc) -> trial_run.Period | None:
	"""The observation period in whole days of the site's calendar, its last day included; None while it has none.

	frappe.ValidationError where it ends before it starts or the days to settle use it up.
	"""
	if not (doc.trial_start and doc.trial_end):
		return None
	start, end = _midnight(doc.trial_start), _midnight(add_days(doc.trial_end, 1))
	settled = _midnight(add_days(doc.trial_start, cint(doc.grace_days)))
	try:
		return trial_run.Period(start, end, settled - start)
	except DomainError as error:
		if error.code == "period_reversed":
			frappe.throw(
				_("Observation Period: {0} ({1}) lies before {2} ({3}). Change one of them.").format(
					_label(doc, "trial_end"),
					format_date(doc.trial_end),
					_label(doc, "trial_start"),
					format_date(doc.trial_start),
				)
			)
		frappe.throw(
			_(
				"Observation Period: it ends within the {0} days to settle. Choose a later end than {1}."
			).format(cint(doc.grace_days), format_date(doc.trial_end))
		)


def metrics(doc) -> list[trial_run.Metric]:
	"""The plan's metrics as the domain knows them."""
	return [
		trial_run.Metric(row.metric_name, row.unit, float(row.target or 0), DIRECTIONS[row.direction])
		for row in doc.metrics
	]


def readings(doc) -> list[frappe._dict]:
	"""Every reading of the plan, those set aside too, in the order of time."""
	return frappe.get_all(
		READING,
		filters={"plan": doc.name},
		fields=[
			"name",
			"metric",
			"value",
			"unit",
			"taken_on",
			"taken_by",
			"verdict",
			"remark",
			"set_aside",
			"set_aside_reason",
			"set_aside_by",
			"plan_version",
		],
		order_by="taken_on, creation",
	)


def verdict(doc, rows: Sequence[frappe._dict] | None = None) -> trial_run.Verdict | None:
	"""What the readings of this version of the plan say now; None while there is no period."""
	span = period(doc)
	if not span:
		return None
	rows = readings(doc) if rows is None else rows
	return trial_run.judge(
		metrics(doc),
		[
			trial_run.Reading(row.metric, row.value, site_time.to_utc(row.taken_on))
			for row in rows
			if not row.set_aside and cint(row.plan_version) == (cint(doc.version) or 1)
		],
		span,
		site_time.utc_now(),
		max(1, cint(doc.readings_needed)),
		site_time.to_utc(doc.accepted_on),
	)


def sentences(doc, found: trial_run.Verdict | None) -> list[str]:
	"""Why the plan may not be closed by its trial run, as plain sentences; empty when it held."""
	if found is None:
		return [_("Observation Period: no dates are set.")]
	said = [_sentence(doc, finding) for finding in found.findings]
	if said and found.decision_outdated:
		said.append(
			_(
				"The decision to accept otherwise ({0}) is older than a reading outside its target. Decide again."
			).format(format_datetime(doc.accepted_on))
		)
	return said


def check_period(doc, before) -> None:
	"""The period while it runs: as long as was reviewed, begun after the changes, never shortened or moved."""
	entering = doc.status == TRIAL_RUN and (not before or before.status != TRIAL_RUN)
	if entering:
		doc.trial_start = doc.trial_start or site_time.site_now().date()
		doc.trial_end = doc.trial_end or add_days(doc.trial_start, max(1, cint(doc.trial_days)) - 1)
	period(doc)
	if entering:
		_check_begin(doc)
	elif (
		doc.status == TRIAL_RUN
		and before.trial_start
		and getdate(doc.trial_start) != getdate(before.trial_start)
	):
		frappe.throw(
			_("{0}: the trial run began on {1}; that cannot be changed to {2}.").format(
				_label(doc, "trial_start"), format_date(before.trial_start), format_date(doc.trial_start)
			)
		)
	elif (
		doc.status in (TRIAL_RUN, CLOSED)
		and before.trial_end
		and (not doc.trial_end or getdate(doc.trial_end) < getdate(before.trial_end))
	):
		frappe.throw(
			_("{0}: it was {1} and can be put off, not brought forward to {2}.").format(
				_label(doc, "trial_end"), format_date(before.trial_end), format_date(doc.trial_end)
			)
		)
	_check_decision(doc, before)
	if doc.status in (TRIAL_RUN, CLOSED):
		note_measured(doc)


def note_measured(doc) -> None:
	"""Write the last value that counts beside each metric: performance before and after (8.5.a.1)."""
	found = verdict(doc)
	last = {held.metric.name: held.last for held in found.metrics} if found else {}
	for row in doc.metrics:
		reading = last.get(row.metric_name)
		row.measured = reading.value if reading else 0
		row.measured_on = site_time.to_site(reading.taken_on) if reading else None


def _check_begin(doc) -> None:
	days = (getdate(doc.trial_end) - getdate(doc.trial_start)).days + 1
	if days < cint(doc.trial_days):
		frappe.throw(
			_("{0}: {1} gives {2} days of observation; {3} are planned. Choose a later end.").format(
				_label(doc, "trial_end"), format_date(doc.trial_end), days, cint(doc.trial_days)
			)
		)
	changed = [getdate(row.done_on) for row in doc.changes if row.done_on]
	if changed and getdate(doc.trial_start) < min(changed):
		frappe.throw(
			_("{0}: {1} lies before the first change ({2}). Choose a later day.").format(
				_label(doc, "trial_start"), format_date(doc.trial_start), format_date(min(changed))
			)
		)


def _check_decision(doc, before) -> None:
	fields = optimization_rows.DECISION
	if not doc.accepted_on:
		doc.acceptance_recorded_by = None
		return
	if doc.status not in (TRIAL_RUN, CLOSED) and not (before and before.accepted_on):
		frappe.throw(
			_(
				"Accepted Otherwise: the plan is {0}. There is something to decide on during its trial run."
			).format(_(doc.status, context=doc.doctype))
		)
	if doc.trial_start and getdate(doc.accepted_on) < getdate(doc.trial_start):
		frappe.throw(
			_("{0}: {1} lies before the trial run began ({2}).").format(
				_label(doc, "accepted_on"), format_datetime(doc.accepted_on), format_date(doc.trial_start)
			)
		)
	if not before or any(before.get_formatted(name) != doc.get_formatted(name) for name in fields):
		doc.acceptance_recorded_by = frappe.session.user


def _sentence(doc, finding: trial_run.Finding) -> str:
	if finding.code == trial_run.NOT_OVER:
		return _("The observation period lasts until the end of {0}.").format(format_date(doc.trial_end))
	if finding.code == trial_run.TOO_FEW:
		return _("{0}: {1} of {2} readings that count.").format(
			finding.metric, finding.get("counted"), finding.get("needed")
		)
	if finding.code == trial_run.OUTSIDE:
		row = next(row for row in doc.metrics if row.metric_name == finding.metric)
		said = (
			_("{0}: {1} reading outside the target: {2} {3} on {4} (target: {5}).")
			if finding.get("number") == 1
			else _("{0}: {1} readings outside the target, the last one {2} {3} on {4} (target: {5}).")
		)
		return said.format(
			finding.metric,
			finding.get("number"),
			plain_number(finding.get("value")),
			row.unit,
			format_datetime(site_time.to_site(finding.get("taken_on"))),
			target_text(row),
		)
	return _("Fill in {0}.").format(label(doc, "metrics"))


def target_text(row) -> str:
	"""A metric's target in words: 'at most 800 ms'."""
	value = with_unit(row.target, row.unit)
	return _("at most {0}").format(value) if row.direction == "At Most" else _("at least {0}").format(value)


def with_unit(value: float | None, unit: str | None) -> str:
	"""A measured value with its unit."""
	return f"{plain_number(value)} {unit or ''}".strip()


def plain_number(value: float | None) -> str:
	"""A measured value without needless zeros."""
	return f"{value or 0:,.6f}".rstrip("0").rstrip(".")


def _midnight(day) -> datetime:
	return site_time.to_utc(datetime.combine(getdate(day), time()))


def _label(doc, fieldname: str) -> str:
	return frappe.bold(label(doc, fieldname))
