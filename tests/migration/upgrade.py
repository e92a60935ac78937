"""A site of one bench, taken to another bench with a newer Frappe and migrated there: does every figure of ours stay?

upgrade.py FROM_BENCH SITE TO_BENCH NEW_SITE      the site stays as it is; NEW_SITE is made (or made anew) of a copy

Both benches serve this checkout. What is compared is said in compare.py; the two snapshots stay in artifacts/.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(Path(__file__).parent)]

import compare
from bench import Bench, say
from bench_site import database_admin
from services import private_queue, start_services

ARTIFACTS = ROOT / "artifacts"
BEFORE, AFTER = ARTIFACTS / "migration-before.json", ARTIFACTS / "migration-after.json"


def main(arguments: list[str]) -> int:
	if len(arguments) != 4:
		print(__doc__, file=sys.stderr)
		return 2
	old, new = (Bench(Path(path).absolute()) for path in (arguments[0], arguments[2]))
	site, copy = arguments[1], arguments[3]
	ARTIFACTS.mkdir(exist_ok=True)
	for bench in (old, new):
		start_services(bench)
		bench.link()
	take_snapshot(old, site, BEFORE)
	copy_site(old, site, new, copy)
	say(f"migrating {copy}")
	with private_queue(new):
		new.run_quietly(*new.frappe_command("--site", copy, "migrate", "--skip-search-index"))
	take_snapshot(new, copy, AFTER, json.loads(BEFORE.read_text())["now"])
	return compare.main(["differences", str(BEFORE), str(AFTER)])


def take_snapshot(bench: Bench, site: str, file: Path, *now: str) -> None:
	say(f"reading {site} on {bench.path.name}")
	bench.run(bench.python, Path(__file__).parent / "compare.py", "snapshot", site, file, *now)


def copy_site(old: Bench, site: str, new: Bench, copy: str) -> None:
	"""Files, configuration (with the encryption key) and database of the site, under another name on the other bench."""
	say(f"copying {site} to {copy} on {new.path.name}")
	shutil.rmtree(new.sites / copy, ignore_errors=True)
	shutil.copytree(old.sites / site, new.sites / copy)
	path = new.sites / copy / "site_config.json"
	config = json.loads(path.read_text())
	source = {
		"database": config["db_name"],
		"user": config.pop("db_user", None) or config["db_name"],
		"password": config["db_password"],
	}
	config["db_name"], config["db_password"] = f"_{secrets.token_hex(8)}", secrets.token_hex(12)
	config["host_name"] = f"http://{copy}"
	path.write_text(json.dumps(config, indent=1))
	name, password = config["db_name"], config["db_password"]
	with database_admin(new) as (admin, admin_password):
		statements = f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
		for host in ("localhost", "127.0.0.1", "%"):
			statements += f"CREATE USER '{name}'@'{host}' IDENTIFIED BY '{password}'; GRANT ALL ON `{name}`.* TO '{name}'@'{host}';"
		client(new, admin, admin_password, "", input=statements.encode())
	host, port = old.database
	dump = subprocess.Popen(
		["mariadb-dump", f"--host={host}", f"--port={port}", f"--user={source['user']}", "--single-transaction", source["database"]],
		env={**os.environ, "MYSQL_PWD": source["password"]}, stdout=subprocess.PIPE,
	)  # fmt: skip
	client(new, name, password, name, stdin=dump.stdout)
	if dump.wait():
		raise SystemExit("the dump failed")


def client(bench: Bench, user: str, password: str, database: str, **options) -> None:
	host, port = bench.database
	command = [
		"mariadb",
		f"--host={host}",
		f"--port={port}",
		f"--user={user}",
		*([database] if database else []),
	]
	subprocess.run(command, env={**os.environ, "MYSQL_PWD": password}, check=True, **options)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
