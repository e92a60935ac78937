"""Routine Schedules: goal, content, scope, period and people of routine work under an agreement (6.2.a)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.utils import add_to_date, cint, cstr, escape_html, format_date, getdate

from ops_delivery.domain.bounds import BOUNDS
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.rule import Rule
from ops_delivery.permissions import assignees
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.routine import dates, generation, moved_objects, rule_text, ruling
from ops_delivery.services.routine.manuals import DOCTYPE as MANUAL
from ops_delivery.services.shared import domain_errors as errors
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, AGREEMENT, OBJECT = "Routine Schedule", "Service Agreement", "Service Object"
PERSON, GROUP, ROTATION = "Person", "Group", "Rotation"
OVER = ("Superseded", "Terminated", "Expired", "Cancelled")
SHOWN = 12
# what a task that lies ahead follows from
WATCHED = (
	*("enabled", "title", "agreement", "manual", "kind", "rule", "first_date", "last_date", "short_month", "closed_days"),
	*("calendar", "lead_days", "days_to_do", "rhythm", "assign_to", "person", "substitute", "user_group"),
)
# which field of the form a part of the rule is typed in
FIELDS = {"start": "first_date", "BYMONTHDAY": "month_day", "INTERVAL": "every", "short_month": "short_month"}


class Problem(NamedTuple):
	"""What is wrong with a field of a schedule, and the way out (HTML)."""

	field: str
	text: str


class NotPossible(frappe.ValidationError):
	"""A schedule says something that cannot be."""


def validate(doc) -> None:
	"""Fill in what follows from what was chosen, and refuse what cannot be. NotPossible names every field."""
	prepare(doc)
	found = list(problems(doc))
	if found:
		frappe.throw(
			"<ul>" + "".join(f"<li><b>{escape_html(_label(doc, row.field))}</b>: {row.text}</li>" for row in found) + "</ul>",
			NotPossible,
			title=_("Please correct"),
		)


def prepare(doc) -> None:
	"""What the form shows and nobody types: whose it is, and the rule that the choices say."""
	doc.customer = frappe.db.get_value(AGREEMENT, doc.agreement, "customer") if doc.agreement else None
	for row in doc.objects:
		if row.service_object:
			row.object_name = frappe.get_cached_value(OBJECT, row.service_object, "object_name")
	before = doc.get_doc_before_save()
	if before and any(cstr(doc.get(name)) != cstr(before.get(name)) for name in ("first_date", "repeats", "rhythm")):
		doc.counted_from = None
	with suppress(DomainError):  # said by problems()
		doc.rule = rule_text.write(doc)


def problems(doc) -> Iterator[Problem]:
	"""What is wrong with a schedule, field by field."""
	before = doc.get_doc_before_save()
	yield from _of_agreement(doc, before)
	yield from _of_manual(doc, before)
	yield from _of_objects(doc)
	yield from _of_people(doc)
	if doc.last_date and doc.first_date and getdate(doc.last_date) < getdate(doc.first_date):
		yield Problem(
			"last_date",
			_("{0} lies before {1}. Correct one of the two.").format(
				frappe.bold(format_date(doc.last_date)), format_date(doc.first_date)
			),
		)
		return
	yield from _of_assistance(doc)
	yield from _of_rule(doc)


def follow(doc) -> None:
	"""After a schedule was saved: the tasks that lie ahead and nobody has begun are made anew by it, what was done stays."""
	before = doc.get_doc_before_save()
	if before and not _says_otherwise(doc, before):
		return
	generation.begin_anew(doc.name)
	moved_objects.tell(doc.name)


def draft(values: Any) -> Any:
	"""A schedule as it stands in the form; it is not saved."""
	doc = frappe.new_doc(DOCTYPE)
	if not isinstance(values, dict) or not all(_is_of_a_form(doc, key, value) for key, value in values.items()):
		frappe.throw(_("{0}: the form's content cannot be read. Reload the page.").format(_(DOCTYPE)))
	doc.update({key: value for key, value in values.items() if key != "doctype"})
	doc.flags.ignore_children_type = True
	field_types.cast(doc)
	if values.get("name") and frappe.db.exists(DOCTYPE, values["name"]):
		doc._doc_before_save = frappe.get_doc(DOCTYPE, values["name"])
		doc._doc_before_save.check_permission("read")
	return doc


def _is_of_a_form(doc, fieldname: str, value: Any) -> bool:
	"""Whether a form can send such a value: rows for a table, one value for every other field."""
	df = doc.meta.get_field(fieldname)
	if df and df.fieldtype in table_fields:
		return value is None or (isinstance(value, list) and all(isinstance(row, dict) for row in value))
	return not df or not isinstance(value, dict | list)


def preview(doc) -> dict[str, Any]:
	"""What a schedule as it stands in the form would make: its rule, its next dates, those of a year ahead, what is wrong with it.

	The dates come from the function that makes the tasks, from today on.
	"""
	if doc.agreement and frappe.db.exists(AGREEMENT, doc.agreement):
		frappe.has_permission(AGREEMENT, "read", doc.agreement, throw=True)
	prepare(doc)
	if beyond := [row._asdict() for row in _beyond_bounds(doc)]:  # no date can be counted with them
		return {"rule": doc.rule, "dates": [], "year": [], "problems": beyond}
	found = [row._asdict() for row in problems(doc)]
	shown: list[dict[str, Any]] = []
	last, terms = ruling.last_day_of(doc.agreement), dates.terms_of(doc)
	year, end = [], add_to_date(site_now().date(), years=1)
	with suppress(DomainError):  # said among the problems
		for due in dates.upcoming(doc, site_now().date()) if doc.first_date else ():
			if due.at < end:
				year.append({"day": due.at, "moved": due.moved, "after_agreement": bool(last and due.at > last)})
			elif len(shown) >= SHOWN:
				break
			if len(shown) >= SHOWN:
				continue
			shown.append(
				{
					"planned_on": due.at,
					"meant_for": due.origin if due.moved else None,
					"made_on": terms.made_on(due.at),
					"due_on": terms.due_on(due.at),
					"after_agreement": bool(last and due.at > last),
				}
			)
	return {"rule": doc.rule, "dates": shown, "year": year, "problems": found}


def _says_otherwise(doc, before) -> bool:
	if any(cstr(doc.get(name)) != cstr(before.get(name)) for name in WATCHED):
		return True
	return any(
		[row.get(column) for row in doc.get(table)] != [row.get(column) for row in before.get(table)]
		for table, column in (
			*(("objects", "service_object"), ("people", "user")),
			*(("assistance", column) for column in ("what", "details", "days_before")),
		)
	)


def _beyond_bounds(doc) -> Iterator[Problem]:
	"""Numbers that are refused when it is saved (number_bounds)."""
	for field, (least, most) in BOUNDS[DOCTYPE].items():
		if doc.get(field) not in (None, "") and not least <= cint(doc.get(field)) <= most:
			yield Problem(field, _("Enter a number from {0} to {1}.").format(least, most))


def _of_agreement(doc, before) -> Iterator[Problem]:
	if not doc.agreement:
		yield Problem("agreement", _("Choose the agreement under which the work is done."))
		return
	status = frappe.db.get_value(AGREEMENT, doc.agreement, "status")
	if status in OVER and doc.enabled and (not before or before.agreement != doc.agreement):
		yield Problem(
			"agreement",
			_("{0} is {1}: nothing is made under it. Choose one that is in force, or a draft of the next one.").format(
				frappe.bold(escape_html(doc.agreement)), _(status, context=AGREEMENT)
			),
		)


def _of_manual(doc, before) -> Iterator[Problem]:
	if not doc.manual:
		yield Problem("manual", _("Choose the manual by which the work is done."))
		return
	row = frappe.db.get_value(MANUAL, doc.manual, ["status", "published_version", "customer"], as_dict=True)
	if not row:
		yield Problem("manual", _("{0} is not known.").format(escape_html(doc.manual)))
	elif row.status == "Retired" and doc.enabled:
		yield Problem(
			"manual",
			_("{0} is retired. Choose a manual that is published, or switch the schedule off.").format(
				frappe.bold(escape_html(doc.manual))
			),
		)
	elif not row.published_version and doc.enabled:
		yield Problem(
			"manual",
			_("{0} was never published: have it reviewed and published first, or switch the schedule off until then.").format(
				frappe.bold(escape_html(doc.manual))
			),
		)


def _of_objects(doc) -> Iterator[Problem]:
	names = [row.service_object for row in doc.objects if row.service_object]
	if not names:
		yield Problem("objects", _("Add at least one object."))
		return
	for name in sorted({name for name in names if names.count(name) > 1}):
		yield Problem("objects", _("{0} is listed twice. Remove one row.").format(frappe.bold(escape_html(name))))
	known = {
		row.name: row
		for row in frappe.get_all(
			OBJECT, {"name": ["in", names]}, ["name", "object_name", "customer", "enabled"], order_by="name"
		)
	}
	covered = _covered(doc.agreement)
	for row in known.values():
		theirs = not doc.customer or row.customer == doc.customer
		name = frappe.bold(escape_html(row.object_name if theirs else row.name))
		if not theirs:
			yield Problem("objects", _("{0} belongs to another customer. Choose objects of {1}.").format(name, escape_html(doc.customer)))
		elif not row.enabled and doc.enabled:
			yield Problem("objects", _("{0} is switched off. Remove its row, or enable the object.").format(name))
		elif covered is not None and row.name not in covered:
			yield Problem("objects", _("{0} is not covered by the agreement. Remove its row, or have the agreement amended.").format(name))


def _covered(agreement: str | None) -> set[str] | None:
	"""The objects that an agreement covers; None where it covers all of the customer's."""
	if not agreement or cint(frappe.db.get_value(AGREEMENT, agreement, "covers_all_objects")):
		return None
	filters = {"parenttype": AGREEMENT, "parent": agreement}
	return set(frappe.get_all("Service Agreement Object", filters, pluck="service_object", order_by="idx"))


def _of_people(doc) -> Iterator[Problem]:
	named = {
		PERSON: [("person", doc.person), ("substitute", doc.substitute)],
		ROTATION: [("people", row.user) for row in doc.people],
	}.get(doc.assign_to, [])
	needed = {PERSON: "person", GROUP: "user_group", ROTATION: "people"}.get(doc.assign_to)
	if needed and not doc.get(needed):
		yield Problem(needed, _("Say who does it."))
	task = frappe.get_doc({"doctype": generation.TASK, "customer": doc.customer, "agreement": doc.agreement})
	for field, user in named:
		if user and (doc.enabled or not is_staff(user)) and (why := assignees.refusal(user, task)):
			yield Problem(field, why)


def _of_assistance(doc) -> Iterator[Problem]:
	for row in doc.assistance:
		if cint(row.days_before) >= cint(doc.lead_days):
			yield Problem(
				"assistance",
				_("Row {0}: it is to be confirmed {1} days before, and the task is made {2} days ahead. Make tasks further ahead.").format(
					row.idx, cint(row.days_before), cint(doc.lead_days)
				),
			)


def _of_rule(doc) -> Iterator[Problem]:
	if not doc.first_date:
		yield Problem("first_date", _("Say from when on."))
		return
	if dates.looks_at_days_off(doc) and not dates.calendar_name(doc):
		yield Problem("calendar", _("Choose a calendar: the agreement has no service hours."))
		return
	try:
		rule = Rule.read(rule_text.write(doc))
		if rule.count and doc.rhythm == generation.MOVED:
			yield Problem("rhythm", _("A rule that ends after a number of dates cannot move. Let it end on a day, by Until."))
		found = list(islice(dates.upcoming(doc, getdate(doc.first_date)), SHOWN))
	except DomainError as error:
		field = FIELDS.get(cstr(error.context.get("field")), "rule")
		yield Problem("rule" if doc.repeats == rule_text.BY_A_RULE and field != "first_date" else field, errors.message(error))
		return
	if not found:
		yield Problem("rule", _("There is no date between {0} and {1}. Change the rule or the days.").format(format_date(doc.first_date), format_date(doc.last_date)))


def _label(doc, fieldname: str) -> str:
	field = doc.meta.get_field(fieldname)
	return _(field.label or fieldname, context=doc.doctype)


