"""Plain texts are stored as they were typed, whatever Frappe does with what looks like a tag, and never as markup.

Frappe's sanitizing passes over what JSON can read, so `["<img src=x onerror=…>"]` typed as a subject would be stored as it
is, and run in a report view. Here such a text gets JSON's own writing of the sign.
"""

from __future__ import annotations

from typing import Any

from frappe.utils.html_utils import is_json

from ops_delivery import framework

MODULE = "Ops Delivery"
TYPED = frozenset(("Data", "Small Text", "Text", "Long Text", "Text Editor"))
SUBJECTS = frozenset(("Issue", "Communication"))  # what somebody outside writes there, staff read in lists


def keep_typed(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate: every plain text of a record of ours, our fields on an Issue, and the subject of a
	request that came by our pages. Nothing else of the host's, but the subjects of requests and messages."""
	ours = doc.meta.module == MODULE
	if ours or doc.doctype in SUBJECTS:
		for row in (doc, *(doc.get_all_children() if ours else ())):
			_close_json(row, ours)
	if not framework.DROPS_TAGS:
		return
	if ours:
		for row in (doc, *doc.get_all_children()):
			framework.keep_typed(row)
	elif doc.doctype == "Issue":
		framework.keep_typed(doc, _is_ours)
		if doc.get("via_customer_portal"):
			answers = doc.flags.ops_answers or ()  # services/requests/asked_fields.py
			framework.keep_typed(doc, lambda fieldname: fieldname == "subject" or fieldname in answers)


def sanitize(doc: Any) -> None:
	"""What a document's save does with its texts, for a row that is written past it."""
	_close_json(doc, True)
	framework.keep_typed(doc)
	doc._sanitize_content()


def without_markup(value: str) -> str:
	"""A text that JSON could read, with no sign in it that begins a tag; another one as it is."""
	return value.replace("<", "\\u003c") if "<" in value and is_json(value) else value


def _close_json(row: Any, whole: bool) -> None:
	"""JSON of our own stands in fields of type Code, or hidden: nobody reads it as a text."""
	for df in row.meta.fields:
		if df.fieldtype not in TYPED or df.hidden:
			continue
		if not whole and df.fieldname != "subject" and not _is_ours(df.fieldname):
			continue
		value = row.get(df.fieldname)
		if isinstance(value, str) and "<" in value:
			row.set(df.fieldname, without_markup(value))


def _is_ours(fieldname: str) -> bool:
	return fieldname.startswith("ops_")
