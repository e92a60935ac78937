"""Seeds of routine operation as data: the kinds of work to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

KINDS = {
	"Inspection Round": "Looked at on the spot or from afar, step by step, and judged",
	"State Monitoring": "Values read off at fixed times",
	"Data Backup": "Data and configurations saved, and their restoring tried",
	"Emergency Test": "A fallback, a switch-over or a drill tried out",
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield "Routine Kind", {kind: {"kind_name": kind, "description": text} for kind, text in KINDS.items()}
