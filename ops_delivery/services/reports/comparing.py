"""What a published report would say if it were made today: asked for by a person, and changing nothing (8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.domain.service_report import difference, life
from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.reports import templates
from ops_delivery.services.reports.collect import collect

REPORT = "Service Report"


def of(name: str) -> dict[str, Any]:
	"""{count, rows: [{section, label, was, now}]}: the figures that would be others now.

	Needs the right to write the report, as its making does. frappe.ValidationError while it is not published.
	"""
	doc = frappe.get_doc(REPORT, name)
	doc.check_permission("write")
	if doc.status not in life.SHOWN:
		frappe.throw(_("{0} is not published. Make its figures anew instead.").format(frappe.bold(frappe.utils.escape_html(doc.title))))
	kept = {templates.KEYS[row.section]: (row, words.read(row.figures)) for row in doc.sections if row.section in templates.KEYS and row.figures}
	today = collect(doc.agreement, getdate(doc.period_from), getdate(doc.period_to), list(kept))
	currency = frappe.db.get_value("Service Agreement", doc.agreement, "currency")
	found = []
	for key, (row, was) in kept.items():
		for one in difference.between(was, today[key]):
			found.append({"section": words.heading(row), "label": words.say(one.label, one.arguments), **_sides(one, currency)})
	return {"count": len(found), "rows": found}


def _sides(one: difference.Difference, currency: str | None) -> dict[str, str]:
	if one.kind == difference.ROWS:
		return {"was": _("{0} rows").format(one.was), "now": _("{0} of the rows would be others, new or gone").format(one.now)}
	return {"was": words.value(one.was, one.kind, currency), "now": words.value(one.now, one.kind, currency)}
