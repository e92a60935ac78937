"""Which version of an agreement rules on which day: a later one takes over on its first day (5.2, 5.5.g)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from ops_delivery.domain.periods import Span
from ops_delivery.services.agreements import versions as agreements

AGREEMENT = "Service Agreement"
FIELDS = ("name", "agreement_number", "customer", "owner_user", "version", *agreements.PERIOD)


def of(numbers: Iterable[str]) -> list[frappe._dict]:
	"""All submitted versions of agreements by their numbers, the newest first, each with its `span`. One query."""
	docs = frappe.get_all(
		AGREEMENT,
		filters={"agreement_number": ["in", sorted(set(numbers))], "docstatus": 1},
		fields=list(FIELDS),
		order_by="start_date desc, version desc",
	)
	for doc in docs:
		doc.span = span(doc, docs)
	return docs


def span(doc: Any, docs: Sequence[Any]) -> Span:
	"""The days on which a version rules, among all of its agreement; one that keeps the first day of another takes the whole."""
	first, last = getdate(doc.start_date), agreements.last_day(doc)
	for other in docs:
		begins = getdate(other.start_date)
		if other.agreement_number == doc.agreement_number and other.version > doc.version and begins > first:
			last = min(last, begins - timedelta(days=1))
	return Span(first, max(first, last))
