"""The forms an administrator sets the rules up with: what they show before anything is saved (5.2.a, 5.3.d, 6.3.d)."""

from urllib.parse import quote

import factories
import frappe
import looks
import pytest
import scenario

PASSWORD = "Wind-turbine-62"
LOOKS = pytest.mark.parametrize("width, language", [(1440, "zh"), (390, "zh"), (390, "en")])


@pytest.fixture
def manager(records):
	return records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name


@pytest.fixture
def open_form(open_page, manager):
	"""open_form(document, …) → the page when its form is there."""

	def open_form(doctype, name, user=manager, **options):
		frappe.db.commit()
		slug = doctype.lower().replace(" ", "-")
		page = open_page(f"/app/{slug}/{quote(name, safe='')}", user=user, **options)
		page.wait_for_function("name => window.cur_frm?.doc?.name === name && !cur_frm.is_dirty()", arg=name)
		page.locator(".form-layout:visible").first.wait_for()
		return page

	return open_form


def look(page, language: str, *ours: str, data=()) -> None:
	"""The page fits; in Chinese, the labels of the form and what we draw in it are Chinese."""
	looks.fits(page)
	page.shoot("form")
	if language == "zh":
		looks.speaks_chinese(page.locator(".form-layout:visible").first, *data, *typed(page))
		for selector in ours:
			looks.speaks_chinese(page.locator(selector), *data, *typed(page))


def typed(page) -> list[str]:
	"""Values of the form's own records: names people gave, which nobody translates."""
	return page.evaluate(
		"""() => {
			const skip = new Set(["Select", "Section Break", "Column Break", "HTML"]);
			const values = (doctype, doc) => frappe.get_meta(doctype).fields
				.filter(f => !skip.has(f.fieldtype) && typeof doc[f.fieldname] === "string")
				.map(f => doc[f.fieldname]);
			const tables = cur_frm.meta.fields.filter(f => f.fieldtype === "Table");
			return [cur_frm.doc.name, ...values(cur_frm.doctype, cur_frm.doc),
				...tables.flatMap(t => (cur_frm.doc[t.fieldname] || []).flatMap(row => values(t.options, row)))];
		}"""
	)


def set_value(page, fieldname: str, value) -> None:
	"""Set a field of the open dialog as its control would."""
	page.evaluate(
		"async ([field, value]) => { await cur_dialog.set_value(field, value); }", [fieldname, value]
	)


def press(page, label: str, group: str = "") -> None:
	"""A button of the form by its English label: on top of a wide page, in the menu of a narrow one."""
	label, group = page.evaluate("texts => texts.map(text => __(text))", [label, group])
	if page.viewport_size["width"] < 768:
		page.locator(".menu-btn-group:visible > button").click()
		page.locator(".menu-btn-group .dropdown-menu.show").get_by_text(label).click()
	elif group:
		page.locator(".inner-group-button:visible > button", has_text=group).click()
		page.locator(".inner-group-button .dropdown-menu.show").get_by_text(label).click()
	else:
		page.locator(".custom-actions:visible").get_by_role("button", name=label).click()


def save(page) -> None:
	page.locator(".page-head:visible .primary-action").click()
	page.wait_for_function("!cur_frm.is_dirty() && !frappe.request.ajax_count")


# Service Calendar


@LOOKS
def test_a_calendar_shows_its_year(open_form, site, width, language):
	page = open_form("Service Calendar", scenario.calendar().name, width=width, language=language)
	page.locator(".ops-month").nth(11).wait_for()
	look(page, language, ".ops-year", ".ops-what-if")
	page.locator(".ops-what-if button[data-fieldname=work_out]").click()
	page.locator(".ops-deadline").wait_for()
	look(page, language, ".ops-what-if-answer")


def test_hours_that_overlap_are_seen_before_saving(open_form, site):
	page = open_form("Service Calendar", scenario.calendar().name)
	page.locator(".ops-month").nth(11).wait_for()
	page.evaluate(
		"""async () => {
			const row = cur_frm.doc.windows[1];
			await frappe.model.set_value(row.doctype, row.name, "start_time", "11:00:00");
		}"""
	)
	page.locator(".ops-year .ops-objection").wait_for()
	page.errors.clear()  # the server's objection itself


@LOOKS
def test_a_year_is_filled_from_a_holiday_list(open_form, site, width, language):
	days = {"2026-05-01": "劳动节", "2026-10-01": "国庆节", "2026-10-03": "国庆节（周六）"}
	holidays = factories.make(
		"Holiday List",
		holiday_list_name=factories.unique("节假日"),
		from_date="2026-01-01",
		to_date="2026-12-31",
		holidays=[{"holiday_date": day, "description": text} for day, text in days.items()],
	)
	calendar = scenario.calendar()
	page = open_form("Service Calendar", calendar.name, width=width, language=language)
	choose_filling(page, "From a Holiday List")
	dialog = page.locator(looks.ASKING)
	set_value(page, "holiday_list", holidays.name)
	set_value(page, "year", 2026)
	dialog.locator(".ops-fill-rows tbody tr").nth(2).wait_for()
	page.keyboard.press("Tab")
	look(page, language, ".modal.show .modal-content", data=(holidays.name,))
	page.shoot("dialog")
	dialog.locator(".modal-footer .btn-modal-primary").click()
	dialog.wait_for(state="hidden")
	save(page)
	frappe.db.rollback()
	rows = frappe.get_doc("Service Calendar", calendar.name).exceptions
	assert [(str(row.date), row.kind) for row in rows] == [(day, "Holiday") for day in days]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_year_is_filled_with_make_up_workdays(open_form, site, language):
	calendar = scenario.calendar()
	page = open_form("Service Calendar", calendar.name, language=language)
	choose_filling(page, "From the public calendar")
	dialog = page.locator(looks.ASKING)
	page.wait_for_function("cur_dialog.fields_dict.country?._data?.length")
	set_value(page, "country", "CN")
	set_value(page, "year", 2026)
	dialog.locator(".ops-fill-rows tbody tr").nth(10).wait_for()
	assert dialog.locator(".ops-fill p", has_text="chinesecalendar").count()
	look(page, language, ".modal.show .modal-content")
	page.shoot("dialog")
	dialog.locator(".modal-footer .btn-modal-primary").click()
	dialog.wait_for(state="hidden")
	page.locator(".ops-days .ops-makeup").first.wait_for()
	save(page)
	frappe.db.rollback()
	kinds = {row.kind for row in frappe.get_doc("Service Calendar", calendar.name).exceptions}
	assert kinds == {"Holiday", "Make-up Workday"}


def choose_filling(page, label: str) -> None:
	page.locator(".ops-month").nth(11).wait_for()
	press(page, label, group="Fill a year")
	page.wait_for_function("window.cur_dialog")


# Escalation Policy


@LOOKS
def test_a_policy_shows_what_happens_when(open_form, site, width, language):
	page = open_form("Escalation Policy", scenario.policy().name, width=width, language=language)
	lines = page.locator(".ops-policy-list li")
	lines.nth(4).wait_for()
	assert lines.count() == len(scenario.STEPS) + 2  # with the start and the deadline
	look(page, language, ".ops-policy")
	page.evaluate(
		"""async () => {
			const row = cur_frm.doc.steps[0];
			await frappe.model.set_value(row.doctype, row.name, "amount", 50);
		}"""
	)
	expected = {"en": "at 2 h", "zh": "2 小时"}[language]  # half of the example's four hours
	page.locator(".ops-policy-list li", has_text=expected).first.wait_for()


# Clock Definition


@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "zh")])
def test_conditions_are_tried_on_a_record(open_form, site, width, language):
	issue = scenario.issue(scenario.agreement(), subject="断网")
	name = frappe.get_value("Clock Definition", {"commitment": "Restore", "document_type": "Issue"})
	page = open_form("Clock Definition", name, width=width, language=language)
	page.locator(".ops-field-list tr").first.wait_for()
	looks.fits(page)
	press(page, "Try on a record")
	page.wait_for_function("window.cur_dialog")
	dialog = page.locator(looks.ASKING)
	set_value(page, "record", issue.name)
	page.keyboard.press("Tab")
	dialog.locator(".btn-modal-primary").click()
	dialog.locator(".indicator-pill.green").first.wait_for()  # it starts
	assert dialog.locator(".indicator-pill").count() >= 3
	conditions = dialog.locator("code").all_inner_texts()
	look(page, "en")
	if language == "zh":
		looks.speaks_chinese(dialog.locator(".modal-content"), issue.name, *conditions)
	page.shoot("tried")


# Priority Matrix


@LOOKS
def test_a_matrix_is_filled_in_as_a_grid(open_form, site, width, language):
	scenario.basics()
	matrix = scenario.matrix()
	page = open_form("Priority Matrix", matrix.name, width=width, language=language)
	cells = page.locator(".ops-matrix select")
	cells.first.wait_for()
	assert cells.count() == frappe.db.count("Service Urgency") * frappe.db.count("Service Importance")
	look(page, language, ".ops-matrix")
	cell = page.locator('.ops-matrix select[data-urgency="Urgent"][data-importance="Important"]')
	cell.select_option("Urgent")
	save(page)
	frappe.db.rollback()
	saved = frappe.get_doc("Priority Matrix", matrix.name).cells
	assert [c.priority for c in saved if (c.urgency, c.importance) == ("Urgent", "Important")] == ["Urgent"]


# Ops Delivery Settings


@LOOKS
def test_the_settings_say_how_the_engine_is(open_page, site, width, language):
	page = open_page("/app/ops-delivery-settings", user="Administrator", width=width, language=language)
	status = page.locator("[data-fieldname=health] [role=status]")
	status.locator(".indicator-pill").wait_for()
	assert status.locator("dt").count() == 6
	with page.expect_response("**/ops_delivery.api.health.status"):
		status.locator("button").click()
	status.locator(".indicator-pill").wait_for()
	look(page, language, "[data-fieldname=health] [role=status]", data=("common_site_config.json", "scheduler_tick_interval"))


# Service Agreement


def open_promises(page):
	page.locator("#service-agreement-tab_promise-tab").click()
	page.locator(".ops-targets tbody tr").nth(3).wait_for()


@LOOKS
def test_an_agreement_shows_its_targets(open_form, site, width, language):
	agreement = scenario.agreement()
	page = open_form("Service Agreement", agreement.name, width=width, language=language)
	open_promises(page)
	assert page.locator(".ops-targets thead th").count() == len(scenario.PRIORITIES) + 1
	looks.fits(page)
	page.shoot("form")
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-targets"), *typed(page))


def test_all_targets_are_typed_in_one_table(open_form, site):
	agreement = scenario.agreement(submit=False)
	page = open_form("Service Agreement", agreement.name)
	open_promises(page)
	page.locator(".ops-targets button").click()
	dialog = page.locator(looks.ASKING)
	cell = dialog.locator('input[data-commitment="Restore"][data-priority="High"]')
	cell.fill("soon")
	dialog.locator(".btn-modal-primary").click()
	dialog.locator("[role=alert]", has_text="soon").wait_for()
	cell.fill("2h 30m")
	page.shoot("table")
	dialog.locator(".btn-modal-primary").click()
	dialog.wait_for(state="hidden")
	assert "2 h 30 min" in page.locator(".ops-targets tbody").inner_text()
	save(page)
	frappe.db.rollback()
	targets = frappe.get_doc("Service Agreement", agreement.name).targets
	assert [t.target for t in targets if (t.commitment, t.priority) == ("Restore", "High")] == [9000]
	assert len(targets) == len(agreement.targets)


def test_the_settings_say_what_a_switch_does_before_it_is_saved(open_page):
	page = open_page("/app/ops-delivery-settings", user="Administrator", width=1280, language="en")
	page.wait_for_selector(".ops-switches")
	page.locator('[data-fieldname="portal_for"] select').select_option("Nobody")
	page.get_by_text("When you save this:").wait_for()
	page.get_by_text("The portal is off: home page").wait_for()
	page.shoot("settings-switches")
	page.keyboard.press("Control+s")
	page.get_by_text("Saving switches this:").wait_for()
	page.locator(".modal.show .btn-modal-secondary, .modal.show .btn-secondary").first.click()
	looks.left(page)
	looks.settled(page)
	assert page.evaluate("cur_frm.is_dirty()"), "not saved"
