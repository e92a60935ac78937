"""Makes a site with ERPNext and this app, and keeps it up to date. Standard library only; see bench.py."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess

from bench import APP, CHECKOUT, COMPANY, Bench, SetupError, digest, say
from services import is_local, sudo

STATE = f"{APP}-site.json"
ADMIN_PASSWORD = "admin"


def prepare_site(bench: Bench, site: str, *, fresh: bool = False, config: dict | None = None) -> bool:
	"""Make the site when it is absent or half made, migrate it when the app changed. True when it was made."""
	path = bench.sites / site / STATE
	now = {"app": app_digest(bench), "setup": digest((CHECKOUT / APP / "setup").rglob("*.py"))}
	if fresh or not path.exists():
		make_site(bench, site, config or {})
		path.write_text(json.dumps(now))
		return True
	then = json.loads(path.read_text())
	if then.get("app") != now["app"]:
		say(f"migrating {site}: the app changed")
		bench.run_quietly(*bench.frappe_command("--site", site, "migrate", "--skip-search-index"))
		bench.run_quietly(*on_site(bench, site, "install-again"))
		path.write_text(json.dumps({**then, "app": now["app"]}))
	if then.get("setup") != now["setup"]:
		say(f"{site} was made by other set-up code than today's, so its seeds and roles may be others (--fresh makes it anew)")
	return False


def app_digest(bench: Bench) -> str:
	"""What a migration reads: DocTypes and other records as files, hooks, patches and set-up code, and the bench's versions."""
	app = CHECKOUT / APP
	records = [p for p in app.rglob("*") if p.suffix in (".json", ".txt", ".md", ".html") and "public" not in p.parts]
	code = [app / "hooks.py", *app.glob("setup/**/*.py"), *app.glob("patches/**/*.py")]
	versions = [bench.path / "apps" / name / name / "__init__.py" for name in ("frappe", "erpnext")]
	return digest({p for p in records + code if "replay" not in p.parts and p.is_file()}) + digest(versions)


def make_site(bench: Bench, site: str, config: dict) -> None:
	say(f"making the site {site} with ERPNext (some minutes)")
	(bench.sites / site / STATE).unlink(missing_ok=True)
	with database_admin(bench) as (user, password):
		options = [] if is_local(bench.database[0]) and bench.config.get("db_socket") else ["--no-mariadb-socket"]
		command = bench.frappe_command(
			"new-site", site, "--force", *options,
			"--db-root-username", user, "--db-root-password", password,
			"--admin-password", ADMIN_PASSWORD,
			"--install-app", "erpnext",
		)  # fmt: skip
		bench.run_quietly(*command)
	for key, value in config.items():
		bench.frappe("--site", site, "set-config", "--parse", key, json.dumps(value))
	say("completing the set-up wizard")
	bench.run_quietly(*on_site(bench, site, "wizard", json.dumps(COMPANY)))
	say(f"installing {APP}")
	bench.run_quietly(*bench.frappe_command("--site", site, "install-app", APP))


def on_site(bench: Bench, site: str, *command) -> list[str]:
	return [str(part) for part in (bench.python, CHECKOUT / "tools" / "on_site.py", site, *command)]


@contextlib.contextmanager
def database_admin(bench: Bench):
	"""A MariaDB account that may create databases: root by password, or one made for this moment through root's socket."""
	host, port = bench.database
	passwords = [os.environ.get("DB_ROOT_PASSWORD"), bench.config.get("root_password"), "root", "admin", "frappe", "123"]
	for password in dict.fromkeys(p for p in passwords if p):
		if ask_database(bench, f"host={host!r}, port={port}, user='root', password={password!r}"):
			yield "root", password
			return
	client = shutil.which("mariadb") or shutil.which("mysql")
	user, password = f"{APP}_setup", secrets.token_hex(16)
	at_hosts = [f"'{user}'@'{at}'" for at in ("localhost", "127.0.0.1")]
	create = "".join(
		f"CREATE OR REPLACE USER {at} IDENTIFIED BY '{password}'; GRANT ALL ON *.* TO {at} WITH GRANT OPTION;"
		for at in at_hosts
	)
	quiet = {"stdin": subprocess.DEVNULL, "capture_output": True}
	if not client or subprocess.run([*sudo(), client, "-uroot", "-e", create], **quiet).returncode:
		raise SetupError("MariaDB's root cannot be reached: put its password in DB_ROOT_PASSWORD")
	try:
		yield user, password
	finally:
		subprocess.run([*sudo(), client, "-uroot", "-e", f"DROP USER {', '.join(at_hosts)}"], **quiet)


def ask_database(bench: Bench, connection: str) -> bool:
	code = f"import pymysql; pymysql.connect({connection}, connect_timeout=5).close()"
	return bench.run(bench.python, "-c", code, check=False, capture_output=True).returncode == 0
