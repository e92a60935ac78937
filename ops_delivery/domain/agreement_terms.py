"""The terms of one version of a service agreement (clauses 6.3.b, 6.3.c).

Terms hold what its clocks need: calendars, targets by commitment and priority, and the escalation policy. They travel
as an agreement file, which is what the desk's agreement form exports; docs/agreement-file.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from ops_delivery.domain import agreement_file, promises
from ops_delivery.domain.agreement_file import FORMAT
from ops_delivery.domain.amounts.promised import Promise
from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.durations import format_duration, parse_duration
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.escalation import Step, validate_steps
from ops_delivery.domain.promises import Promises
from ops_delivery.domain.strict_json import within, wrong

__all__ = ["COMMITMENTS", "FORMAT", "Period", "Target", "Terms", "format_duration", "parse_duration"]

FIRST_RESPONSE = "First Response"
RESTORE = "Restore"
RESOLUTION = "Resolution"
COMMITMENTS = (
	FIRST_RESPONSE,
	"On-site Arrival",
	RESTORE,
	RESOLUTION,
)  # the shipped ones; a site may have others


class Period(NamedTuple):
	"""The days on which an agreement is valid, both included."""

	start: date
	end: date


@dataclass(frozen=True)
class Target:
	"""One promise: `seconds` of working time (> 0), by its own calendar or, if None, by the agreement's."""

	commitment: str
	priority: str
	seconds: int
	calendar: str | None = None


@dataclass(frozen=True)
class Terms:
	"""One version of an agreement's terms.

	`calendar` is the key of the default one of `calendars`; `priorities` run from low to high. However they are made,
	terms are checked. DomainError, with `field` and (where there is one) `value`: period_reversed, unknown_calendar,
	unknown_priority, duplicate_priority, no_targets, bad_duration, duplicate_target, response_longer_than_resolution,
	restore_longer_than_resolution,
	and those of validate_steps().
	"""

	agreement: str
	version: int
	title: str
	customer: str
	period: Period
	calendars: dict[str, WorkCalendar]
	calendar: str
	targets: tuple[Target, ...]
	default_priority: str
	priorities: tuple[str, ...]
	steps: tuple[Step, ...] = ()
	policy: str = ""
	policy_version: int = 1
	amounts: tuple[Promise, ...] = ()

	def __post_init__(self) -> None:
		for name in ("targets", "priorities", "steps", "amounts"):
			object.__setattr__(self, name, tuple(getattr(self, name)))
		object.__setattr__(self, "period", Period(*self.period))
		self._check()

	def target_for(self, commitment: str, priority: str) -> Target | None:
		"""The promise for a commitment at a priority; None where nothing is promised."""
		promise = (commitment, priority)
		return next((t for t in self.targets if (t.commitment, t.priority) == promise), None)

	@cached_property
	def promises(self) -> Promises:
		"""The targets as promises, each with the key of its calendar."""
		rows = ((t.commitment, t.priority, t.seconds, t.calendar) for t in self.targets)
		return promises.table(rows, self.calendar)

	def calendar_for(self, target: Target) -> WorkCalendar:
		"""The calendar a target is counted by."""
		return self.calendars[target.calendar or self.calendar]

	def to_dict(self) -> dict[str, Any]:
		"""The terms as the plain JSON values of an agreement file; from_dict() makes equal terms of it."""
		return agreement_file.dump(self)

	@classmethod
	def from_dict(cls, data: Mapping[str, Any]) -> Terms:
		"""Terms from the values of an agreement file.

		DomainError as above and as WorkCalendar.from_dict(), with the path from the file's top as `field`;
		"bad_agreement" for a missing or unknown key and for a value of the wrong kind, "bad_duration" and "bad_step".
		"""
		fields = agreement_file.load(data)
		return cls(**{**fields, "targets": [Target(*target) for target in fields["targets"]]})

	@classmethod
	def from_json(cls, text: str | bytes) -> Terms:
		"""Terms from the text of an agreement file. DomainError as from_dict(), "bad_agreement" for bad JSON."""
		try:
			data = json.loads(text)
		except ValueError as error:
			raise DomainError(
				"bad_agreement", "The file is not JSON: {value}.", field="", value=str(error)
			) from None
		return cls.from_dict(data)

	def _check(self) -> None:
		if self.period.end < self.period.start:
			raise wrong("period_reversed", "period.end", self.period.end.isoformat(), "lies before the start")
		if self.calendar not in self.calendars:
			raise wrong("unknown_calendar", "calendar", self.calendar, "is not among the calendars")
		for i, priority in enumerate(self.priorities):
			if priority in self.priorities[:i]:
				raise wrong("duplicate_priority", f"priorities[{i}]", priority, "is there twice")
		if self.default_priority not in self.priorities:
			raise wrong(
				"unknown_priority", "default_priority", self.default_priority, "is not among the priorities"
			)
		if not self.targets:
			raise DomainError(
				"no_targets", "{field}: the agreement promises nothing.", field="targets", value=[]
			)
		for i, target in enumerate(self.targets):
			self._check_target(target, f"targets[{i}]", self.targets[:i])
		for i, target in enumerate(self.targets):
			resolution = self.target_for(RESOLUTION, target.priority)
			if target.commitment == FIRST_RESPONSE and resolution and target.seconds > resolution.seconds:
				raise wrong(
					"response_longer_than_resolution",
					f"targets[{i}].target",
					format_duration(target.seconds),
					f"is longer than the resolution target {format_duration(resolution.seconds)}",
				)
			if target.commitment == RESTORE and resolution and self._is_longer(target, resolution):
				raise wrong(
					"restore_longer_than_resolution",
					f"targets[{i}].target",
					format_duration(target.seconds),
					f"is longer than the resolution target {format_duration(resolution.seconds)}",
				)
		within("escalation", validate_steps, self.steps)

	def _is_longer(self, target: Target, other: Target) -> bool:
		"""Seconds of different calendars cannot be compared."""
		same = (target.calendar or self.calendar) == (other.calendar or self.calendar)
		return same and target.seconds > other.seconds

	def _check_target(self, target: Target, field: str, earlier: tuple[Target, ...]) -> None:
		if target.priority not in self.priorities:
			raise wrong(
				"unknown_priority", f"{field}.priority", target.priority, "is not among the priorities"
			)
		if target.calendar is not None and target.calendar not in self.calendars:
			raise wrong(
				"unknown_calendar", f"{field}.calendar", target.calendar, "is not among the calendars"
			)
		if target.seconds <= 0:
			raise wrong("bad_duration", f"{field}.target", target.seconds, "is no time to keep a promise in")
		promise = (target.commitment, target.priority)
		if promise in [(t.commitment, t.priority) for t in earlier]:
			raise wrong("duplicate_target", field, " / ".join(promise), "is promised twice")
