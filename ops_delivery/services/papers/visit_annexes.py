"""The annexes to the sheet of a visit: checklists, preparation, tools and photos; each is there where something stands in it
(7.2.c.1, 8.4.b.1)."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cstr, flt

from ops_delivery.domain import visit as domain
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits.types import RISKY

PRINTED = (domain.BEFORE, domain.DURING, domain.LEAVING)
PHOTO_SIDE = 900


class Annexes:
	"""What stands behind the sheet itself, in plain texts; `VisitPaper` says of which visit, and whether for a pen."""

	doc: Any
	paper: Any
	blank: bool
	annexes = 0

	def annex(self) -> int:
		"""The number of the next annex, from 1."""
		self.annexes += 1
		return self.annexes

	def stages(self) -> list[dict[str, Any]]:
		"""The checklist stage by stage, points that were answered alone: (point, answer, remark); all of them with boxes to tick on a
		blank sheet."""
		return [
			{"label": _("Checklist: {0}").format(_(stage, context="Checklist Template Item")), "rows": rows}
			for stage in PRINTED
			if (
				rows := [
					self._point(row)
					for row in self.doc.answers
					if row.stage == stage and (self.blank or row.answer or row.photo or row.remark)
				]
			)
		]

	def preparation(self) -> list[tuple[str, str]]:
		"""What was settled before the work beyond the ordinary: the site's rules, the risk and what is done if it comes true."""
		doc = self.doc
		risk = [text(doc.risk_note), text(doc.contingency_plan)]
		if doc.risk == RISKY or any(risk):
			risk.insert(0, self.paper.value("risk"))
		said = [
			(self.paper.label("site_rules"), text(doc.site_rules)),
			(_("Risk and contingency plan"), "\n".join(filter(None, risk))),
		]
		return [(label, value) for label, value in said if value]

	def taken_along(self) -> list[list[str]]:
		"""Tools, documents and parts that were taken along and not used up: what, serial number, how many; on a blank sheet but the
		items, which stand on the sheet itself."""
		return [
			[text(row.description) or cstr(row.item_code), text(row.serial_no), f"{flt(row.quantity):g}"]
			for row in self.doc.get("parts") or []
			if (not row.item_code if self.blank else flt(row.used) < flt(row.quantity))
		]

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

	def _point(self, row) -> list[str]:
		question = _(text(row.question)) + (f" ({_(row.unit)})" if row.unit else "")
		if self.blank:
			choices = (domain.YES, domain.NO, domain.NOT_APPLICABLE)
			boxes = "  ".join(f"☐ {_(choice)}" for choice in choices)
			return [question, boxes if row.answer_type == domain.YES_NO else "", ""]
		if row.answer_type == domain.PHOTO:
			given = _("see photo") if row.photo else ""
		elif row.answer_type == domain.YES_NO:
			given = _(cstr(row.answer))
		else:
			given = " ".join(part for part in (text(row.answer), cstr(row.unit)) if part and row.answer)
		return [question, given, text(row.remark)]
