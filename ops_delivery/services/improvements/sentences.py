"""What an improvement action still lacks, in the reader's words."""

from __future__ import annotations

from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import improvement as domain
from ops_delivery.services.shared.locale import text


def domain_action(doc, state: str | None = None) -> domain.Action:
	"""The document as the domain sees it."""
	asked = cstr(doc.customer_asked) or domain.TO_DO
	fully = (
		bool(cstr(doc.not_asked_because).strip())
		if asked == domain.NOT_NEEDED
		else all(
			cstr(doc.get(field)).strip() for field in ("confirmed_with", "confirmed_on", "confirmed_what")
		)
	)
	return domain.Action(
		state=state or doc.state,
		owned=bool(doc.owner_user),
		dated=bool(doc.due_date),
		for_customer=bool(doc.customer),
		asked=asked,
		asked_fully=fully,
		cause=bool(cstr(doc.cause).strip()),
		measures=tuple(
			domain.Measure(
				text(row.measure),
				owned=bool(row.owner_user),
				dated=bool(row.due_date),
				state=row.state or domain.M_OPEN,
				result=bool(cstr(row.result).strip()),
			)
			for row in doc.measures
		),
		effect_planned=bool(cstr(doc.effect_how).strip() and doc.effect_due),
		last_check=last_check(doc),
		told=bool(doc.told_on),
		answer=cstr(doc.answer),
		withdrawn_reason=bool(cstr(doc.withdrawn_reason).strip()),
	)


def last_check(doc) -> str:
	"""The result of the last check of the effect in this round; "" before there is one."""
	return doc.checks[-1].result if doc.checks and len(doc.checks) > (doc.earlier_checks or 0) else ""


def missing(doc, state: str) -> list[dict[str, str]]:
	"""What the document lacks to stand in a state: [{code, text}]."""
	sentences = {
		"no_reason": _("Say why it is withdrawn"),
		"no_owner": _("Nobody is named who sees to it: fill in Owner"),
		"no_due_date": _("It has no day yet: fill in Due"),
		"not_needed_why": _("Say why the customer need not be asked"),
		"customer_not_asked": _(
			"What exactly is wrong is not confirmed with the customer yet: with whom, when and what. If that is not needed, choose so and say why"
		),
		"no_cause": _("The cause is not found yet"),
		"no_measures": _("No measure is planned yet"),
		"measure_not_owned": _("Measure without owner or day: {0}"),
		"measure_open": _("Measure not done yet: {0}"),
		"measure_without_result": _("Measure without a result: {0}"),
		"all_dropped": _("All measures were dropped: plan one that is carried out, or withdraw the action"),
		"effect_not_planned": _("Say how and until when the effect is checked"),
		"effect_not_proven": _("The effect was not found effective yet: record the check"),
		"customer_not_told": _("The customer has not been told yet"),
		"customer_not_confirmed": _("The customer has not confirmed yet"),
	}
	return [
		{"code": row.code, "text": sentences[row.code].format(row.subject)}
		for row in domain.missing(domain_action(doc), state)
	]
