"""What follows from a step of an article: its copy among the host's Help Articles, and the keeper's list (5.3.f, 8.4.a.2).

A Help Article is the host's record. Only the one that this article made is written, where somebody ticked that it is wanted.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain.knowledge import life
from ops_delivery.services.shared import todos
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, HELP = "Knowledge Article", "Help Article"
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
	wanted = doc.status == life.PUBLISHED and doc.audience == life.ALL and cint(doc.as_help_article)
	there = doc.help_article if doc.help_article and frappe.db.exists(HELP, doc.help_article) else None
	if not wanted:
		if there and frappe.db.get_value(HELP, there, "published"):
			copy = frappe.get_doc(HELP, there)
			copy.published = 0
			copy.save(ignore_permissions=True)
		return
	copy = frappe.get_doc(HELP, there) if there else frappe.new_doc(HELP)
	said = {"title": doc.title, "category": doc.help_category, "content": _content(doc), "published": 1}
	if there and all(cstr(copy.get(field)) == cstr(value) for field, value in said.items()):
		return
	copy.update(said)
	copy.save(ignore_permissions=True)
	if not there:
		doc.db_set("help_article", copy.name, update_modified=False)


def _content(doc: Any) -> str:
	"""The texts of an article as a page: each under its heading, no markup of anybody's in them."""
	with_text = [(name, cstr(doc.get(name)).strip()) for name in PARTS]
	return "".join(
		f"<h3>{escape_html(_(doc.meta.get_label(name), context=DOCTYPE))}</h3><p>{escape_html(frappe.utils.strip_html(text)).replace(chr(10), '<br>')}</p>"
		for name, text in with_text
		if text
	)
