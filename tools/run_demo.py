"""From a clone to a desk in the browser. Called by ./run; standard library only.

./run             find or make a bench, make the demo site, serve it until Ctrl-C
./run --prepare   the same without serving
./run --fresh     the same with a new demo site
./run --replay    only the replay of the sample log, which needs no bench
"""

import json
import os
import signal
import subprocess
import sys
import time

from bench import APP, CHECKOUT, Bench, NoBench, SetupError, end_with_us, find_bench, say
from bench_site import ADMIN_PASSWORD, on_site, prepare_site
from environment import make_environment
from make_bench import make_bench
from services import (
	free_port,
	install_packages,
	is_local,
	missing_packages,
	port_open,
	private_redis,
	start_services,
)

SITE = os.environ.get("OPS_DEMO_SITE", "ops-demo.localhost")
HOST = os.environ.get("OPS_HOST", "127.0.0.1")
LOG_INS = f"{APP}-demo.json"


def main(arguments: list[str]) -> int:
	if arguments not in ([], ["--prepare"], ["--fresh"], ["--replay"]):
		print(__doc__, file=sys.stderr)
		return 2
	try:
		if arguments == ["--replay"]:
			return replay()
		try:
			bench = find_bench()
		except NoBench as nothing:
			say(str(nothing))
			try:
				bench = make_bench()
			except SetupError as error:
				say(f"No bench is here and none can be made ({error}), so a sample log is replayed instead.")
				return replay()
		if is_local(bench.database[0]):
			install_packages(missing_packages(whole_bench=False), bench.path / "logs" / f"{APP}-apt.log")
		with private_redis(bench):
			prepare(bench, fresh=arguments == ["--fresh"])
			return 0 if arguments == ["--prepare"] else serve(bench)
	except KeyboardInterrupt:
		return 130
	except SetupError as error:
		print(f"./run: {error}", file=sys.stderr)
		return 1


def prepare(bench: Bench, *, fresh: bool) -> None:
	say(f"bench {bench.path}, site {SITE}")
	with bench.lock():
		start_services(bench)
		bench.link()
		bench.install_packages()
		if prepare_site(bench, SITE, fresh=fresh):
			(bench.sites / SITE / LOG_INS).unlink(missing_ok=True)
		bench.build_assets()
		make_demo_data(bench)


def make_demo_data(bench: Bench) -> None:
	log_ins = bench.sites / SITE / LOG_INS
	if (CHECKOUT / APP / "setup" / "demo.py").exists() and not log_ins.exists():
		say("making the demo data")
		bench.run_quietly(*on_site(bench, SITE, "demo", log_ins.absolute()))


def serve(bench: Bench) -> int:
	port = int(bench.config.get("webserver_port") or 8000)
	port = free_port() if port_open(HOST, port) else port
	address = f"http://{'localhost' if is_local(HOST) else HOST}:{port}"
	bench.frappe("--site", SITE, "set-config", "host_name", address)
	commands = {
		"web": on_site(bench, SITE, "web", HOST, port),
		"schedule": on_site(bench, SITE, "schedule"),
		"worker": bench.frappe_command("worker", "--quiet"),
	}
	environment, node = dict(bench.env), bench.path / "apps" / "frappe" / "socketio.js"
	socketio_port = int(bench.config.get("socketio_port") or 9000)
	if node.exists() and has_node() and not port_open(HOST, socketio_port):
		commands["socketio"] = ["node", str(node)]
		environment["DEV_SERVER"] = "1"  # the desk then asks for socket.io on its own port
	logs = bench.path / "logs"
	processes = {}
	try:
		for name, command in commands.items():
			with (logs / f"{APP}-{name}.log").open("w") as log:
				processes[name] = subprocess.Popen(
					command, cwd=bench.sites, env=environment, stdin=subprocess.DEVNULL,
					stdout=log, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_us,
				)  # fmt: skip
		return watch(bench, processes, address)
	finally:
		stop(processes)


def has_node() -> bool:
	try:
		return subprocess.run(["node", "--version"], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
	except FileNotFoundError:
		return False


def watch(bench: Bench, processes: dict, address: str) -> int:
	"""Print the address once the web server answers, then wait until something ends."""
	host, port = HOST, int(address.rsplit(":", 1)[1])
	printed = False
	while True:
		for name, process in list(processes.items()):
			if process.poll() is not None:
				print(f"{name} has ended (code {process.returncode}), see {bench.path}/logs/{APP}-{name}.log")
				del processes[name]
				if name in ("web", "schedule", "worker"):
					return 1
		if not printed and port_open(host, port):
			print_log_ins(bench, address)
			printed = True
		time.sleep(0.5)


def print_log_ins(bench: Bench, address: str) -> None:
	"""The Administrator's, and what the demo data gives: a list of {user, password, what}."""
	log_ins = [{"user": "Administrator", "password": ADMIN_PASSWORD, "what": "everything"}]
	given = bench.sites / SITE / LOG_INS
	if given.exists():
		log_ins += [row for row in json.loads(given.read_text()) or [] if isinstance(row, dict) and "user" in row]
	print(f"\nThe desk is at {address}/app, the customer's pages at {address}/me\n")
	for row in log_ins:
		print(f"  {row['user']:<34} {row.get('password', ''):<18} {row.get('what', '')}")
	print("\nCtrl-C stops the web server, the scheduler and the worker.", flush=True)


def stop(processes: dict) -> None:
	for process in processes.values():
		os.killpg(process.pid, signal.SIGTERM)
	end = time.monotonic() + 10
	for process in processes.values():
		try:
			process.wait(max(0.1, end - time.monotonic()))
		except subprocess.TimeoutExpired:
			os.killpg(process.pid, signal.SIGKILL)


def replay() -> int:
	samples = CHECKOUT / APP / "replay" / "samples"
	agreement, log = next(samples.glob("*agreement*.json"), None), next(samples.glob("*updates*.csv*"), None)
	if not agreement or not log:
		raise SetupError(f"there is no sample to replay in {samples}")
	python = make_environment()
	report = CHECKOUT / "artifacts" / "replay-report.html"
	report.parent.mkdir(exist_ok=True)
	say(f"replaying {log.name} against {agreement.name}")
	command = [python.parent / "ops-delivery", "replay", log, "--agreement", agreement, "--report", report]
	if subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL).returncode:
		raise SetupError("the replay failed")
	print(f"\nThe report is {report}")
	return 0


if __name__ == "__main__":
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
	sys.exit(main(sys.argv[1:]))
