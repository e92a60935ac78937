"""The trend analysis of a metric of an object, with advice on removing the risk, to be printed (8.3.b.3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.services.routine import trend_page, trend_words, trends
from ops_delivery.services.routine.trends import Course
from ops_delivery.services.shared import site_time, wording
from ops_delivery.services.shared.locale import text

WIDTH, HEIGHT = 760, 300  # px of the drawing
MOST_ROWS = 40
MOST_FINDINGS = 20


def of(service_object: str, step_key: str, days: int, bucket: str = "") -> dict[str, Any]:
	"""Everything the paper shows. NoSuchMetric; frappe.PermissionError."""
	found = trends.course(service_object, step_key, days, bucket)
	rows, thing, unit = trend_page.rows(found), found.thing, text(found.step.unit)
	findings = [
		[trend_page.moment(row.read_on), f"{text(row.value)} {unit}".strip(), _(row.verdict, context="Routine Reading"), text(row.note)]
		for row in found.findings
	]
	return {
		"title": _("Trend Analysis"),
		"step": text(found.step.step),
		"object": text(thing.object_name) or thing.name,
		"facts": [
			(_("Object"), f"{text(thing.object_name)} ({thing.name})"),
			(_("Customer", context="Ops Delivery"), frappe.db.get_value("Customer", thing.customer, "customer_name")),
			(_("Location", context="Service Object"), text(thing.location)),
			(_("Metric", context="Ops Delivery"), text(found.step.step)),
			(_("Unit", context="Routine Reading"), unit),
			(_("Span"), trend_page.span(found)),
			(_("Readings", context="Routine Task"), str(found.count)),
			(_("Last value"), _last(found, unit)),
		],
		"conclusion": _conclusion(found),
		"worse": found.step.verdict in ("At Risk", "Abnormal"),
		"svg": trend_words.picture(found, WIDTH, HEIGHT),
		"has_forecast": found.forecast.outcome == "given",
		"limits": trend_words.limits(found),
		"figures": _figures(found, unit),
		"forecast": trend_words.forecast(found),
		"crossings": [sentence for _crossing, sentence in trend_words.crossings(found)],
		"advice": trend_words.advice(found),
		"abnormal": found.abnormal,
		"findings": findings[:MOST_FINDINGS],
		"more_findings": max(0, found.found - MOST_FINDINGS),
		"columns": trend_page.columns(found),
		"rows": rows[:MOST_ROWS],
		"more_rows": max(0, len(rows) - MOST_ROWS),
		"zone": str(site_time.site_zone()),
	}


def _last(found: Course, unit: str) -> str:
	verdict = _(found.step.verdict, context="Routine Reading") if found.step.verdict else ""
	value = " ".join(part for part in (text(found.step.value), unit) if part)
	return " · ".join(part for part in (value, verdict, trend_page.moment(found.step.read_on)) if part)


def _conclusion(found: Course) -> str:
	"""The state in one sentence, and since when."""
	day = wording.day(found.step.since)
	sentence = {
		"Normal": _("Normal since {0}."),
		"At Risk": _("At risk since {0}."),
		"Abnormal": _("Abnormal since {0}."),
	}.get(found.step.verdict)
	return sentence.format(day) if sentence else ""


def _figures(found: Course, unit: str) -> list[tuple[str, str]]:
	"""The least, the mean and the most of the span, and how often it was not normal."""
	spans = [(one.least, one.mean, one.most, one.count) for one in found.spans]
	spans += [(row.number, row.number, row.number, 1) for row in found.points]
	if not spans:
		return []
	count = sum(one[3] for one in spans)
	mean = sum(one[1] * one[3] for one in spans) / count
	return [
		(_("Lowest"), f"{trend_words.figure(min(one[0] for one in spans))} {unit}".strip()),
		(_("Mean", context="Ops Delivery"), f"{trend_words.mean(mean)} {unit}".strip()),
		(_("Highest"), f"{trend_words.figure(max(one[2] for one in spans))} {unit}".strip()),
		(_("Not normal"), _("{0} of {1} readings").format(found.found, count)),
	]
