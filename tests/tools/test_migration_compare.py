"""The comparison of two snapshots of a site says what differs, and nothing where nothing does."""

import copy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "migration"))

import compare

BEFORE = {
	"now": "2026-03-02T01:00:00+00:00",
	"versions": {"frappe": "15.103.0"},
	"columns": {"Survey Response": {"score": "decimal(21,9)"}},
	"tables": {"Survey Response": {"a": {"score": 80.971659919}}},
	"singles": {},
	"clocks": {"Issue/1": {"explained": [{"elapsed": 60}], "differs": []}},
	"contents": {},
	"fingerprints": {"Rule Version/x": True},
	"reports": {"Customer Satisfaction": [{"score": 81.0}]},
	"files": {},
}


def after(change):
	changed = copy.deepcopy(BEFORE)
	changed["versions"] = {"frappe": "16.13.0"}
	change(changed)
	return changed


def test_nothing_differs_and_a_column_may_be_wider():
	assert compare.differences(BEFORE, after(lambda found: None)) == []
	wider = after(lambda found: found["columns"]["Survey Response"].update(score="decimal(21,12)"))
	assert compare.differences(BEFORE, wider) == []


@pytest.mark.parametrize(
	("change", "said"),
	[
		(
			lambda found: found["tables"]["Survey Response"]["a"].update(score=81.0),
			"/tables/Survey Response/a/score: 80.971659919 -> 81.0",
		),
		(lambda found: found["tables"]["Survey Response"].clear(), "/tables/Survey Response/a: gone"),
		(lambda found: found["tables"]["Survey Response"].update(b={}), "/tables/Survey Response/b: new"),
		(
			lambda found: found["columns"]["Survey Response"].update(score="decimal(21,1)"),
			"columns/Survey Response/score: decimal(21,9) has become decimal(21,1)",
		),
		(
			lambda found: found["clocks"]["Issue/1"]["differs"].append({"field": "elapsed"}),
			"clocks/Issue/1: its ledger gives another elapsed",
		),
		(
			lambda found: found["fingerprints"].update({"Rule Version/x": False}),
			"Rule Version/x: its fingerprint is broken",
		),
		(
			lambda found: found["reports"]["Customer Satisfaction"][0].update(score=80.9),
			"/reports/Customer Satisfaction/0/score: 81.0 -> 80.9",
		),
	],
)
def test_whatever_differs_is_said(change, said):
	assert any(line.startswith(said) for line in compare.differences(BEFORE, after(change)))
