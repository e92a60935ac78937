"""Which of our records the forms of other apps' types show as connected (hook `override_doctype_dashboards`)."""

from frappe import _


def issue(data: dict) -> dict:
	"""On an Issue: its clocks, escalations and acceptance, and what follows from it (6.3.i)."""
	names = data.setdefault("non_standard_fieldnames", {})
	for doctype in ("Service Clock", "Escalation Log", "Service Acceptance", "Service Notice"):
		names[doctype] = "reference_name"
	for doctype in ("Service Handover", "Service Leftover"):
		names[doctype] = "source_name"
	data.setdefault("dynamic_links", {}).update(
		{"reference_name": ["Issue", "reference_doctype"], "source_name": ["Issue", "source_doctype"]}
	)
	data.setdefault("transactions", []).extend(
		[
			{"label": _("Evidence"), "items": ["Service Clock", "Escalation Log", "Service Notice"]},
			{"label": _("Acceptance"), "items": ["Service Acceptance", "Service Leftover"]},
			{"label": _("Other Services"), "items": ["Service Handover"]},
		]
	)
	return data


def customer(data: dict) -> dict:
	"""On a Customer: agreements, objects and what the customer accepted or left open."""
	data.setdefault("transactions", []).append(
		{
			"label": _("Service Delivery"),
			"items": [
				"Service Agreement",
				"Service Object",
				"Service Acceptance",
				"Service Leftover",
				"Service Handover",
			],
		}
	)
	return data
