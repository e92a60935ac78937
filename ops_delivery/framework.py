"""Where Frappe 15 and Frappe 16 differ: asked here alone, so that one code runs on both."""

from __future__ import annotations

import html
import re
from datetime import datetime, time
from typing import Any

import frappe
from frappe.utils import getdate, html_utils

MAJOR = int(frappe.__version__.split(".")[0])

# What a hook of has_permission says where it has nothing against it. Frappe 15 asks the next hook only after None, and a
# True would keep Frappe's own from being asked; Frappe 16 asks them all and takes None for a no.
NO_OBJECTION = True if MAJOR >= 16 else None
PLAIN_TEXTS = frozenset({"Data", "Small Text", "Text", "Long Text"})


def issue_field(name: str) -> str:
	"""`resolution_by` or `resolution_date` of an Issue as this ERPNext calls it: from version 16 on with sla_ before."""
	return f"sla_{name}" if frappe.get_meta("Issue").has_field(f"sla_{name}") else name


def task_end(day: Any) -> Any:
	"""The planned end of a Task. ERPNext 16 has a moment there, and the last day is to count whole."""
	if day and frappe.get_meta("Task").get_field("exp_end_date").fieldtype == "Datetime":
		return datetime.combine(getdate(day), time(23, 59, 59))
	return day


_TAG = re.compile(r"</?([A-Za-z][^\s<>/]*)[^<>]*>")
_KEPT_TAGS = frozenset(
	(*html_utils.acceptable_elements, *html_utils.svg_elements, *html_utils.mathml_elements)
)


def as_stored(typed: str) -> str:
	"""A plain text so that it is stored whole (reader.text gives it back): what looks like a tag that Frappe does not let
	pass, Frappe 15 escapes and Frappe 16 drops."""
	if MAJOR < 16 or "<" not in typed:
		return typed
	return _TAG.sub(
		lambda tag: tag[0] if tag[1].lower() in _KEPT_TAGS else html.escape(tag[0], quote=False), typed
	)


def keep_typed(doc: Any) -> None:
	"""The same for every plain text of a document that is about to be validated."""
	if MAJOR < 16:
		return
	for df in doc.meta.fields:
		if df.fieldtype in PLAIN_TEXTS and df.options != "Email" and not df.ignore_xss_filter:
			value = doc.get(df.fieldname)
			if isinstance(value, str) and "<" in value:
				doc.set(df.fieldname, as_stored(value))
