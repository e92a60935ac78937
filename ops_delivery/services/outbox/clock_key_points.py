"""Key points of clocks: what a Notification of any measured type can listen to (clauses 5.3.c, 6.3.f).

The request's own key points are triage's; these come from the ledger alone, so a record type that is measured by data has
notices by data as well. Nothing is posted that no Notification listens to.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.services.outbox import outbox as notices

KEY_POINTS = {
	"Start": "ops_clock_started",
	"Pause": "ops_clock_paused",
	"Resume": "ops_clock_resumed",
	"Met": "ops_clock_met",
	"Reopened": "ops_clock_reopened",
	"Cancelled": "ops_clock_cancelled",
	"Reinstated": "ops_clock_reinstated",
}


def post(doc: Any, prepared: Any) -> None:
	"""Note what happened to a record's clocks in this plan (clocks.Plan): one notice a key point, however many clocks.

	A message finds the commitments in ops_notice_details().commitments.
	"""
	happened: dict[str, list[str]] = {}
	for change in prepared.changed:
		for line in change.events:
			if change.row.set_aside and line.kind == "Pause":
				continue  # a condition that fails is the administrator's concern: nobody else is told of a pause
			if key_point := KEY_POINTS.get(line.kind):
				happened.setdefault(key_point, []).append(change.row.commitment)
	for key_point, commitments in happened.items():
		if notices.is_heard(doc, key_point):
			notices.post(
				prepared.doctype, prepared.name, key_point, {"commitments": sorted(set(commitments))}, about=doc
			)
