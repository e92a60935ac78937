"""Articles that fit: while a request is judged at the desk, and while a customer writes one (5.3.f, 8.4.a.2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe.utils import cstr

from ops_delivery.domain import search_words
from ops_delivery.domain.knowledge import life
from ops_delivery.services.knowledge import counting, readers
from ops_delivery.services.search import finding
from ops_delivery.services.shared.locale import plain_lines, text

ARTICLE, HELP, USE = "Knowledge Article", "Help Article", "Knowledge Use"
MOST, FOUND = 5, 50


def for_customer(typed: str, user: str, form: str = "") -> list[dict[str, str]]:
	"""The articles that fit what a user of the customer's side writes, the best first: {title, url}. `form`: the key of the form that
	they write, beside which an article was opened."""
	rows = [row for row in _fitting(cstr(typed)) if row.document_type in (ARTICLE, HELP)]
	own = readers.readable([row.document_name for row in rows if row.document_type == ARTICLE], user)
	copies = {one.help_article for one in own.values() if one.help_article}
	routes = _published_help([row.document_name for row in rows if row.document_type == HELP])
	found, shown = [], []
	for row in rows:
		name = row.document_name
		if row.document_type == ARTICLE and name in own:
			mark = f"?form={quote(form)}" if form else ""
			found.append({"title": text(own[name].title), "url": f"/knowledge/{quote(name)}{mark}"})
			shown.append(name)
		elif row.document_type == HELP and name in routes and name not in copies:
			found.append({"title": text(routes[name].title), "url": "/" + cstr(routes[name].route).strip("/")})
		if len(found) >= MOST:
			break
	counting.shown(shown, form or user)
	return found


def search(typed: str, user: str) -> list[Any]:
	"""What a user of the customer's side finds among the articles: as `readers.newest` gives them, the best first."""
	wanted = search_words.asked(cstr(typed))
	rows = finding.ordered(wanted, finding.candidates(wanted, (ARTICLE,)), typed) if wanted else []
	own = readers.readable([row.document_name for row in rows], user)
	return [own[row.document_name] for row in rows if row.document_name in own][:FOUND]


def for_issue(issue: str) -> dict[str, Any]:
	"""{rows: [{name, doctype, title, used}], used: [{name, title}]}: published articles that fit a request which the session's user may
	read, and those that were used in it."""
	doc = frappe.get_doc("Issue", issue)
	doc.check_permission("read")
	used = frappe.get_all(USE, filters={"reference_doctype": "Issue", "reference_name": doc.name}, pluck="article", order_by="creation")
	rows = [row for row in _fitting(f"{text(doc.subject)}\n{plain_lines(doc.description)}") if row.document_name not in used]
	published = _published([row.document_name for row in rows if row.document_type == ARTICLE])
	routes = _published_help([row.document_name for row in rows if row.document_type == HELP])
	copies = set(
		frappe.get_all(ARTICLE, filters={"help_article": ["in", [*routes] or [""]], "status": life.PUBLISHED}, pluck="help_article")
	)
	fitting = [row for row in rows if row.document_name in published or (row.document_name in routes and row.document_name not in copies)]
	seen = finding.readable(fitting, finding.listed)[:MOST]
	counting.shown([row.document_name for row in seen if row.document_type == ARTICLE], doc.name)
	titles = _titles(used)
	return {
		"rows": [{"name": row.document_name, "doctype": row.document_type, "title": text(row.title)} for row in seen],
		"used": [{"name": name, "title": titles[name]} for name in used if name in titles],
	}


def _fitting(typed: str) -> list[Any]:
	"""Entries of articles that fit a text, the best first; nobody's rights are asked."""
	wanted = search_words.asked(typed, in_sentences=True)
	if not wanted:
		return []
	rows = finding.candidates(wanted, (ARTICLE, HELP), any_word=True)
	fitting = [row for row in rows if search_words.enough(wanted, row.title_words or "", row.words or "")]
	return finding.ordered(wanted, fitting, typed)


def _published(names: list[str]) -> set[str]:
	return set(frappe.get_all(ARTICLE, filters={"name": ["in", names or [""]], "status": life.PUBLISHED}, pluck="name", order_by="name"))


def _published_help(names: list[str]) -> dict[str, Any]:
	rows = frappe.get_all(
		HELP, filters={"name": ["in", names or [""]], "published": 1, "route": ["!=", ""]}, fields=["name", "title", "route"], order_by="name"
	)
	return {row.name: row for row in rows}


def _titles(names: list[str]) -> dict[str, str]:
	rows = frappe.get_list(ARTICLE, filters={"name": ["in", names or [""]]}, fields=["name", "title"], limit_page_length=0)
	return {row.name: text(row.title) for row in rows}
