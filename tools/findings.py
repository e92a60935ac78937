"""Compare what frapast and semgrep found with what is explained: python tools/findings.py frapast.json semgrep.json

findings.json names each finding that is none: by scanner and rule, why, and where (file, for frapast with the function). Ends
with 1 where a finding is not among them, and names what is explained but found no more. Standard library only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

EXPLAINED = Path(__file__).with_name("findings.json")
APP = "ops_delivery/"


def main(paths: list[str]) -> int:
	found = {finding for path in paths for finding in read(Path(path))}
	explained = {
		(scanner, rule, place)
		for scanner, rules in json.loads(EXPLAINED.read_text(encoding="utf-8")).items()
		for rule, entry in rules.items()
		for place in entry["where"]
	}
	for title, findings in (("not explained", found - explained), ("found no more", explained - found)):
		for scanner, rule, place in sorted(findings):
			print(f"{title}: {scanner} {rule} {place}")
	return 1 if found - explained else 0


def read(path: Path) -> Iterator[tuple[str, str, str]]:
	"""(scanner, rule, place) of each finding in a scanner's JSON."""
	report = json.loads(path.read_text(encoding="utf-8"))
	for finding in report.get("candidates", ()):
		yield "frapast", finding["rule_id"], f"{finding['file']}:{finding['function']}"
	for finding in report.get("results", ()):
		yield "semgrep", finding["check_id"].rpartition(".")[2], finding["path"].removeprefix(APP)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
