"""The terms of an agreement and the rules of a mapping in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.amounts.promised import Promise
from ops_delivery.domain.calendar import WEEKDAYS, WorkCalendar
from ops_delivery.domain.escalation import Basis, Moment, Step
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.mapping import ColumnRule, StateRule


def week_of(calendar: WorkCalendar, words: Words) -> str:
	"""The weekly hours, days with the same hours together: "Mon–Fri 09:00–18:00; Sat 09:00–12:00"."""
	hours = [", ".join("–".join(window.format()) for window in windows) for windows in calendar.week]
	parts: list[str] = []
	first = 0
	for day in range(1, 8):
		if day < 7 and hours[day] == hours[first]:
			continue
		if hours[first]:
			names = [words.weekday(WEEKDAYS[d]) for d in (first, day - 1)]
			parts.append(f"{names[0] if day - 1 == first else '–'.join(names)} {hours[first]}")
		first = day
	return words.semicolon.join(parts)


def calendar_of(calendar: WorkCalendar, words: Words) -> str:
	"""A calendar in one line: weekly hours, zone, and how many dates differ."""
	parts = [words("calendar_line", week=week_of(calendar, words), zone=calendar.zone)]
	if calendar.exceptions:
		parts.append(words("calendar_exceptions", days=len(calendar.exceptions)))
	return words.semicolon.join(parts)


def moment_of(step: Step, words: Words) -> str:
	"""When a step of the escalation policy falls due."""
	if step.moment is Moment.AT:
		return words("at_deadline")
	side = "before" if step.moment is Moment.BEFORE else "after"
	if step.basis is Basis.SHARE:
		return words(f"share_{side}", amount=f"{step.amount:g}")
	basis = "working" if step.basis is Basis.WORKING else "wall"
	return words(f"{basis}_{side}", duration=words.duration(step.amount * 60))


def scope_of(step: Step, terms: Terms, words: Words) -> str:
	"""The commitments and priorities a step is for."""
	order = [target.commitment for target in terms.targets]
	commitments = sorted(
		step.commitments, key=lambda name: order.index(name) if name in order else len(order)
	)
	priorities = [name for name in reversed(terms.priorities) if name in step.priorities]
	parts = [words.join(map(words.name, names)) for names in (commitments, priorities) if names]
	return words.semicolon.join(parts) or words("everything")


def repeats_of(step: Step, words: Words) -> str:
	"""How often a step repeats while nobody acknowledges it."""
	if not step.repeat_minutes:
		return "–"
	return words("repeat", duration=words.duration(step.repeat_minutes * 60), times=step.max_repeats)


def rule_of(rule: StateRule | ColumnRule, words: Words) -> tuple[str, str, str]:
	"""What meets, what pauses and whether anything reopens a commitment, by the mapping."""

	def listed(names: Sequence[str]) -> str:
		return words.join(names) or "–"

	if isinstance(rule, ColumnRule):
		pauses = [f"{maps.label(start)} – {maps.label(end)}" for start, end in rule.paused_between]
		return listed(list(map(maps.label, rule.met_at))), listed([*pauses, *rule.paused_for]), words("no")
	by_effect = {
		effect: [state for state, does in rule.effect.items() if does == effect]
		for effect in (maps.MET, maps.PAUSE)
	}
	return listed(by_effect[maps.MET]), listed(by_effect[maps.PAUSE]), words("yes" if rule.reopens else "no")


def amount_of(promise: Promise, words: Words) -> str:
	"""How much of something is promised, and what becomes of the rest."""
	if promise.unlimited:
		return words("amount_unlimited")
	parts = [words(f"amount_{promise.per}", amount=f"{promise.quantity:f}", unit=promise.unit)]
	if promise.carry_periods:
		parts.append(words("amount_carried", periods=promise.carry_periods))
	return words.semicolon.join(parts)
