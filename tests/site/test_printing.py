"""Printed pages: what they say, and that they fetch nothing from elsewhere (8.4.b.1)."""

import io
import shutil
from datetime import timedelta

import factories
import frappe
import papers
import pytest
import scenario
import visiting
from scenario import MONDAY, hours

from ops_delivery.api import printing
from ops_delivery.printing import weasy
from ops_delivery.services.papers import prints as documents

pypdf = pytest.importorskip("pypdf")


@pytest.fixture
def issue(site):
	issue = scenario.judge_valid(
		scenario.issue(scenario.agreement(), subject="No <b>network</b> 无法打印"), MONDAY + hours(1)
	)
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason="等待备件 <script>")
	scenario.change(issue, MONDAY + timedelta(days=1), status="Open")
	return scenario.change(
		issue, MONDAY + timedelta(days=1, hours=1), status="Resolved", resolution_details="<p>New cable</p>"
	)


@pytest.fixture
def language():
	before = frappe.local.lang

	def speak(lang):
		frappe.local.lang = lang

	yield speak
	frappe.local.lang = before


def _text():
	pdf = pypdf.PdfReader(io.BytesIO(frappe.local.response.filecontent))
	text = "\n".join(page.extract_text() for page in pdf.pages)
	return " ".join(text.split()), len(pdf.pages)


@pytest.mark.clause("8.4.b.1", "5.3.b")
def test_the_response_record_is_whole(issue):
	printing.response_record_pdf("Issue", issue.name)
	text, _pages = _text()
	for part in (
		issue.name,
		"No <b>network</b> 无法打印",  # what was reported, as it was typed
		"The report is Valid",
		"Category Fault",
		"Urgency Urgent",
		"Importance Important",
		"Priority High",
		"New cable",
		"等待备件 <script>",
		"Done in time",
		"Customer's acceptance",
		"Requested",
	):
		assert part in text, f"{part!r} is not in: {text}"
	assert frappe.local.response.type == "pdf"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_long_word_stays_on_the_pages_of_a_record(site, tmp_path):
	word = "Serverlandschaftsdokumentationsaktualisierungsverantwortliche"
	issue = scenario.judge_valid(scenario.issue(scenario.agreement(title=word), subject=word), MONDAY + hours(1))
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason=word)
	frappe.get_doc(
		{
			"doctype": "Communication",
			"reference_doctype": "Issue",
			"reference_name": issue.name,
			"sent_or_received": "Received",
			"communication_medium": "Email",
			"sender_full_name": word,
			"content": word,
		}
	).insert()
	printing.response_record_pdf("Issue", issue.name)
	record = frappe.local.response.filecontent
	printing.clock_explanation(scenario.clock(issue).name)
	for content in (record, frappe.local.response.filecontent):
		reached, width = papers.reach(content, tmp_path)
		assert reached < width - 20


@pytest.mark.clause("5.3.b")
@pytest.mark.parametrize("lang, said", [("en", "How the time was counted"), ("zh", "时间如何计算")])
def test_an_explanation_speaks_the_readers_language(issue, language, lang, said):
	language(lang)
	printing.clock_explanation(scenario.clock(issue).name)
	text, pages = _text()
	if lang == "en" or frappe._("How the time was counted") != "How the time was counted":
		assert said in text
	assert pages >= 1 and "2026" in text


def test_who_may_not_read_the_record_gets_no_page(issue, as_user):
	stranger = factories.make_user(roles=["Employee"]).name
	with as_user(stranger):
		with pytest.raises(frappe.PermissionError):
			printing.response_record_pdf("Issue", issue.name)
		with pytest.raises(frappe.PermissionError):
			printing.clock_explanation(scenario.clock(issue).name)


@pytest.mark.parametrize(
	"url",
	[
		"http://example.com/picture.png",
		"https://example.com/files/picture.png",
		"file:///etc/passwd",
		"ftp://localhost/files/x.png",
		"/files/../../site_config.json",
		"/files/%2e%2e/%2e%2e/site_config.json",
		"/private/files/%2e%2e/%2e%2e/site_config.json",
		"/assets/../sites/common_site_config.json",
		"/api/method/ping",
		"//example.com/files/x.png",
		"/private/files/nobody-has-this.png",
	],
)
def test_a_page_fetches_nothing_but_this_sites_files(site, url):
	with pytest.raises(ValueError):
		weasy.own_file(url)


def test_a_page_shows_this_sites_own_file(site, as_user):
	public = factories.make("File", file_name=f"{frappe.generate_hash(length=8)}.txt", content="open")
	hidden = factories.make(
		"File", file_name=f"{frappe.generate_hash(length=8)}.txt", content="closed", is_private=1
	)
	assert weasy.own_file(public.file_url)[0] == b"open"
	assert weasy.own_file(frappe.utils.get_url(public.file_url))[0] == b"open"
	assert weasy.own_file(hidden.file_url)[0] == b"closed"
	assert weasy.own_file("/assets/ops_delivery/css/desk.css")[1] == "text/css"
	with as_user(factories.make_user(roles=["Employee"]).name), pytest.raises(ValueError):
		weasy.own_file(hidden.file_url)


def test_pages_are_a4_and_numbered(site):
	pdf = pypdf.PdfReader(io.BytesIO(weasy.pdf("<p>一</p>" + "<p style='page-break-before: always'>x</p>")))
	width, height = (round(float(side) * 25.4 / 72) for side in pdf.pages[0].mediabox[2:])
	assert (width, height) == (210, 297)
	assert "1 of 2" in pdf.pages[0].extract_text() and "2 of 2" in pdf.pages[1].extract_text()


PAPER = """{% import "ops_delivery/templates/print/document.html" as doc_print with context %}
{% set paper = ops_paper(doc) %}
{% call doc_print.page(doc, paper, letter_head) %}
{{ doc_print.pairs([paper.pair("customer"), paper.pair("start_date")]) }}
{{ doc_print.table([_("Commitment"), (_("Target"), "num")], [["<b>raw</b>", paper.value("target", doc.targets[0])]]) }}
{{ doc_print.signatures(paper) }}
{% endcall %}"""


@pytest.fixture
def print_format(site):
	def make(**values):
		return factories.make(
			"Print Format",
			name=f"Paper {frappe.generate_hash(length=6)}",
			doc_type="Service Agreement",
			standard="No",
			custom_format=1,
			print_format_type="Jinja",
			html=PAPER,
			**values,
		).name

	return make


def test_a_print_format_goes_through_weasyprint_from_the_print_action(print_format):
	agreement = scenario.agreement()
	printing.download_pdf("Service Agreement", agreement.name, print_format())
	text, _pages = _text()
	assert "<b>raw</b>" in text, text  # escaped: shown as it was typed
	assert "version 1" in text and "Page 1 of" in text
	assert pypdf.PdfReader(io.BytesIO(frappe.local.response.filecontent)).metadata.producer.startswith(
		"WeasyPrint"
	)


def test_who_may_not_print_a_document_gets_no_pdf(print_format, as_user):
	agreement, name = scenario.agreement(), print_format()
	with as_user(factories.make_user(roles=["Customer"]).name), pytest.raises(frappe.PermissionError):
		printing.download_pdf("Service Agreement", agreement.name, name)
	with as_user("Guest"), pytest.raises(frappe.PermissionError):
		printing.download_pdf("Service Agreement", agreement.name, name)


@pytest.mark.clause("8.4.b.1")
def test_fonts_are_embedded(site):
	visit = visiting.world(title="更换核心交换机").visit
	pdf = pypdf.PdfReader(io.BytesIO(documents.pdf(visit, visit.doctype)))
	fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
	inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
	assert inner and all({"/FontFile2", "/FontFile3"} & set(face) for face in inner)


def test_a_page_shows_no_private_file_of_another_record(site):
	w = visiting.world()
	one, other = w.visit, visiting.plan(visiting.SHEET, w.customer)
	hidden = factories.make(
		"File",
		file_name=f"{frappe.generate_hash(length=8)}.txt",
		content=frappe.generate_hash(),
		is_private=1,
		attached_to_doctype=other.doctype,
		attached_to_name=other.name,
	)
	assert weasy.own_file(hidden.file_url, record=(other.doctype, other.name))[0]
	# even by who may read both: the page goes to people who may not
	with pytest.raises(ValueError):
		weasy.own_file(hidden.file_url, record=(one.doctype, one.name))
