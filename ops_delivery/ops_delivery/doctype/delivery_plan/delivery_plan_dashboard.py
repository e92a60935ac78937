from frappe import _


def get_data() -> dict:
	"""The activities of a plan."""
	return {
		"fieldname": "plan",
		"transactions": [{"label": _("Plan"), "items": ["Delivery Activity"]}],
	}
