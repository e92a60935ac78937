"""What a customer reads of our knowledge: the articles that are published for them, found by their words (8.4.a.2).

Texts come out plain; the pages escape them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.services.knowledge import counting, readers, suggesting
from ops_delivery.services.shared.locale import moment, text

DOCTYPE = readers.DOCTYPE
MOST, LAST_PAGE = 50, 1000
PARTS = ("symptom", "cause", "treatment", "result")


def listed(user: str, typed: str = "", page: int = 1) -> dict[str, Any]:
	"""The articles a user may read, page by page, or those that a search finds: {rows, page, has_next, typed}."""
	page = min(max(page, 1), LAST_PAGE)
	if cstr(typed).strip():
		rows = [{"path": _path(row.name), "title": text(row.title), "about": ""} for row in suggesting.search(typed, user)]
		return {"rows": rows, "page": 1, "has_next": False, "typed": typed}
	rows = readers.newest(user, MOST + 1, (page - 1) * MOST)
	shown = [
		{
			"path": _path(row.name),
			"title": text(row.title),
			"about": " · ".join(filter(None, (text(row.object_model), _("Published on {0}").format(moment(row.published_on))))),
		}
		for row in rows[:MOST]
	]
	return {"rows": shown, "page": page, "has_next": len(rows) > MOST and page < LAST_PAGE, "typed": ""}


def article(name: str, user: str) -> dict[str, Any]:
	"""One article for its page. frappe.PermissionError if the user may not read it."""
	doc = readers.visible(name, user)
	return {
		"name": doc.name,
		"path": _path(doc.name),
		"title": text(doc.title),
		"model": text(doc.object_model),
		"when": _("Published on {0}").format(moment(doc.published_on)),
		"version": doc.version,
		"parts": [
			{"label": _(doc.meta.get_label(field), context=DOCTYPE), "text": text(doc.get(field))} for field in PARTS if cstr(doc.get(field)).strip()
		],
	}


def vote(name: str, user: str, helped: str) -> bool:
	"""The user says whether it helped ("yes", "no"); False where that was counted already."""
	doc = readers.visible(name, user)
	if helped not in ("yes", "no"):
		frappe.throw(_("Say whether it helped: yes or no."))
	return counting.voted(doc.name, user, helped == "yes")


def used_in(issue: str, user: str) -> list[dict[str, str]]:
	"""The articles that helped to solve a request, as far as its reader may read them: {title, url}."""
	names = counting.used_in(issue)
	own = readers.readable(names, user) if names else {}
	return [{"title": text(own[name].title), "url": _path(name)} for name in names if name in own]


def _path(name: str) -> str:
	return f"/knowledge/{quote(name)}"
