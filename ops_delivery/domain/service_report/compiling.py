"""Figures that are made anew come into a report that somebody has worded: what was typed stays (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Row:
	"""A section as it stands in a report. `section`: its key, "" for one of the compiler's own. `figures`: as Section.to_dict gives them."""

	section: str = ""
	heading: str = ""
	introduction: str = ""
	text: str = ""
	figures: Mapping[str, Any] | None = None
	name: str | None = None


def wanted(template: Iterable[Row], rows: Iterable[Row]) -> list[str]:
	"""The keys of the sections whose figures are to be made: those of the template, and those somebody has written about."""
	keys = [row.section for row in template]
	return list(dict.fromkeys([*keys, *(row.section for row in rows if row.section and row.text.strip())]))


def merge(template: Sequence[Row], rows: Sequence[Row], figures: Mapping[str, Mapping[str, Any]]) -> list[Row]:
	"""The sections of a report once its figures are made.

	What is there keeps its place, heading and text; what the template has beside it comes in where the template has it. A section
	that the template has no longer goes, unless somebody has written about it; one of the compiler's own stays.
	"""
	keys = [row.section for row in template]
	kept = [row for row in rows if not row.section or row.section in keys or row.text.strip()]
	there = {row.section for row in kept}
	for place, new in enumerate(template):
		if new.section in there:
			continue
		before = {row.section for row in template[:place]}
		at = max((index + 1 for index, row in enumerate(kept) if row.section in before), default=0)
		kept.insert(at, new)
		there.add(new.section)
	return [replace(row, figures=figures.get(row.section, row.figures)) for row in kept]
