"""People complained about learn neither of the complaint nor of who made it: way by way (5.4.d)."""

import complaining
import customers
import factories
import frappe
import isolation
import pytest
from complaining import fresh
from reviewing import user

from ops_delivery.permissions import confidential, confidential_records
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.escalation import recipients
from ops_delivery.services.outbox import outbox as notices

pytestmark = pytest.mark.clause("5.4.d")
SECRET = "Zebracomplaint"


@pytest.fixture(scope="module")
def shared(shared_records):
	with shared_records():
		w = complaining.world(subject=f"{SECRET} came", text=f"{SECRET} was rude")
		complaining.investigated(w)
		complaining.hang_on(w, SECRET)
		for doctype in ("Communication", "File", "ToDo"):
			frappe.utils.global_search.rebuild_for_doctype(doctype)
		return w


@pytest.fixture
def w(shared, site):
	w = frappe._dict(shared)
	fresh(w)
	isolation.testing(False)  # Frappe lets everybody pass here and there in tests
	yield w
	isolation.testing(True)


ACCUSED = ("engineer", "everything")
OTHERS = ("superior", "desk", "auditor", "other")


def seen(who, w, look) -> bool:
	with user(w[who]):
		try:
			return SECRET in frappe.as_json(look(w)) or w.complaint.name in frappe.as_json(look(w))
		except frappe.PermissionError:
			return False


def _form(w):
	from frappe.desk.form.load import getdoc

	frappe.response.docs, frappe.response.docinfo = [], None
	getdoc(complaints.DOCTYPE, w.complaint.name)
	return [frappe.response.docs[0].as_dict(), frappe.response.docinfo]


def _report_view(w):
	from frappe.desk.reportview import get

	frappe.local.form_dict = frappe._dict(
		doctype=complaints.DOCTYPE,
		fields='["`tabService Complaint`.`name`", "`tabService Complaint`.`subject`"]',
	)
	return get()


def _export(w):
	from frappe.desk.reportview import export_query

	frappe.local.form_dict = frappe._dict(
		doctype=complaints.DOCTYPE,
		fields='["`tabService Complaint`.`name`", "`tabService Complaint`.`subject`"]',
		file_format_type="CSV",
		title="x",
	)
	frappe.local.response = frappe._dict(docs=[])
	export_query()
	return str(frappe.response.get("filecontent") or frappe.response.get("result"))


def _link_search(w):
	from frappe.desk.search import search_link

	return search_link(complaints.DOCTYPE, w.complaint.name)


def _client_get(w):
	return frappe.call("frappe.client.get", complaints.DOCTYPE, w.complaint.name)


def _client_value(w):
	return frappe.call("frappe.client.get_value", complaints.DOCTYPE, "subject", {"name": w.complaint.name})


def _print(w):
	from frappe.www.printview import get_html_and_style

	return get_html_and_style(complaints.DOCTYPE, w.complaint.name)


def _timeline(w):
	from frappe.desk.form.load import get_communications

	return get_communications(complaints.DOCTYPE, w.complaint.name)


def _search(w):
	from ops_delivery.api.confidential import search

	assert frappe.get_hooks("override_whitelisted_methods")["frappe.utils.global_search.search"] == [
		"ops_delivery.api.confidential.search"
	]
	return search(SECRET)


def _rows_of(doctype, **filters):
	return lambda w: frappe.get_list(
		doctype, filters=filters, fields=["*"], limit=500, order_by="creation desc"
	)


def _people(w):
	return frappe.get_list(
		"Service Complaint Person",
		filters={"parent": w.complaint.name},
		fields=["parent"],
		parent_doctype=complaints.DOCTYPE,
	)


def _linked_with(w):
	from frappe.desk.form import linked_with

	link = {"fieldname": ["reference_name"], "doctype_fieldname": "reference_doctype"}
	return linked_with.get_linked_docs("Issue", w.issue.name, {complaints.DOCTYPE: link})


def _count(w):
	from frappe.desk.reportview import get_count

	frappe.local.form_dict = frappe._dict(
		doctype=complaints.DOCTYPE,
		filters=frappe.as_json({"name": w.complaint.name}),
		distinct="false",
		limit=None,
	)
	return w.complaint.name if get_count() else ""


def _parts_of(doctype, parent):
	return lambda w: frappe.get_list(
		doctype, fields=["*"], parent_doctype=parent, limit=500, order_by="creation desc"
	)


def _ledger(w):
	clocks = set(frappe.get_all("Service Clock", {"reference_name": w.complaint.name}, pluck="name"))
	assert clocks
	lines = frappe.get_list("Service Clock Event", fields=["clock"], limit=500, order_by="creation desc")
	return [w.complaint.name for line in lines if line.clock in clocks]


def _connections(w):
	from ops_delivery.api.confidential import connections

	counted = connections("Customer", w.complaint.customer, [complaints.DOCTYPE])["count"]
	(entry,) = counted["external_links_found"]
	return [SECRET] * entry["count"]


WAYS = {
	"linked with the request": _linked_with,
	"count": _count,
	"list": _rows_of(complaints.DOCTYPE),
	"people": _people,
	"form": _form,
	"report": _report_view,
	"export": _export,
	"search by link": _link_search,
	"api get": _client_get,
	"api get_value": _client_value,
	"print": _print,
	"timeline": _timeline,
}
# lists of what hangs on it: whoever may read these lists at all
HANGING = {
	"actions": _rows_of("Improvement Action"),
	"clocks": _rows_of("Service Clock"),
	"notices": _rows_of("Service Notice"),
	"files": _rows_of("File"),
	"assignments": _rows_of("ToDo"),
	"versions": _rows_of("Version"),
	"comments": _rows_of("Comment"),
	"messages": _rows_of("Communication"),
	"mails": _rows_of("Email Queue"),
	"measures": _parts_of("Improvement Measure", "Improvement Action"),
	"leftovers": _rows_of("Service Leftover"),
	"ledger": _ledger,
	"events": _rows_of("Event"),
	"participants": _parts_of("Event Participants", "Event"),
	"tags": _rows_of("Tag"),
	"tag links": _rows_of("Tag Link"),
	"connections": _connections,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_complaint_is_not_found(w, way):
	for who in ACCUSED:
		assert not seen(who, w, WAYS[way]), who
		frappe.clear_messages()
	assert any(seen(who, w, WAYS[way]) for who in OTHERS), (
		"the way shows it to nobody, so this proves nothing"
	)


@pytest.mark.parametrize("way", HANGING)
def test_nothing_that_hangs_on_it_is_listed(w, way):
	for who in ACCUSED:
		assert not seen(who, w, HANGING[way]), who
	if way != "mails":  # none was queued
		with user("Administrator"):
			assert w.complaint.name in frappe.as_json(HANGING[way](w)) or SECRET in frappe.as_json(
				HANGING[way](w)
			)


def test_the_documents_that_hang_on_it_are_refused(w):
	clock = frappe.db.get_value("Service Clock", {"reference_name": w.complaint.name})
	documents = [
		("Improvement Action", w.action),
		("File", w.file),
		("Communication", w.message),
		("Comment", w.comment),
	]
	documents += [
		("Service Clock", clock),
		("Service Clock Event", frappe.db.get_value("Service Clock Event", {"clock": clock})),
		("Service Leftover", w.leftover),
		("Service Notice", frappe.db.get_value("Service Notice", {"reference_name": w.complaint.name})),
		("Event", w.event),
		("Tag", w.tag),
	]
	for doctype, name in documents:
		doc = frappe.get_doc(doctype, name)
		for who in ACCUSED:
			assert not frappe.has_permission(doctype, "read", doc, user=w[who]), (doctype, who)
	assert frappe.has_permission("Improvement Action", "read", w.action, user=w.superior)
	assert frappe.has_permission("File", "read", frappe.get_doc("File", w.file), user=w.superior)


def test_global_search_has_no_word_of_it(w):
	for who in (*ACCUSED, "field"):
		with user(w[who]):
			assert SECRET not in frappe.as_json(_search(w)), who
	with user("Administrator"):
		assert SECRET in frappe.as_json(_search(w))


def test_its_name_shows_no_title(w):
	from frappe.desk.search import get_link_title

	with user(w.engineer):
		assert get_link_title(complaints.DOCTYPE, w.complaint.name) == w.complaint.name


def test_no_right_is_left_to_them(w):
	for who in ACCUSED:
		for right in ("read", "write", "print", "email", "share", "report", "export"):
			assert not frappe.has_permission(complaints.DOCTYPE, right, w.complaint.name, user=w[who]), right


def test_they_do_not_take_themselves_off_in_memory(w):
	doc = fresh(w)
	doc.people = []
	doc.anonymous = 0
	assert not frappe.has_permission(complaints.DOCTYPE, "write", doc, user=w.engineer)
	with user(w.engineer), pytest.raises(frappe.PermissionError):
		doc.save()


def test_who_chooses_openness_is_read_but_not_handled_by_them(w):
	frappe.db.set_value(complaints.DOCTYPE, w.complaint.name, "anonymous", 0)
	assert frappe.has_permission(complaints.DOCTYPE, "read", w.complaint.name, user=w.engineer)
	assert not frappe.has_permission(complaints.DOCTYPE, "write", w.complaint.name, user=w.engineer)


def test_neither_mail_nor_bell_tells_them(w):
	from frappe.desk.doctype.notification_log.notification_log import make_notification_logs

	isolation.testing(True)
	factories.make_email_account()
	notices.post(complaints.DOCTYPE, w.complaint.name, "ops_complaint_appealed", {"reason": SECRET})
	frappe.db.delete("Email Queue", {"reference_name": w.complaint.name})
	factories.make(  # an administrator's own Notification, past the outbox
		"Notification",
		name=factories.unique("To all managers"),
		subject=SECRET,
		document_type=complaints.DOCTYPE,
		event="Save",
		channel="Email",
		send_system_notification=1,
		message=SECRET,
		recipients=[{"receiver_by_role": "Service Delivery Manager"}],
	)
	doc = fresh(w)
	doc.how_received = "By mail"
	doc.save()
	customers.tell_all()
	mine, others = set(), set()
	for row in frappe.get_all(
		"Email Queue Recipient",
		filters={
			"parent": [
				"in",
				frappe.get_all("Email Queue", {"reference_name": w.complaint.name}, pluck="name"),
			]
		},
		pluck="recipient",
	):
		(mine if row in (w.engineer, w.everything) else others).add(row)
	assert not mine and w.superior in others
	make_notification_logs(
		{
			"type": "Mention",
			"document_type": complaints.DOCTYPE,
			"document_name": w.complaint.name,
			"subject": SECRET,
			"email_content": SECRET,
			"from_user": "Administrator",
		},
		[w.engineer, w.superior],
	)
	bells = frappe.get_all("Notification Log", {"subject": ["like", f"%{SECRET}%"]}, pluck="for_user")
	assert w.superior in bells and not {w.engineer, w.everything} & set(bells)
	assert not frappe.db.exists("Notification Log", {"for_user": "Guest"})
	assert not frappe.db.exists(
		"Email Queue",
		{
			"message": ["like", f"%{SECRET}%"],
			"name": [
				"in",
				frappe.get_all("Email Queue Recipient", {"recipient": w.engineer}, pluck="parent"),
			],
		},
	)


def test_nobody_complained_about_is_added_to_a_mail_that_waits(w):
	factories.make_email_account()
	frappe.sendmail(
		recipients=[w.superior],
		subject=SECRET,
		message=SECRET,
		reference_doctype=complaints.DOCTYPE,
		reference_name=w.complaint.name,
	)
	queue = frappe.get_last_doc("Email Queue", {"reference_name": w.complaint.name})
	queue.append("recipients", {"recipient": w.engineer, "status": "Not Sent"})
	queue.save()
	row = {"recipient": w.engineer, "status": "Not Sent", "parenttype": "Email Queue", "parentfield": "recipients"}
	frappe.get_doc({"doctype": "Email Queue Recipient", "parent": queue.name, **row}).insert()
	assert [row.recipient for row in queue.reload().recipients] == [w.superior]


def test_no_escalation_tells_them(w):
	row = frappe._dict(reference_doctype=complaints.DOCTYPE, reference_name=w.complaint.name, agreement=None)
	found = recipients.of_step({"notify_role": "Service Delivery Manager"}, row)
	assert w.superior in found and not {w.engineer, w.everything} & set(found)


def test_the_chain_of_the_request_does_not_show_it(w):
	from ops_delivery.services.handover import related_records as chain

	with user(w.engineer):
		assert not {node["doctype"] for node in chain.of("Issue", w.issue.name)["nodes"]} - {"Issue"}


def test_the_customers_side_has_no_generic_door(w):
	for who in ("asker", "colleague", "stranger"):
		with user(w[who]):
			with pytest.raises(frappe.PermissionError):
				frappe.get_list(complaints.DOCTYPE)
			assert not confidential_records.complaint_on_website(w.complaint, "read", w[who])
			assert not frappe.has_permission(complaints.DOCTYPE, "write", w.complaint)
	for who, may in (("field", False), ("engineer", False), ("superior", True)):
		assert confidential_records.complaint_on_website(w.complaint, "read", w[who]) == may


@pytest.mark.parametrize("method", ["preview_subject", "preview_message", "preview_meets_condition"])
def test_previews_of_notifications_show_no_hidden_record(w, method):
	"""Frappe 16 renders whatever record is named, for whoever may read the Notification."""
	from frappe.handler import run_doc_method
	from frappe.utils import set_request

	set_request(method="POST", path="/")
	notice = frappe.new_doc("Notification")
	notice.update(
		{
			"name": "Preview",
			"document_type": complaints.DOCTYPE,
			"subject": "{{ doc.subject }}",
			"message": "{{ doc.text }}",
			"condition_type": "Python",
			"condition": f"'{SECRET}' in doc.subject",
		}
	)
	if not hasattr(notice, method):
		pytest.skip("this Frappe has no previews")
	arguments = {"docs": notice.as_json(), "args": frappe.as_json({"preview_document": w.complaint.name})}
	with user(w.everything), pytest.raises(frappe.PermissionError):
		run_doc_method(method, **arguments)
	run_doc_method(method, **arguments)  # Administrator, of whom nothing is kept
	assert frappe.response["message"] in ("Yes",) or SECRET in frappe.response["message"]


# What has a Dynamic Link and yet is not in the table of what names records, each for a reason
REVIEWED = "of reviewed documents only, and a complaint is none"
NAMES_NO_COMPLAINT = {
	"Amount Entry": "of visits, sessions, routine tasks and time sheets that draw on an amount",
	"Delivery Activity": "of the work that a plan opens: Tasks, requests, handovers, visits, plans",
	"Deliverable": "of the request or the round of a survey that it follows",
	"Deliverable Record": "of services/deliverables/proofs.SOURCES: no complaint and nothing that follows from one",
	"Field Service Request": "of visits",
	"Knowledge Article": "of requests, leftovers and plans (services/knowledge/sources.py)",
	"Knowledge Use": "of requests that an article helped to solve; nobody reads the rows by themselves",
	"Field Service Sheet": "of requests and activities",
	"Remote Support Session": "of requests and activities",
	"Rule Version": "of rules, agreements, plans and reports",
	"Service Acceptance": "of requests and measured records: nobody accepts a complaint",
	"Service Authorship": REVIEWED,
	"Service Complaint": "is the complaint",
	"Service Review": REVIEWED,
	"Service Signature": REVIEWED,
	"Service Survey": "of work that has ended",
	"Survey Response": "of work that has ended",
}


def test_whatever_can_name_a_record_is_in_the_table():
	"""By construction: a new DocType that names records is in it, or has its reason above."""
	ours = frappe.get_all("DocType", filters={"module": "Ops Delivery"}, pluck="name", order_by="name")
	naming = {
		doctype
		for doctype in ours
		for field in frappe.get_meta(doctype).get_dynamic_link_fields()
		if frappe.get_meta(doctype).get_field(field.options)
	}
	missing = naming - set(confidential.NAMES_RECORDS) - set(NAMES_NO_COMPLAINT)
	assert not missing
	assert set(NAMES_NO_COMPLAINT) <= naming | {complaints.DOCTYPE}


def test_hooks_list_the_table():
	lists, documents = (frappe.get_hooks(hook) for hook in ("permission_query_conditions", "has_permission"))
	path = "ops_delivery.permissions.confidential_records."
	for doctype in confidential.NAMES_RECORDS:
		assert any(hook.startswith(path) for hook in lists.get(doctype, [])), doctype
		assert any(hook.startswith(path) for hook in documents.get(doctype, [])), doctype
