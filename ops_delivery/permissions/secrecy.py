"""The rule of security classes on a site: who may do what with a deliverable of a class (8.2.c.2).

One rule, asked by lists, documents, files, prints, mails and pages. Administrator alone is outside of it, like of every rule.
What the classes say is kept per process under the stamp of the switches: asking costs no query once it is warm.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn
from frappe.utils import cint, cstr

from ops_delivery.domain.deliverables import secrecy
from ops_delivery.permissions import switches

CLASS, GRANT, READER, DELIVERABLE = "Service Security Class", "Security Class Grant", "Deliverable Reader", "Deliverable"
ADMINISTRATOR = "Administrator"
UNKNOWN = secrecy.SecrecyRule()


def rules() -> Mapping[str, secrecy.SecrecyRule]:
	"""What each class says, this transaction's own changes included; nothing while apps come or are patched."""
	return {} if switches.rests() else _load(frappe.local.site, switches.stamp())


def rule_of(security_class: str | None) -> secrecy.SecrecyRule:
	"""What a class says; of one that is not there nobody may do anything."""
	if not security_class or switches.rests():
		return secrecy.NOT_CLASSED
	return rules().get(security_class, UNKNOWN)


def forget_kept() -> None:
	"""Drop what this process keeps."""
	_load.cache_clear()


def read(doc: Any) -> secrecy.SecrecyRule:
	"""What a class says as a document has it, saved or not."""
	return _rule(doc, doc.get("grants") or ())


def acts(doc: Any, user: str) -> frozenset[str]:
	"""What a user of the supplier's side may do with a deliverable, as far as its class says."""
	rule = rule_of(doc.get("security_class"))
	if not rule.restricted or user == ADMINISTRATOR:
		return secrecy.EVERYTHING
	return rule.allowed(frappe.get_roles(user), parts(doc, user))


def parts(doc: Any, user: str) -> set[str]:
	"""In which parts a user is named on a deliverable."""
	found = {part for part, field in secrecy.PERSONS.items() if user and doc.get(field) == user}
	return found | {secrecy.READERS} if user and any(row.user == user for row in doc.get("readers") or ()) else found


def on_portal(doc: Any, user: str, file: bool = False) -> bool:
	"""Whether the class shows a deliverable, or its files, to a user of its customer; whose it is, others say."""
	rule = rule_of(doc.get("security_class"))
	if file and not rule.portal_files:
		return False
	return rule.portal == secrecy.ALL_OF_CUSTOMER or (rule.portal == secrecy.NAMED and secrecy.READERS in parts(doc, user))


def listed(table: Any, act: str, user: str) -> Criterion | None:
	"""The Deliverables of `table` with which a user of the supplier's side may do something; None for all of them."""
	if user == ADMINISTRATOR or not (closed := closed_to(act, user)):
		return None
	found = fn.Coalesce(table.security_class, "").notin(sorted(closed))
	for part, field in secrecy.PERSONS.items():
		if named := sorted(name for name, rule in closed.items() if act in rule.by_parts({part})):
			found |= table.security_class.isin(named) & (fn.Coalesce(table[field], "") == user)
	if named := sorted(name for name, rule in closed.items() if act in rule.by_parts({secrecy.READERS})):
		found |= table.security_class.isin(named) & table.name.isin(_read_by(user))
	return found


def portal_listed(table: Any, user: str) -> Criterion | None:
	"""The Deliverables of `table` that their class shows to a user of their customer; None for all of them."""
	narrowed = {name: rule for name, rule in rules().items() if rule.portal != secrecy.ALL_OF_CUSTOMER}
	if not narrowed:
		return None
	found = fn.Coalesce(table.security_class, "").notin(sorted(narrowed))
	if named := sorted(name for name, rule in narrowed.items() if rule.portal == secrecy.NAMED):
		found |= table.security_class.isin(named) & table.name.isin(_read_by(user))
	return found


def hidden_names(user: str) -> Any:
	"""The names of the Deliverables that a user of the supplier's side must not open, as a query; None where there is no such class."""
	table = frappe.qb.DocType(DELIVERABLE)
	seen = listed(table, secrecy.OPEN, user)
	return None if seen is None else frappe.qb.from_(table).select(table.name).where(seen.negate())


def closed_to(act: str, user: str) -> dict[str, secrecy.SecrecyRule]:
	"""The classes whose deliverables are not for a user by their roles alone."""
	restricted = {name: rule for name, rule in rules().items() if rule.restricted}
	roles = frappe.get_roles(user) if restricted else ()
	return {name: rule for name, rule in restricted.items() if act not in rule.by_roles(roles)}


def _read_by(user: str) -> Any:
	row = frappe.qb.DocType(READER)
	return frappe.qb.from_(row).select(row.parent).where((row.parenttype == DELIVERABLE) & (row.user == user))


@lru_cache(maxsize=16)
def _load(_site: str, _stamp: str) -> Mapping[str, secrecy.SecrecyRule]:
	kind, row = frappe.qb.DocType(CLASS), frappe.qb.DocType(GRANT)
	grants: dict[str, list[Any]] = {}
	for grant in frappe.qb.from_(row).select("*").where(row.parenttype == CLASS).orderby(row.idx).run(as_dict=True):
		grants.setdefault(grant.parent, []).append(grant)
	return {found.name: _rule(found, grants.get(found.name, ())) for found in frappe.qb.from_(kind).select("*").run(as_dict=True)}


def _rule(found: Any, grants: Any) -> secrecy.SecrecyRule:
	ticks = {field: bool(cint(found.get(field))) for field in ("restricted", "portal_files", "watermark", "unstamped", "encrypted", "logged")}
	return secrecy.SecrecyRule(
		portal=found.get("portal") or secrecy.NOBODY,
		grants=tuple(
			secrecy.Grant(cstr(row.get("who")), cstr(row.get("role")), frozenset(act for act in secrecy.ACTS if cint(row.get(act)))) for row in grants
		),
		**ticks,
	)
