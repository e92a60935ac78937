"""What is sent twice – a second tap, a lost answer, six posts at once – makes one record (6.3.j).

The database lets one transaction have the fingerprint of what was sent; the others wait until it is committed and then
find its answer in a row of that name. Where the first one fails the row goes with it, and the next one makes the record.
Nothing of this is in a cache, so it holds while Redis is away.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.query_builder import CustomFunction
from frappe.utils import cstr, get_datetime, now_datetime

from ops_delivery.services.scope import uploads

DOCTYPE = "Service Posting"
DAY = 86400
LONGEST_WAIT = 40  # seconds
MOMENT = 10
_get_lock = CustomFunction("GET_LOCK", ["name", "seconds"])
_release_lock = CustomFunction("RELEASE_LOCK", ["name"])
Called = TypeVar("Called", bound=Callable[..., Any])


def only(
	what: str,
	sent: tuple[Any, ...],
	make: Callable[[], Any],
	seconds: int = DAY,
	still: Callable[[Any], bool] | None = None,
	who: str | None = None,
) -> Any:
	"""What `make` gives (a name, or what JSON can hold); for the same thing sent by the same person within `seconds`
	after that (0: while it was being made), what it gave the first time. `still`: whether that still counts. `who`: the sender where nobody is logged in."""
	name = _fingerprint(what, who or frappe.session.user, sent)
	token, begun = frappe.generate_hash(length=20), now_datetime()
	_wait_for_turn(name)
	table = frappe.qb.DocType(DOCTYPE)
	# a locking write either way, which sees what was committed since this transaction began to read
	(
		frappe.qb.into(table)
		.columns("name", "creation", "modified", "owner", "modified_by", "token")
		.insert(name, begun, begun, "Administrator", "Administrator", token)
		.on_duplicate_key_update(table.name, name)
	).run()
	row = (
		frappe.qb.from_(table).select(table.token, table.result, table.creation).where(table.name == name).for_update()
	).run(as_dict=True)[0]
	if row.token != token and row.result and begun - get_datetime(row.creation) <= timedelta(seconds=seconds):
		result = frappe.parse_json(row.result)
		if not still or still(result):
			return result
	result = make()
	(
		frappe.qb.update(table)
		.set(table.token, token)
		.set(table.result, frappe.as_json(result))
		.set(table.creation, now_datetime())
		.where(table.name == name)
	).run()
	return result


def per_content(seconds: int = MOMENT) -> Callable[[Called], Called]:
	"""For an endpoint that makes something: the same arguments (and files) by the same user within `seconds` are one
	call. Stands below `@frappe.whitelist`."""

	def repeated(function: Called) -> Called:
		signature = inspect.signature(function)
		what = f"{function.__module__}.{function.__qualname__}"

		@functools.wraps(function)
		def call(*args: Any, **kwargs: Any) -> Any:
			bound = signature.bind(*args, **kwargs)
			bound.apply_defaults()
			sent = (sorted(bound.arguments.items()), fingerprints(uploads.sent()))
			return only(what, sent, lambda: function(*args, **kwargs), seconds)

		return call  # type: ignore[return-value]

	return repeated


def fingerprints(files: list[Any] | None) -> list[str]:
	"""What tells one upload (werkzeug) from another: name and content."""
	found = []
	for file in files or []:
		digest = hashlib.sha256(cstr(file.filename).encode())
		digest.update(file.stream.read())
		file.stream.seek(0)
		found.append(digest.hexdigest())
	return found


def purge() -> None:
	"""Daily: forget what was sent longer ago than anything is remembered."""
	frappe.db.delete(DOCTYPE, {"creation": ["<", now_datetime() - timedelta(seconds=DAY)]})


def _wait_for_turn(name: str) -> None:
	"""Whoever comes second waits here until the first has committed or given up.

	A lock of the database's own, by name: rows that are waited for by many, and then are not written after all, end in
	deadlocks.
	"""
	lock = f"ops:{name[:56]}"
	if not frappe.qb.select(_get_lock(lock, LONGEST_WAIT)).run()[0][0]:
		frappe.throw(
			_("The same is being worked on just now. Nothing was saved; look whether it is there, or try again."),
			title=_("Being worked on"),
		)
	held = [lock]

	def release() -> None:
		if held:
			frappe.qb.select(_release_lock(held.pop())).run()

	frappe.db.after_commit.add(release)
	frappe.db.after_rollback.add(release)


def _fingerprint(what: str, who: str, sent: tuple[Any, ...]) -> str:
	text = json.dumps([what, who, sent], default=cstr, sort_keys=True, ensure_ascii=False)
	return hashlib.sha256(text.encode()).hexdigest()
