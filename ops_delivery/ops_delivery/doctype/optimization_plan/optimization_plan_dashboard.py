from frappe import _


def get_data() -> dict:
	"""What was measured for a plan, what it left over and where it is carried on."""
	return {
		"fieldname": "plan",
		"non_standard_fieldnames": {"Service Leftover": "source_name", "Service Handover": "source_name"},
		"dynamic_links": {"source_name": ["Optimization Plan", "source_doctype"]},
		"transactions": [
			{"label": _("Trial Run"), "items": ["Trial Reading"]},
			{"label": _("Carried on"), "items": ["Service Leftover", "Service Handover"]},
		],
	}
