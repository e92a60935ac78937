"""Every record type of ours that a person may create is imported by Frappe's own Data Import (issue 17, 5)."""

import consulting_scene
import customers
import factories
import frappe
import importing
import improving
import planning
import plans
import pytest
import scenario
import surveying
import visiting
from importing import UPDATE, Imports

from ops_delivery.permissions import steps
from ops_delivery.services import agreement_templates
from ops_delivery.setup import seed_plans


def first(doctype, **filters):
	return frappe.get_doc(doctype, frappe.get_all(doctype, filters, pluck="name", limit=1, order_by="creation, name")[0])


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
		"Service Leftover", subject=factories.unique("Label"), customer=factories.make_customer().name, due_date="2031-01-31"
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
		"Measured Record Type", document_type="Project", customer_field="customer", priority_field="priority", status_field="status"
	)


def definition():
	scenario.basics()
	commitment = factories.make("Service Commitment", commitment=factories.unique("Promise"), sequence=500).name
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


def checklist():
	visiting.templates()
	return first("Checklist Template")


def plan_template():
	return factories.make("Delivery Plan Template", **{**next(iter(seed_plans.TEMPLATES.values())), "template_name": factories.unique("Template")})


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
	plan.db_set({"status": "Trial Run", "trial_start": "2026-03-04", "trial_end": "2026-03-13", "workflow_state": "Trial Run"})
	return plans.reading(plan)


SAMPLES = {
	"Agreement Assessment": assessment,
	"Checklist Template": checklist,
	"Clock Definition": definition,
	"Consulting Plan": consulting_scene.plan,
	"Consulting Recommendation": recommendation,
	"Consulting Report": report,
	"Delivery Activity": activity,
	"Delivery Plan": plan,
	"Delivery Plan Template": plan_template,
	"Dispatch Profile": profile,
	"Escalation Policy": scenario.policy,
	"Field Service Sheet": lambda: visit("Field Service Sheet"),
	"Improvement Action": improving.action,
	"Measured Record Type": measured,
	"Optimization Plan": lambda: plans.at_phase("Draft"),
	"Priority Matrix": lambda: (scenario.basics(), scenario.matrix())[1],
	"Remote Support Session": lambda: visit("Remote Support Session"),
	"Review Rule": review_rule,
	"Service Agreement": agreement,
	"Service Agreement Template": agreement_template,
	"Service Calendar": calendar,
	"Service Commitment": lambda: factories.make("Service Commitment", commitment=factories.unique("Promise"), sequence=500),
	"Service Complaint": complaint,
	"Service Handover": handover,
	"Service Importance": lambda: level("Service Importance"),
	"Service Leftover": leftover,
	"Service Object": service_object,
	"Service Skill": lambda: factories.make("Service Skill", skill_name=factories.unique("Skill")),
	"Service Urgency": lambda: level("Service Urgency"),
	"Survey Rule": surveying.rule,
	"Survey Template": surveying.template,
	"Trial Reading": trial_reading,
}
ONE_EACH = {  # there is one for each value of the field: the one that is there goes before it comes again
	"Measured Record Type",
	"Dispatch Profile",
	"Clock Definition",
	"Service Importance",
	"Service Urgency",
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
		changed[key] = 1 - (made.get(df.fieldname) or 0) if df.fieldtype == "Check" else f"改 {factories.unique('Changed')}"
		rows[1][column] = changed[key]
	assert person.done(doctype, rows, mode=UPDATE, kind=kind) == [made.name]
	now = values(made, columns)
	assert {name: now[name] or 0 for name in changed} == changed
	by_itself = set(changed) | set(steps.rules_of(doctype).worked_out) | {"revision"}
	for df, table in columns:
		is_markup = df.fieldtype == "Text Editor" and kind == "xlsx"  # Frappe's workbooks have its words alone
		if df.fetch_from or is_markup or (table and table.fieldname in by_itself):
			by_itself |= {name for name in was if name == df.fieldname or (table and name.endswith(f".{df.fieldname}"))}
	assert {name: now[name] for name in was if name not in by_itself} == {
		name: value for name, value in was.items() if name not in by_itself
	}
	assert row_names(frappe.get_doc(doctype, made.name)) == row_names(made)


def row_names(doc) -> dict:
	worked_out = steps.rules_of(doc.doctype).worked_out
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
		if df.fieldtype in kinds and not df.options and df.fieldname not in (by_field, *NO_WORDS) and not df.set_only_once
	]
	ticks = [pair for pair in importing.fields_of(doc.doctype) if pair[0].fieldtype == "Check" and not pair[1]]
	days = [pair for pair in importing.fields_of(doc.doctype) if pair[0].fieldname == "end_date" and not pair[1]]
	yield ([pair for pair in words if not pair[1]] or ticks or days)[0]
	yield from [pair for pair in words if pair[1] and any(row.get(pair[0].fieldname) for row in doc.get(pair[1].fieldname)[:1])][:1]


NO_WORDS = {"start_when", "meet_when", "cancel_when", "customer_through"}


# What is refused, and how


def line_of(found, number) -> str:
	assert found.status == "Pending" and not found.log, importing.told(found)
	return " ".join(found.refused[number])


LEFTOVER = ("What is left", "Customer", "Due", "Blocks closing")


@pytest.mark.parametrize(
	"column, value, says",
	[
		("State", "Vanished", "State: Vanished is none of its choices: Open, In Progress"),
		("Due Date", "31.13.2031", "Due Date: 31.13.2031 is no day. Write it as"),
		("Due Date", "2031-01-31 08:00:00", "Due Date: 2031-01-31 08:00:00 is no day"),
		("Customer", "Nobody & Sons", "Customer: Nobody & Sons is no Customer that is there"),
		("Blocks Closing", "perhaps", "Blocks Closing: perhaps is neither yes nor no"),
	],
)
def test_a_value_that_is_none_is_named_with_its_line_and_nothing_is_saved(site, column, value, says):
	made = leftover()
	before = frappe.db.count("Service Leftover")
	labels = {df.label: df for df, _table in importing.fields_of("Service Leftover")}
	assert column in labels, sorted(labels)
	rows = [["What is left", "Customer"], ["First", made.customer], ["Second", made.customer]]
	if column in rows[0]:
		rows[2][1] = value
	else:
		rows = [[*row, extra] for row, extra in zip(rows, (column, None, value), strict=True)]
	found = administrator().run("Service Leftover", rows)
	assert says in line_of(found, 3)
	assert frappe.db.count("Service Leftover") == before
