"""The parts of the tests and how each is run: lint and plain in .venv, site and browser on a bench. Standard library only."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from balance import Report, keep
from bench import APP, CHECKOUT, Bench, SetupError, end_with_us, say
from bench_site import prepare_test_sites
from environment import make_environment
from services import start_services

SITE = os.environ.get("OPS_TEST_SITE", "ops-test.localhost")
SITE_CONFIG = {"allow_tests": 1, "pause_scheduler": 1}
PLAIN_FOLDERS = ("tests/domain", "tests/replay", "tests/tools")
# What the oldest version is held to: one file for each door and each engine, a few minutes in all.
SMOKE = (
	"acceptance", "access_table", "app", "chain", "clocks", "endpoints", "figures", "install", "isolation",
	"link_pages", "notices", "portal_request", "printing", "printing_ways_out", "reviews", "sweep", "translations",
	"ways_in", "workspace",
)  # fmt: skip
# The first is Chromium without a window, which takes half the time for a page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_TESTS = 5  # pytest's exit code
CHOOSING = ("-k", "-m", "--lf", "--last-failed", "--sw", "--stepwise", "--pdb", "--trace", "-s")


class Outcome(NamedTuple):
	part: str
	text: str
	failed: bool = False
	report: Report | None = None
	seconds: float | None = None


def workers(arguments: list[str]) -> int:
	"""How many sites are tested side by side: two where there are two processors, one for a choice of tests."""
	if given := os.environ.get("OPS_TEST_WORKERS"):
		return max(1, int(given))
	return 1 if chooses(arguments) else min(2, processors())


def processors() -> int:
	return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chooses(arguments: list[str]) -> bool:
	"""Whether pytest arguments choose some of the tests, or want to be at the terminal."""
	long = {a.split("=")[0] for a in arguments if a.startswith("--")}
	short = {a[:2] for a in arguments if a.startswith("-") and not a.startswith("--")}
	return names_paths(arguments) or bool((long | short) & set(CHOOSING))


def site_named(ending: str) -> str:
	"""ops-test-2.localhost, beside ops-test.localhost."""
	first, dot, rest = SITE.partition(".")
	return f"{first}-{ending}{dot}{rest}"


def test_sites(count: int) -> list[str]:
	"""ops-test.localhost, ops-test-2.localhost …"""
	return [SITE, *(site_named(str(number)) for number in range(2, count + 1))]


def run_plain(arguments: list[str]) -> list[Outcome]:
	try:
		python = make_environment("test")
	except SetupError as error:
		return [Outcome("plain", f"FAILED: the virtual environment could not be made: {error}", True)]
	results = []
	if not arguments:
		say("ruff check")
		lint = subprocess.run([python, "-m", "ruff", "check", "."], cwd=CHECKOUT, stdin=subprocess.DEVNULL)
		results.append(outcome("lint", lint.returncode))
	return [*results, run_plain_with(python, arguments)]


def run_plain_with(python: Path, arguments: list[str]) -> Outcome:
	paths = [] if names_paths(arguments) else PLAIN_FOLDERS
	say(f"pytest {' '.join([*paths, *arguments])}")
	report = report_file("plain")
	started = time.monotonic()
	command = [python, "-m", "pytest", f"--junitxml={report}", *side_by_side(workers(arguments)), *paths, *arguments]
	code = subprocess.run(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, preexec_fn=end_with_us).returncode
	return outcome("plain", code, started, report)


def report_file(part: str) -> Path:
	path = CHECKOUT / "artifacts" / f"{part}.xml"
	path.parent.mkdir(exist_ok=True)
	path.unlink(missing_ok=True)
	return path


def prepare(bench: Bench, count: int, *, fresh: bool = False) -> int:
	"""Make ready what site and browser tests need of a bench, inside `private_redis` and the bench's lock.

	Returns on how many sites they can run: on one where pytest-xdist is not to be had.
	"""
	started = time.monotonic()
	start_services(bench)
	bench.link()
	bench.install_packages("pytest", "hypothesis", "aiosmtpd")
	if count > 1:
		try:
			bench.install_packages("pytest-xdist")
		except SetupError as error:
			say(f"pytest-xdist is not to be had, so the tests run on one site: {error}")
			count = 1
	prepare_test_sites(bench, test_sites(count), fresh=fresh, config=SITE_CONFIG)
	say(f"ready: {', '.join(test_sites(count))} ({time.monotonic() - started:.0f} s)")
	return count


def run_site(bench: Bench, arguments: list[str], count: int) -> Outcome:
	return run_pytest(bench, "site", ["-m", "not security", *arguments], count)


def run_security(bench: Bench, arguments: list[str], count: int) -> Outcome:
	"""The sweep through every function, method and list: part of the site tests that takes long."""
	return run_pytest(bench, "site", ["-m", "security", *arguments], count)._replace(part="security")


def run_smoke(bench: Bench, arguments: list[str], count: int) -> Outcome:
	names = [f"tests/site/test_{name}.py" for name in SMOKE]
	return run_pytest(bench, "site", [*names, *arguments], count)._replace(part="smoke")


def run_browser(bench: Bench, arguments: list[str], count: int) -> Outcome:
	chromium = os.environ.get("CHROMIUM") or next(
		filter(None, map(shutil.which, BROWSERS)), None
	)
	if not chromium:
		return Outcome("browser", "not run: no Chromium found (install chromium, or name one in CHROMIUM)")
	try:
		bench.install_packages("playwright")
	except SetupError as error:
		return Outcome("browser", f"not run: Playwright is not to be had: {error}")
	try:
		bench.install_packages("axe-playwright-python")  # it carries axe-core; without it those checks are skipped
	except SetupError as error:
		say(f"axe-core is not to be had, so accessibility is not checked: {error}")
	try:
		bench.build_assets()
	except SetupError as error:
		return Outcome("browser", f"FAILED before the tests: {error}", True)
	return run_pytest(bench, "browser", arguments, count, {"CHROMIUM": chromium})


def run_pytest(bench: Bench, part: str, arguments: list[str], count: int, extra: dict | None = None) -> Outcome:
	say(f"pytest tests/{part}" + (f" on {count} sites" if count > 1 else ""))
	report, seconds = report_file(part), bench.sites / f".{APP}-seconds.json"
	environment = {"OPS_TEST_SITES": " ".join(test_sites(count)), "OPS_TEST_SECONDS": str(seconds), **(extra or {})}
	started = time.monotonic()
	done = bench.run(
		bench.python, "-m", "pytest", "-c", CHECKOUT / "pyproject.toml", "--rootdir", CHECKOUT,
		f"--junitxml={report}", *side_by_side(count),
		*([] if names_paths(arguments) else [CHECKOUT / "tests" / part]), *map(absolute, arguments),
		env={**bench.env, **environment}, check=False, preexec_fn=end_with_us,
	)  # fmt: skip
	result = outcome(part, done.returncode, started, report)
	if result.report and not result.failed and not chooses(arguments):  # one that broke off has seen half of a file
		keep(seconds, result.report.seconds)
	return result


def side_by_side(count: int) -> list[str]:
	"""Whole files to each worker, as records of a module are made once; one that dies is not replaced: it has its site."""
	if count < 2:
		return []
	return ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0"]


def names_paths(arguments: list[str]) -> bool:
	return any(os.path.exists(CHECKOUT / a.split("::")[0]) for a in arguments if not a.startswith("-"))


def absolute(argument: str) -> str:
	"""A path as given from the checkout, for a pytest that runs elsewhere."""
	path = argument.split("::")[0]
	return str(CHECKOUT / argument) if not argument.startswith("-") and path and os.path.exists(CHECKOUT / path) else argument


def outcome(part: str, code: int, started: float | None = None, report: Path | None = None) -> Outcome:
	seconds = time.monotonic() - started if started else None
	took = "" if seconds is None else f" in {seconds:.0f} s"
	if code == NO_TESTS:
		return Outcome(part, "no tests chosen", seconds=seconds)
	said = Report(report) if report and report.exists() else None
	text = f"passed{took}" if code == 0 else f"FAILED (exit code {code}){took}"
	return Outcome(part, text, code != 0, said, seconds)
