"""Which lines the site tests ran, as a data file of coverage.py; what they are is recorded by guards.py.

    BENCH_PATH=BENCH python benchmarks/guards.py --record
    python -m venv /tmp/coverage && /tmp/coverage/bin/pip install coverage
    /tmp/coverage/bin/python benchmarks/site_lines.py          writes artifacts/guards/.coverage and says the shares
    COVERAGE_FILE=artifacts/guards/.coverage /tmp/coverage/bin/coverage report -m --include 'ops_delivery/permissions/*'
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from coverage import Coverage, CoverageData

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "artifacts" / "guards"
PARTS = ("permissions", "services", "domain", "api", "setup")


def main() -> int:
	data = CoverageData(str(KEPT / ".coverage"))
	data.erase()
	records = [json.loads(path.read_text()) for path in KEPT.glob("test_*.py.json")]
	for found in records:
		# an empty file of the app has no statement, and coverage.py does not ask for it
		data.add_lines({str(ROOT / path): lines for path, lines in found["lines"].items() if (ROOT / path).exists()})
	data.write()
	print(f"{len(records)} files of site tests, {sum(len(found['seconds']) for found in records)} tests")
	for part in PARTS:
		coverage = Coverage(data_file=str(KEPT / ".coverage"), config_file=False)
		coverage.load()
		said = io.StringIO()
		share = coverage.report(include=[f"{ROOT}/ops_delivery/{part}/*"], file=said, precision=1)
		total = said.getvalue().strip().splitlines()[-1].split()
		print(f"{part:<12} {int(total[1]) - int(total[2])} of {total[1]} lines, {share:.1f} %")
	return 0


if __name__ == "__main__":
	sys.exit(main())
