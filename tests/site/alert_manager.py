"""A real Prometheus Alertmanager of a test's own, and the site served over HTTP for it to call. Needs the Debian package
`prometheus-alertmanager`."""

import json
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import frappe
import frappe.app
import workers  # puts tools/ on the path
from bench import end_with_us
from services import find_program, free_port, wait_for_port
from werkzeug.serving import WSGIRequestHandler, make_server

PROGRAM = "prometheus-alertmanager"
ABSENT = f"no Alertmanager on this machine: install the Debian package {PROGRAM}"
SETTINGS = """
route:
  receiver: ops
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 500ms
  repeat_interval: 1s
receivers:
  - name: ops
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config:
          authorization:
            credentials_file: {token}
"""


def is_there() -> bool:
	return bool(find_program(PROGRAM))


@contextmanager
def served(site: str):
	"""The address of the site on a free port; requests run in threads of their own, as on a server."""

	def application(environ, start_response):
		frappe.app._site = site
		environ["HTTP_HOST"] = site
		return frappe.app.application(environ, start_response)

	class Quiet(WSGIRequestHandler):
		def log(self, *_args):
			pass

	server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
	thread = threading.Thread(target=server.serve_forever, daemon=True)
	thread.start()
	try:
		yield f"http://127.0.0.1:{server.server_port}"
	finally:
		server.shutdown()
		thread.join(20)


@contextmanager
def running(url: str, token: str):
	"""The address of an Alertmanager that tells `url` of what it hears, with the token of a source."""
	folder, port = Path(tempfile.mkdtemp(prefix="ops-alerts-")), free_port()
	(folder / "token").write_text(token)
	(folder / "settings.yml").write_text(SETTINGS.format(url=url, token=folder / "token"))
	process = subprocess.Popen(
		[
			find_program(PROGRAM),
			f"--config.file={folder / 'settings.yml'}",
			f"--storage.path={folder / 'data'}",
			f"--web.listen-address=127.0.0.1:{port}",
			"--cluster.listen-address=",
		],
		cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"), preexec_fn=end_with_us,
	)  # fmt: skip
	try:
		assert wait_for_port("127.0.0.1", port, 20), (folder / "log").read_text()
		yield f"http://127.0.0.1:{port}"
	finally:
		process.terminate()
		process.wait(15)
		shutil.rmtree(folder, ignore_errors=True)


def tell(address: str, *alerts: dict) -> None:
	"""What Prometheus does: alerts with labels, annotations and, once they are over, endsAt."""
	request = urllib.request.Request(
		f"{address}/api/v2/alerts", json.dumps(alerts).encode(), {"Content-Type": "application/json"}
	)
	with urllib.request.urlopen(request, timeout=20) as answer:
		assert answer.status == 200


def wait_until(found, seconds: float = 30):
	"""What `found` gives once it gives something; each look sees what is committed by then."""
	end = time.monotonic() + seconds
	while True:
		frappe.db.rollback()
		if result := found():
			return result
		assert time.monotonic() < end, "nothing came of it"
		time.sleep(0.2)
