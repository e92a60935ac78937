"""Calendar arithmetic against an oracle that walks minutes and shares no code with the calendar.

The oracle never turns a wall time into an instant. It walks the UTC minutes of some weeks, reads the zone's wall clock
at each of them and remembers the latest time that clock has shown so far; a minute is worked if that time is painted on
the calendar's wall. A clock set forward skips paint, one set back stands still until it catches up. The k-th working
minute of such a walk is then simply the k-th of a list.

ORACLE_SEED sets another seed, ORACLE_CASES another number of cases.
"""

import os
import random
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest

from ops_delivery.domain.calendar import WEEKDAYS, WorkCalendar
from ops_delivery.domain.errors import DomainError

SEED = int(os.environ.get("ORACLE_SEED", "20261010"))
CASES = int(os.environ.get("ORACLE_CASES", "102400"))

DAYS = 44  # walked around each place
CALENDARS_PER_PLACE = 8

# Zones, each with the date of something in its history.
PLACES = [
	("America/New_York", "2026-03-08"),
	("America/New_York", "2026-11-01"),
	("Europe/Berlin", "2026-03-29"),
	("Europe/Berlin", "2026-10-25"),
	("Europe/Dublin", "2026-10-25"),
	("Australia/Lord_Howe", "2026-04-05"),  # half an hour
	("Australia/Lord_Howe", "2026-10-04"),
	("Asia/Shanghai", "2026-10-05"),  # nothing happens
	("Asia/Shanghai", "1986-05-04"),  # when it had summer time
	("Asia/Shanghai", "1991-09-15"),
	("America/Sao_Paulo", "2018-11-04"),  # no midnight
	("America/Sao_Paulo", "2019-02-17"),  # the hour before midnight twice
	("America/St_Johns", "2007-03-11"),  # at one past midnight
	("America/St_Johns", "2010-11-07"),
	("Antarctica/Troll", "2026-03-29"),  # two hours
	("Antarctica/Troll", "2026-10-25"),
	("Pacific/Chatham", "2026-04-05"),
	("Pacific/Apia", "2011-12-30"),  # a date that never was
	("Pacific/Kiritimati", "1994-12-31"),
	("Pacific/Kwajalein", "1993-08-21"),
	("Africa/Casablanca", "2026-03-01"),  # Ramadan: two changes in five weeks
	("Africa/Cairo", "2010-08-25"),
	("Asia/Gaza", "2026-03-28"),
	("Asia/Tehran", "2021-09-21"),
	("Asia/Kathmandu", "1986-01-01"),  # a quarter of an hour, for good
	("Asia/Pyongyang", "2018-05-04"),
	("America/Caracas", "2016-05-01"),
	("Europe/Moscow", "2014-10-26"),
	("America/Havana", "2026-11-01"),
	("Asia/Beirut", "2026-03-29"),
	("Asia/Kolkata", "2026-06-01"),
	("UTC", "2026-02-28"),
]


def walk(zone: str, centre: date):
	"""(first UTC minute, the latest wall minute shown by each minute) around a date; both count from 1970."""
	tz = ZoneInfo(zone)
	first = datetime(centre.year, centre.month, centre.day, tzinfo=timezone.utc) - timedelta(days=DAYS // 2)
	epoch, wall_epoch, minute = (
		datetime(1970, 1, 1, tzinfo=timezone.utc),
		datetime(1970, 1, 1),  # noqa: DTZ001 - the wall
		timedelta(minutes=1),
	)
	walls = [
		(moment.astimezone(tz).replace(tzinfo=None) - wall_epoch) // minute
		for moment in (first + i * minute for i in range(DAYS * 1440))
	]
	changes = sum(b - a != 1 for a, b in pairwise(walls))
	return (first - epoch) // minute, list(accumulate(walls, max)), changes


def random_windows(rng: random.Random, may_be_empty: bool) -> list[list[int]]:
	"""Windows of a day in minutes, [start, end]; ends above 1440 run over midnight."""
	shape = rng.choice(["office", "lunch", "night", "early", "evening", "whole", "many", "any", "none"])
	if shape == "none":
		return [] if may_be_empty else [[540, 1020]]
	if shape == "many":
		marks = sorted(rng.sample(range(0, 1700), rng.choice([4, 6, 8])))
		pairs = [marks[i : i + 2] for i in range(0, len(marks), 2)]
		return [[start, min(end, start + 1440)] for start, end in pairs if start < 1440]
	if shape == "any":
		start = rng.randrange(1440)
		return [[start, start + rng.randint(1, 1440)]]
	return {
		"office": [[540, 1020]],
		"lunch": [[540, 720], [780, 1080]],
		"night": [[rng.choice([1200, 1320, 1380, 1410]), rng.choice([1470, 1560, 1590, 1800])]],
		"early": [[0, rng.choice([1, 30, 60, 75])], [rng.choice([90, 120, 150, 165]), 180], [200, 420]],
		"evening": [[rng.choice([1080, 1380, 1415]), 1440]],
		"whole": [[0, 1440]],
	}[shape]


def random_definition(rng: random.Random, zone: str, centre: date):
	"""A random calendar as (week, exceptions) in minutes, and the same as WorkCalendar.from_dict() takes it."""
	if rng.random() < 0.3:
		same = random_windows(rng, may_be_empty=False)
		week = [list(same) for _ in range(7)]
	else:
		week = [random_windows(rng, may_be_empty=True) for _ in range(7)]
	exceptions = {}
	for offset in rng.sample(range(-DAYS // 2, DAYS // 2), rng.randint(0, 12)):
		day = centre + timedelta(days=offset if rng.random() < 0.7 else offset // 8)
		kind = rng.choice(["holiday", "makeup", "makeup of", "special"])
		weekday, windows = None, []
		if kind == "makeup of":
			weekday = rng.randrange(7)
		elif kind != "holiday":
			windows = random_windows(rng, may_be_empty=False)
		exceptions[day] = (kind.split()[0], weekday, windows)
	definition = {
		"time_zone": zone,
		"week": {WEEKDAYS[i]: texts(windows) for i, windows in enumerate(week)},
		"exceptions": [
			{
				"date": day.isoformat(),
				"kind": kind,
				"weekday": None if weekday is None else WEEKDAYS[weekday],
				"windows": texts(windows),
			}
			for day, (kind, weekday, windows) in exceptions.items()
		],
	}
	return week, exceptions, definition


def texts(windows: list[list[int]]) -> list[list[str]]:
	return [
		[f"{m // 60:02}:{m % 60:02}" for m in (start, end if end == 1440 else end % 1440)]
		for start, end in windows
	]


class Oracle:
	"""Working time over a walk, in seconds since the epoch."""

	def __init__(self, first: int, shown: list[int], week, exceptions) -> None:
		base = shown[0] // 1440 - 2
		paint = bytearray((shown[-1] // 1440 + 3 - base) * 1440)
		for day in range(base, shown[-1] // 1440 + 1):
			on = date(1970, 1, 1) + timedelta(days=day)
			windows = week[on.weekday()]
			if on in exceptions:
				_, weekday, windows = exceptions[on]
				windows = windows or ([] if weekday is None else week[weekday])
			for start, end in windows:
				for minute in range((day - base) * 1440 + start, (day - base) * 1440 + end):
					paint[minute] = 1
		self.first = first
		self.works = [paint[minute - base * 1440] for minute in shown]
		self.ahead = [0, *accumulate(self.works)]
		self.minutes = [i for i, works in enumerate(self.works) if works]
		self.edges = [i for i in range(1, len(self.works)) if self.works[i] != self.works[i - 1]]

	def worked(self, ts: int) -> int:
		minute, second = divmod(ts - self.first * 60, 60)
		return self.ahead[minute] * 60 + self.works[minute] * second

	def add(self, ts: int, seconds: int) -> int:
		worked = self.worked(ts) + seconds
		if seconds > 0:  # the end of the last second that was needed
			nth, second = divmod(worked - 1, 60)
			return (self.first + self.minutes[nth]) * 60 + second + 1
		nth, second = divmod(worked, 60)  # the start of the first second that is needed
		return (self.first + self.minutes[nth]) * 60 + second

	def some_instant(self, rng: random.Random) -> int:
		"""Anywhere in the walk, by preference at or next to where work begins or ends."""
		if self.edges and rng.random() < 0.5:
			return (self.first + rng.choice(self.edges)) * 60 + rng.choice([-60, -1, 0, 0, 1, 59, 60])
		return self.first * 60 + rng.randrange(len(self.works) * 60)


def random_calendar(rng: random.Random, zone: str, centre: date):
	"""A random definition that the calendar accepts."""
	while True:
		week, exceptions, definition = random_definition(rng, zone, centre)
		try:
			return week, exceptions, WorkCalendar.from_dict(definition)
		except DomainError as error:
			assert error.code in (
				"overlapping_windows",
				"overlapping_exception",
				"makeup_without_windows",
				"no_working_time",
			)


def differences(rng: random.Random, calendar: WorkCalendar, oracle: Oracle, cases: int):
	"""What the calendar and the oracle see differently in a number of random cases."""
	total = oracle.ahead[-1] * 60
	for case in range(cases):
		a = oracle.some_instant(rng)
		if case % 2:
			b = oracle.some_instant(rng)
			wanted = oracle.worked(b) - oracle.worked(a)
			got = calendar.between_ts(a, b)
			back = calendar.add_ts(a, got)
			inverse = min(a, b) <= back <= max(a, b) and calendar.between_ts(back, b) == 0
			question = ("between", a, b)
		else:
			worked = oracle.worked(a)
			seconds = rng.randint(-worked, total - worked)
			wanted = oracle.add(a, seconds) if seconds else a
			got = calendar.add_ts(a, seconds)
			inverse = calendar.between_ts(a, got) == seconds
			question = ("add", a, seconds)
		if got != wanted or not inverse:
			yield question, got, wanted, inverse, calendar.to_dict()


@pytest.mark.clause("6.3.b")
def test_arithmetic_agrees_with_a_walk_of_the_minutes():
	rng = random.Random(SEED)
	each = -(-CASES // (len(PLACES) * CALENDARS_PER_PLACE))
	checked, quiet, found = 0, [], []
	for zone, day in PLACES:
		centre = date.fromisoformat(day)
		first, shown, changes = walk(zone, centre)
		if not changes:
			quiet.append(zone)
		for _ in range(CALENDARS_PER_PLACE):
			week, exceptions, calendar = random_calendar(rng, zone, centre)
			oracle = Oracle(first, shown, week, exceptions)
			found += differences(rng, calendar, oracle, each)
			checked += each
	assert not found, f"seed {SEED}: {len(found)} of {checked} differ, the first: {found[0]}"
	assert checked >= CASES
	assert quiet == ["Asia/Shanghai", "Asia/Kolkata", "UTC"], (
		"the other places are chosen for their clock changes"
	)


def test_the_cases_are_a_hundred_thousand_unless_asked_otherwise():
	assert CASES >= 100_000 or "ORACLE_CASES" in os.environ
