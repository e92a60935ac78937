"""Every bench that BENCH_PATHS names, one after another, and one table of what came of it. Standard library only.

./test matrix                     what each version is held to: all parts, a smoke set where the version is an old one
./test matrix --parts PART,…      these parts on each bench
"""

import http.cookiejar
import json
import os
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import in_use
import parts
from bench import APP, CHECKOUT, Bench, SetupError, find_bench, is_bench, say
from bench_site import (
	ADMIN_PASSWORD,
	STATE,
	install_app,
	make_erpnext_site,
	on_site,
	prepare_test_sites,
	read_state,
	serving,
	take_back,
	wanted_state,
	write_state,
)
from parts import SITE, SITE_CONFIG, Outcome, site_named, test_sites, workers
from services import private_redis, start_services

HELD_TO_ALL = (15, 100)  # Frappe from here on; what is older is held to the smoke set
PRINTED = "Field Service Sheet"
# Tables that only say what happened; Frappe lists the apps of a site anew with each that comes or goes.
LOGS = (
	"Access Log", "Activity Log", "Comment", "Deleted Document", "Error Log", "Installed Application", "Permission Log",
	"Scheduled Job Log", "Version",
)  # fmt: skip


def main(arguments: list[str]) -> int:
	chosen = None
	if arguments[:1] == ["--parts"] and len(arguments) == 2:
		chosen = arguments[1].split(",")
	if (arguments and not chosen) or (unknown := set(chosen or []) - set(PARTS)):
		print(__doc__, file=sys.stderr)
		print(f"The parts are {', '.join(PARTS)}" + (f"; not {', '.join(sorted(unknown))}" if chosen else ""), file=sys.stderr)
		return 2
	try:
		benches = named_benches()
	except SetupError as error:
		print(f"./test matrix: {error}", file=sys.stderr)
		return 1
	rows = []
	for bench in benches:
		wanted = [part for part in PARTS if part in (chosen or parts_for(bench.version()))]
		say(f"bench {bench.path}, Frappe {bench.version()}: {', '.join(wanted)}")
		rows.append((f"{bench.version()} / {bench.version('erpnext')}", run_on(bench, wanted)))
	print(f"\n{table(rows)}")
	for version, results in rows:
		for part, result in results.items():
			if result.failed:
				print(f"\n{version} {part}: {result.text}")
	return int(any(result.failed for _version, results in rows for result in results.values()))


def named_benches() -> list[Bench]:
	"""Those of BENCH_PATHS, else the one that is found."""
	named = [Path(text).expanduser().absolute() for text in os.environ.get("BENCH_PATHS", "").split(":") if text]
	for path in named:
		if not is_bench(path):
			raise SetupError(f"{path} of BENCH_PATHS is no bench with apps/frappe, apps/erpnext, sites and env")
	return [Bench(path) for path in named] or [find_bench()]


def parts_for(version: str) -> list[str]:
	"""What a version is held to when nobody chooses."""
	old = tuple(int(number) for number in version.split(".")[:2] if number.isdecimal()) < HELD_TO_ALL
	return [part for part in PARTS if part not in (("site", "browser") if old else ("smoke",))]


def run_on(bench: Bench, wanted: list[str]) -> dict[str, Outcome]:
	results: dict[str, Outcome] = {}
	try:
		with bench.lock(), private_redis(bench):
			start_services(bench)
			bench.link()
			bench.install_packages("pytest", "pytest-xdist", "hypothesis", "aiosmtpd")
			for part in wanted:
				say(f"{bench.version()}: {part}")
				results[part] = timed(part, bench)
	except SetupError as error:
		results |= {part: Outcome(part, f"FAILED before it: {error}", True) for part in wanted if part not in results}
	return results


def timed(part: str, bench: Bench) -> Outcome:
	"""A part's outcome. What a function returns is a pytest part's own outcome, or a word on what was measured."""
	started = time.monotonic()
	try:
		result = PARTS[part](bench)
	except (SetupError, OSError) as error:
		return Outcome(part, f"FAILED: {error}", True)
	if isinstance(result, Outcome):
		return result._replace(part=part)
	return Outcome(part, result or "", seconds=time.monotonic() - started)


def table(rows: list[tuple[str, dict[str, Outcome]]]) -> str:
	"""One line a version, one column a part, as Markdown."""
	columns = [part for part in PARTS if any(part in results for _version, results in rows)]
	lines = [["Frappe / ERPNext", *columns]]
	lines += [[version, *(cell(results.get(part)) for part in columns)] for version, results in rows]
	widths = [max(len(line[index]) for line in lines) for index in range(len(lines[0]))]
	lines.insert(1, ["-" * width for width in widths])
	return "\n".join(
		"| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in lines
	)


def cell(result: Outcome | None) -> str:
	if result is None:
		return "–"
	took = "" if result.seconds is None else f"{result.seconds:.0f} s"
	if result.report:
		counts = f"{result.report.passed} passed"
		for word in ("failed", "skipped"):
			if number := getattr(result.report, word):
				counts += f", {number} {word}"
		return f"{counts}, {took}" if result.report.failed or not result.failed else f"FAILED: {counts}, {took}"
	if result.failed:
		return "FAILED"
	return ", ".join(text for text in (result.text, took) if text)


# The parts. One that fails raises SetupError.


def install(bench: Bench) -> Outcome:
	"""On a site of its own that has ERPNext and is past its wizard; that is not counted."""
	make_erpnext_site(bench, SITE, {**SITE_CONFIG, "host_name": f"http://{SITE}"})
	started = time.monotonic()
	install_app(bench, SITE)
	return Outcome("install", "", seconds=time.monotonic() - started)


def migrate(bench: Bench) -> None:
	if not read_state(bench, SITE) or in_use.left_behind(bench.sites / SITE):
		prepare_test_sites(bench, [SITE], config=SITE_CONFIG)
	bench.run_quietly(*bench.frappe_command("--site", SITE, "migrate", "--skip-search-index"))
	write_state(bench, SITE, wanted_state(bench))


def plain(bench: Bench) -> Outcome:
	"""By the bench's Python."""
	return parts.run_plain_with(bench.python, [])


def on_sites(run: Callable[[Bench, list[str], int], Outcome]) -> Callable[[Bench], Outcome]:
	def run_part(bench: Bench) -> Outcome:
		count = workers([])
		prepare_test_sites(bench, test_sites(count), config=SITE_CONFIG)
		return run(bench, [], count)

	return run_part


def demo(bench: Bench) -> str:
	site = another_site(bench)
	log_ins = bench.sites / site / f"{APP}-demo.json"
	bench.run_quietly(*on_site(bench, site, "demo", log_ins.absolute()))
	return f"{len(json.loads(log_ins.read_text()))} log-ins"


def pdf(bench: Bench) -> str:
	"""A visit sheet of the demo, by the address that the form's button has."""
	site = another_site(bench, keep=True)
	if not (bench.sites / site / f"{APP}-demo.json").exists():
		demo(bench)
	with serving(bench, site) as address:
		return print_one(address)


def print_one(address: str) -> str:
	client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
	log_in = urllib.parse.urlencode({"usr": "Administrator", "pwd": ADMIN_PASSWORD}).encode()
	client.open(f"{address}/api/method/login", log_in, timeout=60).read()
	rows = json.load(client.open(f"{address}/api/resource/{urllib.parse.quote(PRINTED)}?limit_page_length=1", timeout=60))
	query = {"doctype": PRINTED, "name": rows["data"][0]["name"], "format": PRINTED, "no_letterhead": 0}
	url = f"{address}/api/method/frappe.utils.print_format.download_pdf?{urllib.parse.urlencode(query)}"
	for _time in range(2):  # the second one is that of a warm process
		started = time.monotonic()
		content = client.open(url, timeout=120).read()
	if not content.startswith(b"%PDF"):
		raise SetupError(f"{url} gave no PDF: {content[:200]!r}")
	return f"{len(content) / 1024:.0f} KiB, warm {time.monotonic() - started:.2f} s"


def uninstall(bench: Bench) -> None:
	"""A site is afterwards what it was before the installation, but for what its logs say."""
	site = another_site(bench)
	make_erpnext_site(bench, site, SITE_CONFIG)
	# what the host puts in order with each migrate (16: the items of the navigation bar) is not our doing
	bench.run_quietly(*bench.frappe_command("--site", site, "migrate"))
	before = fingerprint(bench, site)
	another_site(bench)
	bench.run_quietly(*bench.frappe_command("--site", site, "uninstall-app", APP, "--yes", "--no-backup"))
	after = fingerprint(bench, site)
	(bench.sites / site / STATE).unlink()
	if differences := compare(before, after):
		shown = "\n  ".join(differences[:60])
		raise SetupError(f"{len(differences)} differences to the site before the installation:\n  {shown}")


def recovery(bench: Bench) -> None:
	"""What a run that is killed leaves on its site, the next one takes away."""
	prepare_test_sites(bench, [SITE], config=SITE_CONFIG)
	take_back(bench, SITE, SITE)
	before = fingerprint(bench, SITE)
	parts.run_pytest(bench, "site", ["tests/site/interrupted.py"], 1)
	if not compare(before, fingerprint(bench, SITE)) or not in_use.left_behind(bench.sites / SITE):
		raise SetupError("the run that was to be killed left nothing")
	prepare_test_sites(bench, [SITE], config=SITE_CONFIG)
	if differences := compare(before, fingerprint(bench, SITE)):
		raise SetupError("left behind:\n  " + "\n  ".join(differences[:60]))


def another_site(bench: Bench, *, keep: bool = False) -> str:
	"""A site besides those of the tests, like them but empty; or as an earlier part left it."""
	site = site_named("matrix")
	if not keep or not (bench.sites / site / STATE).exists():
		prepare_test_sites(bench, [SITE], config=SITE_CONFIG)
		take_back(bench, SITE, site, SITE_CONFIG)
		(bench.sites / site / f"{APP}-demo.json").unlink(missing_ok=True)
	return site


def fingerprint(bench: Bench, site: str) -> set[str]:
	file = bench.sites / site / f"{APP}-fingerprint.json"
	bench.run(*on_site(bench, site, "fingerprint", file.absolute()))
	return set(json.loads(file.read_text()))


def compare(before: set[str], after: set[str]) -> list[str]:
	logs = tuple(f"tab{name}: " for name in LOGS)
	lines = [f"left  {line}" for line in sorted(after - before) if not line.startswith(logs)]
	return lines + [f"taken {line}" for line in sorted(before - after) if not line.startswith(logs)]


PARTS: dict[str, Callable[[Bench], Outcome | str | None]] = {
	"install": install,
	"migrate": migrate,
	"plain": plain,
	"smoke": on_sites(parts.run_smoke),
	"site": on_sites(parts.run_site),
	"browser": on_sites(parts.run_browser),
	"demo": demo,
	"pdf": pdf,
	"uninstall": uninstall,
	"recovery": recovery,
}
