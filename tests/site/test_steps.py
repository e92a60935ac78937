"""Facts and states are written by steps only: every field of every DocType of ours, and who deletes evidence."""

import json

import customers
import factories
import frappe
import planning
import pytest
import reviewing
import scenario
import wire
from reviewing import user

from ops_delivery.permissions import evidence_rules, steps
from ops_delivery.services import leftovers
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.reviews import standing as reviews

pytestmark = pytest.mark.committed
ROLES = (
	*("System Manager", "Service Delivery Manager", "Service Desk", "Field Engineer", "Technical Expert", "Complaint Handler"),
	"Delivery Auditor",
)
REFUSED = (403, 417)
DELETION = r"evidence|not changed or deleted|cannot be deleted|only added to|its own steps|cannot be changed|opened and closed"
# "DocType.field" or "DocType.table.field" -> why this test may find it changed
EXCEPTIONS: dict[str, str] = {
	f"{doctype}.{name}": reason
	for doctype, rules in {**evidence_rules.EVIDENCE, **evidence_rules.CONFIGURATION}.items()
	for name, reason in rules.guarded_elsewhere.items()
}


def ours(tables=False):
	return frappe.get_all(
		"DocType", filters={"module": "Ops Delivery", "istable": int(tables)}, pluck="name", order_by="name"
	)


@pytest.fixture
def strong(site):
	"""A visitor with every role of ours and System Manager, who is not Administrator."""
	name = factories.make_user(roles=ROLES).name
	frappe.utils.password.update_password(name, wire.PASSWORD)
	frappe.db.commit()
	return wire.Visitor(site, name)


def test_every_doctype_has_its_line_and_every_field_of_the_table_is_there(site):
	assert set(evidence_rules.EVIDENCE) | set(evidence_rules.CONFIGURATION) == set(ours())
	assert not set(evidence_rules.EVIDENCE) & set(evidence_rules.CONFIGURATION)
	wrong = []
	for doctype, rules in {**evidence_rules.EVIDENCE, **evidence_rules.CONFIGURATION}.items():
		meta = frappe.get_meta(doctype)
		for name in (
			*rules.owned,
			*rules.kept_rows,
			*rules.given,
			*rules.worked_out,
			*rules.guarded_elsewhere,
			*rules.begins,
		):
			table, _dot, column = name.rpartition(".")
			there = frappe.get_meta(meta.get_field(table).options).has_field(column) if table else meta.has_field(name)
			if not there:
				wrong.append(f"{doctype}.{name}")
	assert not wrong


def bare(doctype):
	"""A record with nothing but its defaults, written past every rule, with one row in each table."""
	doc = frappe.new_doc(doctype)
	doc.name = frappe.generate_hash(length=12)
	doc.db_insert()
	for df in doc.meta.get_table_fields():
		row = frappe.new_doc(df.options)
		row.update(
			{"name": frappe.generate_hash(length=12), "parent": doc.name, "parenttype": doctype, "idx": 1}
		)
		row.parentfield = df.fieldname
		row.db_insert()
	return doc.name


def forged(df, stored):
	"""Another value than the stored one, of the field's kind and such that Frappe takes it."""
	kind = df.fieldtype
	if kind == "Check":
		return 0 if stored else 1
	if kind in steps.NUMBERS:
		return int(stored or 0) + 7
	if kind == "Date":
		return "2020-02-02"
	if kind == "Datetime":
		return "2020-02-02 02:02:02"
	if kind == "Time":
		return "02:02:02"
	if kind == "Select":
		return next((value for value in (df.options or "").split("\n") if value and value != stored), "Forged")
	if kind == "Link":
		return frappe.db.get_value(df.options, {"name": ["!=", stored or ""]}, "name") or "Forged"
	return "Forged"


def test_no_field_that_steps_write_is_set_by_anybody(site, strong, cleanup):
	"""By set_value and by PUT, as somebody who has every role: each read-only or owned field of each DocType and row."""
	left, tried, by_us = [], 0, set()
	made = []
	for doctype in ours():
		single = frappe.get_meta(doctype).issingle
		name = doctype if single else bare(doctype)
		if not single:
			made.append((doctype, name))
		frappe.db.commit()
		for table, df in list(evidence_rules.written_by_steps(doctype)):
			path = ".".join(filter(None, (doctype, table, df.fieldname)))
			target = (doctype, name)
			if table:
				options = frappe.get_meta(doctype).get_field(table).options
				target = (options, frappe.db.get_value(options, {"parent": name, "parentfield": table}))
			rows = df.fieldtype in evidence_rules.TABLES
			stored = stamp(df, target)
			value = [{"name": "forged"}] if rows else forged(df, stored)
			answers = [
				strong.call(
					"frappe.client.set_value", doctype=target[0], name=target[1], fieldname=df.fieldname, value=value
				),
				strong.ask("PUT", "/api/resource/%s/%s" % target, {"data": json.dumps({df.fieldname: value})}),
			]
			frappe.db.rollback()
			tried += 1
			if any("Written by steps only" in answer.text for answer in answers):
				by_us.add(doctype)
			if stamp(df, target) != stored and path not in EXCEPTIONS:
				left.append(f"{path}: {stored!r} -> {value!r}, {[answer.status for answer in answers]}")
	cleanup(forget, made)
	assert not left, "\n".join(left)
	assert tried > 300
	writable = {
		doctype
		for doctype in ours()
		if frappe.db.exists("DocPerm", {"parent": doctype, "write": 1, "role": ["in", ROLES]})
		and any(name not in evidence_rules.rules_of(doctype).worked_out for _table, name in facts(doctype))
	}
	assert by_us >= writable, writable - by_us


def facts(doctype):
	for table, df in evidence_rules.written_by_steps(doctype):
		path = ".".join(filter(None, (table, df.fieldname)))
		if path not in evidence_rules.rules_of(doctype).guarded_elsewhere:
			yield table, path


def stamp(df, target):
	if df.fieldtype in evidence_rules.TABLES:
		return frappe.get_all(df.options, filters={"parent": target[1]}, fields=["*"], order_by="name")
	return frappe.db.get_value(target[0], target[1], df.fieldname)


def forget(made):
	for doctype, name in made:
		frappe.db.delete(doctype, {"name": name})
		for df in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(df.options, {"parent": name})


def test_evidence_is_deleted_by_nobody_and_no_row_by_itself(site, strong, cleanup):
	made = [(doctype, bare(doctype)) for doctype in ours() if not frappe.get_meta(doctype).issingle]
	frappe.db.commit()
	cleanup(forget, made)
	gone = []
	for doctype, name in made:
		frappe.db.set_value(doctype, name, "owner", strong_user(strong), update_modified=False)
		rows = [
			(df.options, frappe.db.get_value(df.options, {"parent": name}))
			for df in frappe.get_meta(doctype).get_table_fields()
			if doctype in evidence_rules.EVIDENCE
		]
		frappe.db.commit()
		for target in [*rows, *([(doctype, name)] if evidence_rules.rules_of(doctype).deletion == evidence_rules.NEVER else [])]:
			strong.call("frappe.client.delete", doctype=target[0], name=target[1])
			strong.ask("DELETE", "/api/resource/%s/%s" % target)
			frappe.db.rollback()
			if not frappe.db.exists(*target):
				gone.append(target)
	assert not gone
	for doctype, name in made:
		if evidence_rules.rules_of(doctype).deletion == evidence_rules.NEVER:
			with pytest.raises((frappe.ValidationError, frappe.PermissionError), match=DELETION):
				frappe.delete_doc(doctype, name, ignore_permissions=True, force=True)


def strong_user(strong):
	return strong.call("frappe.auth.get_logged_user", "GET").json["message"]


# The named cases, on records as they are


def set_value(visitor, doctype, name, values):
	return visitor.call("frappe.client.set_value", doctype=doctype, name=name, fieldname=values)


def refused(answer, *words):
	"""Refused in words that name the field and the way out."""
	said = answer.said() if answer.json else answer.text
	assert answer.status in REFUSED, (answer.status, answer.text[:300])
	missing = [word for word in words if word not in said]
	assert not missing, said


def test_an_agreement_in_force(site, strong):
	agreement = scenario.agreement(factories.make_customer().name)
	frappe.db.commit()
	for values, label in (
		({"status": "Terminated", "state_reason": "So"}, "Status"),
		({"status": "Suspended"}, "Status"),
		({"termination_date": "2020-01-01"}, "Ends Early On"),
		({"renewed_until": "2040-01-01"}, "Renewed Until"),
		({"renewal_stopped": 1}, "Renewal"),
		({"state_reason": "Other"}, "Reason"),
		({"successor": agreement.name}, "Followed By"),
	):
		before = frappe.get_doc("Service Agreement", agreement.name).as_dict()
		answer = set_value(strong, "Service Agreement", agreement.name, values)
		assert answer.status in REFUSED, (values, answer.status)
		assert "Suspend, Resume, Terminate" in answer.said(), (label, answer.said())
		frappe.db.rollback()
		assert frappe.get_doc("Service Agreement", agreement.name).as_dict() == before


def test_how_far_an_activity_is(site, strong):
	_plan, names = planning.approved()
	planning.activity(names[0], actual_start=planning.day(-20), actual_end=planning.day(-10))
	frappe.db.commit()
	for values, label in (
		({"state": "In Progress"}, "State"),
		({"actual_start": planning.day(-300)}, "Actual Start"),
		({"actual_end": planning.day(-300)}, "Actual End"),
		({"progress": 3}, "Progress"),
		({"baseline_start": planning.day(-300)}, "Start first approved"),
		({"baseline_end": planning.day(300)}, "End first approved"),
	):
		refused(set_value(strong, "Delivery Activity", names[0], values), label, "Record Progress")
	refused(set_value(strong, "Delivery Activity", names[1], {"state": "Completed"}), "State", "Record Progress")
	answer = strong.call(
		"ops_delivery.api.delivery_plans.record_progress", activity=names[1], state="In Progress", progress=30
	)
	assert answer.json["message"] == "In Progress", answer.text[:500]
	frappe.db.rollback()
	assert frappe.db.get_value("Delivery Activity", names[1], "progress") == 30


def test_a_leftover_ends_by_its_step(site, strong):
	leftover = factories.make("Service Leftover", subject="Label", customer=factories.make_customer().name)
	frappe.db.commit()
	doctype = leftovers.DOCTYPE
	refused(set_value(strong, doctype, leftover.name, {"state": "Solved", "result": "x"}), "State", "Solve")
	refused(set_value(strong, doctype, leftover.name, {"closed_by": "Guest"}), "Closed by", "Solve")
	refused(set_value(strong, doctype, leftover.name, {"closed_on": "2020-01-01 10:00:00"}), "Closed on", "Solve")
	done = strong.call("ops_delivery.api.leftovers.set_state", name=leftover.name, state="Solved", result="Labelled")
	assert done.json["message"] == "Solved", done.text[:500]
	refused(set_value(strong, doctype, leftover.name, {"result": "Never"}), "Result", "Reopen")
	assert strong.ask("DELETE", f"/api/resource/{doctype}/{leftover.name}").status in REFUSED
	frappe.db.rollback()
	assert frappe.db.get_value(doctype, leftover.name, ["state", "result"]) == ("Solved", "Labelled")


def test_a_decision_on_a_recommendation(site, strong, cleanup):
	doc = frappe.get_doc("Consulting Recommendation", bare("Consulting Recommendation"))
	cleanup(forget, [(doc.doctype, doc.name)])
	frappe.db.commit()
	decided = {"decision": "Adopted", "decision_by": "Wang Li", "decided_on": planning.day(0), "state": "Decided"}
	for values, label in (
		({**decided, "owner_user": "Administrator", "due_date": planning.day(20)}, "State"),
		({"decision": "Declined"}, "Decision"),
		({"state": "Verified", "verification": "Seen", "verified_by": "Administrator"}, "State"),
		({"done_on": "2020-01-01"}, "Done on"),
	):
		refused(set_value(strong, doc.doctype, doc.name, values), label, "Record decision")


def test_a_review_is_put_off_by_its_step(site, strong):
	author = reviewing.manager()
	customer = factories.make_customer().name
	factories.make_contact(customer)  # who could give the review after this one
	with user(author):
		draft = scenario.agreement(customer, submit=False)
	draft = reviewing.act(draft, "Ask for Internal Review", author)
	name = reviewing.open_review(draft, "Agreement: internal review")
	frappe.db.commit()
	refused(set_value(strong, reviews.DOCTYPE, name, {"due_on": "2040-01-01 10:00:00"}), "Due", "Give Decision")
	refused(set_value(strong, reviews.DOCTYPE, name, {"state": "Approved"}), "State", "Give Decision")
	answer = strong.call("ops_delivery.api.reviews.put_off", review=name, due_on="2040-01-01 23:59:00")
	assert answer.status == 200, answer.text[:500]


def test_people_of_a_complaint_stay_until_the_handler_takes_them_out(site, strong):
	world = customers.world()
	accused, handler = (factories.make_user(roles=["Field Engineer", "Complaint Handler"]).name for _ in "12")
	complaint = factories.make(
		complaints.DOCTYPE,
		subject="Rude",
		text="Very",
		customer=world.customer,
		people=[{"user": accused}],
		received_on=frappe.utils.now_datetime(),
	)
	frappe.db.commit()
	row = complaint.people[0].name
	refused(
		strong.ask("PUT", f"/api/resource/{complaints.DOCTYPE}/{complaint.name}", {"data": json.dumps({"people": []})}),
		"People",
	)
	refused(set_value(strong, "Service Complaint Person", row, {"user": handler}), "User")
	assert strong.ask("DELETE", f"/api/resource/Service Complaint Person/{row}").status in REFUSED
	put = strong.ask("PUT", f"/api/resource/Service Complaint Person/{row}", {"data": json.dumps({"user": handler})})
	assert put.status in REFUSED
	frappe.db.rollback()
	assert not frappe.has_permission(complaints.DOCTYPE, "read", complaint.name, user=accused)
	complaints.hand_to(complaint.name, handler)
	with pytest.raises(frappe.PermissionError, match="Only"):
		complaints.clear_person(complaint.name, accused, "A slip")
	with user(handler):
		complaints.clear_person(complaint.name, accused, "A slip")
	assert not frappe.get_doc(complaints.DOCTYPE, complaint.name).people


def test_a_handover_begins_as_proposed_and_goes_with_nobody(site, strong):
	values = {"doctype": "Service Handover", "subject": "x", "service_content": "Routine Operation"}
	issue = factories.make_issue(factories.make_customer().name)
	frappe.db.commit()
	refused(
		strong.call(
			"frappe.client.insert",
			doc={**values, "state": "Done", "target_doctype": "Issue", "target_name": issue.name},
		),
		"State",
		"Hand over",
	)
	refused(strong.ask("POST", "/api/resource/Service Handover", {"data": json.dumps({**values, "state": "Started"})}))
	made = strong.call("frappe.client.insert", doc={**values, "source_doctype": "Issue", "source_name": issue.name})
	assert made.status == 200, made.text[:500]
	name = made.json["message"]["name"]
	assert strong.ask("DELETE", f"/api/resource/Service Handover/{name}").status in REFUSED
	plain = strong.call("frappe.client.insert", doc=values).json["message"]["name"]
	assert strong.ask("DELETE", f"/api/resource/Service Handover/{plain}").status == 202


def test_an_action_that_came_of_something_stays(site, strong):
	values = {"doctype": "Improvement Action", "title": "x", "finding": "y"}
	issue = factories.make_issue(factories.make_customer().name)
	frappe.db.commit()
	made = strong.call("frappe.client.insert", doc={**values, "source_doctype": "Issue", "source_name": issue.name})
	assert made.status == 200, made.text[:500]
	name = made.json["message"]["name"]
	assert strong.ask("DELETE", f"/api/resource/Improvement Action/{name}").status in REFUSED
	plain = strong.call("frappe.client.insert", doc=values).json["message"]["name"]
	assert strong.ask("DELETE", f"/api/resource/Improvement Action/{plain}").status == 202


def test_the_mark_of_a_step_comes_with_no_request(site, strong):
	_plan, names = planning.approved()
	frappe.db.commit()
	doc = frappe.get_doc("Delivery Activity", names[0]).as_dict(convert_dates_to_str=True)
	doc |= {"state": "Completed", "flags": {steps.FLAG: True}, steps.FLAG: 1, "_doc_before_save": {"state": "Completed"}}
	ways = [
		strong.call("frappe.client.save", doc=doc),
		strong.call("frappe.desk.form.save.savedocs", doc=doc, action="Save"),
		strong.call("frappe.client.set_value", doctype="Delivery Activity", name=names[0], fieldname=doc),
		strong.call("frappe.client.bulk_update", docs=[{**doc, "docname": names[0]}]),
		strong.call(
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			doctype="Delivery Activity",
			docnames=[names[0]],
			action="update",
			data={"state": "Completed", "flags": {steps.FLAG: 1}},
		),
	]
	frappe.db.rollback()
	assert frappe.db.get_value("Delivery Activity", names[0], "state") == "Not Started", [way.text[:200] for way in ways]
	assert plan_activities.record_progress(names[0], state="In Progress") == "In Progress"


def complaint_about(customer, *users):
	return factories.make(
		complaints.DOCTYPE,
		subject="Rude",
		text="Very",
		customer=customer,
		people=[{"user": user} for user in users],
		received_on=frappe.utils.now_datetime(),
	)


def test_no_row_is_taken_out_of_another_record(site, strong):
	"""Frappe updates a row of a table by its name, whosever it is, and makes it one of what is being saved."""
	world = customers.world()
	accused, other = (factories.make_user(roles=["Field Engineer"]).name for _ in "12")
	first, second = complaint_about(world.customer, accused), complaint_about(world.customer, other)
	signed, draft = (scenario.agreement(factories.make_customer().name, submit=done) for done in (True, False))
	frappe.db.commit()
	for name, table, row in (
		(second.name, "people", first.people[0]),
		(draft.name, "scope", signed.scope[0]),
		(draft.name, "targets", signed.targets[0]),
	):
		target = frappe.get_doc(second.doctype if name == second.name else draft.doctype, name)
		frappe.db.rollback()
		doc = target.as_dict(convert_dates_to_str=True)
		doc[table].append({**row.as_dict(convert_dates_to_str=True), "parent": name, "idx": 9})
		for answer in (
			strong.call("frappe.client.save", doc=doc),
			strong.call("frappe.desk.form.save.savedocs", doc=doc, action="Save"),
			strong.ask("PUT", f"/api/resource/{target.doctype}/{name}", {"data": json.dumps({table: doc[table]})}),
		):
			frappe.db.rollback()
			assert frappe.db.get_value(row.doctype, row.name, "parent") == row.parent, (table, answer.text[:300])
			refused(answer, target.meta.get_label(table))


def test_no_row_comes_twice(site, strong):
	"""Frappe writes one after the other: the second would pass for a new one and overwrite the first."""
	world = customers.world()
	accused, other = (factories.make_user(roles=["Field Engineer"]).name for _ in "12")
	complaint = complaint_about(world.customer, accused)
	frappe.db.commit()
	row = complaint.people[0].name
	rows = json.dumps({"people": [{"name": row, "user": accused}, {"name": row, "user": other}]})
	refused(strong.ask("PUT", f"/api/resource/{complaints.DOCTYPE}/{complaint.name}", {"data": rows}), "People")
	frappe.db.rollback()
	assert [one.user for one in frappe.get_doc(complaints.DOCTYPE, complaint.name).people] == [accused]


def test_no_row_of_a_template_moves_into_an_agreement(site, strong, cleanup):
	template = bare("Service Agreement Template")
	cleanup(forget, [("Service Agreement Template", template)])
	signed = scenario.agreement(factories.make_customer().name)
	frappe.db.commit()
	for df in frappe.get_meta("Service Agreement Template").get_table_fields():
		if df.options not in {field.options for field in signed.meta.get_table_fields()}:
			continue
		row = frappe.db.get_value(df.options, {"parent": template, "parentfield": df.fieldname})
		to = {"parent": signed.name, "parenttype": "Service Agreement", "parentfield": df.fieldname}
		for answer in (
			strong.ask("PUT", f"/api/resource/{df.options}/{row}", {"data": json.dumps(to)}),
			strong.call("frappe.client.save", doc={**frappe.get_doc(df.options, row).as_dict(), **to}),
			set_value(strong, df.options, row, to),
		):
			frappe.db.rollback()
			assert frappe.db.get_value(df.options, row, "parent") == template, (df.fieldname, answer.text[:300])
