"""The agreement file that the form's button gives is one that the replay reads, with its calendar (item 1)."""

import json

import api_calls
import factories
import frappe
import pytest
import scenario

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.replay.cli import main

EXPORT = "ops_delivery.api.agreements.export_file"
LOG = "id,made,answered,solved,priority\nA,2026-03-02 09:00,2026-03-02 09:10,2026-03-02 09:30,Medium\n"
MAPPING = {
	"format": "ops_delivery.mapping/1",
	"name": "desk",
	"shape": "tickets",
	"time_format": "%Y-%m-%d %H:%M",
	"columns": {"ticket": "id", "created": "made", "priority": "priority"},
	"commitments": {"First Response": {"met_at": "answered"}, "Resolution": {"met_at": "solved"}},
}


@pytest.mark.clause("5.2.a")
def test_what_the_button_gives_is_what_the_replay_takes(tmp_path):
	agreement = scenario.agreement()
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	answer = api_calls.post(manager, EXPORT, name=agreement.name)
	assert answer.status == 200, answer.text
	terms = Terms.from_json(answer.content)
	assert terms.calendar == agreement.calendar and agreement.calendar in terms.calendars
	assert {t.commitment for t in terms.targets} == {row.commitment for row in agreement.targets}
	for name, text in (
		("agreement.json", answer.text),
		("log.csv", LOG),
		("desk.json", json.dumps(MAPPING)),
	):
		(tmp_path / name).write_text(text, "utf-8")
	code = main(
		[
			*("replay", str(tmp_path / "log.csv"), "--agreement", str(tmp_path / "agreement.json")),
			*("--mapping", str(tmp_path / "desk.json"), "--json", str(tmp_path / "figures.json")),
		]
	)
	assert code == 0
	figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
	assert figures["commitments"]["Resolution"]["met"] == 1


def test_who_may_not_read_the_agreement_gets_no_file():
	agreement = scenario.agreement()
	customer = factories.make_portal_user(factories.make_customer().name)
	answer = api_calls.post(getattr(customer, "name", customer), EXPORT, name=agreement.name)
	assert answer.status == 403
	assert frappe.db.get_value("Service Agreement", agreement.name, "customer") not in answer.text
