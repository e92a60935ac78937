"""Which way leads from a record to its Service Agreement, and which of its days counts: one table by record type.

The table of parties (domain/parties.py) says which types name an agreement themselves. Others do it by a record that they belong
to, or are named by one that does. A test compares the table with the DocTypes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ops_delivery.domain import parties

AGREEMENT, ISSUE, TASK = "Service Agreement", "Issue", "Routine Task"
SHEET, SESSION = "Field Service Sheet", "Remote Support Session"
OPTIMIZATION, CONSULTING, REPORT = "Optimization Plan", "Consulting Plan", "Consulting Report"


@dataclass(frozen=True)
class Own:
	"""The record names its agreement in a field; "name" where it is the agreement."""

	field: str


@dataclass(frozen=True)
class Through:
	"""A field names a record of a type, which leads on."""

	field: str
	doctype: str


@dataclass(frozen=True)
class About:
	"""Two fields name a record, by its type and its name; those of these types lead on."""

	doctype_field: str
	name_field: str
	doctypes: tuple[str, ...]


@dataclass(frozen=True)
class Named:
	"""Records of a type that leads on name this one in a field; in one of the rows `table` where there is one."""

	doctype: str
	field: str
	table: str = ""


@dataclass(frozen=True)
class Site:
	"""The record is the organization's and counts for every agreement."""


Route = Own | Through | About | Named | Site
VISITS = (SHEET, SESSION)
REVIEWED = (AGREEMENT, "Delivery Plan", OPTIMIZATION, CONSULTING, REPORT, "Deliverable", *VISITS)
_WORK = (ISSUE, TASK, "Routine Finding", *VISITS, OPTIMIZATION, CONSULTING, REPORT, "Consulting Recommendation")
ROUTES: Mapping[str, Route] = {
	"Consulting Recommendation": Through("report", REPORT),
	"Delivery Activity": Through("plan", "Delivery Plan"),
	"Escalation Policy": Named(AGREEMENT, "escalation_policy"),
	"Field Service Request": About(*parties.REFERENCE, (*VISITS, TASK)),
	"Help Article": Named(ISSUE, "ops_help_article"),
	"Monitoring Alert": Through("issue", ISSUE),
	"Operation Manual": Named("Routine Schedule", "manual"),
	"Priority Matrix": Named(AGREEMENT, "priority_matrix"),
	"Routine Reading": Through("task", TASK),
	"Service Calendar": Named(AGREEMENT, "calendar"),
	"Service Clock Event": Own("agreement"),
	"Service Handover": About(*parties.SOURCE, _WORK),
	"Service Leftover": About(*parties.SOURCE, (ISSUE, *VISITS, OPTIMIZATION, "Service Acceptance")),
	"Service Notice": About(*parties.REFERENCE, (ISSUE, "Service Acceptance", *VISITS, TASK, AGREEMENT)),
	"Service Object": Named(AGREEMENT, "service_object", "Service Agreement Object"),
	"Service Review": About(*parties.REFERENCE, REVIEWED),
	"Service Signature": About(*parties.REFERENCE, REVIEWED),
	"Trial Reading": Through("plan", OPTIMIZATION),
}
# The day of a record by which it lies in a period, where it is another than the day it was made. What an agreement names is there
# as long as the agreement rules: those have no day
DATES: Mapping[str, str] = {
	"Agreement Assessment": "end_date",
	"Amount Entry": "day",
	"Consulting Plan": "start_date",
	"Consulting Report": "report_date",
	"Deliverable": "published_on",
	"Escalation Log": "fired_on",
	"Escalation Policy": "",
	SHEET: "arrived_on",
	ISSUE: "opening_date",
	OPTIMIZATION: "start_date",
	"Priority Matrix": "",
	SESSION: "arrived_on",
	"Routine Finding": "first_found",
	"Routine Reading": "read_on",
	TASK: "done_on",
	"Service Acceptance": "decided_on",
	"Service Agreement": "start_date",
	"Service Calendar": "",
	"Service Clock": "started_on",
	"Service Complaint": "received_on",
	"Service Review": "concluded_on",
	"Service Signature": "signed_on",
	"Service Survey": "asked_on",
	"Survey Response": "answered_on",
	"Trial Reading": "taken_on",
}
MADE = "creation"


def of(doctype: str, agreement_field: str = "", site_wide: bool = False) -> Route | None:
	"""The way of a record type; `agreement_field` and `site_wide` are what a definition says. None where nobody knows one."""
	if site_wide:
		return Site()
	if found := ROUTES.get(doctype):
		return found
	if doctype == AGREEMENT:
		return Own("name")
	if own := parties.of(doctype).agreement:
		return Own(own)
	return Own(agreement_field) if agreement_field else None


def date_field(doctype: str, wanted: str = "") -> str:
	"""The field of the day that counts: as a definition says, else as it is usual for the type; "" where records have no day."""
	return wanted or DATES.get(doctype, MADE)
