"""Attainment over time: the report's chart by month, or by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from ops_delivery.domain.attainment import Figures
from ops_delivery.replay import charts
from ops_delivery.replay.clock_lines import ClockLines
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.log import Log

WEEKLY_BELOW_DAYS = 62  # a log shorter than this is shown week by week
QUARTER = 900  # seconds; of a quarter of an hour the date is one and the same in every zone


class Trend:
	"""The tickets of a log by when they were opened, and what came of their clocks."""

	def __init__(
		self, log: Log, lines: ClockLines, places: Mapping[str, Sequence[int]], words: Words
	) -> None:
		self.created, self.zone = log.tickets.created, log.zone
		self.lines, self.places, self.words = lines, places, words
		self._days: dict[int, date] = {}

	def shown(self) -> dict[str, str]:
		"""The chart with its title and note; by week where the tickets were opened within a few months."""
		opened = Counter(self._day(created) for created in self.created)
		first, last = min(opened), max(opened)
		weekly = (last - first).days < WEEKLY_BELOW_DAYS
		period = _week if weekly else _month
		periods = _periods(first, last, period)
		counts: Counter[date] = Counter()
		for day, tickets in opened.items():
			counts[period(day)] += tickets
		lines: dict[str, Sequence[Figures | None]] = {}
		for commitment, places in self.places.items():
			groups: dict[date, list[int]] = {}
			for place in places:
				groups.setdefault(period(self._day(self.lines.started(place))), []).append(place)
			lines[commitment] = [
				self.lines.figures(groups[day]) if day in groups else None for day in periods
			]
		label = self.words.week if weekly else self.words.month
		kind = "week" if weekly else "month"
		chart = charts.trend_chart(
			[label(day) for day in periods], lines, [counts[day] for day in periods], self.words
		)
		return {
			"title": self.words(f"trend_{kind}"),
			"note": self.words(f"trend_note_{kind}"),
			"chart": chart,
		}

	def _day(self, instant: int) -> date:
		"""The local date of an instant."""
		quarter = instant // QUARTER
		if quarter not in self._days:
			self._days[quarter] = self.words.instant(quarter * QUARTER, self.zone).date()
		return self._days[quarter]


def _week(day: date) -> date:
	return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
	return day.replace(day=1)


def _periods(first: date, last: date, period: Callable[[date], date]) -> list[date]:
	"""Every period from that of `first` to that of `last`, none left out."""
	found = [period(first)]
	day = first
	while day < last:
		day += timedelta(days=1)
		if period(day) != found[-1]:
			found.append(period(day))
	return found
