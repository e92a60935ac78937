"""Who reads it decides the language: invitations, mails of escalations, what runs by itself, dates, seeds."""

import email
import json
import pickle
import re
from datetime import date, datetime
from email import policy

import api_calls
import customers
import factories
import frappe
import pytest
import scenario
from frappe.utils import getdate
from pages import get
from scenario import MONDAY, hours

from ops_delivery.api import checked
from ops_delivery.permissions import switches
from ops_delivery.services.escalation import sweep
from ops_delivery.services.shared import install_state as memory
from ops_delivery.services.shared import locale as reader
from ops_delivery.services.shared import wording
from ops_delivery.setup import seeds

INVITE = "frappe.contacts.doctype.contact.contact.invite_user"


@pytest.fixture
def chinese_site(site):
	before = frappe.db.get_single_value("System Settings", "language")
	frappe.db.set_single_value("System Settings", "language", "zh")
	yield
	frappe.db.set_single_value("System Settings", "language", before)


def _invite(contact, language: str = "en") -> api_calls.Answer:
	"""By the button of a contact's form, as staff who read that language."""
	factories.make_email_account()
	staff = factories.make_user(roles=["System Manager", "Sales User"], language=language).name
	return _in_their_language(staff, INVITE, contact=contact.name)


def _in_their_language(user: str, method: str, **form) -> api_calls.Answer:
	frappe.local.lang = frappe.db.get_value("User", user, "language")
	try:
		return api_calls.post(user, method, **form)
	finally:
		frappe.local.lang = "en"


def _decoded(address: str) -> str:
	(name,) = frappe.get_all("Email Queue Recipient", {"recipient": address}, pluck="parent")
	message = email.message_from_string(
		frappe.db.get_value("Email Queue", name, "message"), policy=policy.default
	)
	return "".join(
		part.get_content()
		for part in message.walk()
		if part.get_content_type() in ("text/plain", "text/html")
	)


def test_who_is_invited_reads_their_language_and_who_invites_their_own(site):
	for theirs, ours in (("zh", "en"), ("en", "zh")):
		contact = factories.make_contact(factories.make_customer(language=theirs).name)
		answer = _invite(contact, ours)
		assert answer.status == 200, answer.text
		mail = _decoded(contact.email_id)
		assert ("完成注册" in mail, "Complete Registration" in mail) == (theirs == "zh", theirs == "en")
		assert frappe.db.get_value("User", contact.email_id, "language") == theirs
		with reader.reading(ours):
			said = frappe._("Welcome email sent")
		assert said in json.loads(json.loads(json.loads(answer.text)["_server_messages"])[-1])["message"], answer.text


def test_a_new_user_waits_for_a_worker_as_frappe_hands_them_over(site, monkeypatch):
	"""Outside of tests Frappe pickles the whole user for a job, with the commit."""
	waiting = []
	real = frappe.enqueue

	def enqueue(method, **kwargs):
		waiting.append(kwargs)
		return real(method, **kwargs)

	monkeypatch.setattr(frappe, "enqueue", enqueue)
	contact = factories.make_contact(factories.make_customer(language="zh").name)
	assert _invite(contact).status == 200
	users = [kwargs["user"] for kwargs in waiting if "user" in kwargs and not isinstance(kwargs["user"], str)]
	assert contact.email_id in [user.name for user in users]
	assert all(pickle.dumps(user) for user in users)


def test_a_refused_invitation_is_refused_in_the_words_of_who_invites(site):
	contact = factories.make_contact(factories.make_customer(language="zh").name)
	assert _invite(contact).status == 200
	for language in ("en", "zh"):
		answer = _invite(contact, language)  # there is such a user already
		said = json.loads(json.loads(answer.text)["_server_messages"])[-1]
		assert answer.status == 409 and ("already exists" in said) == (language == "en"), answer.text
	nobody = factories.make_contact(factories.make_customer(language="zh").name)
	nobody.email_ids = []
	nobody.save()
	answer = _invite(nobody)
	assert answer.status == 417 and "Please set Email Address" in answer.text, answer.text


def test_a_user_made_by_the_form_of_users_is_welcomed_in_the_language_chosen_for_them(site):
	factories.make_email_account()
	for chosen, word in (("", "完成注册"), ("en", "Complete Registration")):
		contact = factories.make_contact(factories.make_customer(language="zh").name)
		user = {"doctype": "User", "email": contact.email_id, "first_name": "Chen", "send_welcome_email": 1, "language": chosen}
		frappe.get_doc({**user, "user_type": "Website User"}).insert()
		assert word in _decoded(contact.email_id)


def test_nobody_is_invited_otherwise_where_neither_portal_nor_messages_are_switched_on(site):
	settings = frappe.get_doc(switches.SETTINGS)
	settings.portal_for = settings.messages_for = switches.NOBODY
	settings.save()
	contact = factories.make_contact(factories.make_customer(language="zh").name)
	assert _invite(contact).status == 200
	assert "Complete Registration" in _decoded(contact.email_id)
	assert frappe.db.get_value("User", contact.email_id, "language") != "zh"


def _escalated(language: str, **manager):
	boss = factories.make_user(roles=["Service Delivery Manager"], language=language, **manager).name
	factories.make_email_account()
	policy = scenario.policy([{**step, "by_email": 1} for step in scenario.STEPS])
	agreement = scenario.agreement(manager=boss, escalation_policy=policy.name)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	with scenario.at(MONDAY + hours(240)):
		sweep.run()
	return issue, boss


def test_the_mail_of_an_escalation_says_kind_and_step_in_the_readers_language_and_no_seconds(site):
	issue, boss = _escalated("zh")
	mail = next(mail for mail in customers.mails(issue.name, boss) if "报警" in mail)
	for word in ("报警", "解决", "步骤“报警”", "年", "月", "日"):
		assert word in mail, word
	assert "Alarm" not in mail and "Resolution" not in mail
	assert not re.search(
		r"\d\d:\d\d:\d\d", re.sub(r"^(Date|Message-Id|.*boundary).*$", "", mail, flags=re.MULTILINE)
	)


def test_what_a_sweep_does_is_on_record_in_the_sites_language(chinese_site):
	before = frappe.local.lang
	frappe.local.lang = "en"  # as in a job, or in a request that a turn of the pulse rides on
	issue, _boss = _escalated("en")
	done = frappe.get_all(
		"Escalation Log", {"reference_name": issue.name, "actions_done": ["is", "set"]}, pluck="actions_done"
	)
	assert done and all("优先级已调高" in text for text in done), done
	assert frappe.local.lang == "en"
	frappe.local.lang = before


@pytest.mark.parametrize("language, day", [("zh", "2026年11月29日"), ("en", None)])
def test_a_date_in_a_text_is_as_people_write_it(site, language, day):
	with reader.reading(language):
		assert wording.day("2026-11-29") == (day or frappe.utils.formatdate("2026-11-29"))
		assert wording.day(date(2026, 11, 29)) == wording.day(datetime(2026, 11, 29, 8, 5))
		assert wording.day(None) == ""
		moment = reader.moment(datetime(2026, 11, 29, 8, 5))
		assert moment == f"{wording.day('2026-11-29')} 08:05"


def test_a_chinese_customer_reads_chinese_dates(site):
	w = customers.world()
	frappe.db.set_value("User", w.asker, "language", "zh")
	frappe.clear_document_cache("User", w.asker)
	frappe.local.lang = "zh"
	body = get(f"/service-requests/{w.issue.name}", w.asker)[1]
	assert f"{getdate(w.issue.opening_date).year}年" in body


def test_the_set_up_aligns_the_date_format_with_what_the_settings_say(site):
	"""As ERPNext leaves it: the default of its installation beside what the wizard chose."""
	frappe.db.set_single_value("System Settings", "date_format", "yyyy-mm-dd")
	frappe.db.set_default("date_format", "dd-mm-yyyy")
	frappe.local.user_date_format = None
	for hook in frappe.get_hooks("setup_wizard_complete", app_name="ops_delivery"):
		frappe.get_attr(hook)({})
	assert frappe.utils.formatdate("2026-11-29") == "2026-11-29"


def test_seeds_speak_the_language_the_wizard_chose_but_what_was_edited_stays(chinese_site):
	names = ("On-site visit", "Remote session")
	docs = {name: frappe.get_doc("Checklist Template", name) for name in names}
	question = docs["On-site visit"].items[0].question
	assert question == "Tools and measuring devices are packed and work"
	docs["Remote session"].description = "Ours"
	docs["Remote session"].save()
	seeds.follow_site_language()
	assert frappe.get_doc("Checklist Template", "On-site visit").items[0].question == "工具与仪表已带齐且完好"
	assert frappe.get_doc("Checklist Template", "Remote session").description == "Ours"
	assert not frappe.get_doc("Checklist Template", "Remote session").items[0].question.startswith("连接")


def test_a_seed_planted_on_a_chinese_site_is_chinese_under_its_own_name(chinese_site):
	planted = memory.recall(seeds.MEMORY) or {}
	name = "Overdue Reviews"
	frappe.db.delete("Escalation Policy", {"name": name})
	memory.remember(
		seeds.MEMORY, {key: note for key, note in planted.items() if key != f"Escalation Policy: {name}"}
	)
	seeds.plant_reviews()
	assert (
		frappe.db.get_value("Escalation Policy", name, "description")
		== "先提醒评审人，再告知交付经理评审已逾期。"
	)


def test_the_names_of_seeds_are_shown_in_the_readers_language(site):
	"""By Frappe's own mark of DocTypes whose names are translated, in every field that links them."""
	for doctype in (
		"Service Calendar",
		"Escalation Policy",
		"Clock Definition",
		"Checklist Template",
		"Review Rule",
	):
		assert frappe.get_meta(doctype).translated_doctype, doctype
	with reader.reading("zh"):
		found = checked.search_link(doctype="Escalation Policy", txt="标准")
	assert [row["value"] for row in found] == ["Standard Escalation"]
