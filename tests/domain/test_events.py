"""Events are plain values: equal by what they say, and nobody who reacts can change one for the next."""

import dataclasses
from datetime import date

import pytest

from ops_delivery.domain import events

EVENTS = [
	events.RuleRevised("Service Calendar", "Office", "RV-1"),
	events.AmendmentInForce("SA-1"),
	events.AgreementChanged("SA-1"),
	events.RequestOver("ISS-1", "SA-1", "High", date(2026, 3, 2), "Declared"),
	events.MajorFound("ISS-1", "SA-1", "High", "Declared", "Because", True, True),
	events.MajorEnded("ISS-1", "Withdrawn", "Not so"),
	events.IncidentReportPublished("MIR-1", 2),
	events.SurveyClosed("SR-1", "SA-1", date(2026, 3, 2)),
	events.ReviewConcluded("Service Report", "SRP-1", "Customer", "Approved"),
	events.NoticeSent("Issue", "ISS-1", "received", (("a@x.example", "EQ-1"),)),
	events.MailboxRead("Support"),
	events.WorkEnded("Issue", "ISS-1"),
	events.FindingStands("FIND-1"),
	events.HandoverMoved("HAND-1", "Routine Finding", "FIND-1", "Issue", "ISS-1", False, ""),
	events.WorkBegins("Routine Task", "abc"),
	events.WorkRecorded("Routine Task", "abc"),
]


def test_every_event_there_is_stands_here():
	declared = {one for one in vars(events).values() if isinstance(one, type) and dataclasses.is_dataclass(one)}
	assert declared == {type(event) for event in EVENTS}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_a_value(event):
	assert dataclasses.replace(event) == event and hash(dataclasses.replace(event)) == hash(event)
	first = dataclasses.fields(event)[0].name
	assert dataclasses.replace(event, **{first: "other"}) != event
	with pytest.raises(dataclasses.FrozenInstanceError):
		setattr(event, first, "other")
