"""What `./test host` compares, without a bench."""

import os
import subprocess
import sys
from pathlib import Path

from tests.host import suites, twins

PAGE = f"""
{twins.HEADING}

| What | Why |
|---|---|
| `tabSingles.value of Print Settings.*` | because |

{suites.HEADING}

| Test | Why |
|---|---|
| `TestIssue.test_one` | because |
"""


def database(columns=(), **tables):
	return {"schema": [list(row) for row in columns], "indexes": [], "tables": tables}


def issue(**values):
	return {"name": "ISS-1", "creation": "2026-03-02 09:00:00", "status": "Open", **values}


def test_twins_are_alike_but_for_time_and_chance():
	alone = database(tabIssue=[issue()], tabToDo=[{"name": "a1b2c3d4e5", "description": "see a1b2c3d4e5, 2026-03-02 09:00:01"}])
	with_us = database(
		tabIssue=[issue(creation="2026-03-02 09:05:00")],
		tabToDo=[{"name": "f6g7h8i9j0", "description": "see f6g7h8i9j0, 2026-03-02 09:05:01"}],
	)
	assert twins.compare(alone, with_us) == []


def test_lists_in_json_have_no_order():
	"""Frappe writes the roles of a user in the order of a set, spread over lines on 16."""
	one, other = ('{\n"roles": [\n{"role": "Desk"},\n{"role": "Sales"}]}', '{\n"roles": [{"role": "Sales"},\n{"role": "Desk"}]}')
	rows = [database(tabVersion=[{"name": "x", "data": data}]) for data in (one, other)]
	assert twins.compare(*rows) == []
	rows[1]["tables"]["tabVersion"][0]["data"] = other.replace("Sales", "Stock")
	assert len(twins.compare(*rows)) == 1


def test_what_differs_is_named_by_table_column_and_row():
	alone = database([("tabIssue", "status", "varchar")], tabIssue=[issue(), issue(name="ISS-2")])
	with_us = database(
		[("tabIssue", "status", "varchar"), ("tabIssue", "ops_more", "int")], tabIssue=[issue(status="Closed"), issue(name="ISS-3")]
	)
	lines = twins.compare(alone, with_us)
	assert lines[0].startswith("tabIssue.ops_more: column left")
	assert 'tabIssue.status of ISS-1: "Open" alone, "Closed" with us' in lines
	assert sum("row taken" in line and "ISS-2" in line for line in lines) == 1
	assert sum("row left" in line and "ISS-3" in line for line in lines) == 1


def test_logs_of_the_framework_are_passed_over():
	assert twins.compare(database(**{"tabError Log": []}), database(**{"tabError Log": [{"name": 1}]})) == []


def test_only_what_the_page_lists_may_differ():
	lines = ['tabSingles.value of Print Settings.pdf: "1" alone, "0" with us', "tabIssue.status of ISS-1: 1 alone, 2 with us"]
	assert twins.unlisted(lines, PAGE) == lines[1:]


def test_answers_are_compared_step_by_step():
	assert twins.compare_answers([[0, "a", 200, ""]], [[0, "a", 200, ""]]) == []
	assert len(twins.compare_answers([[0, "a", 200, ""]], [[0, "a", 403, "no"], [0, "b", 200, ""]])) == 2


class TestNoted:
	"""Runs of unittest in a process of its own, as the runner's are: what is noted is every result there."""

	def noted(self, tmp_path, body: str) -> dict[str, str]:
		report, script = tmp_path / "report.json", tmp_path / "of_theirs.py"
		script.write_text(
			"import json, sys, unittest\n"
			"from tests.host.suites import Noted\n"
			f"{body}\n"
			"noted = Noted(); noted.listen()\n"
			"try: unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))\n"
			"except AttributeError: pass\n"
			f"open({str(report)!r}, 'w').write(json.dumps(noted))\n"
		)
		root = Path(__file__).resolve().parents[2]
		subprocess.run([sys.executable, script], env={**os.environ, "PYTHONPATH": str(root)}, check=True, capture_output=True)
		return suites.outcomes(report)

	def test_what_came_of_each_test(self, tmp_path):
		found = self.noted(
			tmp_path,
			"""
class TestIssue(unittest.TestCase):
	def test_one(self): pass
	def test_two(self): self.assertEqual(1, 2)
	def test_three(self): raise ValueError("<b>no</b>")
	@unittest.skip("-")
	def test_four(self): pass
	@unittest.expectedFailure
	def test_five(self): self.fail()
	@unittest.expectedFailure
	def test_six(self): pass
	def test_seven(self):
		for number in (1, 2):
			with self.subTest(number): self.assertEqual(number, 2)

class TestNoRecords(unittest.TestCase):
	@classmethod
	def setUpClass(cls): raise ValueError("no records")
	def test_one(self): pass
""",
		)
		assert found.pop("setUpClass (__main__.TestNoRecords)") == "ValueError: no records"
		assert found == {
			"TestIssue.test_one": "passed",
			"TestIssue.test_two": "AssertionError: 1 != 2",
			"TestIssue.test_three": "ValueError: no",
			"TestIssue.test_four": "skipped",
			"TestIssue.test_five": "passed",
			"TestIssue.test_six": "did not fail, as was expected of it",
			"TestIssue.test_seven": "AssertionError: 1 != 2",
		}

	def test_a_runner_that_breaks_off_is_noted(self, tmp_path):
		found = self.noted(
			tmp_path,
			"""
class TestIssue(unittest.TestCase):
	def test_one(self):
		unittest.TextTestResult.addSuccess = lambda *_arguments: None.getvalue()
	def test_two(self): pass
""",
		)
		assert found == {suites.RUNNER: "broke off: AttributeError: 'NoneType' object has no attribute 'getvalue'"}
		both = suites.compare("api", found, found)
		assert both == ["api: the runner: broke off without us and with us, so tests are missing"]


def test_suites_compare_outcomes_and_not_how_a_test_fails(tmp_path):
	alone = {"TestIssue.test_one": "passed", "TestIssue.test_two": "AssertionError: 1"}
	with_us = {"TestIssue.test_one": "ValidationError: no", "TestIssue.test_two": "AssertionError: 2"}
	(line,) = suites.compare("Issue", alone, with_us)
	assert line == "Issue: TestIssue.test_one: passed without us, ValidationError: no with us"
	assert suites.unlisted([line], PAGE) == []
	assert suites.unlisted([line.replace("one", "two")], PAGE)
	assert suites.outcomes(tmp_path / "none.json") == {}
