"""Rounds: what a customer's people are asked together, by frequency or anonymously (5.4.c, 8.3.a.4).

The answers of an anonymous survey belong to a round and to nothing else. They are sealed until the round is over and
enough have come, and then all of them are shown at once: so nobody can tell by what changed from one day to the next who
answered what. A round with fewer answers is never shown, and its seals are destroyed unopened.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Max, Min
from frappe.utils import add_days, cint, flt, getdate

from ops_delivery.domain import survey as domain
from ops_delivery.domain.events import SurveyClosed
from ops_delivery.permissions import steps
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import rules as survey_rules
from ops_delivery.services.surveys import seals as survey_seals
from ops_delivery.services.surveys import templates as survey_templates

DOCTYPE, SURVEY, RESPONSE, ANSWER = "Survey Round", "Service Survey", "Survey Response", "Survey Answer"
COLLECTING, CLOSED = "Collecting", "Closed"
CATCH_UP_DAYS = 30  # a period that ended while the scheduler stood still is asked about for so long


def of_survey(survey, rule, period: tuple[date, date] | None) -> str | None:
	"""The round a new survey belongs to, made with its first one; None for a named survey about one record.

	An anonymous survey about a record joins the others of its customer and quarter.
	"""
	if not period and not survey.anonymous:
		return None
	first, last = period or domain.quarter(getdate(survey.asked_on))
	key = _key(rule, survey.customer, survey.agreement, first, "" if period else survey.template_version)
	name = frappe.db.get_value(DOCTYPE, {"round_key": key}, "name", for_update=True)
	closes_on = survey.expires_on if period else getdate(add_days(last, cint(_sheet(survey).days_to_answer)))
	if name:
		return name
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"rule": rule.name,
			"template": survey.template,
			"template_version": survey.template_version,
			"customer": survey.customer,
			"agreement": survey.agreement,
			"period_from": first,
			"period_to": last,
			"closes_on": closes_on,
			"anonymous": survey.anonymous,
			"state": COLLECTING,
			"round_key": key,
		}
	)
	steps.take(doc)
	return doc.insert(ignore_permissions=True).name


def is_closed(name: str) -> bool:
	"""Whether a round takes no answers any more."""
	return frappe.db.get_value(DOCTYPE, name, "state") == CLOSED


def keep_within(name: str, day: date) -> date:
	"""The day, but not later than the round's last one."""
	return min(day, getdate(frappe.db.get_value(DOCTYPE, name, "closes_on")))


def was_asked(rule, doc, period: tuple[date, date]) -> bool:
	"""Whether an agreement's people were asked about a period all together already."""
	return bool(frappe.db.exists(DOCTYPE, {"round_key": _key(rule, doc.customer, doc.name, period[0], "")}))


def due(rule, today: date) -> list[tuple[frappe._dict, tuple[date, date]]]:
	"""The agreements in force whose present period has come near its end, with that period."""
	found = []
	for row in _agreements(today):
		months = domain.MONTHS.get(
			row.survey_frequency if rule.frequency == survey_rules.AS_AGREED else rule.frequency
		)
		if not months:
			continue
		# a day ahead finds the period that is near its end; looking back finds one that ended unasked
		for day in (today, getdate(add_days(today, -CATCH_UP_DAYS))):
			period = domain.period(row.began, months, day)
			if not period or day > row.last_day:
				continue
			period = (period[0], min(period[1], row.last_day))
			asks_from = max(period[0], getdate(add_days(period[1], -cint(rule.days_before_end))))
			if asks_from <= today <= getdate(add_days(period[1], CATCH_UP_DAYS)):
				found.append((row, period))
				break
	return found


def _agreements(today: date) -> list[frappe._dict]:
	"""The versions in force, or just ended: name, survey_frequency, began (of the first version), last_day."""
	agreement, version = (
		frappe.qb.DocType("Service Agreement"),
		frappe.qb.DocType("Service Agreement").as_("v"),
	)
	last = Coalesce(agreement.termination_date, agreement.renewed_until, agreement.end_date)
	return (
		frappe.qb.from_(agreement)
		.join(version)
		.on((version.agreement_number == agreement.agreement_number) & (version.docstatus == 1))
		.select(agreement.name, agreement.survey_frequency, Min(version.start_date).as_("began"))
		.select(Max(last).as_("last_day"))
		.where(
			(agreement.docstatus == 1)
			& agreement.status.isin(["Active", "Expired"])
			& (agreement.start_date <= today)
			& (last >= add_days(today, -CATCH_UP_DAYS))
		)
		.groupby(agreement.name, agreement.survey_frequency)
		.orderby(agreement.name)
	).run(as_dict=True)


def close_due() -> int:
	"""Close the rounds whose last day has passed; show anonymous answers where enough have come. Returns how many."""
	due = frappe.get_all(
		DOCTYPE,
		filters={"state": COLLECTING, "closes_on": ["<", site_now().date()]},
		pluck="name",
		order_by="closes_on, name",
	)
	for name in due:
		_close(name)
	return len(due)


def _close(name: str) -> None:
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if doc.state == CLOSED:
		return
	sheet = survey_templates.sheet(doc.template_version)
	doc.state = CLOSED
	late = frappe.qb.DocType(SURVEY)
	frappe.qb.update(late).set(late.state, "Expired").where(
		(late.survey_round == name) & (late.state == "Asked")
	).run()
	if doc.anonymous:
		doc.shown = int(survey_seals.count(name) >= domain.answers_needed(cint(sheet.fewest_answers)))
		if doc.shown:
			survey_seals.show(name, doc.closes_on)
		else:
			survey_seals.destroy(name)
	scores = [
		flt(row.score)
		for row in frappe.get_all(
			RESPONSE, filters={"survey_round": name}, fields=["score", "scored"], order_by="name"
		)
		if row.scored
	]
	steps.take(doc)
	doc.save(ignore_permissions=True)
	if doc.agreement:
		events.tell(SurveyClosed(doc.name, doc.agreement, site_now().date()))
	found = domain.figures(scores, cint(sheet.fewest_answers))
	if doc.shown and found.mean is not None and domain.is_low(found.mean, (), flt(sheet.low_score), False):
		investigate(DOCTYPE, name, doc, sheet, found.mean)


def investigate(
	source_doctype: str, source_name: str, about: Any, sheet, score: float | None, finding: str = ""
) -> str | None:
	"""A low score opens an improvement action (5.5.c); an error there is put on record and holds nothing up."""
	frappe.db.savepoint("ops_survey_low")
	try:
		shown = _("no score") if score is None else f"{score:.0f}"
		return improvements.open_for(
			source_doctype,
			source_name,
			title=_("Low satisfaction: {0} ({1})").format(sheet.words("title"), shown),
			finding=finding or _("The mean of the round is {0} of 100.").format(shown),
			customer=about.get("customer"),
			agreement=about.get("agreement"),
			service_object=about.get("service_object"),
		)
	except Exception as error:
		frappe.db.rollback(save_point="ops_survey_low")
		frappe.clear_messages()
		frappe.log_error(
			title="Ops Delivery: low score without improvement action",
			message=f"{type(error).__name__}: {error}"[:1000],
			reference_doctype=source_doctype,
			reference_name=source_name,
		)
		return None


def figures(doc) -> dict[str, Any]:
	"""A round for its form: asked, answered, and the figures once they may be shown."""
	survey = frappe.qb.DocType(SURVEY)
	counts = dict(
		frappe.qb.from_(survey)
		.select(survey.state, Count("*"))
		.where((survey.survey_round == doc.name) & (survey.state != "Withdrawn"))
		.groupby(survey.state)
		.run()
	)
	sheet = survey_templates.sheet(doc.template_version)
	found = {
		"asked": sum(counts.values()),
		"answered": counts.get("Answered", 0),
		"anonymous": doc.anonymous,
		"shown": not doc.anonymous or doc.shown,
		"closed": doc.state == CLOSED,
		"needed": domain.answers_needed(cint(sheet.fewest_answers)),
		"figures": None,
	}
	if found["shown"]:
		scores = frappe.get_all(
			RESPONSE,
			filters={"survey_round": doc.name, "scored": 1},
			pluck="score",
			order_by="name",
		)
		line = domain.figures([flt(score) for score in scores], cint(sheet.fewest_answers))
		found["figures"] = {"mean": line.mean, "low": line.low, "high": line.high, "meaning": line.meaning}
	return found


def check(doc) -> None:
	"""Called by the controller: rounds are opened and closed by the services alone."""
	if not steps.is_taken(doc):
		frappe.throw(_("{0} is opened and closed by its rule only.").format(doc.name or _(doc.doctype)))


def _key(rule, customer: str, agreement: str | None, first: date, version: str) -> str:
	"""One round for a rule, customer, agreement (whatever its version) and period."""
	number = frappe.db.get_value("Service Agreement", agreement, "agreement_number") if agreement else ""
	parts = (rule.name, customer, number or agreement or "", first, version)
	return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def _sheet(survey) -> survey_templates.Sheet:
	return survey_templates.sheet(survey.template_version)
