"""Firing a step: the log that proves it, who is told, and what else the policy asks for (6.3.e, 5.3.c).

The log is written first. Each action stands alone: one that fails is named in the log's problems and the others go on.
Everything is one transaction with the trigger, so a trigger fires once or not at all. Whom it tells is written down in
the same transaction, and told after it (telling).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.utils import get_fullname

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks import triggers
from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.escalation import recipients
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import priority_matrix as matrices
from ops_delivery.services.rules.policy_reading import Policy
from ops_delivery.services.shared import bulk, insert_many
from ops_delivery.services.shared.site_time import offset_minutes, to_site, utc_now

LOG = "Escalation Log"


def fire(
	row: frappe._dict,
	step: str,
	round_: int,
	due: datetime,
	policy: Policy,
	now: datetime,
	book: recipients.Book,
	told: list[dict[str, Any]],
) -> None:
	"""Fire a policy step of a clock (its stored row).

	The log of a step that only tells is put to `told`: whoever fires writes them all with one statement (write). A step that
	does more is written and carried out here. Raises only if the log itself cannot be written: then nothing has happened and
	the trigger is tried again. `book` saves reading about people again for every trigger of a batch.
	"""
	action = policy.actions[step]
	people = recipients.of_step(action, row, book)
	log = {
		"kind": action["kind"],
		"step": step,
		"round": round_,
		"reference_doctype": row.reference_doctype,
		"reference_name": row.reference_name,
		"commitment": row.commitment,
		"clock": row.name,
		"due_on": to_site(due),
		"fired_on": to_site(now),
		"utc_offset": offset_minutes(now),
		"policy": row.policy,
		"policy_version": policy.version,
		"agreement": row.agreement,
		"customer": row.customer,
		"recipients": telling.plan(people, action, policy, now, book.emails(people)),
	}
	if not people and _tells_somebody(action):
		log["problems"] = _("Nobody could be told: the agreement and the record name no one for this step")
	if acts(action):
		_carry_out(action, row, insert_many.one_by_one(LOG, log))
	else:
		told.append(log)


def write(logs: list[dict[str, Any]]) -> None:
	"""Write the logs of steps that only tell, with whom they tell."""
	insert_many.insert(LOG, logs)


def _carry_out(action: Mapping[str, Any], row: frappe._dict, log: Any) -> None:
	done, problems = [], [log.problems] if log.problems else []
	for wanted, label, act in (
		("raise_priority", _("Priority raised"), _raise_priority),
		("reassign_to", _("Reassigned"), _reassign),
		("server_script", _("Server Script called"), _call_script),
	):
		if action.get(wanted):
			_attempt(act, label, (action, row, log), done, problems)
	if done or problems:
		log.actions_done = "\n".join(done)
		log.problems = "\n".join(problems)
		bulk.update_row(log)


def acts(action: Mapping[str, Any]) -> bool:
	"""Whether a step does more than tell: then the record and its clocks may have changed once it has fired."""
	return any(action.get(key) for key in ("raise_priority", "reassign_to", "server_script"))


def may_acknowledge(logs: Iterable[Mapping[str, Any]]) -> set[str]:
	"""The names of those logs (name, reference_doctype, reference_name) that the session's user may acknowledge: who may edit
	the record, or was told."""
	logs = list(logs)
	told = frappe.get_all(
		"Escalation Log Recipient",
		filters={"parent": ["in", [log["name"] for log in logs] or [""]], "user": frappe.session.user},
		pluck="parent",
		order_by="parent",
	)
	records = {(log["reference_doctype"], log["reference_name"]) for log in logs}
	editable = {record for record in records if frappe.has_permission(record[0], "write", record[1])}
	return {log["name"] for log in logs if (log["reference_doctype"], log["reference_name"]) in editable} | set(told)


def acknowledge(names: Iterable[str], note: str = "") -> list[str]:
	"""Somebody takes note of escalations: their repeats end. Returns the names that were still open."""
	open_logs = frappe.get_all(
		"Escalation Log",
		filters={"name": ["in", list(names)], "acknowledged": 0},
		fields=["name", "clock"],
		order_by="fired_on",
	)
	if not open_logs:
		return []
	log = frappe.qb.DocType("Escalation Log")
	(
		frappe.qb.update(log)
		.set(log.acknowledged, 1)
		.set(log.acknowledged_by, frappe.session.user)
		.set(log.acknowledged_on, to_site(utc_now()))
		.set(
			log.acknowledgement_note,
			bulk.as_saved("Escalation Log", {"acknowledgement_note": note})["acknowledgement_note"],
		)
		.where(log.name.isin([row.name for row in open_logs]))
	).run()
	clocks = clock_store.lock({row.clock for row in open_logs})
	triggers.replan(clocks, utc_now())
	return [row.name for row in open_logs]


def _tells_somebody(action: dict[str, Any]) -> bool:
	return any(
		action.get(key)
		for key in ("notify_assignee", "notify_managers", "notify_experts", "notify_role", "notify_user")
	)


def _attempt(act, label: str, arguments: tuple, done: list[str], problems: list[str]) -> None:
	"""One action in a savepoint of its own: what it did, or why it could not."""
	savepoint = "ops_action"
	frappe.db.savepoint(savepoint)
	try:
		outcome = act(*arguments)
		if outcome:
			done.append(f"{label}: {outcome}")
	except Exception as error:
		frappe.db.rollback(save_point=savepoint)
		frappe.clear_last_message() if frappe.message_log else None
		problems.append(f"{label}: {_('not done')}: {error}")
		frappe.log_error(title="Ops Delivery: an escalation action failed")


def _raise_priority(action, row, log) -> str | None:
	"""6.3.e.3: a risk of missing the promised time raises the priority."""
	if not row.agreement:
		raise ValueError(_("no agreement rules this record, so it has no order of priorities"))
	measured = definitions.for_doctype(row.reference_doctype)
	doc = frappe.get_doc(row.reference_doctype, row.reference_name)
	before = doc.get(measured.priority_field) or row.priority
	after = matrices.load(agreements.terms(row.agreement).matrix).raised(before)
	if after == before:
		return _("already {0}, the highest").format(_(before))
	doc.set(measured.priority_field, after)
	if doc.meta.has_field("ops_priority_reason"):
		doc.ops_priority_reason = _("Raised by escalation step {0}").format(_(log.step, context="Escalation Step"))
	doc.flags.ops_escalation = log.name
	doc.save(ignore_permissions=True)
	return f"{_(before)} → {_(after)}"


def _reassign(action, row, log) -> str | None:
	target = recipients.reassignee(action, row)
	if not target:
		raise ValueError(_("the agreement names nobody for {0}").format(_(action["reassign_to"])))
	current = recipients.assignees(row.reference_doctype, row.reference_name)
	if current == [target]:
		return _("stays with {0}").format(get_fullname(target))
	for user in current:
		if user != target:
			assign_to.set_status(
				row.reference_doctype,
				row.reference_name,
				assign_to=user,
				status="Cancelled",
				ignore_permissions=True,
			)
	if target not in current:
		assign_to.add(
			{
				"doctype": row.reference_doctype,
				"name": row.reference_name,
				"assign_to": [target],
				"description": _("Escalation: {0}").format(_(log.step, context="Escalation Step")),
			},
			ignore_permissions=True,
		)
	return get_fullname(target)


def _call_script(action, row, log) -> str | None:
	"""The administrator's extension point: an API Server Script that finds log, clock and doc in frappe.flags."""
	from frappe.utils.safe_exec import is_safe_exec_enabled, safe_exec

	name = action["server_script"]
	if not is_safe_exec_enabled():
		raise ValueError(_("{0}: this bench does not allow server scripts").format(name))
	script = frappe.get_doc("Server Script", name)
	if script.disabled:
		raise ValueError(_("{0} is disabled").format(name))
	safe_exec(
		script.script,
		_locals={
			"log": log.as_dict(),
			"clock": frappe._dict(row),
			"doc": frappe.get_doc(row.reference_doctype, row.reference_name),
		},
		restrict_commit_rollback=True,
		script_filename=name,
	)
	return name
