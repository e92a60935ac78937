"""A Service Agreement as a paper to be read and signed (5.2): the same for the printed page and the customer's screen.

A print format asks for it by `ops_agreement(doc, paper)`; everything comes out as plain text in the reader's language.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt

from ops_delivery.domain.deliverables.promise import AFTER_INCIDENT
from ops_delivery.services.agreements import amounts, major_terms, promises
from ops_delivery.services.agreements import published_terms as announced
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.complaints import process_text as complaint_words
from ops_delivery.services.papers.agreement_form import AgreementForm
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.reviews import readership
from ops_delivery.services.rules import policy_words
from ops_delivery.services.rules import rule_versions as versions

EXAMPLE_SECONDS = 4 * 3600


class AgreementPaper(AgreementForm):
	"""The articles of one agreement, each as rows of plain texts."""

	def __init__(self, doc: Any, paper: Paper):
		self.doc, self.paper = doc, paper
		self.told = announced.announce(doc)

	def facts(self) -> list[tuple[str, str]]:
		"""Which version this is, for how long, and what it follows."""
		doc, paper = self.doc, self.paper
		return [
			(_("Agreement Number"), doc.agreement_number or doc.name),
			(_("Version"), str(doc.version or 1)),
			(_("Valid from"), paper.date(doc.start_date)),
			(_("Valid to"), paper.date(agreements.last_day(doc)) if doc.end_date else ""),
			(_("Follows"), doc.predecessor or doc.previous_version),
			(_("Why it is amended"), doc.amendment_reason),
		]

	def complaints(self) -> list[tuple[str, str]]:
		"""Where to complain and how complaints are handled; where the agreement says nothing, as we do for everybody."""
		return [
			(label, said or general)
			for (label, said), general in zip(
				(self.paper.pair("complaint_channel"), self.paper.pair("complaint_handling")),
				(complaint_words.channels(), complaint_words.process()),
				strict=True,
			)
		]

	def scope(self) -> list[tuple[str, list[list[str]]]]:
		"""The services by their content: (content, rows of what, frequency, where, deliverables with details)."""
		found: dict[str, list[list[str]]] = {}
		for row in self.doc.scope:
			found.setdefault(row.service_content, []).append(
				[
					row.service_item,
					self.paper.value("frequency", row),
					self.paper.value("delivery_mode", row),
					"\n".join(filter(None, (row.deliverables, row.details))),
				]
			)
		return [(_(content), rows) for content, rows in found.items()]

	def objects(self) -> list[list[str]]:
		"""Name, location and importance of the objects served."""
		names = [row.service_object for row in self.doc.objects]
		things = {
			thing.name: thing
			for thing in frappe.get_all(
				"Service Object",
				filters={"name": ["in", names or [""]]},
				fields=["name", "object_name", "location"],
				order_by="name",
			)
		}
		return [
			[
				row.object_name or row.service_object,
				(things.get(row.service_object) or {}).get("location") or "",
				_(row.importance or ""),
			]
			for row in self.doc.objects
		]

	def hours(self) -> list[list[str]]:
		"""Service hours: name with time zone, and the windows of the week."""
		return [
			[
				f"{_(hours['name'])} ({hours['zone']})",
				"\n".join(f"{line['days']}  {line['windows']}" for line in hours["lines"]),
			]
			for hours in self.told["hours"]
		]

	def channels(self) -> list[list[str]]:
		"""Channel, number or address, hours, note."""
		return [[c["channel"], c["address"], c["hours"], c["note"]] for c in self.told["channels"]]

	def targets(self) -> dict[str, Any]:
		"""{priorities, rows}: a line a commitment, a column a priority."""
		table = self.told["commitments"]
		return {
			"columns": [_("Commitment"), *table["priorities"]],
			"rows": [[row["name"], *(text or "–" for text in row["targets"])] for row in table["rows"]],
		}

	def matrix(self) -> dict[str, Any]:
		"""How urgency and importance give the priority: {columns, rows}."""
		if not self.doc.priority_matrix:
			return {"columns": [], "rows": []}
		doc = frappe.get_cached_doc("Priority Matrix", self.doc.priority_matrix)
		importances = list(dict.fromkeys(row.importance for row in doc.cells))
		urgencies = list(dict.fromkeys(row.urgency for row in doc.cells))
		cells = {(row.urgency, row.importance): row.priority for row in doc.cells}
		return {
			"columns": [_("Urgency"), *map(_, importances)],
			"rows": [
				[_(urgency), *(_(cells.get((urgency, importance)) or "") for importance in importances)]
				for urgency in reversed(urgencies)
			],
		}

	def escalation(self) -> list[list[str]]:
		"""The steps of the escalation policy in words: kind, when, who is told, what else happens."""
		if not self.doc.escalation_policy:
			return []
		version = versions.current("Escalation Policy", self.doc.escalation_policy)
		steps = {row["step_name"]: row for row in versions.content(version)["steps"]}
		lines = policy_words.timeline(versions.content(version), EXAMPLE_SECONDS)
		return [
			[
				_(line["kind"]),
				_moment(steps[line["step"]]),
				line["to"],
				"; ".join(filter(None, (line["actions"], line["repeat"], line["only"]))),
			]
			for line in lines
		]

	def major(self) -> str:
		"""What a major incident is, where the agreement says so or promises something of one."""
		said = self.doc.major_words or any(row.due_when == AFTER_INCIDENT for row in self.doc.promised)
		return major_terms.sentence(self.doc) if said and not readership.withholds(self.doc, "major_words") else ""

	def people(self) -> list[list[str]]:
		"""Part, level, name and address of the people named."""
		contacts = {
			row.name: row
			for row in frappe.get_all(
				"Contact",
				filters={"name": ["in", [row.contact for row in self.doc.contacts if row.contact] or [""]]},
				fields=["name", "first_name", "last_name", "designation", "email_id"],
				order_by="name",
			)
		}
		found = []
		for row in self.doc.contacts:
			contact = contacts.get(row.contact) or frappe._dict()
			name = self.paper.person(row.user) or " ".join(
				filter(None, (contact.first_name, contact.last_name))
			)
			found.append(
				[
					self.paper.value("contact_role", row),
					str(row.level or 1),
					name,
					contact.designation or "",
					contact.email_id or (row.user if row.user and "@" in row.user else ""),
				]
			)
		return found

	def amounts(self) -> list[list[str]]:
		"""What is promised in amounts: what, how much, what draws on it, what becomes of the rest."""
		return [[row.title, amounts.sentence(row), amounts.counted(row), amounts.rest(row)] for row in self.doc.amounts]

	def promised(self) -> list[list[str]]:
		"""What is delivered by itself: what, when, what it says, in which form."""
		return [
			[row.title, promises.sentence(row), row.content or "", " · ".join(filter(None, (self.paper.value("wanted_format", row), row.specification)))]
			for row in self.doc.promised
		]

	def metrics(self) -> list[list[str]]:
		"""Metric with its formula, target, weight, reward and penalty in words."""
		return [
			[
				f"{row.metric}\n{row.value_formula or ''}",
				f"{'≤' if row.direction == 'At Most' else '≥'} {flt(row.target):g} {row.unit or ''}"
				if row.target is not None
				else "",
				f"{flt(row.weight):g} %" if row.weight is not None else "",
				"\n".join(
					filter(
						None,
						(
							row.reward and _("Reward: {0}").format(row.reward),
							row.penalty and _("Penalty: {0}").format(row.penalty),
						),
					)
				),
			]
			for row in self.doc.metrics
		]

	def assessment(self) -> list[tuple[str, str]]:
		"""How often is assessed, and what follows."""
		doc = self.doc
		return [
			self.paper.pair("assessment_frequency"),
			self.paper.pair("result_terms"),
			(
				_("Penalties at most"),
				_("{0} % of the fee of the period").format(f"{flt(doc.penalty_cap):g}")
				if doc.penalty_cap
				else "",
			),
			(
				_("Figures that are typed in"),
				"\n".join(f"{row.figure_name}: {row.meaning}" for row in doc.figures),
			),
		]

	def renewal(self) -> str:
		"""Whether and how it goes on after its end, in a sentence."""
		doc = self.doc
		if readership.withholds(doc, "auto_renew"):
			return ""
		if not doc.auto_renew:
			return _("The agreement ends on the last day named above. What follows is agreed anew.")
		return _(
			"The agreement renews itself by {0} months each time, unless a party objects at least {1} days before its end."
		).format(cint(doc.renewal_months), cint(doc.renewal_notice_days))

	def agreed(self) -> list[list[str]]:
		"""Part, what was agreed, by whom, when."""
		return [
			[
				self.paper.value("part", row),
				row.detail or "",
				row.agreed_by if row.state == "Agreed" else self.paper.value("state", row),
				self.paper.date(row.agreed_on) if row.state == "Agreed" else "",
			]
			for row in self.doc.agreed_parts
		]


def _moment(step: dict[str, Any]) -> str:
	"""When a step is due, in words."""
	if step["moment"] == "At":
		return _("at the deadline")
	before = step["moment"] == "Before"
	amount = f"{flt(step.get('amount')):g}"
	match step.get("basis"):
		case "Share of Target":
			text = (
				_("when {0} % of the time is left") if before else _("{0} % of the target after the deadline")
			)
		case "Working Minutes":
			text = (
				_("{0} service minutes before the deadline")
				if before
				else _("{0} service minutes after the deadline")
			)
		case _:
			text = _("{0} minutes before the deadline") if before else _("{0} minutes after the deadline")
	return text.format(amount)


def ops_agreement(doc: Any, paper: Paper) -> AgreementPaper:
	"""Jinja method of print formats: the agreement's articles."""
	return AgreementPaper(doc, paper)
