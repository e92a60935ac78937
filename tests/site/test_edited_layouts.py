"""A workspace that an administrator edited stays as they left it when the app's file is newer; what is new is offered."""

import json
from contextlib import suppress

import api_calls
import frappe
import pytest
from frappe.modules.import_file import import_file_by_path

from ops_delivery.setup import layouts

NEWER = "2027-03-01 08:00:00.000000"
CARD = "Open Requests"


@pytest.fixture
def administrator(make_user):
	user = make_user(roles=["System Manager", "Workspace Manager"])
	frappe.set_user(user.name)
	return user.name


@pytest.fixture
def update(monkeypatch, tmp_path):
	"""update(): what a migrate does with the workspace when the app came with a newer file, that has a card more and a link more."""

	def update():
		file = layouts.delivered("Workspace")
		file["modified"] = NEWER
		file["number_cards"].append({"label": "Reviews in Hand", "number_card_name": "Reviews in Hand"})
		file["links"].append({"type": "Link", "label": "Note", "link_to": "Note", "link_type": "DocType"})
		block = {"id": "a", "type": "number_card", "data": {"number_card_name": "Reviews in Hand", "col": 4}}
		file["content"] = json.dumps([*json.loads(file["content"]), block])
		path = tmp_path / "ops_delivery.json"
		path.write_text(json.dumps(file))
		monkeypatch.setattr(layouts, "delivered", lambda doctype: file)
		frappe.set_user("Administrator")
		layouts.keep_edited()
		import_file_by_path(str(path))
		layouts.note()

	if not frappe.db.exists("Number Card", "Reviews in Hand"):
		frappe.get_doc(
			{"doctype": "Number Card", "label": "Reviews in Hand", "name": "Reviews in Hand", "type": "Document Type",
			 "document_type": "Service Review", "function": "Count", "filters_json": "[]", "is_public": 1}
		).insert(set_name="Reviews in Hand")  # fmt: skip
	layouts.note()
	return update


def _take_away_a_card(user: str) -> None:
	"""As the desk's editor of workspaces saves it."""
	frappe.set_user(user)
	page = frappe.get_doc("Workspace", "Ops Delivery")
	blocks = [block for block in json.loads(page.content) if block["data"].get("number_card_name") != CARD]
	answer = api_calls.post(
		user,
		"frappe.desk.doctype.workspace.workspace.save_page",
		title=page.title,
		name=page.name,
		public=1,
		new_widgets=json.dumps({}),
		blocks=json.dumps(blocks),
	)
	assert answer.status == 200, answer.text


def _shown() -> set[str]:
	page = frappe.get_doc("Workspace", "Ops Delivery")
	return {block["data"].get("number_card_name") for block in json.loads(page.content)}


def test_an_edited_workspace_survives_a_newer_file(administrator, update):
	_take_away_a_card(administrator)
	update()
	assert CARD not in _shown()
	assert "Reviews in Hand" not in _shown()


def test_an_untouched_workspace_follows_the_file(update):
	update()
	assert {CARD, "Reviews in Hand"} <= _shown()
	assert layouts.offered() == []


def test_what_is_new_is_offered_and_added_on_demand(administrator, update):
	_take_away_a_card(administrator)
	update()
	health = api_calls.get(administrator, "ops_delivery.api.health.status")
	assert json.loads(health.text)["message"]["offered"] == ["Reviews in Hand", "Note"]
	answer = api_calls.post(administrator, "ops_delivery.api.configuration.add_offered_parts")
	assert json.loads(answer.text)["message"] == ["Reviews in Hand", "Note"]
	page = frappe.get_doc("Workspace", "Ops Delivery")
	assert "Reviews in Hand" in _shown() and CARD not in _shown()
	assert [row.number_card_name for row in page.number_cards].count("Reviews in Hand") == 1
	assert page.links[-1].label == "Note"
	last_card = [row for row in page.links if row.type == "Card Break"][-1]
	assert last_card.link_count == len(page.links) - page.links.index(last_card) - 1
	assert layouts.offered() == []
	layouts.keep_edited()
	layouts.note()
	assert layouts.offered() == [], "what was taken away before is not offered"


def test_what_is_not_wanted_is_offered_once(administrator, update):
	_take_away_a_card(administrator)
	update()
	assert api_calls.post(administrator, "ops_delivery.api.configuration.refuse_offered_parts").status == 200
	assert layouts.offered() == []
	layouts.note()
	assert layouts.offered() == []


def test_only_an_administrator_answers_the_offer(make_user, update):
	desk = make_user(roles=["Service Desk"]).name
	for method in ("add_offered_parts", "refuse_offered_parts"):
		answer = api_calls.post(desk, f"ops_delivery.api.configuration.{method}")
		assert answer.status == 403, answer.text
		with suppress(ValueError):
			assert json.loads(answer.text)["exc_type"] == "PermissionError"
