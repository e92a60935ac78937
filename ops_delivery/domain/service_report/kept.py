"""Whether what was promised was kept, with the calculation laid open (5.3.d, 8.2.d, 8.4.b.2).

Shares are in percent. A promise counts once it is decided: kept in time, or missed. What is still open counts for nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops_delivery.domain.assessment import AT_LEAST, Metric
from ops_delivery.domain.attainment import Figures
from ops_delivery.domain.service_report.model import MET, MISSED

ALL = 100.0  # what is promised where no share is agreed: each of them
FEW = 5  # fewer decided ones prove little


@dataclass(frozen=True)
class Kept:
	"""One commitment in a period. `clocks` = `excluded` + `counted`; `counted` = `met` + `missed` + `open`. `share`: met of those
	decided; None while none is. `agreed`: the share agreed, None where versions of the agreement say different ones."""

	clocks: int
	excluded: int
	counted: int
	met: int
	missed: int
	open: int
	share: float | None
	agreed: float | None
	verdict: str | None

	@property
	def too_few(self) -> bool:
		"""Whether so few were decided that the share proves little."""
		return 0 < self.met + self.missed < FEW


def kept(figures: Figures, excluded: int, agreed: float | None, verdict: str | None) -> Kept:
	"""The calculation of a commitment, from its figures."""
	return Kept(
		figures.total + excluded,
		excluded,
		figures.total,
		figures.met,
		figures.breached,
		figures.running,
		percent(figures.attainment),
		agreed,
		verdict,
	)


def agreed_share(metrics: Iterable[Metric], slug: str) -> float:
	"""The share of a commitment that the agreement demands: the target of the metric that is this share and nothing else; else ALL."""
	for metric in metrics:
		if metric.direction == AT_LEAST and metric.value.replace(" ", "") == f"{slug}_attainment":
			return metric.target
	return ALL


def judge(share: float | None, agreed: float) -> str | None:
	"""Met or missed; None where there was nothing to judge."""
	return None if share is None else MET if share >= agreed - 1e-9 else MISSED


def together(verdicts: Sequence[str | None]) -> str | None:
	"""Of several parts: missed where one is, met where all that could be judged are, None where none could."""
	told = [one for one in verdicts if one]
	return None if not told else MISSED if MISSED in told else MET


def percent(share: float | None) -> float | None:
	"""A share of 0 to 1 in percent; None stays None."""
	return None if share is None else 100 * share
