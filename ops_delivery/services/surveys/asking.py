"""Surveys: the customer is asked after the work, or at intervals (5.4.c, 7.2.d.1–2, 7.3.d.1–2, 8.3–8.6 b.4).

A Service Survey is one question sheet for one person: asked once a record, rule and person; answered once, by link, on
the portal, or recorded by staff. It keeps the version of its template. Who answers anonymously is told apart from what
they answered: see surveys/answering.py.
"""

from __future__ import annotations

import hashlib

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, date_diff, getdate

from ops_delivery.domain.events import WorkEnded
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import is_staff_address
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import addressees as survey_people
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import templates as survey_templates

DOCTYPE = "Service Survey"
ASKED, ANSWERED, EXPIRED, WITHDRAWN = "Asked", "Answered", "Expired", "Withdrawn"
ASKED_POINT, REMINDED_POINT = "ops_survey_asked", "ops_survey_reminded"
BATCH = 500


class NotBySurveys(frappe.ValidationError):
	"""A survey was to be changed by hand."""


def ask_after_work(doc) -> list[str]:
	"""Work on a record is over: ask whom the rules say. Returns the new surveys' names; again it asks nobody.

	Runs within the transaction that ends the work and never holds it up: what goes wrong here is put on record.
	"""
	occasion = survey_rules.of_type(doc.doctype)
	made: list[str] = []
	for rule in survey_rules.enabled(occasion) if occasion else ():
		frappe.db.savepoint("ops_survey")
		try:
			made += ask(rule, doc)
		except frappe.QueryDeadlockError:
			raise
		except Exception as error:
			frappe.db.rollback(save_point="ops_survey")
			frappe.clear_messages()
			frappe.log_error(
				title=f"Ops Delivery: survey rule {rule.name} did not ask",
				message=f"{doc.doctype} {doc.name}: {type(error).__name__}: {error}"[:1000],
				reference_doctype=survey_rules.DOCTYPE,
				reference_name=rule.name,
			)
	return made


def ask_about(event: WorkEnded) -> None:
	"""Reaction: the work on a record is over."""
	occasion = survey_rules.of_type(event.doctype)
	if occasion and survey_rules.enabled(occasion):
		ask_after_work(frappe.get_doc(event.doctype, event.name))


def follow(doc, method: str | None = None) -> None:
	"""Hook on reviewed documents: one that has just come to its end is asked about."""
	before = doc.get_doc_before_save()
	if survey_rules.is_over(doc) and not (before and survey_rules.is_over(before)):
		ask_after_work(doc)


def ask(rule, doc, period: tuple | None = None) -> list[str]:
	"""Ask by one rule about one record, where its condition, sample and people's rest allow; the surveys' names.

	`period` is the one asked about by frequency.
	"""
	try:
		applies = survey_rules.applies(rule, doc)
	except Exception as error:
		failing.note(survey_rules.DOCTYPE, rule.name, "condition", (doc.doctype, cstr(doc.name)), error)
		return []
	if not applies or not survey_rules.in_sample(rule, doc):
		return []
	sheet = survey_templates.current(rule.template)
	people = survey_people.whom(rule.ask, doc) if sheet else []
	if not people:
		return []
	if cint(rule.limit_days):
		frappe.db.get_value(survey_rules.DOCTYPE, rule.name, "name", for_update=True)  # one at a time counts
	return [name for person in people if (name := _ask(rule, sheet, doc, person, period))]


def _ask(rule, sheet, doc, person: survey_people.Person, period: tuple | None) -> str | None:
	about = f"{period[0]}" if period else f"{doc.doctype}|{doc.name}"
	of = doc.get("agreement_number") or doc.name if period else ""
	key = hashlib.sha256(f"{rule.name}|{about}|{of}|{person.key}".encode()).hexdigest()
	if (person.email and is_staff_address(person.email)) or frappe.db.exists(DOCTYPE, {"survey_key": key}):
		return None
	if survey_people.rests(person, doc.get("customer"), cint(rule.limit_days)):
		return None
	now = site_now()
	expires_on = getdate(add_days(now, cint(sheet.days_to_answer)))
	survey = frappe.new_doc(DOCTYPE)
	survey.update(
		{
			"title": sheet.title,
			"rule": rule.name,
			"template": rule.template,
			"template_version": sheet.version,
			"anonymous": cint(sheet.anonymous),
			"customer": doc.get("customer"),
			"agreement": record_parties.agreement_of(doc),
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"reference_title": cstr(doc.get("subject") or doc.get("title"))[:140],
			"service_object": record_parties.object_of(doc),
			"service_content": survey_rules.content_of(rule, doc),
			"engineer": _engineer_of(doc),
			"person_name": person.name[:140],
			"person_email": person.email,
			"person_phone": person.phone,
			"state": ASKED,
			"asked_on": now,
			"expires_on": expires_on,
			"survey_key": key,
		}
	)
	survey.survey_round = survey_rounds.of_survey(survey, rule, period)
	save(survey)
	if person.email:
		notices.post(DOCTYPE, survey.name, ASKED_POINT, new=True)
	return survey.name


def ask_again(name: str) -> None:
	"""Send a new link: the older one stops working, and the time to answer begins anew."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	if doc.state not in (ASKED, EXPIRED):
		frappe.throw(_("{0} is {1}; it is not asked again.").format(doc.name, _(doc.state, context=DOCTYPE)))
	if not doc.person_email:
		frappe.throw(_("Nobody is known by address here. Ask by phone and record the answer."))
	if doc.survey_round and survey_rounds.is_closed(doc.survey_round):
		frappe.throw(_("The round of this survey is over; its answers were counted."))
	sheet = survey_templates.sheet(doc.template_version)
	doc.update(
		{
			"state": ASKED,
			"round": cint(doc.round) + 1,
			"asked_on": site_now(),
			"expires_on": getdate(add_days(site_now(), cint(sheet.days_to_answer))),
			"reminders": 0,
		}
	)
	if doc.survey_round:
		doc.expires_on = survey_rounds.keep_within(doc.survey_round, doc.expires_on)
	save(doc)
	notices.post(DOCTYPE, doc.name, ASKED_POINT)


def withdraw(name: str, reason: str) -> None:
	"""Take a survey back: its link and page take no answer any more."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	if doc.state != ASKED:
		frappe.throw(
			_("{0} is {1}; only a survey that waits can be withdrawn.").format(
				doc.name, _(doc.state, context=DOCTYPE)
			)
		)
	if not cstr(reason).strip():
		frappe.throw(_("Say why the survey is withdrawn."))
	doc.update({"state": WITHDRAWN, "withdrawn_reason": cstr(reason).strip()[:1000]})
	save(doc)


@in_site_language
def expire() -> int:
	"""Surveys whose last day has passed; returns how many."""
	table = frappe.qb.DocType(DOCTYPE)
	past = (table.state == ASKED) & (table.expires_on < site_now().date())
	number = frappe.db.count(DOCTYPE, {"state": ASKED, "expires_on": ["<", site_now().date()]})
	if number:
		frappe.qb.update(table).set(table.state, EXPIRED).set(table.modified, site_now()).where(past).run()
	return number


def remind(limit: int = BATCH) -> int:
	"""Remind whom the template says, at most once a day each; returns how many."""
	now, number = site_now(), 0
	waiting = frappe.get_all(
		DOCTYPE,
		filters={"state": ASKED, "person_email": ["is", "set"], "expires_on": [">=", now.date()]},
		fields=["name", "template_version", "asked_on", "reminders", "person_email"],
		order_by="asked_on, name",
	)
	for row in waiting:
		days = (
			survey_templates.reminder_days(survey_templates.sheet(row.template_version).reminder_days) or ()
		)
		due = sum(day <= date_diff(now, row.asked_on) for day in days)
		if due <= cint(row.reminders) or number >= limit or is_staff_address(row.person_email):
			continue
		if frappe.db.get_value(DOCTYPE, row.name, "state", for_update=True) != ASKED:
			continue  # answered since the list was read
		frappe.db.set_value(DOCTYPE, row.name, {"reminders": due, "reminded_on": now})
		notices.post(DOCTYPE, row.name, REMINDED_POINT)
		number += 1
	return number


def check(doc) -> None:
	"""Called by the controller: a survey is changed by these services alone."""
	if not steps.is_taken(doc):
		frappe.throw(
			_("{0} is changed by its own steps only: use its buttons, or let the customer answer.").format(
				doc.name or _(doc.doctype)
			),
			NotBySurveys,
		)


def save(doc) -> None:
	"""Save a survey past the controller's guard."""
	steps.take(doc).save(ignore_permissions=True)


def _engineer_of(doc) -> str | None:
	"""Who did the work: the first engineer, the one in charge, or the first one assigned."""
	if doc.doctype == "Service Agreement":
		return None
	if engineers := doc.get("engineers"):
		return engineers[0].user
	if doc.get("owner_user"):
		return doc.owner_user
	assigned = frappe.parse_json(doc.get("_assign") or "[]")
	return assigned[0] if assigned else None
