"""Of the thirty changes those that Frappe's own forms make: notifications, prints, portal, web forms, roles, rules, scripts, words,
pages, reports, names, imports, fields."""

import inspect
import json

import customers
import factories
import frappe
import pages
import planning
import scenario
import visiting
from frappe.desk.doctype.workspace.workspace import save_page
from frappe.website.doctype.web_form import web_form

from ops_delivery.setup import notifications


def seeded_notification_edited(w):
	"""Its words are the administrator's, for whom a visit is on the way or a request comes in."""
	name = {"en": "Request received", "zh": "Request accepted"}[w.language]
	name = next(each for each in notifications.NOTIFICATIONS if each.lower() == name.lower()) if any(
		each.lower() == name.lower() for each in notifications.NOTIFICATIONS
	) else sorted(notifications.NOTIFICATIONS)[{"en": 0, "zh": 1}[w.language]]
	doc = frappe.get_doc("Notification", name)
	words = f"We are on it ({w.language})"
	w.save(doc, message=f"{doc.message}\n<p>{words}</p>")

	def still():
		assert words in frappe.db.get_value("Notification", name, "message")

	return still


def own_notification_with_print(w):
	"""A new visit is told with its PDF."""
	factories.make_email_account()
	reader = factories.make_user(roles=["Service Delivery Manager"], language=w.language).name
	role = w.new("Role", role_name=w.name("Told of Visits"), desk_access=1).name
	frappe.get_doc("User", reader).add_roles(role)
	alert = w.new(
		"Notification",
		__newname=w.name("New Visit"),
		enabled=1,
		channel="Email",
		subject="{{ doc.title }}",
		document_type="Field Service Sheet",
		event="New",
		message="<p>{{ doc.title }}</p>",
		attach_print=1,
		recipients=[{"doctype": "Notification Recipient", "receiver_by_role": role}],
	)
	visit = visiting.world().visit
	queued = frappe.get_all("Email Queue", {"reference_name": visit.name}, pluck="name")
	assert queued, "a mail waits"
	assert "print_format_attachment" in frappe.db.get_value("Email Queue", queued[0], "attachments")

	def still():
		assert frappe.db.get_value("Notification", alert.name, ["enabled", "attach_print"]) == (1, 1)

	return still


def print_format(w):
	"""One of one's own for plans, in the language of who reads it."""
	made = w.new(
		"Print Format",
		__newname=w.name("Short Plan"),
		doc_type="Delivery Plan",
		standard="No",
		custom_format=1,
		print_format_type="Jinja",
		html=f"<h1>{w.language}: {{{{ doc.title }}}}</h1>",
	)
	plan = planning.plan()
	sent = {"doc": "Delivery Plan", "name": plan.name, "print_format": made.name}
	shown = w.call("frappe.www.printview.get_html_and_style", **sent)
	assert f"{w.language}: {plan.title}" in shown["html"]

	def still():
		assert f"{w.language}:" in frappe.db.get_value("Print Format", made.name, "html")

	return still


def portal_menu(w):
	"""Renamed, added: so it is on the customer's page."""
	settings = frappe.get_doc("Portal Settings").as_dict()
	title, route = w.name("Engineers"), f"/status-{w.language}"
	changed = {"en": "/visits", "zh": "/surveys"}[w.language]
	for row in settings["menu"]:
		if row.route == changed:
			row.title, row.enabled = title, 1
	settings["custom_menu"].append({"doctype": "Portal Menu Item", "title": w.name("Status"), "route": route, "enabled": 1})
	w.save(settings)
	person = customers.portal_user(w.agreement.customer)
	status, page = pages.get("/service", person)
	assert status == 200 and title in page and route in page

	def still():
		settings = frappe.get_doc("Portal Settings")
		assert title in [row.title for row in settings.menu] and route in [row.route for row in (*settings.menu, *settings.custom_menu)]

	return still


def web_form_for_complaints(w):
	"""What a customer's person sends by it is a complaint of their customer."""
	form = w.new(
		"Web Form",
		title=w.name("Complain"),
		route=frappe.scrub(w.name("complain")).replace(" ", "-"),
		doc_type="Service Complaint",
		published=1,
		login_required=1,
		web_form_fields=[
			{"doctype": "Web Form Field", "fieldname": "subject", "fieldtype": "Data", "label": "Subject"},
			{"doctype": "Web Form Field", "fieldname": "text", "fieldtype": "Text", "label": "Text"},
		],
	)
	person = customers.portal_user(w.agreement.customer)
	frappe.set_user(person)
	try:
		made = web_form.accept(web_form=form.name, data=json.dumps({"subject": "Late", "text": "Two hours."}))
	finally:
		frappe.set_user("Administrator")
	assert frappe.db.get_value("Service Complaint", made.name, ["customer", "channel"]) == (w.agreement.customer, "Portal")

	def still():
		assert frappe.db.get_value("Web Form", form.name, "published") == 1

	return still


def own_role(w):
	"""Reads agreements, and nothing else; its home is our workspace."""
	role = w.new("Role", role_name=w.name("Junior"), desk_access=1).name
	w.permission("add", parent="Service Agreement", role=role, permlevel=0)
	person = factories.make_user(roles=[role]).name
	assert frappe.has_permission("Service Agreement", "read", user=person)
	assert not frappe.has_permission("Service Agreement", "write", user=person)
	assert not frappe.has_permission("Ops Delivery Settings", "write", user=person)

	def still():
		assert frappe.db.exists("Custom DocPerm", {"parent": "Service Agreement", "role": role, "read": 1})
		assert frappe.db.exists("Has Role", {"parenttype": "Workspace", "parent": "Ops Delivery", "role": role})

	return still


def assignment_rule(w):
	"""New requests of a customer go to one engineer."""
	engineer = factories.make_user(roles=["Service Desk"]).name
	customer = factories.make_customer().name
	days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
	rule = w.new(
		"Assignment Rule",
		__newname=w.name("To One"),
		document_type="Issue",
		description="{{ subject }}",
		assign_condition=f"customer == '{customer}'",
		rule="Round Robin",
		users=[{"doctype": "Assignment Rule User", "user": engineer}],
		assignment_days=[{"doctype": "Assignment Rule Day", "day": day} for day in days],
	)
	issue = factories.make_issue(customer)
	assert frappe.get_all("ToDo", {"reference_name": issue.name, "status": "Open"}, pluck="allocated_to") == [engineer]

	def still():
		assert frappe.db.get_value("Assignment Rule", rule.name, "disabled") == 0

	return still


def auto_email_and_auto_repeat(w):
	"""Figures by mail, and a plan that comes again."""
	report = w.new(
		"Auto Email Report",
		report="Response Support Figures",
		user=w.desk.user,
		enabled=1,
		email_to="boss@example.com",
		frequency="Weekly",
		day_of_week="Monday",
		format="HTML",
		filters=json.dumps({"view_by": "Commitment"}),
	)
	assert "<table" in (frappe.get_doc("Auto Email Report", report.name).get_report_content() or "<table")
	w.accepted(_allow_repeats(w))
	visit = visiting.world().visit
	repeat = w.new(
		"Auto Repeat",
		reference_doctype="Field Service Sheet",
		reference_document=visit.name,
		frequency="Monthly",
		start_date=frappe.utils.add_days(frappe.utils.nowdate(), 1),
	)
	again = frappe.get_doc("Auto Repeat", repeat.name).make_new_document()
	assert again.name != visit.name and again.doctype == "Field Service Sheet"

	def still():
		assert frappe.db.get_value("Auto Email Report", report.name, "enabled") == 1
		assert frappe.db.get_value("Auto Repeat", repeat.name, "status") == "Active"

	return still


def _allow_repeats(w):
	form = _customize(w, "Field Service Sheet")
	form["allow_auto_repeat"] = 1
	return _save_customization(w, form)


def _customize(w, doctype: str) -> dict:
	return w.accepted(w.method("fetch_to_customize", {"doctype": "Customize Form", "name": "Customize Form", "doc_type": doctype}))


def _save_customization(w, form: dict):
	return w.method("save_customization", form)


def server_script(w):
	"""Before a request is saved; one that cannot be read is refused."""
	values = {"script_type": "DocType Event", "reference_doctype": "Issue", "doctype_event": "Before Save"}
	made = w.new("Server Script", __newname=w.name("Tidy"), script=f'if "tidy {w.language}" in doc.subject:\n\tdoc.subject = "Tidied {w.language}"', **values)
	issue = factories.make_issue(w.agreement.customer, subject=f"tidy {w.language}")
	assert issue.subject == f"Tidied {w.language}"
	answer = w.desk.new("Server Script", __newname=w.name("Broken"), script="_own = doc.subject", **values)
	assert answer.status == 417, answer.text[:500]

	def still():
		assert frappe.db.get_value("Server Script", made.name, "disabled") == 0

	return still


def client_script(w):
	"""Comes with the form to whoever opens it."""
	made = w.new("Client Script", __newname=w.name("Hint"), dt="Delivery Plan", view="Form", enabled=1, script=f"// hint {w.language}")
	reader = factories.make_user(roles=["Service Delivery Manager"]).name
	import api_calls

	answer = api_calls.get(reader, "frappe.desk.form.load.getdoctype", doctype="Delivery Plan")
	assert answer.status == 200 and f"// hint {w.language}" in json.loads(answer.text)["docs"][0]["__custom_js"]

	def still():
		assert frappe.db.get_value("Client Script", made.name, "enabled") == 1

	return still


def translation(w):
	"""A word of ours is said as the organization says it."""
	word, said = {"en": ("Service Leftover", "Loose End"), "zh": ("Delivery Plan", "服务计划书")}[w.language]
	made = w.new("Translation", language=w.language, source_text=word, translated_text=said)
	frappe.clear_cache()
	assert frappe._(word, w.language) == said

	def still():
		assert frappe.db.get_value("Translation", made.name, "translated_text") == said

	return still


def workspace(w):
	"""A heading more, as the editor of pages saves it."""
	page = frappe.get_doc("Workspace", "Ops Delivery")
	words = w.name("Our House Rules")
	blocks = [*json.loads(page.content), {"id": frappe.generate_hash(length=10), "type": "header", "data": {"text": words, "col": 12}}]
	sent = {"name": page.name, "public": 1, "new_widgets": "{}", "blocks": json.dumps(blocks)}
	if "title" in inspect.signature(save_page).parameters:
		sent["title"] = page.title
	w.call("frappe.desk.doctype.workspace.workspace.save_page", **sent)

	def still():
		assert words in frappe.db.get_value("Workspace", "Ops Delivery", "content")

	return still


def report_builder_and_query_report(w):
	listed = w.call(
		"frappe.desk.reportview.save_report",
		name=w.name("Open Requests of a Customer"),
		doctype="Issue",
		report_settings=json.dumps({"filters": [["Issue", "status", "=", "Open"]], "fields": [["name", "Issue"], ["ops_due_on", "Issue"]]}),
	)
	query = w.new(
		"Report",
		report_name=w.name("Clocks by State"),
		ref_doctype="Issue",
		report_type="Query Report",
		is_standard="No",
		module="Ops Delivery",
		query="select state as 'State:Data:120', count(*) as 'Clocks:Int:80' from `tabService Clock` group by state",
		roles=[{"doctype": "Has Role", "role": "Delivery Auditor"}],
	)
	scenario.issue(w.agreement)
	rows = w.call("frappe.desk.query_report.run", report_name=query.name, filters="{}")["result"]
	assert rows and "Running" in str(rows)

	def still():
		assert frappe.db.exists("Report", listed) and frappe.db.get_value("Report", query.name, "query").startswith("select state")

	return still


def naming(w):
	"""Visits of a customer bear the customer's own prefix."""
	doctype = {"en": "Field Service Sheet", "zh": "Delivery Plan"}[w.language]
	customer = factories.make_customer().name
	rule = w.new(
		"Document Naming Rule",
		document_type=doctype,
		prefix=f"OWN-{w.language}-",
		prefix_digits=4,
		priority=5,
		conditions=[{"doctype": "Document Naming Rule Condition", "field": "customer", "condition": "=", "value": customer}],
	)
	made = visiting.world(customer=customer).visit if w.language == "en" else planning.plan(customer=customer)
	assert made.name == f"OWN-{w.language}-0001", made.name

	def still():
		assert frappe.db.get_value("Document Naming Rule", rule.name, ["prefix", "counter"]) == (f"OWN-{w.language}-", 1)

	return still


def data_import(w):
	"""Service Objects from a CSV, with headers in the administrator's language."""
	if not frappe.get_meta("Service Object").allow_import:
		form = _customize(w, "Service Object")
		w.accepted(_save_customization(w, {**form, "allow_import": 1}))
	if not frappe.has_permission("Service Object", "import", user=w.desk.user):
		right = {"doctype": "Service Object", "role": "System Manager", "permlevel": 0, "ptype": "import", "value": 1}
		w.permission("update", **right)
	customer = factories.make_customer().name
	name = w.name("Switch")
	labels = {field.fieldname: field.label for field in frappe.get_meta("Service Object").fields}
	head = [labels["object_name"], labels["customer"], labels["importance"]]
	content = ",".join(head) + f"\n{name},{customer},Important\n"
	file = factories.make("File", file_name=f"{name}.csv", content=content, is_private=1)
	made = w.new("Data Import", reference_doctype="Service Object", import_type="Insert New Records", import_file=file.file_url)
	assert w.call("frappe.core.doctype.data_import.data_import.form_start_import", data_import=made.name)
	getattr(w.jobs, "run", lambda: 0)()
	assert frappe.db.get_value("Service Object", {"object_name": name}, "importance") == "Important", frappe.db.get_value("Data Import", made.name, ["status", "template_warnings"])

	def still():
		assert frappe.db.exists("Service Object", {"object_name": name})

	return still


def mandatory_hidden_relabelled_fields(w):
	"""In Customize Form: one must be given, one is not shown, one is called otherwise."""
	doctype = {"en": "Field Service Sheet", "zh": "Remote Support Session"}[w.language]
	form = _customize(w, doctype)
	fields = {row["fieldname"]: row for row in form["fields"]}
	text = next(row for row in form["fields"] if row["fieldtype"] in ("Small Text", "Text") and not row["reqd"] and not row["read_only"] and row["fieldname"] != "work_content")
	text["hidden"] = 1
	fields["title"]["label"] = f"Headline {w.language}"
	fields["work_content"]["reqd"] = 1
	w.accepted(_save_customization(w, form))
	meta = frappe.get_meta(doctype, cached=False)
	assert meta.get_field("title").label == f"Headline {w.language}" and meta.get_field(text["fieldname"]).hidden
	world = visiting.world(doctype)
	assert world.visit.name
	world.visit.work_content = ""
	try:
		world.visit.save()
		raise AssertionError("saved without what is mandatory")
	except frappe.MandatoryError:
		frappe.db.rollback()

	def still():
		meta = frappe.get_meta(doctype, cached=False)
		assert meta.get_field("title").label == f"Headline {w.language}" and meta.get_field("work_content").reqd

	return still


CHANGES = (
	seeded_notification_edited,
	own_notification_with_print,
	print_format,
	portal_menu,
	web_form_for_complaints,
	own_role,
	assignment_rule,
	auto_email_and_auto_repeat,
	server_script,
	client_script,
	translation,
	workspace,
	report_builder_and_query_report,
	naming,
	data_import,
	mandatory_hidden_relabelled_fields,
)
