"""Security of routine work: what people, operations, data and tools must meet is confirmed before a task begins (6.2.c).

What is asked stands in the published content of the manual the task is done by, and in its schedule. The qualifications that the
manual asks for are looked up; all else somebody confirms. What is not met needs the word of a superior, who is not the one who
said so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain import dispatch
from ops_delivery.domain.routine import safeguards as domain
from ops_delivery.domain.routine.safeguards import MET, NOT_MET, PERMITTED, Confirmation, Requirement
from ops_delivery.permissions import steps as by_steps
from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.permissions.superiors import answers_for_risks
from ops_delivery.services.routine import planner
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.given_texts import stated
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import engineers

TASK, SCHEDULE = "Routine Task", "Routine Schedule"
SKILLS = "skills"  # the row about qualifications among what was confirmed
FIELDS = ["area", "requirement", "second_person"]


class NotConfirmed(frappe.ValidationError):
	"""A task was to begin before what it asks for was confirmed."""


class NotPermitted(frappe.ValidationError):
	"""A superior's word was asked for or given where it does not count."""


def requirements_of(task: Any) -> list[Requirement]:
	"""What must be met before a task begins, by the content it was made by and its schedule; of one that has begun, as it was."""
	if task.started_on:
		return [Requirement(row.point, row.area, row.requirement, bool(row.second_person)) for row in task.confirmations]
	content = versions.content(task.manual_version)["fields"] if task.manual_version else {}
	said = [frappe._dict(row) for row in content.get("requirements", ())]
	if task.schedule:
		filters = {"parenttype": SCHEDULE, "parent": task.schedule}
		said += frappe.get_all("Routine Requirement", filters, FIELDS, order_by="idx")
	found = {}
	for row in said:
		text = cstr(row.requirement).strip()
		point = _key(cstr(row.area), text)
		found.setdefault(point, Requirement(point, cstr(row.area), text, bool(cint(row.second_person))))
	return list(found.values())


def lacking_skills(task: Any, user: str | None) -> list[tuple[dispatch.Need, dispatch.Skill | None]]:
	"""The qualifications the manual asks for that `user` has not, or not on the day of the task, with the best there is."""
	needs = _needs(task)
	if not needs or not user:
		return []
	known = engineers.engineers([user])[user]
	return [(need, best) for _code, need, best in dispatch.lacking(known, needs, getdate(task.planned_on))]


def skill_words(need: dispatch.Need, best: dispatch.Skill | None) -> str:
	"""What is lacking of one qualification."""
	level = _(dispatch.LEVELS[need.level - 1])
	if best and best.until and best.level >= need.level:
		return _("{0} ({1}): the certificate has expired").format(need.name, level)
	return _("{0} ({1}) is missing").format(need.name, level)


def show(task: Any) -> dict[str, Any]:
	"""What the form shows before a task begins: {points: [{key, area, text, second_person, state, …}], skills, may_permit}.

	A point is `open` while the session's user could not begin because of it, and `stands` while whoever it is given to could not.
	"""
	said = {row.point: row for row in task.confirmations}
	points, asked = [], requirements_of(task)
	confirmed = {key: _confirmation(row) for key, row in said.items()}
	user = frappe.session.user
	open_to, stand_before = (
		{row.requirement.key for row in domain.open_points(asked, confirmed, who)} for who in (user, task.assigned_to or user)
	)
	for one in asked:
		row = said.get(one.key)
		points.append(
			{
				"key": one.key,
				"area": one.area,
				"text": one.text,
				"second_person": one.second_person,
				"state": row.state if row else "",
				"remark": row.remark if row else "",
				"by": frappe.utils.get_fullname(row.confirmed_by) if row and row.confirmed_by else "",
				"open": one.key in open_to,
				"stands": one.key in stand_before,
				"own": bool(row) and row.confirmed_by == frappe.session.user,
			}
		)
	return {
		"points": points,
		"skills": _shown_skills(task, said.get(SKILLS)) if not task.started_on else None,
		"may_permit": answers_for_risks(),
	}


def _shown_skills(task: Any, row: Any) -> dict[str, Any] | None:
	"""What is lacking of whoever the task is given to, and whether it was permitted; None where nothing is."""
	user = task.assigned_to or frappe.session.user
	lacking = lacking_skills(task, user)
	if not lacking:
		return None
	return {
		"key": SKILLS,
		"who": frappe.utils.get_fullname(user),
		"texts": [skill_words(*found) for found in lacking],
		"permitted": _is_permitted_for(row, user, lacking),
		"own": user == frappe.session.user,
	}


def confirm(task: Any, rows: Sequence[dict[str, Any]]) -> None:
	"""Note what somebody says of requirements of a task that the caller has locked: rows of {key, met, remark}.

	What is not met needs a remark, and is on the list of who answers for the agreement. NotConfirmed names what is not known.
	"""
	asked = {one.key: one for one in requirements_of(task)}
	now, user = site_now(), frappe.session.user
	said = {row.point: row for row in task.confirmations}
	for given in rows:
		one = asked.get(cstr(given.get("key")))
		if one is None:
			frappe.throw(_("This requirement is not in the task any more. Open the task once more."), NotConfirmed)
		met, remark = bool(cint(given.get("met"))), stated(given.get("remark"), _("Remark", context="Routine Confirmation"))
		if not met and not remark:
			frappe.throw(
				_("{0}: say what is not met.").format(frappe.bold(escape_html(one.text))), frappe.MandatoryError
			)
		row = said.get(one.key)
		row = row or task.append("confirmations", {"point": one.key})
		row.update(
			{
				"area": one.area,
				"requirement": one.text,
				"second_person": int(one.second_person),
				"state": MET if met else NOT_MET,
				"remark": remark or None,
				"confirmed_by": user,
				"confirmed_on": now,
				"permitted_by": None,
				"permitted_on": None,
				"permit_reason": None,
			}
		)
		said[one.key] = row
	by_steps.take(task).save()
	planner.refresh(task)


def permit(task: Any, key: str, reason: str) -> None:
	"""A superior lets a task begin although a requirement is not met; the caller has locked it. NotPermitted."""
	if not answers_for_risks():
		frappe.throw(
			_("Only a {0} can let the work begin although a requirement is not met.").format(_(MANAGER)), NotPermitted
		)
	if task.started_on:
		frappe.throw(_("The work has begun. What was confirmed before stays."), NotPermitted)
	if not (said := stated(reason, _("Reason", context="Ops Delivery"))):
		frappe.throw(_("Say why the work may begin all the same, and what is done instead."), frappe.MandatoryError)
	row = _lacking_row(task) if key == SKILLS else next((row for row in task.confirmations if row.point == key), None)
	if not domain.may_permit(_confirmation(row) if row else None, frappe.session.user):
		frappe.throw(
			_("There is nothing to permit: somebody else has to say first that it is not met."), NotPermitted
		)
	row.update(
		{
			"state": PERMITTED,
			"permitted_by": frappe.session.user,
			"permitted_on": site_now(),
			"permit_reason": said,
		}
	)
	by_steps.take(task).save()
	planner.refresh(task)


def begin(task: Any) -> None:
	"""What somebody who begins a task has to have settled; NotConfirmed names what is open. Which qualifications were looked up
	is noted with what was confirmed."""
	user, said = frappe.session.user, {row.point: row for row in task.confirmations}
	asked = requirements_of(task)
	found = domain.open_points(asked, {key: _confirmation(row) for key, row in said.items()}, user)
	lacking = lacking_skills(task, user)
	if _is_permitted_for(said.get(SKILLS), user, lacking):
		lacking = []
	if found or lacking:
		_refuse(found, [skill_words(*one) for one in lacking])
	needs = _needs(task)
	if needs and SKILLS not in said:
		_note_skills(task, {"requirement": _names(needs), "state": MET, "confirmed_by": user})


def _refuse(found: list[domain.Open], skills: list[str]) -> None:
	why = {
		domain.UNCONFIRMED: _("not confirmed yet"),
		domain.UNMET: _("not met; a superior has to permit it"),
		domain.ALONE: _("to be confirmed by somebody else than who begins"),
	}
	lines = [f"<li>{escape_html(row.requirement.text)}: {why[row.code]}</li>" for row in found]
	lines += [f"<li>{escape_html(text)}</li>" for text in skills]
	frappe.throw(
		_("This must be settled before the work begins:") + f"<ul>{''.join(lines)}</ul>",
		NotConfirmed,
		title=_("Security"),
	)


def _needs(task: Any) -> list[dispatch.Need]:
	content = versions.content(task.manual_version)["fields"] if task.manual_version else {}
	return list(engineers.needs([frappe._dict(row) for row in content.get("needed_skills", ())]))


def _names(needs: list[dispatch.Need]) -> str:
	return ", ".join(f"{need.name} ({dispatch.LEVELS[need.level - 1]})" for need in needs)


def _is_permitted_for(row: Any, user: str, lacking: list[Any]) -> bool:
	"""Whether a superior let this person do it although just these qualifications are lacking."""
	return bool(row) and (row.state, row.confirmed_by, row.requirement) == (
		PERMITTED,
		user,
		_names([need for need, _best in lacking]),
	)


def _lacking_row(task: Any) -> Any:
	"""The row that says what is lacking of whoever the task is given to; None where nothing is."""
	lacking = lacking_skills(task, task.assigned_to)
	if not lacking:
		return None
	return _note_skills(
		task,
		{"requirement": _names([need for need, _best in lacking]), "state": NOT_MET, "confirmed_by": task.assigned_to},
	)


def _note_skills(task: Any, values: dict[str, Any]) -> Any:
	row = next((row for row in task.confirmations if row.point == SKILLS), None)
	row = row or task.append("confirmations", {"point": SKILLS, "area": domain.PEOPLE})
	row.update({"confirmed_on": site_now(), "permitted_by": None, "permitted_on": None, "permit_reason": None, **values})
	return row


def _confirmation(row: Any) -> Confirmation:
	return Confirmation(cstr(row.state), cstr(row.confirmed_by), cstr(row.permitted_by))


def _key(area: str, text: str) -> str:
	return hashlib.sha256(f"{area}\0{text}".encode()).hexdigest()[:16]
