"""Every error of the domain: how each comes about, and that none is forgotten here."""

import ast
import pickle
from datetime import date, datetime
from pathlib import Path

import pytest

import ops_delivery.domain
from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.calendar import DayException, Window, WorkCalendar
from ops_delivery.domain.clock import Event, Kind, apply, replay
from ops_delivery.domain.durations import parse_duration
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.escalation import Step, validate_steps
from ops_delivery.domain.priority import Matrix
from tests.domain.samples import CALENDARS, OFFICE, at
from tests.domain.test_agreement_terms import FILE, changed
from tests.domain.test_escalation import REFUSED

DAY = Window.parse("09:00", "18:00")
NIGHT = Window.parse("20:00", "04:00")
START = Event(Kind.START, at(12, 9), 3600, "5x8")


def calendar(*exceptions: DayException, week=None, zone="UTC") -> WorkCalendar:
	return WorkCalendar(zone, {0: [DAY]} if week is None else week, exceptions)


def exception(kind: str, *windows: Window, weekday: int | None = None) -> DayException:
	return DayException(date(2026, 10, 10), kind, windows, weekday)


CASES = [
	# windows and calendars
	("bad_time", lambda: Window(90_000, 90_001)),
	("bad_time", lambda: Window(5, 5)),
	("bad_time", lambda: Window.parse("9 am", "18:00")),
	("unknown_zone", lambda: calendar(zone="Mars/Base")),
	("unknown_zone", lambda: calendar(zone="../etc/passwd")),
	("unknown_zone", lambda: calendar(zone="")),
	("unknown_zone", lambda: calendar(zone=None)),
	("no_working_time", lambda: calendar(week={})),
	("no_working_time", lambda: calendar(exception("special", DAY), week={3: []})),
	("bad_calendar", lambda: calendar(week={7: [DAY]})),
	("bad_calendar", lambda: calendar(exception("feast"))),
	("bad_calendar", lambda: WorkCalendar.from_dict({"time_zone": "UTC"})),
	("bad_calendar", lambda: WorkCalendar.from_dict({"time_zone": "UTC", "week": {}, "colour": 1})),
	("bad_calendar", lambda: WorkCalendar.from_dict([])),
	("overlapping_windows", lambda: calendar(week={2: [DAY, Window.parse("17:59", "19:00")]})),
	("overlapping_windows", lambda: calendar(week={2: [DAY, DAY]})),
	("overlapping_windows", lambda: calendar(week={2: [NIGHT], 3: [Window.parse("03:59", "05:00")]})),
	("overlapping_windows", lambda: calendar(week={6: [NIGHT], 0: [Window.parse("03:59", "05:00")]})),
	("overlapping_exception", lambda: calendar(exception("special", DAY, Window.parse("10:00", "11:00")))),
	("duplicate_exception", lambda: calendar(exception("holiday"), exception("special", DAY))),
	("makeup_without_windows", lambda: calendar(exception("makeup"))),
	("makeup_without_windows", lambda: calendar(exception("makeup", weekday=3))),
	("special_without_windows", lambda: calendar(exception("special", weekday=0))),
	("holiday_with_windows", lambda: calendar(exception("holiday", DAY))),
	("naive_instant", lambda: OFFICE.add(datetime(2026, 10, 12), 60)),  # noqa: DTZ001
	("beyond_horizon", lambda: OFFICE.add_ts(-1, 0)),
	("beyond_horizon", lambda: OFFICE.add_ts(0, -1)),
	("beyond_horizon", lambda: OFFICE.between_ts(0, 7_258_118_401)),
	# clocks
	("bad_target", lambda: Event(Kind.START, at(12), calendar="5x8")),
	("bad_target", lambda: Event(Kind.TARGET, at(12), 0)),
	("bad_target", lambda: Event(Kind.RESET, at(12), -5)),
	("bad_target", lambda: Event(Kind.START, at(12), 1.5, "5x8")),
	("missing_calendar", lambda: Event(Kind.START, at(12), 60)),
	("missing_calendar", lambda: Event(Kind.CALENDAR, at(12))),
	("illegal_transition", lambda: apply(None, Event(Kind.PAUSE, at(12)), CALENDARS)),
	("time_runs_backwards", lambda: replay([START, Event(Kind.PAUSE, at(12, 8))], CALENDARS)),
	("unknown_calendar", lambda: replay([START, Event(Kind.CALENDAR, at(13), calendar="4x4")], CALENDARS)),
	("no_events", lambda: replay([], CALENDARS)),
	# escalation
	("bad_step", lambda: Step("s", "Whisper", "At")),
	*((code, lambda steps=steps: validate_steps(steps)) for code, steps in REFUSED.items()),
	# priority
	("missing_cell", lambda: Matrix({}, ["Low"]).priority_for("Urgent", "Important")),
	("unknown_priority", lambda: Matrix({}, ["Low"]).raised("High")),
	("duplicate_priority", lambda: Matrix({}, ["Low", "Low"])),
	("duplicate_cell", lambda: Matrix.from_rows([("u", "i", "Low"), ("u", "i", "Low")], ["Low"])),
	# terms
	("bad_duration", lambda: parse_duration("soon")),
	("bad_agreement", lambda: Terms.from_json("{")),
	("period_reversed", lambda: Terms.from_dict(changed("period.end", "2000-01-01"))),
	("no_targets", lambda: Terms.from_dict(changed("targets", []))),
	("duplicate_target", lambda: Terms.from_dict(changed("targets", FILE["targets"][:1] * 2))),
	("response_longer_than_resolution", lambda: Terms.from_dict(changed("targets.0.target", "5h"))),
	(
		"restore_longer_than_resolution",
		lambda: Terms.from_dict(
			changed("targets", [*FILE["targets"], {**FILE["targets"][1], "commitment": "Restore", "target": "40h"}])
		),
	),
]


@pytest.mark.parametrize(("code", "cause"), CASES)
def test_what_is_wrong_has_its_code_and_reads_well(code, cause):
	with pytest.raises(DomainError) as caught:
		cause()
	assert caught.value.code == code
	assert "{" not in str(caught.value)


def test_windows_that_touch_do_not_overlap():
	calendar(week={2: [DAY, Window.parse("18:00", "19:00"), NIGHT], 3: [Window.parse("04:00", "05:00")]})


def test_every_code_in_the_source_is_tested():
	place = {"DomainError": 0, "wrong": 0, "_bad": 1}  # of the code among the arguments
	codes = set()
	for path in Path(ops_delivery.domain.__file__).parent.rglob("*.py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and getattr(node.func, "id", "") in place:
				code = node.args[place[node.func.id]]
				codes |= {code.value} if isinstance(code, ast.Constant) else set()
	assert codes <= {code for code, _ in CASES} | _named_elsewhere()
	assert len(codes) > 20


def _named_elsewhere() -> set[str]:
	"""The strings of the other tests of the domain: a later part of it proves its errors beside its rules."""
	return {
		node.value
		for path in Path(__file__).parent.rglob("test_*.py")
		if path.name != Path(__file__).name
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
		if isinstance(node, ast.Constant) and isinstance(node.value, str)
	}


def test_an_error_keeps_what_it_knows():
	error = DomainError("bad_time", "{field}: {value!r} is no time.", field="[0]", value="x").under(
		"week.Monday"
	)
	assert error.code == "bad_time"
	assert str(error) == "week.Monday[0]: 'x' is no time."
	assert error.under("calendars").context == {"field": "calendars.week.Monday[0]", "value": "x"}
	assert str(DomainError("a", "No {value}.", value=1).under("place")) == "place: No 1."
	again = pickle.loads(pickle.dumps(error))
	assert (again.code, again.context, str(again)) == (error.code, error.context, str(error))
