"""Makes a site with ERPNext and this app, and keeps it up to date. Standard library only; see bench.py."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import in_use
import snapshot
from bench import APP, CHECKOUT, COMPANY, Bench, SetupError, digest, end_with_us, say
from database import account_that_creates, database_admin
from services import free_port, is_local, wait_for_port

STATE = f"{APP}-site.json"
ERPNEXT = "erpnext"  # the snapshot of a site without this app
ADMIN_PASSWORD = "admin"


def prepare_site(bench: Bench, site: str, *, fresh: bool = False, config: dict | None = None) -> bool:
	"""Make the site when it is absent or half made, migrate it when the app changed. True when it was made."""
	now, then = wanted_state(bench), read_state(bench, site)
	if fresh or not then:
		make_site(bench, site, config or {})
		return True
	if then.get("app") != now["app"]:
		say(f"migrating {site}: the app changed")
		bench.run_quietly(*bench.frappe_command("--site", site, "migrate", "--skip-search-index"))
		bench.run_quietly(*on_site(bench, site, "install-again"))
		write_state(bench, site, {"app": now["app"], "setup": then.get("setup")})
	if then.get("setup") != now["setup"]:
		say(f"{site} was made by other set-up code than today's, so its seeds and roles may be others (--fresh makes it anew)")
	return False


def prepare_test_sites(bench: Bench, sites: list[str], *, fresh: bool = False, config: dict | None = None) -> None:
	"""Equal sites for tests that run side by side, without what a run that was killed, or a browser, left there.

	The first one is made or migrated and kept as a snapshot; the others are made from it.
	"""
	first, config = sites[0], config or {}
	state = read_state(bench, first)
	kept = snapshot.identity(bench, first)
	used = bool(state) and in_use.left_behind(bench.sites / first)
	if state and not fresh and (used or state.get("app") != wanted_state(bench)["app"]):
		if kept and state.get("snapshot") == kept:
			take_back(bench, first, first)
		else:
			fresh = used  # a site of unknown content is no ground for tests
	prepare_site(bench, first, fresh=fresh, config={**config, "host_name": f"http://{first}"})
	state = read_state(bench, first)
	if not kept or state.get("snapshot") != kept:
		kept = snapshot.take(bench, first, first)
		write_state(bench, first, {**state, "snapshot": kept})
	for site in sites[1:]:
		if in_use.left_behind(bench.sites / site) or read_state(bench, site).get("snapshot") != kept:
			take_back(bench, first, site, {**config, "host_name": f"http://{site}"})


def take_back(bench: Bench, name: str, site: str, config: dict | None = None) -> None:
	"""Make a site equal to the snapshot of this name; make the site where it is not there."""
	say(f"taking {site} to the snapshot of {name}")
	state = {**wanted_state(bench), **read_state(bench, name), "snapshot": snapshot.identity(bench, name)}
	(bench.sites / site / STATE).unlink(missing_ok=True)
	if (bench.sites / site / "site_config.json").exists():
		snapshot.restore(bench, name, site)
	else:
		snapshot.make_site(bench, name, site, config or {})
	write_state(bench, site, state)


def read_state(bench: Bench, site: str) -> dict:
	path = bench.sites / site / STATE
	return json.loads(path.read_text()) if path.exists() else {}


def write_state(bench: Bench, site: str, state: dict) -> None:
	(bench.sites / site / STATE).write_text(json.dumps(state))


def wanted_state(bench: Bench) -> dict:
	"""What a site made now is made of."""
	return {"app": app_digest(bench), "setup": digest((CHECKOUT / APP / "setup").rglob("*.py"))}


def app_digest(bench: Bench) -> str:
	"""What a migration reads: DocTypes and other records as files, hooks, patches and set-up code, and the bench's versions."""
	app = CHECKOUT / APP
	records = [p for p in app.rglob("*") if p.suffix in (".json", ".txt", ".md", ".html") and "public" not in p.parts]
	code = [app / "hooks.py", *app.glob("setup/**/*.py"), *app.glob("patches/**/*.py")]
	return digest({p for p in records + code if "replay" not in p.parts and p.is_file()}) + version_digest(bench)


def version_digest(bench: Bench) -> str:
	return digest(bench.path / "apps" / name / name / "__init__.py" for name in ("frappe", "erpnext"))


def make_site(bench: Bench, site: str, config: dict) -> None:
	(bench.sites / site / STATE).unlink(missing_ok=True)
	make_erpnext_site(bench, site, config)
	install_app(bench, site)


def install_app(bench: Bench, site: str) -> None:
	say(f"installing {APP}")
	bench.run_quietly(*bench.frappe_command("--site", site, "install-app", APP))
	write_state(bench, site, wanted_state(bench))


def make_erpnext_site(bench: Bench, site: str, config: dict) -> None:
	"""A site with ERPNext past its set-up wizard: once the long way, then from the snapshot of that."""
	wanted = f"{version_digest(bench)} {time.strftime('%Y')} {json.dumps(COMPANY)}"
	if snapshot.identity(bench, ERPNEXT) == wanted:
		say(f"making the site {site} from the bench's site with ERPNext")
		snapshot.make_site(bench, ERPNEXT, site, config)
		return
	new_erpnext_site(bench, site, config)
	say("completing the set-up wizard")
	bench.run_quietly(*on_site(bench, site, "wizard", json.dumps(COMPANY)))
	snapshot.take(bench, site, ERPNEXT, wanted)


def new_erpnext_site(bench: Bench, site: str, config: dict) -> None:
	"""A site with ERPNext before its set-up wizard."""
	say(f"making the site {site} with ERPNext (some minutes)")
	shutil.rmtree(bench.sites / site, ignore_errors=True)
	with account_that_creates(bench) as run:
		# where the site was there before: Frappe creates an account only if it is not there, and keeps its old password
		for host in ("localhost", "127.0.0.1", "%"):
			run(f"DROP USER IF EXISTS '{snapshot.database_name(bench, site)}'@'{host}'")
	with database_admin(bench) as (user, password):
		options = [] if is_local(bench.database[0]) and bench.config.get("db_socket") else ["--no-mariadb-socket"]
		command = bench.frappe_command(
			"new-site", site, "--force", *options,
			"--db-name", snapshot.database_name(bench, site),
			"--db-root-username", user, "--db-root-password", password,
			"--admin-password", ADMIN_PASSWORD,
			"--install-app", "erpnext",
		)  # fmt: skip
		bench.run_quietly(*command)
	for key, value in config.items():
		bench.frappe("--site", site, "set-config", "--parse", key, json.dumps(value))


def on_site(bench: Bench, site: str, *command) -> list[str]:
	return [str(part) for part in (bench.python, CHECKOUT / "tools" / "on_site.py", site, *command)]


@contextmanager
def serving(bench: Bench, site: str, port: int | None = None) -> Iterator[str]:
	"""A web server of the site alone, whatever name it is asked by; yields its address."""
	port = port or free_port()
	with (bench.path / "logs" / f"{APP}-{site}-web.log").open("w") as log:
		server = subprocess.Popen(
			on_site(bench, site, "web", "127.0.0.1", port), cwd=bench.sites, env=bench.env,
			stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, preexec_fn=end_with_us,
		)  # fmt: skip
	try:
		if not wait_for_port("127.0.0.1", port, 60):
			raise SetupError(f"the web server did not start, see {log.name}")
		yield f"http://127.0.0.1:{port}"
	finally:
		server.terminate()
		server.wait(20)
