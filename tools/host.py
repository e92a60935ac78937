"""./test host: how the host fares with this app. Standard library only.

./test host                     both of these
./test host twins               two weeks of the same work on two sites, one of them with the app unused and then uninstalled
./test host suites [names]      the host's own tests with agreements in force and without the app (tests/host/suites.py)

Neither is part of ./test: they take long. What differs and is not listed in docs/host.md fails. Other apps that are on the bench
(in sites/apps.txt, with their folders in PYTHONPATH) are installed on both sites, before this one.
"""

import json
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import snapshot
from bench import APP, CHECKOUT, Bench, SetupError, say
from bench_site import install_app, make_erpnext_site, new_erpnext_site, serving
from parts import SITE_CONFIG, Outcome, site_named
from services import free_port, start_services

sys.path.insert(0, str(CHECKOUT))
FOLDER, ARTIFACTS = CHECKOUT / "tests" / "host", CHECKOUT / "artifacts"
PACKAGES = ("freezegun", "responses", "Faker")  # the host's own, of its dev-dependencies
TESTED = "tested"  # the snapshot of one with the records of the host's own tests
MADE = ".test_log"  # where Frappe's runner notes which records there are
BUSY = "busy"  # the snapshot of a site with ERPNext that an organization works on


def run_host(bench: Bench, arguments: list[str], _count: int = 0) -> list[Outcome]:
	parts = {"twins": run_twins, "suites": run_suites}
	chosen = [arguments[0]] if arguments and arguments[0] in parts else list(parts)
	start_services(bench)
	bench.link()
	bench.install_packages(*PACKAGES)
	ARTIFACTS.mkdir(exist_ok=True)
	results = []
	for part in chosen:
		started = time.monotonic()
		try:
			text, failed = parts[part](bench, [a for a in arguments if a != part])
		except SetupError as error:
			text, failed = f"FAILED: {error}", True
		seconds = time.monotonic() - started
		results.append(Outcome(f"host {part}", f"{text} in {seconds:.0f} s", failed, seconds=seconds))
	return results


def install_others(bench: Bench, site: str) -> None:
	for app in other_apps(bench):
		say(f"installing {app} on {site}")
		bench.run_quietly(*bench.frappe_command("--site", site, "install-app", app))


def other_apps(bench: Bench) -> list[str]:
	return [app for app in (bench.sites / "apps.txt").read_text().split() if app not in ("frappe", "erpnext", APP)]


# Two sites, the same two weeks


def run_twins(bench: Bench, _arguments: list[str]) -> tuple[str, bool]:
	from tests.host import twins

	sites = {twins.TWIN: site_named("twin-1"), twins.OURS: site_named("twin-2")}
	prepare_busy(bench, sites[twins.TWIN])
	found, answers = {}, {}
	for variant, site in sites.items():
		snapshot.make_site(bench, BUSY, site, {**SITE_CONFIG, "host_name": f"http://{SITE_ADDRESS}"})
		install_others(bench, site)
		if variant == twins.OURS:
			install_app(bench, site)
		say(f"two weeks of work on {site}, {variant}")
		file = ARTIFACTS / f"twins-{variant.replace(' ', '-')}"
		bench.run(*two_weeks(bench, site, "work", file.with_suffix(".answers.json")))
		if variant == twins.OURS:
			say(f"uninstalling {APP}")
			bench.run_quietly(*bench.frappe_command("--site", site, "uninstall-app", APP, "--yes", "--no-backup"))
		bench.run(*two_weeks(bench, site, "read", file.with_suffix(".json")))
		found[variant] = json.loads(file.with_suffix(".json").read_text())
		answers[variant] = json.loads(file.with_suffix(".answers.json").read_text())
	lines = twins.compare_answers(answers[twins.TWIN], answers[twins.OURS]) + twins.compare(found[twins.TWIN], found[twins.OURS])
	(ARTIFACTS / "twins.txt").write_text("\n".join(lines))
	new = twins.unlisted(lines)
	for line in new:
		print(f"  {line}")
	tables = found[twins.TWIN]["tables"]
	rows = sum(len(each) for each in tables.values())
	text = f"{len(answers[twins.TWIN])} steps, {rows} rows of {len(tables)} tables compared: {len(lines)} differences, {len(new)} not listed"
	return text, bool(new)


SITE_ADDRESS = "twin.example.com"  # in mails of both


def prepare_busy(bench: Bench, site: str) -> None:
	wanted = bench.version() + (FOLDER / "two_weeks.py").read_text()[: (FOLDER / "two_weeks.py").read_text().index("# Two weeks\n")]
	if snapshot.identity(bench, BUSY) == wanted:
		return
	make_erpnext_site(bench, site, {**SITE_CONFIG, "host_name": f"http://{SITE_ADDRESS}"})
	say(f"seeding {site}")
	bench.run(*two_weeks(bench, site, "seed"))
	snapshot.take(bench, site, BUSY, wanted)


def two_weeks(bench: Bench, site: str, *command: str | Path) -> list[str]:
	return [str(part) for part in (bench.python, FOLDER / "two_weeks.py", site, *command)]


# Its own tests


def run_suites(bench: Bench, arguments: list[str]) -> tuple[str, bool]:
	from tests.host import suites

	if unknown := set(arguments) - set(suites.SUITES):
		raise SetupError(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(suites.SUITES)}")
	chosen = {name: told for name, told in suites.SUITES.items() if not arguments or name in arguments}
	sites = {"without": site_named("host-1"), "with": site_named("host-2")}
	ports = {variant: free_port() for variant in sites}
	prepare_suites(bench, sites, ports)
	lines, counts, seconds = [], Counter(), Counter()
	for name, told in chosen.items():
		lines += tell_suite(name, run_suite(bench, sites, ports, name, told, seconds), counts)
	new = suites.unlisted(lines)
	for line in new:
		print(f"  not listed: {line}")
	beside = "".join(f"beside {app}, " for app in other_apps(bench))
	text = (
		f"{beside}{counts['tests']} tests, {counts['without']} pass without us, {counts['with']} with us; "
		f"{len(lines)} differences, {len(new)} not listed; {seconds['without']:.0f} s without, {seconds['with']:.0f} s with us"
	)
	return text, bool(new)


def run_suite(bench: Bench, sites: dict, ports: dict, name: str, told: tuple, seconds: Counter) -> dict[str, dict[str, str]]:
	"""What came of its tests, by variant."""
	from tests.host import suites

	found = {}
	for variant, site in sites.items():
		report = ARTIFACTS / f"host-{name.replace(' ', '-')}-{variant}.json"
		report.unlink(missing_ok=True)
		started = time.monotonic()
		command = [bench.python, FOLDER / "suites.py", site, "run", report, *told]
		config = bench.sites / site / "site_config.json"
		kept = config.read_text()
		# some ask their own site by HTTP, and wkhtmltopdf does for the pictures of a page; some leave the site in read-only mode
		with serving(bench, site, ports[variant]), report.with_suffix(".log").open("wb") as log:
			bench.run(*command, check=False, stdout=log, stderr=log)
		config.write_text(kept)
		seconds[variant] += time.monotonic() - started
		found[variant] = suites.outcomes(report)
	return found


def tell_suite(name: str, found: dict[str, dict[str, str]], counts: Counter) -> list[str]:
	"""Print and count it; what differs."""
	from tests.host import suites

	differences = suites.compare(name, found["without"], found["with"])
	passed = {variant: sum(outcome == "passed" for outcome in each.values()) for variant, each in found.items()}
	print(f"  {name}: {passed['without']} of {len(found['without'])} without us, {passed['with']} of {len(found['with'])} with us", flush=True)
	if not found["without"] and not found["with"]:
		differences = [f"{name}: *: no test ran; see {ARTIFACTS.name}/host-{name.replace(' ', '-')}-with.log"]
	for line in differences:
		print(f"    {line}", flush=True)
	counts.update({"tests": len(found["without"]), "without": passed["without"], "with": passed["with"]})
	return differences


def prepare_suites(bench: Bench, sites: dict[str, str], ports: dict[str, int]) -> None:
	"""Both anew, of one snapshot."""
	script = FOLDER / "suites.py"
	wanted = f"{bench.version()} {script.read_text().partition('def records')[2].partition('def agree')[0]}"
	if snapshot.identity(bench, TESTED) != wanted:
		# ERPNext's tests on 16 set up a company in rupees themselves, and fail where a wizard was there before them
		make = new_erpnext_site if int(bench.version().split(".")[0]) >= 16 else make_erpnext_site
		make(bench, sites["without"], SITE_CONFIG)
		say(f"the host's test records on {sites['without']}")
		bench.run_quietly(bench.python, script, sites["without"], "records")
		snapshot.take(bench, sites["without"], TESTED, wanted)
		if (made := bench.sites / sites["without"] / MADE).exists():
			shutil.copy(made, snapshot.folder(bench, TESTED))
	for variant, site in sites.items():
		address = {"host_name": f"http://127.0.0.1:{ports[variant]}", "webserver_port": ports[variant]}
		snapshot.make_site(bench, TESTED, site, {**SITE_CONFIG, **address})
		if (made := snapshot.folder(bench, TESTED) / MADE).exists():
			shutil.copy(made, bench.sites / site)
		install_others(bench, site)
	install_app(bench, sites["with"])
	bench.run(bench.python, script, sites["with"], "agree")
