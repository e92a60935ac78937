"""Whom visits are given to: engineers with their hours, skills and absences, as the domain sees them (5.3.a).

Everything is read for all of them at once: the number of queries does not grow with the people, only with the number
of different calendars that this process has not met yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, formatdate, getdate

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.dispatch import LEVELS, Absence, Engineer, Need, Skill
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.locale import text

PROFILE = "Dispatch Profile"
ROLES = ("Field Engineer", "Technical Expert")
A_DAY = 24 * 60


def check_profile(doc) -> None:
	"""Refuse a profile that cannot be planned with; the messages name row and value."""
	if not is_staff(doc.user):
		frappe.throw(
			_("{0}: {1} does not work on the desk. Choose one of the supplier's people.").format(
				frappe.bold(_("User")), escape_html(cstr(doc.user))
			)
		)
	if not 0 <= cint(doc.travel_minutes) < A_DAY:
		frappe.throw(
			_("{0}: {1} is not possible. Enter minutes between 0 and {2}.").format(
				frappe.bold(_(doc.meta.get_label("travel_minutes"), context=doc.doctype)),
				escape_html(cstr(doc.travel_minutes)),
				A_DAY - 1,
			)
		)
	for row in doc.absences:
		if getdate(row.to_date) < getdate(row.from_date):
			frappe.throw(
				_("Absences, row {0}: {1} lies before {2}. Correct one of the two.").format(
					row.idx, formatdate(row.to_date), formatdate(row.from_date)
				)
			)
	known: set[tuple[str, str]] = set()
	for row in doc.skills:
		key = (row.skill, cstr(row.certificate).strip().casefold())
		if key in known:
			frappe.throw(
				_(
					"Skills, row {0}: {1} is listed twice. Remove one row, or name another certificate."
				).format(row.idx, escape_html(row.skill))
			)
		known.add(key)


def dispatched() -> dict[str, str]:
	"""The enabled users that visits are planned for, with their names: the engineers and experts, and whoever has a
	profile that says so; not those whose profile says otherwise."""
	user, role, profile = (frappe.qb.DocType(name) for name in ("User", "Has Role", PROFILE))
	engineers = (
		frappe.qb.from_(role).select(role.parent).where((role.parenttype == "User") & role.role.isin(ROLES))
	)
	rows = (
		frappe.qb.from_(user)
		.left_join(profile)
		.on(profile.user == user.name)
		.select(user.name, user.full_name, profile.dispatched)
		.where((user.enabled == 1) & (user.user_type == "System User") & (user.name != ADMINISTRATOR))
		.where(user.name.isin(engineers) | (profile.dispatched == 1))
		.orderby(user.full_name)
		.orderby(user.name)
	).run()
	return {name: text(full_name) for name, full_name, wanted in rows if wanted is None or wanted}


def names_of(users: Iterable[str]) -> dict[str, str]:
	"""Full names by user."""
	users = sorted(set(users))
	if not users:
		return {}
	rows = frappe.get_all(
		"User", filters={"name": ["in", users]}, fields=["name", "full_name"], order_by="name"
	)
	return {row.name: text(row.full_name) for row in rows}


def engineers(users: Iterable[str]) -> dict[str, Engineer]:
	"""The domain's engineers by user, also those without a profile: of them neither hours nor skills are known."""
	users = sorted(set(users))
	if not users:
		return {}
	profiles = frappe.get_all(
		PROFILE,
		filters={"user": ["in", users]},
		fields=["name", "user", "calendar", "travel_minutes"],
		order_by="name",
	)
	names = [row.name for row in profiles]
	skills = _children("Dispatch Profile Skill", names, ["skill", "level", "valid_until"])
	absences = _children("Dispatch Absence", names, ["from_date", "to_date", "reason"])
	hours = {name: calendar_of(name) for name in {row.calendar for row in profiles if row.calendar}}
	found = {user: Engineer(user) for user in users}
	for row in profiles:
		found[row.user] = Engineer(
			row.user,
			hours.get(row.calendar),
			cint(row.travel_minutes),
			tuple(Skill(s.skill, level_of(s.level), s.valid_until) for s in skills[row.name]),
			tuple(Absence(a.from_date, a.to_date, cstr(a.reason)) for a in absences[row.name]),
		)
	return found


def calendar_of(name: str) -> WorkCalendar | None:
	"""A Service Calendar as it is now; None where it was never saved whole."""
	version = versions.current(calendars.DOCTYPE, name)
	return calendars.compiled(version) if version else None


def needs(rows: Iterable[Any]) -> tuple[Need, ...]:
	"""Rows of Needed skills as the domain sees them, each skill once, at the highest level that is asked."""
	found: dict[str, int] = {}
	for row in rows:
		if row.skill:
			found[row.skill] = max(found.get(row.skill, 0), level_of(row.level))
	return tuple(Need(name, level) for name, level in sorted(found.items()))


def level_of(name: str | None) -> int:
	"""1 to 3; what is blank or unknown is the lowest."""
	return LEVELS.index(name) + 1 if name in LEVELS else 1


def _children(doctype: str, parents: list[str], fields: list[str]) -> dict[str, list[Any]]:
	found: dict[str, list[Any]] = defaultdict(list)
	if parents:
		for row in frappe.get_all(
			doctype,
			filters={"parenttype": PROFILE, "parent": ["in", parents]},
			fields=["parent", *fields],
			order_by="parent, idx",
		):
			found[row.parent].append(row)
	return found
