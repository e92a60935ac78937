"""Copies of a class bear their reader's name, are noted, and are kept by nobody (8.2.c.2)."""

import io
import json

import api_calls
import frappe
import pages
import pytest
import secrecy_scene as scene
from pypdf import PdfReader

from ops_delivery.permissions import access_notes
from ops_delivery.services.deliverables import access_log

pytestmark = pytest.mark.clause("8.2.c.2")
MARKED = {**scene.CLASSES["managers"], "watermark": 1}


def text_of(content: bytes) -> str:
	return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def lines(w, **filters) -> list:
	access_log.write(access_notes.noted())
	access_notes.noted().clear()
	frappe.db.commit()
	return frappe.get_all(access_log.LOG, {"deliverable": w.doc.name, **filters}, ["act", "user", "what", "security_class"], order_by="creation, idx")


def fetch(w, person, method="download"):
	return api_calls.get(w[person], f"ops_delivery.api.deliverables.{method}", name=w.doc.name, row=w.row)


@pytest.fixture
def marked(site):
	frappe.cache.delete_keys("ops_access:")  # names come again where a test is taken back
	return scene.world(**MARKED)


def test_a_file_bears_the_name_of_who_gets_it_and_what_lies_there_stays(marked):
	w = marked
	path = frappe.get_site_path("private", "files", w.url.rpartition("/")[2])
	was = open(path, "rb").read()
	frappe.db.set_value("User", w.customers, "first_name", "陈静")
	for person, method in (("manager", "download"), ("reader", "download"), ("customers", "file")):
		answer = fetch(w, person, method)
		assert answer.status == 200, answer.text[:300]
		said = text_of(answer.content)
		assert w[person] in said and w.doc.name in said
	assert open(path, "rb").read() == was
	assert not frappe.get_all("File", {"content_hash": ["!=", w.doc.files[0].fingerprint], "attached_to_name": w.doc.name})


def test_frappes_doors_send_on_to_the_copy_or_refuse(marked):
	w = marked
	response = scene.answered(w.manager, w.url, lambda: scene.download_private_file(w.url))
	assert response.status_code == 302 and "ops_delivery.api.deliverables.download" in response.headers["Location"]
	assert not scene.download_file(w, w.manager) and not scene.zip_files(w, w.manager)
	assert not scene.file_address(w, w.desk)


def test_prints_bear_it_too(marked):
	w = marked
	answer = api_calls.get(w.manager, "frappe.utils.print_format.download_pdf", doctype="Deliverable", name=w.doc.name, format=w.paper)
	assert answer.status == 200 and w.manager in text_of(answer.content)
	several = json.dumps([w.doc.name])
	answer = api_calls.get(w.manager, "frappe.utils.print_format.download_multi_pdf", doctype="Deliverable", name=several, format=w.paper)
	assert w.manager in text_of(answer.content)
	answer = api_calls.get(w.manager, "frappe.utils.print_format.download_multi_pdf_async", doctype="Deliverable", name=several, format=w.paper)
	assert answer.status == 403 and "never kept" in answer.text
	assert "ops-watermark" in pages.get(f"/printview?doctype=Deliverable&name={w.doc.name}", w.manager)[1]
	shown = api_calls.get(w.manager, "frappe.www.printview.get_html_and_style", doc="Deliverable", name=w.doc.name)
	assert "ops-watermark" in shown.text and w.manager in shown.text


def test_what_cannot_be_stamped_is_handed_out_only_where_the_class_says_so(site, monkeypatch):
	for unstamped in (1, 0):
		w = scene.world(**MARKED, unstamped=unstamped)
		monkeypatch.setattr("ops_delivery.services.deliverables.files.handed_out", lambda doc, row: ("figures.xlsx", b"PK\x03\x04 sheet"))
		answer = fetch(w, "manager")
		if unstamped:
			assert answer.status == 200 and answer.content == b"PK\x03\x04 sheet"
		else:
			assert answer.status == 403 and "cannot bear a watermark" in answer.text
		monkeypatch.undo()


def test_such_a_copy_goes_into_no_mail(marked):
	w = marked
	file = frappe.db.get_value("File", {"attached_to_name": w.doc.name})
	mail = {"doctype": "Deliverable", "name": w.doc.name, "recipients": w.manager, "subject": "x", "content": "y", "send_email": "1"}
	for carried in ({"print_format": w.paper}, {"attachments": json.dumps([file])}):
		answer = api_calls.post(w.author, "frappe.core.doctype.communication.email.make", **mail, **carried)
		assert answer.status == 403 and "not attached to mails" in answer.text, answer.text[:400]


def test_who_did_what_is_on_record_and_nobody_takes_it_off(marked):
	w = marked
	api_calls.ask(w.manager, "GET", f"/api/resource/Deliverable/{w.doc.name}")
	fetch(w, "manager")
	assert fetch(w, "auditor").status == 403
	found = {(row.act, row.user, row.what) for row in lines(w)}
	assert found >= {
		("Opened", w.manager, ""),
		("Downloaded", w.manager, frappe.db.get_value("File", {"attached_to_name": w.doc.name}, "file_name")),
		("Refused", w.auditor, "Downloaded"),
	}
	name = frappe.db.get_value(access_log.LOG, {"deliverable": w.doc.name})
	frappe.get_doc("User", w.administrators).add_roles("Service Delivery Manager")
	for user in (w.administrators, w.manager, w.auditor):
		assert api_calls.ask(user, "GET", f"/api/resource/{access_log.LOG}/{name}").status == 200
		for ask in (
			lambda user: api_calls.ask(user, "DELETE", f"/api/resource/{access_log.LOG}/{name}"),
			lambda user: api_calls.ask(user, "PUT", f"/api/resource/{access_log.LOG}/{name}", data='{"act": "Opened"}', content_type="application/json"),
			lambda user: api_calls.post(user, "frappe.client.set_value", doctype=access_log.LOG, name=name, fieldname="what", value="-"),
			lambda user: api_calls.post(user, "frappe.client.insert", doc=json.dumps({"doctype": access_log.LOG, "act": "Opened"})),
		):
			answer = ask(user)
			assert answer.status in (403, 417), answer.text[:300]
	for user in (w.desk, w.reader, w.customers):
		assert api_calls.ask(user, "GET", f"/api/resource/{access_log.LOG}/{name}").status == 403
	with pytest.raises(frappe.ValidationError, match="is kept as evidence and cannot be deleted"):
		frappe.delete_doc(access_log.LOG, name, ignore_permissions=True, force=True)
	assert frappe.db.exists(access_log.LOG, name)


def test_a_refused_request_is_noted_whatever_its_door(marked):
	w = marked
	response = frappe._dict(status_code=403)
	for path, query in ((f"/api/resource/Deliverable/{w.doc.name}", {}), ("/api/method/frappe.desk.form.load.getdoc", {"doctype": "Deliverable", "name": w.doc.name})):
		with api_calls.request(w.desk, "GET", path, query_string=query):
			access_log._note_refused(frappe.request)
		assert lines(w, user=w.desk)[-1].act == "Refused" and response.status_code == 403
	assert access_log.KEPT_DAYS > 1800


def test_opening_once_more_is_one_line_and_old_lines_go(marked):
	w = marked
	for _again in range(3):
		assert api_calls.ask(w.manager, "GET", f"/api/resource/Deliverable/{w.doc.name}").status == 200
		lines(w)
	assert len(lines(w, user=w.manager, act="Opened")) == 1
	frappe.db.set_value(access_log.LOG, {"deliverable": w.doc.name}, "done_on", "2000-01-01 00:00:00")
	access_log.purge()
	assert not lines(w, user=w.manager)
