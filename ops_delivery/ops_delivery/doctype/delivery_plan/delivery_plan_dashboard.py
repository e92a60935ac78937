def get_data() -> dict:
	"""The activities of a plan."""
	return {
		"fieldname": "plan",
		"transactions": [{"label": "Plan", "items": ["Delivery Activity"]}],
	}
