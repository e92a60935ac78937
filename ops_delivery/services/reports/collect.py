"""The figures of a service report, section by section, from the records of a period (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from ops_delivery.domain.service_report.model import Section
from ops_delivery.services.reports import period as periods
from ops_delivery.services.reports.sections import SECTIONS
from ops_delivery.services.reports.whole_view import of_all_records

Progress = Callable[[str, int, int], None]


def collect(
	agreement: str,
	start: date,
	end: date,
	keys: Iterable[str] = tuple(SECTIONS),
	on_progress: Progress | None = None,
) -> dict[str, Section]:
	"""The sections asked for of a period of an agreement (any of its versions), both days included, by key in the order asked.

	`on_progress` is told (key, done so far, of how many) before each section, and ("", n, n) at the end. KeyError: no such section.
	The figures are the same whoever asks (whole_view.py): the caller has asked whether they may have the report of this agreement.
	"""
	wanted = list(keys)
	collectors = [(key, SECTIONS[key].collect) for key in wanted]
	with of_all_records():
		period = periods.of(agreement, start, end)
	found: dict[str, Section] = {}
	for done, (key, section) in enumerate(collectors):
		if on_progress:
			on_progress(key, done, len(wanted))
		with of_all_records():
			found[key] = period.section(section)
	if on_progress:
		on_progress("", len(wanted), len(wanted))
	return found
