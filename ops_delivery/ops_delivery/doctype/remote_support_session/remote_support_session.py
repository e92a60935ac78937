from ops_delivery.ops_delivery.visit_document import VisitDocument


class RemoteSupportSession(VisitDocument):
	"""A remote session, from its preparation to its follow-up (7.3); see services.visits.rules."""
