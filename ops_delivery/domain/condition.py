"""Conditions that administrators write: a question to a record's values, and nothing else (clause 6.3.b).

A condition is one Python expression. It may use: `doc.field` and `old.field` (also `doc["field"]`, `doc.get("field")`;
a missing field is None), rows of tables (`any(row.qty > 1 for row in doc.items)`), texts, numbers and lists as they
are written, and/or/not, comparisons, `in`, `is`, + - * / // % **, `a if b else c`, the functions of FUNCTIONS, the
methods of texts and dates in METHODS, and those functions that the caller gives under dotted names, as `frappe.utils.nowdate`.

Whatever else Python could do is refused when the condition is read. While it runs, its steps and the size of what it
makes are counted, so that none can hold up the process that asks it. It is compiled to closures once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ops_delivery.domain.condition_reader import Reader
from ops_delivery.domain.condition_run import Functions, Run
from ops_delivery.domain.condition_text import parsed


class Condition:
	"""A condition that was read and found allowed. `holds` asks it; `called` are the given functions it uses."""

	def __init__(self, text: str, given: frozenset[str]):
		tree = parsed(text)
		reader = Reader(text, given)
		self.text = text
		self._give = reader.read(tree.body, frozenset(), 0)
		self.called = frozenset(reader.called)

	def holds(self, doc: Mapping[str, Any], old: Mapping[str, Any], functions: Functions) -> bool:
		"""Whether it is true of a record's values and those before. Raises what its parts raise (a TypeError where a
		text is compared with a number), and DomainError condition_too_costly."""
		return bool(self._give(Run({"doc": doc, "old": old}, functions, self.text)))


@lru_cache(maxsize=2048)
def read(text: str, given: frozenset[str] = frozenset()) -> Condition:
	"""Read a condition; `given`: the dotted names of the functions there are beside FUNCTIONS.

	DomainError condition_blank, condition_too_long, condition_syntax, condition_not_allowed, condition_unknown_name.
	"""
	return Condition(text, given)
