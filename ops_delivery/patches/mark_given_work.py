"""ToDos of before that stand on records of ours are ours: they are marked as such, so that they are taken back. It may run twice."""

import frappe
from frappe.query_builder.functions import Concat

from ops_delivery.services.shared import todos

GIVE = (
	"Deliverable",
	"Delivery Leftover",
	"Improvement Action",
	"Operation Manual",
	"Routine Schedule",
	"Routine Task",
	"Service Review",
)


def execute():
	before, after = todos.marked("\0").split("\0")
	todo = frappe.qb.DocType(todos.TODO)
	(
		frappe.qb.update(todo)
		.set(todo.description, Concat(before, todo.description, after))
		.where((todo.status == "Open") & todo.reference_type.isin(GIVE))
		.where(todo.description.isnotnull() & todo.description.not_like(f"%{todos.OURS}%"))
	).run()
