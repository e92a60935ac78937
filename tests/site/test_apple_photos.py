"""A phone's HEIC by Frappe's own uploader on the desk: kept as JPEG, or refused with a word (7.2.c.1)."""

import base64
import io
from pathlib import Path

import factories
import frappe
import planning
import pytest
import wire
from PIL import Image

from ops_delivery.services.shared import images as pictures

pytestmark = pytest.mark.committed
HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\xff" * 40


def jpeg() -> bytes:
	made = io.BytesIO()
	Image.new("RGB", (8, 8), "red").save(made, "JPEG")
	return made.getvalue()


@pytest.fixture
def w(site):
	manager = factories.make_user(roles=["Service Delivery Manager", "Service Desk"], new_password=wire.PASSWORD).name
	plan = planning.plan()
	frappe.db.commit()
	return frappe._dict(manager=manager, plan=plan, visitor=wire.Visitor(site, manager))


def by_the_side_bar(w, **more):
	form = {"doctype": w.plan.doctype, "docname": w.plan.name, "is_private": "1", **more}
	return w.visitor.ask("POST", "/api/method/upload_file", {"file": (io.BytesIO(HEIC), "IMG_1.HEIC"), **form})


def by_a_jpegs_name(w):
	"""As chat programs rename it. Frappe reads what is named so before it asks anybody."""
	form = {"doctype": w.plan.doctype, "docname": w.plan.name, "is_private": "1"}
	return w.visitor.ask("POST", "/api/method/upload_file", {"file": (io.BytesIO(HEIC), "IMG_1.jpg"), **form})


def by_a_field(w):
	return by_the_side_bar(w, fieldname="documents_file")


def by_a_comment(w):
	picture = base64.b64encode(HEIC).decode()
	form = {
		"reference_doctype": w.plan.doctype,
		"reference_name": w.plan.name,
		"content": f'<div><p>See</p><img src="data:image/heic;base64,{picture}"></div>',
		"comment_email": w.manager,
		"comment_by": w.manager,
	}
	return w.visitor.ask("POST", "/api/method/frappe.desk.form.utils.add_comment", form)


def attached(w):
	frappe.db.rollback()
	names = frappe.get_all("File", {"attached_to_name": w.plan.name}, pluck="name")
	return [frappe.get_doc("File", name) for name in names]


WAYS = [by_the_side_bar, by_a_field, by_a_comment, by_a_jpegs_name]


@pytest.mark.parametrize("way", WAYS)
def test_it_is_refused_with_a_word_where_it_cannot_be_converted(w, way, monkeypatch):
	monkeypatch.setattr(pictures, "can_read_heic", lambda: False)
	answer = way(w)
	assert answer.status == 417, answer.text[:500]
	assert "HEIC" in answer.said() and "Send it as JPEG" in answer.said()
	assert not attached(w)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_kept_as_jpeg_where_it_can(w, way, monkeypatch):
	monkeypatch.setattr(pictures, "from_heic", lambda content, said: jpeg())
	answer = way(w)
	assert answer.status == 200, answer.text[:500]
	(file,) = attached(w)
	assert file.file_name.endswith(".jpg") and file.file_url.endswith(".jpg")
	assert file.file_type in ("JPG", "JPEG")
	assert Path(file.get_full_path()).read_bytes().startswith(b"\xff\xd8")
	frappe.delete_doc("File", file.name)
	frappe.db.commit()


def test_what_is_named_jpeg_and_is_no_picture_is_refused_with_a_word(w):
	form = {"doctype": w.plan.doctype, "docname": w.plan.name, "is_private": "1"}
	sent = {"file": (io.BytesIO(b"MZ" + b"\0" * 40), "evil.jpg"), **form}
	answer = w.visitor.ask("POST", "/api/method/upload_file", sent)
	assert answer.status == 417 and "is not a picture" in answer.said(), answer.text[:500]
	assert not attached(w)


def test_what_is_no_record_of_ours_stays_as_it_came(w, site):
	todo = factories.make("ToDo", description="Host", allocated_to=w.manager)
	frappe.db.commit()
	form = {"doctype": "ToDo", "docname": todo.name, "is_private": "1"}
	answer = w.visitor.ask("POST", "/api/method/upload_file", {"file": (io.BytesIO(HEIC), "IMG_2.HEIC"), **form})
	assert answer.status == 200, answer.text[:500]
	(name,) = frappe.get_all("File", {"attached_to_name": todo.name}, pluck="name")
	assert Path(frappe.get_doc("File", name).get_full_path()).read_bytes() == HEIC
	frappe.delete_doc("File", name)
	frappe.db.commit()


def test_a_paper_that_was_uploaded_for_nothing_yet_is_refused_when_it_is_used(w):
	answer = w.visitor.ask("POST", "/api/method/upload_file", {"file": (io.BytesIO(HEIC), "IMG_3.HEIC"), "is_private": "1"})
	url = answer.json["message"]["file_url"]
	form = {"doctype": w.plan.doctype, "name": w.plan.name, "party": "Customer", "signer_name": "Chen", "attachment": url}
	answer = w.visitor.ask(
		"POST", "/api/method/ops_delivery.api.reviews.record_signature", {**form, "signed_on": "2026-03-02 09:00:00"}
	)
	assert answer.status == 417 and "HEIC" in answer.said()
