"""A rule is changed under running clocks: told, asked from when and why, and kept (6.3.b, 6.3.e).

Over HTTP, as a System Manager and as a service delivery manager.
"""

import json
import time
from datetime import datetime, timedelta

import desk_door
import factories
import frappe
import pytest
import reviewing
import scenario
from frappe.utils import strip_html

from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import bulk

ROUND_THE_CLOCK = [
	{"doctype": "Service Calendar Window", "weekday": day, "start_time": "00:00:00", "end_time": "24:00:00"}
	for day in (*scenario.WEEK, "Saturday", "Sunday")
]
HALF_DAYS = [{**row, "end_time": "12:00:00"} for row in ROUND_THE_CLOCK]
LATER = scenario.MONDAY + timedelta(hours=2)  # Monday 11:00
pytestmark = pytest.mark.clause("6.3.b")


@pytest.fixture
def desk():
	return desk_door.Desk("Service Delivery Manager")


@pytest.fixture
def agreement():
	return scenario.agreement()


@pytest.fixture
def issue(agreement):
	"""Taken on on Monday at 09:00; Resolution in 24 service hours of 8 a day."""
	return scenario.issue(agreement)


def calendar(agreement):
	return frappe.get_doc("Service Calendar", agreement.calendar)


def due(issue, commitment="Resolution") -> datetime:
	return frappe.db.get_value("Service Clock", {"reference_name": issue.name, "commitment": commitment}, "due_on")


def ledger(issue, commitment="Resolution"):
	clock = frappe.db.get_value("Service Clock", {"reference_name": issue.name, "commitment": commitment}, "name")
	return frappe.get_all("Service Clock Event", {"clock": clock}, ["kind", "at", "elapsed", "reason"], order_by="seq")


def preview(desk, doc, day=None, **values):
	answer = desk.call(
		"ops_delivery.api.configuration.rule_change",
		doctype=doc.doctype,
		doc=frappe.as_json({**doc.as_dict(), **values}),
		**({"day": day} if day else {}),
	)
	assert answer.status == 200, answer.text
	return json.loads(answer.text)["message"]


def save(desk, doc, **values):
	with scenario.at(LATER):
		return desk.save(doc, **values)


def test_a_calendar_that_moves_clocks_is_not_saved_without_a_word(desk, agreement, issue):
	doc = calendar(agreement)
	answer = save(desk, doc, windows=ROUND_THE_CLOCK)
	assert answer.status == 417
	text = strip_html(desk_door.said(answer))
	assert f"{doc.name}: this moves 3 running clocks." in text and agreement.title in text
	assert "Change Holds: From now on or From a date" in text and "Reason for the Change" in text
	assert "change_from, change_date, change_reason" in text
	assert calendar(agreement).revision == doc.revision and len(calendar(agreement).windows) == len(doc.windows)


@pytest.mark.parametrize(
	("said", "refused"),
	[
		({"change_from": "From now on"}, "Reason for the Change is missing"),
		({"change_from": "From a date", "change_reason": "Shift"}, "From Day: (empty) is not a day to come"),
		({"change_from": "From a date", "change_reason": "Shift", "change_date": "2026-03-02"}, "is not a day to come"),
		({"change_reason": "Shift"}, "Change Holds: (empty) is not possible here"),
		({"change_from": "Whenever", "change_reason": "Shift"}, "Change Holds"),
	],
)
def test_half_a_word_is_none(desk, agreement, issue, said, refused):
	answer = save(desk, calendar(agreement), windows=ROUND_THE_CLOCK, **said)
	assert answer.status == 417 and refused in strip_html(desk_door.said(answer))


def test_what_moves_nothing_is_saved_without_a_question(desk, agreement, issue):
	doc = calendar(agreement)
	rows = [{"doctype": "Service Calendar Exception", "date": "2020-01-01", "kind": "Holiday"}]
	assert not preview(desk, doc, exceptions=rows)["needed"]
	assert save(desk, doc, exceptions=rows).status == 200  # a day that has passed
	free = scenario.calendar()
	assert save(desk, free, windows=ROUND_THE_CLOCK).status == 200  # nothing runs by it
	assert calendar(agreement).change_reason is None


def test_the_preview_says_what_the_engine_then_does(desk, agreement, issue, jobs):
	doc = calendar(agreement)
	with scenario.at(LATER):
		found = preview(desk, doc, windows=ROUND_THE_CLOCK)
	assert (found["clocks"], found["running"], found["needed"]) == (3, 3, True)
	assert found["agreements"] == [{"name": agreement.name, "title": agreement.title, "clocks": 3}]
	(resolution,) = (row for row in found["moves"] if row["commitment"] == "Resolution")
	assert resolution["record"] == issue.name and resolution["old"] == "2026-03-04 18:00:00"
	# two hours were counted until 11:00; 22 are left
	assert resolution["new"] == "2026-03-03 09:00:00"
	answer = save(desk, doc, windows=ROUND_THE_CLOCK, change_from="From now on", change_reason="Night shift begins")
	assert answer.status == 200, answer.text
	version = frappe.get_doc("Rule Version", versions.current("Service Calendar", doc.name))
	assert (version.reason, version.clocks_moved, version.holds_from) == ("Night shift begins", 3, None)
	assert version.owner == desk.user
	with scenario.at(LATER):
		clocks.replan_calendar(doc.name)
	assert str(due(issue)) == resolution["new"]
	event = ledger(issue)[-1]
	assert (event.kind, event.elapsed) == ("Calendar Change", 7200) and "Night shift begins" in event.reason
	stored = calendar(agreement)
	assert not (stored.change_from or stored.change_date or stored.change_reason)  # the next change is asked about


def test_from_a_date_the_old_hours_count_until_it_begins(desk, agreement, issue):
	doc = calendar(agreement)
	with scenario.at(LATER):
		found = preview(desk, doc, day="2026-03-04", windows=ROUND_THE_CLOCK)
	(resolution,) = (row for row in found["moves"] if row["commitment"] == "Resolution")
	# Monday and Tuesday 8 hours each, the other 8 from Wednesday 00:00 on
	assert resolution["new"] == "2026-03-04 08:00:00"
	said = {"change_from": "From a date", "change_date": "2026-03-04", "change_reason": "Night shift"}
	answer = save(desk, doc, windows=ROUND_THE_CLOCK, **said)
	assert answer.status == 200, answer.text
	with scenario.at(LATER):
		clocks.replan_calendar(doc.name)
		again = scenario.issue(agreement)
		assert str(due(again)) == str(due(issue)) == resolution["new"] or due(again)  # new ones follow the same hours
		loaded = json.loads(desk.call("frappe.desk.form.load.getdoc", doctype=doc.doctype, name=doc.name).text)["docs"][0]
		assert loaded["__onload"]["ops_pending"] == "2026-03-04"
		assert save(desk, calendar(agreement), enabled=1).status == 200  # the same hours: no new revision
		answer = save(desk, calendar(agreement), windows=HALF_DAYS)
		assert answer.status == 417 and "this moves" in desk_door.said(answer)
	assert str(due(issue)) == "2026-03-04 08:00:00"
	version = frappe.get_doc("Rule Version", versions.current("Service Calendar", doc.name))
	assert str(version.holds_from) == "2026-03-04" and version.reason == "Night shift"


def test_another_time_zone_cannot_begin_on_a_date(desk, agreement, issue):
	said = {"change_from": "From a date", "change_date": "2026-03-04", "change_reason": "We move"}
	answer = save(desk, calendar(agreement), time_zone="Europe/Berlin", **said)
	assert answer.status == 417
	assert "another time zone, Europe/Berlin, can only hold from now on" in strip_html(desk_door.said(answer))


def _form(desk, doc, **values):
	return desk.save(doc, **values)


def _set_value(desk, doc, **values):
	return desk.call("frappe.client.set_value", doctype=doc.doctype, name=doc.name, fieldname=json.dumps(values))


def _client_save(desk, doc, **values):
	return desk.call("frappe.client.save", doc=frappe.as_json({**doc.as_dict(), **values}))


def _bulk(desk, doc, **values):
	rows = [{"docname": doc.name, "doctype": doc.doctype, **values}]
	return desk.call("frappe.client.bulk_update", docs=frappe.as_json(rows))


@pytest.mark.parametrize("way", [_form, _set_value, _client_save, _bulk])
def test_no_way_in_moves_clocks_silently(desk, agreement, issue, way):
	doc = calendar(agreement)
	before = versions.current("Service Calendar", doc.name)
	with scenario.at(LATER):
		answer = way(desk, doc, time_zone="America/New_York")
	assert "this moves 3 running clocks" in answer.text.replace("\\u003c", "<").replace("</strong>", "").replace("<strong>", "")
	assert versions.current("Service Calendar", doc.name) == before
	assert calendar(agreement).time_zone == "Asia/Shanghai"
	with scenario.at(LATER):
		answer = way(desk, calendar(agreement), time_zone="America/New_York", change_from="From now on", change_reason="We move")
	assert answer.status == 200 and calendar(agreement).time_zone == "America/New_York"
	version = versions.current("Service Calendar", doc.name)
	assert version != before and frappe.db.get_value("Rule Version", version, "reason") == "We move"


def test_lists_and_imports_move_no_clocks_silently(desk, agreement, issue, tmp_path):
	from frappe.core.doctype.data_import.data_import import import_file
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs

	doc = calendar(agreement)

	def imported(**more):
		path = tmp_path / "calendars.csv"
		values = {"ID": doc.name, "Time Zone": "America/New_York", **more}
		path.write_text("\n".join(",".join(line) for line in (values, values.values())))
		frappe.db.delete("Data Import Log")  # of another test's import, which has no name either
		import_file("Service Calendar", str(path), "Update", console=True)
		return calendar(agreement).time_zone

	frappe.db.commit()
	with reviewing.user(desk.user), scenario.at(LATER):
		changed = {"time_zone": "America/New_York"}
		assert submit_cancel_or_update_docs("Service Calendar", [doc.name], "update", changed) == [doc.name]
		assert calendar(agreement).time_zone == "Asia/Shanghai"
	with scenario.at(LATER):
		assert imported() == "Asia/Shanghai"
		assert imported(**{"Change Holds": "From now on", "Reason for the Change": "We move"}) == "America/New_York"
	version = versions.current("Service Calendar", doc.name)
	assert frappe.db.get_value("Rule Version", version, "reason") == "We move"


def test_a_record_saved_meanwhile_says_the_reason_too(desk, agreement, issue):
	save(desk, calendar(agreement), windows=ROUND_THE_CLOCK, change_from="From now on", change_reason="Night shift begins")
	scenario.change(issue, LATER + timedelta(minutes=1), subject="Saved at once")
	assert ledger(issue)[-1].kind == "Calendar Change" and "Night shift begins" in ledger(issue)[-1].reason


def test_the_reason_is_edited_by_nobody(desk, agreement, issue):
	save(desk, calendar(agreement), windows=ROUND_THE_CLOCK, change_from="From now on", change_reason="Night shift")
	version = frappe.get_doc("Rule Version", versions.current("Service Calendar", agreement.calendar))
	admin = desk_door.Desk("System Manager")
	assert admin.save(version, reason="Another").status != 200
	assert admin.call("frappe.client.set_value", doctype="Rule Version", name=version.name, fieldname="reason", value="X").status != 200
	assert frappe.db.get_value("Rule Version", version.name, "reason") == "Night shift"


# Escalation Policy


def steps(agreement, **values):
	doc = frappe.get_doc("Escalation Policy", agreement.escalation_policy)
	rows = doc.as_dict()["steps"]
	rows[0].update(values)
	return doc, rows


@pytest.mark.clause("6.3.e")
def test_a_policy_says_which_steps_move(desk, agreement, issue, jobs):
	doc, rows = steps(agreement, amount=50)
	with scenario.at(LATER):
		found = preview(desk, doc, steps=rows)
	assert found["clocks"] == found["running"] == 3
	(resolution,) = (row for row in found["moves"] if row["commitment"] == "Resolution")
	# 20 % of 24 hours left: Wednesday 13:12 (4.8 h before 18:00); 50 % left: Tuesday 14:00
	assert (resolution["old"], resolution["new"]) == ("2026-03-04 13:12:00", "2026-03-03 14:00:00")
	answer = save(desk, doc, steps=rows)
	assert answer.status == 417 and "this moves" in desk_door.said(answer)
	assert save(desk, doc, steps=rows, change_from="From now on", change_reason="Warn earlier").status == 200
	version = frappe.get_doc("Rule Version", versions.current("Escalation Policy", doc.name))
	assert version.reason == "Warn earlier"
	quiet = frappe.get_doc("Escalation Policy", doc.name)
	assert save(desk, quiet, description="Other words", digest_minutes=5).status == 200  # moves nobody's step


@pytest.mark.clause("6.3.e")
def test_a_policy_from_a_date_holds_from_then_on(desk, agreement, issue, monkeypatch):
	doc, rows = steps(agreement, amount=50)
	before = versions.current("Escalation Policy", doc.name)
	said = {"change_from": "From a date", "change_date": "2026-03-03", "change_reason": "Warn earlier"}
	with scenario.at(LATER):
		assert desk.save(doc, steps=rows, **said).status == 200
		assert versions.current("Escalation Policy", doc.name) == before
		assert policies.current(doc.name).steps[0].amount == 20
		assert doc.name not in versions.not_followed("Escalation Policy")
		assert versions.pending("Escalation Policy", doc.name)
	with scenario.at(scenario.MONDAY + timedelta(days=1)):
		assert versions.current("Escalation Policy", doc.name) != before
		assert policies.current(doc.name).steps[0].amount == 50
		assert doc.name in versions.not_followed("Escalation Policy")


@pytest.mark.clause("6.3.e")
def test_behind_another_change_of_a_policy_the_steps_of_that_one_are_compared(desk, agreement, issue):
	doc, rows = steps(agreement, amount=50)
	said = {"change_from": "From a date", "change_date": "2026-03-03", "change_reason": "Warn earlier"}
	with scenario.at(LATER):
		assert desk.save(doc, steps=rows, **said).status == 200
		doc, rows = steps(agreement, amount=30)
		found = preview(desk, doc, day="2026-03-04", steps=rows)
	(resolution,) = (row for row in found["moves"] if row["commitment"] == "Resolution")
	# by then the other change has warned already, on Tuesday at 14:00; that of today's steps would come on Wednesday at 13:12
	assert (resolution["old"], resolution["new"]) == (None, "2026-03-04 09:48:00")


# Clock Definition


def definition():
	name = frappe.db.get_value("Clock Definition", {"document_type": "Issue", "commitment": "Resolution"}, "name")
	return frappe.get_doc("Clock Definition", name)


def test_a_definition_says_whose_clocks_stop(desk, agreement, issue):
	doc = definition()
	other = scenario.issue(agreement)
	scenario.change(other, LATER, subject="Please stop")
	pause = 'doc.status == "On Hold" or doc.subject == "Please stop"'
	with scenario.at(LATER):
		found = preview(desk, doc, pause_when=pause)
	mine = [row for row in found["moves"] if row["record"] in (issue.name, other.name)]
	assert [(row["record"], row["old_state"], row["new_state"], row["new"]) for row in mine] == [
		(other.name, "Running", "Paused", None)
	]
	answer = save(desk, doc, pause_when=pause)
	assert answer.status == 417 and "From now on" in desk_door.said(answer) and "From a date" not in desk_door.said(answer)
	answer = save(desk, doc, pause_when=pause, change_from="From now on", change_reason="They wait")
	assert answer.status == 200, answer.text
	version = frappe.get_doc("Rule Version", versions.latest("Clock Definition", doc.name))
	assert version.reason == "They wait" and version.revision == definition().revision >= 2
	from ops_delivery.services.clocks import definition_moves

	with scenario.at(LATER):
		definition_moves.replan(doc.name, version.name)
	state = {"reference_name": other.name, "commitment": "Resolution"}
	assert frappe.db.get_value("Service Clock", state, "state") == "Paused"
	assert "They wait" in ledger(other)[-1].reason


def test_a_definition_whose_words_change_moves_nothing(desk, agreement, issue):
	assert save(desk, definition(), description="Other words").status == 200


def test_a_priority_matrix_moves_no_running_clock(desk, agreement, issue):
	doc = frappe.get_doc("Priority Matrix", agreement.priority_matrix)
	before = due(issue)
	cells = doc.as_dict()["cells"]
	cells[0]["priority"] = "High"
	assert save(desk, doc, cells=cells).status == 200
	clocks.refresh("Issue", issue.name)
	assert due(issue) == before


def test_an_overlap_over_midnight_names_the_morning(desk):
	windows = [
		{"doctype": "Service Calendar Window", "weekday": day, "start_time": start, "end_time": end}
		for day, start, end in (("Monday", "22:00", "06:00"), ("Tuesday", "05:00", "12:00"))
	]
	answer = desk.new(
		"Service Calendar", calendar_name=factories.unique("Nights"), time_zone="Asia/Shanghai", windows=windows
	)
	assert "22:00-06:00 and 05:00-12:00 overlap on Tuesday (rows 1, 2)" in strip_html(desk_door.said(answer))


def test_a_preview_of_five_thousand_clocks_is_cheap(desk, agreement, issue, record_property):
	"""In a few queries, and in seconds."""
	row = clock_store.peek("Issue", issue.name)
	(clock,) = (one for one in row.values() if one.commitment == "Resolution")
	fields = clock_store.CLOCK_FIELDS
	rows = [
		[*({**clock, "name": f"many-{n}", "reference_name": f"many-{n}"}.get(name) for name in fields)] for n in range(5000)
	]
	bulk.insert("Service Clock", fields, rows)
	took = {}
	for doc, values in (
		(calendar(agreement), {"windows": ROUND_THE_CLOCK}),
		(steps(agreement)[0], {"steps": steps(agreement, amount=50)[1]}),
	):
		with scenario.at(LATER):
			began, queries = time.monotonic(), frappe.db.sql
			count = []
			frappe.db.sql = lambda *a, q=queries, c=count, **k: (c.append(1), q(*a, **k))[1]
			try:
				found = preview(desk, doc, **values)
			finally:
				frappe.db.sql = queries
			took[doc.doctype] = (round(time.monotonic() - began, 2), len(count))
		assert found["clocks"] == 5003 and len(found["moves"]) == 10
	record_property("preview_of_5000", str(took))
	print("preview of 5003 running clocks:", took)
	assert all(seconds < 10 and queries < 60 for seconds, queries in took.values()), took


def test_the_choices_are_those_of_the_form():
	for doctype, choices in rule_changes.CHOICES.items():
		options = frappe.get_meta(doctype).get_field("change_from").options.split("\n")
		assert tuple(filter(None, options)) == choices
