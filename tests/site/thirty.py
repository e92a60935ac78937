"""A site of its own for the thirty changes of an administrator: made from the snapshot, changed for good, migrated, compared.

What a change is: a function that gets the world, makes the change by the desk's requests as the person with our Role Profile, proves
its effect on a record, and returns `still()`, which says that the edit is there (asked again after the migrations).
"""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import api_calls
import desk_door
import factories
import frappe
import isolation
import scenario
import workers

from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.setup.seed_administrator import AUDITOR, PROFILE, ROLES

assert ROLES and AUDITOR  # of the profile, for those who ask here
LANGUAGES = ("en", "zh")
# tables that a migrate writes anew each time, and columns that say when: the whole rest of the database stays as it is
VOLATILE_TABLES = {
	"__global_search": "an index",
	"tabScheduled Job Type": "when each job last ran",
	"tabSessions": "who is logged in",
	"tabInstalled Application": "rows are written anew, with the same words",
	"tabError Log": "what the health had to say",
}
VOLATILE_COLUMNS = {"modified", "creation"}
# rows that Frappe takes away and writes anew, alike but for their names
NAMED_ANEW = {"tabDocField", "tabDocPerm", "tabPortal Menu Item"}
VOLATILE_SINGLES = {"modified", "modified_by"}


class World:
	"""What a change finds: the administrator at their desk, and a customer with an agreement in force."""

	def __init__(self, language: str):
		self.language = language
		self.desk = desk_door.Desk("Employee", language=language)
		give_profile(self.desk.user)
		self.agreement = scenario.agreement()
		self.made = {}

	def name(self, text: str) -> str:
		return factories.unique(f"{text} {self.language}")

	def save(self, doc, **values) -> dict:
		return self.accepted(self.desk.save(doc, **values))

	def new(self, doctype: str, **values) -> dict:
		return self.accepted(self.desk.new(doctype, **values))

	def call(self, method: str, **form):
		answer = self.desk.call(method, **form)
		assert answer.status == 200, f"{method}: {answer.text[:3000]}"
		return json.loads(answer.text).get("message")

	def permission(self, action: str, **form) -> None:
		"""A click in the Role Permissions Manager."""
		self.call(f"frappe.core.page.permission_manager.permission_manager.{action}", **form)

	def refused(self, doctype: str, **values) -> str:
		"""What a new form is refused with."""
		answer = self.desk.new(doctype, **values)
		assert answer.status == 417, answer.text[:2000]
		return frappe.utils.strip_html(desk_door.said(answer))

	def method(self, name: str, doc: dict):
		"""A button of a form: the method of the form's document, sent as it stands on the screen."""
		path = "/api/method/run_doc_method"
		with api_calls.request(self.desk.user, "POST", path, data={"method": name, "docs": frappe.as_json(doc)}):
			try:
				response = frappe.api.handle(frappe.request)
				frappe.db.commit()
			except Exception as error:
				response = frappe.app.handle_exception(error)
			return api_calls.Answer(response.status_code, response.mimetype, response.get_data())

	@staticmethod
	def accepted(answer) -> dict:
		assert answer.status == 200, f"{desk_door.said(answer)[:1500]} {answer.text[:2500]}"
		return frappe._dict(json.loads(answer.text)["docs"][0])


def give_profile(user: str) -> None:
	doc = frappe.get_doc("User", user)
	doc.update({"roles": [], "role_profile_name": PROFILE})
	doc.save(ignore_permissions=True)


def site_name() -> str:
	first, dot, rest = workers.site_of_process().partition(".")
	return f"{first}-thirty{dot}{rest}"


def make() -> str:
	"""A site like the one that the tests use, and equal to it; its name."""
	import snapshot
	from bench import find_bench

	site, bench = site_name(), find_bench()
	if os.environ.get("THIRTY_KEEP"):
		return site
	config = {"allow_tests": 1, "pause_scheduler": 1, "server_script_enabled": 1, "throttle_user_limit": 1000, "host_name": f"http://{site}"}
	snapshot.make_site(bench, workers.SITES[0], site, config)
	isolation.empty_engine(site)
	isolation.switch_on(site)
	return site


def migrate(site: str) -> str:
	"""As `bench migrate` does; what it printed."""
	bench = os.environ.get("BENCH_PATH") or frappe.utils.get_bench_path()
	done = subprocess.run(
		[sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, "migrate", "--skip-search-index"],
		cwd=Path(bench) / "sites",
		capture_output=True,
		text=True,
		timeout=600,
	)
	assert not done.returncode, done.stdout[-2000:] + done.stderr[-4000:]
	return done.stdout


@contextmanager
def opened(site: str):
	"""One test on it; what it commits stays for the next ones."""
	with (
		isolation.open_site(site),
		patch(isolation.MAILBOX_PASSWORDS),
		patch.object(frappe, "only_for", isolation.only_for),
		patch("frappe.utils.safe_exec.is_safe_exec_enabled", return_value=True),
		patch.object(plan_completeness, "require", lambda *_args, **_kwargs: None),  # not what is asked here
	):
		isolation.forget_guesses()
		yield
		frappe.db.commit()
	isolation.forget_process_caches()


def everything() -> dict[str, list[str]]:
	"""table -> its rows as texts, in order, without what is volatile; and how each table is built."""
	found = {}
	for (table,) in frappe.db.sql("show tables"):
		if table in VOLATILE_TABLES or table.startswith("__"):
			continue
		rows = frappe.db.sql(f"select * from `{table}`", as_dict=True)
		found[table] = sorted(_said(table, row) for row in rows if row.get("ref_doctype") != "Portal Settings")  # as above
		found[f"{table} as built"] = [frappe.db.sql(f"show create table `{table}`")[0][1].partition(" AUTO_INCREMENT=")[0]]
	frappe.db.commit()  # hold no lock on a table that another process alters
	return found


def _said(table: str, row: dict) -> str:
	if table == "tabSingles" and row["field"] in VOLATILE_SINGLES:
		row["value"] = None
	out = VOLATILE_COLUMNS | ({"name"} if table in NAMED_ANEW else set())
	return json.dumps({key: value for key, value in row.items() if key not in out}, default=str, sort_keys=True)


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
	lines = []
	for table in sorted(before.keys() | after.keys()):
		old, new = Counter(before.get(table, ())), Counter(after.get(table, ()))
		lines += [f"{table} lost {row[:600]}" for row in sorted((old - new).elements())]
		lines += [f"{table} got {row[:600]}" for row in sorted((new - old).elements())]
	return lines
