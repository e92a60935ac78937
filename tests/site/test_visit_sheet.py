"""The sheet of a visit as service companies use it: one page, its parts in their order, annexes only where filled (7.2.c.1)."""

import io
import shutil

import factories
import frappe
import pages
import papers
import pytest
import scenario
import visiting
from reviewing import user
from scenario import MONDAY, hours

from ops_delivery.services.papers import prints as documents
from ops_delivery.services.papers import qr, visit_facts
from ops_delivery.services.reviews import signatures
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.shared import locale
from ops_delivery.services.visits import before_leaving
from ops_delivery.services.visits.types import SHEET

pypdf = pytest.importorskip("pypdf")
pytestmark = [
	pytest.mark.clause("7.2.c.1", "8.4.b.1"),
	pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed"),
]
BLANK = "Field Service Sheet Blank"
LONG = "更换核心交换机，核对端口与标签，逐一登记。Replace the switch, check each port and label. " * 3
ORDER = {
	"en": (
		"Field Service Sheet|Customer name|Place of service|Agreement No.|Equipment|Brand / model|Warranty|Kind of service"
		"|☑ Fault Handling|☐ Inspection|☐ Installation and Setup|☐ Training|☐ Other|Urgency|☑ Urgent|☑ In contract|☐ Outside contract"
		"|Reported|Taken on|Agreed arrival|Arrived|Finished|Left|Symptom|Nobody gets into the network|Cause|The power supply failed"
		"|Treatment|Swap the switch|Result|☑ Solved|☐ Not solved|☐ Left over|Replaced part|Model|Old serial No.|New serial No."
		"|Power supply|OLD-1|NEW-1|Free of|Customer's|☐ Very Satisfied|☑ Satisfied|Quick work|Engineer's signature|Customer's signature (seal)"
		"|Service hotline: 400-820-5566|In two copies"
	),
	"zh": (
		"现场服务单|客户名称|服务地点|协议编号|设备名称|品牌型号|购置／保修|服务类型|☑ 故障处理|☐ 巡检|☐ 安装调试|☐ 培训|☐ 其他|紧急程度|☑ 紧急"
		"|☑ 合同内|☐ 合同外|报修|受理|约定上门|到达|完成|离开|故障现象|Nobody gets into the network|原因分析|The power supply failed|处理过程|Swap the switch"
		"|处理结果|☑ 已解决|☐ 未解决|☐ 遗留|更换备件|型号|数量|旧件序列号|新件序列号|是否收费|Power supply|OLD-1|NEW-1|免费|客户评价|☐ 非常满意|☑ 满意"
		"|Quick work|工程师签字|客户签字（盖章）|服务热线：400-820-5566|一式两份"
	),
}


@pytest.fixture
def w(site):
	"""An ordinary job: a request, an object, one item of work, one part, done and signed; no checklist was asked for."""
	agreement = scenario.agreement()
	agreement.channels[0].db_set({"channel": "Phone", "address": "400-820-5566"})
	thing = factories.make(
		"Service Object",
		object_name="Core switch A",
		customer=agreement.customer,
		kind="Other",
		importance="Important",
		brand_model="H3C S7506E",
		serial_no="SN-0001",
		asset_number="ZC-0457",
		purchase_date="2023-05-16",
		warranty_until="2030-05-15",
	)
	issue = scenario.judge_valid(
		scenario.issue(agreement, subject="Nobody gets into the network", description="<p>Since half past eight.</p>"),
		MONDAY + hours(1),
	)
	issue.db_set("first_responded_on", "2026-03-02 09:12:30")
	w = visiting.world(
		customer=agreement.customer,
		agreement=agreement.name,
		service_object=thing.name,
		service_content="Response Support",
		reference_doctype="Issue",
		reference_name=issue.name,
		promised_on="2026-03-02 11:00:00",
		site_address="Zhangjiang Road 88",
		parts=[{"description": "Power supply", "quantity": 1, "used": 1, "serial_no": "NEW-1", "old_serial_no": "OLD-1", "charge": "Free of Charge"}],
	)
	visiting.work_done(w)
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		doc.update({"cause": "The power supply failed", "customer_rating": "Satisfied", "customer_remarks": "Quick work"})
		doc.save()
		visiting.answer_stage(doc, "Before Leaving")
		before_leaving.sign(SHEET, doc.name, visiting.PERSON, visiting.drawing(), "Head of IT")
	w.visit = visiting.fresh(w.visit)
	return w


def without_checklist(w):
	frappe.db.delete("Field Service Answer", {"parent": w.visit.name})
	return visiting.fresh(w.visit)


def printed(doc, language: str, print_format: str = SHEET, **more) -> bytes:
	with locale.reading(language):
		return documents.pdf(frappe.get_doc(doc.doctype, doc.name), print_format, **more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_ordinary_job_is_one_page_with_its_parts_in_their_order(w, language):
	content = printed(without_checklist(w), language)
	assert len(papers.laid_out(content)) == 1
	papers.in_order(papers.said(content), *ORDER[language].split("|"))
	for value in ("SN-0001", "ZC-0457", "H3C S7506E", "Core switch A", "Zhangjiang Road 88", w.visit.name):
		assert value in papers.said(content)
	assert not papers.faults(content)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("print_format", [SHEET, BLANK])
def test_it_stays_one_page_with_a_letter_head_and_for_a_pen(w, language, print_format):
	letter_head = factories.make(
		"Letter Head",
		letter_head_name=factories.unique("Letters"),
		source="HTML",
		content='<div style="height: 25mm"><b>Our house</b></div>',
	)
	letter_head.db_set("footer", "<p>Call us at any hour</p>")
	content = printed(without_checklist(w), language, print_format, letterhead=letter_head.name)
	assert len(papers.laid_out(content)) == (1 if print_format == SHEET else 2)  # for a pen with what is taken along
	first = "".join(word for word, _box in papers.laid_out(content)[0])
	assert "Intwocopies" in first or "一式两份" in first
	assert "Our house" in papers.said(content) and "Call us at any hour" in papers.said(content)
	assert frappe.db.get_value(SHEET, w.visit.name, "company") not in papers.said(content)  # the letter head stands for it
	assert ("☑ Solved" in papers.said(content) or "☑ 已解决" in papers.said(content)) == (print_format == SHEET)


def test_the_times_stand_in_one_row_to_the_minute(w):
	frappe.db.set_value(
		SHEET, w.visit.name, {"arrived_on": "2026-03-02 10:48:59", "work_done_on": "2026-03-02 12:20:01", "left_on": "2026-03-02 12:35:00"}
	)
	(words,) = papers.laid_out(printed(without_checklist(w), "en"))
	wanted = ("09:00", "09:12", "11:00", "10:48", "12:20", "12:35")
	tops = {text: box[1] for text, box in words if text in wanted}
	assert len(tops) == 6 and max(tops.values()) - min(tops.values()) < 2
	lefts = [next(box[0] for text, box in words if text == moment) for moment in wanted]
	assert lefts == sorted(lefts)


def test_a_stamp_fits_into_the_boxes_of_the_signatures(w):
	words = papers.laid_out(printed(without_checklist(w), "zh", BLANK))[0]
	(top,) = [box[1] for text, box in words if text.startswith("工程师签字")]
	bottoms = [box[3] for text, box in words if text.startswith("日期")]
	assert len(bottoms) == 2 and min(bottoms) - top > 72  # of the 85 points that 3 cm are, without the margins in the box


def test_annexes_are_numbered_and_there_only_when_filled(w):
	texts = [" ".join(page.split()) for page in pages_of(printed(w.visit, "zh"))]
	assert len(texts) == 2 and "附1 检查表" in texts[1] and "附2" not in texts[1] and "附1" not in texts[0]
	doc = without_checklist(w)
	doc.db_set({"site_rules": "Wear a helmet"})
	texts = [" ".join(page.split()) for page in pages_of(printed(doc, "en"))]
	assert len(texts) == 2 and "Annex 1 Preparation" in texts[1] and "Wear a helmet" in texts[1] and "Checklist" not in texts[1]
	minimal = visiting.world(work_items=[], work_content="Look at the printer").visit
	assert len(pages_of(printed(minimal, "en"))) == 1


def pages_of(content: bytes) -> list[str]:
	return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("print_format", [SHEET, BLANK])
@pytest.mark.parametrize("number", [7, 12, 30])
def test_a_long_job_breaks_between_rows_and_leaves_no_widow(site, language, print_format, number):
	items = [{"work": f"No{at:02}: {LONG}", "steps": LONG} for at in range(number)]
	parts = [{"description": f"Module {at}", "quantity": 2, "used": 1, "serial_no": f"S-{at}"} for at in range(number)]
	doc = visiting.world(work_items=items, parts=parts, title="更换" * 60, contact_person="欧阳" * 20).visit
	doc.db_set({"cause": LONG, "outcome_note": LONG})
	content = printed(doc, language, print_format)
	assert not papers.faults(content)
	for words in papers.laid_out(content):
		text = "".join(word for word, _box in words)
		if "工程师签字" in text or "Engineer'ssignature" in text:
			assert "客户评价" in text or "Customer'srating" in text  # the boxes never stand alone
		assert max(box[3] for word, box in words if 40 < box[1] < 790) < 806


def test_the_code_opens_the_customers_page_and_leads_staff_to_the_form(w, monkeypatch):
	asked, drawn = [], qr.as_data_url
	monkeypatch.setattr(qr, "as_data_url", lambda address, *more: (asked.append(address), drawn(address, *more))[1])
	printed(w.visit, "en")
	assert asked == [frappe.utils.get_url(f"/visits/{w.visit.name}")]
	status, page = pages.get(f"/visits/{w.visit.name}", w.asker)
	assert status == 200 and w.visit.name in page
	status, address = pages.get(f"/visits/{w.visit.name}", w.engineer)
	assert status in (301, 302) and f"field-service-sheet/{w.visit.name}" in address
	status, page = pages.get("/visits/VISIT-NONE", w.engineer)
	assert status == 200 and "field-service-sheet" not in page


def test_what_is_left_over_stands_with_its_next_time_and_who_answers_for_it(w):
	factories.make(
		"Service Leftover",
		subject="The old rack stays",
		treatment="Fetched by the carrier",
		customer=w.customer,
		owner_user=w.engineer,
		due_date="2027-01-15",
		source_doctype=SHEET,
		source_name=w.visit.name,
	)
	text = papers.said(printed(without_checklist(w), "en"))
	papers.in_order(text, "☑ Left over", "Next time", "Responsible", "The old rack stays", "Fetched by the carrier", frappe.utils.format_date("2027-01-15"))
	assert "☐ Left over" not in text


def test_what_the_object_does_not_say_comes_from_item_and_serial_number(site):
	brand = factories.make("Brand", brand=factories.unique("H3C")).name
	item = factories.make(
		"Item", item_code=factories.unique("SW"), item_name="Switch S7506E", item_group="All Item Groups", stock_uom="Nos", brand=brand, has_serial_no=1
	)
	number = factories.unique("SN")
	serial = frappe.get_doc({"doctype": "Serial No", "serial_no": number, "item_code": item.name, "warranty_expiry_date": "2030-01-31"})
	serial.flags.ignore_validate = serial.flags.ignore_mandatory = True
	serial.db_insert()
	customer = factories.make_customer().name
	thing = factories.make(
		"Service Object", object_name="Switch", customer=customer, kind="Item", importance="Important", item_code=item.name, serial_no=number
	)
	found = visit_facts.thing_of(thing.name)
	assert found.brand_model == f"{brand} Switch S7506E" and str(found.warranty_until) == "2030-01-31"
	assert visit_facts.in_warranty(found.warranty_until, "2030-01-31 23:00:00") is True
	assert visit_facts.in_warranty(found.warranty_until, "2030-02-01 00:00:00") is False
	thing.db_set({"brand_model": "Own words", "warranty_until": "2031-12-31"})
	found = visit_facts.thing_of(thing.name)
	assert found.brand_model == "Own words" and str(found.warranty_until) == "2031-12-31"


def test_what_the_customer_signed_holds_the_rating_and_the_cause(w):
	assert signatures.valid(w.visit)["Customer"]
	before = content_hash(w.visit, "Report")
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		doc.customer_rating = "Very Satisfied"
		doc.save()
	assert content_hash(visiting.fresh(w.visit), "Report") != before
	assert not signatures.valid(visiting.fresh(w.visit))["Customer"]
	assert "No longer signed" in papers.said(printed(w.visit, "en"))
