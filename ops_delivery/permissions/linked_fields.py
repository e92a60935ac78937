"""The content of a Rule Version is read from the version itself, whose list and form ask for the field levels of its rule.

Frappe's lists fetch fields of what a row links to (`content_version.content`) and ask for no condition of that other list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions import field_levels
from ops_delivery.permissions.ownership import ADMINISTRATOR

VERSION, CONTENT = "Rule Version", "content"
ASKED = ("fields", "fieldname")  # by which the host's functions take the fields of a list
FETCHED = re.compile(rf"(?P<place>[\w ]+)`?\s*\.\s*`?{CONTENT}\b", re.IGNORECASE)
ALIAS = re.compile(rf"tab{VERSION}_\d+$", re.IGNORECASE)


def check() -> None:
	"""Hook auth_hooks: refuse a list that fetches the content of versions of types with fields above the user's levels.

	frappe.PermissionError says where it is read instead.
	"""
	if not getattr(frappe.local, "request", None) or frappe.session.user == ADMINISTRATOR:
		return
	places = {
		found["place"].strip()
		for parameter in ASKED
		for text in _texts(frappe.form_dict.get(parameter))
		for found in FETCHED.finditer(text)
	}
	if not any(ALIAS.match(place) or _links_to_version(place) for place in places):
		return
	types = frappe.get_all(VERSION, distinct=True, pluck="reference_doctype", order_by="reference_doctype")
	if any(
		frappe.db.exists("DocType", name) and field_levels.hidden(name, [frappe.session.user])
		for name in types
	):
		frappe.throw(
			_("A list shows no content of a {0} that it links to. Open the {0} itself.").format(_(VERSION)),
			frappe.PermissionError,
		)


def _texts(value: Any) -> Iterator[str]:
	"""Every text in what was sent, also as JSON."""
	if isinstance(value, str):
		yield value
		try:
			value = json.loads(value)
		except ValueError:
			return
		if isinstance(value, str):
			return
	if isinstance(value, dict):
		value = [*value, *value.values()]
	if isinstance(value, list | tuple):
		for part in value:
			yield from _texts(part)


def _links_to_version(fieldname: str) -> bool:
	link = {"fieldname": fieldname, "fieldtype": "Link", "options": VERSION}
	return bool(frappe.db.exists("DocField", link) or frappe.db.exists("Custom Field", link))
