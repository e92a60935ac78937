"""The scripts that decide something on the device (outbox, drafts, live clock), by Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = 18  # the first Node that has it


def node() -> str | None:
	found = shutil.which("node")
	if not found:
		return None
	version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
	return found if int(version.lstrip("v").split(".")[0]) >= OLDEST else None


@pytest.mark.skipif(not node(), reason="Node 18 or later is not here")
def test_the_scripts_of_the_device():
	files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
	assert len(files) >= 3
	run = subprocess.run([node(), "--test", *files], capture_output=True, text=True, cwd=ROOT, timeout=120)
	assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
