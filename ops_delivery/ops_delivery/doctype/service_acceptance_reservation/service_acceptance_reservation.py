from frappe.model.document import Document


class ServiceAcceptanceReservation(Document):
	pass
