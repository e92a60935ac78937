"""What the replay writes for machines: the summary (JSON), the clocks and the rejected rows (CSV)."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO

from ops_delivery.domain import attainment
from ops_delivery.replay.engine import ClockLine, Result
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.log import Log

CLOCK_COLUMNS = [
	"ticket", "commitment", "priority", "started", "target_s", "elapsed_s", "paused_s", "due", "stopped", "state",
]  # fmt: skip
REJECTED_COLUMNS = ["line", "ticket", "reason", "column", "value", "message"]
# A cell that starts with one of these is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def summary(result: Result, seconds: float) -> dict[str, Any]:
	"""The figures of `--json`; `attainment` is met / (met + breached) in 0..1, null if nothing is decided."""
	figures = attainment.by(result.outcomes(), "commitment")
	return {
		"tickets": len(result.log.tickets),
		"rows": result.log.rows,
		"rejected_rows": len(result.log.rejections),
		"commitments": {
			name: {
				"met": figures[name].met if name in figures else 0,
				"breached": figures[name].breached if name in figures else 0,
				"running": figures[name].running if name in figures else 0,
				"attainment": figures[name].attainment if name in figures else None,
			}
			for name in result.measured
		},
		"triggers": result.triggers_by_kind(),
		"seconds": round(seconds, 3),
	}


def write_summary(path: str, figures: dict[str, Any]) -> None:
	"""The summary as JSON, to standard output if `path` is "-"."""
	with _open(path) as out:
		json.dump(figures, out, indent="\t", ensure_ascii=False)
		out.write("\n")


def write_clocks(path: str, result: Result) -> None:
	"""One line for each ticket and commitment; instants in ISO 8601 with the offset of the log's zone."""
	zone = result.log.zone

	def text(instant: datetime | None) -> str:
		return instant.astimezone(zone).isoformat() if instant else ""

	def cells(line: ClockLine) -> list[Any]:
		return [
			safe(line.ticket),
			safe(line.commitment),
			safe(line.priority),
			text(line.started),
			line.target,
			line.elapsed,
			line.paused,
			text(line.due),
			text(line.stopped),
			line.state,
		]

	with _open(path, "utf-8-sig") as out:  # Excel takes a CSV without the mark for the system's own encoding
		writer = csv.writer(out, lineterminator="\n")
		writer.writerow(CLOCK_COLUMNS)
		writer.writerows(map(cells, result.lines))


def write_rejected(path: str, log: Log) -> None:
	"""One line for each row of the log that was not used."""
	words = Words("en")
	with _open(path, "utf-8-sig") as out:  # Excel takes a CSV without the mark for the system's own encoding
		writer = csv.writer(out, lineterminator="\n")
		writer.writerow(REJECTED_COLUMNS)
		for row in log.rejections:
			cells = [
				safe(row.ticket),
				row.code,
				safe(row.column),
				safe(row.value),
				safe(words.rejection(row)),
			]
			writer.writerow([row.line, *cells])


def safe(cell: str) -> str:
	"""`cell` so that a spreadsheet shows it instead of calculating it: an apostrophe goes before a formula's start."""
	return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


@contextmanager
def _open(path: str, encoding: str = "utf-8") -> Iterator[TextIO]:
	if path == "-":
		yield sys.stdout
		return
	try:
		with open(path, "w", encoding=encoding, newline="") as out:
			yield out
	except OSError as error:
		raise InputError(path, f"cannot be written ({error.strerror or error})")
