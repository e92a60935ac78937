from frappe.model.document import Document

from ops_delivery.services.agreements import switched_off
from ops_delivery.services.clocks import change_question
from ops_delivery.services.rules import calendars


class ServiceCalendar(Document):
	"""Service hours that an administrator edits; records are measured by its published revisions."""

	def validate(self):
		calendars.tidy(self)
		calendars.to_domain(self)
		change_question.ask(self)

	def onload(self):
		calendars.show_pending(self)

	def on_update(self):
		calendars.publish_revision(self)
		switched_off.follow(self)

	def on_trash(self):
		switched_off.refuse_deletion(self)
