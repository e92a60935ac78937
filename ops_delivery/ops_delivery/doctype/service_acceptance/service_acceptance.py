import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.shared.stored_texts import StoredTexts


class ServiceAcceptance(StoredTexts, Document):
	"""The customer's answer to an offered result. Written by services.requests.acceptance only: it is evidence."""

	def validate(self):
		if not steps.is_taken(self):
			frappe.throw(
				_(
					"{0} is changed by the customer's answer only. Use Record Customer's Decision on the {1}."
				).format(self.name or _(self.doctype), _(self.reference_doctype or "Issue"))
			)


def on_doctype_update():
	frappe.db.add_index("Service Acceptance", ["state", "next_action_on"])
