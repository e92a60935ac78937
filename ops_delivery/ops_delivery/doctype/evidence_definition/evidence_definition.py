from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.evidence import definitions
from ops_delivery.services.rules import conditions


class EvidenceDefinition(Document):
	"""Which records prove a clause; see services.evidence.definitions."""

	def validate(self):
		definitions.check(self)

	def on_update(self):
		if not steps.is_setting_up():
			conditions.say_where_they_fail(self)
