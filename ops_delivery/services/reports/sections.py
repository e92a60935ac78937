"""The sections of a service report: who collects each, and the heading it has unless a template words it otherwise (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ops_delivery.domain.service_report.model import Section, label
from ops_delivery.services.reports import (
	amounts,
	assessment,
	attainment,
	complaints,
	improvements,
	major_incidents,
	next_period,
	plans,
	records,
	requests,
	routine,
	satisfaction,
	summary,
	visits,
)
from ops_delivery.services.reports.period import Period


class Registered(NamedTuple):
	"""A section: its collector, and its heading as an English source string."""

	collect: Callable[[Period], Section]
	heading: str


# In the order of a report.
SECTIONS: dict[str, Registered] = {
	"summary": Registered(summary.collect, label("Summary")),
	"attainment": Registered(attainment.collect, label("What Was Promised and Kept")),
	"requests": Registered(requests.collect, label("Service Requests")),
	"major_incidents": Registered(major_incidents.collect, label("Major Incidents")),
	"routine": Registered(routine.collect, label("Routine Operation")),
	"visits": Registered(visits.collect, label("On-site Service")),
	"amounts": Registered(amounts.collect, label("Agreed and Used Amounts")),
	"optimization_consulting": Registered(plans.optimization_consulting, label("Optimization and Consulting")),
	"satisfaction": Registered(satisfaction.collect, label("Customer Satisfaction")),
	"complaints": Registered(complaints.collect, label("Complaints")),
	"improvements": Registered(improvements.collect, label("Improvements")),
	"plan_against_actual": Registered(plans.against_actual, label("Planned and Done")),
	"assessment": Registered(assessment.collect, label("Assessment")),
	"next_period": Registered(next_period.collect, label("Next Period")),
	"records": Registered(records.collect, label("Annex: Records")),
}
