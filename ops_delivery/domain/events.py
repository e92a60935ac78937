"""What happens that others may want to know: plain facts, each raised by the service that owns it.

Who reacts stands in one table, services/reactions.py; an app of the customer's own adds rows by the hook
`ops_delivery_reactions` (docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RuleRevised:
	"""A calendar or policy has a new revision, which running clocks are to follow."""

	doctype: str
	name: str
	version: str  # Rule Version


@dataclass(frozen=True)
class AmendmentInForce:
	"""A version of a Service Agreement rules from now on, and its older ones do not; open records are to move to it."""

	agreement: str


@dataclass(frozen=True)
class AgreementChanged:
	"""A submitted version of a Service Agreement was signed, began, rests, goes on, was renewed, followed by another or ended."""

	agreement: str


@dataclass(frozen=True)
class RequestOver:
	"""A valid request under an agreement was resolved, or closed at once; its customer may not have accepted it yet."""

	name: str
	agreement: str
	priority: str
	day: date
	major: str = ""  # as what it is a major incident: domain/major.py, BY_RULE or DECLARED; "" where it is none


@dataclass(frozen=True)
class MajorFound:
	"""A valid request is a major incident from now on: its agreement's rule is met, or a manager declared it one."""

	name: str
	agreement: str
	priority: str
	how: str  # domain/major.py, BY_RULE or DECLARED
	reason: str
	over: bool  # the request is over already
	reported: bool  # a report on it is wanted: promised, asked for by a condition, or declared


@dataclass(frozen=True)
class MajorEnded:
	"""A request is no major incident any more: a manager withdrew that, or its agreement's rule is met no longer."""

	name: str
	how: str  # domain/major.py, WITHDRAWN or NO_LONGER
	reason: str


@dataclass(frozen=True)
class IncidentReportPublished:
	"""A version of the report on a major incident was published."""

	name: str
	version: int


@dataclass(frozen=True)
class SurveyClosed:
	"""A round of a survey about an agreement takes no more answers."""

	name: str
	agreement: str
	day: date


@dataclass(frozen=True)
class ReviewConcluded:
	"""A review of a document has its result: Approved or Rejected, by its own people or the customer's (`party`)."""

	doctype: str
	name: str
	party: str
	state: str


@dataclass(frozen=True)
class NoticeSent:
	"""A notice about a record was handed to the mail queue."""

	doctype: str
	name: str
	key_point: str
	mails: tuple[tuple[str, str], ...]  # (address, Email Queue)


@dataclass(frozen=True)
class MailboxRead:
	"""Whatever had come into a mailbox is filed."""

	account: str


@dataclass(frozen=True)
class WorkRecorded:
	"""What was done is on record, or was changed there: a visit or session that is over, a routine task that is done."""

	doctype: str
	name: str


@dataclass(frozen=True)
class WorkBegins:
	"""A visit or session is prepared, or a routine task begun: it will be done unless somebody stops it."""

	doctype: str
	name: str


@dataclass(frozen=True)
class WorkEnded:
	"""The work on a request, visit or session is over, and saved as that."""

	doctype: str
	name: str


@dataclass(frozen=True)
class FindingStands:
	"""A finding of routine operation is settled by its round, and its manual has something follow."""

	name: str


@dataclass(frozen=True)
class HandoverMoved:
	"""A handover was opened, or has another state or another record that carries it on."""

	name: str
	source_doctype: str
	source_name: str
	target_doctype: str
	target_name: str
	ended: bool  # done or declined
	answer: str
