"""The table of versions and parts."""

import matrix
import pytest
from balance import Report
from parts import Outcome


def report(passed, failed=0, skipped=0):
	made = Report.__new__(Report)
	made.passed, made.failed, made.skipped = passed, failed, skipped
	return made


def test_the_table_has_a_line_a_version_and_a_column_a_part():
	new = {
		"install": Outcome("install", "", seconds=41.2),
		"site": Outcome("site", "FAILED", True, report(1200, 2, 3), 700.0),
		"browser": Outcome("browser", "FAILED (exit code 2)", True, report(5), 9.0),
		"pdf": Outcome("pdf", "85 KiB, warm 0.30 s", seconds=4.0),
	}
	old = {"install": Outcome("install", "FAILED: no", True), "smoke": Outcome("smoke", "", False, report(9), 60.0)}
	assert matrix.table([("15.103.0 / 15.102.0", new), ("15.44.1 / 15.40.0", old)]).splitlines() == [
		"| Frappe / ERPNext    | install | smoke          | site                                    | browser               | pdf                      |",
		"| ------------------- | ------- | -------------- | --------------------------------------- | --------------------- | ------------------------ |",
		"| 15.103.0 / 15.102.0 | 41 s    | –              | 1200 passed, 2 failed, 3 skipped, 700 s | FAILED: 5 passed, 9 s | 85 KiB, warm 0.30 s, 4 s |",
		"| 15.44.1 / 15.40.0   | FAILED  | 9 passed, 60 s | –                                       | –                     | –                        |",
	]


def test_old_versions_are_held_to_a_smoke_set():
	for version in ("15.103.0", "15.100.0", "16.13.0"):
		assert "site" in matrix.parts_for(version) and "smoke" not in matrix.parts_for(version), version
	assert "smoke" in matrix.parts_for("15.44.1")
	assert not {"site", "browser"} & set(matrix.parts_for("15.44.1"))


def test_logs_are_no_leavings():
	before = {"tabIssue: A", "tabRole: X", "Issue.name"}
	after = {"tabIssue: A", "Issue.name", "tabComment: 1", "tabVersion: 2", "tabRole: Ours"}
	assert matrix.compare(before, after) == ["left  tabRole: Ours", "taken tabRole: X"]


def test_benches_are_named_in_one_variable(make_bench_folder, monkeypatch):
	one, two = make_bench_folder("one"), make_bench_folder("two", "16.13.0")
	monkeypatch.setenv("BENCH_PATHS", f"{one.path}:{two.path}")
	assert [bench.version() for bench in matrix.named_benches()] == ["15.103.0", "16.13.0"]
	monkeypatch.setenv("BENCH_PATHS", f"{one.path}:/nowhere")
	assert matrix.main([]) == 1


@pytest.mark.parametrize("arguments", [["--parts", "install,nothing"], ["install"], ["--parts"]])
def test_a_part_that_is_none_is_refused(arguments, capsys):
	assert matrix.main(arguments) == 2
	assert "The parts are install" in capsys.readouterr().err
