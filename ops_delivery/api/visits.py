"""Visits on site and remote sessions: what the forms show, and their steps, one call a tap (7.2, 7.3)."""

from typing import Any

import frappe

from ops_delivery.api.visit_gate import check_type, for_who_may_write_it
from ops_delivery.permissions.gates import customers_only, staff_only
from ops_delivery.printing import weasy
from ops_delivery.services.dispatch import move as dispatch_move
from ops_delivery.services.portal import visits as visit_portal
from ops_delivery.services.scope import once
from ops_delivery.services.visits import after_leaving, before_arrival, before_leaving, on_site
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import erpnext_records as visit_records
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits import panel as visit_panel
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits import planning as visit_plan
from ops_delivery.services.visits import superior_requests as visit_requests
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import REQUEST, SHEET, locked


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def situation(doctype: str, name: str) -> dict[str, Any]:
	"""Everything the panel of a visit shows."""
	check_type(doctype)
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return {**visit_panel.situation(doc), "against": dispatch_move.against(doc)}


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def values_from(doctype: str, source_doctype: str, source_name: str) -> dict[str, Any]:
	"""What a new visit or session because of a record begins with."""
	check_type(doctype)
	frappe.has_permission(doctype, "create", throw=True)
	frappe.has_permission(source_doctype, "read", source_name, throw=True)
	return visit_plan.values_from(doctype, source_doctype, source_name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def superiors() -> list[dict[str, str]]:
	"""Whom the session's user may ask."""
	frappe.has_permission(REQUEST, "read", throw=True)
	return visit_requests.superiors()


# Before


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def confirm_details(doctype: str, name: str, person: str) -> None:
	"""The customer confirmed content, time, history and leftovers."""
	before_arrival.confirm_details(doctype, name, person)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def prepare(doctype: str, name: str) -> None:
	"""All preparations are made."""
	before_arrival.prepare(doctype, name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def prepare_again(doctype: str, name: str) -> None:
	"""Back to planning, before departure."""
	before_arrival.prepare_again(doctype, name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def depart(doctype: str, name: str, waited: float = 0) -> None:
	"""On the way."""
	before_arrival.depart(doctype, name, waited)


# During


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def arrive(
	doctype: str,
	name: str,
	waited: float = 0,
	device_time: str | None = None,
	latitude: float | None = None,
	longitude: float | None = None,
	accuracy: float | None = None,
) -> str:
	"""On site, or in session."""
	return on_site.arrive(doctype, name, waited, device_time, latitude, longitude, accuracy)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def confirm_arrival(doctype: str, name: str, person: str) -> None:
	"""The customer confirmed the time of arrival."""
	on_site.confirm_arrival(doctype, name, person)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def confirm_work(doctype: str, name: str, person: str) -> None:
	"""The customer confirmed content and steps."""
	visit_work.confirm_work(doctype, name, person)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def start_item(doctype: str, name: str, item: str) -> None:
	"""Work on an item begins."""
	visit_work.start(doctype, name, item)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def finish_item(doctype: str, name: str, item: str, result: str = "") -> None:
	"""An item is done."""
	visit_work.finish(doctype, name, item, result)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def drop_item(doctype: str, name: str, item: str, reason: str = "") -> None:
	"""The customer does not want a proposed item."""
	visit_work.drop(doctype, name, item, reason)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def leave_item_open(
	doctype: str,
	name: str,
	item: str,
	reason: str,
	treatment: str = "",
	owner: str | None = None,
	due: str | None = None,
) -> str:
	"""An item is not finished at this visit; the Service Leftover."""
	return visit_work.leave_open(doctype, name, item, reason, treatment, owner, due)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
@once.per_content()
def ask_superior(
	doctype: str, name: str, kind: str, question: str, superior: str, item: str = "", work: str = ""
) -> str:
	"""An unforeseen problem or an extra wish; the Field Service Request."""
	return visit_requests.ask(doctype, name, kind, question, superior, item, work)


@frappe.whitelist(methods=["POST"])
@staff_only
def answer_request(request: str, granted: bool | int | str, text: str = "") -> str:
	"""The named superior answers; the request's state."""
	frappe.has_permission(REQUEST, "read", request, throw=True)
	return visit_requests.answer(request, bool(frappe.utils.cint(granted)), text)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def answer(
	doctype: str, name: str, row: str, answer: str | None = None, remark: str | None = None
) -> dict[str, Any]:
	"""Answer a point of the checklist; the point as it is then."""
	return visit_checklists.answer(doctype, name, row, answer, remark)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def add_photo(doctype: str, name: str, row: str, image: str, token: str = "") -> dict[str, Any]:
	"""Add a picture (data URL) to a point, once for each token; the point as it is then."""
	return visit_photos.add(doctype, name, row, image, token)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def finish_work(doctype: str, name: str, outcome: str, note: str = "") -> None:
	"""The work is over."""
	on_site.finish_work(doctype, name, outcome, note)


# Before leaving, and after


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def back_to_work(doctype: str, name: str) -> None:
	"""More is to be done before leaving."""
	on_site.back_to_work(doctype, name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
@once.per_content()
def add_leftover(
	doctype: str,
	name: str,
	subject: str,
	treatment: str = "",
	owner: str | None = None,
	due: str | None = None,
	agreed_with: str = "",
	blocks: bool | int = True,
) -> str:
	"""Note what is left open; the Service Leftover."""
	doc = locked(doctype, name)
	return visit_leftovers.add(doc, subject, treatment, owner, due, agreed_with, bool(blocks))


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def sign(
	doctype: str, name: str, signer_name: str, image: str, signer_title: str = "", content: str = ""
) -> str:
	"""The customer signs on the device; the Service Signature."""
	return before_leaving.sign(doctype, name, signer_name, image, signer_title, content)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def leave(doctype: str, name: str, person: str = "") -> None:
	"""With the customer's permission: left, or ended."""
	before_leaving.leave(doctype, name, person)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
@once.per_content()
def follow_up(doctype: str, name: str) -> None:
	"""Followed up."""
	after_leaving.follow_up(doctype, name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
@once.per_content()
def make_timesheets(doctype: str, name: str) -> list[str]:
	"""The Timesheets of a visit that is over and that are still missing; their names."""
	frappe.has_permission("Timesheet", "create", throw=True)
	return visit_records.make_timesheets(doctype, name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
@once.per_content()
def issue_parts(doctype: str, name: str) -> str | None:
	"""The Stock Entry for the used parts of a sheet; its name."""
	if doctype != SHEET:
		raise frappe.PermissionError
	frappe.has_permission("Stock Entry", "create", throw=True)
	return visit_records.issue_parts(name)


@frappe.whitelist(methods=["POST"])
@for_who_may_write_it
def cancel(doctype: str, name: str, reason: str) -> None:
	"""It does not take place."""
	before_arrival.cancel(doctype, name, reason)


# The customer's side


@frappe.whitelist(methods=["GET"])
@customers_only
def sheet_pdf(name: str) -> None:
	"""The sheet or record of a visit as PDF, for its customer's user."""
	weasy.answer(name, visit_portal.pdf(name, frappe.session.user))
