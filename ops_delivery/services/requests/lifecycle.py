"""The rules of an Issue's life, on every way in: triage, pausing, resolving, closing (6.3.d, 6.3.g, 8.4.a.1).

They bind where an Issue is ours (scope/issue_scope.py); any other stays ERPNext's, and nothing of this is asked of it.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, strip_html

from ops_delivery.domain.events import RequestOver
from ops_delivery.domain.states import AGREED, ISSUE_ENDED
from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import erpnext_fields as native_fields
from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.clocks import takeover
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance, major, security_check
from ops_delivery.services.requests.triage import judge, refuse_missing, set_priority
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import site_now

RECEIVED = ("ops_received_on", "ops_mail_dated_on")  # what a mail's way in notes, and nobody types


def validate(doc, _method: str | None = None) -> None:
	"""doc_events Issue.validate."""
	old = doc.get_doc_before_save()
	if not _is_ours(doc, old):
		return
	parties.fill_customer_address(doc)
	_find_agreement(doc, old)
	_keep_what_is_not_edited(doc, old)
	_leave_open_unattended(doc, old)
	if not doc.ops_agreement:
		major.note(doc, old)
		_close_with_consent(doc, old)
		return
	judge(doc, old)
	set_priority(doc, old)
	_note_course(doc, old)
	_resolve(doc, old)
	major.note(doc, old)
	_close_with_consent(doc, old)
	native_fields.keep_from_erpnext(doc)


def before_save(doc, _method: str | None = None) -> None:
	"""doc_events Issue.before_save: where an agreement rules, ERPNext's SLA has no say in the same save."""
	native_fields.undo_erpnext(doc)


def on_update(doc, _method: str | None = None) -> None:
	"""doc_events Issue.on_update: the key points both sides are told of, and the customer's acceptance (6.3.f, 6.3.g)."""
	old = doc.get_doc_before_save()
	if not _is_ours(doc, old):
		return
	takeover.note(doc, old)
	major.tell(doc, old)
	if not old and _comes_from_outside(doc):
		notices.post(doc.doctype, doc.name, "ops_new", new=True, about=doc)
	for key_point in key_points(doc, old) if doc.ops_agreement else ():
		if notices.is_heard(doc, key_point):
			details = {"reason": doc.ops_pause_reason} if key_point == "ops_paused" else None
			notices.post(doc.doctype, doc.name, key_point, details, new=not old, about=doc)
	if doc.ops_agreement and doc.status in ISSUE_ENDED and (not old or old.status not in ISSUE_ENDED) and doc.ops_validity != "Invalid":
		events.tell(RequestOver(doc.name, doc.ops_agreement, doc.priority or "", site_now().date(), major.how(doc)))
	if doc.status == "Resolved" and (not old or old.status != "Resolved") and needs_consent(doc):
		acceptance.request(doc)
	elif old and old.status == "Resolved" and doc.status not in ISSUE_ENDED and not doc.flags.ops_acceptance:
		acceptance.withdraw(doc)


def _comes_from_outside(doc) -> bool:
	"""Whether nobody of ours entered it: it came by mail, from the portal or from a machine."""
	return bool(frappe.flags.ops_receiving_mail or doc.via_customer_portal or doc.flags.ops_by_machine)


def key_points(doc, old) -> list[str]:
	"""The key points a save has reached (6.3.f), as the method names Notifications listen to."""
	before = old or frappe._dict()
	found = []
	if not old or (doc.ops_agreement and not old.ops_agreement and doc.status not in ISSUE_ENDED):
		found.append("ops_received")  # also of one whose customer is known only now
	if doc.ops_validity != (before.ops_validity or "") and doc.ops_validity:
		found.append("ops_accepted" if doc.ops_validity == "Valid" else "ops_invalid")
	if doc.ops_departed_on and not before.ops_departed_on:
		found.append("ops_on_the_way")
	if doc.ops_arrived_on and not before.ops_arrived_on:
		found.append("ops_arrived")
	if old and doc.status != old.status:
		if doc.status == "On Hold":
			found.append("ops_paused")
		elif old.status == "On Hold" and doc.status not in ISSUE_ENDED:
			found.append("ops_resumed")
		if doc.status == "Resolved":
			found.append("ops_resolved")
		elif doc.status == "Closed" and doc.ops_validity != "Invalid":
			found.append("ops_deemed" if doc.ops_acceptance_status == "Deemed Accepted" else "ops_closed")
		elif old.status in ISSUE_ENDED and doc.ops_acceptance_status == "Rejected":
			found.append("ops_rejected")
	return found


def needs_consent(doc) -> bool:
	"""Whether ending this Issue needs the customer's consent: it is not judged invalid, and its customer has an
	agreement (a customer without any is served by ERPNext's own rules)."""
	if not doc.customer or doc.ops_validity == "Invalid":
		return False
	return bool(
		doc.ops_agreement or frappe.db.exists("Service Agreement", {"customer": doc.customer, "docstatus": 1})
	)


def _find_agreement(doc, old) -> None:
	"""Until it is judged an Issue follows its customer and object to their agreement; then the version is frozen."""
	if old and old.ops_agreement and old.ops_validity:
		if doc.ops_agreement != old.ops_agreement and not doc.flags.ops_move:
			doc.ops_agreement = old.ops_agreement
		return
	if doc.flags.ops_move or (old and old.status == "Closed"):
		return
	asked = (doc.customer, doc.ops_object)
	if not old or not old.ops_agreement or asked != (old.customer, old.ops_object):
		there_is_one = switches.now().has_agreement(doc.customer, _received_on(doc))
		doc.ops_agreement = (
			agreements.find(doc.customer, _received_on(doc), doc.ops_object) if there_is_one else None
		)
	else:
		doc.ops_agreement = old.ops_agreement


def _is_ours(doc, old) -> bool:
	"""Also an Issue that was ours until this save, so that it leaves by our rules."""
	if definitions.engine_rests():
		return False
	return ours.is_ours(doc) or bool(old and old.ops_agreement and ours.is_ours(old))


def _received_on(doc):
	return doc.opening_date or (get_datetime(doc.creation) if doc.creation else site_now()).date()


def _keep_what_is_not_edited(doc, old) -> None:
	"""The customer's word and the counters are written by the product, not typed (6.3.g)."""
	given = doc.ops_acceptance_status or ""
	before = (old.ops_acceptance_status if old else "") or ""
	if given != before and not doc.flags.ops_acceptance:
		frappe.throw(
			_(
				"{0} is the customer's own answer and cannot be set to {1} here. Ask the customer, or use Record the Customer's Decision."
			).format(frappe.bold(_("Customer's acceptance")), frappe.bold(_(given) if given else _("blank"))),
			frappe.PermissionError,
		)
	for field in RECEIVED:
		if not (doc.is_new() and doc.flags.ops_by_mail):
			doc.set(field, old.get(field) if old else None)
	moments.keep_measured(doc, old)
	doc.ops_reopen_count = cint(old.ops_reopen_count) if old else 0
	if old and old.status in ISSUE_ENDED and doc.status not in ISSUE_ENDED:
		doc.ops_reopen_count += 1
		_reopen_with_reason(doc, old)
		if doc.ops_restored_on and old.ops_restored_on == doc.ops_restored_on:
			doc.ops_restored_on = None  # it did not hold; the clock's ledger keeps when it was
		if not doc.flags.ops_acceptance:
			doc.ops_acceptance_status = ""


def _reopen_with_reason(doc, old) -> None:
	"""What the customer accepted is opened again for a reason of its own, which stays on record."""
	if old.ops_acceptance_status not in AGREED or doc.flags.ops_acceptance or not is_staff():
		return
	reason = (doc.ops_reopen_reason or "").strip()
	if not reason or reason == (old.ops_reopen_reason or "").strip():
		refuse_missing(_("Why it is reopened"), _("The customer has accepted the result: say why it is opened again."))


def _note_course(doc, old) -> None:
	"""Pausing has a reason the customer is told; moments lie in the past and in order."""
	if doc.status == "On Hold" and not (doc.ops_pause_reason or "").strip():
		refuse_missing(_("Why it is paused"), _("The customer is told why nothing happens."))
	if old and old.status == "On Hold" and doc.status != "On Hold":
		doc.ops_pause_reason = None
	if doc.ops_onsite and not (old and old.ops_onsite):
		doc.ops_onsite_requested_on = doc.ops_onsite_requested_on or site_now()
	elif not doc.ops_onsite:
		doc.ops_onsite_requested_on = None
	moments.check_course(doc, old)


def _resolve(doc, old) -> None:
	"""Resolving a valid report needs to say how; where the agreement asks for it, the security check."""
	if doc.status not in ISSUE_ENDED or (old and old.status in ISSUE_ENDED) or doc.ops_validity == "Invalid":
		return
	if doc.ops_validity != "Valid":
		refuse_missing(_("Judged"), _("A report is judged valid or invalid before it is resolved."))
	if not strip_html(doc.resolution_details or "").strip():
		refuse_missing(
			_("Resolution Details", context="Ops Delivery"),
			_("Say what was done: the customer accepts on this."),
		)
	security_check.require(doc)


def _close_with_consent(doc, old) -> None:
	"""6.3.g: a customer's Issue is closed when the customer has accepted its result, or it was invalid."""
	if not _closes_without_consent(doc, old):
		return
	frappe.throw(
		_(
			"Status: {0} can be closed when the customer has accepted the result. Resolve it, and the customer is asked; or record the decision the customer gave."
		).format(frappe.bold(doc.name or _("This issue"))),
		title=_("Not accepted yet"),
	)


def _leave_open_unattended(doc, old) -> None:
	"""ERPNext's nightly closing must not stop at the first Issue that it may not close."""
	ends = doc.status in ISSUE_ENDED and old and old.status not in ISSUE_ENDED
	lacks = doc.ops_agreement and doc.ops_validity != "Invalid"
	if ends and _unattended() and (lacks or _closes_without_consent(doc, old)):
		doc.status = old.status


def _closes_without_consent(doc, old) -> bool:
	closes = doc.status == "Closed" and not (old and old.status == "Closed")
	return closes and doc.ops_acceptance_status not in AGREED and needs_consent(doc)


def _unattended() -> bool:
	"""Whether this save belongs to ERPNext's own scheduled closing, where nobody reads an error."""
	job = getattr(frappe.local, "job", None)
	return bool(job) and "auto_close_tickets" in str(job.get("kwargs") or "") + str(job.get("method") or "")


