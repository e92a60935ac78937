"""The MariaDB account that may create databases. Standard library only."""

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess

from bench import APP, Bench, SetupError
from services import sudo

QUIET = {"stdin": subprocess.DEVNULL, "capture_output": True}


@contextlib.contextmanager
def database_admin(bench: Bench):
	"""User and password of such an account: root by password, or one made for this moment through root's socket."""
	host, port = bench.database
	passwords = [os.environ.get("DB_ROOT_PASSWORD"), bench.config.get("root_password"), "root", "admin", "frappe", "123"]
	for password in dict.fromkeys(p for p in passwords if p):
		if ask_database(bench, f"host={host!r}, port={port}, user='root', password={password!r}"):
			yield "root", password
			return
	mine = hashlib.sha1(str(bench.path.resolve()).encode(), usedforsecurity=False).hexdigest()[:8]
	user, password = f"{APP}_{mine}", secrets.token_hex(16)  # one a bench: its lock lets one of us in at a time
	at_hosts = [f"'{user}'@'{at}'" for at in ("localhost", "127.0.0.1")]
	for at in at_hosts:
		run_as_root(f"CREATE OR REPLACE USER {at} IDENTIFIED BY '{password}'; GRANT ALL ON *.* TO {at} WITH GRANT OPTION")
	try:
		yield user, password
	finally:
		with contextlib.suppress(SetupError):
			run_as_root(f"DROP USER {', '.join(at_hosts)}")


@contextlib.contextmanager
def account_that_creates(bench: Bench):
	"""A function that runs one statement as that account."""
	host, port = bench.database
	with database_admin(bench) as (user, password):
		connection = f"host={host!r}, port={port}, user={user!r}, password={password!r}"

		def run(statement: str) -> None:
			if not ask_database(bench, connection, statement):
				raise SetupError(f"MariaDB refused: {statement.split(' IDENTIFIED')[0]}")

		yield run


def run_as_root(statements: str) -> None:
	client = shutil.which("mariadb") or shutil.which("mysql")
	if not client or subprocess.run([*sudo(), client, "-uroot", "-e", statements], **QUIET).returncode:
		raise SetupError("MariaDB's root cannot be reached: put its password in DB_ROOT_PASSWORD")


def ask_database(bench: Bench, connection: str, statement: str = "SELECT 1") -> bool:
	"""Whether a connection by these arguments is given, and the statement done."""
	code = (
		"import sys, pymysql\n"
		f"with pymysql.connect({connection}, connect_timeout=5) as connection:\n"
		"\tconnection.cursor().execute(sys.stdin.read())"
	)
	return bench.run(bench.python, "-c", code, check=False, stdin=None, input=statement.encode(), capture_output=True).returncode == 0
