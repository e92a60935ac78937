"""Who is in charge of an agreement is told when an amount is nearly used: once a period, in the step that used it (5.4.a)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.utils import cint, formatdate

from ops_delivery.domain.amounts.ledger import Balance, statement
from ops_delivery.services.agreements import amounts
from ops_delivery.services.amounts import ledger
from ops_delivery.services.amounts.ledger import Drawn
from ops_delivery.services.amounts.sources import Take
from ops_delivery.services.amounts.versions import AGREEMENT
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

NEARLY_USED = "ops_amount_nearly_used"


def after(drawn: Iterable[Drawn]) -> None:
	"""Look at the periods that were drawn on just now. The caller holds the amounts, so nobody else warns of them."""
	seen: set[tuple[str, object]] = set()
	for take, _extra in drawn:
		version, row = take.version, take.row
		if cint(row.unlimited) or (row.amount_key, take.work.day) in seen:
			continue
		seen.add((row.amount_key, take.work.day))
		draws = ledger.now_on(version, row.amount_key)
		balance = statement(amounts.promise(row, version.span), draws, site_now().date()).on(take.work.day)
		if balance and balance.warned and balance.period.last >= site_now().date():
			_warn(take, balance)


def _warn(take: Take, balance: Balance) -> None:
	version, row = take.version, take.row
	source = (AGREEMENT, version.name, str(balance.period.first), 1)
	known = dict(zip(("source_doctype", "source_name", "source_row", "seq"), source, strict=True))
	if frappe.db.get_value(ledger.ENTRY, {**known, "amount_key": row.amount_key}, for_update=True):  # as it is now
		return
	bulk.insert(ledger.ENTRY, ledger.FIELDS, [ledger.line(version, row, take.work.day, ledger.WARNED, 0, source)])
	notices.post(
		AGREEMENT,
		version.name,
		NEARLY_USED,
		{
			"what": row.title,
			"used": amounts.number(balance.used + balance.extra),
			"at_hand": amounts.so_many(row, balance.at_hand),
			"share": f"{balance.share:.0f}",
			"until": formatdate(balance.period.last),
		},
	)
