"""PDFs of finished documents are made once and kept by what they say; drafts never; nothing outlives its record (8.4.b.1)."""

import io
import os
import time

import api_calls
import factories
import frappe
import planning
import pytest
import scenario
import visiting
from pages import get as page

from ops_delivery.printing import weasy
from ops_delivery.services.papers import kept_prints
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.visits.types import SHEET

pypdf = pytest.importorskip("pypdf")
CLAUSE = pytest.mark.clause("8.4.b.1")
DOWNLOAD = "frappe.utils.print_format.download_pdf"
BLANK = "Field Service Sheet Blank"


@pytest.fixture(autouse=True)
def nothing_kept(site):
	kept_prints.forget_all()
	yield
	kept_prints.forget_all()


@pytest.fixture
def made(monkeypatch):
	"""How often a PDF was made, not taken from what is kept."""
	calls, make = [], weasy.pdf

	def counted(*args, **kwargs):
		calls.append(args)
		return make(*args, **kwargs)

	monkeypatch.setattr(weasy, "pdf", counted)
	return calls


@pytest.fixture
def left(site):
	"""A visit that is over, its engineer, manager and customer."""
	return visiting.over(visiting.world())


def download(by: str, doc, print_format: str | None = None, **more) -> bytes:
	answer = api_calls.get(
		by, DOWNLOAD, doctype=doc.doctype, name=doc.name, format=print_format or doc.doctype, **more
	)
	assert (answer.status, answer.kind) == (200, "application/pdf"), answer.text[:500]
	return answer.content


def said(content: bytes) -> str:
	return " ".join(" ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def kept_files() -> list:
	return sorted(kept_prints._root().rglob("*.pdf"))


@CLAUSE
def test_a_finished_document_is_made_once_and_says_what_it_is(left, made):
	first = download(left.engineer, left.visit)
	time.sleep(1.1)  # a PDF made now would bear another moment
	assert download(left.manager, left.visit) == first, "the same bytes for whoever reads the same"
	assert len(made) == 1 and len(kept_files()) == 1
	text = said(first)
	assert "Version 1; SHA-256 of its content" in text and "Printed" not in text


@CLAUSE
def test_who_printed_it_is_in_the_access_log(left, made):
	for reader in (left.engineer, left.manager):
		download(reader, left.visit)
	rows = frappe.get_all(
		"Access Log", filters={"reference_document": left.visit.name}, fields=["user", "method"], order_by="name"
	)
	assert {(row.user, row.method) for row in rows} == {(left.engineer, "Print"), (left.manager, "Print")}
	assert len(made) == 1


@CLAUSE
def test_another_language_letter_head_or_format_is_another_print(left, made):
	letter_head = factories.make(
		"Letter Head", letter_head_name=factories.unique("Letters"), source="HTML", content="<b>Our house</b>"
	).name
	plain = download(left.engineer, left.visit, no_letterhead=1)
	chinese = download(left.engineer, left.visit, no_letterhead=1, language="zh")
	headed = download(left.engineer, left.visit, letterhead=letter_head)
	assert len({plain, chinese, headed}) == 3 and len(made) == 3
	assert "Our house" in said(headed) and "Our house" not in said(plain)
	frappe.db.set_value("Letter Head", letter_head, "content", "<b>Their house</b>")
	assert "Their house" in said(download(left.engineer, left.visit, letterhead=letter_head))
	copy = factories.make(
		"Print Format",
		name=factories.unique("Sheet"),
		doc_type=SHEET,
		standard="No",
		custom_format=1,
		print_format_type="Jinja",
		html=(
			'{% import "ops_delivery/templates/print/document.html" as doc_print with context %}'
			"{% set paper = ops_paper(doc) %}{% call doc_print.page(doc, paper) %}<p>First words</p>{% endcall %}"
		),
	)
	assert "First words" in said(download(left.engineer, left.visit, copy.name))
	copy.html = copy.html.replace("First", "Other")
	copy.save()
	assert "Other words" in said(download(left.engineer, left.visit, copy.name))


@CLAUSE
def test_other_content_is_another_print(left, made):
	before = download(left.engineer, left.visit)
	frappe.db.set_value(SHEET, left.visit.name, "outcome_note", "The old switch is kept as a spare")
	after = download(left.engineer, left.visit)
	assert before != after and "kept as a spare" in said(after) and len(made) == 2


@CLAUSE
def test_a_picture_that_a_page_names_belongs_to_what_it_says(left):
	"""The key knows the content of files, not only their addresses."""
	url = f"/files/{frappe.generate_hash(length=10)}.txt"
	path = frappe.get_site_path("public", url.lstrip("/"))
	page = f'<img src="{url}">'
	try:
		keys = []
		for content in ("one", "two"):
			with open(path, "w") as file:
				file.write(content)
			keys.append(kept_prints.key(left.visit, page))
	finally:
		os.remove(path)
	assert len({*keys, kept_prints.key(left.visit, page)}) == 3


@CLAUSE
def test_drafts_withdrawn_documents_and_forms_for_a_pen_are_never_kept(made):
	draft = scenario.agreement(submit=False)
	running = visiting.world().visit
	over = visiting.over(visiting.world())
	for doc, print_format in ((draft, None), (running, None), (over.visit, BLANK)):
		for _time in range(2):
			content = documents.pdf(frappe.get_doc(doc.doctype, doc.name), print_format)
			assert "Printed" in said(content)
	withdrawn = scenario.agreement()
	frappe.db.set_value(withdrawn.doctype, withdrawn.name, "status", "Terminated")
	assert "Terminated" in said(documents.pdf(frappe.get_doc(withdrawn.doctype, withdrawn.name), None))
	assert not kept_files()


@CLAUSE
def test_what_is_kept_is_given_to_nobody_who_may_not_print_it(left):
	download(left.engineer, left.visit)
	stranger = factories.make_user(roles=["Employee"]).name
	for reader in (stranger, left.stranger, "Guest"):
		answer = api_calls.get(reader, DOWNLOAD, doctype=SHEET, name=left.visit.name, format=SHEET)
		assert answer.status == 403 and b"%PDF" not in answer.content


@CLAUSE
def test_what_is_kept_has_no_address_and_no_file(left):
	download(left.manager, left.visit)
	(path,) = kept_files()
	assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
	assert not frappe.db.exists("File", {"file_name": ["like", f"%{path.stem}%"]})
	site = frappe.get_site_path("private")
	assert not path.is_relative_to(os.path.abspath(os.path.join(site, "files")))
	inner = path.relative_to(os.path.abspath(site))
	for address in (f"/private/{inner}", f"/private/files/../{inner}", f"/files/{path.name}"):
		try:
			status, body = page(address, left.manager)
		except frappe.PermissionError:
			continue
		assert status >= 400 and "%PDF" not in body, address


@CLAUSE
def test_it_goes_with_its_record(left):
	plan = planning.plan()
	frappe.db.set_value(plan.doctype, plan.name, "status", "Approved")
	download(left.engineer, left.visit)
	download("Administrator", plan)
	assert len(kept_files()) == 2
	frappe.delete_doc(plan.doctype, plan.name)
	assert [path.parent for path in kept_files()] == [kept_prints._folder(SHEET, left.visit.name)]
	new = frappe.rename_doc(SHEET, left.visit.name, f"{left.visit.name}-X", force=True)
	assert new and not kept_files()


@CLAUSE
def test_a_document_that_is_opened_again_is_not_finished(left):
	download(left.engineer, left.visit)
	doc = frappe.get_doc(SHEET, left.visit.name)
	doc.status = "Work Done"
	kept_prints.on_update(doc)
	assert not kept_files()
	agreement = scenario.agreement().name
	documents.pdf(frappe.get_doc("Service Agreement", agreement), None)
	assert len(kept_files()) == 1
	frappe.get_doc("Service Agreement", agreement).cancel()
	assert not kept_files()


@CLAUSE
def test_retention(left, made):
	download(left.engineer, left.visit)
	kept_prints.purge()
	(path,) = kept_files()
	frappe.db.set_single_value("Ops Delivery Settings", "print_days", 10)
	os.utime(path, (time.time() - 9 * 86400,) * 2)
	kept_prints.purge()
	assert kept_files()
	os.utime(path, (time.time() - 11 * 86400,) * 2)
	kept_prints.purge()
	assert not kept_files() and not list(kept_prints._root().glob("*/*"))
	frappe.db.set_single_value("Ops Delivery Settings", "print_days", 0)
	download(left.engineer, left.visit)
	assert not kept_files()


@CLAUSE
def test_what_is_left_of_a_record_that_is_gone_is_dropped(left):
	download(left.engineer, left.visit)
	frappe.db.delete(SHEET, {"name": left.visit.name})  # past every event
	kept_prints.purge()
	assert not kept_files()


@CLAUSE
def test_a_name_taken_out_of_the_records_stands_on_no_kept_page(left):
	download(left.engineer, left.visit)
	kept_prints.after_deletion_request(frappe._dict(status="Pending Approval"))
	assert kept_files()
	kept_prints.after_deletion_request(frappe._dict(status="Deleted"))
	assert not kept_files()


@CLAUSE
def test_one_record_keeps_a_bounded_number(left, monkeypatch):
	monkeypatch.setattr(kept_prints, "MOST", 3)
	for number in range(5):
		kept_prints.keep(left.visit, f"{number:064}", b"%PDF %%EOF")
		os.utime(kept_files()[-1], (1000 + number,) * 2)
	assert [path.stem[-1] for path in kept_files()] == ["2", "3", "4"]


@CLAUSE
def test_a_file_that_is_not_whole_is_made_anew(left, made):
	first = download(left.engineer, left.visit)
	kept_files()[0].write_bytes(first[: len(first) // 2])
	assert download(left.engineer, left.visit).startswith(b"%PDF") and len(made) == 2


@CLAUSE
def test_many_may_write_at_once(left):
	from concurrent.futures import ThreadPoolExecutor

	folder = kept_prints._folder(SHEET, left.visit.name)
	folder.mkdir(parents=True)
	contents = [b"%PDF" + bytes([65 + number]) * 2_000_000 + b"%%EOF" for number in range(8)]
	with ThreadPoolExecutor(8) as pool:
		list(pool.map(lambda content: kept_prints._write(folder / ("k" * 64 + ".pdf"), content), contents))
	assert [path.name for path in folder.iterdir()] == ["k" * 64 + ".pdf"]
	assert kept_prints.read(left.visit, "k" * 64) in contents


@CLAUSE
def test_it_goes_with_the_app(left, monkeypatch):
	from ops_delivery.services.shared import install_state as memory
	from ops_delivery.setup import install, roles
	from ops_delivery.setup import uninstall_cleanup as leavings

	download(left.engineer, left.visit)
	for module, name in ((leavings, "clear"), (memory, "forget_all"), (roles, "remove")):
		monkeypatch.setattr(module, name, lambda: None)
	install.after_uninstall()
	assert not kept_prints._root().parent.exists()
