"""What `./test host` compares, without a bench."""

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


def test_suites_compare_outcomes_and_not_how_a_test_fails(tmp_path):
	report = tmp_path / "report.xml"
	report.write_text(
		'<testsuites><testsuite><testcase classname="a.b.TestIssue" name="test_one"/>'
		'<testcase classname="TestIssue" name="test_two"><failure>Traceback\n  AssertionError: 1</failure></testcase></testsuite></testsuites>'
	)
	alone = suites.outcomes(report)
	assert alone == {"TestIssue.test_one": "passed", "TestIssue.test_two": "AssertionError: 1"}
	with_us = {"TestIssue.test_one": "ValidationError: no", "TestIssue.test_two": "AssertionError: 2"}
	(line,) = suites.compare("Issue", alone, with_us)
	assert line == "Issue: TestIssue.test_one: passed without us, ValidationError: no with us"
	assert suites.unlisted([line], PAGE) == []
	assert suites.unlisted([line.replace("one", "two")], PAGE)
	assert suites.outcomes(tmp_path / "none.xml") == {}
