def get_data() -> dict:
	"""What was measured for a plan, what it left over and where it is carried on; the form translates the labels."""
	return {
		"fieldname": "plan",
		"non_standard_fieldnames": {"Service Leftover": "source_name", "Service Handover": "source_name"},
		"dynamic_links": {"source_name": ["Optimization Plan", "source_doctype"]},
		"transactions": [
			{"label": "Trial Run", "items": ["Trial Reading"]},
			{"label": "Carried on", "items": ["Service Leftover", "Service Handover"]},
		],
	}
