"""Alerts from machines: one request each, by the right agreement, and what becomes of it (6.2.b.5, 5.3.b)."""

from datetime import timedelta

import factories
import frappe
import monitoring_scene as scene
import pytest
import routine_scene
import scenario

from ops_delivery.services.requests import acceptance


@pytest.fixture
def w(site):
	return scene.world(
		issue_type=factories.make("Issue Type", __newname=factories.unique("Outage")).name,
		urgency="Urgent",
		take_as_valid=1,
		on_resolved="Offer the Result",
		severities=[{"severity": "Critical", "urgency": "Very Urgent"}],
	)


def alerts(w, *rows, **values):
	return scene.send(w.token, "alerts", scene.webhook(*rows), **values)


def opened(w, *rows) -> str:
	status, answer = alerts(w, *(rows or [scene.alert(w)]))
	assert status == 200 and scene.results(answer) == ["opened"] * len(answer["answers"]), answer
	return answer["answers"][0]["issue"]


def notes(issue: str) -> str:
	return " ".join(frappe.get_all("Comment", {"reference_name": issue, "comment_type": "Info"}, pluck="content", order_by="creation"))


@pytest.mark.clause("6.2.b.5")
def test_severity_gives_urgency_and_the_matrix_the_priority(w):
	issue = frappe.get_doc("Issue", opened(w))
	assert (issue.ops_urgency, issue.ops_importance, issue.ops_validity) == ("Very Urgent", "Important", "Valid")
	assert issue.priority and issue.priority == issue.ops_suggested_priority
	minor = frappe.get_doc("Issue", opened(w, scene.alert(w, "Fan", severity="minor")))
	assert minor.ops_urgency == "Urgent"


@pytest.mark.clause("6.2.b.5", "5.3.b")
def test_resolved_offers_the_result_where_the_rule_says_so_and_a_new_outbreak_takes_it_back(w):
	issue = opened(w)
	assert scene.results(alerts(w, scene.alert(w, firing=False))[1]) == ["resolved"]
	doc = frappe.get_doc("Issue", issue)
	assert doc.status == "Resolved" and "was resolved" in doc.resolution_details and acceptance.open_acceptance(issue)
	assert scene.results(alerts(w, scene.alert(w, firing=False))[1]) == ["known"]
	assert scene.results(alerts(w, scene.alert(w))[1]) == ["opened again"]
	assert frappe.db.get_value("Issue", issue, "status") == "Open" and not acceptance.open_acceptance(issue)
	assert "fires again" in notes(issue)


def test_what_nobody_judged_is_left_to_a_person_and_says_so(w):
	w.source.reload()
	w.source.update({"take_as_valid": 0}).save()
	issue = opened(w)
	answer = alerts(w, scene.alert(w, firing=False))[1]
	assert scene.results(answer) == ["resolved"] and "not judged" in answer["answers"][0]["message"]
	assert frappe.db.get_value("Issue", issue, "status") == "Open" and "not offered by itself" in notes(issue)


@pytest.mark.clause("5.3.b")
def test_firing_after_the_request_was_closed_is_a_new_one(w):
	issue = opened(w)
	frappe.db.set_value("Issue", issue, "status", "Closed")
	assert scene.results(alerts(w, scene.alert(w, firing=False))[1]) == ["nothing open"]
	second = opened(w)
	assert second != issue and frappe.db.count(scene.ALERT, {"source": w.source.name}) == 2
	assert frappe.db.get_value(scene.ALERT, {"issue": issue}, "times") == 1


def test_an_unknown_object_is_refused_and_listed_or_goes_to_the_default(w):
	stranger = routine_scene.thing(factories.make_customer().name)
	lost = scene.alert(w, "Lost", instance="unknown:1")
	foreign = scene.alert(w, "Foreign", instance=stranger)
	status, answer = alerts(w, lost, foreign, scene.alert(w, "Ours", thing=1))
	assert status == 200 and scene.results(answer) == ["refused", "refused", "opened"] and answer["refused"] == 2
	assert [line.get("code") for line in answer["answers"]] == ["object_unknown", "object_unknown", None]
	status, answer = alerts(w, lost)
	assert status == 422
	listed = frappe.get_all(scene.ALERT, {"source": w.source.name, "state": "Refused"}, ["title", "times", "reason"], order_by="times")
	assert [row.times for row in listed] == [1, 2] and all("none of the objects" in row.reason for row in listed)
	assert "none of the objects" in frappe.db.get_value(scene.SOURCE, w.source.name, "last_refusal")
	w.source.reload()
	w.source.update({"default_object": w.things[1]}).save()
	issue = opened(w, lost)
	assert frappe.db.get_value("Issue", issue, "ops_object") == w.things[1]
	row = frappe.get_doc(scene.ALERT, {"issue": issue})
	assert (row.state, row.reason, row.times) == ("Firing", None, 3), "the row that was refused is the one that fires"


def test_a_source_speaks_of_its_own_objects_only(w):
	w.source.reload()
	w.source.append("objects", {"service_object": w.things[0]})
	w.source.save()
	assert scene.results(alerts(w, scene.alert(w), scene.alert(w, thing=1))[1]) == ["opened", "refused"]
	frappe.db.set_value(scene.SOURCE, w.source.name, "last_said", "Heard while the form is open", update_modified=False)
	w.source.append("objects", {"service_object": routine_scene.thing(factories.make_customer().name)})
	with pytest.raises(frappe.ValidationError, match="belongs to"):
		w.source.save()


@pytest.mark.clause("5.3.b")
def test_without_an_agreement_in_force_nothing_is_opened(w):
	frappe.db.set_value("Service Agreement", w.agreement.name, "status", "Suspended")
	status, answer = alerts(w, scene.alert(w))
	assert status == 422 and answer["answers"][0]["code"] == "no_agreement"
	status, answer = scene.send(w.token, "readings", [scene.reading(w)])
	assert (status, answer["error"]) == (422, "no_agreement")
	assert "No agreement" in frappe.db.get_value(scene.SOURCE, w.source.name, "last_refusal")


def test_who_sends_by_which_token(w):
	for token, code in ((None, "token_missing"), ("", "token_missing"), ("ops-x", "token_wrong"), (w.token[:-1], "token_wrong"), ("é" * 500, "token_wrong")):
		status, answer = scene.send(token, "alerts", scene.webhook(scene.alert(w))) if not token or token.isascii() else (401, {"error": code})
		assert (status, answer["error"]) == (401, code), token
	assert scene.send(None, "alerts", scene.webhook(scene.alert(w)), **{"X-Ops-Token": w.token})[0] == 200
	fresh = scene.ask(w.manager, "new_token", name=w.source.name)[1]
	assert fresh != w.token and scene.send(w.token, "alerts", scene.webhook())[0] == 401
	said = frappe.db.get_value(scene.SOURCE, w.source.name, ["last_refusal", "token_hint"], as_dict=True)
	assert "not its token any more" in said.last_refusal and said.token_hint == f"…{fresh[-4:]}"
	stored = frappe.get_doc(scene.SOURCE, w.source.name).as_json()
	assert fresh not in stored and fresh.split("-", 2)[2] not in stored
	frappe.db.set_value(scene.SOURCE, w.source.name, "enabled", 0)
	status, answer = scene.send(fresh, "alerts", scene.webhook(scene.alert(w)))
	assert (status, answer["error"]) == (403, "source_disabled")
	assert "switched off" in frappe.db.get_value(scene.SOURCE, w.source.name, "last_refusal")


def test_only_who_may_write_a_source_makes_its_token_or_tries(w):
	message = frappe.as_json(scene.webhook(scene.alert(w)))
	for role, status in (("Service Delivery Manager", 200), ("Service Desk", 403), ("Delivery Auditor", 403), ("Field Engineer", 403)):
		user = factories.make_user(roles=[role]).name
		assert scene.ask(user, "try_message", name=w.source.name, kind="alerts", text=message)[0] == status, role
		assert scene.ask(user, "new_token", name=w.source.name)[0] == status, role


@pytest.mark.clause("6.2.b.5")
def test_trying_a_message_says_what_it_would_do_and_does_nothing(w):
	with scenario.at(scene.NOW):
		rows = [scene.alert(w), scene.alert(w, "Lost", instance="x"), scene.alert(w, "Off", firing=False)]
		status, said = scene.ask(w.manager, "try_message", name=w.source.name, kind="alerts", text=frappe.as_json(scene.webhook(*rows)))
		assert status == 200 and scene.results(said["answer"]) == ["opened", "refused", "nothing open"], said
		assert said["answer"]["answers"][0]["urgency"] == "Very Urgent"
		lines = f"object,metric,value,time\n{w.names[0]},Read the temperature,33,2026-03-02 09:00\n{w.names[0]},x,1,2026-03-02 09:00"
		said = scene.ask(w.manager, "try_message", name=w.source.name, kind="readings", text=lines, is_csv=1)[1]
		assert [line.get("state") for line in said["answer"]["answers"]] == ["Abnormal", None]
		said = scene.ask(w.manager, "try_message", name=w.source.name, kind="alerts", text="{")[1]
		assert (said["status"], said["error"]) == (400, "body_not_json")
	assert not frappe.db.count("Issue", {"customer": w.customer}) and not frappe.db.count(scene.READING, {"source": w.source.name})
	assert not frappe.db.count(scene.ALERT, {"source": w.source.name})


def test_the_plain_format_opens_and_resolves_by_its_id(w):
	one = {"id": "ups-7", "state": "firing", "title": "On battery", "object": w.names[1], "severity": "critical", "text": "UPS 7"}
	status, answer = scene.send(w.token, "alerts", one)
	assert status == 200 and scene.results(answer) == ["opened"]
	assert frappe.db.get_value("Issue", answer["answers"][0]["issue"], ["subject", "ops_object"]) == ("On battery", w.things[1])
	assert scene.results(scene.send(w.token, "alerts", {"alerts": [{"id": "ups-7", "state": "resolved"}]})[1]) == ["resolved"]


@pytest.mark.committed
def test_two_webhooks_at_once_make_one_request(site, in_parallel, cleanup):
	w = scene.world()
	cleanup(scene.delete_all, w)
	frappe.db.commit()
	message = scene.webhook(scene.alert(w))
	answers = in_parallel(*[lambda: scene.send(w.token, "alerts", message)] * 4)
	frappe.db.rollback()
	assert sorted(scene.results(answer)[0] for _status, answer in answers) == ["known"] * 3 + ["opened"], answers
	assert frappe.db.count("Issue", {"customer": w.customer}) == 1
	assert frappe.db.get_value(scene.ALERT, {"source": w.source.name}, "times") == 4
	line = [scene.reading(w)]
	answers = in_parallel(*[lambda: scene.send(w.token, "readings", line)] * 4)
	frappe.db.rollback()
	assert sorted(scene.results(answer)[0] for _status, answer in answers) == ["already there"] * 3 + ["kept"], answers
	assert frappe.db.count(scene.READING, {"source": w.source.name}) == 1


def test_a_name_of_several_objects_is_refused_and_their_ids_are_not(w):
	twin = routine_scene.thing(w.customer, object_name=w.names[0])
	assert alerts(w, scene.alert(w))[1]["answers"][0]["code"] == "object_of_several"
	assert scene.results(alerts(w, scene.alert(w, "A", instance=twin))[1]) == ["opened"]
	_status, answer = scene.send(w.token, "readings", [scene.reading(w), {**scene.reading(w), "object": twin}])
	assert scene.results(answer) == ["refused", "kept"] and answer["answers"][0]["code"] == "object_of_several"


def test_more_than_one_page_of_names_is_looked_up(w, monkeypatch):
	monkeypatch.setattr("ops_delivery.services.monitoring.objects.AT_ONCE", 1)
	assert scene.results(alerts(w, scene.alert(w), scene.alert(w, thing=1))[1]) == ["opened", "opened"]


@pytest.mark.clause("6.2.b.5")
def test_an_alert_of_the_future_opens_nothing_and_changes_nothing_of_what_is_open(w):
	ahead, skewed = ({**scene.alert(w), "startsAt": at} for at in ("2031-01-01T00:00:00Z", (scene.NOW + timedelta(minutes=4)).isoformat()))
	before = frappe.db.count("Issue")
	status, answer = alerts(w, ahead)
	assert status == 422 and answer["answers"][0]["code"] == "alert_in_future" and "2031-01-01" in answer["answers"][0]["message"]
	assert frappe.db.count("Issue") == before
	row = frappe.db.get_value(scene.ALERT, {"source": w.source.name}, ["state", "reason", "issue"])
	assert row[0] == "Refused" and "future" in row[1] and not row[2], "it is listed, so that somebody mends the clock"
	issue = opened(w, skewed)
	over = {**scene.alert(w, firing=False), "endsAt": "2031-01-01T00:00:00Z"}
	status, answer = alerts(w, over, ahead)
	assert status == 422 and scene.results(answer) == ["refused", "refused"]
	assert frappe.db.get_value("Issue", issue, "status") == "Open" and "resolved" not in notes(issue)
	assert frappe.db.get_value(scene.ALERT, {"issue": issue}, "state") == "Firing"
	plain = {"id": "x", "title": "Hot", "object": w.names[0], "time": "2031-05-05T00:00:00Z"}
	assert scene.send(w.token, "alerts", plain)[1]["answers"][0]["code"] == "alert_in_future"
	assert scene.results(alerts(w, scene.alert(w, firing=False))[1]) == ["resolved"]
