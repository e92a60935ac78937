"""The metrics an agreement is assessed by: what their formulas may name, and whether they can be worked out (5.2.g)."""

from __future__ import annotations

import keyword
import re

import frappe
from frappe import _
from frappe.utils import escape_html, flt

from ops_delivery.domain import assessment as domain
from ops_delivery.domain import formula
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.shared import domain_errors as errors

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
	for commitment in promised(doc):
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


def promised(doc) -> list[str]:
	"""The commitments the agreement promises, in their order; all of them where nothing is promised yet."""
	order = commitment_order()
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


def commitment_order() -> list[str]:
	"""The commitments in the order in which they fall due."""
	return frappe.get_all("Service Commitment", pluck="name", order_by="sequence, name")
