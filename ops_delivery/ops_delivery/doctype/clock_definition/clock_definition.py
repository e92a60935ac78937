import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.services import (
	change_question,
	conditions,
	definition_moves,
	definitions,
	every_save,
	failing,
	own_terms,
	retired,
)


class ClockDefinition(Document):
	def validate(self):
		definitions.check(self)
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
		failing.take_up_later(self)
		definition_moves.follow(self)
		conditions.say_where_they_fail(self)

	def on_trash(self):
		every_save.forget()
