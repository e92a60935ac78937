"""Deliverables from their compiling to their destruction: complete, reviewed, in time, and never changed once published (8.2)."""

import api_calls
import complaining
import deliverable_scene as scene
import desk_door
import factories
import frappe
import pytest
import reviewing
import scenario
from frappe.model.workflow import apply_workflow

from ops_delivery.patches import mark_given_work
from ops_delivery.services.deliverables import file_guard, files, rules
from ops_delivery.services.reviews import phase_guard
from ops_delivery.services.shared import todos


@pytest.fixture
def people(site):
	return frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())


@pytest.mark.clause("8.2.a")
def test_it_is_compiled_reviewed_published_archived_and_destroyed_each_by_somebody_at_a_time(people):
	doc = scene.published(people.author, people.reviewer)
	doc = reviewing.act(doc, "Archive", people.author)
	doc = reviewing.change(doc, people.author, reason="Kept long enough")
	doc = reviewing.act(doc, "Destroy", people.author)
	assert [(row.step, row.done_by) for row in doc.steps] == [
		("In Review", people.author),
		("Checked", people.author),
		("Reviewed", people.reviewer),
		("Published", people.author),
		("Archived", people.author),
		("Destroyed", people.author),
	]
	assert all(row.done_on for row in doc.steps) and doc.steps[-1].note == "Kept long enough"


@pytest.mark.clause("8.2.a")
@pytest.mark.parametrize("action", ["Publish", "Archive", "Destroy"])
def test_no_step_is_left_out_by_whichever_door(people, action):
	doc = scene.document(people.author)
	desk = desk_door.Desk("Service Delivery Manager")
	phase = {"Publish": "Published", "Archive": "Archived", "Destroy": "Destroyed"}[action]
	answer = desk.call("frappe.model.workflow.apply_workflow", doc=frappe.as_json(doc.as_dict()), action=action)
	assert answer.status == 417, answer.text[:300]
	for call in (
		lambda: desk.save(frappe.get_doc("Deliverable", doc.name), status=phase),
		lambda: desk.call("frappe.client.set_value", doctype="Deliverable", name=doc.name, fieldname="status", value=phase),
		lambda: desk.call("frappe.client.set_value", doctype="Deliverable", name=doc.name, fieldname="workflow_state", value=phase),
		lambda: api_calls.call(desk.user, "POST", "frappe.client.save", data={"doc": frappe.as_json({**frappe.get_doc("Deliverable", doc.name).as_dict(), "status": phase})}),
	):
		call()
		assert frappe.db.get_value("Deliverable", doc.name, "status") == "Compiling"
	with reviewing.user(people.author), pytest.raises(frappe.ValidationError, match="begins as"):
		frappe.get_doc(scene.values(status=phase)).insert()


@pytest.mark.clause("8.2.a")
def test_without_a_workflow_the_same_rule_holds(people):
	doc, shown = scene.document(people.author, specification_met=1), scene.published(people.author, people.reviewer)
	workflow = frappe.get_doc("Workflow", {"document_type": "Deliverable", "is_active": 1})
	workflow.db_set("is_active", 0)
	frappe.clear_cache(doctype="Deliverable")
	try:
		with pytest.raises(rules.StepNotPossible, match="cannot become"):
			reviewing.change(shown, people.author, status="Destroyed", reason="Now")
		doc = reviewing.change(doc, people.author, status="In Review")
		with pytest.raises(phase_guard.ReviewMissing):
			reviewing.change(doc, people.author, status="Published")
	finally:
		workflow.db_set("is_active", 1)
		frappe.clear_cache(doctype="Deliverable")


@pytest.mark.clause("8.2.b", "8.2.c", "8.2.e")
@pytest.mark.parametrize(
	("values", "said"),
	[
		({"content": " "}, "Say what it contains"),
		({"due_date": None, "frequency": ""}, "how often it is delivered"),
		({"files": []}, "Attach at least one file"),
		({"wanted_format": "Excel"}, "agreed format Excel"),
	],
)
def test_what_lacks_audience_content_day_or_form_is_not_sent_to_review(people, values, said):
	doc = scene.document(people.author, **values)
	doc.reload()
	with reviewing.user(people.author):
		doc.update(values)
		doc.save()
		with pytest.raises(rules.NotComplete, match=said):
			apply_workflow(doc, "Ask for Internal Review")
	answer = desk_door.Desk("Service Delivery Manager").call("ops_delivery.api.deliverables.missing", name=doc.name)
	assert said in answer.text


@pytest.mark.clause("8.2.e")
def test_somebody_looks_at_the_files_before_it_is_published_and_another_file_takes_that_away(people):
	doc = reviewing.act(scene.document(people.author), "Ask for Internal Review", people.author)
	reviewing.approve(doc, people.reviewer, scene.RULE)
	with reviewing.user(people.author), pytest.raises(rules.NotComplete, match="tick that they meet"):
		apply_workflow(doc, "Publish")
	doc = reviewing.change(doc, people.author, specification_met=1)
	assert doc.specification_by == people.author and doc.specification_on
	assert frappe.get_all("Service Review", {"reference_name": doc.name}, pluck="state") == ["Approved"], "to look at it changes nothing of it"
	doc = reviewing.change(doc, people.author, files=[{"file": scene.upload(people.author).file_url}])
	assert not doc.specification_met and not doc.specification_by
	assert reviewing.state(doc, scene.RULE)[0] == "Outdated", "another file was not reviewed"


@pytest.mark.clause("8.2.a")
def test_what_was_published_stays_and_a_revision_is_another_version(people):
	doc = scene.published(people.author, people.reviewer)
	first = doc.published_on
	desk = desk_door.Desk("Service Delivery Manager")
	answer = desk.save(doc, content="Other words")
	assert answer.status == 417 and "was approved and stays" in desk_door.said(answer)
	answer = desk.save(doc, specification_met=0)
	assert answer.status == 417 and "published with this check" in desk_door.said(answer)
	stored = frappe.get_doc("File", {"file_url": doc.files[0].file}).get_content()
	with pytest.raises(file_guard.StillNamed):
		frappe.get_doc("File", {"file_url": doc.files[0].file}).delete()
	assert stored == frappe.get_doc("File", {"file_url": doc.files[0].file}).get_content()
	doc = reviewing.act(doc, "Revise", people.author)
	assert (doc.version, doc.status) == (2, "Compiling")
	doc = scene.published(people.author, people.reviewer, reviewing.change(doc, people.author, content="Other words"))
	assert doc.published_on == first, "in time or late is what came first"


@pytest.mark.clause("8.2.a")
def test_the_named_reviewer_alone_is_asked_and_the_named_approver_alone_publishes(people):
	reviewer = factories.make_user(roles=["Technical Expert"]).name
	doc = scene.document(people.author, reviewer=reviewer, approver=people.reviewer, specification_met=1)
	doc = reviewing.act(doc, "Ask for Internal Review", people.author)
	review = frappe.get_doc("Service Review", reviewing.open_review(doc, scene.RULE))
	assert [row.user for row in review.participants] == [reviewer]
	reviewing.approve(doc, reviewer, scene.RULE)
	with reviewing.user(people.author), pytest.raises(rules.StepNotPossible, match="who is its approver"):
		apply_workflow(doc, "Publish")
	assert reviewing.act(doc, "Publish", people.reviewer).status == "Published"


@pytest.mark.clause("8.2.c.2")
def test_its_files_are_private_its_own_and_gone_when_it_is_destroyed(people):
	public = scene.upload(people.author, private=0)
	with pytest.raises(files.NotPrivate, match=r"row 1.*no private file"):
		scene.document(people.author, files=[{"file": public.file_url}])
	secret = scene.upload(people.author, attached_to_doctype="User", attached_to_name="Administrator")
	outsider = factories.make_user(roles=["Field Engineer"]).name
	with pytest.raises(files.NotPrivate, match=r"no file .* that you can see"):
		scene.document(outsider, files=[{"file": secret.file_url}])
	doc = scene.published(people.author, people.reviewer)
	url = doc.files[0].file
	assert frappe.db.get_value("File", {"file_url": url}, ["attached_to_doctype", "attached_to_name"]) == ("Deliverable", doc.name)
	doc = reviewing.act(doc, "Archive", people.author)
	with reviewing.user(people.author), pytest.raises(frappe.MandatoryError, match="Reason"):
		apply_workflow(doc, "Destroy")
	reviewing.act(reviewing.change(doc, people.author, reason="Its time is over"), "Destroy", people.author)
	files.remove(doc.name)
	files.remove(doc.name)
	assert not frappe.db.exists("File", {"file_url": url})
	doc.reload()
	assert doc.files_removed_on and doc.files[0].fingerprint, "what it was stays on record"


@pytest.mark.clause("8.2.c.1")
def test_a_result_is_not_reviewed_without_its_security_risk_and_how_it_is_controlled(people):
	doc = scene.result(people.author, factories.make_customer().name, security_risk="", security_control="")
	with reviewing.user(people.author), pytest.raises(rules.NotComplete, match=r"security risk.*controlled"):
		apply_workflow(doc, "Ask for Internal Review")


@pytest.mark.clause("8.2.d")
def test_a_restored_state_is_measured_by_the_clock_of_its_request_and_nobody_types_it(people):
	agreement = scenario.agreement()
	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	doc = scene.result(people.author, agreement.customer, [("Issue", issue.name)], agreement=agreement.name)
	assert doc.records[0].verdict == "Open"
	doc = reviewing.act(doc, "Ask for Internal Review", people.author)
	reviewing.approve(doc, people.reviewer, scene.RULE)
	with reviewing.user(people.author), pytest.raises(frappe.ValidationError, match="not there yet"):
		apply_workflow(doc, "Publish")
	scenario.change(issue, scenario.MONDAY + scenario.hours(2), status="Resolved", resolution_details="Restarted")
	desk = desk_door.Desk("Service Delivery Manager")
	doc.reload()
	sent = doc.as_dict()
	sent["records"][0].update({"measure": "at once", "verdict": "Met", "target": "never"})
	assert desk.save(sent).status == 200
	doc.reload()
	row = doc.records[0]
	assert row.verdict == "Met" and "restored after" in row.measure and row.target.startswith("within"), row.as_dict()
	reviewing.approve(doc, people.reviewer, scene.RULE)
	assert reviewing.act(doc, "Publish", people.author).status == "Published"


@pytest.mark.clause("8.2.d")
def test_a_result_that_falls_short_of_the_agreement_says_why_or_is_not_published(people):
	agreement = scenario.agreement()
	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	scenario.change(issue, scenario.MONDAY + scenario.hours(24 * 14), status="Resolved", resolution_details="Restarted")
	doc = scene.result(people.author, agreement.customer, [("Issue", issue.name)])
	assert doc.records[0].verdict == "Not Met", doc.records[0].as_dict()
	doc = reviewing.act(doc, "Ask for Internal Review", people.author)
	reviewing.approve(doc, people.reviewer, scene.RULE)
	with reviewing.user(people.author), pytest.raises(rules.NotComplete, match="falls short"):
		apply_workflow(doc, "Publish")


def test_a_complaint_becomes_no_deliverable(people):
	complaint = complaining.world().complaint
	with pytest.raises(frappe.ValidationError, match="is not a kind of record that a deliverable is made of"):
		scene.result("Administrator", complaint.customer, [("Service Complaint", complaint.name)])


def test_a_record_that_somebody_may_not_read_they_bring_into_nothing(people):
	survey = frappe.get_doc({"doctype": "Note", "title": factories.unique("Private"), "public": 0, "content": "secret"}).insert()
	author = factories.make_user(roles=["Field Engineer"]).name
	with pytest.raises(frappe.PermissionError, match="that you can see"):
		scene.document(author, records=[{"record_doctype": "Note", "record_name": survey.name}])


@pytest.mark.clause("5.3.e")
def test_in_time_or_late_is_measured_at_the_first_publication(people):
	for due, said in (("2031-01-31", "On Time"), (None, None), ("2026-03-03", "Late")):
		with scenario.at(scenario.MONDAY):
			doc = scene.document(people.author, due_date=due, frequency="On demand", specification_met=1)
		with scenario.at(scenario.MONDAY + scenario.hours(24 * 30)):
			doc = scene.published(people.author, people.reviewer, doc)
		assert (doc.timeliness or None) == said


def test_a_new_one_takes_what_its_type_usually_has_and_bad_days_are_named(people):
	doc = scene.document(people.author)
	assert (doc.kind, doc.wanted_format, doc.security_class, doc.compiler) == ("Tangible", "PDF", "Internal Use", people.author)
	desk = desk_door.Desk("Service Delivery Manager")
	answer = desk.new(**scene.values(period_from="2026-03-31", period_to="2026-03-01"))
	assert answer.status == 417 and "lies before" in desk_door.said(answer)
	answer = desk.new(**{**scene.values(), "customer": "", "audience": "Customer"})
	assert answer.status == 417 and "make it internal" in desk_door.said(answer)


def test_another_compiler_has_it_on_their_list_and_what_a_colleague_put_there_stays(people):
	doc, colleague, second = scene.document(people.author), reviewing.manager(), reviewing.manager()
	asked = {"doctype": doc.doctype, "name": doc.name, "assign_to": frappe.as_json([colleague]), "description": "Bring the readings"}
	assert api_calls.post(people.author, "frappe.desk.form.assign_to.add", **asked).status == 200
	own = {row for row in on_lists(doc) if row[0] == colleague}
	assert len(own) == 1
	reviewing.change(doc, people.author, compiler=second)
	assert {row[0] for row in on_lists(doc) - own} == {second}
	assert own <= on_lists(doc)


def on_lists(doc):
	return {tuple(row) for row in frappe.get_all("ToDo", {"reference_name": doc.name, "status": "Open"}, ["allocated_to", "description"], as_list=True)}


def test_what_stood_on_lists_before_is_told_apart_afterwards(people):
	doc = scene.document(people.author)
	frappe.db.set_value("ToDo", {"reference_name": doc.name}, "description", "Compile it")
	for _twice in range(2):
		mark_given_work.execute()
	assert on_lists(doc) == {(people.author, todos.marked("Compile it"))}
