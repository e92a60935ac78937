"""The health knows what the engine stands on, and says what to do (issue 17, 13)."""

import os
import time
from collections import namedtuple
from datetime import timedelta

import desk_door
import factories
import frappe
import pytest
from frappe.utils import now_datetime

from ops_delivery import framework, framework_jobs
from ops_delivery.services.engine import health_light, surroundings


@pytest.fixture
def health():
	desk = desk_door.Desk("System Manager", "Service Delivery Manager")
	return lambda: frappe.parse_json(desk.call("ops_delivery.api.health.status").text)["message"]


def queues(monkeypatch, **found):
	monkeypatch.setattr(framework_jobs, "queue_answers", lambda: True)
	monkeypatch.setattr(framework_jobs, "queues", lambda: found)


def test_a_queue_that_does_not_answer_is_not_well(health, monkeypatch):
	monkeypatch.setattr(framework_jobs, "queue_answers", lambda: False)
	found = health()
	assert not found["ok"] and any("does not answer" in line for line in found["messages"])


def test_no_worker_one_too_few_or_one_behind(health, monkeypatch):
	queues(monkeypatch, short=(0, 0, None), long=(0, 4, None))
	assert any("No worker is running" in line for line in health()["messages"])
	queues(monkeypatch, short=(1, 0, None), long=(0, 4, None))
	assert any("No worker takes jobs from: long" in line for line in health()["messages"])
	queues(monkeypatch, short=(1, 7, now_datetime() - timedelta(hours=1)), long=(1, 0, None))
	assert any("7 jobs wait in the queue short" in line for line in health()["messages"])
	queues(monkeypatch, short=(1, 7, now_datetime()), long=(1, 0, None))
	assert not any("queue short" in line or "worker" in line for line in surroundings.workers())


def test_a_scheduler_whose_process_is_gone(monkeypatch):
	monkeypatch.setattr(surroundings, "is_scheduler_inactive", lambda **_kwargs: False)
	job = frappe.qb.DocType("Scheduled Job Type")
	frappe.qb.update(job).set(job.last_execution, now_datetime() - timedelta(hours=5)).run()
	(line,) = surroundings.scheduler()
	assert "5 h" in line
	frappe.qb.update(job).set(job.last_execution, now_datetime()).run()
	assert surroundings.scheduler() == []


def test_mails_that_wait_or_failed(monkeypatch):
	monkeypatch.setattr(frappe, "are_emails_muted", lambda: False)
	assert any("no default outgoing" in line for line in surroundings.mails()) or frappe.db.exists(
		"Email Account", {"default_outgoing": 1}
	)
	factories.make_email_account()
	frappe.sendmail(recipients=["a@example.com"], subject="x", message="x", delayed=True)
	queue = frappe.get_last_doc("Email Queue")
	queue.db_set("creation", now_datetime() - timedelta(hours=2))
	assert any("1 mails have waited" in line for line in surroundings.mails())
	queue.db_set("status", "Error")
	assert any("1 mails of the last seven days failed" in line for line in surroundings.mails())


def test_a_disk_that_is_full(monkeypatch):
	usage = namedtuple("usage", "total used free")(100 * 1024**3, 99 * 1024**3, 1024**3)
	monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda _path: usage)
	assert "1.0 GB left of 100 GB" in surroundings.disk()[0]


def test_a_key_that_opens_nothing(monkeypatch):
	from frappe.utils.password import set_encrypted_password

	set_encrypted_password("User", "Administrator", "secret", "api_secret")
	monkeypatch.setitem(frappe.local.conf, "encryption_key", "x" * 43 + "=")
	assert "does not open" in surroundings.keys()[0]


def test_a_backup_that_is_old(monkeypatch, tmp_path):
	monkeypatch.setattr(frappe, "get_site_path", lambda *parts: str(tmp_path))
	assert "No backup" in surroundings.backup()[0]
	dump = tmp_path / "20261101-site-database.sql.gz"
	dump.write_text("x")
	assert surroundings.backup() == []
	os.utime(dump, (time.time() - 9 * 86400,) * 2)
	assert "9 days old" in surroundings.backup()[0]


def test_one_check_that_fails_holds_up_no_other(monkeypatch):
	def broken():
		raise OSError("no")

	monkeypatch.setattr(surroundings, "WRONG", (broken, lambda: ["seen"]))
	assert surroundings.messages() == ["seen"]


@pytest.fixture
def light(monkeypatch):
	"""light(wrong, better, again=False): what the administrator's home is told when the site has so many lines of each."""
	desk = desk_door.Desk("System Manager")

	def ask(wrong: int, better: int, again: bool = False):
		if again:
			frappe.cache.delete_value(health_light.KEY)
		monkeypatch.setattr(health_light.health, "status", lambda: {"messages": ["x"] * wrong, "advice": ["y"] * better})
		monkeypatch.setattr(health_light.surroundings, "messages", list)
		monkeypatch.setattr(health_light.surroundings, "advice", list)
		return frappe.parse_json(desk.call("ops_delivery.api.health.light").text)["message"]

	return ask


def test_the_light_is_red_for_what_is_wrong_yellow_for_advice_and_green_else(light):
	assert light(2, 1, again=True) == {"color": "red", "wrong": 2, "better": 1}
	assert light(0, 3, again=True) == {"color": "yellow", "wrong": 0, "better": 3}
	assert light(0, 0, again=True) == {"color": "green", "wrong": 0, "better": 0}


def test_the_light_asks_once_in_two_minutes_and_anew_with_the_health(light, health):
	assert light(0, 0, again=True)["color"] == "green"
	assert light(5, 0)["color"] == "green", "asked a moment ago"
	assert len(health()["messages"]) == 5
	assert light(5, 0)["color"] == "red", "the health has just been looked at"


def test_the_light_is_for_who_administers_the_site():
	from ops_delivery.services.administration import desk_boot

	for role, told in (("System Manager", True), ("Service Desk", False)):
		desk = desk_door.Desk(role)
		answer = desk.call("ops_delivery.api.health.light")
		assert (answer.status == 200) == told, answer.text
		frappe.set_user(desk.user)
		boot = frappe._dict()
		desk_boot.extend(boot)
		frappe.set_user("Administrator")
		assert any("health_light" in address for address in boot.ops_delivery["scripts"].get("looks", [])) == told
