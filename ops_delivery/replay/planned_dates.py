"""`ops-delivery dates`: the dates of a recurrence rule, by the rules of routine operation (domain/routine)."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.planned_dates import KEEP, Recurrence
from ops_delivery.domain.routine.recurrence import Moment
from ops_delivery.domain.routine.rule import Rule
from ops_delivery.replay import text_files
from ops_delivery.replay.errors import InputError, quote

MOST = 100_000  # dates printed at once
_START = re.compile(
	r"(?P<day>\d{4}-\d\d-\d\d|\d{8})(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?P<zone>Z?))?", re.ASCII
)


def run(options: argparse.Namespace, started: float) -> int:
	"""Prints one date a line; InputError, and nothing printed, where the rule or an option cannot be used."""
	start, seconds_shown = read_start(options.start)
	count = read_count(options.count)
	calendar = read_calendar(options.calendar) if options.calendar else None
	closed = options.closed or KEEP
	if calendar is None and options.closed:
		raise InputError("--closed", f"{options.closed} needs the service calendar: add --calendar CALENDAR.json")
	if calendar is not None and not options.closed:
		raise InputError("--calendar", "is not looked at without --closed: add --closed skip, before or after")
	try:
		rule = Rule.read(options.rule)
		planned = Recurrence(rule, start, options.short_month, closed, calendar).first(count)
	except DomainError as error:
		raise InputError("dates", str(error))
	if rule.until_utc:
		print("ops-delivery: UNTIL is read as local time, as the start is; its Z says nothing", file=sys.stderr)
	if any(isinstance(one.at, datetime) and one.at.second for one in planned):
		seconds_shown = True
	for one in planned:
		print(one.at.isoformat(timespec="seconds" if seconds_shown else "minutes") if isinstance(one.at, datetime) else one.at.isoformat())
	if len(planned) < count:
		print(f"ops-delivery: the rule ends there: {len(planned)} of {count} dates", file=sys.stderr)
	return 0


def read_start(text: str) -> tuple[Moment, bool]:
	"""The start, a day or a local time, and whether it shows seconds. InputError names what is wrong with it."""
	found = _START.fullmatch(text.strip())
	problem = f"{quote(text)} is neither a day such as 2026-01-31 nor a local time such as 2026-01-31T09:00"
	if not found:
		if re.search(r"[+-]\d\d:?\d\d$", text.strip()) and "T" in text:
			problem = f"{quote(text)} has an offset: give the local time without it"
		raise InputError("--start", problem)
	day = found["day"].replace("-", "")
	try:
		whole = date(int(day[:4]), int(day[4:6]), int(day[6:]))
		if found["hour"] is None:
			return whole, False
		hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
		moment = datetime(whole.year, whole.month, whole.day, hour, minute, second)  # noqa: DTZ001 - the wall clock
	except ValueError:
		raise InputError("--start", problem)
	if found["zone"]:
		print("ops-delivery: the start is read as local time; its Z says nothing", file=sys.stderr)
	return moment, found["second"] is not None


def read_count(text: str) -> int:
	"""How many dates are asked for, from 1."""
	if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not 1 <= int(text) <= MOST:
		raise InputError("--count", f"{quote(text)} is not a whole number from 1 to {MOST:,}")
	return int(text)


def read_calendar(path: str) -> WorkCalendar:
	"""The service calendar in a file: a calendar alone, or an agreement file, whose own calendar is meant then."""
	name = os.path.basename(path)
	try:
		data: Any = json.loads(text_files.read(Path(path)))
	except FileNotFoundError:
		raise InputError(path, "no such file")
	except OSError as error:
		raise InputError(path, f"cannot be read ({error.strerror or error})")
	except (ValueError, RecursionError) as error:
		raise InputError(name, f"is not JSON ({error})")
	if isinstance(data, dict) and isinstance(data.get("calendars"), dict):
		chosen = data["calendars"].get(data.get("calendar"))
		if chosen is None:
			raise InputError(name, f"calendar: {quote(data.get('calendar'))} is none of its calendars")
		data = {"name": data["calendar"], **chosen} if isinstance(chosen, dict) else chosen
	try:
		return WorkCalendar.from_dict(data)
	except DomainError as error:
		raise InputError(name, str(error))
