"""The content of a reviewed document: its canonical form, its fingerprint, and who wrote it.

Two documents that say the same have the same fingerprint, whatever their names, states and times; anything a reader
would notice changes it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes, no_value_fields, table_fields
from frappe.utils import cint, cstr, flt, get_datetime, get_time, getdate

from ops_delivery.permissions import steps
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.rules import rule_versions as versions

AUTHORS = "Service Authorship"
NUMBERS = ("Float", "Currency", "Percent", "Rating", "Duration")
DIGITS = 6
NEVER = ("status", "workflow_state", "version", "naming_series", "amended_from")


def content(doc, part: str = "") -> dict[str, Any]:
	"""What a part of a reviewed document says, as plain values: {"fields": {...}, "more": ...}.

	Empty values are left out, so a field added to the DocType later changes no fingerprint.
	"""
	said = {name: value for name in fields_of(doc.doctype, part, doc) if (value := _value(doc, name))}
	found: dict[str, Any] = {"fields": said}
	for function in frappe.get_hooks("ops_delivery_extra_content").get(doc.doctype, ()):
		if more := frappe.get_attr(function)(doc, part):
			found["more"] = more
	return found


def content_hash(doc, part: str = "") -> str:
	"""SHA-256 (hex) of the canonical content of a part; of a copy to be read, that of the document it was made of."""
	if part in (kept := doc.flags.ops_hashes or {}):
		return kept[part]
	return versions.fingerprint(versions.canonical(content(doc, part)))


def stored(doctype: str, name: str) -> Any:
	"""The document as it stands in the database: what a decision is about."""
	return frappe.get_doc(doctype, name)


def fields_of(doctype: str, part: str = "", doc: Any = None) -> list[str]:
	"""The names of the fields that are content of a part, in the order of the form; `doc`: what it was reviewed by."""
	entry = REGISTRY[doctype]
	left_out = {*entry.left_out, *(name for name, tick in entry.once_content.items() if not doc or not doc.get(tick))}
	named = entry.content_fields.get(part)
	if not named and entry.content_fields and not part:
		named = tuple(dict.fromkeys(name for names in entry.content_fields.values() for name in names))
	meta = frappe.get_meta(doctype)
	if named:
		return [df.fieldname for df in meta.fields if df.fieldname in named]
	return [
		df.fieldname
		for df in meta.fields
		if _holds_a_value(df)
		and not (df.read_only or df.hidden or df.no_copy)
		and df.fieldname not in NEVER
		and df.fieldname not in left_out
	]


def coverage(doc) -> list[str]:
	"""What reviews and signatures of a document are about, as plain sentences for its form."""
	entry, meta = REGISTRY[doc.doctype], doc.meta

	def labels(names) -> str:
		return ", ".join(_(meta.get_label(name), context=doc.doctype) for name in names if meta.has_field(name))

	if entry.content_fields and entry.parts == ("",):
		return []  # all that is written in it
	if entry.content_fields:
		return [
			_("{0} is about: {1}.").format(_(part, context="Service Review"), labels(fields_of(doc.doctype, part, doc)))
			for part in entry.parts
		]
	free = [*entry.left_out, *(name for name, tick in entry.once_content.items() if not doc.get(tick))]
	if not free:
		return []
	return [
		_("Reviews and signatures are about everything but: {0}. A change of these asks for none of them anew.").format(
			labels(df.fieldname for df in meta.fields if df.fieldname in free)
		)
	]


def snapshot(doc) -> str:
	"""Keep the whole content as a Rule Version and return its name; equal content is kept once."""
	return versions.publish(doc.doctype, doc.name, content(doc))


def note_author(doc) -> None:
	"""Remember that the session's user wrote on this version of the content."""
	mine = {
		"reference_doctype": doc.doctype,
		"reference_name": doc.name,
		"user": frappe.session.user,
		"version": cint(doc.get("version")) or 1,
	}
	if not frappe.db.exists(AUTHORS, mine):
		authorship = frappe.get_doc({"doctype": AUTHORS, **mine})
		steps.take(authorship)
		authorship.insert(ignore_permissions=True)


def forget_authors(doc) -> None:
	"""The document is deleted: who wrote on it matters only while a review or signature of it is kept."""
	kept = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	if not any(frappe.db.exists(doctype, kept) for doctype in ("Service Review", "Service Signature")):
		frappe.db.delete(AUTHORS, kept)


def authors(doc) -> set[str]:
	"""Who made the document or wrote on this version of its content: none of them may approve it."""
	written = frappe.get_all(
		AUTHORS,
		filters={
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"version": cint(doc.get("version")) or 1,
		},
		pluck="user",
		order_by="creation",
	)
	return {doc.owner, *written}


def _holds_a_value(df) -> bool:
	if df.fieldtype in table_fields:
		return True
	return (
		df.fieldtype not in no_value_fields and df.fieldtype not in display_fieldtypes and not df.is_virtual
	)


def _value(doc, fieldname: str) -> Any:
	df = doc.meta.get_field(fieldname)
	value = doc.get(fieldname)
	if df.fieldtype in table_fields:
		columns = [
			column
			for column in frappe.get_meta(df.options).fields
			if _holds_a_value(column) and not column.no_copy
		]
		return [
			{
				column.fieldname: cell
				for column in columns
				if (cell := _plain(column, row.get(column.fieldname)))
			}
			for row in value or []
		]
	return _plain(df, value)


def _plain(df, value: Any) -> Any:
	"""One form for what the database, a form and an import hand over; "" for nothing."""
	if value in (None, ""):
		return ""
	if df.fieldtype in ("Int", "Check"):
		return cint(value) or ""
	if df.fieldtype in NUMBERS:
		return f"{number:.{DIGITS}f}" if (number := flt(value, DIGITS)) else ""
	if df.fieldtype == "Date":
		return str(getdate(value))
	if df.fieldtype == "Datetime":
		return str(get_datetime(value).replace(microsecond=0))
	if df.fieldtype == "Time":
		return get_time(value).strftime("%H:%M:%S")
	return cstr(value).strip()
