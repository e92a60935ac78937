"""The mark of a site that tests are using."""

import subprocess
import sys
from pathlib import Path

import in_use
import pytest

TOOLS = Path(in_use.__file__).parent
KILLED = "import os, sys, in_use, pathlib; m = in_use.begin(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"


def test_a_run_that_ends_leaves_no_mark(tmp_path):
	assert not in_use.left_behind(tmp_path)
	mark = in_use.begin(tmp_path)
	assert (tmp_path / in_use.NAME).exists()
	in_use.end(mark)
	assert not in_use.left_behind(tmp_path)


def test_a_run_that_is_killed_leaves_its_mark(tmp_path):
	done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], env={"PYTHONPATH": str(TOOLS)})
	assert done.returncode == -9
	assert in_use.left_behind(tmp_path)
	in_use.forget(tmp_path)
	assert not in_use.left_behind(tmp_path)


def test_a_site_is_used_by_one_at_a_time(tmp_path):
	mark = in_use.begin(tmp_path)
	with pytest.raises(RuntimeError, match="other tests run"):
		in_use.begin(tmp_path)
	in_use.end(mark)


def test_a_site_that_is_not_there_was_not_left(tmp_path):
	assert not in_use.left_behind(tmp_path / "none")
