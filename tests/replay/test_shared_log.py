"""The real log (UCI 2018, do Amaral, Fantinato and Peres, CC BY 4.0), where it is at hand."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ops_delivery.replay.cli import main

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("OPS_SHARED") or ROOT.parent / "shared")
LOG = SHARED / "data" / "incident_event_log.csv.gz"
AGREEMENT = ROOT / "benchmarks" / "agreement-incident-log.json"
GOOD_FRIDAY = date(2016, 3, 25)

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the shared incident log is not here")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
	folder = tmp_path_factory.mktemp("shared")
	out = {name: str(folder / name) for name in ("figures.json", "clocks.csv", "rejected.csv")}
	code = main(
		[
			*("replay", str(LOG), "--agreement", str(AGREEMENT), "--mapping", "servicenow-audit"),
			*(
				"--json",
				out["figures.json"],
				"--clocks",
				out["clocks.csv"],
				"--rejected",
				out["rejected.csv"],
			),
		]
	)
	assert code == 0
	return folder


def test_every_row_is_accounted_for(ran):
	figures = json.loads((ran / "figures.json").read_text("utf-8"))
	assert (figures["tickets"], figures["rows"], figures["rejected_rows"]) == (8000, 52_791, 5)
	for commitment in figures["commitments"].values():
		assert commitment["met"] + commitment["breached"] + commitment["running"] == 8000
		assert commitment["attainment"] == commitment["met"] / (commitment["met"] + commitment["breached"])
	assert all(count > 0 for count in figures["triggers"].values())


def test_the_rows_left_out_are_those_before_their_ticket(ran):
	with open(ran / "rejected.csv", encoding="utf-8-sig", newline="") as file:
		rows = [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
	assert rows == [
		(330, "before_created"),
		(336, "before_created"),
		(346, "before_created"),
		(351, "before_created"),
		(438, "before_created"),
	]


def test_the_clocks_agree_with_counting_day_by_day(ran):
	"""An independent reckoning of every tenth ticket: plain loops over days, nothing of the domain."""
	expected = by_hand(step=10)
	seen = 0
	with open(ran / "clocks.csv", encoding="utf-8-sig", newline="") as file:
		for line in csv.DictReader(file):
			key = (line["ticket"], line["commitment"])
			if key in expected:
				seen += 1
				got = (
					line["priority"],
					int(line["elapsed_s"]),
					int(line["paused_s"]),
					line["stopped"],
					line["state"],
				)
				assert got == expected[key], key
	assert seen == len(expected) == 1600


def by_hand(step: int) -> dict[tuple[str, str], tuple]:
	"""(ticket, commitment) -> (priority, elapsed, paused, stopped, state), by the rules of the issue."""
	targets = {
		"First Response": {"Urgent": 1, "High": 2, "Medium": 8, "Low": 24},
		"Resolution": {"Urgent": 8, "High": 24, "Medium": 48, "Low": 96},
	}
	names = {"1 - Critical": "Urgent", "2 - High": "High", "3 - Moderate": "Medium", "4 - Low": "Low"}
	tickets: dict[str, tuple[datetime, list]] = {}
	with gzip.open(LOG) as raw:
		for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig", newline="")):
			made, at = instant(row["opened_at"]), instant(row["sys_updated_at"])
			_, rows = tickets.setdefault(row["number"], (made, []))
			if at >= made:
				rows.append((at, row["incident_state"], names[row["priority"]]))
	for _, rows in tickets.values():
		rows.sort(key=lambda row: row[0])
	result = {}
	for number in list(tickets)[::step]:
		made, rows = tickets[number]
		for commitment, hours in targets.items():
			doing, since, elapsed, paused, stopped, priority = "run", made, 0, 0, None, rows[0][2]
			for at, state, after in rows:
				does = effect(commitment, state)
				if doing == "met":
					if commitment == "First Response" or does == "met":
						continue
				elif doing == "run":
					elapsed += working(since, at, priority == "Urgent")
				else:
					paused += working(since, at, priority == "Urgent")
				doing, since, priority = does, at, after
				stopped = at if does == "met" else None
			state = "breached" if elapsed > hours[priority] * 3600 else "met"
			result[number, commitment] = (priority, elapsed, paused, f"{stopped.isoformat()}+00:00", state)
	return result


def instant(text: str) -> datetime:
	return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 (all in one zone)


def effect(commitment: str, state: str) -> str:
	if commitment == "First Response":
		return "run" if state == "New" else "met"
	if state in ("Resolved", "Closed"):
		return "met"
	return "pause" if state.startswith("Awaiting") else "run"


def working(start: datetime, end: datetime, always: bool) -> int:
	"""Seconds from `start` to `end`, or those of them on weekdays from 8 to 20 but Good Friday."""
	if always:
		return int((end - start).total_seconds())
	total, day = 0, start.date()
	while day <= end.date():
		if day.weekday() < 5 and day != GOOD_FRIDAY:
			midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
			opens, closes = midnight + timedelta(hours=8), midnight + timedelta(hours=20)
			total += max(0, int((min(end, closes) - max(start, opens)).total_seconds()))
		day += timedelta(days=1)
	return total


@pytest.mark.parametrize("order", ["newest first", "shuffled"])
def test_the_same_rows_in_another_order_give_the_same_figures(ran, tmp_path, order):
	"""As most tools export: the newest first. In no order at all, the log's own count of updates tells equal times apart."""
	with gzip.open(LOG) as raw:
		header, *rows = io.TextIOWrapper(raw, "utf-8-sig", newline="").read().splitlines(keepends=True)
	rows.reverse()
	if order == "shuffled":
		random.Random(16).shuffle(rows)
	(tmp_path / "log.csv").write_text(header + "".join(rows), "utf-8")
	options = (
		"--agreement",
		str(AGREEMENT),
		"--mapping",
		"servicenow-audit",
		"--json",
		str(tmp_path / "f.json"),
	)
	assert main(["replay", str(tmp_path / "log.csv"), *options]) == 0
	before, after = (
		json.loads((folder / name).read_text("utf-8"))
		for folder, name in ((ran, "figures.json"), (tmp_path, "f.json"))
	)
	for key in set(before) - {"seconds"}:
		assert after[key] == before[key], key
