"""Photos without a connection: kept on the device through a reload, made small there, sent once; then the gallery (7.2)."""

import io
import os

import frappe
import looks
import phones
import pytest
import visiting
from PIL import Image
from visiting import key

from ops_delivery.services.shared import images as pictures

PASSWORD = "Wind-turbine-62"
ADD = "**/api/method/ops_delivery.api.visits.add_photo"


def large_picture() -> bytes:
	"""Noise that no format makes small: 20 MB as PNG."""
	side = 2600
	kept = io.BytesIO()
	Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(kept, "PNG", compress_level=0)
	return kept.getvalue()


@pytest.fixture
def visit(site, records):
	visiting.templates()
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	with visiting.user(engineer):
		doc = visiting.plan("Field Service Sheet", records.make_customer().name, owner_user=engineer)
	w = visiting.confirmed(frappe._dict(visit=doc, engineer=engineer))
	frappe.db.commit()
	return frappe._dict(doc=w.visit, engineer=engineer)


def photos(doc):
	frappe.db.rollback()
	return frappe.get_all(
		"File",
		filters={"attached_to_name": doc.name, "file_name": ["like", "%.jpg"]},
		fields=["file_name", "file_size"],
	)


def until(page, check):
	for _attempt in range(80):
		if check():
			return
		page.wait_for_timeout(250)
	raise AssertionError("it did not come")


@pytest.mark.clause("7.2.b.3", "8.4.b.1")
def test_a_photo_waits_on_the_device_and_is_sent_once(open_page, visit):
	page = phones.open_visit(open_page, visit.doc, visit.engineer, PASSWORD, language="zh")
	point = next(row for row in visit.doc.answers if row.answer_type == "Photo")
	place = f'[data-row="{point.name}"]'
	page.locator(f"{place} [data-photo]").wait_for(state="attached")
	looks.settled(page)
	page.context.set_offline(True)
	picture = large_picture()
	assert len(picture) > 20_000_000
	page.set_input_files(
		f"{place} [data-photo]", {"name": "before.png", "mimeType": "image/png", "buffer": picture}
	)
	page.locator(f"{place} .ops-photo-waits").wait_for()
	page.locator(f"{place} .ops-photo-waits").evaluate("box => box.scrollIntoView({ block: 'center' })")
	page.shoot("waiting")
	looks.speaks_chinese(page.locator(f"{place} .ops-photo-waits"))
	assert photos(visit.doc) == []

	# the page is loaded anew while the server still does not take it: the photo is still there
	sent = []
	page.route(ADD, lambda route: (sent.append(route.request.post_data_buffer), route.abort()))
	page.context.set_offline(False)
	page.reload()
	page.locator(f"{place} .ops-photo-waits").wait_for()
	until(page, lambda: sent)
	assert photos(visit.doc) == []

	# the server takes it, but its answer is lost: told again, it is not kept twice
	def lose_the_answer(route):
		sent.append(route.request.post_data_buffer)
		route.fetch()
		route.abort()

	page.unroute(ADD)
	page.route(ADD, lose_the_answer)
	page.evaluate("ops_delivery.visit.photos.send()")
	until(page, lambda: len(photos(visit.doc)) == 1)
	page.unroute(ADD)
	looks.settled(page)
	page.evaluate("ops_delivery.visit.later()")
	page.locator(".ops-photo-waits").wait_for(state="detached")
	assert len(photos(visit.doc)) == 1
	assert all(len(body) < 5_000_000 for body in sent)
	assert next(row for row in visiting.fresh(visit.doc).answers if row.name == point.name).photo

	page.locator(".ops-gallery-card summary").click()
	page.locator(".ops-gallery img").evaluate("box => box.scrollIntoView({ block: 'center' })")
	page.wait_for_function("[...document.querySelectorAll('.ops-gallery img')].every(one => one.complete && one.naturalWidth)")
	looks.still(page)
	page.shoot("gallery")
	looks.fits(page)
	looks.speaks_chinese(page.locator(".ops-gallery-card h5"))
	page.errors[:] = [error for error in page.errors if "ERR_FAILED" not in error]


@pytest.mark.clause("7.2.b.3")
def test_a_photo_that_is_refused_stays_until_somebody_decides(open_page, visit):
	page = open_page(
		f"/app/field-service-sheet/{visit.doc.name}",
		user=visit.engineer,
		password=PASSWORD,
	)
	point = next(row for row in visit.doc.answers if row.answer_type == "Photo")
	place = f'[data-row="{point.name}"]'
	page.locator(f"{place} [data-photo]").wait_for(state="attached")
	looks.settled(page)
	page.route(
		ADD,
		lambda route: route.fulfill(
			status=417, json={"_server_messages": '["{\\"message\\": \\"Its stage is over\\"}"]'}
		),
	)
	small = io.BytesIO()
	Image.new("RGB", (40, 40), "green").save(small, "PNG")
	page.set_input_files(
		f"{place} [data-photo]", {"name": "x.png", "mimeType": "image/png", "buffer": small.getvalue()}
	)
	page.locator(".ops-photo-waits .ops-problem", has_text="Its stage is over").wait_for()
	page.shoot("refused")
	page.unroute(ADD)
	page.locator('[data-do="photo_again"]').click()
	page.locator(".ops-photo-waits").wait_for(state="detached")
	until(page, lambda: len(photos(visit.doc)) == 1)
	assert key(visit.doc)
	page.errors[:] = [error for error in page.errors if "417" not in error]


HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 400


@pytest.mark.clause("7.2.b.3")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_photo_that_this_browser_cannot_make_small_does_not_vanish(open_page, visit, language):
	page = phones.open_visit(open_page, visit.doc, visit.engineer, PASSWORD, language=language)
	point = next(row for row in visit.doc.answers if row.answer_type == "Photo")
	place = f'[data-row="{point.name}"]'
	page.locator(f"{place} [data-photo]").wait_for(state="attached")
	# a phone's HEIC, which this browser cannot read: the server says on the photo what to do
	page.set_input_files(f"{place} [data-photo]", {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": HEIC})
	waiting = page.locator(f"{place} .ops-photo-waits .ops-problem")
	waiting.wait_for()
	if not pictures.can_read_heic():
		page.locator(f"{place} .ops-photo-waits", has_text="HEIC").wait_for()
	looks.settled(page)  # it is drawn anew when the answer is there
	waiting.wait_for()
	waiting.evaluate("box => box.scrollIntoView({ block: 'center' })")
	assert ("HEIC" in waiting.inner_text()) or pictures.can_read_heic()
	assert not photos(visit.doc), "nothing was taken"
	page.shoot("heic")
	if language == "zh":
		looks.speaks_chinese(page.locator(f"{place} .ops-photo-waits"), "HEIC", "JPEG")
	page.locator('[data-do="photo_forget"]').click()
	page.locator(".modal.show .modal-footer .btn-primary:visible").click()
	page.locator(".ops-photo-waits").wait_for(state="detached")
	# no memory to draw it small: it is sent as it is
	page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
	small = io.BytesIO()
	Image.new("RGB", (40, 40), "green").save(small, "PNG")
	page.set_input_files(
		f"{place} [data-photo]", {"name": "x.png", "mimeType": "image/png", "buffer": small.getvalue()}
	)
	until(page, lambda: len(photos(visit.doc)) == 1)
	page.errors[:] = [error for error in page.errors if "417" not in error]
