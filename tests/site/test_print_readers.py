"""Whoever gets a print of ours by mail or link gets what they may read: the customer's version as soon as one reader is
not staff (5.2, 5.2.i), and no field above the reader's level."""

import json

import customers
import factories
import frappe
import mailed
import papers
import pytest
import wire
from frappe.core.doctype.communication.email import make
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.workflow.doctype.workflow_action import workflow_action
from papers import SECRET, WORDS, text_of
from reviewing import user

from ops_delivery import framework
from ops_delivery.services.papers import frappe_prints as seam
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.reviews.readership import SUPPLIERS_OWN

DOCTYPE = "Delivery Plan"
CLAUSE = pytest.mark.clause("5.2.i")


@pytest.fixture
def w(site):
	factories.make_email_account()
	w = customers.world()
	w.manager = factories.make_user(roles=["Service Delivery Manager"], language="en").name
	w.outside = f"{frappe.generate_hash(length=8)}@example.com"
	w.plan = papers.delivery_plan(w)
	return w


def notification(w, readers, **values):
	alert = mailed.notification_with_print(DOCTYPE, recipients=[{"cc": "\n".join(readers)}], **values)
	frappe.get_doc("Notification", alert.name).send(frappe.get_doc(DOCTYPE, w.plan.name))
	return mailed.queued(alert.subject)


def by_notification(w, readers):
	return notification(w, readers, print_format=DOCTYPE)


def by_notification_without_a_format(w, readers):
	return notification(w, readers)


def by_workflow_mail(w, readers):
	common = workflow_action.get_common_email_args(frappe.get_doc(DOCTYPE, w.plan.name))
	subject = factories.unique("Act")
	frappe.sendmail(
		**{**common, "recipients": list(readers), "message": "Act", "template": None, "args": None, "subject": subject}
	)
	return mailed.queued(subject)


def by_auto_repeat(w, readers):
	subject = factories.unique("Again")
	repeat = frappe.get_doc(
		{
			"doctype": "Auto Repeat",
			"reference_doctype": DOCTYPE,
			"reference_document": w.plan.name,
			"notify_by_email": 1,
			"recipients": ", ".join(readers),
			"subject": subject,
			"message": "Here it is",
			"print_format": DOCTYPE,
		}
	)
	repeat.send_notification(frappe.get_doc(DOCTYPE, w.plan.name))
	return mailed.queued(subject)


def by_the_dialog(w, readers):
	subject = factories.unique("Dialog")
	to, *copied = readers
	with user(w.manager):
		make(
			DOCTYPE,
			w.plan.name,
			subject=subject,
			content="See the attachment",
			recipients=to,
			cc=", ".join(copied),
			send_email=1,
			print_format=DOCTYPE,
		)
	return mailed.queued(subject)


WAYS = [by_notification, by_notification_without_a_format, by_workflow_mail, by_auto_repeat, by_the_dialog]


@CLAUSE
@pytest.mark.parametrize("send", WAYS)
@pytest.mark.parametrize("who", ["customer", "an address nobody knows", "staff and customer", "disabled"])
def test_a_mail_that_anybody_outside_reads_holds_the_customers_version(w, send, who):
	readers = {
		"customer": [w.asker],
		"an address nobody knows": [w.outside],
		"staff and customer": [w.manager, w.asker],
		"disabled": [factories.make_user(roles=["Service Delivery Manager"], enabled=0).name],
	}[who]
	queue = send(w, readers)
	for reader in queue.recipients:
		found = mailed.prints(frappe.get_doc("Email Queue", queue.name), reader.recipient)
		assert found
		for _name, content in found:
			text = text_of(content)
			assert WORDS in text and SECRET not in text and "98,765" not in text


@CLAUSE
@pytest.mark.parametrize("send", WAYS)
def test_a_mail_to_staff_alone_holds_all(w, send):
	for _name, content in mailed.prints(send(w, [w.manager])) or pytest.fail("no print"):
		assert SECRET in text_of(content)


def test_staff_without_the_right_to_read_it_are_no_readers(w):
	stranger = factories.make_user(roles=["Employee"]).name
	((_name, content),) = mailed.prints(by_notification(w, [stranger]))
	assert SECRET not in text_of(content)


@CLAUSE
def test_a_mail_to_somebody_disabled_since_holds_the_customers_version(w):
	queue = by_notification(w, [w.manager])
	frappe.db.set_value("User", w.manager, "enabled", 0)
	((_name, content),) = mailed.prints(queue)
	assert SECRET not in text_of(content)


@CLAUSE
def added_to_the_mail(queue, address):
	queue.append("recipients", {"recipient": address, "status": "Not Sent"})
	queue.save()


def added_as_a_row(queue, address):
	row = {"recipient": address, "status": "Not Sent", "parenttype": "Email Queue", "parentfield": "recipients"}
	frappe.get_doc({"doctype": "Email Queue Recipient", "parent": queue.name, **row}).insert()


def added_past_documents(queue, address):
	frappe.db.set_value("Email Queue Recipient", queue.recipients[0].name, "recipient", address)


@CLAUSE
@pytest.mark.parametrize(
	"send, add",
	[
		(by_notification, added_to_the_mail),
		(by_the_dialog, added_as_a_row),
		(by_workflow_mail, added_past_documents),
	],
)
def test_who_is_added_to_a_waiting_mail_gets_what_they_may_read(w, send, add):
	queue = send(w, [w.manager])
	add(queue, w.asker)
	queue = frappe.get_doc("Email Queue", queue.name)
	assert w.asker in [row.recipient for row in queue.recipients]
	found = mailed.prints(queue, w.asker)
	assert found
	for _name, content in found:
		text = text_of(content)
		assert WORDS in text and SECRET not in text and "98,765" not in text


@CLAUSE
def test_a_print_that_lists_every_field_is_ours_for_who_is_added_to_a_waiting_mail(w):
	queue = notification(w, [w.manager], print_format=laid_out())
	assert SECRET in "".join(text_of(content) for _name, content in mailed.prints(queue))
	added_to_the_mail(queue, w.asker)
	for _name, content in mailed.prints(frappe.get_doc("Email Queue", queue.name), w.asker):
		assert SECRET not in text_of(content)


def laid_out(extra="assessment_note"):
	"""A format of the newer builder that shows what is the supplier's own. In 16 every format without HTML is one."""
	columns = [
		{"label": "", "fields": [{"fieldname": field, "fieldtype": kind, "label": field}]}
		for field, kind in (("title", "Data"), ("budget_total", "Currency"), (extra, "Small Text"))
	]
	table = {
		"fieldname": "staff",
		"fieldtype": "Table",
		"label": "staff",
		"options": "Delivery Plan Staff",
		"table_columns": [{"fieldname": "competence_held", "fieldtype": "Small Text", "label": "held", "width": 100}],
	}
	sections = [{"label": "", "columns": columns}, {"label": "", "columns": [{"label": "", "fields": [table]}]}]
	layout = {"header": "", "footer": "", "sections": sections}
	return factories.make(
		"Print Format", name=factories.unique("Built"), doc_type=DOCTYPE, standard="No", custom_format=0,
		print_format_builder_beta=1, format_data=frappe.as_json(layout),
	).name  # fmt: skip


@CLAUSE
def test_prints_that_list_every_field_keep_to_it(w):
	listing = factories.make(
		"Print Format", name=factories.unique("All"), doc_type=DOCTYPE, standard="No", print_format_builder=1
	).name

	def said(reader):
		((_name, content),) = mailed.prints(notification(w, [reader], print_format=listing))
		return text_of(content)

	for_customer, for_staff = said(w.asker), said(w.manager)
	assert w.plan.title in " ".join(for_customer.split())
	assert SECRET not in for_customer and "98,765" not in for_customer
	assert SECRET in for_staff


@CLAUSE
def test_prints_of_the_newer_builder_keep_to_it(w):
	built = laid_out()

	def attached(**asked):
		return text_of(frappe.attach_print(DOCTYPE, w.plan.name, print_format=built, **asked)["fcontent"])

	((_name, mailed_to_staff),) = mailed.prints(notification(w, [w.manager], print_format=built))
	assert SECRET in text_of(mailed_to_staff)
	if not framework.goes_past_get_print(built):
		return
	assert SECRET not in attached()  # nobody says who reads it
	assert SECRET in attached(style=seam.marked_for([w.manager]))
	assert SECRET not in attached(style=seam.marked_for([w.manager, w.asker]))


@CLAUSE
def test_prints_as_web_pages_keep_to_it(w):
	frappe.db.set_single_value("Print Settings", "send_print_as_pdf", 0)
	try:
		sent = mailed.sent(by_notification(w, [w.asker])).decode("utf-8", "replace")
		assert ".html" in sent and SECRET not in mailed.pages(sent)
		assert SECRET in mailed.pages(mailed.sent(by_notification(w, [w.manager])).decode("utf-8", "replace"))
	finally:
		frappe.db.set_single_value("Print Settings", "send_print_as_pdf", 1)


def test_the_document_itself_is_not_touched(w):
	doc = frappe.get_doc(DOCTYPE, w.plan.name)
	before = doc.as_json()
	frappe.attach_print(DOCTYPE, doc.name, print_format=DOCTYPE, doc=doc)
	frappe.get_print(DOCTYPE, doc.name, DOCTYPE, doc=doc)
	assert doc.as_json() == before and doc.funds


@CLAUSE
@pytest.mark.committed
def test_a_guest_with_the_documents_key_gets_the_customers_version(w, site):
	key = w.plan.get_document_share_key()
	frappe.db.commit()
	guest = wire.Visitor(site)
	answer = guest.ask(
		"GET",
		"/api/method/frappe.utils.print_format.download_pdf",
		{"doctype": DOCTYPE, "name": w.plan.name, "format": DOCTYPE, "key": key},
	)
	assert answer.status == 200 and WORDS in text_of(answer.content) and SECRET not in text_of(answer.content)
	for print_format in (DOCTYPE, "Standard"):
		page = guest.ask(
			"GET", "/printview", {"doctype": DOCTYPE, "name": w.plan.name, "format": print_format, "key": key}
		)
		assert page.status == 200 and w.plan.title in page.text
		assert SECRET not in page.text and "98,765" not in page.text


# Field levels


RAISED = {  # kind of paper: (field raised to level 1, what stands in it as the paper says it)
	"agreement": ("fee", 8641357, "8,641,357"),
	"delivery plan": ("assessment_note", "Quokkafield", "Quokkafield"),
	"optimization plan": ("budget_note", "Quokkafield", "Quokkafield"),
	"consulting plan": ("budget_note", "Quokkafield", "Quokkafield"),
	"consulting report": ("summary", "<p>Quokkafield</p>", "Quokkafield"),
	"visit": ("site_rules", "Quokkafield", "Quokkafield"),
	"session": ("site_rules", "Quokkafield", "Quokkafield"),
}


def may_read(doctype, role):
	"""The role reads level 1 of a type."""
	frappe.permissions.setup_custom_perms(doctype)
	factories.make(
		"Custom DocPerm", parent=doctype, parenttype="DocType", parentfield="permissions", role=role, permlevel=1, read=1
	)
	frappe.clear_cache(doctype=doctype)


@pytest.fixture
def raised(w, request):
	"""(document, what stands in its field of level 1, staff who read level 0, staff who read both)."""
	field, value, said = RAISED[request.param]
	doc = papers.ALL[request.param](w)
	doc.db_set(field, value)
	make_property_setter(doc.doctype, field, "permlevel", 1, "Int")
	role = factories.make("Role", role_name=factories.unique("Level one"), desk_access=1).name
	may_read(doc.doctype, role)
	below = factories.make_user(roles=["Service Delivery Manager"], language="en").name
	above = factories.make_user(roles=["Service Delivery Manager", role], language="en").name
	for name in (below, above, w.asker):
		frappe.utils.password.update_password(name, wire.PASSWORD)
	frappe.db.commit()
	yield frappe._dict(doc=doc, field=field, said=said, below=below, above=above)
	frappe.db.delete("Property Setter", {"doc_type": doc.doctype, "property": "permlevel"})
	frappe.db.delete("Custom DocPerm", {"parent": doc.doctype})
	frappe.db.commit()
	frappe.clear_cache(doctype=doc.doctype)


def squeezed(text: str) -> str:
	return "".join(text.split())


@pytest.mark.committed
@pytest.mark.parametrize("raised", RAISED, indirect=True)
def test_papers_keep_to_the_field_levels_of_their_readers(raised, w, site):
	doc = raised.doc
	default = doc.meta.default_print_format
	formats = frappe.get_all(
		"Print Format", {"doc_type": doc.doctype, "module": "Ops Delivery", "disabled": 0}, pluck="name", order_by="name"
	)
	assert default in formats
	staff = {name: wire.Visitor(site, name) for name in (raised.below, raised.above)}

	def pages(name, print_format):
		asked = {"doctype": doc.doctype, "name": doc.name, "format": print_format}
		pdf = staff[name].ask("GET", "/api/method/frappe.utils.print_format.download_pdf", asked)
		page = staff[name].ask("GET", "/printview", asked)
		assert (pdf.status, page.status) == (200, 200), pdf.text[:300]
		return squeezed(text_of(pdf.content)), squeezed(page.text)

	for print_format in formats:
		for text in pages(raised.below, print_format):
			assert raised.said not in text, print_format
	for text in pages(raised.above, default):
		assert raised.said in text
	for reader, whole in ((raised.below, False), (raised.above, True)):
		frappe.sendmail(
			recipients=[reader],
			subject=(subject := factories.unique("Print")),
			message="See",
			attachments=[
				{"print_format_attachment": 1, "doctype": doc.doctype, "name": doc.name, "print_format": default}
			],
		)
		((_name, content),) = mailed.prints(mailed.queued(subject))
		assert (raised.said in squeezed(text_of(content))) == whole


@pytest.mark.committed
@pytest.mark.parametrize("raised", ["delivery plan"], indirect=True)
def test_the_newer_builders_own_download_and_page_keep_to_the_field_levels(raised, w, site):
	doc, built = raised.doc, laid_out(extra=raised.field)
	frappe.db.commit()
	for reader, whole in ((raised.below, False), (raised.above, True)):
		visitor, asked = wire.Visitor(site, reader), {"doctype": doc.doctype, "name": doc.name}
		pdf = visitor.ask("GET", "/api/method/frappe.utils.weasyprint.download_pdf", {**asked, "print_format": built})
		page = visitor.ask("GET", "/printview", {**asked, "format": built})
		for answer, text in ((pdf, text_of(pdf.content)), (page, page.text)):
			assert answer.status == 200 and doc.title in " ".join(text.split())
			assert (raised.said in squeezed(text)) == whole


@pytest.mark.committed
@pytest.mark.parametrize("raised", [kind for kind in RAISED if kind in papers.PAPERS], indirect=True)
def test_the_customers_page_and_pdf_keep_to_the_levels_of_their_role(raised, w, site):
	doc = raised.doc
	if doc.status not in portal_documents._shown(doc.doctype):
		papers.shown(w, doc, status=portal_documents._shown(doc.doctype)[0])
	customer = wire.Visitor(site, w.asker)
	answer = customer.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name)
	assert answer.status == 200 and raised.said not in squeezed(text_of(answer.content))
	assert raised.said not in squeezed(customer.ask("GET", f"/agreements/{doc.name}").text)
	may_read(doc.doctype, "Customer")
	frappe.db.commit()
	answer = customer.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name)
	assert raised.said in squeezed(text_of(answer.content))


@pytest.mark.parametrize("raised", ["agreement"], indirect=True)
def test_a_print_without_a_field_names_the_fingerprint_of_the_whole(raised, w):
	whole = reviewed_content.content_hash(frappe.get_doc(raised.doc.doctype, raised.doc.name))
	with user(raised.below):
		page = documents.html(frappe.get_doc(raised.doc.doctype, raised.doc.name), raised.doc.meta.default_print_format)
	assert whole[:32] in page and raised.said not in page


@pytest.mark.committed
@pytest.mark.parametrize("raised", ["agreement"], indirect=True)
def test_rule_versions_and_comparisons_keep_to_the_field_levels(raised, w, site):
	doc = frappe.get_doc(raised.doc.doctype, raised.doc.name)
	version = reviewed_content.snapshot(doc)
	frappe.db.commit()
	below, above = wire.Visitor(site, raised.below), wire.Visitor(site, raised.above)
	for method, form in (
		("frappe.client.get", {"doctype": "Rule Version", "name": version}),
		("frappe.desk.form.load.getdoc", {"doctype": "Rule Version", "name": version}),
		("frappe.client.get_value", {"doctype": "Rule Version", "filters": version, "fieldname": "content"}),
		(
			"frappe.client.get_list",
			{"doctype": "Rule Version", "filters": f'{{"name": "{version}"}}', "fields": '["content"]'},
		),
	):
		seen = {name: visitor.ask("GET", f"/api/method/{method}", form) for name, visitor in (("b", below), ("a", above))}
		assert "8641357" not in seen["b"].text, method
		assert "8641357" in seen["a"].text, method
	for visitor, whole in ((below, False), (above, True)):
		page = visitor.ask("GET", "/printview", {"doctype": "Rule Version", "name": version})
		assert page.status == 200 and ("8641357" in page.text) == whole
	other = papers.agreement(customers.world())
	frappe.db.commit()
	for visitor, whole in ((below, False), (above, True)):
		compared = visitor.call("ops_delivery.api.agreements.compare", "GET", name=doc.name, other=other.name)
		assert compared.status == 200, compared.text[:300]
		assert (raised.said in compared.text) == whole


@pytest.mark.committed
@pytest.mark.parametrize("raised", ["agreement"], indirect=True)
def test_a_preview_and_a_file_of_an_agreement_keep_to_the_field_levels(raised, w, site):
	doc = frappe.get_doc(raised.doc.doctype, raised.doc.name)
	frappe.db.commit()
	for who, whole in ((raised.below, False), (raised.above, True)):
		visitor = wire.Visitor(site, who)
		form = visitor.call("frappe.client.get", "GET", doctype=doc.doctype, name=doc.name)
		assert ("8641357" in form.text) == whole
		draft = json.dumps(json.loads(form.text)["message"])
		tried = visitor.call(
			"ops_delivery.api.agreements.try_assessment", doc=draft, from_date=str(doc.start_date), to_date=str(doc.end_date)
		)
		assert tried.status == 200, tried.text[-600:]
		assert ("8641357" in tried.text) == whole
		file = visitor.call("ops_delivery.api.agreements.export_file", "GET", name=doc.name)
		assert file.status == 200 and "8641357" not in (file.text if not whole else ""), file.text[:300]


@pytest.mark.committed
@pytest.mark.parametrize("raised", ["agreement"], indirect=True)
def test_no_list_fetches_the_content_of_a_version_through_a_link(raised, w, site):
	doc = frappe.get_doc(raised.doc.doctype, raised.doc.name)
	signature = frappe.new_doc("Service Signature")
	signature.update(
		{
			"name": factories.unique("SIG"),
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"customer": doc.customer,
			"party": "Supplier",
			"content_version": reviewed_content.snapshot(doc),
		}
	)
	signature.db_insert()
	frappe.db.commit()
	below, above = wire.Visitor(site, raised.below), wire.Visitor(site, raised.above)
	one = {"filters": json.dumps({"name": signature.name})}
	through = ["content_version.content"]
	doors = [
		("/api/method/frappe.client.get_list", {"doctype": signature.doctype, "fields": json.dumps(fields), **one})
		for fields in (through, ["content_version.content as revision"])
	] + [
		("/api/method/frappe.client.get_value", {"doctype": signature.doctype, "fieldname": through[0], **one}),
		("/api/method/frappe.desk.reportview.get", {"doctype": signature.doctype, "fields": json.dumps(through), **one}),
		(f"/api/resource/{signature.doctype}", {"fields": json.dumps(through).replace("content\"", "c\\u006fntent\""), **one}),
	]
	for path, form in doors:
		seen = {name: visitor.ask("GET", path, form) for name, visitor in (("b", below), ("a", above))}
		assert seen["b"].status == 403 and "8641357" not in seen["b"].text, (path, form)
		assert seen["a"].status == 200 and "8641357" in seen["a"].text, (path, form)
	listed = below.ask("GET", doors[0][0], {**doors[0][1], "fields": '["name", "content_version.revision"]'})
	# 16 asks for the list condition of what a field is fetched from, too, and leaves the row out
	assert listed.status == 200 and (signature.name in listed.text) == (framework.MAJOR < 16)


def test_what_is_the_suppliers_own_names_fields_that_exist(site):
	for doctype, places in SUPPLIERS_OWN.items():
		meta = frappe.get_meta(doctype)
		for table, fields in places.items():
			of = frappe.get_meta(meta.get_field(table).options) if table else meta
			assert all(of.has_field(name) for name in fields)
