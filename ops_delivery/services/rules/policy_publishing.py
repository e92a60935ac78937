"""Escalation Policies as an administrator edits them: checked, published, and told in words (clause 6.3.e).

rules/policy_reading.py is how the engine reads them afterwards.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.escalation import validate_steps
from ops_delivery.domain.events import RuleRevised
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import events

DOCTYPE = "Escalation Policy"
NOT_CONTENT = ("Section Break", "Column Break", "Tab Break", "HTML")
TELLS = ("notify_assignee", "notify_managers", "notify_experts", "notify_role", "notify_user")
DOES = ("raise_priority", "reassign_to", "server_script")


def check(doc) -> None:
	"""Refuse a policy that cannot work; every message names row, field, value and the way out."""
	for row in doc.steps:
		_tidy(row)
		_check_actions(row)
	_check_steps(doc)
	_say_what_is_early(doc)
	_check_quiet_hours(doc)


def content(doc) -> dict[str, Any]:
	"""What a Rule Version keeps of a policy: every field of every step, quiet hours and digest."""
	fields = [
		field.fieldname
		for field in frappe.get_meta("Escalation Step").fields
		if field.fieldtype not in NOT_CONTENT
	]
	numbers = {
		field.fieldname: cint if field.fieldtype in ("Int", "Check") else flt
		for field in frappe.get_meta("Escalation Step").fields
		if field.fieldtype in ("Int", "Check", "Float")
	}
	return {
		"steps": [
			{
				name: numbers[name](row.get(name)) if name in numbers else row.get(name) or None
				for name in fields
			}
			for row in doc.steps
		],
		"quiet_from": _time_text(doc.quiet_from),
		"quiet_to": _time_text(doc.quiet_to),
		"quiet_time_zone": doc.quiet_time_zone or None,
		"digest_minutes": cint(doc.digest_minutes),
	}


def publish_revision(doc) -> None:
	"""Publish the policy, keep the revision on it, and have running clocks follow where it is a new one."""
	version = versions.publish(DOCTYPE, doc.name, content(doc), rule_changes.noted(doc))
	revision = versions.revision(version)
	if revision != cint(doc.revision):
		doc.db_set("revision", revision, update_modified=False)
		choice = rule_changes.chosen(doc)
		if revision > 1 and not (choice and choice.day):  # what begins on a day is followed then (clock_jobs.catch_up)
			events.tell(RuleRevised(DOCTYPE, doc.name, version))


def says_the_same(doc) -> bool:
	"""Whether a policy, as it stands, says what was published last."""
	return versions.is_latest(DOCTYPE, doc.name, content(doc))


def pending(doc) -> date | None:
	"""The day on which the steps published last begin, where that is still to come."""
	return versions.pending(DOCTYPE, doc.name)


def draft(doc) -> policies.Policy:
	"""A policy as it stands, as the engine would read it."""
	return policies.of_content("", content(doc))


def show_pending(doc) -> None:
	"""onload: the form says until when other steps than those on it hold."""
	if day := pending(doc):
		doc.set_onload("ops_pending", day)


def _tidy(row) -> None:
	"""Clear what the form hides."""
	row.step_name = cstr(row.step_name).strip()
	if row.moment == "At":
		row.amount = 0
	if row.reassign_to != "User":
		row.reassign_user = None
	if not cint(row.repeat_minutes):
		row.repeat_minutes = 0


def _check_actions(row) -> None:
	if not any(row.get(field) for field in TELLS + DOES):
		_refuse(
			row,
			"notify_assignee",
			_("nobody is told and nothing happens. Choose whom to tell, or an action."),
		)
	if any(row.get(field) for field in TELLS) and not (row.by_desk or row.by_email):
		_refuse(
			row,
			"by_desk",
			_("people are to be told, but neither on the desk nor by e-mail. Choose at least one."),
		)
	if (row.notify_managers or row.notify_experts) and cint(row.contact_level) < 1:
		_refuse(
			row, "contact_level", _("levels begin at 1: enter up to which level of the agreement's people.")
		)
	if row.reassign_to == "User" and not row.reassign_user:
		_refuse(row, "reassign_user", _("choose the user who takes over."))
	for field in ("notify_user", "reassign_user"):
		if row.get(field) and not frappe.db.get_value("User", row.get(field), "enabled"):
			_refuse(row, field, _("this user is disabled. Choose another."))
	if row.server_script:
		script = frappe.db.get_value(
			"Server Script", row.server_script, ["script_type", "disabled"], as_dict=True
		)
		if script and (script.script_type != "API" or script.disabled):
			_refuse(
				row,
				"server_script",
				_("the script must be enabled and of the type {0}.").format(frappe.bold("API")),
			)


def _check_steps(doc) -> None:
	try:
		validate_steps(policies.to_steps(content(doc)["steps"]))
	except DomainError as error:
		row, field = _place(doc, error)
		remedy = {
			"missing_key": _("give the step a name."),
			"duplicate_step": _("another row has this name. Give each step its own."),
			"bad_step": _("choose one of the options."),
			"late_warning": _("a warning comes before the deadline. Choose Before, or the kind Alarm."),
			"early_alarm": _(
				"an alarm comes at the deadline or after it. Choose At or After, or the kind Warning."
			),
			"bad_repeat": _("enter 0 or more."),
			"repeat_without_limit": _("a step that repeats needs a limit. Enter how often at most."),
		}.get(error.code)
		if error.code == "bad_amount":
			remedy = (
				_("a share of the target lies above 0 and at most at 100 percent.")
				if row.basis == "Share of Target" and row.moment == "Before"
				else _("enter a number above 0, or choose the moment At.")
			)
		_refuse(row, field, remedy or escape_html(str(error)))


def _say_what_is_early(doc) -> None:
	"""A share of more than half is nearly always meant the other way round: said, and saved as it stands."""
	lines = [
		_("{0}: {1} % of the target is left then, so it fires when {2} % is used. For {1} % used enter {2}.").format(
			frappe.bold(escape_html(row.step_name)), f"{flt(row.amount):g}", f"{100 - flt(row.amount):g}"
		)
		for row in doc.steps
		if row.moment == "Before" and row.basis == "Share of Target" and flt(row.amount) > 50
	]
	if lines:
		frappe.msgprint("<br>".join(lines), title=_("Early warning"), indicator="orange")


def _place(doc, error: DomainError) -> tuple[Any, str]:
	"""The row and field an error such as one of "steps[1].amount" is about."""
	path = re.fullmatch(r"steps\[(\d+)\]\.(\w+)", cstr(error.context.get("field")))
	row = doc.steps[int(path[1])] if path else doc.steps[0]
	field = path[2] if path else cstr(error.context.get("field"))
	return row, "step_name" if field == "key" else field


def _check_quiet_hours(doc) -> None:
	if not cint(doc.has_quiet_hours):
		doc.quiet_from = doc.quiet_to = None  # Frappe fills every new Time field with the present time
	start, end = _time_text(doc.quiet_from), _time_text(doc.quiet_to)
	if bool(start) != bool(end):
		missing = "quiet_to" if start else "quiet_from"
		frappe.throw(
			_("{0} is empty: quiet hours need both ends. Fill it in, or clear the other one.").format(
				_label(doc, missing)
			)
		)
	if start and start == end:
		frappe.throw(
			_("{0} and {1} are both {2}: e-mails would wait for ever. Change one, or clear both.").format(
				_label(doc, "quiet_from"), _label(doc, "quiet_to"), frappe.bold(start)
			)
		)
	if doc.quiet_time_zone:
		try:
			ZoneInfo(doc.quiet_time_zone)
		except (KeyError, ValueError, OSError):
			frappe.throw(
				_("{0}: there is no time zone {1}. Choose one from the list, such as {2}.").format(
					_label(doc, "quiet_time_zone"),
					frappe.bold(escape_html(doc.quiet_time_zone)),
					"Asia/Shanghai",
				)
			)


def _time_text(value: Any) -> str | None:
	"""A Time field as HH:MM:SS; midnight is a time too, and not an empty one."""
	if value is None or value == "":
		return None
	hours, minutes, seconds = (cstr(value).split(".")[0].split(":") + ["0", "0"])[:3]
	return f"{cint(hours):02}:{cint(minutes):02}:{cint(seconds):02}"


def _refuse(row, fieldname: str | None, remedy: str) -> None:
	"""Throw "Steps, row 2 (Alarm), Amount -5: …"."""
	meta = row.meta
	label = (
		_(meta.get_label(fieldname), context=row.doctype) if fieldname and meta.has_field(fieldname) else ""
	)
	value = row.get(fieldname) if fieldname else None
	field = meta.get_field(fieldname) if fieldname else None
	shown = (
		""
		if value is None or (field and field.fieldtype == "Check")
		else escape_html(_(cstr(value), context=row.doctype))
	)
	frappe.throw(
		_("{0}, row {1} ({2}), {3}: {4}").format(
			_("Escalation Steps"),
			row.idx,
			escape_html(row.step_name or "") or _("no name"),
			" ".join(filter(None, (frappe.bold(label), shown))),
			remedy,
		),
		title=_("Step not usable"),
	)


def _label(doc, fieldname: str) -> str:
	return frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
