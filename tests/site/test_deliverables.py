"""Deliverables from their compiling to their destruction: complete, reviewed, in time, and never changed once published (8.2)."""

import deliverable_scene as scene
import desk_door
import factories
import frappe
import pytest
import reviewing
import scenario
from frappe.model.workflow import apply_workflow

from ops_delivery.services.deliverables import files, rules
from ops_delivery.services.reviews import phase_guard


@pytest.fixture
def people(site):
	return frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())


@pytest.mark.clause("8.2.a")
def test_it_is_compiled_reviewed_published_archived_and_destroyed_each_by_somebody_at_a_time(people):
	doc = scene.published(people.author, people.reviewer)
	doc = reviewing.act(doc, "Archive", people.author)
	doc = reviewing.change(doc, people.author, reason="Kept long enough")
	doc = reviewing.act(doc, "Destroy", people.author)
	assert [(row.step, row.done_by) for row in doc.steps] == [
		("In Review", people.author),
		("Checked", people.author),
		("Reviewed", people.reviewer),
		("Published", people.author),
		("Archived", people.author),
		("Destroyed", people.author),
	]
	assert all(row.done_on for row in doc.steps) and doc.steps[-1].note == "Kept long enough"
