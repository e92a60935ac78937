"""What agreements promise in amounts, and what was used, planned, is left, expired and went beyond, by period (5.4.a)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate

from ops_delivery.services.agreements import amounts
from ops_delivery.services.amounts import figures, versions
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.report_parts import card, column
from ops_delivery.services.shared.site_time import site_now

NEARLY, BEYOND = "Nearly used", "Beyond"


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	today = site_now().date()
	first = getdate(filters.from_date) if filters.from_date else today
	last = getdate(filters.to_date) if filters.to_date else today
	if last < first:
		frappe.throw(
			_("{0}: {1} lies before {2}. Correct one of the two.").format(
				frappe.bold(_("To Date", context="Ops Delivery")), wording.day(last), wording.day(first)
			)
		)
	rows = [row for row in _rows(_asked(filters), first, last, today) if _is_wanted(row, filters.only)]
	period = _("{0} to {1}", context="Ops Delivery").format(wording.day(first), wording.day(last))
	if not rows:
		return _columns(), [], _("No agreement promises an amount in the period {0}. Look at a longer period, or at another customer.").format(period), None, []
	return (
		_columns(),
		rows,
		_("Periods of amounts that touch {0}, as of today. Left is what is neither used nor planned.").format(period),
		None,
		[
			card(_("Amounts", context="Ops Delivery"), len(rows), "Int", "Blue"),
			card(_("Nearly used", context="Amount Entry"), sum(row["nearly"] for row in rows), "Int", "Orange" if any(row["nearly"] for row in rows) else "Green"),
			card(_("Gone beyond", context="Amount Entry"), sum(row["extra"] > 0 for row in rows), "Int", "Red" if any(row["extra"] > 0 for row in rows) else "Green"),
		],
	)


def _asked(filters: frappe._dict) -> list[tuple[versions.Versions, versions.Version]]:
	wanted: dict[str, Any] = {"docstatus": 1}
	for field, name in (("customer", "customer"), ("company", "company"), ("name", "agreement")):
		if filters.get(name):
			wanted[field] = filters[name]
	names = frappe.get_list(versions.AGREEMENT, filters=wanted, pluck="name", order_by="customer, start_date, name", limit=0)
	known = versions.of_all(names)
	return [(known[name], version) for name in names if name in known and (version := known[name].named(name)) and version.rows]


def _rows(asked, first: date, last: date, today: date) -> list[dict[str, Any]]:
	return [
		_row(account, balance, today)
		for account in figures.accounts(asked, today)
		for balance in account.balances
		if balance.period.first <= last and balance.period.last >= first
	]


def _row(account: figures.Account, balance, today: date) -> dict[str, Any]:
	row, version = account.row, account.version
	return {
		**figures.values(balance),
		"agreement": version.name,
		"customer": version.customer,
		"title": row.title,
		"counted": amounts.counted(row),
		"unit": amounts.unit(row),
		"from_date": balance.period.first,
		"to_date": balance.period.last,
		"nearly": cint(balance.warned and balance.period.last >= today),
	}


def _is_wanted(row: dict[str, Any], only: str | None) -> bool:
	if only == NEARLY:
		return bool(row["nearly"])
	return not (only == BEYOND and not row["extra"] and not row["planned_extra"])


def _columns() -> list[dict]:
	def number(name: str, label: str, width: int = 80) -> dict:
		return column(name, label, "Float", width, precision=2)

	return [
		column("agreement", _("Service Agreement"), "Link", 130, options="Service Agreement"),
		column("customer", _("Customer", context="Ops Delivery"), "Link", 140, options="Customer"),
		column("title", _("What", context="Amount Entry"), "Data", 130),
		column("counted", _("Counted", context="Agreed Amount"), "Data", 140),
		column("from_date", _("From Date", context="Ops Delivery"), "Date", 110),
		column("to_date", _("To Date", context="Ops Delivery"), "Date", 110),
		column("unit", _("Unit", context="Agreed Amount"), "Data", 60),
		number("promised", _("Promised", context="Amount Entry")),
		number("used", _("Used", context="Amount Entry")),
		number("planned", _("Planned", context="Amount Entry")),
		number("left", _("Left", context="Amount Entry")),
		number("carried", _("Carried over", context="Amount Entry"), 120),
		number("expired", _("Expired", context="Amount Entry")),
		number("extra", _("Beyond", context="Amount Entry")),
		number("planned_extra", _("Planned beyond", context="Amount Entry"), 130),
		column("share", _("Share used", context="Amount Entry"), "Percent", 120, precision=0),
	]
