"""The paragraphs of a Word document in their order, each with the place where a person finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops_delivery.domain.own_papers import package
from ops_delivery.domain.own_papers.problem import BODY, FILE, FOOTER, FOOTNOTE, HEADER, Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL, TEXT = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}t"
BOX, PIECE, TAB, BREAK = f"{W}txbxContent", f"{W}instrText", f"{W}tab", (f"{W}br", f"{W}cr")
# what is filled in, and what is not
FILLED = {
	re.compile(r"word/document\.xml"): BODY,
	re.compile(r"word/header\d*\.xml"): HEADER,
	re.compile(r"word/footer\d*\.xml"): FOOTER,
	re.compile(r"word/footnotes\.xml"): FOOTNOTE,
}
AROUND = 60
LEFT, RIGHT = ("{{", "{%", "{#"), ("}}", "%}", "#}")


@dataclass(frozen=True)
class Paragraph:
	"""One paragraph: its text as a reader sees it, where it is, and what it lies in: the elements (parent, cell, row, table)."""

	text: str
	place: Place
	element: Any
	parent: Any
	cell: Any = None
	row: Any = None
	table: Any = None


@dataclass
class _Walk:
	part: str
	number: int
	found: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True)
class _Within:
	cells: tuple[tuple[int, int, int], ...] = ()
	box: bool = False
	cell: Any = None
	row: Any = None
	table: Any = None


def kind_of(name: str) -> str:
	"""What a part of the file is: body, header, footer, footnote; file for all else."""
	return next((kind for pattern, kind in FILLED.items() if pattern.fullmatch(name)), FILE)


def paragraphs(found: Mapping[str, bytes]) -> Iterator[tuple[str, Any, list[Paragraph]]]:
	"""(part's name, its tree, its paragraphs) of all parts that are filled in, the body first. package.Refused for broken ones."""
	numbers: dict[str, int] = {}
	for name in sorted(found, key=lambda name: (kind_of(name) != BODY, name)):
		if (kind := kind_of(name)) == FILE:
			continue
		numbers[kind] = numbers.get(kind, 0) + 1
		tree, walk = package.read(name, found[name]), _Walk(kind, numbers[kind])
		_into(walk, tree, _Within(), {"p": 0, "t": 0})
		yield name, tree, walk.found


def _into(walk: _Walk, parent: Any, within: _Within, counts: dict[str, int]) -> None:
	for child in parent:
		if child.tag == PARAGRAPH:
			counts["p"] += 1
			_paragraph(walk, child, parent, within, counts["p"])
		elif child.tag == TABLE:
			counts["t"] += 1
			_rows(walk, child, within, counts["t"])
		elif isinstance(child.tag, str):
			_into(walk, child, within, counts)


def _rows(walk: _Walk, table: Any, within: _Within, number: int) -> None:
	for at, row in enumerate((node for node in table.iter(ROW) if _nearest(node, TABLE) is table), 1):
		for column, cell in enumerate((node for node in row.iter(CELL) if _nearest(node, ROW) is row), 1):
			inner = _Within((*within.cells, (number, at, column)), within.box, cell, row, table)
			_into(walk, cell, inner, {"p": 0, "t": 0})


def _paragraph(walk: _Walk, element: Any, parent: Any, within: _Within, number: int) -> None:
	said, boxes = [], []
	for node in element.iter():
		if node.tag == BOX:
			if _nearest(node, PARAGRAPH) is element:
				boxes.append(node)
		elif node.tag in (TEXT, TAB, *BREAK) and _nearest(node, PARAGRAPH) is element:
			said.append(node.text or "" if node.tag == TEXT else "\t" if node.tag == TAB else "\n")
	place = Place(walk.part, walk.number, within.cells, number, within.box, "")
	walk.found.append(Paragraph("".join(said), place, element, parent, within.cell, within.row, within.table))
	for box in boxes:
		_into(walk, box, _Within(within.cells, True), {"p": 0, "t": 0})


def _nearest(node: Any, tag: str) -> Any:
	above = node.getparent()
	while above is not None and above.tag != tag:
		above = above.getparent()
	return above


def around(text: str, start: int, end: int) -> str:
	"""The words of a paragraph around a piece of it, in one line."""
	first, last = max(0, start - AROUND // 2), min(len(text), end + AROUND // 2)
	said = " ".join(text[first:last].split())
	return f"{'… ' if first else ''}{said}{' …' if last < len(text) else ''}"
