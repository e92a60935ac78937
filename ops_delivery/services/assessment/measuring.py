"""Assessing a period by an agreement's metrics, with the figures that were really measured (5.2.g, 6.3.d).

Formulas see the measured figures under fixed names, the agreement's own figures (typed in when a period is assessed)
and the fee. The rules are `domain.assessment`'s; here are the figures and the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt, getdate

from ops_delivery.domain import assessment as domain
from ops_delivery.domain import attainment, periods
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.states import AGREED
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import figures
from ops_delivery.services.surveys import scores as survey_scores


def measured(
	doc, from_date: date, to_date: date, outcomes: Sequence[attainment.Outcome] | None = None
) -> dict[str, float | None]:
	"""The measured figures of a period, over all versions of the agreement; None where nothing was to be measured. `outcomes`: those of
	its clocks, where the caller has read them."""
	versions = frappe.get_all(
		"Service Agreement",
		filters={"agreement_number": doc.agreement_number or doc.name, "docstatus": 1},
		pluck="name",
		order_by="version",
	) or [doc.name or ""]
	scope = {"from_date": from_date, "to_date": to_date, "agreement": versions}
	outcomes = figures.outcomes(scope) if outcomes is None else outcomes
	whole = attainment.summarize(outcomes)
	requests = figures.requests(scope)
	raised = [n for kind, n in figures.escalations(scope).items() if kind in figures.ACTED_ON]
	answers = figures.acceptances(scope)
	accepted = sum(
		answers.get(state, 0) for state in AGREED
	)
	rejected = answers.get("Rejected", 0)
	found: dict[str, float | None] = {
		"attainment": _percent(whole.attainment),
		"requests": requests.total,
		"valid_requests": requests.valid,
		"closed_requests": requests.closed,
		"reopened_requests": requests.reopened,
		"reopen_rate": _percent(requests.reopen_rate),
		"missed_promises": whole.breached,
		"requests_not_measured": requests.not_measured,
		"alarms": sum(n["fired"] for n in raised),
		"alarms_acknowledged": sum(n["acknowledged"] for n in raised),
		"accepted_results": accepted,
		"rejected_results": rejected,
		"acceptance_rate": 100 * accepted / (accepted + rejected) if accepted + rejected else None,
		"fee": fee_of(doc, from_date, to_date),
		"fee_total": flt(doc.fee),
		"days": (to_date - from_date).days + 1,
	}
	found |= survey_scores.of_period(versions, from_date, to_date)
	by_commitment = attainment.by(outcomes, "commitment")
	for commitment in agreement_metrics.promised(doc):
		one = by_commitment.get(commitment)
		key = agreement_metrics.slug(commitment)
		found[f"{key}_attainment"] = _percent(one.attainment) if one else None
		found[f"{key}_missed"] = one.breached if one else 0
		found[f"{key}_mean_hours"] = one.mean / 3600 if one and one.mean is not None else None
	return found


def evaluate(
	doc,
	from_date: Any,
	to_date: Any,
	typed: Mapping[str, Any] | None = None,
	outcomes: Sequence[attainment.Outcome] | None = None,
) -> domain.Result:
	"""Assess a period of an agreement (saved or not). `typed` fills in or overrides figures by name; `outcomes`: see measured().

	frappe.ValidationError names the metric, the formula and what can be used in it.
	"""
	first, last = period(from_date, to_date)
	known = agreement_metrics.names(doc)
	values: dict[str, float | None] = dict.fromkeys(known)
	values.update(measured(doc, first, last, outcomes))
	for name, value in (typed or {}).items():
		if name not in known:
			frappe.throw(
				_("There is no figure {0} in this agreement.").format(frappe.bold(escape_html(name)))
			)
		if value not in (None, ""):
			values[name] = flt(value)
	try:
		domain.check(agreement_metrics.metrics(doc), frozenset(known), doc.result_formula or "")
		return domain.evaluate(
			agreement_metrics.metrics(doc), values, doc.result_formula or "", flt(doc.penalty_cap), flt(values["fee"])
		)
	except DomainError as error:
		frappe.throw(agreement_metrics.words(doc, error), title=_("Assessment", context="Ops Delivery"))


def period(from_date: Any, to_date: Any) -> tuple[date, date]:
	"""Both ends of a period, refused where one is missing or it runs backwards."""
	if not from_date or not to_date:
		frappe.throw(_("Say from which day to which day the period to be assessed runs."))
	first, last = getdate(from_date), getdate(to_date)
	if last < first:
		frappe.throw(
			_("The period ends ({0}) before it begins ({1}).").format(
				frappe.format(last, "Date"), frappe.format(first, "Date")
			),
			title=_("Period reversed"),
		)
	return first, last


def fee_of(doc, from_date: date, to_date: date) -> float:
	"""The fee that falls to a period: that of the signed period and of its renewals, by days."""
	signed = periods.Span(
		getdate(doc.get("start_date") or from_date), getdate(doc.get("end_date") or to_date)
	)
	last = agreements.last_day(doc) if doc.get("end_date") else signed.last
	months = cint(doc.get("renewal_months")) if doc.get("auto_renew") else 0
	return round(periods.fee(flt(doc.fee), signed, months, last, periods.Span(from_date, to_date)), 2)


def _percent(share: float | None) -> float | None:
	return None if share is None else 100 * share


def months_of(frequency: str | None) -> int:
	"""How many months a period of that frequency has; 12 where none is chosen."""
	return cint({"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}.get(frequency or "", 12))
