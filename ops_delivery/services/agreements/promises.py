"""The deliverables that an agreement promises, row by row: kept apart by a key, checked, and said in words (5.3.e, 8.2.b)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.deliverables import promise as domain
from ops_delivery.domain.deliverables.promise import Rhythm
from ops_delivery.permissions.ownership import is_staff

ROW, TABLE = "Promised Deliverable", "promised"
FROM_FIRST_DAY = "From the First Day"
KEY_LENGTH = 10
COLUMNS = [
	*("name", "parent", "idx", "title", "deliverable_type", "due_when", "days", "counted", "priority", "audience", "responsible"),
	*("lead_days", "wanted_format", "security_class", "content", "specification", "promise_key", "next_first", "make_on", "rests"),
	*("owes", "problem"),
]


class WrongPromise(frappe.ValidationError):
	"""A promised deliverable contradicts itself."""


def prepare(doc: Any) -> None:
	"""Each row has a key of its own, which the next versions of the same agreement keep: what was delivered is known by it. What
	a copy, an import or a successor brings along is another agreement's, and is given a new one."""
	seen: set[str] = set()
	own = _own_keys(doc)
	for row in doc.get(TABLE) or []:
		if row.promise_key not in own or row.promise_key in seen:
			row.promise_key = frappe.generate_hash(length=KEY_LENGTH)
		seen.add(row.promise_key)
		if row.due_when not in domain.PERIODIC:
			row.counted = "By the Calendar"
		if row.due_when != domain.AFTER_INCIDENT:
			row.priority = None


def _own_keys(doc: Any) -> set[str]:
	"""The keys a document's rows may have: those they had, and those of the versions before it."""
	before = doc.get_doc_before_save()
	own = {row.promise_key for row in (before.get(TABLE) if before else None) or []}
	if all(row.promise_key in own for row in doc.get(TABLE) or [] if row.promise_key):
		return own
	source = doc.get("previous_version") or doc.get("amended_from")
	number = source and frappe.db.get_value("Service Agreement", source, "agreement_number")
	if not number or doc.get("agreement_number") != number:
		return own
	versions = frappe.get_all("Service Agreement", {"agreement_number": number}, pluck="name", order_by="version")
	return own | {row.promise_key for row in of_agreements(versions)}


def check(doc: Any) -> None:
	"""Refuse rows that cannot be kept. WrongPromise names row, field and value."""
	titles = [cstr(row.title).strip() for row in doc.get(TABLE) or []]
	for row in doc.get(TABLE) or []:
		if titles.count(cstr(row.title).strip()) > 1:
			_refuse(row, "title", _("it is there twice. Name each deliverable once."))
		for field in ("days", "lead_days"):
			if not 0 <= cint(row.get(field)) <= domain.MOST_DAYS:
				_refuse(row, field, _("{0} is not possible. Enter 0 to {1}.").format(cint(row.get(field)), domain.MOST_DAYS))
		if row.deliverable_type and not frappe.get_cached_value("Deliverable Type", row.deliverable_type, "enabled"):
			_refuse(row, "deliverable_type", _("{0} is switched off. Choose another one.").format(escape_html(row.deliverable_type)))
		if row.responsible and not is_staff(row.responsible):
			_refuse(row, "responsible", _("{0} does not work on the desk. Choose one of the supplier's people.").format(escape_html(row.responsible)))


def rhythm(row: Any, began: date) -> Rhythm:
	"""When a row's deliverables are owed; `began`: the first day of the agreement's first version."""
	anchor = began if row.counted == FROM_FIRST_DAY else None
	return Rhythm(row.due_when, cint(row.days), cint(row.lead_days), anchor)


def sentence(row: Any) -> str:
	"""When it is delivered, in words."""
	days = cint(row.days)
	if row.due_when == domain.ONCE:
		return _("once, within {0} days after the first day").format(days)
	if row.due_when == domain.AFTER_INCIDENT:
		return _("within {0} days after a major incident is over").format(days)
	if row.due_when == domain.AFTER_SURVEY:
		return _("within {0} days after a survey is closed").format(days)
	return {
		"Every Week": _("every week, within {0} days after it"),
		"Every Month": _("every month, within {0} days after it"),
		"Every Quarter": _("every quarter, within {0} days after it"),
		"Every Half-year": _("every half-year, within {0} days after it"),
		"Every Year": _("every year, within {0} days after it"),
	}[row.due_when].format(days)


def of_agreements(names: Iterable[str], **filters: Any) -> list[frappe._dict]:
	"""The rows of agreements, in their order; each with its agreement as `parent`."""
	wanted = {"parenttype": "Service Agreement", "parent": ["in", sorted(names) or [""]], **filters}
	return frappe.get_all(ROW, wanted, COLUMNS, order_by="parent, idx")


def _refuse(row: Any, field: str, text: str) -> None:
	frappe.throw(
		_("{0}, row {1} ({2}): {3}").format(
			frappe.bold(_("Promised Deliverables")), row.idx, f"{escape_html(cstr(row.title))}, {_label(field)}", text
		),
		WrongPromise,
	)


def _label(field: str) -> str:
	return _(frappe.get_meta(ROW).get_label(field), context=ROW)
