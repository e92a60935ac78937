"""Delivery Plans: what must hold of a plan on every way in (clauses 5.2.b–i, 5.3.a, 5.4.a)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, flt, format_date, getdate

from ops_delivery.domain import planning
from ops_delivery.domain import raci as duty_rules
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.site_time import site_now

DRAFT, APPROVED, IN_PROGRESS, COMPLETED, CANCELLED = (
	"Draft",
	"Approved",
	"In Progress",
	"Completed",
	"Cancelled",
)
IN_REVIEW = ("Internal Review", "Customer Review")
FIXED = (APPROVED, IN_PROGRESS, COMPLETED)
OVER = (COMPLETED, CANCELLED)
NAMED_AT_MOST = 5  # records named in one message


def fill(doc) -> None:
	"""Before validation: what follows from the agreement, the staff's names and the sums."""
	if doc.agreement and (not doc.customer or not doc.company):
		agreement = frappe.db.get_value(
			"Service Agreement", doc.agreement, ["customer", "company"], as_dict=True
		)
		if agreement:
			doc.customer = doc.customer or agreement.customer
			doc.company = doc.company or agreement.company
	doc.company = doc.company or frappe.defaults.get_user_default("Company")
	doc.owner_user = doc.owner_user or (frappe.session.user if doc.is_new() else None)
	_name_staff(doc)
	doc.budget_total = sum(flt(row.planned_amount) for row in doc.funds if row.kind == "Cost")
	doc.income_total = sum(flt(row.planned_amount) for row in doc.funds if row.kind == "Income")


def validate(doc) -> None:
	"""Refuse a plan that contradicts itself. frappe.ValidationError names field, value and the way out."""
	_check_agreement(doc)
	plan_words.check_period(doc, "start_date", "end_date")
	_check_activities_within(doc)
	_check_money(doc)
	_check_duties(doc)
	_check_consensus(doc)
	reviewed.validate(doc)
	_check_phase(doc)


def on_update(doc) -> None:
	"""What a saved plan passes on: its customer and currency to the activities, the first approved dates."""
	before = doc.get_doc_before_save()
	if before and any(before.get(field) != doc.get(field) for field in ("customer", "currency", "company")):
		table = frappe.qb.DocType("Delivery Activity")
		(
			frappe.qb.update(table)
			.set(table.customer, doc.customer)
			.set(table.currency, doc.currency)
			.set(table.company, doc.company)
			.where(table.plan == doc.name)
		).run()
	if doc.status in FIXED and (not before or before.status not in FIXED):
		_keep_first_approved(doc)
	reviewed.on_update(doc)


def on_trash(doc) -> None:
	"""A plan that was never approved goes with its activities; an approved one is evidence."""
	if doc.approved_on:
		frappe.throw(
			_("{0} was approved on {1} and is kept as evidence. Cancel it instead.").format(
				frappe.bold(frappe.utils.escape_html(doc.title)), format_date(getdate(doc.approved_on))
			)
		)
	frappe.flags.ops_deleting_plan = doc.name
	try:
		for name in frappe.get_all(
			"Delivery Activity", filters={"plan": doc.name}, pluck="name", order_by="creation desc"
		):
			frappe.delete_doc("Delivery Activity", name, force=True)
	finally:
		frappe.flags.ops_deleting_plan = None
	reviewed.on_trash(doc)


def predecessors_of(plan: str, without: str | None = None) -> dict[str, list[str]]:
	"""Activity → the activities it comes after, for a whole plan in one query."""
	link, activity = (
		frappe.qb.DocType("Delivery Activity Predecessor"),
		frappe.qb.DocType("Delivery Activity"),
	)
	found: dict[str, list[str]] = {}
	for name, earlier in (
		frappe.qb.from_(link)
		.join(activity)
		.on((link.parent == activity.name) & (link.parenttype == "Delivery Activity"))
		.select(link.parent, link.activity)
		.where(activity.plan == plan)
		.orderby(link.parent)
		.orderby(link.idx)
	).run():
		if name != without:
			found.setdefault(name, []).append(earlier)
	return found


def _name_staff(doc) -> None:
	for row in doc.staff:
		if row.employee:
			name, user = frappe.db.get_value("Employee", row.employee, ["employee_name", "user_id"]) or (
				None,
				None,
			)
			row.person_name = name or row.person_name
			row.user = user or row.user
		elif row.user:
			row.person_name = frappe.db.get_value("User", row.user, "full_name") or row.person_name


def _check_agreement(doc) -> None:
	if not doc.agreement:
		return
	customer = frappe.db.get_value("Service Agreement", doc.agreement, "customer")
	if customer and customer != doc.customer:
		frappe.throw(
			_(
				"{0}: {1} is an agreement with {2}, not with {3}. Choose another agreement or customer."
			).format(
				frappe.bold(_(doc.meta.get_label("agreement"), context=doc.doctype)),
				doc.agreement,
				customer,
				doc.customer,
			)
		)
	if doc.project:
		own = frappe.db.get_value("Project", doc.project, "customer")
		if own and own != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to {2}, not to {3}. Choose a project of this customer.").format(
					frappe.bold(_(doc.meta.get_label("project"), context=doc.doctype)),
					doc.project,
					own,
					doc.customer,
				)
			)


def _check_activities_within(doc) -> None:
	"""A plan's period may not shrink below its activities."""
	before = doc.get_doc_before_save()
	if not before or (
		getdate(before.start_date) == getdate(doc.start_date)
		and getdate(before.end_date) == getdate(doc.end_date)
	):
		return
	table = frappe.qb.DocType("Delivery Activity")
	outside = (
		frappe.qb.from_(table)
		.select(table.name, table.subject, table.planned_start, table.planned_end)
		.where(
			(table.plan == doc.name)
			& (table.state != planning.CANCELLED)
			& ((table.planned_start < doc.start_date) | (table.planned_end > doc.end_date))
		)
		.orderby(table.planned_start)
		.limit(NAMED_AT_MOST + 1)
	).run(as_dict=True)
	if outside:
		frappe.throw(
			_(
				"{0} to {1} leaves out activities of the plan: {2}. Move them first, or keep a longer period."
			).format(
				frappe.bold(format_date(doc.start_date)),
				frappe.bold(format_date(doc.end_date)),
				plan_words.some(
					[
						f"{frappe.utils.escape_html(row.subject)} ({format_date(row.planned_start)} – {format_date(row.planned_end)})"
						for row in outside
					],
					NAMED_AT_MOST,
				),
			),
			title=_("Activities outside the period"),
		)


def _check_money(doc) -> None:
	if doc.currency:
		return
	for row in doc.funds:
		if flt(row.planned_amount) or flt(row.actual_amount):
			frappe.throw(
				_("{0}, row {1} ({2}): {3} without a currency. Choose the {4} of the plan.").format(
					_("Costs and Income"),
					row.idx,
					frappe.utils.escape_html(row.item or ""),
					flt(row.planned_amount) or flt(row.actual_amount),
					frappe.bold(_(doc.meta.get_label("currency"), context=doc.doctype)),
				),
				title=_("Money without currency"),
			)
	if not doc.is_new() and frappe.db.exists(
		"Delivery Activity", {"plan": doc.name, "budget_cost": [">", 0]}
	):
		frappe.throw(
			_("Activities of the plan have budgets, so the {0} cannot be left out. Choose one.").format(
				frappe.bold(_(doc.meta.get_label("currency"), context=doc.doctype))
			),
			title=_("Money without currency"),
		)


def _check_duties(doc) -> None:
	for row in doc.duties:
		row.matter, row.role = cstr(row.matter).strip(), cstr(row.role).strip()
	for code, matter, roles in duty_rules.problems_of(plan_words.duties_of(doc.duties)):
		if code in duty_rules.CONTRADICTIONS:
			frappe.throw(
				f"{frappe.bold(_('Duties'))}: {plan_words.duty_problem(code, matter, roles)}",
				title=_("Responsibilities"),
			)


def _check_consensus(doc) -> None:
	today = site_now().date()
	for row in doc.consensus:
		where = _("Points of Consensus, row {0}").format(row.idx)
		if bool(cstr(row.agreed_by).strip()) != bool(row.agreed_on):
			frappe.throw(
				_(
					"{0}: say both who agreed for the customer and on which day, or neither while it is open."
				).format(where)
			)
		if row.agreed_on and getdate(row.agreed_on) > today:
			frappe.throw(
				_("{0}: {1} lies in the future. Enter the day on which it was agreed.").format(
					where, frappe.bold(format_date(row.agreed_on))
				)
			)


def _check_phase(doc) -> None:
	"""A plan leaves the draft complete, and ends with its activities ended (5.2, 5.4.a)."""
	before = doc.get_doc_before_save()
	was = before.status if before else DRAFT
	if doc.status == was:
		return
	if doc.status in (*IN_REVIEW, *FIXED) and was in (DRAFT, *IN_REVIEW):
		plan_completeness.require(doc, approval=doc.status in FIXED)
		if was == DRAFT and doc.status in IN_REVIEW:
			plan_completeness.tell_what_approval_needs(doc)
	if doc.status == COMPLETED:
		open_ones = frappe.get_all(
			"Delivery Activity",
			filters={"plan": doc.name, "state": ["not in", planning.OVER]},
			pluck="subject",
			order_by="planned_start",
			limit=NAMED_AT_MOST + 1,
		)
		if open_ones:
			frappe.throw(
				_(
					"The plan cannot be completed while activities are open: {0}. Complete or cancel them."
				).format(plan_words.some([frappe.utils.escape_html(s) for s in open_ones], NAMED_AT_MOST)),
				title=_("Activities still open"),
			)


def _keep_first_approved(doc) -> None:
	if not doc.approved_on:
		doc.db_set("approved_on", site_now(), update_modified=False)
	table = frappe.qb.DocType("Delivery Activity")
	(
		frappe.qb.update(table)
		.set(table.baseline_start, table.planned_start)
		.set(table.baseline_end, table.planned_end)
		.where((table.plan == doc.name) & table.baseline_end.isnull())
	).run()
	plan_work.catch_up(doc.name)
