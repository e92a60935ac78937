"""An administrator's Workflow on records of ours, looked at when it is saved: would each step work at the click? (6.3.b)

Refused are a value that the field cannot have, a step for a role that may not change such records, a state taken away under
documents that are in it, and on visits a phase that no state stands for: their engineers would be stopped. Where no state
stands for any phase, those that bear the name of one are mapped to it, and it is said.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_safe_globals
from frappe.utils import cint, cstr, escape_html

from ops_delivery.permissions import steps
from ops_delivery.services.administration import workflow_moves, workflow_paths
from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.rules import host_conditions
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.visits.types import SESSION, SHEET

MOVED_BY_STEPS = (SHEET, SESSION)  # their own buttons enter every phase, one after another
PHASE_FIELD = workflow_states.PHASE_FIELD


class NotWorkable(frappe.ValidationError):
	"""A workflow whose steps would fail at the click."""


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events Workflow.validate: everything that is wrong, at once."""
	doctype = doc.document_type
	if not cint(doc.is_active) or not ours.is_type_ours(doctype):
		return
	_map_by_name(doc)
	problems = [
		*_values(doc),
		*_roles(doc),
		*host_conditions.of_workflow(doc),
		*workflow_moves.problems(doc),
		*(_phases(doc) if doctype in REGISTRY else ()),
	]
	if problems:
		frappe.throw(
			"<ul>" + "".join(f"<li>{text}</li>" for text in problems) + "</ul>",
			NotWorkable,
			title=_("This workflow would not work"),
		)
	_say_of_reviews(doc)


def refuse_deletion(doc: Any, _method: str | None = None) -> None:
	"""doc_events Workflow.on_trash: one that documents go by is switched off instead; Frappe would look for it at every save."""
	if steps.is_setting_up() or not ours.is_type_ours(doc.document_type):
		return
	count = frappe.db.count(doc.document_type) if cint(doc.is_active) else 0
	if count:
		frappe.throw(
			_("{0} documents go by the workflow {1}. Untick {2} instead: they keep their phase and their reviews.").format(
				count,
				frappe.bold(escape_html(doc.name)),
				frappe.bold(_(doc.meta.get_label("is_active"), context="Workflow")),
			),
			NotWorkable,
			title=_("Documents go by it"),
		)


def forget(doc: Any, _method: str | None = None) -> None:
	"""doc_events Workflow.after_delete: Frappe keeps in mind which workflow a type has."""
	frappe.clear_cache(doctype=doc.document_type)
	frappe.cache.hdel("workflow", doc.document_type)


def align(doc: Any, _method: str | None = None) -> None:
	"""doc_events Workflow.on_update: where it is switched on, each document is in the state of its phase: while it was off
	nothing kept the two together. Documents of a state that is no more go where its form said."""
	if cint(doc.is_active) and ours.is_type_ours(doc.document_type):
		workflow_moves.move(doc)
	before = doc.get_doc_before_save()
	if not cint(doc.is_active) or (before and cint(before.is_active)) or doc.document_type not in REGISTRY:
		return
	field = doc.workflow_state_field
	if field == PHASE_FIELD or not frappe.get_meta(doc.document_type).has_field(field):
		return
	table = frappe.qb.DocType(doc.document_type)
	for phase in REGISTRY[doc.document_type].all_phases:
		state = workflow_states.state_of(doc, phase)
		same = [row.state for row in doc.states if workflow_states.phase_of(doc, row.state) == phase]
		if state:
			(
				frappe.qb.update(table)
				.set(table[field], state)
				.where((table[PHASE_FIELD] == phase) & (table[field].isnull() | table[field].notin(same + _phaseless(doc))))
			).run()


def _phaseless(doc: Any) -> list[str]:
	"""States that keep whatever phase the document is in."""
	return [row.state for row in doc.states if workflow_states.phase_of(doc, row.state) is None]


def _map_by_name(doc: Any) -> None:
	entry = REGISTRY.get(doc.document_type)
	if not entry or any(workflow_states.phase_of(doc, row.state) for row in doc.states):
		return
	named = {name: phase for phase in entry.all_phases for name in (phase, _(phase, context=doc.document_type))}
	mapped = []
	for row in doc.states:
		if row.state in named and not row.update_field:
			row.update_field, row.update_value = PHASE_FIELD, named[row.state]
			mapped.append(f"{_(row.state)} → {_(named[row.state], context=doc.document_type)}")
	if mapped:
		frappe.msgprint(
			_("No state stood for a phase, so those of a phase's name do now: {0}.").format(
				escape_html(", ".join(mapped))
			),
			title=_("States mapped to phases"),
			indicator="blue",
		)


def _values(doc: Any) -> list[str]:
	meta = frappe.get_meta(doc.document_type)
	found = []
	for row in doc.states:
		if not row.update_field:
			continue
		where = _("States, row {0} ({1})").format(row.idx, escape_html(cstr(row.state)))
		field = meta.get_field(row.update_field)
		if not field:
			found.append(
				_("{0}: {1} has no field {2}.").format(where, _(doc.document_type), escape_html(row.update_field))
			)
			continue
		value = cstr(row.update_value).strip()
		if cint(row.get("evaluate_as_expression")) or not value:
			continue
		possible = _possible(field, doc)
		if possible is not None and value not in possible:
			found.append(
				_("{0}: {1} is never {2}. Possible are: {3}.").format(
					where,
					_(field.label, context=doc.document_type),
					frappe.bold(escape_html(value)),
					escape_html(", ".join(possible)),
				)
			)
	return found


def _possible(field: Any, doc: Any) -> list[str] | None:
	if field.fieldname == PHASE_FIELD and doc.document_type in REGISTRY:
		return list(REGISTRY[doc.document_type].all_phases)
	if field.fieldtype == "Select":
		return [option for option in cstr(field.options).split("\n") if option] or None
	if field.fieldtype == "Check":
		return ["0", "1"]
	return None


def _roles(doc: Any) -> list[str]:
	found = []
	for row in doc.transitions:
		if rights := workflow_paths.lacking(doc, row):
			found.append(
				_("Transitions, row {0} ({1}): the role {2} may not {3} a {4}. Give it the right in the Role Permissions Manager, or choose another role.").format(
					row.idx,
					escape_html(f"{_(row.state)} → {_(row.next_state)}"),
					frappe.bold(_(cstr(row.allowed))),
					", ".join(_(right) for right in rights),
					_(doc.document_type),
				)
			)
	return found


def _say_of_reviews(doc: Any) -> None:
	"""A review that is needed before a state that goes is asked for all the same, later: whoever takes the state away is told."""
	before = doc.get_doc_before_save()
	gone = {row.state for row in before.states} - {row.state for row in doc.states} if before else set()
	if not gone or doc.document_type not in REGISTRY:
		return
	wanted = {"document_type": doc.document_type, "enabled": 1, "needed_before": ["in", sorted(gone)]}
	for rule in frappe.get_all("Review Rule", wanted, ["name", "needed_before"], order_by="name"):
		if rule.needed_before in REGISTRY[doc.document_type].all_phases:
			continue
		frappe.msgprint(
			_("The review {0} is needed before {1}, which goes. It is asked for before the content is fixed, until you choose another state in its Review Rule.").format(
				frappe.bold(escape_html(_(rule.name))), frappe.bold(escape_html(_(rule.needed_before)))
			),
			title=_("Reviews", context="Ops Delivery"),
			indicator="orange",
		)


def _phases(doc: Any) -> list[str]:
	entry = REGISTRY[doc.document_type]
	standing = {workflow_states.phase_of(doc, row.state) for row in doc.states} - {None}
	if not standing:
		return [
			_("No state stands for a phase. In the states, choose {0} as Update Field and one of these as Update Value: {1}.").format(
				frappe.bold("status"), ", ".join(entry.phases)
			)
		]
	if doc.document_type not in MOVED_BY_STEPS:
		return []
	missing = [phase for phase in entry.phases if phase not in standing]
	found = []
	if missing:
		found.append(
			_("No state stands for {0}: the buttons of {1} enter every phase, and would be refused. Add a state for each.").format(
				frappe.bold(", ".join(_(phase, context=doc.document_type) for phase in missing)), _(doc.document_type)
			)
		)
	steps = {
		(workflow_states.phase_of(doc, row.state), workflow_states.phase_of(doc, row.next_state))
		for row in doc.transitions
	}
	for before, after in zip(entry.phases, entry.phases[1:], strict=False):
		if before not in missing and after not in missing and (before, after) not in steps:
			found.append(
				_("No transition leads from {0} to {1}. Add one for the roles that do this step.").format(
					frappe.bold(_(before, context=doc.document_type)), frappe.bold(_(after, context=doc.document_type))
				)
			)
	return found
