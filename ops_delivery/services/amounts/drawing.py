"""When work is on record it draws on what was agreed: reactions to events, and the host's time sheets (5.3.a)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ops_delivery.domain.events import WorkRecorded
from ops_delivery.services.amounts import beyond, ledger, sources, warning


def follow(event: WorkRecorded) -> None:
	"""Reaction: a visit is over, or a routine task done, or what is noted of it was changed."""
	settle(event.doctype, event.name)


def settle(doctype: str, name: str) -> list[ledger.Drawn]:
	"""Bring the ledger in line with a record; what was drawn anew."""
	drawn = ledger.settle(doctype, name, sources.takes(sources.done(doctype, [name])))
	warning.after(drawn)
	beyond.after(drawn)
	return drawn


def of_timesheet(doc: Any, _method: str | None = None) -> None:
	"""doc_events Timesheet on_submit, on_update_after_submit, on_cancel: hours for the project of a Delivery Plan."""
	if not doc.get("ops_visit") and (_plans(doc) or frappe.db.exists(ledger.ENTRY, {"source_doctype": sources.TIMESHEET, "source_name": doc.name})):
		settle(sources.TIMESHEET, doc.name)


def _plans(doc: Any) -> Iterable[str]:
	return sources.agreements_of([doc.get("parent_project"), *(row.project for row in doc.time_logs)])
