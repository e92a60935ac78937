"""Issue's own service-level fields show our figures, so that ERPNext's lists and reports stay right.

ERPNext fills `response_by`, `resolution_by`, `agreement_status` and the times from its own SLA; where the site lets a
Service Agreement measure an Issue, they are filled from its clocks instead. ERPNext renamed the two fields of the
resolution in 2025 (15 and 16): `sla_resolution_by`, `sla_resolution_date`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from ops_delivery.framework import issue_field
from ops_delivery.services.clocks import takeover
from ops_delivery.services.rules import calendars
from ops_delivery.services.shared.site_time import to_site, to_utc

RESPONSE, RESOLUTION = "First Response", "Resolution"
NEVER = datetime(9999, 1, 1)


def keep_from_erpnext(doc) -> None:
	"""Before ERPNext's own rule looks at an Issue that an agreement rules: remember what it may change in this save."""
	doc.flags.ops_before_erpnext = {field: doc.get(field) for field in takeover.fields()}
	if not doc.first_responded_on:  # else it may comment that its SLA failed, by a deadline of ours
		doc.response_by = NEVER


def undo_erpnext(doc) -> None:
	"""After it has looked: it has no say here. Our own figures are filled in next."""
	before = doc.flags.pop("ops_before_erpnext", None)
	if before is None:
		return
	doc.update(before)
	if before["service_level_agreement"]:  # these were its deadlines
		doc.update({"service_level_agreement": None, "response_by": None, takeover.by_version()[0]: None})


def fill(doc, plan) -> None:
	"""Set the fields on a record that is about to be saved."""
	if _shows(doc, plan):
		doc.update(values(doc, plan))


def store(doc, plan) -> None:
	"""Write the fields that differ on a record that is not being saved, without a new `modified`."""
	if not _shows(doc, plan):
		return
	changed = {k: v for k, v in values(doc, plan).items() if _differs(doc.get(k), v)}
	if changed:
		doc.db_set(changed, update_modified=False)


def _shows(doc, plan) -> bool:
	"""An Issue that an agreement rules says what is measured of it, also where nothing is."""
	return doc.doctype == "Issue" and bool(plan.changes or doc.get("ops_agreement"))


def values(doc, plan) -> dict[str, Any]:
	"""What an Issue's own fields should say by its clocks."""
	by_commitment = {change.row.commitment: change for change in plan.changes}
	found: dict[str, Any] = {}
	response, resolution = by_commitment.get(RESPONSE), by_commitment.get(RESOLUTION)
	if response:
		found["response_by"] = deadline(response)
		if response.row.state == "Met":
			found["first_responded_on"] = doc.first_responded_on or response.row.stopped_on
			found["first_response_time"] = response.row.elapsed or 1  # ERPNext takes 0 for "not yet"
	if resolution:
		found[issue_field("resolution_by")] = deadline(resolution)
		met = resolution.row.state == "Met"
		found[issue_field("resolution_date")] = resolution.row.stopped_on if met else None
		found["resolution_time"] = (
			(resolution.clock.stopped - resolution.clock.started).total_seconds() if met else None
		)
		paused = resolution.row.state == "Paused"
		found["on_hold_since"] = resolution.row.last_event_on if paused else None
	found["agreement_status"] = _status(response, resolution, plan.changes)
	found["ops_next_due"] = _next_due(plan)
	found["service_level_agreement"] = None
	return found


def deadline(change):
	"""The deadline a clock has, or had when it stopped; None while it is paused (site time)."""
	row, clock = change.row, change.clock
	if clock.due:
		return to_site(clock.due)
	if row.state != "Met":
		return None
	return to_site(calendars.compiled(clock.calendar).add(clock.stopped, clock.target - clock.elapsed))


def _next_due(plan) -> datetime | None:
	"""When the next commitment of whatever clock definition is due (site time); None where nothing runs."""
	running = [change.clock.due for change in plan.changes if change.row.state == "Running" and change.clock.due]
	return to_site(min(running)) if running else None


def _status(response, resolution, changes) -> str | None:
	"""ERPNext's word for it; None where nothing is measured: what has no clock is neither due nor fulfilled."""
	live = [change for change in (response, resolution) if change and _is_live(change)]
	live = live or [change for change in changes if _is_live(change)]
	if any(change.row.breached for change in live):
		return "Failed"
	if response in live and response.row.state != "Met":
		return "First Response Due"
	if any(change.row.state != "Met" for change in live):
		return "Resolution Due"
	return "Fulfilled" if live else None


def _is_live(change) -> bool:
	return change.row.state != "Cancelled"


def mark_missed(doctype: str, names: list[str]) -> None:
	"""A deadline has passed: ERPNext's lists say so too."""
	if doctype == "Issue" and names:
		issue = frappe.qb.DocType("Issue")
		frappe.qb.update(issue).set(issue.agreement_status, "Failed").where(issue.name.isin(names)).run()


def _differs(stored: Any, wanted: Any) -> bool:
	if hasattr(wanted, "isoformat") or hasattr(stored, "isoformat"):
		return not stored or not wanted or to_utc(stored) != to_utc(wanted)
	return (stored or None) != (wanted or None)
