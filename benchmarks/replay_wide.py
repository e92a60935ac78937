"""Writes a made-up log of whole tickets with many columns, and its mapping: what a large export looks like.

    python benchmarks/replay_wide.py FOLDER [--tickets 1000000] [--columns 71]

Then `python benchmarks/replay.py FOLDER/wide.csv --mapping FOLDER/wide.json --repeat 1` measures the replay of it.
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

START = datetime(2024, 1, 1)
MAPPING = {
	"format": "ops_delivery.mapping/1",
	"name": "wide",
	"shape": "tickets",
	"time_format": "%Y-%m-%d %H:%M:%S",
	"columns": {"ticket": "number", "created": "opened_at", "priority": "priority"},
	"priorities": {"1": "Urgent", "2": "High", "3": "Medium", "4": "Low"},
	"commitments": {
		"First Response": {"met_at": "responded_at"},
		"Resolution": {"met_at": "resolved_at", "paused_between": [["held_at", "resumed_at"]]},
	},
}
NAMES = ("number", "opened_at", "priority", "responded_at", "held_at", "resumed_at", "resolved_at")


def main() -> None:
	"""Writes wide.csv and wide.json."""
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("folder", type=Path)
	parser.add_argument("--tickets", type=int, default=1_000_000)
	parser.add_argument("--columns", type=int, default=71)
	options = parser.parse_args()
	rng = random.Random(16)
	options.folder.mkdir(parents=True, exist_ok=True)
	(options.folder / "wide.json").write_text(json.dumps(MAPPING, indent="\t"), "utf-8")
	fillers = [f"field_{i}" for i in range(options.columns - len(NAMES))]
	texts = [
		"",
		"",
		"Network",
		"user@example.com",
		"VPN does not connect from home",
		"true",
		"4711",
		"on hold, then solved",
	]
	rests = [
		",".join(f'"{text}"' if "," in text else text for text in rng.choices(texts, k=len(fillers)))
		for _ in range(500)
	]
	with open(options.folder / "wide.csv", "w", encoding="utf-8") as out:
		out.write(",".join([*NAMES, *fillers]) + "\n")
		for i in range(options.tickets):
			out.write(",".join(ticket(i, options.tickets, rng)) + "," + rests[i % 500] + "\n")


def ticket(i: int, of: int, rng: random.Random) -> list[str]:
	"""The mapped cells of one ticket; one in ten is held, one in twenty still open."""
	made = START + timedelta(seconds=i * 63_000_000 // of + rng.randrange(3600))
	answered = made + timedelta(seconds=rng.expovariate(1 / 7200))
	held = answered + timedelta(seconds=rng.expovariate(1 / 40_000)) if rng.random() < 0.1 else None
	resumed = held + timedelta(seconds=rng.expovariate(1 / 90_000)) if held else None
	solved = (
		(resumed or answered) + timedelta(seconds=rng.expovariate(1 / 130_000))
		if rng.random() < 0.95
		else None
	)
	times = [f"{at:%Y-%m-%d %H:%M:%S}" if at else "" for at in (answered, held, resumed, solved)]
	return [f"INC{i:07}", f"{made:%Y-%m-%d %H:%M:%S}", rng.choice("12334"), *times]


if __name__ == "__main__":
	main()
