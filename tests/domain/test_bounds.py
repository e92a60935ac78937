"""Every number that people type has its bounds, in one place; every setting says them and what it does (6.3.b)."""

import json
import re
from pathlib import Path

import pytest

from ops_delivery.domain.bounds import BOUNDS, FREE, within

DOCTYPES = Path(__file__).parents[2] / "ops_delivery" / "ops_delivery" / "doctype"
NUMBERS = ("Int", "Float", "Percent", "Currency", "Duration")
UNITS = re.compile(r"day|hour|minute|second|month|%|percent|times|number|batch|attempts|appeals|share|weight|scor|rank|level", re.I)


def types():
	for path in sorted(DOCTYPES.glob("*/*.json")):
		made = json.loads(path.read_text(encoding="utf-8"))
		if made.get("doctype") == "DocType":
			yield made


def typed(made):
	return [df for df in made["fields"] if df["fieldtype"] in NUMBERS and not df.get("read_only")]


def test_every_number_that_is_typed_has_bounds_or_is_a_measured_value():
	missing = {
		(made["name"], df["fieldname"])
		for made in types()
		for df in typed(made)
		if df["fieldname"] not in BOUNDS.get(made["name"], {}) and df["fieldname"] not in FREE.get(made["name"], ())
	}
	assert missing == set()


def test_bounds_are_of_fields_that_there_are_and_hold_their_defaults():
	there = {made["name"]: {df["fieldname"]: df for df in made["fields"]} for made in types()}
	for doctype, fields in BOUNDS.items():
		for field, (least, most) in fields.items():
			assert least < most
			default = there[doctype][field].get("default")
			assert default is None or least <= float(default) <= most, (doctype, field)


@pytest.mark.parametrize("field", sorted(BOUNDS["Ops Delivery Settings"]))
def test_a_setting_says_its_bounds_its_unit_and_what_it_does(field):
	made = next(made for made in types() if made["name"] == "Ops Delivery Settings")
	df = next(df for df in made["fields"] if df["fieldname"] == field)
	least, most = BOUNDS["Ops Delivery Settings"][field]
	assert df["description"].startswith(f"{least} to {most}. ") and len(df["description"]) > 30
	assert UNITS.search(df["label"])


MONEY, PIECES, TEN_YEARS, TEN_THOUSAND_HOURS = 10**12, 10**6, 3660, 10_000 * 3600
# (what tells the kind of a number: its type or the words of its name, and how far it goes)
KINDS = (
	(lambda df: df["fieldtype"] == "Percent", (0, 100)),
	(lambda df: df["fieldtype"] == "Currency", (0, MONEY)),
	(lambda df: df["fieldtype"] == "Duration", (0, TEN_THOUSAND_HOURS)),
	(lambda df: df["fieldname"] in ("quantity", "used"), (0, PIECES)),
	(lambda df: df["fieldname"].endswith("_hours"), (0, 24)),  # of one visit
	(lambda df: df["fieldname"] == "travel_minutes", (0, 24 * 60)),
	(lambda df: df["fieldname"] in ("digest_minutes", "repeat_minutes"), (0, 7 * 24 * 60)),
	(lambda df: df["fieldname"] in ("amount", "minutes"), (0, 366 * 24 * 60)),
	(
		lambda df: df["fieldname"]
		in ("days", "offset_days", "duration_days", "trial_days", "grace_days", "limit_days", "renewal_notice_days", "print_days"),
		(0, TEN_YEARS),
	),
)
# of these nought would mean nothing, or do harm; everywhere else it says "none", "at once" or "no limit"
NOT_NOUGHT = {
	"approvals", "at_least", "complaint_answer_days", "days_to_answer", "every", "fewest_answers", "lag_alarm_seconds", "level", "link_days",
	"log_days", "months", "rank", "reminder_days", "retry_limit", "sweep_batch", "unseen_days",
}  # fmt: skip


def test_numbers_of_one_kind_go_as_far_everywhere():
	there = {made["name"]: {df["fieldname"]: df for df in made["fields"]} for made in types()}
	told = [
		(doctype, field, bound, goes)
		for doctype, fields in BOUNDS.items()
		for field, bound in fields.items()
		for is_of, goes in KINDS
		if is_of(there[doctype][field])
	]
	assert len(told) > 35
	assert [(doctype, field, bound) for doctype, field, bound, goes in told if bound != goes] == []


MOST = {
	20: {"contact_level", "deemed_notices", "level", "retry_limit"},
	90: {"reminder_days"},
	99: {"approvals"},
	120: {"months", "renewal_months"},
	180: {"complaint_answer_days", "days_to_answer"},
	365: {"days_before_end", "days_until_due", "deemed_after_days", "link_days"},
	1000: {"fewest_answers", "mails_per_hour", "max_repeats", "rank", "readings_needed", "sweep_batch"},
	100_000: {"at_least", "position", "sequence"},
}


@pytest.mark.parametrize("most", MOST)
def test_counts_and_terms_end_where_nobody_can_mean_more(most):
	found = {field: bound[1] for fields in BOUNDS.values() for field, bound in fields.items() if field in MOST[most]}
	assert found == dict.fromkeys(MOST[most], most)


def test_nought_is_taken_but_where_it_would_mean_nothing():
	above = {field for fields in BOUNDS.values() for field, (least, _most) in fields.items() if least > 0}
	assert above == NOT_NOUGHT
	assert min(least for fields in BOUNDS.values() for least, _most in fields.values()) == 0
	ones = {least for fields in BOUNDS.values() for field, (least, _most) in fields.items() if least > 0 and field not in ("log_days", "lag_alarm_seconds")}
	assert ones == {1}


def test_what_was_stored_before_is_read_within_them():
	assert within("Ops Delivery Settings", "log_days", -1) == 30
	assert within("Ops Delivery Settings", "sweep_batch", 99_999_999) == 1000
	assert within("Ops Delivery Settings", "link_days", 30) == 30
