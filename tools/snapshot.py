"""A site kept as a dump and a copy of its files: another site is made from it, a used one taken back to it.

Standard library only. A snapshot has a name and an identity, so that a site can remember which one it came from.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

import in_use
from bench import APP, CHECKOUT, Bench, SetupError
from database import account_that_creates

FILES = ("public", "private")
NOT_KEPT = shutil.ignore_patterns("backups")
KEPT_KEYS = ("encryption_key",)  # of the site's configuration: what passwords in the database are encrypted with


def folder(bench: Bench, name: str) -> Path:
	return bench.sites / f".{APP}-snapshots" / name


def identity(bench: Bench, name: str) -> str | None:
	"""What the snapshot of this name was called, None where there is none."""
	path = folder(bench, name) / "identity"
	return path.read_text() if path.exists() else None


def take(bench: Bench, site: str, name: str, called: str | None = None) -> str:
	"""Keep the site as it is. Returns the snapshot's identity: what it is to be called, or a new one."""
	target = folder(bench, name)
	shutil.rmtree(target, ignore_errors=True)
	target.mkdir(parents=True)
	config = read_config(bench, site)
	with (target / "database.sql").open("wb") as dump:
		options = ("--single-transaction", "--default-character-set=utf8mb4", "--max-allowed-packet=1G")
		run_client(bench, site, ("mariadb-dump", "mysqldump"), *options, config["db_name"], stdout=dump)
	copy_files(bench.sites / site, target)
	(target / "config.json").write_text(json.dumps({key: config[key] for key in KEPT_KEYS if key in config}))
	called = called or secrets.token_hex(8)
	(target / "identity").write_text(called)
	return called


def make_site(bench: Bench, name: str, site: str, config: dict) -> None:
	"""A site like the snapshot, with a database of its own."""
	path = bench.sites / site
	shutil.rmtree(path, ignore_errors=True)
	(path / "logs").mkdir(parents=True)
	database = database_name(bench, site)
	password = secrets.token_hex(16)
	connection = {"db_name": database, "db_password": password, "db_type": "mariadb"}
	(path / "site_config.json").write_text(json.dumps({**connection, **config}, indent=1))
	with account_that_creates(bench) as run:
		for host in ("localhost", "127.0.0.1", "%"):
			account = f"'{database}'@'{host}'"
			run(f"CREATE OR REPLACE USER {account} IDENTIFIED BY '{password}'")
			run(f"GRANT ALL ON `{database}`.* TO {account}")
	restore(bench, name, site)


def database_name(bench: Bench, site: str) -> str:
	"""Another one on each bench: benches share a server, and their sites a name."""
	return "_" + hashlib.sha1(str((bench.sites / site).resolve()).encode(), usedforsecurity=False).hexdigest()[:16]


def restore(bench: Bench, name: str, site: str) -> None:
	"""Take a site to the snapshot's database and files."""
	kept, path = folder(bench, name), bench.sites / site
	config = read_config(bench, site)
	client, database = ("mariadb", "mysql"), config["db_name"]
	anew = "DROP DATABASE IF EXISTS `{0}`; CREATE DATABASE `{0}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
	run_client(bench, site, client, "-e", anew.format(database))
	with (kept / "database.sql").open("rb") as dump:
		options = ("--default-character-set=utf8mb4", "--max-allowed-packet=1G")
		run_client(bench, site, client, *options, database, stdin=dump)
	for part in (*FILES, "locks"):
		shutil.rmtree(path / part, ignore_errors=True)
	copy_files(kept, path)
	(path / "locks").mkdir()
	config |= json.loads((kept / "config.json").read_text())
	(path / "site_config.json").write_text(json.dumps(config, indent=1))
	bench.run(bench.python, CHECKOUT / "tools" / "on_site.py", site, "forget-cache")
	in_use.forget(path)


def copy_files(source: Path, target: Path) -> None:
	for part in FILES:
		if (source / part).is_dir():
			shutil.copytree(source / part, target / part, ignore=NOT_KEPT, dirs_exist_ok=True)
	(target / "private" / "backups").mkdir(parents=True, exist_ok=True)


def read_config(bench: Bench, site: str) -> dict:
	return json.loads((bench.sites / site / "site_config.json").read_text())


def run_client(bench: Bench, site: str, programs: tuple[str, str], *arguments: str, **streams) -> None:
	"""A client of MariaDB as the site's own account, whose password stands in no command line."""
	program = next((path for name in programs if (path := shutil.which(name))), None)
	if not program:
		raise SetupError(f"{programs[0]} is not installed here")
	config = {**bench.config, **read_config(bench, site)}
	host, port = bench.database
	host, port = config.get("db_host") or host, int(config.get("db_port") or port)
	at = ["--socket", socket] if (socket := config.get("db_socket")) else ["--protocol", "tcp", "-h", host, "-P", str(port)]
	account = [*at, "-u", config.get("db_user") or config["db_name"]]
	streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **streams}
	done = subprocess.run(
		[program, "--no-defaults", *account, *arguments],
		env={**os.environ, "MYSQL_PWD": config["db_password"]}, stderr=subprocess.PIPE, **streams,
	)  # fmt: skip
	if done.returncode:
		raise SetupError(f"{programs[0]} failed for {site}: {done.stderr.decode(errors='replace').strip()[-500:]}")
