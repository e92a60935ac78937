"""What the replay writes for machines: the summary (JSON), the clocks and the rejected rows (CSV)."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any, TextIO

from ops_delivery.replay import curve
from ops_delivery.replay.clock_lines import ClockLine
from ops_delivery.replay.engine import Result
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.log import Log

CLOCK_COLUMNS = [
	"ticket", "commitment", "priority", "started", "target_s", "elapsed_s", "paused_s", "due", "stopped", "state",
]  # fmt: skip
REJECTED_COLUMNS = ["line", "ticket", "reason", "column", "value", "commitment", "message"]
QUARTER = 900  # seconds: no zone of today changes its clock within one
# A cell that starts with one of these is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def summary(
	result: Result, seconds: float, other: Result | None = None, other_name: str = ""
) -> dict[str, Any]:
	"""The figures of `--json`; `attainment` is met / (met + breached) in 0..1, null if nothing is decided."""
	log = result.log
	figures = {
		"tickets": len(log.tickets.numbers),
		"rows": log.rows,
		"rejected_rows": log.rejected_rows,
		"rejected_clocks": {name: log.left_out(name) for name in result.measured},
		"lost_tickets": log.lost,
		"tickets_not_chosen": log.not_chosen,
		"reasons": dict(Counter(row.code for row in log.rejections).most_common()),
		"unused": {name: round(log.unused(name), 4) for name in result.measured},
		"partial": result.partial(),
		"until": Moments(log.zone).text(log.until),
		"commitments": commitment_figures(result),
		"triggers": result.triggers_by_kind(),
		"curve": {name: _curve(result, name) for name in result.measured},
	}
	if other:
		figures["what_if"] = {
			"agreement": other_name,
			"commitments": commitment_figures(other),
			"triggers": other.triggers_by_kind(),
		}
	return figures | {"seconds": round(seconds, 3)}


def commitment_figures(result: Result) -> dict[str, dict[str, Any]]:
	"""Met, breached, running and attainment of each commitment."""
	found = {name: result.lines.figures(result.lines.where(name)) for name in result.measured}
	return {
		name: {"met": f.met, "breached": f.breached, "running": f.running, "attainment": f.attainment}
		for name, f in found.items()
	}


def curve_of(result: Result, commitment: str, priority: str | None = None) -> curve.Curve:
	"""The share of a commitment's tickets that each target would have kept."""
	return curve.of(*result.lines.used(result.lines.where(commitment, priority)))


def _curve(result: Result, commitment: str) -> dict[str, Any]:
	def values(priority: str | None) -> dict[str, Any]:
		found = curve_of(result, commitment, priority)
		return {"shares": [None if s is None else round(s, 4) for s in found.shares], "bend_s": found.bend}

	priorities = {name: values(name) for name in reversed(result.terms.priorities)}
	return {
		"targets_s": list(curve.TARGETS),
		**values(None),
		"priorities": {
			name: found for name, found in priorities.items() if any(s is not None for s in found["shares"])
		},
	}


def write_summary(path: str, figures: dict[str, Any]) -> None:
	"""The summary as JSON, to standard output if `path` is "-"."""
	with _open(path) as out:
		json.dump(figures, out, indent="\t", ensure_ascii=False)
		out.write("\n")


def write_clocks(path: str, result: Result) -> None:
	"""One line for each ticket and commitment; instants in ISO 8601 with the offset of the log's zone."""
	numbers, text = result.log.tickets.numbers, Moments(result.log.zone).text

	def cells(line: ClockLine) -> list[Any]:
		return [
			safe(numbers[line.ticket]),
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
	"""One line for each row, or clock of a ticket, that was not used."""
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
				safe(row.commitment),
				safe(words.rejection(row)),
			]
			writer.writerow([row.line, *cells])


def safe(cell: str) -> str:
	"""`cell` so that a spreadsheet shows it instead of calculating it: an apostrophe goes before a formula's start."""
	return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


class Moments:
	"""Instants in ISO 8601 on the clock of a zone; a million of them share their quarters of an hour."""

	def __init__(self, zone: tzinfo) -> None:
		self.zone = zone
		self._quarters: dict[int, tuple[str, int, str]] = {}  # the date, the seconds of it, the offset

	def text(self, instant: int | None) -> str:
		"""An instant, or nothing for None."""
		if instant is None:
			return ""
		quarter, seconds = divmod(instant, QUARTER)
		found = self._quarters.get(quarter)
		if found is None:
			start = datetime.fromtimestamp(instant - seconds, self.zone)
			if (start.minute * 60 + start.second) % QUARTER:  # an offset of odd minutes
				return datetime.fromtimestamp(instant, self.zone).isoformat()
			whole = start.isoformat()
			clock = start.hour * 3600 + start.minute * 60
			found = self._quarters[quarter] = whole[:11], clock, whole[19:]
		day, clock, offset = found
		minutes, second = divmod(clock + seconds, 60)
		return f"{day}{minutes // 60:02}:{minutes % 60:02}:{second:02}{offset}"


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
