"""Makes a bench with Frappe and ERPNext by the frappe-bench package, as its own manual says. Standard library only.

Of version 16 where Python 3.14 and Node 24 are found, which it needs, else of version 15; FRAPPE_BRANCH names another one.
FRAPPE_REPO and ERPNEXT_REPO name mirrors of the two repositories, BENCH_PATH the folder (~/frappe-bench).
"""

import getpass
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

from bench import CHECKOUT, Bench, SetupError, is_bench, run_quietly, say
from services import install_packages, missing_packages, sudo

LOG = CHECKOUT / "artifacts" / "make-bench.log"
VERSION_16, VERSION_15 = "version-16", "version-15"
PYTHON_OF_16, NODE_OF_16 = (3, 14), 24
PYTHONS_OF_15 = ((3, 10), (3, 13))  # the oldest and the newest; 15.44 wants 3.12 at most, the newest 15 takes 3.14 too


class Python(NamedTuple):
	path: str
	version: tuple[int, int]


def choose_branch(newest_python: tuple[int, int], node: int | None) -> str:
	"""The branch of Frappe and ERPNext that these two can run."""
	return VERSION_16 if newest_python >= PYTHON_OF_16 and (node or 0) >= NODE_OF_16 else VERSION_15


def choose_python(found: list[Python], branch: str) -> Python:
	"""The interpreter for a branch: the newest for 16, for 15 the newest that it was made for."""
	fit = [python for python in found if PYTHONS_OF_15[0] <= python.version <= PYTHONS_OF_15[1]]
	return max((fit if branch == VERSION_15 and fit else found), key=lambda python: python.version)


def find_pythons() -> list[Python]:
	"""The one we run by, and those on the path."""
	found = {sys.version_info[:2]: sys.executable}
	for minor in range(PYTHONS_OF_15[0][1], PYTHON_OF_16[1] + 1):
		if path := shutil.which(f"python3.{minor}"):
			asked = subprocess.run([path, "-c", "import venv, ensurepip"], capture_output=True, stdin=subprocess.DEVNULL)
			if not asked.returncode:
				found.setdefault((3, minor), path)
	return [Python(path, version) for version, path in found.items()]


def node_version() -> int | None:
	"""Node's major version, None where there is no Node."""
	try:
		said = subprocess.run(["node", "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
	except FileNotFoundError:
		return None
	number = said.strip().removeprefix("v").split(".")[0]
	return int(number) if number.isdecimal() else None


def make_bench() -> Bench:
	path = Path(os.environ.get("BENCH_PATH") or "~/frappe-bench").expanduser().absolute()
	half_made = path / ".being-made"
	if path.exists() and any(path.iterdir()) and not half_made.exists():
		raise SetupError(f"{path} is there and is no bench; name another folder in BENCH_PATH")
	if not shutil.which("git"):
		install_packages(["git"], LOG)
	cli = install_cli()
	pythons = find_pythons()
	branch = os.environ.get("FRAPPE_BRANCH") or choose_branch(max(p.version for p in pythons), node_version())
	python = choose_python(pythons, branch)
	repositories = {app: repository(cli, app) for app in ("frappe", "erpnext")}
	for app, address in repositories.items():
		check_reachable(address, branch)
		repositories[app] = with_work_tree(app, address, branch)

	install_packages(missing_packages(whole_bench=True), LOG)
	install_yarn()
	say(f"making a bench of {branch} in {path} with Python {'.'.join(map(str, python.version))} (downloads Frappe and ERPNext, ten minutes or more)")
	shutil.rmtree(path, ignore_errors=True)
	(path / "sites").mkdir(parents=True)
	half_made.touch()
	# The bench command runs as root only where the bench's configuration says that root is its user.
	(path / "sites" / "common_site_config.json").write_text(json.dumps({"frappe_user": getpass.getuser()}))
	run = {"cwd": path, "env": {**os.environ, "PATH": f"{cli.parent}{os.pathsep}{os.environ['PATH']}"}}
	init = ["init", "--ignore-exist", "--no-backups", "--skip-assets", "--frappe-branch", branch, "--python", python.path]
	run_quietly([cli, *init, "--frappe-path", repositories["frappe"], path], LOG, **run)
	say("adding ERPNext")
	run_quietly([cli, "get-app", "--skip-assets", "--branch", branch, repositories["erpnext"]], LOG, **run)
	if not is_bench(path):
		raise SetupError(f"the bench in {path} is not complete; what was said is in {LOG}")
	bench = Bench(path)
	if int(bench.version().split(".")[0]) == 15:
		bench.pip_install("setuptools<81")  # it still imports pkg_resources
	half_made.unlink()
	return bench


def install_cli() -> Path:
	"""The `bench` command, in a virtual environment of its own."""
	folder = CHECKOUT / ".venv-bench"
	command = folder / "bin" / "bench"
	if not command.exists():
		say("installing frappe-bench")
		try:
			venv.create(folder, with_pip=True, clear=True)
		except subprocess.CalledProcessError:
			install_packages(["python3-venv"], LOG)
			venv.create(folder, with_pip=True, clear=True)
		pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "frappe-bench"]
		run_quietly(pip, LOG)
	return command


def repository(cli: Path, app: str) -> str:
	"""The mirror that is named, else the address that frappe-bench knows."""
	if mirror := os.environ.get(f"{app.upper()}_REPO"):
		return mirror
	code = f"from bench.app import App; from bench.bench import Bench; print(App('frappe/{app}', bench=Bench('.')).url)"
	asked = subprocess.run([cli.parent / "python", "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL)
	if asked.returncode:
		raise SetupError(f"frappe-bench does not say where {app} is")
	return asked.stdout.strip().splitlines()[-1]


def check_reachable(address: str, branch: str) -> None:
	environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
	command = ["git", "ls-remote", "--exit-code", "--heads", address, branch]
	try:
		code = subprocess.run(command, env=environment, capture_output=True, timeout=60, stdin=subprocess.DEVNULL).returncode
	except subprocess.TimeoutExpired:
		code = 1
	if code:
		raise SetupError(f"{address} does not answer with a branch {branch}")


def with_work_tree(app: str, address: str, branch: str) -> str:
	"""frappe-bench takes a local mirror only with a work tree, in a folder that is named like the app."""
	mirror = Path(address.removeprefix("file://")).expanduser()
	if not mirror.is_dir():
		return address
	copy = CHECKOUT / "artifacts" / "mirror" / app
	shutil.rmtree(copy, ignore_errors=True)
	clone = ["git", "clone", "-q", "--depth", "1", "--branch", branch, f"file://{mirror.absolute()}", copy]
	run_quietly(clone, LOG)
	return str(copy)


def install_yarn() -> None:
	if not shutil.which("yarn"):
		say("installing yarn 1")
		run_quietly([*sudo(), "npm", "install", "--global", "yarn@1"], LOG)
