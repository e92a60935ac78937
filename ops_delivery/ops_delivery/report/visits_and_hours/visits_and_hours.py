"""Visits and sessions: promised, planned, arrived, hours, kept arrivals, jobs done at once (clauses 7.2.b.1, 8.4.b.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt, get_fullname

from ops_delivery.domain import visit_figures as domain
from ops_delivery.services.clocks import figures
from ops_delivery.services.shared import report_parts, wording
from ops_delivery.services.shared.report_parts import card, percent, tone
from ops_delivery.services.visits import figures as visit_figures

VIEWS = ("Visit", "Engineer", "Customer", "Month")
WORK_COLOR, TRAVEL_COLOR = "#2e7d5b", "#8fa3ad"
CHARTED = 12
NUMBERS = ("Int", "Float", "Percent")


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	view = filters.view_by or "Visit"
	if view not in VIEWS:
		frappe.throw(
			_("View by {0} is not known. Choose one of: {1}.").format(
				frappe.bold(escape_html(view)), ", ".join(_(v, context="Ops Delivery") for v in VIEWS)
			)
		)
	found = visit_figures.rows(filters)
	counted = _counted(found, filters.engineer)
	if view == "Visit":
		columns, rows = _visit_columns(), [_visit_row(row) for row in found]
	else:
		columns, rows = _group_columns(view), _group_rows(found, view, filters.engineer)
	return (
		columns,
		rows,
		_message(filters, found),
		_chart(found, view, filters.engineer) if found else None,
		_cards(domain.summarize(counted)) if found else [],
	)


def _counted(found: list[visit_figures.Row], engineer: str | None) -> list[domain.Visit]:
	"""What is summed up: of a chosen engineer the own hours alone."""
	return [_of(row, engineer) if engineer else row.counted for row in found]


def _of(row: visit_figures.Row, user: str) -> domain.Visit:
	work, travel = row.engineers.get(user, (0.0, 0.0))
	return replace(row.counted, work=work, travel=travel)


# Visit by visit


def _visit_columns() -> list[dict]:
	return [
		_column("doctype", _("Type"), "Data", 10, hidden=1),
		_column("visit", _("Visit", context="Ops Delivery"), "Dynamic Link", 150, options="doctype"),
		_column("title", _("Subject"), "Data", 200),
		_column("customer", _("Customer", context="Ops Delivery"), "Link", 150, options="Customer"),
		_column("phase", _("Phase"), "Data", 100),
		_column("engineers", _("Engineers"), "Data", 150),
		_column("promised_on", _("Promised for"), "Datetime", 180),
		_column("planned_start", _("Planned from"), "Datetime", 180),
		_column("arrived_on", _("Arrived"), "Datetime", 180),
		_column("late", _("Late (minutes)"), "Int", 130),
		_column("kept", _("Arrival commitment"), "Data", 160),
		_column("on_site", _("Hours on site"), "Float", 130, precision=2),
		_column("work", _("Work (hours)"), "Float", 130, precision=2),
		_column("travel", _("Travel (hours)"), "Float", 130, precision=2),
		_column("first", _("First visit"), "Data", 90),
		_column("outcome", _("Outcome"), "Data", 110),
		_column("reference_doctype", _("Because of"), "Data", 10, hidden=1),
		_column("reference", _("Because of"), "Dynamic Link", 150, options="reference_doctype"),
	]


def _visit_row(row: visit_figures.Row) -> dict[str, Any]:
	facts, counted = row.facts, row.counted
	kept = {True: _("Kept"), False: _("Missed", context="Ops Delivery"), None: ""}[counted.kept]
	return {
		"doctype": row.doctype,
		"visit": facts.name,
		"title": facts.title,
		"customer": facts.customer,
		"phase": _(facts.status, context=row.doctype),
		"engineers": ", ".join(get_fullname(user) for user in row.engineers),
		"promised_on": facts.promised_on,
		"planned_start": facts.planned_start,
		"arrived_on": facts.arrived_on,
		"late": counted.late,
		"kept": kept,
		"missed": cint(counted.kept is False),
		"on_site": counted.on_site or None,
		"work": counted.work or None,
		"travel": counted.travel or None,
		"first": _("Yes")
		if counted.first and counted.arrived
		else _("No", context="Ops Delivery")
		if counted.arrived
		else "",
		"outcome": _(counted.outcome) if counted.outcome else "",
		"reference_doctype": facts.reference_doctype,
		"reference": facts.reference_name,
	}


# Summed up


def _pairs(found, view: str, engineer: str | None) -> list[tuple[str, domain.Visit]]:
	"""(group, visit): a visit of two engineers counts for both, each with the own hours."""
	if view == "Engineer":
		return [
			(user, _of(row, user))
			for row in found
			for user in row.engineers
			if not engineer or user == engineer
		]
	counted = zip(found, _counted(found, engineer), strict=True)
	if view == "Customer":
		return [(row.facts.customer or "", visit) for row, visit in counted]
	return [(row.day.strftime("%Y-%m") if row.day else "", visit) for row, visit in counted]


def _group_columns(view: str) -> list[dict]:
	return [
		_column("group", _(view, context="Ops Delivery"), "Data", 200),
		_column("visits", _("Visits", context="Ops Delivery"), "Int", 80),
		_column("arrived", _("Arrived"), "Int", 90),
		_column("late_visits", _("Late", context="Field Service Sheet"), "Int", 80),
		_column("punctual", _("Punctual"), "Percent", 100, precision=1),
		_column("mean_late", _("Mean delay (minutes)"), "Float", 180, precision=1),
		_column("kept", _("Arrivals kept"), "Int", 110),
		_column("breached", _("Arrivals missed"), "Int", 140),
		_column("attainment", _("Attainment"), "Percent", 110, precision=1),
		_column("first_done", _("Done at the first visit"), "Percent", 190, precision=1),
		_column("on_site", _("Hours on site"), "Float", 120, precision=2),
		_column("work", _("Work (hours)"), "Float", 120, precision=2),
		_column("travel", _("Travel (hours)"), "Float", 120, precision=2),
	]


def _groups(found, view: str, engineer: str | None) -> list[tuple[str, domain.Figures]]:
	"""(group as shown, figures): months in their order, others by name."""
	names = {row.facts.customer: row.facts.customer_name for row in found}
	shown = {"Engineer": get_fullname, "Customer": lambda key: names.get(key) or key}.get(view, str)
	groups = domain.by(_pairs(found, view, engineer))
	return sorted((shown(key) or _("Not set"), part) for key, part in groups.items())


def _group_rows(found, view: str, engineer: str | None) -> list[dict[str, Any]]:
	return [
		{
			"group": group,
			"visits": part.visits,
			"arrived": part.arrived,
			"late_visits": part.late,
			"punctual": _hundred(part.punctual),
			"mean_late": part.mean_late,
			"kept": part.kept,
			"breached": part.missed,
			"attainment": _hundred(part.attainment),
			"first_done": _hundred(part.first_done),
			"on_site": part.on_site,
			"work": part.work,
			"travel": part.travel,
		}
		for group, part in _groups(found, view, engineer)
	]


def _chart(found, view: str, engineer: str | None) -> dict:
	"""Work and travel of each group; visit by visit it is by month."""
	by = "Month" if view == "Visit" else view
	groups = _groups(found, by, engineer)
	if by != "Month":
		groups = sorted(groups, key=lambda group: -(group[1].work + group[1].travel))[:CHARTED]
	return {
		"data": {
			"labels": [group for group, _part in groups],
			"datasets": [
				{"name": _("Work (hours)"), "values": [flt(part.work, 2) for _group, part in groups]},
				{"name": _("Travel (hours)"), "values": [flt(part.travel, 2) for _group, part in groups]},
			],
		},
		"type": "bar",
		"colors": [WORK_COLOR, TRAVEL_COLOR],
		"barOptions": {"stacked": 1},
		"fieldtype": "Float",
	}


def _cards(total: domain.Figures) -> list[dict]:
	return [
		card(_("Visits", context="Ops Delivery"), total.visits, "Int", "Blue"),
		card(_("Late", context="Field Service Sheet"), total.late, "Int", "Red" if total.late else "Green"),
		card(_("Punctual"), percent(total.punctual), "Data", tone(total.punctual)),
		card(_("Arrivals missed"), total.missed, "Int", "Red" if total.missed else "Green"),
		card(
			_("Arrivals kept, of these visits"), percent(total.attainment), "Data", tone(total.attainment)
		),
		card(_("Done at the first visit"), percent(total.first_done), "Data", tone(total.first_done)),
		card(_("Work (hours)"), flt(total.work, 2), "Float", "Grey"),
		card(_("Travel (hours)"), flt(total.travel, 2), "Float", "Grey"),
	]


def _message(filters: dict, found) -> str:
	scope = figures.Scope.of(filters)
	period = report_parts.period(scope.from_date, scope.to_date)
	if not found:
		return _(
			"No visit or session in the period {0}. Look at a longer period, or at another customer or engineer."
		).format(period)
	return _(
		"Period {0}, by the day of arrival, or as planned until then; cancelled ones are left out. Late is against the promised time, as of now where it has passed and nobody arrived; the arrival commitment is measured by the request's clock and counts for the first visit, whatever day its clock started (Response Support Figures count by that day). Done at the first visit: job done ÷ first visits with an outcome."
	).format(period)


def _hundred(share: float | None) -> float | None:
	return None if share is None else 100.0 * share


def _column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
	if fieldtype not in NUMBERS:
		more["align"] = "left"  # else a column whose first row is empty stands at the right
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}
