from frappe.model.document import Document

from ops_delivery.services.agreements import major_terms
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.assessment import measuring as assessment


class ServiceAgreementTemplate(Document):
	def validate(self):
		agreement_metrics.check(self)
		major_terms.check(self)
