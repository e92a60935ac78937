from frappe.model import numeric_fieldtypes
from frappe.model.document import Document
from frappe.utils import flt

from ops_delivery.permissions import reach
from ops_delivery.services.clocks import rule_choice
from ops_delivery.services.host import host_words
from ops_delivery.services.mailbox import mailboxes
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.shared import number_bounds as bounds


class OpsDeliverySettings(Document):
	def init_valid_columns(self):
		"""A number that came with a newer version, and was never saved here, is its default; Frappe would load and save 0."""
		super().init_valid_columns()
		for field in self.meta.get("fields", {"fieldtype": ["in", numeric_fieldtypes]}):
			if field.default and self.__dict__.get(field.fieldname) is None:
				self.__dict__[field.fieldname] = flt(field.default)

	def validate(self):
		rule_choice.check(self)
		bounds.check_days(self, "expiry_reminder_days")
		bounds.note_lowered(self)
		reach.check_settings(self)
		mailboxes.check_settings(self)
		asked_of_customers.check_settings(self)

	def on_update(self):
		rule_choice.apply(self)
		portal_switch.follow(self)
		host_words.follow(self)
