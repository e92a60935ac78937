"""One visit from its plan to its follow-up, on a phone's screen; and a tap that waits for a connection (7.2)."""

import frappe
import pytest
import visiting
from visiting import PERSON, key

PASSWORD = "Wind-turbine-62"
NAME = ".modal.show"


@pytest.fixture
def visit(site, records):
	visiting.templates()
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	frappe.db.commit()
	customer = records.make_customer().name
	with visiting.user(engineer):
		doc = visiting.plan("Field Service Sheet", customer, owner_user=engineer, contact_person=PERSON)
	frappe.db.commit()
	return frappe._dict(doc=doc, engineer=engineer)


class Phone:
	"""What a thumb does on the form of a visit."""

	def __init__(self, page, doc):
		self.page, self.doc = page, doc
		page.wait_for_selector(".ops-visit [data-do]")
		page.wait_for_timeout(1000)

	def stored(self):
		frappe.db.rollback()
		return visiting.fresh(self.doc)

	def until(self, check):
		for _attempt in range(60):
			if check(self.stored()):
				return
			self.page.wait_for_timeout(250)
		raise AssertionError(f"{self.stored().status}: it did not come")

	def tap(self, action):
		self.page.locator(f'.ops-visit [data-do="{action}"]:enabled').first.click()

	def agree(self):
		dialog = self.page.locator(NAME)
		dialog.locator(".modal-footer .btn-primary").last.click()
		dialog.wait_for(state="hidden")

	def answer_yes(self, stage):
		for row in [row for row in self.stored().answers if row.stage == stage and row.required]:
			self.page.locator(f'[data-row="{row.name}"] [data-answer="Yes"]').click()
			self.until(
				lambda doc, row=row: next(r for r in doc.answers if r.name == row.name).answer == "Yes"
			)
			self.page.wait_for_timeout(600)


@pytest.mark.clause("7.2.a", "7.2.b", "7.2.c", "7.2.d")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visit_is_walked_on_a_phone(open_page, visit, language):
	page = open_page(
		f"/app/field-service-sheet/{visit.doc.name}",
		user=visit.engineer,
		password=PASSWORD,
		width=390,
		height=844,
		language=language,
	)
	phone = Phone(page, visit.doc)
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	phone.tap("confirm_details")
	phone.agree()
	phone.answer_yes("Before")
	page.shoot("prepared")
	phone.tap("prepare")
	phone.until(lambda doc: doc.status == "Prepared")
	phone.tap("depart")
	phone.until(lambda doc: doc.departed_on)
	phone.tap("arrive")
	phone.until(lambda doc: doc.status == "On Site")
	for step in ("confirm_arrival", "confirm_work"):
		phone.tap(step)
		phone.agree()
	phone.tap("start_item")
	phone.until(lambda doc: doc.work_items[0].state == "Started")
	phone.tap("finish_item")
	page.locator(f"{NAME} textarea").fill("<b>Runs</b>")
	phone.agree()
	phone.answer_yes("During")
	page.shoot("on-site")
	phone.tap("finish_work")
	phone.agree()
	phone.until(lambda doc: doc.status == "Work Done")
	phone.answer_yes("Before Leaving")
	phone.tap("sign")
	canvas = page.locator(f"{NAME} .signature-field canvas").last
	canvas.scroll_into_view_if_needed()
	box = canvas.bounding_box()
	page.mouse.move(box["x"] + 30, box["y"] + 100)
	page.mouse.down()
	for step in range(20):
		page.mouse.move(box["x"] + 30 + 12 * step, box["y"] + 100 - (step % 5) * 12)
	page.mouse.up()
	page.shoot("signature")
	phone.agree()
	phone.until(lambda doc: doc.customer_signature)
	page.locator(".ops-signature").wait_for()
	page.shoot("signed")
	phone.tap("leave")
	phone.agree()
	phone.until(lambda doc: doc.status == "Left")
	page.locator('.ops-visit [data-do="follow_up"]').wait_for()
	phone.answer_yes("After")
	phone.tap("follow_up")
	phone.until(lambda doc: doc.status == "Followed Up")
	page.shoot("end")


@pytest.mark.clause("7.2.b.1")
def test_a_tap_without_connection_is_told_later(open_page, visit):
	with visiting.user(visit.engineer):
		visiting.prepared(frappe._dict(visit=visit.doc, engineer=visit.engineer))
		visiting.visit_steps.depart(*key(visit.doc))
	frappe.db.commit()
	page = open_page(
		f"/app/field-service-sheet/{visit.doc.name}",
		user=visit.engineer,
		password=PASSWORD,
		width=390,
		height=844,
	)
	phone = Phone(page, visit.doc)
	page.wait_for_timeout(2000)
	page.context.set_offline(True)
	phone.tap("arrive")
	page.locator(".ops-visit-offline").wait_for()
	page.wait_for_timeout(3000)
	assert not phone.stored().arrived_on
	page.context.set_offline(False)
	phone.until(lambda doc: doc.arrived_on)
	doc = phone.stored()
	assert doc.status == "On Site" and 2 <= doc.arrival_waited <= 60 and abs(doc.arrival_offset) <= 2
	page.errors[:] = [error for error in page.errors if "Failed to fetch" not in error]
