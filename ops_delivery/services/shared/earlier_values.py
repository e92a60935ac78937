"""What a record said before, by the changes that Frappe keeps of it (its Versions)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import cstr, get_datetime


def since(doc: Any, stored: Mapping[str, Any], holds: Callable[[frappe._dict], bool]) -> datetime | None:
	"""When the change was saved with which `holds` began to hold of a record; `stored`: its values as they are stored now.
	None where that is not known."""
	seen = frappe._dict(stored)
	for row in frappe.get_all(
		"Version",
		filters={"ref_doctype": doc.doctype, "docname": cstr(doc.name)},
		fields=["creation", "data"],
		order_by="creation desc",
	):
		seen.update({line[0]: line[1] for line in frappe.parse_json(row.data).get("changed") or ()})
		if not holds(seen):
			return get_datetime(row.creation)
	return None
