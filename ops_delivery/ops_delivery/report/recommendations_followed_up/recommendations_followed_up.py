"""What became of consulting recommendations: decided, carried out, verified, and how long they have been open (6.5.d)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Max

from ops_delivery.domain import ageing_buckets as ageing
from ops_delivery.services.consulting import recommendations
from ops_delivery.services.shared.report_parts import column
from ops_delivery.services.shared.site_time import site_now

OPEN = ("Proposed", "Decided", "In Progress", "Done")
CONTEXT = "Consulting Recommendation"
FIELDS = (
	"name",
	"title",
	"customer",
	"customer_name",
	"report",
	"priority",
	"state",
	"decision",
	"decided_on",
	"owner_user",
	"due_date",
	"verified_on",
	"creation",
)


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	found = _found(filters)
	rows = [row for row in found if not filters.only_open or row.state in OPEN]
	return _columns(), rows, None, _chart(found), _summary(found)


def _found(filters: frappe._dict) -> list[frappe._dict]:
	"""The recommendations the user may read, with their age in days."""
	chosen = {
		field: filters[field]
		for field in ("customer", "company", "report", "owner_user", "decision")
		if filters.get(field)
	}
	rows = frappe.get_list(
		"Consulting Recommendation",
		filters=chosen,
		fields=list(FIELDS),
		order_by="due_date, creation",
		limit=0,
	)
	rows.sort(key=lambda row: not row.due_date)  # the dated ones first
	issued = _dates("Consulting Report", "issued_on", {row.report for row in rows})
	last = _last_follow_ups([row.name for row in rows])
	today = site_now().date()
	for row in rows:
		begun = row.decided_on or issued.get(row.report)
		until = row.verified_on or today
		row.age = max(0, (until - begun).days) if begun else 0
		row.overdue = recommendations.overdue_days(row)
		row.bucket = _span(ageing.spans()[ageing.bucket(row.age)]) if row.state in OPEN else ""
		row.last_follow_up = last.get(row.name)
		row.state_shown = _(row.state, context=CONTEXT)
		row.decision_shown = _(row.decision) if row.decision else _("not yet decided")
		row.priority_shown = _(row.priority)
	return rows


def _dates(doctype: str, fieldname: str, names: set[str]) -> dict:
	found = frappe.get_all(
		doctype,
		filters={"name": ["in", sorted(names)]},
		fields=["name", fieldname],
		order_by="name",
		as_list=True,
	)
	return dict(found)


def _last_follow_ups(names: list[str]) -> dict:
	if not names:
		return {}
	table = frappe.qb.DocType("Consulting Follow-up")
	query = (
		frappe.qb.from_(table)
		.select(table.parent, Max(table.noted_on))
		.where((table.parenttype == "Consulting Recommendation") & table.parent.isin(names))
		.groupby(table.parent)
	)
	return dict(query.run())


def _columns() -> list[dict]:
	return [
		column("name", _("Recommendation"), "Link", 150, options="Consulting Recommendation"),
		column("title", _("What is recommended"), "Data", 260),
		column("customer", _("Customer", context="Ops Delivery"), "Link", 150, options="Customer"),
		column("report", _("Consulting Report"), "Link", 140, options="Consulting Report"),
		column("priority_shown", _("Priority", context="Ops Delivery"), "Data", 80),
		column("decision_shown", _("Decision"), "Data", 120),
		column("state_shown", _("State", context=CONTEXT), "Data", 110),
		column("owner_user", _("Owner", context=CONTEXT), "Link", 160, options="User"),
		column("due_date", _("Due"), "Date", 100),
		column("overdue", _("Days Overdue"), "Int", 100),
		column("age", _("Days Open"), "Int", 90),
		column("bucket", _("Ageing"), "Data", 110),
		column("last_follow_up", _("Last Followed Up"), "Datetime", 150),
	]


def _span(span: tuple[int, int | None]) -> str:
	first, last = span
	return _("{0} days and more").format(first) if last is None else _("{0} to {1} days").format(first, last)


def _chart(found: list[frappe._dict]) -> dict | None:
	"""Open ones by age: in time and overdue."""
	open_rows = [row for row in found if row.state in OPEN]
	if not open_rows:
		return None
	spans = [_span(span) for span in ageing.spans()]
	overdue = [sum(row.bucket == span and row.overdue > 0 for row in open_rows) for span in spans]
	in_time = [sum(row.bucket == span and not row.overdue for row in open_rows) for span in spans]
	return {
		"data": {
			"labels": spans,
			"datasets": [
				{"name": _("In Time"), "values": in_time},
				{"name": _("Overdue", context=CONTEXT), "values": overdue},
			],
		},
		"type": "bar",
		"colors": ["#3b6ea5", "#c0392b"],
		"barOptions": {"stacked": 1},
	}


def _summary(found: list[frappe._dict]) -> list[dict]:
	adopted = [row for row in found if row.decision in recommendations.ADOPTED]
	verified = sum(row.state == "Verified" for row in adopted)
	overdue = sum(row.overdue > 0 for row in found)
	return [
		_card(_("Recommendations"), len(found), "Blue"),
		_card(_("Not Yet Decided"), sum(not row.decision for row in found), "Orange"),
		_card(_("Adopted"), len(adopted), "Blue"),
		_card(
			_("Being Carried Out"),
			sum(row.state in ("Decided", "In Progress", "Done") for row in adopted),
			"Blue",
		),
		_card(_("Verified", context=CONTEXT), verified, "Green"),
		_card(_("Overdue", context=CONTEXT), overdue, "Red" if overdue else "Green"),
		_card(
			_("Put into Practice"),
			f"{100 * verified / len(adopted):.0f} %" if adopted else "–",
			"Green",
			"Data",
		),
	]


def _card(label: str, value, indicator: str, datatype: str = "Int") -> dict:
	return {"label": label, "value": value, "datatype": datatype, "indicator": indicator}
