def get_data() -> dict:
	"""Requests, readings, leftovers and handovers about an object."""
	return {
		"fieldname": "service_object",
		"non_standard_fieldnames": {"Issue": "ops_object"},
		"transactions": [
			{"label": "Requests", "items": ["Issue"]},
			{"label": "Routine Operation", "items": ["Routine Reading"]},
			{"label": "Afterwards", "items": ["Service Leftover", "Service Handover"]},
		],
	}
