"""Whether articles are used, and whether they help: counted by article and month, without whose it was (5.3.f, 8.4.a.2).

What is done twice within a day by the same person, beside the same form, counts once; that is known by a fingerprint in the cache, which goes
after a day. Where the cache is away it counts again rather than not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import cstr, escape_html, get_link_to_form
from redis.exceptions import RedisError

from ops_delivery.domain.knowledge import life
from ops_delivery.permissions import steps
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

ARTICLE, FIGURE, USE, READING = "Knowledge Article", "Knowledge Figure", "Knowledge Use", "Knowledge Reading"
COUNTS = ("shown", "opened", "helped", "not_helped", "deflected", "used")
DAY = 86400
SETTLED_AFTER = timedelta(hours=12)  # a form that was not sent by then is not sent any more
LONGEST_KEY = 40


def shown(articles: Iterable[str], to: str) -> None:
	"""Articles were suggested beside a form or request (`to`)."""
	_count((name for name in articles if _first("shown", name, to)), "shown")


def opened(article: str, user: str, form: str = "") -> None:
	"""A customer opened an article, from a form that may yet be sent (its key) or without one."""
	if _first("opened", article, user):
		_count([article], "opened")
	key = cstr(form).strip()
	if not key or len(key) > LONGEST_KEY:
		return
	table, now = frappe.qb.DocType(READING), site_now()
	name = _fingerprint("reading", article, key)[:20]
	(
		frappe.qb.into(table)
		.columns("name", "creation", "modified", "owner", "modified_by", "form_key", "article", "sent")
		.insert(name, now, now, "Administrator", "Administrator", _form(key), article, 0)
		.on_duplicate_key_update(table.modified, now)
	).run()


def voted(article: str, user: str, helped: bool) -> bool:
	"""A customer says whether it helped; False where they said so within a day already."""
	if not _first("vote", article, user):
		return False
	_count([article], "helped" if helped else "not_helped")
	return True


def request_sent(form: str) -> None:
	"""A form was sent: what was opened beside it spared no request."""
	if form:
		frappe.db.set_value(READING, {"form_key": _form(cstr(form).strip())}, "sent", 1)


def settle() -> int:
	"""Hourly: articles that were opened beside forms which nobody sent counted as requests that were not needed; how many."""
	table = frappe.qb.DocType(READING)
	old = table.creation < site_now() - SETTLED_AFTER
	rows = (frappe.qb.from_(table).select(table.name, table.article, table.sent).where(old).orderby(table.name).limit(5000)).run(as_dict=True)
	if not rows:
		return 0
	spared = [row.article for row in rows if not row.sent]
	_count(spared, "deflected")
	frappe.db.delete(READING, {"name": ["in", [row.name for row in rows]]})
	return len(spared)


def use(article: str, issue: str) -> bool:
	"""An article helped to solve a request: noted once, with a link on its timeline; False where it was noted already.

	The session's user may write the request and read the article, which is published."""
	doc, known = frappe.get_doc("Issue", issue, for_update=True), frappe.get_doc(ARTICLE, article)
	doc.check_permission("write")
	known.check_permission("read")
	if known.status != life.PUBLISHED:
		frappe.throw(
			_("{0} is {1}. An article is used once it is published.").format(
				frappe.bold(escape_html(known.title)), frappe.bold(_(known.status, context=ARTICLE))
			)
		)
	noted = {"article": known.name, "reference_doctype": "Issue", "reference_name": doc.name}
	if frappe.db.get_value(USE, noted, "name", for_update=True):  # a locking read sees what was committed meanwhile
		return False
	row = frappe.get_doc(
		{
			"doctype": USE,
			**noted,
			"used_by": frappe.session.user,
			"used_on": site_now().replace(microsecond=0),
		}
	)
	steps.take(row).insert(ignore_permissions=True)
	doc.add_comment("Info", _("used the article {0}").format(get_link_to_form(ARTICLE, known.name, escape_html(known.title))))
	_count([known.name], "used")
	return True


def figures(article: str) -> dict[str, int]:
	"""The counts of an article over all months."""
	table = frappe.qb.DocType(FIGURE)
	row = frappe.qb.from_(table).select(*(fn.Sum(table[name]).as_(name) for name in COUNTS)).where(table.article == article).run(as_dict=True)
	return {name: int(row[0][name] or 0) for name in COUNTS}


def used_in(issue: str) -> list[str]:
	"""The articles that were used in a request, in their order."""
	return frappe.get_all(USE, filters={"reference_doctype": "Issue", "reference_name": issue}, pluck="article", order_by="creation")


def _count(articles: Iterable[str], count: str) -> None:
	"""One statement, whatever the number; an article may stand in it more than once."""
	numbers: dict[str, int] = {}
	for name in articles:
		numbers[name] = numbers.get(name, 0) + 1
	if not numbers:
		return
	month = site_now().date().replace(day=1)
	table = frappe.qb.DocType(FIGURE)
	for number in sorted({*numbers.values()}):
		rows = [
			(_fingerprint(name, cstr(month))[:20], name, month, *(number if one == count else 0 for one in COUNTS))
			for name, found in sorted(numbers.items())
			if found == number
		]
		columns = ("name", "article", "month", *COUNTS)
		(
			frappe.qb.into(table)
			.columns([*bulk.STAMPS, *columns])
			.insert(*bulk.stamped(FIGURE, columns, rows))
			.on_duplicate_key_update(table[count], table[count] + number)
			.on_duplicate_key_update(table.modified, site_now())
		).run()


def _first(what: str, article: str, who: str) -> bool:
	"""Whether this is done for the first time within a day."""
	key = frappe.cache.make_key(f"ops_knowledge:{_fingerprint(what, article, who)}")
	try:
		return bool(frappe.cache.set(key, 1, nx=True, ex=DAY))
	except RedisError:
		return True


def _form(key: str) -> str:
	return _fingerprint("form", key)[:32]


def _fingerprint(*parts: Any) -> str:
	return hashlib.sha256("\n".join(map(cstr, parts)).encode()).hexdigest()
