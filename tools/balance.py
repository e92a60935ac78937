"""In which order test files are given to workers that run side by side. Standard library only; the tests import it too."""

import json
import xml.etree.ElementTree as xml
from collections import defaultdict
from pathlib import Path


def longest_first(counts: dict[str, int], seconds: dict[str, float]) -> list[str]:
	"""The files, those first that took longest when last seen. One not seen yet counts as so many average tests."""
	known = [name for name in counts if name in seconds]
	tests = sum(counts[name] for name in known)
	average = sum(seconds[name] for name in known) / tests if tests else 1.0
	return sorted(counts, key=lambda name: (-seconds.get(name, counts[name] * average), name))


def read(path: Path) -> dict[str, float]:
	return json.loads(path.read_text()) if path.exists() else {}


def keep(path: Path, seconds: dict[str, float]) -> None:
	path.write_text(json.dumps({**read(path), **seconds}, indent=1))


class Report:
	"""What pytest's --junitxml says."""

	def __init__(self, path: Path):
		suites = xml.parse(path).getroot().iter("testsuite")
		cases = [case for suite in suites for case in suite.iter("testcase")]
		self.failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
		self.skipped = sum(case.find("skipped") is not None for case in cases)
		self.passed = len(cases) - self.failed - self.skipped
		self.seconds: dict[str, float] = defaultdict(float)  # by file
		for case in cases:
			module = next((part for part in case.get("classname", "").split(".") if part.startswith("test_")), "")
			self.seconds[f"{module}.py"] += float(case.get("time") or 0)
