"""Calendars and instants that several tests of the domain use."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ops_delivery.domain.calendar import DayException, Window, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = (Window.parse("09:00", "12:00"), Window.parse("13:00", "18:00"))
HOUR = 3600

# A Chinese autumn: the National Day week is off, Saturday 10 October is worked for it as a Friday.
OFFICE = WorkCalendar(
	"Asia/Shanghai",
	{weekday: OFFICE_HOURS for weekday in range(5)},
	[
		*(DayException(date(2026, 10, day), "holiday", note="National Day") for day in (1, 2, 5, 6, 7)),
		DayException(date(2026, 10, 10), "makeup", weekday=4, note="for 7 October"),
	],
	name="5x8",
)
ALWAYS = WorkCalendar("Asia/Shanghai", {w: [Window.parse("00:00", "24:00")] for w in range(7)}, name="7x24")
CALENDARS = {"5x8": OFFICE, "7x24": ALWAYS}


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0, month: int = 10) -> datetime:
	"""An instant of 2026 in Shanghai; Monday is 12 October."""
	return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


def stored(text: str) -> str:
	"""A text as a database or a form gives it: equal to the constant it stands for, and another object."""
	return "".join(list(text))
