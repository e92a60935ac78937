"""Finding records by what somebody types: the best first, and nothing that the reader may not see (5.3.f).

	finding.find("交换机 断网")                      for staff: every type they may read
	finding.find(text, types=("Issue",), most=10)
	finding.candidates(...)                          for a page with a rule of its own, which asks for itself who may see what

The database finds candidates by its own index (MATCH … AGAINST, by the title and by all words), `domain/search_words.py` puts them
in order, and each type's own list says in one query which of them the reader may see. Titles are shown of these alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import frappe
from frappe.utils import cint, cstr
from pypika.terms import Function, ValueWrapper

from ops_delivery.domain import search_words
from ops_delivery.permissions import confidential
from ops_delivery.services.search import types as searched_types
from ops_delivery.services.search.entries import ENTRY

MOST, LOOKED_AT, ROUNDS = 20, 60, 4
SHOWN = ("document_type", "document_name", "title", "title_words", "words", "customer", "modified")
Reader = Callable[[str, list[str]], set[str]]


class Against(Function):
	"""MATCH (column) AGAINST ('…' IN BOOLEAN MODE), by the column's FULLTEXT index."""

	def __init__(self, column: Any, question: str):
		super().__init__("MATCH", column)
		self.question = question

	def get_function_sql(self, **kwargs: Any) -> str:
		return f"{super().get_function_sql(**kwargs)} AGAINST ({ValueWrapper(self.question).get_sql(**kwargs)} IN BOOLEAN MODE)"


def find(text: str, types: Sequence[str] = (), most: int = MOST) -> list[dict[str, Any]]:
	"""What the session's user finds: {doctype, name, title, customer, modified}, the best first. They are asked for in sets:
	one query a type and round, also where the first hundreds are not theirs to see."""
	wanted = search_words.asked(cstr(text))
	allowed = [name for name in (types or sorted(searched_types.all_types())) if _may_list(name)]
	if not wanted or not allowed:
		return []
	most = min(max(cint(most), 1), LOOKED_AT)
	found: list[Any] = []
	for turn in range(ROUNDS):
		rows = candidates(wanted, allowed, page=turn, looked_at=LOOKED_AT)
		found += readable(rows, listed)
		if len(found) >= most or len(rows) < LOOKED_AT:
			break
	rows = [frappe._dict(row, doctype=row.document_type, name=row.document_name) for row in ordered(wanted, found, text)]
	kept = confidential.readable(rows)[:most]
	return [{field: row[field] for field in ("doctype", "name", "title", "customer", "modified")} for row in kept]


def candidates(
	wanted: Sequence[str], types: Sequence[str], any_word: bool = False, page: int = 0, looked_at: int = LOOKED_AT
) -> list[Any]:
	"""Entries of these types with all of the words (`any_word`: with some of them), those with a fitting title first; `looked_at`
	of each kind. Nobody's rights are asked. One query a kind.

	No ORDER BY: InnoDB hands its matches out by their rank, so LIMIT ends the reading early; told to sort, MariaDB reads every match first
	(ten times as long where half of the records match). What is found is put in order by `ordered`."""
	question = search_words.some(wanted) if any_word else search_words.every(wanted)
	entry = frappe.qb.DocType(ENTRY)
	found: dict[tuple[str, str], Any] = {}
	for column in (entry.title_words, entry.words):
		match = Against(column, question)
		rows = (
			frappe.qb.from_(entry)
			.select(*(entry[name] for name in SHOWN))
			.where(match)
			.where(entry.document_type.isin(list(types)))
			.limit(looked_at)
			.offset(page * looked_at)
		).run(as_dict=True)
		for row in rows:
			found.setdefault((row.document_type, row.document_name), row)
	return list(found.values())


def ordered(wanted: list[str], rows: list[Any], text: str = "") -> list[Any]:
	"""Entries, the best first: the number or title itself, then by their words, then the newest."""
	typed = search_words.plain(cstr(text)).strip()

	def place(row: Any) -> tuple[Any, ...]:
		exact = typed and typed in (search_words.plain(row.document_name), search_words.plain(cstr(row.title)))
		return (bool(exact), search_words.weight(wanted, row.title_words or "", row.words or ""), cstr(row.modified))

	return sorted(rows, key=place, reverse=True)


def readable(rows: list[Any], reader: Reader) -> list[Any]:
	"""Those of some entries that a reader may see. `reader`: (DocType, names) -> the names that they may see; asked once a type."""
	named: dict[str, list[str]] = defaultdict(list)
	for row in rows:
		named[row.document_type].append(row.document_name)
	seen = {doctype: reader(doctype, names) for doctype, names in named.items()}
	return [row for row in rows if row.document_name in seen[row.document_type]]


def listed(doctype: str, names: list[str]) -> set[str]:
	"""The names that the session's user would find in the type's own list, by all rules of it."""
	if not _may_list(doctype):
		return set()
	return set(frappe.get_list(doctype, filters={"name": ["in", names]}, pluck="name", limit_page_length=0))


def _may_list(doctype: str) -> bool:
	return bool(frappe.db.exists("DocType", doctype)) and bool(frappe.has_permission(doctype, "read"))
