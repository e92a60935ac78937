"""A trend as its page shows it: the drawing, the table that says the same, forecast and advice (8.3.b.3)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.services.routine import trend_words as words
from ops_delivery.services.routine import trends
from ops_delivery.services.shared import site_time, wording
from ops_delivery.services.shared.locale import text

WIDE, NARROW = (1100, 340), (330, 270)  # px


def of(service_object: str, step_key: str, days: int, bucket: str, narrow: bool = False) -> dict[str, Any]:
	"""Everything the page of a trend shows. NoSuchMetric; frappe.PermissionError."""
	found = trends.course(service_object, step_key, days, bucket)
	return {
		"object": found.thing.name,
		"title": text(found.thing.object_name) or found.thing.name,
		"customer": found.thing.customer,
		"key": found.step.step_key,
		"step": text(found.step.step),
		"unit": text(found.step.unit),
		"metrics": [
			{"key": row.step_key, "step": text(row.step), "unit": text(row.unit)} for row in trends.metrics(found.thing.name)
		],
		"days": days,
		"bucket": found.bucket,
		"coarser": bool(found.asked and found.asked != found.bucket),
		"count": found.count,
		"span": span(found),
		"zone": str(site_time.site_zone()),
		"svg": words.picture(found, *(NARROW if narrow else WIDE)),
		"limits": words.limits(found),
		"forecast": words.forecast(found),
		"crossings": [sentence for _crossing, sentence in words.crossings(found)],
		"advice": words.advice(found),
		"abnormal": found.abnormal,
		"columns": columns(found),
		"rows": rows(found),
		"findings": [
			{"on": moment(row.read_on), "value": text(row.value), "verdict": row.verdict, "note": text(row.note), "task": row.task}
			for row in found.findings
		],
		"found": found.found,
	}


def span(found: trends.Course) -> str:
	"""From which day to which."""
	return _("{0} to {1}", context="Ops Delivery").format(wording.day(found.since), wording.day(found.until))


def moment(stored: Any) -> str:
	"""A moment as the site's clock shows it."""
	return f"{wording.day(stored)} {stored:%H:%M}"


def columns(found: trends.Course) -> list[str]:
	"""The headings of the table below the drawing."""
	if not found.spans:
		return [_("Read on", context="Routine Reading"), _("Value", context="Routine Reading"), _("Judged", context="Routine Reading")]
	return [
		*(_("From", context="Ops Delivery"), _("Readings", context="Routine Task"), _("Lowest"), _("Mean", context="Ops Delivery"), _("Highest")),
		*(_("At Risk", context="Routine Reading"), _("Abnormal", context="Routine Reading")),
	]


@lru_cache(maxsize=4096)
def _day(day: date, _language: str, _format: str) -> str:
	"""A day in words: hundreds of them stand in a table, and most trends show the same ones."""
	return wording.day(day)


def rows(found: trends.Course) -> list[list[str]]:
	"""The table that says what the drawing shows, the newest first."""
	if not found.spans:
		return [
			[moment(row.read_on), text(row.value), _(row.verdict, context="Routine Reading") if row.verdict else ""]
			for row in reversed(found.points)
		]
	return [
		[
			*(_day(one.first, cstr(frappe.local.lang), cstr(frappe.get_system_settings("date_format"))), cstr(one.count), words.figure(one.least), words.mean(one.mean), words.figure(one.most)),
			*(cstr(one.at_risk), cstr(one.abnormal)),
		]
		for one in reversed(found.spans)
	]
