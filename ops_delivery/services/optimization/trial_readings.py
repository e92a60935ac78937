"""The readings of a trial run: taken within it, of a metric of the plan, and evidence from then on (6.4.c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, format_date, format_datetime

from ops_delivery.domain import trial_run
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.optimization import row_checks as optimization_rows
from ops_delivery.services.optimization import trial_runs
from ops_delivery.services.optimization.completeness import DOCTYPE, TRIAL_RUN, label
from ops_delivery.services.optimization.trial_runs import READING
from ops_delivery.services.shared import domain_errors as errors
from ops_delivery.services.shared import number_format as numbers
from ops_delivery.services.shared import site_time

AS_TAKEN = ("plan", "metric", "value", "taken_on", "taken_by")
MOST_AT_ONCE = 50


def check(doc) -> None:
	"""The rules of a Trial Reading: of a metric of the plan, within its trial run, and as it was taken from then on."""
	plan = frappe.get_doc(DOCTYPE, doc.plan) if doc.plan and frappe.db.exists(DOCTYPE, doc.plan) else None
	if not plan:
		frappe.throw(_("{0}: {1} is not known.").format(_label(doc, "plan"), escape_html(cstr(doc.plan))))
	before = doc.get_doc_before_save()
	if plan.status != TRIAL_RUN:
		frappe.throw(
			_("{0}: {1} is {2}. Readings are taken and set aside during its trial run only.").format(
				_label(doc, "plan"), plan.name, frappe.bold(_(plan.status, context=DOCTYPE))
			)
		)
	if before:
		_check_as_taken(doc, before)
	else:
		_check_new(doc, plan)
	_check_set_aside(doc, before)
	doc.verdict = _verdict_of(doc, plan)


def refuse_deletion(doc) -> None:
	"""A reading is evidence: it is set aside, not deleted."""
	frappe.throw(
		_("{0}: a reading is kept as evidence. If it was taken wrongly, set it aside and say why.").format(
			doc.name
		)
	)


def add(plan: str, taken_on: str | datetime | None, values: Sequence[dict[str, Any]]) -> list[str]:
	"""Several readings taken at one time, each {metric, value, remark}; their names. Empty values are passed over."""
	given = [row for row in values if cstr(row.get("value")).strip()]
	if not given:
		frappe.throw(_("Value: no value is entered. Enter one for at least one metric."))
	if len(given) > MOST_AT_ONCE:
		frappe.throw(
			_("Value: {0} readings are too many at once. Import more than {1} with Data Import.").format(
				len(given), MOST_AT_ONCE
			)
		)
	return [
		frappe.get_doc(
			{
				"doctype": READING,
				"plan": plan,
				"metric": row.get("metric"),
				"value": numbers.typed(row.get("value")),
				"remark": row.get("remark"),
				"taken_on": taken_on or site_time.site_now(),
				"taken_by": frappe.session.user,
			}
		)
		.insert()
		.name
		for row in given
	]


def _check_new(doc, plan) -> None:
	doc.update({"plan_version": cint(plan.version) or 1, "customer": plan.customer})
	doc.taken_on = doc.taken_on or site_time.site_now()
	doc.taken_by = doc.taken_by or frappe.session.user
	doc.metric = cstr(doc.metric).strip()
	doc.value = optimization_rows.number(doc.value, escape_html(doc.metric), doc, "value")
	if doc.value is None:
		frappe.throw(
			_("{0}: {1} is missing.").format(escape_html(doc.metric) or _(READING), _label(doc, "value"))
		)
	taken_on, span, known = site_time.to_utc(doc.taken_on), trial_runs.period(plan), trial_runs.metrics(plan)
	doc.unit = next((metric.unit for metric in known if metric.name == doc.metric), None)
	if taken_on > site_time.utc_now():
		frappe.throw(
			_("{0}: {1} is still to come. Enter what has happened.").format(
				_label(doc, "taken_on"), format_datetime(doc.taken_on)
			)
		)
	try:
		trial_run.check_reading(trial_run.Reading(doc.metric, doc.value, taken_on), known, span)
	except DomainError as error:
		if error.code == "unknown_metric":
			frappe.throw(
				_("{0}: {1} is not a metric of {2}. Choose one of: {3}").format(
					_label(doc, "metric"),
					frappe.bold(escape_html(doc.metric)),
					plan.name,
					", ".join(escape_html(metric.name) for metric in known),
				)
			)
		if error.code == "reading_below_zero":
			frappe.throw(f"{_label(doc, 'value')}: {errors.message(error)}")
		frappe.throw(
			_(
				"{0}: {1} lies outside the trial run ({2} to {3}). Enter a time within it, or put off its end."
			).format(
				_label(doc, "taken_on"),
				frappe.bold(format_datetime(doc.taken_on)),
				format_date(plan.trial_start),
				format_date(plan.trial_end),
			)
		)


def _check_as_taken(doc, before) -> None:
	for fieldname in AS_TAKEN:
		old, new = (part.get_formatted(fieldname) for part in (before, doc))
		if old != new:
			frappe.throw(
				_(
					"{0}: {1} cannot become {2}. Set the reading aside with a reason, and take another."
				).format(_label(doc, fieldname), frappe.bold(old), frappe.bold(escape_html(new)))
			)


def _check_set_aside(doc, before) -> None:
	if before and before.set_aside and not doc.set_aside:
		frappe.throw(
			_("{0}: the reading was set aside by {1} and stays so. Take another one.").format(
				_label(doc, "set_aside"), before.set_aside_by
			)
		)
	if not doc.set_aside:
		doc.set_aside_by = doc.set_aside_on = None
		return
	if not cstr(doc.set_aside_reason).strip():
		frappe.throw(_("{0}: say why the reading does not count.").format(_label(doc, "set_aside_reason")))
	if not (before and before.set_aside):
		doc.set_aside_by, doc.set_aside_on = frappe.session.user, site_time.site_now()


def _verdict_of(doc, plan) -> str:
	if doc.set_aside:
		return "Set Aside"
	if not trial_runs.period(plan).counts(site_time.to_utc(doc.taken_on)):
		return "Settling"
	metric = next(metric for metric in trial_runs.metrics(plan) if metric.name == doc.metric)
	return "Within Target" if metric.held_by(float(doc.value)) else "Outside Target"


def _label(doc, fieldname: str) -> str:
	return frappe.bold(label(doc, fieldname))
