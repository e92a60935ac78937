"""A report is proposed by itself when a request becomes a major incident, once; what becomes of that is noted on it (8.4.b.3)."""

from __future__ import annotations

from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain import major as domain
from ops_delivery.domain.deliverables.promise import AFTER_INCIDENT
from ops_delivery.domain.events import MajorEnded, MajorFound
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff, lost_access
from ops_delivery.services.agreements import promises
from ops_delivery.services.incidents import records
from ops_delivery.services.requests import major
from ops_delivery.services.shared.attempts import attempt
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, ISSUE, AGREEMENT = "Major Incident Report", "Issue", "Service Agreement"
BATCH = 50


def propose(event: MajorFound) -> None:
	"""Reaction: a request is a major incident. Its report is opened, or the one that is there says that it is one again."""
	if event.reported:
		_or_logged(event.name, partial(_propose, event.name, event.how, event.reason))


def note_end(event: MajorEnded) -> None:
	"""Reaction: a request is none any more. Its report stays, and says so."""
	if report := frappe.db.get_value(DOCTYPE, {"issue": event.name}, "name"):
		_or_logged(event.name, partial(_note, report, event.how, event.reason))


@in_site_language
def opened(issue: str) -> str:
	"""The report on a major incident; opened now where none was asked for before."""
	doc = frappe.get_doc(ISSUE, issue, for_update=True)
	doc.check_permission("read")
	frappe.has_permission(DOCTYPE, "write", throw=True)
	if report := frappe.db.get_value(DOCTYPE, {"issue": issue}, "name"):
		return report
	if not doc.ops_major:
		frappe.throw(_("{0} is no major incident. A manager declares it one, with a reason.").format(frappe.bold(escape_html(issue))))
	_propose(issue, domain.DECLARED if doc.ops_major_decided else domain.BY_RULE, cstr(doc.ops_major_reason))
	return frappe.db.get_value(DOCTYPE, {"issue": issue}, "name")


@in_site_language
def run() -> None:
	"""Scheduled, hourly: open requests that have become major by the time they have lasted, and reports that could not be opened."""
	for name in _lasting():
		_or_logged(name, partial(_save_again, name))
		frappe.db.commit()  # nosemgrep: each by itself
	for name in _without_report():
		_or_logged(name, partial(_propose, name, domain.BY_RULE, ""))
		frappe.db.commit()  # nosemgrep: each by itself


def _propose(issue: str, how: str, reason: str) -> None:
	if report := frappe.db.get_value(DOCTYPE, {"issue": issue}, "name", for_update=True):
		_note(report, how, reason)
		return
	source = frappe.get_doc(ISSUE, issue)
	doc = frappe.new_doc(DOCTYPE)
	doc.update({"title": cstr(source.subject)[:140], "issue": issue, "compiler": _compiler(source)})
	doc.extend("timeline", timeline_rows(records.course(source)))
	_add(doc, how, reason)
	steps.take(doc).insert(ignore_permissions=True)


def timeline_rows(course: list[records.Happened]) -> list[dict[str, Any]]:
	"""Lines of the records as rows of the report."""
	return [{"at": one.at, "what": one.what, "shown": 1, "origin": "The Records", "record_key": one.key} for one in course]


def _note(report: str, how: str, reason: str) -> None:
	doc = frappe.get_doc(DOCTYPE, report, for_update=True)
	_add(doc, how, reason)
	steps.take(doc).save(ignore_permissions=True)


def _add(doc: Any, how: str, reason: str) -> None:
	by = frappe.session.user if how in domain.DECISIONS else None
	doc.append("decisions", {"what": how, "reason": reason, "done_by": by, "done_on": site_now()})


@in_site_language
def _or_logged(issue: str, step: Any) -> None:
	"""What fails holds up nothing of what happened: it is logged, and the hourly run tries again."""
	if problem := attempt(step):
		frappe.log_error(title="Ops Delivery: the report on a major incident", message=problem, reference_doctype=ISSUE, reference_name=issue)


def _compiler(issue: Any) -> str:
	"""Whom the promise names, else the person in charge of the agreement, else who decided."""
	rows = promises.of_agreements([issue.ops_agreement], due_when=AFTER_INCIDENT)
	named = [*(row.responsible for row in rows), frappe.db.get_value(AGREEMENT, issue.ops_agreement, "owner_user"), issue.ops_major_by]
	return next((user for user in named if user and is_staff(user) and not lost_access(user)), ADMINISTRATOR)


def _lasting() -> list[str]:
	"""Open requests under an agreement that asks how long the service has been down, and that are major by now."""
	agreements = frappe.get_all(AGREEMENT, {"docstatus": 1, "major_condition": ["like", "%down_minutes%"]}, pluck="name", order_by="name")
	filters = {
		**{"ops_agreement": ["in", agreements], "status": ["not in", ISSUE_ENDED], "ops_validity": "Valid", "ops_major": 0},
		**{"ops_major_decided": ["is", "not set"]},
	}
	rows = frappe.get_all(ISSUE, filters, ["*"], order_by="name") if agreements else []
	return [row.name for row in rows if major.is_by_rule(row)]


def _save_again(issue: str) -> None:
	frappe.get_doc(ISSUE, issue, for_update=True).save(ignore_permissions=True)


def _without_report() -> list[str]:
	issue, report = frappe.qb.DocType(ISSUE), frappe.qb.DocType(DOCTYPE)
	agreement, row = frappe.qb.DocType(AGREEMENT), frappe.qb.DocType(promises.ROW)
	promised = frappe.qb.from_(row).select(row.parent).where((row.parenttype == AGREEMENT) & (row.due_when == AFTER_INCIDENT))
	wanted = issue.ops_major_decided.isin([domain.DECLARED]) | (agreement.major_condition != "") | agreement.name.isin(promised)
	return (
		frappe.qb.from_(issue)
		.inner_join(agreement)
		.on(agreement.name == issue.ops_agreement)
		.left_join(report)
		.on(report.issue == issue.name)
		.select(issue.name)
		.where((issue.ops_major == 1) & report.name.isnull() & wanted)
		.orderby(issue.name)
		.limit(BATCH)
	).run(pluck=True)
