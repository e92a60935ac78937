"""What every save asks for: which types are measured and how, whose rule Issues follow, the rules' latest versions.

Kept per process under a stamp in the cache, so that a request pays for one short look into Redis. Whoever changes
something of it forgets the stamp; a change that Redis missed while it was down is seen after ten minutes at the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import frappe
from frappe.query_builder import functions as fn

from ops_delivery.permissions import switches
from ops_delivery.permissions.switches import BY_CUSTOMER, IN_GROUPS, OURS, THEIRS, forget
from ops_delivery.services.scope.definition_fields import READ
from ops_delivery.services.shared.site_time import site_now

__all__ = ("BY_CUSTOMER", "IN_GROUPS", "OURS", "THEIRS", "asked", "forget", "forget_kept")
VERSIONED = ("Service Calendar", "Escalation Policy")
BEGINNING = ("Escalation Policy",)  # a revision of these holds from its day; a calendar's content says it itself
SWITCHED = (*VERSIONED, "Priority Matrix")


@dataclass(frozen=True)
class Asked:
	"""Read only: every request of this process shares it."""

	measured: Mapping[str, frappe._dict]  # Measured Record Type by DocType, with its enabled `definitions`
	carrying: frozenset[str]  # types of records that carry an activity of a delivery plan out


def asked() -> Asked:
	"""What holds on this site now, this transaction's own changes included."""
	return _load(frappe.local.site, switches.stamp())


def versions() -> Mapping[tuple[str, str], str]:
	"""The latest Rule Version of each calendar and policy, by type and name: asked for where an agreement rules a record."""
	found, next_day = _versions(frappe.local.site, switches.stamp(), None)
	if next_day and site_now().date() >= next_day:
		found, _next_day = _versions(frappe.local.site, switches.stamp(), site_now().date())
	return found


def holds(version):
	"""Whether a Rule Version's day has come, as a condition on its table."""
	return version.holds_from.isnull() | (version.holds_from <= site_now().date())


def off() -> frozenset[tuple[str, str]]:
	"""The calendars, policies and matrices that are switched off, by type and name: asked for where a clock is to start."""
	return _off(frappe.local.site, switches.stamp())


def forget_kept() -> None:
	"""Drop what this process keeps (kept.forget_all)."""
	_load.cache_clear()
	_versions.cache_clear()
	_off.cache_clear()
	switches.forget_kept()


@lru_cache(maxsize=16)
def _load(_site: str, _stamp: str) -> Asked:
	# by the query builder: get_all reads the description of a type first, and this runs with the first save of a process
	if switches.rests():
		rule, plans = frappe.db.get_single_value(switches.SETTINGS, "issue_rule"), True
	else:
		rule, plans = switches.now().rule, switches.now().plans
	ours = rule != THEIRS
	activity = frappe.qb.DocType("Delivery Activity")
	carrying = frappe.qb.from_(activity).select(activity.record_type).distinct().where(activity.record != "")
	return Asked(_measured(ours), frozenset(carrying.run(pluck=True) if plans else ()))


def _measured(ours: bool) -> dict[str, frappe._dict]:
	measured, doctype = frappe.qb.DocType("Measured Record Type"), frappe.qb.DocType("DocType")
	query = (
		frappe.qb.from_(measured)
		.join(doctype)  # the app that a type came with may have been taken away
		.on(doctype.name == measured.document_type)
		.select(measured.star)
		.where(measured.enabled == 1)
		.orderby(measured.document_type)
	)
	if not ours:
		query = query.where(measured.document_type != "Issue")  # never both rules
	types = {row.document_type: frappe._dict(row, definitions=[]) for row in query.run(as_dict=True)}
	definition = frappe.qb.DocType("Clock Definition")
	rows = (
		frappe.qb.from_(definition)
		.select(*(definition[field] for field in READ))
		.where((definition.enabled == 1) & definition.document_type.isin(list(types) or [""]))
		.orderby(definition.name)
	).run(as_dict=True)
	for row in rows:
		types[row.document_type].definitions.append(row)
	return types


@lru_cache(maxsize=16)
def _off(_site: str, _stamp: str) -> frozenset[tuple[str, str]]:
	found = []
	for doctype in SWITCHED:
		table = frappe.qb.DocType(doctype)
		rows = frappe.qb.from_(table).select(table.name).where(table.enabled == 0).orderby(table.name).run(pluck=True)
		found += [(doctype, name) for name in rows]
	return frozenset(found)


@lru_cache(maxsize=16)
def _versions(_site: str, _stamp: str, _day: date | None) -> tuple[dict[tuple[str, str], str], date | None]:
	"""The latest version that holds of each, and the day on which one of them begins that does not yet."""
	version, later = frappe.qb.DocType("Rule Version"), frappe.qb.DocType("Rule Version").as_("later")
	latest = (
		frappe.qb.from_(later)
		.select(later.reference_doctype, later.reference_name, fn.Max(later.revision).as_("revision"))
		.where(later.reference_doctype.isin(VERSIONED) & (later.reference_doctype.notin(BEGINNING) | holds(later)))
		.groupby(later.reference_doctype, later.reference_name)
	)
	rows = (
		frappe.qb.from_(version)
		.join(latest)
		.on(
			(version.reference_doctype == latest.reference_doctype)
			& (version.reference_name == latest.reference_name)
			& (version.revision == latest.revision)
		)
		.select(version.reference_doctype, version.reference_name, version.name)
	).run()
	waiting = (
		frappe.qb.from_(version)
		.select(fn.Min(version.holds_from))
		.where(version.reference_doctype.isin(BEGINNING) & (version.holds_from > site_now().date()))
	).run()
	return {(doctype, name): found for doctype, name, found in rows}, waiting[0][0]
