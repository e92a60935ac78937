"""Word templates of one's own, filled in by a process beside this one (word_worker.py): the one place that knows how."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ops_delivery.printing import helpers

SECONDS = 20  # what is taken by a loop without end is ended with its process
WORKER = Path(__file__).with_name("word_worker.py")


class NotFilled(Exception):
	"""A template that could not be filled in: `code` is endless, template, broken or missing; `said` what the library said."""

	def __init__(self, code: str, said: str = ""):
		super().__init__(code, said)
		self.code, self.said = code, said


def fill(template: bytes, values: dict[str, Any], mark: str = "", seconds: int = SECONDS) -> bytes:
	"""The document (DOCX) of a template and plain values. `mark`: what stands at the head of each page, "" for nothing. NotFilled."""
	asked = json.dumps({"values": values, "mark": mark, "cpu": seconds}).encode() + b"\n"
	environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
	try:
		code, out, complaint = helpers.run([sys.executable, str(WORKER)], asked + template, seconds + 5, environment)
	except helpers.TooSlow:
		raise NotFilled("endless") from None
	except OSError as error:
		raise NotFilled("missing", str(error)) from None
	kind, _line, rest = out.partition(b"\n")
	if kind == b"OK":
		return rest
	if kind == b"NO":
		raise NotFilled(**json.loads(rest))
	if code < 0:  # by its own bounds
		raise NotFilled("endless")
	raise NotFilled("missing", complaint.decode(errors="replace")[-300:])
