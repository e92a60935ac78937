"""A service report as its form shows it: the sections in the reader's language with the records behind each figure (8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain.service_report import life
from ops_delivery.services.deliverables import rules as deliverable_rules
from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.reports import making, promised, rules
from ops_delivery.services.shared.locale import moment, text


def of(doc: Any) -> dict[str, Any]:
	"""{sections, missing, progress, deliverable, candidates, open}: everything the form needs, in one answer."""
	currency = frappe.db.get_value(rules.AGREEMENT, doc.agreement, "currency")
	return {
		"sections": [_section(row, currency) for row in doc.sections],
		"missing": [row._asdict() for row in rules.missing_next(doc)],
		"progress": making.progress(doc.name),
		"figures_on": moment(doc.figures_on),
		"open": doc.status in life.OPEN,
		"deliverable": _deliverable(doc),
		"candidates": promised.candidates(doc) if doc.status in life.OPEN and not doc.deliverable else [],
	}


def _section(row: Any, currency: str | None) -> dict[str, Any]:
	found = words.read(row.figures)
	return {
		"name": row.name,
		"heading": words.heading(row),
		"section": row.section,
		"introduction": text(row.introduction),
		"text": text(row.text),
		**(words.section(found, currency, is_desk=True) if found else {"figures": [], "tables": [], "charts": [], "notes": [], "empty": False}),
		"made": bool(found),
	}


def _deliverable(doc: Any) -> dict[str, Any] | None:
	"""The deliverable it is made for, and what that still needs."""
	if not doc.deliverable or not frappe.db.exists(promised.DELIVERABLE, doc.deliverable):
		return None
	target = frappe.get_doc(promised.DELIVERABLE, doc.deliverable)
	if not target.has_permission("read"):
		return None
	return {
		"name": target.name,
		"title": text(target.title),
		"status": target.status,
		"state": _(cstr(target.status), context=promised.DELIVERABLE),
		"due": cstr(target.due_date),
		"missing": [row._asdict() for row in deliverable_rules.missing_next(target)],
	}
