"""Whether the engine keeps up: how late the oldest due trigger is, what has failed, whether mails leave, when the sweep last ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Min, Sum
from frappe.utils import add_days, cint
from frappe.utils.scheduler import is_scheduler_inactive

from ops_delivery import framework_jobs
from ops_delivery.permissions import reach, switches
from ops_delivery.services.agreements import promise_gaps, switched_off
from ops_delivery.services.deliverables import opening
from ops_delivery.services.engine import host_check
from ops_delivery.services.escalation.sweep import LAST_RUN_KEY
from ops_delivery.services.mailbox import mailboxes, set_aside
from ops_delivery.services.monitoring import silence
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.outbox import escalation_mail_states as escalation_mails
from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions, host_conditions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.rules import priority_scales as scales
from ops_delivery.services.shared import number_bounds as bounds
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import epoch, site_now, utc_now

FAR_DAYS = 366
TURN_SECONDS = 60  # what a sweep may take


def lag_seconds() -> int:
	"""How many seconds the oldest trigger that is due has been waiting; 0 when nothing waits."""
	trigger = frappe.qb.DocType("Service Clock Trigger")
	oldest = (
		frappe.qb.from_(trigger)
		.select(Min(trigger.run_epoch))
		.where((trigger.state == "Pending") & (trigger.run_epoch <= epoch(utc_now())))
	).run(pluck=True)[0]
	return epoch(utc_now()) - oldest if oldest else 0


def status() -> dict[str, Any]:
	"""{ok, lag_seconds, pending_due, failed_triggers, failed_notices, failed_mails, last_sweep (ISO UTC or None), messages,
	advice}. `failed_mails` are those of the failed notices that only a mail server kept back.

	`messages` say what is wrong now; `advice` what an administrator would do better, and leaves the health as it is.
	"""
	trigger, notice = frappe.qb.DocType("Service Clock Trigger"), frappe.qb.DocType("Service Notice")
	pending = (
		frappe.qb.from_(trigger)
		.select(Count("*"))
		.where((trigger.state == "Pending") & (trigger.run_epoch <= epoch(utc_now())))
	).run(pluck=True)[0]
	failed = (frappe.qb.from_(trigger).select(Count("*")).where(trigger.state == "Failed")).run(pluck=True)[0]
	unsent, refused = (
		frappe.qb.from_(notice).select(Count("*"), Sum(notice.mail_failed)).where(notice.state == "Failed")
	).run()[0]
	late = notice_mails.late()
	last = frappe.cache.get_value(LAST_RUN_KEY)
	lag = lag_seconds()
	tick = framework_jobs.scheduler_tick()
	# what waits for the scheduler's next look only is not late
	limit = max(bounds.setting("lag_alarm_seconds"), tick + TURN_SECONDS)
	messages = []
	if lag > limit:
		messages.append(
			_("The oldest due trigger has waited {0}. Check the scheduler and the workers.").format(
				wording.duration(lag)
			)
		)
	if last and switches.now().awake and (utc_now() - datetime.fromisoformat(last)).total_seconds() > limit:
		messages.append(_("The sweep last ran at {0} UTC.").format(last[:19].replace("T", " ")))
	elif not last and switches.now().awake:
		messages.append(_("The sweep has not run since the cache was cleared."))
	if is_scheduler_inactive(verbose=False):
		messages.append(_("The scheduler of this site is switched off."))
	elif framework_jobs.is_dormant():
		messages.append(
			_(
				"Nobody has logged in for so long that Frappe runs the jobs of this site once a day only, so what is due comes late. Set {0} in System Settings to 0."
			).format(_("Run Jobs only Daily if Inactive For (Days)"))
		)
	if failed:
		messages.append(
			_("{0} triggers were set aside after repeated failures: see Service Clock Trigger.").format(
				failed
			)
		)
	if unsent:
		messages.append(_("{0} notices could not be sent: see Service Notice.").format(unsent))
	for calendar, count in far_deadlines():
		messages.append(
			_(
				"{0} running clocks have their deadline more than a year from now, by the calendar {1}: see its days off and its hours."
			).format(count, calendar)
		)
	if refused:
		messages.append(
			_(
				"The mail server did not take the e-mails of {0} notices. Put the cause right (Email Account, Email Queue), then press Try again on the failed Service Notices."
			).format(cint(refused))
		)
	if untold := notice_mails.not_delivered():
		messages.append(
			_(
				"{0} notices of the last {1} days did not reach everybody: see the Service Notices that are Not Delivered, put the addresses right, then press Try again there, or tell the people by another way."
			).format(untold, notice_mails.UNTOLD_DAYS)
		)
	if deaf := sorted({*incoming.deaf_accounts(), *deemed_acceptance.waiting_for_mail()}):
		messages.append(
			_(
				"No mail comes in by {0}, by which customers wrote lately: silence is not taken for acceptance until it does. Switch incoming mail on again, or move the messages to another account."
			).format(", ".join(deaf))
		)
	for mailbox, last_read in mailboxes.unread():
		messages.append(
			_(
				"The mailbox {0} was last read at {1}. Check the scheduler, the workers and its Email Account: the clocks of what lies there run."
			).format(mailbox, moment(last_read) or _("no time"))
		)
	if kept := set_aside.waiting():
		messages.append(
			_("{0} mails need a person: see Mail That Needs a Person, and make requests of them or say why not.").format(kept)
		)
	if refused_people := escalation_mails.refused():
		messages.append(
			_(
				"The mail server did not take e-mails to {0} people about escalations that nobody has acknowledged. Put the cause right (Email Account), have the mails sent again in the Email Queue, or acknowledge the escalations."
			).format(refused_people)
		)
	if late and not frappe.are_emails_muted():
		messages.append(
			_(
				"The e-mails of {0} notices have waited in the e-mail queue for more than {1} minutes. Check the scheduler, the workers and the outgoing Email Account."
			).format(late, notice_mails.LATE_MINUTES)
		)
	for doctype, name, label, why in definitions.refused():
		messages.append(
			_("{0} {1}: {2} cannot be evaluated, so nothing follows it: {3}").format(_(doctype), name, label, why)
		)
	messages += [f"{_(doctype)} {name}: {label}: {what}" for doctype, name, label, what in conditions.stored()]
	messages += [f"{_(doctype)} {name}: {what}" for doctype, name, what in host_conditions.stored()]
	messages += failing.messages()
	messages += promise_gaps.messages() + scales.messages()
	messages += switched_off.messages()
	messages += silence.messages() + opening.messages()
	messages += host_check.differences()
	return {
		"ok": not messages,
		"lag_seconds": lag,
		"pending_due": pending,
		"failed_triggers": failed,
		"failed_notices": unsent,
		"failed_mails": cint(refused),
		"last_sweep": last,
		"messages": messages,
		"advice": _advice(tick),
	}


def far_deadlines() -> list[tuple[str, int]]:
	"""By calendar, how many running clocks are due so late that nobody can have meant it: (calendar, clocks)."""
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(clock.calendar, Count("*"))
		.where(
			(clock.state == "Running")
			& (clock.due_on > add_days(site_now(), FAR_DAYS))
			& (clock.target < FAR_DAYS * 8 * 3600)  # a target that is itself of years is meant
		)
		.groupby(clock.calendar)
		.orderby(clock.calendar)
	).run()


def _advice(tick: int) -> list[str]:
	found = [*reach.advice(), *host_check.passed_over()]
	if batches := mailboxes.not_named():
		found.append(
			_(
				"Mails to {0} become requests and are fetched in batches: one that is broken can take others with it. Name these mailboxes under Service mailboxes."
			).format(", ".join(batches))
		)
	if tick <= 60:
		return found
	return [
		*found,
		_(
			"The scheduler of this bench looks every {0}, so a warning can be that late. For promises of minutes set {1} to 60 in common_site_config.json."
		).format(wording.duration(tick), "scheduler_tick_interval")
	]
