"""What follows from a step of an article: its copy among the host's Help Articles, and the keeper's list (5.3.f, 8.4.a.2).

A Help Article is the host's record. Only the one that this article made is written, where somebody ticked that it is wanted.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.naming import set_new_name
from frappe.utils import cint, cstr, escape_html, getdate
from frappe.website.utils import clear_cache

from ops_delivery.domain.knowledge import life
from ops_delivery.services.search import entries
from ops_delivery.services.shared import bulk, todos
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, HELP = "Knowledge Article", "Help Article"
COPIED = ("title", "category", "content", "published")
PARTS = ("symptom", "cause", "treatment", "result")


def follow(doc: Any) -> None:
	"""After a save."""
	before = doc.get_doc_before_save()
	if before and before.reminded_for and getdate(before.review_date) != getdate(doc.review_date):
		todos.close(doc)
	if before and doc.status == life.RETIRED and before.status != life.RETIRED:
		todos.close(doc)
	_follow_help_article(doc, before)


@in_site_language
def remind_keepers() -> None:
	"""Daily: who keeps a published article finds it on their list on the day it is to be looked over; once a day set."""
	article = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(article)
		.select(article.name, article.title, article.keeper, article.review_date)
		.where((article.status == life.PUBLISHED) & (article.review_date <= site_now().date()))
		.where(article.reminded_for.isnull() | (article.reminded_for != article.review_date))
		.orderby(article.name)
	).run(as_dict=True)
	for row in rows:
		row.doctype = DOCTYPE
		todos.give(row, row.keeper, _("Look the article {0} over").format(escape_html(row.title)), row.review_date)
	if rows:
		(
			frappe.qb.update(article)
			.set(article.reminded_for, article.review_date)
			.where(article.name.isin([row.name for row in rows]))
		).run()


def _follow_help_article(doc: Any, before: Any) -> None:
	"""Written past the host's document: its save writes its Help Category as well, which only its own editors may."""
	wanted = doc.status == life.PUBLISHED and doc.audience == life.ALL and cint(doc.as_help_article)
	there = frappe.db.get_value(HELP, doc.help_article, ["name", *COPIED], as_dict=True) if doc.help_article else None
	if not wanted:
		if there and there.published:
			_write(there.name, {"published": 0}, there.category)
		return
	said = {"title": doc.title, "category": doc.help_category, "content": _content(doc), "published": 1}
	if not there:
		copy = frappe.new_doc(HELP).update(said)
		set_new_name(copy)
		copy.set_route()
		bulk.insert_row(copy)
		doc.db_set("help_article", copy.name, update_modified=False)
		_write(copy.name, {}, doc.help_category)
	elif any(cstr(there.get(field)) != cstr(value) for field, value in said.items()):
		_write(there.name, said, there.category, doc.help_category)


def _write(name: str, values: dict[str, Any], *categories: str) -> None:
	if values:
		frappe.db.set_value(HELP, name, bulk.as_saved(HELP, values))
	for category in {*categories}:
		number = frappe.db.count(HELP, {"category": category, "published": 1})
		frappe.db.set_value("Help Category", category, "help_articles", number, update_modified=False)
	entries.write(entries.rows_of(HELP, [name]))
	for kept in ("category_sidebar", "faq"):  # of the host's knowledge base; its own function has another name on each version
		frappe.cache.delete_value(f"knowledge_base:{kept}")
	clear_cache()


def _content(doc: Any) -> str:
	"""The texts of an article as a page: each under its heading, no markup of anybody's in them."""
	with_text = [(name, cstr(doc.get(name)).strip()) for name in PARTS]
	return "".join(
		f"<h3>{escape_html(_(doc.meta.get_label(name), context=DOCTYPE))}</h3><p>{escape_html(frappe.utils.strip_html(text)).replace(chr(10), '<br>')}</p>"
		for name, text in with_text
		if text
	)
