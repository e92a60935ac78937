"""The printed sheet of a visit and the record of a remote session, filled or blank for a pen (7.2.c.1, 8.4.b.1)."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cstr, flt, get_url_to_form

from ops_delivery.domain import visit as domain
from ops_delivery.services.papers import qr
from ops_delivery.services.reviews import readership, signatures
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits import content as visit_content
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits.types import kind_of

PRINTED = (domain.BEFORE, domain.DURING, domain.LEAVING)
BLANK_LINES = 4
BOX = "☐"
PHOTO_SIDE, SIGNATURE_SIDE = 900, 700


class VisitPaper:
	"""A visit on its way to the page. Plain texts; pictures as data URLs, and only those of this very record.

	`blank`: the same form for handwriting, with what was planned and nothing of what happened.
	"""

	def __init__(self, doc: Any, paper: Any, blank: bool = False):
		self.doc, self.paper, self.blank = doc, paper, blank
		self.signed_kind = kind_of(doc).signed
		paper.is_form = blank

	def qr(self) -> str:
		"""A QR code that opens the record on this site, as a data URL."""
		return qr.as_data_url(get_url_to_form(self.doc.doctype, self.doc.name))

	def head(self) -> list[list[tuple[str, str]]]:
		"""The boxes at the top, two in a row: whose visit it is, where, what for, who goes."""
		doc = self.doc
		engineers = ", ".join(text(row.full_name) or self.paper.person(row.user) for row in doc.engineers)
		fields = [
			"customer_name",
			"company",
			"contact_person",
			"contact_phone",
			"service_object",
			"agreement",
		]
		fields += ["channel", "connection"] if not self.signed_kind else ["service_content", "site_address"]
		pairs = [self._pair(field) for field in fields]
		pairs += [
			(
				_("Because of"),
				f"{_(doc.reference_doctype)} {doc.reference_name}" if doc.reference_name else "",
			)
		]
		pairs += [(_("Engineers"), engineers)]
		return [pairs[at : at + 2] for at in range(0, len(pairs), 2)]

	def times(self) -> list[tuple[str, str]]:
		"""(label, moment) of the promised and the real times; the real ones empty on a blank sheet."""
		planned = ("promised_on", "planned_start", "planned_end")
		real = ("departed_on", "arrived_on", "work_done_on", "left_on")
		found = [self._pair(field) for field in planned]
		found += [self._pair(field, self.blank) for field in real if self.doc.meta.has_field(field)]
		hours = "" if self.blank or not self.doc.hours_on_site else f"{self.doc.hours_on_site:g}"
		return [*found, (self.paper.label("hours_on_site"), hours)]

	def confirmed(self) -> list[tuple[str, str, str]]:
		"""(what the customer confirmed, who, when)."""
		fields = (
			("details_confirmed_on", "confirmed_with", _("Content, time, history and leftovers confirmed")),
			("arrival_confirmed_on", "arrival_confirmed_by", self.paper.label("arrival_confirmed_by")),
			("work_confirmed_on", "work_confirmed_with", _("Content and steps confirmed before the work")),
			("leave_permitted_on", "leave_permitted_by", self.paper.label("leave_permitted_by")),
		)
		return [
			(
				label,
				"" if self.blank else text(self.doc.get(person)),
				"" if self.blank else self.paper.when(self.doc.get(when)),
			)
			for when, person, label in fields
		]

	def content(self) -> str:
		return text(self.doc.work_content)

	def rules(self) -> str:
		return text(self.doc.site_rules)

	def risk(self) -> str:
		"""How the risk is judged, and what is done if it goes wrong."""
		parts = [self.paper.value("risk"), text(self.doc.risk_note), text(self.doc.contingency_plan)]
		return "\n".join(part for part in parts if part)

	def items(self) -> list[list[str]]:
		"""Work, steps, state, times, who, result; empty lines for a pen on a blank sheet."""
		rows = []
		for row in self.doc.work_items:
			if self.blank and row.extra:
				continue
			done = not self.blank
			times = self._span(row.started_on, row.ended_on) if done else ""
			rows.append(
				[
					text(row.work),
					text(row.steps),
					_(row.state, context=row.doctype) if done else "",
					times,
					self.paper.person(row.done_by) if done else "",
					text(row.result) if done else "",
				]
			)
		return rows + self._lines(6)

	def stages(self) -> list[dict[str, Any]]:
		"""The checklist stage by stage: (point, answer, remark); boxes to tick on a blank sheet."""
		return [
			{"label": _(stage, context="Checklist Template Item"), "rows": rows}
			for stage in PRINTED
			if (rows := [self._point(row) for row in self.doc.answers if row.stage == stage])
		]

	def parts(self) -> list[list[str]]:
		"""Item, description, serial number, taken along, used."""
		rows = [
			[
				cstr(row.item_code),
				text(row.description),
				text(row.serial_no),
				f"{flt(row.quantity):g}",
				f"{flt(row.used):g}" if flt(row.used) and not self.blank else "",
			]
			for row in self.doc.get("parts") or []
		]
		return rows + (self._lines(5) if self.signed_kind else [])

	def leftovers(self) -> list[list[str]]:
		"""What is left, agreed treatment, who, by when."""
		if self.blank:
			return self._lines(4)
		return [
			[
				text(row.subject),
				text(row.treatment),
				self.paper.person(row.owner_user),
				self.paper.date(row.due_date),
			]
			for row in readership.rows_as_read("Service Leftover", visit_content.leftovers(self.doc))
		]

	def outcome(self) -> list[str]:
		"""Outcome and findings; the choices as boxes on a blank sheet."""
		if self.blank:
			return [f"{BOX} {_('Job Done')}    {BOX} {_('More to Do')}", ""]
		return [self.paper.value("outcome"), text(self.doc.outcome_note)]

	def photos(self) -> list[dict[str, str]]:
		"""The photos that belong to this record, each with its point."""
		if self.blank:
			return []
		found = [
			{
				"label": " · ".join((row["point"], row["by"], row["on"])),
				"image": kept_pictures.as_data_url(self.doc, row["image"], PHOTO_SIDE),
			}
			for row in visit_photos.gallery(self.doc)
		]
		return [photo for photo in found if photo["image"]]

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

	def _point(self, row) -> list[str]:
		question = _(text(row.question)) + (f" ({_(row.unit)})" if row.unit else "")
		if self.blank:
			choices = (domain.YES, domain.NO, domain.NOT_APPLICABLE)
			boxes = "  ".join(f"{BOX} {_(choice)}" for choice in choices)
			return [question, boxes if row.answer_type == domain.YES_NO else "", ""]
		if row.answer_type == domain.PHOTO:
			given = _("see photo") if row.photo else ""
		elif row.answer_type == domain.YES_NO:
			given = _(cstr(row.answer))
		else:
			given = " ".join(part for part in (text(row.answer), cstr(row.unit)) if part and row.answer)
		return [question, given, text(row.remark)]

	def _span(self, start, end) -> str:
		"""From when to when; the day only once."""
		first, last = self.paper.when(start), self.paper.when(end)
		same_day = first and last and first.split(" ")[0] == last.split(" ")[0]
		return " – ".join(part for part in (first, last.split(" ", 1)[1] if same_day else last) if part)

	def _pair(self, field: str, empty: bool = False) -> tuple[str, str]:
		return self.paper.label(field), "" if empty else text(self.paper.value(field))

	def _lines(self, columns: int) -> list[list[str]]:
		return [[" "] * columns for _line in range(BLANK_LINES)] if self.blank else []


def ops_visit(doc: Any, paper: Any, blank: bool = False) -> VisitPaper:
	"""Jinja method of print formats: a visit as its page needs it."""
	return VisitPaper(doc, paper, blank)
