from ops_delivery.ops_delivery.visit_document import VisitDocument


class FieldServiceSheet(VisitDocument):
	"""A visit to the customer, from its preparation to its follow-up (7.2); see services.visits.rules."""
