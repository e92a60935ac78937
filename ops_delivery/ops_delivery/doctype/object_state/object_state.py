import frappe
from frappe.model.document import Document


class ObjectState(Document):
	"""The last that was read at one step of one object; written by services.routine.object_states alone."""


def on_doctype_update():
	frappe.db.add_unique("Object State", ["service_object", "step_key"], constraint_name="ops_one_state")
