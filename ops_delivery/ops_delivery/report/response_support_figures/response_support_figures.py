"""How far the promises of response support were kept, and what the work looked like (clauses 5.3.d, 8.4.b.2)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, flt

from ops_delivery.domain import attainment
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.clocks import figures
from ops_delivery.services.engine import desk_counts as attention
from ops_delivery.services.shared import report_parts, wording
from ops_delivery.services.shared.report_parts import card, column, percent, tone

# the choice in the filter: the field it groups by
VIEWS = {
	"Commitment": "commitment",
	"Priority": "priority",
	"Category": "category",
	"Object": "object",
	"Customer": "customer",
	"Agreement": "agreement",
	"Month": "month",
	"Channel": "channel",
}
TRANSLATED = ("commitment", "priority", "category", "channel")
COLORS = {"kept": "#2e7d5b", "missed": "#c0392b", "running": "#8fa3ad"}


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	view = filters.view_by or "Commitment"
	if view not in VIEWS:
		frappe.throw(
			_("View by {0} is not known. Choose one of: {1}.").format(
				frappe.bold(escape_html(view)), ", ".join(_(v, context="Ops Delivery") for v in VIEWS)
			)
		)
	found = figures.outcomes(filters)
	rows = _rows(found, VIEWS[view])
	return (
		_columns(view),
		rows,
		_message(filters, found),
		_chart(found, VIEWS[view]) if found else None,
		_summary(filters, found),
	)


def _columns(view: str) -> list[dict]:
	group = [] if view == "Commitment" else [column("group", _(view, context="Ops Delivery"), "Data", 190)]
	return [
		*group,
		column("commitment", _("Commitment"), "Data", 160),
		column("total", _("Promises"), "Int", 100),
		column("share", _("Share of All"), "Percent", 100, precision=1),
		column("met", _("Kept"), "Int", 90),
		column("breached", _("Missed", context="Ops Delivery"), "Int", 90),
		column("running", _("Still Running"), "Int", 110),
		column("attainment", _("Attainment"), "Percent", 110, precision=1),
		column("mean", _("Mean Time"), "Duration", 130, hide_days=1),
		column("p90", _("90 % Took at Most"), "Duration", 150, hide_days=1),
	]


def _rows(found: list[attainment.Outcome], key: str) -> list[dict]:
	"""One row a group and commitment: times of different commitments are never averaged together."""
	per_commitment = attainment.by(found, "commitment")
	rows = []
	for group in _ordered({_group(o, key) for o in found}, key):
		own = [o for o in found if _group(o, key) == group]
		parts = attainment.by(own, "commitment")
		for commitment in _ordered(parts, "commitment"):
			part = parts[commitment]
			rows.append(
				{
					"group": _shown(group, key),
					"commitment": _(commitment, context="Service Commitment"),
					"total": part.total,
					"share": 100.0 * part.total / per_commitment[commitment].total,
					"met": part.met,
					"breached": part.breached,
					"running": part.running,
					"attainment": None if part.attainment is None else 100.0 * part.attainment,
					"mean": None if part.mean is None else round(part.mean),
					"p90": part.p90,
				}
			)
	return rows


def _group(outcome: attainment.Outcome, key: str) -> str:
	return getattr(outcome, key) if key in ("commitment", "priority") else outcome.keys.get(key, "")


def _ordered(groups, key: str) -> list[str]:
	"""Commitments as they fall due, priorities from the most urgent, months and names in their order; blank last."""
	order = {}
	if key == "commitment":
		order = {name: rank for rank, name in enumerate(agreement_metrics.commitment_order())}
	elif key == "priority":
		order = {name: -rank for rank, name in enumerate(attention.priority_order())}
	return sorted(groups, key=lambda group: (not group, order.get(group, len(order)), group))


def _shown(group: str, key: str) -> str:
	if not group:
		return _("Not set")
	if key == "customer":
		return frappe.get_cached_value("Customer", group, "customer_name") or group
	if key == "agreement":
		title = frappe.get_cached_value("Service Agreement", group, "title")
		return f"{title} ({group})" if title else group
	return _(group) if key in TRANSLATED else group


def _chart(found: list[attainment.Outcome], key: str) -> dict:
	"""Months as a trend of the attainment, one line a commitment; any other view as kept, missed and running."""
	groups = _ordered({_group(o, key) for o in found}, key)
	if key == "month":
		return _trend(found, groups)
	parts = {group: attainment.summarize(o for o in found if _group(o, key) == group) for group in groups}
	if key not in ("commitment", "priority"):
		groups = sorted(groups, key=lambda group: -parts[group].total)[:12]
	return {
		"data": {
			"labels": [_shown(group, key) for group in groups],
			"datasets": [
				{"name": _("Kept"), "values": [parts[g].met for g in groups]},
				{"name": _("Missed", context="Ops Delivery"), "values": [parts[g].breached for g in groups]},
				{"name": _("Still Running"), "values": [parts[g].running for g in groups]},
			],
		},
		"type": "bar",
		"colors": list(COLORS.values()),
		"barOptions": {"stacked": 1},
	}


def _trend(found: list[attainment.Outcome], months: list[str]) -> dict:
	datasets = []
	for commitment in _ordered({o.commitment for o in found}, "commitment"):
		parts = attainment.by([o for o in found if o.commitment == commitment], "month")
		shares = [parts[m].attainment if m in parts else None for m in months]
		# a month without a decided promise is a gap in meaning; the chart library draws it as the one before
		values, last = [], next((s for s in shares if s is not None), 0)
		for share in shares:
			last = last if share is None else share
			values.append(flt(100.0 * last, 1))
		datasets.append({"name": _(commitment, context="Service Commitment"), "values": values})
	return {
		"data": {"labels": months, "datasets": datasets},
		"type": "line",
		"colors": ["#3b6ea5", "#d9822b", "#2e7d5b", "#8e44ad", "#7b8a8b"],
		"fieldtype": "Percent",
	}


def _summary(filters: dict, found: list[attainment.Outcome]) -> list[dict]:
	total = attainment.summarize(found)
	asked = figures.requests(filters)
	answers = figures.acceptances(filters)
	fired = figures.escalations(filters)
	agreed = sum(n for state, n in answers.items() if state.startswith("Accepted"))
	raised = sum(fired.get(kind, {}).get("fired", 0) for kind in figures.ACTED_ON)
	return [
		card(_("Requests"), asked.total, "Int", "Blue"),
		card(_("Not Valid"), asked.invalid, "Int", "Grey"),
		card(_("Not Measured"), asked.not_measured, "Int", "Orange" if asked.not_measured else "Green"),
		card(_("Promises Kept"), percent(total.attainment), "Data", tone(total.attainment)),
		card(_("Promises Missed"), total.breached, "Int", "Red" if total.breached else "Green"),
		card(_("Reopen Rate"), percent(asked.reopen_rate), "Data", "Orange" if asked.reopened else "Green"),
		card(_("Accepted by the Customer"), agreed, "Int", "Green"),
		card(_("Deemed Accepted"), answers.get("Deemed Accepted", 0), "Int", "Blue"),
		card(_("Rejected", context="Ops Delivery"), answers.get("Rejected", 0), "Int", "Orange"),
		card(_("Warnings"), fired.get("Warning", {}).get("fired", 0), "Int", "Grey"),
		card(_("Alarms and Escalations"), raised, "Int", "Grey"),
	]


def _message(filters: dict, found: list[attainment.Outcome]) -> str:
	scope = figures.Scope.of(filters)
	period = report_parts.period(scope.from_date, scope.to_date)
	if not found:
		return _(
			"No promise was measured in the period {0}. Clocks start once a request has an agreement; look at a longer period or another customer."
		).format(period)
	return _(
		"Period {0}. Promises count by the day their clock started, requests by the day they were reported. Times are service hours without pauses, of clocks that have stopped. A clock past its deadline counts as missed, stopped or not; attainment is kept ÷ (kept + missed)."
	).format(period)
