"""The gate of an endpoint, shown where it is declared: whom it is for, asked before anything of it runs.

	@frappe.whitelist(methods=["POST"])
	@staff_only
	def acknowledge(name: str) -> str: …

A gate keeps out the wrong kind of caller. What the right kind may do, and to which record, the function asks itself as
before: by Frappe's permissions, or by `permissions/ownership.py`. A test refuses an endpoint of ours without one.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.permissions.ownership import GUEST, address_of, has_left, is_staff

STAFF, CUSTOMERS, LINK, ALL = "staff", "customers", "link", "all"
MARK, REASON = "ops_gate", "ops_gate_reason"
Called = TypeVar("Called", bound=Callable[..., Any])


def staff_only(function: Called) -> Called:
	"""For the supplier's people at the desk."""
	return _gated(function, STAFF, _ask_staff)


def customers_only(function: Called) -> Called:
	"""For users of the customer's side, who see what their pages show. Staff have the desk."""
	return _gated(function, CUSTOMERS, _ask_customer)


def by_link(function: Called) -> Called:
	"""For whoever holds the signed code of a link, logged in or not: the argument `token`, which the function checks."""
	return _gated(function, LINK, _ask_code)


def open_to_all(reason: str) -> Callable[[Called], Called]:
	"""For every caller whom Frappe lets call it; `reason` says what is asked instead."""

	def opened(function: Called) -> Called:
		found = _gated(function, ALL, lambda _given: None)
		setattr(found, REASON, reason)
		return found

	return opened


def gate_of(function: Callable[..., Any]) -> str | None:
	"""Which gate an endpoint has."""
	return getattr(function, MARK, None)


class NotForStaff(frappe.PermissionError):
	"""Staff tried to answer in the customer's place."""


def refuse_staff(user: str) -> None:
	"""Staff cannot answer for the customer: NotForStaff, with the way to record what the customer told them."""
	if is_staff(user):
		raise NotForStaff(
			_(
				"You are logged in as {0}, who works at the desk. Only the customer can answer here. If they told you their answer, record it on the desk: who, when and how."
			).format(frappe.utils.get_fullname(user))
		)


def refuse_who_left(user: str, customer: str | None) -> None:
	"""Who went to another customer still sees what they raised, and decides nothing for the former one."""
	if has_left(address_of(user), customer):
		raise frappe.PermissionError(
			_("You do not belong to {0} any more, so somebody else there has to answer.").format(
				escape_html(customer or "")
			)
		)


def _gated(function: Called, gate: str, ask: Callable[[dict[str, Any]], None]) -> Called:
	@functools.wraps(function)
	def call(*args: Any, **kwargs: Any) -> Any:
		ask(kwargs)
		refuse_incomplete(function, args, kwargs)
		return function(*args, **kwargs)

	setattr(call, MARK, gate)
	return call  # type: ignore[return-value]


def refuse_incomplete(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
	"""frappe.MandatoryError names the arguments that a function needs and is called without; a server error would not."""
	try:
		parameters = inspect.signature(function).parameters.values()
	except (TypeError, ValueError):  # not written in Python
		return
	missing = [
		parameter.name
		for parameter in list(parameters)[len(args) :]
		if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
		and parameter.default is parameter.empty
		and parameter.name not in kwargs
	]
	refuse_missing(missing)


def refuse_missing(names: list[str]) -> None:
	"""frappe.MandatoryError names arguments that were not given, if any."""
	if names:
		frappe.throw(
			_("Not given: {0}. Nothing was done; reload the page and try again.").format(
				", ".join(frappe.bold(escape_html(name)) for name in names)
			),
			frappe.MandatoryError,
			title=_("Value not given"),
		)


def _ask_staff(_given: dict[str, Any]) -> None:
	if not is_staff():
		raise frappe.PermissionError(_("This is done at the desk."))


def _ask_customer(_given: dict[str, Any]) -> None:
	if frappe.session.user == GUEST:
		raise frappe.PermissionError(_("Log in to do this."))
	if is_staff():
		raise frappe.PermissionError(_("This is the customer's view. Staff see requests on the desk."))


def _ask_code(given: dict[str, Any]) -> None:
	if "token" in given and not (isinstance(given["token"], str) and given["token"].strip()):
		raise frappe.PermissionError(_("This is opened by the link in our message. Open that link again."))
