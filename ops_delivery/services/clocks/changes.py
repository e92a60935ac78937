"""What happens to one clock: its domain state, its row and its ledger lines move together, and never backwards (5.3.d)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import frappe
from frappe import _

from ops_delivery.domain import clock as domain
from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.clock import Clock, Event, Kind
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules import calendars
from ops_delivery.services.shared.locale import moment as as_read
from ops_delivery.services.shared.site_time import to_site


class CalendarVersions(Mapping):
	"""The compiled calendars by the name of their Rule Version, loaded when asked for."""

	def __getitem__(self, version: str) -> WorkCalendar:
		return calendars.compiled(version)

	def __iter__(self) -> Iterator[str]:
		return iter(())

	def __len__(self) -> int:
		return 0

	def __contains__(self, version: object) -> bool:
		return isinstance(version, str)


CALENDARS = CalendarVersions()
PUT_BACK = timedelta(minutes=5)  # what a server's clock may be put back, as time services do, without a word


@dataclass
class Change:
	"""One clock of a plan: its row as it will stand, its domain state and the events that led there."""

	row: frappe._dict
	clock: Clock | None
	new: bool = False
	events: list[frappe._dict] = field(default_factory=list)


def happen(change: Change, kind: Kind, at: datetime, target: int | None = None, reason: str = "") -> None:
	"""Let an event happen to a clock: its state, its row and its ledger line. DomainError as apply() raises.

	The ledger runs forwards: where the server's clock was put back a little, the event counts from the last one.
	"""
	at = _not_before_the_last(change, at)
	event = Event(kind, at, target=target, calendar=change.row.calendar_version, reason=reason)
	change.clock = domain.apply(change.clock, event, CALENDARS)
	clock_store.record(change.row, change.clock, event, change.events)


def _not_before_the_last(change: Change, at: datetime) -> datetime:
	last = change.clock.last_event_at if change.clock else None
	if not last or at >= last:
		return at
	if last - at > PUT_BACK:
		frappe.throw(
			_(
				"The server's clock says {0}, but something happened to {1} of {2} at {3} already. Nothing was saved. Ask an administrator to set the server's clock; then save again."
			).format(
				as_read(to_site(at)),
				frappe.bold(_(change.row.commitment, context="Service Commitment")),
				frappe.bold(frappe.utils.escape_html(change.row.reference_name)),
				as_read(to_site(last)),
			),
			title=_("The server's clock is wrong"),
		)
	return last
