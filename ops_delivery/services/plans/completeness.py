"""Which item of clause 5.2 a Delivery Plan does not answer yet (5.2.a–i)."""

from __future__ import annotations

from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, format_date, getdate

from ops_delivery.domain import raci as duty_rules
from ops_delivery.domain.states import SECURED
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.plans import from_agreement as plan_agreement
from ops_delivery.services.plans import sentences as plan_words

AGREED = ("Timetable", "Staffing")  # 5.2.i
NO_MANUAL_NEEDED = ("", "Management and Reporting")


@dataclass
class Item:
	"""One item of the clause: what is missing before review, and what only before approval. Escaped, translated."""

	clause: str
	title: str
	missing: list[str] = field(default_factory=list)
	before_approval: list[str] = field(default_factory=list)

	@property
	def answered(self) -> bool:
		"""Whether nothing is missing."""
		return not self.missing and not self.before_approval


def check(doc) -> list[Item]:
	"""Every item of 5.2 with what the plan still owes to it."""
	activities = _activities(doc)
	return [
		_agreement(doc),
		_timetable(activities),
		_money(doc),
		_staff(doc),
		_tools(doc),
		_documents(doc, activities),
		_assessment(doc),
		_security(doc),
		_consensus(doc),
	]


def require(doc, approval: bool) -> None:
	"""Refuse the step where something is missing, clause by clause."""
	lines = []
	for item in check(doc):
		missing = item.missing + (item.before_approval if approval else [])
		if missing:
			lines.append(f"<li><b>{item.clause} {item.title}</b>: {' '.join(missing)}</li>")
	if lines:
		frappe.throw(
			_("The plan does not answer everything that clause 5.2 asks for:") + f"<ul>{''.join(lines)}</ul>",
			title=_("Plan is not complete"),
		)


def tell_what_approval_needs(doc) -> None:
	"""Whoever asks for the first review is told at once what approval will ask for; reviews can go on meanwhile."""
	lines = [
		f"<li><b>{item.clause} {item.title}</b>: {' '.join(item.before_approval)}</li>"
		for item in check(doc)
		if item.before_approval
	]
	if lines:
		frappe.msgprint(
			_("The plan can be reviewed. Before it is approved there must be:") + f"<ul>{''.join(lines)}</ul>",
			title=_("Before approval"),
			indicator="orange",
		)


def as_dicts(doc) -> list[dict]:
	"""The same for the form and the printed plan."""
	return [
		{
			"clause": item.clause,
			"title": item.title,
			"answered": item.answered,
			"missing": item.missing,
			"before_approval": item.before_approval,
		}
		for item in check(doc)
	]


def _activities(doc) -> list[frappe._dict]:
	if doc.is_new():
		return []
	return frappe.get_all(
		"Delivery Activity",
		filters={"plan": doc.name, "state": ["!=", "Cancelled"]},
		fields=["subject", "service_content", "owner_user", "role", "is_milestone"],
		order_by="planned_start",
		limit=0,
	)


def _agreement(doc) -> Item:
	item = Item("5.2.a", _("Complete, accurate service agreement"))
	if not doc.agreement:
		item.missing.append(_("Name the service agreement that the plan carries out."))
		return item
	row = frappe.db.get_value(
		"Service Agreement", doc.agreement, ["docstatus", "status", *agreements.PERIOD], as_dict=True
	)
	if not row:
		return item
	if row.docstatus != 1:
		item.before_approval.append(
			_("The agreement {0} is {1}: it is not signed by both parties yet.").format(
				frappe.bold(doc.agreement), _(row.status, context="Service Agreement")
			)
		)
	if doc.start_date and doc.end_date and row.start_date and row.end_date:
		last = agreements.last_day(row)
		if getdate(doc.start_date) < getdate(row.start_date) or getdate(doc.end_date) > last:
			item.missing.append(
				_("The plan is not within the agreement's period, {0} to {1}.").format(
					format_date(row.start_date), format_date(last)
				)
			)
	return item


def _timetable(activities) -> Item:
	item = Item("5.2.b", _("Delivery timetable"))
	if not activities:
		item.missing.append(_("Add the activities of the plan."))
		return item
	if not any(row.is_milestone for row in activities):
		item.missing.append(_("Mark at least one activity as a milestone."))
	idle = [escape_html(row.subject) for row in activities if not row.owner_user and not row.role]
	if idle:
		item.missing.append(_("Nobody does: {0}. Name an owner or a role.").format(plan_words.some(idle, 3)))
	return item


def _money(doc) -> Item:
	item = Item("5.2.c", _("Delivery funding"))
	if not any(flt(row.planned_amount) > 0 for row in doc.funds):
		item.missing.append(_("Say what the delivery costs, or which income pays for it."))
	return item


def _staff(doc) -> Item:
	item = Item("5.2.d", _("Qualified managers and specialists"))
	for kind in ("Manager", "Specialist"):
		if not any(row.kind == kind for row in doc.staff):
			item.missing.append(
				_("Name at least one manager.") if kind == "Manager" else _("Name at least one specialist.")
			)
	for row in doc.staff:
		role = frappe.bold(escape_html(row.role or ""))
		if not cstr(row.person_name).strip():
			item.missing.append(_("{0}: who is it?").format(role))
		if not cstr(row.competence_wanted).strip() or not cstr(row.competence_held).strip():
			item.missing.append(_("{0}: say which competence is wanted and which is held.").format(role))
		elif not row.meets:
			item.missing.append(_("{0}: does the person meet what is wanted?").format(role))
		elif row.meets != "Yes" and not cstr(row.gap).strip():
			item.missing.append(_("{0}: say how the gap is closed.").format(role))
	return item


def _tools(doc) -> Item:
	item = Item("5.2.e", _("Supporting tools"))
	if not doc.tools:
		item.missing.append(_("List the tools that the work needs."))
	for row in doc.tools:
		if not row.ready and not row.ready_by:
			item.missing.append(
				_("{0}: ready, or ready by which day?").format(frappe.bold(escape_html(row.tool or "")))
			)
	return item


def _documents(doc, activities) -> Item:
	item = Item("5.2.f", _("Manuals, processes and duties"))
	manuals = {row.service_content or "" for row in doc.documents if row.kind == "Operation Manual"}
	if "" not in manuals:  # one for all of them otherwise
		for content in dict.fromkeys(row.service_content or "" for row in activities):
			if content not in NO_MANUAL_NEEDED and content not in manuals:
				item.missing.append(
					_("There is no operation manual for {0}.").format(frappe.bold(_(content)))
				)
	if not any(row.kind == "Operation Manual" for row in doc.documents) and not item.missing:
		item.missing.append(_("List the operation manuals."))
	if not any(row.kind == "Service Process" for row in doc.documents):
		item.missing.append(_("List the service processes."))
	for row in doc.documents:
		if row.state == "Released" and not (row.link or row.file):
			item.missing.append(
				_("{0} is released: where can it be read?").format(frappe.bold(escape_html(row.title or "")))
			)
	if not doc.duties:
		item.missing.append(_("Say who has which duty."))
	for code, matter, roles in duty_rules.problems_of(plan_words.duties_of(doc.duties)):
		item.missing.append(plan_words.duty_problem(code, matter, roles))
	return item


def _assessment(doc) -> Item:
	item = Item("5.2.g", _("Assessment rules and incentives"))
	if not plan_agreement.assessment_of(doc.agreement) and not cstr(doc.assessment_note).strip():
		item.missing.append(
			_(
				"The agreement names no assessment. Complete the agreement, or say here what is assessed and how."
			)
		)
	return item


def _security(doc) -> Item:
	item = Item("5.2.h", _("Delivery security policy"))
	if not cstr(doc.security_principles).strip():
		item.missing.append(_("Write down the security principles."))
	areas = {row.area for row in doc.security_measures}
	open_areas = [_(area, context="Delivery Plan Security Measure") for area in SECURED if area not in areas]
	if open_areas:
		item.missing.append(_("There is no measure yet for: {0}.").format(", ".join(open_areas)))
	return item


def _consensus(doc) -> Item:
	item = Item("5.2.i", _("Necessary information agreed with customer"))
	kinds = {row.kind for row in doc.consensus}
	open_kinds = [_(kind, context="Delivery Plan Consensus") for kind in AGREED if kind not in kinds]
	if open_kinds:
		item.missing.append(
			_("Note what is to be agreed with the customer on: {0}.").format(", ".join(open_kinds))
		)
	for row in doc.consensus:
		if not row.agreed_on:
			item.before_approval.append(
				_("{0}, row {1}: not agreed yet.").format(_(row.kind, context=row.doctype), row.idx)
			)
	return item
