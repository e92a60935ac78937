"""What several sections read and say in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ops_delivery.domain.deliverables.secrecy import ALL_OF_CUSTOMER
from ops_delivery.domain.service_report.model import Figure, Said, Section, Sources, label, said
from ops_delivery.permissions import secrecy

HOW_OPEN = ("audience", "security_class")  # what for_all_of_the_customer asks of a deliverable
NOTHING = label("There was nothing of it in this period.")


def read(doctype: str, filters: Any, fields: Sequence[str], order_by: str = "name") -> list[frappe._dict]:
	"""All records of a type that fit; one query."""
	return frappe.get_list(doctype, filters=filters, fields=["name", *fields], order_by=order_by, limit_page_length=0)


def for_all_of_the_customer(rows: Iterable[Any]) -> list[Any]:
	"""Of deliverables those that a paper for the customer may name: theirs, and of a class that all of their people see. The report is read
	by everybody there, whoever made it."""
	return [row for row in rows if row.audience == "Customer" and secrecy.rule_of(row.security_class).portal == ALL_OF_CUSTOMER]


def names(rows: Iterable[Any]) -> list[str]:
	"""The names of rows."""
	return [row.name for row in rows]


def number(
	key: str,
	text: str,
	doctype: str,
	rows: Iterable[Any],
	previous: int | None = None,
	filters: Mapping[str, Any] | None = None,
) -> Figure:
	"""How many records there are, with them behind it. `filters`: those of a list that finds the same."""
	sources = Sources.of(doctype, names(rows), filters)
	return Figure(key, text, sources.count, previous=previous, sources=sources)


def nothing(key: str, text: str = NOTHING, *notes: Said) -> Section:
	"""A section of a period in which there was nothing, said."""
	return Section(key, notes=(said(text), *notes), empty=True)
