def get_data() -> dict:
	"""What an agreement version rules, and the versions that follow it."""
	return {
		"fieldname": "agreement",
		"non_standard_fieldnames": {"Issue": "ops_agreement", "Service Agreement": "previous_version"},
		"transactions": [
			{"label": "Requests", "items": ["Issue", "Service Acceptance"]},
			{"label": "Evidence", "items": ["Agreement Assessment", "Service Clock", "Escalation Log"]},
			{"label": "Later Versions", "items": ["Service Agreement"]},
		],
	}
