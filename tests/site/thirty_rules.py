"""Of the thirty changes those to the rules of service: matrix, calendar, policy, definitions, conditions, reviews, surveys, checklists,
settings."""

from datetime import timedelta

import factories
import frappe
import reviewing
import scenario
import surveying
import visiting

HOUR = timedelta(hours=1)


def matrix_cell_and_level(w):
	"""A cell is judged otherwise, and there is a step of urgency more."""
	matrix = frappe.get_doc("Priority Matrix", w.agreement.priority_matrix)
	level = w.new("Service Urgency", level=w.name("At Once"), rank=70 + len(frappe.get_all("Service Urgency"))).name
	doc = matrix.as_dict()
	for cell in doc["cells"]:
		if (cell.urgency, cell.importance) == ("Urgent", "Important"):
			cell.priority = "Urgent"
	there = {(cell.urgency, cell.importance) for cell in doc["cells"]}
	for urgency in frappe.get_all("Service Urgency", pluck="name"):
		for importance in scenario.LEVELS["Service Importance"]:
			if (urgency, importance) not in there:
				doc["cells"].append(
					frappe._dict(doctype="Priority Matrix Cell", urgency=urgency, importance=importance, priority="Urgent")
				)
	w.save(doc)
	issue = scenario.issue(w.agreement)
	scenario.judge_valid(issue, scenario.MONDAY + HOUR)
	assert frappe.db.get_value("Issue", issue.name, "priority") == "Urgent"
	assert scenario.clock(issue).target == 4 * 3600
	scenario.judge_valid(issue, scenario.MONDAY + HOUR, ops_urgency=level, ops_importance="Not Important")
	assert frappe.db.get_value("Issue", issue.name, "priority") == "Urgent"

	def still():
		cells = frappe.get_doc("Priority Matrix", matrix.name).cells
		assert level in {cell.urgency for cell in cells}
		assert [c.priority for c in cells if (c.urgency, c.importance) == ("Urgent", "Important")] == ["Urgent"]

	return still


def calendar_with_two_shifts(w):
	"""Made, filled from a Holiday List, and edited while clocks run by it."""
	shifts = [
		{"doctype": "Service Calendar Window", "weekday": day, "start_time": start, "end_time": end}
		for day in scenario.WEEK
		for start, end in (("06:00:00", "14:00:00"), ("14:00:00", "22:00:00"))
	]
	made = w.new("Service Calendar", calendar_name=w.name("Two Shifts"), time_zone="Asia/Shanghai", enabled=1, windows=shifts)
	holidays = factories.make(
		"Holiday List",
		holiday_list_name=w.name("Holidays"),
		from_date="2026-01-01",
		to_date="2026-12-31",
		holidays=[{"holiday_date": "2026-03-03", "description": "Founding day"}],
	)
	filled = w.call(
		"ops_delivery.api.configuration.fill_from_holiday_list",
		doc=frappe.as_json(frappe.get_doc("Service Calendar", made.name)),
		holiday_list=holidays.name,
		year=2026,
	)
	assert "2026-03-03" in frappe.as_json(filled)
	doc = frappe.get_doc("Service Calendar", made.name).as_dict()
	doc["exceptions"].append({"doctype": "Service Calendar Exception", "date": "2026-03-03", "kind": "Holiday", "description": "Founding day"})
	w.save(doc)
	agreement = scenario.agreement(calendar=made.name, priority_matrix=w.agreement.priority_matrix)
	issue = scenario.issue(agreement)
	due = scenario.clock(issue, "Resolution").due_on
	assert str(due) == "2026-03-04 17:00:00", due  # 13 of 24 h on Monday, none on the holiday, 11 on Wednesday
	doc = frappe.get_doc("Service Calendar", made.name).as_dict()
	doc["windows"] = [row for row in doc["windows"] if str(row.start_time) != "14:00:00"]
	w.save(doc, **EDITED_UNDER_CLOCKS)

	def still():
		calendar = frappe.get_doc("Service Calendar", made.name)
		assert len(calendar.windows) == 5 and [str(row.date) for row in calendar.exceptions] == ["2026-03-03"]

	return still


# clocks run by it, so the change says from when and why
EDITED_UNDER_CLOCKS = {"change_from": "From now on", "change_reason": "No afternoon shift any more."}


def policy_step_quiet_hours_digest(w):
	doc = frappe.get_doc("Escalation Policy", w.agreement.escalation_policy).as_dict()
	doc["steps"].append(
		{
			"doctype": "Escalation Step",
			"step_name": "Half Time",
			"kind": "Warning",
			"moment": "Before",
			"basis": "Share of Target",
			"amount": 50,
			"notify_role": "Service Desk",
			"by_desk": 1,
		}
	)
	w.save(doc, has_quiet_hours=1, quiet_from="22:00:00", quiet_to="07:00:00", quiet_time_zone="Asia/Shanghai", digest_minutes=30)
	issue = scenario.issue(w.agreement)
	clock = scenario.clock(issue)
	steps = frappe.get_all("Service Clock Trigger", {"clock": clock.name, "state": "Pending"}, ["step", "due_on"])
	assert len(steps) > len(scenario.STEPS) - 1, steps

	def still():
		policy = frappe.get_doc("Escalation Policy", doc["name"])
		assert policy.steps[-1].step_name == "Half Time" and policy.has_quiet_hours and policy.digest_minutes == 30

	return still


def definition_for_another_type(w):
	"""Tasks get a clock, which runs and is met."""
	if not frappe.db.exists("Measured Record Type", "Task"):
		w.new("Measured Record Type", document_type="Task", enabled=1, customer_field="", priority_field="priority", status_field="status")
	definition = w.new(
		"Clock Definition",
		definition_name=w.name("Task Done"),
		document_type="Task",
		commitment="Resolution" if w.language == "en" else "Restore",
		enabled=1,
		start_when="True",
		meet_when='doc.status == "Completed"',
		own_terms=1,
		own_target=8 * 3600,
		own_calendar=w.agreement.calendar,
	)
	task = factories.make("Task", subject=w.name("Task"))
	clock = frappe.get_doc("Service Clock", {"reference_name": task.name, "commitment": definition.commitment})
	assert clock.state == "Running"
	task.status = "Completed"
	task.save()
	clock.reload()
	assert clock.state == "Met"

	def still():
		assert frappe.db.get_value("Clock Definition", definition.name, "enabled") == 1

	return still


def wrong_conditions(w):
	"""Each is refused with what is wrong, and nothing of it is stored."""
	base = {"document_type": "Issue", "commitment": "Restore", "enabled": 1, "meet_when": "doc.ops_restored_on"}
	name = w.name("Wrong")
	for start, said in (("doc.nofield", "nofield"), ('doc.status == "Opne"', "Opne"), ("doc.status ==", "start_when|Start when|启动")):
		text = w.refused("Clock Definition", definition_name=name, start_when=start, **base)
		assert any(part in text for part in said.split("|")) or w.language == "zh", text
	assert "nofield" in w.refused(
		"Review Rule",
		rule_name=name,
		document_type="Delivery Plan",
		needed_before="Approved",
		party="Customer",
		approvals=1,
		condition="doc.nofield",
	)

	def still():
		assert not frappe.db.exists("Clock Definition", name) and not frappe.db.exists("Review Rule", name)

	return still


def custom_field_in_a_condition(w):
	"""A tick of one's own on requests stops a clock."""
	fieldname = f"custom_waits_for_parts_{w.language}"
	w.new("Custom Field", dt="Issue", label=f"Waits for Parts {w.language}", fieldname=fieldname, fieldtype="Check", insert_after="subject")
	definition = frappe.get_doc("Clock Definition", {"commitment": "Resolution", "document_type": "Issue"})
	pause = f"{definition.pause_when} or doc.{fieldname}" if definition.pause_when else f"doc.{fieldname}"
	w.save(definition, pause_when=pause)
	issue = scenario.issue(w.agreement)
	scenario.change(issue, scenario.MONDAY + HOUR, **{fieldname: 1})
	assert scenario.clock(issue).state == "Paused"
	scenario.change(issue, scenario.MONDAY + 2 * HOUR, **{fieldname: 0})
	assert scenario.clock(issue).state == "Running"

	def still():
		assert f"doc.{fieldname}" in frappe.db.get_value("Clock Definition", definition.name, "pause_when")
		assert frappe.get_meta("Issue").has_field(fieldname)

	return still


def review_rule(w):
	"""One more review before a plan is approved."""
	rule = w.new(
		"Review Rule",
		rule_name=w.name("Second Opinion"),
		document_type="Delivery Plan",
		enabled=1,
		needed_before="Customer Review",
		party="Internal",
		role="Service Delivery Manager",
		approvals=1,
		condition=f'doc.title == "{w.language} reviewed twice"',
		days_until_due=3,
	)
	world = reviewing.in_internal_review(title=f"{w.language} reviewed twice")
	other = reviewing.in_internal_review()
	asked = frappe.get_all("Service Review", {"rule": rule.name}, pluck="reference_name")
	assert asked == [world.plan.name], asked
	assert other.plan.name not in asked

	def still():
		assert frappe.db.get_value("Review Rule", rule.name, "days_until_due") == 3

	return still


def survey_template_and_rule(w):
	template = w.new(
		"Survey Template",
		template_name=w.name("Short"),
		title="How was it?",
		title_zh="您觉得怎么样？",
		enabled=1,
		days_to_answer=14,
		reminder_days="5, 10",
		fewest_answers=3,
		questions=[
			{"doctype": "Survey Template Question", "question": "All in all", "question_zh": "总体如何", "answer_type": "Score 1–5", "required": 1}
		],
	)
	rule = w.new(
		"Survey Rule",
		rule_name=w.name("After Requests"),
		template=template.name,
		occasion="After a Request Is Closed",
		enabled=1,
		ask="Who Asked for It",
		sampling=100,
		condition='doc.issue_type == "Fault"',
	)
	asker = surveying.people(w.agreement.customer, 1)[0]
	issue = factories.make_issue(w.agreement.customer, raised_by=asker, issue_type="Fault")
	assert len(surveying.ask(frappe.get_doc("Survey Rule", rule.name), issue)) == 1

	def still():
		assert frappe.db.get_value("Survey Rule", rule.name, ["enabled", "template"]) == (1, template.name)

	return still


def checklists_and_visit_types(w):
	"""A checklist for visits about routine work, and a kind of request of one's own."""
	kind = w.new("Issue Type", __newname=w.name("Relocation"), description="A move").name
	template = w.new(
		"Checklist Template",
		template_name=w.name("Relocation"),
		for_doctype="Field Service Sheet",
		enabled=1,
		service_content="Routine Operation",
		customer=w.agreement.customer,
		items=[{"doctype": "Checklist Template Item", "stage": "Before", "question": f"Is the lift free {w.language}?", "answer_type": "Yes/No", "required": 1}],
	)
	visit = visiting.world(customer=w.agreement.customer, service_content="Routine Operation").visit
	assert f"Is the lift free {w.language}?" in [row.question for row in visit.answers]
	issue = scenario.issue(w.agreement, issue_type=kind)
	assert issue.issue_type == kind

	def still():
		assert frappe.db.exists("Issue Type", kind)
		assert len(frappe.get_doc("Checklist Template", template.name).items) == 1

	return still


SETTINGS = {
	"en": {
		"link_days": 21, "reminder_days": 3, "log_days": 400, "print_days": 60, "lag_alarm_seconds": 300, "sweep_batch": 150,
		"retry_limit": 4, "mails_per_hour": 25, "gather_seconds": 0, "leftovers_block": 1, "leave_file_names": 1,
		"staff_mail_answers": 1, "complaint_appeals": 2, "complaint_answer_days": 8, "expiry_reminder_days": "60, 30",
		"desk_role": "Service Desk", "visit_timesheets": "Offered", "visit_stock_entries": "Offered",
		"request_visibility": "Only their own requests", "complaint_channels": "Phone 400", "own_words": 1,
	},
	"zh": {
		"link_days": 22, "reminder_days": 2, "log_days": 500, "print_days": 61, "lag_alarm_seconds": 360, "sweep_batch": 160,
		"retry_limit": 5, "mails_per_hour": 26, "gather_seconds": 0, "leftovers_block": 0, "leave_file_names": 0,
		"staff_mail_answers": 0, "complaint_appeals": 1, "complaint_answer_days": 9, "expiry_reminder_days": "90, 45",
		"desk_role": "Service Desk", "visit_timesheets": "Never", "visit_stock_entries": "Never",
		"request_visibility": "Each other's requests", "complaint_channels_zh": "电话 400", "own_words": 1,
	},
}  # fmt: skip


EXPECTED = {}


def every_setting(w):
	"""Each is stored as typed; one out of its bounds is refused with both."""
	values = SETTINGS[w.language]
	w.save(frappe.get_doc("Ops Delivery Settings"), **values)
	answer = w.desk.save(frappe.get_doc("Ops Delivery Settings"), log_days=-1)
	assert answer.status == 417 and "-1" in answer.text
	EXPECTED.clear()
	EXPECTED.update({**SETTINGS["en"], **values})  # the settings are one for all: whoever came last

	def still():
		settings = frappe.get_doc("Ops Delivery Settings")
		assert {field: settings.get(field) for field in EXPECTED} == EXPECTED

	return still


CHANGES = (
	matrix_cell_and_level,
	calendar_with_two_shifts,
	policy_step_quiet_hours_digest,
	definition_for_another_type,
	wrong_conditions,
	custom_field_in_a_condition,
	review_rule,
	survey_template_and_rule,
	checklists_and_visit_types,
	every_setting,
)
