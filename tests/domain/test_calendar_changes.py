"""Hours that change on a date, against a walk through the minutes that shares no code with the calendar (6.3.b)."""

import random
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ops_delivery.domain import clock as clocks
from ops_delivery.domain.calendar import DayException, Window, WorkCalendar
from ops_delivery.domain.clock import Event, Kind
from ops_delivery.domain.errors import DomainError

UTC = timezone.utc
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.clause("6.3.b")


def hours(rng: random.Random) -> dict[int, list[tuple[int, int]]]:
	"""A week in minutes since midnight; an end above 1440 runs over midnight."""
	shapes = ([(540, 1080)], [(540, 720), (780, 1080)], [(1320, 1800)], [(0, 1440)], [(360, 840)], [])
	week = {day: list(rng.choice(shapes)) for day in range(7)}
	for day in range(7):  # a night's tail leaves the next morning alone
		if any(end > 1440 for _start, end in week[day]):
			week[(day + 1) % 7] = [(540, 1080)]
	if not any(week.values()):
		week[0] = [(540, 1080)]
	if any(end > 1440 for _start, end in week[6]) and week[0] and week[0][0][0] < 480:
		week[0] = [(540, 1080)]
	return week


def made(zone: str, week, holidays=(), name="") -> WorkCalendar:
	return WorkCalendar(
		zone,
		{day: [Window(start * 60, end * 60) for start, end in windows] for day, windows in week.items()},
		[DayException(day, "holiday") for day in holidays],
		name,
	)


def worked(moment: datetime, zone: str, of_day) -> bool:
	"""Whether a minute is worked: a window of its own date or of the evening before covers its wall clock."""
	wall = moment.astimezone(ZoneInfo(zone))
	minute = wall.hour * 60 + wall.minute
	today, before = wall.date(), wall.date() - timedelta(days=1)
	return any(s <= minute < e for s, e in of_day(today)) or any(s <= minute + 1440 < e for s, e in of_day(before))


@pytest.mark.parametrize("seed", range(24))
def test_hours_that_change_on_a_date(seed):
	rng = random.Random(seed)
	zone, day = rng.choice(ZONES), date(2026, rng.choice([1, 6, 9]), rng.randint(8, 20))
	old_week, new_week = hours(rng), hours(rng)
	free = {day + timedelta(days=rng.randint(-5, 5)), day + timedelta(days=rng.randint(-5, 5))}
	old, new = made(zone, old_week, free), made(zone, new_week)
	both = old.changing_to(new, day)

	def of_day(one: date):
		if one < day:
			return [] if one in free else old_week[one.weekday()]
		return new_week[one.weekday()]

	start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=6)
	minutes = [start + n * MINUTE for n in range(12 * 1440)]
	counted, total = [0], 0
	for moment in minutes:
		total += worked(moment, zone, of_day)
		counted.append(total)
	for _case in range(40):
		a, b = sorted(rng.sample(range(len(minutes)), 2))
		assert both.between(minutes[a], minutes[b]) == 60 * (counted[b] - counted[a])
		left = counted[b] - counted[a]
		if left:
			due = both.add(minutes[a], left * 60)
			assert due <= minutes[b] and both.between(minutes[a], due) == left * 60
			assert both.between(due - timedelta(seconds=1), due) == 1
	again = WorkCalendar.from_dict(both.to_dict())
	assert again == both and again.fingerprint() == both.fingerprint() != new.fingerprint()


def test_a_running_clock_counts_by_the_old_hours_until_the_day_and_by_the_new_ones_after_it():
	zone = ZoneInfo("Asia/Shanghai")
	old = made("Asia/Shanghai", {day: [(540, 1080)] for day in range(5)}, name="old")  # 9 h a day
	new = made("Asia/Shanghai", {day: [(480, 720)] for day in range(5)}, name="new")  # 4 h a day
	monday = datetime(2026, 3, 2, 9, tzinfo=zone)
	both = old.changing_to(new, date(2026, 3, 4))  # Wednesday
	calendars = {"old": old, "both": both}
	clock = clocks.apply(None, Event(Kind.START, monday, target=24 * 3600, calendar="old"), calendars)
	assert clock.due == datetime(2026, 3, 4, 15, tzinfo=zone)  # 9 + 9 + 6
	clock = clocks.apply(clock, Event(Kind.CALENDAR, monday + timedelta(hours=2), calendar="both"), calendars)
	assert clock.elapsed == 2 * 3600
	assert clock.due == datetime(2026, 3, 5, 10, tzinfo=zone)  # 9 + 9 by the old, 4 + 2 by the new


def test_from_now_on_what_has_run_stays_and_the_rest_counts_by_the_new_hours():
	zone = ZoneInfo("Asia/Shanghai")
	old = made("Asia/Shanghai", {day: [(540, 1080)] for day in range(5)})
	new = made("Asia/Shanghai", {day: [(0, 1440)] for day in range(7)})
	calendars = {"old": old, "new": new}
	friday = datetime(2026, 3, 6, 9, tzinfo=zone)
	clock = clocks.apply(None, Event(Kind.START, friday, target=12 * 3600, calendar="old"), calendars)
	assert clock.due == datetime(2026, 3, 9, 12, tzinfo=zone)
	saturday = datetime(2026, 3, 7, 10, tzinfo=zone)
	clock = clocks.apply(clock, Event(Kind.CALENDAR, saturday, calendar="new"), calendars)
	assert clock.elapsed == 9 * 3600 and clock.due == datetime(2026, 3, 7, 13, tzinfo=zone)


def test_another_change_takes_the_place_of_one_that_has_not_begun():
	one, two, three = (made("Asia/Shanghai", {0: [(540, 540 + 60 * n)]}) for n in (1, 2, 3))
	first = one.changing_to(two, date(2026, 3, 10))
	assert first.changing_to(three, date(2026, 3, 9)) == one.changing_to(three, date(2026, 3, 9))
	later = first.changing_to(three, date(2026, 3, 20))
	assert [later.windows_on(date(2026, 3, day))[0].end for day in (9, 16, 23)] == [36000, 39600, 43200]
	assert later.since(date(2026, 3, 12)) == two.changing_to(three, date(2026, 3, 20))
	assert later.since(date(2026, 4, 1)) == three and later.on(date(2026, 3, 9)) == one
	assert later.on(date(2026, 3, 16)) == two


def test_the_earlier_hours_are_in_the_same_zone():
	old, new = (made(zone, {0: [(540, 600)]}) for zone in ZONES[:2])
	with pytest.raises(DomainError) as refused:
		old.changing_to(new, date(2026, 3, 10))
	assert refused.value.code == "other_zone"


@pytest.mark.parametrize(
	("week", "day"),
	[
		({0: [(1320, 1800)], 1: [(300, 600)]}, "Tuesday"),  # Mon 22:00–06:00 against Tue 05:00
		({6: [(1320, 1800)], 0: [(300, 600)]}, "Monday"),
		({0: [(540, 720), (700, 800)]}, "Monday"),
	],
)
def test_an_overlap_names_the_day_on_which_both_run(week, day):
	with pytest.raises(DomainError) as refused:
		made("Asia/Shanghai", week)
	assert refused.value.context["overlap"] == day
