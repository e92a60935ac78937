"""What docs/host.md lists under a heading: the first column of its table, names in backticks, * for anything."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "host.md"


def patterns(heading: str, page: str | None = None) -> list[re.Pattern]:
	"""The names under a heading of the page (docs/host.md unless its text is given), as patterns."""
	text = (PAGE.read_text() if page is None else page).partition(heading)[2].partition("\n## ")[0]
	names = [
		name
		for line in text.splitlines()
		if line.startswith("| `")
		for name in re.findall(r"`([^`]+)`", line.split("|")[1])
	]
	return [re.compile(re.escape(name).replace(r"\*", ".*")) for name in names]
