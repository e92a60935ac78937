"""Random logs against a calculator that goes through every minute and shares no code with the replay; in any order of rows."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import a_mapping, an_agreement

ZONE = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
OFFICE = [(9 * 60, 12 * 60), (13 * 60, 18 * 60)]
TARGETS = {
	("First Response", "High"): 60,
	("First Response", "Low"): 240,
	("Resolution", "High"): 240,
	("Resolution", "Low"): 960,
}
LOGS = 12
Rows = list[tuple[datetime, str, str]]  # instant, state, priority


def agreement() -> dict:
	"""High counts day and night, Low in office hours of Berlin, whose clock changes at the end of March."""
	week = {
		day: [["09:00", "12:00"], ["13:00", "18:00"]]
		for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
	}
	nights = {day: [["00:00", "24:00"]] for day in (*week, "Saturday", "Sunday")}
	targets = [
		{
			"commitment": c,
			"priority": p,
			"target": f"{minutes}m",
			**({"calendar": "always"} if p == "High" else {}),
		}
		for (c, p), minutes in TARGETS.items()
	]
	return an_agreement(
		calendars={
			"office": {"time_zone": "Europe/Berlin", "week": week},
			"always": {"time_zone": "Europe/Berlin", "week": nights},
		},
		targets=targets,
	)


def works(at: datetime, priority: str) -> bool:
	"""Whether the minute that begins at an instant is service time."""
	if priority == "High":
		return True
	local = at.astimezone(ZONE)
	return local.weekday() < 5 and any(a <= local.hour * 60 + local.minute < b for a, b in OFFICE)


def effect(commitment: str, state: str) -> str:
	if commitment == "First Response":
		return "run" if state == "new" else "met"
	return {"done": "met", "wait": "pause"}.get(state, "run")


def by_minutes(rows: Rows, commitment: str, until: datetime) -> tuple[int, int, str]:
	"""(minutes used, minutes held, state) of a ticket that was made with its first row."""
	used = held = 0
	doing, priority, stopped = "run", rows[0][2], False
	at, waiting = rows[0][0], list(rows)
	while True:
		while waiting and waiting[0][0] == at:
			_, state, after = waiting.pop(0)
			does = effect(commitment, state)
			if stopped and (commitment == "First Response" or does == "met"):
				continue
			stopped, doing, priority = does == "met", does, after
		if at == until:
			break
		if not stopped and works(at, priority):
			used, held = used + (doing == "run"), held + (doing == "pause")
		at += MINUTE
	if used > TARGETS[commitment, priority]:
		return used, held, "breached"
	return used, held, "met" if stopped else "paused" if doing == "pause" else "running"


def a_log(seed: int) -> dict[str, Rows]:
	"""A dozen tickets of some days around a change of the clock."""
	rng = random.Random(seed)
	tickets: dict[str, Rows] = {}
	for number in range(12):
		at = datetime(2025, 3, 24, tzinfo=timezone.utc) + MINUTE * rng.randrange(7 * 1440)
		rows, state = [(at, "new", rng.choice(["High", "Low"]))], "new"
		for _ in range(rng.randrange(7)):
			at += MINUTE * max(1, int(rng.expovariate(1 / 500)))
			state = rng.choice(["open", "wait", "done", "done"])
			rows.append((at, state, rows[-1][2] if rng.random() < 0.8 else rng.choice(["High", "Low"])))
		tickets[f"T{number}"] = rows
	return tickets


def lines_of(tickets: dict[str, Rows]) -> list[str]:
	written = [
		(at, f"{number},{rows[0][0]:%Y-%m-%d %H:%M},{at:%Y-%m-%d %H:%M},{state},{priority}")
		for number, rows in tickets.items()
		for at, state, priority in rows
	]
	return [line for _at, line in sorted(written)]


MAPPING = a_mapping(time_zone="UTC")


@pytest.mark.parametrize("seed", range(LOGS))
def test_every_clock_is_what_counting_minutes_gives(replay, seed):
	tickets = a_log(seed)
	until = max(rows[-1][0] for rows in tickets.values())
	lines = lines_of(tickets)
	random.Random(seed).shuffle(lines)
	ran = replay(lines, agreement(), MAPPING)
	assert ran.code == 0, ran.err
	got = {
		(c["ticket"], c["commitment"]): (int(c["elapsed_s"]) // 60, int(c["paused_s"]) // 60, c["state"])
		for c in ran.clocks
	}
	assert got == {
		(number, commitment): by_minutes(rows, commitment, until)
		for number, rows in tickets.items()
		for commitment in ("First Response", "Resolution")
	}


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_rows_in_any_order_give_the_same_figures(replay, seed, rng):
	"""Also where rows of a ticket share their time: then the order of the mapping's states decides."""
	lines = lines_of(a_log(seed))
	for line in rng.sample(lines, 3):
		lines.append(line.replace(",open,", ",wait,").replace(",new,", ",open,"))
	results = []
	for _ in range(2):
		rng.shuffle(lines)
		ran = replay(lines, agreement(), MAPPING)
		figures = {key: value for key, value in ran.figures.items() if key != "seconds"}
		results.append((figures, sorted(map(str, ran.clocks))))
	assert results[0] == results[1]


@pytest.mark.parametrize("seed", range(3))
def test_a_log_backwards_gives_the_same_clocks(replay, seed):
	lines = lines_of(a_log(seed))
	forth, back = (
		sorted(map(str, replay(rows, agreement(), MAPPING).clocks)) for rows in (lines, lines[::-1])
	)
	assert forth == back
