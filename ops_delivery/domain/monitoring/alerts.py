"""Alerts as machines send them: the webhook of Prometheus Alertmanager (version 4), and a plain format of ours.

An alert is known by its fingerprint: the sender's own, or one made of its labels. Written for clauses 6.2.b.5 and 5.3.b.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import payload
from ops_delivery.domain.routine.reading_batch import CLOCKS_DIFFER

MOST_ALERTS = 500
MOST_LABELS = 64
LONGEST_LABEL, LONGEST_TEXT, LONGEST_TITLE = 300, 4000, 140
VERSION = "4"
EXAMPLE = '{"alerts": [{"id": "…", "state": "firing", "title": "…", "object": "…"}]}'
FIRING, RESOLVED = "firing", "resolved"
TITLES = ("summary", "title", "alertname")  # of the annotations and labels, the first there is
TEXTS = ("description", "message")


@dataclass(frozen=True)
class Alert:
	"""One alert of a message: its line, what it is known by, whether it fires, and what it says."""

	number: int
	fingerprint: str
	firing: bool
	title: str
	text: str = ""
	severity: str = ""
	object: str = ""
	labels: Mapping[str, str] = field(default_factory=dict)
	began_on: datetime | None = None
	ended_on: datetime | None = None
	link: str = ""


def read(text: str, zone: tzinfo, severity_label: str = "severity") -> tuple[Alert | DomainError, ...]:
	"""The alerts of a message, each read or refused by itself.

	A message with a `version` is Alertmanager's; any other is {"alerts": [{"id", "state", "title", "text", "severity", "object",
	"labels", "time", "link"}]}, or one such alert alone. DomainError for the message: those of payload.json_of, and
	alerts_missing, alerts_too_many, alert_version.
	"""
	data = payload.json_of(text)
	if not isinstance(data, dict):
		raise _missing(data)
	from_alertmanager = "version" in data
	if from_alertmanager and str(data["version"]) != VERSION:
		raise DomainError(
			"alert_version",
			"The message is of version {value}. Version {known} of Alertmanager's webhook is understood.",
			field="version",
			value=payload.shown(data["version"]),
			known=VERSION,
		)
	rows = data.get("alerts", None if from_alertmanager else [data])
	if not isinstance(rows, list) or not rows:
		raise _missing(rows)
	if len(rows) > MOST_ALERTS:
		raise DomainError(
			"alerts_too_many", "The message has {value} alerts, more than {most}. Send it in several.", field="alerts", value=len(rows), most=MOST_ALERTS
		)
	if from_alertmanager:
		return tuple(payload.each(rows, lambda number, row: _of_alertmanager(number, row, zone, severity_label)))
	return tuple(payload.each(rows, lambda number, row: _of_ours(number, row, zone, severity_label)))


def check_moments(alert: Alert, now: datetime) -> None:
	"""Refuse an alert that began or ended in the future, by more than clocks differ. DomainError alert_in_future."""
	for moment in (alert.began_on, alert.ended_on):
		if moment and moment > now + CLOCKS_DIFFER:
			raise DomainError(
				"alert_in_future",
				"The time {value} lies in the future. Check the clock of the source and its time zone.",
				field="time",
				value=moment.isoformat(),
			)


def _of_alertmanager(number: int, row: Mapping[str, Any], zone: tzinfo, severity_label: str) -> Alert:
	labels, notes = _labels(row, "labels"), _labels(row, "annotations", LONGEST_TEXT)
	said = {**labels, **notes}
	firing = _fires(row, "status")
	return Alert(
		number,
		payload.named(row, "fingerprint") or _made_of(labels),
		firing,
		_title(next((said[name] for name in TITLES if said.get(name)), "")),
		next((notes[name] for name in TEXTS if notes.get(name)), ""),
		labels.get(severity_label, "")[: payload.LONGEST_NAME],
		"",
		labels,
		payload.moment(row, "startsAt", zone) if row.get("startsAt") else None,
		# of an alert that fires it is when it is given up unless it is said again
		payload.moment(row, "endsAt", zone) if not firing and row.get("endsAt") else None,
		_link(row, "generatorURL"),
	)


def _of_ours(number: int, row: Mapping[str, Any], zone: tzinfo, severity_label: str) -> Alert:
	labels, firing = _labels(row, "labels"), _fires(row, "state")
	title = _title(payload.named(row, "title", LONGEST_TEXT))
	thing = payload.named(row, "object")
	if not row.get("id") and not title:
		raise DomainError("alert_without_id", "The alert has neither an id nor a title. Send at least one.", field="id", value="")
	when = payload.moment(row, "time", zone) if row.get("time") else None
	return Alert(
		number,
		payload.named(row, "id") or _made_of({**labels, " title": title, " object": thing}),
		firing,
		title,
		payload.named(row, "text", LONGEST_TEXT),
		payload.named(row, "severity") or labels.get(severity_label, "")[: payload.LONGEST_NAME],
		thing,
		labels,
		when if firing else None,
		None if firing else when,
		_link(row, "link"),
	)


def _fires(row: Mapping[str, Any], name: str) -> bool:
	value = row.get(name, FIRING)
	if value not in (FIRING, RESOLVED):
		raise DomainError(
			"alert_state",
			"{field} is {value}, and has to be one of {known}.",
			field=name,
			value=payload.shown(value),
			known=f"{FIRING}, {RESOLVED}",
		)
	return value == FIRING


def _labels(row: Mapping[str, Any], name: str, longest: int = LONGEST_LABEL) -> dict[str, str]:
	"""Names and values, in one line each and cut to what is kept. DomainError: labels_no_object, labels_too_many, label_no_text."""
	given = row.get(name)
	if given is None:
		return {}
	if not isinstance(given, dict):
		raise DomainError("labels_no_object", "{field} is {value}, and has to be an object of texts.", field=name, value=payload.shown(given))
	if len(given) > MOST_LABELS:
		raise DomainError("labels_too_many", "{field} has {value} entries, more than {most}.", field=name, value=len(given), most=MOST_LABELS)
	found = {}
	for key, value in given.items():
		if isinstance(value, bool) or not isinstance(value, str | int | float):
			raise DomainError("not_a_text", "{field} is {value}, and has to be a text.", field=f"{name}.{payload.shown(key)}", value=payload.shown(value))
		found[payload.plain(key)[: payload.LONGEST_NAME]] = payload.plain(str(value)[: longest * 2])[:longest]
	return found


def _link(row: Mapping[str, Any], name: str) -> str:
	"""An address of the web, "" for any other: it is shown to people."""
	value = row.get(name)
	text = payload.plain(value[:2000]) if isinstance(value, str) else ""
	return text if text.startswith(("http://", "https://")) else ""


def _title(text: str) -> str:
	return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def _made_of(labels: Mapping[str, str]) -> str:
	if not any(labels.values()):
		raise DomainError("alert_without_id", "The alert has neither a fingerprint nor labels. Send at least one.", field="labels", value="")
	return hashlib.sha256(json.dumps(sorted(labels.items()), ensure_ascii=False).encode()).hexdigest()[:16]


def _missing(value: Any) -> DomainError:
	return DomainError(
		"alerts_missing",
		"The message has no list of alerts. Send one, such as {example}.",
		field="alerts",
		value=payload.shown(value),
		example=EXAMPLE,
	)
