"""What follows from what: each event of domain/events.py and the services that react to it. Begin reading here.

Nothing imports this table; services/shared/events.py finds it by the hook `ops_delivery_reactions`, which other apps use too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ops_delivery.domain.events import (
	AgreementChanged,
	AmendmentInForce,
	FindingStands,
	HandoverMoved,
	IncidentReportPublished,
	MailboxRead,
	MajorEnded,
	MajorFound,
	NoticeSent,
	RequestOver,
	ReviewConcluded,
	RuleRevised,
	SurveyClosed,
	WorkBegins,
	WorkEnded,
	WorkRecorded,
)
from ops_delivery.services.amounts import beyond, drawing
from ops_delivery.services.clocks import amendment as agreement_preview
from ops_delivery.services.clocks import clock_jobs
from ops_delivery.services.deliverables import incident_reports, promised
from ops_delivery.services.handover import of_findings
from ops_delivery.services.incidents import proposing
from ops_delivery.services.reports import steps as report_steps
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.routine import finding_steps
from ops_delivery.services.surveys import asking as surveys

REACTIONS: Mapping[type, tuple[Callable[[Any], Any], ...]] = {
	# running clocks are planned anew by it, in the background
	RuleRevised: (clock_jobs.follow_later,),
	# open records move to the version, in the background
	AmendmentInForce: (agreement_preview.move_after_commit,),
	# what it promises to deliver becomes due by itself as long as it is in force
	AgreementChanged: (promised.follow,),
	# a report on it is proposed; what was promised after a major incident is opened where that is over already
	MajorFound: (proposing.propose, promised.after_major),
	# its report says so
	MajorEnded: (proposing.note_end,),
	# what was promised after a major incident is opened
	RequestOver: (promised.after_request,),
	# a service report that its customer approves is confirmed by that
	ReviewConcluded: (report_steps.confirm,),
	# its PDF goes to the deliverable that hands it over, in the background
	IncidentReportPublished: (incident_reports.follow_published,),
	# so is the analysis that was promised of it
	SurveyClosed: (promised.after_survey,),
	# silence counts only where the customer was told
	NoticeSent: (deemed_acceptance.note_sent,),
	# who was silent until then may be taken for it
	MailboxRead: (deemed_acceptance.look_again,),
	# the customer is asked whether they are satisfied
	WorkEnded: (surveys.ask_about,),
	# what its manual has follow is opened, in the background
	FindingStands: (of_findings.follow_later,),
	# a finding says where it is carried on, and what came of it
	HandoverMoved: (finding_steps.note_handover,),
	# it draws on what the agreement promises in amounts
	WorkRecorded: (drawing.follow,),
	# what goes beyond them is asked first, where the agreement says so
	WorkBegins: (beyond.ask_first,),
}
