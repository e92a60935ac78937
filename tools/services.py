"""MariaDB and Redis: started where they do not run, installed (by ./run only) where they are absent. Standard library only."""

import contextlib
import ctypes.util
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlparse

from bench import Bench, SetupError, end_with_us, is_bench, run_quietly, say

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
CACHE_OPTIONS = ["--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"]
CACHE = "redis://127.0.0.1:13311"  # Frappe's default


def port_open(host: str, port: int) -> bool:
	with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2):
		return True
	return False


def wait_for_port(host: str, port: int, seconds: float) -> bool:
	end = time.monotonic() + seconds
	while not port_open(host, port):
		if time.monotonic() > end:
			return False
		time.sleep(0.3)
	return True


def free_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def is_local(host: str) -> bool:
	return host in ("localhost", "127.0.0.1", "::1", "0.0.0.0")


def sudo() -> list[str]:
	if os.geteuid() == 0:
		return []
	return ["sudo"] if sys.stdin and sys.stdin.isatty() else ["sudo", "-n"]


def start_services(bench: Bench) -> None:
	"""Inside `private_redis`."""
	start_mariadb(*bench.database)
	start_cache(cache_address(bench), bench.path / "config" / "pids")


def cache_address(bench: Bench) -> str:
	return bench.extra_env.get("FRAPPE_REDIS_CACHE") or bench.config.get("redis_cache") or CACHE


def start_mariadb(host: str, port: int) -> None:
	if port_open(host, port):
		return
	if not is_local(host):
		raise SetupError(f"MariaDB does not answer at {host}:{port}")
	say("starting MariaDB")
	for service in ("mariadb", "mysql"):
		with contextlib.suppress(FileNotFoundError):
			subprocess.run([*sudo(), "service", service, "start"], **QUIET)
		if wait_for_port(host, port, 10):
			return
	safe = shutil.which("mariadbd-safe") or shutil.which("mysqld_safe")
	if safe:
		subprocess.Popen([*sudo(), safe, f"--port={port}"], start_new_session=True, **QUIET)
		if wait_for_port(host, port, 60):
			return
	raise SetupError(f"MariaDB is not running at {host}:{port} and could not be started")


def start_cache(url: str, folder: Path) -> None:
	address = urlparse(url)
	host, port = address.hostname or "127.0.0.1", address.port or 6379
	if port_open(host, port):
		return
	if not is_local(host):
		raise SetupError(f"Redis (the cache) does not answer at {host}:{port}")
	say(f"starting Redis on port {port}")
	folder.mkdir(parents=True, exist_ok=True)
	subprocess.run([*redis_command(port), *CACHE_OPTIONS, "--daemonize", "yes"], cwd=folder, **QUIET)
	if not wait_for_port(host, port, 15):
		raise SetupError(f"Redis (the cache) did not start on port {port}")


@contextlib.contextmanager
def private_redis(bench: Bench):
	"""A Redis for background jobs that is ours alone: we run no job of the bench's other sites, and no one runs ours.

	One for the cache too where another bench's answers at this bench's address: another version of Frappe keeps other
	things there under the same names.
	"""
	wanted = {"FRAPPE_REDIS_QUEUE": []}
	address = urlparse(cache_address(bench))
	folder = redis_folder(address.hostname or "127.0.0.1", address.port or 6379)
	if folder and is_of_another_bench(folder, bench.path):
		say(f"the Redis at {address.netloc} is that of {folder}, so the cache gets one of its own")
		wanted["FRAPPE_REDIS_CACHE"] = CACHE_OPTIONS
	with contextlib.ExitStack() as stack:
		for variable, options in wanted.items():
			port = free_port()
			process = subprocess.Popen(
				[*redis_command(port), *options], start_new_session=True, preexec_fn=end_with_us, **QUIET
			)
			stack.callback(process.wait, 15)
			stack.callback(process.terminate)
			if not wait_for_port("127.0.0.1", port, 15):
				raise SetupError(f"Redis ({variable}) did not start on port {port}")
			bench.extra_env[variable] = f"redis://127.0.0.1:{port}"
			stack.callback(bench.extra_env.pop, variable)
		yield


def redis_folder(host: str, port: int) -> Path | None:
	"""The folder a Redis works in, which is config/pids of the bench that started it; None where none answers or tells."""
	answer = b""
	with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2) as connection:
		connection.sendall(b"CONFIG GET dir\r\n")
		while answer.count(b"\r\n") < 5 and (more := connection.recv(4096)):
			answer += more
			if answer.startswith(b"-"):
				break
	lines = answer.decode(errors="replace").split("\r\n")  # *2, $3, dir, $n, the folder
	return Path(lines[4]) if len(lines) > 4 and lines[2] == "dir" else None


def is_of_another_bench(folder: Path, bench: Path) -> bool:
	"""Whether a Redis in this folder is that of a bench, and of another one than this."""
	folder, bench = folder.resolve(), bench.resolve()
	return bench not in folder.parents and any(is_bench(parent) for parent in folder.parents)


def redis_command(port: int) -> list[str]:
	server = find_program("redis-server")
	if not server:
		raise SetupError("redis-server is not installed here")
	return [server, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]


def missing_packages(*, whole_bench: bool) -> list[str]:
	"""The distribution's packages that a bench needs and this machine has not."""
	programs = {"mariadb-server": "mariadbd mysqld", "mariadb-client": "mariadb mysql", "redis-server": "redis-server"}
	if whole_bench:
		programs |= {"git": "git", "gcc": "gcc cc", "nodejs": "node", "npm": "npm yarn"}
	libraries = {"libpango-1.0-0": "pango-1.0", "libpangoft2-1.0-0": "pangoft2-1.0", "libharfbuzz-subset0": "harfbuzz-subset"}
	missing = [package for package, names in programs.items() if not any(find_program(n) for n in names.split())]
	missing += [package for package, name in libraries.items() if not ctypes.util.find_library(name)]
	if whole_bench and not importlib.util.find_spec("ensurepip"):
		missing += ["python3-venv", "python3-dev"]
	if not has_chinese_font():
		missing.append("fonts-noto-cjk")
	return missing


def find_program(name: str) -> str | None:
	return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def has_chinese_font() -> bool:
	with contextlib.suppress(FileNotFoundError):
		return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, stdin=subprocess.DEVNULL).stdout)
	return False


def install_packages(packages: list[str], log: Path) -> None:
	if not packages:
		return
	if not shutil.which("apt-get"):
		raise SetupError(f"please install {', '.join(packages)}: there is no apt-get here")
	say(f"installing {', '.join(packages)} from the distribution")
	environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
	run_quietly([*sudo(), "apt-get", "update", "-q"], log, env=environment)
	command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
	run_quietly([*sudo(), "env", "DEBIAN_FRONTEND=noninteractive", *command], log)
