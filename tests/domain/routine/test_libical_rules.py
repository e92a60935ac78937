"""Rules against the dates that libical expects of them: each is right, or is refused in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.recurrence import Moment, first, occurrences
from ops_delivery.domain.routine.rule import Rule

FILE = Path(__file__).parents[1] / "data" / "libical_rules.txt"
# What we say no to where libical answers, and why.
REFUSED = {
	"FREQ=YEARLY;BYMONTHDAY=-29,-1;COUNT=4": "rule_month_missing",  # other libraries take every month
}


def read(text: str) -> Moment:
	"""A date of the file; a trailing Z is local too."""
	day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
	if "T" not in text:
		return day
	return datetime(day.year, day.month, day.day, int(text[9:11]), int(text[11:13]), int(text[13:15]))  # noqa: DTZ001


def cases() -> list[tuple[str, str, list[str]]]:
	found = []
	for block in FILE.read_text("utf-8").split("\n\n"):
		said = dict(line.split(":", 1) for line in block.splitlines() if line and not line.startswith("#"))
		if said:
			found.append((said["RRULE"], said["DTSTART"], said["INSTANCES"].split(",")))
	return found


CASES = cases()


def test_the_file_has_its_cases():
	assert len(CASES) == 59
	assert set(REFUSED) <= {rule for rule, _start, _dates in CASES}


@pytest.mark.parametrize(("rule", "start", "dates"), CASES, ids=[f"{rule} from {start}" for rule, start, _ in CASES])
def test_as_libical_has_it(rule, start, dates):
	if rule in REFUSED:
		with pytest.raises(DomainError) as caught:
			next(occurrences(Rule.read(rule), read(start)))
		assert caught.value.code == REFUSED[rule]
		return
	found = first(Rule.read(rule), read(start), len(dates) + 1)
	assert found == [read(text) for text in dates]
