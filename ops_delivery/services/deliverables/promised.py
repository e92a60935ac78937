"""Promised deliverables become due by themselves, each exactly once (5.3.e, 8.2.b).

A row of an agreement notes the day on which its next deliverable is opened (`make_on`, indexed), so a run costs what is due. Rows are
taken locked without waiting, a batch a transaction: a run that is killed loses nothing, and two at once share the work. A
deliverable has the key of its promise and its period, or of the record it follows, and the database holds each key but once. What
cannot be opened is put off to the next day with its problem (opening.py), and stops nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from functools import partial

import frappe
from frappe.utils import cint, cstr, format_date, getdate

from ops_delivery.domain import agreement_life, major
from ops_delivery.domain.deliverables import promise as domain
from ops_delivery.domain.deliverables.promise import Owed
from ops_delivery.domain.events import AgreementChanged, MajorFound, RequestOver, SurveyClosed
from ops_delivery.domain.periods import Span
from ops_delivery.framework import reading_committed
from ops_delivery.services.agreements import major_terms, promises
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.deliverables import incident_reports, opening
from ops_delivery.services.shared.attempts import attempt
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, AGREEMENT = "Deliverable", "Service Agreement"
BATCH = 50
MOST = 60  # deliverables of one row in one batch; the next one goes on from there
RULING = (agreement_life.ACTIVE, agreement_life.EXPIRED, agreement_life.TERMINATED, agreement_life.SUPERSEDED)
FIELDS = ["name", "title", "agreement_number", "version", "status", "customer", "owner_user", *agreements.PERIOD]
DAY = timedelta(days=1)


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
		if row.due_when in domain.EVENTS:
			_open_owed(row, needed.agreements[row.parent], today)
		else:
			opening.note(row, attempt(partial(_go_on, row, needed, today)))
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
			opening.put(row, make_on=None, rests=agreement.status)
		elif agreement.status not in RULING or row.promise_key in needed.later[row.parent]:
			opening.put(row, make_on=None)
		else:
			# where the series begins stays noted if its first deliverable cannot be opened
			opening.note(row, attempt(partial(_begin, row, agreement, needed, today)) or attempt(partial(_go_on, row, needed, today)))


def after_request(event: RequestOver) -> None:
	"""Reaction: a request is over. Where it is a major incident, the report that was promised of such is opened."""
	if event.major:
		_open_of_incident(event.name, event.agreement, event.priority, event.major, event.day)


def after_major(event: MajorFound) -> None:
	"""Reaction: a request that is over already was found to be a major incident. What was promised counts from today."""
	if event.over:
		_open_of_incident(event.name, event.agreement, event.priority, event.how, site_now().date())


def _open_of_incident(issue: str, agreement: str, priority: str, how: str, day: date) -> None:
	"""A row may ask for the higher priorities alone; what a manager declared is reported on in any case."""
	rows = promises.of_agreements([agreement], due_when=domain.AFTER_INCIDENT)
	order = _priorities(agreement) if any(row.priority for row in rows) else []
	for row in rows:
		if how == major.DECLARED or not row.priority or major.at_least(order, priority, row.priority):
			_open_after(row, "Issue", issue, day)


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


def _made(keys: set[str]) -> dict[tuple[str, str], set[date]]:
	"""By agreement number and promise, the first days of the periods that were opened already."""
	slots = frappe.get_all(DOCTYPE, {"promise_key": ["in", sorted(keys) or [""]]}, pluck="promise_slot", order_by="name")
	found: dict[tuple[str, str], set[date]] = defaultdict(set)
	for slot in slots:
		number, key, day = ["", "", *cstr(slot).rsplit(":", 2)][-3:]
		if len(day) == 8 and day.isdigit():
			found[number, key].add(date(int(day[:4]), int(day[4:6]), int(day[6:])))
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
	"""Note where a promise begins, or goes on after a rest: where the version before it stopped, else with the period of today. What lay in a
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
	row.rests = None
	opening.put(row, next_first=row.next_first, rests=None)


def _go_on(row: frappe._dict, needed: _Needed, today: date) -> None:
	"""Open what a row owes by today, and note when its next one is opened."""
	agreement = needed.agreements[row.parent]
	if agreement.status not in RULING:
		opening.put(row, make_on=None, rests=agreement.status if agreement.status == agreement_life.SUSPENDED else row.rests)
		return
	since, made = getdate(row.next_first) if row.next_first else today, needed.made[opening.number(agreement), row.promise_key]
	found = domain.owed(
		promises.rhythm(row, needed.began[row.parent]), needed.term(row.parent), since, today, made, MOST
	)
	for one in found.owed:
		_open(row, agreement, one)
	made.update(one.slot for one in found.owed)
	opening.put(row, next_first=found.next, make_on=found.open_on, rests=row.rests)


def _open(row: frappe._dict, agreement: frappe._dict, owed: Owed) -> None:
	period = f"{format_date(owed.first)} – {format_date(owed.last)}" if row.due_when != domain.ONCE else ""
	opening.insert(
		row,
		agreement,
		which=f"{owed.slot:%Y%m%d}",
		title=" · ".join(filter(None, (cstr(row.title), period))),
		due=owed.due,
		period_from=owed.first if period else None,
		period_to=owed.last if period else None,
	)


def _open_after(row: frappe._dict, doctype: str, name: str, day: date) -> None:
	"""Open what follows a record, once. What fails is owed by the row from then on, and holds up nothing of what happened."""
	agreement = frappe.db.get_value(AGREEMENT, row.parent, FIELDS, as_dict=True)
	if agreement.status == agreement_life.SUSPENDED:
		return
	if not (problem := attempt(partial(_open_for, row, agreement, doctype, name, day))):
		return
	stored = frappe.db.get_value(promises.ROW, row.name, "owes", for_update=True)  # another record may fail at the same time
	opening.put(row, owes=_kept([*_owed(stored), (doctype, name, day)]))
	opening.note(row, problem)


def _open_owed(row: frappe._dict, agreement: frappe._dict, today: date) -> None:
	"""Try again what a row owes after events."""
	if agreement.status == agreement_life.SUSPENDED:
		opening.put(row, make_on=today + DAY)
		return
	left, problems = [], []
	for doctype, name, day in _owed(row.owes) if agreement.status in RULING else ():
		if not frappe.db.exists(doctype, name):
			continue  # it was deleted since: there is nothing to report on
		if problem := attempt(partial(_open_for, row, agreement, doctype, name, day)):
			left.append((doctype, name, day))
			problems.append(problem)
	opening.put(row, owes=_kept(left), make_on=None)
	opening.note(row, problems[0] if problems else "")


def _open_for(row: frappe._dict, agreement: frappe._dict, doctype: str, name: str, day: date) -> None:
	if frappe.db.exists(DOCTYPE, {"promise_slot": opening.slot(row, agreement, name)}):
		return
	opening.insert(
		row,
		agreement,
		which=name,
		title=f"{row.title} · {name}",
		due=promises.rhythm(row, day).due_after(day),
		event_doctype=doctype,
		event_name=name,
		records=[{"record_doctype": doctype, "record_name": name}],
	)
	if doctype == "Issue":
		incident_reports.link(name)


def _owed(kept: str | None) -> list[tuple[str, str, date]]:
	"""The records, with their days, that a row notes as not opened."""
	return [(doctype, name, date.fromisoformat(day)) for doctype, name, day in json.loads(kept or "[]")]


def _kept(owed: list[tuple[str, str, date]]) -> str | None:
	return json.dumps([(doctype, name, day.isoformat()) for doctype, name, day in dict.fromkeys(owed)]) if owed else None


def _priorities(agreement: str) -> list[str]:
	return major_terms.priorities(frappe.db.get_value(AGREEMENT, agreement, "priority_matrix"))
