"""The tests. Called by ./test; standard library only.

./test [--fresh]                               plain (lint, domain, replay, tools), site and browser tests
./test [--fresh] plain|site|browser [pytest arguments]   one part
./test [--fresh] security [pytest arguments]   the sweep through every function and list, which takes long
./test host [twins|suites [names]]             how the host fares with this app, which takes long (host.py)
./test matrix [--parts A,B]                    each bench of BENCH_PATHS: install, migrate, tests, demo, PDF, uninstall
./test all                                     plain, and the matrix with every part

--fresh makes the test site anew first. OPS_TEST_WORKERS says on how many sites the tests run side by side.
"""

import os
import signal
import sys

import host
import matrix
from bench import SetupError, find_bench, say
from parts import Outcome, prepare, run_browser, run_plain, run_security, run_site, workers
from services import private_redis

RUNNERS = {"site": run_site, "browser": run_browser}
PARTS = ("plain", *RUNNERS)
RUNNERS["security"] = run_security  # by its name alone


def main(arguments: list[str]) -> int:
	fresh = "--fresh" in arguments
	arguments = [a for a in arguments if a != "--fresh"]
	command, rest = (arguments[0], arguments[1:]) if arguments else (None, [])
	if command == "matrix":
		return matrix.main(rest)
	if command == "all":
		results = run_plain([])
		failed = matrix.main(rest)
		print_summary(results)
		return int(failed or any(result.failed for result in results))
	if command == "host":
		results = run_on_bench(["host"], rest, fresh)
		print_summary(results)
		return int(any(result.failed for result in results))
	if command not in (None, *PARTS, *RUNNERS):
		print(__doc__, file=sys.stderr)
		return 2
	parts = (command,) if command else PARTS

	results = run_plain(rest) if "plain" in parts else []
	if on_bench := [part for part in parts if part in RUNNERS]:
		results += run_on_bench(on_bench, rest, fresh)
	print_summary(results)
	return int(any(result.failed for result in results))


def print_summary(results: list[Outcome]) -> None:
	print("\nSummary")
	for result in results:
		print(f"  {result.part:<14} {result.text}")


def run_on_bench(parts: list[str], arguments: list[str], fresh: bool) -> list[Outcome]:
	try:
		bench = find_bench()
	except SetupError as error:
		failed = bool(os.environ.get("BENCH_PATH"))
		return [Outcome(part, f"not run: {error}", failed) for part in parts]
	say(f"bench {bench.path}, Frappe {bench.version()}")
	try:
		with bench.lock(), private_redis(bench):
			if parts == ["host"]:
				return host.run_host(bench, arguments)
			count = prepare(bench, workers(arguments), fresh=fresh)
			return [RUNNERS[part](bench, arguments, count) for part in parts]
	except SetupError as error:
		return [Outcome(part, f"FAILED before the tests: {error}", True) for part in parts]


if __name__ == "__main__":
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
	sys.exit(main(sys.argv[1:]))
