"""Which articles a user of the customer's side may read: published, for all customers or for theirs (8.4.a.2, 8.2.b)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.utils import cstr, escape_html

from ops_delivery.domain.knowledge import life
from ops_delivery.permissions import ownership

DOCTYPE, NAMED = "Knowledge Article", "Knowledge Customer"


def shown(table: Any, user: str) -> Any:
	"""The rule as a condition on the Knowledge Article table `table`."""
	customers = sorted(ownership.customers_of(user))
	if not customers or ownership.is_staff(user):
		return table.name.isnull()
	named = frappe.qb.DocType(NAMED)
	theirs = (
		frappe.qb.from_(named).select(named.parent).where((named.parenttype == DOCTYPE) & named.customer.isin(customers))
	)
	return (table.status == life.PUBLISHED) & (
		(table.audience == life.ALL) | ((table.audience == life.CHOSEN) & table.name.isin(theirs))
	)


def may_read(doc: Any, user: str) -> bool:
	"""The same for one article."""
	if ownership.is_staff(user):
		return False
	named = {row.customer for row in doc.customers}
	return life.shown_to_customers(doc.audience, doc.status, named, ownership.customers_of(user))


def visible(name: str, user: str) -> Any:
	"""The article if the user may read it; the same answer whether it is another's or does not exist."""
	if name and frappe.db.exists(DOCTYPE, name):
		doc = frappe.get_doc(DOCTYPE, name)
		if may_read(doc, user):
			return doc
	raise frappe.PermissionError(_("There is no article {0} that you can see.").format(escape_html(cstr(name))))


def readable(names: list[str], user: str) -> dict[str, Any]:
	"""Those of some articles that a user may read: name -> {name, title, help_article}. One query."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.help_article)
		.where(shown(table, user) & table.name.isin(names or [""]))
	).run(as_dict=True)
	return {row.name: row for row in rows}


def newest(user: str, most: int, start: int = 0) -> list[Any]:
	"""The articles a user may read, the latest published first: {name, title, object_model, published_on}. One query."""
	table = frappe.qb.DocType(DOCTYPE)
	return (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.object_model, table.published_on)
		.where(shown(table, user))
		.orderby(table.published_on, order=Order.desc)
		.orderby(table.name)
		.limit(most)
		.offset(start)
	).run(as_dict=True)
