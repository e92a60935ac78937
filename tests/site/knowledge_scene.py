"""Knowledge articles: drafted, reviewed, published; and the index made visible."""

import factories
import frappe
import reviewing

DOCTYPE, RULE = "Knowledge Article", "Knowledge article: internal review"


def values(**more) -> dict:
	return {
		"doctype": DOCTYPE,
		"title": factories.unique("Article"),
		"symptom": "No light at the port",
		"treatment": "Replace the cable",
		"checked": 1,
		"review_date": "2031-01-31",
		**more,
	}


def draft(author: str, **more):
	with reviewing.user(author):
		return frappe.get_doc(values(keeper=author, **more)).insert()


def published(author: str, reviewer: str, doc=None, **more):
	"""Reviewed by another and published."""
	doc = doc or draft(author, **more)
	doc = reviewing.act(doc, "Ask for Internal Review", author)
	reviewing.approve(doc, reviewer, RULE)
	return reviewing.act(doc, "Publish", author)


def forget(*articles: str) -> None:
	"""Take away what a committed test left beside its documents."""
	for name in articles:
		for doctype, field in (("Knowledge Figure", "article"), ("Knowledge Reading", "article"), ("Knowledge Use", "article"), ("Search Entry", "document_name")):
			frappe.db.delete(doctype, {field: name})
