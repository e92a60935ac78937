"""Agreement Assessments: a period worked out, kept, and confirmed by both parties (5.2.g).

While it is a draft it is worked out anew at each save; once both parties have confirmed, it stays as it is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cstr, escape_html, flt, formatdate, getdate

from ops_delivery.domain import formula, periods, plausible
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.assessment import measuring as assessment
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Agreement Assessment"
TYPED, MEASURED = "Typed In", "Measured"
CONFIRMED = "Confirmed"
AMOUNTS = ("rewards", "penalties", "by_score", "amount")
RESULT = ("score", "fee", *AMOUNTS)
# What a figure's column keeps: rounded to it here, so that the document at hand and the stored one say the same.
STORED_DIGITS = 9
# What is paid has cents, and a confirmation holds for what was read: a score with two decimal places.
DIGITS = 2


def work_out(doc) -> None:
	"""In the controller's validate: figures, lines and amounts from the agreement. A confirmed one may not change."""
	before = doc.get_doc_before_save()
	if before and before.status == CONFIRMED:
		frappe.throw(
			_(
				"{0} was confirmed by both parties and stays as it is. Make another assessment of the period."
			).format(frappe.bold(doc.name))
		)
	agreement = _agreement(doc)
	typed = {row.figure_name: row.value for row in doc.figures if row.source == TYPED and row.known}
	for row in doc.figures:
		old = _stored(before, row.figure_name)
		# a value that was changed, or ticked where there was none (a zero), is typed in, whatever was measured
		if old is None and row.source != TYPED:
			continue
		if old is not None and (
			flt(old.value, STORED_DIGITS) != flt(row.value, STORED_DIGITS) or (row.known and not old.known)
		):
			typed[row.figure_name] = row.value
	result = assessment.evaluate(agreement, doc.start_date, doc.end_date, typed)
	known = agreement_metrics.names(agreement)
	doc.set("figures", [])
	used = _used(agreement)
	for name, value in result.figures.items():
		if name in used or name in typed:
			doc.append(
				"figures",
				{
					"figure_name": name,
					"meaning": known.get(name),
					"value": flt(value, STORED_DIGITS),
					"known": int(value is not None),
					"source": TYPED if name in typed else MEASURED,
				},
			)
	doc.set("lines", [_line(agreement, line, known) for line in result.lines])
	doc.update(
		{
			"title": f"{formatdate(doc.start_date)} – {formatdate(doc.end_date)}",
			"currency": agreement.currency,
			"result_terms": agreement.result_terms,
			"fee": flt(result.figures["fee"]),
			"score": flt(result.score, STORED_DIGITS),
			**{field: flt(getattr(result, field), DIGITS) for field in AMOUNTS},
			"note": _("Limited to {0} % of the fee, as agreed.").format(f"{flt(agreement.penalty_cap):g}")
			if result.capped
			else "",
		}
	)
	if before and _confirmed_text(before) != _confirmed_text(doc):
		doc.update(
			dict.fromkeys(("supplier_by", "supplier_on", "customer_by", "customer_on", "customer_how"), None)
		)


def confirm(name: str, party: str, by: str = "", how: str = "") -> str:
	"""One party confirms a result: the supplier's is the session's user, the customer's word is recorded with who
	gave it and how. When both have confirmed the assessment is Confirmed. Its status."""
	doc = frappe.get_doc(DOCTYPE, name)
	doc.check_permission("write")
	if doc.status == CONFIRMED:
		frappe.throw(_("{0} was confirmed by both parties already.").format(frappe.bold(escape_html(name))))
	if flt(doc.score) == 0 and not any(row.value for row in doc.lines):
		frappe.throw(_("Nothing could be assessed in this period. Type in the missing figures first."))
	if party == "Supplier":
		values: dict[str, Any] = {"supplier_by": frappe.utils.get_fullname(), "supplier_on": site_now()}
	elif party == "Customer":
		if not by.strip() or not how.strip():
			frappe.throw(_("Say who confirmed for the customer, and how."))
		values = {
			"customer_by": by.strip(),
			"customer_how": how.strip(),
			"customer_on": site_now(),
			"recorded_by": frappe.session.user,
		}
	else:
		frappe.throw(
			_("Party: {0} is neither Customer nor Supplier.").format(frappe.bold(escape_html(cstr(party))))
		)
	doc.db_set(bulk.as_saved(doc.doctype, values), notify=True)
	if doc.supplier_by and doc.customer_by:
		doc.db_set("status", CONFIRMED, notify=True)
	doc.add_comment("Info", _("confirmed for the {0}").format(_(party, context="Service Signature")))
	return doc.status


def next_period(agreement: str) -> dict[str, Any]:
	"""The period to be assessed next by the agreed frequency: {start_date, end_date}, within the agreement's period."""
	doc = frappe.get_doc("Service Agreement", agreement)
	months = assessment.months_of(doc.assessment_frequency)
	last = frappe.db.get_value(DOCTYPE, {"agreement": agreement}, "end_date", order_by="end_date desc")
	start = getdate(add_days(last, 1)) if last else getdate(doc.start_date)
	found = periods.next_to_assess(getdate(doc.start_date), months, start, agreements.last_day(doc))
	return {"start_date": found.first, "end_date": found.last}


def _agreement(doc):
	if not frappe.db.exists("Service Agreement", doc.agreement):
		frappe.throw(_("There is no agreement {0}.").format(frappe.bold(escape_html(cstr(doc.agreement)))))
	agreement = frappe.get_doc("Service Agreement", doc.agreement)
	first, last = assessment.period(doc.start_date, doc.end_date)
	with guard(frappe.bold(_(doc.meta.get_label("start_date"), context=doc.doctype))):
		plausible.assessed(first, site_now().date())
	if first < getdate(agreement.start_date) or last > agreements.last_day(agreement):
		frappe.throw(
			_("{0} to {1} does not lie within the agreement's period, {2} to {3}.").format(
				formatdate(first),
				formatdate(last),
				formatdate(agreement.start_date),
				formatdate(agreements.last_day(agreement)),
			)
		)
	return agreement


def _stored(before, name: str):
	return next((row for row in before.figures if row.figure_name == name), None) if before else None


def _used(agreement) -> set[str]:
	"""The figures that the agreement's formulas ask for, and its own ones."""
	found = {row.figure_name for row in agreement.figures}
	texts = [agreement.result_formula]
	for row in agreement.metrics:
		texts += [row.value_formula, row.score_formula, row.reward_formula, row.penalty_formula]
	for text in texts:
		if (text or "").strip():
			found |= formula.names(text)
	return found


def _line(agreement, line, known: dict[str, str]) -> dict[str, Any]:
	metric = line.metric
	sign = "≤" if metric.direction == "At Most" else "≥"
	if line.lacking:
		note = _("Not assessed: {0} has no value in this period. Its weight counts with the others.").format(
			known.get(line.lacking) or line.lacking
		)
	else:
		note = _("Target reached") if line.reached else _("Target missed")
	return {
		"metric": metric.name,
		"unit": metric.unit,
		"target_text": f"{sign} {metric.target:g}",
		"value": flt(line.value, STORED_DIGITS),
		"score": flt(line.score, STORED_DIGITS),
		"weight": metric.weight,
		"currency": agreement.currency,
		"reward": flt(line.reward, DIGITS),
		"penalty": flt(line.penalty, DIGITS),
		"formula": metric.value,
		"note": note,
	}


def _confirmed_text(doc) -> tuple:
	return (
		*(flt(doc.get(field), DIGITS) for field in RESULT),
		*((row.metric, flt(row.value, DIGITS), flt(row.score, DIGITS)) for row in doc.lines),
	)
