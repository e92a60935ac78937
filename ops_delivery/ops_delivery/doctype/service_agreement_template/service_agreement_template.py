from frappe.model.document import Document

from ops_delivery.services import assessment


class ServiceAgreementTemplate(Document):
	def validate(self):
		assessment.check(self)
