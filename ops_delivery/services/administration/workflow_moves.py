"""Where documents go whose state a Workflow no longer has: chosen when it is saved, done with it, and noted on each. (6.3.b)

A state is no way round a review: offered are states that leave the phase (or whatever field the state sets) as it is.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cint, cstr, escape_html, get_url_to_list, now_datetime, quote

from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import job_queue as queueing

ASKED = "ops_moves"  # sent with the form: JSON of rows {state, to, reason}


def vanished(doc: Any) -> list[dict[str, Any]]:
	"""States that documents are in and the workflow has not: {state, count, strands (with this save they could be saved no
	more), targets, list}."""
	field, kept = doc.workflow_state_field, {row.state for row in doc.states}
	if not field or not frappe.db.has_column(doc.document_type, field):
		return []
	table = frappe.qb.DocType(doc.document_type)
	rows = (
		frappe.qb.from_(table)
		.select(table[field], Count("*"))
		.where(table[field].isnotnull() & (table[field] != "") & table[field].notin(sorted(kept) or [""]))
		.groupby(table[field])
		.orderby(table[field])
	).run()
	before = doc.get_doc_before_save() or (frappe.get_doc("Workflow", doc.name) if _is_stored(doc) else None)
	had = {row.state for row in before.states} if before else set()
	begins = cint(doc.is_active) and not (before and cint(before.is_active))
	return [
		{
			"state": state,
			"label": _(state),
			"count": count,
			"strands": state in had or bool(begins and not _is_mapped(doc, state)),
			"targets": [{"value": name, "label": _(name)} for name in targets(doc, state)],
			"list": f"{get_url_to_list(doc.document_type)}?{quote(field)}={quote(state)}",
		}
		for state, count in rows
	]


def _is_mapped(doc: Any, state: str) -> bool:
	"""Whether a workflow that begins to rule puts the documents of a state into that of their phase (workflow_check.align)."""
	entry, field = REGISTRY.get(doc.document_type), workflow_states.PHASE_FIELD
	if not entry:
		return False
	if doc.workflow_state_field == field:
		return True  # each is its own state
	table = frappe.qb.DocType(doc.document_type)
	phases = (
		frappe.qb.from_(table).select(table[field]).distinct().where(table[doc.workflow_state_field] == state)
	).run(pluck=True)
	return all(phase in entry.all_phases and workflow_states.state_of(doc, phase) for phase in phases)


def targets(doc: Any, state: str) -> list[str]:
	"""The states of the workflow that the documents of a vanished one may be put into: nothing else of them changes. None
	where the state is the status itself: another one would close a request, or pass a review."""
	if doc.workflow_state_field == workflow_states.PHASE_FIELD:
		return []
	table, meta = frappe.qb.DocType(doc.document_type), frappe.get_meta(doc.document_type)
	fields = sorted({row.update_field for row in doc.states if row.update_field and meta.has_field(row.update_field)})
	query = frappe.qb.from_(table).select(table.docstatus, *(table[field] for field in fields)).distinct()
	found = query.where(table[doc.workflow_state_field] == state).run(as_dict=True)
	return [
		row.state
		for row in doc.states
		if all(
			cint(row.doc_status) == each.docstatus
			and (not row.update_field or cstr(each.get(row.update_field)) == cstr(row.update_value).strip())
			for each in found
		)
	]


def asked(doc: Any) -> dict[str, dict[str, str]]:
	"""What the form says: state -> {to, reason}."""
	given = doc.get(ASKED)
	try:
		rows = json.loads(given) if isinstance(given, str) else given or []
	except ValueError:
		return {}
	return {
		cstr(row["state"]): {"to": cstr(row.get("to")), "reason": cstr(row.get("reason")).strip()}
		for row in rows
		if isinstance(row, dict) and row.get("state")
	}


def problems(doc: Any) -> list[str]:
	"""States that go with documents in them, without a word where these go; and words that cannot be followed."""
	choices, found = asked(doc), []
	for row in vanished(doc):
		choice, name = choices.get(row["state"]), frappe.bold(escape_html(row["label"]))
		if not choice:
			if row["strands"]:
				found.append(
					_("{0} documents are in the state {1}. Choose in the form of the workflow where they go, move them on first, or keep the state: {2}").format(
						row["count"], name, f'<a href="{escape_html(row["list"])}">{_("show them")}</a>'
					)
				)
			continue
		if choice["to"] not in [target["value"] for target in row["targets"]]:
			found.append(
				_("Documents of the state {0} cannot be put into {1}, as it would change more of them than the state. Possible are: {2}.").format(
					name,
					frappe.bold(escape_html(_(choice["to"])) or "–"),
					escape_html(", ".join(target["label"] for target in row["targets"])) or "–",
				)
			)
		elif not choice["reason"]:
			found.append(_("Say why the documents of the state {0} are moved; it is noted on each.").format(name))
	return found


def move(doc: Any) -> None:
	"""With the saved workflow: put the documents where its form said, and note it on them and on the workflow."""
	for state, choice in asked(doc).items():
		if state not in {row.state for row in doc.states}:
			_move(doc, state, choice["to"], choice["reason"])


def _move(doc: Any, state: str, to: str, reason: str) -> None:
	table = frappe.qb.DocType(doc.document_type)
	field = table[doc.workflow_state_field]
	names = frappe.qb.from_(table).select(table.name).where(field == state).orderby(table.name).for_update().run(pluck=True)
	if not names:
		return
	(
		frappe.qb.update(table)
		.set(field, to)
		.set(table.modified, now_datetime())
		.set(table.modified_by, frappe.session.user)
		.where(table.name.isin(names))
	).run()
	said = f"{_(state)} → {_(to)}: {reason}"
	user = frappe.session.user
	person = frappe.utils.get_fullname(user)
	rows = [
		(frappe.generate_hash(length=10), "Workflow", doc.document_type, name, user, person, escape_html(said))
		for name in names
	]
	fields = ("name", "comment_type", "reference_doctype", "reference_name", "comment_email", "comment_by", "content")
	bulk.insert("Comment", fields, rows)
	doc.add_comment("Workflow", escape_html(f"{said} ({len(names)})"))
	for name in names:
		frappe.clear_document_cache(doc.document_type, name)
	_let_clocks_follow(doc.document_type, names)
	frappe.msgprint(_("{0} documents were moved from {1} to {2}.").format(len(names), escape_html(_(state)), escape_html(_(to))))


def _let_clocks_follow(doctype: str, names: list[str]) -> None:
	"""A condition may ask for the state; what cannot be queued follows with the next save of each."""
	if definitions.for_doctype(doctype):
		method = "ops_delivery.services.clocks.refreshing.refresh_each"
		queueing.enqueue_after_commit(method, queue="long", doctype=doctype, names=names)


def _is_stored(doc: Any) -> bool:
	return bool(doc.name) and bool(frappe.db.exists("Workflow", doc.name))
