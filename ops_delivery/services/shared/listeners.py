"""Whether somebody on this site hears of a document's insertion: only where nobody does may rows be written past documents
that Frappe would insert one by one.

Heard by: functions of other apps, a class of another app in the place of the type's own, and what an administrator made
for the type (a Notification, a Server Script, a Webhook, an Assignment Rule, a clock …). One short query; where it is not
known what somebody does, somebody hears.
"""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import Any

import frappe
from frappe.model.base_document import get_controller
from pypika.terms import ValueWrapper

HOST = ("frappe", "erpnext", "ops_delivery")
OWN_NAMES = ("", "hash")  # how a type's names are made that no rule gives

# what an administrator makes for a type: the field that names the type, and the field and value that say it is in force
MADE: dict[str, tuple[str, str | None, int]] = {
	"Assignment Rule": ("document_type", "disabled", 0),
	"Custom Field": ("dt", None, 0),
	"Document Naming Rule": ("document_type", "disabled", 0),
	"Energy Point Rule": ("reference_doctype", "enabled", 1),
	"Measured Record Type": ("document_type", "enabled", 1),
	"Milestone Tracker": ("document_type", "disabled", 0),
	"Notification": ("document_type", "enabled", 1),
	"Property Setter": ("doc_type", None, 0),
	"Server Script": ("reference_doctype", "disabled", 0),
	"Service Level Agreement": ("document_type", "enabled", 1),
	"Webhook": ("webhook_doctype", "enabled", 1),
	"Workflow": ("document_type", "is_active", 1),
}


def hears(doctype: str) -> bool:
	"""Whether anything but Frappe's and our own code happens when a document of that type is inserted."""
	return _is_named_by_a_rule(doctype) or _is_heard_by_code(doctype) or _is_made_for(doctype)


def _is_named_by_a_rule(doctype: str) -> bool:
	return (frappe.get_meta(doctype).autoname or "").lower() not in OWN_NAMES


def _is_heard_by_code(doctype: str) -> bool:
	hooks = frappe.get_doc_hooks()
	for events in (hooks.get(doctype) or {}, hooks.get("*") or {}):
		if any(_app(handler) not in HOST for handlers in events.values() for handler in handlers):
			return True
	if any(_app(base.__module__) not in HOST for base in get_controller(doctype).__mro__ if base is not object):
		return True
	if any(doctype in _indexed(path) for path in frappe.get_hooks("sqlite_search")):
		return True
	return bool(frappe.get_cached_value("User", frappe.session.user, "follow_created_documents"))


def _app(path: str) -> str:
	return path.partition(".")[0]


def _indexed(path: str) -> Any:
	return getattr(frappe.get_attr(path), "INDEXABLE_DOCTYPES", ())


def _is_made_for(doctype: str) -> bool:
	queries = []
	for made, (names, switch, on) in MADE.items():
		if not frappe.db.table_exists(made):
			continue
		table = frappe.qb.DocType(made)
		query = frappe.qb.from_(table).select(ValueWrapper(1)).where(table[names] == doctype).limit(1)
		queries.append(query.where(table[switch] == on) if switch else query)
	return bool(reduce(mul, queries).run())
