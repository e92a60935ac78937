"""The clauses of a specification. Ours come with the app and follow it at each migrate; other catalogues are an administrator's data.

Only what differs is written, and no other catalogue is touched: neither are the definitions of what proves a clause.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, NamedTuple

import frappe
from frappe import _

from ops_delivery.services.shared import bulk

DOCTYPE = "Specification Clause"
CATALOGUE = "Delivery Specification"
FILE = ("fixtures", "specification_clauses.csv")
TEXTS = ("chapter", "chapter_title", "chapter_title_zh", "title", "title_zh", "requirement", "requirement_zh")
FIELDS = ("name", "catalogue", "number", "is_heading", "position", *TEXTS)


class Clause(NamedTuple):
	"""A clause in the reader's language."""

	name: str
	number: str
	chapter: str
	chapter_title: str
	title: str
	requirement: str
	is_heading: bool


def ours() -> list[dict[str, Any]]:
	"""The clauses that come with the app, headings included, as records."""
	with Path(frappe.get_app_path("ops_delivery", *FILE)).open(encoding="utf-8", newline="") as file:
		rows = list(csv.DictReader(file))
	return [
		{
			**{field: row[field] for field in TEXTS},
			"name": f"{CATALOGUE} {row['number']}",
			"catalogue": CATALOGUE,
			"number": row["number"],
			"is_heading": int(row["is_heading"]),
			"position": place,
		}
		for place, row in enumerate(rows, 1)
	]


def sync() -> int:
	"""Write the clauses of ours that are not as the app has them; how many. One query where nothing differs."""
	there = {row.name: row for row in frappe.get_all(DOCTYPE, {"catalogue": CATALOGUE}, FIELDS, order_by="position")}
	wanted = ours()
	new = [row for row in wanted if row["name"] not in there]
	bulk.insert(DOCTYPE, FIELDS, [tuple(row[field] for field in FIELDS) for row in new])
	changed = [row for row in wanted if row["name"] in there and any(row[field] != there[row["name"]][field] for field in FIELDS)]
	for row in changed:
		frappe.db.set_value(DOCTYPE, row["name"], bulk.as_saved(DOCTYPE, {field: row[field] for field in FIELDS[1:]}))
	return len(new) + len(changed)


def refuse_ours(doc: Any) -> None:
	"""Refuse to write or delete a clause of our catalogue by hand: the next migrate would put it back."""
	if doc.catalogue != CATALOGUE:
		return
	frappe.throw(
		_("{0}: the clauses of {1} come with the app. Import a catalogue of your own under another name.").format(
			frappe.bold(frappe.utils.escape_html(doc.number or doc.name)), frappe.bold(_(CATALOGUE))
		)
	)


def clauses(catalogue: str = CATALOGUE) -> list[Clause]:
	"""The clauses of a catalogue in their order and the reader's language, headings included. One query."""
	chinese = (frappe.local.lang or "").startswith("zh")

	def said(row: Any, field: str) -> str:
		return (row.get(f"{field}_zh") if chinese else "") or row.get(field) or ""

	rows = frappe.get_all(DOCTYPE, {"catalogue": catalogue}, FIELDS, order_by="position, number")
	return [
		Clause(row.name, row.number, row.chapter or "", *(said(row, field) for field in ("chapter_title", "title", "requirement")), bool(row.is_heading))
		for row in rows
	]


def catalogues() -> list[str]:
	"""The catalogues there are, ours first."""
	found = frappe.get_all(DOCTYPE, distinct=True, pluck="catalogue", order_by="catalogue")
	return sorted(found, key=lambda name: (name != CATALOGUE, name))
