def get_data() -> dict:
	"""What an agreement version rules, and the versions that follow it.

	The desk translates the labels; translated here they would be kept in the language of whoever came first.
	"""
	return {
		"fieldname": "agreement",
		"non_standard_fieldnames": {"Issue": "ops_agreement", "Service Agreement": "previous_version"},
		"transactions": [
			{"label": "Requests", "items": ["Issue", "Service Acceptance"]},
			{"label": "Evidence", "items": ["Agreement Assessment", "Amount Entry", "Service Clock", "Escalation Log"]},
			{"label": "Later Versions", "items": ["Service Agreement"]},
			{"label": "Improvement", "items": ["Improvement Action"]},
		],
	}
