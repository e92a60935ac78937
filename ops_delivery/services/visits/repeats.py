"""A visit or session that Frappe's Auto Repeat makes: planned for its own day, at the hours of the one it repeats (7.2.a)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from frappe.utils import get_datetime, getdate

PLANNED = ("promised_on", "planned_start", "planned_end")


def plan(doc: Any, day: Any) -> None:
	"""Move what is planned to that day: all of it by as many days, counted from the planned beginning."""
	given = [get_datetime(doc.get(field)) for field in ("planned_start", "promised_on", "planned_end") if doc.get(field)]
	if not given or not day:
		return
	shift = timedelta(days=(getdate(day) - given[0].date()).days)
	for field in PLANNED:
		if doc.get(field):
			doc.set(field, get_datetime(doc.get(field)) + shift)
