"""An improvement action on its way, with short names for what each state demands."""

import factories
import frappe

from ops_delivery.domain import improvement as domain
from ops_delivery.services.improvements import steps as improvements

CONTENT = {
	domain.INVESTIGATING: lambda: {"owner_user": "Administrator", "due_date": "2030-01-31"},
	domain.MEASURES: lambda: {
		"customer_asked": "Done",
		"confirmed_with": "Chen Jing",
		"confirmed_on": frappe.utils.now_datetime(),
		"confirmed_what": "Nobody called back",
		"cause": "The night shift has no list of calls",
		"measures": [{"measure": "Hand-over list", "owner_user": "Administrator", "due_date": "2030-01-10"}],
	},
	domain.EFFECT_CHECK: lambda: {"effect_how": "Count calls not answered", "effect_due": "2030-02-28"},
}


def action(state: str = domain.OPEN, **values):
	"""An action that came to stand in a state by its steps (up to Effect Check)."""
	doc = factories.make(
		improvements.DOCTYPE,
		**{"title": factories.unique("Call back"), "finding": "Two calls were not returned", **values},
	)
	for each in domain.PATH[1 : domain.PATH.index(state) + 1]:
		fill(doc, each)
		doc.state = each
		doc.save(ignore_permissions=True)
	return doc


def fill(doc, state: str):
	"""Enter what a state demands."""
	doc.update(CONTENT[state]())
	if state == domain.EFFECT_CHECK:
		for row in doc.measures:
			row.update({"state": "Done", "result": "In use"})


def fresh(doc):
	return frappe.get_doc(doc.doctype, doc.name)
