"""Errors of the domain as messages for people: translated, naming the field, the value and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from ops_delivery.domain.errors import DomainError


def message(error: DomainError) -> str:
	"""A domain error in the reader's language; an unknown code falls back to the domain's own English sentence."""
	template = _messages().get(error.code)
	if not template:
		return frappe.utils.escape_html(str(error))
	context = {key: frappe.utils.escape_html(str(value)) for key, value in error.context.items()}
	try:
		return template.format_map(_Gaps(context))
	except (KeyError, IndexError, ValueError):
		return frappe.utils.escape_html(str(error))


@contextmanager
def guard(where: str = "") -> Iterator[None]:
	"""Turn a DomainError into frappe.throw; `where` (already translated) is put before the message."""
	try:
		yield
	except DomainError as error:
		text = message(error)
		frappe.throw(f"{where}: {text}" if where else text)


class _Gaps(dict):
	def __missing__(self, key: str) -> str:
		return "?"


def _messages() -> dict[str, str]:
	return {
		"beyond_horizon": _(
			"The time promised does not fit into the service hours before the year 2200. Check the calendar and the target."
		),
		"time_runs_backwards": _("The event {kind} lies before the clock's last event. Enter a later time."),
		"illegal_transition": _("{kind} is not possible on a clock that is {status}."),
		"bad_target": _("The target must be longer than zero."),
		"missing_cell": _(
			"The priority matrix has no priority for {urgency} × {importance}. Fill in the cell."
		),
		"unknown_priority": _(
			"The priority {value} is not in the order of priorities. Add it to the priority matrix."
		),
	}
