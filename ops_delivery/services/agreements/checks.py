"""Whether an agreement is complete and correct (5.2.a, 5.2.g, 6.3.c): the domain's rules in the words of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import cint, flt, formatdate, getdate

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.durations import format_duration
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.agreements import agreement_file, amounts, file_words, major_terms, promises
from ops_delivery.services.agreements import end_reminders as expiry
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import domain_errors as errors

# by which words the people of an agreement say what escalations they are told of
MANAGER, EXPERT = "Escalation Manager", "Senior Expert"
COLUMNS = {"target": "target", "priority": "priority", "calendar": "calendar", "commitment": "commitment"}


def check(doc) -> None:
	"""Refuse a draft or submission whose content contradicts itself. frappe.ValidationError names field and value."""
	_check_links(doc)
	amounts.check(doc)
	promises.check(doc)
	major_terms.check(doc)
	try:
		Terms.from_dict(agreement_file.file_of(doc))
	except DomainError as error:
		frappe.throw(_in_words(doc, error), title=_("Service Agreement"))
	_check_objects(doc)
	_check_acceptance(doc)
	_check_money(doc)
	_check_renewal(doc)
	agreement_metrics.check(doc)
	expiry.check(doc)


def before_force(doc) -> Iterator[tuple[str, str]]:
	"""What must also be true when both parties are bound, as (field, what to do): the period has not ended, and escalation
	reaches somebody."""
	last = agreements.last_day(doc)
	if last < getdate():
		yield (
			"end_date",
			_("the period ended on {0}. Give the agreement a later end, or make a new one.").format(formatdate(last)),
		)
	yield from _unreached(doc)


def _check_links(doc) -> None:
	"""All of them in one refusal: what was switched off since a draft was saved comes together."""
	if found := list(_link_problems(doc)):
		blank = not doc.calendar or not doc.escalation_policy
		frappe.throw("<br>".join(found), frappe.MandatoryError if blank else frappe.ValidationError)


def _link_problems(doc) -> Iterator[str]:
	if doc.priority_matrix and not frappe.get_cached_value("Priority Matrix", doc.priority_matrix, "enabled"):
		yield _off(frappe.bold(_(doc.meta.get_label("priority_matrix"), context=doc.doctype)), doc.priority_matrix)
	for row in doc.targets:
		if row.calendar and not frappe.get_cached_value("Service Calendar", row.calendar, "enabled"):
			where = _("{0}, row {1}").format(_("Targets", context="Ops Delivery"), row.idx)
			yield _off(frappe.bold(where), row.calendar)
	for fieldname, doctype in (("calendar", "Service Calendar"), ("escalation_policy", "Escalation Policy")):
		name = doc.get(fieldname)
		label = frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
		if not name:
			yield _("{0} is missing. Choose one.").format(label)
		elif not versions.current(doctype, name):
			yield _("{0}: {1} has never been saved with hours or steps. Open and save it first.").format(
				label, frappe.utils.escape_html(name)
			)
		elif not frappe.get_cached_value(doctype, name, "enabled"):
			yield _off(label, name)


def _off(where: str, name: str) -> str:
	return _("{0}: {1} is switched off. Choose another one, or switch it on.").format(
		where, frappe.bold(frappe.utils.escape_html(name))
	)


def _check_objects(doc) -> None:
	if not doc.covers_all_objects and not doc.objects:
		frappe.throw(
			_("{0}: name at least one object, or tick {1}.").format(
				frappe.bold(_("Objects")), _("Covers every object of the customer")
			)
		)
	names = [row.service_object for row in doc.objects]
	owners = dict(
		frappe.get_all(
			"Service Object",
			filters={"name": ["in", names]},
			fields=["name", "customer"],
			order_by="name",
			as_list=True,
		)
		if names
		else []
	)
	for row in doc.objects:
		if owners.get(row.service_object) != doc.customer:
			frappe.throw(
				_(
					"Objects, row {0}: {1} belongs to {2}, not to {3}. Choose an object of this customer."
				).format(
					row.idx,
					frappe.bold(row.object_name or row.service_object),
					owners.get(row.service_object),
					doc.customer,
				)
			)
		if names.count(row.service_object) > 1:
			frappe.throw(
				_("Objects, row {0}: {1} is listed twice.").format(
					row.idx, row.object_name or row.service_object
				)
			)


def _check_acceptance(doc) -> None:
	if not doc.allow_deemed_acceptance:
		return
	if (doc.deemed_after_days or 0) < 1:
		frappe.throw(
			_("{0}: {1} is less than one working day. Give the customer time to answer.").format(
				frappe.bold(_("After working days")), doc.deemed_after_days or 0
			)
		)
	if (doc.deemed_notices or 0) < 2:
		frappe.throw(
			_("{0}: {1} is less than two. Deemed acceptance needs at least two notices.").format(
				frappe.bold(_("And at least notices")), doc.deemed_notices or 0
			)
		)


def _check_money(doc) -> None:
	"""An amount is nothing without its currency, whether it stands there or comes out of a formula."""
	formulas = any((row.reward_formula or row.penalty_formula or "").strip() for row in doc.metrics)
	if not doc.currency and (flt(doc.fee) or formulas or (doc.result_formula or "").strip()):
		frappe.throw(
			_("{0} is missing: {1} has no meaning without it. Choose one.").format(
				frappe.bold(_("Currency", context="Ops Delivery")),
				_("the fee of {0}").format(flt(doc.fee)) if flt(doc.fee) else _("what the formulas give"),
			),
			frappe.MandatoryError,
		)
	if not 0 <= flt(doc.penalty_cap) <= 100:
		frappe.throw(
			_("{0}: {1} is not a share of the fee. Enter 0 to 100 percent.").format(
				frappe.bold(_("Penalties at most")), flt(doc.penalty_cap)
			)
		)


def _check_renewal(doc) -> None:
	if not doc.docstatus and doc.renewed_until and getdate(doc.end_date) >= getdate(doc.renewed_until):
		doc.renewed_until = None  # an amendment that says a later end has that one
	if not doc.auto_renew:
		return
	if cint(doc.renewal_months) < 1:
		frappe.throw(
			_("{0}: by how many months does the agreement renew itself? Enter at least 1.").format(
				frappe.bold(_("By months"))
			)
		)
	length = (getdate(doc.end_date) - getdate(doc.start_date)).days
	if cint(doc.renewal_notice_days) > length:
		frappe.throw(
			_("{0}: {1} days are longer than the agreement itself, {2} days.").format(
				frappe.bold(_("Objection until days before the end")), doc.renewal_notice_days, length
			)
		)


def _unreached(doc) -> Iterator[tuple[str, str]]:
	"""A policy that escalates to managers or experts needs them named (6.3.c, 6.3.e.3): each part once, with its steps."""
	if not doc.escalation_policy or not versions.current("Escalation Policy", doc.escalation_policy):
		return
	policy = policies.current(doc.escalation_policy)
	named: dict[str, int] = {}
	for row in doc.contacts:
		if row.user:
			named[row.contact_role] = min(row.level or 1, named.get(row.contact_role, 99))
	lacking: dict[str, list[tuple[int, str]]] = {}
	for key, action in policy.actions.items():
		level = max(1, int(action.get("contact_level") or 1))
		for flag, part in (("notify_managers", MANAGER), ("notify_experts", EXPERT)):
			wanted = action.get(flag) or action.get("reassign_to") == part
			if wanted and named.get(part, 99) > level:
				lacking.setdefault(part, []).append((level, key))
	for part, found in lacking.items():
		yield (
			"contacts",
			_(
				"{0} of {1} escalates to {2}, level {3} or lower, but the agreement names none. Add a person, or choose another policy."
			).format(
				", ".join(_(key, context="Escalation Step") for _level, key in found),
				doc.escalation_policy,
				_(part, context="Service Agreement Contact"),
				min(level for level, _key in found),
			),
		)


def _in_words(doc, error: DomainError) -> str:
	path = error.context.get("field") or ""
	value = frappe.utils.escape_html(str(error.context.get("value", "")))
	found = re.match(r"targets\[(\d+)\]", path)
	row = doc.targets[int(found.group(1))] if found else None
	if row:
		where = _("Targets, row {0} ({1}, {2})").format(
			row.idx, _(row.commitment, context="Service Commitment"), _(row.priority)
		)
	else:
		where = file_words.where(doc, path)
	template = {
		"response_longer_than_resolution": _(
			"the response target {value} is longer than the resolution target. Shorten the one or lengthen the other."
		),
		"restore_longer_than_resolution": _(
			"the target to restore, {value}, is longer than the resolution target: what is resolved works again. Shorten the one or lengthen the other."
		),
		"duplicate_target": _("this commitment and priority are promised twice. Remove one of the rows."),
		"unknown_priority": _(
			"the priority {value} is not in the order of priorities of the matrix. Choose another one, or add it to the matrix."
		),
		"bad_duration": _("a target must be longer than zero."),
		"period_reversed": _("the end {value} lies before the start."),
		"no_targets": _("the agreement promises nothing. Add a target."),
	}.get(error.code)
	if not template:
		return errors.message(error) if errors.has_words(error) else file_words.unfit(doc, path, error.context.get("value"))
	if error.code.endswith("_longer_than_resolution") and row:
		value = format_duration(int(row.target))
	return f"{frappe.bold(where)}: {template.format(value=frappe.bold(value))}"
