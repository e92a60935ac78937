"""Planning a visit for another time or another engineer: what a drag on the board, or its dialog, asks for (5.3.a)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.domain import dispatch as domain
from ops_delivery.permissions import assignees
from ops_delivery.services.dispatch import sentences as dispatch_words
from ops_delivery.services.dispatch import stays as dispatch_visits
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.shared.site_time import site_zone
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.types import KINDS, movable

NEAR = timedelta(days=1)
LONGEST_MINUTES = 14 * 24 * 60


def move(
	doctype: str,
	name: str,
	modified: str,
	start: str,
	engineer: str = "",
	instead_of: str = "",
	minutes: int = 0,
	accepted: bool = False,
) -> dict[str, Any]:
	"""Plan a visit for `start` (site time; "" takes its time away) and give it to `engineer` in place of `instead_of`.

	Its duration stays, or becomes `minutes`. `modified`: as the board saw it; where somebody changed the visit since,
	frappe.TimestampMismatchError. What the move would newly set against the visit, or against others of the same
	engineers, comes back as {"moved": False, "warnings": […]} and nothing is saved, unless `accepted`.
	frappe.ValidationError once somebody is on the way, and for whatever the visit's own rules refuse.
	"""
	if doctype not in KINDS:
		frappe.throw(_("{0} is not a visit.").format(escape_html(cstr(doctype))))
	doc = frappe.get_doc(doctype, name, for_update=True)
	doc.check_permission("write")
	_refuse_stale(doc, modified)
	if not movable(doc):
		frappe.throw(
			_("{0} is {1}. Its time and engineers are planned until somebody is on the way.").format(
				doc.name,
				frappe.bold(
					_("On the way")
					if doc.get("departed_on") and not doc.arrived_on
					else _(doc.status, context=doc.doctype)
				),
			)
		)
	before = frappe.get_doc(doctype, name)
	_set_time(doc, start, minutes)
	_set_engineer(doc, engineer, instead_of)
	warnings = _warnings(before, doc)
	if warnings and not accepted:
		return {"moved": False, "warnings": warnings}
	doc.save()
	return {"moved": True, "warnings": warnings, "modified": str(doc.modified)}


def _refuse_stale(doc, modified: str) -> None:
	if str(doc.modified) != cstr(modified):
		frappe.throw(
			_("{0} was changed meanwhile by {1}. Look at it as it is now, and move it again.").format(
				doc.name, escape_html(frappe.utils.get_fullname(doc.modified_by))
			),
			frappe.TimestampMismatchError,
			title=_("Somebody was faster"),
		)


def _set_time(doc, start: str, minutes: int) -> None:
	lasts = None
	if minutes:
		if not 1 <= minutes <= LONGEST_MINUTES:
			frappe.throw(
				_("Duration: {0} minutes are not possible. Enter 1 to {1}.").format(minutes, LONGEST_MINUTES)
			)
		lasts = timedelta(minutes=minutes)
	elif doc.planned_start and doc.planned_end:
		lasts = get_datetime(doc.planned_end) - get_datetime(doc.planned_start)
	if not start:
		doc.planned_start = doc.planned_end = None
		return
	begins = _moment(start)
	if doc.planned_start and get_datetime(doc.planned_start) == begins and not minutes:
		return
	doc.planned_start = begins
	doc.planned_end = begins + lasts if lasts else None


def _set_engineer(doc, engineer: str, instead_of: str) -> None:
	"""`engineer` takes the place of `instead_of`, and what was theirs to answer for; "" leaves the people as they are."""
	if not engineer or engineer == instead_of:
		return
	if why := assignees.refusal(engineer, doc):
		frappe.throw(f"{frappe.bold(_('Engineer'))}: {why}")
	if engineer in {row.user for row in doc.engineers}:
		if instead_of:
			frappe.throw(
				_("{0} goes there already. Take {1} off on the form, if one is enough.").format(
					escape_html(frappe.utils.get_fullname(engineer)),
					escape_html(frappe.utils.get_fullname(instead_of)),
				)
			)
		return
	rows = [row for row in doc.engineers if row.user == instead_of]
	if instead_of and not rows:
		frappe.throw(
			_("{0} is not among the engineers of {1} any more. Look at it as it is now.").format(
				escape_html(instead_of), doc.name
			)
		)
	if rows:
		rows[0].update({"user": engineer, "full_name": frappe.utils.get_fullname(engineer)})
	else:
		doc.append("engineers", {"user": engineer})
	if doc.owner_user == (instead_of or None) or not doc.owner_user:
		doc.owner_user = engineer


def _warnings(before, after) -> list[dict[str, str]]:
	"""What the move newly sets against this visit and against the others of all who are concerned."""
	users = {row.user for doc in (before, after) for row in doc.engineers}
	spans = [
		(get_datetime(doc.planned_start), get_datetime(doc.planned_end or doc.planned_start))
		for doc in (before, after)
		if doc.planned_start
	]
	key = dispatch_visits.key_of(after)
	found: list[dict[str, str]] = []
	if spans and users:
		rows: dict[str, frappe._dict] = {}
		for start, end in spans:
			rows.update(dispatch_visits.given_to(users, start - NEAR, end + NEAR))
		engineers = dispatch_people.engineers(users)
		was = _conflicts(engineers, {**rows, **_row(before)})
		now = _conflicts(engineers, {**rows, **_row(after)})
		names = dispatch_people.names_of(users)
		for user in sorted(users):
			for conflict in domain.new_only(was[user], now[user]):
				if conflict.other == key:  # two that collide are told once, of the one that was moved
					continue
				found.append(
					{
						"code": conflict.code,
						"visit": conflict.stay,
						"engineer": names.get(user, user),
						"text": dispatch_words.sentence(conflict, {**rows, **_row(after)}),
					}
				)
	if before.details_confirmed_on and cstr(before.planned_start) != cstr(after.planned_start):
		found.append(
			{
				"code": "confirmed",
				"visit": key,
				"engineer": "",
				"text": _("{0} confirmed the time for the customer on {1}: tell them of the new one").format(
					text(before.confirmed_with), moment(before.details_confirmed_on)
				),
			}
		)
	return found


def against(doc) -> list[str]:
	"""What stands against a visit as it is planned, in sentences with the engineer's name: what the board says of it."""
	users = {row.user for row in doc.engineers}
	if not (users and doc.planned_start and movable(doc)):
		return []
	start, end = get_datetime(doc.planned_start), get_datetime(doc.planned_end or doc.planned_start)
	rows = {**dispatch_visits.given_to(users, start - NEAR, end + NEAR), **_row(doc)}
	names, key = dispatch_people.names_of(users), dispatch_visits.key_of(doc)
	return [
		f"{names.get(user, user)}: {dispatch_words.sentence(conflict, rows)}"
		for user, found in sorted(_conflicts(dispatch_people.engineers(users), rows).items())
		for conflict in found
		if conflict.stay == key
	]


def _conflicts(engineers: Mapping[str, domain.Engineer], rows: Mapping[str, frappe._dict]):
	stays, zone = dispatch_visits.by_engineer(rows), site_zone()
	return {
		user: domain.conflicts(engineer, stays.get(user, []), zone) for user, engineer in engineers.items()
	}


def _row(doc) -> dict[str, frappe._dict]:
	"""A document in the shape of the board's rows."""
	fields = (*dispatch_visits.FIELDS, *dispatch_visits.OF_SHEETS)
	row = frappe._dict({field: doc.get(field) for field in fields}, doctype=doc.doctype)
	row.engineers = [line.user for line in doc.engineers]
	row.needs = dispatch_people.needs(doc.needed_skills)
	return {dispatch_visits.key_of(row): row}


def _moment(start: str) -> datetime:
	try:
		found = get_datetime(start)
	except Exception:
		found = None
	if not isinstance(found, datetime):
		frappe.throw(
			_("{0}: {1} is no time. Give one like {2}.").format(
				frappe.bold(_("Planned from")), escape_html(cstr(start)), "2026-03-02 09:00"
			)
		)
	return found.replace(second=0, microsecond=0)
