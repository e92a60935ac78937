"""The papers of routine operation: the record of a round, and the record of how a finding was handled (8.3.b.1, 8.3.b.2)."""

import io

import frappe
import pytest
import scenario
from test_routine_findings import findings, finish, save, scene, step, world

from ops_delivery.services.papers import prints

pypdf = pytest.importorskip("pypdf")


@pytest.fixture
def w(site):
	return world(when_abnormal="Open an Issue")


def text_of(doctype, name, paper, language="en"):
	before = frappe.local.lang
	frappe.local.lang = language
	try:
		content = prints.pdf(frappe.get_doc(doctype, name), paper)
	finally:
		frappe.local.lang = before
	pages = pypdf.PdfReader(io.BytesIO(content)).pages
	return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("T aken", "Taken")


@pytest.mark.clause("8.3.b.1", "6.2.b.4")
def test_the_inspection_record_says_what_was_looked_at_and_found(w):
	save(w, (w.heat, "35"), (w.lamp, "Yellow"))
	with scene.at("2026-03-02"):
		rows = [{"service_object": w.things[1], "step_key": w.door, "value": "", "note": "The key is away"}]
		scene.post(w.engineer, "save_readings", name=w.tasks[0], rows=rows)
	finish(w)
	text = text_of(scene.TASK, w.tasks[0], "Inspection Record")
	for part in ("Read the temperature", "18 to 27 ℃", "35 ℃", "☑ Abnormal", "The key is away", "Findings and how they are handled", findings(w)[0].name):
		assert part in text, (part, text)
	text = text_of(scene.TASK, w.tasks[0], "Inspection Record", "zh")
	for part in ("总体结论", "发现问题及处理", "☑ 异常", "陪同人", "待处置"):
		assert part in text, (part, text)


@pytest.mark.clause("8.3.b.1")
def test_a_round_tells_what_it_found_itself_and_not_what_others_did(w):
	save(w, (w.heat, "35"))
	finish(w)
	save(w, (w.heat, "36"), task=1, day="2026-03-05")
	finish(w, task=1, day="2026-03-05")
	save(w, (w.heat, "21"), task=2, day="2026-03-09")
	finish(w, task=2, day="2026-03-09")
	(found,) = findings(w)
	assert "35 ℃" in text_of(scene.TASK, w.tasks[0], "Inspection Record").split("Findings and how they are handled")[1]
	assert found.name not in text_of(scene.TASK, w.tasks[2], "Inspection Record")
	sheets = [scene.post(w.engineer, "task_sheet", name=name)[1] for name in w.tasks[:2]]
	heat = [[row["value"] for row in sheet["last"] if (row["service_object"], row["step_key"]) == (w.things[0], w.heat)] for sheet in sheets]
	assert heat == [[], ["35"]], "the last value of a done round is the one before it"
	listed = [step(w.engineer, "of_task", name=name)[1]["message"] for name in w.tasks[:3]]
	assert [[row["name"] for row in rows] for rows in listed] == [[found.name], [found.name], []]


@pytest.mark.clause("8.3.b.2", "6.2.b.5")
def test_the_abnormal_handling_record_says_what_was_done_and_what_came_of_it(w):
	save(w, (w.heat, "35"))
	save(w, (w.heat, "21"), task=1, day="2026-03-05")
	(found,) = findings(w)
	step(w.engineer, "close", name=found.name, result="Holds", what_was_done="Filter changed")
	text = text_of("Routine Finding", found.name, "Abnormal-handling Record")
	for part in (found.name, "35 ℃", "18 to 27 ℃", "Filter changed", "Holds", "normal again on", "The value is normal for a day"):
		assert part in text, (part, text)
	text = text_of("Routine Finding", found.name, "Abnormal-handling Record", "zh")
	for part in ("操作指引的处置办法", "处置措施", "恢复正常", "☑ 异常"):
		assert part in text, (part, text)
