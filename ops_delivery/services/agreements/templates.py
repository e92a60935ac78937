"""Agreements made from templates, and templates made from agreements (5.2.a): what both have in common is copied.

A template holds the content fields of an agreement under the same names, so a field added to both is copied as well.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes, no_value_fields, table_fields
from frappe.utils import add_days, add_months, cint, escape_html, getdate

AGREEMENT, TEMPLATE = "Service Agreement", "Service Agreement Template"
OF_THE_ROW = (
	"name",
	"parent",
	"parenttype",
	"parentfield",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"docstatus",
)
OF_THE_AGREEMENT = ("state", "agreed_by", "agreed_on", "how", "recorded_by", "part_hash", "agreed_again")


def choices() -> list[dict[str, Any]]:
	"""The enabled templates, those in the reader's language first: name, language, description, months."""
	rows = frappe.get_list(
		TEMPLATE,
		filters={"enabled": 1},
		fields=["name", "language", "description", "months"],
		order_by="name",
	)
	mine = (frappe.local.lang or "en").split("-")[0]
	return sorted(rows, key=lambda row: (row.language or mine) != mine)


def make(
	template: str, customer: str, company: str, start_date: Any, end_date: Any = None, title: str = ""
) -> str:
	"""A draft agreement from a template; its name. Without an end it runs for the template's usual months.

	frappe.ValidationError where the template lacks what no draft can do without, naming it.
	"""
	source = frappe.get_doc(TEMPLATE, template)
	source.check_permission("read")
	if not source.enabled:
		frappe.throw(
			_("The template {0} is switched off. Choose another one.").format(
				frappe.bold(escape_html(template))
			)
		)
	start = getdate(start_date)
	draft = frappe.new_doc(AGREEMENT)
	draft.update(content(source))
	draft.update(
		{
			"template": template,
			"customer": customer,
			"company": company,
			"start_date": start,
			"end_date": getdate(end_date)
			if end_date
			else add_days(add_months(start, cint(source.months) or 12), -1),
			"title": title.strip() or template,
			"owner_user": frappe.session.user,
			"covers_all_objects": 1,
			"currency": source.currency or frappe.get_cached_value("Company", company, "default_currency"),
			"contacts": [{"contact_role": "Project Manager", "level": 1, "user": frappe.session.user}],
		}
	)
	_fill_gaps(draft)
	return draft.insert().name


def save_as(agreement: str, template_name: str) -> str:
	"""Keep an agreement's content as a template for others; its name. Parties, dates, people and fee stay out."""
	source = frappe.get_doc(AGREEMENT, agreement)
	source.check_permission("read")
	name = template_name.strip()
	if not name:
		frappe.throw(_("Give the template a name."))
	if frappe.db.exists(TEMPLATE, name):
		frappe.throw(
			_("There is a template {0} already. Choose another name.").format(frappe.bold(escape_html(name)))
		)
	template = frappe.new_doc(TEMPLATE)
	template.update(content(source, TEMPLATE))
	months = round((getdate(source.end_date) - getdate(source.start_date)).days / 30.44)
	template.update(
		{"template_name": name, "language": frappe.local.lang or "en", "enabled": 1, "months": max(1, months)}
	)
	return template.insert().name


def content(source, into: str = AGREEMENT) -> dict[str, Any]:
	"""The values that an agreement and a template have in common; rows are copied without what was agreed on them."""
	target = frappe.get_meta(into)
	found: dict[str, Any] = {}
	for df in frappe.get_meta(TEMPLATE).fields:
		if df.fieldtype in table_fields and target.has_field(df.fieldname):
			found[df.fieldname] = [_row(row) for row in source.get(df.fieldname) or []]
		elif (
			df.fieldtype not in no_value_fields
			and df.fieldtype not in display_fieldtypes
			and target.has_field(df.fieldname)
			and source.get(df.fieldname) not in (None, "")
		):
			found[df.fieldname] = source.get(df.fieldname)
	return found


def _row(row) -> dict[str, Any]:
	agreed = OF_THE_AGREEMENT if row.doctype == "Service Agreement Agreed Part" else ()
	if row.doctype == "Agreed Amount":  # what is drawn is known by the key, so each agreement has its own
		agreed = ("amount_key",)
	elif row.doctype == "Promised Deliverable":  # so is what was delivered
		agreed = ("promise_key", "next_first", "make_on", "rests", "owes", "problem")
	return {key: value for key, value in row.as_dict().items() if key not in (*OF_THE_ROW, *agreed)}


def _fill_gaps(draft) -> None:
	"""What a template may leave to the site: the only calendar, matrix or policy there is."""
	for field, doctype in (
		("calendar", "Service Calendar"),
		("priority_matrix", "Priority Matrix"),
		("escalation_policy", "Escalation Policy"),
	):
		if not draft.get(field):
			draft.set(field, frappe.db.get_value(doctype, {"enabled": 1}, "name", order_by="creation"))
	if not draft.default_priority and draft.priority_matrix:
		order = [
			row.priority for row in frappe.get_cached_doc("Priority Matrix", draft.priority_matrix).priorities
		]
		draft.default_priority = order[min(1, len(order) - 1)] if order else None
