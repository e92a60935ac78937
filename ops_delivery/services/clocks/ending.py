"""A clock that nothing measures any more ends: standing still and cancelled, with that reason (6.3.b)."""

from __future__ import annotations

from datetime import datetime

from frappe import _

from ops_delivery.domain.clock import Kind, Status
from ops_delivery.services.clocks.changes import Change, happen


def end(change: Change, now: datetime) -> None:
	"""End a clock that has no conditions any more; one that has stopped stays as it is."""
	if change.clock.status is Status.RUNNING:
		happen(change, Kind.PAUSE, now, reason=_("Nothing measures this any more"))
	if change.clock.status is Status.PAUSED:
		happen(change, Kind.CANCELLED, now, reason=_("Nothing measures this any more"))
