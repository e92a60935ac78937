"""The days of readings, by which trends are drawn: always what the readings say (8.3.b.3)."""

from unittest.mock import patch

import factories
import frappe
import monitoring_scene
import pytest
import routine_scene as scene
from frappe.query_builder.functions import Avg
from test_object_states import read, readings

from ops_delivery.patches import count_days_of_readings
from ops_delivery.permissions import steps
from ops_delivery.services.routine import object_states, reading_days, trend_page, trends


@pytest.fixture
def w(site):
	return scene.two_rounds()


def stored(w, thing=0):
	fields = ["day", "readings", "least", "mean", "most", "at_risk", "abnormal"]
	rows = frappe.get_all(reading_days.DAY, {"service_object": w.things[thing], "step_key": w.heat}, fields, order_by="day")
	return {str(row.day): (row.readings, row.least, row.mean, row.most, row.at_risk, row.abnormal) for row in rows}


@pytest.mark.clause("8.3.b.3")
def test_a_day_follows_what_is_read_late_corrected_not_taken_taken_back_and_deleted(w):
	read(w, "2026-03-02", (0, w.heat, "20", ""), (0, w.lamp, "Green", ""))
	read(w, "2026-03-05", (0, w.heat, "33", ""), task=w.second)
	assert stored(w) == {"2026-03-02": (1, 20, 20, 20, 0, 0), "2026-03-05": (1, 33, 33, 33, 0, 1)}, "numbers alone"
	read(w, "2026-03-06", (0, w.heat, "30", ""), task=w.second)
	assert stored(w) == {"2026-03-02": (1, 20, 20, 20, 0, 0), "2026-03-06": (1, 30, 30, 30, 1, 0)}, "corrected on the next day"
	read(w, "2026-03-06", (0, w.heat, "", "The key is missing"), task=w.second)
	assert list(stored(w)) == ["2026-03-02"], "not taken"
	read(w, "2026-03-06", (0, w.heat, "", ""))
	assert stored(w) == {}, "taken back"
	read(w, "2026-03-06", (0, w.heat, "21", ""))
	steps.take(frappe.get_doc(scene.READING, {"task": w.first.name, "step_key": w.heat})).delete(ignore_permissions=True)
	assert stored(w) == {}, "deleted"


def many(w, days=60, a_day=48):
	"""Half-hourly readings of some weeks, some of them bad, written past the services."""
	rows = readings(w, w.heat, *[
		(f"2026-{1 + day // 28:02}-{1 + day % 28:02}", f"{number // 2:02}:{30 * (number % 2):02}", ("Normal", "At Risk", "Abnormal")[(day * number % 97 == 5) + (day * number % 89 == 7)])
		for day in range(days)
		for number in range(a_day)
	])
	for number, row in enumerate(rows):
		row["number"] = 20 + (number * 7919 % 1000) / 97 + number / 500
		row["value"] = f"{row['number']:.2f}"
		frappe.get_doc({"doctype": scene.READING, **row}).db_insert()
	return rows


def drawn_from_readings(thing, step_key, since):
	"""The days as the database counts them from each reading, which the trend did before there were rows of them."""
	reading = frappe.qb.DocType(scene.READING)
	query = reading_days._counting(reading).where((reading.service_object == thing.name) & (reading.step_key == step_key) & (reading.customer == thing.customer))
	query = query.select(Avg(reading.number))
	return [
		trends.Span(day, int(count), float(least), float(mean), float(most), int(risk), int(bad))
		for *_key, day, count, least, _rounded, _rest, most, risk, bad, mean in sorted(query.run(), key=lambda row: row[3])
		if not since or day >= since
	]


@pytest.mark.clause("8.3.b.3")
def test_the_chart_is_the_one_that_each_single_reading_gives(w):
	rows = many(w)
	object_states.note(rows)
	reading_days.note(reversed(rows))
	reading_days.note(rows[:100])
	assert reading_days.check(w.things) == []
	with scene.at("2026-03-06"):
		for days in (30, 90, 0):
			for bucket in ("", "day", "week", "month"):
				page = trend_page.of(w.things[0], w.heat, days, bucket)
				with patch.object(trends, "_days", drawn_from_readings):
					single = trend_page.of(w.things[0], w.heat, days, bucket)
				assert page == single, (days, bucket)


def test_the_patch_and_the_command_count_what_is_there_and_say_what_differs(w, site):
	many(w, 10)
	assert len(reading_days.check(w.things)) == 10, "written past the services"
	count_days_of_readings.execute()
	count_days_of_readings.execute()
	assert reading_days.check(w.things) == []
	frappe.db.set_value(reading_days.DAY, {"service_object": w.things[0]}, "readings", 3)
	(found, *_more) = reading_days.check(w.things)
	assert (found.stored[0], found.counted[0]) == (3, 48)
	assert reading_days.rebuild(w.things) == 10 and reading_days.check(w.things) == []


@pytest.mark.clause("6.2.b.4", "8.3.b.3")
def test_readings_of_machines_are_counted_with_those_of_people_late_and_twice_ones_too(site):
	w = monitoring_scene.world()
	lines = [monitoring_scene.reading(w, value, ago=ago) for value, ago in ((21, 60), (33, 120), (24, 90_000))]
	for sent in (lines[:2], lines, lines[2:]):
		assert monitoring_scene.send(w.token, "readings", {"readings": sent})[1]["refused"] == 0
	assert stored(w) == {"2026-03-01": (1, 24, 24, 24, 0, 0), "2026-03-02": (2, 21, 27, 33, 0, 1)}
	refused = [monitoring_scene.reading(w, 99, ago=60), monitoring_scene.reading(w, 99, ago=-900)]
	assert monitoring_scene.send(w.token, "readings", {"readings": refused})[1]["kept"] == 0
	assert reading_days.check(w.things) == []


def test_days_of_customers_that_become_one_are_counted_anew(w):
	other = factories.make_customer().name
	many(w, 3)
	reading_days.rebuild(w.things)
	row = frappe.get_all(scene.READING, {"service_object": w.things[0]}, pluck="name", order_by="read_on")[0]
	frappe.db.set_value(scene.READING, row, "customer", other)  # it was theirs on that day
	reading_days.rebuild(w.things)
	assert frappe.db.count(reading_days.DAY, {"service_object": w.things[0]}) == 4
	frappe.rename_doc("Customer", other, w.customer, merge=True)
	assert frappe.db.count(reading_days.DAY, {"service_object": w.things[0]}) == 3 and reading_days.check(w.things) == []
