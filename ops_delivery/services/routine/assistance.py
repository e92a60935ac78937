"""What the customer is asked to provide for a task, and what they say to it: access, rights, helpers, a place to work (6.2.e).

A schedule says what is asked and how many days before; each task carries its own requests. The customer's people answer on the
portal, staff record what was said elsewhere. What is declined, or not answered by its day, is on the planner's list at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain.routine import assistance as domain
from ops_delivery.domain.routine.assistance import ASKED, CONFIRMED, DECLINED
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.outbox import outbox
from ops_delivery.services.routine import planner
from ops_delivery.services.shared.given_texts import stated
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

TASK, SCHEDULE, REQUEST = "Routine Task", "Routine Schedule", "Routine Assistance Request"
KEY_POINT = "ops_routine_asked"
COLUMNS = ("name", "parent", "parenttype", "parentfield", "idx", "what", "details", "needed_by", "state")
OPEN = planner.OPEN


class NotAsked(frappe.ValidationError):
	"""An answer to what is not asked, or not any more."""


def of_schedules(names: list[str]) -> dict[str, list[frappe._dict]]:
	"""What these schedules ask for, by schedule: one query."""
	found: dict[str, list[frappe._dict]] = defaultdict(list)
	fields = ["parent", "what", "details", "days_before"]
	for row in frappe.get_all(
		"Routine Assistance", {"parenttype": SCHEDULE, "parent": ["in", names]}, fields, order_by="parent, idx"
	):
		found[row.parent].append(row)
	return found


def rows(task: str, planned: date, asked: Iterable[Any]) -> list[tuple[Any, ...]]:
	"""The requests of a task that is being made, as rows of COLUMNS."""
	return [
		(
			*(frappe.generate_hash(length=12), task, TASK, "assistance", idx, row.what, row.details),
			*(domain.needed_by(planned, cint(row.days_before)), ASKED),
		)
		for idx, row in enumerate(asked, start=1)
	]


def tell(tasks: Iterable[str]) -> None:
	"""The customer's people are told of what is asked for new tasks (a notice each, sent after the commit)."""
	for name in tasks:
		outbox.post(TASK, name, KEY_POINT, new=True)


def answer(doc: Any, row_name: str, confirmed: bool, words: str, person: str, recorded_by: str | None = None) -> str:
	"""The customer's answer to one request of a task that the caller has locked; how the task stands then.

	`person`: who of the customer's people says so; `recorded_by`: who of ours wrote it down. Declining needs words. An answer
	may be given anew until the task has ended. NotAsked.
	"""
	row = next((row for row in doc.assistance if row.name == row_name), None)
	if row is None or doc.status not in OPEN:
		frappe.throw(
			_("{0}: this is not asked any more. Open the page once more.").format(frappe.bold(escape_html(cstr(doc.title)))),
			NotAsked,
		)
	words, person = stated(words, _("Answer", context=REQUEST)), cstr(person).strip()
	if not confirmed and not words:
		frappe.throw(_("Say why it cannot be provided, or when it can."), frappe.MandatoryError)
	if recorded_by and not person:
		frappe.throw(_("Say who of the customer's people said so."), frappe.MandatoryError)
	row.update(
		{
			"state": CONFIRMED if confirmed else DECLINED,
			"answer": words or None,
			"answered_by": person[:140],
			"answered_on": site_now(),
			"recorded_by": recorded_by,
		}
	)
	doc.customer_side = standing(doc)
	by_steps.take(doc).save(ignore_permissions=True)
	planner.refresh(doc)
	return doc.customer_side


def record(name: str, row: str, confirmed: bool, words: str, person: str) -> str:
	"""What one of the customer's people said elsewhere, written down by staff; how the task stands then."""
	doc = frappe.get_doc(TASK, name, for_update=True)
	doc.check_permission("write")
	return answer(doc, row, confirmed, words, person, recorded_by=frappe.session.user)


def standing(doc: Any) -> str:
	"""How things stand with what was asked for a task; "" where nothing was."""
	return domain.standing(
		[domain.Request(row.state, getdate(row.needed_by) if row.needed_by else None) for row in doc.assistance],
		site_now().date(),
	)


@in_site_language
def settle_overdue() -> None:
	"""Hourly: what was not answered by its day goes on the planner's list, once a task. One statement where there is none."""
	task, request = frappe.qb.DocType(TASK), frappe.qb.DocType(REQUEST)
	names = (
		frappe.qb.from_(request)
		.join(task)
		.on(task.name == request.parent)
		.select(task.name)
		.distinct()
		.where((request.state == ASKED) & (request.needed_by < site_now().date()))
		.where((task.customer_side == ASKED) & task.status.isin(OPEN))
		.orderby(task.name)
	).run(pluck=True)
	for name in names:
		doc = frappe.get_doc(TASK, name, for_update=True)
		if doc.status not in OPEN:  # done or cancelled while we waited for it
			continue
		doc.db_set("customer_side", standing(doc), update_modified=False)  # it may have been answered meanwhile
		planner.refresh(doc)
