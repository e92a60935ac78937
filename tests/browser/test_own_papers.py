"""Papers of one's own in the browser: the fields beside the template, what is wrong said at saving, a paper from the visit's menu."""

import io

import factories
import frappe
import looks
import pytest
from docx import Document

from ops_delivery.services.own_papers import registry, starters
from ops_delivery.services.shared.locale import reading

PASSWORD = "Wind-turbine-82"


@pytest.fixture
def world(records):
	w = frappe._dict(manager=records.make_user(roles=["Service Delivery Manager", "Field Engineer"], new_password=PASSWORD).name)
	w.customer = records.make_customer().name
	w.visit = records.make(
		"Field Service Sheet",
		title=factories.unique("更换核心交换机"),
		customer=w.customer,
		company=factories.company(),
		owner_user=w.manager,
		work_content="核心交换机",
		risk="Ordinary",
		work_items=[{"work": "更换", "steps": "断电、更换"}],
	)
	with reading("zh"):
		content = starters.of(registry.of("Field Service Sheet"))
	file = records.make("File", file_name=factories.unique("paper") + ".docx", content=content, is_private=1)
	w.template = records.make(
		"Paper Template", template_name=factories.unique("现场服务单"), document_type="Field Service Sheet", file=file.file_url, enabled=1, output="Word and PDF", language="zh"
	)
	frappe.db.commit()
	return w


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_fields_stand_beside_the_template_on_a_desk_and_a_phone(open_page, world, language):
	for width in (1440, 390):
		page = open_page(f"/app/paper-template/{world.template.name}", user=world.manager, password=PASSWORD, width=width, language=language)
		listed = page.locator("[data-fieldname='fields_html'] tbody tr")
		listed.first.wait_for()
		assert listed.count() > 60
		said = page.locator("[data-fieldname='fields_html']").inner_text()
		assert "{{ row.old_serial_no }}" in said and ("Customer name" if language == "en" else "客户名称") in said
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"template-{width}")


def test_a_visit_is_made_on_the_template_from_its_menu(open_page, world):
	page = open_page(f"/app/field-service-sheet/{world.visit.name}", user=world.manager, password=PASSWORD, language="zh")
	page.locator(".menu-btn-group button").first.click()
	page.get_by_text("自有单据（Word）").first.click()
	dialog = page.locator(".modal.show")
	dialog.get_by_text("生成单据").wait_for()
	looks.settled(page)
	page.shoot("dialog")
	with page.expect_download() as found:
		dialog.get_by_role("button", name="生成单据").click()
	name = found.value.suggested_filename
	assert name.endswith(".docx") and world.visit.name in name
	document = Document(io.BytesIO(open(found.value.path(), "rb").read()))
	assert world.visit.title in "\n".join(line.text for line in document.paragraphs)
