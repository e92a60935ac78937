"""One site for each process that runs tests: pytest-xdist has workers gw0, gw1 …, and ./test names a site for each."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))

import balance
import in_use
import pytest

SITES = os.environ.get("OPS_TEST_SITES", "ops-test.localhost").split()
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
ENDED = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}


def site_of_process() -> str:
	number = int(WORKER.removeprefix("gw")) if WORKER else 0
	if number >= len(SITES):
		raise pytest.UsageError(f"worker {number + 1} has no site: OPS_TEST_SITES names {len(SITES)}")
	return SITES[number]


def pytest_sessionstart(session):
	if (WORKER or not session.config.getoption("numprocesses", None)) and not session.config.option.collectonly:
		session.site_in_use = in_use.begin(Path(site_of_process()).absolute())  # we are in the bench's sites/


def pytest_sessionfinish(session, exitstatus):
	"""A run that got to its end has taken away what it inserted; one that was interrupted leaves its mark."""
	if (mark := getattr(session, "site_in_use", None)) and exitstatus in ENDED:
		in_use.end(mark)


def pytest_collection_modifyitems(items):
	"""Side by side the longest files come first, so that the workers end at about the same time."""
	if not WORKER:
		return
	files = [item.path.name for item in items]
	seconds = balance.read(Path(os.environ.get("OPS_TEST_SECONDS", "no such file")))
	ranks = balance.longest_first({name: files.count(name) for name in set(files)}, seconds)
	items.sort(key=lambda item: ranks.index(item.path.name))
