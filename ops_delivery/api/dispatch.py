"""The dispatch board, the engineer's own day, and the calendar view of visits."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.dispatch import board as dispatch
from ops_delivery.services.dispatch import calendar_view as dispatch_calendar
from ops_delivery.services.dispatch import move as dispatch_move
from ops_delivery.services.dispatch import my_day
from ops_delivery.services.visits.types import KINDS


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def board(start: str | None = None, days: int | str = 7) -> dict[str, Any]:
	"""Visits and sessions by engineer and day, from a date on."""
	_may_read(*KINDS)
	return dispatch.board(start, frappe.utils.cint(days))


@frappe.whitelist(methods=["POST"])
@staff_only
def move(
	doctype: str,
	name: str,
	modified: str,
	start: str = "",
	engineer: str = "",
	instead_of: str = "",
	minutes: int | str = 0,
	accepted: bool | int | str = False,
) -> dict[str, Any]:
	"""Plan a visit for another time or engineer; warns first of what that sets against it."""
	_check_type(doctype)
	frappe.has_permission(doctype, "write", name, throw=True)
	return dispatch_move.move(
		doctype,
		name,
		modified,
		start,
		engineer,
		instead_of,
		frappe.utils.cint(minutes),
		bool(frappe.utils.cint(accepted)),
	)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def own_day() -> dict[str, Any]:
	"""The visits and sessions of the session's user, from today on."""
	_may_read(*KINDS)
	return my_day.of(frappe.session.user)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def get_events(
	doctype: str,
	start: str,
	end: str,
	filters: str | list | None = None,
	field_map: str | dict | None = None,
	fields: str | list | None = None,
) -> list[dict[str, Any]]:
	"""Calendar view: the visits or sessions between two moments."""
	_check_type(doctype)
	_may_read(doctype)
	return dispatch_calendar.events(doctype, start, end, frappe.parse_json(filters or []) or [])


def _may_read(*doctypes: str) -> None:
	for doctype in doctypes:
		frappe.has_permission(doctype, "read", throw=True)


def _check_type(doctype: str) -> None:
	if doctype not in KINDS:
		raise frappe.PermissionError
