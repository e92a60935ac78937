"""A page that is too long is refused in words, and no web worker is held by one (8.4.b.1)."""

import json
import os
import shutil
import subprocess
import sys
import time

import api_calls
import factories
import frappe
import planning
import pytest
import visiting

from ops_delivery.printing import bounds, renderer, weasy
from ops_delivery.services.papers import print_batches as batch
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.visits.types import SHEET

DOWNLOAD = "frappe.utils.print_format.download_pdf"
ENDLESS = "<table><tr><td colspan=2000000>a</td></tr><tr><td>b</td></tr></table>"
FREE_SECONDS = 5  # of a busy machine, beside the limit


@pytest.fixture
def one_second(monkeypatch):
	monkeypatch.setattr(weasy, "REQUEST_SECONDS", 1)
	monkeypatch.setattr(weasy, "JOB_SECONDS", 1)
	renderer.end_idle()
	with renderer.renderer(60) as one:  # its start is not what is measured
		one.lay_out("<p>x</p>", "", "http://x/", lambda address: (b"", ""))
		one.write()
	yield
	renderer.end_idle()


@pytest.fixture
def endless(site):
	"""A print format of an administrator's whose page has no end."""
	return factories.make(
		"Print Format",
		name=factories.unique("Endless"),
		doc_type=SHEET,
		standard="No",
		custom_format=1,
		print_format_type="Jinja",
		html=ENDLESS,
	).name


def download(by: str, doc, print_format: str):
	return api_calls.get(by, DOWNLOAD, doctype=doc.doctype, name=doc.name, format=print_format)


def words(answer) -> str:
	return " ".join(json.loads(message)["message"] for message in json.loads(json.loads(answer.text)["_server_messages"]))


def test_a_page_without_end_is_ended(endless, one_second, monkeypatch):
	w = visiting.world()
	began = time.monotonic()
	answer = download(w.engineer, w.visit, endless)
	assert time.monotonic() - began < 1 + FREE_SECONDS
	assert answer.status == 417 and "TooLong" in answer.text
	assert w.visit.name in words(answer) and "within 1 seconds" in words(answer)
	assert not renderer._idle, "its helper is ended"
	monkeypatch.undo()
	assert download(w.engineer, w.visit, SHEET).status == 200, "the next page is printed as ever"


def test_a_batch_is_held_to_the_same_time(endless, one_second):
	w = visiting.world()
	began = time.monotonic()
	with pytest.raises(weasy.TooLong, match=w.visit.name):
		batch.pdf(SHEET, [w.visit.name] * 3, endless)
	assert time.monotonic() - began < 3 + FREE_SECONDS


def test_a_mail_with_a_page_without_end_is_not_sent_without_it(endless, one_second):
	w = visiting.world()
	with pytest.raises(weasy.TooLong, match=w.visit.name):
		frappe.attach_print(SHEET, w.visit.name, print_format=endless)


@pytest.mark.parametrize(
	"page", ["<div>" * 3000 + "x", "<ul><li>" * 1200 + "x"], ids=["boxes in boxes", "lists in lists"]
)
def test_a_page_too_deep_is_too_long(site, page):
	with pytest.raises(weasy.TooLong):
		weasy.pdf(page)


def test_a_page_of_too_many_characters_is_not_even_begun(site):
	with pytest.raises(weasy.TooLong, match="4000000"):
		weasy.pdf("x" * 4_000_001)
	assert weasy.apart('<img src="data:image/png;base64,' + "A" * 4_000_001 + '">')[1]


def test_a_span_without_end_in_a_text_is_cut(site):
	plan = planning.plan(description=ENDLESS.replace("2000000", '"2000000"'))
	stored = frappe.get_doc(plan.doctype, plan.name)
	assert "2000000" in stored.description
	answer = download("Administrator", plan, plan.doctype)
	assert answer.status == 200 and answer.content.startswith(b"%PDF")
	assert "2000000" not in Paper(stored).rich(stored.description)


@pytest.mark.parametrize(
	"values, named",
	[
		({"work_content": "line\n" * 6000}, "Content has 6000 lines"),
		({"site_rules": "规" * 250_000}, "250000 characters"),
		({"work_items": [{"work": "Swap", "steps": "Off, on"}] * 1001}, "Work Items has 1001 rows"),
		({"work_items": [{"work": "Swap", "steps": "step\n" * 5001}]}, "Work items, row 1: How it is done has 5001 lines"),
	],
	ids=["lines", "characters", "rows", "a row's text"],
)
def test_what_is_too_long_is_named(values, named):
	w = visiting.world()
	doc = frappe.get_doc(SHEET, w.visit.name)
	doc.update(values)
	with api_calls.request(w.engineer, "GET", "/"), pytest.raises(weasy.TooLong) as refused:
		bounds.check(doc)
	text = frappe.utils.strip_html(str(refused.value))
	assert w.visit.name in text and named.casefold() in text.casefold(), text


def test_a_job_may_print_more(site):
	doc = frappe.get_doc(SHEET, visiting.world().visit.name)
	doc.work_content = "line\n" * 6000
	bounds.check(doc)


def test_the_web_worker_itself_loads_no_pdf_library(site):
	w = visiting.world()
	loaded = [name for name in sys.modules if name.split(".")[0] in ("weasyprint", "fontTools", "pydyf")]
	for name in loaded:
		del sys.modules[name]
	assert download(w.engineer, w.visit, SHEET).status == 200
	assert not [name for name in sys.modules if name.split(".")[0] in ("weasyprint", "fontTools", "pydyf")]


def test_a_helper_ends_with_its_process_and_is_not_shared_by_a_fork(site):
	weasy.pdf("<p>x</p>")
	(one,) = renderer._idle
	child = os.fork()
	if not child:
		os._exit(len(renderer._idle))
	assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
	renderer.end_idle()
	assert one.process.poll() is not None and not renderer._idle


def test_a_helper_that_died_is_replaced(site):
	weasy.pdf("<p>x</p>")
	renderer._idle[0].process.kill()
	renderer._idle[0].process.wait()
	assert weasy.pdf("<p>y</p>").startswith(b"%PDF")


def test_pages_set_in_several_cuts_of_a_face_keep_their_own_glyphs(site, tmp_path):
	"""Two records in one PDF, whose characters differ: the second one looks as it does alone."""
	if not shutil.which("pdftoppm"):
		pytest.skip("pdftoppm is not installed")
	renderer.end_idle()  # no cut is there that would do for both
	pages = ["<p>更换核心交换机</p>", "<p>雷霆万钧，风驰电掣</p>", "<p>更换核心交换机，雷霆万钧</p>"]
	together = batch.together([batch.Page(page) for page in pages])
	alone = [weasy.pdf(page) for page in pages]

	def pictures(content: bytes) -> list[bytes]:
		folder = tmp_path / frappe.generate_hash(length=8)
		folder.mkdir()
		(folder / "x.pdf").write_bytes(content)
		subprocess.run(["pdftoppm", "-r", "50", "x.pdf", "p"], cwd=folder, check=True)
		return [path.read_bytes() for path in sorted(folder.glob("*.ppm"))]

	assert pictures(together) == [picture for content in alone for picture in pictures(content)]
	assert len(set(pictures(together))) == 3


def test_a_page_that_weasyprint_gives_up_on_is_told_as_that(site, monkeypatch):
	monkeypatch.setattr(renderer.Renderer, "answer", lambda self, fetch: (_ for _ in ()).throw(renderer.Failed("Odd")))
	with pytest.raises(frappe.ValidationError, match="could not be laid out: Odd"):
		weasy.pdf("<p>x</p>")


def test_where_weasyprint_does_not_work_it_is_said(site, monkeypatch):
	renderer.end_idle()
	monkeypatch.setenv("PYTHONHOME", "/nowhere")
	with pytest.raises(frappe.ValidationError, match="WeasyPrint, which does not work"):
		weasy.pdf("<p>x</p>")
