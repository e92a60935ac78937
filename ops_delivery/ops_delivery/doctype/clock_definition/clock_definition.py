import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.services.clocks import change_question, definition_moves, failed_clocks, retired
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.rules import standalone_terms as own_terms
from ops_delivery.services.scope import active_rules as every_save


class ClockDefinition(Document):
	def validate(self):
		conditions.check_definition(self)
		failing.written_anew(self)
		own_terms.check(self)
		clash = frappe.db.get_value(
			"Clock Definition",
			{
				"document_type": self.document_type,
				"commitment": self.commitment,
				"enabled": 1,
				"name": ["!=", self.name],
			},
		)
		if self.enabled and clash:
			frappe.throw(
				_(
					"{0} of {1} is already measured by {2}. Switch that definition off first, or choose another commitment."
				).format(
					frappe.bold(_(self.commitment, context="Service Commitment")),
					_(self.document_type),
					frappe.bold(clash),
				)
			)
		change_question.ask(self)

	def on_update(self):
		every_save.forget()
		retired.later(self)
		failed_clocks.take_up_later(self)
		definition_moves.follow(self)
		conditions.say_where_they_fail(self)

	def on_trash(self):
		every_save.forget()
