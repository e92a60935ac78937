"""What a person types, or a spreadsheet holds, as a field's own value; what is none is refused in words that say how to write it.

For files of Data Import (administration/import_values.py) and for what customers are asked (requests/asked_fields.py). The reading itself knows no
site: domain/typed_values.py and domain/numbers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_user_date_format

from ops_delivery.domain import typed_values
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import read as read_number
from ops_delivery.services.shared import number_format as numbers

LARGEST_WHOLE, LARGEST = 2**31, 10**12  # what the columns of Int and Float keep


class NotRead(Exception):
	"""What was typed is nothing that the field can have; the message, which follows the value, says what it can have."""


def refusal(label: str, value: Any, reason: object) -> str:
	"""The sentence (HTML) that names a field, what was typed into it, and why it is refused."""
	shown = frappe.bold(escape_html(cstr(value)[:140]))
	return f"{frappe.bold(escape_html(label))}: {shown} {reason}"


def tick(value: Any) -> int:
	return _read(typed_values.read_tick, value, lambda: _("is neither yes nor no. Write 1 or 0, yes or no."))


def number(value: Any) -> float:
	"""By the site's format; what is a number already stays one."""
	return _number(value, LARGEST, lambda: _("is not a number."))


def whole_number(value: Any) -> int:
	found = _number(value, LARGEST_WHOLE, lambda: _("is not a whole number."))
	if found != int(found):
		raise NotRead(_("is not a whole number."))
	return int(found)


def percent(value: Any) -> float:
	return number(value.rstrip("% ％") if isinstance(value, str) else value)


def day(value: Any) -> date:
	return _read(
		lambda one: typed_values.read_day(one, _pattern()),
		value,
		lambda: _("is no day. Write it as {0}, or as 2027-01-31.").format(_pattern()),
	)


def moment(value: Any) -> datetime:
	return _read(
		lambda one: typed_values.read_moment(one, _pattern()),
		value,
		lambda: _("is no day and time. Write it as {0} 14:30.").format(_pattern()),
	)


def time_of_day(value: Any) -> str:
	return _read(typed_values.read_time, value, lambda: _("is no time of day. Write it as 14:30."))


def duration(value: Any) -> str:
	"""A length of time in units, as Frappe's import takes it: "1d 2h"."""
	return typed_values.in_units(
		_read(
			typed_values.read_duration,
			value,
			lambda: _("is no length of time. Write it as 4h, 2h 30m or 1d, or in seconds."),
		)
	)


def _number(value: Any, below: float, reason: Callable[[], str]) -> float:
	found = value
	if isinstance(value, bool) or not isinstance(value, int | float):
		found = _read(lambda one: read_number(cstr(one), numbers.site_format()), value, reason)
	if abs(found) >= below:
		raise NotRead(_("is too large a number."))
	return found


def _read(function: Callable[[Any], Any], value: Any, reason: Callable[[], str]) -> Any:
	try:
		return function(value)
	except DomainError:
		raise NotRead(reason()) from None


def _pattern() -> str:
	return cstr(get_user_date_format()) or "yyyy-mm-dd"


# by the type of the field
READERS: dict[str, Callable[[Any], Any]] = {
	"Check": tick,
	"Int": whole_number,
	"Float": number,
	"Currency": number,
	"Percent": percent,
	"Date": day,
	"Datetime": moment,
	"Time": time_of_day,
	"Duration": duration,
}
