"""Time and peak memory of the replay, beside reading the same file with the csv module alone.

    python benchmarks/replay.py [LOG] [--agreement FILE] [--mapping NAME|FILE] [--repeat N]

LOG defaults to ../shared/data/incident_event_log.csv.gz, or the one below $OPS_SHARED (the log of C. A. L. do Amaral,
M. Fantinato and S. M. Peres, UCI Machine Learning Repository, 2018, CC BY 4.0). Every run is a new process on one core;
its time includes the start of the interpreter.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("OPS_SHARED") or ROOT.parent / "shared")
CSV_ALONE = """
import csv, gzip, io, sys
raw = open(sys.argv[1], "rb")
data = gzip.GzipFile(fileobj=raw) if sys.argv[1].endswith(".gz") else raw
print(sum(1 for row in csv.reader(io.TextIOWrapper(data, "utf-8-sig", newline=""))), "lines")
"""


def measure(command: list[str]) -> tuple[float, float, float]:
	"""(wall seconds, processor seconds, peak resident megabytes) of one run of `command` on one core."""
	started = time.perf_counter()
	process = subprocess.Popen(
		command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=one_core
	)
	errors = process.stderr.read()
	_, status, usage = os.wait4(process.pid, 0)
	wall = time.perf_counter() - started
	process.returncode = os.waitstatus_to_exitcode(status)
	if process.returncode:
		raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode()}")
	scale = 2**20 if sys.platform == "darwin" else 2**10
	return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def one_core() -> None:
	"""Keeps the process on one core, where the system can do that."""
	if hasattr(os, "sched_setaffinity"):
		os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> None:
	"""Prints a table, the best of several runs in each line."""
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("log", nargs="?", default=str(SHARED / "data" / "incident_event_log.csv.gz"))
	parser.add_argument("--agreement", default=str(ROOT / "benchmarks" / "agreement-incident-log.json"))
	parser.add_argument("--mapping")
	parser.add_argument("--repeat", type=int, default=5)
	options = parser.parse_args()
	with tempfile.TemporaryDirectory() as folder:
		replay = [
			sys.executable,
			"-m",
			"ops_delivery.replay",
			"replay",
			options.log,
			"--agreement",
			options.agreement,
		]
		if options.mapping:
			replay += ["--mapping", options.mapping]
		figures = [*replay, "--json", f"{folder}/figures.json"]
		runs = {
			"csv module alone": [sys.executable, "-c", CSV_ALONE, options.log],
			"replay: figures": figures,
			"replay: figures and clocks": [*figures, "--clocks", f"{folder}/clocks.csv"],
			"replay: figures and HTML report": [*figures, "--report", f"{folder}/report.html"],
		}
		if find_spec("weasyprint"):  # not imported: a child's peak counts from what its parent holds
			runs["replay: figures and PDF report"] = [*figures, "--report", f"{folder}/report.pdf"]
		print(f"{'best of ' + str(options.repeat):<34}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}")
		for name, command in runs.items():
			wall, cpu, memory = min(measure(command) for _ in range(options.repeat))
			print(f"{name:<34}{wall:>8.2f}{cpu:>8.2f}{memory:>9.0f}")


if __name__ == "__main__":
	main()
