"""What belongs to a record of another app, shown among the connections of its form (5.3.b, 6.3.i).

Labels stay English here: Frappe keeps them for all readers, and the form translates them.
"""

from __future__ import annotations

from typing import Any

# of surveys only who was asked: answers may be held back, and Frappe counts them all the same
BY_REFERENCE = ("Service Clock", "Escalation Log", "Service Acceptance", "Service Survey")
# complaints stand among no connections: Frappe counts there what a reader may not see (permissions/confidential.py)
IMPROVEMENT = "Improvement Action"
VISITS = ("Field Service Sheet", "Remote Support Session")


def of_issue(data: dict[str, Any]) -> dict[str, Any]:
	"""override_doctype_dashboards of Issue: clocks, escalations, acceptances, alerts of machines, handovers and leftovers."""
	fieldnames = data.setdefault("non_standard_fieldnames", {})
	links = data.setdefault("dynamic_links", {})
	fieldnames.update(dict.fromkeys((*BY_REFERENCE, *VISITS), "reference_name"))
	fieldnames.update(dict.fromkeys(("Service Handover", "Service Leftover", IMPROVEMENT), "source_name"))
	fieldnames["Issue"] = "ops_follows"  # what happened again after it
	links.update(
		{"reference_name": ["Issue", "reference_doctype"], "source_name": ["Issue", "source_doctype"]}
	)
	data.setdefault("transactions", []).extend(
		[
			{"label": "Service Delivery", "items": [*BY_REFERENCE, "Monitoring Alert"]},
			{"label": "Carried on", "items": ["Issue", *VISITS, "Service Handover", "Service Leftover", IMPROVEMENT]},
		]
	)
	return data


def of_task(data: dict[str, Any]) -> dict[str, Any]:
	"""override_doctype_dashboards of Task: the handover that opened it."""
	return _with_handover(data, "Task")


def of_project(data: dict[str, Any]) -> dict[str, Any]:
	"""override_doctype_dashboards of Project: the handover that opened it."""
	return _with_handover(data, "Project")


def _with_handover(data: dict[str, Any], doctype: str) -> dict[str, Any]:
	data.setdefault("non_standard_fieldnames", {})["Service Handover"] = "target_name"
	data.setdefault("dynamic_links", {})["target_name"] = [doctype, "target_doctype"]
	data.setdefault("transactions", []).append({"label": "Service Delivery", "items": ["Service Handover"]})
	return data


def of_customer(data: dict[str, Any]) -> dict[str, Any]:
	"""override_doctype_dashboards of Customer: agreements, objects and what the customer accepted or left open."""
	data.setdefault("transactions", []).append(
		{
			"label": "Service Delivery",
			"items": [
				"Service Agreement",
				"Service Object",
				*VISITS,
				"Service Acceptance",
				"Service Survey",
				"Service Leftover",
				"Service Handover",
				IMPROVEMENT,
			],
		}
	)
	return data
