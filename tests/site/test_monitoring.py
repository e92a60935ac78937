"""Readings and alerts from machines: by token, line by line, each once (6.2.b.3, 6.2.b.4, 6.2.b.5, 5.3.b)."""

import hashlib
import json
from datetime import datetime, timedelta, timezone

import api_calls
import customers
import factories
import frappe
import monitoring_scene as scene
import old_columns
import pytest
import routine_scene
import scenario

from ops_delivery.patches import hide_token_hashes
from ops_delivery.services.monitoring import door, silence
from ops_delivery.services.shared import site_time


@pytest.fixture
def w(site):
	return scene.world(on_resolved="Note It")


def kept(w) -> list:
	return frappe.get_all(
		scene.READING,
		{"source": w.source.name},
		["service_object", "step_key", "value", "number", "unit", "verdict", "read_on", "task", "customer"],
		order_by="read_on, service_object",
	)


@pytest.mark.clause("6.2.b.3", "6.2.b.4", "5.3.b")
def test_readings_are_judged_by_the_manual_and_kept_line_by_line(w):
	lines = [
		scene.reading(w, 21, ago=300),
		scene.reading(w, "33.5", unit="°C", ago=240),
		scene.reading(w, "Yellow", metric="Look at the lamps", thing=1),
		scene.reading(w, "warm"),
		scene.reading(w, 70, unit="°F", ago=59),
		scene.reading(w, 21, ago=-600),
		{**scene.reading(w), "object": "no such"},
		scene.reading(w, metric="Humidity"),
		scene.reading(w, 22, ago=300),
		scene.reading(w, 21, ago=300),
		{**scene.reading(w), "time": "yesterday"},
		[1],
	]
	status, answer = scene.send(w.token, "readings", {"readings": lines})
	assert status == 200 and (answer["kept"], answer["already_there"], answer["refused"]) == (3, 1, 8), answer
	codes = [line.get("code") for line in answer["answers"]]
	assert codes == [None, None, None, "bad_reading", "reading_in_other_unit", "reading_in_future", "object_unknown", "step_unknown", "reading_twice", None, "bad_moment", "row_no_object"]
	assert all("{" not in line.get("message", "") and "<" not in line.get("message", "") for line in answer["answers"])
	assert [(row.value, row.verdict, row.task, row.customer) for row in kept(w)] == [
		("21", "Normal", None, w.customer), ("33.5", "Abnormal", None, w.customer), ("Yellow", "At Risk", None, w.customer),
	]  # fmt: skip
	status, answer = scene.send(w.token, "readings", {"readings": lines[:3]})
	assert status == 200 and scene.results(answer) == ["already there"] * 3 and len(kept(w)) == 3


@pytest.mark.clause("6.2.b.5", "8.3.a.1", "8.3.a.2")
def test_what_machines_read_says_how_objects_stand_and_is_found_once(w):
	def report(*values):
		lines = [scene.reading(w, value, ago=600 - 10 * number - 1) for number, value in values]
		assert scene.send(w.token, "readings", {"readings": lines})[1]["kept"] == len(values)

	def found():
		fields = ["name", "status", "times_found", "agreement", "task"]
		return frappe.get_all("Routine Finding", {"service_object": w.things[0]}, fields, order_by="creation")

	report((0, 21), (1, 33), (2, 34), (3, 35))
	(one,) = found()
	assert (one.status, one.times_found, one.agreement, one.task) == ("Open", 1, w.agreement.name, None)
	assert frappe.db.get_value("Object State", {"service_object": w.things[0], "step_key": w.heat}, ["verdict", "value"]) == ("Abnormal", "35")
	report((4, 36))
	report((5, 37))
	assert frappe.db.count(scene.READING, {"finding": one.name, "verdict": "Abnormal"}) == 1  # nothing new is said by them
	report((6, 20))
	(one,) = found()
	assert one.status == "Back to Normal"
	report((7, 29), (8, 28))
	(one,) = found()
	assert (one.status, one.times_found) == ("Open", 2)
	frappe.db.set_value("Routine Finding", one.name, {"status": "Closed", "live_key": None})
	report((9, 28.5))
	assert [row.status for row in found()] == ["Closed", "Open"]  # it goes on, so it is found anew


@pytest.mark.clause("6.2.b.5", "5.3.b")
def test_an_alert_opens_one_request_under_the_right_agreement_and_its_clocks_start(w):
	status, answer = scene.send(w.token, "alerts", scene.webhook(scene.alert(w)))
	assert status == 200 and scene.results(answer) == ["opened"], answer["answers"][0]["message"]
	issue = frappe.get_doc("Issue", answer["answers"][0]["issue"])
	assert (issue.customer, issue.ops_object, issue.ops_agreement, issue.status) == (w.customer, w.things[0], w.agreement.name, "Open")
	assert frappe.db.count("Service Clock", {"reference_name": issue.name}) > 0
	status, answer = scene.send(w.token, "alerts", scene.webhook(scene.alert(w)))
	assert scene.results(answer) == ["known"] and answer["answers"][0]["issue"] == issue.name
	row = frappe.get_doc(scene.ALERT, {"issue": issue.name})
	assert (row.times, row.state) == (2, "Firing")
	status, answer = scene.send(w.token, "alerts", scene.webhook(scene.alert(w, firing=False)))
	assert scene.results(answer) == ["resolved"]
	said = " ".join(frappe.get_all("Comment", {"reference_name": issue.name, "comment_type": "Info"}, pluck="content"))
	assert "was resolved" in said


HOSTILE = (
	b"", b"\xff\xfe{}", b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"null", b"3", b'"x"', b"[]", b"{}", b"9" * 6000,
	b'{"readings": 5}', b'{"readings": {}}', b'{"readings": [null, 1, "x", [], {}]}', b'{"alerts": [null, 1, "x", [], {}]}',
	b'{"version": "4"}', b'{"version": [1], "alerts": []}', b'{"version": "4", "alerts": [{"labels": []}]}',
	b'{"version": "4", "alerts": [{"status": {}, "labels": {"a": {}}}]}', b'{"alerts": [{"id": {"a": 1}, "labels": {"a": [1]}}]}',
	b'{"alerts": [{"id": "1", "time": 5, "object": true}]}', b'{"cmd": "frappe.ping", "data": 1}', b'{"whole": "maybe", "readings": [1]}',
	b'{"alerts": [{"id": "\\ud800\\u0000", "title": "\\ud800"}]}', b"x" * 4_000_001, b'{"readings": [' + b"1," * 10_001 + b"1]}",
	b'{"alerts": [' + b"{}," * 600 + b"{}]}",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["readings", "alerts"])
@pytest.mark.committed
def test_hostile_messages_are_refused_in_words_and_keep_nothing(site, cleanup, kind):
	w = scene.world()
	cleanup(scene.delete_all, w)
	frappe.db.commit()
	machine = scene.machine(site, w.token)
	for body in HOSTILE:
		for mimetype in ("application/json", "text/csv"):
			answer = machine(kind, body, mimetype)
			assert 400 <= answer.status < 500, (body[:60], answer.status, answer.text[:500])
			assert "Traceback" not in answer.text and "exc" not in (answer.json or {}), answer.text[:300]
			said = answer.json["message"]
			assert said.get("text") or said.get("refused"), (body[:60], said)
	assert not frappe.db.count(scene.READING, {"source": w.source.name})
	assert not frappe.db.count("Issue", {"customer": w.customer})


def test_numbers_that_no_column_holds_are_refused_with_their_line(w):
	values = [5e13, -5e13, 1e300, 10**400, 999_999_999_999, "1e14", True, float("nan"), "９９"]
	lines = [scene.reading(w, value, ago=number + 1) for number, value in enumerate(values)]
	status, answer = scene.send(w.token, "readings", json.dumps({"readings": lines}))
	assert status == 200, answer
	assert scene.results(answer) == ["refused"] * 4 + ["kept", "refused", "refused", "refused", "kept"], answer


@pytest.mark.clause("6.2.b.4")
def test_all_lines_or_none_and_csv_in_the_zone_of_the_source(w):
	w.source.reload()
	w.source.update({"time_zone": "Europe/Berlin", "metrics": []})
	w.source.append("metrics", {"metric": "temp_c", "step": "Read the temperature"})
	w.source.save()
	lines = f"﻿time;object;metric;value;unit\n2026-03-02 01:30;{w.names[0]};temp_c;20,5;℃\n2026-03-02T01:30:00Z;{w.names[0]};temp_c;21;\n"
	status, answer = scene.send(w.token, "readings", lines + f"x;{w.names[1]};temp_c;1;\n", "text/csv; charset=utf-8", "whole=1")
	assert status == 422 and scene.results(answer) == ["not kept", "not kept", "refused"] and not kept(w)
	status, answer = scene.send(w.token, "readings", lines, "text/csv", "whole=1")
	assert status == 200 and answer["kept"] == 2
	assert [(str(row.read_on), row.number, row.unit) for row in kept(w)] == [("2026-03-02 08:30:00", 20.5, "℃"), ("2026-03-02 09:30:00", 21.0, "℃")]
	assert scene.send(w.token, "readings", "a=1", "application/x-www-form-urlencoded")[0] == 415
	assert scene.send(w.token, "alerts", lines, "text/csv")[0] == 415


def test_a_column_of_a_source_that_cannot_be_is_refused_by_name(w):
	w.source.reload()
	for values, part in (
		({"time_zone": "Mars/Base"}, "time zone"),
		({"metrics": [{"metric": "a", "step": "No such"}]}, "Metrics, row 1"),
		({"metrics": [{"metric": "a", "step": "Look at the lamps"}, {"metric": "a", "step": "Read the temperature"}]}, "Metrics, row 2"),
		({"severities": [{"severity": "a", "urgency": "Urgent"}, {"severity": "A", "urgency": "Urgent"}]}, "Row 2"),
	):
		doc = frappe.get_doc(scene.SOURCE, w.source.name)
		doc.update(values)
		with pytest.raises(frappe.ValidationError, match=part):
			doc.save()
	frappe.db.set_value("Operation Manual", w.manual.name, "published_version", None)
	with pytest.raises(frappe.ValidationError, match="not published"):
		frappe.get_doc(scene.SOURCE, w.source.name).save()


def test_too_many_messages_within_an_hour_are_refused(w, monkeypatch):
	monkeypatch.setattr(door, "MESSAGES_AN_HOUR", 2)
	assert [scene.send(w.token, "readings", [scene.reading(w)])[0] for _number in range(3)] == [200, 200, 429]


def test_what_machines_read_is_the_last_value_on_the_sheet_of_a_task(w):
	scene.send(w.token, "readings", [scene.reading(w, 24)])
	with routine_scene.at("2026-03-02", "11:00"):
		schedule = routine_scene.schedule(w.agreement, manual=w.manual.name, objects=[{"service_object": w.things[0]}])
		engineer = factories.make_user(roles=["Field Engineer"]).name
		sheet = routine_scene.post(engineer, "task_sheet", name=routine_scene.tasks(schedule)[0].name)[1]
	assert [row["value"] for row in sheet["last"]] == ["24"]


@pytest.mark.committed
def test_a_token_passes_the_whole_of_frappe_and_nothing_else_does(site, cleanup):
	w = scene.world()
	cleanup(scene.delete_all, w)
	frappe.db.commit()
	line = {**scene.reading(w), "time": "2026-03-02T09:00:00+08:00"}
	for token, headers in ((None, {}), ("x", {}), (f"{w.token}x", {}), (None, {"Authorization": "Basic eDp5"}), (None, {"Authorization": f"token {w.token}:x"})):
		answer = scene.machine(site, token)("readings", [line], **headers)
		assert answer.status == 401 and "exc" not in answer.json, (headers, answer.text)
	assert scene.machine(site, "x")("readings", [line]).headers["WWW-Authenticate"].split()[0] == "Bearer"
	assert scene.machine(site, None)("readings", [line], path=f"?token={w.token}").status == 401, "no token stands in an address"
	machine = scene.machine(site, w.token)
	answer = machine("readings", [line])
	assert (answer.status, answer.json["message"]["kept"]) == (200, 1) and w.token not in answer.text
	assert machine("readings", f"object,metric,value,time\n{line['object']},{line['metric']},20,2026-03-02 08:00", "text/csv").json["message"]["kept"] == 1
	frappe.db.rollback()
	assert frappe.db.count(scene.READING, {"source": w.source.name}) == 2
	assert not frappe.get_all("Error Log", {"error": ["like", f"%{w.token[-20:]}%"]})
	assert machine("readings", "", path="/").status in (400, 404)
	assert scene.wire.Visitor(site).ask("GET", f"/api/method/{scene.API}.readings").status in (403, 405)


@pytest.mark.clause("6.2.b.4")
def test_the_hash_of_a_token_is_read_by_nobody(w):
	digest = hashlib.sha256(w.token.encode()).hexdigest()
	for reader in (w.manager, "Administrator"):
		answer = api_calls.ask(reader, "GET", f"/api/resource/Monitoring Source/{w.source.name}")
		assert answer.status == 200 and w.source.name in answer.text and digest not in answer.text
		answer = api_calls.ask(reader, "GET", "/api/resource/Monitoring Source", query_string={"fields": '["*"]', "limit_page_length": 0})
		assert answer.status == 200 and w.source.name in answer.text and digest not in answer.text
		for function in ("frappe.desk.reportview.get", "frappe.client.get_list"):
			said = api_calls.post(reader, function, doctype="Monitoring Source", fields='["name", "token_hash"]')
			assert digest not in said.text
	assert not frappe.get_meta("Monitoring Source").has_field("token_hash")
	assert scene.send(w.token, "readings", {"readings": [scene.reading(w)]})[0] == 200


@pytest.fixture
def column_of_before(site):
	with old_columns.standing("Monitoring Source", "token_hash"):
		yield


@pytest.mark.committed
def test_hashes_that_stood_in_the_list_are_moved_and_still_count(column_of_before, w):
	digest = hashlib.sha256(w.token.encode()).hexdigest()
	frappe.db.delete("__Auth", {"doctype": "Monitoring Source", "name": w.source.name})
	source = frappe.qb.DocType("Monitoring Source")
	frappe.qb.update(source).set(source.token_hash, digest).where(source.name == w.source.name).run()
	hide_token_hashes.execute()
	hide_token_hashes.execute()
	assert not frappe.qb.from_(source).select(source.token_hash).where(source.name == w.source.name).run()[0][0]
	assert scene.send(w.token, "readings", {"readings": [scene.reading(w)]})[0] == 200


def read_at(w, minutes):
	with scenario.at(scene.NOW + timedelta(minutes=minutes)):
		assert scene.send(w.token, "readings", {"readings": [scene.reading(w, 21, ago=-60 * minutes)]})[0] == 200


def watched_at(w, minutes):
	"""(how often the keeper was told, whether it stands in the health, whether it is noted as silent)."""
	with scenario.at(scene.NOW + timedelta(minutes=minutes)):
		silence.watch()
		said = any(w.source.title in text for text in silence.messages())
	told = frappe.db.count("Service Notice", {"reference_name": w.source.name, "key_point": "ops_source_silent"})
	return told, said, bool(frappe.db.get_value(scene.SOURCE, w.source.name, "silent_since"))


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_a_source_that_falls_silent_is_told_of_once_stands_in_the_health_and_is_back_by_itself(w):
	w.source.reload()
	w.source.update({"keeper": factories.make_user(roles=["Service Delivery Manager"]).name}).save()
	for minutes in (0, 10, 20, 30):
		read_at(w, minutes)
	assert watched_at(w, 55) == (0, False, False)
	assert watched_at(w, 61) == (1, True, True)
	assert watched_at(w, 180) == (1, True, True), "once"
	factories.make_email_account()
	customers.tell_all()
	(mail,) = customers.mails(w.source.name, to=w.source.keeper)
	assert w.source.title in mail and f"/monitoring-source/{w.source.name}" in mail
	read_at(w, 200)
	assert watched_at(w, 201) == (1, False, False)
	assert "silence since" in " ".join(frappe.get_all("Comment", {"reference_name": w.source.name, "comment_type": "Info"}, pluck="content"))
	assert watched_at(w, 2000)[1:] == (True, True)
	w.source.reload()
	w.source.update({"enabled": 0}).save()
	assert watched_at(w, 2001)[1:] == (False, False)


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_where_the_keeper_has_left_who_made_it_keeps_the_source_and_is_told(w):
	w.source.reload()
	keeper = factories.make_user(roles=["Service Delivery Manager"])
	w.source.update({"keeper": keeper.name}).save()
	w.source.db_set("owner", w.manager)
	for minutes in (0, 10, 20, 30):
		read_at(w, minutes)
	keeper.reload()
	keeper.update({"enabled": 0}).save()
	assert watched_at(w, 2000) == (1, True, True)
	assert frappe.db.get_value(scene.SOURCE, w.source.name, "keeper") == w.manager
	factories.make_email_account()
	customers.tell_all()
	assert customers.mails(w.source.name, to=w.manager)
	assert not customers.mails(w.source.name, to=keeper.name)
	assert "keeps it from now on" in " ".join(frappe.get_all("Comment", {"reference_name": w.source.name, "comment_type": "Info"}, pluck="content"))


@pytest.mark.clause("6.2.b.4", "5.4.a")
@pytest.mark.parametrize(
	"jump",
	[datetime(2026, 3, 29, 1, tzinfo=timezone.utc), datetime(2026, 10, 25, 1, tzinfo=timezone.utc)],
	ids=["summer time begins", "summer time ends"],
)
def test_silence_is_counted_in_minutes_that_pass_also_when_the_clock_is_put_on_or_back(w, monkeypatch, jump):
	monkeypatch.setattr(site_time, "get_system_timezone", lambda: "Europe/Berlin")
	w.source.reload()
	w.source.update({"silent_after": 1800}).save()
	monkeypatch.setattr(scene, "NOW", jump)
	for minutes in (-15, -5, 5, 15):
		read_at(w, minutes)
		assert watched_at(w, minutes + 9)[2] is False, minutes
	assert frappe.db.get_value(scene.SOURCE, w.source.name, "usual_seconds") <= 660
	assert watched_at(w, 44)[2] is False
	assert watched_at(w, 46)[2] is True


@pytest.mark.clause("6.2.b.4", "5.4.a")
def test_a_source_that_falls_silent_before_the_clock_is_put_back_is_told_of_in_time(w, monkeypatch):
	monkeypatch.setattr(site_time, "get_system_timezone", lambda: "Europe/Berlin")
	w.source.reload()
	w.source.update({"silent_after": 1800}).save()
	monkeypatch.setattr(scene, "NOW", datetime(2026, 10, 25, 1, tzinfo=timezone.utc))
	read_at(w, -5)
	assert watched_at(w, 24)[2] is False
	assert watched_at(w, 26)[2] is True


def test_of_a_source_that_tells_alerts_alone_nothing_is_expected_unless_a_time_is_set(w):
	assert scene.send(w.token, "alerts", scene.webhook(scene.alert(w)))[0] == 200
	assert watched_at(w, 40_000)[2] is False
	w.source.reload()
	w.source.update({"silent_after": 86_400}).save()
	assert watched_at(w, 40_000)[2] is True
	w.source.reload()
	w.source.keeper = factories.make_user(user_type="Website User", roles=["Customer"]).name
	with pytest.raises(frappe.ValidationError, match=r"Keeper.*does not work on the desk"):
		w.source.save()
