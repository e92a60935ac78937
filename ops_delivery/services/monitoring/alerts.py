"""Alerts from machines: each opens one request under the right agreement, however often it is said (6.2.b.5, 5.3.b).

The ledger (Monitoring Alert) has one row for a fingerprint of a source as long as its request is not closed; the database refuses a second.
Heard again it is counted; resolved it is noted on the request and, by the source's rule, the result is offered; firing after
the request was closed it is a new one. What is refused is listed there, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring.alerts import Alert, check_moments
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.monitoring import objects, sentences
from ops_delivery.services.monitoring.ledger import FIRING, RESOLVED, Ledger
from ops_delivery.services.requests import machine_requests as requests
from ops_delivery.services.rules import clock_definitions
from ops_delivery.services.scope import issue_scope
from ops_delivery.services.shared import site_time
from ops_delivery.services.shared.locale import moment

OFFER = "Offer the Result"
# what becomes of an alert
OPENED, KNOWN, AGAIN, OVER, NOTHING, REFUSE = "opened", "known", "opened again", "resolved", "nothing open", "refused"


@dataclass
class Decision:
	"""What an alert comes to: the result, its object and row of the ledger if there are any, and why it is refused."""

	result: str
	thing: str | None = None
	row: frappe._dict | None = None
	why: str = ""
	code: str = ""


def receive(source, alerts: tuple[Alert | DomainError, ...], dry: bool = False) -> dict[str, Any]:
	"""Work off the alerts of a message; the answer, with one line for each. `dry`: say what would become of them.

	The source is locked by the caller (sources.locked), unless it is dry: so two webhooks at once make one request.
	"""
	names = [_name_of(source, alert) for alert in alerts if isinstance(alert, Alert)]
	known, answers = objects.Known(source, [*names, *map(objects.host_of, names)]), []
	ledger = Ledger(source, {alert.fingerprint for alert in alerts if isinstance(alert, Alert)})
	for number, alert in enumerate(alerts, 1):
		if isinstance(alert, DomainError):
			answers.append({"line": number, "result": REFUSE, "code": alert.code, "message": sentences.plain(alert)})
			continue
		found = _decide(source, alert, known, ledger)
		issue = (found.row.issue if found.row else None) if dry else _act(source, alert, found, ledger)
		line = {"line": number, "fingerprint": alert.fingerprint, "result": found.result, "title": alert.title}
		if found.thing:
			line |= {"service_object": found.thing, "object_name": known.titles.get(found.thing)}
		if issue and found.result not in (REFUSE, NOTHING) and not (dry and found.result == OPENED):
			line["issue"] = issue
		if dry and found.result == OPENED:
			line["urgency"] = _urgency(source, alert)
		if found.why:
			line |= {"message": found.why} | ({"code": found.code} if found.result == REFUSE else {})
		answers.append(line)
	ledger.flush()
	return {"refused": sum(line["result"] == REFUSE for line in answers), "answers": answers}


def in_words(answer: dict[str, Any]) -> str:
	"""What came of a message, for the form (plain text)."""
	return _("Alerts: {0} taken, {1} refused").format(len(answer["answers"]) - answer["refused"], answer["refused"])


def _decide(source, alert: Alert, known: objects.Known, ledger: Ledger) -> Decision:
	row = ledger.find(alert.fingerprint)
	status = row.status if row else ""
	try:
		check_moments(alert, site_time.utc_now())
	except DomainError as error:
		return Decision(REFUSE, None, row, sentences.plain(error), error.code)
	if status and status != requests.CLOSED:
		if not alert.firing:
			return Decision(OVER if row.state == FIRING else KNOWN, row.service_object, row)
		again = row.state == RESOLVED or requests.is_ended(status)
		return Decision(AGAIN if again else KNOWN, row.service_object, row)
	if not alert.firing:
		return Decision(NOTHING, row=row)
	try:
		thing = _object_of(source, alert, known)
		_check_agreed(source, thing, known)
	except DomainError as error:
		return Decision(REFUSE, None, row, sentences.plain(error), error.code)
	return Decision(OPENED, thing, row)


def _name_of(source, alert: Alert) -> str:
	"""What an alert calls its object."""
	return alert.object or alert.labels.get(cstr(source.object_label).strip() or "instance", "")


def _object_of(source, alert: Alert, known: objects.Known) -> str:
	name = _name_of(source, alert)
	thing = (known.find(name) if alert.object else known.of_label(name)) if name else None
	thing = thing or known.default
	if thing:
		return thing
	if name:
		raise DomainError("object_unknown", "{value} is none of the objects.", field="object", value=name)
	raise DomainError("object_blank", "No object is named.", field="object")


def _check_agreed(source, thing: str, known: objects.Known) -> None:
	today = site_time.site_now().date()
	if not agreements.find(source.customer, today, thing):
		raise DomainError("no_agreement", "No agreement covers {object}.", field="object", object=known.titles[thing])
	asked = frappe._dict(customer=source.customer, opening_date=today, status="Open")
	if clock_definitions.engine_rests() or not issue_scope.is_ours(asked):
		raise DomainError("not_measured", "Requests for {object} are not ours.", field="object", object=known.titles[thing])


def _act(source, alert: Alert, found: Decision, ledger: Ledger) -> str | None:
	"""Do what was decided; the request. A request that cannot be made makes the decision a refusal."""
	row = found.row
	if found.result == NOTHING or (found.result == REFUSE and row and row.issue and row.status != requests.CLOSED):
		return None  # what is refused changes nothing of a request that is open
	if found.result == KNOWN:
		if alert.firing:
			ledger.heard_again(row)
		return row.issue
	if found.result in (OPENED, REFUSE):
		if row and row.issue:  # closed by now
			ledger.set_free(row)
			row = None
		issue = _open(source, alert, found) if found.result == OPENED else None
		ledger.write(alert, row, issue, found.thing, found.why if found.result == REFUSE else None)
		return issue
	if found.result == AGAIN:
		_fire_again(alert, row, found)
	else:
		_resolve(source, alert, row, found)
	ledger.write(alert, row, row.issue, found.thing, None)
	return row.issue


def _open(source, alert: Alert, found: Decision) -> str | None:
	values = {
		"subject": alert.title or alert.fingerprint,
		"description": _description(source, alert),
		"customer": source.customer,
		"ops_object": found.thing,
		"issue_type": source.issue_type,
		"ops_urgency": _urgency(source, alert),
	}
	try:
		return requests.open_request(values, bool(cint(source.take_as_valid)))
	except requests.NotPossible as error:
		found.result, found.why, found.code = REFUSE, str(error), "not_saved"
		return None


def _fire_again(alert: Alert, row: frappe._dict, found: Decision) -> None:
	requests.note(row.issue, _("Monitoring: the alert fires again: {0}").format(alert.title or alert.fingerprint))
	try:
		requests.open_again(row.issue)
	except requests.NotPossible as error:
		found.why = _("Left to a person: {0}").format(error)
		requests.note(row.issue, found.why)


def _resolve(source, alert: Alert, row: frappe._dict, found: Decision) -> None:
	when = site_time.to_site(alert.ended_on) if alert.ended_on else site_time.site_now()
	text = _("Monitoring: the alert was resolved on {0}: {1}").format(moment(when), alert.title or row.title or alert.fingerprint)
	requests.note(row.issue, text)
	if source.on_resolved != OFFER:
		return
	try:
		requests.offer_result(row.issue, text)
	except requests.NotPossible as error:
		found.why = _("Left to a person: {0}").format(error)
		requests.note(row.issue, _("The result is not offered by itself. {0}").format(found.why))


def _urgency(source, alert: Alert) -> str | None:
	said = alert.severity.casefold()
	listed = {cstr(row.severity).strip().casefold(): row.urgency for row in source.severities}
	return listed.get(said) or source.urgency or None


def _description(source, alert: Alert) -> str:
	"""What the alert says, as the request shows it (HTML, escaped)."""
	parts = [f"<p>{escape_html(text)}</p>" for text in (alert.text,) if text]
	if alert.began_on:
		parts.append(f"<p>{escape_html(_('Began on {0}').format(moment(site_time.to_site(alert.began_on))))}</p>")
	rows = "".join(f"<li>{escape_html(name)}: {escape_html(value)}</li>" for name, value in alert.labels.items())
	parts.append(f"<ul>{rows}</ul>" if rows else "")
	if alert.link:
		parts.append(f'<p><a href="{escape_html(alert.link)}">{escape_html(_("Where it was measured"))}</a></p>')
	parts.append(f"<p>{escape_html(_('Reported by {0}').format(source.title))}</p>")
	return "".join(parts)
