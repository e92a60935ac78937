"""ERPNext's *Split Issue* and Frappe's *Duplicate* copy an Issue; what was reported anew has a course of its own (6.3.d).

Customer, contact, object, urgency and importance stay. Judgement, moments, result and the customer's acceptance are the
first one's alone: copied, they would meet the clocks of the second at once and tell its customer of an arrival.
"""

from __future__ import annotations

from frappe.utils import get_datetime

from ops_delivery.permissions import switches
from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.clocks import takeover
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared.site_time import site_now

KEPT = ("ops_customer_email",)
TYPED = ("priority", "resolution_details")  # of a duplicate's form: what somebody saw there and left is theirs
OWN_COURSE = (
	"resolution_details",
	"resolution_time",
	"first_responded_on",
	"on_hold_since",
	"total_hold_time",
	"avg_response_time",
	"user_resolution_time",
)


def before_insert(doc, _method: str | None = None) -> None:
	"""doc_events Issue.before_insert: begin the course of a split-off or duplicated Issue that is ours."""
	if _is_duplicate(doc) and not switches.rests() and ours.is_ours(doc):
		for fieldname in (*OWN_COURSE, *takeover.fields()):
			if fieldname not in TYPED:
				doc.set(fieldname, None)
		return
	if not doc.get("issue_split_from") or switches.rests() or not ours.is_ours(doc):
		return
	own = [field.fieldname for field in doc.meta.fields if field.fieldname.startswith("ops_") and field.no_copy]
	for fieldname in (*own, *OWN_COURSE, *takeover.fields()):
		if fieldname not in KEPT:
			doc.set(fieldname, None)
	now = site_now()
	doc.update({"status": "Open", "opening_date": now.date(), "opening_time": now.time()})


def _is_duplicate(doc) -> bool:
	"""Whether a new Issue brings the first response of another one along: before its own report, with the time it took, which
	nobody types. Frappe's form copies both, and shows neither."""
	if doc.get("issue_split_from") or not doc.get("first_responded_on") or not doc.get("first_response_time"):
		return False
	return get_datetime(doc.first_responded_on) < (moments.reported(doc) or site_now())
