"""What was destroyed, put down before the first byte goes, and the certificate of it (8.2.c.2)."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.model.naming import make_autoname
from frappe.utils import cstr, escape_html, get_fullname

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.deliverables import sealing
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.site_time import site_now, to_utc

SERIES = "DC-.YYYY.-.#####"
PART = 1 << 20


def put_down(doc: Any, rows: list[Any]) -> None:
	"""Note name, size and fingerprints of each file that is to go, and commit it: so the certificate is whole, whatever stops the rest."""
	if doc.destroyed_files:
		return
	found = []
	for row in {row.file_url: row for row in rows}.values():
		path = sealing.path_of(row.file_url)
		try:
			content = path.read_bytes()
		except OSError:
			content = b""
		lies = hashlib.sha256(content).hexdigest() if content else ""
		found.append({"name": row.file_name, "md5": cstr(row.content_hash), "sha256": lies, "size": len(content), "encrypted": sealing.is_encrypted(content)})
	by_steps.take(doc).db_set("destroyed_files", json.dumps(found), update_modified=False)
	frappe.db.commit()  # nosemgrep: before a byte goes


def overwrite(path: Path) -> None:
	"""Write over the bytes of a file and have the disk take them, before it is deleted."""
	with path.open("r+b") as file:
		left = path.stat().st_size
		while left > 0:
			file.write(os.urandom(min(PART, left)))
			left -= PART
		file.flush()
		os.fsync(file.fileno())


def certify(doc: Any) -> None:
	"""The files are gone: since when, and under which number that is certified."""
	values = {"files_removed_on": site_now().replace(microsecond=0)}
	if not doc.certificate_no:
		values["certificate_no"] = make_autoname(SERIES)
	by_steps.take(doc).db_set(values)


def ops_certificate(doc: Any) -> dict[str, Any]:
	"""Jinja method of the print format Destruction Certificate. frappe.ValidationError while there is nothing to certify."""
	if not doc.certificate_no:
		frappe.throw(_("{0} is not destroyed, or some of its files are still there. There is nothing to certify yet.").format(frappe.bold(escape_html(doc.name))))
	step = next((row for row in reversed(doc.steps) if row.step == life.DESTROYED), None)
	return {
		"number": doc.certificate_no,
		"by": get_fullname(step.done_by) if step else "",
		"on": wording.moment(to_utc(step.done_on)) if step else "",
		"removed_on": wording.moment(to_utc(doc.files_removed_on)),
		"how": _("Overwritten once, then deleted", context="Deliverable") if doc.overwrite_files else _("Deleted from the disk", context="Deliverable"),
		"witness": get_fullname(doc.witness) if doc.witness else "",
		"files": json.loads(doc.destroyed_files or "[]"),
	}
