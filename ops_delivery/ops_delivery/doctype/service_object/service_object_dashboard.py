from frappe import _


def get_data() -> dict:
	"""Requests, leftovers and handovers about an object."""
	return {
		"fieldname": "service_object",
		"non_standard_fieldnames": {"Issue": "ops_object"},
		"transactions": [
			{"label": _("Requests"), "items": ["Issue"]},
			{"label": _("Afterwards"), "items": ["Service Leftover", "Service Handover"]},
		],
	}
