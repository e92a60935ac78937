"""Rule Versions: immutable snapshots of what an administrator may edit (clause 6.3.b).

A calendar or an escalation policy is edited in place; what records are measured by is a snapshot of it. A snapshot
is never changed, so a figure can be explained years later by exactly the rule that made it.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions import field_levels, steps
from ops_delivery.services.scope import active_rules as every_save

NAME_LENGTH = 140


def publish(doctype: str, name: str, content: dict[str, Any], noted: dict[str, Any] | None = None) -> str:
	"""The Rule Version that holds `content` (plain JSON values): the latest one where it is equal, else a new one.

	A new one is the next revision, named "<name> r<revision>". Going back to earlier content is a new revision too.
	`noted`: what it keeps beside the content (rules/change_reasons.py, noted); a choice that was made is kept in a row of its own.
	"""
	text = canonical(content)
	digest = fingerprint(text)
	latest = _latest(doctype, name, for_update=True)
	if latest and latest.content_hash == digest and not noted:
		return latest.name
	revision = (latest.revision if latest else 0) + 1
	version = frappe.new_doc("Rule Version")
	version.update(
		{
			"name": _free_name(doctype, name, revision),
			"reference_doctype": doctype,
			"reference_name": name,
			"revision": revision,
			"content_hash": digest,
			"content": text,
			**(noted or {}),
		}
	)
	steps.take(version)
	version.flags.name_set = True
	version.insert(ignore_permissions=True, ignore_links=True)
	_remember(version.name)
	return version.name


def current(doctype: str, name: str) -> str | None:
	"""The name of the latest version of a rule, or None where it was never published."""
	if (
		_uncommitted() or doctype not in every_save.VERSIONED
	):  # what is published may be taken back to a savepoint
		latest = _latest(doctype, name, holding=doctype in every_save.BEGINNING)
		return latest.name if latest else None
	return every_save.versions().get((doctype, name))


def refreshed(doctype: str, name: str) -> str | None:
	"""As current(), past the cache: it may have missed a change while Redis was down."""
	every_save.forget()
	return current(doctype, name)


def revision(version: str) -> int:
	"""The revision number of a version."""
	return frappe.db.get_value("Rule Version", version, "revision") or 0


def content(version: str) -> dict[str, Any]:
	"""What a version holds; the caller owns the dictionary. frappe.DoesNotExistError for an unknown version."""
	return json.loads(_text(version))


def as_read(version: Any) -> str:
	"""The text of a Rule Version (document) without the fields of the rule that the session's user may not read by their
	field levels; its fingerprint stays that of the whole."""
	text = version.content
	if not text or not version.reference_doctype or not frappe.db.exists("DocType", version.reference_doctype):
		return text
	fields = field_levels.hidden(version.reference_doctype, [frappe.session.user])
	if not fields:
		return text
	said = json.loads(text)
	for part in (said, said.get("fields")):
		if isinstance(part, dict):
			_take_out(part, fields)
	return canonical(said)


def _take_out(said: dict[str, Any], fields: dict[str, set[str]]) -> None:
	for place, names in fields.items():
		rows = said.get(place) if place else [said]
		for row in rows if isinstance(rows, list) else ():
			if isinstance(row, dict):
				for name in names:
					row.pop(name, None)


def mark_followed(doctype: str, name: str, version: str) -> None:
	"""The clocks of a rule have been planned by this version, and so need no earlier one."""
	table = frappe.qb.DocType("Rule Version")
	(
		frappe.qb.update(table)
		.set(table.followed, 1)
		.where(
			(table.reference_doctype == doctype)
			& (table.reference_name == name)
			& (table.revision <= revision(version))
		)
	).run()


def not_followed(doctype: str) -> list[str]:
	"""Rules whose clocks have not all been planned by a later revision that holds; the first one finds no clocks."""
	table = frappe.qb.DocType("Rule Version")
	query = (
		frappe.qb.from_(table)
		.select(table.reference_name)
		.distinct()
		.where((table.reference_doctype == doctype) & (table.followed == 0) & (table.revision > 1))
		.orderby(table.reference_name)
	)
	return (query.where(every_save.holds(table)) if doctype in every_save.BEGINNING else query).run(pluck=True)


def latest(doctype: str, name: str) -> str | None:
	"""The version published last, also where it does not hold yet."""
	found = _latest(doctype, name)
	return found.name if found else None


def is_latest(doctype: str, name: str, content: dict[str, Any]) -> bool:
	"""Whether `content` is what was published last of a rule, also where that does not hold yet."""
	latest = _latest(doctype, name)
	return bool(latest) and latest.content_hash == fingerprint(canonical(content))


def pending(doctype: str, name: str) -> Any:
	"""The day on which a later revision begins to hold, or None."""
	latest, now = _latest(doctype, name), current(doctype, name)
	if not latest or latest.name == now:
		return None
	return frappe.db.get_value("Rule Version", latest.name, "holds_from")


def is_committed(version: str) -> bool:
	"""False for a version published in this very transaction: it may yet be rolled back, so keep nothing made of it."""
	return version not in _uncommitted()


def canonical(content: dict[str, Any]) -> str:
	"""The one text of a content: equal contents have equal texts."""
	return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1, default=str)


def fingerprint(text: str) -> str:
	"""SHA-256 (hex) of a canonical text."""
	return hashlib.sha256(text.encode()).hexdigest()


def _latest(doctype: str, name: str, for_update: bool = False, holding: bool = False) -> frappe._dict | None:
	table = frappe.qb.DocType("Rule Version")
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.revision, table.content_hash)
		.where((table.reference_doctype == doctype) & (table.reference_name == name))
		.orderby(table.revision, order=frappe.qb.desc)
		.limit(1)
	)
	if holding:
		query = query.where(every_save.holds(table))
	rows = (query.for_update() if for_update else query).run(as_dict=True)
	return rows[0] if rows else None


def _free_name(doctype: str, name: str, revision: int) -> str:
	"""Rules of two types may bear one name, and a name may fill the whole field."""
	suffix = f" r{revision}"
	short = name[: NAME_LENGTH - len(suffix)] + suffix
	if not frappe.db.exists("Rule Version", short):
		return short
	suffix = f" ({doctype}) r{revision}"
	longer = name[: NAME_LENGTH - len(suffix)] + suffix
	if not frappe.db.exists("Rule Version", longer):
		return longer
	return f"{name[:90]} {fingerprint(doctype + name)[:12]} r{revision}"


def _text(version: str) -> str:
	return _stored_text(frappe.local.site, version) if is_committed(version) else _read(version)


def forget_kept() -> None:
	"""Drop what this process keeps (kept.forget_all)."""
	_stored_text.cache_clear()


@lru_cache(maxsize=512)
def _stored_text(site: str, version: str) -> str:
	return _read(version)


def _read(version: str) -> str:
	text = frappe.db.get_value("Rule Version", version, "content")
	if text is None:
		raise frappe.DoesNotExistError(_("There is no rule version {0}.").format(version))
	return text


def _uncommitted() -> set[str]:
	"""Versions published in this transaction."""
	if not hasattr(frappe.local, "ops_uncommitted_versions"):
		frappe.local.ops_uncommitted_versions = set()
	return frappe.local.ops_uncommitted_versions


def _remember(version: str) -> None:
	every_save.forget()
	_uncommitted().add(version)

	def settled():
		_uncommitted().discard(version)

	frappe.db.after_commit.add(settled)
	frappe.db.after_rollback.add(settled)
