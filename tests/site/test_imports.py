"""Every record type of ours that a person may create is imported by Frappe's own Data Import (issue 17, 5)."""

import itertools
import json
from datetime import date, datetime, time, timedelta

import consulting_scene
import customers
import deliverable_scene
import factories
import frappe
import importing
import improving
import knowledge_scene
import monitoring_scene
import own_templates
import planning
import plans
import pytest
import routine_scene
import scenario
import surveying
import visiting
from importing import UPDATE, Imports

from ops_delivery.permissions import evidence_rules, steps
from ops_delivery.services.administration import import_values
from ops_delivery.services.agreements import templates as agreement_templates
from ops_delivery.setup import seed_plans


def first(doctype, **filters):
	return frappe.get_doc(
		doctype, frappe.get_all(doctype, filters, pluck="name", limit=1, order_by="creation, name")[0]
	)


def agreement():
	return scenario.agreement(submit=False)


def plan():
	doc = planning.plan()
	planning.activities(doc, "First", "Second")
	doc.reload()
	return planning.complete(doc)


def activity():
	return frappe.get_doc("Delivery Activity", planning.activities(planning.plan(), "First", "Second")[1])


def visit(doctype):
	visiting.templates()
	return visiting.plan(
		doctype,
		factories.make_customer().name,
		owner_user=factories.make_user(roles=["Field Engineer"]).name,
		planned_start="2031-03-03 09:30:00",
		planned_end="2031-03-03 11:30:00",
	)


def profile():
	scenario.basics()
	skill = factories.make("Service Skill", skill_name=factories.unique("Skill")).name
	return factories.make(
		"Dispatch Profile",
		user=factories.make_user(roles=["Field Engineer"]).name,
		calendar=scenario.calendar().name,
		travel_minutes=40,
		skills=[{"skill": skill, "level": "Expert", "valid_until": "2031-03-05"}],
		absences=[{"from_date": "2031-03-06", "to_date": "2031-03-07", "reason": "Training"}],
	)


def calendar():
	return scenario.calendar(
		exceptions=[{"date": "2031-05-01", "kind": "Holiday", "description": "Labour Day"}]
	)


def complaint():
	return factories.make(
		"Service Complaint",
		subject=factories.unique("Nobody came"),
		customer=factories.make_customer().name,
		channel="Phone",
		category="Other",
		complainant_name="Chen Jing",
		complainant_email="chen@example.com",
		text="Nobody came",
	)


def leftover():
	return factories.make(
		"Service Leftover",
		subject=factories.unique("Label"),
		customer=factories.make_customer().name,
		due_date="2031-01-31",
	)


def handover():
	return factories.make(
		"Service Handover",
		subject=factories.unique("Replace the server"),
		customer=factories.make_customer().name,
		service_content="Optimization and Improvement",
	)


def service_object():
	return factories.make(
		"Service Object",
		object_name=factories.unique("Core switch"),
		customer=factories.make_customer().name,
		kind="Other",
		importance="Important",
	)


def agreement_template():
	name = agreement_templates.save_as(agreement().name, factories.unique("Template"))
	return frappe.get_doc("Service Agreement Template", name)


def measured():
	return factories.make(
		"Measured Record Type",
		document_type="Project",
		customer_field="customer",
		priority_field="priority",
		status_field="status",
	)


def definition():
	scenario.basics()
	commitment = factories.make(
		"Service Commitment", commitment=factories.unique("Promise"), sequence=500
	).name
	return factories.make(
		"Clock Definition",
		definition_name=factories.unique("Definition"),
		commitment=commitment,
		document_type="Issue",
		**scenario.DEFINITIONS["Restore"],
	)


def assessment():
	agreement = scenario.agreement()
	return factories.make(
		"Agreement Assessment", agreement=agreement.name, start_date="2026-01-01", end_date="2026-03-31"
	)


def level(doctype):
	scenario.basics()
	return factories.make(doctype, level=factories.unique("Level"), rank=9, description="As it says")


def paper_template():
	file = factories.make("File", file_name=factories.unique("paper") + ".docx", content=own_templates.GOOD, is_private=1)
	return factories.make("Paper Template", template_name=factories.unique("Paper"), document_type="Deliverable", file=file.file_url, output="Word", enabled=1)


def checklist():
	visiting.templates()
	return first("Checklist Template")


def plan_template():
	return factories.make(
		"Delivery Plan Template",
		**{**next(iter(seed_plans.TEMPLATES.values())), "template_name": factories.unique("Template")},
	)


def review_rule():
	return factories.make(
		"Review Rule",
		rule_name=factories.unique("Rule"),
		document_type="Delivery Plan",
		needed_before="Customer Review",
		party="Internal",
		role="Service Delivery Manager",
		approvals=1,
		due_days=3,
	)


def report():
	plan = consulting_scene.plan()
	plan.db_set({"status": "In Progress", "workflow_state": "In Progress"})
	return consulting_scene.report(plan)


def recommendation():
	return consulting_scene.recommendation(report(), factories.unique("Test restores"))


def trial_reading():
	plan = plans.at_phase("Draft")
	plan.db_set(
		{
			"status": "Trial Run",
			"trial_start": "2026-03-04",
			"trial_end": "2026-03-13",
			"workflow_state": "Trial Run",
		}
	)
	return plans.reading(plan)


def specification_clause():
	return factories.make("Specification Clause", catalogue=factories.unique("Audit list"), number="A.1", title="One", requirement="There must be one.", position=1)


def evidence_definition():
	values = {"clause": specification_clause().name, "document_type": "Issue", "condition": 'doc.status == "Closed"', "required_fields": "subject"}
	return factories.make("Evidence Definition", definition_name=factories.unique("Closed"), counts="In the Period", at_least=2, **values)


SAMPLES = {
	"Agreement Assessment": assessment,
	"Checklist Template": checklist,
	"Clock Definition": definition,
	"Consulting Plan": consulting_scene.plan,
	"Consulting Recommendation": recommendation,
	"Consulting Report": report,
	"Deliverable": lambda: frappe.get_doc(deliverable_scene.values(compiler="Administrator")).insert(),
	"Service Report": lambda: frappe.get_doc(
		{
			**{"doctype": "Service Report", "agreement": scenario.agreement().name, "period_from": "2026-03-01", "period_to": "2026-03-31"},
			"sections": [{"heading": "Ours", "text": "Thank you"}],
		}
	).insert(),
	"Service Report Template": lambda: factories.make(
		"Service Report Template", template_name=factories.unique("Report"), sections=[{"section": "Summary", "enabled": 1}]
	),
	"Deliverable Type": lambda: factories.make("Deliverable Type", type_name=factories.unique("Kind of report"), kind="Tangible"),
	"Delivery Activity": activity,
	"Delivery Plan": plan,
	"Delivery Plan Template": plan_template,
	"Dispatch Profile": profile,
	"Escalation Policy": scenario.policy,
	"Evidence Definition": evidence_definition,
	"Field Service Sheet": lambda: visit("Field Service Sheet"),
	"Improvement Action": improving.action,
	"Knowledge Article": lambda: frappe.get_doc(knowledge_scene.values(keeper="Administrator", checked=0)).insert(),
	"Measured Record Type": measured,
	"Monitoring Source": lambda: frappe.get_doc(monitoring_scene.source_values(scenario.agreement())).insert(),
	"Operation Manual": lambda: factories.make(**routine_scene.manual_values()),
	"Optimization Plan": lambda: plans.at_phase("Draft"),
	"Paper Template": paper_template,
	"Priority Matrix": lambda: (scenario.basics(), scenario.matrix())[1],
	"Remote Support Session": lambda: visit("Remote Support Session"),
	"Review Rule": review_rule,
	"Routine Kind": lambda: factories.make("Routine Kind", kind_name=factories.unique("Kind")),
	"Routine Schedule": lambda: routine_scene.schedule(first_date="2031-03-03", substitute=None),
	"Service Agreement": agreement,
	"Service Agreement Template": agreement_template,
	"Service Calendar": calendar,
	"Service Commitment": lambda: factories.make(
		"Service Commitment", commitment=factories.unique("Promise"), sequence=500
	),
	"Service Complaint": complaint,
	"Service Handover": handover,
	"Service Importance": lambda: level("Service Importance"),
	"Service Leftover": leftover,
	"Service Object": service_object,
	"Service Security Class": lambda: factories.make("Service Security Class", class_name=factories.unique("Class"), rank=977),
	"Service Skill": lambda: factories.make("Service Skill", skill_name=factories.unique("Skill")),
	"Service Urgency": lambda: level("Service Urgency"),
	"Specification Clause": specification_clause,
	"Survey Rule": surveying.rule,
	"Survey Template": surveying.template,
	"Trial Reading": trial_reading,
}
IS_16 = int(frappe.__version__.split(".")[0]) >= 16
ONE_EACH = {  # there is one for each value of the field: the one that is there goes before it comes again
	"Service Security Class",
	"Specification Clause",
	"Measured Record Type",
	"Dispatch Profile",
	"Clock Definition",
	"Service Importance",
	"Service Urgency",
	"Service Report",
}


def anew(doc) -> dict:
	"""What must differ from the record that is there, and that record taken away where there can be one only."""
	if doc.doctype in ONE_EACH:
		frappe.delete_doc(doc.doctype, doc.name, force=True, ignore_permissions=True)
		return {}
	by_field = (doc.meta.autoname or "").removeprefix("field:")
	return {by_field: factories.unique("Imported")} if doc.meta.get_field(by_field) else {}


def values(doc, columns) -> dict:
	"""What a record says in those columns, as it is stored."""
	doc = frappe.get_doc(doc.doctype, doc.name)
	said = {df.fieldname: doc.get(df.fieldname) or None for df, table in columns if not table}
	for df, table in columns:
		if table:
			for number, row in enumerate(doc.get(table.fieldname)):
				said[f"{table.fieldname}.{number}.{df.fieldname}"] = row.get(df.fieldname) or None
	return said


def administrator(language="en"):
	return Imports(language, ("System Manager", "Service Delivery Manager"))


def test_every_type_that_a_person_may_create_is_tried():
	rows = frappe.get_all("DocPerm", {"create": 1}, pluck="parent", distinct=True)
	types = frappe.get_all(
		"DocType", {"module": "Ops Delivery", "istable": 0, "issingle": 0, "name": ["in", rows]}, pluck="name"
	)
	assert set(types) == set(SAMPLES)


@pytest.mark.parametrize("kind, language", [("csv", "en"), ("xlsx", "zh"), ("csv", "zh"), ("xlsx", "en")])
@pytest.mark.parametrize("doctype", SAMPLES)
def test_every_type_comes_in_as_it_was_written(site, doctype, kind, language):
	made = SAMPLES[doctype]().reload()
	columns, person = importing.used(made), administrator(language)
	was = values(made, columns)
	rows = importing.rows_of(made, kind, language, columns, **(changed := anew(made)))
	(name,) = person.done(doctype, rows, kind=kind)
	assert values(frappe.get_doc(doctype, name), columns) == {**was, **changed}


@pytest.mark.parametrize("kind, language", [("csv", "zh"), ("xlsx", "en")])
@pytest.mark.parametrize("doctype", SAMPLES)
def test_what_was_exported_is_changed_and_brought_back(site, doctype, kind, language):
	"""All that the form shows, facts too, as Frappe's own template has it; a word of the record and of a row are others."""
	made = SAMPLES[doctype]().reload()
	person = administrator(language)
	columns = importing.shown(doctype)
	was = values(made, columns)
	rows = person.exported(made, kind)
	changed = {}
	for df, table in to_change(made):
		column = importing.place(columns, df, table)
		key = f"{table.fieldname}.0.{df.fieldname}" if table else df.fieldname
		if df.fieldtype == "Date":
			changed[key] = frappe.utils.add_days(made.get(df.fieldname), 1)
			rows[1][column] = frappe.utils.formatdate(changed[key])
			continue
		changed[key] = (
			1 - (made.get(df.fieldname) or 0)
			if df.fieldtype == "Check"
			else f"改 {factories.unique('Changed')}"
		)
		rows[1][column] = changed[key]
	assert person.done(doctype, rows, mode=UPDATE, kind=kind) == [made.name]
	now = values(made, columns)
	assert {name: now[name] or 0 for name in changed} == changed
	by_itself = set(changed) | set(evidence_rules.rules_of(doctype).worked_out) | {"revision"}
	for df, table in columns:
		is_markup = df.fieldtype == "Text Editor" and (
			kind == "xlsx" or IS_16
		)  # exports have its words alone
		if df.fetch_from or is_markup or (table and table.fieldname in by_itself):
			by_itself |= {
				name for name in was if name == df.fieldname or (table and name.endswith(f".{df.fieldname}"))
			}
	assert {name: now[name] for name in was if name not in by_itself} == {
		name: value for name, value in was.items() if name not in by_itself
	}
	assert row_names(frappe.get_doc(doctype, made.name)) == row_names(made)


def row_names(doc) -> dict:
	worked_out = evidence_rules.rules_of(doc.doctype).worked_out
	return {
		df.fieldname: [row.name for row in doc.get(df.fieldname)]
		for df in doc.meta.get_table_fields()
		if df.fieldname not in worked_out
	}


def to_change(doc):
	"""The first words of the record, and of the first row of one of its tables, that anybody may change; else its first tick."""
	kinds = ("Data", "Small Text", "Text", "Long Text")
	by_field = (doc.meta.autoname or "").removeprefix("field:")
	words = [
		(df, table)
		for df, table in importing.fields_of(doc.doctype)
		if df.fieldtype in kinds
		and not df.options
		and df.fieldname not in (by_field, *NO_WORDS)
		and not df.set_only_once
	]
	ticks = [
		pair for pair in importing.fields_of(doc.doctype) if pair[0].fieldtype == "Check" and not pair[1]
	]
	days = [
		pair for pair in importing.fields_of(doc.doctype) if pair[0].fieldname == "end_date" and not pair[1]
	]
	yield ([pair for pair in words if not pair[1]] or ticks or days)[0]
	yield from [
		pair
		for pair in words
		if pair[1] and any(row.get(pair[0].fieldname) for row in doc.get(pair[1].fieldname)[:1])
	][:1]


NO_WORDS = {"start_when", "meet_when", "cancel_when", "customer_through"}


# What is refused, and how


OBJECT = "Service Object"


def an_object(language="en", **cells) -> list[list]:
	"""A file of one Service Object, with the headers that its form has in that language."""
	scenario.basics()
	cells = {
		"object_name": factories.unique("核心交换机"),
		"customer": factories.make_customer().name,
		"kind": "Other",
		"importance": "Important",
		**cells,
	}
	meta = frappe.get_meta(OBJECT)
	return [
		importing.headers([(meta.get_field(name), None) for name in cells], language),
		list(cells.values()),
	]


def line_of(found, number) -> str:
	assert found.status == "Pending" and not found.log, importing.told(found)
	return " ".join(found.refused[number])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
	"doctype, header, value, says",
	[
		("Service Object", "Kind", "Spaceship", "Kind: Spaceship is none of its choices: "),
		(
			"Service Object",
			"Customer",
			"Nobody and Sons",
			"Customer: Nobody and Sons is no Customer that is there",
		),
		("Service Leftover", "Due", "31.13.2031", "Due: 31.13.2031 is no day. Write it as"),
		("Service Leftover", "Due", "2031-01-31 08:00:00", "Due: 2031-01-31 08:00:00 is no day"),
		("Service Leftover", "Blocks closing", "perhaps", "Blocks closing: perhaps is neither yes nor no"),
		("Dispatch Profile", "Travel (minutes)", "half an hour", "half an hour is not a whole number"),
		("Service Calendar", "From (Windows)", "25:00", "25:00 is no time of day"),
		(
			"Service Agreement",
			"Target (service hours) (Targets)",
			"soon",
			"soon is no length of time. Write it as 4h",
		),
	],
)
def test_a_value_that_is_none_is_named_with_its_line_and_nothing_is_saved(
	site, doctype, header, value, says, kind
):
	made = SAMPLES[doctype]().reload()
	columns = importing.used(made)
	names = importing.headers(columns, "en")
	if header not in names:
		columns = importing.fields_of(doctype)
		names = importing.headers(columns, "en")
	assert header in names, names
	rows = importing.rows_of(made, kind, "en", columns, **anew(made))
	rows[1][names.index(header)] = value
	before = frappe.db.count(doctype)
	found = administrator().run(doctype, rows, kind=kind)
	assert says in line_of(found, 2)
	assert frappe.db.count(doctype) == before


def test_a_refusal_is_in_the_readers_language(site):
	found = administrator("zh").run(OBJECT, an_object("zh", kind="飞船"))
	said = line_of(found, 2)
	assert "飞船" in said and "其他" in said and "Other" not in said


def test_a_line_that_the_rules_refuse_is_named_and_the_others_come_in(site):
	w = scenario.agreement(submit=False)
	rows = importing.rows_of(w, title=factories.unique("Good"))
	bad = importing.rows_of(w, title=factories.unique("Bad"))[1:]
	day = rows[0].index(frappe.get_meta("Service Agreement").get_label("end_date"))
	bad[0][day] = "2020-01-01"
	found = administrator().run("Service Agreement", [*rows, *bad])
	assert found.status == "Partial Success"
	good, refused = found.log
	assert good.success and not refused.success and json.loads(refused.row_indexes)[0] == len(rows) + 1
	assert "2020" in refused.messages and "before" in refused.messages
	assert not frappe.db.exists("Service Agreement", {"title": bad[0][rows[0].index("Title")]})
	names = frappe.get_all("Service Agreement", pluck="name")
	assert not frappe.db.exists(
		"Service Agreement Target", {"parent": ["not in", names], "parenttype": "Service Agreement"}
	)


def test_submitting_at_once_goes_round_no_review(site):
	made = scenario.agreement(submit=False)
	before = frappe.db.count("Service Agreement")
	found = administrator().run(
		"Service Agreement", importing.rows_of(made, title=factories.unique("Quick")), submit_after_import=1
	)
	assert found.status == "Error" and "0 of 1 approvals" in importing.told(found)
	assert frappe.db.count("Service Agreement") == before


ENGINE = (
	"Escalation Log",
	"Service Clock",
	"Service Clock Event",
	"Service Notice",
	"Rule Version",
	"Service Review",
	"Service Signature",
	"Service Acceptance",
	"Survey Answer",
)


def test_every_type_is_imported_or_says_that_it_is_evidence(site):
	types = frappe.get_all("DocType", {"module": "Ops Delivery", "istable": 0, "issingle": 0}, pluck="name")
	refused = {doctype for doctype in types if evidence_rules.is_engine(doctype)}
	assert set(types) - refused == set(SAMPLES) and set(ENGINE) <= refused
	person = administrator()
	for doctype in refused:
		factories.make(
			"Property Setter",
			doc_type=doctype,
			doctype_or_field="DocType",
			property="allow_import",
			property_type="Check",
			value="1",
		)
		answer = person.ask(doctype, [["ID"], ["X"]])
		assert answer.status == 417 and "evidence and cannot be imported" in importing.desk_door.said(
			answer
		), doctype


# Ways of writing


@pytest.mark.parametrize(
	"value",
	[
		"2031-01-31",
		"31-01-2031",
		"2031/1/31",
		"2031年1月31日",
		"2031-01-31 00:00:00",
		datetime(2031, 1, 31),
		date(2031, 1, 31),
	],
)
def test_a_day_may_be_written_in_any_way_that_is_plain(site, value):
	frappe.db.set_default("date_format", "dd-mm-yyyy")
	frappe.local.user_date_format = None
	kind = "csv" if isinstance(value, str) else "xlsx"
	rows = [
		["What is left", "Customer", "Due"],
		[factories.unique("Label"), factories.make_customer().name, value],
	]
	(name,) = administrator().done("Service Leftover", rows, kind=kind)
	assert frappe.db.get_value("Service Leftover", name, "due_date") == date(2031, 1, 31)


def test_an_agreement_whose_days_come_as_moments_is_taken(site):
	"""As the issue found it: a workbook's days are moments, and so they come by other programs."""
	made = scenario.agreement(submit=False)
	values = made.as_dict(no_nulls=True)
	for name in ("name", "creation", "modified", "workflow_state"):
		values.pop(name, None)
	doc = frappe.get_doc(
		{
			**frappe.copy_doc(made, ignore_no_copy=False).as_dict(),
			"start_date": "2027-01-01 00:00:00",
			"end_date": datetime(2027, 12, 31),
		}
	)
	doc.insert()
	doc.reload()
	assert (doc.start_date, doc.end_date) == (date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
	"value", ["4h", "2h 120m", "14400", "4小时", "3小时60分钟", 14400, time(4, 0), timedelta(hours=4)]
)
def test_a_length_of_time_may_be_written_as_people_do(site, value):
	made = scenario.agreement(submit=False).reload()
	columns = importing.used(made)
	kind = "csv" if isinstance(value, str) else "xlsx"
	rows = importing.rows_of(made, kind, "en", columns, title=factories.unique("Agreement"))
	place = importing.headers(columns, "en").index("Target (service hours) (Targets)")
	which = next(
		number
		for number, row in enumerate(made.targets)
		if row.commitment == "Resolution" and row.priority == "Urgent"
	)
	assert made.targets[which].target == 4 * 3600
	rows[1 + which][place] = value
	(name,) = administrator().done("Service Agreement", rows, kind=kind)
	assert frappe.get_doc("Service Agreement", name).targets[which].target == 4 * 3600


@pytest.mark.parametrize("value, kind", [("15", "csv"), ("15%", "csv"), ("15％", "csv"), (15, "xlsx"), (importing.Share(0.15), "xlsx")])
def test_a_percentage_is_what_the_table_shows(site, value, kind):
	doc = scenario.agreement(submit=False)
	rows = [["ID", "Penalties at most"], [doc.name, value]]
	administrator().done("Service Agreement", rows, UPDATE, kind=kind)
	assert frappe.db.get_value("Service Agreement", doc.name, "penalty_cap") == 15


def test_chinese_and_english_headers_in_any_order_of_readers(site):
	for reader, language, header in (
		("zh", "zh", "对象名称"),
		("en", "en", "Object Name"),
		("en", "zh", "对象名称"),
		("zh", "en", "object_name"),
	):
		rows = an_object(language, kind="其他", importance="重要")
		rows[0][0] = header
		(name,) = administrator(reader).done(OBJECT, rows)
		doc = frappe.get_doc(OBJECT, name)
		assert (doc.kind, doc.importance, doc.object_name) == ("Other", "Important", rows[1][0])


def test_a_text_as_a_chinese_excel_saves_it_is_read(site):
	rows = an_object("zh", kind="其他")
	(name,) = administrator("zh").done(OBJECT, rows, code="gb18030")
	assert frappe.db.get_value(OBJECT, name, "object_name") == rows[1][0]


def test_what_frappe_exports_in_chinese_comes_back_in_chinese(site):
	made = service_object().reload()
	rows = administrator("zh").exported(made)
	assert "对象名称" in rows[0]
	rows[1][rows[0].index("对象名称")] = "汇聚交换机"
	assert administrator("zh").done(OBJECT, rows, mode=UPDATE) == [made.name]
	assert frappe.db.get_value(OBJECT, made.name, "object_name") == "汇聚交换机"


# Frappe's own types that an administrator writes about ours


@pytest.mark.parametrize("kind, language", [("csv", "zh"), ("xlsx", "en")])
@pytest.mark.parametrize("doctype", ["Workflow", "Notification"])
def test_workflows_and_notifications_come_in(site, doctype, kind, language):
	if doctype == "Workflow":
		made = frappe.get_doc("Workflow", frappe.get_meta("Delivery Plan").get_workflow())
		changed = {"workflow_name": factories.unique("Flow")}
	else:
		made = factories.make(
			"Notification",
			name=factories.unique("Told"),
			document_type="Service Leftover",
			event="Value Change",
			value_changed="state",
			channel="Email",
			enabled=0,
			subject="{{ doc.subject }}",
			message="<p>{{ doc.state }}</p>",
			message_type="HTML",
			recipients=[{"receiver_by_role": "Service Desk"}],
		)
		changed = {"name": factories.unique("Told")}
	columns = importing.used(made)
	if "name" in changed:
		columns = [
			(frappe._dict(fieldname="name", fieldtype="Data", label="ID", parent=doctype), None),
			*columns,
		]
	rows = importing.rows_of(made, kind, language, columns, **changed)
	person = administrator(language)
	(name,) = person.done(doctype, rows, kind=kind)
	came = frappe.get_doc(doctype, name)
	assert [row.as_dict(no_nulls=True).get("state") for row in came.get("states") or []] == [
		row.state for row in made.get("states") or []
	]
	assert came.get("event") == made.get("event") and came.name == next(iter(changed.values()))
	rows = person.exported(came, kind)
	column = 1 + [df.fieldname for df, table in importing.shown(doctype) if not table].index(
		"message" if doctype == "Notification" else "workflow_state_field"
	)
	if doctype == "Notification":
		rows[1][column] = "Another message"
		assert person.done(doctype, rows, mode=UPDATE, kind=kind) == [name]
		assert frappe.db.get_value(doctype, name, "message") == "Another message"
	answer = Imports(roles=("Service Desk",)).ask(doctype, rows)
	assert answer.status in (403, 417)


def test_the_desk_offers_them_to_system_managers(site, as_user):
	assert "ops_delivery.services.administration.import_values.tell_desk" in frappe.get_hooks("extend_bootinfo")
	for role, is_offered in (("System Manager", True), ("Service Desk", False)):
		with as_user(factories.make_user(roles=[role]).name):
			bootinfo = frappe._dict(user=frappe.get_user().load_user())
			import_values.tell_desk(bootinfo)
			assert ({"Workflow", "Notification", *SAMPLES} <= set(bootinfo.user.can_import)) == is_offered


def test_of_the_hosts_records_only_our_fields_are_read_so(site):
	scenario.basics()
	person = Imports(roles=("System Manager", "Support Team"))
	factories.make(
		"Custom DocPerm", parent="Issue", role="Support Team", read=1, write=1, create=1, **{"import": 1}
	)
	customer = factories.make_customer().name
	label = frappe.get_meta("Issue").get_label("ops_customer_urgency")
	urgency = frappe._("Very Urgent", lang="zh", context="Service Urgency")
	rows = [["Subject", "Customer", label], ["断网", customer, urgency]]
	(name,) = person.done("Issue", rows)
	assert frappe.db.get_value("Issue", name, "ops_customer_urgency") == "Very Urgent"
	found = person.run("Issue", [["Subject", "Status"], ["断网", "已关闭"]])
	assert found.status == "Pending" and "Value must be one of" in str(found.refused)
