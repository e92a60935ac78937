"""ERPNext's *Split Issue* copies every field of an Issue; what was reported anew has a course of its own (6.3.d).

Customer, contact, object, urgency and importance stay. Judgement, moments, result and the customer's acceptance are the
first one's alone: copied, they would meet the clocks of the second at once and tell its customer of an arrival.
"""

from __future__ import annotations

from ops_delivery.permissions import switches
from ops_delivery.services.clocks import takeover
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared.site_time import site_now

KEPT = ("ops_customer_email",)
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
	"""doc_events Issue.before_insert: begin the course of a split-off Issue that is ours."""
	if not doc.get("issue_split_from") or switches.rests() or not ours.is_ours(doc):
		return
	own = [field.fieldname for field in doc.meta.fields if field.fieldname.startswith("ops_") and field.no_copy]
	for fieldname in (*own, *OWN_COURSE, *takeover.fields()):
		if fieldname not in KEPT:
			doc.set(fieldname, None)
	now = site_now()
	doc.update({"status": "Open", "opening_date": now.date(), "opening_time": now.time()})
