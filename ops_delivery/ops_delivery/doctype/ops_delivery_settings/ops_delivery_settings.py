from frappe.model.document import Document

from ops_delivery.permissions import reach
from ops_delivery.services import host_words, portal_switch, rule_choice


class OpsDeliverySettings(Document):
	def validate(self):
		rule_choice.check(self)
		reach.check_settings(self)

	def on_update(self):
		rule_choice.apply(self)
		portal_switch.follow(self)
		host_words.follow(self)
