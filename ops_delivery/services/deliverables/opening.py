"""A promised deliverable is opened, or put off with its problem on record: none stops another, nor what it follows (5.3.e, 8.2.b)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import assignees
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.agreements import promises
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, AGREEMENT = "Deliverable", "Service Agreement"
DAY = timedelta(days=1)
MOST_NAMED = 20


def note(row: frappe._dict, problem: str) -> None:
	"""What came of an attempt for a row: a problem is noted there, in the error log once, and the row is looked at again tomorrow."""
	before = cstr(row.problem)
	if problem:
		row.make_on = site_now().date() + DAY
		put(row, make_on=row.make_on, problem=problem)
	elif before:
		put(row, problem=None)
	if problem and problem != before:
		frappe.log_error(
			title="Ops Delivery: a promised deliverable was not opened",
			message=f"{row.title} ({row.promise_key}): {problem}",
			reference_doctype=AGREEMENT,
			reference_name=row.parent,
		)
	row.problem = problem


def messages() -> list[str]:
	"""For the health: the promises of which what is due could not be opened, each with its reason."""
	rows = frappe.get_all(
		promises.ROW,
		{"parenttype": AGREEMENT, "docstatus": 1, "make_on": ["<=", site_now().date() + DAY], "problem": ["is", "set"]},
		["parent", "title", "problem"],
		order_by="parent, idx",
		limit=MOST_NAMED,
	)
	return [
		_("{0}, promised deliverable {1}: it is due and could not be opened: {2} It is tried again every day.").format(
			escape_html(row.parent), frappe.bold(escape_html(row.title)), escape_html(row.problem)
		)
		for row in rows
	]


def slot(row: frappe._dict, agreement: frappe._dict, which: str) -> str:
	"""What the database holds but once: the agreement (all its versions), its promise, and the period or the record that it follows.
	The agreement is named as older ones may share the key of a row with the one they were copied from."""
	return f"{number(agreement)}:{row.promise_key}:{which}"


def number(agreement: frappe._dict) -> str:
	"""What all versions of an agreement have in common."""
	return agreement.agreement_number or agreement.name


def put(row: frappe._dict, **values: Any) -> None:
	"""Note where the series of a row stands."""
	frappe.db.set_value(promises.ROW, row.name, values, update_modified=False)


@in_site_language
def insert(row: frappe._dict, agreement: frappe._dict, which: str, title: str, due: date, **more: Any) -> None:
	"""Open one deliverable; `which`: its period or record, see slot(). Errors are those of the record and whoever watches it."""
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"title": title[:140],
			"deliverable_type": row.deliverable_type,
			"agreement": agreement.name,
			"customer": agreement.customer,
			"audience": row.audience,
			"content": row.content,
			"specification": row.specification,
			"wanted_format": row.wanted_format,
			"security_class": row.security_class,
			"compiler": _owner(row, agreement),
			"due_date": due,
			"frequency": promises.sentence(row)[:140],
			"promise": row.title,
			"promise_key": row.promise_key,
			"promise_slot": slot(row, agreement, which),
			**more,
		}
	)
	by_steps.take(doc)
	doc.insert(ignore_permissions=True)


def _owner(row: frappe._dict, agreement: frappe._dict) -> str:
	"""The first who may be its owner by the rule of the record: one of the supplier's people who is still there."""
	return assignees.first_present(row.responsible, agreement.owner_user)
