"""What a record type offers to a template of one's own: names of texts, ticks, pictures, groups and tables (8.2.e)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT, TICK, PICTURE, GROUP, TABLE = "Text", "Tick", "Picture", "Group", "Table"
LOOP = "loop"
# the smallest picture there is, for a trial
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
LOOP_PARTS = ("index", "first", "last", "length")


@dataclass(frozen=True)
class Node:
	"""One name. `meaning` in the reader's language; `label`: what stands before it on a paper, where that is shorter; `example`: what may stand there, of a picture how many millimetres high it is.
	`parts`: what a group, or a row of a table, has."""

	kind: str
	meaning: str = ""
	example: Any = ""
	parts: Mapping[str, Node] = field(default_factory=dict)
	label: str = ""

	@property
	def on_paper(self) -> str:
		"""What stands before it on a paper."""
		return self.label or self.meaning


Offer = Mapping[str, Node]


def listed(offer: Offer, before: str = "") -> Iterator[tuple[str, Node]]:
	"""Each name as a template writes it, a group's with its own in front: ("customer.name", node). Rows of a table follow it as
	("parts[].name", node)."""
	for name, node in offer.items():
		yield before + name, node
		yield from listed(node.parts, f"{before}{name}{'[]' if node.kind == TABLE else ''}.")


def example(offer: Offer) -> dict[str, Any]:
	"""Values for a trial: each table has one row."""
	found: dict[str, Any] = {}
	for name, node in offer.items():
		if node.kind == TABLE:
			found[name] = [example(node.parts)]
		elif node.kind == GROUP:
			found[name] = example(node.parts)
		else:
			found[name] = PIXEL if node.kind == PICTURE else node.example
	return found


def fitted(offer: Offer, values: Mapping[str, Any]) -> dict[str, Any]:
	"""Values as plain texts, ticks, pictures, dictionaries and lists, with all names of the offer and no other. KeyError for a name that
	is missing: whoever offers a name gives it."""
	found: dict[str, Any] = {}
	for name, node in offer.items():
		value = values[name]
		if node.kind == TABLE:
			found[name] = [fitted(node.parts, row) for row in value or ()]
		elif node.kind == GROUP:
			found[name] = fitted(node.parts, value)
		elif node.kind == TICK:
			found[name] = bool(value)
		elif node.kind == PICTURE:
			found[name] = {"picture": str(value), "height": int(node.example or 20)} if value else ""
		else:
			found[name] = clean(str(value)) if value is not None else ""
	return found


def clean(text: str) -> str:
	"""A text without signs that XML cannot hold, or that a template engine takes for a page or paragraph."""
	return "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"))
