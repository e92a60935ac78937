"""What the report says: verdict, charts and tables, in the words of one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ops_delivery.domain import attainment
from ops_delivery.domain.attainment import Figures
from ops_delivery.replay import charts, describe
from ops_delivery.replay.choice import Choice
from ops_delivery.replay.clock_lines import ClockLine
from ops_delivery.replay.engine import Result, commitments_of
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.trend import Trend

MISSES = 15
REJECTED = 40


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

	def __init__(
		self, result: Result, language: str, other: Result | None = None, other_name: str = ""
	) -> None:
		self.result, self.words = result, Words(language)
		self.other, self.other_name = other, other_name
		self.log, self.terms, self.zone = result.log, result.terms, result.log.zone
		self.lines = result.lines
		self.places = {name: self.lines.where(name) for name in result.measured}
		self.rows = self._rows()

	def _rows(self) -> list[Row]:
		"""A row for each commitment, and one for each of its priorities from the most urgent down."""
		rows = []
		for commitment, places in self.places.items():
			if places:
				rows.append(self._row(commitment, None, places))
			for priority in reversed(self.terms.priorities):
				if chosen := self.lines.where(commitment, priority):
					rows.append(self._row(commitment, priority, chosen))
		return rows

	def _row(self, commitment: str, priority: str | None, places: Sequence[int]) -> Row:
		stopped, _going = self.lines.used(places)
		p95 = attainment.percentile(stopped, 95)
		return Row(commitment, priority, self.lines.targets(places), self.lines.figures(places), p95)

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
			if self.log.partial(row.commitment):
				sentence += words("bracket", text=words("partial"))
			sentences.append(sentence)
		return sentences or [words("empty_log")]

	def stands_on(self) -> str:
		"""How many rows and tickets stand behind the figures."""
		words, log = self.words, self.log
		used = log.rows - log.rejected_rows
		tickets = len(log.tickets.numbers)
		said = [
			words(
				"stands_on",
				tickets=words.number(tickets),
				used=words.number(used),
				rows=words.number(log.rows),
			)
		]
		if log.lost:
			said.append(words("lost", count=words.number(log.lost)))
		if log.not_chosen:
			said.append(words("not_chosen", count=words.number(log.not_chosen)))
		return words.space.join(said)

	def partial(self) -> list[str]:
		"""Which figures are partial, by how much and why."""
		words = self.words
		said = [
			words("partial_share", commitment=words.name(name), share=words.share(self.log.unused(name)))
			for name in self.result.partial()
		]
		return [*said, words("rejected_kinds", list=words.join(self.kind_counts()))] if said else []

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
				"partial": words("partial") if self.log.partial(row.commitment) else "",
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
		"""The chart over time with its title."""
		return Trend(self.log, self.lines, self.places, self.words).shown()

	def priority_chart(self) -> str:
		"""How many tickets of each priority there were."""
		counts = Counter(self.lines.latest_priorities().values())
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
		for commitment, places in self.places.items():
			shares = [0] * charts.BINS
			for used, target in self.lines.shares(places):
				shares[charts.bin_of(used, target)] += 1
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
		return self.lines.furthest_over(MISSES)

	def number_of(self, line: ClockLine) -> str:
		"""The number of a line's ticket."""
		return self.log.tickets.numbers[line.ticket]

	def has_lengths(self) -> bool:
		"""Whether holds are known by their length alone."""
		return any(getattr(rule, "paused_for", ()) for rule in self.log.mapping.commitments.values())

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

	def context(self) -> dict[str, Any]:
		"""The names the template uses."""
		words, log = self.words, self.log
		until = words.instant(log.until, self.zone) if log.until is not None and log.tickets.numbers else None
		# a day that was asked for ends with the beginning of the next, which it does not cover
		last = until - timedelta(seconds=1) if until and log.as_of else until
		notes = [words.note(key, values) for key, values in log.notes]
		if log.mapping.guessed:
			notes.append(words("guessed", list="; ".join(log.mapping.guessed)))
		first = words.instant(min(log.tickets.created), self.zone).date() if until else None
		return {
			"t": words,
			"report": self,
			"terms": self.terms,
			"log": log,
			"zone": self.zone,
			"describe": describe,
			"span": words("span", start=words.day(first), end=words.day(last.date()))
			if first and last
			else "–",
			"until": words.moment(until, self.zone) if until else "–",
			"commitments": commitments_of(self.terms),
			"misses": self.misses(),
			"moment": lambda instant: words.moment(words.instant(instant, self.zone), self.zone),
			"rejected": log.rejections[:REJECTED],
			"notes": [words.sentence(note) for note in notes],
			"choice": Choice(self.result, self.words, self.other, self.other_name),
			"credit": log.mapping.credit_for(log.header),
			"unknown": sorted(self.result.unknown_priorities.items()),
		}
