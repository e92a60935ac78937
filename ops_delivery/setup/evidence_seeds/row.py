"""How the rows of the seeds are written."""

from __future__ import annotations

from typing import Any

from ops_delivery.services.evidence.catalogue import CATALOGUE

DOCTYPE = "Evidence Definition"
AGREEMENT, PLAN, ISSUE = "Service Agreement", "Delivery Plan", "Issue"
SHEET, SESSION, TASK = "Field Service Sheet", "Remote Support Session", "Routine Task"
ROUTINE, RESPONSE = "Routine Operation", "Response Support"
OPTIMIZATION, CONSULTING = "Optimization and Improvement", "Consultation and Evaluation"
YEAR = 365  # days that what is done once, and lasts, still speaks for an agreement
SIGNED = "doc.docstatus == 1"
Row = tuple[str, dict[str, Any]]


def clause_name(number: str) -> str:
	"""The name of a clause of our catalogue."""
	return f"{CATALOGUE} {number}"


def row(number: str, doctype: str, condition: str, hint: str, hint_zh: str, **more: Any) -> Row:
	"""A definition whose records count in the period."""
	values = {"document_type": doctype, "condition": condition, "hint": hint, "hint_zh": hint_zh, "counts": "In the Period", "at_least": 1}
	return number, {**values, **more}


def standing(number: str, doctype: str, condition: str, hint: str, hint_zh: str, **more: Any) -> Row:
	"""A definition of what is made once and lasts: whatever is there by the end of the period counts."""
	return row(number, doctype, condition, hint, hint_zh, counts="By Its End", **more)


def either(*rows: Row, group: str = "A") -> tuple[Row, ...]:
	"""Definitions that stand for each other."""
	return tuple((number, {**values, "alternative_group": group}) for number, values in rows)
