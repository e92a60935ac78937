"""Routine Schedules: what is asked, what is refused field by field, and dates shown that are those made (6.2.a)."""

import json

import desk_door
import factories
import frappe
import pytest
import routine_scene as scene
import scenario

from ops_delivery.services.routine import schedules


def preview(values, user=None, day="2026-03-02"):
	with scene.at(day):
		return scene.post(user or factories.make_user(roles=["Service Desk"]).name, "preview", doc=json.loads(frappe.as_json(values)))


def planned(answer) -> list[str]:
	return [row["planned_on"] for row in answer["dates"]]


SAID = (
	({"repeats": "Every Working Day"}, ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"], "2026-09-29"),
	({"repeats": "Weekly", "monday": 1, "thursday": 1}, ["2026-03-02", "2026-03-05", "2026-03-09"], "2026-03-02"),
	({"repeats": "Weekly", "every": 2, "monday": 1, "thursday": 0}, ["2026-03-02", "2026-03-16"], "2026-03-02"),
	({"repeats": "Last Working Day of a Month"}, ["2026-03-31", "2026-04-30", "2026-05-29", "2026-06-30"], "2026-03-02"),
	({"repeats": "Monthly on a Day", "every": 6, "month_day": 10}, ["2026-03-10", "2026-09-10", "2027-03-10"], "2026-03-02"),
	({"repeats": "Monthly on a Day", "month_day": 31}, ["2026-03-31", "2026-04-30", "2026-05-31"], "2026-03-02"),
	({"repeats": "Monthly on a Day", "month_day": 31, "short_month": "Skip"}, ["2026-03-31", "2026-05-31"], "2026-03-02"),
	({"repeats": "Monthly on a Weekday", "position": "Second", "monday": 0, "thursday": 0, "tuesday": 1}, ["2026-03-10", "2026-04-14"], "2026-03-02"),
	({"repeats": "Yearly", "first_date": "2024-02-29"}, ["2027-02-28", "2028-02-29"], "2026-03-02"),
	({"repeats": "By a Rule", "rule": "rrule:freq=monthly;byday=-1FR"}, ["2026-03-27", "2026-04-24"], "2026-03-02"),
	({"repeats": "Daily", "last_date": "2026-03-04"}, ["2026-03-02", "2026-03-03", "2026-03-04"], "2026-03-02"),
)
# the National Day week of a year, with a Saturday that is worked instead
OCTOBER = [
	*({"date": f"2026-10-0{day}", "kind": "Holiday"} for day in range(1, 8)),
	{"date": "2026-10-10", "kind": "Make-up Workday", "as_weekday": "Friday"},
]


@pytest.mark.clause("6.2.a")
def test_what_is_chosen_is_shown_as_dates_before_it_is_saved(site):
	agreement = scenario.agreement(calendar=scenario.calendar(exceptions=OCTOBER).name, end_date="2029-12-31")
	common, desk = scene.schedule_values(agreement), factories.make_user(roles=["Service Desk"]).name
	for values, first, day in SAID:
		status, answer = preview({**common, **values}, desk, day)
		assert status == 200 and not answer["problems"], (values, answer)
		assert planned(answer)[: len(first)] == first, values
		assert len(answer["dates"]) == (3 if "last_date" in values else schedules.SHOWN)
	assert not frappe.db.count(scene.SCHEDULE), "nothing is saved"


@pytest.mark.clause("6.2.a")
def test_what_is_shown_is_what_is_made_however_dates_move(site):
	calendar = scenario.calendar(exceptions=OCTOBER).name
	values = scene.schedule_values(
		scenario.agreement(calendar=calendar), repeats="Weekly", wednesday=1, saturday=1, monday=0, thursday=0,
		closed_days="Moves After", first_date="2026-09-01", lead_days=30,
	)
	status, answer = preview(values, day="2026-09-20")
	assert [one["day"] for one in answer["year"]][: len(answer["dates"])] == [one["planned_on"] for one in answer["dates"]][: len(answer["year"])]
	assert {one["day"] for one in answer["year"] if one["moved"]} >= {one["planned_on"] for one in answer["dates"] if one["meant_for"]}
	with scene.at("2026-09-20"):
		schedule = frappe.get_doc(values).insert()
	for day in ("2026-09-21", "2026-10-02", "2026-10-14"):
		scene.run(day)
	made = scene.days(schedule)
	assert status == 200 and planned(answer) == made[: schedules.SHOWN], (made, answer)
	moved = {row["planned_on"]: row["meant_for"] for row in answer["dates"] if row["meant_for"]}
	assert moved["2026-10-08"] == "2026-10-03" and made.count("2026-10-08") == 1, "both days of the holidays are one round"
	assert "2026-10-10" in made and "2026-10-10" not in moved, "a make-up workday is a workday"


WRONG = (
	({"repeats": "By a Rule", "rule": "FREQ=SOMETIMES"}, "rule", "SOMETIMES"),
	({"repeats": "By a Rule", "rule": ""}, "rule", "no rule"),
	({"last_date": "2026-02-01"}, "last_date", "lies before"),
	({"goal": "", "objects": []}, "objects", "at least one object"),
	({"assign_to": "Person", "person": ""}, "person", "Say who"),
	({"assign_to": "Rotation", "people": []}, "people", "Say who"),
	({"repeats": "Daily", "last_date": "2026-03-08", "first_date": "2026-03-07", "closed_days": "Is Left Out"}, "rule", "no date between"),
)


@pytest.mark.clause("6.2.a")
def test_what_cannot_be_is_said_at_its_field_and_refused_when_saved(site):
	common, desk = scene.schedule_values(scenario.agreement()), desk_door.Desk("Service Desk")
	for values, field, said in WRONG:
		given = {**common, **values}
		status, answer = preview(given, desk.user)
		assert status == 200, (values, answer)
		assert said in {row["field"]: row["text"] for row in answer["problems"]}.get(field, ""), (values, answer)
		refused = desk.new(**given)
		assert refused.status == 417 and said in desk_door.said(refused), refused.text[:500]


def test_objects_are_the_customers_and_the_agreements(site):
	agreement = scenario.agreement()
	other = scene.thing(factories.make_customer().name)
	_status, answer = preview(scene.schedule_values(agreement, objects=[{"service_object": other}]))
	assert "another customer" in answer["problems"][0]["text"]
	mine = scene.thing(agreement.customer)
	frappe.db.set_value("Service Agreement", agreement.name, "covers_all_objects", 0)
	_status, answer = preview(scene.schedule_values(agreement, objects=[{"service_object": mine}, {"service_object": mine}]))
	said = " ".join(row["text"] for row in answer["problems"])
	assert "listed twice" in said and "not covered by the agreement" in said


def test_work_is_done_by_a_published_manual_and_by_people_who_work_here(site):
	draft = frappe.get_doc(scene.manual_values()).insert()
	gone = factories.make_user(roles=["Field Engineer"], enabled=0).name
	outside = factories.make_portal_user(factories.make_customer().name).name
	values = scene.schedule_values(scenario.agreement(), manual=draft.name, person=gone, substitute=outside)
	_status, answer = preview(values)
	said = {row["field"]: row["text"] for row in answer["problems"]}
	assert "never published" in said["manual"] and "disabled" in said["person"] and "desk" in said["substitute"]


@pytest.mark.parametrize("rubbish", [{"objects": 5}, {"objects": ["x"]}, {"agreement": {}}, {"first_date": []}, {"assistance": {"what": 1}}])
def test_what_no_form_sends_is_refused_in_words(site, rubbish):
	status, said = preview({**scene.schedule_values(scenario.agreement()), **rubbish})
	assert (status, said["exc_type"]) == (417, "ValidationError") and "Reload the page" in frappe.as_json(said)


def test_who_may_not_plan_sees_no_preview_and_saves_nothing(site):
	values = scene.schedule_values(scenario.agreement())
	for role in ("Delivery Auditor", "Field Engineer"):
		desk = desk_door.Desk(role)
		assert preview(values, desk.user)[0] == 403
		assert desk.new(**values).status == 403


def test_the_customer_reads_neither_manual_nor_schedule_nor_task(site):
	agreement = scenario.agreement()
	person = factories.make_portal_user(agreement.customer).name
	with scene.at("2026-03-02"):
		schedule = scene.schedule(agreement)
	assert preview(schedule.as_dict(), person)[0] == 403
	for doctype in (scene.MANUAL, scene.SCHEDULE, scene.TASK, scene.READING):
		assert not frappe.has_permission(doctype, "read", user=person)
