"""What a sweep writes together stands as Frappe would have written it one by one, and whoever listens still hears (6.3.e)."""

from datetime import timedelta
from unittest.mock import patch

import factories
import frappe
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import bell
from ops_delivery.services.shared import insert_many, listeners

pytestmark = pytest.mark.clause("6.3.e")

DEADLINE = MONDAY + hours(9)
LOG, NOTE = "Escalation Log", "Notification Log"
OWN = ("name", "creation", "modified", "parent", "clock", "reference_name", "document_name", "subject", "recipients", "due_on")


@pytest.fixture
def manager(site):
	return factories.make_user(roles=["Service Delivery Manager"]).name


@pytest.fixture
def agreement(manager):
	factories.make_email_account()
	return scenario.agreement(manager=manager)


def _issue(agreement):
	return scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")


def _sweep(moment=DEADLINE):
	with scenario.at(moment):
		return sweep.run()


def _alarm(issue):
	(name,) = frappe.get_all(
		LOG, {"reference_name": issue.name, "commitment": "Resolution", "kind": "Alarm"}, pluck="name"
	)
	return frappe.get_doc(LOG, name)


def _stored(doctype, name):
	row = frappe.db.get_value(doctype, name, "*", as_dict=True)
	return {field: value for field, value in row.items() if field not in OWN}


def _seen(user):
	return frappe.db.get_value("Notification Settings", user, "seen")


def test_rows_written_together_are_those_of_documents_inserted_one_by_one(agreement, manager):
	together, singly = _issue(agreement), _issue(agreement)
	found = {}
	for issue, heard in ((together, False), (singly, True)):
		other = singly if issue is together else together
		clocks = frappe.get_all("Service Clock", {"reference_name": other.name}, pluck="name")
		waiting = {"clock": ["in", clocks]}
		frappe.db.set_value("Service Clock Trigger", waiting, "state", "Failed")
		with patch.object(listeners, "hears", return_value=heard):
			_sweep()
		frappe.db.set_value("Service Clock Trigger", waiting, "state", "Pending")
		alarm = _alarm(issue)
		notes = frappe.get_all(NOTE, {"document_name": issue.name, "for_user": manager}, pluck="name", order_by="subject")
		found[heard] = (
			_stored(LOG, alarm.name),
			[_stored("Escalation Log Recipient", row.name) for row in alarm.recipients],
			[_stored(NOTE, name) for name in notes],
		)
	for written in found.values():  # each in a second of its own
		for row in written[1]:
			row.pop("sent_on"), row.pop("mail"), row.pop("send_after")
	assert found[False] == found[True]
	assert found[True][1] and found[True][2]


def test_a_sweep_of_many_asks_hardly_more_than_a_sweep_of_few(agreement):
	counts = []
	for number in (2, 12):
		issues = [_issue(agreement) for _ in range(number)]
		_sweep(MONDAY)
		with patch.object(frappe.db, "sql", side_effect=frappe.db.sql) as calls:
			# without the steps that raise the priority: those save the record
			_sweep(MONDAY + hours(7.4))
		assert len(frappe.get_all(LOG, {"reference_name": ["in", [issue.name for issue in issues]]})) >= number
		counts.append(calls.call_count)
		frappe.db.delete("Service Clock Trigger")
	few, many = counts
	assert many - few < 3 * 10, counts  # of ten requests more: on 16 a mail asks a few more


def test_the_bell_rings_once_and_open_lists_hear_of_every_line(agreement, manager):
	issue, _other = _issue(agreement), _issue(agreement)
	frappe.db.set_value("Notification Settings", manager, "seen", 1)
	with patch.object(frappe, "publish_realtime") as told:
		_sweep()
	events = [(call.args[0], call.args[1:], call.kwargs) for call in told.call_args_list]
	rung = [values["user"] for name, _, values in events if name == "notification"]
	assert set(rung) == {manager} and len(rung) < frappe.db.count(NOTE, {"for_user": manager})
	logs = set(frappe.get_all(LOG, {"reference_name": issue.name}, pluck="name"))
	listed = {args[0]["name"] for name, args, _ in events if name == "list_update" and args[0]["doctype"] == LOG}
	assert logs and logs <= listed
	assert _seen(manager) == 0


def test_a_notification_on_the_log_goes_out_for_each(agreement):
	notification = factories.make(
		"Notification",
		name=factories.unique("Escalated"),
		subject="Escalated {{ doc.reference_name }}",
		document_type=LOG,
		event="New",
		channel="System Notification",
		recipients=[{"receiver_by_role": "Service Delivery Manager"}],
		message="x",
	)
	issues = [_issue(agreement) for _ in range(2)]
	_sweep()
	for issue in issues:
		assert frappe.db.exists(NOTE, {"document_type": LOG, "document_name": _alarm(issue).name}), notification.name


def test_a_field_of_an_administrator_is_heard_of(site):
	assert not listeners.hears(LOG) and not listeners.hears(NOTE)
	custom = {"dt": LOG, "fieldname": "own_mark", "label": "Mark", "fieldtype": "Data"}
	with patch("frappe.custom.doctype.custom_field.custom_field.CustomField.on_update"):  # no column for one test
		factories.make("Custom Field", **custom)
	assert listeners.hears(LOG) and not listeners.hears(NOTE)


def test_another_apps_function_is_heard_of(site):
	hooks = frappe.get_doc_hooks()
	theirs = {**hooks, NOTE: {**hooks.get(NOTE, {}), "after_insert": ["their_app.push.send"]}}
	with patch.object(frappe, "get_doc_hooks", return_value=theirs):
		assert listeners.hears(NOTE) and not listeners.hears(LOG)


def test_whoever_may_not_learn_of_a_record_has_no_line_of_it(manager):
	before = frappe.db.count(NOTE, {"for_user": manager})
	with patch("ops_delivery.permissions.confidential.is_hidden", side_effect=lambda _type, name, _user: name == "B"):
		bell.ring(manager, [bell.Line("of A", "Issue", "A"), bell.Line("of B", "Issue", "B")])
	assert frappe.db.count(NOTE, {"for_user": manager}) == before + 1
	assert frappe.db.exists(NOTE, {"for_user": manager, "document_name": "A"})


def test_one_log_that_cannot_be_written_holds_up_no_other(agreement):
	"""All of a batch stand in one statement: where it fails each is tried by itself."""
	issues = [_issue(agreement) for _ in range(3)]
	broken = scenario.clock(issues[1]).name
	write = insert_many.insert

	def refusing(doctype, rows):
		if any(row.get("clock") == broken for row in rows):
			raise RuntimeError("refused")
		return write(doctype, rows)

	with patch.object(insert_many, "insert", refusing):
		outcome = _sweep(MONDAY + hours(9))
	assert outcome["failed"] >= 1
	assert _alarm(issues[0]) and _alarm(issues[2])
	assert not frappe.db.exists(LOG, {"clock": broken, "kind": "Alarm"})
	_sweep(MONDAY + hours(9) + timedelta(minutes=2))
	assert _alarm(issues[1]).round == 1
	assert frappe.db.count(LOG, {"clock": scenario.clock(issues[0]).name, "kind": "Alarm"}) == 1
