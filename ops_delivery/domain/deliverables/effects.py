"""What an intangible result must show: its measure beside the agreement's target, taken from the record that proves it (8.2.d)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MET, NOT_MET, OPEN = "Met", "Not Met", "Open"
AT_LEAST, AT_MOST = "At Least", "At Most"
# what a type of result is about -> the kinds of record that prove it
RUNNING_STATE, RESTORED, RISK_REMOVED = "Running State", "State Restored", "Risk Removed"
SATISFACTION, KNOWLEDGE, PERFORMANCE = "Satisfaction", "Knowledge Passed On", "Performance"
FUNCTIONS, EVALUATION, ADVICE = "Functions", "Evaluation", "Advice"
PROVEN_BY: dict[str, tuple[str, ...]] = {
	RUNNING_STATE: ("Routine Task",),
	RESTORED: ("Issue", "Routine Finding"),
	RISK_REMOVED: ("Routine Finding",),
	SATISFACTION: ("Survey Round", "Service Survey"),
	KNOWLEDGE: ("Knowledge Article", "Help Article"),
	PERFORMANCE: ("Optimization Plan",),
	FUNCTIONS: ("Optimization Plan",),
	EVALUATION: ("Consulting Report",),
	ADVICE: ("Consulting Report",),
}
NO_PROOF, STILL_OPEN, UNEXPLAINED = "no_proof", "still_open", "unexplained"


@dataclass(frozen=True)
class Value:
	"""One value that was to be reached: None where it was not measured yet, or nothing was agreed."""

	measured: float | None
	target: float | None
	direction: str = AT_LEAST

	@property
	def verdict(self) -> str:
		"""Met where nothing was agreed but it is there."""
		if self.measured is None:
			return OPEN
		if self.target is None:
			return MET
		reached = self.measured <= self.target if self.direction == AT_MOST else self.measured >= self.target
		return MET if reached else NOT_MET


def together(verdicts: Iterable[str]) -> str:
	"""What several verdicts say as one: open as long as one is, met if all are; open where there is none."""
	found = set(verdicts)
	if not found or OPEN in found:
		return OPEN
	return NOT_MET if NOT_MET in found else MET


def lacks(verdicts: Iterable[str], explained: bool) -> str | None:
	"""Why an intangible result cannot be published, None if it can: nothing proves it, a proof is not there yet, or it falls short
	of what was agreed and nobody says why and what follows."""
	found = list(verdicts)
	if not found:
		return NO_PROOF
	if OPEN in found:
		return STILL_OPEN
	return UNEXPLAINED if NOT_MET in found and not explained else None
