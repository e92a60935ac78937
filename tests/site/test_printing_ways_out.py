"""The PDF of a sheet by every way out: list, e-mail, Notification; and what its pages hold (8.4.b.1)."""

import io
import json
import re
import shutil
import subprocess
import tempfile

import api_calls
import customers
import factories
import frappe
import mailed
import papers
import planning
import pytest
import scenario
import visiting
from PIL import Image
from reviewing import user

from ops_delivery.api import printing
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.shared import locale
from ops_delivery.services.visits.types import SHEET

pypdf = pytest.importorskip("pypdf")
CLAUSE = pytest.mark.clause("7.2.c.1", "8.4.b.1")
LONG = "更换核心交换机，核对端口与标签。Replace the switch and check each port. " * 2


@pytest.fixture(scope="module")
def sheets(shared_records):
	"""Two sheets, one of them long; their names."""
	with shared_records():
		w = visiting.world(work_items=[{"work": f"No{n:02}: {LONG}", "steps": LONG} for n in range(6)])
		other = visiting.plan(SHEET, w.customer, owner_user=w.engineer)
		found = frappe._dict(long=w.visit.name, short=other.name, engineer=w.engineer)
	yield found


def read(content: bytes):
	return pypdf.PdfReader(io.BytesIO(content))


def said(page) -> str:
	return " ".join(page.extract_text().split())


@CLAUSE
def test_many_sheets_are_one_pdf_each_with_its_own_page_numbers(sheets):
	with user(sheets.engineer):
		printing.download_multi_pdf(SHEET, json.dumps([sheets.short, sheets.long]), SHEET)
	pdf = read(frappe.local.response.filecontent)
	assert pdf.metadata.producer.startswith("WeasyPrint")
	texts = [said(page) for page in pdf.pages]
	starts = [number for number, text in enumerate(texts) if "Page 1 of" in text]
	assert len(starts) == 2 and starts[0] == 0
	assert f"Page 1 of {len(texts) - starts[1]} " in texts[starts[1]]
	assert sheets.short in texts[0] and sheets.long in texts[-1]


@CLAUSE
def test_many_sheets_are_printed_in_the_background_with_progress(sheets, jobs, monkeypatch):
	shown, told = [], []
	monkeypatch.setattr(frappe, "publish_progress", lambda **given: shown.append(given))
	monkeypatch.setattr(
		frappe, "publish_realtime", lambda event=None, *_more, **given: told.append((event, given))
	)
	with user(sheets.engineer):
		names = json.dumps([sheets.short, sheets.long])
		task = printing.download_multi_pdf_async(SHEET, names, SHEET, options='{"page-size": "Letter"}')
		jobs.run()
	task = task["task_id"]
	assert [(row["percent"], row["task_id"]) for row in shown] == [(50, task), (100, task)]
	done = dict(told)[f"task_complete:{task}"]["message"]["file_url"]
	file = frappe.get_doc("File", {"file_name": ["like", f"%{task}%"]})
	assert file.is_private and file.file_url in done
	pdf = read(file.get_content())
	assert round(float(pdf.pages[0].mediabox[2])) == 612  # as the dialog asked


def test_nobody_prints_in_a_batch_what_they_may_not_print(sheets):
	with user(factories.make_user(roles=["Employee"]).name):
		with pytest.raises(frappe.PermissionError):
			printing.download_multi_pdf(SHEET, json.dumps([sheets.short]), SHEET)
		with pytest.raises(frappe.PermissionError):
			printing.download_pdf(SHEET, sheets.short, SHEET)
	with pytest.raises(frappe.ValidationError, match=r"between 1 and 500 records"):
		printing.download_multi_pdf(SHEET, json.dumps([]), SHEET)


@CLAUSE
def test_an_e_mail_carries_the_same_pdf(sheets):
	from frappe.core.doctype.communication.email import make

	factories.make_email_account()
	with user(sheets.engineer):
		make(
			SHEET,
			sheets.short,
			subject="Your sheet",
			content="See the attachment",
			recipients="someone@example.com",
			send_email=1,
			print_format=SHEET,
			print_letterhead=1,
		)
	producers = _attached("Your sheet")
	assert len(producers) == 1 and producers[0].startswith("WeasyPrint")


@CLAUSE
def test_a_notification_carries_the_same_pdf(sheets):
	factories.make_email_account()
	notification = mailed.notification_with_print(
		SHEET,
		subject="Sheet as PDF",
		print_format=SHEET,
		recipients=[{"receiver_by_document_field": "owner"}],
	)
	doc = frappe.get_doc(SHEET, sheets.short)
	doc.owner = sheets.engineer
	frappe.get_doc("Notification", notification.name).send(doc)
	producers = _attached("Sheet as PDF")
	assert len(producers) == 1 and producers[0].startswith("WeasyPrint")


def _attached(subject: str) -> list[str]:
	"""Who made the PDFs of the queued e-mail, as it is sent."""
	return [read(content).metadata.producer for _name, content in mailed.prints(mailed.queued(subject))]


@CLAUSE
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_long_sheets_break_between_rows_and_embed_their_fonts(sheets, lang, tmp_path):
	before, frappe.local.lang = frappe.local.lang, lang
	try:
		content = documents.pdf(frappe.get_doc(SHEET, sheets.long), SHEET)
	finally:
		frappe.local.lang = before
	texts = [said(page).replace(" ", "") for page in read(content).pages]
	assert len(texts) >= 2
	for number in range(6):  # each row whole on one page: from there to the next row both cells are there
		page = next(text for text in texts if f"No{number:02}:" in text)
		row = page.split(f"No{number:02}:")[1].split("No")[0]
		assert row.count("更换核心交换机") == 2 * 2 and row.count("Replacetheswitch") == 2 * 2, number
	if not shutil.which("pdffonts"):
		pytest.skip("pdffonts is not installed")
	file = tmp_path / "sheet.pdf"
	file.write_bytes(content)
	lines = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.split("\n")[
		2:
	]
	fonts = [line.split() for line in lines if line.strip()]
	assert fonts and all(font[-5] == "yes" for font in fonts)  # embedded
	assert any("CJK" in font[0] or "Zen" in font[0] or "Han" in font[0] for font in fonts)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_long_word_stays_on_the_page(site, tmp_path):
	word = "Serverlandschaftsdokumentationsaktualisierungsverantwortlicher" * 2
	doc = planning.plan(title=word, assessment_note=word, description=f"<table><tr><td>{word}</td><td>b</td></tr></table>")
	doc.append("tools", {"tool": word, "purpose": word, "quantity": 1})
	doc.append("consensus", {"kind": "Other", "point": word, "agreed_by": word, "how": word})
	sheet = visiting.world(title=word[:140], contact_person=word, work_items=[{"work": word, "steps": word}]).visit
	for record in (doc, sheet):
		file = tmp_path / "long.pdf"
		file.write_bytes(documents.pdf(record, record.doctype))
		boxes = subprocess.run(
			["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True
		).stdout
		ends = [float(end) for end in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]
		width = float(re.search(r'<page width="([\d.]+)"', boxes)[1])
		assert len(ends) > 20 and max(ends) < width - 20, record.doctype


TYPED = ("Data", "Small Text", "Text", "Long Text", "Text Editor")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("paper", papers.ALL)
def test_a_long_word_in_any_text_of_any_paper_stays_on_the_page(site, tmp_path, paper, language):
	"""Sixty letters without a place to break, wherever they may be typed."""
	made = papers.ALL[paper](customers.world())
	record = frappe.get_doc(made.doctype, made.name)
	for part in (record, *record.get_all_children()):
		for field in part.meta.fields:
			if field.fieldtype in TYPED and not field.options:
				part.set(field.fieldname, "Serverlandschaftsdokumentationsaktualisierungsverantwortliche")
	formats = frappe.get_all("Print Format", {"doc_type": record.doctype, "module": "Ops Delivery"}, pluck="name")
	assert formats
	with locale.reading(language):
		for name in formats:
			reached, width = papers.reach(documents.pdf(record, name), tmp_path)
			assert reached < width - 20, name


@CLAUSE
def test_a_sheet_shows_its_code_and_the_signature(site):
	w = visiting.signed(visiting.world())
	pdf = read(documents.pdf(visiting.fresh(w.visit), SHEET))
	assert any(page.images for page in pdf.pages), "the signature as it was drawn"
	assert "QR code" not in " ".join(said(page) for page in pdf.pages), "what stands where a picture is missing"


@CLAUSE
def test_the_letter_heads_footer_is_at_the_foot_of_each_page(sheets):
	letter_head = factories.make(
		"Letter Head", letter_head_name=factories.unique("Letters"), source="HTML", content="Our house"
	)
	letter_head.db_set("footer", "<p>Call 400-820-5566</p>")
	pages = read(documents.pdf(frappe.get_doc(SHEET, sheets.long), SHEET, letterhead=letter_head.name)).pages
	assert len(pages) > 1 and all("Call 400-820-5566" in said(page) for page in pages)


@CLAUSE
@pytest.mark.parametrize("language", ["en", "zh"])
def test_letter_head_its_footer_and_the_code_stand_together_on_a_page(site, language):
	"""None of them lies on another: the code is a picture, so its place is asked of the page as it was laid out."""
	w = visiting.signed(visiting.world(work_content="\n".join(PARAGRAPHS * 15)))
	letter_head = factories.make(
		"Letter Head", letter_head_name=factories.unique("Letters"), source="HTML", content="<b>Our house</b>"
	)
	letter_head.db_set("footer", "<p>Call 400-820-5566</p>")
	frappe.local.lang = language
	try:
		content = documents.pdf(visiting.fresh(w.visit), SHEET, letterhead=letter_head.name)
	finally:
		frappe.local.lang = "en"
	pages = read(content).pages
	assert len(pages) > 1
	for page in pages:
		assert "Call 400-820-5566" in said(page)
	words, code = laid_out(content)
	assert code[0] > 350, f"the code stands at the right: {code}"
	for word, box in words:
		apart = box[2] <= code[0] or box[0] >= code[2] or box[3] <= code[1] or box[1] >= code[3]
		assert apart, f"{word} {box} lies on the code {code}"
	height = float(pages[0].mediabox[3])
	(foot,) = [box for word, box in words if "400-820-5566" in word]
	assert foot[1] > height - 80 and all(box[3] <= foot[1] + 12 or box[1] >= foot[1] - 12 for _word, box in words)


PARAGRAPHS = ("Switch off the pump.", "Wait ten minutes.", "Open the lid.")


@CLAUSE
def test_the_paragraphs_of_a_text_stand_apart_on_every_paper(site):
	"""Rich texts, in their own place and in a cell, plain texts with lines, and messages of a course."""
	together = re.compile(r"(pump\.|minutes\.)(?=\S)|pump\. +Wait")
	rich = "<div>" + "</div><div>".join(PARAGRAPHS) + "</div>"
	sheet = visiting.world(work_content="\n".join(PARAGRAPHS)).visit
	shown = [papers.text_of(documents.pdf(sheet, SHEET))]
	for text in ("\n".join(PARAGRAPHS), rich):
		plan, names = planning.approved()
		frappe.db.set_value("Delivery Activity", names[0], "description", text)
		plan.db_set("description", text)
		shown.append(papers.text_of(documents.pdf(frappe.get_doc("Delivery Plan", plan.name), "Delivery Plan")))
	for found in shown:
		assert all(one in found for one in PARAGRAPHS) and not together.search(found), found
	for text in ("\n".join(PARAGRAPHS), rich, "<br>".join(PARAGRAPHS), "<ul><li>" + "</li><li>".join(PARAGRAPHS) + "</li></ul>"):
		issue = scenario.issue(scenario.agreement())
		issue.db_set({"description": text, "resolution_details": text})
		values = {"reference_doctype": "Issue", "reference_name": issue.name, "sent_or_received": "Received", "sender": "a@example.com"}
		factories.make("Communication", communication_type="Communication", subject="x", content=text, **values)
		answer = api_calls.post("Administrator", "ops_delivery.api.printing.response_record_pdf", doctype="Issue", name=issue.name)
		assert answer.status == 200, answer.text[-600:]
		found = papers.text_of(answer.content)
		assert found.count("Wait ten minutes.") == 3 and not together.search(found), (text, found)


def laid_out(content):
	"""(words with their boxes, box of the code) of the first page in points, from the upper left corner. The code is the
	darkest square of its size that there is."""
	with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
		file.write(content)
		file.flush()

		def run(*command) -> bytes:
			return subprocess.run(command, capture_output=True, check=True).stdout

		lines = run("pdftotext", "-bbox", "-l", "1", file.name, "-").decode()
		picture = Image.open(io.BytesIO(run("pdftoppm", "-r", "72", "-gray", "-l", "1", file.name)))
	size = 50  # of the 21 mm some, whichever way it lies in its frame
	dark = picture.point(lambda value: 255 if value < 128 else 0)
	darkness = dark.resize((picture.width // 5, picture.height // 5), Image.Resampling.BOX)
	steps = [(x, y) for x in range(darkness.width - size // 5) for y in range(darkness.height // 2)]
	at = max(steps, key=lambda step: sum(darkness.crop((*step, step[0] + size // 5, step[1] + size // 5)).getdata()))
	found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', lines)
	code = (at[0] * 5, at[1] * 5, at[0] * 5 + size, at[1] * 5 + size)
	return [(word, tuple(map(float, box))) for *box, word in found], code


def test_no_class_of_the_desks_own_style_is_used(sheets):
	"""The preview stands in a page of Frappe's, where Bootstrap's `label` would make a badge of it."""
	assert 'class="label"' not in documents.html(frappe.get_doc(SHEET, sheets.long), SHEET)


def test_a_foreign_private_file_in_a_text_stays_where_it_is(sheets):
	"""An address of another customer's picture in a text neither reads nor shows it."""
	picture = factories.make(
		"File", file_name=f"{frappe.generate_hash(length=8)}.png", content=b"\x89PNG secret", is_private=1
	)
	doc = frappe.get_doc(SHEET, sheets.short)
	doc.work_content = doc.site_rules = f'<img src="{picture.file_url}">'
	for name in (SHEET, "Field Service Sheet Blank"):
		page = documents.html(doc, name)
		assert f'<img src="{picture.file_url}"' not in page and picture.file_url in page  # as it was typed
