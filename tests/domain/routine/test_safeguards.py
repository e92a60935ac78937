"""What must be met before routine work begins, and what the customer provides for it (6.2.c, 6.2.e)."""

from datetime import date

import pytest

from ops_delivery.domain.routine import assistance, safeguards
from ops_delivery.domain.routine.safeguards import (
	ALONE,
	MET,
	NOT_MET,
	PERMITTED,
	UNCONFIRMED,
	UNMET,
	Confirmation,
	Requirement,
)

ONE = Requirement("a", safeguards.PEOPLE, "Electrician's certificate")
TWO = Requirement("b", safeguards.OPERATION, "Doors are opened by two", second_person=True)


@pytest.mark.clause("6.2.c")
@pytest.mark.parametrize(
	("said", "expected"),
	[
		({}, [(UNCONFIRMED, "a"), (UNCONFIRMED, "b")]),
		({"a": Confirmation(MET, "x"), "b": Confirmation(MET, "y")}, []),
		({"a": Confirmation(MET, "x"), "b": Confirmation(MET, "x")}, [(ALONE, "b")]),
		({"a": Confirmation(NOT_MET, "x"), "b": Confirmation(MET, "y")}, [(UNMET, "a")]),
		({"a": Confirmation(PERMITTED, "x", "boss"), "b": Confirmation(MET, "y")}, []),
		({"a": Confirmation("", "x"), "b": Confirmation("Whatever", "y")}, [(UNCONFIRMED, "a"), (UNCONFIRMED, "b")]),
		({"a": Confirmation(MET, "x"), "b": Confirmation(PERMITTED, "x", "boss")}, []),
	],
)
def test_nothing_begins_before_each_requirement_is_met_or_permitted(said, expected):
	assert [(row.code, row.requirement.key) for row in safeguards.open_points([ONE, TWO], said, "x")] == expected


def test_nobody_permits_what_they_said_themselves_or_what_nobody_said():
	assert not safeguards.may_permit(None, "boss")
	assert not safeguards.may_permit(Confirmation(MET, "x"), "boss")
	assert not safeguards.may_permit(Confirmation(NOT_MET, "boss"), "boss")
	assert safeguards.may_permit(Confirmation(NOT_MET, "x"), "boss")


@pytest.mark.clause("6.2.e")
def test_what_is_asked_for_is_overdue_the_day_after_it_is_needed():
	day = assistance.needed_by(date(2026, 3, 2), 2)
	assert day == date(2026, 2, 28)
	asked = assistance.Request(assistance.ASKED, day)
	assert not assistance.is_overdue(asked, day)
	assert assistance.is_overdue(asked, date(2026, 3, 1))
	assert not assistance.is_overdue(assistance.Request(assistance.CONFIRMED, day), date(2026, 3, 1))
	assert not assistance.is_overdue(assistance.Request(assistance.ASKED), date(2026, 3, 1))
	assert assistance.needed_by(date(2026, 3, 2), -4) == date(2026, 3, 2)


@pytest.mark.parametrize(
	("states", "expected"),
	[
		([], ""),
		(["Confirmed", "Confirmed"], "Confirmed"),
		(["Confirmed", "Asked"], "Asked"),
		(["Asked", "Overdue", "Confirmed"], "Overdue"),
		(["Overdue", "Declined", "Confirmed"], "Declined"),
	],
)
def test_the_worst_answer_counts_for_the_task(states, expected):
	today = date(2026, 3, 2)
	rows = [
		assistance.Request("Asked", date(2026, 3, 1)) if state == "Overdue" else assistance.Request(state, today)
		for state in states
	]
	assert assistance.standing(rows, today) == expected
