"""The section of agreed amounts: what was promised, used in the period and in all, planned, left, expired and beyond (5.3.a, 5.4.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.domain.service_report.model import (
	DAY,
	NUMBER,
	PERCENT,
	STATE,
	TEXT,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
)
from ops_delivery.services.amounts import figures, ledger, versions
from ops_delivery.services.reports.lists import nothing
from ops_delivery.services.reports.period import Period
from ops_delivery.services.shared import site_time

ENTRY = "Amount Entry"
COLUMNS = (
	Column("title", label("What"), TEXT),
	Column("counts", label("What Is Counted"), STATE, "Agreed Amount"),
	Column("unit", label("Unit"), TEXT),
	Column("from_day", label("First Day"), DAY),
	Column("to_day", label("Last Day"), DAY),
	Column("promised", label("Promised"), NUMBER),
	Column("carried", label("Carried Over"), NUMBER),
	Column("used_now", label("Used in the Period"), NUMBER),
	Column("used", label("Used in All"), NUMBER),
	Column("planned", label("Planned"), NUMBER),
	Column("left", label("Left"), NUMBER),
	Column("expired", label("Expired"), NUMBER),
	Column("extra", label("Beyond"), NUMBER),
	Column("share", label("Share Used"), PERCENT),
)

SELDOM = ("unit", "carried", "planned", "expired", "extra")


def collect(period: Period) -> Section:
	"""The periods of amounts that touch the period, of each version that ruled in it. `promised` None: unlimited."""
	promised = versions.of(period.agreement.name)
	ruling = {one.name for one in period.versions}
	asked = [(promised, one) for one in (promised.all if promised else ()) if one.name in ruling and one.rows]
	as_of = min(period.span.last, site_time.site_now().date())
	rows = [_row(account, balance, period) for account in figures.accounts(asked, as_of) for balance in account.balances if balance.period.within(*period.span).days]
	if not rows:
		return nothing("amounts", label("The agreement promises no amount in this period."))
	drawn = ledger.draws_of({promised.number}) if promised else {}
	for row in rows:
		draws = [draw for draw in drawn.get((promised.number, row.pop("key")), ()) if period.span.first <= draw.day <= period.span.last and row["from_day"] <= str(draw.day) <= row["to_day"]]
		row["used_now"] = float(sum(draw.quantity for draw in draws))
	beyond = [row for row in rows if row["extra"]]
	return Section(
		"amounts",
		figures=(
			Figure("amounts", label("Agreed amounts"), len(rows)),
			Figure("nearly", label("Nearly or wholly used"), sum(bool(row["warned"]) for row in rows)),
			Figure("beyond", label("Gone beyond"), len(beyond), sources=_entries(period)),
		),
		tables=(Table("amounts", label("Agreed and used"), _columns(rows), tuple(rows)),),
		notes=() if beyond else (said(label("Nothing was used beyond what is agreed.")),),
	)


def _columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
	"""Without those in which nothing stands: it is a wide table."""
	return tuple(column for column in COLUMNS if column.key not in SELDOM or any(row[column.key] for row in rows))


def _row(account: figures.Account, balance: Any, period: Period) -> dict[str, Any]:
	row, values = account.row, figures.values(balance)
	return {
		"key": row.amount_key,
		"title": row.title,
		"counts": row.counts,
		"unit": row.unit or None,
		"from_day": str(values["from"]),
		"to_day": str(values["to"]),
		**{name: values[name] for name in ("promised", "carried", "used", "planned", "left", "expired", "extra", "share")},
		"unlimited": bool(cint(row.unlimited)),
		"warned": values["warned"],
	}


def _entries(period: Period) -> Sources:
	"""The draws of the period that went beyond what is promised."""
	days = ["between", [str(period.span.first), str(period.span.last)]]
	filters = {"agreement": ["in", list(period.names)], "extra": [">", 0], "day": days}
	return Sources.of(ENTRY, frappe.get_list(ENTRY, filters=filters, pluck="name", order_by="day, name", limit_page_length=0), filters)
