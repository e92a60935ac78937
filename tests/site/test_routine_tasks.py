"""Routine Tasks come ahead of their dates, exactly once, whatever sleeps, dies or runs twice (6.2.a)."""

import threading

import factories
import frappe
import pytest
import routine_scene as scene
import scenario

from ops_delivery.permissions import steps
from ops_delivery.services.agreements import lifecycle
from ops_delivery.services.routine import generation, passed, tasks


def states(schedule) -> list[tuple[str, str]]:
	return [(str(row.planned_on), row.status) for row in scene.tasks(schedule)]


@pytest.mark.clause("6.2.a")
def test_tasks_are_there_ahead_by_their_lead_time_with_all_that_is_needed(site):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(days_to_do=1)
	assert scene.days(schedule) == ["2026-03-02", "2026-03-05", "2026-03-09"]
	task = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	assert (task.customer, task.agreement, task.kind) == (schedule.customer, schedule.agreement, scene.KIND)
	assert (task.assigned_to, str(task.due_on)) == (schedule.person, "2026-03-03")
	assert [row.service_object for row in task.objects] == [row.service_object for row in schedule.objects]
	assert task.manual_version == frappe.db.get_value(scene.MANUAL, schedule.manual, "published_version")
	schedule.reload()
	assert (str(schedule.next_date), str(schedule.make_on)) == ("2026-03-12", "2026-03-05")


@pytest.mark.clause("6.2.a")
def test_what_passed_in_ten_days_of_sleep_is_shown_as_missed_and_once(site):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(lead_days=0)
	for _again in range(2):
		scene.run("2026-03-13")
	assert states(schedule) == [("2026-03-02", "Missed"), ("2026-03-05", "Missed"), ("2026-03-09", "Missed"), ("2026-03-12", "Missed")]
	scene.run("2026-03-16")
	assert states(schedule)[-1] == ("2026-03-16", "Planned")


def test_nothing_is_made_of_days_before_the_schedule_was_there(site):
	"""Copied or imported with a start in the past."""
	with scene.at("2026-03-10"):
		schedule = scene.schedule(first_date="2025-01-01", lead_days=3)
	scene.run("2026-03-10")
	assert scene.days(schedule) == ["2026-03-12"]


@pytest.mark.committed
def test_two_generators_at_once_make_none_twice_and_miss_none(site, in_parallel, cleanup):
	cleanup(scene.delete_all)
	with scene.at("2026-03-02"):
		schedules = [scene.schedule(lead_days=0) for _number in range(3)]
		manuals = [schedule.manual for schedule in schedules]
	frappe.db.commit()
	cleanup(lambda: [frappe.db.delete(scene.MANUAL, {"name": name}) for name in manuals])
	begin = threading.Barrier(4)

	def generate():
		begin.wait()
		scene.run("2026-03-20")

	in_parallel(*[generate] * 4)
	frappe.db.commit()
	for schedule in schedules:
		assert scene.days(schedule) == ["2026-03-02", "2026-03-05", "2026-03-09", "2026-03-12", "2026-03-16", "2026-03-19"]


def test_the_database_itself_refuses_a_second_task_of_a_date(site):
	with scene.at("2026-03-02"):
		schedule = scene.schedule()
	row = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	twin = frappe.copy_doc(row, ignore_no_copy=True)
	twin.name = "another"
	steps.take(twin)
	with pytest.raises(frappe.UniqueValidationError):
		twin.db_insert()


def test_a_run_that_dies_in_a_batch_loses_nothing(site, monkeypatch):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(lead_days=0)
	frappe.db.savepoint("ops_before")
	monkeypatch.setattr(generation, "_note", lambda rows: 1 / 0)
	with scene.at("2026-03-09"), pytest.raises(ZeroDivisionError):
		generation.make_batch()
	frappe.db.rollback(save_point="ops_before")
	monkeypatch.undo()
	scene.run("2026-03-09")
	assert scene.days(schedule) == ["2026-03-02", "2026-03-05", "2026-03-09"]


@pytest.mark.clause("6.2.a")
def test_a_change_makes_what_lies_ahead_anew_and_leaves_what_was_done(site):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(lead_days=14)
		user = factories.make_user(roles=["Service Desk"]).name
		assert scene.post(user, "start", name=scene.tasks(schedule)[1].name)[0] == 200
		schedule.reload()
		schedule.update({"monday": 0, "thursday": 0, "friday": 1})
		schedule.save()
	assert states(schedule) == [
		*(("2026-03-02", "Planned"), ("2026-03-05", "In Progress"), ("2026-03-06", "Planned"), ("2026-03-13", "Planned")),
	]
	with scene.at("2026-03-03"):
		schedule.reload()
		schedule.enabled = 0
		schedule.save()
	assert scene.days(schedule) == ["2026-03-02", "2026-03-05"]


def test_a_suspended_agreement_makes_nothing_and_a_resumed_one_goes_on_from_today(site):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(lead_days=0, repeats="Daily")
		lifecycle.suspend(schedule.agreement, "A move")
	scene.run("2026-03-05")
	schedule.reload()
	assert schedule.rests_because == "Agreement not in force"
	assert states(schedule) == [("2026-03-02", "Cancelled")], "nobody missed it"
	with scene.at("2026-03-06"):
		lifecycle.resume(schedule.agreement, "Done")
	scene.run("2026-03-06")
	assert states(schedule) == [("2026-03-02", "Cancelled"), ("2026-03-06", "Planned")]


def test_nothing_is_made_beyond_the_last_day_of_the_agreement(site):
	agreement = scenario.agreement()
	frappe.db.set_value("Service Agreement", agreement.name, "end_date", "2026-03-04")
	with scene.at("2026-03-02"):
		schedule = scene.schedule(agreement, repeats="Daily")
	assert scene.days(schedule) == ["2026-03-02", "2026-03-03", "2026-03-04"]
	assert frappe.db.get_value(scene.SCHEDULE, schedule.name, ["make_on", "rests_because"]) == (None, "Agreement not in force")


@pytest.mark.clause("6.2.a")
def test_turns_go_round_and_pass_over_who_is_away_or_has_left(site):
	people = [factories.make_user(roles=["Field Engineer"]).name for _number in range(3)]
	factories.make("Dispatch Profile", user=people[1], absences=[{"from_date": "2026-03-03", "to_date": "2026-03-03"}])
	with scene.at("2026-03-02"):
		schedule = scene.schedule(repeats="Daily", assign_to="Rotation", people=[{"user": user} for user in people], lead_days=4, person=None)
	assert [row.assigned_to for row in scene.tasks(schedule)] == [people[0], people[2], people[2], people[0], people[1]]
	frappe.db.set_value("User", people[2], "enabled", 0)
	scene.run("2026-03-03")
	assert scene.tasks(schedule)[-1].assigned_to == people[0]


def test_a_substitute_stands_in(site):
	person, other = (factories.make_user(roles=["Field Engineer"]).name for _number in range(2))
	factories.make("Dispatch Profile", user=person, absences=[{"from_date": "2026-03-03", "to_date": "2026-03-03"}])
	with scene.at("2026-03-02"):
		schedule = scene.schedule(repeats="Daily", person=person, substitute=other, lead_days=2)
	assert [row.assigned_to for row in scene.tasks(schedule)] == [person, other, person]


def test_where_nothing_is_due_a_batch_is_one_query_and_more_schedules_cost_no_more_of_them(site):
	scene.delete_all()

	def queries(day) -> list[str]:
		with scene.at(day):
			before = len(asked)
			while generation.make_batch():
				pass
			return [" ".join(text.split())[:30] for text in map(str, asked[before:]) if "is_virtual" not in text]

	asked = []
	by_frappe = frappe.db.sql

	def counted(*args, **kwargs):
		asked.append(args[0])
		return by_frappe(*args, **kwargs)

	with scene.at("2026-03-02"):
		agreement, manual = scenario.agreement(), scene.in_use().name
		things = [{"service_object": scene.thing(agreement.customer)}]

		def make():
			return scene.schedule(agreement, manual=manual, lead_days=0, objects=things)

		few = [make()]
	frappe.db.sql = counted
	try:
		assert len(queries("2026-03-02")) == 1, "nothing is due"
		one = queries("2026-03-05")
		frappe.db.sql = by_frappe
		with scene.at("2026-03-06"):
			many = [*few, *(make() for _number in range(11))]
		frappe.db.sql = counted
		assert queries("2026-03-09") == one
	finally:
		frappe.db.sql = by_frappe
	assert all("2026-03-09" in scene.days(schedule) for schedule in many)


@pytest.mark.clause("6.2.a")
def test_done_early_or_late_the_rhythm_is_kept_or_moves_as_chosen(site):
	steps_of = [{"task": "Fans", "step": "Clean", "explanation": "With air", "criterion": "Text", "required": 0}]
	manual = scene.in_use(steps=steps_of).name
	desk = factories.make_user(roles=["Field Engineer"]).name
	with scene.at("2026-03-02"):
		common = {"repeats": "Daily", "every": 10, "manual": manual, "lead_days": 12, "days_to_do": 1}
		kept, moved = scene.schedule(**common), scene.schedule(**common, rhythm="Moved")
	for schedule in (kept, moved):
		first = scene.tasks(schedule)[0].name
		with scene.at("2026-03-06"):
			passed.settle()
			assert scene.post(desk, "finish", name=first)[1]["timeliness"] == tasks.LATE
	assert scene.days(kept) == ["2026-03-02", "2026-03-12"]
	assert scene.days(moved) == ["2026-03-02", "2026-03-16"]
	with scene.at("2026-03-14"):
		assert scene.post(desk, "finish", name=scene.tasks(moved)[1].name)[1]["timeliness"] == tasks.EARLY
	assert scene.days(moved)[-1] == "2026-03-24"
