"""What a choice of switches means, counted before it is saved: Issues, SLAs, clocks, customers, pages."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn

from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions import switches
from ops_delivery.permissions.switches import (
	AGREED,
	EVERYBODY,
	IN_FORCE,
	IN_GROUPS,
	MESSAGES,
	NOBODY,
	OURS,
	PORTAL,
	RULE,
	THEIRS,
	Switches,
)
from ops_delivery.services.clocks import takeover

NAMED = 5  # SLAs and groups that are named; of more only the number is told


def preview(settings: Any) -> dict[str, Any]:
	"""What saving these settings (a document) would do: {changes: whether anything switches, lines: plain sentences}.

	A fixed number of queries, however many Issues there are.
	"""
	stored = frappe.get_doc(switches.SETTINGS)
	before, after = switches.read(stored), switches.read(settings)
	changes = _chosen(before) != _chosen(after)
	return {
		"changes": changes,
		"lines": [*_rule(before, after), *_messages(after), *_portal(before, after)],
	}


def _chosen(found: Switches) -> tuple:
	return found.rule, found.messages, found.portal, sorted((k, sorted(v)) for k, v in found.groups.items())


def _rule(before: Switches, after: Switches) -> list[str]:
	open_ones = _count()
	lines = [_("{0} Issues are open.").format(_number(open_ones))]
	ours = _count(_is_ours(after))
	if after.rule == THEIRS:
		lines.append(_("None of them is measured by an agreement."))
	elif after.rule == OURS:
		without = _count(_no_agreement())
		if without:
			lines.append(
				_("{0} have no agreement in force: they lose their ERPNext SLA, and nothing else measures them.").format(
					_number(without)
				)
			)
		lines.append(_slas_off())
	else:
		lines.append(_("{0} are measured by an agreement, {1} stay with ERPNext's SLA.").format(
			_number(ours), _number(open_ones - ours)
		))
	taken = _count(_is_ours(after), _has_sla())
	if taken:
		lines.append(
			_(
				"{0} of them have an ERPNext SLA: it is kept, with deadlines and status, when the Issue is next changed, and given back when you choose ERPNext's SLA again or uninstall."
			).format(_number(taken))
		)
	if (left := _to_give_back(after)) and _chosen(before) != _chosen(after):
		lines.append(_("{0} Issues that were taken over get back what they had.").format(_number(left)))
	if before.rule == OURS and after.rule != OURS and (names := _paused()):
		lines.append(_("These ERPNext SLAs are switched on again: {0}").format(_named(names)))
	return lines


def _messages(after: Switches) -> list[str]:
	if after.messages == NOBODY:
		return [_("No message goes out.")]
	return [_("Messages go out for {0} customers.").format(_number(_customers(after, MESSAGES)))]


def _portal(before: Switches, after: Switches) -> list[str]:
	if after.portal == NOBODY:
		lines = [_("The portal is off: home page, Issue pages, forms and side bar of the website are ERPNext's.")]
		if before.portal != NOBODY:
			lines.append(_("Our entries in the side bar are taken away."))
		return lines
	lines = [_("The portal is there for {0} customers.").format(_number(_customers(after, PORTAL)))]
	if before.portal == NOBODY:
		lines.append(
			_("Their home page and the pages of Issues become ours, and eight entries come into their side bar.")
		)
	return lines


def _slas_off() -> str:
	names = frappe.get_all(
		"Service Level Agreement", filters={"document_type": "Issue", "enabled": 1}, pluck="name", order_by="name"
	)
	if not names:
		return _("No ERPNext SLA for Issue is switched on.")
	return _("These ERPNext SLAs are switched off: {0}").format(_named(names))


def _paused() -> list[str]:
	return frappe.parse_json(frappe.db.get_single_value(switches.SETTINGS, "paused_slas") or "[]")


def _named(names: list[str]) -> str:
	shown = ", ".join(names[:NAMED])
	return shown if len(names) <= NAMED else _("{0} and {1} more").format(shown, len(names) - NAMED)


def _count(*conditions) -> int:
	issue = frappe.qb.DocType("Issue")
	query = frappe.qb.from_(issue).select(fn.Count("*")).where(issue.status.notin(ISSUE_ENDED))
	return query.where(Criterion.all(conditions)).run(pluck=True)[0] if conditions else query.run(pluck=True)[0]


def _has_sla():
	issue = frappe.qb.DocType("Issue")
	return fn.Coalesce(issue.service_level_agreement, "") != ""


def _no_agreement():
	return fn.Coalesce(frappe.qb.DocType("Issue").ops_agreement, "").eq("") & _in_force().negate()


def _in_force():
	"""Whether an agreement of the Issue's customer was in force on the day it came in, as a condition."""
	issue, agreement = frappe.qb.DocType("Issue"), frappe.qb.DocType("Service Agreement")
	last = fn.Coalesce(agreement.termination_date, agreement.renewed_until, agreement.end_date)
	return issue.name.isin(
		frappe.qb.from_(issue)
		.join(agreement)
		.on(agreement.customer == issue.customer)
		.select(issue.name)
		.where(
			(agreement.docstatus == 1)
			& agreement.status.isin(IN_FORCE)
			& (agreement.start_date <= issue.opening_date)
			& (last >= issue.opening_date)
			& issue.status.notin(ISSUE_ENDED)
		)
	)


def _is_ours(found: Switches):
	issue = frappe.qb.DocType("Issue")
	if found.rule == OURS:
		return issue.name.isnotnull()
	if found.rule == THEIRS:
		return issue.name.isnull()
	condition = (fn.Coalesce(issue.ops_agreement, "") != "") | _in_force()
	if found.rule == IN_GROUPS:
		customer = frappe.qb.DocType("Customer")
		of_groups = (
			frappe.qb.from_(customer)
			.select(customer.name)
			.where(customer.customer_group.isin(sorted(found.groups.get(RULE, ())) or [""]))
		)
		condition = condition & issue.customer.isin(of_groups)
	return condition


def _to_give_back(after: Switches) -> int:
	issue, kept = frappe.qb.DocType("Issue"), frappe.qb.DocType(takeover.DOCTYPE)
	stay = frappe.qb.from_(issue).select(issue.name).where(_is_ours(after))
	query = frappe.qb.from_(kept).select(fn.Count("*")).where(kept.state == takeover.TAKEN)
	return query.where(kept.issue.notin(stay)).run(pluck=True)[0]


def _customers(found: Switches, feature: str) -> int:
	chosen = getattr(found, feature)
	if chosen == EVERYBODY:
		return frappe.db.count("Customer")
	if chosen == AGREED:
		return sum(found.has_agreement(customer) for customer in found.agreed)
	groups = sorted(found.groups.get(feature, ()))
	return frappe.db.count("Customer", {"customer_group": ["in", groups or [""]]})


def _number(value: int) -> str:
	return f"{value:,}"
