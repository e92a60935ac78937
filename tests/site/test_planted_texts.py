"""Markup in texts is stored so that no page runs it, also where Frappe's sanitizing does not look (issue: closed doors)."""

from pathlib import Path

import customers
import frappe
import pytest
import scenario
import surveying

import ops_delivery
from ops_delivery.services.escalation import firing as escalation
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import bulk, plain_texts
from ops_delivery.services.shared import locale as reader

PLANTS = ("A <img src=x onerror=alert(1)>", '["<img src=x onerror=alert(1)>"]', "B <script>alert(1)</script>")


def runs(stored: str | None) -> bool:
	"""Whether a browser would run something of it."""
	text = (stored or "").lower()
	return "<script" in text or ("<" in text and "onerror" in text.split("<", 1)[1])


@pytest.mark.parametrize("plant", PLANTS)
def test_an_answer_to_a_survey(plant):
	w = customers.world()
	survey = surveying.asked([w.asker], w.customer, surveying.template())[0]
	surveying.answer(survey, "5", "10", "Yes", plant)
	stored = frappe.get_all("Survey Answer", {"response": surveying.response(survey).name}, pluck="answer")
	assert len(stored) == 4 and not any(runs(text) for text in stored)


@pytest.mark.parametrize("plant", PLANTS)
def test_subjects_answers_and_reservations(plant):
	w = customers.world()
	issue = frappe.get_doc({"doctype": "Issue", "subject": plant, "raised_by": w.asker, "customer": w.customer})
	assert not runs(issue.insert().subject)
	frappe.set_user(w.asker)
	answering.decide_on_portal(w.issue.name, "Accepted with Reservations", plant, [plant])
	frappe.set_user("Administrator")
	row = frappe.get_last_doc("Service Acceptance", {"reference_name": w.issue.name})
	assert not runs(row.comment) and not any(runs(one.description) for one in row.reservations)


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_written_past_documents(plant):
	w = customers.world()
	scenario.change(w.issue, customers.RESOLVED, status="Open")
	log = frappe.new_doc("Escalation Log")
	log.update(
		{
			"name": frappe.generate_hash(length=10),
			"reference_doctype": "Issue",
			"reference_name": w.issue.name,
			"clock": scenario.clock(w.issue).name,
			"kind": "Alarm",
			"step": plant,
			"fired_on": frappe.utils.now_datetime(),
		}
	)
	bulk.insert_row(log)
	escalation.acknowledge([log.name], plant)
	stored = frappe.db.get_value("Escalation Log", log.name, ["step", "acknowledgement_note"])
	assert stored[0] and stored[1] and not any(runs(text) for text in stored)
	assert not runs(bulk.as_saved("Agreement Assessment", {"customer_by": plant})["customer_by"])


def test_nothing_is_written_past_documents_elsewhere():
	for path in (Path(ops_delivery.__file__).parent / "services").rglob("*.py"):
		text = path.read_text(encoding="utf-8")
		assert path.name == "bulk.py" or not ("db_insert()" in text or "db_update()" in text), path.name


@pytest.mark.parametrize("text", ["1 < 2", "a > b", "[1, 2]", '{"a": 1}', "中文 <3"])
def test_a_text_that_is_none_stays_as_it_was_typed(text):
	assert plain_texts.without_markup(text) == text
	w = customers.world()
	issue = frappe.get_doc({"doctype": "Issue", "subject": text, "raised_by": w.asker, "customer": w.customer})
	assert reader.text(issue.insert().subject) == text
