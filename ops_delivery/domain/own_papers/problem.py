"""What is wrong with a template, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BODY, HEADER, FOOTER, FOOTNOTE, FILE = "body", "header", "footer", "footnote", "file"


@dataclass(frozen=True)
class Place:
	"""Where something stands. `part`: body, header, footer, footnote, or file for what is in no text; `number`: which header or footer,
	from 1; `cells`: (table, row, cell) from the outermost in, each from 1; `paragraph`: from 1 within the part or cell; `box`: in a text
	box; `text`: the words around it, or the name of a part of the file."""

	part: str = FILE
	number: int = 0
	cells: tuple[tuple[int, int, int], ...] = ()
	paragraph: int = 0
	box: bool = False
	text: str = ""


@dataclass(frozen=True)
class Problem:
	"""`code` says what is wrong, `said` what its sentence needs (name, like, tag …)."""

	code: str
	place: Place = field(default_factory=Place)
	said: tuple[tuple[str, Any], ...] = ()

	@property
	def details(self) -> dict[str, Any]:
		return dict(self.said)


def problem(code: str, place: Place | None = None, **said: Any) -> Problem:
	"""A problem at a place."""
	return Problem(code, place or Place(), tuple(said.items()))
