"""A bench and this checkout on it: what ./test and ./run share. Standard library only.

The checkout is put on a bench by a symlink in apps/, a line in sites/apps.txt and PYTHONPATH, so nothing of ours is
installed into the bench's environment but the packages we depend on, and any checkout can take another's place.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
APP = "ops_delivery"
COMPANY = {
	"company_name": "Jiuquan Wind Power O&M (Demo)",
	"company_abbr": "JWP",
	"country": "China",
	"currency": "CNY",
	"timezone": "Asia/Shanghai",
	"language": "English",
}
USUAL_PLACES = (
	"..",  # this checkout is <bench>/apps/ops_delivery
	"../../frappe-bench",
	"../frappe-bench",
	"~/frappe-bench",
	"~/bench",
	"/home/frappe/frappe-bench",
	"/workspace/frappe-bench",
	"/workspace/development/frappe-bench",
	"/opt/frappe-bench",
	"/opt/bench/frappe-bench",
	"/srv/frappe-bench",
)


class SetupError(Exception):
	"""Says in one sentence why a step cannot be done here."""


class NoBench(SetupError):
	pass


def say(text: str) -> None:
	print(f"\033[1m==> {text}\033[0m" if sys.stdout.isatty() else f"==> {text}", flush=True)


def is_bench(path: Path) -> bool:
	return all((path / part).exists() for part in ("apps/frappe", "apps/erpnext", "sites/apps.txt", "env/bin/python"))


def find_bench() -> "Bench":
	named = os.environ.get("BENCH_PATH")
	if named:
		path = Path(named).expanduser().absolute()
		if not is_bench(path):
			raise NoBench(f"BENCH_PATH={named} is no bench with apps/frappe, apps/erpnext, sites and env")
		return Bench(path)
	for place in USUAL_PLACES:
		path = Path(os.path.normpath(CHECKOUT / Path(place).expanduser()))
		path = path.parent if place == ".." else path
		if is_bench(path):
			return Bench(path)
	raise NoBench("no bench with Frappe and ERPNext found (set BENCH_PATH to name one)")


def digest(paths) -> str:
	"""One hash over the names and contents of files, the same for every checkout with those."""
	total = hashlib.sha256()
	for path in sorted(paths):
		total.update(f"{'/'.join(path.parts[-4:])}\0".encode() + path.read_bytes() + b"\0")
	return total.hexdigest()


def end_with_us() -> None:
	"""In a process just started: be told to end when the one that started it is gone, however that went (on Linux)."""
	with contextlib.suppress(OSError, AttributeError):
		ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def run_quietly(command, log: Path, **options) -> None:
	"""Run a command with its output in a log; show the time it takes on a terminal, and the log's end when it fails."""
	log.parent.mkdir(parents=True, exist_ok=True)
	command, started = [str(part) for part in command], time.monotonic()
	with log.open("wb") as out:
		process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, **options)
		while True:
			with contextlib.suppress(subprocess.TimeoutExpired):
				code = process.wait(1)
				break
			if sys.stdout.isatty():
				last = " ".join(log.read_bytes()[-300:].decode(errors="replace").replace("\r", "\n").split("\n")[-1].split())
				print(f"\r\033[K    {time.monotonic() - started:4.0f} s  {last[:70]}", end="", flush=True)
	if sys.stdout.isatty():
		print("\r\033[K", end="", flush=True)
	if code:
		lines = [line.split("\r")[-1] for line in log.read_text(errors="replace").split("\n")]
		print("\n".join(lines[-25:]), file=sys.stderr)
		raise SetupError(f"`{' '.join(command[:6])} …` failed with exit code {code}; all it said is in {log}")


class Bench:
	def __init__(self, path: Path):
		self.path = path
		self.sites = path / "sites"
		self.python = path / "env" / "bin" / "python"
		self.extra_env: dict[str, str] = {}

	def version(self, app: str = "frappe") -> str:
		"""An app's version, from its files."""
		found = re.search(r'^__version__ = "([^"]+)"', (self.path / "apps" / app / app / "__init__.py").read_text(), re.M)
		return found.group(1) if found else "0"

	@property
	def config(self) -> dict:
		path = self.sites / "common_site_config.json"
		return json.loads(path.read_text()) if path.exists() else {}

	@property
	def env(self) -> dict:
		paths = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
		return {
			**os.environ,
			"FRAPPE_BENCH_ROOT": str(self.path),
			"PYTHONPATH": os.pathsep.join(p for p in paths if p),
			"PYTHONDONTWRITEBYTECODE": "1",
			**self.extra_env,
		}

	def run(self, *command, check=True, **options) -> subprocess.CompletedProcess:
		"""Run a command from sites/, where Frappe wants to be, without standard input."""
		options = {"cwd": self.sites, "env": self.env, "stdin": subprocess.DEVNULL, **options}
		done = subprocess.run([str(part) for part in command], **options)
		if check and done.returncode:
			raise SetupError(f"`{' '.join(str(c) for c in command[:8])}` failed with exit code {done.returncode}")
		return done

	def run_quietly(self, *command, **options) -> None:
		"""Run a long, talkative command with its output in a log, and show the log's end when it fails."""
		run_quietly(command, self.path / "logs" / f"{APP}.log", **{"cwd": self.sites, "env": self.env, **options})

	def frappe(self, *args, **options) -> subprocess.CompletedProcess:
		"""A bench command; the bench's own command-line tool may be absent."""
		return self.run(*self.frappe_command(*args), **options)

	def frappe_command(self, *args) -> list[str]:
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *(str(arg) for arg in args)]

	def execute(self, site: str, method: str, *args, **options) -> subprocess.CompletedProcess:
		return self.frappe("--site", site, "execute", method, *args, **options)

	@contextlib.contextmanager
	def lock(self):
		"""One ./test or ./run prepares a bench at a time."""
		with open(self.sites / f".{APP}.lock", "w") as handle:
			try:
				fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
			except OSError:
				say(f"waiting for another run on {self.path}")
				fcntl.flock(handle, fcntl.LOCK_EX)
			yield

	@property
	def database(self) -> tuple[str, int]:
		return self.config.get("db_host") or "127.0.0.1", int(self.config.get("db_port") or 3306)

	# this checkout on the bench

	def link(self) -> None:
		link = self.path / "apps" / APP
		if link.resolve() != CHECKOUT:
			if link.exists() and not link.is_symlink():
				raise SetupError(f"{link} is another checkout (a folder, no symlink): run this from there, or move it away")
			link.unlink(missing_ok=True)
			link.symlink_to(CHECKOUT)
			say(f"linked {link} to this checkout")
		listing = self.sites / "apps.txt"
		apps = listing.read_text().split()
		if APP not in apps:
			listing.write_text("\n".join([*apps, APP]) + "\n")
		public, assets = CHECKOUT / APP / "public", self.sites / "assets" / APP
		if assets.is_symlink() and assets.resolve() != public:
			assets.unlink()
		if public.is_dir() and not assets.exists():
			assets.parent.mkdir(exist_ok=True)
			assets.symlink_to(public)

	def install_packages(self, *extra: str) -> None:
		"""The packages of pyproject.toml and the given ones, where the bench's environment has them not."""
		declared = re.search(r"^dependencies = \[(.*?)^\]", (CHECKOUT / "pyproject.toml").read_text(), re.S | re.M)
		wanted = re.findall(r'"([^"]+)"', declared.group(1)) + list(extra)
		probe = (
			"import sys, importlib.metadata as m\n"
			"for name in sys.argv[1:]:\n"
			"\ttry: m.version(name)\n"
			"\texcept m.PackageNotFoundError: print(name)"
		)
		names = {re.split(r"[<>=~! \[]", requirement)[0]: requirement for requirement in wanted}
		found = self.run(self.python, "-c", probe, *names, stdout=subprocess.PIPE, text=True)
		missing = [names[name] for name in found.stdout.split()]
		if missing:
			say(f"installing {', '.join(missing)}")
			self.pip_install(*missing)

	def pip_install(self, *requirements: str) -> None:
		uv = shutil.which("uv")
		if self.run(self.python, "-m", "pip", "--version", check=False, capture_output=True).returncode == 0:
			self.run(self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements)
		elif uv:
			self.run(uv, "pip", "install", "-q", "--python", self.python, *requirements)
		else:
			raise SetupError(f"{self.python} has no pip to install {', '.join(requirements)} with")

	def build_assets(self) -> None:
		"""Build our bundles when they changed, and the whole bench's when it has none.

		They lie in the checkout, under names that this bench's manifest knows: what another bench built is no use here.
		"""
		manifest, public = self.sites / "assets" / "assets.json", CHECKOUT / APP / "public"
		state = public / "dist" / ".built"
		sources = [p for p in public.rglob("*") if p.is_file() and "dist" not in p.parts and "node_modules" not in p.parts]
		wanted = f"{self.path.resolve()} {digest(sources)}"
		whole = not manifest.exists()
		named = [] if whole else [path for path in json.loads(manifest.read_text()).values() if f"/{APP}/" in path]
		there = bool(named) and all((self.sites / path.lstrip("/")).exists() for path in named)
		built = there and state.exists() and state.read_text() == wanted
		if not whole and (built or not any(".bundle." in p.name for p in sources)):
			return
		say("building assets" + (" of the whole bench" if whole else ""))
		self.run_quietly(*self.frappe_command("build", "--production", *([] if whole else ["--app", APP])))
		state.write_text(wanted)
