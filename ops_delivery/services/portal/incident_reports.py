"""What a customer reads of the report on a major incident, on the page of the deliverable that hands it over (8.4.b.3).

Whoever calls has asked whether the deliverable is theirs to see. Shown is the version whose PDF was handed over, while it is published.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.domain import major
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, text

REPORT = "Major Incident Report"


def of(deliverable: str) -> dict[str, Any] | None:
	"""{facts, sections, measures} of the report that a published deliverable hands over; None where it hands over none."""
	name = frappe.db.get_value(REPORT, {"deliverable": deliverable, "status": major.PUBLISHED}, "name")
	if not name:
		return None
	doc = frappe.get_doc(REPORT, name)
	if cint(doc.handed_version) != cint(doc.version):
		return None
	return {
		"path": f"/service-requests/{doc.issue}",
		"issue": doc.issue,
		"facts": [
			pair
			for pair in (
				(_label("reported_on"), moment(doc.reported_on)),
				(_label("restored_on"), moment(doc.restored_on)),
				(_("Service down for", context="Paper"), wording.duration(cint(doc.down_minutes) * 60) if doc.down_minutes else ""),
				(_label("people_affected"), str(cint(doc.people_affected)) if doc.people_affected else ""),
			)
			if pair[1]
		],
		"sections": [(_label(field), text(doc.get(field))) for field in ("impact", "root_cause", "treatment", "lessons") if doc.get(field)],
		"measures": [{"what": text(row.measure), "due": wording.day(row.due_date)} for row in doc.measures],
	}


def _label(fieldname: str) -> str:
	return _(frappe.get_meta(REPORT).get_label(fieldname), context=REPORT)
