"""Sites from before: the Notification to the keeper of a monitoring source that fell silent; keepers are those who made the sources."""

import frappe

from ops_delivery.services.monitoring import sources
from ops_delivery.setup import notifications


def execute():
	"""Plant what was never planted; run again, it finds nothing."""
	notifications.seed_notifications()
	source, user = frappe.qb.DocType(sources.DOCTYPE), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(source)
		.join(user)
		.on((user.name == source.owner) & (user.enabled == 1) & (user.user_type == "System User"))
		.select(source.name, source.owner)
		.where(source.keeper.isnull() | (source.keeper == ""))
	).run()
	for name, owner in rows:
		frappe.db.set_value(sources.DOCTYPE, name, "keeper", owner, update_modified=False)
