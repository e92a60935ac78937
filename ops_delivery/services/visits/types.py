"""The two records of a visit, on site (7.2) and remote (7.3): what the code knows of each."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.domain import visit
from ops_delivery.domain.visit import ON_SITE, REMOTE, Kind, Phase
from ops_delivery.permissions import ownership, steps
from ops_delivery.services.reviews.registry import CONTINGENCY, REPORT

SHEET, SESSION = "Field Service Sheet", "Remote Support Session"
KINDS: dict[str, Kind] = {SHEET: ON_SITE, SESSION: REMOTE}
REQUEST, LEFTOVER, TEMPLATE = "Field Service Request", "Service Leftover", "Checklist Template"
RISKY = "Complex or Risky"
JOB_DONE, MORE_TO_DO = "Job Done", "More to Do"

# written by the services alone, on no other way in
ITEM_OWNED = ("state", "confirmed_on", "started_on", "ended_on", "done_by", "result", "extra", "request")
POINT_FROZEN = (
	"stage",
	"question",
	"answer_type",
	"required",
	"unit",
	"minimum",
	"maximum",
	"hint",
	"template",
)
ANSWERED = ("answer", "remark", "photo")
# from which phase on the points of a stage are answered
ANSWERED_FROM = {visit.BEFORE: Phase.PLANNED, visit.DURING: Phase.PRESENT, visit.LEAVING: Phase.PRESENT, visit.AFTER: Phase.LEFT}


def kind_of(doc) -> Kind:
	"""On site or remote."""
	return KINDS[doc.doctype]


def rank_of(doc) -> Phase:
	"""The place of a visit's phase on its path; Phase.OFF when it is cancelled."""
	return kind_of(doc).rank(doc.status)


def movable(row) -> bool:
	"""Whether its time and its people may still be planned otherwise: before the departure, or the session's start.

	`row`: a visit, or a row of its list with doctype, status, departed_on and arrived_on.
	"""
	if row.get("departed_on") or row.get("arrived_on"):
		return False
	return KINDS[row.doctype].rank(row.status) in (Phase.PLANNED, Phase.PREPARED)


def label(doc, fieldname: str) -> str:
	"""A field's label in the reader's language."""
	return _(doc.meta.get_label(fieldname), context=doc.doctype)


def locked(doctype: str, name: str, by_customer: bool = False):
	"""A visit as it is now, held until this transaction ends, that only these services may then save.

	frappe.PermissionError unless the session's user may write it, or (`by_customer`, for what is the customer's to
	confirm) is of the customer's side and may see it; ValidationError for any other DocType.
	"""
	if doctype not in KINDS:
		frappe.throw(_("{0} is not a visit.").format(frappe.utils.escape_html(str(doctype))))
	doc = frappe.get_doc(doctype, name, for_update=True)
	if by_customer:
		if ownership.is_staff() or not ownership.may_see(doc):
			raise frappe.PermissionError(_("There is no visit {0} that you can see.").format(doc.name))
		doc.flags.ignore_permissions = True
	else:
		doc.check_permission("write")
	steps.take(doc)
	return doc


__all__ = ("CONTINGENCY", "KINDS", "REPORT", "SESSION", "SHEET")
