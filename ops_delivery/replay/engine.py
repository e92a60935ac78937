"""Runs a log through the domain: every ticket's clocks, and the triggers they would have set off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ops_delivery.domain import escalation
from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.replay.clock_lines import ClockLines
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.follower import Follower
from ops_delivery.replay.log import Log
from ops_delivery.replay.table import Progress

PROGRESS_EVERY = 500


@dataclass
class Result:
	"""What the replay found."""

	log: Log
	terms: Terms
	measured: list[str]
	lines: ClockLines
	triggers: Counter[tuple[str, str]] = field(
		default_factory=Counter
	)  # (commitment, kind of step) -> how many
	unknown_priorities: Counter[str] = field(default_factory=Counter)  # as the log writes it -> tickets

	def unmeasured(self) -> list[str]:
		"""The agreement's commitments that the mapping cannot see in the log."""
		return [name for name in commitments_of(self.terms) if name not in self.measured]

	def partial(self) -> list[str]:
		"""The commitments of which too much of the log is missing."""
		return [name for name in self.measured if self.log.partial(name)]

	def triggers_by_kind(self) -> dict[str, int]:
		"""How many triggers of each kind of step would have fired; every kind is named."""
		counts = {kind.value: 0 for kind in escalation.StepKind}
		for (_commitment, kind), count in self.triggers.items():
			counts[kind] += count
		return counts


def commitments_of(terms: Terms) -> list[str]:
	"""The commitments the agreement has targets for, in its order."""
	return list(dict.fromkeys(target.commitment for target in terms.targets))


def run(log: Log, terms: Terms, progress: Progress | None = None) -> Result:
	"""Replays every ticket of `log` under `terms`; InputError if they have nothing in common."""
	promised = set(commitments_of(terms))
	measured = [name for name in log.mapping.commitments if name in promised]
	if not measured:
		raise InputError(
			log.mapping.source,
			f"commitments: none of {', '.join(map(quote, log.mapping.commitments))} has a target in the agreement "
			f"({', '.join(map(quote, commitments_of(terms)))})",
		)
	result = Result(log, terms, measured, ClockLines(measured, terms.priorities))
	if not log.tickets.numbers:
		return result
	names = _priority_names(log, terms, result.unknown_priorities)
	followers = [Follower(log, terms, result.lines, result.triggers, name, names) for name in measured]
	total = len(log.tickets.numbers)
	for ticket in log.tickets:
		for follower in followers:
			follower.follow(ticket)
		if progress and not ticket.index % PROGRESS_EVERY:
			progress(ticket.index, total)
	return result


def _priority_names(log: Log, terms: Terms, unknown: Counter[str]) -> dict[str, str]:
	"""The agreement's name of every priority in the log: its own name if the log uses it, else the mapping's.

	A priority that neither knows is the agreement's default one and counted in `unknown`; InputError if the mapping
	leads to a priority that the agreement does not have.
	"""
	names = {"": terms.default_priority}
	for value, tickets in log.tickets.priorities().items():
		if value in terms.priorities:
			names[value] = value
		elif value in log.mapping.priorities:
			names[value] = log.mapping.priorities[value]
			if names[value] not in terms.priorities:
				raise InputError(
					log.mapping.source,
					f"priorities.{value}: {quote(names[value])} is not a priority of the agreement "
					f"({', '.join(terms.priorities)})",
				)
		elif value:
			names[value] = terms.default_priority
			unknown[value] = tickets
	return names
