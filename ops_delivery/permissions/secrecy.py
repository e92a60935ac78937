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
# what is handed over by a deliverable and says the same: it bears its own class, that of its deliverable, or both
REPORTS = {"Service Report": ("security_class", "compiler", "owner", "reviewer", "approver"), "Major Incident Report": ("compiler", "owner", "reviewer")}
GUARDED = (DELIVERABLE, *REPORTS)
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
	"""What a user of the supplier's side may do with a deliverable or report, as far as its classes say: what all of them let."""
	found = [] if user == ADMINISTRATOR else bearers(doc)
	narrowing = [rule for each in found if (rule := rule_of(each.get("security_class"))).restricted]
	if not narrowing:
		return secrecy.EVERYTHING
	roles, named = frappe.get_roles(user), parts(doc, user, found)
	return frozenset.intersection(*(rule.allowed(roles, named) for rule in narrowing))


def bearers(doc: Any) -> list[Any]:
	"""What a class may stand on: the document, and of a report the deliverable that hands it over."""
	other = stored(DELIVERABLE, doc.get("deliverable")) if doc.get("doctype") in REPORTS else None
	return [doc, other] if other else [doc]


def stored(doctype: str, name: str | None) -> frappe._dict | None:
	"""What the database has of a deliverable or report, as far as its class asks."""
	fields = ("deliverable", *REPORTS[doctype]) if doctype in REPORTS else ("security_class", "files_protection", *secrecy.PERSONS.values())
	found = frappe.db.get_value(doctype, name, ["name", *fields], as_dict=True) if name else None
	if not found:
		return None
	found.doctype = doctype
	if doctype == DELIVERABLE:
		rule = rule_of(found.security_class)
		if rule.restricted or rule.portal != secrecy.ALL_OF_CUSTOMER:
			found.readers = frappe.get_all(READER, {"parent": found.name, "parenttype": DELIVERABLE}, ["user"])
	return found


def ruled(doc: Any) -> list[tuple[Any, secrecy.SecrecyRule]]:
	"""What bears a class, with what that says."""
	return [(each, rule_of(each.get("security_class"))) for each in bearers(doc)]


def class_that(doc: Any, tick: str) -> str:
	"""The class of a deliverable or report that has a tick (a name of SecrecyRule's); "" where none has."""
	return next((cstr(each.get("security_class")) for each, rule in ruled(doc) if getattr(rule, tick)), "")


def parts(doc: Any, user: str, of: list[Any] | None = None) -> set[str]:
	"""In which parts a user is named on a deliverable; of a report, on it or on its deliverable."""
	named: set[str] = set()
	for each in of or bearers(doc):
		named |= {part for part, field in secrecy.PERSONS.items() if user and each.get(field) == user}
		if user and any(row.user == user for row in each.get("readers") or ()):
			named.add(secrecy.READERS)
	return named


def on_portal(doc: Any, user: str, file: bool = False) -> bool:
	"""Whether the classes show a deliverable or report, or its files, to a user of its customer; whose it is, others say."""
	found = bearers(doc)
	said = [rule_of(each.get("security_class")) for each in found]
	if file and not all(rule.portal_files for rule in said):
		return False
	asked = {rule.portal for rule in said} - {secrecy.ALL_OF_CUSTOMER}
	return not asked or (asked == {secrecy.NAMED} and secrecy.READERS in parts(doc, user, found))


def shut_on_portal(doctype: str | None, name: str | None, user: str) -> bool:
	"""Whether what is stored is a deliverable or report that its class does not show to a user of its customer."""
	found = stored(doctype, name) if doctype in GUARDED else None
	return found is not None and not on_portal(found, user)


def listed(table: Any, act: str, user: str, doctype: str = DELIVERABLE) -> Criterion | None:
	"""The Deliverables (reports) of `table` with which a user of the supplier's side may do something; None for all of them."""
	if user == ADMINISTRATOR or not (closed := closed_to(act, user)):
		return None
	if doctype in REPORTS:
		return Criterion.all([_report_of(table, doctype, name, _namings(table, doctype, rule, act, user)) for name, rule in sorted(closed.items())])
	found = fn.Coalesce(table.security_class, "").notin(sorted(closed))
	for part, field in secrecy.PERSONS.items():
		if named := sorted(name for name, rule in closed.items() if act in rule.by_parts({part})):
			found |= table.security_class.isin(named) & (fn.Coalesce(table[field], "") == user)
	if named := sorted(name for name, rule in closed.items() if act in rule.by_parts({secrecy.READERS})):
		found |= table.security_class.isin(named) & table.name.isin(_read_by(user))
	return found


def portal_listed(table: Any, user: str, doctype: str = DELIVERABLE) -> Criterion | None:
	"""The Deliverables (reports) of `table` that their class shows to a user of their customer; None for all of them."""
	narrowed = {name: rule for name, rule in rules().items() if rule.portal != secrecy.ALL_OF_CUSTOMER}
	if not narrowed:
		return None
	if doctype in REPORTS:
		reads = [fn.Coalesce(table.deliverable, "").isin(_read_by(user))]
		return Criterion.all([_report_of(table, doctype, name, reads if rule.portal == secrecy.NAMED else []) for name, rule in sorted(narrowed.items())])
	found = fn.Coalesce(table.security_class, "").notin(sorted(narrowed))
	if named := sorted(name for name, rule in narrowed.items() if rule.portal == secrecy.NAMED):
		found |= table.security_class.isin(named) & table.name.isin(_read_by(user))
	return found


def hidden_names(user: str, doctype: str = DELIVERABLE) -> Any:
	"""The names of the Deliverables (reports) that a user of the supplier's side must not open, as a query; None where there is no such class."""
	table = frappe.qb.DocType(doctype)
	seen = listed(table, secrecy.OPEN, user, doctype)
	return None if seen is None else frappe.qb.from_(table).select(table.name).where(seen.negate())


def _report_of(table: Any, doctype: str, security_class: str, let_in: list[Criterion]) -> Criterion:
	"""The reports that neither bear a class nor stand for a deliverable of it, and those to which somebody is let in."""
	found = fn.Coalesce(table.deliverable, "").notin(_deliverables("security_class", security_class))
	if "security_class" in REPORTS[doctype]:
		found &= fn.Coalesce(table.security_class, "") != security_class
	return Criterion.any([found, *let_in])


def _namings(table: Any, doctype: str, rule: secrecy.SecrecyRule, act: str, user: str) -> list[Criterion]:
	"""Where somebody is named whom a class lets do something: on the report, or on its deliverable."""
	found = []
	for part, field in secrecy.PERSONS.items():
		if act not in rule.by_parts({part}):
			continue
		found.append(fn.Coalesce(table.deliverable, "").isin(_deliverables(field, user)))
		if field in REPORTS[doctype]:
			found.append(fn.Coalesce(table[field], "") == user)
	if act in rule.by_parts({secrecy.READERS}):
		found.append(fn.Coalesce(table.deliverable, "").isin(_read_by(user)))
	return found


def _deliverables(field: str, value: str) -> Any:
	other = frappe.qb.DocType(DELIVERABLE)
	return frappe.qb.from_(other).select(other.name).where(other[field] == value)


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
