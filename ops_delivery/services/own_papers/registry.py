"""Which record types offer what to a template of one's own, found by the hook `ops_delivery_paper_sources`.

	# hooks.py of an app
	ops_delivery_paper_sources = {"Improvement Action": "their_app.improvement_paper.SOURCE"}

A source names what it offers once (`offer`, in the reader's language) and gives the values of one document by the same names; a test
holds the two together. Layout says what a starting template of ours shows, in which order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain.own_papers.offer import GROUP, PICTURE, TABLE, TEXT, TICK, Node, Offer
from ops_delivery.services.papers.paper import Paper

HOOK = "ops_delivery_paper_sources"


@dataclass(frozen=True)
class Block:
	"""A piece of a starting template: `facts` (names side by side), `text` (one name at full width), `table` (a table's name with its
	columns), `signs` (two boxes for a pen), `section` and `sections` (of a report: a group, or a table of such, with heading, text, figures,
	tables). `title`: what stands above, "" for nothing."""

	kind: str
	names: tuple[str, ...] = ()
	of: str = ""
	widths: tuple[int, ...] = ()
	title: str = ""


@dataclass(frozen=True)
class Source:
	"""What one record type gives. `name`: of the paper in English where it is not called as the type is."""

	doctype: str
	offer: Callable[[], Offer]
	values: Callable[[Any, Paper], dict[str, Any]]
	layout: Callable[[], tuple[Block, ...]]
	name: str = ""


def sources() -> dict[str, Source]:
	"""Record type: its source, of all apps; the last one named holds."""
	return {doctype: frappe.get_attr(paths[-1]) for doctype, paths in (frappe.get_hooks(HOOK) or {}).items()}


def of(doctype: str) -> Source | None:
	"""The source of a record type; None where templates cannot be for it."""
	paths = (frappe.get_hooks(HOOK) or {}).get(doctype)
	return frappe.get_attr(paths[-1]) if paths else None


# how an offer is written down


def said(meaning: str, english: str, chinese: str | None = None, label: str = "") -> Node:
	"""A text, with an example in each language. `label`: what stands before it on a paper, where that is shorter."""
	return Node(TEXT, meaning, _example(english, chinese), label=label)


def tick(meaning: str) -> Node:
	"""Yes or no, to be asked with if."""
	return Node(TICK, meaning, True)


def picture(meaning: str, height: int) -> Node:
	"""A picture, so many millimetres high."""
	return Node(PICTURE, meaning, height)


def group(meaning: str, **parts: Node) -> Node:
	"""Several names of one thing."""
	return Node(GROUP, meaning, parts=parts)


def rows(meaning: str, **parts: Node) -> Node:
	"""A table, with the names of a row."""
	return Node(TABLE, meaning, parts=parts)


def _example(english: str, chinese: str | None) -> str:
	return chinese if chinese is not None and cstr(frappe.local.lang).startswith("zh") else english
