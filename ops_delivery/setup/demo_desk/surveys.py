"""A year of surveys in the demo, through the services: asked, answered by each way, unanswered, low, anonymous (5.4.c)."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ops_delivery.domain import survey as domain
from ops_delivery.services.scope import occasions as survey_occasions
from ops_delivery.services.shared import site_time
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import templates as survey_templates
from ops_delivery.setup import seed_surveys
from ops_delivery.setup.demo_desk import data

MONTHS = 12
PULSE = "Demo: monthly pulse"
LARGE = 0  # the customer with people enough for an anonymous round
MORE_PEOPLE = ("赵敏", "钱程", "孙悦", "李想", "周全", "吴桐")
COMMENTS = {
	"zh": {
		True: ("响应及时，沟通顺畅。", "工程师很专业，辛苦了。", "问题一次解决，满意。"),
		False: ("等待时间偏长，希望改进。", "过程中没有人告知进展。", "同样的问题又出现了一次。"),
	},
	"en": {
		True: ("Quick and friendly.", "Solved the first time.", "Well explained."),
		False: ("It took too long.", "Nobody told us how far it was.", "The same fault came back."),
	},
}


def make(stage, company) -> list[str]:
	"""The rounds of the year and the answers to what the requests asked; names of the surveys."""
	if frappe.db.exists(survey_rules.DOCTYPE, PULSE):
		return []
	rule = _pulse()
	for number in range(MONTHS, 0, -1):
		_month(stage, company, rule, number)
	_year(stage, company)
	_answer_all(stage)
	stage.move_to(stage.end)
	surveys.expire()
	survey_rounds.close_due()
	return frappe.get_all(surveys.DOCTYPE, pluck="name", order_by="creation")


def _pulse():
	return frappe.get_doc(
		{
			"doctype": survey_rules.DOCTYPE,
			"rule_name": PULSE,
			"template": seed_surveys.REQUEST,
			"occasion": survey_occasions.FREQUENCY,
			"frequency": "Monthly",
			"ask": "All Contacts of the Customer",
			"sampling": 100,
			"service_content": survey_occasions.ROUTINE,
			"enabled": 0,
			"description": "Made by the demo, switched off: one round a month of the past year.",
		}
	).insert(ignore_permissions=True)


def _month(stage, company, rule, number: int) -> None:
	"""One month's round of every customer, asked on its last but one day."""
	when = (stage.end - timedelta(days=30 * number)).replace(hour=2, minute=0, second=0)
	stage.move_to(when)
	day = when.astimezone(site_time.site_zone()).date()
	first = day.replace(day=1)
	_found, last = domain.period(first, 1, day)
	for agreement in company.agreements.values():
		surveys.ask(rule, frappe.get_doc("Service Agreement", agreement), (first, last))


def _year(stage, company) -> None:
	"""The anonymous round of the customer with the most people, asked two months ago: it is over and shown."""
	customer = data.CUSTOMERS[LARGE]
	for number, name in enumerate(MORE_PEOPLE, start=1):
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": name,
				"email_ids": [{"email_id": f"user{number}@hospital.example", "is_primary": 1}],
				"links": [{"link_doctype": "Customer", "link_name": customer["name"]}],
			}
		).insert(ignore_permissions=True)
	when = (stage.end - timedelta(days=60)).replace(hour=2, minute=30, second=0)
	stage.move_to(when)
	last = when.astimezone(site_time.site_zone()).date() + timedelta(days=10)
	rule = frappe.get_doc(survey_rules.DOCTYPE, "As agreed")
	agreement = frappe.get_doc("Service Agreement", company.agreements[customer["name"]])
	surveys.ask(rule, agreement, (last - timedelta(days=364), last))


def _answer_all(stage) -> None:
	"""Seven of ten answer, in the order of time, each in a day or two."""
	asked = frappe.get_all(
		surveys.DOCTYPE,
		filters={"state": surveys.ASKED},
		fields=["name", "asked_on", "person_email", "person_name", "customer", "anonymous"],
		order_by="asked_on, name",
	)
	for number, row in enumerate(asked):
		chance = stage.chance
		if number % 10 == 9 if row.anonymous else chance.random() > 0.7:
			continue  # enough answer the anonymous round for it to be shown
		when = site_time.to_utc(row.asked_on) + timedelta(hours=chance.uniform(1, 60))
		if when >= stage.end:
			continue
		stage.move_to(when)
		_answer_one(stage, row, number % 10)


def _answer_one(stage, row, way: int) -> None:
	"""Of ten, seven answer by the link of their mail, two on the portal where they can log in, one by phone."""
	doc = frappe.get_doc(surveys.DOCTYPE, row.name)
	given = _given(stage, doc)
	has_log_in = not row.anonymous and frappe.db.exists("User", row.person_email)
	if row.person_email and (row.anonymous or way < 7 or (way < 9 and not has_log_in)):
		token = survey_answering.link_for(doc).partition("#")[2]
		with stage.as_user("Guest"):
			survey_answering.answer_by_link(token, given)
	elif has_log_in and way < 9:
		with stage.as_user(row.person_email):
			survey_answering.answer_on_portal(row.name, given)
	else:
		with stage.as_user(data.DESK[0]):
			survey_answering.record(row.name, given, row.person_name or "需方值班员", "电话回访")


def _given(stage, doc) -> dict[str, str]:
	"""Answers of a person: better as the year goes on, bad once in a while."""
	chance = stage.chance
	year_back = stage.end - timedelta(days=365)
	progress = max(0.0, (stage.now - year_back) / (stage.end - year_back))
	mood = min(1.0, max(0.0, chance.gauss(0.72 + 0.13 * progress, 0.14)))
	if chance.random() < 0.05:
		mood = chance.uniform(0.0, 0.35)
	language = next((c["language"] for c in data.CUSTOMERS if c["name"] == doc.customer), "en")
	given = {}
	for question in survey_templates.sheet(doc.template_version).questions:
		if question.type in domain.STEPS:
			top = domain.STEPS[question.type]
			value = round(1 + (top - 1) * min(1.0, max(0.0, mood + chance.uniform(-0.12, 0.12))))
			given[question.key] = str(value)
		elif question.type == domain.YES_NO:
			given[question.key] = domain.YES if chance.random() < 0.6 + 0.39 * mood else domain.NO
		elif question.type == domain.TEXT and chance.random() < 0.35:
			given[question.key] = chance.choice(COMMENTS[language][mood > 0.5])
	return given
