def get_data() -> dict:
	"""What belongs to a visit and what it left behind; the form translates the labels."""
	return {
		"fieldname": "ops_sheet",
		"non_standard_fieldnames": {
			"Timesheet": "ops_visit",
			"Field Service Request": "reference_name",
			"Service Review": "reference_name",
			"Service Leftover": "source_name",
		},
		"dynamic_links": {
			"ops_visit": ["Field Service Sheet", "ops_visit_type"],
			"reference_name": ["Field Service Sheet", "reference_doctype"],
			"source_name": ["Field Service Sheet", "source_doctype"],
		},
		"transactions": [
			{"label": "Hours and parts", "items": ["Timesheet", "Stock Entry"]},
			{"label": "Carried on", "items": ["Field Service Request", "Service Review", "Service Leftover"]},
		],
	}
