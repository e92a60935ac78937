"""Parts of an agreement settled with the customer in particular: by whom, when, and whether they still stand (5.2.i, 6.3.c).

Each agreed row keeps the fingerprint of the part as it was; a part that is changed afterwards must be agreed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, formatdate, getdate

from ops_delivery.services.rules import rule_versions as versions

# part -> the fields it consists of; what no field holds (a timetable, staff) is what its row says
PARTS: Mapping[str, tuple[str, ...]] = {
	"Scope": ("scope",),
	"Service Objects": ("covers_all_objects", "objects"),
	"Amounts": ("amounts",),
	"Timetable": ("start_date", "end_date"),
	"Staffing": ("contacts",),
	"Service Hours and Targets": ("calendar", "targets", "commitments_text"),
	"Levels and Escalation": ("priority_matrix", "default_priority", "escalation_policy", "contacts", "major_words", "major_condition"),
	"Channels": ("channels",),
	"Assessment": (
		"assessment_frequency",
		"penalty_cap",
		"metrics",
		"result_terms",
		"result_formula",
		"figures",
	),
	"Fees": ("fee_basis", "currency", "fee", "billing_frequency", "payment_terms"),
	"Security": ("security_terms", "security_check_required"),
	"Reports and Surveys": ("reporting_frequency", "report_content", "survey_frequency", "promised"),
	"Duties": ("supplier_duties", "customer_duties", "complaint_channel", "complaint_handling"),
	"Renewal": ("auto_renew", "renewal_months", "renewal_notice_days"),
}
PEOPLE = "contacts"
LATER = frozenset(("major_words", "major_condition"))  # came later: blank, they are no part of what was agreed before them


def follow(doc) -> None:
	"""Before a draft is saved: who and when make a row agreed; a part changed since then is marked so.

	To agree anew is to tick *Agreed Again* on the row, or to enter another day, person or way. Somebody who is added to the
	people opens no part; who leaves or is exchanged does. What was opened by this save is said.
	"""
	before = doc.get_doc_before_save()
	old = {row.name: row for row in before.agreed_parts} if before else {}
	opened = []
	for row in doc.agreed_parts:
		by, on = cstr(row.agreed_by).strip(), row.agreed_on
		if bool(by) != bool(on):
			frappe.throw(
				_("{0}, row {1} ({2}): say both who agreed for the customer and when.").format(
					frappe.bold(_("Agreed Parts")), row.idx, _(row.part, context=row.doctype)
				)
			)
		if on and getdate(on) > getdate():
			frappe.throw(
				_("{0}, row {1} ({2}): {3} is in the future. Enter the day on which it was agreed.").format(
					frappe.bold(_("Agreed Parts")), row.idx, _(row.part, context=row.doctype), formatdate(on)
				)
			)
		again = cint(row.agreed_again)
		row.agreed_again = 0
		if not on:
			row.update({"state": "Open", "part_hash": None, "recorded_by": None})
			continue
		was = old.get(row.name)
		now = _fingerprint(doc, row)
		anew = again or not was or not was.part_hash or _answer(was) != _answer(row)
		if anew:
			row.update({"part_hash": now, "recorded_by": frappe.session.user})
		else:
			kept = now if was.state == "Agreed" and _only_joined(before, doc, row.part) else was.part_hash
			row.update({"part_hash": kept, "recorded_by": was.recorded_by})
		row.state = "Agreed" if row.part_hash == now else "Changed Since"
		if was and was.state == "Agreed" and row.state != "Agreed":
			opened.append((row, [name for name in PARTS.get(row.part, ()) if _plain(before, name) != _plain(doc, name)]))
	_say_opened(doc, opened)


def _only_joined(before, doc, part: str) -> bool:
	"""Whether all that changed of a part is that people were added."""
	fields = PARTS.get(part, ())
	if PEOPLE not in fields or any(_plain(before, name) != _plain(doc, name) for name in fields if name != PEOPLE):
		return False
	there = [str(sorted(row.items())) for row in _plain(doc, PEOPLE)]
	return all(there.count(row) >= 1 for row in (str(sorted(row.items())) for row in _plain(before, PEOPLE)))


def _say_opened(doc, opened: list[tuple[Any, list[str]]]) -> None:
	"""Whoever changed what had been agreed is told at once which part is open again, by what, and the way out."""
	if not opened:
		return
	lines = [
		_("{0}: agreed by {1} on {2}, changed since ({3}).").format(
			frappe.bold(_(row.part, context=row.doctype)),
			escape_html(cstr(row.agreed_by)),
			formatdate(row.agreed_on),
			", ".join(_(doc.meta.get_label(name), context=doc.doctype) for name in fields) or _("What was agreed"),
		)
		for row, fields in opened
	]
	frappe.msgprint(
		"<br>".join(lines)
		+ "<br>"
		+ _("If the customer agrees to it as it stands now, tick {0} in its row under {1} and save.").format(
			frappe.bold(_("Agreed Again")), frappe.bold(_("Agreed Parts"))
		),
		title=_("To be agreed again"),
		indicator="orange",
	)


def open_points(doc) -> list[str]:
	"""The parts that are open or were changed, each with its row and the way out (plain text, translated)."""
	found = []
	for row in doc.agreed_parts:
		part = _(row.part, context=row.doctype)
		if row.state == "Changed Since":
			found.append(
				_(
					"row {0} ({1}): agreed by {2} on {3} and changed since. If the customer agrees to it as it stands now, tick {4} in that row and save"
				).format(row.idx, part, cstr(row.agreed_by), formatdate(row.agreed_on), _("Agreed Again"))
			)
		elif row.state != "Agreed":
			found.append(
				_("row {0} ({1}): enter who agreed for the customer and when, or remove the row").format(row.idx, part)
			)
	return found


def _answer(row) -> tuple[str, str, str]:
	return cstr(row.agreed_by).strip(), str(getdate(row.agreed_on)) if row.agreed_on else "", cstr(row.how)


def _fingerprint(doc, row) -> str:
	content = {field: said for field in PARTS.get(row.part, ()) if (said := _plain(doc, field)) or field not in LATER}
	return versions.fingerprint(
		versions.canonical({**content, "part": row.part, "detail": cstr(row.detail).strip()})
	)


def _plain(doc, field: str) -> Any:
	df = doc.meta.get_field(field)
	if df.fieldtype != "Table":
		return _value(df, doc.get(field))
	columns = [column for column in frappe.get_meta(df.options).fields if not column.hidden]
	return [
		{column.fieldname: _value(column, row.get(column.fieldname)) for column in columns}
		for row in doc.get(field) or []
	]


def _value(df, value: Any) -> str:
	"""One text for what the database and a form hand over."""
	if value in (None, "") or (df.fieldtype in ("Check", "Int") and not int(value)):
		return ""
	if df.fieldtype in ("Float", "Currency", "Percent", "Duration", "Int", "Check"):
		return f"{float(value):.6f}"
	return str(getdate(value)) if df.fieldtype == "Date" else cstr(value).strip()
