"""The report on a major incident as a paper: facts, course, impact, causes, treatment, measures, lessons (8.4.b.3).

A print format asks for it by `ops_incident(doc, paper)`; everything comes out as plain text in the reader's language.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain import major as domain
from ops_delivery.services.incidents import rules
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text

MINUTE = 60


class IncidentPaper:
	"""One report on its way to the page."""

	def __init__(self, doc: Any, paper: Paper):
		self.doc, self.paper = doc, paper

	def head(self) -> list[list[tuple[str, str]]]:
		"""The facts, two to a row: (label, value)."""
		doc, paper = self.doc, self.paper
		title = doc.agreement and frappe.db.get_value("Service Agreement", doc.agreement, "title")
		cells = [
			(paper.label("customer"), paper.linked("Customer", doc.customer) if doc.customer else ""),
			(paper.label("agreement"), text(title) or doc.agreement or ""),
			(paper.label("issue"), doc.issue or ""),
			(paper.label("service_object"), self._thing()),
			(paper.label("priority"), paper.value("priority")),
			(paper.label("people_affected"), str(cint(doc.people_affected)) if doc.people_affected else ""),
			(paper.label("reported_on"), paper.value("reported_on")),
			(paper.label("restored_on"), paper.value("restored_on")),
			(paper.label("resolved_on"), paper.value("resolved_on")),
			(_("Service down for", context="Paper"), wording.duration(cint(doc.down_minutes) * MINUTE) if doc.down_minutes else ""),
			(paper.label("published_on"), paper.value("published_on")),
			(_("Why it is major", context="Paper"), self._why()),
		]
		shown = [cell for cell in cells if cell[1]]
		return [shown[at : at + 2] for at in range(0, len(shown), 2)]

	def clocks(self) -> list[list[str]]:
		"""Commitment, what was promised, what was taken, result."""
		return [
			[
				_(row.commitment, context="Service Commitment"),
				wording.duration(row.target) if row.target else "",
				wording.duration(row.elapsed) if row.elapsed is not None else "",
				_(row.result, context=row.doctype) if row.result else "",
			]
			for row in self.doc.clocks
		]

	def course(self) -> list[list[str]]:
		"""When, what happened, from where: the lines that were chosen."""
		return [[self.paper.when(row.at), text(row.what), _(row.origin, context=row.doctype) if row.origin else ""] for row in self.doc.timeline if row.shown]

	def causes(self) -> list[list[str]]:
		"""Category, the chain of whys, evidence, whether it is a root."""
		return [
			[
				_(row.category, context=row.doctype),
				"\n".join(f"{number}. {text(row.get(why))}" for number, why in enumerate(rules.WHYS, start=1) if cstr(row.get(why)).strip()),
				text(row.evidence),
				"☑" if row.is_root else "☐",
			]
			for row in self.doc.causes
		]

	def measures(self) -> list[list[str]]:
		"""What, who, by when, and its number in the register, where it is asked how it stands: a published page stays as it is."""
		return [
			[text(row.measure), self.paper.person(row.owner_user), self.paper.date(row.due_date), row.improvement or ""] for row in self.doc.measures
		]

	def _thing(self) -> str:
		name = self.doc.service_object
		return text(frappe.db.get_value("Service Object", name, "object_name") or name) if name else ""

	def _why(self) -> str:
		"""The last that made it one."""
		found = [row for row in self.doc.decisions if row.what in (domain.BY_RULE, domain.DECLARED)]
		if not found:
			return ""
		said = _(found[-1].what, context="Major Incident Decision")
		return said if found[-1].what == domain.BY_RULE or self.paper.for_customer else ": ".join(filter(None, (said, text(found[-1].reason))))


def ops_incident(doc: Any, paper: Paper) -> IncidentPaper:
	"""Jinja method of print formats: the report on a major incident."""
	return IncidentPaper(doc, paper)
