"""The clocks of a request in plain words for its customer: what was promised, by when, how it stands (6.3.b, 6.3.f)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe import _

from ops_delivery.domain.states import ISSUE_OPEN
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.shared.site_time import has_passed


def clocks_of(issues: list[str]) -> dict[str, list[frappe._dict]]:
	"""The clocks of Issues that are not cancelled, by Issue, in the order of their commitments."""
	found: dict[str, list[frappe._dict]] = defaultdict(list)
	if not issues:
		return found
	clock, commitment = frappe.qb.DocType("Service Clock"), frappe.qb.DocType("Service Commitment")
	rows = (
		frappe.qb.from_(clock)
		.left_join(commitment)
		.on(commitment.name == clock.commitment)
		.select(
			clock.name,
			clock.reference_name,
			clock.commitment,
			clock.state,
			clock.breached,
			clock.due_on,
			clock.target,
			clock.elapsed,
			clock.stopped_on,
			clock.utc_offset,
		)
		.where(
			(clock.reference_doctype == "Issue")
			& clock.reference_name.isin(issues)
			& (clock.state != "Cancelled")
		)
		.orderby(commitment.sequence)
		.orderby(clock.commitment)
	).run(as_dict=True)
	for row in rows:
		found[row.reference_name].append(row)
	return found


def is_late(clock) -> bool:
	"""In the hour that occurs twice the sweep says it, which knows the deadline as an instant."""
	if clock.state == "Running" and clock.due_on:
		return bool(clock.breached) or has_passed(clock.due_on)
	return int(clock.elapsed or 0) > int(clock.target or 0)


def next_deadline(row, clocks: list[frappe._dict]) -> dict[str, Any] | None:
	"""The next promise that still stands open, in a line for the list."""
	if row.status not in ISSUE_OPEN or row.ops_validity == "Invalid":
		return None
	running = sorted((c for c in clocks if c.state == "Running" and c.due_on), key=lambda c: c.due_on)
	if running:
		first = running[0]
		if is_late(first):
			line = _("{0} was promised by {1}")
		else:
			line = _("{0} provisionally by {1}") if is_provisional(row) else _("{0} by {1}")
		return {
			"text": line.format(_(first.commitment, context="Service Commitment"), moment(first.due_on)),
			"late": is_late(first),
		}
	if any(clock.state == "Paused" for clock in clocks):
		reason = text(row.ops_pause_reason)
		return {"text": _("Paused: {0}").format(reason) if reason else _("Paused"), "late": False}
	return {"text": _("No time is promised"), "late": False} if row.ops_agreement and not clocks else None


def is_provisional(doc) -> bool:
	"""Whether what is promised goes by the priority before triage: it is known for good when the report is judged."""
	return doc.ops_validity not in ("Valid", "Invalid")


def commitment(clock, provisional: bool = False) -> dict[str, Any]:
	"""What was promised and how it stands, in a sentence."""
	late = is_late(clock)
	if clock.state == "Met":
		line = _("Done {0}, after the promised time") if late else _("Done {0}, in time")
		line = line.format(moment(clock.stopped_on))
	elif clock.state == "Paused":
		line = _("Paused; the time does not run")
	elif late:
		line = _("Was promised by {0}. We are late; the people in charge have been alerted.").format(
			moment(clock.due_on)
		)
	elif provisional:
		line = _("Provisionally by {0}, until we have judged your report").format(moment(clock.due_on))
	else:
		line = _("Promised by {0}").format(moment(clock.due_on))
	return {
		"name": _(clock.commitment, context="Service Commitment"),
		"promise": _("within {0} of service hours").format(wording.duration(clock.target)),
		"text": line,
		"late": late,
		"done": clock.state == "Met",
	}
