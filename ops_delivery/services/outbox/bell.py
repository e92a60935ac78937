"""Lines under the bell of one person's desk (6.3.e), written together where nobody else hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe.desk.doctype.notification_settings.notification_settings import (
	is_email_notifications_enabled_for_type,
)

from ops_delivery.permissions import confidential
from ops_delivery.services.shared import insert_many

LOG, ALERT = "Notification Log", "Alert"


class Line(NamedTuple):
	"""What a line says, and the record that it leads to."""

	subject: str
	doctype: str
	name: str


def ring(user: str, lines: Iterable[Line]) -> None:
	"""Put lines on a person's desk, as Frappe does: the bell shows them at once. Nothing of a record that is hidden from them.

	Where Frappe would mail each line, and where a line has a sign that may begin a tag, each is a document inserted by itself.
	"""
	rows = [
		{
			"for_user": user,
			"from_user": frappe.session.user,
			"type": ALERT,
			"document_type": line.doctype,
			"document_name": line.name,
			"subject": line.subject,
		}
		for line in lines
		if not confidential.is_hidden(line.doctype, line.name, user)
	]
	if not rows:
		return
	if any("<" in row["subject"] for row in rows) or is_email_notifications_enabled_for_type(user, ALERT):
		for row in rows:
			insert_many.one_by_one(LOG, row)
		return
	names = insert_many.insert(LOG, rows)
	last = frappe.get_doc({"doctype": LOG, **rows[-1], "name": names[-1]})
	last.after_insert()  # Frappe's own: the bell rings, once for all of them
