"""What an administrator sets up wrong, or a little otherwise than we thought: refused in words, or it works (issue 17, 12)."""

import json
from unittest.mock import patch

import customers
import desk_door
import factories
import frappe
import pages
import pytest
import scenario
import visiting
from frappe.desk.desktop import get_workspace_sidebar_items
from frappe.website.doctype.web_form import web_form

from ops_delivery.services.engine import health
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.setup import own_roles


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager", "Service Delivery Manager", "Script Manager")


def script(**values):
	return {
		"doctype": "Server Script",
		"__islocal": 1,
		"name": "new-server-script-1",
		"__newname": factories.unique("Script"),
		"script_type": "DocType Event",
		"reference_doctype": "Issue",
		"doctype_event": "Before Save",
		"script": "_own = doc.subject",  # Frappe warns of it, saves it, and fails with it at every save
		**values,
	}


@pytest.fixture
def scripts_run():
	with patch("frappe.utils.safe_exec.is_safe_exec_enabled", return_value=True) as runs:
		yield runs


def test_a_script_that_could_never_run_is_refused_before_it_stops_every_save(desk, scripts_run):
	scenario.basics()
	for text, word in (("import json", "imports something in line 1"), ("x = 1\nfrom frappe import _", "in line 2")):
		answer = desk.save(script(script=text))
		assert answer.status == 417 and word in desk_door.said(answer), answer.text
		assert desk.save(script(script=text, disabled=1)).status == 200
	answer = desk.save(script(script="if doc.subject\n\tpass"))
	assert answer.status == 417 and "cannot be read" in desk_door.said(answer)
	assert "draft" not in desk_door.said(answer), "Frappe does not store it as a draft either"
	scripts_run.return_value = False
	answer = desk.save(script(script="doc.subject"))
	assert answer.status == 417 and "server scripts are switched off" in desk_door.said(answer)
	assert desk.save(script(script="doc.subject", disabled=1)).status == 200


def test_a_script_that_cannot_be_read_is_refused_before_it_stops_every_save(desk, scripts_run):
	scenario.basics()
	answer = desk.save(script())
	assert answer.status == 417 and "cannot be read" in desk_door.said(answer), answer.text
	assert "Line 1" in desk_door.said(answer)
	assert desk.save(script(disabled=1)).status == 200
	assert desk.save(script(reference_doctype="Note")).status == 200  # the host's records are the host's
	assert desk.save(script(script="if doc.subject:\n\tpass")).status == 200


def test_a_script_that_fails_at_work_leaves_the_customer_what_they_typed(desk, scripts_run):
	w = customers.world()
	assert desk.save(script(script="x = 1 / 0")).status == 200
	frappe.db.commit()
	form = {"subject": "No network upstairs", "description": "Since noon"}
	status, page = pages.get("/service-requests/new", w.asker, "POST", form)
	assert status == 500 and "nothing was saved" in pages.words(page) and "No network upstairs" in page
	assert frappe.db.exists("Error Log", {"error": ["like", "%ZeroDivisionError%"]})
	assert not frappe.db.exists("Issue", {"subject": "No network upstairs"})


def test_more_approvals_than_people_are_refused(desk):
	rule = {
		"rule_name": factories.unique("Rule"),
		"document_type": "Delivery Plan",
		"needed_before": "Approved",
		"party": "Internal",
		"role": "Service Delivery Manager",
		"approvals": 99,
	}
	people = frappe.get_all("Has Role", {"role": rule["role"], "parenttype": "User"}, pluck="parent")
	enabled = frappe.db.count("User", {"name": ["in", people], "enabled": 1})
	answer = desk.new("Review Rule", **rule)
	assert answer.status == 417 and f"{enabled} people have the role" in frappe.utils.strip_html(desk_door.said(answer))
	assert desk.new("Review Rule", **{**rule, "approvals": enabled}).status == 200
	more = {**rule, "rule_name": factories.unique("Rule"), "same_person_may_repeat": 1}
	assert desk.new("Review Rule", **more).status == 200


def test_no_fewest_answers_are_none(desk):
	template = frappe.get_doc("Survey Template", frappe.db.get_value("Survey Template", {"enabled": 1}, "name"))
	answer = desk.save(template, fewest_answers=0)
	assert answer.status == 417 and "Fewest answers" in desk_door.said(answer)


def test_a_share_that_is_meant_the_other_way_round_is_told(desk):
	policy = scenario.policy().as_dict()
	policy["steps"][0]["amount"] = 80
	answer = desk.save(policy)
	assert answer.status == 200
	said = frappe.utils.strip_html(desk_door.said(answer))
	assert "80 % of the target is left then, so it fires when 20 % is used" in said and "enter 20" in said


def test_each_reader_of_an_own_notification_reads_their_own_language():
	english = factories.make_user(roles=["Service Desk"], language="en").name
	chinese = factories.make_user(roles=["Service Desk"], language="zh").name
	agreement = scenario.agreement()
	scenario.issue(agreement)
	role = factories.make("Role", role_name=factories.unique("Told"), desk_access=1).name
	for user in (english, chinese):
		frappe.get_doc("User", user).add_roles(role)
	factories.make_email_account()
	for channel in ("Email", "System Notification"):
		alert = factories.make(
			"Notification",
			name=factories.unique("Own"),
			subject=f"{channel} {{{{ _('Customer') }}}}",
			document_type="Service Object",
			event="New",
			channel=channel,
			message="{{ _('Customer') }}",
			recipients=[{"receiver_by_role": role}],
		)
		assert alert.enabled
	frappe.local.lang = "en"
	factories.make(
		"Service Object",
		object_name=factories.unique("Switch"),
		customer=agreement.customer,
		importance="Important",
	)
	queued = {}
	for row in frappe.get_all("Email Queue", fields=["name"], filters={"reference_doctype": "Service Object"}):
		queue = frappe.get_doc("Email Queue", row.name)
		for recipient in queue.recipients:
			queued[recipient.recipient] = str(frappe.email.receive.Email(queue.message).subject)
	assert queued[english].startswith("Email Customer")
	assert queued[chinese].startswith("Email ") and "Customer" not in queued[chinese]
	assert frappe.local.lang == "en"


def test_a_visit_that_repeats_is_planned_for_its_day(desk):
	w = visiting.world(promised_on="2026-03-02 12:00:00", planned_start="2026-03-02 09:00:00", planned_end="2026-03-02 11:00:00")
	repeat = frappe.get_doc(
		{
			"doctype": "Auto Repeat",
			"reference_doctype": w.visit.doctype,
			"reference_document": w.visit.name,
			"frequency": "Monthly",
			"start_date": "2026-03-02",
			"next_schedule_date": "2026-04-02",
		}
	)
	repeat.name = factories.unique("Repeat")
	repeat.next_schedule_date = "2026-04-02"
	repeat.flags.name_set = True
	repeat.db_insert()
	made = frappe.get_doc("Auto Repeat", repeat.name).make_new_document()
	assert made.name != w.visit.name
	assert [str(made.get(field)) for field in ("planned_start", "planned_end", "promised_on")] == [
		"2026-04-02 09:00:00",
		"2026-04-02 11:00:00",
		"2026-04-02 12:00:00",
	]


def form_for_complaints(login_required=1):
	return factories.make(
		"Web Form",
		title=factories.unique("Complain"),
		route=frappe.scrub(factories.unique("complain")),
		doc_type="Service Complaint",
		module="Ops Delivery",
		published=1,
		login_required=login_required,
		web_form_fields=[
			{"fieldname": "subject", "fieldtype": "Data", "label": "Subject"},
			{"fieldname": "text", "fieldtype": "Text", "label": "Text"},
		],
	)


def test_a_web_form_for_complaints_knows_the_customer_and_the_way(as_user):
	customer = factories.make_customer().name
	person = customers.portal_user(customer)
	form = form_for_complaints()
	with as_user(person):
		made = web_form.accept(web_form=form.name, data=json.dumps({"subject": "Late again", "text": "Two hours late."}))
	complaint = frappe.get_doc("Service Complaint", made.name)
	assert complaint.customer == customer and complaint.channel == "Portal"
	assert complaint.raised_by == person and not complaint.entered_by


def own_type(desk, **values):
	return desk.new("Measured Record Type", **{"document_type": "Note", "enabled": 1, "customer_field": "", "priority_field": "", "status_field": "", **values})


def test_a_type_of_ones_own_needs_no_customer_where_its_clocks_have_their_own_terms(desk):
	scenario.basics()
	answer = own_type(desk)
	assert answer.status == 200, answer.text
	clock = {
		"definition_name": factories.unique("Notes"),
		"document_type": "Note",
		"commitment": "Resolution",
		"enabled": 1,
		"start_when": "True",
		"meet_when": "doc.public",
	}
	refused = desk.new("Clock Definition", **clock)
	assert refused.status == 417 and "names no customer field" in desk_door.said(refused)
	own = {"own_terms": 1, "own_target": 3600, "own_calendar": scenario.calendar().name}
	assert desk.new("Clock Definition", **clock, **own).status == 200
	note = factories.make("Note", title=factories.unique("Note"))
	assert definitions.for_doctype("Note") and frappe.db.exists("Service Clock", {"reference_name": note.name})


def test_the_company_is_no_customer(desk):
	answer = desk.new("Measured Record Type", document_type="Task", customer_field="company")
	said = frappe.utils.strip_html(desk_door.said(answer))
	assert answer.status == 417 and "company names a Company, which is no customer" in said


def test_a_role_of_ones_own_has_a_home(desk, as_user):
	role = factories.unique("Junior")
	assert desk.new("Role", role_name=role, desk_access=1).status == 200
	junior = factories.make_user(roles=[role]).name
	answer = desk.call(
		"frappe.core.page.permission_manager.permission_manager.add", parent="Service Agreement", role=role, permlevel=0
	)
	assert answer.status == 200, answer.text
	with as_user(junior):
		pages = [page["name"] for page in get_workspace_sidebar_items()["pages"]]
	assert "Ops Delivery" in pages
	frappe.db.delete("Has Role", {"parenttype": "Workspace", "parent": "Ops Delivery", "role": role})
	own_roles.refresh()  # as after a migrate that put our file back
	assert frappe.db.exists("Has Role", {"parenttype": "Workspace", "parent": "Ops Delivery", "role": role})


def test_a_role_without_a_right_of_ours_does_not_see_our_workspace(as_user):
	role = factories.make("Role", role_name=factories.unique("Other"), desk_access=1).name
	with as_user(factories.make_user(roles=[role]).name):
		assert "Ops Delivery" not in [page["name"] for page in get_workspace_sidebar_items()["pages"]]


def test_a_level_that_no_matrix_knows_yet_stops_nobody(desk):
	"""Its cells are filled in after it is made: until then whoever judges is told, and health says where to fill them in."""
	agreement = scenario.agreement()
	level = factories.unique("At Once")
	assert desk.new("Service Urgency", level=level, rank=200 + frappe.db.count("Service Urgency")).status == 200
	issue = scenario.issue(agreement)
	engineer = desk_door.Desk("Service Desk")
	asked = {"issue": issue.name, "urgency": level, "importance": "Important"}
	shown = engineer.call("ops_delivery.api.issue.priority_by_matrix", **asked)
	assert shown.status == 200 and json.loads(shown.text)["message"]["priority"] is None, shown.text
	judged = {"ops_validity": "Valid", "issue_type": "Fault", "ops_urgency": level, "ops_importance": "Important"}
	answer = engineer.save(frappe.get_doc("Issue", issue.name), **judged)
	assert answer.status == 200, answer.text
	assert f"no priority for {level} × Important yet" in desk_door.said(answer)
	saved = frappe.get_doc("Issue", issue.name)
	assert (saved.ops_urgency, saved.priority, saved.ops_suggested_priority) == (level, issue.priority, None)
	assert engineer.save(saved, ops_urgency="Urgent").status == 200
	assert frappe.db.get_value("Issue", issue.name, "ops_suggested_priority")
	assert any(f"{level} × Important" in line for line in health.status()["messages"])
