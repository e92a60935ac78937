"""The paper of an agreement as a contract: parties, articles, annexes, the fee in words, the page of the seals (5.2)."""

import shutil

import factories
import frappe
import papers
import plans
import pytest
import reviewing
import scenario

from ops_delivery.domain.errors import DomainError
from ops_delivery.services.agreements import parties, versions
from ops_delivery.services.papers import money_words
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.shared import locale

pytest.importorskip("pypdf")
pytestmark = [
	pytest.mark.clause("5.2.a"),
	pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed"),
]
AGREEMENT = "Service Agreement"
THEIRS = {
	"party": "Customer",
	"party_name": "上海浦江精密仪器有限公司",
	"address": "上海市浦东新区张江路 88 号",
	"registration_number": "91310115MA1K35QX7N",
	"legal_representative": "陈静",
	"authorised_representative": "李明",
	"contact_person": "王芳",
	"phone": "021-58880000",
	"bank": "中国工商银行上海张江支行",
	"bank_account": "1001234567890123456",
}
ORDER = {
	"en": (
		"Party A (customer)|Party B (supplier)|Name|Address|Registration No.|91310115MA1K35QX7N|Legal|陈静|Authorised|李明|Contact person|Telephone|Bank"
		"|Account No.|Article 1 Services|Annex No. 1|Article 2|Article 3|Fees|480,000.50|In words|Four Hundred And Eighty Thousand|Duties of both parties"
		"|Period and renewal|Annex No. 1 Services|Annex No. 2|Annex No. 3|Signatures and seals|Party A (seal)|Party B (seal)|Legal or authorised representative"
		"|Date|Place of signing: 上海市浦东新区"
	),
	"zh": (
		"甲方（需方）|乙方（供方）|名称|地址|统一社会信用代码|91310115MA1K35QX7N|法定代表人|陈静|授权代表|李明|联系人|电话|开户银行|银行账号|第一条 服务|附件一|第二条|第三条"
		"|费用|480,000.50|金额大写|人民币肆拾捌万元伍角整|双方职责|期限与续期|附件一 服务|附件二|附件三|签署盖章页|甲方（盖章）|乙方（盖章）|法定代表人或授权代表（签字）|日期|签订地点：上海市浦东新区"
	),
}


@pytest.fixture
def agreement(site):
	doc = scenario.agreement()
	doc.db_set({"fee": 480000.5, "currency": "CNY", "fee_basis": "Contract Income", "signing_place": "上海市浦东新区"})
	doc = frappe.get_doc(AGREEMENT, doc.name)
	for row in [row for row in doc.parties if row.party == "Customer"]:
		frappe.db.delete(row.doctype, {"name": row.name})
	doc.append("parties", THEIRS).db_insert()
	return frappe.get_doc(AGREEMENT, doc.name)


def printed(doc, language: str, print_format: str = AGREEMENT, **more) -> bytes:
	with locale.reading(language):
		return documents.pdf(frappe.get_doc(doc.doctype, doc.name), print_format, **more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_a_contract_with_its_parts_in_their_order(agreement, language):
	content = printed(agreement, language)
	text = papers.said(content)
	papers.in_order(text, *ORDER[language].split("|"))
	pages = papers.laid_out(content)
	assert not papers.faults(content)
	for number, words in enumerate(pages, 1):
		said = "".join(word for word, _box in words)
		count = f"Page{number}of{len(pages)}pages" if language == "en" else f"第{number}页，共{len(pages)}页"
		assert count in said
	last = "".join(word for word, _box in pages[-1])
	assert ("签署盖章页" if language == "zh" else "Signaturesandseals") in last
	assert not any(("甲方（盖章）" in said or "PartyA(seal)" in said) for said in ("".join(w for w, _b in page) for page in pages[:-1]))


def test_the_page_of_the_seals_has_room_for_them(agreement):
	last = papers.laid_out(printed(agreement, "zh"))[-1]
	(top,) = [box[1] for word, box in last if word.startswith("甲方（盖章）")]
	signing = [box[1] for word, box in last if word.startswith("法定代表人或授权代表")]
	assert len(signing) == 2 and min(signing) - top > 140  # points: a seal is 4 to 5 cm wide


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_agreement_leaves_no_widow_and_no_narrow_column(agreement, language):
	doc = agreement
	long = "按月提交服务报告，说明达成情况、趋势与改进建议。The report names attainment, trend and advice. " * 4
	for at in range(40):
		row = doc.append("scope", doc.scope[0].as_dict() | {"name": None, "service_item": f"No{at:02}", "details": long, "deliverables": long})
		row.db_insert()
	doc.db_set({"supplier_duties": long * 5, "security_terms": long * 5, "payment_terms": long})
	content = printed(doc, language)
	assert not papers.faults(content)
	texts = ["".join(word for word, _box in page) for page in papers.laid_out(content)]
	assert len(texts) > 8
	for at in range(40):  # a row stands whole on one page
		page = next(text for text in texts if f"No{at:02}" in text)
		assert page.split(f"No{at:02}")[1].split("No")[0].count("按月提交服务报告") == 8, at


def test_a_draft_without_data_is_printed_with_room_for_a_pen(site):
	doc = scenario.agreement(submit=False)
	frappe.db.delete("Service Agreement Party", {"parent": doc.name})
	text = papers.said(printed(doc, "zh"))
	papers.in_order(text, "草稿", "甲方（需方）", "统一社会信用代码", "银行账号", "第一条", "甲方（盖章）", "签订地点")
	assert "None" not in text


def test_both_parties_are_taken_from_the_records_once(site):
	customer = factories.make_customer(tax_id="91310115MA1K35QX7N").name
	links = [{"link_doctype": "Customer", "link_name": customer}]
	address = factories.make(
		"Address", address_title=customer, address_type="Billing", address_line1="Zhangjiang Road 88", city="Shanghai", country="China", links=links
	)
	person = factories.make("Contact", first_name="Wang", last_name="Fang", links=links, phone_nos=[{"phone": "021-58880000", "is_primary_phone": 1}])
	frappe.db.set_value("Customer", customer, {"customer_primary_address": address.name, "customer_primary_contact": person.name})
	bank = factories.make("Bank", bank_name=factories.unique("ICBC")).name
	factories.make("Bank Account", account_name=factories.unique("Main"), bank=bank, party_type="Customer", party=customer, bank_account_no="1001 2345", is_default=1)
	doc = scenario.agreement(submit=False, customer=customer)
	(row,) = [row for row in doc.parties if row.party == "Customer"]
	assert (row.registration_number, row.bank, row.bank_account, row.contact_person) == ("91310115MA1K35QX7N", bank, "1001 2345", "Wang Fang")
	assert row.address == "Zhangjiang Road 88, Shanghai" and row.phone == "021-58880000"
	row.legal_representative = "Chen Jing"
	doc.save()
	frappe.db.set_value("Customer", customer, "tax_id", "changed")
	doc = frappe.get_doc(AGREEMENT, doc.name)
	doc.save()
	(row,) = [row for row in doc.parties if row.party == "Customer"]
	assert (row.registration_number, row.legal_representative) == ("91310115MA1K35QX7N", "Chen Jing")
	doc.append("parties", {"party": "Customer"})
	with pytest.raises(frappe.ValidationError, match=r"Parties, row \d: .*Customer.* is listed twice"):
		doc.save()


def test_another_customer_brings_its_own_data_and_a_new_version_keeps_them(site):
	one, other = (factories.make_customer(tax_id=number).name for number in ("91310115MA1K35QX7N", "91620902MA72ABCD1X"))
	doc = scenario.agreement(submit=False, customer=one)
	assert "91310115MA1K35QX7N" in [row.registration_number for row in doc.parties]
	doc = frappe.get_doc(AGREEMENT, doc.name)
	doc.customer = other
	doc.save()
	assert [row.registration_number for row in doc.parties if row.party == "Customer"] == ["91620902MA72ABCD1X"]
	signed = scenario.agreement(customer=one)
	frappe.db.set_value("Customer", one, "tax_id", "changed")
	new = frappe.get_doc(AGREEMENT, versions.new_version(signed.name))
	assert [row.registration_number for row in new.parties if row.party == "Customer"] == ["91310115MA1K35QX7N"]


@pytest.mark.clause("5.2.a")
def test_what_was_signed_without_a_partys_data_is_printed_with_its_name_and_room_for_a_pen(site):
	customer = factories.make_customer().name
	doc = scenario.agreement(customer=customer)
	frappe.db.delete("Service Agreement Party", {"parent": doc.name})
	frappe.db.set_value("Customer", customer, "tax_id", "91310115MA1K35QX7N")
	doc = frappe.get_doc(AGREEMENT, doc.name)
	assert parties.shown(doc, "Customer") == dict.fromkeys(parties.FIELDS, "") | {"party_name": doc.customer_name}
	text = papers.said(printed(doc, "en"))
	assert "91310115MA1K35QX7N" not in text and doc.customer_name in text and doc.company in text
	draft = scenario.agreement(customer=customer, submit=False)
	frappe.db.delete("Service Agreement Party", {"parent": draft.name})
	assert parties.shown(frappe.get_doc(AGREEMENT, draft.name), "Customer")["registration_number"] == "91310115MA1K35QX7N"


def test_an_account_number_is_taken_over_by_who_may_read_it(site):
	customer = factories.make_customer().name
	bank = factories.make("Bank", bank_name=factories.unique("ICBC")).name
	factories.make("Bank Account", account_name=factories.unique("Main"), bank=bank, party_type="Customer", party=customer, bank_account_no="1001 2345", is_default=1)
	doc = frappe._dict(customer=customer, customer_name=customer, company=None)
	assert parties.known(doc, "Customer")["bank_account"] == "1001 2345"
	with reviewing.user(factories.make_user(roles=["Service Desk"]).name):
		assert (parties.known(doc, "Customer")["bank"], parties.known(doc, "Customer")["bank_account"]) == ("", "")


def test_parties_and_place_are_part_of_what_is_signed(agreement):
	before = content_hash(agreement)
	agreement.signing_place = "Beijing"
	assert content_hash(agreement) != before
	agreement.signing_place = "上海市浦东新区"
	agreement.parties[-1].bank_account = "another"
	assert content_hash(agreement) != before


def test_amounts_in_words_in_the_readers_language(site):
	with locale.reading("zh"):
		assert money_words.in_words(480000.5, "CNY") == "人民币肆拾捌万元伍角整"
		assert money_words.in_words(0.1 + 0.2, "CNY") == "人民币叁角整"  # as it is stored: 0.30
		assert "人民币" not in money_words.in_words(100, "USD")
		with pytest.raises(DomainError):
			money_words.in_words(-1, "CNY")
	with locale.reading("en"):
		assert money_words.in_words(480000, "CNY") == "CNY Four Hundred And Eighty Thousand only."


@pytest.mark.clause("8.5.b.3")
@pytest.mark.parametrize(("language", "name", "measured"), [("en", "Change and Release Report", "Measured values"), ("zh", "变更与发布报告", "实测值")])
def test_the_change_report_bears_its_own_name_and_the_measured_values(site, monkeypatch, language, name, measured):



	monkeypatch.setattr(workflow_states, "active", lambda _doctype: None)
	monkeypatch.setattr(review_rules, "of_doctype", lambda _doctype: [])
	plan = plans.at_phase("Closed", title="Faster log-in")
	content = printed(plan, language, "Change and Release Report")
	first = papers.laid_out(content)[0]
	largest = max((box[3] - box[1], word) for word, box in first)
	assert largest[1] in name  # at the head, in the largest type
	text = papers.said(content)
	papers.in_order(text, "Faster log-in", "700 ms", measured, "700 ms", "99.9 %", "700 ms", "99.9 %")
	assert not papers.faults(content)
