"""The host's own tests, with this app and without it. Run by `./test host suites [names]`.

Two sites of one snapshot: on one the app is installed, everything of it is switched on, and the customer whom the host's tests use
has an agreement in force. On both the same suites run one after another, each in a process of its own, by Frappe's own runner.
Every test whose outcome differs has to be listed in docs/host.md (*The host's own tests*) with its reason.

On a site, by the bench's Python from sites/:

suites.py SITE records                the host's test records, on both
suites.py SITE agree                  switch on, and an agreement for the tests' customer
suites.py SITE run REPORT [options]   `run-tests` with these options; what came of each test goes to REPORT as JSON
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import unittest
from pathlib import Path

HEADING = "## The host's own tests"
CUSTOMERS = ("_Test Customer", "_Test Customer 1")
NO_RECORDS = "--skip-test-records"
RUNNER = "the runner"  # in the place of a test, where it came to no end
# name -> what Frappe's runner is told
SUITES = {
	"Issue": ("--doctype", "Issue"),
	"Service Level Agreement": ("--doctype", "Service Level Agreement"),
	"Task": ("--doctype", "Task"),
	# their test records lead to a DocType of an app that is not on every bench: they are made before, as far as they can be
	"Timesheet": ("--doctype", "Timesheet", NO_RECORDS),
	"Maintenance Schedule": ("--doctype", "Maintenance Schedule", NO_RECORDS),
	"Customer": ("--doctype", "Customer"),
	"Stock Entry": ("--doctype", "Stock Entry", NO_RECORDS),
	"permissions": ("--module", "frappe.tests.test_permissions"),
	"client": ("--module", "frappe.tests.test_client"),
	"api": ("--module", "frappe.tests.test_api"),
	"api v2": ("--module", "frappe.tests.test_api_v2"),
	"frappe client": ("--module", "frappe.tests.test_frappe_client"),
	"e-mail": ("--module", "frappe.tests.test_email"),
	"incoming mail": ("--doctype", "Email Account"),
	"communication": ("--doctype", "Communication"),
	"workflow": ("--doctype", "Workflow"),
	"files": ("--doctype", "File"),
	"data import": ("--module", "frappe.core.doctype.data_import.test_importer"),
	"assignment": ("--module", "frappe.tests.test_assign"),
	"assignment rule": ("--doctype", "Assignment Rule"),
	"web form": ("--doctype", "Web Form"),
	"portal web form": ("--module", "frappe.tests.test_webform"),
	"website": ("--module", "frappe.tests.test_website"),
	"print": ("--module", "frappe.tests.test_printview"),
	"print format": ("--doctype", "Print Format"),
	"lists": ("--module", "frappe.tests.test_db_query"),
	"report view": ("--module", "frappe.tests.test_reportview"),
	"search": ("--module", "frappe.tests.test_search"),
	"rename": ("--module", "frappe.tests.test_rename_doc"),
	"to do": ("--doctype", "ToDo"),
	"contact": ("--doctype", "Contact"),
	"event": ("--doctype", "Event"),
	"share": ("--doctype", "DocShare"),
	"follow": ("--doctype", "Document Follow"),
	"auto e-mail report": ("--doctype", "Auto Email Report"),
	"linked with": ("--module", "frappe.tests.test_linked_with"),
	"form load": ("--module", "frappe.tests.test_form_load"),
	"boot": ("--module", "frappe.tests.test_boot"),
}


def outcomes(report: Path) -> dict[str, str]:
	"""Test -> passed, skipped, or the last line of how it failed. Empty where the runner came to no tests."""
	if not report.exists() or not report.stat().st_size:
		return {}
	return json.loads(report.read_text())


class Noted(dict):
	"""Notes what comes of each test that unittest runs in this process, whoever's runner and result that is: the option for an
	XML report does nothing on 16."""

	def listen(self) -> None:
		failed = lambda test, error: self.note(test, _last_line(f"{error[0].__name__}: {error[1]}"))  # noqa: E731
		self.wrap("addSuccess", lambda test: self.note(test, "passed"))
		self.wrap("addSkip", lambda test, _reason: self.note(test, "skipped"))
		self.wrap("addExpectedFailure", lambda test, _error: self.note(test, "passed"))
		self.wrap("addUnexpectedSuccess", lambda test: self.note(test, "did not fail, as was expected of it"))
		self.wrap("addError", failed)
		self.wrap("addFailure", failed)
		self.wrap("addSubTest", lambda test, _part, error: error and failed(test, error))
		theirs = unittest.TextTestRunner.run

		def whole(runner, tests):
			try:
				return theirs(runner, tests)
			except Exception as error:
				self[RUNNER] = _last_line(f"broke off: {type(error).__name__}: {error}")
				raise

		unittest.TextTestRunner.run = whole

	def wrap(self, method: str, note) -> None:
		theirs = getattr(unittest.TestResult, method)

		def ours(result, *arguments):
			note(*arguments)
			return theirs(result, *arguments)

		setattr(unittest.TestResult, method, ours)

	def note(self, test, outcome: str) -> None:
		"""What failed once stays so. A class that could not be set up has no test: its own words name it."""
		method = getattr(test, "_testMethodName", None)
		name = f"{type(test).__name__}.{method}" if method else str(test)
		if _kind(self.get(name, "")) != "failed" or name not in self:
			self[name] = outcome


def _last_line(text: str) -> str:
	lines = [line.strip() for line in re.sub(r"<[^>]+>", "", text).splitlines() if line.strip()]
	return (lines[-1] if lines else "failed")[:300]


def compare(suite: str, alone: dict[str, str], with_us: dict[str, str]) -> list[str]:
	"""What came out otherwise: `suite: test: …`. How a test fails is not compared where it fails both times."""
	lines = []
	for test in sorted(alone.keys() | with_us.keys()):
		here, there = alone.get(test, "not run"), with_us.get(test, "not run")
		if _kind(here) != _kind(there):
			lines.append(f"{suite}: {test}: {here} without us, {there} with us")
		elif test == RUNNER:
			lines.append(f"{suite}: {RUNNER}: broke off without us and with us, so tests are missing")
	return lines


def _kind(outcome: str) -> str:
	return outcome if outcome in ("passed", "skipped", "not run") else "failed"


def unlisted(lines: list[str], page: str | None = None) -> list[str]:
	from tests.host.listed import patterns  # not on a site, where this file runs by itself

	known = patterns(HEADING, page)
	return [line for line in lines if not any(pattern.fullmatch(line.split(": ")[1]) for pattern in known)]


# On a site


def records() -> None:
	"""The records that the host's tests stand on: they name the customer."""
	import frappe

	frappe.set_user("Administrator")
	frappe.local.test_objects = frappe._dict()
	for hook in frappe.get_hooks("before_tests"):
		frappe.get_attr(hook)()
	if hasattr(importlib.import_module("erpnext.tests.utils"), "BootStrapTestData"):
		return  # 16: the import made ERPNext's, and each class of Frappe's tests makes its own
	from frappe import test_runner

	dependencies = test_runner.get_dependencies
	test_runner.get_dependencies = lambda doctype: [
		name for name in dependencies(doctype) if name == "[Select]" or frappe.db.exists("DocType", name)
	]
	for doctype in ("Customer", "Timesheet", "Maintenance Schedule", "Stock Entry"):
		test_runner.make_test_records(doctype, commit=True)


def agree() -> None:
	"""Everything on for everybody, and the rule for customers with an agreement."""
	sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
	import frappe
	import isolation
	import scenario
	from frappe.utils import add_days, nowdate

	# ERPNext's tests on 16 have companies, and none by default
	company = frappe.defaults.get_global_default("company") or frappe.get_all("Company", order_by="creation", pluck="name", limit=1)[0]
	isolation.switch({**isolation.ALL_ON, "issue_rule": "By Customer"})
	for customer in CUSTOMERS:
		if frappe.db.exists("Customer", customer):
			scenario.agreement(
				customer, company=company, start_date=add_days(nowdate(), -400), end_date=add_days(nowdate(), 400)
			)
	print(frappe.db.count("Service Agreement", {"docstatus": 1}), "agreements in force")


def run(site: str, report: str, *told: str) -> None:
	"""Frappe's own command, listened to."""
	_end_sessions(site)
	import frappe
	from frappe.utils import bench_helper

	if hasattr(frappe, "in_test"):  # 16 makes records when they are asked for, and refuses the option
		told = tuple(option for option in told if option != NO_RECORDS)
		_leave_out_what_is_not_there()
	noted = Noted()
	noted.listen()
	sys.argv = ["frappe", "frappe", "--site", site, "run-tests", *told]
	try:
		bench_helper.main()
	finally:
		Path(report).write_text(json.dumps(noted, indent=0))


def _end_sessions(site: str) -> None:
	"""What the suites before left: on 16.13 a User who has an open session is printed without end."""
	import frappe

	frappe.init(site=site)
	frappe.connect()
	frappe.db.delete("Sessions")
	frappe.db.commit()
	frappe.destroy()


def _leave_out_what_is_not_there() -> None:
	"""ERPNext's links lead to a DocType of the app payments, which is not on every bench: as records() leaves it out on 15."""
	import frappe
	from frappe.tests.utils import generators

	theirs = generators.get_missing_records_doctypes
	generators.get_missing_records_doctypes = lambda doctype, visited=None: (
		theirs(doctype, visited) if frappe.db.exists("DocType", doctype) else []
	)


def main(site: str, command: str, *arguments: str) -> None:
	if command == "run":
		return run(site, *arguments)
	import frappe

	frappe.init(site=site)
	frappe.connect()
	frappe.flags.in_test = command == "records"
	if hasattr(frappe, "in_test"):  # 16
		frappe.in_test = frappe.flags.in_test
	try:
		{"records": records, "agree": agree}[command]()
		frappe.db.commit()
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main(*sys.argv[1:])
