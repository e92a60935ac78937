def get_data() -> dict:
	"""What belongs to a visit and what it left behind; the form translates the labels."""
	return {
		"fieldname": "ops_visit",
		"non_standard_fieldnames": {
			"Field Service Request": "reference_name",
			"Service Review": "reference_name",
			"Service Leftover": "source_name",
		},
		"dynamic_links": {
			"ops_visit": ["Remote Support Session", "ops_visit_type"],
			"reference_name": ["Remote Support Session", "reference_doctype"],
			"source_name": ["Remote Support Session", "source_doctype"],
		},
		"transactions": [
			{"label": "Hours and parts", "items": ["Timesheet"]},
			{"label": "Carried on", "items": ["Field Service Request", "Service Review", "Service Leftover"]},
		],
	}
