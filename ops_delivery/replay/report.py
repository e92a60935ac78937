"""What the report says: verdict, charts and tables, in the words of one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ops_delivery.domain import attainment
from ops_delivery.domain.attainment import Figures, Outcome
from ops_delivery.replay import charts, describe
from ops_delivery.replay.engine import ClockLine, Result, commitments_of
from ops_delivery.replay.i18n import Words

MISSES = 15
REJECTED = 40
WEEKLY_BELOW_DAYS = 62  # a log shorter than this is shown week by week


@dataclass(frozen=True)
class Row:
	"""The figures of one commitment, at one priority or (None) at all of them."""

	commitment: str
	priority: str | None
	targets: frozenset[int]
	figures: Figures
	p95: int | None


class Report:
	"""Everything the template shows, in the words of one language."""

	def __init__(self, result: Result, language: str) -> None:
		self.result, self.words = result, Words(language)
		self.log, self.terms, self.zone = result.log, result.terms, result.log.zone
		self.outcomes = result.outcomes()
		self.rows = self._rows()

	def _rows(self) -> list[Row]:
		"""A row for each commitment, and one for each of its priorities from the most urgent down."""
		rows = []
		for commitment in self.result.measured:
			mine = [outcome for outcome in self.outcomes if outcome.commitment == commitment]
			if mine:
				rows.append(_row(commitment, None, mine))
			for priority in reversed(self.terms.priorities):
				if chosen := [outcome for outcome in mine if outcome.priority == priority]:
					rows.append(_row(commitment, priority, chosen))
		return rows

	# Verdict

	def verdict(self) -> list[str]:
		"""What it comes to, in sentences."""
		words = self.words
		sentences = []
		for row in self.rows:
			if row.priority is not None:
				continue
			f, name = row.figures, words.name(row.commitment)
			decided = f.met + f.breached
			if not decided:
				sentences.append(words("undecided", commitment=name, total=words.number(f.total)))
				continue
			missed = "missed_none" if not f.breached else "missed_one" if f.breached == 1 else "missed_some"
			sentence = words(
				"kept",
				commitment=name,
				percent=words.percent(f.met, decided),
				total=words.number(decided),
				missed=words(missed, missed=words.number(f.breached)),
			)
			if f.running:
				sentence += words.space + words("still_running", running=words.number(f.running))
			sentences.append(sentence)
		return sentences or [words("empty_log")]

	def remarks(self) -> list[str]:
		"""What else matters most."""
		words, remarks = self.words, []
		weak = [row for row in self.rows if row.priority and row.figures.breached]
		if weak:
			row = min(weak, key=lambda row: (row.figures.attainment, -row.figures.breached))
			decided = row.figures.met + row.figures.breached
			remarks.append(
				words(
					"hardest",
					commitment=words.name(row.commitment),
					priority=words.name(row.priority),
					percent=words.percent(row.figures.met, decided),
					total=words.number(decided),
					target=self.target_text(row),
				)
			)
		fired = [(kind, count) for kind, count in self.result.triggers_by_kind().items() if count]
		if not self.terms.steps:
			remarks.append(words("no_escalations"))
		elif fired:
			listed = words.join(f"{words.name(kind)} {words.number(count)}" for kind, count in fired)
			remarks.append(words("escalations", total=words.number(sum(n for _, n in fired)), list=listed))
		if missing := self.result.unmeasured():
			remarks.append(words("not_measured", list=words.join(map(words.name, missing))))
		return remarks

	def cards(self) -> list[dict[str, str]]:
		"""One big figure for each commitment."""
		words = self.words
		return [
			{
				"name": words.name(row.commitment),
				"percent": words.percent(row.figures.met, row.figures.met + row.figures.breached),
				"counts": words(
					"card", met=words.number(row.figures.met), missed=words.number(row.figures.breached)
				)
				+ (
					words("card_open", running=words.number(row.figures.running))
					if row.figures.running
					else ""
				),
			}
			for row in self.rows
			if row.priority is None
		]

	# Charts

	def attainment_chart(self) -> str:
		"""Kept and missed, by commitment and priority."""
		words = self.words
		bars = [
			charts.Bar(
				words.name(row.commitment) if row.priority is None else words.name(row.priority),
				row.figures,
				head=row.priority is None,
			)
			for row in self.rows
		]
		return charts.attainment_chart(bars, words)

	def trend(self) -> dict[str, str]:
		"""The chart over time with its title; by week where the tickets were opened within a few months."""
		opened = {ticket.number: self._local(ticket.created) for ticket in self.log.tickets.values()}
		first, last = min(opened.values()), max(opened.values())
		weekly = (last - first).days < WEEKLY_BELOW_DAYS
		period = _week if weekly else _month
		periods = _periods(first, last, period)
		counts = Counter(map(period, opened.values()))
		lines: dict[str, Sequence[Figures | None]] = {}
		for commitment in self.result.measured:
			mine = [outcome for outcome in self.outcomes if outcome.commitment == commitment]
			groups = attainment.by(mine, lambda o: period(o.started.astimezone(self.zone).date()).isoformat())
			lines[commitment] = [groups.get(day.isoformat()) for day in periods]
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

	def priority_chart(self) -> str:
		"""How many tickets of each priority there were."""
		latest = {line.ticket: line.priority for line in self.result.lines}
		counts = Counter(latest.values())
		rows = [(self.words.name(name), counts[name]) for name in reversed(self.terms.priorities)]
		return charts.count_chart(rows, self.words("priority_title"), charts.MET, self.words)

	def trigger_chart(self) -> str:
		"""How many notices of each kind would have gone out."""
		rows = [(self.words.name(kind), count) for kind, count in self.result.triggers_by_kind().items()]
		return charts.count_chart(
			rows, self.words("trigger_title"), charts.LINES[1][0], self.words, shares=False
		)

	def histograms(self) -> list[str]:
		"""Time used against the target, a chart for each commitment."""
		found = []
		for commitment in self.result.measured:
			shares = [0] * charts.BINS
			for outcome in self.outcomes:
				if outcome.commitment == commitment and outcome.status != attainment.RUNNING:
					shares[charts.bin_of(outcome.elapsed, outcome.target)] += 1
			if any(shares):
				found.append(charts.histogram(self.words.name(commitment), shares, self.words))
		return found

	# Tables

	def target_text(self, row: Row) -> str:
		"""The target of a row, if it is one."""
		return (
			self.words.duration(next(iter(row.targets))) if len(row.targets) == 1 else self.words("several")
		)

	def misses(self) -> list[ClockLine]:
		"""The clocks that went furthest over their target."""
		missed = [line for line in self.result.lines if line.elapsed > line.target]
		return sorted(missed, key=lambda line: (line.target - line.elapsed, line.ticket, line.commitment))[
			:MISSES
		]

	def promises(self) -> list[tuple[str, list[str]]]:
		"""The targets as a table: a row a priority, a column a commitment, a calendar named where it is not the default."""
		rows = []
		for priority in reversed(self.terms.priorities):
			cells = []
			for commitment in commitments_of(self.terms):
				target = self.terms.target_for(commitment, priority)
				other = target and target.calendar not in (None, self.terms.calendar)
				suffix = f" ({target.calendar})" if other else ""
				cells.append(self.words.duration(target.seconds) + suffix if target else "–")
			rows.append((self.words.name(priority), cells))
		return rows

	def kind_counts(self) -> list[str]:
		"""How many rows were refused for each reason, the most frequent first."""
		kinds = Counter(row.code for row in self.log.rejections)
		words = self.words
		return [
			words("rejected_kind", reason=words(f"kind_{code}"), count=words.number(n))
			for code, n in kinds.most_common()
		]

	def _local(self, instant: int) -> date:
		return self.words.instant(instant, self.zone).date()

	def context(self) -> dict[str, Any]:
		"""The names the template uses."""
		words, log = self.words, self.log
		spans = [self._local(ticket.created) for ticket in log.tickets.values()]
		until = words.instant(log.until, self.zone) if log.until is not None else None
		return {
			"t": words,
			"report": self,
			"terms": self.terms,
			"log": log,
			"zone": self.zone,
			"describe": describe,
			"span": words("span", start=words.day(min(spans)), end=words.day(until.date())) if until else "–",
			"until": words.moment(until, self.zone) if until else "–",
			"commitments": commitments_of(self.terms),
			"misses": self.misses(),
			"rejected": log.rejections[:REJECTED],
			"credit": log.mapping.credit_for(log.header),
			"unknown": sorted(self.result.unknown_priorities.items()),
		}


def _row(commitment: str, priority: str | None, outcomes: Iterable[Outcome]) -> Row:
	outcomes = list(outcomes)
	return Row(
		commitment,
		priority,
		frozenset(outcome.target for outcome in outcomes),
		attainment.summarize(outcomes),
		attainment.percentile([outcome.elapsed for outcome in outcomes if outcome.stopped], 95),
	)


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
