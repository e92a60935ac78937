"""When something happened on a device without a connection: the server's clock decides (clauses 7.2.b.1, 7.3.b.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from ops_delivery.domain.errors import DomainError

PUT_BACK = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True)
class Moment:
	"""When something happened: by the server's clock, less the time the device had no connection.

	`offset`: seconds by which the device's clock was ahead, None where it told no time; `waited`: seconds.
	"""

	instant: datetime
	waited: int
	offset: int | None


def moment(
	now: datetime, waited: float = 0, device_time: datetime | None = None, not_before: datetime | None = None
) -> Moment:
	"""The moment of a tap on a device that told the server `waited` seconds later. The device's clock decides nothing.

	`now` (aware): the server's. `device_time` (aware): the device's at the tap, kept to show how far it was off.
	DomainError bad_wait (negative, no number, more than a day) or before_departure.
	"""
	if not isfinite(waited) or not 0 <= waited <= LONGEST_WAIT.total_seconds():
		raise DomainError("bad_wait", "{value} seconds are not a possible delay.", value=waited)
	instant = now - timedelta(seconds=int(waited))
	if not_before and timedelta(0) < not_before - instant <= PUT_BACK:
		instant = not_before  # the server's clock was put back a little
	if not_before and instant < not_before:
		raise DomainError(
			"before_departure", "The arrival lies before the departure.", value=instant, departure=not_before
		)
	offset = round((device_time - instant).total_seconds()) if device_time else None
	return Moment(instant, int(waited), offset)
