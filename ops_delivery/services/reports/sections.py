"""The sections of a service report: who collects each, and the heading it has unless a template words it otherwise (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ops_delivery.domain.service_report.model import Section, label, said
from ops_delivery.services.reports import attainment, requests
from ops_delivery.services.reports.period import Period


class Registered(NamedTuple):
	"""A section: its collector, and its heading as an English source string."""

	collect: Callable[[Period], Section]
	heading: str


def _nothing_yet(key: str) -> Callable[[Period], Section]:
	return lambda period: Section(key, notes=(said("There was nothing to report in this period."),), empty=True)


# In the order of a report.
SECTIONS: dict[str, Registered] = {
	"summary": Registered(_nothing_yet("summary"), label("Summary")),
	"attainment": Registered(attainment.collect, label("What Was Promised and Kept")),
	"requests": Registered(requests.collect, label("Service Requests")),
	"major_incidents": Registered(_nothing_yet("major_incidents"), label("Major Incidents")),
	"routine": Registered(_nothing_yet("routine"), label("Routine Operation")),
	"visits": Registered(_nothing_yet("visits"), label("On-site Service")),
	"amounts": Registered(_nothing_yet("amounts"), label("Agreed and Used Amounts")),
	"optimization_consulting": Registered(_nothing_yet("optimization_consulting"), label("Optimization and Consulting")),
	"satisfaction": Registered(_nothing_yet("satisfaction"), label("Customer Satisfaction")),
	"complaints": Registered(_nothing_yet("complaints"), label("Complaints")),
	"improvements": Registered(_nothing_yet("improvements"), label("Improvements")),
	"plan_against_actual": Registered(_nothing_yet("plan_against_actual"), label("Planned and Done")),
	"assessment": Registered(_nothing_yet("assessment"), label("Assessment")),
	"next_period": Registered(_nothing_yet("next_period"), label("Next Period")),
	"records": Registered(_nothing_yet("records"), label("Annex: Records")),
}
