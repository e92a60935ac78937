"""Sites from before: an agreement that was copied from another shared the keys of its promises, and with them what was delivered.

The number of the agreement goes into the key that each promised deliverable holds; drafts that nobody has reviewed get keys of their own.
Rows that were reviewed or signed keep theirs, which are part of what was signed: the number tells them apart.
"""

from collections import defaultdict

import frappe
from frappe.utils import cint, cstr

from ops_delivery.domain.deliverables import promise
from ops_delivery.services.agreements import promises
from ops_delivery.services.deliverables import opening
from ops_delivery.services.shared.site_time import site_now


def execute():
	"""Run again, it finds nothing."""
	numbers = {row.name: opening.number(row) for row in _agreements()}
	for row in frappe.get_all(
		opening.DOCTYPE, {"promise_slot": ["is", "set"]}, ["name", "agreement", "promise_key", "promise_slot"], order_by="name"
	):
		if row.agreement in numbers and row.promise_slot.startswith(f"{row.promise_key}:"):
			slot = f"{numbers[row.agreement]}:{row.promise_slot}"
			frappe.db.set_value(opening.DOCTYPE, row.name, "promise_slot", slot, update_modified=False)
	_renew(numbers)
	_open_once(numbers)


def _agreements():
	return frappe.get_all(opening.AGREEMENT, fields=["name", "agreement_number"], order_by="creation")


def _renew(numbers):
	first, shared = {}, defaultdict(str)  # whose key it is; what it becomes in another agreement
	rows = frappe.get_all(promises.ROW, {"parenttype": opening.AGREEMENT}, ["name", "parent", "promise_key", "docstatus"], order_by="creation, name")
	for row in sorted(rows, key=lambda row: -cint(row.docstatus)):
		number = numbers.get(row.parent, row.parent)
		if first.setdefault(row.promise_key, number) == number or not row.promise_key or not _is_free(row):
			continue
		key = number, row.promise_key
		shared[key] = shared[key] or frappe.generate_hash(length=promises.KEY_LENGTH)
		frappe.db.set_value(promises.ROW, row.name, "promise_key", shared[key], update_modified=False)


def _is_free(row):
	about = {"reference_doctype": opening.AGREEMENT, "reference_name": row.parent}
	return not cint(row.docstatus) and not any(frappe.db.exists(doctype, about) for doctype in ("Service Review", "Service Signature"))


def _open_once(numbers):
	"""What a successor promised once was taken for delivered by the agreement before it."""
	made = {cstr(slot).rsplit(":", 1)[0] for slot in frappe.get_all(opening.DOCTYPE, {"promise_slot": ["is", "set"]}, pluck="promise_slot")}
	active = set(frappe.get_all(opening.AGREEMENT, {"docstatus": 1, "status": "Active"}, pluck="name"))
	for row in frappe.get_all(
		promises.ROW,
		{"parenttype": opening.AGREEMENT, "docstatus": 1, "due_when": promise.ONCE, "make_on": ["is", "not set"]},
		["name", "parent", "promise_key"],
		order_by="name",
	):
		if row.parent in active and f"{numbers[row.parent]}:{row.promise_key}" not in made:
			frappe.db.set_value(promises.ROW, row.name, "make_on", site_now().date(), update_modified=False)
