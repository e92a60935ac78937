"""Which version of an agreement a day's work draws on: the one in force on that day (5.3.a)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import frappe

from ops_delivery.domain.periods import Span
from ops_delivery.services.agreements import amounts, succession

AGREEMENT = "Service Agreement"


class Version(NamedTuple):
	"""A submitted version, the days on which its amounts count, and its rows."""

	name: str
	number: str
	customer: str
	owner: str | None
	span: Span
	rows: tuple[frappe._dict, ...]


class Versions(NamedTuple):
	"""All submitted versions of one agreement, the newest first."""

	number: str
	all: tuple[Version, ...]

	def on(self, day: date) -> Version | None:
		"""The version in force on a day."""
		return next((one for one in self.all if one.span.first <= day <= one.span.last), None)

	def named(self, name: str) -> Version | None:
		"""A version by its name."""
		return next((one for one in self.all if one.name == name), None)

	@property
	def keys(self) -> list[str]:
		"""The keys of all amounts that any version promises."""
		return sorted({row.amount_key for one in self.all for row in one.rows if row.amount_key})


def of(agreement: str | None) -> Versions | None:
	"""The versions of the agreement that a version belongs to, with their amounts; None where none promises any."""
	return of_all([agreement]).get(agreement or "") if agreement else None


def of_all(names: list[str | None]) -> dict[str, Versions]:
	"""The same for several: name of any version -> versions. Three queries, however many."""
	wanted = sorted({name for name in names if name})
	if not wanted:
		return {}
	numbers = dict(
		frappe.get_all(AGREEMENT, {"name": ["in", wanted]}, ["name", "agreement_number"], as_list=True, order_by="name")
	)
	docs = succession.of(number or "" for number in numbers.values())
	rows: dict[str, list[frappe._dict]] = {}
	for row in amounts.rows_of([doc.name for doc in docs]) if docs else ():
		rows.setdefault(row.parent, []).append(row)
	if not rows:
		return {}
	found: dict[str, list[Version]] = {}
	for doc in docs:
		found.setdefault(doc.agreement_number, []).append(Version(doc.name, doc.agreement_number, doc.customer, doc.owner_user, doc.span, tuple(rows.get(doc.name, ()))))
	return {
		name: Versions(number, tuple(found[number]))
		for name, number in numbers.items()
		if any(one.rows for one in found.get(number, ()))
	}

