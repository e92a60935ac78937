"""How quickly people of the demo act on a request: by what it is promised, mostly in time, now and then late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import frappe

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import priority_matrix as matrices
from ops_delivery.services.rules import rule_versions as versions


@dataclass(frozen=True)
class Plot:
	"""What is reported, by which customer, and when."""

	customer: dict[str, Any]
	scene: dict[str, Any]
	when: datetime


class Pace:
	"""When somebody does something about the request `name` of a plot."""

	stage: Any
	company: Any
	chance: Any
	plot: Plot
	scene: dict[str, Any]
	customer: dict[str, Any]
	name: str

	def _share(self, kept: float, low: float, likely: float) -> float:
		"""How much of a target is used up: mostly well below it, now and then beyond."""
		if self.chance.random() < kept:
			return self.chance.triangular(low, 0.97, likely)
		return self.chance.triangular(1.02, 1.7, 1.15)

	def _later(self, commitment: str, share: float) -> datetime:
		"""When that share of a target is used up, counted from the report; never before now."""
		moment = self._calendar.add(self.plot.when, max(60, int(share * self._target(commitment))))
		return max(moment, self.stage.now + timedelta(seconds=30))

	def _after(self, working_seconds: float) -> datetime:
		return self._calendar.add(self.stage.now, int(working_seconds))

	def _target(self, commitment: str) -> int:
		priority = frappe.db.get_value("Issue", self.name, "priority") or self._expected_priority
		return self._terms.target_for(commitment, priority)[0]

	@cached_property
	def _expected_priority(self) -> str:
		"""What the desk's judgement will come to: an experienced desk hurries before it has judged."""
		importance = self.customer["objects"][self.scene["object"]][1]
		return matrices.load(self._terms.matrix).priority_for(self.scene["urgency"], importance)

	@cached_property
	def _terms(self):
		return agreements.terms(self.company.agreements[self.customer["name"]])

	@cached_property
	def _calendar(self):
		return calendars.compiled(versions.current("Service Calendar", self._terms.calendar))
