"""An optimization plan set out for its printed pages: rows of plain text for the macros (6.4.a, 8.5.b.1–3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.services.optimization import plan_leftovers, trial_runs
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.reviews import readership


class PlanPaper:
	"""The tables of one plan. Everything is plain text; the macros escape it."""

	def __init__(self, doc: Any, paper: Paper) -> None:
		self.doc, self.paper = doc, paper
		self._readings = trial_runs.readings(doc)
		self._verdict = trial_runs.verdict(doc, self._readings)

	def columns(self, doctype: str, *fieldnames: Any) -> list[Any]:
		"""Headings of a table for the macro: the labels of fields; [fieldname, "num"|"nowrap"] where it matters."""
		meta, found = frappe.get_meta(doctype), []
		for given in fieldnames:
			name, kind = (given, "") if isinstance(given, str) else given
			text = _(meta.get_label(name), context=doctype)
			found.append((text, kind) if kind else text)
		return found

	def facts(self) -> list[tuple[str, str]]:
		"""Whom and what the plan is about."""
		doc, paper = self.doc, self.paper
		thing = doc.service_object and frappe.db.get_value(
			"Service Object", doc.service_object, "object_name"
		)
		return [
			(paper.label("customer"), doc.customer_name or doc.customer),
			(paper.label("company"), doc.company),
			(paper.label("service_object"), thing or doc.service_object or ""),
			paper.pair("agreement"),
			paper.pair("owner_user"),
			paper.pair("start_date"),
			paper.pair("end_date"),
			paper.pair("status"),
		]

	def metrics(self, dated: bool = False) -> list[list[str]]:
		"""Metric, before, target, measured; `dated`: and when it was measured."""
		return [
			[
				f"{row.metric_name}\n{row.method}" if row.method else row.metric_name,
				trial_runs.with_unit(row.baseline, row.unit),
				trial_runs.target_text(row),
				trial_runs.with_unit(row.measured, row.unit) if row.measured_on else "",
				*([self.paper.when(row.measured_on)] if dated else []),
			]
			for row in self.doc.metrics
		]

	def steps(self) -> list[list[str]]:
		"""Step, owner, start, end, done on."""
		return [
			[
				f"{row.step}\n{row.description}" if row.description else row.step,
				*self._cells(row, "owner_user", "start_date", "end_date", "done_on"),
			]
			for row in self.doc.steps
		]

	def people(self) -> list[list[str]]:
		"""Person, role, party, duty."""
		return [
			[row.person_name or self.paper.person(row.user), *self._cells(row, "role", "party", "duty")]
			for row in self.doc.people
		]

	def risks(self) -> list[list[str]]:
		"""Risk, level, measure, owner."""
		return [self._cells(row, "risk", "level", "measure", "owner_user") for row in self.doc.risks]

	def rollback(self) -> list[list[str]]:
		"""Step, owner, minutes, rehearsal."""
		return [
			[
				*self._cells(row, "step", "owner_user"),
				str(cint(row.minutes) or ""),
				self._together(row, "rehearsal_result", "rehearsed_on", "remark"),
			]
			for row in self.doc.rollback_steps
		]

	def security(self) -> list[list[str]]:
		"""Factor, requirement, result."""
		return [
			[
				*self._cells(row, "factor", "requirement"),
				self._together(row, "result", "checked_by", "checked_on", "remark"),
			]
			for row in self.doc.security_checks
		]

	def suggestions(self) -> list[list[str]]:
		"""Suggestion, by whom, taken up, answer."""
		return [
			self._cells(row, "suggestion", "suggested_by", "taken_up", "answer")
			for row in self.doc.suggestions
		]

	def changes(self) -> list[list[str]]:
		"""What, when, who, result, taken back: the changes and releases in the order of time."""
		rows = sorted(self.doc.changes, key=lambda row: str(row.done_on or "9"))
		return [
			[
				self.paper.value("kind", row),
				"\n".join(filter(None, (row.change, row.reference))),
				*self._cells(row, "done_on", "done_by"),
				self._together(row, "result", "remark"),
				_("Yes") if row.back_out_used else _("No", context="Ops Delivery"),
			]
			for row in rows
		]

	def readings(self) -> list[list[str]]:
		"""Taken on, metric, value, verdict, by whom; those set aside with their reason."""
		return [
			[
				self.paper.when(row.taken_on),
				row.metric,
				trial_runs.with_unit(row.value, row.unit),
				"\n".join(filter(None, (_(row.verdict, context="Trial Reading"), row.set_aside_reason))),
				self.paper.person(row.taken_by),
			]
			for row in self._readings
		]

	def trial(self) -> list[tuple[str, str]]:
		"""The observation period and what it came to."""
		doc, found = self.doc, self._verdict
		if not found:
			return []
		said = (
			_("Held", context="Optimization Plan")
			if found.held
			else "\n".join(trial_runs.sentences(doc, found))
		)
		return [
			(
				_("Observation Period"),
				f"{self.paper.date(doc.trial_start)} – {self.paper.date(doc.trial_end)}",
			),
			(_("Result"), said),
			(_("Accepted Otherwise"), self._decision()),
		]

	def functions(self) -> list[list[str]]:
		"""Function, before, afterwards (8.5.a.2)."""
		return [self._cells(row, "function_name", "before", "after") for row in self.doc.functions]

	def leftovers(self) -> list[list[str]]:
		"""What is left, measure, owner, due, state (6.4.d)."""
		return [
			[
				row.subject,
				row.treatment or "",
				self.paper.person(row.owner_user),
				self.paper.date(row.due_date),
				_(row.state, context="Service Leftover"),
			]
			for row in readership.rows_as_read("Service Leftover", plan_leftovers.leftovers(self.doc))
		]

	def _decision(self) -> str:
		doc = self.doc
		if not doc.accepted_on:
			return ""
		return "{}, {}, {}: {}".format(
			doc.accepted_by,
			_(doc.accepted_party, context=doc.doctype),
			self.paper.when(doc.accepted_on),
			doc.acceptance_reason,
		)

	def _cells(self, row: Any, *fieldnames: str) -> list[str]:
		return [self.paper.value(fieldname, row) for fieldname in fieldnames]

	def _together(self, row: Any, *fieldnames: str) -> str:
		first, *rest = self._cells(row, *fieldnames)
		return "\n".join(filter(None, (first, ", ".join(filter(None, rest)))))


def ops_plan(doc: Any, paper: Paper) -> PlanPaper:
	"""Jinja method of the print formats of optimization plans."""
	return PlanPaper(doc, paper)
