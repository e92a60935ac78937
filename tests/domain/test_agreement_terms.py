"""Agreement terms and the file that carries them."""

import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.agreement_terms import FORMAT, Target, Terms, format_duration, parse_duration
from ops_delivery.domain.errors import DomainError
from tests.domain.samples import ALWAYS, HOUR, OFFICE

FILE = {
	"format": FORMAT,
	"agreement": "SA-0001",
	"version": 2,
	"title": "Data centre",
	"customer": "Longhua Hospital",
	"period": {"start": "2026-01-01", "end": "2026-12-31"},
	"calendar": "5x8",
	"calendars": {"5x8": OFFICE.to_dict(), "7x24": ALWAYS.to_dict()},
	"priorities": ["Low", "Medium", "High", "Urgent"],
	"default_priority": "Medium",
	"targets": [
		{"commitment": "First Response", "priority": "High", "target": "30m", "calendar": "7x24"},
		{"commitment": "Resolution", "priority": "High", "target": 14400},
		{"commitment": "Resolution", "priority": "Medium", "target": "1d"},
	],
	"escalation": {
		"policy": "Standard",
		"version": 3,
		"steps": [
			{"key": "warn", "kind": "Warning", "moment": "Before", "basis": "Share of Target", "amount": 20},
			{
				"key": "alarm",
				"kind": "Alarm",
				"moment": "At",
				"commitments": ["Resolution"],
				"priorities": ["High", "Urgent"],
				"repeat_minutes": 30,
				"max_repeats": 4,
			},
		],
	},
}


def changed(path: str, value) -> dict:
	"""The file with the value at a path (keys and indexes, by dots) replaced; ... removes it."""
	data = copy.deepcopy(FILE)
	*way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
	place = data
	for key in way:
		place = place[key]
	if value is ...:
		del place[last]
	else:
		place[last] = value
	return data


@pytest.mark.clause("6.3.b")
def test_terms_promise_hours_and_times():
	terms = Terms.from_dict(FILE)
	assert (terms.agreement, terms.version, terms.customer) == ("SA-0001", 2, "Longhua Hospital")
	assert terms.period == (date(2026, 1, 1), date(2026, 12, 31))
	response = terms.target_for("First Response", "High")
	assert response == Target("First Response", "High", 1800, "7x24")
	assert terms.calendar_for(response) == ALWAYS
	assert terms.calendar_for(terms.target_for("Resolution", "High")) == OFFICE
	assert terms.target_for("Resolution", "Medium").seconds == 24 * HOUR
	assert terms.target_for("Restore", "High") is None


def test_terms_round_trip():
	terms = Terms.from_dict(FILE)
	assert Terms.from_dict(terms.to_dict()) == terms
	assert Terms.from_json(json.dumps(terms.to_dict())) == terms
	assert Terms.from_dict(terms.to_dict()).to_dict() == terms.to_dict()
	assert [step.key for step in terms.steps] == ["warn", "alarm"]
	assert (terms.policy, terms.policy_version) == ("Standard", 3)


def test_what_is_promised_in_amounts_is_kept():
	visits = {"what": "Visits", "amount": 8, "unit": "visit", "per": "year", "carry_periods": 1, "carry_most": 2.5, "warn_at": 80}
	hotline = {"what": "Hotline", "unit": "call", "per": "month"}
	terms = Terms.from_dict(changed("amounts", [visits, hotline]))
	assert [(promise.name, promise.unlimited) for promise in terms.amounts] == [("Visits", False), ("Hotline", True)]
	assert terms.amounts[0].agreement == tuple(terms.period)
	assert terms.to_dict()["amounts"] == [visits, hotline]
	assert Terms.from_dict(terms.to_dict()) == terms


@pytest.mark.parametrize(
	("row", "code", "field"),
	[
		({"unit": "visit", "per": "year"}, "bad_agreement", "amounts[0].what"),
		({"what": "x", "unit": "visit", "per": "decade"}, "promise_bad_period", "amounts[0].per"),
		({"what": "x", "unit": "visit", "per": "year", "amount": -1}, "bad_quantity", "amounts[0].quantity"),
		({"what": "x", "unit": "visit", "per": "year", "surprise": 1}, "bad_agreement", "amounts[0].surprise"),
	],
)
def test_an_amount_that_cannot_be_says_where(row, code, field):
	with pytest.raises(DomainError) as caught:
		Terms.from_dict(changed("amounts", [row]))
	assert (caught.value.code, caught.value.context["field"]) == (code, field)


def test_an_agreement_needs_no_escalation():
	assert Terms.from_dict(changed("escalation", ...)).steps == ()


@pytest.mark.parametrize(
	("path", "value", "code", "field"),
	[
		("format", "other/9", "bad_agreement", "format"),
		("agreement", "", "bad_agreement", "agreement"),
		("version", "2", "bad_agreement", "version"),
		("version", True, "bad_agreement", "version"),
		("customer", 7, "bad_agreement", "customer"),
		("surprise", 1, "bad_agreement", "surprise"),
		("period", ..., "bad_agreement", "period"),
		("period", "2026", "bad_agreement", "period"),
		("period.start", "1 January", "bad_agreement", "period.start"),
		("period.start", "20260101", "bad_agreement", "period.start"),
		("period.end", "2025-12-31", "period_reversed", "period.end"),
		("calendar", "6x9", "unknown_calendar", "calendar"),
		("calendars.5x8.week", ..., "bad_calendar", "calendars.5x8.week"),
		("calendars.5x8.week.Monday", [["9", "18:00"]], "bad_time", "calendars.5x8.week.Monday[0]"),
		("calendars.5x8.week.Monday", [["09:00"]], "bad_calendar", "calendars.5x8.week.Monday[0]"),
		("calendars.5x8.week.Noday", [], "bad_calendar", "calendars.5x8.week.Noday"),
		("calendars.5x8.exceptions.1.weekday", "Fr", "bad_calendar", "calendars.5x8.exceptions[1].weekday"),
		("calendars.5x8.time_zone", "Mars/Base", "unknown_zone", "calendars.5x8.time_zone"),
		("priorities", "High", "bad_agreement", "priorities"),
		("priorities", ["Low", 3], "bad_agreement", "priorities"),
		("priorities.0", "High", "duplicate_priority", "priorities[2]"),
		("default_priority", "Immense", "unknown_priority", "default_priority"),
		("targets", [], "no_targets", "targets"),
		("targets.1.priority", "Immense", "unknown_priority", "targets[1].priority"),
		("targets.0.calendar", "6x9", "unknown_calendar", "targets[0].calendar"),
		("targets.2.target", "soon", "bad_duration", "targets[2].target"),
		("targets.2.target", 0, "bad_duration", "targets[2].target"),
		("targets.2.target", ..., "bad_agreement", "targets[2].target"),
		("targets.2.priority", "High", "duplicate_target", "targets[2]"),
		("targets.0.target", "4h1s", "response_longer_than_resolution", "targets[0].target"),
		("escalation.steps.0.amount", 200, "bad_amount", "escalation.steps[0].amount"),
		("escalation.steps.0.amount", "20", "bad_agreement", "escalation.steps[0].amount"),
		("escalation.steps.1.kind", "Whisper", "bad_step", "escalation.steps[1].kind"),
		("escalation.steps.1.key", "warn", "duplicate_step", "escalation.steps[0].key"),
	],
)
def test_a_bad_agreement_says_where_and_what(path, value, code, field):
	with pytest.raises(DomainError) as caught:
		Terms.from_dict(changed(path, value))
	assert (caught.value.code, caught.value.context["field"]) == (code, field)
	assert field in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"terms"'])
def test_what_is_no_agreement_at_all(text):
	with pytest.raises(DomainError) as caught:
		Terms.from_json(text)
	assert caught.value.code == "bad_agreement"


@pytest.mark.parametrize(
	("text", "seconds"),
	[
		("30m", 1800),
		("4h", 14400),
		("2h30m", 9000),
		("1d", 86400),
		("1d 2h", 93600),
		("45s", 45),
		(90, 90),
		(" 4H ", 14400),
	],
)
def test_durations_are_read(text, seconds):
	assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "4", "4 hours", "-4h", "1.5h", "30m2h", -1, 1.5, None, True])
def test_what_is_no_duration_is_refused(text):
	with pytest.raises(DomainError) as caught:
		parse_duration(text)
	assert caught.value.code == "bad_duration"


@given(st.integers(0, 10**9))
def test_durations_round_trip(seconds):
	assert parse_duration(format_duration(seconds)) == seconds


@given(st.integers(1, 10**9))
def test_what_is_before_has_a_minus(seconds):
	assert format_duration(-seconds) == "-" + format_duration(seconds)


def test_durations_are_short():
	texts = [format_duration(s) for s in (0, 45, 1800, 9000, 144_000, -5400)]
	assert texts == ["0m", "45s", "30m", "2h30m", "40h", "-1h30m"]


def test_what_a_file_leaves_out_is_its_usual_value():
	bare = copy.deepcopy(FILE)
	for key in ("title", "customer", "escalation"):
		del bare[key]
	terms = Terms.from_dict(bare)
	assert (terms.title, terms.customer, terms.policy, terms.policy_version, terms.steps) == ("", "", "", 1, ())
	steps = Terms.from_dict(changed("escalation.steps.0", {"key": "w", "kind": "Warning", "moment": "Before", "amount": 20})).steps
	assert (steps[0].basis.value, steps[0].repeat_minutes, steps[0].max_repeats, steps[0].commitments) == ("Share of Target", 0, 0, frozenset())
	assert (steps[1].amount, steps[1].basis.value) == (0, "Share of Target")
