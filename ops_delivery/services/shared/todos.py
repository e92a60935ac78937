"""Work of ours on people's lists: a ToDo that is given by a record and taken back by it.

Frappe's own assigning (frappe.desk.form.assign_to) also shares the record and tells the person; who is asked by these has
the right already, and is told by a message of ours. What colleagues put on a list themselves stays there while the record
goes on, also when its owner changes: ours is told apart by the class around its words.
"""

from __future__ import annotations

from typing import Any

import frappe

TODO = "ToDo"
OURS = "ops-given"


def give(doc: Any, user: str, text: str, date: Any = None) -> None:
	"""Put a record on somebody's list; `text` (HTML) says what it is about, `date` by when."""
	frappe.get_doc(
		{
			"doctype": TODO,
			"allocated_to": user,
			"assigned_by": frappe.session.user,
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			"description": marked(text),
			"date": date,
			"status": "Open",
		}
	).insert(ignore_permissions=True)


def marked(text: str) -> str:
	"""The words of a ToDo (HTML) as they are stored where it is one of ours."""
	return f'<div class="{OURS}">{text}</div>'


def given(doc: Any, user: str | None = None) -> list[frappe._dict]:
	"""What a record has put on the lists and is open: of one person, or of all; name and description, the oldest first."""
	filters = _open(doc, user) | {"description": ["like", f'%class="{OURS}"%']}
	return frappe.get_all(TODO, filters=filters, fields=["name", "description"], order_by="creation, name")


def take_back(doc: Any, user: str | None = None) -> None:
	"""Take off what a record has put on the lists, of one person or of all; what colleagues put there stays."""
	for row in given(doc, user):
		close_one(row.name)


def close(doc: Any, user: str | None = None) -> None:
	"""Nothing is to be done about a record any more: take it off the lists, whoever put it there; of one person, or of all."""
	for name in frappe.get_all(TODO, filters=_open(doc, user), pluck="name", order_by="creation, name"):
		close_one(name)


def close_one(name: str) -> None:
	"""A ToDo is done with, by its name."""
	todo = frappe.get_doc(TODO, name)
	todo.status = "Closed"
	todo.save(ignore_permissions=True)


def _open(doc: Any, user: str | None) -> dict[str, Any]:
	filters = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	return filters | {"allocated_to": user} if user else filters
