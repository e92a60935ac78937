"""What was agreed, used, planned, left, expired and done beyond, period by period: for forms, the portal and the report (5.4.a)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from frappe.utils import cint

from ops_delivery.domain.amounts.ledger import Balance, statement
from ops_delivery.services.agreements import amounts
from ops_delivery.services.amounts import ledger, planned, versions
from ops_delivery.services.amounts.versions import Version, Versions
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now

AMOUNTS = "amounts"  # the table of the agreement
NUMBERS = ("promised", "carried", "at_hand", "used", "planned", "left", "expired", "extra", "planned_extra")


class Account(NamedTuple):
	"""What became of one row of a version: its balances by period, and the one that runs on the day asked for."""

	version: Version
	row: Any
	balances: tuple[Balance, ...]
	now: Balance | None


def accounts(asked: Iterable[tuple[Versions, Version]], today: date) -> list[Account]:
	"""Each row of versions, seen on a day: what was drawn later was not yet. A fixed number of queries."""
	asked = list(asked)
	if not asked or AMOUNTS in readership.withheld(versions.AGREEMENT) or readership.withheld(versions.AGREEMENT, AMOUNTS):
		return []
	drawn = ledger.draws_of(version.number for _promised, version in asked)
	ahead = planned.draws([promised for promised, _version in asked], today)
	return [
		_account(version, row, today, [*(draw for draw in drawn.get((version.number, row.amount_key), []) if draw.day <= today), *ahead.get((version.number, row.amount_key), [])])
		for _promised, version in asked
		for row in version.rows
	]


def of_agreement(name: str, now: bool = False) -> list[dict[str, Any]]:
	"""What a form or page shows of a submitted version: a line a row, with the running period and those before. `now`: of
	the version of the same agreement that rules today. Nothing for whom the field level withholds the amounts."""
	day = site_now().date()
	promised = versions.of(name)
	version = promised and ((now and promised.on(day)) or promised.named(name))
	return [shown(one) for one in accounts([(promised, version)], day)] if version else []


def shown(account: Account) -> dict[str, Any]:
	"""An account as plain values. Amounts are numbers; None is unlimited."""
	row = account.row
	return {
		"key": row.amount_key,
		"title": row.title,
		"promise": amounts.sentence(row),
		"counted": amounts.counted(row),
		"rest": amounts.rest(row),
		"unit": amounts.unit(row),
		"unlimited": cint(row.unlimited),
		"warn_at": None if cint(row.unlimited) else amounts.promise(row, account.version.span).warn_at,
		"now": values(account.now) if account.now else None,
		"periods": [values(one) for one in account.balances],
	}


def values(balance: Balance) -> dict[str, Any]:
	"""One period as plain values."""
	return {
		"from": balance.period.first,
		"to": balance.period.last,
		**{name: _plain(getattr(balance, name)) for name in NUMBERS},
		"share": balance.share,
		"warned": balance.warned,
	}


def _account(version: Version, row: Any, today: date, draws: Iterable[Any]) -> Account:
	found = statement(amounts.promise(row, version.span), ledger.of_version(version, draws), today)
	return Account(version, row, found.balances, found.on(today))


def _plain(value: Decimal | None) -> float | None:
	return None if value is None else float(value)
