"""Redacted copies for sharing, and what is left of a destroyed deliverable: its certificate (8.2.c.2)."""

import io
import json
import os

import api_calls
import deliverable_scene
import frappe
import pages
import pytest
import reviewing
import secrecy_scene as scene
from pypdf import PdfReader

from ops_delivery.services.deliverables import destruction, files, redaction, rules, sealing

pytestmark = pytest.mark.clause("8.2.c.2")


def world():
	"""Not as a fixture: what a test destroys is not there for the next."""
	lower = scene.a_class()
	found = scene.world(**scene.CLASSES["named"])
	found.lower = lower
	return found


def archived(w, **values):
	doc = reviewing.act(frappe.get_doc("Deliverable", w.doc.name), "Archive", w.author)
	return reviewing.change(doc, w.author, reason="Its time is over", **values)


def certificate(w, user, language="en"):
	form = {"doctype": "Deliverable", "name": w.doc.name, "format": "Destruction Certificate", "_lang": language, "language": language}
	answer = api_calls.get(user, "frappe.utils.print_format.download_pdf", **form)
	return answer if answer.status != 200 else " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_a_redacted_copy_is_read_by_those_who_may_not_see_the_original(site):
	w = world()
	answer = api_calls.post(w.author, "ops_delivery.api.deliverables.redact", name=w.doc.name, security_class=w.security_class)
	assert answer.status == 417 and "is not lower than the class" in answer.text
	assert api_calls.post(w.desk, "ops_delivery.api.deliverables.redact", name=w.doc.name, security_class=w.lower).status == 403
	answer = api_calls.post(w.author, "ops_delivery.api.deliverables.redact", name=w.doc.name, security_class=w.lower)
	assert answer.status == 200, answer.text[:400]
	copy = frappe.get_doc("Deliverable", json.loads(answer.text)["message"])
	assert (copy.redacted_from, copy.redacted_version, copy.customer) == (w.doc.name, 1, w.customer)
	copy = reviewing.change(copy, w.author, files=[{"file": deliverable_scene.upload(w.author).file_url}], approver=w.author)
	with pytest.raises(rules.NotComplete, match="Say what was removed"):
		reviewing.act(copy, "Ask for Internal Review", w.author)
	reviewing.change(copy, w.author, redactions=[{"place": "Page 3", "removed": "Addresses of servers", "why": "Confidential"}])
	with pytest.raises(frappe.ValidationError, match=r"Redacted copy of.* is noted by steps only"):
		reviewing.change(copy, w.author, redacted_from="DLV-0")
	deliverable_scene.published(w.author, w.reviewer, frappe.get_doc("Deliverable", copy.name))
	frappe.db.commit()
	for person in ("desk", "auditor", "administrators"):
		assert api_calls.ask(w[person], "GET", f"/api/resource/Deliverable/{copy.name}").status == 200
		assert api_calls.ask(w[person], "GET", f"/api/resource/Deliverable/{w.doc.name}").status == 403
	page = pages.get(f"/deliverables/{copy.name}", w.customers)[1]
	assert "Redacted copy" in page and "Addresses of servers" in page and w.doc.title not in page.replace(copy.title, "")
	assert pages.get(f"/deliverables/{w.doc.name}", w.customers)[0] != 200


def test_where_it_is_asked_for_the_copies_go_first(site):
	w = world()
	with reviewing.user(w.author):
		copy = redaction.make(w.doc.name, w.lower)
	doc = archived(w, destroy_copies=1)
	with pytest.raises(rules.StepNotPossible, match=copy):
		reviewing.act(doc, "Destroy", w.author)
	reviewing.act(reviewing.change(frappe.get_doc("Deliverable", copy), w.author, reason="No more"), "Cancel", w.author)
	assert reviewing.act(frappe.get_doc("Deliverable", doc.name), "Destroy", w.author).status == "Destroyed"


def test_the_certificate_says_what_was_destroyed_by_whom_how_and_with_which_witness(site):
	w = world()
	assert certificate(w, w.author).status == 417
	doc = archived(w, witness=w.reviewer, overwrite_files=1)
	reviewing.act(doc, "Destroy", w.author)
	files.remove(doc.name)
	doc = frappe.get_doc("Deliverable", doc.name)
	assert doc.certificate_no.startswith("DC-") and not sealing.path_of(w.url).exists()
	text = certificate(w, w.author)
	name = frappe.utils.get_fullname
	for said in (doc.certificate_no, name(w.author), name(w.reviewer), "Overwritten once", "SHA-256"):
		assert said in text, text
	assert "销毁证明" in certificate(w, w.author, "zh").replace(" ", "")
	number = doc.certificate_no
	files.remove(doc.name)
	assert frappe.db.get_value("Deliverable", doc.name, "certificate_no") == number
	with pytest.raises(frappe.ValidationError, match=r"Certificate.* is noted by steps only"):
		reviewing.change(doc, w.author, certificate_no="DC-1")
	assert certificate(w, w.desk).status == 403


@pytest.mark.parametrize("step", ["put_down", "overwrite", "_delete", "certify"])
def test_a_crash_half_way_is_finished_by_the_next_run_and_nothing_is_missing_on_the_certificate(site, monkeypatch, step):
	w = world()
	reviewing.act(archived(w, overwrite_files=1), "Destroy", w.author)
	frappe.db.commit()
	module = files if step == "_delete" else destruction
	real = getattr(module, step)

	class Killed(BaseException):
		pass

	def ends(*args, **kwargs):
		real(*args, **kwargs)
		raise Killed

	with monkeypatch.context() as patched, pytest.raises(Killed):
		patched.setattr(module, step, ends)
		files.remove(w.doc.name)
	files.remove_left()
	doc = frappe.get_doc("Deliverable", w.doc.name)
	assert doc.files_removed_on and doc.certificate_no and not os.path.exists(sealing.path_of(w.url))
	assert [row["name"] for row in json.loads(doc.destroyed_files)] and json.loads(doc.destroyed_files)[0]["sha256"]
