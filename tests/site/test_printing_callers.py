"""Whoever asks Frappe for the PDF of a record of ours gets the one of the Print action, in the reader's language (8.4.b.1)."""

import io
import json

import api_calls
import factories
import frappe
import mailed
import planning
import pytest
import visiting
from frappe.workflow.doctype.workflow_action import workflow_action
from reviewing import user

from ops_delivery import framework_prints
from ops_delivery.services.papers import frappe_prints as seam
from ops_delivery.services.visits.types import SHEET

pypdf = pytest.importorskip("pypdf")
CLAUSE = pytest.mark.clause("8.4.b.1")
ENGLISH, CHINESE = "Treatment", "处理过程"


@pytest.fixture(autouse=True)
def wkhtmltopdf(site, monkeypatch):
	"""Frappe's own PDFs bear this mark here: no test waits for wkhtmltopdf, or for a host it may not reach."""

	def get_pdf(html, options=None, output=None):
		writer = pypdf.PdfWriter() if output is None else output
		writer.add_blank_page(100, 100)
		if output is not None:
			return output
		content = io.BytesIO()
		writer.add_metadata({"/Producer": "Frappe"})
		writer.write(content)
		return content.getvalue()

	monkeypatch.setattr("frappe.utils.pdf.get_pdf", get_pdf)


@pytest.fixture
def visit(site):
	return visiting.world().visit


@pytest.fixture
def account(site):
	factories.make_email_account()


def reader(language: str) -> str:
	return factories.make_user(roles=["Service Delivery Manager"], language=language).name


def pdf_of(content: bytes):
	return pypdf.PdfReader(io.BytesIO(content))


def by_weasyprint(content: bytes) -> bool:
	return str(pdf_of(content).metadata.producer).startswith("WeasyPrint")


def said(content: bytes) -> str:
	return "".join("".join(page.extract_text() for page in pdf_of(content).pages).split())


def language(content: bytes) -> str:
	text = said(content)
	found = [name for name, word in (("en", ENGLISH.replace(" ", "")), ("zh", CHINESE)) if word in text]
	assert len(found) == 1, text
	return found[0]


def attached(record, /, **more) -> bytes:
	printed = frappe.attach_print(record.doctype, record.name, **more)
	assert printed["fname"].endswith(".pdf")
	return printed["fcontent"]


@pytest.fixture
def todo_print(site):
	"""(record, name of a print format of an administrator's for a host's type)."""
	name = factories.make(
		"Print Format",
		name=factories.unique("Note"),
		doc_type="ToDo",
		standard="No",
		custom_format=1,
		print_format_type="Jinja",
		html="<p>What is to be done: {{ doc.description }}</p>",
	).name
	return factories.make("ToDo", description="Water the plants"), name


@CLAUSE
def test_attach_print_gives_the_pdf_of_the_print_action():
	visit = visiting.over(visiting.world()).visit
	content = attached(visit, print_format=SHEET, lang="en")
	assert by_weasyprint(content) and language(content) == "en"
	answer = api_calls.get(
		"Administrator", "frappe.utils.print_format.download_pdf", doctype=SHEET, name=visit.name, format=SHEET
	)
	assert content == answer.content


@CLAUSE
def test_attach_print_speaks_the_language_it_is_asked_for(visit):
	assert language(attached(visit, print_format=SHEET, lang="zh")) == "zh"


@CLAUSE
def test_a_caller_that_names_no_print_format_gets_ours(visit):
	assert by_weasyprint(attached(visit))
	assert by_weasyprint(attached(visit, doc=frappe.get_doc(SHEET, visit.name)))


@CLAUSE
def test_after_another_print_in_the_same_job(visit, todo_print):
	"""15.103 and 16 keep the generator of the first print for the rest of the request or job."""
	todo, print_format = todo_print
	assert not by_weasyprint(attached(todo, print_format=print_format))
	assert by_weasyprint(attached(visit, print_format=SHEET))
	assert not by_weasyprint(attached(todo, print_format=print_format))


@CLAUSE
def test_prints_are_added_to_a_writer_and_locked_by_a_password(visit):
	writer = pypdf.PdfWriter()
	got = frappe.get_print(SHEET, visit.name, SHEET, as_pdf=True, output=writer)
	assert got is writer and len(writer.pages) >= 1
	locked = pdf_of(frappe.get_print(SHEET, visit.name, SHEET, as_pdf=True, password="sesame"))
	assert locked.is_encrypted and locked.decrypt("sesame")
	letter = frappe.get_print(SHEET, visit.name, SHEET, as_pdf=True, pdf_options={"page-size": "Letter"})
	assert round(float(pdf_of(letter).pages[0].mediabox[2])) == 612


@CLAUSE
def test_html_and_standard_stay_frappes(visit):
	assert "<body" in frappe.get_print(SHEET, visit.name, SHEET)
	assert not by_weasyprint(attached(visit, print_format="Standard"))


@CLAUSE
def test_get_print_refuses_whom_frappe_refuses(visit):
	stranger = factories.make_user(roles=["Employee"]).name
	with user(stranger), pytest.raises(frappe.PermissionError):
		frappe.get_print(SHEET, visit.name, SHEET, as_pdf=True)
	attached(visit)  # lets the caller answer for it, and remembers what it made
	with user(stranger), pytest.raises(frappe.PermissionError):
		frappe.get_print(SHEET, visit.name, SHEET, as_pdf=True)


@CLAUSE
def test_one_mail_to_many_is_laid_out_once(visit, monkeypatch):
	from ops_delivery.printing import weasy

	calls, make = [], weasy.pdf
	monkeypatch.setattr(weasy, "pdf", lambda *given: calls.append(given) or make(*given))
	assert attached(visit) == attached(visit) and len(calls) == 1


def test_a_site_without_the_app_is_not_asked(visit, monkeypatch):
	hooks = frappe.get_hooks

	def without_ours(name=None, *more, **named):
		return [] if name in (framework_prints.PRINTS, framework_prints.PRINTED, "pdf_generator") else hooks(name, *more, **named)

	monkeypatch.setattr(frappe, "get_hooks", without_ours)
	assert not by_weasyprint(attached(visit, print_format=SHEET))


def test_get_print_is_asked_for_once_and_keeps_its_face():
	import inspect

	framework_prints.ask_for_prints()
	asked = frappe.get_print
	assert asked.asks_for_prints and not hasattr(inspect.unwrap(asked), "asks_for_prints")
	assert {"doctype", "name", "print_format", "as_pdf", "doc", "output", "no_letterhead", "password"} <= set(
		inspect.signature(asked).parameters
	)
	assert inspect.unwrap(frappe.attach_print).__globals__["get_print"] is asked


@CLAUSE
def test_an_administrator_may_choose_weasyprint_for_any_print_format(todo_print):
	"""The hook `pdf_generator` of 15.103 and 16."""
	todo, print_format = todo_print
	field = frappe.get_meta("Print Format").get_field("pdf_generator")
	if not field:
		pytest.skip("this Frappe has no pdf_generator")
	assert seam.GENERATOR in field.options.split("\n")
	doc = frappe.get_doc("Print Format", print_format)
	doc.pdf_generator = seam.GENERATOR
	doc.save()
	content = frappe.get_print("ToDo", todo.name, print_format, as_pdf=True)
	assert by_weasyprint(content) and "Waterthe" in said(content)
	assert frappe.db.get_value("Print Format", SHEET, "pdf_generator") == seam.GENERATOR


# Mails


def notification(**values):
	return mailed.notification_with_print(SHEET, **{"print_format": SHEET, **values})


def send(alert, visit, *readers: str):
	"""The mail of a Notification to these people, queued by a worker that speaks English."""
	for address in readers:
		alert.append("recipients", {"cc": address})
	alert.recipients[0].receiver_by_document_field = "owner"
	alert.save()
	doc = frappe.get_doc(SHEET, visit.name)
	doc.owner = readers[0]
	frappe.get_doc("Notification", alert.name).send(doc)
	return mailed.queued(alert.subject)


@CLAUSE
@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_notification_carries_its_readers_language(visit, account, spoken):
	queue = send(notification(), visit, reader(spoken))
	((name, content),) = mailed.prints(queue)
	assert by_weasyprint(content) and language(content) == spoken and name == f"{visit.name}.pdf"


@CLAUSE
def test_readers_of_two_languages_get_a_mail_each(visit, account):
	chinese, english = reader("zh"), reader("en")
	send(notification(), visit, chinese, english)
	for address, spoken in ((chinese, "zh"), (english, "en")):
		(mail,) = frappe.get_all("Email Queue Recipient", filters={"recipient": address}, pluck="parent")
		found = mailed.prints(frappe.get_doc("Email Queue", mail), address)
		assert [(name, language(content)) for name, content in found] == [(f"{visit.name}.pdf", spoken)]


@CLAUSE
def test_the_language_of_a_print_format_is_the_administrators_word(visit, account):
	frappe.db.set_value("Print Format", SHEET, "default_print_language", "zh")
	frappe.clear_document_cache("Print Format", SHEET)
	try:
		((_name, content),) = mailed.prints(send(notification(), visit, reader("en")))
		assert language(content) == "zh"
	finally:
		frappe.db.set_value("Print Format", SHEET, "default_print_language", None)
		frappe.clear_document_cache("Print Format", SHEET)


@CLAUSE
def test_a_reader_without_an_account_reads_as_the_customer_does(visit, account):
	frappe.db.set_value("Customer", visit.customer, "language", "zh")
	frappe.clear_document_cache("Customer", visit.customer)
	((_name, content),) = mailed.prints(send(notification(), visit, f"{frappe.generate_hash(length=8)}@example.com"))
	assert language(content) == "zh"


@CLAUSE
def test_the_e_mail_dialog_prints_as_chosen_there(visit, account):
	from frappe.core.doctype.communication.email import make

	make(
		SHEET,
		visit.name,
		subject="As chosen",
		content="See the attachment",
		recipients=reader("en"),
		send_email=1,
		print_format=SHEET,
		print_language="zh",
	)
	((_name, content),) = mailed.prints(mailed.queued("As chosen"))
	assert language(content) == "zh"


@CLAUSE
def test_a_workflow_mail_carries_its_readers_language(account):
	"""Frappe makes the print once, in the worker's language, and sends it to each who may act."""
	plan = planning.plan()
	spoken = {reader("zh"): "zh", reader("en"): "en"}
	common = workflow_action.get_common_email_args(plan)
	assert by_weasyprint(common["attachments"][0]["fcontent"])
	for address in spoken:
		common.update({"recipients": [address], "args": {"actions": [], "message": "Act"}})
		frappe.sendmail(**{**common, "message": "Act", "template": None, "subject": f"Act {address}"})
	for address, code in spoken.items():
		((name, content),) = mailed.prints(mailed.queued(f"Act {address}"))
		assert by_weasyprint(content) and name == f"{plan.name}.pdf"
		assert ("交付计划" in said(content)) == (code == "zh"), code


@CLAUSE
def test_auto_repeat_carries_its_readers_language(account):
	plan = planning.plan()
	repeat = frappe.get_doc(
		{
			"doctype": "Auto Repeat",
			"reference_doctype": plan.doctype,
			"reference_document": plan.name,
			"notify_by_email": 1,
			"recipients": reader("zh"),
			"subject": "Again",
			"message": "Here it is",
			"print_format": plan.meta.default_print_format,
		}
	)
	repeat.send_notification(plan)
	((_name, content),) = mailed.prints(mailed.queued("Again"))
	assert by_weasyprint(content) and "交付计划" in said(content)


@CLAUSE
def test_other_attachments_and_prints_stay_as_they_are(account, todo_print):
	todo, print_format = todo_print
	made = frappe.attach_print("ToDo", todo.name, print_format=print_format)
	file = factories.make("File", file_name=f"{factories.unique('x')}.txt", content=factories.unique("words"))
	frappe.sendmail(
		recipients=[reader("zh")],
		subject="Mixed bag",
		message="See",
		attachments=[made, {"fid": file.name}],
	)
	queue = mailed.queued("Mixed bag")
	assert json.loads(queue.attachments) == [{"fid": file.name}]
	assert [content for _name, content in mailed.prints(queue)] == [made["fcontent"]]
