"""Terms counted in working days (clause 6.3.g): the end of the N-th working day after an instant."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.errors import DomainError

LOOK_AHEAD_DAYS = 3660


def end_of_working_day(calendar: WorkCalendar, after: datetime, days: int) -> datetime:
	"""When the last window of the `days`-th working day after `after` ends (UTC).

	The local date of `after` is not counted; a date is a working day if service hours begin on it. `days` is at least
	1, else DomainError("bad_amount"). No such day within ten years: DomainError("beyond_horizon").
	"""
	if days < 1:
		raise DomainError("bad_amount", "{value} is not a number of working days from 1.", value=days)
	zone = ZoneInfo(calendar.zone)
	day = after.astimezone(zone).date()
	left = days
	for _step in range(LOOK_AHEAD_DAYS):
		day += timedelta(days=1)
		windows = calendar.windows_on(day)
		if not windows:
			continue
		left -= 1
		if not left:
			extra, seconds = divmod(windows[-1].end, 86400)
			midnight = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=extra)
			return (midnight + timedelta(seconds=seconds)).astimezone(timezone.utc)
	raise DomainError("beyond_horizon", "No {value} working days within ten years.", value=days)
