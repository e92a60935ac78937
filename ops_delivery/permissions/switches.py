"""What an administrator has switched on, and for whom: the rule of Issues, the messages, the portal.

Installing switches nothing on. Kept per process under a stamp in the cache, as what every save asks for
(services/scope/active_rules.py, which shares the stamp): asking costs no query once it is warm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import functions as fn
from frappe.utils import cint, getdate
from pypika.terms import ExistsCriterion

from ops_delivery.domain.agreement_life import IN_FORCE

SETTINGS = "Ops Delivery Settings"
KEY = "ops_every_save"
LASTS_SECONDS = 600
# whoever began to read before a change was committed may yet keep what was so before; so for a minute nothing is kept for long
CHANGED, SETTLING_SECONDS, SETTLED_AFTER = "ops_every_save_changed", 3, 60

# whose rule measures an Issue
OURS = "Service Agreement"  # every Issue; ERPNext's SLAs for Issue are switched off
BY_CUSTOMER = "By Customer"  # ours where the customer has an agreement in force, ERPNext's for all others
IN_GROUPS = "In Chosen Customer Groups"  # the same, in the groups where the rule is ticked
THEIRS = "ERPNext SLA"

# for whom messages go out, and who has the portal
NOBODY, AGREED, GROUPS, EVERYBODY = (
	"Nobody",
	"Customers with an Agreement",
	"Chosen Customer Groups",
	"All Customers",
)
RULE, MESSAGES, PORTAL = "rule", "messages", "portal"


def minute_job() -> str:
	"""The method of the job of every minute, by which its Scheduled Job Type is known; "" where the app has just left this site."""
	return next(reversed(frappe.get_hooks("ops_delivery_minute_job")), "")


class Agreed(NamedTuple):
	"""An agreement in force: its first and last day, its name, and whether it covers whatever object its customer has."""

	first: date
	last: date
	name: str
	covers_all: bool


@dataclass(frozen=True)
class Switches:
	"""Read only: every request of this process shares it."""

	rule: str = THEIRS
	messages: str = NOBODY
	portal: str = NOBODY
	groups: Mapping[str, frozenset[str]] = field(default_factory=dict)  # feature -> Customer Groups, also those below
	agreed: Mapping[str, tuple[Agreed, ...]] = field(default_factory=dict)  # customer -> its agreements in force, the latest first
	gather_seconds: int = 0  # how long a notice that others may join waits for them
	agreements: bool = False  # whether any agreement was ever submitted here
	used: frozenset[str] = frozenset()  # those of LOOKED_INTO that have a record
	plans: bool = False  # whether any activity of a delivery plan is carried out by another record
	awake: bool = True  # whether the job of every minute runs

	@property
	def measuring(self) -> bool:
		"""Whether any Issue can be ours at all."""
		return self.rule == OURS or (self.rule != THEIRS and self.agreements)

	def has_agreement(self, customer: str | None, day: Any = None) -> bool:
		"""Whether an agreement of the customer is in force on a day (today)."""
		return bool(self.ruling(customer, day))

	def ruling(self, customer: str | None, day: Any = None) -> list[Agreed]:
		"""The customer's agreements in force on a day (today), the one that began last first."""
		there = self.agreed.get(customer or "")
		if not there:
			return []
		on = getdate(day)
		return [one for one in there if one.first <= on <= one.last]

	def in_groups(self, feature: str, customer: str | None) -> bool:
		"""Whether the customer is of a group where the feature is ticked."""
		groups = self.groups.get(feature)
		return bool(groups and customer) and frappe.get_cached_value("Customer", customer, "customer_group") in groups

	def reaches(self, feature: str, customer: str | None) -> bool:
		"""Whether MESSAGES or PORTAL is switched on for a customer."""
		chosen = getattr(self, feature)
		if chosen in (NOBODY, EVERYBODY):
			return chosen == EVERYBODY
		return self.has_agreement(customer) if chosen == AGREED else self.in_groups(feature, customer)


OFF = Switches()
# DocTypes of ours that saves of the host's records look into, once there is a record of them
LOOKED_INTO = (
	*("Service Complaint", "Service Handover", "Service Leftover", "Field Service Sheet", "Remote Support Session", "Deliverable"),
	*("Service Report", "Major Incident Report"),
)


def rests() -> bool:
	"""While apps come, go or are patched: tables may be missing, and nobody works."""
	flags = frappe.local.flags
	return bool(flags.in_install or flags.in_uninstall or flags.in_patch or flags.in_migrate)


def now() -> Switches:
	"""What is switched on on this site, this transaction's own changes included."""
	return OFF if rests() else _load(frappe.local.site, stamp())


def uses(*doctypes: str) -> bool:
	"""Whether there is a record of one of these LOOKED_INTO. No query once it is warm; in doubt there is."""
	return rests() or not now().used.isdisjoint(doctypes)


def note_use(doc: Any, _method: str | None = None) -> None:
	"""doc_events after_insert of LOOKED_INTO: the first record is known at once."""
	if doc.doctype not in now().used:
		forget()


def is_record_ours(doc: Any) -> bool:
	"""Whether a stored Issue is ours: it is ruled by an agreement, or the administrator gave us every Issue."""
	found = now()
	if found.rule in (OURS, THEIRS):
		return found.rule == OURS
	if not doc.get("ops_agreement"):
		return False
	return found.rule != IN_GROUPS or found.in_groups(RULE, doc.get("customer"))


def stamp() -> str:
	"""Stands for the state of what is kept; another one, and it is read again."""
	# asked a dozen times in a save: what this request knows is looked up where Frappe keeps it
	found = frappe.local.cache.get(_kept_at(frappe.local.site)) or frappe.cache.get_value(KEY)
	if not found:
		found = frappe.generate_hash(length=12)
		is_settling = frappe.cache.get_value(CHANGED, expires=True)
		frappe.cache.set_value(KEY, found, expires_in_sec=SETTLING_SECONDS if is_settling else LASTS_SECONDS)
		# else this request would go on finding that there is none, and read everything again with each question
		frappe.local.cache[frappe.cache.make_key(KEY)] = found
	return found


def forget() -> None:
	"""Something of it changes in this transaction: look again now, and once it is settled for all to see."""
	_drop_stamp()
	frappe.db.after_commit.add(_settle)
	frappe.db.after_rollback.add(_drop_stamp)


def forget_kept() -> None:
	"""Drop what this process keeps."""
	_load.cache_clear()


def read(settings: Any) -> Switches:
	"""The switches as a settings document has them, saved or not."""
	rows = settings.get("switch_groups") or []
	groups = {
		feature: frozenset(_with_those_below([row.customer_group for row in rows if cint(row.get(feature))]))
		for feature in (RULE, MESSAGES, PORTAL)
	}
	asleep, plans, agreements, *used = _look()
	return Switches(
		rule=settings.get("issue_rule") or BY_CUSTOMER,
		messages=settings.get("messages_for") or AGREED,
		portal=settings.get("portal_for") or NOBODY,
		groups=groups,
		agreed=_agreed() if agreements else {},
		gather_seconds=_number(settings, "gather_seconds"),
		used=frozenset(doctype for doctype, is_used in zip(LOOKED_INTO, used, strict=True) if is_used),
		plans=bool(plans),
		awake=not asleep,
		agreements=bool(agreements),
	)


@lru_cache(maxsize=16)
def _kept_at(_site: str) -> Any:
	return frappe.cache.make_key(KEY)


def _number(settings: Any, field: str) -> int:
	"""One that came with a newer version, and was never saved here, is its default (Ops Delivery Settings)."""
	value = settings.get(field)
	return cint(frappe.get_meta(SETTINGS).get_field(field).default if value is None else value)


def _drop_stamp() -> None:
	frappe.cache.delete_value(KEY)


def _settle() -> None:
	frappe.cache.set_value(CHANGED, 1, expires_in_sec=SETTLED_AFTER)
	_drop_stamp()


@lru_cache(maxsize=16)
def _load(_site: str, _stamp: str) -> Switches:
	stored = frappe._dict(frappe.db.get_singles_dict(SETTINGS))
	if not {IN_GROUPS, GROUPS} & {stored.issue_rule, stored.messages_for, stored.portal_for}:
		return read(stored)
	row = frappe.qb.DocType("Customer Group Switch")  # not by get_all, which reads a type's description first
	stored.switch_groups = (
		frappe.qb.from_(row)
		.select(row.customer_group, row.rule, row.messages, row.portal)
		.where(row.parent == SETTINGS)
		.orderby(row.idx)
	).run(as_dict=True)
	return read(stored)


def _look() -> list[int]:
	"""Whether the job of every minute sleeps, a record carries an activity out, an agreement was ever submitted, and each of
	LOOKED_INTO has a record: in one query."""
	agreement, activity, job, some = (
		frappe.qb.DocType(name) for name in ("Service Agreement", "Delivery Activity", "Scheduled Job Type", "DocType")
	)
	questions = [
		frappe.qb.from_(job).select(job.name).where((job.method == minute_job()) & (job.stopped == 1)),
		frappe.qb.from_(activity).select(activity.name).where(activity.record != ""),
		frappe.qb.from_(agreement).select(agreement.name).where(agreement.docstatus > 0),
	]
	for doctype in LOOKED_INTO:
		table = frappe.qb.DocType(doctype)
		questions.append(frappe.qb.from_(table).select(table.name))
	query = frappe.qb.from_(some).limit(1)
	return list(query.select(*(ExistsCriterion(question) for question in questions)).run()[0])


def _with_those_below(groups: list[str]) -> list[str]:
	if not groups:
		return []
	group, below = frappe.qb.DocType("Customer Group"), frappe.qb.DocType("Customer Group").as_("below")
	return (
		frappe.qb.from_(group)
		.join(below)
		.on((below.lft >= group.lft) & (below.rgt <= group.rgt))
		.select(below.name)
		.distinct()
		.where(group.name.isin(groups))
	).run(pluck=True)


def _agreed() -> dict[str, tuple[Agreed, ...]]:
	agreement = frappe.qb.DocType("Service Agreement")
	last = fn.Coalesce(agreement.termination_date, agreement.renewed_until, agreement.end_date)
	rows = (
		frappe.qb.from_(agreement)
		.select(agreement.customer, agreement.start_date, last, agreement.name, agreement.covers_all_objects)
		.where((agreement.docstatus == 1) & agreement.status.isin(IN_FORCE) & (last >= agreement.start_date))
		.orderby(agreement.start_date, order=frappe.qb.desc)
		.orderby(agreement.version, order=frappe.qb.desc)
	).run()
	found: dict[str, list[Agreed]] = {}
	for customer, first, last_day, name, covers_all in rows:
		found.setdefault(customer, []).append(Agreed(getdate(first), getdate(last_day), name, bool(covers_all)))
	return {customer: tuple(there) for customer, there in found.items()}
