"""Public holidays and make-up workdays of a country, from two packages that are compared (clause 6.3.b).

`holidays` knows many countries by rules, and China's yearly arrangement with which day each make-up workday (调休)
stands in for. `chinesecalendar` is China's published arrangement, day by day, weekends included. For a year that
has not been published `holidays` still computes China's days by rule, without make-up days: that is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import frappe
from frappe import _

HOLIDAYS = "holidays"
CHINESE_CALENDAR = "chinesecalendar"
CHINA = "CN"
SATURDAY = 5
_SWAP = re.compile(r"substituted from (\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True)
class PublicYear:
	"""One package's view of a year: what is off, what is worked on a day off, and what that stands in for."""

	package: str
	version: str
	off: Mapping[date, str]
	makeup: Mapping[date, str]
	stands_in_for: Mapping[date, date] = field(default_factory=dict)
	estimated: tuple[date, ...] = ()

	def is_workday(self, day: date) -> bool:
		"""Whether people with a Monday-to-Friday week work on that day."""
		return day in self.makeup or (day.weekday() < SATURDAY and day not in self.off)


@dataclass(frozen=True)
class Difference:
	"""A day on which the packages differ: True where it is worked."""

	day: date
	holidays: bool
	chinesecalendar: bool


@dataclass(frozen=True)
class Comparison:
	"""What the packages know of a year, where they differ, and which was taken and why."""

	year: int
	country: str
	taken: PublicYear
	reason: str
	known: Mapping[str, bool]
	differences: tuple[Difference, ...] = ()
	notes: tuple[str, ...] = ()


def compare(year: int, country: str, subdivision: str | None = None, take: str | None = None) -> Comparison:
	"""The public calendar of a country's year. `take` is an administrator's choice between the packages.

	frappe.ValidationError for a country or region that is unknown, and for a year that no package knows.
	"""
	country = country.upper()
	years = {HOLIDAYS: _from_holidays(year, country, subdivision)}
	if country == CHINA:
		years[CHINESE_CALENDAR] = _from_chinese_calendar(year)
	known = {package: found is not None for package, found in years.items()}
	if not any(known.values()):
		_refuse_year(year, country)
	if take and not known.get(take):
		frappe.throw(
			_(
				"The package {0} does not know {1} for {2}. Let the choice be made for you, or take another package."
			).format(frappe.bold(take), frappe.bold(year), frappe.bold(country))
		)
	return _choose(year, country, {package: found for package, found in years.items() if found}, known, take)


def countries() -> list[dict[str, str]]:
	"""The countries of `holidays`, by code: value and label."""
	import holidays

	names = {row.code.upper(): row.name for row in _country_rows()}
	codes = holidays.list_supported_countries(include_aliases=False)
	rows = [
		{"value": code, "label": f"{_(names[code])} ({code})" if code in names else code} for code in codes
	]
	return sorted(rows, key=lambda row: (row["value"] not in names, row["label"]))


def subdivisions(country: str) -> list[str]:
	"""The regions of a country that have holidays of their own."""
	import holidays

	return holidays.list_supported_countries(include_aliases=False).get(country.upper(), [])


def _country_rows() -> list:
	return frappe.get_all(
		"Country", fields=["name", "code"], filters={"code": ["is", "set"]}, order_by="name"
	)


def _choose(
	year: int, country: str, years: Mapping[str, PublicYear], known: Mapping[str, bool], take: str | None
) -> Comparison:
	both = len(years) == 2
	differences = _differences(year, years[HOLIDAYS], years[CHINESE_CALENDAR]) if both else ()
	taken = years.get(take or CHINESE_CALENDAR) or years[HOLIDAYS]
	if take:
		reason = _("Taken: {0}, as chosen.").format(taken.package)
	elif both and differences:
		reason = _(
			"The two packages differ on {0} days (below). Taken: chinesecalendar, because it lists the published arrangement day by day; compare these days with the official notice."
		).format(len(differences))
	elif both:
		reason = _(
			"The two packages agree on every day. Taken: chinesecalendar, because it also lists the weekend days within each holiday."
		)
	elif country == CHINA:
		other = CHINESE_CALENDAR if taken.package == HOLIDAYS else HOLIDAYS
		reason = _("Taken: {0}, because {1} does not know this year.").format(taken.package, other)
	else:
		reason = _("Taken: holidays, the only one of the two packages that knows countries other than China.")
	notes = []
	if taken.package == CHINESE_CALENDAR and HOLIDAYS in years:
		taken = replace(taken, stands_in_for=years[HOLIDAYS].stands_in_for)
		notes.append(_("Which day each make-up workday stands in for was taken from the package holidays."))
	if taken.estimated:
		notes.append(
			_(
				"{0} days depend on a sighting of the moon and are estimates; check them nearer the time."
			).format(len(taken.estimated))
		)
	if country == CHINA:
		notes.append(
			_(
				"A make-up workday for New Year's Day may still fall at the end of December; it is published with the arrangement of {0}."
			).format(year + 1)
		)
	return Comparison(year, country, taken, reason, known, differences, tuple(notes))


def _differences(year: int, ours: PublicYear, theirs: PublicYear) -> tuple[Difference, ...]:
	found = []
	day = date(year, 1, 1)
	while day.year == year:
		if ours.is_workday(day) != theirs.is_workday(day):
			found.append(Difference(day, ours.is_workday(day), theirs.is_workday(day)))
		day += timedelta(days=1)
	return tuple(found)


def _from_holidays(year: int, country: str, subdivision: str | None) -> PublicYear | None:
	"""What `holidays` knows of a year, or None: of China only what has been published."""
	import holidays

	supported = holidays.list_supported_countries(include_aliases=False)
	if country not in supported:
		frappe.throw(
			_("{0}: the packages know no country {1}. Choose one from the list.").format(
				frappe.bold(_("Country")), frappe.bold(frappe.utils.escape_html(country))
			)
		)
	if subdivision and subdivision not in supported[country]:
		frappe.throw(
			_("{0}: {1} has no region {2}. Choose one from the list, or leave it blank.").format(
				frappe.bold(_("Region")), country, frappe.bold(frappe.utils.escape_html(subdivision))
			)
		)
	days = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
	if not (getattr(days, "start_year", year) <= year <= getattr(days, "end_year", year)):
		return None
	swaps = {day: _swapped_with(name) for day, name in days.items()}
	stands_in_for = {worked: day for day, worked in swaps.items() if worked and worked.year == year}
	makeup = {day for day in getattr(days, "weekend_workdays", ()) if day.year == year} | set(stands_in_for)
	off = _in_own_language(days, country, subdivision, year)
	if not off or (country == CHINA and not makeup):
		return None
	estimated = tuple(sorted(day for day, name in days.items() if "estimated" in name))
	return PublicYear(
		HOLIDAYS, holidays.__version__, off, dict.fromkeys(sorted(makeup), ""), stands_in_for, estimated
	)


def _swapped_with(name: str) -> date | None:
	"""The day worked instead, from "Day off (substituted from 01/04/2026)"."""
	if match := _SWAP.search(name):
		month, day, year = (int(part) for part in match.groups())
		return date(year, month, day)
	return None


def _in_own_language(days, country: str, subdivision: str | None, year: int) -> dict[date, str]:
	"""The names in the reader's language where the package has them, else in English."""
	import holidays

	wanted = frappe.local.lang or "en"
	language = next(
		(
			code
			for code in days.supported_languages
			if code.replace("_", "-").split("-")[0] == wanted.split("-")[0]
		),
		None,
	)
	if language and language != "en_US":
		days = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language)
	return {day: str(name) for day, name in sorted(days.items()) if day.year == year}


def _from_chinese_calendar(year: int) -> PublicYear | None:
	"""What `chinesecalendar` knows of a year, or None where its data do not reach it."""
	import chinese_calendar

	data = chinese_calendar.constants

	def names(table) -> dict[date, str]:
		chinese = (frappe.local.lang or "").startswith("zh")
		return {
			day: data.Holiday(name).chinese if chinese else name
			for day, name in sorted(table.items())
			if day.year == year
		}

	off = names(data.holidays)
	if not off:
		return None
	return PublicYear(CHINESE_CALENDAR, _version_of("chinesecalendar"), off, names(data.workdays))


def _version_of(package: str) -> str:
	from importlib.metadata import PackageNotFoundError, version

	try:
		return version(package)
	except PackageNotFoundError:
		return ""


def _refuse_year(year: int, country: str) -> None:
	if country == CHINA:
		frappe.throw(
			_(
				"Neither package knows China's arrangement of holidays and make-up workdays for {0}. It is published in November of the year before; update the packages holidays and chinesecalendar after that, or enter the days by hand."
			).format(frappe.bold(year)),
			title=_("Year not known"),
		)
	frappe.throw(
		_(
			"The package holidays knows no public holidays of {0} for {1}. Choose another year, or enter the days by hand."
		).format(frappe.bold(country), frappe.bold(year)),
		title=_("Year not known"),
	)
