"""Frappe's Assignment Rule, as far as complaints are concerned: it passes over who is not independent (5.4.d)."""

from frappe.automation.doctype.assignment_rule.assignment_rule import AssignmentRule

from ops_delivery.services.complaints import handlers as complaint_handlers


class IndependentAssignment:
	"""Mixed into Assignment Rule, whatever class another app has for it (extend_doctype_class of Frappe 16). A rule must
	not fail the save that it follows: a complaint is on record whoever its rule names, and is then without a handler."""

	def get_user(self, doc):
		return complaint_handlers.assignable(
			doc.get("doctype"), doc.get("name"), super().get_user(doc), [row.user for row in self.users]
		)


class IndependentAssignmentRule(IndependentAssignment, AssignmentRule):
	"""override_doctype_class of Assignment Rule, on Frappe 15."""
