"""What is evidence, and which of its fields are facts: one table of every DocType of ours, read by the guard of steps.

Which fields people cannot write follows from the DocTypes: those that are read-only as we deliver them, with what `EVIDENCE`
adds or leaves out. The same table says what a record begins with and whether it may be deleted by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.states import LEFTOVER_SETTLED

MODULE = "Ops Delivery"
TABLES = frozenset(("Table", "Table MultiSelect"))
NO_VALUE = frozenset(("Section Break", "Column Break", "Tab Break", "HTML", "Heading", "Button", "Fold", "Image"))
NEVER, ALWAYS = "never", "always"
VISITS = ("Field Service Sheet", "Remote Support Session")


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


# where the series of a promised deliverable stands
_PROMISED = tuple(f"promised.{name}" for name in ("promise_key", "next_first", "make_on", "rests", "owes", "problem"))

# how far a job is, which goes on while a form is open
_MAKING = ("making_state", "making_run", "making_done", "making_section", "making_beat", "making_error", "figures_on", "handed_over_on")

# Every DocType of ours that is no configuration (a test compares). What a DocType's own on_trash refuses besides stands there.
EVIDENCE: dict[str, Evidence] = {
	"Agreement Assessment": Evidence(
		worked_out=(
			*("title", "score", "result_terms", "currency", "fee", "rewards", "penalties", "by_score", "amount", "note"),
			*("lines", "figures"),
		),
		deletion=_is_bare("supplier_by", "customer_by", status="Draft"),
	),
	"Amount Entry": Evidence(deletion=NEVER),
	"Consulting Plan": Evidence(
		worked_out=("budget", "costs.amount", "security.checked_by", "security.checked_on"),
		guarded_elsewhere=REVIEWED,
	),
	"Consulting Recommendation": Evidence(worked_out=("follow_ups.noted_by",)),
	"Consulting Report": Evidence(guarded_elsewhere=REVIEWED),
	"Deliverable": Evidence(
		worked_out=("kind", "files.fingerprint", "records.record_title", "records.measure", "records.target", "records.verdict"),
		guarded_elsewhere=REVIEWED,
		given=("redacted_from", "redacted_version"),
		# what was promised is due when it was promised
		owned=("due_date", "agreement", "customer", "period_from", "period_to"),
		settled=lambda stored: bool(stored.get("promise_slot")),
		deletion=lambda doc: not doc.promise_slot and doc.status == "Compiling" and cint(doc.version) <= 1,
	),
	"Deliverable Access Log": Evidence(deletion=NEVER),
	"Delivery Activity": Evidence(
		worked_out=("customer", "company", "currency", "depends_on_tasks", "color"),
	),
	"Delivery Plan": Evidence(worked_out=("budget_total", "income_total"), guarded_elsewhere=REVIEWED),
	"Clause Exemption": Evidence(deletion=NEVER),
	"Escalation Log": Evidence(deletion=NEVER),
	"Evidence Snapshot": Evidence(deletion=NEVER),
	"Field Service Request": Evidence(deletion=NEVER),
	"Field Service Sheet": Evidence(),
	"Improvement Action": Evidence(
		given=("source_doctype", "source_name"),
		deletion=_is_bare("source_name", "told_on", state="Open"),
	),
	"Issue Takeover": Evidence(),
	"Major Incident Report": Evidence(
		worked_out=(
			*("customer", "agreement", "service_object", "priority", "people_affected", "down_minutes", "reported_on"),
			*("restored_on", "resolved_on", "clocks", "timeline.origin", "timeline.record_key"),
		),
		guarded_elsewhere=REVIEWED,
		given=("issue",),
		deletion=lambda doc: not doc.get("decisions") and doc.status == "Compiling" and cint(doc.version) <= 1,
	),
	"Knowledge Article": Evidence(
		given=("source_doctype", "source_name", "taken_out"),
		worked_out=("source_key", "checked_by", "checked_on"),
		guarded_elsewhere=REVIEWED,
		deletion=lambda doc: doc.status == "Draft" and cint(doc.version) <= 1,
	),
	"Knowledge Figure": Evidence(deletion=NEVER),
	"Knowledge Reading": Evidence(deletion=NEVER),
	"Knowledge Use": Evidence(deletion=NEVER),
	"Mail That Needs a Person": Evidence(deletion=lambda doc: doc.state != "Open"),
	"Object State": Evidence(deletion=NEVER),
	"Monitoring Alert": Evidence(deletion=NEVER),
	"Operation Manual": Evidence(worked_out=("steps.step_key",), guarded_elsewhere=REVIEWED),
	"Optimization Plan": Evidence(
		worked_out=("risk_level", "risks.level", "metrics.measured", "metrics.measured_on"),
		guarded_elsewhere=REVIEWED,
	),
	"Reading Day": Evidence(deletion=NEVER),
	"Remote Support Session": Evidence(),
	"Routine Finding": Evidence(deletion=NEVER),
	"Routine Reading": Evidence(deletion=NEVER),
	"Routine Task": Evidence(deletion=_is_bare("started_on", status="Planned")),
	"Rule Version": Evidence(deletion=NEVER),
	"Search Entry": Evidence(deletion=NEVER),
	"Service Acceptance": Evidence(deletion=NEVER),
	"Service Agreement": Evidence(
		given=("template", "amended_from"),
		worked_out=("agreed_parts.state", "agreed_parts.recorded_by", "agreed_parts.part_hash", "amounts.amount_key", *_PROMISED),
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
		settled=lambda stored: stored.get("state") in LEFTOVER_SETTLED,
		given=("source_doctype", "source_name"),
		# of what a visit leaves open the visit decides (services/leftovers.py)
		deletion=lambda doc: doc.state in ("Open", "In Progress") and doc.source_doctype in (None, "", *VISITS),
	),
	"Service Mail": Evidence(deletion=NEVER),
	"Service Membership Change": Evidence(deletion=NEVER),
	"Service Notice": Evidence(deletion=NEVER),
	"Service Posting": Evidence(deletion=NEVER),
	"Service Report": Evidence(
		worked_out=("customer", "slot", "sections.figures", "sections.section", *_MAKING),
		guarded_elsewhere=REVIEWED,
		deletion=lambda doc: doc.status in ("Compiling", "Cancelled") and cint(doc.version) <= 1,
	),
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
	"Deliverable Type": Evidence(),
	"Dispatch Profile": Evidence(),
	"Escalation Policy": Evidence(),
	"Evidence Definition": Evidence(),
	"Measured Record Type": Evidence(),
	# messages come while somebody has the form open
	"Monitoring Source": Evidence(
		worked_out=(
			*("last_heard_on", "last_said", "last_refused_on", "last_refusal", "metrics.step_key"),
			*("silent_since", "watched_from", "usual_seconds", "last_reading_on", "token_hint", "token_id", "token_made_on"),
		)
	),
	"Ops Delivery Settings": Evidence(worked_out=("service_mailboxes.last_read_on",)),
	"Paper Template": Evidence(worked_out=("checked_on", "fingerprint")),
	"Priority Matrix": Evidence(),
	"Review Rule": Evidence(),
	"Routine Kind": Evidence(),
	"Routine Schedule": Evidence(),
	"Service Agreement Template": Evidence(
		worked_out=("agreed_parts.state", "agreed_parts.recorded_by", "agreed_parts.part_hash", "amounts.amount_key", *_PROMISED)
	),
	"Service Calendar": Evidence(worked_out=("exceptions.source",)),
	"Service Commitment": Evidence(),
	"Service Importance": Evidence(),
	"Service Object": Evidence(),
	"Service Report Template": Evidence(),
	"Service Security Class": Evidence(),
	"Service Skill": Evidence(),
	"Service Urgency": Evidence(),
	"Specification Clause": Evidence(),
	"Survey Rule": Evidence(),
	"Survey Template": Evidence(),
}
NOTHING = Evidence()


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
					if is_fact(column):
						yield df.fieldname, column
		elif is_fact(df) or df.fieldname in rules.owned:
			yield None, df


def way_out(doctype: str) -> str:
	"""How it changes, as messages say it."""
	ways = {
		"Agreement Assessment": _("Each party confirms it with the buttons on the form; make another assessment to correct it."),
		"Consulting Recommendation": _("Use Record decision, Follow up and Verify on the form."),
		"Deliverable": _("Use the actions at the top of the form; what was promised is due as it was agreed."),
		"Delivery Activity": _("Use Begin, Complete and Record Progress on the form."),
		"Improvement Action": _("Use the buttons on the form; withdraw it with a reason if it was opened by mistake."),
		"Operation Manual": _("Use the actions at the top of the form."),
		"Routine Finding": _("Use Take in hand, Accept the risk and Close on the form; the rest follows from the readings."),
		"Routine Schedule": _("It follows from the rule of the schedule."),
		"Routine Task": _("Use Begin, Done and Cancel on the form; it follows from its schedule."),
		"Rule Version": _("Edit the rule itself: saving it publishes a new revision."),
		"Service Acceptance": _("Only the customer's answer changes it: use Record the customer's decision on the request."),
		"Service Agreement": _("Use Suspend, Resume, Terminate and the renewal in the menu of the form."),
		"Service Complaint": _("Use the buttons on the form; withdraw it with a reason if it was entered by mistake."),
		"Service Handover": _("Use Hand over, Accept, Decline and Start; decline it with a reason if it is not wanted."),
		"Service Leftover": _("Use Solve, Waive and Reopen on the form."),
		"Service Report": _("Use the actions at the top of the form, and Make the Figures."),
		"Service Review": _("Use Request Review on the document and Give Decision here."),
		"Service Signature": _("Use Sign on the document itself."),
		"Service Survey": _("Use its buttons, or let the customer answer."),
	}
	return ways.get(doctype) or _("It is noted by itself, by the buttons on the form and the steps behind them.")


def is_fact(df: Any) -> bool:
	"""Fetched fields are none: Frappe fetches them anew at every save."""
	return bool(cint(df.read_only)) and not (df.fetch_from and not cint(df.fetch_if_empty))
