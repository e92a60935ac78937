"""What stands against a visit, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe import _
from frappe.utils import formatdate, get_datetime

from ops_delivery.domain import dispatch as domain
from ops_delivery.services.shared.locale import text


def sentence(conflict: domain.Conflict, visits: Mapping[str, Any]) -> str:
	"""One conflict as a plain sentence. `visits`: the rows by key, to name the other one; plain text, not escaped."""
	return {
		domain.OVERLAP: lambda: _("At the same time as {0}").format(_other(conflict, visits)),
		domain.TRAVEL: lambda: _("{0} minutes between this and {1}, {2} are needed for the way").format(
			conflict.free, _other(conflict, visits), conflict.needed
		),
		domain.OUTSIDE_HOURS: lambda: _("Outside working hours"),
		domain.DAY_OFF: lambda: _("{0} is a day off").format(formatdate(conflict.day)),
		domain.ABSENT: lambda: _("Away on {0}: {1}").format(
			formatdate(conflict.day), text(conflict.subject) or _("no reason given")
		),
		domain.SKILL_MISSING: lambda: _("Skill missing: {0}").format(text(conflict.subject)),
		domain.SKILL_LOW: lambda: _("Skill {0}: {1} is needed, {2} is there").format(
			text(conflict.subject), level(conflict.needed), level(conflict.free)
		),
		domain.SKILL_EXPIRED: lambda: _("Skill {0}: the certificate ran out on {1}").format(
			text(conflict.subject), formatdate(conflict.day)
		),
		domain.LATE: lambda: _("{0} minutes later than promised").format(conflict.needed),
	}[conflict.code]()


def level(number: int) -> str:
	"""A level in words."""
	return _(domain.LEVELS[number - 1], context="Dispatch Profile Skill") if number else ""


def _other(conflict: domain.Conflict, visits: Mapping[str, Any]) -> str:
	row = visits.get(conflict.other)
	if not row:
		return _("another visit")
	start = row.get("arrived_on") or row.get("planned_start")
	return f"{text(row.get('customer_name') or row.get('customer'))} {get_datetime(start):%H:%M}"
