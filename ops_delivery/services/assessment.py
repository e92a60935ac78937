"""Assessing a period by an agreement's metrics, with the figures that were really measured (5.2.g, 6.3.d).

Formulas see the measured figures under fixed names, the agreement's own figures (typed in when a period is assessed)
and the fee. The rules are `domain.assessment`'s; here are the figures and the words.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt, getdate

from ops_delivery.domain import assessment as domain
from ops_delivery.domain import attainment, formula, periods
from ops_delivery.domain.errors import DomainError
from ops_delivery.services import agreements, errors, figures, survey_scores

FIELDS = {
	"name": "metric",
	"unit": "unit",
	"weight": "weight",
	"value": "value_formula",
	"score": "score_formula",
	"reward": "reward_formula",
	"penalty": "penalty_formula",
}
UNFINISHED = ("no_metrics", "weights_not_full")


def names(doc) -> dict[str, str]:
	"""Every name a formula of this agreement may use, with its meaning (translated): {name: meaning}."""
	found = {
		"attainment": _("Promises kept, in % of those decided"),
		"requests": _("Requests reported"),
		"valid_requests": _("Valid requests"),
		"closed_requests": _("Requests closed"),
		"reopened_requests": _("Requests reopened"),
		"reopen_rate": _("Requests reopened, in % of those offered as resolved"),
		"missed_promises": _("Promises missed"),
		"requests_not_measured": _("Requests without any clock"),
		"alarms": _("Alarms and escalations raised"),
		"alarms_acknowledged": _("Alarms and escalations acknowledged"),
		"accepted_results": _("Results the customer accepted"),
		"rejected_results": _("Results the customer rejected"),
		"acceptance_rate": _("Results accepted, in % of those answered"),
		"satisfaction": _("Satisfaction by surveys, 0 to 100"),
		"survey_answers": _("Surveys answered with a score"),
		"survey_response_rate": _("Surveys answered, in % of those sent"),
		"fee": _("Fee of the period assessed"),
		"fee_total": _("Fee of the agreement's whole period"),
		"days": _("Days of the period assessed"),
	}
	for commitment in _promised(doc):
		key = slug(commitment)
		found[f"{key}_attainment"] = _("{0}: kept, in % of those decided").format(
			_(commitment, context="Service Commitment")
		)
		found[f"{key}_missed"] = _("{0}: missed").format(_(commitment, context="Service Commitment"))
		found[f"{key}_mean_hours"] = _("{0}: service hours taken on average").format(
			_(commitment, context="Service Commitment")
		)
	for row in doc.get("figures") or []:
		if (row.figure_name or "").strip():
			found[row.figure_name.strip()] = row.meaning or ""
	return found


def measured(doc, from_date: date, to_date: date) -> dict[str, float | None]:
	"""The measured figures of a period, over all versions of the agreement; None where nothing was to be measured."""
	versions = frappe.get_all(
		"Service Agreement",
		filters={"agreement_number": doc.agreement_number or doc.name, "docstatus": 1},
		pluck="name",
		order_by="version",
	) or [doc.name or ""]
	scope = {"from_date": from_date, "to_date": to_date, "agreement": versions}
	outcomes = figures.outcomes(scope)
	whole = attainment.summarize(outcomes)
	requests = figures.requests(scope)
	raised = [n for kind, n in figures.escalations(scope).items() if kind in figures.ACTED_ON]
	answers = figures.acceptances(scope)
	accepted = sum(
		answers.get(state, 0) for state in ("Accepted", "Accepted with Reservations", "Deemed Accepted")
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
	for commitment in _promised(doc):
		one = by_commitment.get(commitment)
		key = slug(commitment)
		found[f"{key}_attainment"] = _percent(one.attainment) if one else None
		found[f"{key}_missed"] = one.breached if one else 0
		found[f"{key}_mean_hours"] = one.mean / 3600 if one and one.mean is not None else None
	return found


def evaluate(doc, from_date: Any, to_date: Any, typed: Mapping[str, Any] | None = None) -> domain.Result:
	"""Assess a period of an agreement (saved or not). `typed` fills in or overrides figures by name.

	frappe.ValidationError names the metric, the formula and what can be used in it.
	"""
	first, last = period(from_date, to_date)
	known = names(doc)
	values: dict[str, float | None] = dict.fromkeys(known)
	values.update(measured(doc, first, last))
	for name, value in (typed or {}).items():
		if name not in known:
			frappe.throw(
				_("There is no figure {0} in this agreement.").format(frappe.bold(escape_html(name)))
			)
		if value not in (None, ""):
			values[name] = flt(value)
	try:
		domain.check(metrics(doc), frozenset(known), doc.result_formula or "")
		return domain.evaluate(
			metrics(doc), values, doc.result_formula or "", flt(doc.penalty_cap), flt(values["fee"])
		)
	except DomainError as error:
		frappe.throw(words(doc, error), title=_("Assessment", context="Ops Delivery"))


def check(doc) -> None:
	"""On every save: own figures have usable names and the formulas can be worked out. Weights may still be open."""
	_check_figures(doc)
	try:
		domain.check(metrics(doc), frozenset(names(doc)), doc.result_formula or "")
	except DomainError as error:
		if error.code not in UNFINISHED:
			frappe.throw(words(doc, error), title=_("Assessment", context="Ops Delivery"))


def problem(doc) -> str:
	"""What is still missing or wrong in the metrics, as plain text; "" if they can be assessed."""
	try:
		domain.check(metrics(doc), frozenset(names(doc)), doc.result_formula or "")
	except DomainError as error:
		return frappe.utils.strip_html(words(doc, error, where=False))
	return ""


def metrics(doc) -> list[domain.Metric]:
	"""The agreement's metrics as the domain's."""
	return [
		domain.Metric(
			name=(row.metric or "").strip(),
			unit=row.unit or "",
			value=row.value_formula or "",
			target=flt(row.target),
			weight=flt(row.weight),
			direction=row.direction or domain.AT_LEAST,
			score=row.score_formula or "",
			reward=row.reward_formula or "",
			penalty=row.penalty_formula or "",
		)
		for row in doc.get("metrics") or []
	]


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


def slug(commitment: str) -> str:
	"""A commitment's name as it stands in formulas: "First Response" is first_response."""
	text = re.sub(r"\W+", "_", commitment.strip().lower()).strip("_")
	return text if text and not text[0].isdigit() else f"c_{text}"


def words(doc, error: DomainError, where: bool = True) -> str:
	"""An error of the domain in the words of the form (HTML): row, field, value and the way out."""
	found = re.match(r"metrics\[(\d+)\]\.?(\w*)", error.context.get("field") or "")
	text = errors.message(error)
	if not found:
		place = _("Amount by score") if error.context.get("field") == "result" else _("Metrics")
		return f"{frappe.bold(place)}: {text}" if where else text
	row = doc.metrics[int(found.group(1))]
	label = row.meta.get_label(FIELDS.get(found.group(2)) or "metric")
	place = _("row {0} ({1}), {2}").format(
		row.idx, escape_html(row.metric or "?"), _(label, context=row.doctype)
	)
	return f"{frappe.bold(_('Metrics'))}, {place}: {text}" if where else f"{place}: {text}"


def _promised(doc) -> list[str]:
	"""The commitments the agreement promises, in their order; all of them where nothing is promised yet."""
	order = figures.commitment_order()
	targets = {row.commitment for row in doc.get("targets") or []}
	return [commitment for commitment in order if commitment in targets] if targets else order


def _check_figures(doc) -> None:
	reserved = (
		names(frappe._dict(figures=[])).keys()
		| domain.OWN_NAMES
		| domain.RESULT_NAMES
		| formula.FUNCTIONS.keys()
	)
	seen: set[str] = set()
	for row in doc.get("figures") or []:
		name = row.figure_name = (row.figure_name or "").strip()
		where = _("{0}, row {1}").format(frappe.bold(_("Own figures")), row.idx)
		shown = frappe.bold(escape_html(name))
		if not name.isidentifier() or keyword.iskeyword(name):
			frappe.throw(
				_("{0}: {1} cannot stand in a formula. Use letters, digits and underscores only.").format(
					where, shown
				)
			)
		if name in reserved:
			frappe.throw(
				_("{0}: {1} means something else in formulas. Choose another name.").format(where, shown)
			)
		if name in seen:
			frappe.throw(_("{0}: {1} is listed twice.").format(where, shown))
		seen.add(name)


def _percent(share: float | None) -> float | None:
	return None if share is None else 100 * share


def months_of(frequency: str | None) -> int:
	"""How many months a period of that frequency has; 12 where none is chosen."""
	return cint({"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}.get(frequency or "", 12))
