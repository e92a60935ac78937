"""The tests in three parts: plain (lint, domain, replay), site and browser. Called by ./test; standard library only."""

import os
import shutil
import signal
import subprocess
import sys
import time

from bench import CHECKOUT, SetupError, find_bench, say
from bench_site import prepare_site
from environment import make_environment
from services import private_queue, start_services

SITE = os.environ.get("OPS_TEST_SITE", "ops-test.localhost")
SITE_CONFIG = {"allow_tests": 1, "pause_scheduler": 1, "host_name": f"http://{SITE}"}
PARTS = ("plain", "site", "browser")
NO_TESTS = 5  # pytest's exit code


def main(arguments: list[str]) -> int:
	fresh = "--fresh" in arguments
	arguments = [a for a in arguments if a != "--fresh"]
	if arguments and arguments[0] not in PARTS:
		print(f"usage: ./test [--fresh] [{'|'.join(PARTS)} [pytest arguments]]", file=sys.stderr)
		return 2
	parts, rest = (arguments[:1], arguments[1:]) if arguments else (PARTS, [])
	results: list[tuple[str, str, bool]] = []  # part, outcome, whether it is a failure

	if "plain" in parts:
		results += run_plain(rest)
	if on_bench := [part for part in parts if part != "plain"]:
		results += run_on_bench(on_bench, rest, fresh)

	print("\nSummary")
	for part, outcome, _failed in results:
		print(f"  {part:<14} {outcome}")
	return int(any(failed for *_, failed in results))


def run_plain(arguments: list[str]):
	try:
		python = make_environment("test")
	except SetupError as error:
		return [("plain", f"FAILED: the virtual environment could not be made: {error}", True)]
	say("ruff check")
	results = []
	if not arguments:
		lint = subprocess.run([python, "-m", "ruff", "check", "."], cwd=CHECKOUT, stdin=subprocess.DEVNULL)
		results.append(outcome("lint", lint.returncode))
	folders = [name for name in ("tests/domain", "tests/replay", "tests/tools") if (CHECKOUT / name).is_dir()]
	if not folders:
		return [*results, ("plain", "nothing run: there is no tests/domain and no tests/replay yet", False)]
	say(f"pytest {' '.join(folders)}")
	paths = [] if names_paths(arguments) else folders
	started = time.monotonic()
	code = subprocess.run([python, "-m", "pytest", *paths, *arguments], cwd=CHECKOUT, stdin=subprocess.DEVNULL).returncode
	return [*results, outcome("plain", code, started)]


def run_on_bench(parts: list[str], arguments: list[str], fresh: bool):
	try:
		bench = find_bench()
	except SetupError as error:
		failed = bool(os.environ.get("BENCH_PATH"))
		return [(part, f"not run: {error}", failed) for part in parts]
	say(f"bench {bench.path}, site {SITE}")
	started = time.monotonic()
	try:
		with bench.lock(), private_queue(bench):
			start_services(bench)
			bench.link()
			bench.install_packages("pytest", "hypothesis")
			prepare_site(bench, SITE, fresh=fresh, config=SITE_CONFIG)
			say(f"the site is ready ({time.monotonic() - started:.0f} s)")
			runners = {"site": run_site, "browser": run_browser}
			return [runners[part](bench, arguments) for part in parts]
	except SetupError as error:
		return [(part, f"FAILED before the tests: {error}", True) for part in parts]


def run_site(bench, arguments: list[str]):
	return run_pytest(bench, "site", arguments, {})


def run_browser(bench, arguments: list[str]):
	chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	if not chromium:
		return ("browser", "not run: no Chromium found (install chromium, or name one in CHROMIUM)", False)
	try:
		bench.install_packages("playwright")
	except SetupError as error:
		return ("browser", f"not run: Playwright is not to be had: {error}", False)
	try:
		bench.install_packages("axe-playwright-python")  # it carries axe-core; without it those checks are skipped
	except (SetupError, subprocess.CalledProcessError) as error:
		say(f"axe-core is not to be had, so accessibility is not checked: {error}")
	try:
		bench.build_assets()
	except SetupError as error:
		return ("browser", f"FAILED before the tests: {error}", True)
	return run_pytest(bench, "browser", arguments, {"CHROMIUM": chromium})


def run_pytest(bench, part: str, arguments: list[str], extra: dict):
	folder = CHECKOUT / "tests" / part
	if not folder.is_dir():
		return (part, f"nothing run: there is no tests/{part} yet", False)
	say(f"pytest tests/{part}")
	started = time.monotonic()
	paths = [] if names_paths(arguments) else [folder]
	done = bench.run(
		bench.python, "-m", "pytest", "-c", CHECKOUT / "pyproject.toml", "--rootdir", CHECKOUT,
		*paths, *(absolute(a) for a in arguments),
		env={**bench.env, "OPS_TEST_SITE": SITE, **extra}, check=False,
	)  # fmt: skip
	return outcome(part, done.returncode, started)


def names_paths(arguments: list[str]) -> bool:
	return any((CHECKOUT / a.split("::")[0]).exists() for a in arguments if not a.startswith("-"))


def absolute(argument: str) -> str:
	"""A path as given from the checkout, for a pytest that runs elsewhere."""
	path = argument.split("::")[0]
	return str(CHECKOUT / argument) if not argument.startswith("-") and path and (CHECKOUT / path).exists() else argument


def outcome(part: str, code: int, started: float | None = None):
	took = f" in {time.monotonic() - started:.0f} s" if started else ""
	if code == NO_TESTS:
		return (part, "no tests there yet", False)
	return (part, f"passed{took}" if code == 0 else f"FAILED (exit code {code}){took}", code != 0)


if __name__ == "__main__":
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
	sys.exit(main(sys.argv[1:]))
