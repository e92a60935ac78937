"""Conditions that an administrator writes into the host's own rules about records of ours: Notification, Webhook, Assignment
Rule, and a Workflow's steps (6.3.b).

Frappe asks them in the middle of a save: one that fails there stops the save, the portal and received mail with an error of the
server. It tries them beforehand on a blank record that has every name there is, or not at all.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.notification.notification import get_context
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_safe_globals
from frappe.utils import cint, cstr, escape_html, strip_html

from ops_delivery.domain.errors import DomainError
from ops_delivery.permissions import steps
from ops_delivery.services.rules import conditions
from ops_delivery.services.scope import issue_scope as ours

# the field that names the records' type, the field that switches it, what that says while it is at work, and the conditions
KINDS: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
	"Notification": ("document_type", "enabled", 1, ("condition",)),
	"Webhook": ("webhook_doctype", "enabled", 1, ("condition",)),
	"Assignment Rule": ("document_type", "disabled", 0, ("assign_condition", "unassign_condition", "close_condition")),
}
BARE = "Assignment Rule"  # asks by the names of the fields alone
BESIDE = frozenset(("_user_tags", "_comments", "_liked_by", "_seen"))  # columns that are no fields
CONFIRMED = 3  # records that are loaded whole to make sure
EXAMPLE = "<code>doc.field and doc.field &gt; 1</code>"

Ask = Callable[[Any], Any]  # a condition, asked of a document


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events Notification, Webhook and Assignment Rule.validate. What is switched off may say anything."""
	if steps.is_setting_up() or not _is_at_work(doc):
		return
	if found := _of_rule(doc):
		frappe.throw("<br>".join(found), conditions.NotMeant, title=_("Condition not usable"))


def of_workflow(doc: Any) -> list[str]:
	"""What is wrong with the conditions and worked-out values of a Workflow, as escaped texts. Frappe asks the conditions in each
	save of a document, of all steps from its state, whoever saves."""
	found, begins = [], doc.states[0].state if doc.states else None
	for row in doc.transitions:
		if text := cstr(row.condition).strip():
			where = _("Transitions, row {0} ({1})").format(row.idx, escape_html(f"{_(row.state)} → {_(row.next_state)}"))
			wrong = problems(text, doc.document_type, _as_workflow(text), blank=row.state == begins)
			found += [f"{where}: {line}" for line in wrong]
	for row in doc.states:  # 16 works values out
		text = cstr(row.update_value).strip() if cint(row.get("evaluate_as_expression")) else ""
		if text:
			where = _("States, row {0} ({1})").format(row.idx, escape_html(cstr(row.state)))
			wrong = problems(text, doc.document_type, _as_workflow(text), blank=False)
			found += [f"{where}: {line}" for line in wrong]
	return found


def stored() -> Iterator[tuple[str, str, str]]:
	"""Rules of the host's at work whose conditions have become wrong since they were saved, by a field that went or by new
	records: (DocType, name, what is wrong, as plain text)."""
	for doctype, (about, switch, at_work, _fields) in KINDS.items():
		for name in frappe.get_all(doctype, {switch: at_work, about: ["is", "set"]}, pluck="name", order_by="name"):
			rule = frappe.get_doc(doctype, name)
			for text in _of_rule(rule) if _is_at_work(rule) else ():
				yield doctype, name, _plain(text)
	for name in frappe.get_all("Workflow", {"is_active": 1}, pluck="name", order_by="name"):
		workflow = frappe.get_doc("Workflow", name)
		for text in of_workflow(workflow) if ours.is_type_ours(workflow.document_type) else ():
			yield "Workflow", name, _plain(text)


def _plain(text: str) -> str:
	return html.unescape(strip_html(text))


def _is_at_work(doc: Any) -> bool:
	about, switch, at_work, _fields = KINDS[doc.doctype]
	return cint(doc.get(switch)) == at_work and ours.is_type_ours(doc.get(about))


def _of_rule(doc: Any) -> list[str]:
	doctype, found = doc.get(KINDS[doc.doctype][0]), []
	for where, text in _written(doc, KINDS[doc.doctype][3]):
		if not text:
			continue
		wrong = _unknown_names(text, doctype) if doc.doctype == BARE else problems(text, doctype, _as_host(text), blank=True)
		found += [f"{where}: {line}" for line in wrong]
	return found


def _written(doc: Any, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
	"""(where it stands, condition); of a Notification each recipient has one, too."""
	for field in fields if doc.get("condition_type") != "Filters" else ():  # 16 asks by the one or the other
		yield frappe.bold(_(doc.meta.get_label(field), context=doc.doctype)), cstr(doc.get(field)).strip()
	for row in doc.get("recipients") or ():
		label = frappe.bold(_(doc.meta.get_label("recipients"), context=doc.doctype))
		yield f"{label} {row.idx}", cstr(row.condition).strip()


def problems(text: str, doctype: str, ask: Ask, blank: bool) -> list[str]:
	"""What is wrong with a condition of the host's about records of a type, as escaped texts; [] where nothing is. `ask` evaluates
	it as the host does. `blank`: a new record is asked, too."""
	new = frappe.new_doc(doctype)
	try:
		found = conditions.objections(text, doctype, lambda name: name in BESIDE or hasattr(new, name))
	except DomainError:
		found = []  # it may say more than our own conditions
	if found:
		return [escape_html(line) for line in found]
	try:
		ask(new)
	except Exception as error:
		if blank or isinstance(error, NameError | SyntaxError):
			return [
				_(
					"the condition {0} cannot be evaluated for a blank {1}: {2}. Frappe would stop every save with it. Correct it, or ask for the value first, as in {3}."
				).format(frappe.bold(escape_html(text)), _(doctype), escape_html(cstr(error)[:200]), EXAMPLE)
			]
	return list(_on_records(text, doctype, ask))


def _on_records(text: str, doctype: str, ask: Ask) -> Iterator[str]:
	"""The first of the last records on which it fails. Read in sets; what fails there is loaded whole to make sure."""
	left = CONFIRMED
	for row in conditions.last(doctype, [text]):
		try:
			ask(row)
			continue
		except Exception:
			left -= 1
		try:
			ask(frappe.get_doc(doctype, row.name))
		except Exception as error:
			yield _(
				"the condition {0} fails on {1}: {2}. Frappe would stop every save of it. Ask for the value first, as in {3}."
			).format(
				frappe.bold(escape_html(text)), escape_html(cstr(row.name)), escape_html(cstr(error)[:200]), EXAMPLE
			)
			return
		if not left:
			return


def _as_host(text: str) -> Ask:
	return lambda doc: frappe.safe_eval(text, None, get_context(doc))


def _as_workflow(text: str) -> Ask:
	given = get_workflow_safe_globals()
	return lambda doc: frappe.safe_eval(text, given, {"doc": doc.as_dict() if isinstance(doc, Document) else doc})


def _unknown_names(text: str, doctype: str) -> list[str]:
	"""An Assignment Rule that fails assigns nobody, and tells whoever saves the record."""
	try:
		frappe.safe_eval(text, None, frappe.new_doc(doctype).as_dict())
	except NameError as error:
		return [
			_("the condition {0} names what a {1} has not: {2}. It asks by the names of the fields alone, as in {3}.").format(
				frappe.bold(escape_html(text)), _(doctype), escape_html(cstr(error)[:200]), '<code>status == "Open"</code>'
			)
		]
	except Exception:
		return []  # of a blank record alone, perhaps
	return []
