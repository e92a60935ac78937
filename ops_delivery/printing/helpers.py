"""Programs beside this process: in a group of their own, ended whole when their time is up."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence


class TooSlow(Exception):
	"""A program was not done in its time; it and what it started are gone."""


def run(command: Sequence[str], given: bytes = b"", seconds: float = 20, environment: Mapping[str, str] | None = None) -> tuple[int, bytes, bytes]:
	"""(exit code, what it wrote, what it complained of). TooSlow; OSError where it cannot be started."""
	process = subprocess.Popen(
		list(command),
		stdin=subprocess.PIPE,
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		env=None if environment is None else dict(environment),
		start_new_session=True,
	)
	try:
		out, complaint = process.communicate(given, timeout=seconds)
	except subprocess.TimeoutExpired:
		raise TooSlow from None
	finally:
		end(process)
	return process.returncode, out, complaint


def end(process: subprocess.Popen) -> None:
	"""The whole group, also where its first process is gone."""
	try:
		os.killpg(process.pid, signal.SIGKILL)
	except (ProcessLookupError, PermissionError):
		pass
	for pipe in (process.stdin, process.stdout, process.stderr):
		if pipe and not pipe.closed:
			pipe.close()
	process.wait()
