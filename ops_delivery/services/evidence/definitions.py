"""Evidence Definitions: what proves a clause, as an administrator writes it. Checked when saved, tried on a record, read for a scan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.evidence import judging, routes
from ops_delivery.services.evidence import catalogue
from ops_delivery.services.rules import clock_definitions as conditions_asked
from ops_delivery.services.rules import conditions
from ops_delivery.services.scope import active_rules

DOCTYPE = "Evidence Definition"
PERIOD, BY_END = "In the Period", "By Its End"
FIELDS = (
	"name", "clause", "document_type", "alternative_group", "at_least", "counts", "date_field", "recent_days", "site_wide", "agreement_field",
	"condition", "required_fields", "hint", "hint_zh",
)  # fmt: skip
DAYS = ("Date", "Datetime")
STANDARD = ("creation", "modified")


def of_catalogue(name: str, numbers: Iterable[str] | None = None) -> list[frappe._dict]:
	"""The definitions of a catalogue that are switched on, with the `number` of their clause; of some clauses only, by number. One query."""
	table, clause = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(catalogue.DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.join(clause)
		.on(clause.name == table.clause)
		.select(*(table[field] for field in FIELDS), clause.number)
		.where((table.enabled == 1) & (clause.catalogue == name))
		.orderby(clause.position, table.name)
	)
	if numbers is not None:
		query = query.where(clause.number.isin(list(numbers) or [""]))
	return query.run(as_dict=True)


def stamp(catalogue_name: str) -> str:
	"""What tells whether definitions were changed, made or deleted since: how many there are, and when the last was saved."""
	rows = of_stamp(catalogue_name)
	return f"{len(rows)}|{max(rows, default='')}"


def of_stamp(catalogue_name: str) -> list[str]:
	table, clause = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(catalogue.DOCTYPE)
	query = frappe.qb.from_(table).join(clause).on(clause.name == table.clause).select(table.modified)
	return [cstr(value) for value in query.where((table.enabled == 1) & (clause.catalogue == catalogue_name)).run(pluck=True)]


def judged(row: Any) -> judging.Definition:
	"""What of a definition decides."""
	return judging.Definition(row.name, row.number, cstr(row.alternative_group).strip(), max(1, cint(row.at_least)))


def hint(row: Any) -> str:
	"""What to do next, in the reader's language."""
	chinese = (frappe.local.lang or "").startswith("zh")
	return cstr((row.hint_zh if chinese else "") or row.hint).strip()


def route(row: Any) -> routes.Route | None:
	"""The way from the definition's records to their agreement; of a type of the administrator's, by what its Measured Record Type or
	the definition names."""
	named = cstr(row.agreement_field).strip()
	if not named and (measured := active_rules.asked().measured.get(row.document_type)):
		named = cstr(measured.get("agreement_field"))
	return routes.of(row.document_type, named, bool(cint(row.site_wide)))


def required(row: Any) -> list[str]:
	"""The names of the fields that must be filled."""
	return [name for name in (part.strip() for part in cstr(row.required_fields).replace("\n", ",").replace("，", ",").split(",")) if name]


def check(doc: Any) -> None:
	"""Refuse a definition that could not find anything; the message names field, value and way out."""
	meta = frappe.get_meta(doc.document_type)
	if meta.istable:
		_refuse(doc, "document_type", _("Choose the record that these rows belong to, and ask for its rows in the condition."))
	elsewhere = meta.module != "Ops Delivery" and not routes.of(doc.document_type, "", False)
	if elsewhere and not frappe.has_permission(doc.document_type, "read"):
		_refuse(doc, "document_type", _("You may not read these records, so you cannot count them."), doc.document_type)
	if elsewhere and cint(doc.site_wide) and "System Manager" not in frappe.get_roles():
		_refuse(doc, "site_wide", _("Only a System Manager counts records of other apps for every agreement."), doc.document_type)
	doc.at_least = max(1, cint(doc.at_least))
	if not route(doc):
		_refuse(doc, "document_type", _("Name the field of its Service Agreement, or tick that it counts for every agreement."))
	if meta.issingle and not cint(doc.site_wide):
		_refuse(doc, "document_type", _("There is one such record only: tick that it counts for every agreement."))
	if named := cstr(doc.agreement_field).strip():
		field = meta.get_field(named)
		if not field or field.options != "Service Agreement":
			_refuse(doc, "agreement_field", _("Name a field that links a Service Agreement."))
	if named := cstr(doc.date_field).strip():
		field = meta.get_field(named)
		if named not in STANDARD and (not field or field.fieldtype not in DAYS):
			_refuse(doc, "date_field", _("Name one of its fields with a date, or leave it blank."))
	for name in required(doc):
		field = meta.get_field(name)
		if not field or field.fieldtype in conditions.HOLDS_NOTHING:
			_refuse(doc, "required_fields", _("{0} has no field {1}.").format(_(doc.document_type), name), name)
	conditions.check(doc, "condition", doc.document_type)


def try_on(doc: Any, record: str) -> dict[str, Any]:
	"""A definition (also an unsaved one) against a record that the reader may read: whether it holds, and which fields it lacks."""
	if not doc.document_type:
		frappe.throw(_("{0}: a value is missing. Choose the type of the records.").format(frappe.bold(_("Record Type", context=DOCTYPE))), frappe.MandatoryError)
	target = frappe.get_doc(doc.document_type, record)
	target.check_permission("read")
	seen = conditions_asked.facts(target)
	try:
		holds = holds_for(doc.condition, seen)
	except Exception as error:
		return {"error": conditions_asked.said(error)}
	meta = frappe.get_meta(doc.document_type)
	lacking = [_(meta.get_label(name), context=meta.name) for name in required(doc) if is_blank(seen.get(name))]
	return {"error": None, "holds": holds, "lacking": lacking}


def holds_for(condition: str | None, seen: Any) -> bool:
	"""Whether a condition holds; a blank one always does. Raises what the condition raises."""
	return not cstr(condition).strip() or conditions_asked.truth(condition, seen)


def is_blank(value: Any) -> bool:
	"""Whether a field that must be filled is not: no text, no row, no day. A number is filled, and 0 is one; a tick is there or not."""
	return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _refuse(doc: Any, fieldname: str, remedy: str, value: str = "") -> None:
	label = frappe.bold(_(doc.meta.get_label(fieldname), context=DOCTYPE))
	shown = escape_html(value or cstr(doc.get(fieldname)))
	frappe.throw(_("{0}: {1} is not possible. {2}").format(label, frappe.bold(shown), escape_html(remedy)))
