"""Delivery plans: activities, what 5.2 asks for, approval, work and the plan against what was done."""

import factories
import frappe
import planning
import pytest
from frappe.utils import getdate

from ops_delivery.api import delivery_plans
from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.services.plans import money
from ops_delivery.services.plans import progress as plan_progress
from ops_delivery.services.plans import templates as plan_templates
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.setup import seed_plans


def activity(name):
	return frappe.get_doc("Delivery Activity", name)


# Activities


@pytest.mark.clause("5.2.b")
def test_activities_are_added_together_in_any_order_and_belong_to_the_plan(site):
	plan = planning.plan()
	rows = planning.rows("First", "Second", "Third")
	names = plan_activities.add_many(plan.name, [rows[2], rows[0], rows[1]])
	found = {doc.subject: doc for doc in map(activity, names)}
	assert [row.activity for row in found["Third"].predecessors] == [found["Second"].name]
	assert found["Third"].depends_on_tasks == found["Second"].name, "the Gantt chart draws it"
	assert {doc.customer for doc in found.values()} == {plan.customer}
	assert found["First"].currency == "CNY" and found["First"].color


@pytest.mark.clause("5.2.b")
@pytest.mark.parametrize(
	"change, message",
	[
		({"planned_end": "2020-01-01"}, "Planned End.*lies before.*Planned Start"),
		({"planned_end": planning.day(400)}, "outside the plan's period"),
		({"subject": " "}, "Row 2: the .*Subject"),
		({"after": ["Third"]}, "in a loop: .*(Second|Third).*→.*(Second|Third)"),
	],
)
def test_one_bad_row_and_nothing_is_added(site, change, message):
	plan = planning.plan()
	rows = planning.rows("First", "Second", "Third")
	rows[1].update(change)
	with pytest.raises(frappe.ValidationError, match=message):
		plan_activities.add_many(plan.name, rows)
	assert not frappe.db.exists("Delivery Activity", {"plan": plan.name})


@pytest.mark.clause("5.2.b")
def test_a_loop_is_named_by_the_subjects_along_it(site):
	plan = planning.plan()
	first, _second, third = planning.activities(plan, "Survey", "Design", "Build")
	with pytest.raises(
		frappe.ValidationError,
		match=r"Survey.*→.*Design.*→.*Build.*→.*Survey|Design.*→.*Build.*→.*Survey.*→.*Design|Build.*→.*Survey.*→.*Design.*→.*Build",
	):
		planning.activity(first, predecessors=[{"activity": third}])
	with pytest.raises(frappe.ValidationError, match=r"Survey.*→.*Survey"):
		planning.activity(first, predecessors=[{"activity": first}])
	assert not activity(first).predecessors


def test_an_activity_comes_after_activities_of_its_own_plan(site):
	other = planning.activities(planning.plan(), "Elsewhere")[0]
	mine = planning.activities(planning.plan(), "Here")[0]
	with pytest.raises(frappe.ValidationError, match=r"Elsewhere.*belongs to another plan"):
		planning.activity(mine, predecessors=[{"activity": other}])


@pytest.mark.clause("5.2.c")
def test_money_needs_a_currency_on_every_way_in(site):
	plan = planning.plan()
	plan.db_set("currency", None)  # the site's own would be proposed
	name = planning.activities(plan, "Only")[0]
	with pytest.raises(frappe.ValidationError, match=r"Budget 500.*without a currency"):
		planning.activity(name, budget_cost=500)
	with pytest.raises(frappe.ValidationError, match=r"row 1.*Rent.*without a currency"):
		plan.append("funds", {"kind": "Cost", "item": "Rent", "planned_amount": 5})
		plan.save()
	plan.reload()
	plan.currency = "CNY"
	plan.save()
	planning.activity(name, budget_cost=500)
	plan.reload()
	plan.currency = None
	with pytest.raises(frappe.ValidationError, match=r"have budgets"):
		plan.save()


def test_a_plan_does_not_shrink_below_its_activities(site):
	plan = planning.plan()
	planning.activities(plan, "Early")
	plan.start_date = planning.day(-95)
	with pytest.raises(frappe.ValidationError, match=r"leaves out activities of the plan: Early"):
		plan.save()
	plan.reload()
	plan.end_date = planning.day(-200)
	with pytest.raises(frappe.ValidationError, match=r"End.*lies before.*Start"):
		plan.save()


def test_the_gantt_chart_and_the_calendar_keep_to_the_rules(site):
	plan = planning.plan()
	name = planning.activities(plan, "Dragged")[0]
	from frappe.client import set_value
	from frappe.desk.calendar import update_event

	set_value(
		"Delivery Activity", name, {"planned_start": planning.day(-98), "planned_end": planning.day(-80)}
	)
	with pytest.raises(frappe.ValidationError, match=r"outside the plan's period"):
		set_value("Delivery Activity", name, {"planned_end": planning.day(500)})
	with pytest.raises(frappe.ValidationError, match=r"outside the plan's period"):
		update_event(
			frappe.as_json(
				{
					"doctype": "Delivery Activity",
					"name": name,
					"planned_start": planning.day(-300),
					"planned_end": planning.day(-90),
				}
			),
			frappe.as_json({"start": "planned_start", "end": "planned_end"}),
		)


# What clause 5.2 asks for


@pytest.mark.clause("5.2.a", "5.2.b", "5.2.c", "5.2.d", "5.2.e", "5.2.f", "5.2.g", "5.2.h", "5.2.i")
def test_an_empty_plan_is_told_every_item_and_not_reviewed(site):
	factories.make_user(roles=["Service Delivery Manager"])  # somebody to ask for the review
	plan = planning.plan()
	items = {item.clause: item for item in plan_completeness.check(plan)}
	assert list(items) == [f"5.2.{letter}" for letter in "abcdefghi"]
	assert all(item.missing for item in items.values())
	with pytest.raises(
		frappe.ValidationError, match=r"5.2.a.*5.2.b.*5.2.c.*5.2.d.*5.2.e.*5.2.f.*5.2.g.*5.2.h.*5.2.i"
	):
		reviewed.enter(plan, "Internal Review")
	plan.reload()
	assert plan.status == "Draft"


@pytest.mark.clause("5.2.a", "5.2.b", "5.2.c", "5.2.d", "5.2.e", "5.2.f", "5.2.g", "5.2.h", "5.2.i")
@pytest.mark.parametrize(
	"clause, change, message",
	[
		("5.2.c", {"funds": []}, "what the delivery costs"),
		("5.2.d", {"staff": []}, "at least one manager"),
		("5.2.e", {"tools": [{"tool": "Probe"}]}, "Probe.*ready by which day"),
		("5.2.f", {"duties": []}, "who has which duty"),
		(
			"5.2.f",
			{"documents": [{"kind": "Service Process", "title": "P"}]},
			"no operation manual for .*Routine Operation",
		),
		(
			"5.2.f",
			{"duties": [{"matter": "Patrol", "role": "Lead", "duty": "Responsible"}]},
			"Patrol.*nobody is accountable",
		),
		(
			"5.2.h",
			{"security_measures": [{"area": "People", "measure": "M"}]},
			"no measure yet for: Operations, Data, Tools",
		),
		(
			"5.2.i",
			{"consensus": [{"kind": "Timetable", "point": "P"}]},
			"agreed with the customer on: Staffing",
		),
	],
)
def test_what_is_missing_is_named_by_its_clause(site, clause, change, message):
	plan = planning.plan()
	planning.activities(plan, "Patrol", "Report")
	plan.reload()
	planning.complete(plan, **change)
	item = next(item for item in plan_completeness.check(plan) if item.clause == clause)
	assert not item.answered
	with pytest.raises(frappe.ValidationError, match=f"{clause}.*{message}"):
		reviewed.enter(plan, "Internal Review")


@pytest.mark.clause("5.2.g")
def test_the_assessment_is_the_agreements_or_the_plans_own(site):
	plan = planning.plan()
	planning.activities(plan, "Patrol")
	plan.reload()
	planning.complete(plan, assessment_note="")
	frappe.db.delete("Service Agreement Metric", {"parent": plan.agreement})
	with pytest.raises(frappe.ValidationError, match=r"5.2.g.*names no assessment"):
		reviewed.enter(plan, "Internal Review")
	plan.reload()
	plan.assessment_note = "Attainment each month"
	plan.save()
	reviewed.enter(plan, "Internal Review")


@pytest.mark.clause("5.2.d")
def test_a_gap_in_competence_needs_a_way_to_close_it(site):
	plan = planning.plan()
	planning.activities(plan, "Patrol")
	plan.reload()
	planning.complete(plan)
	plan.staff[1].meets = "Partly"
	plan.save()
	with pytest.raises(frappe.ValidationError, match=r"Engineer.*how the gap is closed"):
		reviewed.enter(plan, "Internal Review")
	plan.reload()
	plan.staff[1].update({"meets": "Partly", "gap": "Course in March"})
	plan.save()
	reviewed.enter(plan, "Internal Review")


@pytest.mark.clause("5.2.d")
def test_staff_take_their_names_from_employee_and_user(site):
	user = factories.make_user(first_name="Lin Yue")
	employee = factories.make_employee(user=user.name)
	plan = planning.plan(staff=[{"role": "Engineer", "kind": "Specialist", "employee": employee.name}])
	assert plan.staff[0].user == user.name and plan.staff[0].person_name == employee.employee_name


@pytest.mark.clause("5.2.f")
def test_two_accountable_for_one_matter_are_refused(site):
	duties = [{"matter": "Patrol", "role": role, "duty": "Accountable"} for role in ("Lead", "Boss")]
	with pytest.raises(frappe.ValidationError, match=r"Patrol.*Lead, Boss are all accountable"):
		planning.plan(duties=duties)


@pytest.mark.clause("5.2.i", "5.3.h")
def test_a_point_is_agreed_by_somebody_on_a_day(site):
	point = {"kind": "Customer's Assistance", "point": "Access to the machine room"}
	with pytest.raises(frappe.ValidationError, match=r"row 1: say both who agreed"):
		planning.plan(consensus=[{**point, "agreed_by": "Chen Jing"}])
	with pytest.raises(frappe.ValidationError, match=r"lies in the future"):
		planning.plan(consensus=[{**point, "agreed_by": "Chen Jing", "agreed_on": planning.day(3)}])


@pytest.mark.clause("5.2.i")
def test_what_is_not_agreed_waits_before_approval_not_before_review(site):
	plan = planning.plan()
	planning.activities(plan, "Patrol")
	plan.reload()
	open_point = {"kind": "Staffing", "point": "Two on site"}
	agreed = {
		"kind": "Timetable",
		"point": "Thursdays",
		"agreed_by": "Chen Jing",
		"agreed_on": planning.day(0),
	}
	planning.complete(plan, consensus=[agreed, open_point])
	factories.make_contact(plan.customer)
	frappe.local.message_log = []
	for phase in ("Internal Review", "Customer Review"):
		plan.reload()
		reviewed.enter(plan, phase)
		planning.decide_open(plan)
	told = frappe.as_json(frappe.local.message_log)  # said when the first review is asked for, and not refused
	assert "Before it is approved there must be:" in told and "Staffing, row 2: not agreed yet" in told
	plan.reload()
	with pytest.raises(frappe.ValidationError, match=r"5.2.i.*Staffing, row 2: not agreed yet"):
		reviewed.enter(plan, "Approved")
	plan.reload()
	plan.consensus[1].update({"agreed_by": "Chen Jing", "agreed_on": planning.day(0)})
	plan.save()
	reviewed.enter(plan, "Approved")  # noting the agreement voids no review
	assert plan.status == "Approved"


# Fixed after approval


@pytest.mark.clause("5.3.a")
def test_planned_dates_are_fixed_after_approval_and_actual_ones_are_free(site):
	plan, names = planning.approved()
	assert plan.approved_on and plan.version == 1
	first = activity(names[0])
	assert (first.baseline_start, first.baseline_end) == (first.planned_start, first.planned_end)
	for change in (
		{"planned_end": planning.day(-90)},
		{"budget_cost": 10},
		{"subject": "Other"},
		{"predecessors": [{"activity": names[2]}]},
	):
		with pytest.raises(frappe.ValidationError, match=r"belongs to the approved plan"):
			planning.activity(names[0], **change)
	with pytest.raises(frappe.ValidationError, match=r"Revise it to add"):
		planning.activities(plan, "More")
	with pytest.raises(frappe.ValidationError, match=r"Cancel the activity instead"):
		frappe.delete_doc("Delivery Activity", names[2])
	done = planning.activity(names[0], actual_start=planning.day(-99), actual_end=planning.day(-85))
	assert (done.state, done.progress) == ("Completed", 100)
	plan.title = "Other"
	with pytest.raises(reviewed.ContentFixed):
		plan.save()
	plan.reload()
	plan.funds[0].actual_amount = 300
	plan.tools[0].ready = 0
	plan.save()


@pytest.mark.clause("5.3.a")
def test_revising_opens_a_new_version_and_the_first_approved_dates_stay(site):
	plan, names = planning.approved()
	reviewed.revise(plan)
	plan.reload()
	assert (plan.status, plan.version) == ("Draft", 2)
	planning.activity(names[2], planned_end=planning.day(-60))
	planning.activity(names[0], state="In Progress")  # the work goes on meanwhile
	planning.approve(plan)
	third = activity(names[2])
	assert str(third.baseline_end) == planning.day(-71) and str(third.planned_end) == planning.day(-60)
	found = next(row for row in plan_progress.of(plan.name)["activities"] if row["name"] == names[2])
	assert "moved 11 days later than first approved" in found["deviation"]


@pytest.mark.clause("5.2.i")
def test_a_changed_activity_makes_given_reviews_worthless(site):
	plan = planning.plan()
	names = planning.activities(plan, "Patrol", "Report")
	plan.reload()
	planning.complete(plan)
	factories.make_contact(plan.customer)
	reviewed.enter(plan, "Internal Review")
	planning.decide_open(plan)
	planning.activity(names[1], planned_end=planning.day(-75))
	plan.reload()
	with pytest.raises(reviewed.ReviewMissing):
		reviewed.enter(plan, "Customer Review")
	states = frappe.get_all(
		"Service Review", filters={"reference_name": plan.name}, pluck="state", order_by="creation"
	)
	assert "Outdated" in states


@pytest.mark.clause("5.4.a")
def test_a_plan_ends_when_its_activities_have(site):
	plan, names = planning.approved("First", "Second")
	reviewed.enter(plan, "In Progress")
	plan.reload()
	with pytest.raises(frappe.ValidationError, match=r"activities are open: First, Second"):
		reviewed.enter(plan, "Completed")
	planning.activity(names[0], state="Completed")
	planning.activity(names[1], state="Cancelled")
	plan.reload()
	reviewed.enter(plan, "Completed")
	with pytest.raises(frappe.ValidationError, match=r"no longer change"):
		planning.activity(names[0], subject="Other")


# How far the work is


def test_state_dates_and_progress_follow_each_other(site):
	_plan, names = planning.approved()
	begun = planning.activity(names[0], progress=20)
	assert begun.state == "In Progress" and begun.actual_start == planning.today()
	done = planning.activity(names[0], state="Completed")
	assert (done.progress, done.actual_end) == (100, planning.today())
	again = planning.activity(names[0], state="In Progress")
	assert again.actual_end is None and again.progress < 100
	back = planning.activity(names[0], state="Not Started")
	assert (back.actual_start, back.progress) == (None, 0)


@pytest.mark.parametrize(
	"values, message",
	[
		({"actual_start": planning.day(2)}, "Actual Start.*lies in the future"),
		(
			{"actual_start": planning.day(-3), "actual_end": planning.day(-9)},
			"Actual End.*lies before.*Actual Start",
		),
		({"progress": 140}, "Progress.*140.*not between"),
	],
)
def test_what_cannot_have_happened_is_refused(site, values, message):
	_plan, names = planning.approved()
	with pytest.raises(frappe.ValidationError, match=message):
		planning.activity(names[0], **values)


@pytest.mark.clause("5.3.a")
def test_work_begins_after_approval(site):
	plan = planning.plan()
	name = planning.activities(plan, "Patrol")[0]
	with pytest.raises(frappe.ValidationError, match=r"work begins once the plan .* is approved"):
		planning.activity(name, state="In Progress")


@pytest.mark.clause("5.3.a", "5.4.a")
def test_plan_against_actual_names_what_is_late_and_what_jumped_the_order(site):
	plan, names = planning.approved()
	planning.activity(names[0], state="In Progress", actual_start=planning.day(-100), progress=50)
	planning.activity(
		names[1], state="Completed", actual_start=planning.day(-95), actual_end=planning.day(-84)
	)
	found = plan_progress.of(plan.name)
	rows = {row["name"]: row for row in found["activities"]}
	assert rows[names[0]]["standing"] == "overdue" and rows[names[0]]["days"] == 91
	assert rows[names[1]]["standing"] == "done_early" and "First" in rows[names[1]]["deviation"]
	assert rows[names[2]]["standing"] == "overdue" and rows[names[2]]["slip"] == 71
	assert (found["totals"]["completed"], found["totals"]["late"]) == (1, 2)
	assert found["totals"]["earned"] == pytest.approx(0.5) and found["totals"]["planned"] == 1
	assert found["curve"][0]["planned"] > 0 and found["curve"][-1]["planned"] == pytest.approx(1)


def test_the_report_shows_all_plans_and_one(site):
	from ops_delivery.ops_delivery.report.delivery_plan_against_actual.delivery_plan_against_actual import (
		execute,
	)

	plan, names = planning.approved()
	rows = execute({"customer": plan.customer})[1]
	assert [row["plan"] for row in rows] == [plan.name] and rows[0]["late"] == 3
	_columns, rows, _message, chart, cards = execute({"plan": plan.name})
	assert [row["activity"] for row in rows] == names and chart["data"]["datasets"] and cards
	assert len(execute({"plan": plan.name, "only": "Milestones"})[1]) == 1


# Money


@pytest.mark.clause("5.2.c")
def test_costs_come_from_the_plan_the_project_and_the_activities_once(site):
	plan, names = planning.approved(budget_cost=100)
	project = factories.make(
		"Project", project_name=factories.unique("Project"), customer=plan.customer, company=plan.company
	)
	plan.project = project.name
	plan.funds[0].actual_amount = 300
	plan.save()
	task = plan_work.create(names[0], "Task")["name"]
	assert frappe.db.get_value("Task", task, "project") == project.name
	frappe.db.set_value("Project", project.name, "total_costing_amount", 80)
	frappe.db.set_value("Delivery Activity", names[0], "actual_cost", 80)
	planning.activity(names[1], actual_cost=25)
	figures = money.money_of(plan.name)
	assert (figures["planned_cost"], figures["actual_cost"]) == (1000, 300 + 80 + 25)
	plan.reload()
	plan.currency = "USD"
	frappe.db.set_value("Delivery Plan", plan.name, "currency", "USD")
	assert "its figures are not counted" in money.money_of(plan.name)["not_counted"]


# Work


@pytest.mark.clause("5.3.a")
def test_an_activity_takes_its_state_from_the_task_it_opened(site):
	_plan, names = planning.approved(description="<p>Look at every rack</p>")
	made = plan_work.create(names[0], "Task")
	task = frappe.get_doc("Task", made["name"])
	assert "every rack" in task.description and getdate(task.exp_end_date) == activity(names[0]).planned_end
	task.update({"status": "Working", "progress": 30})
	task.save()
	assert (activity(names[0]).state, activity(names[0]).progress) == ("In Progress", 30)
	with pytest.raises(frappe.ValidationError, match=r"state follows"):
		planning.activity(names[0], state="Completed")
	task.reload()
	task.update({"status": "Completed", "completed_by": "Administrator", "completed_on": planning.day(0)})
	task.save()
	assert (activity(names[0]).state, activity(names[0]).actual_end) == ("Completed", planning.today())
	with pytest.raises(frappe.ValidationError, match=r"carried out in .* already"):
		plan_work.create(names[0], "Task")
	with pytest.raises(frappe.ValidationError, match=r"carries out .* already"):
		plan_work.link(names[1], "Task", task.name)


@pytest.mark.clause("5.3.a")
@pytest.mark.parametrize(
	"content, doctype, done",
	[("Response Support", "Issue", "Closed"), ("Routine Operation", "Project", "Completed")],
)
def test_other_records_carry_activities_out_too(site, content, doctype, done):
	plan, names = planning.approved(service_content=content)
	made = plan_work.create(names[0], doctype)
	record = frappe.get_doc(doctype, made["name"])
	assert record.customer == plan.customer
	if doctype == "Issue":
		record.update({"ops_validity": "Invalid", "ops_invalid_reason": "Exercise only"})
	if doctype == "Project":  # ERPNext completes one with its last task
		record = factories.make("Task", subject="All of it", project=record.name)
		record.update({"completed_by": "Administrator", "completed_on": planning.day(0)})
	record.status = done
	record.save()
	assert activity(names[0]).state == "Completed"


@pytest.mark.clause("5.3.a")
def test_a_maintenance_schedule_follows_its_visits(site):
	plan, names = planning.approved("Patrol", "Report", frequency="Weekly", planned_end=planning.day(-31))
	item = factories.make(
		"Item",
		item_code=factories.unique("Rack"),
		item_group="All Item Groups",
		stock_uom="Nos",
		is_stock_item=0,
	)
	with pytest.raises(frappe.ValidationError, match=r"choose the item"):
		plan_work.create(names[0], "Maintenance Schedule")
	made = plan_work.create(names[0], "Maintenance Schedule", item=item.name)
	schedule = frappe.get_doc("Maintenance Schedule", made["name"])
	assert schedule.items[0].periodicity == "Weekly" and len(schedule.schedules) == 10
	schedule.submit()
	assert activity(names[0]).state == "Not Started"
	person = (
		frappe.db.get_value("Sales Person", {"is_group": 0})
		or factories.make("Sales Person", sales_person_name=factories.unique("Engineer"), is_group=0).name
	)
	visit = frappe.get_doc(
		{
			"doctype": "Maintenance Visit",
			"customer": plan.customer,
			"company": plan.company,
			"mntc_date": schedule.schedules[0].scheduled_date,
			"completion_status": "Fully Completed",
			"maintenance_type": "Scheduled",
			"maintenance_schedule": schedule.name,
			"maintenance_schedule_detail": schedule.schedules[0].name,
			"purposes": [{"item_code": item.name, "service_person": person, "work_done": "Looked"}],
		}
	).insert()
	visit.submit()
	assert (activity(names[0]).state, activity(names[0]).progress) == ("In Progress", 10)


def test_a_record_made_before_approval_counts_once_the_plan_is_approved(site):
	plan = planning.plan()
	name = planning.activities(plan, "Patrol")[0]
	made = plan_work.create(name, "Task")
	task = frappe.get_doc("Task", made["name"])
	task.status = "Working"
	task.save()
	assert activity(name).state == "Not Started"
	plan.reload()
	planning.approve(planning.complete(plan))
	assert activity(name).state == "In Progress"


def test_a_deleted_record_leaves_the_activity_its_state(site):
	_plan, names = planning.approved()
	made = plan_work.create(names[0], "Task")
	frappe.delete_doc("Task", made["name"])
	assert activity(names[0]).record is None


def test_a_handover_opened_from_an_activity_carries_its_facts(site):
	plan, names = planning.approved(
		service_content="Optimization and Improvement", description="<p>Slow at noon</p>"
	)
	made = plan_work.create(names[0], "Service Handover")
	handover = frappe.get_doc("Service Handover", made["name"])
	assert (handover.source_doctype, handover.source_name) == ("Delivery Activity", names[0])
	assert handover.customer == plan.customer and "Slow at noon" in handover.facts
	assert handover.due_date is None, "a day that has passed is promised to nobody"


# Templates


@pytest.mark.clause("5.2.b")
@pytest.mark.parametrize("name", list(seed_plans.TEMPLATES))
def test_every_template_fits_a_plan(site, name):
	template = frappe.get_doc({"doctype": "Delivery Plan Template", **seed_plans.TEMPLATES[name]})
	template.template_name = factories.unique("Template")
	template.insert()
	plan = planning.plan()
	rows = plan_templates.propose(plan.name, template.name)
	assert len(plan_activities.add_many(plan.name, rows)) == len(template.activities)
	assert plan_templates.load_lists(plan.name, template.name)
	assert not plan_templates.load_lists(plan.name, template.name), "a second time nothing is new"
	plan.reload()
	assert plan.security_measures


def test_a_template_says_when_a_plan_is_too_short(site):
	template = factories.make(
		"Delivery Plan Template",
		template_name=factories.unique("Template"),
		activities=[
			{"subject": "Long", "service_content": planning.ROUTINE, "offset_days": 300, "duration_days": 100}
		],
	)
	assert template.shortest_days == 400
	with pytest.raises(frappe.ValidationError, match=r"needs 400 days, the plan lasts 366"):
		plan_templates.propose(planning.plan().name, template.name)


@pytest.mark.parametrize(
	"after, message", [("2", "in a loop"), ("9", "no row .*9"), ("first", "no list of row numbers")]
)
def test_a_template_names_its_rows_rightly(site, after, message):
	rows = [
		{"subject": "One", "service_content": planning.ROUTINE, "after_rows": after},
		{"subject": "Two", "service_content": planning.ROUTINE, "after_rows": "1"},
	]
	with pytest.raises(frappe.ValidationError, match=message):
		factories.make("Delivery Plan Template", template_name=factories.unique("Template"), activities=rows)


@pytest.mark.clause("5.2.b")
def test_the_agreements_scope_becomes_activities(site):
	plan = planning.plan()
	agreement = frappe.get_doc("Service Agreement", planning.complete(plan).agreement)
	frappe.get_doc(
		{
			"doctype": "Service Agreement Scope",
			"parent": agreement.name,
			"parenttype": "Service Agreement",
			"parentfield": "scope",
			"idx": 1,
			"service_content": planning.ROUTINE,
			"service_item": "Weekly inspection",
			"frequency": "Weekly",
		}
	).db_insert()
	frappe.db.set_value("Service Agreement", agreement.name, "reporting_frequency", "Quarterly")
	rows = delivery_plans.proposals(plan.name)
	subjects = [row["subject"] for row in rows]
	assert "Weekly inspection" in subjects and sum("report" in subject for subject in subjects) >= 4
	delivery_plans.add_activities(plan.name, rows)
	assert "Weekly inspection" not in [row["subject"] for row in delivery_plans.proposals(plan.name)]


# Who may


def test_the_field_engineer_records_progress_but_plans_nothing(site, as_user):
	plan, names = planning.approved()
	engineer = factories.make_user(roles=["Field Engineer"]).name
	with as_user(engineer):
		delivery_plans.record_progress(names[0], progress=10)
		assert delivery_plans.overview(plan.name)["totals"]["under_way"] == 1
		with pytest.raises(frappe.PermissionError):
			delivery_plans.add_activities(plan.name, [{"subject": "Mine"}])


def test_a_customers_user_sees_no_plan(site, as_user):
	plan, _names = planning.approved()
	user = factories.make_portal_user(plan.customer).name
	with as_user(user), pytest.raises(frappe.PermissionError):
		delivery_plans.overview(plan.name)


def test_a_draft_goes_with_its_activities_and_an_approved_plan_stays(site):
	draft = planning.plan()
	names = planning.activities(draft, "First", "Second")
	frappe.delete_doc("Delivery Plan", draft.name)
	assert not frappe.db.exists("Delivery Activity", names[0])
	plan, _names = planning.approved()
	with pytest.raises(frappe.ValidationError, match=r"kept as evidence"):
		frappe.delete_doc("Delivery Plan", plan.name)


@pytest.mark.clause("5.2.b", "5.2.f", "5.2.i")
def test_the_printed_plan_says_what_the_plan_says(site):
	plan, _names = planning.approved("Patrol <b>north</b>", "Report")
	from ops_delivery.services.papers import prints as documents

	html = documents.html(plan, "Delivery Plan")
	for text in (
		plan.title,
		"Patrol &lt;b&gt;north",
		"Report",
		"Monitoring",
		"Least privilege",
		"Chen Jing",
		plan.name,
	):
		assert text in html
	assert documents.pdf(plan, "Delivery Plan").startswith(b"%PDF")
