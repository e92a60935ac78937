"""Knowledge articles and what they were worth: shown, opened, whether they helped, requests they spared, where they were used (5.3.f, 8.4.a.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import getdate

from ops_delivery.domain.knowledge import life
from ops_delivery.services.knowledge.counting import ARTICLE, COUNTS, FIGURE
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.report_parts import card, column


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	if filters.from_date and filters.to_date and getdate(filters.to_date) < getdate(filters.from_date):
		frappe.throw(
			_("{0}: {1} lies before {2}. Correct one of the two.").format(
				frappe.bold(_("To Date", context="Ops Delivery")), wording.day(filters.to_date), wording.day(filters.from_date)
			)
		)
	rows = _rows(filters)
	total = {name: sum(row[name] for row in rows) for name in COUNTS}
	return (
		_columns(),
		rows,
		_("Counted by article and month, without whose it was. A request was spared where an article was opened beside a form that was not sent."),
		None,
		[
			card(_("Articles published", context=ARTICLE), sum(row["is_published"] for row in rows), "Int", "Blue"),
			card(_("Helped", context=FIGURE), total["helped"], "Int", "Green"),
			card(_("No request needed", context=FIGURE), total["deflected"], "Int", "Green"),
			card(_("Used in a request", context=FIGURE), total["used"], "Int", "Blue"),
		],
	)


def _rows(filters: frappe._dict) -> list[dict[str, Any]]:
	wanted = {"status": filters.status} if filters.status else {}
	articles = frappe.get_list(ARTICLE, filters=wanted, fields=["name", "title", "status", "keeper"], order_by="title, name", limit_page_length=0)
	table = frappe.qb.DocType(FIGURE)
	query = frappe.qb.from_(table).select(table.article, *(fn.Sum(table[name]).as_(name) for name in COUNTS)).groupby(table.article)
	if filters.from_date:
		query = query.where(table.month >= getdate(filters.from_date).replace(day=1))
	if filters.to_date:
		query = query.where(table.month <= getdate(filters.to_date))
	counted = {row.article: row for row in query.run(as_dict=True)}
	return [
		{
			"article": row.name,
			"title": row.title,
			"status": _(row.status, context=ARTICLE),
			"is_published": row.status == life.PUBLISHED,
			"keeper": row.keeper,
			**{name: int((counted.get(row.name) or {}).get(name) or 0) for name in COUNTS},
		}
		for row in articles
	]


def _columns() -> list[dict[str, Any]]:
	meta = frappe.get_meta(FIGURE)
	return [
		column("article", _("Article", context=FIGURE), "Link", 140, options=ARTICLE),
		column("title", _("Title", context=ARTICLE), "Data", 260),
		column("status", _("Status", context=ARTICLE), "Data", 110),
		*(column(name, _(meta.get_label(name), context=FIGURE), "Int", 110) for name in COUNTS),
	]
