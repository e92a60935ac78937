"""Customers are asked how it was, once, and their answers count (5.4.c, 7.2.d, 7.3.d)."""

from datetime import timedelta

import consulting_scene
import customers
import factories
import frappe
import pages
import plans
import pytest
import scenario
import surveying
import visiting
from markupsafe import Markup

from ops_delivery.permissions.gates import NotForStaff
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.requests import acceptance
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.shared import locale as reader
from ops_delivery.services.shared import signed_link
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import survey_jobs
from ops_delivery.services.surveys.answering import NotOpen

pytestmark = pytest.mark.clause("5.4.c")


@pytest.fixture
def w():
	surveying.only_own_rules()
	customer = factories.make_customer().name
	person = customers.portal_user(customer)
	return frappe._dict(
		customer=customer,
		person=person,
		colleague=customers.portal_user(customer),
		stranger=customers.portal_user(factories.make_customer().name),
		desk=factories.make_user(roles=["Service Desk"]).name,
	)


@pytest.fixture
def survey(w):
	w.template = surveying.template(low_score=40)
	w.rule = surveying.rule(w.template)
	return surveying.asked([w.person], w.customer, w.template, rule=w.rule)[0]


# Who is asked, and when


def test_closing_a_request_asks_who_raised_it_once(w):
	surveying.rule(condition='doc.priority != "Low"')
	found = customers.world()
	acceptance.decide(customers.open_one(found.issue), "Accepted", "Chen", found.asker, "Portal")
	asked = frappe.get_all("Service Survey", {"reference_name": found.issue.name}, ["*"])
	assert [(row.person_email, row.state, row.service_content) for row in asked] == [
		(found.asker, "Asked", "Response Support")
	]
	assert asked[0].agreement == found.agreement.name
	assert surveys.ask_after_work(frappe.get_doc("Issue", found.issue.name)) == []


@pytest.mark.parametrize(
	"doctype, occasion",
	[
		pytest.param("Field Service Sheet", "After a Visit", marks=pytest.mark.clause("7.2.d.2")),
		pytest.param("Remote Support Session", "After a Remote Session", marks=pytest.mark.clause("7.3.d.2")),
	],
)
def test_a_visit_that_is_over_is_asked_about(w, doctype, occasion):
	rule = surveying.rule(surveying.template(), occasion)
	found = visiting.world(doctype, customer=w.customer)
	visiting.left(found)
	asked = frappe.get_all("Service Survey", {"reference_name": found.visit.name}, ["*"])
	assert [(row.rule, row.engineer) for row in asked] == [(rule.name, found.engineer)]
	assert asked[0].person_email  # the customer's contact, as the visit belongs to no request


@pytest.mark.clause("8.5.b.4")
@pytest.mark.clause("8.6.b.4")
def test_plans_and_reports_that_are_done_are_asked_about(w, monkeypatch):
	for occasion in ("After an Optimization Plan Is Closed", "After a Consulting Report Is Issued"):
		surveying.rule(surveying.template(), occasion, ask="Main Contact of the Customer")
	monkeypatch.setattr(workflow_states, "active", lambda _doctype: None)  # reviews are not what is tried here
	monkeypatch.setattr(review_rules, "of_doctype", lambda _doctype: [])
	closed = plans.at_phase("Closed", customer=w.customer)
	consulted = consulting_scene.plan(customer=w.customer)
	consulted.db_set("status", "In Progress")
	issued = consulting_scene.issued_report(consulted)
	asked = frappe.get_all("Service Survey", ["*"], order_by="creation", filters={"customer": w.customer})
	assert [(row.reference_name, row.service_content) for row in asked] == [
		(closed.name, "Optimization and Improvement"),
		(issued.name, "Consultation and Evaluation"),
	]
	frappe.get_doc("Optimization Plan", closed.name).save()  # and not again
	assert frappe.db.count("Service Survey", {"customer": w.customer}) == 2


def test_a_broken_rule_holds_nothing_up(w, jobs):
	rule = surveying.rule()
	frappe.db.set_value("Survey Rule", rule.name, "condition", "doc.nothing > 1")
	issue = factories.make_issue(w.customer, raised_by=w.person)
	assert surveys.ask_after_work(issue) == []
	frappe.db.commit()
	jobs.run()
	assert frappe.db.get_value("Survey Rule", rule.name, "failing_on") == f"Issue {issue.name}"


def test_staff_are_never_asked(w):
	inside = factories.make_user(roles=["Service Desk"]).name
	factories.make_contact(w.customer, email=inside)
	portal_user = factories.make_user(user_type="Website User", roles=["Customer"]).name
	doc = frappe.get_doc("Customer", w.customer)
	doc.extend("portal_users", [{"user": portal_user}, {"user": inside}])
	doc.save(ignore_permissions=True)
	rule = surveying.rule(ask="All Contacts of the Customer")
	names = surveying.ask(rule, factories.make_issue(w.customer, raised_by=inside))
	emails = {frappe.db.get_value("Service Survey", name, "person_email") for name in names}
	assert emails == {w.person, w.colleague, portal_user}


def test_who_has_no_address_is_asked_by_phone_or_on_the_portal(w, as_user):
	alone = factories.make_customer().name
	name = surveying.ask(surveying.rule(), factories.make_issue(alone))[0]
	doc = frappe.get_doc("Service Survey", name)
	assert not doc.person_email and doc.state == "Asked"
	assert not frappe.db.exists("Service Notice", {"reference_name": name})
	assert survey_answering.link_for(doc) is None
	member = customers.portal_user(alone)
	assert [row["name"] for row in survey_portal.listed(member)] == [name]
	with as_user(w.desk):
		survey_answering.record(
			name, surveying.sheet(doc, *surveying.GOOD), "Chen Jing", "By phone to Li Wei"
		)
	doc = surveying.fresh(doc)
	assert (doc.state, doc.channel, doc.recorded_by) == ("Answered", "Recorded by Staff", w.desk)
	assert surveying.response(doc).recorded == 1


def test_a_person_rests_and_a_sample_is_a_sample(w):
	template = surveying.template()
	rule = surveying.rule(template, limit_days=14)
	first, second = (factories.make_issue(w.customer, raised_by=w.person) for _n in range(2))
	assert len(surveying.ask(rule, first)) == 1 and surveying.ask(rule, second) == []
	frappe.db.set_value(
		"Service Survey", {"person_email": w.person}, "asked_on", site_now() - timedelta(days=15)
	)
	assert len(surveying.ask(rule, second)) == 1
	half = surveying.rule(template, sampling=50)
	issues = [factories.make_issue(w.customer, raised_by=w.person) for _n in range(12)]
	row = next(row for row in survey_rules.enabled(half.occasion) if row.name == half.name)
	chosen = [issue.name for issue in issues if surveying.ask(half, issue)]
	assert chosen == [issue.name for issue in issues if survey_rules.in_sample(row, issue)]


def test_trying_a_rule_says_all_that_decides_and_sends_nothing(w):
	rule = surveying.rule(condition='doc.priority == "Urgent"', limit_days=10)
	issue = factories.make_issue(w.customer, raised_by=w.person)
	found = survey_rules.try_on(rule, issue.name)
	assert (found["over"], found["applies"], found["sampled"]) == (False, False, True)
	assert [(row["email"], row["rests"]) for row in found["people"]] == [(w.person, False)]
	assert not frappe.db.exists("Service Survey", {"reference_name": issue.name})
	rule.condition = "doc.nothing > 1"
	assert "NoneType" in survey_rules.try_on(rule, issue.name)["error"]


@pytest.mark.parametrize(
	"doctype, values, message",
	[
		("rule", {"sampling": 0}, "Sample"),
		("rule", {"limit_days": -1}, "Rest for each person"),
		("rule", {"condition": "doc."}, "Condition"),
		("rule", {"occasion": "By Frequency"}, "Who"),
		("template", {"reminder_days": "5, x"}, "Reminders after days"),
		("template", {"reminder_days": "14"}, "Reminders after days"),
		("template", {"days_to_answer": 0}, "Days to answer"),
		("template", {"low_score": 101}, "Low score"),
		("template", {"anonymous": 1, "fewest_answers": 2}, "Fewest answers"),
		("template", {"questions": [{"question": "?", "answer_type": "Choice", "options": "One"}]}, "row 1"),
		("template", {"questions": [{"question": "?", "answer_type": "Text", "conduct": 1}]}, "row 1"),
	],
)
def test_what_cannot_work_is_refused_with_its_name(w, doctype, values, message):
	with pytest.raises(frappe.ValidationError, match=message):
		getattr(surveying, doctype)(**values)


# Reminders and time


def test_reminders_come_as_the_template_says_and_then_the_time_is_over(w, survey):
	start = site_now()
	for days, reminders in ((4, 0), (5, 1), (5, 1), (11, 2), (14, 2)):
		with scenario.at(scenario_day(start, days)):
			survey_jobs.daily_run()
		assert surveying.fresh(survey).reminders == reminders, days
	assert surveying.fresh(survey).state == "Asked"
	points = frappe.get_all("Service Notice", {"reference_name": survey.name}, pluck="key_point")
	assert set(points) == {"ops_survey_asked", "ops_survey_reminded"}
	with scenario.at(scenario_day(start, 15)):
		survey_jobs.daily_run()
		assert surveying.fresh(survey).state == "Expired"
		with pytest.raises(NotOpen, match="over"):
			frappe.set_user(w.person)
			survey_answering.answer_on_portal(survey.name, surveying.sheet(survey, *surveying.GOOD))


def scenario_day(start, days):
	return (start + timedelta(days=days)).replace(tzinfo=scenario.ZONE)


def test_the_mail_is_the_persons_own_in_their_language(w, survey):
	factories.make_email_account()
	frappe.db.set_value("User", w.person, "language", "zh")
	notices.deliver()
	assert frappe.db.get_value("Service Notice", {"reference_name": survey.name}, "state") == "Queued"
	(mail,) = customers.mails(survey.name)
	assert "您觉得怎么样" in mail and "/survey#" in mail
	copies = frappe.get_all("Communication", {"reference_name": survey.name}, ["content"])
	assert copies and all(surveying.token(survey) not in row.content for row in copies)


def test_without_mail_or_queue_nothing_is_lost(w, survey, monkeypatch):
	monkeypatch.setattr(frappe, "sendmail", lambda **_values: (_ for _ in ()).throw(OSError("down")))
	factories.make_email_account()
	notices.deliver()
	waits = frappe.db.get_value("Service Notice", {"reference_name": survey.name}, ["state", "attempts"])
	assert waits == ("Pending", 1)
	assert surveying.fresh(survey).state == "Asked"
	assert [row["name"] for row in survey_portal.listed(w.person)] == [survey.name]


# Answers


def test_an_answer_keeps_the_questions_as_they_were_asked(w, survey):
	w.template.questions[0].question = "Another question"
	w.template.save()
	surveying.answer(survey, "4", "10", "No", "Fine")
	found = surveying.response(survey)
	assert found.score == pytest.approx((3 * 75 + 100) / 4)
	rows = survey_portal.answers_of(found.name)
	assert [(row["question"], row["answer"]) for row in rows] == [
		("How content are you?", "4"),
		("How quick were we?", "10"),
		("Did we keep to the rules?", "No"),
		("Anything else?", "Fine"),
	]
	assert surveying.fresh(survey).channel == "Signed Link"


def test_a_link_works_once_and_says_so_the_second_time(w, survey):
	token = surveying.token(survey)
	form = {f"q-{key}": value for key, value in surveying.sheet(survey, *surveying.GOOD).items()}
	status, page = pages.get("survey", "Guest", "POST", {"token": token})
	assert status == 200 and "How content are you?" in page
	status, page = pages.get("survey", "Guest", "POST", {"token": token, "act": "1", **form})
	assert status == 200 and "Thank you" in page
	status, page = pages.get("survey", "Guest", "POST", {"token": token, "act": "1", **form})
	assert status == 409 and "answered already" in page and "Thank you" not in page
	assert "Your answers" in page  # what was given is shown to its person
	assert frappe.db.count("Survey Response", {"survey": survey.name}) == 1


def test_forged_foreign_old_and_late_links_change_nothing(w, survey):
	other = surveying.asked([w.colleague], w.customer, w.template)[0]
	made = lambda **v: signed_link.make(  # noqa: E731
		**{
			"purpose": "survey",
			"doctype": "Service Survey",
			"name": survey.name,
			"party": w.person,
			"round": 1,
			"expires_on": survey.expires_on,
			**v,
		}
	)
	given = surveying.sheet(survey, *surveying.GOOD)
	frappe.set_user("Guest")
	for token in (
		surveying.token(survey)[:-2] + "AA",
		made(purpose="acceptance"),
		made(party=w.colleague),
		made(name=other.name),
		made(name="SUR-none"),
		made(doctype="Service Acceptance"),
		made(round=2),
		made(expires_on=surveying.today() - timedelta(days=1)),
		"",
		"x" * 3000,
	):
		with pytest.raises(signed_link.InvalidLink):
			survey_answering.answer_by_link(token, given)
	assert {surveying.fresh(one).state for one in (survey, other)} == {"Asked"}


def test_asking_again_makes_the_older_link_void(w, survey, as_user):
	old = surveying.token(survey)
	with as_user(w.desk):
		surveys.ask_again(survey.name)
	with pytest.raises(signed_link.InvalidLink, match="newer mail"):
		survey_answering.read_link(old)
	with as_user(w.desk):
		surveys.withdraw(survey.name, "Sent by mistake")
	with pytest.raises(NotOpen, match="withdrawn"):
		surveying.answer(surveying.fresh(survey).update({"state": "Asked"}))


def test_only_who_was_asked_answers_on_the_portal(w, survey, as_user):
	given = surveying.sheet(survey, *surveying.GOOD)
	for user in (w.colleague, w.stranger, "Guest"):
		with as_user(user), pytest.raises(frappe.PermissionError):
			survey_answering.answer_on_portal(survey.name, given)
		assert (
			survey_portal.listed(user) == []
			and frappe.db.get_value("Service Survey", survey.name, "state") == "Asked"
		)
	with as_user(w.desk), pytest.raises(NotForStaff):
		survey_answering.answer_on_portal(survey.name, given)
	with as_user(w.desk), pytest.raises(NotForStaff):
		survey_answering.answer_by_link(surveying.token(survey), given)
	assert survey_portal.waiting(w.person)[0]["url"] == f"/surveys/{survey.name}"
	with as_user(w.person):
		survey_answering.answer_on_portal(survey.name, given)
		with pytest.raises(NotOpen, match="already"):
			survey_answering.answer_on_portal(survey.name, given)
		for doctype in ("Survey Response", "Survey Answer", "Service Survey", "Survey Round"):
			with pytest.raises(frappe.PermissionError):
				frappe.get_list(doctype)
	assert survey_portal.waiting(w.person) == []


def test_the_portal_lists_what_waits_and_lets_nobody_else_in(w, survey):
	status, page = pages.get("surveys", w.person)
	assert status == 200 and "How was it?" in page and "Waits for your answer" in page
	assert "How was it?" not in pages.get("surveys", w.colleague)[1]
	assert "at the desk" in pages.get("surveys", w.desk)[1]
	assert pages.get("surveys", "Guest")[1].startswith("/login")
	for path in (f"surveys/{survey.name}", "surveys/SUR-none"):
		assert pages.get(path, w.stranger)[0] == 403
	form = {f"q-{key}": value for key, value in surveying.sheet(survey, *surveying.GOOD).items()}
	frappe.db.commit()  # what is refused is rolled back to here
	status, page = pages.get(f"surveys/{survey.name}", w.person, "POST", {**form, next(iter(form)): "9"})
	assert status == 417 and "is not one of the answers" in page
	assert pages.get(f"surveys/{survey.name}", w.person, "POST", form) == (303, f"/surveys/{survey.name}?done=1")
	assert "Thank you" in pages.get(f"surveys/{survey.name}?done=1", w.person)[1]


@pytest.mark.parametrize(
	"values, message",
	[
		(("", "10", "Yes"), "How content are you"),
		(("6", "10", "Yes"), "6"),
		(("5", "10", "Perhaps"), "Perhaps"),
		(("5", "10", "Yes", "x" * 1_000_000), "4000"),
	],
)
def test_bad_answers_name_the_question_and_save_nothing(w, survey, values, message):
	with pytest.raises(frappe.ValidationError, match=message):
		surveying.answer(survey, *values)
	assert surveying.fresh(survey).state == "Asked"
	assert not frappe.db.exists("Survey Response", {"survey": survey.name})


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "{{ 7*7 }}", "喵🐈\nzwei"])
def test_texts_are_kept_as_they_are_and_shown_escaped(w, survey, text):
	surveying.answer(survey, *surveying.GOOD, text)
	stored = frappe.db.get_value(
		"Survey Answer", {"answer_type": "Text", "response": surveying.fresh(survey).response}, "answer"
	)
	assert reader.text(stored) == (f"'{text}" if text[0] in "=@" else text) and "<script" not in stored
	status, page = pages.get(f"surveys/{survey.name}", w.person)
	assert status == 200 and str(Markup.escape(text)) in page and "<script>alert(1)" not in page


def test_nobody_changes_a_survey_or_an_answer_by_hand(w, survey, as_user):
	surveying.answer(survey)
	for doc in (surveying.fresh(survey), surveying.response(survey)):
		with pytest.raises(frappe.ValidationError, match=r"by its own steps only|is not changed or deleted"):
			doc.save(ignore_permissions=True)
		with pytest.raises(frappe.ValidationError, match=r"by its own steps only|is not changed or deleted"):
			frappe.delete_doc(doc.doctype, doc.name, force=True)
	with as_user(w.desk), pytest.raises(NotOpen):
		survey_answering.record(survey.name, surveying.sheet(survey, *surveying.GOOD), "Chen", "Phone")


def test_staff_record_who_when_and_how(w, survey, as_user):
	given = surveying.sheet(survey, *surveying.GOOD)
	with as_user(w.desk):
		for values in (
			{"by_name": "", "how": "Phone"},
			{"by_name": "Chen", "how": " "},
			{"by_name": w.desk, "how": "Phone"},
			{"by_name": "Chen", "how": "Phone", "answered_on": site_now() + timedelta(days=1)},
			{"by_name": "Chen", "how": "Phone", "answered_on": site_now() - timedelta(days=9)},
		):
			with pytest.raises(frappe.ValidationError, match=r"is needed to record|is a colleague|or before the survey was asked"):
				survey_answering.record(survey.name, given, **values)
		survey_answering.record(survey.name, given, "Chen Jing", "By phone")


@pytest.mark.clause("5.5.c")
def test_a_low_answer_opens_one_investigation(w, survey):
	surveying.answer(survey, *surveying.BAD, "Too slow <b>")
	assert surveying.response(survey).low == 1
	(action,) = frappe.get_all(
		"Improvement Action", {"source_name": survey.name}, ["source_doctype", "customer", "finding", "state"]
	)
	assert (action.source_doctype, action.customer, action.state) == ("Service Survey", w.customer, "Open")
	assert "Too slow" in action.finding


@pytest.mark.clause("7.2.d.1")
def test_a_breach_of_conduct_opens_one_where_the_template_says_so(w):
	for flag, number in ((0, 0), (1, 1)):
		template = surveying.template(low_conduct=flag)
		survey = surveying.asked([w.person], w.customer, template)[0]
		surveying.answer(survey, "5", "10", "No")
		assert frappe.db.count("Improvement Action", {"source_name": survey.name}) == number


@pytest.mark.committed
def test_of_two_answers_at_once_one_wins(in_parallel):
	customer = factories.make_customer().name
	person = customers.portal_user(customer)
	rule = surveying.rule()
	survey = surveying.asked([person], customer, None, rule=rule)[0]
	frappe.db.commit()
	token, given = surveying.token(survey), surveying.sheet(survey, *surveying.GOOD)

	def send():
		frappe.set_user("Guest")
		survey_answering.answer_by_link(token, given)
		return "kept"

	results = in_parallel(send, send)
	frappe.db.rollback()
	assert sorted(str(r) if isinstance(r, str) else type(r).__name__ for r in results) == ["NotOpen", "kept"]
	assert frappe.db.count("Survey Response", {"survey": survey.name}) == 1
