"""The agreement file as plain JSON values, both ways: what Terms.to_dict and from_dict speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops_delivery.domain.amounts.promised import Promise
from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.durations import format_duration, parse_duration
from ops_delivery.domain.escalation import Basis, Step
from ops_delivery.domain.periods import Span
from ops_delivery.domain.strict_json import Table, within

if TYPE_CHECKING:
	from ops_delivery.domain.agreement_terms import Terms

FORMAT = "ops_delivery.agreement/1"
_HEAD_KEYS = "format agreement version title customer period"
_BODY_KEYS = "calendar calendars priorities default_priority targets escalation amounts"
_AMOUNT_KEYS = "what amount unit per carry_periods carry_most warn_at"
_STEP_KEYS = "key kind moment basis amount commitments priorities repeat_minutes max_repeats"


def dump(terms: Terms) -> dict[str, Any]:
	"""The terms as an agreement file holds them."""
	return {
		"format": FORMAT,
		"agreement": terms.agreement,
		"version": terms.version,
		"title": terms.title,
		"customer": terms.customer,
		"period": {"start": terms.period.start.isoformat(), "end": terms.period.end.isoformat()},
		"calendar": terms.calendar,
		"calendars": {key: calendar.to_dict() for key, calendar in terms.calendars.items()},
		"priorities": list(terms.priorities),
		"default_priority": terms.default_priority,
		"targets": [
			{
				"commitment": target.commitment,
				"priority": target.priority,
				"target": format_duration(target.seconds),
				"calendar": target.calendar,
			}
			for target in terms.targets
		],
		"escalation": {
			"policy": terms.policy,
			"version": terms.policy_version,
			"steps": [dump_step(step) for step in terms.steps],
		},
		**({"amounts": [dump_amount(promise) for promise in terms.amounts]} if terms.amounts else {}),
	}


def dump_amount(promise: Promise) -> dict[str, Any]:
	"""A promised amount as plain JSON values; without an amount there is no end to it."""
	known = {
		"what": promise.name,
		"amount": _plain(promise.quantity),
		"unit": promise.unit,
		"per": promise.per,
		"carry_periods": promise.carry_periods or None,
		"carry_most": _plain(promise.carry_most),
		"warn_at": promise.warn_at,
	}
	return {key: value for key, value in known.items() if value is not None}


def dump_step(step: Step) -> dict[str, Any]:
	"""A step of a policy as plain JSON values."""
	return {
		"key": step.key,
		"kind": step.kind.value,
		"moment": step.moment.value,
		"basis": step.basis.value,
		"amount": step.amount,
		"commitments": sorted(step.commitments),
		"priorities": sorted(step.priorities),
		"repeat_minutes": step.repeat_minutes,
		"max_repeats": step.max_repeats,
	}


def load(data: Any) -> dict[str, Any]:
	"""The fields of Terms, with plain tuples for period and targets. DomainError as Terms.from_dict()."""
	top = Table(data, "", "bad_agreement").only(f"{_HEAD_KEYS} {_BODY_KEYS}")
	if top.text("format") != FORMAT:
		raise top.bad("format", FORMAT)
	period = top.table("period").only("start end")
	escalation = top.table("escalation", {}).only("policy version steps")
	calendars = top.table("calendars")
	days = Span(period.date("start"), period.date("end"))
	return {
		"agreement": top.text("agreement"),
		"version": top.whole("version"),
		"title": top.text("title", ""),
		"customer": top.text("customer", ""),
		"period": tuple(days),
		"calendars": {
			key: within(calendars.at(key), WorkCalendar.from_dict, calendars.value(key)) for key in calendars
		},
		"calendar": top.text("calendar"),
		"targets": [_load_target(row) for row in top.tables("targets")],
		"default_priority": top.text("default_priority"),
		"priorities": top.texts("priorities"),
		"steps": [_load_step(row) for row in escalation.tables("steps", ())],
		"policy": escalation.text("policy", ""),
		"policy_version": escalation.whole("version", 1),
		# a period that is the wrong way round is said as that
		"amounts": [_load_amount(row, days) for row in top.tables("amounts", ())] if days.first <= days.last else [],
	}


def _load_amount(row: Table, days: Span) -> Promise:
	row.only(_AMOUNT_KEYS)
	return within(
		row.path,
		Promise,
		row.text("what"),
		row.text("unit"),
		row.number("amount", None),
		row.text("per"),
		days,
		row.whole("carry_periods", 0),
		row.number("carry_most", None),
		row.number("warn_at", None),
	)


def _plain(value: Any) -> int | float | None:
	"""A decimal as JSON has numbers."""
	return None if value is None else int(value) if value == int(value) else float(value)


def _load_target(row: Table) -> tuple[str, str, int, str | None]:
	row.only("commitment priority target calendar")
	seconds = within(row.at("target"), parse_duration, row.value("target"))
	return row.text("commitment"), row.text("priority"), seconds, row.text("calendar", "") or None


def _load_step(row: Table) -> Step:
	row.only(_STEP_KEYS)
	return within(
		row.path,
		Step,
		row.text("key"),
		row.text("kind"),
		row.text("moment"),
		row.text("basis", Basis.SHARE.value),
		row.number("amount", 0),
		frozenset(row.texts("commitments", ())),
		frozenset(row.texts("priorities", ())),
		row.whole("repeat_minutes", 0),
		row.whole("max_repeats", 0),
	)
