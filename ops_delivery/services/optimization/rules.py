"""Optimization plans: what holds on every way in, from the first draft to closing or rolling back (6.4, 8.5)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.core.doctype.version.version import get_diff
from frappe.utils import escape_html, getdate

from ops_delivery.domain import optimization as domain
from ops_delivery.services import delivered_reports
from ops_delivery.services.optimization import completeness as content
from ops_delivery.services.optimization import row_checks as optimization_rows
from ops_delivery.services.optimization import trial_runs
from ops_delivery.services.optimization.completeness import (
	CLOSED,
	DOCTYPE,
	IN_PROGRESS,
	ROLLED_BACK,
	TRIAL_RUN,
)
from ops_delivery.services.optimization.plan_leftovers import incomplete, leftovers
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.shared.user_names import full_names
from ops_delivery.services.surveys import satisfaction_change

ENDED = (CLOSED, ROLLED_BACK)
OF_ONE_VERSION = ("confirmed_by", "confirmed_on", "confirmation_note", "trial_start", "trial_end")
ROLLBACK = ("rollback_reason", "rollback_cause", "rolled_back_on", "rollback_result")


def prepare(doc) -> None:
	"""Before validation: a new plan asks for the four factors of security (6.4.f), each with a usual requirement."""
	doc.version = doc.version or 1
	if doc.is_new() and not doc.security_checks:
		for factor, requirement in usual_requirements().items():
			doc.append("security_checks", {"factor": factor, "requirement": requirement})


def validate(doc) -> None:
	"""Refuse a plan that contradicts itself. Before reviewed.validate."""
	optimization_rows.work_out(doc)
	optimization_rows.check(doc)
	satisfaction_change.check(doc)
	delivered_reports.check(doc)


def follow_phase(doc) -> None:
	"""After reviewed.validate has settled the phase: refuse one that lacks what it needs, and note what it brings."""
	before = doc.get_doc_before_save()
	was = before.status if before else "Draft"
	_stay_as_ended(doc, before)
	if doc.status != was:
		if doc.status == "Draft":
			_begin_again(doc, was)
		else:
			_note_confirmation(doc)
	trial_runs.check_period(doc, before)
	if doc.status == was:
		return
	_check_way(doc, was)
	reasons = [gap.text for gap in content.missing(doc, doc.status)]
	if doc.status == CLOSED:
		reasons += [*_gate(doc), *incomplete(doc)]
	_refuse(doc, reasons)
	if doc.status == CLOSED:
		doc.closed_by, doc.closed_on = frappe.session.user, site_now()


def situation(doc) -> dict:
	"""What the form shows of a saved plan: what the next phase lacks, the trial run, what is left over."""
	ahead = domain.next_phase(doc.status)
	gaps = content.missing(doc, ahead) if ahead else []
	rows = trial_runs.readings(doc)
	found = trial_runs.verdict(doc, rows)
	left = leftovers(doc)
	names = full_names([row.taken_by for row in rows] + [row.owner_user for row in left])
	for row in rows:
		row.update({"text": trial_runs.with_unit(row.value, row.unit), "by": names.get(row.taken_by)})
	for row in left:
		row.owner_name = names.get(row.owner_user)
	return {
		"next_phase": ahead,
		"missing": [{"fieldname": gap.fieldname, "part": gap.part, "text": gap.text} for gap in gaps],
		"trial": {
			"reasons": trial_runs.sentences(doc, found) if found else [],
			"held": bool(found and found.held),
			"decided": bool(found and found.decided and not found.held),
			"metrics": [_metric_face(row, found) for row in doc.metrics],
			"readings": rows,
		},
		"leftovers": left,
		"leftovers_missing": incomplete(doc) if doc.status == TRIAL_RUN else [],
	}


def accept_otherwise(plan: str, party: str, person: str, reason: str, decided_on: str | None = None) -> None:
	"""Record the decision to accept a trial run that did not hold: who of which party, why, when."""
	doc = frappe.get_doc(DOCTYPE, plan)
	doc.update(
		{
			"accepted_party": party,
			"accepted_by": person,
			"acceptance_reason": reason,
			"accepted_on": decided_on or site_now(),
		}
	)
	doc.save()


def on_trash(doc) -> None:
	"""What was done stays on record."""
	if content.rank(doc.status) >= content.rank(IN_PROGRESS) or doc.status == ROLLED_BACK:
		frappe.throw(
			_("{0}: the plan is {1} and is kept as evidence.").format(
				doc.name, frappe.bold(_(doc.status, context=DOCTYPE))
			)
		)


def _check_way(doc, was: str) -> None:
	if domain.may_follow(doc.status, was):
		return
	if doc.status == ROLLED_BACK:
		frappe.throw(
			_(
				"{0}: the plan is {1}. Only what is in progress or in its trial run can be rolled back."
			).format(frappe.bold(_("Rolled Back", context=DOCTYPE)), frappe.bold(_(was, context=DOCTYPE)))
		)
	frappe.throw(
		_("{0}: the plan is {1}. It is closed after its trial run only.").format(
			frappe.bold(_("Closed", context=DOCTYPE)), frappe.bold(_(was, context=DOCTYPE))
		)
	)


def _begin_again(doc, was: str) -> None:
	"""A revision is a new version: what was confirmed, checked, done and observed belonged to the old one."""
	if was == ROLLED_BACK:
		told = [f"{content.label(doc, name)}: {escape_html(doc.get_formatted(name))}" for name in ROLLBACK]
		doc.add_comment("Info", _("Rolled back:") + "<br>" + "<br>".join(told))
	for fieldname in (*OF_ONE_VERSION, *optimization_rows.DECISION, *ROLLBACK):
		doc.set(fieldname, None)
	for table in ("steps", "rollback_steps", "security_checks", "metrics"):
		for row in doc.get(table):
			for column in row.meta.fields:
				if column.no_copy:
					row.set(column.fieldname, None)


def _note_confirmation(doc) -> None:
	"""The customer's approving review of the present content is their confirmation (6.4.h), unless one is recorded."""
	if doc.confirmed_by or doc.is_new():
		return
	for review in reversed(reviews.summary(doc.doctype, doc.name)):
		if review["party"] != "Customer" or review["content_hash"] != content_hash(doc, review["part"] or ""):
			continue
		for person in reversed(review["participants"]):
			if person["decision"] == "Approved":
				doc.confirmed_by = person["full_name"] or person["user"]
				doc.confirmed_on = getdate(person["decided_on"])
				doc.confirmation_note = _("Review {0}").format(review["name"])
				return


def _gate(doc) -> list[str]:
	"""Why the trial run does not let the plan be closed; empty when it held or was accepted otherwise (6.4.c)."""
	found = trial_runs.verdict(doc)
	if found and found.open:
		return []
	return [
		*trial_runs.sentences(doc, found),
		_("Or record under Accepted Otherwise who decided to close all the same, and why."),
	]


def _refuse(doc, reasons: list[str]) -> None:
	if reasons:
		listed = "".join(f"<li>{escape_html(reason)}</li>" for reason in reasons)
		frappe.throw(
			_("The plan cannot become {0} yet:").format(frappe.bold(_(doc.status, context=DOCTYPE)))
			+ f"<ul>{listed}</ul>",
			title=_("Something is missing"),
		)


def _stay_as_ended(doc, before) -> None:
	"""A closed or rolled-back plan is evidence: nothing of it changes. Rolled back, it may be revised, not closed."""
	if not before or before.status not in ENDED:
		return
	if before.status == ROLLED_BACK and doc.status == "Draft":
		return
	diff = get_diff(before, doc)
	changed = [name for name, _old, _new in diff.changed if name != "workflow_state"] if diff else []
	if diff:
		changed += [table for table, *_rest in [*diff.added, *diff.removed, *diff.row_changed]]
	changed = [name for name in changed if name not in (delivered_reports.FIELD, *satisfaction_change.FIELDS)]  # what may come later
	if changed:
		frappe.throw(
			_(
				"{0} is {1} and stays as it is. What would change: {2}. Make a new plan for what is still to do."
			).format(
				doc.name,
				frappe.bold(_(before.status, context=DOCTYPE)),
				", ".join(content.label(doc, name) for name in dict.fromkeys(changed)),
			)
		)


def _metric_face(row, found) -> dict:
	held = (
		next((held for held in found.metrics if held.metric.name == row.metric_name), None) if found else None
	)
	return {
		"name": row.metric_name,
		"unit": row.unit,
		"baseline": row.baseline,
		"baseline_text": trial_runs.with_unit(row.baseline, row.unit),
		"target": row.target,
		"direction": row.direction,
		"target_text": trial_runs.target_text(row),
		"counted": held.counted if held else 0,
		"outside": len(held.outside) if held else 0,
		"last": held.last.value if held and held.last else None,
		"last_text": trial_runs.with_unit(held.last.value, row.unit) if held and held.last else "–",
	}


def usual_requirements(language: str | None = None) -> dict[str, str]:
	"""Factor of security -> what is usually required of it, to begin with (6.4.f)."""
	return {
		"People": _("Only named people with a valid authorization; visitors are accompanied.", language),
		"Operations": _(
			"Approved steps only, by two people where data can be lost; every action is logged.", language
		),
		"Data": _("Back-up made and tested; no customer data leaves the customer's systems.", language),
		"Tools": _(
			"Licensed tools from the approved list, checked for malware; removed afterwards.", language
		),
	}
