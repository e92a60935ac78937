"""Work of ours on people's lists: a ToDo that is given by a record and closed by it.

Frappe's own assigning (frappe.desk.form.assign_to) also shares the record and tells the person; who is asked by these has
the right already, and is told by a message of ours.
"""

from __future__ import annotations

from typing import Any

import frappe

TODO = "ToDo"


def give(doc: Any, user: str, text: str, date: Any = None) -> None:
	"""Put a record on somebody's list; `text` (HTML) says what it is about, `date` by when."""
	frappe.get_doc(
		{
			"doctype": TODO,
			"allocated_to": user,
			"assigned_by": frappe.session.user,
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			"description": text,
			"date": date,
			"status": "Open",
		}
	).insert(ignore_permissions=True)


def close(doc: Any, user: str | None = None) -> None:
	"""Take a record off the lists: off one person's, or off all."""
	filters = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	if user:
		filters["allocated_to"] = user
	for name in frappe.get_all(TODO, filters=filters, pluck="name", order_by="creation, name"):
		close_one(name)


def close_one(name: str) -> None:
	"""A ToDo is done with, by its name."""
	todo = frappe.get_doc(TODO, name)
	todo.status = "Closed"
	todo.save(ignore_permissions=True)
