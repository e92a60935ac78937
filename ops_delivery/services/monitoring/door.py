"""The door for machines: who sends by its token, what was sent by its kind, and the answer with its HTTP status (6.2.b.4, 6.2.b.5).

A token of ours would be taken for one of Frappe's, and refused, before anything of ours runs: so it is taken out of the request
first. Whatever is refused is told on the form of the source where it is known.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _

from ops_delivery import framework
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import alerts as alert_lines
from ops_delivery.domain.monitoring import payload, reading_lines
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.monitoring import alerts, machine_readings, sentences, sources
from ops_delivery.services.requests.machine_requests import acting
from ops_delivery.services.shared import argument_types, call_limits, site_time
from ops_delivery.services.shared.locale import in_site_language

READINGS, ALERTS = "readings", "alerts"
DOORS = tuple(f"{argument_types.OURS}api.monitoring.{kind}" for kind in (READINGS, ALERTS))
TOKEN, HEADER, BEARER = "ops_machine_token", "X-Ops-Token", "bearer "
CSV, JSON = "text/csv", "application/json"
MESSAGES_AN_HOUR, WRONG_AN_HOUR = 3600, 300
UNREADABLE = (417, 500)  # what Frappe answers to JSON that it cannot read, or that is no object and no list
TAKEN = "ops_delivery.taken"  # in a request's environment: it was read, and came to the door
TRIES = 3  # of a message that the database took back, as another one wrote at the same moment
STATUS = {"body_too_large": 413, "lines_too_many": 413, "alerts_too_many": 413, "no_agreement": 422, "kind_unknown": 415}


class Refusal(Exception):
	"""A message that is not worked off: HTTP status, code, and why (plain text)."""

	def __init__(self, status: int, code: str, why: str):
		super().__init__(why)
		self.status, self.code = status, code


def before_request() -> None:
	"""Hook: take the token, and what Frappe read of the body, out of a request to the door."""
	request = getattr(frappe.local, "request", None)
	if not request or argument_types.method_of(request.path) not in DOORS:
		return
	frappe.local.form_dict = frappe._dict()  # the body alone is read, by us; a `cmd` in it would call another function
	said = request.environ.pop("HTTP_AUTHORIZATION", "")  # that of a proxy, too: nobody logs in here
	is_ours = said[: len(BEARER)].lower() == BEARER
	frappe.flags[TOKEN] = (said[len(BEARER) :] if is_ours else request.headers.get(HEADER) or "").strip()
	request.environ[TAKEN] = True


def after_request(response: Any = None, request: Any = None, **_kwargs: Any) -> None:
	"""Hook: JSON that Frappe could not read is the sender's mistake, and said so; what failed here is ours, so that the machine sends
	it again; a refused token names its scheme."""
	if response is None or request is None or argument_types.method_of(request.path) not in DOORS:
		return
	if response.status_code in UNREADABLE:
		code = "not_worked_off" if request.environ.get(TAKEN) else "body_not_json"
		response.status_code, response.mimetype = 500 if code == "not_worked_off" else 400, JSON
		response.set_data(json.dumps({"message": {"error": code, "text": sentences.plain(DomainError(code, "", value=1))}}))
	if response.status_code == 401:
		response.headers["WWW-Authenticate"] = "Bearer"


@in_site_language
def receive(kind: str) -> dict[str, Any]:
	"""Work off what was sent; the answer, and the HTTP status of the response."""
	name = None
	try:
		name = _sender()
		text, is_csv, whole = _sent(kind)
		answer = _heard(name, kind, text, is_csv, whole)
		_status(422 if _is_nothing(kind, answer) else 200)
		return answer
	except Refusal as refusal:
		return _refused(name, refusal)
	except DomainError as error:
		return _refused(name, Refusal(STATUS.get(error.code, 400), error.code, sentences.plain(error)))


def _heard(name: str, kind: str, text: str, is_csv: bool, whole: bool) -> dict[str, Any]:
	"""Work off a message of a source, and note what came of it; the answer."""
	for left in reversed(range(TRIES)):
		try:
			with acting(), framework.reading_committed():
				source = sources.locked(name)
				_check_open(source)
				answer = _work_off(source, kind, text, is_csv, whole)
				sources.heard(source, (machine_readings if kind == READINGS else alerts).in_words(answer), kind == READINGS)
				if first := next((line for line in answer["answers"] if line["result"] == alerts.REFUSE), None):
					sources.refused(name, f"{_('Line {0}').format(first['line'])}: {first['message']}")
			return answer
		except frappe.QueryDeadlockError:
			if not left:
				raise
			frappe.db.rollback()
	raise AssertionError


def try_message(name: str, kind: str, text: str, is_csv: bool = False) -> dict[str, Any]:
	"""What a message would do, and does not: {"status", "answer"} or {"status", "error", "text"}. The source as it is saved."""
	source = frappe.get_doc(sources.DOCTYPE, name)
	source.check_permission("write")
	try:
		_check_open(source)
		answer = _work_off(source, kind, payload.text_of(text.encode("utf-8", "replace")), is_csv, False, dry=True)
		return {"status": 422 if _is_nothing(kind, answer) else 200, "answer": answer}
	except Refusal as refusal:
		return {"status": refusal.status, "error": refusal.code, "text": str(refusal)}
	except DomainError as error:
		return {"status": STATUS.get(error.code, 400), "error": error.code, "text": sentences.plain(error)}


def _sender() -> str:
	"""The source whose token was sent. Refusal 401, 429."""
	token = frappe.flags.pop(TOKEN, "")
	name, is_right = sources.by_token(token) if token else (None, False)
	if not is_right:
		if call_limits.number_of("machine refused", call_limits.network()) > WRONG_AN_HOUR:
			raise _too_often()
		if name:
			sources.refused(name, _("A token that is not its token any more was used. Give the machine the new one."))
		if token:
			raise Refusal(401, "token_wrong", _("The token is none of ours. Make a new one on the form of the source."))
		raise Refusal(401, "token_missing", _("Send the token of the source: {0}").format("Authorization: Bearer …"))
	if call_limits.number_of("machine", name) > MESSAGES_AN_HOUR:
		raise _too_often()
	return name


def _too_often() -> Refusal:
	frappe.flags.ops_retry_after = call_limits.HOUR - int(site_time.epoch(site_time.utc_now()) % call_limits.HOUR)
	return Refusal(429, "too_often", _("These are too many messages within an hour. Send more lines in one."))


def _sent(kind: str) -> tuple[str, bool, bool]:
	"""(text, whether it is CSV, whether all lines are wanted). DomainError and Refusal 415."""
	request = frappe.local.request
	is_csv = request.mimetype == CSV and kind == READINGS
	if not is_csv and not request.is_json:
		raise Refusal(
			415,
			"kind_unknown",
			_("Content-Type is {0}. Send {1}.").format(
				payload.shown(request.mimetype or "-"), f"{JSON}, {CSV}" if kind == READINGS else JSON
			),
		)
	return payload.text_of(request.get_data()), is_csv, reading_lines.wants_all(request.args.get("whole", ""))


def _check_open(source) -> None:
	if not source.enabled:
		raise Refusal(403, "source_disabled", _("The source is switched off. Switch it on on its form."))


def _work_off(source, kind: str, text: str, is_csv: bool, whole: bool, dry: bool = False) -> dict[str, Any]:
	if kind == ALERTS:
		label = (source.severity_label or "").strip() or "severity"
		return alerts.receive(source, alert_lines.read(text, sources.zone_of(source), label), dry)
	if not agreements.find(source.customer, site_time.site_now().date()):
		raise Refusal(422, "no_agreement", _("No agreement of the customer is in force. Activate one, or resume it."))
	return machine_readings.receive(source, machine_readings.message_of(source, text, is_csv), whole, dry)


def _is_nothing(kind: str, answer: dict[str, Any]) -> bool:
	"""Whether nothing at all could be done with a message."""
	if kind == READINGS:
		return not answer["kept"] and not answer["already_there"]
	return answer["refused"] == len(answer["answers"])


def _refused(name: str | None, refusal: Refusal) -> dict[str, Any]:
	if name:
		sources.refused(name, str(refusal))
	_status(refusal.status)
	return {"error": refusal.code, "text": str(refusal)}


def _status(status: int) -> None:
	frappe.local.response.http_status_code = status
