"""Sources that fall silent: each has its time, and none keeps another from being told of (6.2.b.4, 5.4.a)."""

from datetime import timedelta

import frappe
import monitoring_scene
import pytest
import scenario

from ops_delivery.permissions import switches
from ops_delivery.services.escalation import minute
from ops_delivery.services.monitoring import silence


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_a_source_that_is_switched_on_again_is_given_its_time(site):
	w = monitoring_scene.world(silent_after=3600)
	assert monitoring_scene.send(w.token, "readings", {"readings": [monitoring_scene.reading(w)]})[0] == 200
	source = w.source.reload()
	source.update({"enabled": 0}).save()
	with scenario.at(monitoring_scene.NOW + timedelta(days=30)):
		source.update({"enabled": 1}).save()
	with scenario.at(monitoring_scene.NOW + timedelta(days=30, minutes=10)):
		silence.watch()
	assert not frappe.db.get_value("Monitoring Source", source.name, "silent_since")
	with scenario.at(monitoring_scene.NOW + timedelta(days=30, minutes=61)):
		silence.watch()
	assert frappe.db.get_value("Monitoring Source", source.name, "silent_since")


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_a_new_token_gives_a_source_its_time(site):
	w = monitoring_scene.world(silent_after=3600)
	assert monitoring_scene.send(w.token, "readings", {"readings": [monitoring_scene.reading(w)]})[0] == 200
	with scenario.at(monitoring_scene.NOW + timedelta(minutes=59)):
		monitoring_scene.ask(w.manager, "new_token", name=w.source.name)
	with scenario.at(monitoring_scene.NOW + timedelta(minutes=65)):
		silence.watch()
	assert not frappe.db.get_value("Monitoring Source", w.source.name, "silent_since")


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_one_source_that_cannot_be_told_of_keeps_no_other_from_it(site, monkeypatch):
	first, second = monitoring_scene.world(silent_after=3600), monitoring_scene.world(silent_after=3600)
	for w in (first, second):
		assert monitoring_scene.send(w.token, "readings", {"readings": [monitoring_scene.reading(w)]})[0] == 200
	post = silence.notices.post

	def failing(doctype, name, *more, **values):
		if name == first.source.name:
			raise frappe.ValidationError("no")
		return post(doctype, name, *more, **values)

	for w in (first, second):
		w.source.reload()
		w.source.update({"keeper": w.manager}).save()
	monkeypatch.setattr(silence.notices, "post", failing)
	with scenario.at(monitoring_scene.NOW + timedelta(hours=3)):
		silence.watch()
	assert frappe.db.get_value("Monitoring Source", second.source.name, "silent_since")


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_the_job_of_every_minute_wakes_with_the_first_token_and_looks_every_ten_minutes(site):
	frappe.db.set_value("Scheduled Job Type", {"method": switches.minute_job()}, "stopped", 1)
	switches.forget()
	w = monitoring_scene.world(silent_after=3600)
	assert not frappe.db.get_value("Scheduled Job Type", {"method": switches.minute_job()}, "stopped")
	frappe.cache.delete_value(silence.WATCHED)
	with scenario.at(monitoring_scene.NOW + timedelta(hours=3)):
		minute.run()
		assert frappe.db.get_value("Monitoring Source", w.source.name, "silent_since")
		frappe.db.set_value("Monitoring Source", w.source.name, "silent_since", None)
		minute.run()
	assert not frappe.db.get_value("Monitoring Source", w.source.name, "silent_since")
	frappe.cache.delete_value(silence.WATCHED)
