"""The service report on paper: cover, a summary of one page, numbered sections, signatures, annexes (8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.reviews import standing
from ops_delivery.services.shared.locale import text

SUMMARY, RECORDS = "Summary", "Annex: Records"  # their places on paper are their own
MOST_ROWS, MOST_LISTED = 100, 60  # of a table on paper, of a list in the annex: each row costs some 9 ms; the desk has them all


class ReportPaper:
	"""A Service Report on its way to the page; plain values, which the template escapes."""

	def __init__(self, doc: Any, paper: Paper) -> None:
		self.doc, self.paper = doc, paper
		agreement = frappe.db.get_value("Service Agreement", doc.agreement, ["title", "company", "currency", "agreement_number", "version"], as_dict=True)
		self.agreement = agreement or frappe._dict()
		self.customer = text(frappe.db.get_value("Customer", doc.customer, "customer_name") or doc.customer)
		self.rows = [self._row(row) for row in doc.sections]

	@property
	def title(self) -> str:
		"""What it is: a monthly, quarterly … service report."""
		names = {
			"Month": _("Monthly Service Report", context="Paper"),
			"Quarter": _("Quarterly Service Report", context="Paper"),
			"Half-Year": _("Half-yearly Service Report", context="Paper"),
			"Year": _("Annual Service Report", context="Paper"),
		}
		return names.get(self.doc.report_kind) or _("Service Report", context="Paper")

	@property
	def period(self) -> str:
		"""The period as people say it."""
		return words.period(self.doc.report_kind, self.doc.period_from, self.doc.period_to)

	@property
	def footer(self) -> str:
		"""The line at the head of each page: what it is, whose, of when, its number, and how far it may go."""
		secret = _(cstr(self.doc.security_class), context="Service Security Class") if self.doc.security_class else ""
		return " · ".join(filter(None, (self.title, self.customer, self.period, self.doc.name, secret)))

	def head(self) -> list[tuple[str, str]]:
		"""What stands on the cover: customer, agreement, supplier, days, number."""
		days = _("{0} to {1}", context="Ops Delivery").format(self.paper.date(self.doc.period_from), self.paper.date(self.doc.period_to))
		number = text(self.agreement.agreement_number or self.doc.agreement)
		return [
			(_("Customer", context="Ops Delivery"), self.customer),
			(_("Supplier", context="Ops Delivery"), text(self.agreement.company)),
			(self.paper.label("agreement"), " · ".join(filter(None, (text(self.agreement.title), number)))),
			(_("Period", context="Paper"), days),
			(_("Number", context="Paper"), self.doc.name),
			(_("Version", context="Paper"), cstr(self.doc.version or 1)),
			(self.paper.label("security_class"), _(cstr(self.doc.security_class), context="Service Security Class") if self.doc.security_class else ""),
			(_("Figures as of", context="Paper"), self.paper.when(self.doc.figures_on)),
		]

	def people(self) -> list[tuple[str, str, str]]:
		"""Compiled, reviewed, approved: (label, who, when). What has not happened yet is left for a pen."""
		reviewed = next(iter(self._reviewed()), ("", ""))
		published = [row for row in self.doc.steps if row.step == "Published" and row.version == self.doc.version]
		by = published[-1] if published else None
		return [
			(_("Compiled by", context="Paper"), self.paper.person(self.doc.compiler), self.paper.date(self.doc.figures_on)),
			(_("Reviewed by", context="Paper"), *reviewed),
			(_("Approved by", context="Paper"), self.paper.person(by.done_by) if by else "", self.paper.date(by.done_on) if by else ""),
		]

	def summary(self) -> dict[str, Any] | None:
		"""The section that stands on a page of its own; None where the report has none."""
		return next((row for row in self.rows if row["section"] == SUMMARY), None)

	def sections(self) -> list[dict[str, Any]]:
		"""The numbered sections."""
		found = [row for row in self.rows if row["section"] not in (SUMMARY, RECORDS)]
		return [{**row, "number": number} for number, row in enumerate(found, 1)]

	def annexes(self) -> list[dict[str, Any]]:
		"""What stands behind the signatures: lists of records."""
		found = [row for row in self.rows if row["section"] == RECORDS and (row["tables"] or row["text"])]
		own = words.say(RECORDS)
		return [{**row, "heading": _("Records", context="Paper") if row["heading"] == own else row["heading"]} for row in found]

	def confirmed(self) -> list[dict[str, str]]:
		"""Who signs: both parties, with the customer's confirmation where it was given on their pages."""
		given = self._decided("Customer")
		return [
			{"party": _("Supplier", context="Ops Delivery"), "name": text(self.agreement.company), "by": "", "on": ""},
			{
				"party": _("Customer", context="Ops Delivery"),
				"name": self.customer,
				"by": given[0]["full_name"] if given else "",
				"on": self.paper.when(given[0]["decided_on"]) if given else "",
			},
		]

	def _reviewed(self) -> list[tuple[str, str]]:
		return [(text(row["full_name"]) or self.paper.person(row["user"]), self.paper.date(row["decided_on"])) for row in self._decided("Internal")]

	def _decided(self, party: str) -> list[dict[str, Any]]:
		"""The approvals that a party gave to this version."""
		return [
			row
			for review in standing.summary(self.doc.doctype, self.doc.name)
			if review["party"] == party and review["state"] == standing.APPROVED and review["document_version"] == self.doc.version
			for row in review["participants"]
			if row["decision"] == standing.APPROVED
		]

	def _row(self, row: Any) -> dict[str, Any]:
		found = words.read(row.figures)
		shown = words.section(found, self.agreement.currency) if found else {"figures": [], "tables": [], "charts": [], "notes": [], "empty": False}
		most = MOST_LISTED if row.section == RECORDS else MOST_ROWS
		for table in shown["tables"]:
			kept = len(table["rows"])
			table["rows"] = table["rows"][:most]
			table["left"] = table["cut"] + kept - len(table["rows"])
			table["kept"] = kept if kept > len(table["rows"]) else 0
		return {
			"section": row.section,
			"heading": words.heading(row),
			"introduction": text(row.introduction),
			"text": text(row.text),
			**shown,
		}


def ops_service_report(doc: Any, paper: Paper) -> ReportPaper:
	"""Jinja method of the service report."""
	return ReportPaper(doc, paper)
