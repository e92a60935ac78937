"""A section of a service report in the reader's language: figures, tables, charts and sentences as they stand on desk and paper (8.3.b.5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, fmt_money, getdate

from ops_delivery.domain.periods import DAY, later
from ops_delivery.domain.service_report import charts, model
from ops_delivery.domain.service_report.life import MONTHS
from ops_delivery.domain.service_report.model import CONTEXT, Chart, Figure, Section, Sources, Table
from ops_delivery.printing import fonts
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, number, text

NOTHING = "–"
RIGHT = (model.NUMBER, model.PERCENT, model.MINUTES, model.HOURS, model.MONEY)
TIGHT = (model.VERDICT, model.STATE, model.DAY, model.MOMENT, model.RECORD)  # short, and not broken
TRANSLATED = 140  # characters; what is longer is nobody's choice but somebody's text


def read(figures: str | None) -> Section | None:
	"""A section as it is kept; None where no figures were made yet."""
	return Section.from_dict(json.loads(figures)) if figures else None


def section(found: Section, currency: str | None = None, is_desk: bool = False) -> dict[str, Any]:
	"""What stands in a section, in words. `is_desk`: with the records behind each figure, which are not the customer's."""
	return {
		"figures": [_figure(one, currency, is_desk) for one in found.figures],
		"tables": [_table(one, currency, is_desk) for one in found.tables],
		"charts": [drawn for one in found.charts if (drawn := _chart(one, "inherit" if is_desk else fonts.families()))["svg"]],
		"notes": [sentence(*one) for one in found.notes],
		"empty": found.empty,
	}


def say(source: str | None, arguments: Iterable[Any] = ()) -> str:
	"""An English source text in the reader's language, with what stands in it."""
	if not source:
		return ""
	said, given = _(source, context="Service Report"), [_argument(one) for one in arguments]
	try:
		return said.format(*given) if given else said
	except (IndexError, KeyError, ValueError):
		return " ".join([said, *given])


def heading(row: Any) -> str:
	"""What a section is called: as somebody worded it, else by its own name."""
	return text(row.get("heading")).strip() or say(row.get("section"))


def sentence(source: str, arguments: Iterable[Any] = ()) -> str:
	"""A note or sentence of a section."""
	return say(source, arguments)


def value(given: Any, kind: str, currency: str | None = None, doctype: str = "") -> str:
	"""A value of a figure or cell as it is read; a dash for none."""
	if given is None or given == "":
		return NOTHING
	match kind:
		case model.NUMBER:
			return number(given, 2)
		case model.PERCENT:
			return f"{number(given, 1)} %"
		case model.MINUTES:
			return wording.duration(round(float(given) * 60))
		case model.HOURS:
			return _("{0} h", context="Ops Delivery").format(number(given, 2))
		case model.MONEY:
			return fmt_money(given, currency=currency)
		case model.VERDICT:
			return _(cstr(given), context="Service Report")
		case model.DAY:
			return wording.day(given)
		case model.MOMENT:
			return moment(given)
		case model.STATE:
			return _(cstr(given), context=doctype or CONTEXT)
		case model.RECORD:
			return text(cstr(given))
		case model.SENTENCE:
			if isinstance(given, str):
				return say(given)
			return say(given[0], given[1] if len(given) > 1 else ())
	return _named(given, doctype)


def period(kind: str | None, first: date | str | None, last: date | str | None) -> str:
	"""The period of a report as people say it: a month, quarter, half-year or year of the calendar by its name, else its days."""
	if not first or not last:
		return ""
	start, end = getdate(first), getdate(last)
	months = MONTHS.get(kind or "", 0)
	if not months or start.day != 1 or (start.month - 1) % months or later(start, months) - DAY != end:
		return _("{0} to {1}", context="Ops Delivery").format(wording.day(start), wording.day(end))
	part = (start.month - 1) // months + 1
	match kind:
		case "Month":
			return _("{0}-{1}", context="Month of a Report").format(start.year, f"{start.month:02d}" if _is_padded() else start.month)
		case "Quarter":
			return _("Quarter {1} of {0}", context="Service Report").format(start.year, part)
		case "Half-Year":
			return (_("First half of {0}", context="Service Report") if part == 1 else _("Second half of {0}", context="Service Report")).format(start.year)
	return _("Year {0}", context="Service Report").format(start.year)


def _is_padded() -> bool:
	return not cstr(frappe.local.lang).startswith("zh")


def _named(given: Any, doctype: str = "") -> str:
	"""A name of the site, such as a priority, in the reader's language; a text somebody wrote as it is."""
	if isinstance(given, bool | int | float):
		return number(given, 2)
	said = text(cstr(given))
	return _(said, context=doctype or CONTEXT) if said and len(said) <= TRANSLATED and "\n" not in said else said


def _argument(given: Any) -> str:
	if isinstance(given, Mapping):
		return value(given.get("value"), given.get("kind") or model.TEXT, doctype=given.get("doctype") or "")
	if isinstance(given, list | tuple) and given and isinstance(given[0], str):
		return say(given[0], given[1] if len(given) > 1 and isinstance(given[1], list | tuple) else ())
	return _named(given)


def _figure(one: Figure, currency: str | None, is_desk: bool) -> dict[str, Any]:
	return {
		"key": one.key,
		"label": say(one.label, one.arguments),
		"value": value(one.value, one.kind, currency),
		"previous": value(one.previous, one.kind, currency) if one.previous is not None else "",
		"trend": _trend(one),
		"verdict": one.value if one.kind == model.VERDICT else "",
		"too_few": one.too_few,
		"sources": _sources(one.sources) if is_desk else None,
	}


def _trend(one: Figure) -> str:
	"""Up, down or the same against the period before; "" where the two cannot be compared."""
	now, before = one.value, one.previous
	if one.kind not in RIGHT or not isinstance(now, int | float) or not isinstance(before, int | float):
		return ""
	return "same" if abs(now - before) < 1e-9 else "up" if now > before else "down"


def _table(one: Table, currency: str | None, is_desk: bool) -> dict[str, Any]:
	columns = [{"key": column.key, "label": say(column.label), "right": column.kind in RIGHT, "tight": column.kind in TIGHT} for column in one.columns]

	def line(row: Mapping[str, Any]) -> list[str]:
		cells = [value(row.get(column.key), column.kind, row.get("currency") or currency, column.doctype or row.get("doctype") or "") for column in one.columns]
		return ["" if cell == NOTHING and row.get(column.key) == "" else cell for cell, column in zip(cells, one.columns, strict=True)]

	return {
		"key": one.key,
		"title": say(one.title),
		"columns": columns,
		"rows": [line(row) for row in one.rows],
		"missed": [any(row.get(column.key) == model.MISSED for column in one.columns if column.kind == model.VERDICT) for row in one.rows],
		"total": line(one.total) if one.total else [],
		"cut": one.cut,
		"sources": [_sources(row.get("_sources")) for row in one.rows] if is_desk else [],
		"links": [_links(one, row) for row in one.rows] if is_desk else [],
	}


def _links(table: Table, row: Mapping[str, Any]) -> list[str]:
	"""Of each cell the type of the record it names, "" for none."""
	return [column.doctype or row.get("doctype") or "" if column.kind == model.RECORD and row.get(column.key) else "" for column in table.columns]


def _chart(one: Chart, family: str) -> dict[str, Any]:
	title = say(one.title, one.arguments)
	units = {model.PERCENT: "%", model.NUMBER: "", model.MONEY: "", model.MINUTES: _("min", context="Service Report"), model.HOURS: _("h", context="Service Report")}
	names = [_named(series.name, series.doctype) for series in one.series]
	drawn = charts.draw(one, title, [_named(label) for label in one.labels], names, units.get(one.unit, one.unit), family)
	return {"key": one.key, "title": title, "svg": drawn}


def _sources(found: Sources | None) -> dict[str, Any] | None:
	"""Where a figure leads: the list of its type, by its names where all are there, else by filters; None for nowhere."""
	if not found or not found.count:
		return None
	if found.whole:
		return {"doctype": found.doctype, "filters": {"name": ["in", list(found.names)]}, "count": found.count, "whole": True}
	if found.filters is not None:
		return {"doctype": found.doctype, "filters": dict(found.filters), "count": found.count, "whole": True}
	return {"doctype": found.doctype, "filters": {"name": ["in", list(found.names)]}, "count": found.count, "whole": False}
