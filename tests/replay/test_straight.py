"""The short way for clocks that ran straight through says what the domain's ledger says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.replay import engine, log_file, reading
from ops_delivery.replay.follower import Follower
from ops_delivery.replay.mapping_file import parse

from .conftest import a_mapping, an_agreement

MINUTES = st.integers(0, 60 * 24 * 20)
KINDS = [
	("Warning", "Before"),
	("Alarm", "At"),
	("Alarm", "After"),
	("Manager Route", "After"),
	("Expert Route", "Before"),
]


@st.composite
def steps(draw) -> list[dict]:
	found = []
	for i in range(draw(st.integers(1, 4))):
		kind, moment = draw(st.sampled_from(KINDS))
		step = {"key": f"s{i}", "kind": kind, "moment": moment}
		if moment != "At":
			basis = draw(st.sampled_from(["Share of Target", "Working Minutes", "Wall Minutes"]))
			step |= {
				"basis": basis,
				"amount": draw(st.integers(1, 100 if basis.startswith("Share") else 3000)),
			}
		if draw(st.booleans()):
			step |= {"repeat_minutes": draw(st.integers(1, 3000)), "max_repeats": draw(st.integers(1, 4))}
		found.append(step)
	return found


@given(
	steps(), st.lists(st.tuples(MINUTES, st.none() | MINUTES, st.sampled_from("12")), min_size=1, max_size=12)
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_straight_clock_is_what_its_events_make_of_it(tmp_path, monkeypatch, policy, tickets):
	start = datetime(2025, 1, 6, 7)  # noqa: DTZ001
	rows = ["id,made,changed,state,priority"]
	for i, (made, lasted, priority) in enumerate(tickets):
		at = start + timedelta(minutes=made)
		rows.append(f"T{i},{at:%Y-%m-%d %H:%M},{at:%Y-%m-%d %H:%M},new,{priority}")
		if lasted is not None:
			rows.append(
				f"T{i},{at:%Y-%m-%d %H:%M},{at + timedelta(minutes=lasted):%Y-%m-%d %H:%M},done,{priority}"
			)
	(tmp_path / "log.csv").write_text("\n".join(rows), "utf-8")
	terms = Terms.from_dict(an_agreement(escalation={"policy": "P", "version": 1, "steps": policy}))
	log = log_file.read(str(tmp_path / "log.csv"), parse(json.dumps(a_mapping()), "desk"), "Asia/Shanghai")
	short = engine.run(log, terms)
	with monkeypatch.context() as patched:
		patched.setattr(Follower, "_straight", lambda self, ticket, course: False)
		long = engine.run(log, terms)
	assert list(short.lines) == list(long.lines)
	assert short.triggers == long.triggers
