"""A customer who is asked: people, a template of the test's own, surveys and answers in a few words."""

import customers
import factories
import frappe

from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import templates as survey_templates

QUESTIONS = (
	{
		"question": "How content are you?",
		"question_zh": "您满意吗？",
		"answer_type": "Score 1–5",
		"weight": 3,
	},
	{"question": "How quick were we?", "answer_type": "Score 1–10", "weight": 1},
	{"question": "Did we keep to the rules?", "answer_type": "Yes/No", "conduct": 1, "weight": 0},
	{"question": "Anything else?", "answer_type": "Text", "required": 0, "weight": 0},
)


def only_own_rules() -> None:
	"""Within the test's transaction, no rule of the site asks anybody."""
	frappe.db.set_value("Survey Rule", {"enabled": 1}, "enabled", 0, update_modified=False)


def template(questions=QUESTIONS, **values):
	return factories.make(
		"Survey Template",
		**{
			"template_name": factories.unique("Template"),
			"title": "How was it?",
			"title_zh": "您觉得怎么样？",
			"days_to_answer": 14,
			"reminder_days": "5, 10",
			"fewest_answers": 3,
			"questions": [dict({"required": 1}, **row) for row in questions],
			**values,
		},
	)


def rule(template_doc=None, occasion="After a Request Is Closed", **values):
	return factories.make(
		"Survey Rule",
		**{
			"rule_name": factories.unique("Rule"),
			"template": (template_doc or template()).name,
			"occasion": occasion,
			"ask": "Who Asked for It",
			"sampling": 100,
			**values,
		},
	)


def ask(rule_doc, doc) -> list[str]:
	"""Ask by one rule alone, as surveys.ask_after_work does."""
	row = next(row for row in survey_rules.enabled(rule_doc.occasion) if row.name == rule_doc.name)
	return surveys.ask(row, doc)


def people(customer: str, number: int) -> list[str]:
	return [customers.portal_user(customer) for _n in range(number)]


def asked(people_of: list[str], customer: str, template_doc, **values) -> list:
	"""A survey for each of the people, about their customer, without a record."""
	rule_doc = values.pop("rule", None) or rule(template_doc, "After a Request Is Closed")
	found = []
	for email in people_of:
		issue = factories.make_issue(customer, raised_by=email)
		name = ask(rule_doc, issue)[0]
		found.append(frappe.get_doc("Service Survey", name))
	return found


def sheet(survey, *values: str) -> dict[str, str]:
	"""Answers in the order of the questions; fewer leave the last ones blank."""
	questions = survey_templates.sheet(survey.template_version).questions
	return {q.key: value for q, value in zip(questions, values, strict=False)}


GOOD = ("5", "10", "Yes")
BAD = ("1", "2", "Yes")


def token(survey, **changes) -> str:
	"""The code of the survey's link."""
	link = survey_answering.link_for(survey.update(changes) if changes else survey)
	return link.partition("#")[2]


def answer(survey, *values: str) -> None:
	"""As a guest by the link."""
	before = frappe.session.user
	frappe.set_user("Guest")
	try:
		survey_answering.answer_by_link(token(survey), sheet(survey, *(values or GOOD)))
	finally:
		frappe.set_user(before)


def fresh(survey):
	return frappe.get_doc("Service Survey", survey.name)


def response(survey):
	return frappe.get_doc("Survey Response", fresh(survey).response)


def today():
	return site_now().date()
