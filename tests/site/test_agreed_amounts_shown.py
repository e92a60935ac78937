"""What was agreed and used, where it is shown: portal, report, paper, agreement file, templates, a message (5.3.a, 5.4.a)."""

import json

import amounts_scene as scene
import api_calls
import customers
import desk_door
import factories
import frappe
import pages
import planning
import pytest
import routine_scene
import scenario
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.services.agreements import templates
from ops_delivery.services.shared import wording


@pytest.fixture
def agreement(site):
	made = scene.agreement(
		scene.amount("Yearly visits", quantity=2, per="Year", warn_at=50),
		scene.amount("On call", counts="Hours", unlimited=1, quantity=0, per="Month"),
	)
	scene.leave(scene.visited(made, hours=3))
	return made


@pytest.mark.clause("5.4.a")
def test_the_customer_sees_what_is_theirs_on_their_page_and_nobody_else_does(agreement):
	asker = customers.portal_user(agreement.customer, sees_all=True)
	stranger = customers.portal_user(factories.make_customer().name, sees_all=True)
	with routine_scene.at("2026-03-31"):
		status, html = pages.get(f"/agreements/{agreement.name}", asker)
		said = pages.words(html)
	assert status == 200
	year, month = (f"{wording.day(first)} to {wording.day(last)}" for first, last in (("2026-01-01", "2026-12-31"), ("2026-03-01", "2026-03-31")))
	assert f"Yearly visits 2 times a year · {year} Used 1 Planned 0 Left 1" in said, said[:1500]
	assert f"On call as many as needed · {month} Used 3 Planned 0" in said
	assert 'value="50"' in html
	assert pages.get(f"/agreements/{agreement.name}", stranger)[0] == 403
	for user in (asker, stranger):
		assert scene.post(user, "amounts.used", agreement=agreement.name)[0] == 403
		assert api_calls.get(user, "frappe.client.get_list", doctype=scene.ENTRY).status == 403


def test_the_page_speaks_chinese(agreement, monkeypatch):
	monkeypatch.setattr(frappe.local, "lang", "zh")
	asker = customers.portal_user(agreement.customer, sees_all=True, language="zh")
	with routine_scene.at("2026-03-31"):
		said = pages.words(pages.get(f"/agreements/{agreement.name}", asker)[1])
	assert "Yearly visits 每年 2 次 · 2026年1月1日 至 2026年12月31日 已用 1 已安排 0 剩余 1" in said, said[:1500]


@pytest.mark.clause("5.4.a")
def test_the_report_finds_by_customer_and_period(agreement):
	desk = desk_door.Desk("Service Delivery Manager")
	other = scene.agreement(scene.amount("Others"))

	def run(**filters):
		with routine_scene.at("2026-03-31"):
			answer = desk.call("frappe.desk.query_report.run", report_name="Agreed and Used", filters=json.dumps(filters))
		assert answer.status == 200, desk_door.said(answer)
		return {(row["title"], str(row["from_date"])): row for row in json.loads(answer.text)["message"]["result"]}

	asked = {"customer": agreement.customer, "from_date": "2026-02-10", "to_date": "2026-03-31"}
	found = run(**asked)
	assert set(found) == {("Yearly visits", "2026-01-01"), ("On call", "2026-02-01"), ("On call", "2026-03-01")}
	year = found[("Yearly visits", "2026-01-01")]
	assert (year["promised"], year["used"], year["left"], year["share"]) == (2.0, 1.0, 1.0, 50.0)
	assert found[("On call", "2026-03-01")]["left"] is None
	assert set(run(**asked, only="Nearly used")) == {("Yearly visits", "2026-01-01")}
	assert run(**asked, only="Beyond") == {}
	assert set(run(agreement=other.name, from_date="2026-05-01", to_date="2026-05-02")) == {("Others", "2026-04-01")}
	make_property_setter("Service Agreement", "amounts", "permlevel", 3, "Int")
	assert run(**asked) == {}
	assert scene.used(desk.user, agreement) == {}


def test_a_report_of_days_the_wrong_way_round_is_refused(site):
	answer = desk_door.Desk("Service Delivery Manager").call(
		"frappe.desk.query_report.run",
		report_name="Agreed and Used",
		filters=json.dumps({"from_date": "2026-03-01", "to_date": "2026-02-01"}),
	)
	assert answer.status == 417 and wording.day("2026-02-01") in desk_door.said(answer)


def test_the_agreement_file_says_the_amounts(agreement):
	answer = api_calls.post(scene.manager(), "ops_delivery.api.agreements.export_file", name=agreement.name)
	said = json.loads(answer.text)
	assert said["amounts"] == [
		{"what": "Yearly visits", "unit": "Visits on Site", "per": "year", "amount": 2.0, "carry_periods": 0, "warn_at": 50.0},
		{"what": "On call", "unit": "Hours", "per": "month"},
	]
	assert [promise.unlimited for promise in Terms.from_dict(said).amounts] == [False, True]


@pytest.mark.clause("5.2.a")
def test_an_agreement_from_a_template_has_the_amounts_under_keys_of_its_own(agreement):
	name = templates.save_as(agreement.name, factories.unique("Template"))
	made = frappe.get_doc("Service Agreement", templates.make(name, agreement.customer, agreement.company, "2027-01-01"))
	assert [(row.title, row.quantity, row.unlimited) for row in made.amounts] == [("Yearly visits", 2.0, 0), ("On call", 0.0, 1)]
	keys = [row.amount_key for row in (*made.amounts, *agreement.amounts)]
	assert len({*keys}) == 4 and all(keys)


def test_a_key_is_not_to_be_chosen(site):
	draft = scenario.agreement(submit=False)
	desk = desk_door.Desk("Service Delivery Manager")
	rows = [scene.amount("A", amount_key="mine"), scene.amount("B", amount_key="mine")]
	assert desk.save(draft, amounts=rows).status == 200
	keys = frappe.get_all("Agreed Amount", {"parent": draft.name}, pluck="amount_key")
	assert len({*keys}) == 2


@pytest.mark.clause("5.4.a")
def test_the_message_says_how_much_is_used_and_until_when_in_the_reader_s_language(agreement):
	boss = factories.make_user(roles=["Service Delivery Manager"], language="zh").name
	agreement.db_set("owner_user", boss)
	customers.tell_all()
	note = frappe.get_last_doc("Notification Log", {"document_name": agreement.name, "for_user": boss})
	assert "Yearly visits" in note.email_content and "50 %" in note.email_content, note.email_content


def test_the_plan_shows_the_version_that_rules_today(agreement):
	plan = planning.plan(agreement=agreement.name, customer=agreement.customer)
	with routine_scene.at("2026-03-31"):
		found = scene.post(scene.manager(), "amounts.used", agreement=plan.agreement, now=1)[1]
	assert [row["title"] for row in found] == ["Yearly visits", "On call"]
