"""How durations, instants and ledger lines read to a person, in the reader's language and time zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import formatdate, getdate
from frappe.utils.data import get_system_timezone


def duration(seconds: int | None) -> str:
	"""Working or wall time in words, to the minute; under a minute in seconds. Hours are not folded into days."""
	seconds = abs(int(seconds or 0))
	if seconds < 60:
		return _("{0} s").format(seconds)
	hours, minutes = divmod(seconds // 60, 60)
	if not hours:
		return _("{0} min").format(minutes)
	if not minutes:
		return _("{0} h", context="Ops Delivery").format(hours)
	return _("{0} h {1} min").format(hours, minutes)


def reader_zone(user: str | None = None) -> str:
	"""The time zone the reader chose in the user profile, else the site's."""
	user = user or frappe.session.user
	return frappe.get_cached_value("User", user, "time_zone") or get_system_timezone()


def day(value: date | str | None) -> str:
	"""A date in a text or on paper: in Chinese as people write it, 2026年11月29日; else in the site's format, as in fields.
	"" for none."""
	if not value:
		return ""
	found = getdate(value)
	if str(frappe.local.lang or "").startswith("zh"):
		return f"{found.year}年{found.month}月{found.day}日"
	return formatdate(found)


def moment(instant: datetime | None, zone: str | None = None) -> str:
	"""An instant as the reader's clock shows it, to the minute; "" for none."""
	if not instant:
		return ""
	local = instant.astimezone(ZoneInfo(zone or reader_zone())).replace(tzinfo=None)
	return f"{day(local)} {local:%H:%M}"


def remaining(seconds: int) -> str:
	"""What is left of a target, or by how much it is exceeded."""
	if seconds < 0:
		return _("target exceeded by {0}").format(duration(seconds))
	return _("{0} left").format(duration(seconds))


def ledger_line(event: dict[str, Any], before: dict[str, Any] | None) -> str:
	"""One line of a clock's ledger as a sentence. `event` and `before` have kind, elapsed, target,
	calendar, agreement and priority."""
	elapsed, target = int(event["elapsed"] or 0), int(event["target"] or 0)
	left = remaining(target - elapsed)
	was = int(before["target"] or 0) if before else target
	match event["kind"]:
		case "Start":
			return _("Started with a target of {0}").format(duration(target))
		case "Reset":
			return _("Started afresh with a target of {0}").format(duration(target))
		case "Pause":
			return _("Paused: {0} used, {1}").format(duration(elapsed), left)
		case "Resume":
			return _("Goes on: {0} used, {1}").format(duration(elapsed), left)
		case "Target Change" if was == target and before["agreement"] == event["agreement"]:
			return _("The target stays at {0}: {1} used, {2}").format(
				duration(target), duration(elapsed), left
			)
		case "Target Change" if was == target:
			return _("Measured with agreement version {0} from here on: {1} used, {2}").format(
				event["agreement"], duration(elapsed), left
			)
		case "Target Change":
			return _("Target changed from {0} to {1}: {2} used, {3}").format(
				duration(was), duration(target), duration(elapsed), left
			)
		case "Calendar Change":
			return _("Measured with calendar revision {0} from here on: {1} used, {2}").format(
				event["calendar"], duration(elapsed), left
			)
		case "Met":
			if elapsed > target:
				return _("Done after {0}, {1} over the target").format(
					duration(elapsed), duration(elapsed - target)
				)
			return _("Done after {0}, within the target of {1}").format(duration(elapsed), duration(target))
		case "Reopened":
			return _("Reopened: {0} used, {1}").format(duration(elapsed), left)
		case "Reinstated":
			return _("Promised again, and goes on: {0} used, {1}").format(duration(elapsed), left)
		case "Cancelled":
			return _("Cancelled: the commitment no longer applies")
	label = event["kind"]
	return _(label)


def priority_change(event: dict[str, Any], before: dict[str, Any] | None) -> str:
	"""Which priority change moved the target, where one did; "" otherwise."""
	was, now = (before or {}).get("priority"), event.get("priority")
	if not was or not now or was == now:
		return ""
	return _("Priority changed from {0} to {1}").format(_(was), _(now))
