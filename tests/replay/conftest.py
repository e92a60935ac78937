"""A small agreement, a small desk, and a way to run the command on them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops_delivery.replay.cli import main

OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HEADER = "id,made,changed,state,priority"


def an_agreement(**changes) -> dict:
	"""Mon–Fri 9–12 and 13–18 in Shanghai; Response 1 h / 4 h, Resolution 4 h / 16 h at High / Low."""
	return {
		"format": "ops_delivery.agreement/1",
		"agreement": "SA-1",
		"version": 3,
		"title": "Office network",
		"customer": "Example Ltd",
		"period": {"start": "2025-01-01", "end": "2025-12-31"},
		"calendar": "office",
		"calendars": {
			"office": {
				"time_zone": "Asia/Shanghai",
				"week": {day: OFFICE for day in WEEKDAYS},
				"exceptions": [],
			},
			"always": {
				"time_zone": "Asia/Shanghai",
				"week": {day: [["00:00", "24:00"]] for day in (*WEEKDAYS, "Saturday", "Sunday")},
			},
		},
		"priorities": ["Low", "High"],
		"default_priority": "Low",
		"targets": [
			{"commitment": "First Response", "priority": "High", "target": "1h"},
			{"commitment": "First Response", "priority": "Low", "target": "4h"},
			{"commitment": "Resolution", "priority": "High", "target": "4h"},
			{"commitment": "Resolution", "priority": "Low", "target": "16h"},
		],
		"escalation": {"policy": "", "version": 1, "steps": []},
		**changes,
	}


def a_mapping(**changes) -> dict:
	"""A log of updates with the states new, open, wait, done."""
	return {
		"format": "ops_delivery.mapping/1",
		"name": "desk",
		"shape": "updates",
		"time_format": "%Y-%m-%d %H:%M",
		"columns": {
			"ticket": "id",
			"created": "made",
			"event_time": "changed",
			"state": "state",
			"priority": "priority",
		},
		"states": ["new", "open", "wait", "done"],
		"priorities": {"1": "High", "2": "Low"},
		"commitments": {
			"First Response": {"met": {"not_in": ["new"]}},
			"Resolution": {"paused": ["wait"], "met": ["done"], "reopens": True},
		},
		**changes,
	}


@dataclass
class Ran:
	"""What a run of the command left behind."""

	code: int
	out: str
	err: str
	folder: Path

	@property
	def figures(self) -> dict:
		return json.loads((self.folder / "figures.json").read_text("utf-8"))

	@property
	def clocks(self) -> list[dict[str, str]]:
		with open(self.folder / "clocks.csv", encoding="utf-8-sig", newline="") as file:
			return list(csv.DictReader(file))

	@property
	def rejected(self) -> list[dict[str, str]]:
		with open(self.folder / "rejected.csv", encoding="utf-8-sig", newline="") as file:
			return list(csv.DictReader(file))

	def clock(self, ticket: str, commitment: str) -> dict[str, str]:
		"""The one line of a ticket's commitment."""
		(line,) = [c for c in self.clocks if (c["ticket"], c["commitment"]) == (ticket, commitment)]
		return line


@pytest.fixture
def replay(tmp_path, capsys):
	"""Runs `replay` on rows (text lines under HEADER, or a whole file as str or bytes)."""

	def run(rows, agreement=None, mapping=None, *more: str) -> Ran:
		if isinstance(rows, list):
			rows = "\n".join([HEADER, *rows]) + "\n"
		log = tmp_path / "log.csv"
		log.write_bytes(rows if isinstance(rows, bytes) else rows.encode())
		(tmp_path / "agreement.json").write_text(json.dumps(agreement or an_agreement()), "utf-8")
		(tmp_path / "desk.json").write_text(json.dumps(mapping or a_mapping()), "utf-8")
		arguments = ["replay", str(log), "--agreement", str(tmp_path / "agreement.json")]
		if mapping is not False:
			arguments += ["--mapping", str(tmp_path / "desk.json")]
		for option, name in (
			("json", "figures.json"),
			("clocks", "clocks.csv"),
			("rejected", "rejected.csv"),
		):
			arguments += [f"--{option}", str(tmp_path / name)]
		code = main([*arguments, *more])
		captured = capsys.readouterr()
		return Ran(code, captured.out, captured.err, tmp_path)

	return run
