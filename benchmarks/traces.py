"""What a benchmark committed on its site, taken away again."""

import frappe

# an agreement in force with its customer, people and rules
AGREEMENT = (
	"Service Agreement",
	"Service Agreement Target",
	"Service Agreement Channel",
	"Service Agreement Contact",
	"Service Calendar",
	"Service Calendar Window",
	"Priority Matrix",
	"Priority Matrix Cell",
	"Priority Matrix Rank",
	"Escalation Policy",
	"Escalation Step",
	"Rule Version",
	"Customer",
	"User",
	"Has Role",
)


def take_away(began: str, *doctypes: str) -> None:
	"""Delete everything of these types that is newer than `began` (site time); commits."""
	for doctype in doctypes:
		frappe.db.delete(doctype, {"creation": [">=", began]})
	frappe.db.commit()
	frappe.clear_cache()
