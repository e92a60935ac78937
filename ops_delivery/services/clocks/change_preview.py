"""What saving a rule does to the clocks that run by it: counted and shown before it is saved (6.3.b, 6.3.e).

A fixed number of queries however many clocks there are; each is worked out in memory as the engine would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain.clock import Status
from ops_delivery.domain.states import CLOCK_LIVE
from ops_delivery.services.clocks import definition_moves, triggers
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import policy_publishing as policy_rules
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.rules.change_reasons import CALENDAR, POLICY
from ops_delivery.services.shared.site_time import to_site, utc_now

MOST_MOVES = 10


@dataclass
class Found:
	"""changes: whether the rule says something else. running, paused: the clocks by it. clocks: how many of the running
	ones move. moves: the ten largest, {doctype, record, commitment, old, new} in the site's time (None: no more; old_state,
	new_state say why). pending:
	the day on which an earlier change begins that this one takes the place of."""

	changes: bool = False
	running: int = 0
	paused: int = 0
	clocks: int = 0
	agreements: list[dict[str, Any]] = field(default_factory=list)
	moves: list[dict[str, Any]] = field(default_factory=list)
	pending: date | None = None

	@property
	def needed(self) -> bool:
		"""Whether from when and why is to be said."""
		return bool(self.changes and (self.clocks or self.pending))


Move = tuple[frappe._dict, datetime | None, datetime | None]  # a clock's row, and its moment before and after


def preview(doc: Any, day: date | None = None, chosen: bool = False) -> Found:
	"""What saving a rule (an unsaved document) as it stands would do, from now on or from a day; `chosen`: it was said."""
	if not doc.name or not frappe.db.exists(doc.doctype, doc.name):
		return Found()
	if doc.doctype == CALENDAR:
		if not versions.current(CALENDAR, doc.name):
			return Found()
		return _calendar(doc, day, chosen)
	if doc.doctype == POLICY:
		return _policy(doc, day, chosen)
	return _gathered(Found(changes=True), definition_moves.moves(doc)) if definition_moves.changes(doc) else Found()


def _calendar(doc: Any, day: date | None, chosen: bool) -> Found:
	pending = calendars.pending(doc)
	same = calendars.says_the_same(doc)
	found = Found(changes=not same or bool(pending and chosen), pending=pending)
	if not found.changes:
		return found
	hours = calendars.changed(doc, day)
	now, kept = utc_now(), triggers.Compiled()

	def moved(row: frappe._dict) -> tuple[datetime | None, datetime | None]:
		clock = clock_store.to_domain(row, kept)
		at = max(now, clock.last_event_at)
		return clock.due, hours.add(at, clock.target - clock.elapsed_at(at, kept))

	return _gathered(found, ((row, *_if_ahead(now, *_of(row, moved))) for row in _rows("calendar", doc.name)))


def _policy(doc: Any, day: date | None, chosen: bool) -> Found:
	if not versions.current(POLICY, doc.name):
		return Found()
	pending = policy_rules.pending(doc)
	found = Found(changes=not policy_rules.says_the_same(doc) or bool(pending and chosen), pending=pending)
	if not found.changes:
		return found
	rows = _rows("policy", doc.name)
	running = [row for row in rows if row.state == "Running"]
	fired, acknowledged = triggers.fired_of([row.name for row in running]) if running else ({}, {})
	# from the day on, the steps that would hold then without this change
	held = policies.of_version(versions.latest(POLICY, doc.name)) if pending and day and pending < day else policies.current(doc.name)
	old, new = held, policy_rules.draft(doc)
	now = utc_now()
	begins = rule_changes.beginning(day) if day else None

	def moved(row: frappe._dict) -> tuple[datetime | None, datetime | None]:
		"""When the next step comes that is another one, or comes at another time, by each of the two."""
		plans = [
			{
				(trigger.step, trigger.round): trigger.due
				for trigger in triggers.pending(row, fired.get(row.name, ()), acknowledged.get(row.name, ()), now, lambda _name, p=p: p)[0]
				if not begins or trigger.due >= begins
			}
			for p in (old, new)
		]
		before, after = (
			[due for key, due in plan.items() if other.get(key) != due] for plan, other in (plans, plans[::-1])
		)
		return min(before, default=None), min(after, default=None)

	return _gathered(found, ((row, *_of(row, moved)) for row in rows))


def _of(row: frappe._dict, moved: Callable) -> tuple[datetime | None, datetime | None]:
	return moved(row) if row.state == Status.RUNNING.value else (None, None)


def _if_ahead(now: datetime, old: datetime | None, new: datetime | None) -> tuple[datetime | None, datetime | None]:
	"""A deadline that has passed is missed by either hours: it does not move."""
	return (None, None) if old and new and old <= now and new <= now else (old, new)


def _rows(fieldname: str, name: str) -> list[frappe._dict]:
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[one] for one in clock_store.CLOCK_FIELDS])
		.where((clock[fieldname] == name) & clock.state.isin(CLOCK_LIVE))
	).run(as_dict=True)


def _gathered(found: Found, moves: Iterator[Move]) -> Found:
	"""Count the clocks, and keep the largest moves and the agreements they belong to."""
	moved, of_agreement = [], Counter()
	for row, old, new in moves:
		found.running += row.state == "Running"
		found.paused += row.state == "Paused"
		if old != new or row.get("was") != row.get("becomes"):
			moved.append((row, old, new))
			of_agreement[row.agreement or ""] += 1
	found.clocks = len(moved)
	moved.sort(key=lambda move: (-_size(move), cstr(move[0].reference_name), cstr(move[0].commitment)))
	found.moves = [
		{
			"doctype": row.reference_doctype,
			"record": row.reference_name,
			"commitment": row.commitment,
			"old": to_site(old),
			"new": to_site(new),
			"old_state": row.get("was") or row.state,
			"new_state": row.get("becomes") or row.state,
		}
		for row, old, new in moved[:MOST_MOVES]
	]
	found.agreements = _titles(of_agreement)
	return found


def _size(move: Move) -> float:
	_row, old, new = move
	return abs((new - old).total_seconds()) if old and new else timedelta.max.total_seconds()


def _titles(of_agreement: Counter) -> list[dict[str, Any]]:
	names = [name for name, _count in of_agreement.most_common() if name]
	titles = dict(
		frappe.get_all(
			"Service Agreement", filters={"name": ["in", names or [""]]}, fields=["name", "title"], as_list=True, order_by="name"
		)
	)
	return [{"name": name, "title": titles.get(name) or name, "clocks": of_agreement[name]} for name in names]

