"""Tests of a copy of the source, run in forks of a process that has loaded pytest and Hypothesis once (mutants.py)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# A change that makes a loop endless is a change that is noticed: it is cut off after this many seconds of the processor.
TOO_LONG = 30
PYTEST = (
	"-x",
	"-q",
	"-n0",
	"-p",
	"no:cacheprovider",
	"-p",
	"no_shrinking",
	"--no-header",
	"--hypothesis-seed=0",
	"--tb=no",
)


class Runner:
	"""Runs tests of a copy in forks of a process that has loaded pytest and Hypothesis once: half of what a run takes."""

	def __init__(self, copy: Path):
		env = {**os.environ, "PYTHONPATH": str(copy)}
		env.pop("PYTHONDONTWRITEBYTECODE", None)
		self.copy = copy
		self.process = subprocess.Popen(
			[sys.executable, str(Path(__file__).resolve())],
			cwd=copy,
			env=env,
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			stderr=subprocess.DEVNULL,
			text=True,
		)

	def passes(self, files: Iterable[str], seconds: int = TOO_LONG) -> bool:
		self.process.stdin.write(f"{seconds} {' '.join(files)}\n")
		self.process.stdin.flush()
		return self.process.stdout.readline() == "0\n"

	def end(self) -> None:
		self.process.stdin.close()
		self.process.wait()


def serve() -> int:
	"""For each line of seconds and files on standard input: the exit code of their tests, in a line on standard output."""
	import hypothesis
	import pytest

	for line in sys.stdin:
		seconds, *files = line.split()
		child = os.fork()
		if not child:
			code = 99
			try:
				with open(os.devnull, "w") as nowhere:
					os.dup2(nowhere.fileno(), 1)
				resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
				code = int(pytest.main([*PYTEST, *files]))
			finally:
				os._exit(code)
		_pid, status = os.waitpid(child, 0)
		print(os.waitstatus_to_exitcode(status), flush=True)
	return 0


if __name__ == "__main__":
	sys.exit(serve())
