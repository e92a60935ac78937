"""What helps to choose a target: two agreements side by side, and the share kept as a curve."""

from __future__ import annotations

from collections.abc import Iterator

from ops_delivery.replay import charts, curve, outputs
from ops_delivery.replay.engine import Result
from ops_delivery.replay.i18n import Words


class Choice:
	"""The part of the report about other targets than those agreed."""

	def __init__(self, result: Result, words: Words, other: Result | None, other_name: str) -> None:
		self.result, self.words, self.other, self.other_name = result, words, other, other_name
		self.curves = {name: outputs.curve_of(result, name) for name in result.measured}

	def names(self) -> list[str]:
		"""The two agreements."""
		return [self.result.terms.agreement, self.other_name]

	def what_if_note(self) -> str:
		"""What is compared."""
		return self.words("what_if_note", agreement=self.result.terms.agreement, other=self.other_name)

	def rows(self) -> Iterator[tuple[str, list[str]]]:
		"""Share kept and tickets missed under each agreement."""
		for name, one, two in self._pairs():
			cells = []
			for f in (one, two):
				decided = f["met"] + f["breached"]
				cells += [self.words.percent(f["met"], decided), self.words.number(f["breached"])]
			yield self.words.name(name), cells

	def cost(self) -> list[str]:
		"""What the other agreement would have cost, or gained, in sentences."""
		words, said = self.words, []
		for name, one, two in self._pairs():
			more = two["breached"] - one["breached"]
			key = "what_if_cost" if more > 0 else "what_if_gain" if more < 0 else "what_if_same"
			before, after = (words.percent(f["met"], f["met"] + f["breached"]) for f in (one, two))
			said.append(
				words(
					key,
					commitment=words.name(name),
					before=before,
					after=after,
					more=words.number(more),
					fewer=words.number(-more),
				)
			)
		counts = [sum(result.triggers_by_kind().values()) for result in (self.result, self.other) if result]
		if any(counts):
			said.append(
				words("what_if_notices", before=words.number(counts[0]), after=words.number(counts[1]))
			)
		return said

	def chart(self) -> str:
		"""The curves of all commitments, if anything is decided."""
		shown = {
			name: found.shares
			for name, found in self.curves.items()
			if any(s is not None for s in found.shares)
		}
		return charts.curve_chart(curve.TARGETS, shown, self.words) if shown else ""

	def bends(self) -> list[str]:
		"""Where each curve bends."""
		words, said = self.words, []
		for name, found in self.curves.items():
			if found.bend:
				percent = words.share(found.share_at(found.bend) or 0)
				target = words.duration(found.bend)
				said.append(words("curve_bend", commitment=words.name(name), target=target, percent=percent))
			elif any(share is not None for share in found.shares):
				said.append(words("curve_straight", commitment=words.name(name)))
		return said

	def _pairs(self) -> Iterator[tuple[str, dict, dict]]:
		assert self.other
		before, after = outputs.commitment_figures(self.result), outputs.commitment_figures(self.other)
		for name in before:
			if name in after:
				yield name, before[name], after[name]
