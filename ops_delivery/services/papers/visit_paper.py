"""The printed sheet of a visit and the record of a remote session, filled or blank for a pen (7.2.c.1, 8.4.b.1).

One page for an ordinary job, in the order that service companies use; checklists, preparation and photos are annexes, numbered, and
only there where something stands in them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cint, cstr, flt, get_url

from ops_delivery.domain import visit as domain
from ops_delivery.services.papers import qr
from ops_delivery.services.papers import visit_facts as facts
from ops_delivery.services.papers.visit_annexes import Annexes
from ops_delivery.services.reviews import readership, signatures
from ops_delivery.services.rules import priority_scales
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits import content as visit_content
from ops_delivery.services.visits.types import JOB_DONE, MORE_TO_DO, kind_of

BLANK_ITEMS, BLANK_PARTS = 3, 2
SIGNATURE_SIDE = 700

Choices = list[tuple[str, bool]]


class VisitPaper(Annexes):
	"""A visit on its way to the page. Plain texts; pictures as data URLs, and only those of this very record.

	`blank`: the same form for handwriting, with what was planned and nothing of what happened.
	"""

	def __init__(self, doc: Any, paper: Any, blank: bool = False):
		self.doc, self.paper, self.blank = doc, paper, blank
		self.signed_kind = kind_of(doc).signed
		paper.is_form = blank
		self.request = facts.request_of(doc)
		self.thing = facts.thing_of(doc.service_object)

	def qr(self) -> str:
		"""A QR code that opens the customer's page of the visit, as a data URL; staff come from there to its form."""
		return qr.as_data_url(self.address())

	def address(self) -> str:
		"""The customer's page of the visit."""
		return get_url(f"/visits/{quote(self.doc.name)}")

	def head(self) -> list[tuple[str, str]]:
		"""Whose visit it is and where: what stands in wide and narrow boxes by turns."""
		doc = self.doc
		place = _("Place of service", context="Paper") if self.signed_kind else self.paper.label("channel")
		where = text(doc.get("site_address")) or self.thing.location or ""
		if not self.signed_kind:
			where = " · ".join(filter(None, (self.paper.value("channel"), text(doc.connection))))
		return [
			(_("Customer name", context="Paper"), text(doc.customer_name or doc.customer)),
			(_("Contact person", context="Paper"), text(doc.contact_person)),
			(place, where),
			(_("Telephone", context="Paper"), text(doc.contact_phone)),
			(_("Agreement No.", context="Paper"), self._agreement()),
			(_("Because of", context="Paper"), f"{_(doc.reference_doctype)} {doc.reference_name}" if doc.reference_name else ""),
		]

	def device(self) -> list[tuple[str, str]]:
		"""The object: name and model, serial and asset number, when it was bought and how long its warranty lasts."""
		thing = self.thing
		bought = _("bought {0}", context="Paper").format(self.paper.date(thing.purchase_date)) if thing.purchase_date else ""
		until = _("until {0}", context="Paper").format(self.paper.date(thing.warranty_until)) if thing.warranty_until else ""
		return [
			(_("Equipment", context="Paper"), thing.title or ""),
			(_("Brand / model", context="Paper"), thing.brand_model or ""),
			(_("Serial No.", context="Paper"), thing.serial_no or ""),
			(_("Asset No.", context="Paper"), thing.asset_number or ""),
			(_("Warranty", context="Paper"), " · ".join(filter(None, (bought, until)))),
		]

	def kinds(self) -> Choices:
		"""What sort of service it is."""
		mine = facts.kind_of(self.doc)
		return [(_(kind, context=self.doc.doctype), kind == mine) for kind in facts.KINDS]

	def urgency(self) -> Choices:
		"""How urgent the request is, by the site's own levels."""
		return [(_(level), level == self.request.urgency) for level in priority_scales.levels("Service Urgency")]

	def cover(self) -> Choices:
		"""Within or outside of the contract, and of the warranty as far as it is known."""
		doc, held = self.doc, facts.in_warranty(self.thing.warranty_until, self.doc.arrived_on or self.doc.planned_start)
		covered = bool(doc.agreement)
		known = covered or not self.blank
		return [
			(_("In contract", context="Paper"), covered),
			(_("Outside contract", context="Paper"), known and not covered),
			(_("In warranty", context="Paper"), held is True),
			(_("Out of warranty", context="Paper"), held is False),
		]

	def times(self) -> list[tuple[str, str, str]]:
		"""(what, moment to the minute, who of the customer confirmed it) of the six moments in their order."""
		doc, request, done = self.doc, self.request, not self.blank
		on_site = self.signed_kind
		return [
			(_("Reported", context="Paper"), self._when(request.reported), ""),
			(_("Taken on", context="Paper"), self._when(request.taken_on), ""),
			(
				_("Agreed arrival", context="Paper") if on_site else self.paper.label("promised_on"),
				self._when(doc.promised_on or doc.planned_start),
				text(doc.confirmed_with) if done else "",
			),
			(
				_("Arrived", context="Paper") if on_site else self.paper.label("arrived_on"),
				self._when(doc.arrived_on) if done else "",
				text(doc.arrival_confirmed_by) if done else "",
			),
			(_("Finished", context="Paper"), self._when(doc.work_done_on) if done else "", ""),
			(
				_("Left", context="Paper") if on_site else self.paper.label("left_on"),
				self._when(doc.left_on) if done else "",
				text(doc.leave_permitted_by) if done else "",
			),
		]

	def symptom(self) -> str:
		"""What is wrong in the customer's words, and what is to be done; each said once."""
		found: list[str] = []
		for part in (self.request.subject, self.request.said, text(self.doc.title), text(self.doc.work_content)):
			if part and not any(part in other for other in found):
				found.append(part)
		return "\n".join(found)

	def cause(self) -> str:
		return "" if self.blank else text(self.doc.cause)

	def confirmed(self) -> str:
		"""Who of the customer agreed to the work before it began, and when."""
		doc = self.doc
		if self.blank or not doc.work_confirmed_on:
			return ""
		return _("Content and steps confirmed before the work by {0}, {1}").format(
			text(doc.work_confirmed_with), self.paper.when(doc.work_confirmed_on)
		)

	def items(self) -> list[list[str]]:
		"""What was done and how, when and by whom, with what result; lines for a pen on a blank sheet."""
		rows = []
		for row in self.doc.work_items:
			if self.blank and row.extra:
				continue
			did = "\n".join(filter(None, (text(row.work), text(row.steps))))
			if self.blank:
				rows.append([did, " ", " "])
				continue
			state = _(row.state, context=row.doctype) if row.state != domain.DONE else ""
			rows.append(
				[
					did,
					"\n".join(filter(None, (self._span(row.started_on, row.ended_on), self.paper.person(row.done_by)))),
					"\n".join(filter(None, (state, text(row.result)))),
				]
			)
		lines = max(BLANK_ITEMS - len(rows), 1) if self.blank else int(not rows)
		return rows + [[" "] * 3] * lines

	def is_done(self) -> bool:
		"""Whether the work is over, so that what is not said was not done."""
		return not self.blank and bool(self.doc.outcome)

	def result(self) -> Choices:
		"""Solved, not solved, something left over."""
		doc, left = self.doc, not self.blank and bool(self._left())
		done = "" if self.blank else doc.outcome
		return [
			(_("Solved", context="Paper"), done == JOB_DONE),
			(_("Not solved", context="Paper"), done == MORE_TO_DO),
			(_("Left over", context="Paper"), left),
		]

	def outcome(self) -> str:
		"""What was found."""
		return "" if self.blank else text(self.doc.outcome_note)

	def leftovers(self) -> list[list[str]]:
		"""What is left and how it is treated, the next time, who answers for it; an empty line for a pen on a blank sheet."""
		if self.blank:
			return [[" ", " ", " "]]
		return [
			[
				"\n".join(filter(None, (text(row.subject), text(row.treatment)))),
				self.paper.date(row.due_date),
				self.paper.person(row.owner_user),
			]
			for row in self._left()
		]

	def parts(self) -> list[list[str]]:
		"""Spare parts that were used: name, model, quantity, serial number of the old one, of the new one, charged or not. On a blank
		sheet the items that are taken along, and lines for a pen."""
		blank = self.blank
		rows = [row for row in self.doc.get("parts") or [] if row.item_code] if blank else facts.used_parts(self.doc)
		models = facts.models([row.item_code for row in rows])
		found = [
			[
				text(row.description) or cstr(row.item_code),
				models.get(row.item_code, ""),
				" " if blank else f"{flt(row.used):g}",
				" " if blank else text(row.old_serial_no),
				text(row.serial_no),
				_(cstr(row.charge), context=row.doctype) if row.charge else "",
			]
			for row in rows
		]
		lines = max(BLANK_PARTS - len(rows), 1) if blank and self.signed_kind else 0
		return found + [[" "] * 6] * lines

	def rating(self) -> Choices:
		"""How satisfied the customer is, as they ticked it."""
		given = "" if self.blank else self.doc.customer_rating
		return [(_(rating, context=self.doc.doctype), rating == given) for rating in facts.RATINGS]

	def remarks(self) -> str:
		return "" if self.blank else text(self.doc.customer_remarks)

	def engineers(self) -> str:
		"""Who was sent; the one in charge first."""
		rows = sorted(self.doc.engineers, key=lambda row: (row.user != self.doc.owner_user, row.idx))
		return ", ".join(text(row.full_name) or self.paper.person(row.user) for row in rows)

	def hotline(self) -> str:
		return facts.hotline(self.doc.agreement, self.doc.company)

	def signature(self) -> dict[str, str] | None:
		"""The customer's signature that holds for the sheet as it is: image, name, title, moment, fingerprint."""
		if self.blank or not self.signed_kind or self.doc.is_new():
			return None
		row = signatures.valid(self.doc)[signatures.CUSTOMER]
		return row and {
			"image": kept_pictures.as_data_url(self.doc, row.attachment, SIGNATURE_SIDE),
			"name": text(row.signer_name),
			"title": text(row.signer_title),
			"at": self.paper.when(row.signed_on),
			"hash": row.content_hash,
		}

	def no_longer_signed(self) -> bool:
		"""Whether the customer signed, but another text than this one."""
		if self.blank or not self.signed_kind or self.signature():
			return False
		rows = signatures.all_of(self.doc.doctype, self.doc.name)
		return any(row.party == signatures.CUSTOMER for row in rows)

	def _agreement(self) -> str:
		if not self.doc.agreement:
			return ""
		number, version = frappe.db.get_value("Service Agreement", self.doc.agreement, ["agreement_number", "version"]) or ("", 1)
		said = cstr(number) or self.doc.agreement
		return said if cint(version) <= 1 else f"{said} · {_('version {0}').format(version)}"

	def _left(self) -> list[Any]:
		return readership.rows_as_read("Service Leftover", visit_content.leftovers(self.doc))

	def _when(self, value) -> str:
		"""A moment in a narrow box: the day, and the minute below it."""
		return "\n".join(self.paper.when(value).rsplit(" ", 1))

	def _span(self, start, end) -> str:
		"""From when to when; the day only where it is not that of the arrival, and only once."""
		first, last = self.paper.when(start), self.paper.when(end)
		days = [moment.rsplit(" ", 1)[0] for moment in (self.paper.when(self.doc.arrived_on), first, last)]
		if first and days[1] == days[0]:
			first = first.rsplit(" ", 1)[1]
		if last and days[2] == days[1]:
			last = last.rsplit(" ", 1)[1]
		return " – ".join(filter(None, (first, last)))


def ops_visit(doc: Any, paper: Any, blank: bool = False) -> VisitPaper:
	"""Jinja method of print formats: a visit as its page needs it."""
	return VisitPaper(doc, paper, blank)
