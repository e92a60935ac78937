"""A progress bar on standard error, where someone is looking."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from types import TracebackType
from typing import Any


class Progress:
	"""A bar for one stage of the work; silent unless standard error is a terminal."""

	def __init__(self, label: str, unit: str) -> None:
		self.label, self.unit = label, unit
		self.bar: Any = None

	def __enter__(self) -> Progress:
		if sys.stderr is not None and sys.stderr.isatty():
			from tqdm import tqdm

			size = get_terminal_size()  # never 0, which some terminals say and tqdm takes for no room
			self.bar = tqdm(
				desc=self.label,
				unit=self.unit,
				unit_scale=self.unit == "B",
				leave=False,
				file=sys.stderr,
				total=0,
				ncols=min(100, size.columns),
				nrows=size.lines,
			)
		return self

	def to(self, done: int, total: int) -> None:
		"""`done` of `total` so far."""
		if self.bar is not None:
			self.bar.total = total
			self.bar.update(done - self.bar.n)

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		if self.bar is not None:
			self.bar.close()
