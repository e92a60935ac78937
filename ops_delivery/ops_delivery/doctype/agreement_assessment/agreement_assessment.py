import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.services.assessment import records as agreement_assessments


class AgreementAssessment(Document):
	def validate(self):
		if self.is_new():
			self.status = "Draft"
		agreement_assessments.work_out(self)

	def on_trash(self):
		if self.status == "Confirmed":
			frappe.throw(
				_("{0} was confirmed by both parties and is kept as evidence.").format(frappe.bold(self.name))
			)
