"""Who and what a record is about: the one table of the fields that say customer, agreement, object and person (5.3.c, 6.3.f, 6.3.g).

Asked through services/scope/record_parties.py, which knows the types of other apps as well. A test compares the table with the DocTypes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REFERENCE, SOURCE = ("reference_doctype", "reference_name"), ("source_doctype", "source_name")


@dataclass(frozen=True)
class Parties:
	"""The fields of a record type; "" or () where it has none."""

	customer: str = ""
	agreement: str = ""
	service_object: str = ""
	persons: tuple[str, ...] = ()  # addresses of the customer's people: first of whom is told, then of who reported
	about: tuple[str, ...] = ()  # the type and the name of the record that it belongs to


C, A, O = "customer", "agreement", "service_object"
PARTIES: Mapping[str, Parties] = {
	"Issue": Parties(C, "ops_agreement", "ops_object", ("ops_customer_email", "raised_by")),
	"Agreement Assessment": Parties(C, A),
	"Amount Entry": Parties(C, A, about=SOURCE),
	"Checklist Template": Parties(C),
	"Clause Exemption": Parties(C, A),
	"Consulting Plan": Parties(C, A),
	"Consulting Recommendation": Parties(C, service_object=O),
	"Consulting Report": Parties(C, A),
	"Deliverable": Parties(C, A),
	"Delivery Activity": Parties(C, service_object=O),
	"Delivery Plan": Parties(C, A),
	"Escalation Log": Parties(C, A, about=REFERENCE),
	"Evidence Snapshot": Parties(agreement=A),
	"Field Service Request": Parties(C, about=REFERENCE),
	"Field Service Sheet": Parties(C, A, O, about=REFERENCE),
	"Improvement Action": Parties(C, A, O, about=SOURCE),
	"Issue Takeover": Parties(agreement=A),
	"Major Incident Report": Parties(C, A, O),
	"Mail That Needs a Person": Parties(about=REFERENCE),
	"Monitoring Alert": Parties(C, service_object=O),
	"Monitoring Source": Parties(C, service_object="default_object"),
	"Object State": Parties(C, service_object=O),
	"Operation Manual": Parties(C),
	"Optimization Plan": Parties(C, A, O),
	"Paper Template": Parties(C),
	"Reading Day": Parties(C, service_object=O),
	"Remote Support Session": Parties(C, A, O, about=REFERENCE),
	"Routine Finding": Parties(C, A, O),
	"Routine Reading": Parties(C, service_object=O),
	"Routine Schedule": Parties(C, A),
	"Routine Task": Parties(C, A),
	"Rule Version": Parties(about=REFERENCE),
	"Service Acceptance": Parties(C, A, about=REFERENCE),
	"Service Agreement": Parties(C, "name"),
	"Service Authorship": Parties(about=REFERENCE),
	"Service Clock": Parties(C, A, about=REFERENCE),
	"Service Clock Event": Parties(agreement=A),
	"Service Complaint": Parties(C, A, O, ("raised_by",), REFERENCE),
	"Service Handover": Parties(C, service_object=O, about=SOURCE),
	"Service Leftover": Parties(C, service_object=O, about=SOURCE),
	"Service Mail": Parties(about=REFERENCE),
	"Service Membership Change": Parties(C),
	"Service Notice": Parties(about=REFERENCE),
	"Service Object": Parties(C, service_object="name"),
	"Service Report": Parties(C, A),
	"Service Report Template": Parties(C, A),
	"Service Review": Parties(C, about=REFERENCE),
	"Service Signature": Parties(C, about=REFERENCE),
	"Service Survey": Parties(C, A, O, ("person_email",), REFERENCE),
	"Survey Response": Parties(C, A, O, about=REFERENCE),
	"Survey Round": Parties(C, A),
	"Trial Reading": Parties(C),
}
# of the host's and of other apps' types, as far as they have these fields: a Task, a Project, a ticket
OTHERS = Parties(C, persons=("raised_by",))


def of(doctype: str) -> Parties:
	"""The fields of a record type."""
	return PARTIES.get(doctype, OTHERS)
