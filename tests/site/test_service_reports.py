"""Service reports: made, worded, reviewed, published, confirmed, and fixed from then on (8.2, 8.3.b.5)."""

import api_calls
import desk_door
import factories
import frappe
import pytest
import report_paper_scene as scene
import reviewing
from frappe.model.workflow import apply_workflow

from ops_delivery.services.reports import making, rules

DOCTYPE = scene.DOCTYPE


@pytest.fixture
def w(site, monkeypatch):
	"""Commits of the job are the test's own: it is taken back whole."""
	monkeypatch.setattr(frappe.db, "commit", lambda *args, **kwargs: None)
	w = scene.world()
	scene.figures(monkeypatch, requests=scene.requests())
	return w


def row(doc, section: str = "Service Requests"):
	return next(row for row in doc.sections if row.section == section)


@pytest.mark.clause("8.3.b.5")
def test_a_manager_makes_words_reviews_and_publishes_one_each_step_by_somebody_at_a_time(w):
	doc = scene.made(w)
	assert doc.making_state == "Made" and doc.figures_on and row(doc).figures
	row(doc).text = "Fewer mails than in February."
	with reviewing.user(w.author):
		doc.save()
	doc = scene.published(w, doc)
	assert doc.status == "Published"
	assert [(step.step, step.done_by) for step in doc.steps] == [("In Review", w.author), ("Reviewed", w.reviewer), ("Published", w.author)]
