"""What every section of a report is told: the agreement's versions, the period in its calendar's zone, and what is read once for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import getdate

from ops_delivery.domain.periods import Span
from ops_delivery.domain.service_report import spans
from ops_delivery.domain.service_report.model import DAY, NUMBER, Said, Section, label, said, typed
from ops_delivery.services.agreements import succession
from ops_delivery.services.assessment import measuring
from ops_delivery.services.clocks.figures import Scope
from ops_delivery.services.shared import site_time

AGREEMENT = "Service Agreement"
COURSE = 6  # periods in a trend, this one included


@dataclass
class Period:
	"""A period of an agreement, both days included, counted in the zone of its calendar.

	`agreement`: the version that rules on its last day (else the latest that rules in it, else the one asked for). `versions`: those that rule in it, the oldest
	first, each with `span`; `names`: all versions of the agreement. `began`: the first day of the first version. `read`: what sections share.
	"""

	agreement: Any
	span: Span
	zone: str
	versions: tuple[Any, ...]
	names: tuple[str, ...]
	began: date
	ended: date
	read: dict[Any, Any] = field(default_factory=dict)

	def once(self, key: Any, make: Callable[[], Any]) -> Any:
		"""What several sections need, read when the first one asks."""
		if key not in self.read:
			self.read[key] = make()
		return self.read[key]

	def section(self, collector: Callable[[Period], Section]) -> Section:
		"""What a collector finds, collected once for whoever asks."""
		return self.once(collector, lambda: collector(self))

	@property
	def scope(self) -> Scope:
		"""What the measuring services count."""
		return Scope(self.span.first, self.span.last, agreement=list(self.names), zone=self.zone)

	def scope_of(self, span: Span) -> Scope:
		"""The same of other days."""
		return replace(self.scope, from_date=span.first, to_date=span.last)

	@property
	def moments(self) -> tuple[datetime, datetime]:
		"""The first moment and the first after it, as the site stores them."""
		return self.scope.moments

	@property
	def is_in_site_zone(self) -> bool:
		"""Whether the agreement's days are those of the site."""
		return self.zone == str(site_time.site_zone())

	@property
	def before(self) -> Span | None:
		"""The period before; None where the agreement had not begun."""
		found = spans.before(self.span)
		return found if found.last >= self.began else None

	@property
	def course(self) -> list[Span]:
		"""The periods of a trend, the oldest first."""
		return spans.course(self.span, COURSE, self.began)

	def document(self, name: str) -> Any:
		"""A version of the agreement, read once."""
		return self.agreement if name == self.agreement.name else self.once(f"version {name}", lambda: frappe.get_doc(AGREEMENT, name))

	@property
	def documents(self) -> list[Any]:
		"""The versions that rule in the period as documents, the oldest first; the asked one where none does."""
		names = [one.name for one in self.versions] or [self.agreement.name]
		return [self.document(name) for name in names]

	def notes(self) -> tuple[Said, ...]:
		"""What is to be known of the period itself: versions that followed each other in it, days that no version rules, its end to come."""
		found = [
			said(
				label("On {0} version {1} of the agreement came into force. What falls to a day is measured by the version that ruled on it."),
				typed(DAY, str(one.span.first)),
				typed(NUMBER, one.version),
			)
			for one in self.versions
			if one.span.first > max(self.span.first, self.began)
		]
		if self.began > self.span.first or self.ended < self.span.last:
			found.append(
				said(
					label("The agreement rules from {0} to {1}; on other days of the period nothing is promised."),
					typed(DAY, str(self.began)),
					typed(DAY, str(self.ended)),
				)
			)
		today = site_time.utc_now().astimezone(site_time.zone(self.zone)).date()
		if today <= self.span.last:
			found.append(said(label("The period is not over: this is how it stands on {0}."), typed(DAY, str(today))))
		return tuple(found)


def of(agreement: str, first: date, last: date) -> Period:
	"""A period of the agreement that has this version. frappe.DoesNotExistError: there is no such agreement; ValidationError:
	the period runs backwards."""
	asked = frappe.get_doc(AGREEMENT, agreement)
	span = Span(*measuring.period(first, last))
	every = list(reversed(succession.of([asked.agreement_number or asked.name])))
	ruling = [one for one in every if one.span.within(*span).days]
	at_end = [one for one in ruling if one.span.first <= span.last <= one.span.last] or ruling
	doc = asked if not at_end or at_end[-1].name == asked.name else frappe.get_doc(AGREEMENT, at_end[-1].name)
	return Period(doc, span, _zone(doc), tuple(ruling), tuple(one.name for one in every) or (asked.name,), *_rules(every, asked))


def day_text(value: Any) -> str | None:
	"""A day as a report keeps it."""
	return str(getdate(value)) if value else None


def moment_text(value: datetime | None) -> str | None:
	"""A moment as a report keeps it: of the site's clock, to the second."""
	return value.strftime("%Y-%m-%d %H:%M:%S") if value else None


def _rules(every: Sequence[Any], asked: Any) -> tuple[date, date]:
	if not every:
		return getdate(asked.start_date), getdate(asked.end_date or asked.start_date)
	return min(one.span.first for one in every), max(one.span.last for one in every)


def _zone(doc: Any) -> str:
	found = doc.calendar and frappe.db.get_value("Service Calendar", doc.calendar, "time_zone")
	return found or str(site_time.site_zone())
