"""The sample that comes with the command: an invented log in both shapes, and an agreement for it."""

from __future__ import annotations

import shlex
from importlib import resources
from pathlib import Path

from ops_delivery.replay.errors import InputError

AGREEMENT, UPDATES, TICKETS = "sample-agreement.json", "sample-updates.csv", "sample-tickets.csv"
FILES = (AGREEMENT, UPDATES, TICKETS)


def copy_to(folder: str) -> list[str]:
	"""Writes the sample's files into `folder`, which is made if need be; the paths. Nothing is overwritten."""
	target = Path(folder)
	for name in FILES:
		if (target / name).exists():
			raise InputError(str(target / name), "is already there and is not overwritten")
	try:
		target.mkdir(parents=True, exist_ok=True)
		for name in FILES:
			source = resources.files("ops_delivery.replay") / "samples" / name
			(target / name).write_bytes(source.read_bytes())
	except OSError as error:
		raise InputError(folder, f"cannot be written ({error.strerror or error})")
	return [str(target / name) for name in FILES]


def example(folder: str) -> str:
	"""The arguments that replay the sample."""
	log, agreement, report = (
		shlex.quote(str(Path(folder) / name)) for name in (UPDATES, AGREEMENT, "report.html")
	)
	return f"replay {log} --agreement {agreement} --report {report} --language zh"
