"""Conditions where they are edited: refused when they cannot be meant, and tried on the last records (6.3.b).

definitions.truth() asks them; rules/failing_conditions.py says what becomes of one that fails on a record all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain import asked_fields
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope.definition_fields import CONDITIONS, MOMENT_FIELDS
from ops_delivery.services.scope.occasions import OCCASIONS

LAST = 200
STANDARD = frozenset("name owner creation modified modified_by docstatus idx doctype parent parentfield parenttype _assign".split())
HOLDS_NOTHING = frozenset("Section Break|Column Break|Tab Break|HTML|Button|Heading|Fold|Image".split("|"))
NUMBERS = frozenset("Int|Long Int|Float|Currency|Percent|Duration|Rating".split("|"))
TEXTS = frozenset(
	"Data|Small Text|Text|Long Text|Text Editor|Code|Markdown Editor|Select|Link|Dynamic Link|Autocomplete|Phone|Color".split("|")
)


class NotMeant(frappe.ValidationError):
	"""A condition names a field or a value that there is not."""


def check(
	doc, fieldname: str, doctype: str, example: str = "doc.field and doc.field > 1", beside: Mapping[str, Any] | None = None
) -> None:
	"""Refuse the condition in a field of a definition or rule about records of a DocType: one that cannot be evaluated
	for a blank record, or (NotMeant) names a field or value that its records cannot have. All is said at once. `beside`: what it may ask beside
	the fields, with the values of a blank record.

	What is switched off, and was not written anew, is not asked: switching off must always be possible.
	"""
	expression = cstr(doc.get(fieldname)).strip()
	before = doc.get_doc_before_save()
	if not expression or (not doc.get("enabled") and before and cstr(before.get(fieldname)).strip() == expression):
		return
	where = frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
	try:
		definitions.truth(expression, {**definitions.facts(frappe.new_doc(doctype)), **(beside or {})})
	except Exception as error:
		frappe.throw(
			_(
				"{0}: the condition {1} cannot be evaluated for a blank {2}: {3}. Correct it, or ask for the value first, as in {4}."
			).format(
				where,
				frappe.bold(escape_html(expression)),
				_(doctype),
				escape_html(definitions.said(error)),
				f"<code>{escape_html(example)}</code>",
			),
			title=_("Condition not usable"),
		)
	if found := objections(expression, doctype, (beside or {}).__contains__):
		frappe.throw(
			"<br>".join(f"{where}: {escape_html(text)}" for text in found), NotMeant, title=_("Condition not usable")
		)


def check_definition(definition) -> None:
	"""Refuse a Clock Definition whose conditions cannot be evaluated or meant, or whose moment fields do not exist."""
	meta = frappe.get_meta(definition.document_type)
	for fieldname in CONDITIONS:
		check(definition, fieldname, definition.document_type)
	for fieldname in MOMENT_FIELDS:
		named = (definition.get(fieldname) or "").strip()
		field = meta.get_field(named) if named else None
		if named and (not field or field.fieldtype not in ("Datetime", "Date")) and named != "creation":
			frappe.throw(
				_(
					"{0}: {1} has no date and time field {2}. Name one of its Datetime fields, or leave it blank."
				).format(
					frappe.bold(_(definition.meta.get_label(fieldname), context=definition.doctype)),
					_(definition.document_type),
					frappe.bold(escape_html(named)),
				)
			)


def objections(expression: str, doctype: str, is_known: Callable[[str], bool] = lambda _name: False) -> list[str]:
	"""What a condition names that records of a DocType cannot have, each as plain text with the way out. `is_known` says of a
	name whether a record has it beside its fields."""
	found: dict[str, None] = {}
	for one in asked_fields.asked(expression):
		meta = frappe.get_meta(doctype)
		if not one.table and not meta.has_field(one.field) and is_known(one.field):
			continue
		if one.table:
			table = meta.get_field(one.table)
			if not table or table.fieldtype not in frappe.model.table_fields:
				continue  # named where the table itself is asked
			meta = frappe.get_meta(table.options)
		if text := _objection(one, meta):
			found[text] = None
	return list(found)


def stored() -> Iterator[tuple[str, str, str, str]]:
	"""Stored conditions that name what is not there (any more): (DocType, name, label of the field, what)."""
	for doctype, row, field, expression in _stored():
		about = about_type(doctype, row)
		if not about or not frappe.db.exists("DocType", about):
			continue
		try:
			texts = objections(expression, about)
		except DomainError:
			continue  # definitions.refused() says it
		label = _(frappe.get_meta(doctype).get_label(field), context=doctype)
		for text in texts:
			yield doctype, row.name, label, text


def about_type(doctype: str, row) -> str | None:
	"""The DocType whose records a definition or rule asks."""
	if doctype != "Survey Rule":
		return row.get("document_type")
	occasion = OCCASIONS.get(row.get("occasion"))
	return occasion.doctype if occasion else None


def on_the_last(doc) -> dict[str, Any]:
	"""Each condition of a definition or rule (also an unsaved one) on the last records that the user may read:
	{doctype, records, conditions: {field: {valid, holds, first, why}}}; `first`: a record on which it fails."""
	about = about_type(doc.doctype, doc)
	if not about or not frappe.db.exists("DocType", about):
		return {"doctype": about, "records": 0, "conditions": {}}
	expressions = {
		field: cstr(doc.get(field)).strip()
		for field in definitions.STORED[doc.doctype]
		if cstr(doc.get(field)).strip()
	}
	records = last(about, list(expressions.values()))
	return {
		"doctype": about,
		"records": len(records),
		"conditions": {field: _tried(expression, records) for field, expression in expressions.items()},
	}


def say_where_they_fail(doc) -> None:
	"""After a save on the desk: name the conditions that fail on some of the last records. The save has gone through."""
	found = on_the_last(doc)
	for field, row in found["conditions"].items():
		if row["valid"] < found["records"]:
			frappe.msgprint(
				_(
					"{0} can be evaluated on {1} of the last {2} records. It fails on {3}: {4}. Ask for the value first, as in {5}."
				).format(
					frappe.bold(_(doc.meta.get_label(field), context=doc.doctype)),
					row["valid"],
					found["records"],
					escape_html(row["first"]),
					escape_html(row["why"]),
					"<code>doc.field and doc.field > 1</code>".replace(" > ", " &gt; "),
				),
				title=_("Fails on some records"),
				indicator="orange",
			)


def _tried(expression: str, records: list[frappe._dict]) -> dict[str, Any]:
	row = {"valid": 0, "holds": 0, "first": None, "why": None}
	for seen in records:
		try:
			row["holds"] += definitions.truth(expression, seen)
			row["valid"] += 1
		except Exception as error:
			if not row["first"]:
				row["first"], row["why"] = cstr(seen.get("name")), definitions.said(error)
	return row


def last(doctype: str, expressions: list[str]) -> list[frappe._dict]:
	"""The last records as conditions see them, with the rows of the tables that these conditions ask."""
	# only what the user would find in the list: counts over the rest would tell what stands in it
	may_read = not frappe.get_meta(doctype).issingle and frappe.has_permission(doctype, "read")
	names = frappe.get_list(doctype, pluck="name", order_by="creation desc", limit=LAST) if may_read else []
	if not names:
		return []
	rows = frappe.get_all(doctype, filters={"name": ["in", names]}, fields=["*"], order_by="creation desc")
	meta = frappe.get_meta(doctype)
	wanted: set[str] = set()
	for expression in expressions:
		try:
			wanted |= {one.field for one in asked_fields.asked(expression) if not one.table}
		except DomainError:
			continue
	records = {row.name: frappe._dict(row, doctype=doctype) for row in rows}
	for table in meta.get_table_fields():
		if table.fieldname not in wanted:
			continue
		for record in records.values():
			record[table.fieldname] = []
		filters = {"parent": ["in", names], "parenttype": doctype, "parentfield": table.fieldname}
		for row in frappe.get_all(table.options, filters=filters, fields=["*"], order_by="idx"):
			records[row.parent][table.fieldname].append(dict(row))
	return list(records.values())


def _stored() -> Iterator[tuple[str, frappe._dict, str, str]]:
	for doctype, fields in definitions.STORED.items():
		about = ["occasion"] if doctype == "Survey Rule" else ["document_type"]
		for row in frappe.get_all(
			doctype, filters={"enabled": 1}, fields=["name", *about, *fields], order_by="name"
		):
			for field in fields:
				if expression := cstr(row.get(field)).strip():
					yield doctype, row, field, expression


def _objection(one: asked_fields.Asked, meta) -> str | None:
	if one.field in STANDARD:
		return None
	field = meta.get_field(one.field)
	if not field or field.fieldtype in HOLDS_NOTHING:
		return _unknown(one, meta)
	if not one.compared or one.value in (None, ""):
		return None
	return _impossible(one, field, meta)


def _unknown(one: asked_fields.Asked, meta) -> str:
	names = [field.fieldname for field in meta.fields if field.fieldtype not in HOLDS_NOTHING]
	near = get_close_matches(one.field, names, n=3, cutoff=0.6)
	text = _("{0} has no field {1}.").format(_(meta.name), one.field)
	if near:
		return f"{text} " + _("Did you mean {0}?").format(", ".join(near))
	return f"{text} " + _("The fields there are stand below the conditions.")


def _impossible(one: asked_fields.Asked, field, meta) -> str | None:
	"""Why a field never has that value; None where it can, or nobody can tell."""
	value, label = one.value, _(field.label or field.fieldname, context=meta.name)
	if isinstance(value, str):
		if field.fieldtype == "Check":
			return _("{0} is ticked or not: it is never {1}. Write {2} or {3}.").format(
				label, repr(value), f"doc.{one.field}", f"not doc.{one.field}"
			)
		if field.fieldtype in NUMBERS:
			return _("{0} is a number: it is never {1}. Write the number without quotation marks.").format(
				label, repr(value)
			)
		if field.fieldtype == "Select":
			options = [option for option in cstr(field.options).split("\n") if option.strip()]
			if options and value not in options:
				return _never(label, value, options)
		if field.fieldtype == "Link" and frappe.db.get_value(field.options, value, "name") != value:
			names = frappe.get_all(field.options, pluck="name", order_by="name", limit=LAST)
			return _never(label, value, get_close_matches(value, map(cstr, names), n=5, cutoff=0.5), names)
	elif field.fieldtype in TEXTS and not isinstance(value, bool):
		return _("{0} is a text: it is never {1}. Put it in quotation marks.").format(label, repr(value))
	return None


def _never(label: str, value: str, possible: list[str], of: list[str] | None = None) -> str:
	"""`of`: the records there are, of which `possible` are those with a like name."""
	if possible and of and len(possible) < len(of):
		return _("{0} is never {1}. Probably meant: {2}.").format(label, f'"{value}"', ", ".join(f'"{one}"' for one in possible))
	possible = possible or (of or [])[:5]
	return _("{0} is never {1}. Possible are: {2}.").format(
		label, f'"{value}"', ", ".join(f'"{one}"' for one in possible) or "–"
	)
