from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.evidence import definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.rules import failing_conditions as failing


class EvidenceDefinition(Document):
	"""Which records prove a clause; see services.evidence.definitions."""

	def validate(self):
		definitions.check(self)
		failing.written_anew(self)

	def on_update(self):
		if not steps.is_setting_up():
			conditions.say_where_they_fail(self)
