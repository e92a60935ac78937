"""One visit from its plan to its follow-up, on a phone's screen; and a tap that waits for a connection (7.2)."""

import frappe
import looks
import phones
import pytest
import visiting
from visiting import PERSON, key

PASSWORD = "Wind-turbine-62"


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
		looks.settled(page)

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
		dialog = self.page.locator(looks.ASKING)
		dialog.locator(".modal-footer .btn-primary").last.click()
		dialog.wait_for(state="hidden")

	def answer_yes(self, stage):
		for row in [row for row in self.stored().answers if row.stage == stage and row.required]:
			self.page.locator(f'[data-row="{row.name}"] [data-answer="Yes"]').click()
			self.until(
				lambda doc, row=row: next(r for r in doc.answers if r.name == row.name).answer == "Yes"
			)
			looks.settled(self.page)


@pytest.mark.clause("7.2.a", "7.2.b", "7.2.c", "7.2.d")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visit_is_walked_on_a_phone(open_page, visit, language):
	page = phones.open_visit(open_page, visit.doc, visit.engineer, PASSWORD, language=language)
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
	page.locator(f"{looks.ASKING} textarea").fill("<b>Runs</b>")
	phone.agree()
	phone.answer_yes("During")
	page.shoot("on-site")
	phone.tap("finish_work")
	phone.agree()
	phone.until(lambda doc: doc.status == "Work Done")
	phone.answer_yes("Before Leaving")
	phone.tap("sign")
	canvas = page.locator(f"{looks.ASKING} .signature-field canvas").last
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
		visiting.before_arrival.depart(*key(visit.doc))
	frappe.db.commit()
	page = phones.open_visit(open_page, visit.doc, visit.engineer, PASSWORD)
	phone = Phone(page, visit.doc)
	looks.settled(page)
	page.context.set_offline(True)
	phone.tap("arrive")
	page.locator(".ops-visit-offline").wait_for()
	page.wait_for_timeout(3000)  # so long is there no connection: the server says afterwards how late it heard
	assert not phone.stored().arrived_on
	page.context.set_offline(False)
	phone.until(lambda doc: doc.arrived_on)
	doc = phone.stored()
	assert doc.status == "On Site" and 2 <= doc.arrival_waited <= 60 and abs(doc.arrival_offset) <= 2
	page.errors[:] = [error for error in page.errors if "Failed to fetch" not in error]


TOLD_BY_TWO = """async () => {
	const KEY = "ops_delivery_visit_outbox";
	const rows = [1, 2, 3].map((number) => (
		{ id: `t${number}`, user: frappe.session.user, method: "answer", args: { name: "x", number }, tapped: number }
	));
	const keep = (kept) => localStorage.setItem(KEY, JSON.stringify(kept));
	const [told, real] = [[], window.fetch];
	keep(rows);
	window.fetch = async (url, options) => {
		if (!String(url).includes("api.visits.answer")) return real(url, options);
		const { number } = JSON.parse(options.body);
		told.push(number);
		if (number === 1) keep(rows.slice(1)); // another tab has told it meanwhile
		if (number === 3 && told.filter((one) => one === 3).length === 1) {
			return new Response('{"session_expired": 1}', { status: 403 });
		}
		return new Response("{}", { status: 200 });
	};
	await Promise.all([ops_delivery.visit.flush(), ops_delivery.visit.flush()]);
	const kept = JSON.parse(localStorage.getItem(KEY)).map((row) => row.id);
	await ops_delivery.visit.flush();
	window.fetch = real;
	return { told, kept, left: JSON.parse(localStorage.getItem(KEY)) };
}"""


def test_taps_that_two_tabs_tell_are_all_told_and_kept_until_they_are(open_page, visit):
	page = open_page(f"/app/field-service-sheet/{visit.doc.name}", user=visit.engineer, password=PASSWORD)
	page.locator('.ops-visit [data-do="confirm_details"], .ops-visit [data-do]').first.wait_for()
	found = page.evaluate(TOLD_BY_TWO)
	assert found == {"told": [1, 2, 3, 3], "kept": ["t3"], "left": []}


def test_a_form_does_each_thing_once_however_many_forms_were_opened(open_page, visit):
	"""Files that several forms need come with each of them."""
	count = """() => Object.fromEntries(["Field Service Sheet", "Issue", "Service Agreement", "Delivery Activity"]
		.map((name) => [name, (frappe.ui.form.handlers[name]?.refresh || []).length]))"""
	page = open_page("/app/delivery-activity/new", user="Administrator")
	page.wait_for_function("cur_frm?.doctype === 'Delivery Activity'")
	page.goto(f"/app/field-service-sheet/{visit.doc.name}")
	page.wait_for_function("cur_frm?.doctype === 'Field Service Sheet'")
	first = page.evaluate(count)
	for form in ("remote-support-session", "service-leftover", "communication", "task", "service-agreement"):
		page.evaluate("form => frappe.set_route('Form', form, 'new')", form.replace("-", " ").title())
		page.wait_for_function("name => cur_frm?.doctype === name", arg=form.replace("-", " ").title())
		page.wait_for_function("!frappe.request.ajax_count")
		again = page.evaluate(count)
		assert again["Field Service Sheet"] == first["Field Service Sheet"], form
	page.errors.clear()
