"""No way round the stages of a visit, and nothing of it for the wrong eyes (7.2, 7.3)."""

import base64
import io
import json

import factories
import frappe
import pages
import pytest
import visiting
from frappe.core.doctype.data_import.importer import Importer
from reviewing import user
from visiting import PERSON, key

from ops_delivery.api import visits as api
from ops_delivery.permissions import evidence_rules, owned_records, steps
from ops_delivery.printing import weasy
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.portal import visits as visit_portal
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared import images as pictures
from ops_delivery.services.visits import before_arrival, before_leaving, on_site
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits import rules as visits
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import REQUEST, SESSION, SHEET

BOTH = pytest.mark.parametrize("doctype", [SHEET, SESSION])


@BOTH
@pytest.mark.parametrize("rank", range(1, 6))
def test_a_phase_is_set_by_no_api(site, doctype, rank):
	w = visiting.world(doctype)
	phase = w.visit.meta.get_options("status").split("\n")[rank]
	with user(w.engineer):
		with pytest.raises(frappe.ValidationError, match=r"Phase</strong> of .* noted by steps only"):
			frappe.client.set_value(*key(w.visit), "status", phase)
		with pytest.raises(frappe.ValidationError, match=r"Phase</strong> of .* noted by steps only"):
			visiting.plan(doctype, w.customer, status=phase)
		with pytest.raises(frappe.ValidationError, match=r"Phase</strong> of .* noted by steps only"):
			frappe.client.save({**w.visit.as_dict(), "status": phase})


@BOTH
def test_a_moment_is_set_by_no_api(site, doctype):
	w = visiting.world(doctype)
	values = {
		"Datetime": "2026-03-02 09:00:00",
		"Int": 7,
		"Float": 1.5,
		"Attach Image": "/private/files/x.png",
	}
	with user(w.engineer):
		for table, field in evidence_rules.written_by_steps(doctype):
			if table or field.fieldtype in ("Link", "Select"):
				continue
			doc = visiting.fresh(w.visit)
			doc.set(field.fieldname, values.get(field.fieldtype, "Somebody"))
			with pytest.raises(visits.OnlyBySteps, match="steps only"):
				doc.save()


@pytest.mark.parametrize("state", ["Confirmed", "Started", "Done", "Left Open"])
def test_work_is_done_by_no_api(site, state):
	w = visiting.present(visiting.world())
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		doc.work_items[0].state = state
		with pytest.raises(visits.OnlyBySteps):
			doc.save()
		with pytest.raises(visits.OnlyBySteps):
			visiting.plan(SHEET, w.customer, work_items=[{"work": "x", "state": state}])


@pytest.mark.committed
def test_a_bulk_action_skips_no_stage(site, cleanup):
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs

	w = visiting.world()
	frappe.db.commit()
	with user("Administrator"):
		submit_cancel_or_update_docs(SHEET, json.dumps([w.visit.name]), "update", {"status": "Followed Up"})
	assert visiting.fresh(w.visit).status == "Planned"


def test_an_import_skips_no_stage(site):
	w = visiting.world()
	rows = "Subject,Customer,Company,Content,Phase,Arrived\n"
	rows += f"Imported,{w.customer},{factories.company()},Something,Left,2026-03-02 09:00:00\n"
	file = factories.make(
		"File", file_name=f"{frappe.generate_hash(length=8)}.csv", content=rows, is_private=1
	)
	job = factories.make(
		"Data Import", reference_doctype=SHEET, import_type="Insert New Records", import_file=file.file_url
	)
	Importer(SHEET, data_import=job).import_data()
	assert not frappe.db.exists(SHEET, {"title": "Imported"})


def test_a_frozen_checklist_stays_as_it_was_planned(site):
	w = visiting.world()
	frappe.get_doc("Checklist Template", "On-site visit").update({"enabled": 0}).save(ignore_permissions=True)
	w = visiting.prepared(w)
	assert w.visit.answers
	with user(w.engineer):
		for change, why in (
			(lambda doc: doc.answers[-1].update({"required": 0}), r"^Field Service Answer, row .*Required.* noted by steps only"),
			(lambda doc: doc.answers[-1].update({"question": "Fine?"}), r"^Field Service Answer, row .*Point.* noted by steps only"),
			(lambda doc: doc.set("answers", doc.answers[:-1]), "was fixed when the visit was planned"),
			(lambda doc: doc.append("answers", {"stage": "After", "question": "x", "answer_type": "Text"}), r"Stage.* noted by steps only"),
			(lambda doc: doc.answers[0].update({"answer": "No"}), "its stage is over"),
			(lambda doc: doc.answers[-1].update({"answer": "Yes"}), "is answered from"),
		):
			doc = visiting.fresh(w.visit)
			change(doc)
			with pytest.raises(frappe.ValidationError, match=why):
				doc.save()


def test_what_has_begun_is_not_deleted_and_not_cancelled(site):
	w = visiting.present(visiting.world())
	with pytest.raises(frappe.ValidationError, match="kept as evidence"):
		frappe.delete_doc(*key(w.visit))
	with user(w.engineer), pytest.raises(frappe.ValidationError, match="has begun cannot be cancelled"):
		before_arrival.cancel(*key(w.visit), "No more")
	other = visiting.world().visit
	before_arrival.cancel(*key(other), "The customer is away")
	assert visiting.fresh(other).status == "Cancelled"
	with pytest.raises(frappe.ValidationError, match="does not move on"):
		before_arrival.prepare(*key(other))


@pytest.mark.committed
def test_two_engineers_at_once_lose_nothing(site, in_parallel, cleanup):
	w = visiting.present(visiting.world())
	frappe.db.commit()
	rows = [row.name for row in w.visit.answers if row.stage == "During" and row.required]
	done = in_parallel(
		lambda: visit_checklists.answer(*key(w.visit), rows[0], "Yes"),
		lambda: visit_checklists.answer(*key(w.visit), rows[1], "Yes"),
		lambda: visit_work.confirm_work(*key(w.visit), PERSON),
	)
	assert not [one for one in done if isinstance(one, Exception)]
	frappe.db.rollback()
	doc = visiting.fresh(w.visit)
	assert [row.answer for row in doc.answers if row.name in rows[:2]] == ["Yes", "Yes"]
	assert doc.work_items[0].state == "Confirmed"


@pytest.mark.committed
def test_two_taps_on_arrived_at_once_are_one_arrival(site, in_parallel, cleanup):
	w = visiting.prepared(visiting.world())
	before_arrival.depart(*key(w.visit))
	frappe.db.commit()
	told = in_parallel(*[lambda: on_site.arrive(*key(w.visit))] * 3)
	assert len(set(map(str, told))) == 1
	frappe.db.rollback()
	assert str(visiting.fresh(w.visit).arrived_on) == told[0]


def test_a_stale_form_is_refused(site):
	w = visiting.present(visiting.world())
	with user(w.engineer):
		old = visiting.fresh(w.visit)
		row = next(row for row in old.answers if row.stage == "During")
		visit_checklists.answer(*key(old), row.name, "Yes")
		old.contact_person = "Somebody"
		with pytest.raises(frappe.TimestampMismatchError):
			old.save()


def _url(content: bytes, kind: str = "image/png") -> str:
	return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _blank(colour, *dots: int) -> str:
	"""A sheet with taps at these distances from its left edge."""
	from PIL import Image, ImageDraw

	picture = Image.new("RGBA", (600, 200), colour)
	for left in dots:
		ImageDraw.Draw(picture).ellipse([left, 90, left + 8, 98], fill="black")
	kept = io.BytesIO()
	picture.save(kept, "PNG")
	return _url(kept.getvalue())


@pytest.mark.parametrize(
	"image",
	[
		_url(b"\x89PNG" + b"0" * (20 * 1024 * 1024)),
		_url(b"not a picture at all"),
		_url(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
		_blank("white"),
		_blank((0, 0, 0, 0)),
		_blank("black"),
		_blank("white", 300),
		_blank("white", 100, 300, 500),
		_url(b"GIF89a\x01\x00\x01\x00"),
		_url(b"\x89PNG\r\n\x1a\n" + b"broken"),
		"data:image/png,plain",
		"data:image/png;base64,%%%%",
		"/private/files/other.png",
		"",
	],
	ids=["20 MB", "text", "svg", "white", "transparent", "black", "a tap", "taps", "gif", "broken", "no base64", "bad base64", "an address", "nothing"],
)
@pytest.mark.clause("7.2.c.1")
def test_only_a_real_small_picture_is_a_signature(site, image):
	w = visiting.work_done(visiting.world())
	with user(w.engineer):
		with pytest.raises(frappe.ValidationError, match=r"too large|not a picture|nothing is drawn|box is dark|a dot only|Sign in the box"):
			before_leaving.sign(*key(w.visit), PERSON, image)
	assert not frappe.db.exists("File", {"attached_to_name": w.visit.name})
	assert not signatures.valid(visiting.fresh(w.visit))["Customer"]


def test_a_picture_is_written_anew_and_bombs_are_refused(site):
	from PIL import Image

	kept = io.BytesIO()
	Image.new("1", (9000, 9000)).save(kept, "PNG")
	with pytest.raises(frappe.ValidationError, match="too large"):
		pictures.read(_url(kept.getvalue()), pictures.SIGNATURE)
	clean = pictures.read(visiting.drawing() + "", pictures.SIGNATURE)
	assert b"<script>" not in pictures.rewrite(clean + b"<script>alert(1)</script>", pictures.SIGNATURE)


def _with_photo(w):
	with user(w.engineer):
		row = next(row for row in w.visit.answers if row.answer_type == "Photo")
		return row, visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"))["photo"]


def test_a_photo_is_private_to_its_record(site):
	w = visiting.present(visiting.world())
	_row, url = _with_photo(w)
	file = frappe.get_doc("File", {"file_url": url})
	assert file.is_private and file.attached_to_name == w.visit.name
	for reader in (w.stranger, w.asker, "Guest", factories.make_user(roles=["Employee"]).name):
		with user(reader):
			assert not file.is_downloadable()
			assert not frappe.has_permission("File", "read", doc=file, user=reader)
			with pytest.raises(ValueError):
				weasy.own_file(url)
	with user(w.second):
		assert file.is_downloadable()
	# another record cannot take it up, whoever writes it
	other = visiting.present(visiting.world())
	taken = next(line for line in other.visit.answers if line.answer_type == "Photo")
	with user(other.engineer):
		doc = visiting.fresh(other.visit)
		next(line for line in doc.answers if line.name == taken.name).photo = url
		with pytest.raises(frappe.PermissionError):
			doc.save()
	# nor its PDF, were it forced into the table
	frappe.db.set_value("Field Service Answer", taken.name, "photo", url)
	assert "data:image/jpeg" in documents.html(visiting.fresh(w.visit), SHEET)
	assert "data:image/jpeg" not in documents.html(visiting.fresh(other.visit), SHEET)


HTML = '<img src=x onerror=alert(1)><script>alert(2)</script><b onclick="alert(3)">bold</b>'


def test_html_in_texts_stays_text(site):
	w = visiting.world(
		title=f"T {HTML}", work_content=HTML, site_rules=HTML, work_items=[{"work": HTML, "steps": HTML}]
	)
	w = visiting.left(w)
	for fmt in (SHEET, "Field Service Sheet Blank"):
		page = documents.html(visiting.fresh(w.visit), fmt)
		assert "<script" not in page and "onerror=alert" not in page.replace("&lt;img src=x onerror", "")
	status, shown = pages.get(f"/visits/{w.visit.name}", w.asker)
	assert status == 200 and "bold" in shown
	assert not [bad for bad in ("<script>alert", "<img src=x", '<b onclick="alert') if bad in shown]


@BOTH
def test_a_customer_sees_and_confirms_their_own_visit_only(site, doctype):
	w = visiting.world(doctype)
	assert [row["name"] for row in visit_portal.listed(w.asker)] == [w.visit.name]
	assert visit_portal.listed(w.stranger) == []
	for reader in (w.stranger, "Guest"):
		with user(reader), pytest.raises(frappe.PermissionError):
			visit_portal.visit(w.visit.name, reader)
		with user(reader), pytest.raises(frappe.PermissionError):
			before_arrival.confirm_details(*key(w.visit), "Me", by_customer=True)
	with user(w.engineer), pytest.raises(frappe.PermissionError):  # staff are not the customer
		before_arrival.confirm_details(*key(w.visit), "Me", by_customer=True)
	with user(w.asker):
		assert visit_portal.visit(w.visit.name, w.asker)["asked"] == ["details"]
		visit_portal.act(w.visit.name, w.asker, {"what": "details"})
		with pytest.raises(frappe.PermissionError):  # the steps of the desk are not theirs
			api.prepare(*key(w.visit))
		with pytest.raises(frappe.PermissionError):
			api.situation(*key(w.visit))
	name = frappe.utils.get_fullname(w.asker)
	assert visiting.fresh(w.visit).confirmed_with == name
	with user(w.engineer):
		visiting.answer_stage(w.visit, "Before")
		before_arrival.prepare(*key(w.visit))
		if doctype == SHEET:
			before_arrival.depart(*key(w.visit))
		on_site.arrive(*key(w.visit))
	with user(w.asker):
		for what in ("arrival", "work"):
			visit_portal.act(w.visit.name, w.asker, {"what": what})
	with user(w.engineer):
		item = visiting.fresh(w.visit).work_items[0].name
		visit_work.start(*key(w.visit), item)
		visit_work.finish(*key(w.visit), item)
		visiting.answer_stage(w.visit, "During", "Before Leaving")
		on_site.finish_work(*key(w.visit), "Job Done")
	with user(w.asker):
		shown = visit_portal.visit(w.visit.name, w.asker)
		assert shown["asked"] == (["sign", "permission"] if doctype == SHEET else ["permission"])
		if doctype == SHEET:
			form = {"what": "sign", "content": shown["text"], "agreed": "1", "image": visiting.drawing()}
			with pytest.raises(frappe.ValidationError, match="has changed since it was shown"):
				visit_portal.act(w.visit.name, w.asker, {**form, "content": "another"})
			visit_portal.act(w.visit.name, w.asker, form)
			assert signatures.valid(visiting.fresh(w.visit))["Customer"].user == w.asker
		visit_portal.act(w.visit.name, w.asker, {"what": "permission"})
	with user(w.engineer):
		before_leaving.leave(*key(w.visit))
	doc = visiting.fresh(w.visit)
	assert (doc.leave_permitted_by, doc.status) == (name, "Left" if doctype == SHEET else "Ended")


@BOTH
def test_the_generic_doors_stay_shut_for_the_customers_side(site, doctype):
	w = visiting.world(doctype)
	from ops_delivery.permissions import list_conditions, ownership

	for reader in (w.asker, w.stranger):
		assert not owned_records.has_website_permission(w.visit, "read", reader)
		with user(reader), pytest.raises(frappe.PermissionError):
			frappe.get_list(doctype)
		assert not frappe.has_permission(doctype, "read", doc=w.visit, user=reader)
	assert list_conditions.staff_only(w.asker) == "1=0"
	assert REQUEST


@pytest.mark.clause("8.4.b.1")
def test_the_sheet_is_printed_whole_in_both_languages(site):
	pypdf = pytest.importorskip("pypdf")
	w = visiting.left(visiting.world(title="更换核心交换机"))
	before = frappe.local.lang
	try:
		for lang in ("en", "zh"):
			frappe.local.lang = lang
			for fmt in (SHEET, "Field Service Sheet Blank"):
				pdf = pypdf.PdfReader(io.BytesIO(documents.pdf(visiting.fresh(w.visit), fmt)))
				said = "".join(page.extract_text() for page in pdf.pages)
				assert w.visit.name in said and "更换核心交换机" in said and "Swap the switch" in said
				assert ("SHA-256" in said) == (fmt == SHEET)
	finally:
		frappe.local.lang = before


def test_the_customers_page_shows_each_phase_escaped(site):
	from test_portal import get as visit_page

	w = visiting.world(title=f"T {HTML}", work_content=HTML)
	for bring in (None, visiting.confirmed, visiting.work_done, visiting.left):
		if bring:
			w = bring(frappe._dict(w, visit=_again(w)))
		status, page = visit_page(f"/visits/{w.visit.name}", w.asker)
		assert status == 200 and w.visit.name in page
		assert "<script>alert" not in page and "<img src=x" not in page
	assert visit_page(f"/visits/{w.visit.name}", w.stranger)[0] == 403


def _again(w):
	with user(w.engineer):
		return visiting.plan(SHEET, w.customer, owner_user=w.engineer, title=f"T {HTML}", work_content=HTML)
