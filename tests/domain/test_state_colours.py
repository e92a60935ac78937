"""One table of colours: every state of its types has one, and no script keeps a table of its own beside it."""

import json
import re
from pathlib import Path

import pytest

from ops_delivery.domain import state_colours
from ops_delivery.domain.evidence import judging

APP = Path(__file__).resolve().parents[2] / "ops_delivery"
DOCTYPES = APP / "ops_delivery" / "doctype"
STATE = {"Routine Reading": "verdict"}
BESIDE = {"Routine Reading": {"Not Seen"}}  # of an object: no reading at all
KNOWN = {"gray", "green", "blue", "cyan", "orange", "red", "yellow", "purple"}


def choices(doctype):
	if doctype == "Evidence Snapshot":  # of a clause within it
		return {state.value for state in judging.State}
	name = doctype.lower().replace(" ", "_")
	fields = json.loads((DOCTYPES / name / f"{name}.json").read_text("utf-8"))["fields"]
	wanted = STATE.get(doctype) or next(f["fieldname"] for f in fields if f["fieldname"] in ("status", "state"))
	return {one for f in fields if f["fieldname"] == wanted for one in (f.get("options") or "").split("\n") if one}


@pytest.mark.parametrize("doctype", sorted(state_colours.COLOURS))
def test_each_state_has_a_colour_and_nothing_else_has(doctype):
	found = state_colours.COLOURS[doctype]
	assert set(found) - BESIDE.get(doctype, set()) == choices(doctype)
	assert set(found.values()) <= KNOWN


def test_no_script_has_a_table_of_the_same_words():
	tables = [set(found) for found in state_colours.COLOURS.values()]
	pairs = re.compile(r"""["']?([A-Z][\w ]*?)["']?: *["'](?:%s)["']""" % "|".join(sorted(KNOWN)))
	doubled = []
	for path in sorted(APP.rglob("*.js")):
		if "dist" in path.parts:
			continue
		for table in re.findall(r"\{[^{}]*\}", path.read_text("utf-8")):
			words = set(pairs.findall(table))
			if len(words) > 2 and any(words <= one for one in tables):
				doubled.append((path.relative_to(APP).as_posix(), sorted(words)))
	assert doubled == [], "ask ops_delivery.colour(type, state)"


def test_a_word_without_a_colour_is_gray():
	assert state_colours.of("Routine Task", "Missed") == "red" and state_colours.of("Note", "Missed") == "gray"
