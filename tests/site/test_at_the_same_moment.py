"""Readings of two writers on one day, the days counted anew while others write, an agreement that begins while others look."""

import threading
import time

import frappe
import monitoring_scene
import pytest
import routine_scene as scene
import scenario

from ops_delivery.permissions import switches
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.monitoring import machine_readings
from ops_delivery.services.routine import reading_days
from ops_delivery.setup.demo_desk import sign_off


def others(world, number=3):
	"""Sources beside the one of a world, for the same objects: their tokens."""
	found = [world.token]
	for _number in range(number):
		source = frappe.get_doc(monitoring_scene.source_values(world.agreement, manual=world.manual.name)).insert(ignore_permissions=True)
		with scenario.at(monitoring_scene.NOW):
			found.append(monitoring_scene.ask(world.manager, "new_token", name=source.name)[1])
	return found


@pytest.mark.committed
@pytest.mark.clause("8.3.b.3")
def test_a_day_that_several_write_at_once_while_all_are_counted_anew_is_what_its_readings_say(site, in_parallel, cleanup):
	w = monitoring_scene.world()
	cleanup(scene.delete_all)
	cleanup(monitoring_scene.delete_all, w)
	tokens = others(w)
	frappe.db.commit()

	def write(number, token):
		for turn in range(15):
			lines = [monitoring_scene.reading(w, 20 + number, thing=thing, ago=60 + turn * 7200 + number) for thing in (0, 1)]
			status, said = monitoring_scene.send(token, "readings", {"readings": lines})
			assert status == 200 and said["kept"] == 2, said
		return "written"

	def count():
		for _turn in range(15):
			reading_days.recount(w.things)
		return "counted"

	calls = [lambda n=n, t=t: write(n, t) for n, t in enumerate(tokens)] + [count]
	answers = in_parallel(*calls)
	frappe.db.commit()
	assert [str(a) for a in answers] == ["written"] * 4 + ["counted"], [str(a)[-1500:] for a in answers]
	assert reading_days.check(w.things) == []
	assert sum(row.readings for row in frappe.get_all("Reading Day", {"service_object": ["in", w.things]}, ["readings"])) == 4 * 15 * 2


@pytest.mark.committed
@pytest.mark.clause("5.2.a")
def test_an_agreement_that_begins_while_another_request_looks_is_seen_by_the_next(site, in_parallel, cleanup):
	draft = scenario.agreement(submit=False)
	frappe.db.commit()
	looking, begun = threading.Event(), threading.Event()

	def look():
		frappe.db.sql("select name from tabCustomer limit 1")  # its view of the database begins
		looking.set()
		assert begun.wait(30)
		return agreements.find(draft.customer, "2026-03-02")

	def begin():
		assert looking.wait(30)
		try:
			sign_off.sign_off(frappe.get_doc("Service Agreement", draft.name))
			frappe.db.commit()
		finally:
			begun.set()
		return frappe.db.get_value("Service Agreement", draft.name, "status")

	answers = in_parallel(look, begin)
	time.sleep(switches.SETTLING_SECONDS + 0.5)
	found = in_parallel(lambda: agreements.find(draft.customer, "2026-03-02"))
	assert found == [draft.name], (answers, found)


@pytest.mark.clause("6.2.b.4")
def test_what_the_database_took_back_is_worked_off_once_more(site, monkeypatch):
	w = monitoring_scene.world()
	receive, turns = machine_readings.receive, []

	def taken_back_once(*given):
		turns.append(1)
		found = receive(*given)
		if len(turns) == 1:
			raise frappe.QueryDeadlockError("Deadlock found")
		return found

	monkeypatch.setattr(machine_readings, "receive", taken_back_once)
	status, said = monitoring_scene.send(w.token, "readings", {"readings": [monitoring_scene.reading(w)]})
	assert (status, said["kept"], len(turns)) == (200, 1, 2)


@pytest.mark.clause("6.2.b.4", "6.2.b.5")
@pytest.mark.parametrize("error", [frappe.QueryDeadlockError, frappe.ValidationError, ZeroDivisionError])
def test_a_failure_of_ours_is_not_told_as_the_machines_mistake(site, monkeypatch, error):
	w = monitoring_scene.world()

	def failing(*_given):
		raise error("no")

	monkeypatch.setattr(machine_readings, "receive", failing)
	with pytest.raises(AssertionError, match=r"not_worked_off.*Send it again") as found:
		monitoring_scene.send(w.token, "readings", {"readings": [monitoring_scene.reading(w)]})
	assert "body_not_json" not in str(found.value) and "Traceback" not in str(found.value)
