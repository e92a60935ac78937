"""Fields that an administrator makes mandatory: they bind whoever saves the form, and stop nothing else.

A request that comes by mail or from the portal, a customer's answer, a job and a button of ours come without the field; Frappe
would refuse them with the bare name of a column, and the mail or the answer would be lost. The form asks for it when
somebody saves it next. Rows that the engine writes have no form: a mandatory field on them is refused when it is made, with what
to do instead. What a customer is to fill in stands under *Shown to Customers* (services/requests/asked_fields.py).
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.permissions import evidence_rules, steps
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared.argument_types import DOORS, OURS

CUSTOM, SETTER = "Custom Field", "Property Setter"
# what hangs on records -> the field that names their type
HANGING = {"Communication": "reference_doctype", "File": "attached_to_doctype", "ToDo": "reference_type"}
BINDING = ("reqd", "unique", "not_nullable")  # each of them makes an insert without the field fail
ZERO = frozenset("Check|Int|Long Int|Float|Currency|Percent|Duration|Rating".split("|"))  # 0 where nobody filled them in


class AlwaysThere(frappe.ValidationError):
	"""A unique field that has a value though nobody filled it in."""


class EngineRow(frappe.ValidationError):
	"""A field that must have a value on rows that nobody fills in."""


def let_pass(doc: Any, _method: str | None = None) -> None:
	"""doc_events *.before_save, the last that is asked before Frappe looks for what is missing: it does not look where
	all that is missing is the administrator's own demand, and nobody is saving the form."""
	hangs = doc.doctype in HANGING
	if not hangs and doc.doctype != ours.ISSUE and doc.meta.module != evidence_rules.MODULE:
		return
	if doc.flags.ignore_mandatory or not any(_may_lack(row) for row in (doc, *doc.get_all_children())):
		return
	missing = {
		(row.doctype, name)
		for row in (doc, *doc.get_all_children())
		for name, _said in row._get_missing_mandatory_fields()
	}
	if not missing or (hangs and not ours.is_type_ours(doc.get(HANGING[doc.doctype]))) or _is_form_of(doc):
		return
	if missing <= _demanded_here({doctype for doctype, _name in missing}):
		doc.flags.ignore_mandatory = True


def _may_lack(row: Any) -> bool:
	"""Whether Frappe may find something missing in a row: it looks through a text's markup, and 0 is missing nowhere."""
	for df in row.meta.fields:
		if df.reqd:
			value = row.get(df.fieldname)
			if not value or (isinstance(value, str) and ("<" in value or not value.strip())):
				return True
	return False


def check_field(doc: Any, _method: str | None = None) -> None:
	"""doc_events Custom Field.validate."""
	stored = None if doc.is_new() else frappe.db.get_value(CUSTOM, doc.name, list(_columns()), as_dict=True)
	_check(doc.dt, doc.label or doc.fieldname, doc, stored or {})


def check_setter(doc: Any, _method: str | None = None) -> None:
	"""doc_events Property Setter.validate."""
	if doc.property not in BINDING or not doc.field_name or not cint(doc.value):
		return
	df = frappe.get_meta(doc.doc_type).get_field(doc.field_name)
	if df:
		stored = {} if doc.is_new() else {doc.property: frappe.db.get_value(SETTER, doc.name, "value")}
		_check(
			doc.doc_type, df.label or df.fieldname, frappe._dict(df.as_dict(), **{doc.property: 1}), stored
		)


def check_form(form: Any) -> None:
	"""Customize Form writes the fields of an administrator past their documents, so it is asked beforehand."""
	meta = frappe.get_meta(form.doc_type)
	for row in form.fields:
		df = meta.get_field(row.fieldname) if row.fieldname else None
		if df and df.get("is_custom_field"):
			_check(
				form.doc_type, row.label or row.fieldname, frappe._dict(row.as_dict(), is_custom_field=1), df
			)


def _check(doctype: str, label: str, now: Any, was: Any) -> None:
	binding = [name for name in BINDING if cint(now.get(name))]
	if not binding or steps.is_setting_up():
		return
	if evidence_rules.is_engine(doctype):
		frappe.throw(
			_(
				"{0} on {1}: these rows are written by the product itself, where nobody fills in a form. With {2} ticked, warnings, notices and clocks would stop without a word. Take the tick away, or make the field on the record that it is about, such as Issue."
			).format(
				frappe.bold(escape_html(cstr(label))),
				frappe.bold(_(doctype)),
				frappe.bold(_(frappe.get_meta(CUSTOM).get_label(binding[0]), context=CUSTOM)),
			),
			EngineRow,
			title=_("Written by steps only"),
		)
	if "unique" in binding and not cint(was.get("unique")) and (value := _always_there(now)) and _is_about_us(doctype):
		frappe.throw(
			_(
				"{0} on {1}: what comes by mail, from the portal, by buttons and jobs has {2} there, and the second one with it could not be saved. Make it a field of the type {3} without a default, which may be blank, or take the tick {4} away."
			).format(
				frappe.bold(escape_html(cstr(label))),
				frappe.bold(_(doctype)),
				frappe.bold(escape_html(value)),
				frappe.bold(_("Data")),
				frappe.bold(_(frappe.get_meta(CUSTOM).get_label("unique"), context=CUSTOM)),
			),
			AlwaysThere,
		)
	if "reqd" in binding and not cint(was.get("reqd")):
		_say_what_follows(doctype, label, now)


def _is_about_us(doctype: str) -> bool:
	return doctype == ours.ISSUE or frappe.db.get_value("DocType", doctype, "module") == evidence_rules.MODULE


def _always_there(df: Any) -> str:
	"""What stands in a field that nobody filled in; "" where that is nothing, which any number of records may have."""
	return cstr(df.get("default")).strip() or ("0" if df.get("fieldtype") in ZERO else "")


def _say_what_follows(doctype: str, label: str, df: Any) -> None:
	named = frappe.bold(escape_html(cstr(label)))
	if doctype == ours.ISSUE:
		lines = [
			_(
				"{0} is mandatory on the form of Issue now. Requests that come by mail or from the portal, and what customers, jobs and buttons change, come without it; whoever saves the form next must fill it in."
			).format(named)
		]
		if df.get("fieldname") in asked_of_customers.asked():
			lines.append(_("The portal's new request asks customers for it."))
		else:
			lines.append(
				_("To ask customers for it: {0}, {1}.").format(
					_("Ops Delivery Settings"),
					frappe.bold(_("Shown to Customers", context="Ops Delivery Settings")),
				)
			)
	elif _is_about_us(doctype):
		lines = [
			_(
				"{0} is mandatory on the form of {1} now. What comes by mail, from the portal, by buttons and jobs comes without it; whoever saves the form next must fill it in."
			).format(named, _(doctype))
		]
	elif doctype in HANGING:
		lines = [
			_(
				"{0} is mandatory on the form of {1} now. Those about records of this product that come by mail, from the portal, by buttons and jobs come without it."
			).format(named, _(doctype))
		]
	else:
		return
	frappe.msgprint("<br>".join(lines), title=_("Mandatory fields"), indicator="orange")


def _columns() -> tuple[str, ...]:
	known = frappe.db.get_table_columns(CUSTOM)
	return tuple(name for name in BINDING if name in known)


def _demanded_here(doctypes: set[str]) -> set[tuple[str, str]]:
	"""The fields (type, name) of which it is the site that demands them, not the app that the record belongs to."""
	own = {
		(doctype, df.fieldname)
		for doctype in doctypes
		for df in frappe.get_meta(doctype).fields
		if df.get("is_custom_field") and not df.fieldname.startswith("ops_")
	}
	set_so = frappe.get_all(
		SETTER,
		{"doc_type": ["in", sorted(doctypes)], "property": "reqd", "value": "1"},
		["doc_type", "field_name"],
		as_list=True,
	)
	return own | set(set_so)


def _is_form_of(doc: Any) -> bool:
	"""Whether one of us saves the form of this very kind of record: on the desk, by REST, by import. Customers have none
	of our forms; what they are asked for stands on their pages."""
	if not is_staff():
		return False
	if frappe.flags.in_import:
		return True
	request = getattr(frappe.local, "request", None)
	if not request:
		return False
	method = cstr(frappe.local.form_dict.get("cmd"))
	for door in DOORS:
		if not method and request.path.startswith(door):
			method = request.path.removeprefix(door).strip("/ ")
	if method.startswith(OURS) or not (method or request.path.startswith("/api/")):
		return False
	named = _named(request.path, frappe.local.form_dict)
	return not named or doc.doctype in named


def _named(path: str, form: dict[str, Any]) -> set[str]:
	"""The record types that a request names; none where it names none."""
	found = {cstr(form.get(key)) for key in ("doctype", "dt") if form.get(key)}
	for key in ("doc", "docs", "data"):
		try:
			given = json.loads(form.get(key)) if isinstance(form.get(key), str) else form.get(key)
		except ValueError:
			continue
		for one in given if isinstance(given, list) else [given]:
			if isinstance(one, dict) and one.get("doctype"):
				found.add(cstr(one["doctype"]))
	parts = path.strip("/").split("/")
	for word in ("resource", "document"):
		if word in parts[:3] and len(parts) > parts.index(word) + 1:
			found.add(parts[parts.index(word) + 1].replace("%20", " "))
	return found
