"""Knowledge passed on to the customer: published Help Articles, suggested and with a request (8.4.a.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import Criterion
from frappe.utils import cstr

from ops_delivery.domain import article_search as matching
from ops_delivery.services.shared.locale import plain_lines, text

DOCTYPE = "Help Article"
MOST, LOOKED_AT = 5, 60


def suggested(typed: str, most: int = MOST) -> list[dict[str, str]]:
	"""The published articles that fit what somebody typed, the best first: {title, url}. One query."""
	words = matching.terms(cstr(typed))
	if not words:
		return []
	article = frappe.qb.DocType(DOCTYPE)
	patterns = [
		"%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in words
	]
	rows = (
		frappe.qb.from_(article)
		.select(article.title, article.route, article.content)
		.where((article.published == 1) & (article.route != ""))
		.where(Criterion.any(article.title.like(p) | article.content.like(p) for p in patterns))
		.orderby(article.modified, order=frappe.qb.desc)
		.limit(LOOKED_AT)
	).run(as_dict=True)
	scored = [(matching.score(words, cstr(row.title), plain_lines(row.content)), row) for row in rows]
	fitting = [(points, row) for points, row in scored if matching.enough(words, points)]
	fitting.sort(key=lambda pair: -pair[0])
	return [_line(row) for _points, row in fitting[:most]]


def of_request(issue: Any) -> dict[str, str] | None:
	"""The article that staff linked to a request, while it is published; None otherwise."""
	name = issue.get("ops_help_article")
	row = (
		frappe.db.get_value(DOCTYPE, {"name": name, "published": 1}, ["title", "route"], as_dict=True)
		if name
		else None
	)
	return _line(row) if row and row.route else None


def _line(row: Any) -> dict[str, str]:
	return {"title": text(row.title), "url": "/" + cstr(row.route).strip("/")}
