"""Test files handed to workers side by side."""

from balance import Report, keep, longest_first, read

JUNIT = """<testsuites><testsuite name="pytest">
<testcase classname="tests.site.test_clocks" name="a" time="1.5"/>
<testcase classname="tests.site.test_clocks.TestOne" name="b" time="0.5"><skipped/></testcase>
<testcase classname="tests.site.test_sweep" name="c" time="4"><failure/></testcase>
<testcase classname="tests.site.test_sweep" name="d" time="1"><error/></testcase>
</testsuite></testsuites>"""


def test_the_longest_come_first_and_unknown_ones_are_guessed_by_their_tests():
	counts = {"few.py": 2, "slow.py": 2, "new.py": 10, "small.py": 1}
	seconds = {"few.py": 2.0, "slow.py": 9.0, "gone.py": 99.0}
	assert longest_first(counts, seconds) == ["new.py", "slow.py", "small.py", "few.py"]
	assert longest_first(counts, {}) == ["new.py", "few.py", "slow.py", "small.py"]


def test_a_report_is_counted_and_timed_by_file(tmp_path):
	(tmp_path / "junit.xml").write_text(JUNIT)
	report = Report(tmp_path / "junit.xml")
	assert (report.passed, report.failed, report.skipped) == (1, 2, 1)
	assert report.seconds == {"test_clocks.py": 2.0, "test_sweep.py": 5.0}
	keep(tmp_path / "seconds.json", {"test_clocks.py": 9.0, "test_old.py": 1.0})
	keep(tmp_path / "seconds.json", report.seconds)
	assert read(tmp_path / "seconds.json") == {"test_clocks.py": 2.0, "test_old.py": 1.0, "test_sweep.py": 5.0}
	assert read(tmp_path / "none.json") == {}
