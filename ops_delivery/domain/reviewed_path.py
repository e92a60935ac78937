"""The path of a reviewed document: its phases in order, and from which of them its content stays as it is (6.4.b, 6.5.c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Path:
	"""phases: in order, the first one is where every document begins. same_rank: phases that stand for another one.
	off_path: phases that may always be entered and never count as later.
	fixed_from: part -> phase from which its content stays as it was approved; "" is the whole document.
	"""

	phases: tuple[str, ...]
	fixed_from: Mapping[str, str]
	off_path: tuple[str, ...] = ()
	same_rank: Mapping[str, str] = field(default_factory=dict)

	@property
	def parts(self) -> tuple[str, ...]:
		"""What is reviewed by itself; ("",) for a document that is reviewed as a whole."""
		return tuple(self.fixed_from)

	@property
	def all_phases(self) -> tuple[str, ...]:
		"""Every phase: the path, what stands for a phase of it, and what is off it."""
		return (*self.phases, *self.same_rank, *self.off_path)

	def rank(self, phase: str | None) -> int | None:
		"""The place of a phase on the path, 0 for the first (and for no phase yet); None off the path."""
		if not phase:
			return 0
		phase = self.same_rank.get(phase, phase)
		return self.phases.index(phase) if phase in self.phases else None

	def is_fixed(self, part: str, phase: str | None) -> bool:
		"""Whether the content of a part stays as it is in that phase. Off the path it does, too."""
		rank = self.rank(phase)
		return rank is None or rank >= self.phases.index(self.fixed_from.get(part) or self.last_fixed)

	@property
	def last_fixed(self) -> str:
		"""The phase from which the whole document is fixed."""
		return max(self.fixed_from.values(), key=self.phases.index)
