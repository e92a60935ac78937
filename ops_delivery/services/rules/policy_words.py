"""An Escalation Policy told in words, on the example of one target (clause 6.3.e)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from frappe import _
from frappe.utils import cint

from ops_delivery.domain.calendar import Window, WorkCalendar
from ops_delivery.domain.clock import Event, Kind, apply
from ops_delivery.domain.escalation import step_due
from ops_delivery.services.rules import policy_reading as policies

_EPOCH = datetime(2024, 1, 1, tzinfo=timezone.utc)
_ALWAYS = "always open"


def timeline(content: dict[str, Any], target: int) -> list[dict[str, Any]]:
	"""The steps of a policy's content in the order of time for a target in seconds of open service hours.

	Each: at (seconds since the start), kind, step, to, actions, repeat, only: texts in the reader's language.
	DomainError as the steps deserve.
	"""
	calendar = WorkCalendar("UTC", {day: [Window(0, 86_400)] for day in range(7)}, name=_ALWAYS)
	clock = apply(None, Event(Kind.START, _EPOCH, target, _ALWAYS), {_ALWAYS: calendar})
	lines = []
	for row, step in zip(content["steps"], policies.to_steps(content["steps"]), strict=True):
		lines.append(
			{
				"at": int((step_due(step, clock, calendar) - _EPOCH).total_seconds()),
				"kind": row["kind"],
				"step": row["step_name"],
				"basis": row["basis"] if row["moment"] != "At" else "",
				"to": _listed(_people(row)),
				"by": _listed(_ways(row)) if _people(row) else "",
				"actions": _listed(_actions(row)),
				"repeat": _repeat(row),
				"only": " · ".join(_(row[field]) for field in ("commitment", "priority") if row.get(field)),
			}
		)
	return sorted(lines, key=lambda line: line["at"])


def _people(row: dict[str, Any]) -> list[str]:
	level = max(1, cint(row.get("contact_level")))
	return [
		text
		for told, text in (
			(row.get("notify_assignee"), _("the assignee")),
			(row.get("notify_managers"), _("the managers up to level {0}").format(level)),
			(row.get("notify_experts"), _("the experts up to level {0}").format(level)),
			(row.get("notify_role"), _("everyone with the role {0}").format(_(row.get("notify_role") or ""))),
			(row.get("notify_user"), row.get("notify_user")),
		)
		if told
	]


def _ways(row: dict[str, Any]) -> list[str]:
	email = _("by e-mail, even in quiet hours") if row.get("ignore_quiet_hours") else _("by e-mail")
	return [
		text
		for chosen, text in ((row.get("by_desk"), _("on the desk")), (row.get("by_email"), email))
		if chosen
	]


def _actions(row: dict[str, Any]) -> list[str]:
	takes_over = (
		row.get("reassign_user") if row.get("reassign_to") == "User" else _(row.get("reassign_to") or "")
	)
	return [
		text
		for done, text in (
			(row.get("raise_priority"), _("raises the priority one step")),
			(row.get("reassign_to"), _("reassigns to {0}").format(takes_over)),
			(row.get("server_script"), _("calls the server script {0}").format(row.get("server_script"))),
		)
		if done
	]


def _repeat(row: dict[str, Any]) -> str:
	if not cint(row.get("repeat_minutes")):
		return ""
	return _("again every {0} min until acknowledged, at most {1} times").format(
		cint(row["repeat_minutes"]), cint(row.get("max_repeats"))
	)


def _listed(texts: list[str]) -> str:
	listed = texts[0] if texts else ""
	for text in texts[1:]:
		listed = _("{0}, {1}").format(listed, text)
	return listed
