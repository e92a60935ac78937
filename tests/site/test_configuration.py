"""Scales, matrix, record types, definitions, escalation policies and their versions on a site."""

import factories
import frappe
import pytest

from ops_delivery.api import configuration, definitions
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import policy_words
from ops_delivery.services.rules import priority_scales as scales
from ops_delivery.services.rules import rule_versions as versions


def refusal(action) -> str:
	with pytest.raises(frappe.ValidationError) as refused:
		action()
	return frappe.utils.strip_html(str(refused.value))


# Scales and matrix


@pytest.mark.clause("6.3.d.1", "6.3.d.2")
def test_three_steps_each_are_seeded():
	assert scales.levels("Service Urgency")[:3] == ["Not Urgent", "Urgent", "Very Urgent"]
	assert scales.levels("Service Importance")[:3] == ["Not Important", "Important", "Very Important"]


@pytest.mark.clause("6.3.d", "6.3.d.1", "6.3.d.2")
@pytest.mark.parametrize(
	("urgency", "importance", "priority"),
	[
		("Not Urgent", "Not Important", "Low"),
		("Not Urgent", "Very Important", "Medium"),
		("Urgent", "Important", "Medium"),
		("Very Urgent", "Important", "High"),
		("Very Urgent", "Very Important", "Urgent"),
	],
)
def test_the_matrix_judges_the_priority(urgency, importance, priority):
	matrix = scales.matrix("Standard 3×3")
	assert matrix.priority_for(urgency, importance) == priority
	assert matrix.order == ("Low", "Medium", "High", "Urgent")


@pytest.mark.parametrize("doctype", ["Service Urgency", "Service Importance"])
@pytest.mark.parametrize(("rank", "said"), [(1, "belongs to"), (0, "from 1 to"), (-2, "from 1 to")])
def test_a_rank_is_unique_and_at_least_one(doctype, rank, said):
	doc = frappe.get_doc({"doctype": doctype, "level": factories.unique("Step"), "rank": rank})
	assert said in refusal(doc.insert)


def test_a_new_step_names_the_matrices_to_complete():
	factories.make("Service Urgency", level=factories.unique("Step"), rank=99)
	assert any("Standard 3×3" in frappe.utils.cstr(message) for message in frappe.get_message_log())


def copy_of_matrix():
	doc = frappe.copy_doc(frappe.get_doc("Priority Matrix", "Standard 3×3"))
	doc.matrix_name = factories.unique("Matrix")
	return doc


def test_an_incomplete_matrix_lists_what_is_missing():
	doc = copy_of_matrix()
	doc.cells = doc.cells[1:]
	message = refusal(doc.insert)
	assert "Not Urgent × Not Important" in message and "Cells" in message


def test_a_pair_twice_and_a_priority_twice_name_the_rows():
	doc = copy_of_matrix()
	doc.append("cells", {"urgency": "Urgent", "importance": "Important", "priority": "Low"})
	assert "rows 5, 10" in refusal(doc.insert)
	doc = copy_of_matrix()
	doc.append("priorities", {"priority": "Low"})
	assert "rows 1, 5" in refusal(doc.insert)


def test_a_priority_outside_the_order_names_the_cell():
	doc = copy_of_matrix()
	doc.priorities = doc.priorities[:3]
	message = refusal(doc.insert)
	assert "row 9" in message and "Urgent" in message and "Add it there" in message


# Record types and definitions


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"customer_field": "nobody"}, ["Customer Field", "no field nobody", "customer"]),
		({"agreement_field": "customer"}, ["Agreement Field", "customer (Link: Customer)", "ops_agreement"]),
		({"date_field": "subject"}, ["Start Field", "subject (Data)", "first_responded_on"]),
		({"object_field": "status"}, ["Service Object Field", "ops_object"]),
	],
)
def test_fields_of_a_record_type_must_exist_and_fit(values, said):
	doc = frappe.get_doc("Measured Record Type", "Issue")
	doc.update(values)
	message = refusal(doc.save)
	for part in said:
		assert part in message


def test_creation_may_be_the_start_field():
	doc = frappe.get_doc("Measured Record Type", "Issue")
	doc.date_field = "creation"
	doc.save()


@pytest.mark.parametrize("doctype", ["System Settings", "Has Role"])
def test_what_cannot_be_measured(doctype):
	doc = frappe.get_doc(
		{
			"doctype": "Measured Record Type",
			"document_type": doctype,
			"customer_field": "name",
			"priority_field": "name",
		}
	)
	assert "cannot be measured" in refusal(doc.insert)


def test_the_fields_a_condition_can_read():
	answer = configuration.record_type_fields("Issue")
	assert {"value": "customer", "description": "Customer"} in answer["usable"]["customer_field"]
	status = next(row for row in answer["conditions"] if row["fieldname"] == "status")
	assert "On Hold" in status["options"]


def test_trying_a_definition_on_a_record(as_user, make_user):
	issue = factories.make_issue()
	draft = frappe.get_doc("Clock Definition", "Resolution").as_dict()
	draft["reset_when"] = "doc.subject > 1"
	rows = {row["condition"]: row for row in definitions.try_on(draft, issue.name)}
	assert rows["start_when"]["result"] is True and rows["meet_when"]["result"] is False
	assert "'>' not supported" in rows["reset_when"]["error"]
	for user in ("Guest", make_user(roles=["Service Desk"]).name):
		with as_user(user), pytest.raises(frappe.PermissionError):
			definitions.try_on(draft, issue.name)


# Escalation policies


def policy(*steps, **values):
	base = {"kind": "Alarm", "moment": "At", "notify_assignee": 1, "by_desk": 1, "by_email": 0}
	return frappe.get_doc(
		{
			"doctype": "Escalation Policy",
			"policy_name": factories.unique("Policy"),
			"steps": [{"step_name": f"Step {n}", **base, **step} for n, step in enumerate(steps, start=1)],
			**values,
		}
	)


@pytest.mark.parametrize(
	("step", "said"),
	[
		({"notify_assignee": 0}, ["row 1 (Step 1)", "nobody is told", "Choose whom to tell"]),
		({"by_desk": 0}, ["neither on the desk nor by e-mail"]),
		({"kind": "Warning"}, ["Moment", "At", "a warning comes before the deadline"]),
		({"moment": "Before", "basis": "Wall Minutes", "amount": 5}, ["an alarm comes at the deadline"]),
		({"moment": "After", "basis": "Working Minutes", "amount": 0}, ["Amount", "above 0"]),
		(
			{"kind": "Warning", "moment": "Before", "basis": "Share of Target", "amount": 120},
			["Amount 120", "100 percent"],
		),
		({"repeat_minutes": 10, "max_repeats": 0}, ["At most (times)", "needs a limit"]),
		({"repeat_minutes": -10, "max_repeats": 1}, ["row 1", "Every (minutes)", "-10", "from 0 to"]),
		({"notify_managers": 1, "contact_level": 0}, ["Up to level", "begin at 1"]),
		({"reassign_to": "User"}, ["User to reassign to", "who takes over"]),
	],
)
def test_a_step_that_cannot_work_is_refused(step, said):
	message = refusal(policy(step).insert)
	for part in said:
		assert part in message


def test_two_steps_of_one_name():
	message = refusal(policy({"step_name": "Same"}, {"step_name": "Same"}).insert)
	assert "row 1 (Same)" in message and "Give each step its own" in message


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"quiet_from": "22:00:00"}, ["Quiet to", "both ends"]),
		({"quiet_from": "22:00:00", "quiet_to": "22:00:00"}, ["for ever"]),
		(
			{"quiet_from": "22:00:00", "quiet_to": "07:00:00", "quiet_time_zone": "Mars"},
			["no time zone Mars"],
		),
		({"digest_minutes": -1}, ["Digest", "-1"]),
	],
)
def test_quiet_hours_and_digest(values, said):
	message = refusal(policy({}, has_quiet_hours=1, **values).insert)
	for part in said:
		assert part in message


@pytest.mark.clause("6.3.e")
def test_a_policy_publishes_what_the_engine_reads(jobs):
	doc = policy({}, {"kind": "Warning", "moment": "Before", "amount": 20}).insert()
	first = policies.current(doc.name)
	assert [step.key for step in first.steps] == ["Step 1", "Step 2"]
	assert first.actions["Step 1"]["by_email"] == 0 and first.actions["Step 1"]["by_desk"] == 1
	assert (first.quiet_from, first.quiet_to, first.digest_minutes) == (None, None, 0)
	doc.update({"has_quiet_hours": 1, "quiet_from": "00:00:00", "quiet_to": "7:00:00"}).save()
	second = policies.current(doc.name)
	assert (doc.revision, second.quiet_from, second.quiet_to) == (2, "00:00:00", "07:00:00")
	frappe.db.commit()
	assert [job["kwargs"] for job in jobs.of("clock_jobs.follow")] == [{"doctype": "Escalation Policy", "rule": doc.name}]
	doc.save()
	assert doc.revision == 2


@pytest.mark.clause("6.3.e.1", "6.3.e.2", "6.3.e.3")
def test_the_seeded_policy_told_on_four_hours():
	content = versions.content(versions.current("Escalation Policy", "Standard Escalation"))
	lines = policy_words.timeline(content, 4 * 3600)
	assert [(line["at"], line["kind"]) for line in lines] == [
		(3 * 3600 + 12 * 60, "Warning"),
		(4 * 3600, "Alarm"),
		(4 * 3600 + 1800, "Expert Route"),
		(5 * 3600, "Manager Route"),
	]
	assert lines[1]["to"] == "the assignee, the managers up to level 1"
	assert "60 min" in lines[1]["repeat"] and "3 times" in lines[1]["repeat"]
	assert lines[3]["actions"] == "raises the priority one step"


def test_the_timeline_of_an_unsaved_policy(as_user, make_user):
	draft = policy({"moment": "After", "basis": "Wall Minutes", "amount": 10}).as_dict()
	assert [line["at"] for line in configuration.policy_timeline(draft, 3600)] == [4200]
	with as_user(make_user().name), pytest.raises(frappe.PermissionError):
		configuration.policy_timeline(draft)


# Versions


def test_equal_content_is_one_version_and_other_content_the_next():
	name = factories.unique("Rule")
	first = versions.publish("Service Calendar", name, {"a": 1, "b": [1]})
	assert versions.publish("Service Calendar", name, {"b": [1], "a": 1}) == first == f"{name} r1"
	second = versions.publish("Service Calendar", name, {"a": 2})
	assert (second, versions.current("Service Calendar", name)) == (f"{name} r2", f"{name} r2")
	assert versions.content(first) == {"a": 1, "b": [1]}


def test_rules_of_two_types_may_bear_one_name():
	name = factories.unique("Rule")
	versions.publish("Service Calendar", name, {"a": 1})
	other = versions.publish("Escalation Policy", name, {"b": 1})
	assert versions.content(other) == {"b": 1}
	assert versions.current("Escalation Policy", name) == other


def test_nothing_published_and_nothing_found():
	assert versions.current("Service Calendar", factories.unique("Rule")) is None
	with pytest.raises(frappe.DoesNotExistError):
		versions.content(factories.unique("Rule"))


def test_a_version_is_never_made_by_hand_changed_renamed_or_deleted():
	name = versions.publish("Escalation Policy", "Standard Escalation", {"a": 1})
	doc = frappe.get_doc("Rule Version", name)
	doc.content = "{}"
	for action, said in (
		(doc.save, "Content.*noted by steps only.*publishes a new revision"),
		(lambda: frappe.delete_doc("Rule Version", name), "publishes a new revision"),
		(lambda: frappe.rename_doc("Rule Version", name, factories.unique("Rule"), force=True), "publishes a new revision"),
		(
			lambda: factories.make("Rule Version", name="x", reference_doctype="Service Calendar", content="{}"),
			"never by hand",
		),
	):
		with pytest.raises(frappe.ValidationError, match=said):
			action()
	assert versions.content(name) == {"a": 1}
