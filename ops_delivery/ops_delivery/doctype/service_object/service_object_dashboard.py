def get_data() -> dict:
	"""Requests, leftovers and handovers about an object."""
	return {
		"fieldname": "service_object",
		"non_standard_fieldnames": {"Issue": "ops_object"},
		"transactions": [
			{"label": "Requests", "items": ["Issue"]},
			{"label": "Afterwards", "items": ["Service Leftover", "Service Handover"]},
		],
	}
