"""The ledger of agreed amounts: only added to, each piece of work draws once, what is no longer so is given back (5.3.a).

What a record takes now is compared with what stands, and the difference is entered. So the same again enters nothing, an
hour that is corrected is given back and drawn anew, and what was cancelled is given back. Whoever draws on an amount holds
its rows until the transaction ends, so two that close at once are covered one after the other; a unique key of the database
(source, line, amount, number) is the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe.utils import cint, flt, getdate

from ops_delivery.domain.amounts.ledger import covered
from ops_delivery.domain.amounts.promised import ZERO, Draw
from ops_delivery.services.agreements import amounts
from ops_delivery.services.amounts.sources import Take
from ops_delivery.services.amounts.versions import Version
from ops_delivery.services.shared import bulk

ENTRY = "Amount Entry"
DRAWN, GIVEN_BACK, NOT_COUNTED, WARNED = "Drawn", "Given Back", "Not Counted", "Warned"
FIELDS = (
	*("name", "title", "day", "kind", "quantity", "extra", "note", "customer", "agreement", "agreement_number", "amount_key"),
	*("source_doctype", "source_name", "source_row", "seq"),
)


class Standing(NamedTuple):
	"""What a piece of work has drawn on one amount until now; `not_counted`: somebody decided that it draws nothing."""

	last: frappe._dict
	quantity: Decimal
	not_counted: bool


class Drawn(NamedTuple):
	"""What was drawn just now, and how much of it no promised amount covers."""

	take: Take
	extra: Decimal


def settle(doctype: str, name: str, takes: Iterable[Take]) -> list[Drawn]:
	"""Enter the difference between what a record takes and what stands; what was drawn anew."""
	wanted = {(take.work.line, take.row.amount_key): take for take in takes}
	keys = {key for _line, key in wanted} | set(_keys_of(doctype, name))
	if not keys:
		return []
	hold(keys)
	standing = standing_of(doctype, name)
	drawn: list[Drawn] = []
	for place in sorted({*wanted, *standing}, key=lambda place: (wanted[place].work.day if place in wanted else date.min, place)):
		take, stands = wanted.get(place), standing.get(place)
		if (stands and stands.not_counted) or agrees(take, stands):
			continue
		number = cint(stands.last.seq) if stands else 0
		if stands and stands.quantity:
			number += 1
			_enter(_back(stands, number))
		if take:
			extra = beyond(take)
			source = (doctype, name, take.work.line, number + 1)
			_enter(line(take.version, take.row, take.work.day, DRAWN, take.quantity, source, extra))
			drawn.append(Drawn(take, extra))
	return drawn


def hold(keys: Iterable[str]) -> None:
	"""Wait for whoever draws on these amounts, and have others wait until this transaction ends."""
	row = frappe.qb.DocType(amounts.ROW)
	(
		frappe.qb.from_(row).select(row.name).where(row.amount_key.isin(sorted(keys))).orderby(row.name).for_update()
	).run()


def standing_of(doctype: str, name: str) -> dict[tuple[str, str], Standing]:
	"""(line, key) -> what stands of a record, as it is now; the caller holds its amounts."""
	entry = frappe.qb.DocType(ENTRY)
	rows = (
		frappe.qb.from_(entry)
		.select(*(entry[field] for field in FIELDS))
		.where((entry.source_doctype == doctype) & (entry.source_name == name) & (entry.kind != WARNED))
		.orderby(entry.seq)
		.for_update()
	).run(as_dict=True)
	return _standing(rows)


def standing_of_all(doctype: str, names: Iterable[str]) -> dict[str, dict[tuple[str, str], Standing]]:
	"""The same for many records, to be looked at only: record -> (line, key) -> what stands."""
	found: dict[str, list[frappe._dict]] = {}
	for row in frappe.get_all(
		ENTRY,
		filters={"source_doctype": doctype, "source_name": ["in", list(names) or [""]], "kind": ["!=", WARNED]},
		fields=list(FIELDS),
		order_by="source_name, seq",
	):
		found.setdefault(row.source_name, []).append(row)
	return {name: _standing(rows) for name, rows in found.items()}


def agrees(take: Take | None, stands: Standing | None) -> bool:
	"""Whether nothing is to be entered: the same day, and as much as stands."""
	if not take or not stands or not stands.quantity:
		return not take and (not stands or not stands.quantity)
	return take.quantity == stands.quantity and take.work.day == getdate(stands.last.day)


def draws_of(numbers: Iterable[str], keys: Iterable[str] | None = None, held: bool = False) -> dict[tuple[str, str], list[Draw]]:
	"""(agreement number, key) -> what is drawn on it after all. `keys`: of these amounts alone; `held`: as it is at this
	moment, for whoever holds them."""
	entry = frappe.qb.DocType(ENTRY)
	query = (
		frappe.qb.from_(entry)
		.select(entry.agreement_number, entry.amount_key)
		.select(entry.source_doctype, entry.source_name, entry.source_row, entry.day, entry.quantity)
		.where(entry.agreement_number.isin(sorted(set(numbers)) or [""]) & (entry.quantity != 0))
		.orderby(entry.day)
	)
	if keys is not None:
		query = query.where(entry.amount_key.isin(sorted(keys)))
	sums: dict[tuple[str, str, str, date], float] = {}
	for number, key, doctype, name, line, day, quantity in (query.for_update() if held else query).run():
		place = (number, key, _source(doctype, name, line), day)
		sums[place] = sums.get(place, 0) + quantity
	found: dict[tuple[str, str], list[Draw]] = {}
	for (number, key, source, day), quantity in sums.items():
		if exact(quantity) > 0:
			found.setdefault((number, key), []).append(Draw(source, day, exact(quantity)))
	return found


def now_on(version: Version, key: str, held: bool = True) -> list[Draw]:
	"""What is drawn on an amount on the days that a version rules."""
	return of_version(version, draws_of([version.number], [key], held).get((version.number, key), []))


def beyond(take: Take, held: bool = True) -> Decimal:
	"""How much of what a piece of work takes no promised amount covers. What it has drawn itself until now is left out."""
	work, row, version = take.work, take.row, take.version
	if cint(row.unlimited):
		return ZERO
	own = _source(work.doctype, work.name, work.line)
	others = [draw for draw in now_on(version, row.amount_key, held) if draw.key != own]
	return take.quantity - covered(amounts.promise(row, version.span), others, Draw(own, work.day, take.quantity))


def exact(value: Any) -> Decimal:
	"""A stored number as a decimal of three places."""
	return Decimal(str(flt(value, 3)))


def line(version: Version, row: Any, day: date, kind: str, quantity: Any, source: tuple[str, str, str, int], extra: Any = 0, note: str = "") -> tuple[Any, ...]:
	"""The values of an entry, in the order of FIELDS. `source`: type, record, line, number."""
	return (
		*(frappe.generate_hash(length=10), row.title, day, kind, float(quantity), float(extra), note or None),
		*(version.customer, version.name, version.number, row.amount_key),
		*source,
	)


def of_version(version: Version, draws: Iterable[Draw]) -> list[Draw]:
	"""The draws on the days that a version rules."""
	return [draw for draw in draws if version.span.first <= draw.day <= version.span.last]


def _enter(values: tuple[Any, ...]) -> None:
	"""At once, so that the next line of the same record is covered behind it."""
	bulk.insert(ENTRY, FIELDS, [values])


def _source(doctype: str, name: str, line: str | None) -> str:
	return "|".join((doctype, name, line or ""))


def _back(stands: Standing, number: int) -> tuple[Any, ...]:
	last = stands.last
	given = {
		**last,
		"name": frappe.generate_hash(length=10),
		"kind": GIVEN_BACK,
		"quantity": -float(stands.quantity),
		"extra": 0,
		"note": None,
		"seq": number,
	}
	return tuple(given[field] for field in FIELDS)


def _standing(rows: Iterable[frappe._dict]) -> dict[tuple[str, str], Standing]:
	found: dict[tuple[str, str], Standing] = {}
	for row in rows:
		place = (row.source_row or "", row.amount_key)
		before = found.get(place)
		quantity = (before.quantity if before else ZERO) + exact(row.quantity)
		found[place] = Standing(row, quantity, row.kind == NOT_COUNTED)
	return found


def _keys_of(doctype: str, name: str) -> list[str]:
	return frappe.get_all(
		ENTRY,
		filters={"source_doctype": doctype, "source_name": name},
		pluck="amount_key",
		distinct=True,
		order_by="amount_key",
	)
