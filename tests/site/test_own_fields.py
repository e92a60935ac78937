"""Fields that an administrator makes mandatory stop no customer, no mail and no engine; customers are asked for those that they
shall fill in (issue 17, 4)."""

import json
from unittest.mock import patch

import api_calls
import customers
import desk_door
import factories
import frappe
import pytest
import receiving
import scenario
from frappe.client import set_value
from frappe.utils import nowdate
from pages import get

from ops_delivery.permissions import evidence_rules, steps
from ops_delivery.services.escalation import sweep
from ops_delivery.services.requests import asked_fields as asked_of_customers

PATH = "/service-requests/new"
FIELDS = (
	{"fieldname": "custom_rack", "label": "Rack", "fieldtype": "Data"},
	{"fieldname": "custom_floor", "label": "Floor", "fieldtype": "Select", "options": "\nGround\nFirst"},
	{"fieldname": "custom_seen_on", "label": "Seen on", "fieldtype": "Date"},
	{"fieldname": "custom_users", "label": "Users hit", "fieldtype": "Int"},
	{"fieldname": "custom_load", "label": "Load", "fieldtype": "Float"},
	{"fieldname": "custom_told", "label": "All were told", "fieldtype": "Check"},
	{"fieldname": "custom_tried", "label": "What was tried", "fieldtype": "Small Text"},
	{"fieldname": "custom_building", "label": "Building", "fieldtype": "Link", "options": "Own Building"},
	{"fieldname": "custom_client", "label": "Client", "fieldtype": "Link", "options": "Customer"},
	{"fieldname": "custom_hidden", "label": "Hidden", "fieldtype": "Data", "hidden": 1},
	{"fieldname": "custom_noted_on", "label": "Noted on", "fieldtype": "Date", "default": "Today"},
	{"fieldname": "custom_noted_at", "label": "Noted at", "fieldtype": "Datetime", "default": "Now"},
	{"fieldname": "custom_ticket", "label": "Own ticket", "fieldtype": "Data", "unique": 1},
	{"fieldname": "custom_page", "label": "Page", "fieldtype": "Data", "options": "URL"},
)
ASKED = [field["fieldname"] for field in FIELDS[:8]]
ANSWERS = {
	"custom_rack": "R-12 <b>",
	"custom_floor": "First",
	"custom_seen_on": "2026-03-01",
	"custom_users": "12",
	"custom_load": "1,5",
	"custom_told": "1",
	"custom_tried": "Switched off\nand on",
}


@pytest.fixture(scope="module", autouse=True)
def own_fields(shared_records):
	with shared_records():
		factories.make(
			"DocType",
			name="Own Building",
			module="Custom",
			custom=1,
			autoname="prompt",
			fields=[
				{"fieldname": "customer", "label": "Customer", "fieldtype": "Link", "options": "Customer"}
			],
			permissions=[{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
		)
		for values in FIELDS:
			factories.make("Custom Field", dt="Issue", insert_after="subject", **values)


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager")


@pytest.fixture
def w():
	world = customers.world()
	world.building = factories.make(
		"Own Building", name=factories.unique("Tower"), customer=world.customer
	).name
	world.other = factories.make(
		"Own Building", name=factories.unique("Secret"), customer=factories.make_customer().name
	).name
	frappe.db.commit()
	return world


def ask(desk, *rows):
	"""The list *Shown to Customers*, saved as the administrator does."""
	answer = desk.save(
		frappe.get_doc("Ops Delivery Settings"),
		customer_fields=[{"doctype": "Field for Customers", **row} for row in rows],
	)
	return answer


def ask_all(desk, **required):
	answer = ask(desk, *[{"issue_field": name, "required": required.get(name, 0)} for name in ASKED])
	assert answer.status == 200, desk_door.said(answer)
	frappe.db.commit()


def send(user, answers=(), **form):
	own = {asked_of_customers.NAME + name: value for name, value in dict(answers).items()}
	status, target = get(
		PATH,
		user,
		"POST",
		{"subject": factories.unique("No network"), "description": "Since noon", **own, **form},
	)
	name = target.split("/")[-1].split("?")[0] if status == 303 else ""
	return status, target, name and frappe.get_doc("Issue", name)


def make_mandatory(desk, fieldname="custom_rack", doctype="Issue"):
	"""By Customize Form, as an administrator does; what it says."""
	form = frappe.get_doc("Customize Form")
	opened = run_method(desk, "fetch_to_customize", {**form.as_dict(), "doc_type": doctype})
	assert opened.status == 200, opened.text
	docs = frappe.parse_json(opened.text)["docs"][0]
	for row in docs["fields"]:
		if row["fieldname"] == fieldname:
			row["reqd"] = 1
	with patch.object(frappe.db, "updatedb"):  # a tick needs no other column, and the database would commit
		answer = run_method(desk, "save_customization", docs)
	frappe.clear_cache(doctype=doctype)
	return answer


def run_method(desk, method, doc):
	form = {"method": method, "docs": frappe.as_json(doc)}
	answer = api_calls.call(desk.user, "POST", "run_doc_method", data=form)
	frappe.local.message_log = []
	return answer


# What customers are asked for


@pytest.mark.clause("5.3.c")
def test_what_the_administrator_lists_is_asked_in_the_readers_language_and_stored(desk, w):
	rows = [{"issue_field": name} for name in ASKED]
	rows[0].update(label="Which rack?", label_zh="哪个机柜？", required=1)
	assert ask(desk, *rows).status == 200
	frappe.db.commit()
	english = get(PATH, w.asker)[1]
	assert "Which rack?" in english and "Users hit (optional)" in english and w.building in english
	assert w.other not in english and "哪个机柜" not in english
	frappe.db.set_value("User", w.asker, "language", "zh")
	frappe.local.lang = "zh"
	assert "哪个机柜？" in get(PATH, w.asker)[1]
	frappe.local.lang = "en"
	status, target, issue = send(w.asker, {**ANSWERS, "custom_building": w.building})
	assert status == 303, target
	assert (issue.custom_floor, str(issue.custom_seen_on), issue.custom_users, issue.custom_load) == (
		"First",
		"2026-03-01",
		12,
		1.5,
	)
	assert (issue.custom_told, issue.custom_tried, issue.custom_building) == (
		1,
		"Switched off\nand on",
		w.building,
	)
	page = get(f"/service-requests/{issue.name}", w.asker)[1]
	assert (
		"Which rack?" in page
		and "Switched off" in page
		and w.building in page
		and "<b>" not in page.split("Which rack?")[1][:60]
	)


@pytest.mark.parametrize(
	"name, value, says",
	[
		("custom_rack", "", "Rack is needed: fill it in"),
		("custom_floor", "", "Floor is needed: choose one"),
		("custom_floor", "Cellar", "Floor: Cellar is none of the choices"),
		("custom_told", "", "All were told is needed: tick it"),
		("custom_users", "a few", "Users hit: a few is not a whole number"),
		("custom_users", "1.5", "Users hit: 1.5 is not a whole number"),
		("custom_load", "high", "Load: high is not a number"),
		("custom_load", "1e300", "Load: 1e300 is too large a number"),
		("custom_load", "9999999999999", "Load: 9999999999999 is too large a number"),
		("custom_users", "3000000000", "Users hit: 3000000000 is too large a number"),
		("custom_seen_on", "yesterday", "Seen on: yesterday is no day. Write it as"),
		("custom_rack", "x" * 141, "Rack: at most 140 characters"),
		("custom_building", "other", "is none of the choices"),
	],
)
def test_what_cannot_be_is_refused_by_name_and_what_was_typed_is_kept(desk, w, name, value, says):
	ask_all(desk, custom_rack=1, custom_floor=1, custom_told=1)
	value = w.other if value == "other" else value
	before = frappe.db.count("Issue")
	status, html, _issue = send(w.asker, {**ANSWERS, name: value})
	assert status == 417 and says in html, html[html.find("ops-portal") :][:1500]
	assert frappe.db.count("Issue") == before
	for kept in {"R-12 &lt;b&gt;", "1,5", "2026-03-01", "Since noon"} - (
		{"R-12 &lt;b&gt;"} if name == "custom_rack" else set()
	):
		assert kept in html or (kept in ("1,5", "2026-03-01") and name in ("custom_load", "custom_seen_on"))
	assert "and on</textarea>" in html


@pytest.mark.parametrize("listed", [True, False])
def test_the_defaults_today_and_now_stop_no_request(desk, w, listed):
	names = ("custom_noted_on", "custom_noted_at") if listed else ()
	assert ask(desk, *[{"issue_field": name} for name in names]).status == 200
	frappe.db.commit()
	html = get(PATH, w.asker)[1]
	assert (f'value="{nowdate()}"' in html) == (f'value="{nowdate()}T' in html) == listed
	status, _target, issue = send(w.asker)
	assert status == 303
	assert str(issue.custom_noted_on) == nowdate() and str(issue.custom_noted_at).startswith(nowdate())


def test_what_stands_on_one_request_alone_is_refused_by_its_name_and_not_copied(desk, w):
	assert ask(desk, {"issue_field": "custom_ticket"}).status == 200
	frappe.db.commit()
	first = send(w.asker, {"custom_ticket": "T-1"})[2]
	status, html, _issue = send(w.asker, {"custom_ticket": "T-1"})
	assert (
		status == 417
		and "Own ticket: T-1 stands on another request already" in html
		and "IntegrityError" not in html
	)
	assert asked_of_customers.kept_of(first) == {}  # for a request that it happened again


def test_a_web_address_leads_to_the_web(desk, w):
	assert ask(desk, {"issue_field": "custom_page"}).status == 200
	frappe.db.commit()
	status, html, _issue = send(w.asker, {"custom_page": "javascript:alert(1)"})
	assert status == 417 and "Page: javascript:alert(1) is no web address" in html
	assert send(w.asker, {"custom_page": "https://hospital.example/a"})[0] == 303


@pytest.mark.parametrize(
	"typed", ['["<img src=x onerror=alert(1)>"]', "<script>alert(1)</script>", "a < b & c > d"]
)
def test_what_is_typed_is_no_markup_for_anybody(desk, w, typed):
	ask_all(desk)
	issue = send(w.asker, {"custom_rack": typed, "custom_tried": typed})[2]
	for stored in (issue.custom_rack, issue.custom_tried):
		assert "<img" not in stored and "<script" not in stored, stored
	page = get(f"/service-requests/{issue.name}", w.asker)[1]
	assert "<img src=x" not in page and "<script>alert" not in page


def test_only_what_is_listed_can_be_set_by_the_form(desk, w):
	assert ask(desk, {"issue_field": "custom_rack"}).status == 200
	frappe.db.commit()
	issue = send(
		w.asker,
		{"custom_rack": "R-1", "custom_floor": "First", "custom_client": w.customer, "priority": "Urgent"},
	)[2]
	assert (issue.custom_rack, issue.custom_floor, issue.custom_client, issue.priority) == (
		"R-1",
		None,
		None,
		None,
	)


def test_an_endpoint_takes_answers_and_refuses_the_same(desk, w):
	ask_all(desk, custom_rack=1)
	method = "ops_delivery.api.portal.raise_request"
	refused = api_calls.post(w.asker, method, subject="No network", description="-")
	assert refused.status == 417 and "Rack" in refused.text
	taken = api_calls.post(
		w.asker, method, subject="No network", description="-", answers=json.dumps({"custom_rack": "R-9"})
	)
	assert taken.status == 200, taken.text
	assert frappe.db.get_value("Issue", frappe.parse_json(taken.text)["message"], "custom_rack") == "R-9"


def test_the_same_form_with_other_answers_is_another_request(desk, w):
	ask_all(desk)
	subject = factories.unique("Same")
	first = send(w.asker, {"custom_rack": "R-1"}, subject=subject, once="abc")[2]
	assert send(w.asker, {"custom_rack": "R-1"}, subject=subject, once="abc")[2].name == first.name
	assert send(w.asker, {"custom_rack": "R-2"}, subject=subject, once="abc")[2].name != first.name


@pytest.mark.parametrize(
	"rows, says",
	[
		([{"issue_field": "custom_rack"}, {"issue_field": "custom_rack"}], "custom_rack stands there twice"),
		([{"issue_field": "custom_nothing"}], "custom_nothing is no field that customers can be asked for"),
		([{"issue_field": "status"}], "status is no field"),
		([{"issue_field": "ops_priority_reason"}], "is no field"),
		([{"issue_field": "custom_client"}], "custom_client is no field"),
		([{"issue_field": "custom_hidden"}], "custom_hidden is no field"),
	],
)
def test_what_customers_must_not_be_asked_is_refused_in_the_settings(desk, rows, says):
	answer = ask(desk, *rows)
	assert answer.status == 417 and says in frappe.utils.strip_html(desk_door.said(answer))


def test_a_field_that_went_is_asked_no_more(desk, w):
	ask_all(desk)
	frappe.db.set_value("Custom Field", "Issue-custom_rack", "hidden", 1)
	frappe.clear_cache(doctype="Issue")
	html = get(PATH, w.asker)[1]
	assert 'name="own_custom_rack"' not in html and 'name="own_custom_floor"' in html


# Mandatory fields stop nothing


def test_a_mandatory_field_on_issue_says_what_follows_and_where_to_ask_for_it(desk, w):
	answer = make_mandatory(desk)
	said = frappe.utils.strip_html(desk_door.said(answer))
	assert answer.status == 200, said
	assert "Rack is mandatory on the form of Issue now" in said and "Shown to Customers" in said
	ask_all(desk)
	frappe.db.set_value("Custom Field", "Issue-custom_rack", "reqd", 0)
	frappe.clear_cache(doctype="Issue")
	assert "asks customers for it" in desk_door.said(make_mandatory(desk))
	# a field of ERPNext's own, by a Property Setter
	answer = desk.new(
		"Property Setter",
		doctype_or_field="DocField",
		doc_type="Issue",
		field_name="project",
		property="reqd",
		property_type="Check",
		value="1",
	)
	assert (
		answer.status == 200
		and "Project is mandatory on the form of Issue now" in frappe.utils.strip_html(desk_door.said(answer))
	)


def test_a_request_comes_in_without_it_and_staff_fill_it_in(desk, w):
	assert make_mandatory(desk).status == 200
	status, target, issue = send(w.asker)
	assert status == 303, target
	staff = desk_door.Desk("Service Desk")
	refused = staff.save(
		issue, ops_validity="Valid", issue_type="Fault", ops_urgency="Urgent", ops_importance="Important"
	)
	assert refused.status == 417 and "Rack" in desk_door.said(refused)
	rest = api_calls.call(
		staff.user,
		"POST",
		"frappe.client.set_value",
		data={"doctype": "Issue", "name": issue.name, "fieldname": "subject", "value": "Other"},
	)
	assert rest.status == 417 and "Rack" in rest.text
	taken = staff.save(
		issue,
		custom_rack="R-1",
		ops_validity="Valid",
		issue_type="Fault",
		ops_urgency="Urgent",
		ops_importance="Important",
	)
	assert taken.status == 200, desk_door.said(taken)


def test_a_customer_answers_for_a_result_that_lacks_it(desk, w):
	scenario.judge_valid(w.issue, scenario.MONDAY)
	issue = customers.resolve(w.issue)
	assert make_mandatory(desk).status == 200
	frappe.db.commit()
	status, target = get(f"/service-requests/{issue.name}", w.asker, "POST", {"decision": "Accepted"})
	assert status == 303, target
	assert frappe.db.get_value("Issue", issue.name, "status") == "Closed"


@pytest.mark.clause("5.3.c")
def test_a_received_mail_is_a_request_all_the_same(desk, post):
	assert make_mandatory(desk).status == 200
	assert make_mandatory(desk, "project").status == 200
	frappe.db.commit()
	box = post.service()
	post.put(box, receiving.message(None, "chen@hospital.example", "The printer is jammed"))
	(message,) = post.receive(box)
	issue = frappe.get_doc("Issue", frappe.db.get_value("Communication", message, "reference_name"))
	name = issue.name
	assert issue.ops_channel == "E-mail" and not issue.custom_rack
	assert not frappe.db.exists(
		"Mail That Needs a Person", {"state": "Open", "sender": "chen@hospital.example"}
	)
	# and one that ends a pause saves the request anew
	frappe.db.set_value("Issue", name, {"status": "On Hold", "ops_pause_reason": "We wait"})
	frappe.db.commit()
	post.put(box, receiving.message(issue, "chen@hospital.example", "Here is what you asked for"))
	post.receive(box)
	assert frappe.db.get_value("Issue", name, "status") == "Open"
	assert frappe.db.exists(
		"Communication", {"reference_name": name, "content": ["like", "%what you asked for%"]}
	)


def test_a_complaint_comes_in_without_it(desk, w):
	answer = desk.new(
		"Property Setter",
		doctype_or_field="DocField",
		doc_type="Service Complaint",
		field_name="raised_by_phone",
		property="reqd",
		property_type="Check",
		value="1",
	)
	assert answer.status == 200 and "mandatory on the form of Service Complaint" in frappe.utils.strip_html(
		desk_door.said(answer)
	)
	frappe.db.commit()
	status, target = get(
		"/complaints/new",
		w.asker,
		"POST",
		{"subject": "Nobody came", "text": "Since noon", "about": "Issue", "name": w.issue.name},
	)
	assert status == 303, target


def test_what_hangs_on_a_request_comes_without_it_too(desk, w, post):
	for doctype, field in (("Communication", "cc"), ("ToDo", "color")):
		setter = {"doctype_or_field": "DocField", "property": "reqd", "property_type": "Check", "value": "1"}
		answer = desk.new("Property Setter", doc_type=doctype, field_name=field, **setter)
		assert answer.status == 200 and "about records of this product" in frappe.utils.strip_html(desk_door.said(answer))
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	frappe.db.commit()
	form = {"what": "information", "text": "It smokes"}
	status, target = get(f"/service-requests/{issue.name}", w.asker, "POST", form)
	assert status == 303, target
	box = post.service()
	post.put(box, receiving.message(issue, w.asker, "It burns"))
	post.receive(box)
	for words in ("It smokes", "It burns"):
		assert frappe.db.exists("Communication", {"reference_name": issue.name, "content": ["like", f"%{words}%"]})
	staff = desk_door.Desk("Service Desk")
	assign = {"doctype": "Issue", "name": issue.name, "assign_to": json.dumps([staff.user])}
	answer = staff.call("frappe.desk.form.assign_to.add", **assign)
	assert answer.status == 200, answer.text
	# the host's own keep it
	assign = {"doctype": "User", "name": staff.user, "assign_to": json.dumps([staff.user])}
	answer = desk.call("frappe.desk.form.assign_to.add", **assign)
	assert answer.status == 417 and "Color" in desk_door.said(answer), answer.text


@pytest.mark.parametrize("values", [{"fieldtype": "Int"}, {"fieldtype": "Data", "default": "None yet"}])
def test_a_unique_field_that_is_never_blank_is_refused(desk, values):
	field = {"label": "Ledger", "fieldname": "custom_ledger", "insert_after": "subject", "unique": 1, **values}
	for doctype in ("Issue", "Service Complaint"):
		answer = desk.new("Custom Field", dt=doctype, **field)
		said = frappe.utils.strip_html(desk_door.said(answer))
		assert answer.status == 417 and "the second one with it could not be saved" in said, said


def test_a_web_form_or_rest_keeps_what_is_asked_and_nothing_else(desk, w, as_user):
	ask_all(desk, custom_rack=1)
	assert make_mandatory(desk, "custom_floor").status == 200
	values = {"doctype": "Issue", "subject": "No network", "custom_rack": "R-7", "custom_client": w.customer}
	with as_user(w.asker):
		doc = frappe.get_doc(values).insert(ignore_permissions=True)
		with pytest.raises(asked_of_customers.NotAnswered, match="none of the choices"):
			frappe.get_doc({**values, "custom_building": w.other}).insert(ignore_permissions=True)
	assert (doc.custom_rack, doc.custom_client, doc.custom_floor) == ("R-7", None, None)


# Rows that nobody fills in


KINDS = ("Data", "Select", "Link", "Dynamic Link", "Small Text", "Datetime", "Int")


def engine_types():
	return [
		doctype
		for doctype in frappe.get_all(
			"DocType", {"module": "Ops Delivery", "issingle": 0}, pluck="name", order_by="name"
		)
		if evidence_rules.is_engine(doctype)
	]


def test_engine_rows_get_no_mandatory_fields_by_any_door(desk):
	found = engine_types()
	assert {
		"Escalation Log",
		"Escalation Log Recipient",
		"Service Clock",
		"Service Clock Event",
		"Service Notice",
		"Rule Version",
	} <= set(found)
	assert "Service Agreement Target" not in found and "Field Service Work Item" not in found
	for doctype in found:
		for tick in ("reqd", "unique"):
			answer = desk.new(
				"Custom Field",
				dt=doctype,
				label="Cost centre",
				fieldname="custom_cost",
				fieldtype="Data",
				**{tick: 1},
			)
			said = frappe.utils.strip_html(desk_door.said(answer))
			assert answer.status == 417 and "Cost centre on" in said and "such as Issue" in said, (
				doctype,
				said,
			)
		df = next(
			(df for df in frappe.get_meta(doctype).fields if df.fieldtype in KINDS and not df.reqd), None
		)
		if not df:
			continue
		setter = {
			"doctype_or_field": "DocField",
			"doc_type": doctype,
			"field_name": df.fieldname,
			"property_type": "Check",
		}
		answer = desk.new("Property Setter", property="reqd", value="1", **setter)
		assert answer.status == 417 and "such as Issue" in desk_door.said(answer), doctype
	assert not frappe.db.exists("Custom Field", {"fieldname": "custom_cost"})


def test_not_through_customize_form_either(desk):
	answer = make_mandatory(desk, "acknowledgement_note", "Escalation Log")
	assert answer.status == 417 and "such as Issue" in desk_door.said(answer)
	assert not frappe.db.exists("Property Setter", {"doc_type": "Escalation Log", "property": "reqd"})


@pytest.mark.committed
def test_an_own_field_of_an_engine_row_is_not_made_mandatory_by_customize_form(desk, cleanup):
	made = desk.new(
		"Custom Field", dt="Escalation Log", label="Cost centre", fieldname="custom_cost", fieldtype="Data"
	)
	assert made.status == 200, desk_door.said(made)
	cleanup(frappe.clear_cache, doctype="Escalation Log")
	answer = make_mandatory(desk, "custom_cost", "Escalation Log")
	assert answer.status == 417 and "Cost centre on Escalation Log" in frappe.utils.strip_html(
		desk_door.said(answer)
	)
	assert frappe.db.get_value("Custom Field", "Escalation Log-custom_cost", "reqd") == 0


def test_one_that_was_made_before_stops_no_trigger(desk):
	"""As a site has it that was customized under an earlier version."""
	agreement = scenario.agreement()
	issue = scenario.issue(agreement)
	setter = frappe.get_doc(
		doctype="Property Setter",
		doctype_or_field="DocField",
		doc_type="Escalation Log",
		field_name="acknowledgement_note",
		property="reqd",
		property_type="Check",
		value="1",
	)
	setter.set_new_name()
	setter.db_insert()
	frappe.clear_cache(doctype="Escalation Log")
	assert frappe.get_meta("Escalation Log").get_field("acknowledgement_note").reqd
	with scenario.at(scenario.MONDAY + scenario.hours(30)):
		sweep.run()
	assert frappe.db.exists("Escalation Log", {"reference_name": issue.name})


def test_the_hosts_own_demands_stay(desk):
	answer = desk_door.Desk("Service Desk").new("Issue", subject="")
	assert answer.status == 417 and "Subject" in desk_door.said(answer)
	with pytest.raises(frappe.MandatoryError):
		frappe.get_doc({"doctype": "Issue", "subject": ""}).insert()
