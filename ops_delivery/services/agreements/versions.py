"""Service Agreements on a site: which version rules a record, and what it promises (5.2.a, 5.5.g, 6.3.a–c).

A submitted version never changes what it promises, so its terms are kept per process. Versions of one agreement stand
side by side; a record keeps the version it was accepted under.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import cint, getdate
from pypika.terms import Parameter

from ops_delivery.domain import agreement_life, promises
from ops_delivery.domain.agreement_life import IN_FORCE, Term
from ops_delivery.domain.events import AmendmentInForce
from ops_delivery.domain.promises import Promised, Promises
from ops_delivery.permissions import steps, switches
from ops_delivery.permissions.switches import Agreed
from ops_delivery.services.agreements import major_terms
from ops_delivery.services.agreements.major_terms import MajorTerms
from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.scope import once
from ops_delivery.services.shared import events


@dataclass(frozen=True)
class SiteTerms:
	"""What one submitted agreement version promises. Targets are working seconds; calendars and policy by name."""

	name: str
	version: int
	customer: str
	calendar: str
	matrix: str
	policy: str
	default_priority: str
	targets: Promises
	people: tuple[tuple[str, int, str], ...]
	security_check_required: bool
	allow_deemed_acceptance: bool
	deemed_after_days: int
	deemed_notices: int
	major: MajorTerms

	def target_for(self, commitment: str, priority: str | None) -> Promised | None:
		"""(working seconds, calendar name) promised for a commitment at a priority, or None if nothing is."""
		return promises.find(self.targets, commitment, priority, self.default_priority)

	def people_of(self, role: str, up_to_level: int = 1) -> list[str]:
		"""Users named for escalation in that part, level 1 first, up to the level given."""
		return [user for part, level, user in self.people if part == role and level <= max(1, up_to_level)]


def find(customer: str | None, on_date: date | str, service_object: str | None = None) -> str | None:
	"""The agreement version that rules a customer's record of that date, or None.

	An agreement that lists the object comes before one that covers everything; among equals the one that began last.
	"""
	if not customer:
		return None
	there = switches.now().ruling(customer, on_date)
	if switches.rests():
		day = getdate(on_date)
		there = [Agreed(day, day, *row) for row in frappe.db.sql(_finding(), (customer, day, day))]
	if service_object and there:
		listed = set(
			frappe.get_all(
				"Service Agreement Object",
				filters={
					"parenttype": "Service Agreement",
					"parent": ["in", [one.name for one in there]],
					"service_object": service_object,
				},
				pluck="parent",
				order_by="parent",
			)
		)
		for one in there:
			if one.name in listed:
				return one.name
		there = [one for one in there if one.covers_all]
	else:
		there.sort(key=lambda one: not one.covers_all)
	return there[0].name if there else None


@cache
def _finding() -> str:
	"""The statement find() runs while nothing is kept (customer, day, day): apps come, go or are patched."""
	agreement, blank = frappe.qb.DocType("Service Agreement"), Parameter("%s")
	return (
		frappe.qb.from_(agreement)
		.select(agreement.name, agreement.covers_all_objects)
		.where(
			(agreement.customer == blank)
			& (agreement.docstatus == 1)
			& agreement.status.isin(IN_FORCE)
			& rules_on(agreement, blank)
		)
		.orderby(agreement.start_date, order=frappe.qb.desc)
		.orderby(agreement.version, order=frappe.qb.desc)
		.get_sql()
	)


def rules_on(agreement, day: date | Parameter):
	"""Whether a day lies within an agreement's period, as a condition on its table; see last_day()."""
	last = fn.Coalesce(agreement.termination_date, agreement.renewed_until, agreement.end_date)
	return (agreement.start_date <= day) & (last >= day)


PERIOD = ("start_date", "end_date", "renewed_until", "termination_date")


def last_day(doc) -> date:
	"""The last day on which an agreement rules: ended early, renewed by its own clause, or as signed."""
	return term_of(doc).last_day or getdate()  # a draft may have no end yet


def term_of(doc) -> Term:
	"""How long an agreement rules, in the domain's terms; `doc` has the fields of PERIOD."""
	return Term(*(getdate(doc.get(field)) if doc.get(field) else None for field in PERIOD))


def terms(name: str) -> SiteTerms:
	"""The terms of a submitted agreement version.

	They are kept per process once the submission is committed: from then on they cannot change, nor the name be used
	again (a version that was submitted is never deleted).
	"""
	if name in _uncommitted():
		return _read_terms(name)
	return _kept_terms(frappe.local.site, name)


def submitted(name: str) -> None:
	"""A version is submitted in this transaction, which may yet be rolled back: keep nothing made of it."""
	_uncommitted().add(name)
	frappe.db.after_commit.add(lambda: _uncommitted().discard(name))


def _uncommitted() -> set[str]:
	if not hasattr(frappe.local, "ops_uncommitted_agreements"):
		frappe.local.ops_uncommitted_agreements = set()
	return frappe.local.ops_uncommitted_agreements


def forget_kept() -> None:
	"""Drop what this process keeps (kept.forget_all)."""
	_kept_terms.cache_clear()


@lru_cache(maxsize=512)
def _kept_terms(_site: str, name: str) -> SiteTerms:
	return _read_terms(name)


def _read_terms(name: str) -> SiteTerms:
	return terms_of(frappe.get_doc("Service Agreement", name))


def terms_of(doc) -> SiteTerms:
	"""What a document promises, a draft as well."""
	return SiteTerms(
		name=doc.name,
		version=doc.version,
		customer=doc.customer,
		calendar=doc.calendar,
		matrix=doc.priority_matrix,
		policy=doc.escalation_policy,
		default_priority=doc.default_priority,
		targets=promises.table(
			((row.commitment, row.priority, int(row.target), row.calendar) for row in doc.targets), doc.calendar
		),
		people=tuple(
			sorted(
				((row.contact_role, row.level or 1, row.user) for row in doc.contacts if row.user),
				key=lambda person: person[1],
			)
		),
		security_check_required=bool(doc.security_check_required),
		allow_deemed_acceptance=bool(doc.allow_deemed_acceptance),
		deemed_after_days=doc.deemed_after_days or 0,
		deemed_notices=doc.deemed_notices or 0,
		major=major_terms.terms(doc),
	)


def status_on(doc, day: date) -> str:
	"""The status a submitted version has by its period; a decision (Suspended, Terminated, Superseded) stands."""
	if doc.docstatus == 0:
		return "Draft"
	if doc.docstatus == 2:
		return "Cancelled"
	return agreement_life.status_on(term_of(doc), doc.status, day)


def state_for(status: str) -> dict[str, str]:
	"""The workflow state that stands for a status, as a field value; empty without a workflow."""
	workflow = workflow_states.active("Service Agreement")
	state = workflow_states.state_of(workflow, status) if workflow else None
	return {workflow_states.STATE_FIELD: state} if state else {}


def put_status(doc, status: str) -> None:
	"""Give a submitted version the status that its dates or its successor demand; no review decides on that."""
	doc.db_set({"status": status, **state_for(status)}, notify=True)


def supersede_older(doc) -> None:
	"""Once a version is active, the other versions of the same agreement that began before it are superseded."""
	for older in frappe.get_all(
		"Service Agreement",
		filters={
			"agreement_number": doc.agreement_number,
			"docstatus": 1,
			"name": ["!=", doc.name],
			"version": ["<", doc.version],
			"status": ["in", IN_FORCE],
		},
		pluck="name",
		order_by="version",
	):
		put_status(frappe.get_doc("Service Agreement", older), "Superseded")
	if cint(doc.get("move_open_records")):
		events.tell(AmendmentInForce(doc.name))


def refresh_statuses() -> None:
	"""Daily: what began today becomes active, what ended is expired. Reads only agreements whose day has come."""
	today = getdate()
	agreement = frappe.qb.DocType("Service Agreement")
	due = (
		frappe.qb.from_(agreement)
		.select(agreement.name)
		.where(
			(agreement.docstatus == 1)
			& (
				((agreement.status == "Scheduled") & (agreement.start_date <= today))
				| (
					(agreement.status == "Active")
					& (
						fn.Coalesce(agreement.termination_date, agreement.renewed_until, agreement.end_date)
						< today
					)
				)
			)
		)
		.orderby(agreement.start_date)
	).run(pluck=True)
	for name in due:
		doc = frappe.get_doc("Service Agreement", name)
		put_status(doc, status_on(doc, today))
		if doc.status == "Active":
			supersede_older(doc)


def new_version(name: str) -> str:
	"""A draft that follows an agreement version; the old one stays in force until the new one begins."""
	source = frappe.get_doc("Service Agreement", name)
	if source.docstatus != 1:
		frappe.throw(
			_("{0} is not submitted. Submit it first, or edit the draft itself.").format(frappe.bold(name))
		)
	draft = frappe.db.get_value("Service Agreement", {"previous_version": name, "docstatus": 0}, "name")
	return draft or once.only("new version", (name,), lambda: _copied(source), still=_is_draft, who="Administrator")


def _is_draft(name: str) -> bool:
	return frappe.db.get_value("Service Agreement", name, "docstatus", for_update=True) == 0


def _copied(source) -> str:
	copy = frappe.copy_doc(source, ignore_no_copy=False)
	copy.update(
		{
			"previous_version": source.name,
			"agreement_number": source.agreement_number,
			"status": "Draft",
			"amendment_reason": None,
			"move_open_records": 0,
			# it is amended as it rules now, not as it ended before it was renewed
			"renewed_until": source.renewed_until,
		}
	)
	copy.version = source.version + 1
	copy.amended_from = None
	for part in (copy, *copy.get_all_children()):
		part.docstatus = 0
	return steps.take(copy).insert().name
