"""What is still open at a visit, in the reader's words, and where it is settled."""

from __future__ import annotations

from typing import Any

from frappe import _

from ops_delivery.domain import visit as domain
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits.content import domain_visit
from ops_delivery.services.visits.types import kind_of


def open_before(doc, phase: str, was: str | None = None) -> list[dict[str, str]]:
	"""What a visit lacks before a phase: [{code, text, stage}]."""
	opened = domain.open_points(domain_visit(doc, was), phase)
	return [{"code": row.code, "text": sentence(doc, row), "stage": row.stage} for row in opened]


def sentence(doc, row: domain.Open) -> str:
	"""One open point as a plain sentence."""
	sentences = _signed() if kind_of(doc).signed else {**_signed(), **_remote()}
	return sentences[row.code].format(_(text(row.subject)))


def _signed() -> dict[str, Any]:
	return {
		"not_details_confirmed": _(
			"Content, time, history and leftovers are not confirmed with the customer yet"
		),
		"risk_not_judged": _("The risk is not judged yet"),
		"contingency_missing": _("The job is complex or risky: write a contingency plan"),
		"contingency_not_reviewed": _("The contingency plan, as it is now, is not approved yet: {0}"),
		"no_items": _("No work item is planned yet"),
		"point_open": _("Still open: {0}"),
		"not_departed": _("The departure is not noted yet"),
		"not_arrived": _("The arrival is not noted yet"),
		"not_arrival_confirmed": _("The customer has not confirmed the arrival yet"),
		"not_work_confirmed": _("Content and steps are not confirmed with the customer yet"),
		"item_open": _("Not settled: {0}"),
		"item_stopped": _("Waits for the superior: {0}"),
		"not_outcome": _("Say whether the job is done or more is to do"),
		"leftover_not_agreed": _("Leftover without agreed treatment, owner or date: {0}"),
		"leftover_missing": _("A work item was left open: note the leftover and agree on its treatment"),
		"not_signed": _("The customer's signature under the sheet as it is now is missing"),
		"not_permitted": _("The customer has not given permission to leave yet"),
		"not_surveys_due": _("The surveys are not due yet"),
		"leftover_open": _("Leftover not solved yet: {0}"),
	}


def _remote() -> dict[str, Any]:
	return {
		"not_arrived": _("The session has not begun yet"),
		"not_arrival_confirmed": _("The customer has not confirmed the start yet"),
		"not_permitted": _("The customer has not given permission to end yet"),
	}
