"""The documents that are reviewed, and what the code knows of each: its phases and what its content is.

Phases are the code's; workflow states are the site's. A Workflow maps its states to phases by Frappe's own Update
Field (status) and Update Value; a state without one keeps the phase. Whoever owns a DocType keeps its entry here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ops_delivery.domain import major, visit
from ops_delivery.domain.deliverables import life
from ops_delivery.domain.knowledge import life as knowledge_life
from ops_delivery.domain.reviewed_path import Path
from ops_delivery.domain.service_report import life as report_life

PROPOSAL, IMPLEMENTATION = "Proposal", "Implementation"
CONTINGENCY, REPORT = "Contingency Plan", "Report"
_RISK = ("risk", "risk_note", "contingency_plan")
_REPORTED = (
	"title",
	"customer",
	"service_object",
	"work_content",
	"arrived_on",
	"arrival_confirmed_by",
	"work_confirmed_with",
	"work_confirmed_on",
	"outcome",
	"outcome_note",
	"cause",
	"customer_rating",
	"customer_remarks",
)
_OF_INCIDENTS = (
	*("title", "issue", "customer", "agreement", "service_object", "priority", "people_affected", "down_minutes", "reported_on"),
	*("restored_on", "resolved_on", "clocks", "impact", "timeline", "causes", "root_cause", "treatment", "measures", "no_measures", "lessons"),
)


@dataclass(frozen=True)
class ReviewedType(Path):
	"""One reviewed DocType, by its path (domain/reviewed_path.py).

	content_fields: part -> the fields that are its content (child tables without their no-copy columns); without an entry every field is but
	the read-only, hidden and no-copy ones and those in left_out. once_content: field -> the tick on documents that were
	reviewed while it was content, for which it stays content. signed_before: the phase that needs both parties'
	signatures (5.2). submitted_as: the phase that submission enters. reviewer_field: who alone is asked inside, where it is filled.

	Content that stands in records of its own, and what keeps a document from being signed, are told by functions named
	in the hooks ops_delivery_extra_content and ops_delivery_open_points.
	"""

	content_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
	left_out: tuple[str, ...] = ()
	once_content: Mapping[str, str] = field(default_factory=dict)
	customer: str = "customer"
	title_field: str = "title"
	signed_before: str | None = None
	submitted_as: str | None = None
	reviewer_field: str | None = None


REGISTRY: dict[str, ReviewedType] = {
	"Service Agreement": ReviewedType(
		phases=("Draft", "Internal Review", "Customer Review", "Signing", "Active"),
		same_rank={"Scheduled": "Active", "Expired": "Active"},
		off_path=("Suspended", "Terminated", "Superseded", "Cancelled"),
		fixed_from={"": "Active"},
		# who looks after it, and the record of what was settled in particular, are not what is signed
		left_out=("owner_user", "remind_days", "agreed_parts"),
		# who is called is no promise: somebody added asks for no signature anew (agreements/agreed_parts.py sees who leaves)
		once_content={"contacts": "people_are_content"},
		signed_before="Active",
		submitted_as="Active",
	),
	"Delivery Plan": ReviewedType(
		phases=("Draft", "Internal Review", "Customer Review", "Approved", "In Progress", "Completed"),
		off_path=("Cancelled",),
		fixed_from={"": "Approved"},
		left_out=("funds", "tools", "documents", "consensus", "project", "owner_user"),
	),
	"Optimization Plan": ReviewedType(
		phases=(
			"Draft",
			"Proposal Review",
			"Proposal Approved",
			"Implementation Review",
			"Approved",
			"In Progress",
			"Trial Run",
			"Closed",
		),
		off_path=("Rolled Back", "Cancelled"),
		fixed_from={PROPOSAL: "Proposal Approved", IMPLEMENTATION: "Approved"},
		content_fields={
			PROPOSAL: (
				"title",
				"customer",
				"service_object",
				"agreement",
				"start_date",
				"end_date",
				"goals",
				"content",
				"background",
				"metrics",
				"budget",
				"currency",
				"budget_note",
			),
			IMPLEMENTATION: (
				"steps",
				"people",
				"risks",
				"rollback_trigger",
				"rollback_steps",
				"trial_days",
				"grace_days",
				"readings_needed",
				"security_checks",
			),
		},
	),
	"Consulting Plan": ReviewedType(
		phases=("Draft", "Internal Review", "Customer Review", "Approved", "In Progress", "Completed"),
		off_path=("Cancelled",),
		fixed_from={"": "Approved"},
		left_out=("steps", "deliverables", "security"),
	),
	"Consulting Report": ReviewedType(
		phases=("Draft", "Internal Review", "Customer Review", "Issued", "Followed Up"),
		off_path=("Withdrawn",),
		fixed_from={"": "Issued"},
	),
	"Operation Manual": ReviewedType(
		phases=("Draft", "Internal Review", "Published"),
		off_path=("Retired",),
		fixed_from={"": "Published"},
		# who keeps it and when they look it over is no part of what is done by it
		left_out=("keeper", "review_date"),
	),
	"Knowledge Article": ReviewedType(
		phases=knowledge_life.PATH,
		off_path=knowledge_life.OFF_PATH,
		fixed_from={"": knowledge_life.PUBLISHED},
		# who keeps it, by what it is found, and where else it stands are no part of what it says
		left_out=("keeper", "review_date", "keywords", "as_help_article", "help_category"),
	),
	"Deliverable": ReviewedType(
		phases=life.PATH,
		off_path=life.OFF_PATH,
		fixed_from={"": life.PUBLISHED},
		# who sees to it, and what is said of the finished thing, are not what is published
		left_out=("compiler", "reviewer", "approver", "readers", "reason", "witness", "overwrite_files", "destroy_copies", "specification_met"),
		reviewer_field="reviewer",
	),
	"Service Report": ReviewedType(
		phases=report_life.PATH,
		off_path=report_life.OFF_PATH,
		fixed_from={"": report_life.PUBLISHED},
		# who sees to it, and what is done with the finished thing, are not what is published
		left_out=("compiler", "reviewer", "approver", "reason", "deliverable", "customer_confirms"),
		reviewer_field="reviewer",
	),
	"Major Incident Report": ReviewedType(
		phases=major.PATH,
		off_path=major.OFF_PATH,
		fixed_from={"": major.PUBLISHED},
		# also what is read from the records: it is reviewed with what is made of it
		content_fields={"": _OF_INCIDENTS},
		reviewer_field="reviewer",
	),
	**{
		doctype: ReviewedType(
			phases=kind.phases,
			off_path=(visit.CANCELLED,),
			fixed_from={CONTINGENCY: kind.prepared, REPORT: kind.left},
			content_fields={CONTINGENCY: _RISK, REPORT: _REPORTED},
		)
		for doctype, kind in (
			("Field Service Sheet", visit.ON_SITE),
			("Remote Support Session", visit.REMOTE),
		)
	},
}
