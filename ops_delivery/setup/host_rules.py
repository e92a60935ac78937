"""What our roles may do with the host's records: rules laid over the host's own, and taken away again just as they were.

Frappe has no rules beside a DocType's standard ones: the first Custom DocPerm of a DocType stands in for all of them. So a rule
is laid only where somebody who holds a role of ours could not work by the rules that are there (lay), what stands in for
the standard is noted and made anew after each migrate (follow_standard), and goes at uninstall (withdraw). What an
administrator added, changed or took away stays so. Installing lays nothing: nobody holds a role of ours yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ops_delivery.permissions import switches
from ops_delivery.permissions.role_names import AUDITOR, MANAGER, ROLES, WORKERS
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import install_state as memory

NOTES = "ops_delivery_host_rules"

_READ = ("read", "select")
_LOOK = ("read", "select", "report", "export", "print")
_WORK = (*_LOOK, "write", "create", "email", "share")
NEEDED = frozenset(("select", "read", "write", "create"))  # without these nobody can work; the rest is for comfort

# DocType -> (roles, what they may do)
GRANTS = {
	"Issue": ((WORKERS, _WORK), (ROLES[4:], _LOOK)),
	"Customer": ((ROLES, _READ),),
	"Contact": ((ROLES, _READ),),
	# customers' files hang on messages; whose they are, permissions/messages.py asks
	"Communication": ((ROLES, ("read",)),),
	"Issue Type": ((ROLES, _READ),),
	"Issue Priority": ((ROLES, _READ),),
	"Asset": ((ROLES, _READ),),
	"Item": ((ROLES, ("select",)),),  # which Frappe gives to everybody with the desk, in newer versions
	"Company": ((ROLES, _READ),),
	"Holiday List": (((MANAGER, AUDITOR), _READ),),
	# ERPNext's own Issue form reads them, and says so loudly to whoever may not
	"Support Settings": ((ROLES, ("read",)),),
	"Role": (((MANAGER,), ("select",)),),
	# knowledge passed on with a request (8.4.a.2); who writes articles has Frappe's own roles for it
	"Help Article": ((ROLES, _READ),),
	# what a handover opens (6.3.i)
	"Task": ((WORKERS, _WORK),),
	"Project": (
		((MANAGER, "Technical Expert"), _WORK),
		(("Service Desk", "Field Engineer"), _READ),
	),
}

Pair = tuple[str, str]  # (DocType, role)
Key = tuple[str, int, str]  # role, level, and what it allows


def every_pair() -> set[Pair]:
	"""All that could be laid."""
	return {(doctype, role) for doctype, rules in GRANTS.items() for roles, _rights in rules for role in roles}


def needed() -> set[Pair]:
	"""What those who hold our roles today need beside the rules of the host and of its administrator."""
	user, held = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	ours = frappe.qb.from_(held).select(held.parent).where((held.parenttype == "User") & held.role.isin(ROLES))
	rows = (
		frappe.qb.from_(user)
		.join(held)
		.on((held.parent == user.name) & (held.parenttype == "User"))
		.select(user.name, held.role)
		.where((user.enabled == 1) & user.name.notin(frappe.STANDARD_USERS) & user.name.isin(ours))
	).run()
	roles_of: dict[str, set[str]] = {}
	for name, role in rows:
		roles_of.setdefault(name, set()).add(role)
	notes = _notes()
	combinations = {frozenset(roles) for roles in roles_of.values()}
	return {pair for roles in combinations for pair in _needed_with(roles, notes)}


def follow_user(doc: Any, _method: str | None = None) -> None:
	"""doc_events User.on_update: the first who could not work with a role of ours brings what it takes."""
	held = {row.role for row in doc.get("roles") or ()}
	if held.isdisjoint(ROLES) or not doc.enabled or doc.name in frappe.STANDARD_USERS or switches.rests():
		return
	notes = _notes()
	if missing := _needed_with(held, notes) - _laid(notes):
		lay(missing)


def lay(pairs: Iterable[Pair]) -> None:
	"""Give roles of ours what GRANTS says; a rule that the site has already, or took away from them, is left as it is."""
	notes = _notes()
	for doctype in sorted({doctype for doctype, _role in pairs}):
		_lay(notes, doctype, sorted(role for named, role in pairs if named == doctype))
	_keep(notes)


def refresh() -> None:
	"""After each migrate: what came new with the host or with our roles' holders, and nothing of an administrator's undone."""
	notes = _notes()
	for doctype in sorted(notes):
		if not frappe.db.exists("DocType", doctype):
			del notes[doctype]
			continue
		_lay(notes, doctype, sorted({key[0] for key in notes[doctype]["ours"].values()}))
		follow_standard(doctype, notes[doctype])
	_keep(notes)
	if missing := needed() - _laid(notes):
		lay(missing)


def withdraw(but: Iterable[Pair] = ()) -> None:
	"""Take back the rules of our roles; a DocType whose standard rules alone are left is ruled by them again."""
	notes, stay = _notes(), set(but)
	for doctype in sorted(notes):
		note = notes[doctype]
		leaving = [name for name, key in note["ours"].items() if (doctype, key[0]) not in stay]
		frappe.db.delete("Custom DocPerm", {"name": ["in", leaving or [""]]})
		note["ours"] = {name: key for name, key in note["ours"].items() if name not in leaving}
		if frappe.db.exists("DocType", doctype):
			follow_standard(doctype, note)
		if not note["ours"]:
			if note["copies"]:
				leave_to_standard(doctype)
			del notes[doctype]
		if leaving or doctype not in notes:
			frappe.clear_cache(doctype=doctype)
	_keep(notes)


def leave_to_standard(doctype: str) -> None:
	"""Delete the copies of a DocType's standard rules where there is nothing else."""
	if sorted(_rules("Custom DocPerm", doctype).values()) == sorted(_rules("DocPerm", doctype).values()):
		frappe.db.delete("Custom DocPerm", {"parent": doctype})


def follow_standard(doctype: str, note: dict[str, Any]) -> None:
	"""Make the copies of the standard rules anew where the standard has changed, but for those that somebody edited or
	deleted."""
	if not note["copies"]:
		return  # the site had rules of its own before ours came
	there, standard = _rules("Custom DocPerm", doctype), _rules("DocPerm", doctype)
	untouched = {name for name, key in note["copies"].items() if there.get(name) == key}
	settled = {_of_whom(key) for name, key in note["copies"].items() if name not in untouched}
	settled |= {_of_whom(key) for name, key in there.items() if name not in untouched}
	to_copy = {name: key for name, key in standard.items() if _of_whom(key) not in settled}
	if sorted(to_copy.values()) == sorted(note["copies"][name] for name in untouched):
		return
	frappe.db.delete("Custom DocPerm", {"name": ["in", sorted(untouched) or [""]]})
	kept = {name: key for name, key in note["copies"].items() if name not in untouched}
	note["copies"] = {**kept, **_copy(doctype, to_copy)}
	frappe.clear_cache(doctype=doctype)


def adopt() -> None:
	"""Note what a version that did not note laid: the rules of our roles, and rows that are the standard's to the letter."""
	notes = _notes()
	for doctype in GRANTS:
		there = _rules("Custom DocPerm", doctype)
		ours = {name: key for name, key in there.items() if key[0] in ROLES and not key[1]}
		if doctype in notes or not ours:
			continue
		standard = set(_rules("DocPerm", doctype).values())
		copies = {name: key for name, key in there.items() if name not in ours and key in standard}
		beside = sorted(set(there) - set(ours) - set(copies))
		notes[doctype] = {"ours": ours, "copies": copies, "beside": beside}
	_keep(notes)


def _lay(notes: dict[str, Any], doctype: str, roles: list[str]) -> None:
	there, note = _rules("Custom DocPerm", doctype), notes.get(doctype)
	if note and there.keys().isdisjoint((*note["ours"], *note["copies"], *note["beside"])):
		# somebody went back to the standard, or put other rules in the place of all: begin anew
		roles, note = sorted({*roles, *(key[0] for key in note["ours"].values())}), None
	if not note:
		note = {"ours": {}, "copies": {}, "beside": sorted(there)}
		if not there:
			note["copies"] = _copy(doctype, _rules("DocPerm", doctype))
		notes[doctype] = note
	known = {key[0] for key in (*there.values(), *note["ours"].values()) if not key[1]}
	rights = {role: given for granted, given in GRANTS.get(doctype, ()) for role in granted}
	new = [role for role in roles if role in rights and role not in known]
	note["ours"].update(
		_insert(doctype, [{"role": role, "permlevel": 0, **dict.fromkeys(rights[role], 1)} for role in new])
	)


def _needed_with(roles: Iterable[str], notes: dict[str, Any]) -> set[Pair]:
	"""What a user of the desk with these roles needs beside the rules that are not ours."""
	held, found = {*roles, "All", "Desk User"}, set()
	for doctype, rules in GRANTS.items():
		if held.isdisjoint(role for granted, _rights in rules for role in granted):
			continue
		ours = (notes.get(doctype) or {}).get("ours", {})
		given = {
			right
			for rule in frappe.get_meta(doctype).permissions
			if rule.role in held and not rule.permlevel and not rule.get("if_owner") and rule.name not in ours
			for right in NEEDED
			if rule.get(right)
		}
		if "read" in given:
			given.add("select")
		found |= {
			(doctype, role)
			for granted, rights in rules
			for role in granted
			if role in held and not NEEDED.intersection(rights) <= given
		}
	return found


def _copy(doctype: str, names: Iterable[str]) -> dict[str, Key]:
	"""Custom rows like these of the standard."""
	rows = frappe.get_all("DocPerm", filters={"name": ["in", list(names) or [""]]}, fields=["*"], order_by="idx")
	return _insert(doctype, rows)


def _insert(doctype: str, rows: list[dict[str, Any]]) -> dict[str, Key]:
	"""Written at once: a document for each would drop the caches of its type as often."""
	if not rows:
		return {}
	rights, made = _rights(), {}
	values = []
	for row in rows:
		name = frappe.generate_hash(length=10)
		given = frappe._dict(
			role=row["role"],
			permlevel=row["permlevel"],
			**{right: int(row.get(right) or 0) for right in rights},
		)
		made[name] = _key(given)
		values.append((name, row.get("idx") or 0, doctype, *given.values()))
	bulk.insert("Custom DocPerm", ("name", "idx", "parent", "role", "permlevel", *rights), values)
	frappe.clear_cache(doctype=doctype)
	return made


def _rules(source: str, doctype: str) -> dict[str, Key]:
	rows = frappe.get_all(source, filters={"parent": doctype}, fields=["*"], order_by="idx")
	return {row.name: _key(row) for row in rows}


def _rights() -> list[str]:
	return [field.fieldname for field in frappe.get_meta("Custom DocPerm").fields if field.fieldtype == "Check"]


def _key(row: Any) -> Key:
	return row.role, int(row.permlevel or 0), " ".join(right for right in sorted(_rights()) if row.get(right))


def _of_whom(key: Key) -> tuple[str, int, bool]:
	return key[0], key[1], "if_owner" in key[2].split()


def laid() -> dict[str, list[str]]:
	"""The rules that are laid now: DocType of the host -> our roles that have one there. For the health of the settings."""
	found: dict[str, list[str]] = {}
	for doctype, role in sorted(_laid(_notes())):
		found.setdefault(doctype, []).append(role)
	return found


def _laid(notes: dict[str, Any]) -> set[Pair]:
	return {(doctype, key[0]) for doctype, note in notes.items() for key in note["ours"].values()}


def _notes() -> dict[str, Any]:
	"""DocType -> `ours`, `copies` (of the standard): names with what they allowed; `beside`: names that were there before."""
	notes = memory.recall(NOTES) or {}
	for note in notes.values():
		for kind in ("ours", "copies"):
			note[kind] = {name: tuple(key) for name, key in note[kind].items()}
	return notes


def _keep(notes: dict[str, Any]) -> None:
	if notes or memory.recall(NOTES) is not None:
		memory.remember(NOTES, notes)
