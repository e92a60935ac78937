"""An anonymous answer leads to nobody: not in any table, not by time or order, not by what is shown (5.4.c).

See docs/surveys.md for what is promised and what is not.
"""

import json
from datetime import datetime, time, timedelta

import customers
import factories
import frappe
import old_columns
import pytest
import scenario
import surveying
from frappe.desk.query_report import run as run_report

from ops_delivery.api.confidential import linked
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import survey_jobs
from ops_delivery.services.surveys.answering import NotOpen

COMMENT = "Zebra-Kaleidoskop-7731"
pytestmark = pytest.mark.clause("5.4.c")


@pytest.fixture
def w():
	surveying.only_own_rules()
	customer = factories.make_customer().name
	w = frappe._dict(customer=customer, people=surveying.people(customer, 4))
	w.template = surveying.template(anonymous=1, fewest_answers=3, low_score=50)
	w.rule = surveying.rule(w.template)
	w.surveys = surveying.asked(w.people, customer, w.template, rule=w.rule)
	w.manager = factories.make_user(roles=["Service Delivery Manager", "System Manager"]).name
	return w


def rows(doctype, **filters):
	return frappe.get_all(doctype, filters, ["*"], order_by="name")


def answers_of_the_round(w):
	return rows("Survey Response", survey_round=w.surveys[0].survey_round)


def seals_of_the_round(w):
	return rows("Sealed Survey Answer", parent=w.surveys[0].survey_round)


def close(w):
	"""Let the round's last day pass."""
	closes_on = frappe.db.get_value("Survey Round", w.surveys[0].survey_round, "closes_on")
	with scenario.at(datetime.combine(closes_on + timedelta(days=1), time(3), scenario.ZONE)):
		survey_jobs.daily_run()


def table_sizes() -> dict[str, int]:
	tables = [table for (table,) in frappe.db.sql("show tables")]
	return {table: frappe.db.sql(f"select count(*) from `{table}`")[0][0] for table in tables}


def test_no_table_knows_who_answered_what(w, as_user):
	factories.make_email_account()
	notices.deliver()
	before = table_sizes()
	first, second = w.surveys[:2]
	surveying.answer(first, "4", "9", "Yes", COMMENT)
	with as_user(w.people[1]):
		survey_answering.answer_on_portal(second.name, surveying.sheet(second, *surveying.GOOD))
	after = table_sizes()
	grown = {table for table in after if after[table] != before.get(table)}
	assert grown == {"tabSealed Survey Answer"}  # no answer, version, activity, log, queue, comment or view
	assert not answers_of_the_round(w)
	seals = seals_of_the_round(w)
	assert len({len(seal.sealed) for seal in seals}) == 1  # with a comment and without
	surveying.answer(w.surveys[2])
	close(w)
	assert not seals_of_the_round(w)

	found = answers_of_the_round(w)
	lines = [row for response in found for row in rows("Survey Answer", response=response.name)]
	assert len(found) == 3 and COMMENT in {line.answer for line in lines}
	own = {row.name for row in (*found, *lines)}
	known = {
		*w.people,
		*(s.name for s in w.surveys),
		*(s.reference_name for s in w.surveys),
		*(s.survey_key for s in w.surveys),
	}
	known |= {frappe.utils.get_fullname(person) for person in w.people}
	for row in (*found, *lines):
		values = {str(value) for value in row.values() if value is not None}
		assert not {k for k in known if any(k in value for value in values)}
		assert (row.owner, row.modified_by) == ("Administrator", "Administrator")
	for seal in seals:
		values = {str(value) for value in seal.values() if value is not None}
		assert not {k for k in known | {COMMENT} if any(k in value for value in values)}
		assert not {name for name in own if any(name in value for value in values)}
	for survey in (first, second):
		kept = json.dumps(frappe.db.get_value("Service Survey", survey.name, "*", as_dict=True), default=str)
		assert not {name for name in own if name in kept} and COMMENT not in kept
		doc = surveying.fresh(survey)
		assert doc.state == "Answered"
		assert not (doc.answered_on or doc.channel or doc.response or doc.recorded_by)
		assert doc.modified == survey.modified and doc.modified_by == survey.modified_by


def test_neither_time_nor_order_tell_them_apart(w):
	for survey in w.surveys:
		surveying.answer(survey)
	sealed = seals_of_the_round(w)
	close(w)
	found = answers_of_the_round(w)
	lines = [row for response in found for row in rows("Survey Answer", response=response.name)]
	closes_on = frappe.db.get_value("Survey Round", w.surveys[0].survey_round, "closes_on")
	midnight = datetime.combine(closes_on, time.min)
	assert {(row.creation, row.modified) for row in (*found, *lines, *sealed)} == {(midnight, midnight)}
	assert {row.answered_on for row in found} == {closes_on}
	assert {row.idx for row in (*found, *lines, *sealed)} == {0}
	# names are drawn at random, without the time that Frappe's own begin with
	assert len({row.name[:10] for row in (*found, *lines)}) == len(found) + len(lines)
	assert all(len(row.name) == 20 for row in (*found, *lines))


def test_what_goes_wrong_is_logged_without_who_and_what(w, monkeypatch):
	survey = w.surveys[0]
	number = frappe.db.count("Error Log")

	def fail(*_args, **_values):
		raise RuntimeError(f"{COMMENT} {w.people[0]}")

	monkeypatch.setattr(survey_answering, "_response", fail)
	frappe.db.commit()
	with pytest.raises(frappe.ValidationError, match="try again later") as error:
		surveying.answer(survey, "4", "9", "Yes", COMMENT)
	assert error.value.__cause__ is None and error.value.__context__ is None
	assert COMMENT not in str(error.value) and frappe.db.count("Error Log") == number
	assert surveying.fresh(survey).state == "Asked" and not seals_of_the_round(w)


def test_nothing_is_shown_before_the_whole_round_is(w, as_user):
	for survey in w.surveys[:3]:
		surveying.answer(survey, "5", "10", "Yes", COMMENT)
	assert not answers_of_the_round(w) and len(seals_of_the_round(w)) == 3
	with as_user(w.manager):
		assert frappe.get_list("Survey Response", {"customer": w.customer}) == []
		assert not linked("Survey Round", w.surveys[0].survey_round).get("Survey Response")
		assert scores(w) == []
		# whatever a System Manager counts, by whatever filter: the seals answer nothing
		for table in ("Survey Response", "Survey Answer", "Sealed Survey Answer"):
			for field in ("answer", "score", "points", "sealed"):
				if frappe.get_meta(table).has_field(field):
					asked = {field: ["like", f"%{COMMENT}%"]}
					assert frappe.db.count(table, asked) == 0
		facts = survey_rounds.figures(frappe.get_doc("Survey Round", w.surveys[0].survey_round))
		assert (facts["asked"], facts["answered"], facts["figures"]) == (4, 3, None)
	close(w)
	with as_user(w.manager):
		assert len(frappe.get_list("Survey Response", {"customer": w.customer})) == 3
		last = frappe.db.get_value("Survey Round", w.surveys[0].survey_round, "closes_on")
		assert scores(w, to_date=str(last)) == [3]
	with pytest.raises(NotOpen):
		surveying.answer(surveying.fresh(w.surveys[3]).update({"state": "Asked"}))


def scores(w, **filters):
	found = run_report("Customer Satisfaction", {"view_by": "Customer", "customer": w.customer, **filters})
	return [row["scores"] for row in found["result"] if isinstance(row, dict) and row["scores"]]


def test_a_round_with_too_few_is_never_shown(w, as_user):
	for survey in w.surveys[:2]:
		surveying.answer(survey, *surveying.BAD)
	close(w)
	assert frappe.db.get_value("Survey Round", w.surveys[0].survey_round, ["state", "shown"]) == ("Closed", 0)
	with as_user(w.manager):
		assert frappe.get_list("Survey Response", {"customer": w.customer}) == []
	assert not frappe.db.exists("Improvement Action", {"customer": w.customer})
	assert not answers_of_the_round(w) and not seals_of_the_round(w)  # destroyed unopened


@pytest.mark.clause("5.5.c")
def test_a_low_round_opens_one_action_that_names_the_round(w):
	for survey in w.surveys[:3]:
		surveying.answer(survey, *surveying.BAD, COMMENT)
	assert not frappe.db.exists("Improvement Action", {"customer": w.customer})
	close(w)
	(action,) = rows("Improvement Action", customer=w.customer)
	assert (action.source_doctype, action.source_name) == ("Survey Round", w.surveys[0].survey_round)
	assert not any(person in json.dumps(action, default=str) for person in w.people)


def test_nobody_records_an_anonymous_answer(w, as_user):
	desk = factories.make_user(roles=["Service Desk"]).name
	with as_user(desk), pytest.raises(frappe.ValidationError, match="anonymous"):
		survey_answering.record(
			w.surveys[0].name, surveying.sheet(w.surveys[0], *surveying.GOOD), "Chen", "Phone"
		)


def test_a_template_that_gives_anonymity_up_does_not_take_it_from_those_asked(w):
	w.template.anonymous = 0
	w.template.save()
	for survey in w.surveys[:3]:
		surveying.answer(survey)
	assert not answers_of_the_round(w)
	close(w)
	assert {(found.anonymous, found.survey) for found in answers_of_the_round(w)} == {(1, None)}


def test_the_person_sees_that_they_answered_and_not_what(w, as_user):
	surveying.answer(w.surveys[0], "5", "10", "Yes", COMMENT)
	with as_user(w.people[0]):
		page = survey_portal.shown(survey_answering.visible(w.surveys[0].name))
	assert page["answered"] and page["answers"] == [] and "already" in page["reason"]
	assert str(site_now().year) not in page["reason"]


def test_one_survey_each_also_when_two_rounds_would_do(w):
	assert len({survey.survey_round for survey in w.surveys}) == 1
	again = surveying.asked(w.people[:1], w.customer, w.template, rule=w.rule)[0]
	assert again.survey_round == w.surveys[0].survey_round


@pytest.fixture
def column_of_before(site):
	with old_columns.standing("Survey Response", "held", "tinyint(4) not null default 0"):
		yield


@pytest.mark.committed
@pytest.mark.parametrize(("state", "sealed"), [("Collecting", 2), ("Closed", 0)])
def test_answers_held_back_before_there_were_seals_are_sealed_or_destroyed(column_of_before, w, state, sealed):
	from ops_delivery.patches import seal_held_answers
	from ops_delivery.services.surveys import seals as survey_seals

	for survey in w.surveys[:2]:
		surveying.answer(survey, "5", "10", "Yes", COMMENT)
	round_ = w.surveys[0].survey_round
	survey_seals.show(round_, frappe.db.get_value("Survey Round", round_, "closes_on"))  # as they used to stand
	frappe.db.set_value("Survey Round", round_, "state", state)
	frappe.db.sql("update `tabSurvey Response` set held = 1 where survey_round = %s", round_)
	seal_held_answers.execute()
	assert len(seals_of_the_round(w)) == sealed
	assert not answers_of_the_round(w) and not rows("Survey Answer", answer=COMMENT)
	if sealed:
		assert COMMENT in json.dumps(survey_seals.opened(round_))
	seal_held_answers.execute()
	assert len(seals_of_the_round(w)) == sealed
