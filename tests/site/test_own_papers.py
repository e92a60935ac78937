"""The organization's own papers: a Word template is taken only where all in it is known, and gives each reader what they may print
(8.2.e, 8.4.b.1)."""

import io
import json
import os
import threading
import time

import api_calls
import customers
import deliverable_scene
import desk_door
import factories
import frappe
import own_templates as files
import papers
import pytest
import report_paper_scene
import reviewing
import scenario
import visiting
from docx import Document

from ops_delivery.domain.own_papers import offer as offers
from ops_delivery.printing import office, word
from ops_delivery.services.own_papers import making, registry, starters, templates
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.shared.locale import reading

API = "ops_delivery.api.own_papers."
VISIT = files.written(
	"No. {{ number }} of {{ customer_name }}, {{ symptom }}", "{%p if is_on_site %}", "Rating {{ rating }}", "{%p endif %}", rows=files.LOOP, header="{{ supplier_name }}"
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
needs_office = pytest.mark.skipif(not office.program(), reason="no LibreOffice")


def uploaded(content: bytes, owner: str, name: str = "paper.docx", private: int = 1):
	with reviewing.user(owner):
		return frappe.get_doc({"doctype": "File", "file_name": factories.unique("f") + name, "content": content, "is_private": private}).insert(ignore_permissions=True)


def template(content: bytes = VISIT, owner: str = "Administrator", **values):
	file = uploaded(content, owner)
	with reviewing.user(owner):
		given = {"template_name": factories.unique("T"), "document_type": "Field Service Sheet", "file": file.file_url, "enabled": 1, "output": "Word and PDF", **values}
		return frappe.get_doc({"doctype": templates.DOCTYPE, **given}).insert()


def words(content: bytes) -> str:
	"""All text of a document, with its headers."""
	document = Document(io.BytesIO(content))
	found = [line.text for line in document.sections[0].header.paragraphs] + [line.text for line in document.paragraphs]
	found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
	return "\n".join(found)


def made(user: str, doc, chosen, kind: str = "Word"):
	return api_calls.post(user, API + "make", doctype=doc.doctype, name=doc.name, template=chosen.name, kind=kind)


@pytest.fixture
def world(site):
	return visiting.world()


@pytest.mark.clause("8.2.e")
@pytest.mark.parametrize("kind", [kind for kind in files.HOSTILE if kind != "empty"])  # the host takes no empty file
def test_what_is_hostile_or_mistaken_is_refused_at_the_form_with_its_place(site, kind):
	desk, (content, _code, there) = desk_door.Desk("Service Delivery Manager"), files.HOSTILE[kind]
	file = uploaded(content, desk.user)
	name = factories.unique("T")
	answer = desk.new(templates.DOCTYPE, template_name=name, document_type="Field Service Sheet", file=file.file_url, output="Word", enabled=1)
	assert answer.status == 417, answer.text[:300]
	told = desk_door.said(answer)
	assert there in told, told
	assert not frappe.db.exists(templates.DOCTYPE, name)


@pytest.mark.clause("8.2.e")
def test_an_unknown_field_is_named_with_its_place_and_what_it_may_mean_in_both_languages(site):
	content = files.written("{{ number }}", rows=(("a", "b"), ("c", "x {{ custmer_name }} y")))
	said = {"en": "Text · table 1, row 2, cell 2 · paragraph 1", "zh": "正文 · 表格 1 第 2 行第 2 格 · 第 1 段"}
	for language, place in said.items():
		desk = desk_door.Desk("System Manager", language=language)
		file = uploaded(content, desk.user)
		with reading(language):
			answer = desk.new(templates.DOCTYPE, template_name=factories.unique("T"), document_type="Field Service Sheet", file=file.file_url, output="Word")
		told = desk_door.said(answer)
		assert all(words in told for words in (place, "custmer_name", "customer_name", "x {{ custmer_name }} y")), told


@pytest.mark.clause("8.4.b.1")
def test_who_may_print_the_visit_gets_it_on_the_template_and_nobody_else(world):
	chosen = template()
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	nobody = factories.make_user(roles=["Employee"]).name
	for user in ("Administrator", world.manager, world.engineer, auditor):
		answer = made(user, world.visit, chosen)
		assert (answer.status, answer.kind) == (200, DOCX), (user, answer.text[:300])
		told = words(answer.content)
		assert world.visit.name in told and "Replace the core switch" in told and "Rating ☐" in told
	for user in (world.asker, world.stranger, nobody, "Guest"):
		answer = made(user, world.visit, chosen)
		assert answer.status == 403, (user, answer.status)
	log = frappe.get_all("Access Log", {"reference_document": world.visit.name, "method": "Print"}, ["user", "page", "file_type"])
	assert {row.user for row in log} >= {world.manager, auditor} and log[0].page == chosen.name


def test_only_who_may_write_templates_tries_one_and_others_may_not_upload(world):
	chosen = template(enabled=0)
	assert made(world.engineer, world.visit, chosen).status == 417
	ask = {"name": chosen.name, "record": world.visit.name}
	assert api_calls.post(world.manager, API + "preview", **ask).status == 200
	assert api_calls.post(world.engineer, API + "preview", **ask).status == 403
	answer = desk_door.Desk("Field Engineer").new(templates.DOCTYPE, template_name=factories.unique("T"), document_type="Field Service Sheet", file=chosen.file, output="Word")
	assert answer.status == 403


def test_the_templates_that_fit_are_offered_the_customers_first(world):
	ours = template(customer=world.customer)
	general, other = template(), template(customer=factories.make_customer().name)
	off, session = template(enabled=0), template(document_type="Remote Support Session")
	answer = api_calls.get(world.engineer, API + "offered", doctype=world.visit.doctype, name=world.visit.name)
	found = [row["name"] for row in json.loads(answer.text)["message"]["templates"]]
	assert found[0] == ours.name and general.name in found
	assert not {other.name, off.name, session.name} & set(found)
	assert made(world.engineer, world.visit, other).status == 417
	assert api_calls.get(world.asker, API + "offered", doctype=world.visit.doctype, name=world.visit.name).status == 403


def test_a_public_file_or_anothers_private_one_is_no_template(world):
	public = uploaded(VISIT, world.manager, private=0)
	given = {"template_name": factories.unique("T"), "document_type": "Field Service Sheet", "output": "Word"}
	desk = desk_door.Desk("Service Delivery Manager")
	answer = desk.new(templates.DOCTYPE, **given, file=public.file_url)
	assert answer.status == 417 and "no private file" in desk_door.said(answer)
	hidden = uploaded(VISIT, "Administrator")
	answer = desk.new(templates.DOCTYPE, **given, file=hidden.file_url)
	assert answer.status == 417 and "that you can see" in desk_door.said(answer)


def test_a_file_that_was_changed_behind_the_check_is_not_filled_in(world):
	chosen = template()
	path = frappe.get_doc("File", {"file_url": chosen.file}).get_full_path()
	with open(path, "wb") as file:
		file.write(files.written("{{ number.__class__ }}"))
	answer = made(world.engineer, world.visit, chosen)
	assert answer.status == 417 and "not the one that was checked" in desk_door.said(answer)


@pytest.mark.clause("8.4.b.1")
def test_all_that_is_offered_is_there_for_each_type_and_a_draft_says_so(world):
	agreement = scenario.agreement(world.customer, submit=False)
	deliverable = deliverable_scene.document(world.manager, world.customer)
	session = visiting.world("Remote Support Session").visit
	for doc in (visiting.signed(world).visit, session, agreement, deliverable):
		source = registry.of(doc.doctype)
		values = source.values(doc, Paper(doc))
		assert set(values) >= set(source.offer()), doc.doctype
		offers.fitted(source.offer(), values)
	chosen = template(files.written("{{ title }} {{ customer.name }} {{ fee_in_words }}"), document_type="Service Agreement")
	answer = made(world.manager, agreement, chosen)
	assert answer.status == 200 and "Draft" in words(answer.content), answer.text[:500]
	frappe.db.set_single_value("Print Settings", "allow_print_for_draft", 0)
	frappe.clear_document_cache("Print Settings", "Print Settings")
	assert made(world.manager, agreement, chosen).status == 403


@pytest.mark.clause("8.3.b.5")
def test_a_service_report_is_made_on_our_template_with_its_figures_and_tables(site):
	w = report_paper_scene.world()
	doc = report_paper_scene.made(w)
	answer = made(w.author, doc, template(starters.of(registry.of(doc.doctype)), document_type=doc.doctype))
	assert answer.status == 200, answer.text[:500]
	told = words(answer.content)
	assert doc.name in told and all(said in told for said in ("Requests received", "On-site Arrival", "Kept, of Those Decided")), told
	assert made(w.stranger, doc, template(files.GOOD, document_type=doc.doctype)).status == 403


def test_texts_of_people_stay_texts(world):
	visiting.frappe.db.set_value(world.visit.doctype, world.visit.name, "work_content", "a < b & {{ number }} {% for x in y %} <w:p/>\nsecond line")
	answer = made(world.engineer, visiting.fresh(world.visit), template())
	assert answer.status == 200
	assert "a < b & {{ number }} {% for x in y %} <w:p/>\nsecond line" in words(answer.content)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_templates_to_begin_with_are_taken_as_they_are(world, language):
	manager = factories.make_user(roles=["Service Delivery Manager"], language=language).name
	for doctype in registry.sources():
		with reading(language):
			answer = api_calls.post(manager, API + "starter", document_type=doctype)
		assert (answer.status, answer.kind) == (200, DOCX), answer.text[:300]
		with reading(language):
			assert templates.problems(starters.of(registry.of(doctype)), doctype) == []


@needs_office
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_visit_on_our_template_fills_a_page_in_either_language(world, language, tmp_path):
	with reading(language):
		content = starters.of(registry.of("Field Service Sheet"))
	chosen = template(content, language=language)
	doc = visiting.signed(world).visit
	answer = made(world.engineer, doc, chosen, "PDF")
	assert answer.status == 200, answer.text[:300]
	papers.keep(answer.content, f"own-visit-{language}")
	told = papers.said(answer.content)
	assert ("现场服务单" if language == "zh" else "Field Service Sheet") in told and doc.name in told and "Replace the core switch" in told
	assert "{{" not in told and "{%" not in told
	assert len(papers.PdfReader(io.BytesIO(answer.content)).pages) == 1


@needs_office
def test_it_is_made_as_pdf_and_attached_only_when_asked(world):
	chosen = template()
	answer = made(world.engineer, world.visit, chosen, "PDF")
	assert answer.status == 200 and answer.content.startswith(b"%PDF"), answer.text[:300]
	mine = {"attached_to_doctype": world.visit.doctype, "attached_to_name": world.visit.name}
	assert not frappe.db.count("File", mine)
	ask = {"doctype": world.visit.doctype, "name": world.visit.name, "template": chosen.name, "kind": "PDF"}
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	assert api_calls.post(auditor, API + "attach", **ask).status == 403
	first = api_calls.post(world.engineer, API + "attach", **ask)
	assert first.status == 200, first.text[:300]
	again = api_calls.post(world.engineer, API + "attach", **ask)
	assert json.loads(first.text)["message"] == json.loads(again.text)["message"]
	(file,) = frappe.get_all("File", mine, ["is_private", "file_name"])
	assert file.is_private and file.file_name.endswith(".pdf")


def test_without_libreoffice_and_where_it_hangs_people_are_told_and_nothing_stays(world, monkeypatch, tmp_path):
	chosen = template()
	monkeypatch.setattr(office, "PROGRAMS", ("no-such-program",))
	assert "no LibreOffice" in desk_door.said(made(world.engineer, world.visit, chosen, "PDF"))
	slow = tmp_path / "soffice"
	slow.write_text("#!/bin/sh\nsleep 300 & echo $! > " + str(tmp_path / "child") + "\nwait\n")
	slow.chmod(0o755)
	monkeypatch.setattr(office, "PROGRAMS", (str(slow),))
	monkeypatch.setattr(office.tempfile, "tempdir", str(tmp_path))
	left = tmp_path / "ops-office-left"  # by one who was killed
	left.mkdir()
	os.utime(left, (1, 1))
	with pytest.raises(making.helpers.TooSlow):
		office.pdf(b"PK", seconds=1)
	assert not [one for one in tmp_path.iterdir() if one.name.startswith("ops-office-") and one.is_dir()]
	assert _is_gone(int((tmp_path / "child").read_text()))


def _is_gone(pid: int) -> bool:
	for _try in range(50):
		try:
			with open(f"/proc/{pid}/stat") as stat:
				if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
					return True
		except FileNotFoundError:
			return True
		time.sleep(0.1)
	os.kill(pid, 9)
	return False


@needs_office
def test_two_at_once_do_not_disturb_each_other(world):
	content = templates.content_of(template())
	source = registry.of(world.visit.doctype)
	values = offers.fitted(source.offer(), source.values(world.visit, Paper(world.visit)))
	found: list = []

	def one() -> None:
		found.append(office.pdf(word.fill(content, values)))

	threads = [threading.Thread(target=one) for _ in range(3)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert len(found) == 3 and all(one.startswith(b"%PDF") for one in found)


def test_a_template_that_grows_is_ended(world):
	big = "{% for row in work %}" + "x" * 20000 + "{% endfor %}"
	with pytest.raises(word.NotFilled) as refused:
		word.fill(files.written(big), {"work": [{}] * 20000}, seconds=4)
	assert refused.value.code == "endless"


def test_who_belongs_to_the_customer_reaches_no_door(world):
	chosen = template()
	for method, given in (
		("fields", {"document_type": "Deliverable"}),
		("check", {"name": chosen.name}),
		("starter", {"document_type": "Deliverable"}),
		("preview", {"name": chosen.name, "record": world.visit.name}),
		("attach", {"doctype": world.visit.doctype, "name": world.visit.name, "template": chosen.name}),
	):
		assert api_calls.post(world.asker, API + method, **given).status == 403, method
	assert customers.portal_user  # the asker is one
