"""Facts and states are written by steps only: one table for all evidence, asked on every way in.

What a service notes (who, when, which state, what came of it) is a fact. A form shows it, and nobody types it: not in the
form, by set_value, bulk edit, import, REST, submission or amendment, and not by code that does not say it is a step. Which
fields these are follows from the DocTypes: those that are read-only as we deliver them, with what `EVIDENCE` adds or leaves
out. The same table says what a record begins with and whether it may be deleted by hand.

A service takes the step with `take(doc)` before it saves. The mark lives in the document's flags, which Frappe fills from no
request. What is worked out anew at every save is not refused but put back, so that forms may show it before they save.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt, get_datetime, getdate

MODULE = "Ops Delivery"
FLAG, ASKED = "ops_step", "ops_step_asked"
TABLES = frozenset(("Table", "Table MultiSelect"))
NO_VALUE = frozenset(("Section Break", "Column Break", "Tab Break", "HTML", "Heading", "Button", "Fold", "Image"))
NUMBERS = frozenset(("Int", "Float", "Currency", "Percent", "Duration", "Rating"))
NEVER, ALWAYS = "never", "always"
VISITS = ("Field Service Sheet", "Remote Support Session")


class OnlyBySteps(frappe.ValidationError):
	"""A fact or a state was written, or evidence deleted, by hand."""


@dataclass(frozen=True)
class Evidence:
	"""What holds of one DocType beyond its read-only fields. A field of a row is named "table.field"."""

	owned: tuple[str, ...] = ()  # the form lets people type it, and it is a fact once there: see `settled`
	settled: Callable[[Any], bool] | None = None  # from when on (of the stored record) the owned fields are facts
	kept_rows: tuple[str, ...] = ()  # tables whose rows may be added by hand, and are taken out by a step only
	given: tuple[str, ...] = ()  # may be given when the record is made, and stays from then on
	worked_out: tuple[str, ...] = ()  # what comes is put back: the rules of the record work it out at every save
	guarded_elsewhere: Mapping[str, str] = field(default_factory=dict)  # field -> what guards it on every way in
	begins: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # what a record made by hand may begin with
	deletion: str | Callable[[Any], bool] = ALWAYS  # by hand; a function says of a record whether it is no evidence yet


PHASES = "services/reviews/phase_guard.py: no phase is entered without its reviews, whoever moves it"
REVIEWED = {"status": PHASES, "workflow_state": PHASES}


def _is_bare(*blank: str, **values: str) -> Callable[[Any], bool]:
	"""Whether a record has these values and nothing in those fields: nobody has done anything with it yet."""
	return lambda doc: not any(doc.get(name) for name in blank) and all(
		doc.get(name) == value for name, value in values.items()
	)


# Every DocType of ours that is no configuration (a test compares). What a DocType's own on_trash refuses besides stands there.
EVIDENCE: dict[str, Evidence] = {
	"Agreement Assessment": Evidence(
		worked_out=(
			*("title", "score", "result_terms", "currency", "fee", "rewards", "penalties", "by_score", "amount", "note"),
			*("lines", "figures"),
		),
		deletion=_is_bare("supplier_by", "customer_by", status="Draft"),
	),
	"Consulting Plan": Evidence(
		worked_out=("budget", "costs.amount", "security.checked_by", "security.checked_on"),
		guarded_elsewhere=REVIEWED,
	),
	"Consulting Recommendation": Evidence(worked_out=("follow_ups.noted_by",)),
	"Consulting Report": Evidence(guarded_elsewhere=REVIEWED),
	"Delivery Activity": Evidence(
		worked_out=("customer", "company", "currency", "depends_on_tasks", "color"),
	),
	"Delivery Plan": Evidence(worked_out=("budget_total", "income_total"), guarded_elsewhere=REVIEWED),
	"Escalation Log": Evidence(deletion=NEVER),
	"Field Service Request": Evidence(deletion=NEVER),
	"Field Service Sheet": Evidence(),
	"Improvement Action": Evidence(
		given=("source_doctype", "source_name"),
		deletion=_is_bare("source_name", "told_on", state="Open"),
	),
	"Issue Takeover": Evidence(),
	"Mail That Needs a Person": Evidence(deletion=lambda doc: doc.state != "Open"),
	"Operation Manual": Evidence(worked_out=("steps.step_key",), guarded_elsewhere=REVIEWED),
	"Optimization Plan": Evidence(
		worked_out=("risk_level", "risks.level", "metrics.measured", "metrics.measured_on"),
		guarded_elsewhere=REVIEWED,
	),
	"Remote Support Session": Evidence(),
	"Routine Reading": Evidence(deletion=NEVER),
	"Routine Task": Evidence(deletion=_is_bare("started_on", status="Planned")),
	"Rule Version": Evidence(deletion=NEVER),
	"Service Acceptance": Evidence(deletion=NEVER),
	"Service Agreement": Evidence(
		given=("template", "amended_from"),
		worked_out=("agreed_parts.state", "agreed_parts.recorded_by", "agreed_parts.part_hash"),
		guarded_elsewhere=REVIEWED,
		owned=("status",),
		settled=lambda stored: cint(stored.docstatus) > 0,
	),
	"Service Authorship": Evidence(deletion=NEVER),
	"Service Clock": Evidence(deletion=NEVER),
	"Service Clock Event": Evidence(deletion=NEVER),
	"Service Clock Trigger": Evidence(deletion=NEVER),
	"Service Complaint": Evidence(kept_rows=("people",), deletion=NEVER),
	"Service Handover": Evidence(
		given=("source_doctype", "source_name"),
		begins={"state": ("Proposed",), "target_name": (None, "")},
		deletion=_is_bare("source_name", "target_name", "answer", state="Proposed"),
	),
	"Service Leftover": Evidence(
		owned=("result",),
		settled=lambda stored: stored.get("state") in ("Solved", "Waived"),
		given=("source_doctype", "source_name"),
		# of what a visit leaves open the visit decides (services/leftovers.py)
		deletion=lambda doc: doc.state in ("Open", "In Progress") and doc.source_doctype in (None, "", *VISITS),
	),
	"Service Mail": Evidence(deletion=NEVER),
	"Service Membership Change": Evidence(deletion=NEVER),
	"Service Notice": Evidence(deletion=NEVER),
	"Service Posting": Evidence(deletion=NEVER),
	"Service Review": Evidence(),
	"Service Signature": Evidence(deletion=NEVER),
	"Service Survey": Evidence(deletion=NEVER),
	"Survey Answer": Evidence(deletion=NEVER),
	"Survey Response": Evidence(deletion=NEVER),
	"Survey Round": Evidence(deletion=NEVER),
	"Trial Reading": Evidence(worked_out=("unit", "customer"), deletion=NEVER),
}
# What administrators set up and people keep as master data: not evidence, and deleted as Frappe's rights allow. Their few
# read-only fields (a revision, a name) are no more to be typed than those of evidence.
CONFIGURATION: dict[str, Evidence] = {
	"Checklist Template": Evidence(),
	"Clock Definition": Evidence(),
	"Delivery Plan Template": Evidence(worked_out=("shortest_days",)),
	"Dispatch Profile": Evidence(),
	"Escalation Policy": Evidence(),
	"Measured Record Type": Evidence(),
	"Ops Delivery Settings": Evidence(worked_out=("service_mailboxes.last_read_on",)),
	"Priority Matrix": Evidence(),
	"Review Rule": Evidence(),
	"Routine Kind": Evidence(),
	"Routine Schedule": Evidence(),
	"Service Agreement Template": Evidence(
		worked_out=("agreed_parts.state", "agreed_parts.recorded_by", "agreed_parts.part_hash")
	),
	"Service Calendar": Evidence(worked_out=("exceptions.source",)),
	"Service Commitment": Evidence(),
	"Service Importance": Evidence(),
	"Service Object": Evidence(),
	"Service Skill": Evidence(),
	"Service Urgency": Evidence(),
	"Survey Rule": Evidence(),
	"Survey Template": Evidence(),
}
NOTHING = Evidence()


def take(doc: Any) -> Any:
	"""Say that what is about to be saved is a step of ours; the document, for `take(doc).save()`. Services alone call it."""
	doc.flags[FLAG] = True
	return doc


def is_taken(doc: Any) -> bool:
	"""Whether a service said that this document is saved by a step."""
	return bool(doc.flags.get(FLAG))


def guard(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate, before_update_after_submit and before_cancel: refuse what is written by steps only.

	Controllers that fill in fields earlier call it first, as they do with field_types.cast; it looks once a save.
	"""
	if doc.meta.module != MODULE or is_setting_up():
		return
	if _method and doc.flags.pop(ASKED, None):
		return
	if not _method:
		doc.flags[ASKED] = True
	if doc.meta.istable:
		if not is_taken(doc):
			for row in filter(None, (doc, _stored(doc))):  # where it goes, and where it comes from
				_refuse_row_by_itself(row)
		return
	stored = _stored(doc)
	_guard_whose_rows(doc, stored)
	if is_taken(doc):
		return
	rules = rules_of(doc.doctype)
	for df in fields_of(doc.doctype):
		_guard_field(doc, stored, df, rules)
	if stored is None:
		for name, allowed in rules.begins.items():
			if doc.get(name) not in allowed:
				_refuse(doc, doc.meta.get_field(name), doc.get(name))


def guard_deletion(doc: Any, _method: str | None = None) -> None:
	"""doc_events on_trash: evidence is not deleted by hand; what carries none yet may go."""
	if doc.meta.module != MODULE or is_taken(doc) or is_setting_up():
		return
	if doc.meta.istable:
		_refuse_row_by_itself(doc)
		return
	kept = rules_of(doc.doctype).deletion
	if kept == ALWAYS or (callable(kept) and kept(doc)):
		return
	frappe.throw(
		_("{0} {1} is kept as evidence and cannot be deleted. {2}").format(
			_(doc.doctype), frappe.bold(escape_html(cstr(doc.name))), way_out(doc.doctype)
		),
		OnlyBySteps,
		title=_("Evidence"),
	)


def rules_of(doctype: str) -> Evidence:
	"""The line of the table for a DocType."""
	return EVIDENCE.get(doctype) or CONFIGURATION.get(doctype) or NOTHING


def is_engine(doctype: str) -> bool:
	"""Whether records of a type, or a table of such a record, come about by steps alone: nobody may make one by hand, as
	we deliver it."""
	rows = frappe.get_all("DocPerm", {"parent": doctype, "create": 1}, limit=1)
	if rows or frappe.db.get_value("DocType", doctype, "module") != MODULE:
		return False
	if not frappe.get_meta(doctype).istable:
		return not frappe.get_meta(doctype).issingle
	within = frappe.get_all(
		"DocField", {"options": doctype, "fieldtype": ["in", sorted(TABLES)], "parenttype": "DocType"}, pluck="parent"
	)
	return bool(within) and all(is_engine(parent) for parent in within)


def fields_of(doctype: str) -> tuple[Any, ...]:
	"""The fields of a DocType as we deliver it: what a site sets to read-only for its own forms is its own matter."""
	return _fields(frappe.local.site, doctype, cstr(frappe.get_meta(doctype).modified))


@lru_cache(maxsize=512)
def _fields(_site: str, doctype: str, _modified: str) -> tuple[Any, ...]:
	columns = ("fieldname", "label", "fieldtype", "options", "read_only", "fetch_from", "fetch_if_empty", "default")
	rows = frappe.get_all(
		"DocField", filters={"parent": doctype, "parenttype": "DocType"}, fields=columns, order_by="idx"
	)
	return tuple(row for row in rows if row.fieldtype not in NO_VALUE)


def written_by_steps(doctype: str) -> Iterator[tuple[str | None, Any]]:
	"""(table, field) of everything that a person cannot write, those that are put back included; for the test of them all."""
	rules = rules_of(doctype)
	for df in fields_of(doctype):
		if df.fieldtype in TABLES:
			if df.read_only or df.fieldname in rules.worked_out:
				yield None, df
			else:
				for column in fields_of(df.options):
					if _is_fact(column):
						yield df.fieldname, column
		elif _is_fact(df) or df.fieldname in rules.owned:
			yield None, df


def way_out(doctype: str) -> str:
	"""How it changes, as messages say it."""
	ways = {
		"Agreement Assessment": _("Each party confirms it with the buttons on the form; make another assessment to correct it."),
		"Consulting Recommendation": _("Use Record decision, Follow up and Verify on the form."),
		"Delivery Activity": _("Use Begin, Complete and Record Progress on the form."),
		"Improvement Action": _("Use the buttons on the form; withdraw it with a reason if it was opened by mistake."),
		"Operation Manual": _("Use the actions at the top of the form."),
		"Routine Schedule": _("It follows from the rule of the schedule."),
		"Routine Task": _("Use Begin, Done and Cancel on the form; it follows from its schedule."),
		"Rule Version": _("Edit the rule itself: saving it publishes a new revision."),
		"Service Acceptance": _("Only the customer's answer changes it: use Record the customer's decision on the request."),
		"Service Agreement": _("Use Suspend, Resume, Terminate and the renewal in the menu of the form."),
		"Service Complaint": _("Use the buttons on the form; withdraw it with a reason if it was entered by mistake."),
		"Service Handover": _("Use Hand over, Accept, Decline and Start; decline it with a reason if it is not wanted."),
		"Service Leftover": _("Use Solve, Waive and Reopen on the form."),
		"Service Review": _("Use Request Review on the document and Give Decision here."),
		"Service Signature": _("Use Sign on the document itself."),
		"Service Survey": _("Use its buttons, or let the customer answer."),
	}
	return ways.get(doctype) or _("It is noted by itself, by the buttons on the form and the steps behind them.")


def is_setting_up() -> bool:
	"""Whether an app is installed, migrated or taken away just now."""
	flags = frappe.flags
	return bool(flags.in_install or flags.in_migrate or flags.in_patch or flags.in_uninstall)


def _stored(doc: Any) -> Any:
	"""The record as it is in the database; None for a new one."""
	if doc.is_new():
		return None
	return doc.get_doc_before_save() or frappe.get_doc(doc.doctype, doc.name)


def _is_fact(df: Any) -> bool:
	"""Fetched fields are none: Frappe fetches them anew at every save."""
	return bool(cint(df.read_only)) and not (df.fetch_from and not cint(df.fetch_if_empty))


def _guard_field(doc: Any, stored: Any, df: Any, rules: Evidence) -> None:
	name = df.fieldname
	if df.fieldtype in TABLES:
		if name in rules.worked_out:
			return
		if cint(df.read_only):
			_guard_table(doc, stored, df)
		else:
			_guard_rows(doc, stored, df, rules)
		return
	is_owned = name in rules.owned and stored is not None and (rules.settled is None or rules.settled(stored))
	if not is_owned and (not _is_fact(df) or name in rules.guarded_elsewhere):
		return
	if stored is None and (name in rules.given or not doc.get(name)):
		return
	if name in rules.worked_out:
		if stored is not None:
			doc.set(name, stored.get(name))
	elif not _same(df, doc.get(name), _before(stored, df)):
		_refuse(doc, df, doc.get(name))
	elif stored is not None:
		doc.set(name, stored.get(name))


def _guard_whose_rows(doc: Any, stored: Any) -> None:
	"""No row of another record, and none twice. Frappe updates the row of a name, whosever it is, and makes it one of the
	record that is being saved: the other, signed or closed as it may be, would be without it."""
	if stored is None:
		return  # all rows of a new record are given names of their own
	for df in doc.meta.get_table_fields():
		own = {row.name for row in stored.get(df.fieldname) or []}
		for row in doc.get(df.fieldname) or []:
			if row.is_new() or not row.name:
				continue
			if row.name not in own:
				frappe.throw(
					_(
						"{0} of {1}, row {2}: {3} is no row of this record, or stands here twice. Load the form anew; a new row has no name."
					).format(
						frappe.bold(table_name(doc.doctype, df.fieldname)),
						escape_html(cstr(doc.name)),
						row.idx,
						frappe.bold(escape_html(cstr(row.name)[:140])),
					),
					OnlyBySteps,
					title=_("Written by steps only"),
				)
			own.discard(row.name)


def _guard_table(doc: Any, stored: Any, df: Any) -> None:
	"""A table that steps write: no row is added, changed or taken out."""
	rows, old = doc.get(df.fieldname) or [], (stored.get(df.fieldname) or []) if stored else []
	columns = fields_of(df.options)
	if [cstr(row.name) for row in old] != [cstr(row.name) for row in rows]:
		_refuse(doc, df, None)
	for was, now in zip(old, rows, strict=True):
		for column in columns:
			if not _same(column, now.get(column.fieldname), was.get(column.fieldname)):
				_refuse(doc, column, now.get(column.fieldname), now)


def _guard_rows(doc: Any, stored: Any, df: Any, rules: Evidence) -> None:
	facts = [column for column in fields_of(df.options) if _is_fact(column)]
	is_kept = df.fieldname in rules.kept_rows
	if not facts and not is_kept:
		return
	old = {row.name: row for row in stored.get(df.fieldname) or []} if stored else {}
	for row in doc.get(df.fieldname) or []:
		was = old.pop(row.name, None)
		for column in facts:
			name = column.fieldname
			if f"{df.fieldname}.{name}" in rules.worked_out:
				if was is not None:
					row.set(name, was.get(name))
			elif (was is not None or row.get(name)) and not _same(column, row.get(name), _before(was, column)):
				_refuse(doc, column, row.get(name), row)
			elif was is not None:
				row.set(name, was.get(name))
		for column in fields_of(df.options) if is_kept and was is not None else ():
			if not column.fetch_from and not _same(column, row.get(column.fieldname), was.get(column.fieldname)):
				_refuse(doc, column, row.get(column.fieldname), row)
	if is_kept and old:
		_refuse(doc, df, None)


def _before(stored: Any, df: Any) -> Any:
	"""The stored value; of a new record what Frappe fills in: the default, of a choice else the first one."""
	if stored is not None:
		return stored.get(df.fieldname)
	return df.default or (cstr(df.options).split("\n")[0] if df.fieldtype == "Select" else None)


def _same(df: Any, now: Any, was: Any) -> bool:
	"""Whether two values of a field are one, whatever form they came in."""
	kind = df.fieldtype
	if kind == "Check":
		return cint(now) == cint(was)
	if kind in NUMBERS:
		return flt(now, 9) == flt(was, 9) and _is_number(now)
	if kind in ("Date", "Datetime"):
		read = getdate if kind == "Date" else get_datetime
		try:
			one, other = (read(value) if value else None for value in (now, was))
		except Exception:
			return cstr(now) == cstr(was)
		if kind == "Datetime":
			one, other = (value.replace(microsecond=0) if value else None for value in (one, other))
		return one == other
	return cstr(now).strip() == cstr(was).strip()


def _is_number(value: Any) -> bool:
	try:
		float(value or 0)
	except (TypeError, ValueError):
		return False
	return True


def table_name(doctype: str, fieldname: str) -> str:
	"""A table of a record as messages call it: by its label, or by what its rows are where it has none."""
	field = frappe.get_meta(doctype).get_field(fieldname)
	return _(field.label, context=doctype) if field.label else _(field.options)


def _refuse(doc: Any, df: Any, value: Any, row: Any = None) -> None:
	context = row.doctype if row is not None else doc.doctype
	label = frappe.bold(_(df.label or df.fieldname, context=context))
	if row is not None:
		label = _("{0}, row {1}: {2}").format(table_name(doc.doctype, row.parentfield), row.idx, label)
	if df.fieldtype in TABLES:
		message = _("{0} of {1}: these rows are written by steps only and cannot be changed here. {2}").format(
			label, escape_html(cstr(doc.name) or _(doc.doctype)), way_out(doc.doctype)
		)
	else:
		message = _("{0} of {1} is noted by steps only and cannot be set to {2} here. {3}").format(
			label,
			escape_html(cstr(doc.name) or _(doc.doctype)),
			frappe.bold(escape_html(cstr(value)[:140]) or _("blank")),
			way_out(doc.doctype),
		)
	frappe.throw(message, OnlyBySteps, title=_("Written by steps only"))


def _refuse_row_by_itself(row: Any) -> None:
	"""A row that is saved or deleted alone passes the rules of its record by."""
	if row.get("parenttype") in CONFIGURATION:
		return
	frappe.throw(
		_("This row belongs to {0} {1} and is not written or deleted by itself. Change it on that record.").format(
			_(row.get("parenttype") or ""), frappe.bold(escape_html(cstr(row.get("parent"))))
		),
		OnlyBySteps,
		title=_("Written by steps only"),
	)
