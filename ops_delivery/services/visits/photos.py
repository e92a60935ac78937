"""Photos of a visit: added to a point of its checklist once, and shown with who took them, when, for which point."""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_fullname

from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared import images as pictures
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits.types import locked

TOKEN = re.compile(r"[0-9a-zA-Z-]{8,40}")


def add(doctype: str, name: str, row: str, image: str, token: str = "") -> dict[str, Any]:
	"""Add a picture (data URL) to a point as a private file of the visit; the point as it is then.

	`token`: the device's own name for the picture. One that arrived before is not kept twice, so a device that never
	heard the answer may send it again, also when the stage is over meanwhile. An earlier photo of the point stays.
	"""
	doc = locked(doctype, name)
	point = visit_checklists.find(doc, row)
	token = cstr(token).strip() or frappe.generate_hash(length=10)
	if not TOKEN.fullmatch(token):
		frappe.throw(_("The picture's own name {0} is not possible.").format(frappe.bold("token")))
	kept_as = f"{doc.name}-{point.name}-{token}"
	if not _there(doc, f"{kept_as}.jpg"):
		visit_checklists.check_stage(doc, point)
		point.photo = kept_pictures.keep(doc, image, kept_as, pictures.PHOTO, named=True)
		doc.save()
	return visit_checklists.face(visit_checklists.find(doc, row))


def gallery(doc) -> list[dict[str, str]]:
	"""Every photo that was added to a point of the visit, oldest first: image, point, stage, by, on."""
	if doc.is_new():
		return []
	points = {row.name: row for row in doc.answers}
	shown = {row.photo: row for row in doc.answers if row.photo}
	found = []
	for file in files(doc):
		parts = cstr(file.file_name)[len(doc.name) + 1 :].split("-", 1)
		row = points.get(parts[0]) or shown.get(file.file_url)
		if row:
			found.append(
				{
					"image": file.file_url,
					"point": _(text(row.question)),
					"stage": _(row.stage, context="Checklist Template Item"),
					"by": text(get_fullname(file.owner)),
					"on": moment(file.creation),
				}
			)
	return found


def files(doc) -> list[frappe._dict]:
	"""The private files of a visit, oldest first."""
	return frappe.get_all(
		"File",
		filters={"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "is_private": 1},
		fields=["file_name", "file_url", "owner", "creation"],
		order_by="creation, name",
	)


def _there(doc, file_name: str) -> bool:
	return bool(
		frappe.db.exists(
			"File",
			{
				"attached_to_doctype": doc.doctype,
				"attached_to_name": doc.name,
				"file_name": file_name,
				"is_private": 1,
			},
		)
	)
