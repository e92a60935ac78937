"""`ops-delivery agreement new`: an agreement file with its calendar, made from a few questions."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.durations import parse_duration
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.work_window import WEEKDAYS, Window, weekly_overlap
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.mapping import check_zone

T = TypeVar("T")
PRIORITIES = "Low, Medium, High, Urgent"
COMMITMENTS = "First Response, Resolution"
TARGETS = {
	"First Response": {"Urgent": "30m", "High": "1h", "Medium": "4h", "Low": "8h"},
	"Resolution": {"Urgent": "4h", "High": "8h", "Medium": "24h", "Low": "48h"},
}
SHORT = {day[:3].lower(): day for day in WEEKDAYS}
CHINESE_DAYS = dict(zip("一二三四五六日天", (*WEEKDAYS, WEEKDAYS[-1]), strict=True))
CHINA = "CN"


class Asker:
	"""Asks one question after another; an empty answer is the one in brackets. Answers may be piped in."""

	def __init__(self, read: Callable[[], str] | None = None) -> None:
		self.read = read or sys.stdin.readline
		self.asked_by_person = sys.stdin.isatty()

	def ask(self, question: str, default: str, take: Callable[[str], T]) -> T:
		"""The answer as `take` makes it of the text. A person is asked again, a file's wrong answer is an InputError."""
		while True:
			print(f"{question} [{default}]: " if default else f"{question}: ", end="", flush=True)
			line = self.read()
			# as a Chinese keyboard types it: full width digits, colons and commas
			text = unicodedata.normalize("NFKC", line).strip() or default
			if not self.asked_by_person:
				print(text)
			try:
				return take(text)
			except (DomainError, InputError, ValueError) as error:
				problem = f"{quote(text)}: {error}"
				if not self.asked_by_person:
					raise InputError("agreement new", f"{question}: {problem}")
				print(f"  {problem}")


def run(target: str | None, asker: Asker | None = None) -> int:
	"""Asks, checks and writes the file; nothing is written over."""
	path = Path(target or "agreement.json")
	if path.exists():
		raise InputError(str(path), "is already there and is not overwritten")
	if not path.parent.is_dir():
		raise InputError(str(path), "cannot be written: no such folder")
	print("An agreement for the replay. An empty answer takes what stands in brackets.")
	data = _asked(asker or Asker())
	try:
		terms = Terms.from_dict(data)
	except DomainError as error:
		raise InputError("agreement new", str(error))
	try:
		path.write_text(json.dumps(terms.to_dict(), ensure_ascii=False, indent="\t") + "\n", "utf-8")
	except OSError as error:
		raise InputError(str(path), f"cannot be written ({error.strerror or error})")
	print(f"\nWritten: {path}. See what it says with: ops-delivery agreement {path}")
	return 0


def _asked(asker: Asker) -> dict[str, Any]:
	this_year = date.today().year  # noqa: DTZ011 (the day where the command runs)
	number = asker.ask("Number of the agreement", "SA-1", _text)
	title = asker.ask("Title", number, _text)
	customer = asker.ask("Customer", "", str)
	start = asker.ask("First day", f"{this_year}-01-01", _day)
	end = asker.ask("Last day", f"{max(start.year, this_year)}-12-31", _day_from(start))
	zone = asker.ask("Time zone", "Asia/Shanghai", lambda text: check_zone(text, text).key)
	days = asker.ask("Service days (Mon-Fri, Mon-Sat, Mon,Wed,Fri, all)", "Mon-Fri", _weekdays)
	hours = asker.ask("Service hours (09:00-12:00 13:00-18:00; 24h)", "09:00-18:00", _hours_on(days))
	years = range(start.year, min(end.year, start.year + 10) + 1)
	country = asker.ask(
		"Public holidays of which country (CN with make-up workdays, DE, US …; none)", "none", _country
	)
	priorities = asker.ask("Priorities, from low to high", PRIORITIES, _names)
	commitments = asker.ask("What is promised", COMMITMENTS, _names)
	default = asker.ask(
		"Priority of a ticket that has none", priorities[(len(priorities) - 1) // 2], _one_of(priorities)
	)
	targets: list[dict[str, str]] = []
	answered: dict[str, str] = {}  # the first response's targets
	for commitment in commitments:
		for priority in reversed(priorities):
			likely = TARGETS.get(commitment, TARGETS["Resolution"]).get(priority, "8h")
			least = answered.get(priority, "") if commitment == "Resolution" else ""
			question = f"{commitment} at {priority}, service time (4h, 30m; none)"
			length = asker.ask(question, likely, _length_from(least))
			if length:
				targets.append({"commitment": commitment, "priority": priority, "target": length})
			if commitment == "First Response":
				answered[priority] = length
	return {
		"format": "ops_delivery.agreement/1",
		"agreement": number,
		"version": 1,
		"title": title,
		"customer": customer,
		"period": {"start": start.isoformat(), "end": end.isoformat()},
		"calendar": "service",
		"calendars": {
			"service": {
				"time_zone": zone,
				"week": {day: hours for day in days},
				"exceptions": _exceptions(country, years, days),
			}
		},
		"priorities": priorities,
		"default_priority": default,
		"targets": targets,
	}


def _exceptions(country: str, years: range, days: list[str]) -> list[dict[str, Any]]:
	"""The holidays of a country on service days, and China's make-up workdays at weekends."""
	if not country:
		return []
	if country == CHINA:
		return _chinese_days(years, days)
	import holidays

	found = holidays.country_holidays(country, years=list(years))
	return [
		{"date": day.isoformat(), "kind": "holiday", "note": found[day]}
		for day in sorted(found)
		if day.year in years and WEEKDAYS[day.weekday()] in days
	]


def _chinese_days(years: range, days: list[str]) -> list[dict[str, Any]]:
	"""The published arrangement; a year that has none yet is said."""
	from chinese_calendar import constants

	for year in years:
		if not any(day.year == year for day in constants.holidays):
			print(
				f"  no arrangement of {year} is known here yet; add its days to the file when it is published"
			)
	off = [
		(day, "holiday", name) for day, name in constants.holidays.items() if WEEKDAYS[day.weekday()] in days
	]
	worked = [
		(day, "makeup", name)
		for day, name in constants.workdays.items()
		if WEEKDAYS[day.weekday()] not in days
	]
	return [
		{
			"date": day.isoformat(),
			"kind": kind,
			"note": note,
			**({"weekday": days[0]} if kind == "makeup" else {}),
		}
		for day, kind, note in sorted(off + worked)
		if day.year in years
	]


def _text(text: str) -> str:
	if not text:
		raise ValueError("must not be empty")
	return text


def _day(text: str) -> date:
	try:
		return date.fromisoformat(text)
	except ValueError:
		raise ValueError("is no day such as 2026-01-31") from None


def _day_from(first: date) -> Callable[[str], date]:
	def take(text: str) -> date:
		day = _day(text)
		if day < first:
			raise ValueError(f"lies before the first day, {first}")
		return day

	return take


def _weekdays(text: str) -> list[str]:
	if text.strip().lower() in ("all", "daily", "7"):
		return list(WEEKDAYS)
	found: list[str] = []
	text = re.sub(r"(?:周|星期|礼拜)([一二三四五六日天])", lambda match: CHINESE_DAYS[match[1]], text)
	for part in re.split(r"[,、\s]+", re.sub("[至到~]", "-", text).strip()):
		first, _, last = (piece.strip()[:3].lower() for piece in part.replace("–", "-").partition("-"))
		if first not in SHORT or (last and last not in SHORT):
			raise ValueError(f"days are {', '.join(day[:3] for day in WEEKDAYS)}")
		start, end = WEEKDAYS.index(SHORT[first]), WEEKDAYS.index(SHORT[last or first])
		found += [WEEKDAYS[(start + i) % 7] for i in range((end - start) % 7 + 1)]
	return [day for day in WEEKDAYS if day in found]


def _hours_on(days: list[str]) -> Callable[[str], list[list[str]]]:
	def take(text: str) -> list[list[str]]:
		hours = _hours(text)
		windows = [Window.parse(*pair) for pair in hours]
		if clash := weekly_overlap([windows if day in days else [] for day in WEEKDAYS]):
			_day, one, other = clash
			raise ValueError(f"{'-'.join(one.format())} and {'-'.join(other.format())} overlap")
		return hours

	return take


def _hours(text: str) -> list[list[str]]:
	if text.strip().lower() in ("24h", "24", "all day"):
		return [["00:00", "24:00"]]
	found = re.findall(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", text)
	if not found or re.sub(r"[\d:\-–,;\s]", "", text):
		raise ValueError("hours are written 09:00-12:00 13:00-18:00")
	return [[f"{int(a):02}:{b}", f"{int(c):02}:{d}"] for a, b, c, d in found]


def _country(text: str) -> str:
	if text.strip().lower() in ("", "none", "no"):
		return ""
	code = text.strip().upper()
	if code != CHINA:
		import holidays

		if code not in holidays.list_supported_countries():
			raise ValueError("is no country whose holidays are known here; write its two letters, such as DE")
	return code


def _names(text: str) -> list[str]:
	found = [name.strip() for name in re.split(r"[,，、;]", text) if name.strip()]
	if not found or len(set(found)) != len(found):
		raise ValueError("names are divided by commas, each once")
	return found


def _one_of(names: list[str]) -> Callable[[str], str]:
	def take(text: str) -> str:
		if text not in names:
			raise ValueError(f"must be one of {', '.join(names)}")
		return text

	return take


def _length(text: str) -> str:
	if text.strip().lower() in ("none", "-", "no"):
		return ""
	if parse_duration(text) <= 0:
		raise ValueError("is no time to keep a promise in")
	return text.strip()


def _length_from(least: str) -> Callable[[str], str]:
	def take(text: str) -> str:
		length = _length(text)
		if length and least and parse_duration(length) < parse_duration(least):
			raise ValueError(f"is shorter than the first response, {least}")
		return length

	return take
