"""The hashes of machines' tokens go where Frappe keeps passwords; the column that lists could read is emptied. It may run twice."""

import frappe
from frappe.utils.password import set_encrypted_password

from ops_delivery.services.monitoring import sources


def execute():
	if not frappe.db.has_column(sources.DOCTYPE, sources.HASH):
		return
	source = frappe.qb.DocType(sources.DOCTYPE)
	rows = frappe.qb.from_(source).select(source.name, source[sources.HASH]).where(source[sources.HASH] != "").run()
	for name, digest in rows:
		set_encrypted_password(sources.DOCTYPE, name, digest, sources.HASH)
	frappe.qb.update(source).set(source[sources.HASH], None).run()
