"""The small logs that went wrong, where they are at hand: each is read right, or refused in words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ops_delivery.replay.cli import main

SHARED = Path(os.environ.get("OPS_SHARED") or Path(__file__).parents[3] / "shared")
FOLDER = SHARED / "data" / "replay"
ISO, DAY_FIRST = "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared ticket logs are not here")

# log, mapping, its time format if another, exit code, (met, breached, running) of Resolution, what is said
CASES = [
	("ampm.csv", "ampm", None, 2, None, "has %p behind a clock of 24 hours"),
	("ampm.csv", "ampm", "%d/%b/%y %I:%M %p", 0, (2, 0, 0), ""),
	("excel_sep.csv", "semi", None, 0, (1, 0, 0), ""),
	("semicolon.csv", "semi", None, 0, (1, 0, 0), ""),
	("semicolon.csv", "B", ISO, 0, (1, 0, 0), ""),
	("hold.csv", "hold", None, 3, (2, 0, 0), "its Resolution is left out"),
	("mixed_dm.csv", "B", DAY_FIRST, 2, None, "has 14 as its month"),
	("mixed_dm.csv", "B", "%m/%d/%Y %H:%M", 0, (1, 1, 0), ""),
	("newest_first.csv", "event", None, 0, (1, 0, 0), "the newest rows come first"),
	("one_bad_milestone.csv", "B", ISO, 3, (1, 1, 0), "its First Response is left out"),
	("one_bad_milestone.csv", "B", None, 2, None, "its times are not written as"),
	("truncated_row.csv", "B", ISO, 3, (2, 0, 0), "only 3/5 cells"),
	("typo_year.csv", "B", ISO, 3, (0, 0, 1), "lies far from all other times"),
	("unclosed_quote.csv", "B", ISO, 3, (1, 2, 0), "line 3: 2: a quotation mark is opened and never closed"),
	("us_dates.csv", None, None, 0, (2, 0, 0), "dates are read month/day"),
	("zh_ampm.csv", "zhampm", None, 0, (1, 0, 0), ""),
]


@pytest.mark.parametrize(("log", "mapping", "time_format", "code", "resolution", "said"), CASES)
def test_right_or_refused_in_words(tmp_path, capsys, log, mapping, time_format, code, resolution, said):
	arguments = ["replay", str(FOLDER / log), "--agreement", str(FOLDER / "agreement.json")]
	if mapping:
		content = json.loads((FOLDER / f"{mapping}.map.json").read_text("utf-8"))
		if time_format:
			content["time_format"] = time_format
		(tmp_path / "map.json").write_text(json.dumps(content), "utf-8")
		arguments += ["--mapping", str(tmp_path / "map.json")]
	assert main([*arguments, "--json", str(tmp_path / "f.json")]) == code
	assert said in capsys.readouterr().err
	if resolution:
		figures = json.loads((tmp_path / "f.json").read_text("utf-8"))["commitments"]["Resolution"]
		assert tuple(figures[name] for name in ("met", "breached", "running")) == resolution
