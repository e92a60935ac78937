"""Operation Manuals: complete, reviewed, kept, and never changed under the tasks that are done by them (6.2.b)."""

import json

import desk_door
import factories
import frappe
import pytest
import reviewing
import routine_scene as scene
from frappe.model.workflow import apply_workflow

from ops_delivery.services.reviews import phase_guard
from ops_delivery.services.routine import manuals


def step(**values):
	return {"task": "Rack", "step": "Look", "explanation": "Closely", **values}


PARTS = {
	"6.2.b.1": ({"steps": []}, "Add at least one task"),
	"6.2.b.2": ({"steps": [step(explanation="", criterion="Text")]}, "explain at least one of its steps"),
	"6.2.b.4": ({"recording": "", "steps": [step(criterion="Text", required=0)]}, "Say what must be recorded"),
	"6.2.b.5": ({"abnormal_end": ""}, "When it ends"),
	"6.2.b.6": ({"report_template": "<p> </p>"}, "Report template"),
}


@pytest.mark.clause("6.2.b", "6.2.b.1", "6.2.b.2", "6.2.b.4", "6.2.b.5", "6.2.b.6")
@pytest.mark.parametrize("clause", PARTS)
def test_a_manual_that_lacks_a_part_is_not_sent_to_review(site, clause):
	values, said = PARTS[clause]
	author, _reviewer = reviewing.manager(), reviewing.manager()
	with reviewing.user(author):
		doc = frappe.get_doc(scene.manual_values(**values)).insert()
		with pytest.raises(manuals.NotComplete, match=said):
			apply_workflow(doc, "Ask for Internal Review")
	assert said in str(scene.post(author, "missing", name=doc.name)[1])


BAD = (
	({"criterion": "Number", "unit": "", "alarm_high": "3"}, "Enter the unit"),
	({"criterion": "Number", "unit": "V"}, "at least one limit"),
	({"criterion": "Number", "unit": "V", "warning_high": "9", "alarm_high": "8"}, "lies below a lower limit"),
	({"criterion": "Number", "unit": "V", "warning_low": "x"}, "not a number"),
	({"criterion": "Choice", "abnormal_choices": "Red\nBlack"}, "none of the answers is normal"),
	({"criterion": "Choice", "normal_choices": "Green"}, "two answers at least"),
	({"criterion": "Choice", "normal_choices": "Green", "abnormal_choices": "Green\nRed"}, "listed twice"),
)


@pytest.mark.clause("6.2.b.3")
@pytest.mark.parametrize(("values", "said"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_criterion_that_judges_nothing_is_refused_at_the_form_with_its_row(site, values, said):
	desk = desk_door.Desk("Technical Expert")
	steps = [{"doctype": "Operation Manual Step", **step(**values)}]
	answer = desk.new(**{**scene.manual_values(steps=steps), "doctype": scene.MANUAL})
	assert answer.status == 417 and said in desk_door.said(answer) and "row 1" in desk_door.said(answer), answer.text[:400]


@pytest.mark.clause("6.2.b")
def test_a_manual_is_published_by_another_than_its_author_and_kept_as_it_was(site):
	author, reviewer = reviewing.manager(), reviewing.manager()
	with reviewing.user(author):
		doc = frappe.get_doc(scene.manual_values()).insert()
	doc = reviewing.act(doc, "Ask for Internal Review", author)
	with pytest.raises(phase_guard.ReviewMissing):
		reviewing.act(doc, "Publish", author)
	reviewing.approve(doc, reviewer, scene.REVIEW)
	doc = reviewing.act(doc, "Publish", author)
	kept = json.loads(frappe.db.get_value("Rule Version", doc.published_version, "content"))
	assert [row["step"] for row in kept["fields"]["steps"]] == [row["step"] for row in scene.STEPS]
	with pytest.raises(phase_guard.ContentFixed):
		reviewing.change(doc, author, purpose="Another")
	revised = reviewing.act(doc, "Revise", author)
	assert (revised.version, revised.published_version) == (2, doc.published_version), "work goes on by what was published"
	keys = [row.step_key for row in revised.steps]
	revised.steps[0].alarm_high = "35"
	with reviewing.user(author):
		revised.save()
	assert [row.step_key for row in revised.steps] == keys and len(set(keys)) == 4, "readings stay one series"


@pytest.mark.clause("6.2.b")
def test_the_keeper_is_reminded_once_on_the_day_and_the_next_day_set_takes_it_off(site):
	doc = scene.published(review_date="2027-03-01")
	todo = {"reference_type": scene.MANUAL, "reference_name": doc.name, "allocated_to": doc.keeper}
	for day, expected in (("2027-02-28", 0), ("2027-03-01", 1), ("2027-03-02", 1)):
		with scene.at(day):
			manuals.remind_keepers()
		assert frappe.db.count("ToDo", {**todo, "status": "Open"}) == expected, day
	with scene.at("2027-03-02"):
		doc.reload()
		doc.review_date = "2028-03-01"
		doc.save()
	assert frappe.db.count("ToDo", {**todo, "status": "Open"}) == 0


def test_keepers_are_staff(site):
	outside = factories.make_portal_user(factories.make_customer().name).name
	with pytest.raises(frappe.ValidationError, match=r"Keeper.*does not work on the desk"):
		frappe.get_doc(scene.manual_values(keeper=outside)).insert()


def test_a_manual_that_tasks_are_made_by_is_not_retired(site):
	schedule = scene.schedule()
	doc = frappe.get_doc(scene.MANUAL, schedule.manual)
	with pytest.raises(manuals.StillUsed, match=schedule.name):
		reviewing.act(doc, "Retire")
	schedule.reload()
	schedule.enabled = 0
	schedule.save()
	assert reviewing.act(doc, "Retire").status == "Retired"
