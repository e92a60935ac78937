"""No report tells of a complaint that was made in confidence, whoever makes it; of the others it tells how many (5.4.d, 8.3.b.5)."""

from datetime import timedelta

import complaining
import frappe
import pytest
import report_scene as scene
import scenario
from reviewing import user

from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.reports.collect import collect

pytestmark = pytest.mark.clause("5.4.d", "8.3.b.5")


@pytest.fixture
def w(site):
	w = complaining.world(anonymous=False)
	w.agreement = scenario.agreement(w.customer)
	complaint = w.complaint
	_in_march(w, complaint)
	return w


def _in_march(w, complaint) -> None:
	"""As it would be, had it been received in March under the agreement."""
	frappe.db.set_value(complaint.doctype, complaint.name, {"agreement": w.agreement.name, "received_on": scene.moment(5).replace(tzinfo=None)}, update_modified=False)


def _secret(w):
	"""A complaint made in confidence about the same engineer, with an improvement that came of it and a clock."""
	complaint = complaining.complain(w, subject="Zebra rude", text="Zebra was rude to me")
	assert complaint.anonymous
	_in_march(w, complaint)
	before, w.complaint = w.complaint, complaint
	complaining.investigated(w)
	with user(w.handler):
		action = complaints.improve(complaint.name)
	w.complaint = before
	values = {"agreement": w.agreement.name, "creation": scene.moment(6).replace(tzinfo=None), "title": "Zebra is to be trained"}
	frappe.db.set_value("Improvement Action", action, values, update_modified=False)
	began = scene.moment(5).replace(tzinfo=None)
	scene.put(
		"Service Clock",
		**{"reference_doctype": complaint.doctype, "reference_name": complaint.name, "commitment": "First Response", "customer": w.customer},
		**{"agreement": w.agreement.name, "state": "Met", "target": 3600, "elapsed": 7200, "breached": 1},
		**{"started_on": began, "stopped_on": began + timedelta(hours=2)},
	)
	return complaint, action


def report(w, who: str = "Administrator") -> str:
	with user(who), scenario.at(scene.MADE):
		return frappe.as_json({key: section.to_dict() for key, section in collect(w.agreement.name, scene.FIRST, scene.LAST).items()})


@pytest.mark.parametrize("who", ["Administrator", "engineer", "handler"])
def test_what_was_said_in_confidence_changes_nothing_in_a_report(w, who):
	reader = w.get(who, who)
	before = report(w, reader)
	complaint, action = _secret(w)
	after = report(w, reader)
	assert after == before
	assert not [word for word in ("Zebra", complaint.name, action) if word in after]


def test_a_report_is_the_same_whoever_has_it_made(w):
	scene.requests(w.agreement)
	before = frappe.session.user
	assert report(w, w.field) == report(w)
	assert frappe.session.user == before
	with user(w.field), pytest.raises(frappe.DoesNotExistError):
		collect("No such agreement", scene.FIRST, scene.LAST)
	assert frappe.session.user == before


def test_other_complaints_are_counted_and_not_named(w):
	with scenario.at(scene.MADE):
		section = collect(w.agreement.name, scene.FIRST, scene.LAST, ["complaints"])["complaints"]
	assert (section.figure("received").value, section.figure("open").value) == (1, 1)
	told = report(w)
	assert w.complaint.name not in told
	assert w.complaint.subject not in told
	assert section.figure("received").sources.names == ()
	assert section.figure("received").sources.filters["anonymous"] == 0
	assert [text for text, _arguments in section.notes] == ["Complaints that were made in confidence are told of in no report; they have a course of their own."]


def test_an_improvement_that_came_of_a_complaint_is_counted_and_not_named(w):
	complaining.investigated(w)
	with user(w.handler):
		action = complaints.improve(w.complaint.name)
	values = {"agreement": w.agreement.name, "creation": scene.moment(6).replace(tzinfo=None), "title": "Zebra is to be trained"}
	frappe.db.set_value("Improvement Action", action, values, update_modified=False)
	with scenario.at(scene.MADE):
		section = collect(w.agreement.name, scene.FIRST, scene.LAST, ["improvements"])["improvements"]
	assert section.figure("opened").value == 1
	assert "Zebra" not in frappe.as_json(section.to_dict())
	assert section.notes[0][0] == "{0} that came of complaints are counted and not named."
