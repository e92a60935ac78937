"""Promised deliverables become due by themselves, each exactly once (5.3.e, 8.2.b).

A row of an agreement notes the day on which its next deliverable is opened (`make_on`, indexed), so a run costs what is due. Rows are
taken locked without waiting, a batch a transaction: a run that is killed loses nothing, and two at once share the work. A
deliverable has the key of its promise and its period, or of the record it follows, and the database holds each key but once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import cint, cstr, format_date, getdate

from ops_delivery.domain import agreement_life
from ops_delivery.domain.deliverables import promise as domain
from ops_delivery.domain.deliverables.promise import Owed
from ops_delivery.domain.events import AgreementChanged, RequestOver, SurveyClosed
from ops_delivery.domain.periods import Span
from ops_delivery.framework import reading_committed
from ops_delivery.permissions import steps as by_steps
from ops_delivery.permissions.ownership import lost_access
from ops_delivery.services.agreements import promises
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, AGREEMENT = "Deliverable", "Service Agreement"
BATCH = 50
MOST = 60  # deliverables of one row in one batch; the next one goes on from there
RULING = (agreement_life.ACTIVE, agreement_life.EXPIRED, agreement_life.TERMINATED, agreement_life.SUPERSEDED)
FIELDS = ["name", "title", "agreement_number", "version", "status", "customer", "owner_user", *agreements.PERIOD]
DAY = timedelta(days=1)
SAVEPOINT = "ops_promised"


@in_site_language
def run() -> None:
	"""Scheduled, hourly: open what is due to be opened."""
	with reading_committed():
		while open_batch():
			frappe.db.commit()  # nosemgrep: a batch a transaction
		frappe.db.commit()  # nosemgrep: the locks go


def open_batch(names: list[str] | None = None) -> int:
	"""Open the deliverables of up to BATCH rows that are due (of `names` alone); how many rows were looked at. The caller commits."""
	today = site_now().date()
	rows = _claim(today, names)
	if not rows:
		return 0
	needed = _Needed(rows)
	for row in rows:
		_go_on(row, needed, today)
	return len(rows)


def follow(event: AgreementChanged) -> None:
	"""Reaction: an agreement is another than it was. Its promises begin, rest, go on or end with it."""
	rows = promises.of_agreements([event.agreement], due_when=["in", [*domain.PERIODIC, domain.ONCE]])
	if not rows:
		return
	needed, today = _Needed(rows), site_now().date()
	for row in rows:
		agreement = needed.agreements[row.parent]
		if agreement.status == agreement_life.SUSPENDED:
			_set(row, make_on=None, rests=agreement.status)
		elif agreement.status not in RULING or row.promise_key in needed.later[row.parent]:
			_set(row, make_on=None)
		else:
			_begin(row, agreement, needed, today)


def after_request(event: RequestOver) -> None:
	"""Reaction: a request is over. Where it was major by its agreement, the report on it is opened."""
	rows = promises.of_agreements([event.agreement], due_when=domain.AFTER_INCIDENT)
	if not rows:
		return
	order = _priorities(event.agreement)
	for row in rows:
		least = row.priority or (order[-1] if order else None)
		if event.priority in order and least in order and order.index(event.priority) >= order.index(least):
			_open_after(row, "Issue", event.name, event.day)


def after_survey(event: SurveyClosed) -> None:
	"""Reaction: a survey of a customer's people is closed. What was promised of it is opened."""
	for row in promises.of_agreements([event.agreement], due_when=domain.AFTER_SURVEY):
		_open_after(row, "Survey Round", event.name, event.day)


class _Needed:
	"""What the rows of one batch need, read for all of them at once."""

	def __init__(self, rows: list[frappe._dict]) -> None:
		names = sorted({row.parent for row in rows})
		self.agreements = {row.name: row for row in frappe.get_all(AGREEMENT, {"name": ["in", names]}, FIELDS, order_by="name")}
		numbers = sorted({row.agreement_number or "" for row in self.agreements.values()})
		versions = frappe.get_all(
			AGREEMENT, {"agreement_number": ["in", numbers], "docstatus": 1, "status": ["in", RULING]}, FIELDS, order_by="version"
		)
		keys: dict[str, set[str]] = defaultdict(set)
		self.next_of: dict[tuple[str, str], date] = {}
		for other in promises.of_agreements([row.name for row in versions]):
			keys[other.parent].add(other.promise_key)
			if other.next_first:
				self.next_of[other.parent, other.promise_key] = getdate(other.next_first)
		self.began: dict[str, date] = {}
		self.last: dict[str, date] = {}
		self.later: dict[str, set[str]] = {}
		self.earlier: dict[str, list[str]] = {}
		for name, row in self.agreements.items():
			same = [one for one in versions if one.agreement_number == row.agreement_number]
			after = [one for one in same if cint(one.version) > cint(row.version)]
			self.began[name] = min(getdate(one.start_date) for one in [*same, row])
			self.later[name] = set().union(*(keys[one.name] for one in after))
			self.earlier[name] = [one.name for one in reversed(same) if cint(one.version) < cint(row.version)]
			last = agreements.last_day(row)
			self.last[name] = min([last, *(getdate(one.start_date) - DAY for one in after)])
		self.made = _made({row.promise_key for row in rows})

	def term(self, agreement: str) -> Span:
		"""The days on which promises of a version are reported on: those of the versions before it, too, whose series goes on."""
		return Span(self.began[agreement], self.last[agreement])


def _made(keys: set[str]) -> dict[str, set[date]]:
	"""By promise, the first days of the periods that were opened already."""
	slots = frappe.get_all(DOCTYPE, {"promise_key": ["in", sorted(keys) or [""]]}, pluck="promise_slot", order_by="name")
	found: dict[str, set[date]] = defaultdict(set)
	for slot in slots:
		key, _colon, day = cstr(slot).partition(":")
		if len(day) == 8 and day.isdigit():
			found[key].add(date(int(day[:4]), int(day[4:6]), int(day[6:])))
	return found


def _claim(today: date, names: list[str] | None) -> list[frappe._dict]:
	table = frappe.qb.DocType(promises.ROW)
	query = (
		frappe.qb.from_(table)
		.select(*[table[name] for name in promises.COLUMNS])
		.where((table.make_on <= today) & (table.parenttype == AGREEMENT) & (table.docstatus == 1))
		.orderby(table.make_on)
		.orderby(table.name)
		.limit(BATCH)
		.for_update(skip_locked=True)
	)
	if names is not None:
		query = query.where(table.name.isin(sorted(names) or [""]))
	return query.run(as_dict=True)


def _begin(row: frappe._dict, agreement: frappe._dict, needed: _Needed, today: date) -> None:
	"""A promise begins, or goes on after a rest: where the version before it stopped, else with the period of today. What lay in a
	suspension is not owed; neither is what an agreement that is signed late would have owed before."""
	row.next_first = getdate(row.next_first) if row.next_first else None
	if not row.next_first:
		row.next_first = next((needed.next_of[name, row.promise_key] for name in needed.earlier[row.parent] if (name, row.promise_key) in needed.next_of), None)
	rhythm = promises.rhythm(row, needed.began[row.parent])
	if row.due_when != domain.ONCE:
		present = rhythm.period(max(today, getdate(agreement.start_date))).first
		if not row.next_first:
			row.next_first = present
		elif row.rests:
			row.next_first = max(row.next_first, present)
	elif row.make_on is None and needed.made[row.promise_key]:
		return
	row.rests = None
	_go_on(row, needed, today)


def _go_on(row: frappe._dict, needed: _Needed, today: date) -> None:
	"""Open what a row owes by today, and note when its next one is opened."""
	agreement = needed.agreements[row.parent]
	if agreement.status not in RULING:
		_set(row, make_on=None, rests=agreement.status if agreement.status == agreement_life.SUSPENDED else row.rests)
		return
	since = getdate(row.next_first) if row.next_first else today
	found = domain.owed(
		promises.rhythm(row, needed.began[row.parent]), needed.term(row.parent), since, today, needed.made[row.promise_key], MOST
	)
	for one in found.owed:
		_open(row, agreement, one)
		needed.made[row.promise_key].add(one.slot)
	_set(row, next_first=found.next, make_on=found.open_on, rests=row.rests)


def _open(row: frappe._dict, agreement: frappe._dict, owed: Owed) -> None:
	period = f"{format_date(owed.first)} – {format_date(owed.last)}" if row.due_when != domain.ONCE else ""
	_insert(
		row,
		agreement,
		slot=f"{row.promise_key}:{owed.slot:%Y%m%d}",
		title=" · ".join(filter(None, (cstr(row.title), period))),
		due=owed.due,
		period_from=owed.first if period else None,
		period_to=owed.last if period else None,
	)


def _open_after(row: frappe._dict, doctype: str, name: str, day: date) -> None:
	"""Open what follows a record, once; an error there is put on record and holds up nothing of what happened."""
	slot = f"{row.promise_key}:{name}"
	if frappe.db.exists(DOCTYPE, {"promise_slot": slot}):
		return
	agreement = frappe.db.get_value(AGREEMENT, row.parent, FIELDS, as_dict=True)
	if agreement.status == agreement_life.SUSPENDED:
		return
	due = promises.rhythm(row, day).due_after(day)
	frappe.db.savepoint(SAVEPOINT)
	try:
		_insert(
			row,
			agreement,
			slot=slot,
			title=f"{row.title} · {name}",
			due=due,
			event_doctype=doctype,
			event_name=name,
			records=[{"record_doctype": doctype, "record_name": name}],
		)
	except frappe.QueryDeadlockError:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		frappe.log_error(
			title="Ops Delivery: a promised deliverable was not opened",
			message=f"{slot}: {type(error).__name__}: {error}"[:1000],
			reference_doctype=AGREEMENT,
			reference_name=row.parent,
		)


@in_site_language
def _insert(row: frappe._dict, agreement: frappe._dict, slot: str, title: str, due: date, **more: Any) -> str | None:
	doc = frappe.new_doc(DOCTYPE)
	owner = next((user for user in (row.responsible, agreement.owner_user) if user and not lost_access(user)), None)
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
			"compiler": owner or "Administrator",
			"due_date": due,
			"frequency": promises.sentence(row)[:140],
			"promise": row.title,
			"promise_key": row.promise_key,
			"promise_slot": slot,
			**more,
		}
	)
	by_steps.take(doc)
	return doc.insert(ignore_permissions=True).name


def _priorities(agreement: str) -> list[str]:
	matrix = frappe.db.get_value(AGREEMENT, agreement, "priority_matrix")
	return [row.priority for row in frappe.get_cached_doc("Priority Matrix", matrix).priorities] if matrix else []


def _set(row: frappe._dict, **values: Any) -> None:
	frappe.db.set_value(promises.ROW, row.name, values, update_modified=False)
