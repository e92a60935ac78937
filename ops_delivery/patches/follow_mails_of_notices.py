"""Notices from before their mails were followed say Sent though a mail waits, or was given up: the last thirty days of them."""

import frappe
from frappe.utils import add_days

from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.shared.site_time import site_now

DAYS = 30  # Frappe keeps its e-mail queue no longer
BEFORE_SECONDS = 60  # a mail is queued shortly before its notice says so


def execute():
	"""Tie the mails that have not left to the notices that made them, by their record and the moment."""
	notice, queue = frappe.qb.DocType("Service Notice"), frappe.qb.DocType("Email Queue")
	rows = (
		frappe.qb.from_(queue)
		.join(notice)
		.on(
			(notice.reference_name == queue.reference_name)
			& (notice.reference_doctype == queue.reference_doctype)
		)
		.select(queue.name.as_("mail"), queue.creation, notice.name, notice.sent_on)
		.where((queue.status != "Sent") & (queue.creation >= add_days(site_now(), -DAYS)))
		.where((notice.state == "Sent") & notice.sent_on.isnotnull())
	).run(as_dict=True)
	found: dict[str, list[tuple[str, str]]] = {}
	for row in rows:
		if 0 <= (row.sent_on - row.creation).total_seconds() <= BEFORE_SECONDS:
			found.setdefault(row.name, []).append((row.mail, ""))
	for name, mails in found.items():
		values = {
			"state": notice_mails.QUEUED,
			"mails": notice_mails.lines(mails),
			"run_at": site_now(),
			"sent_on": None,
		}
		frappe.db.set_value("Service Notice", name, values, update_modified=False)
