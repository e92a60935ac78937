"""A Delivery Plan on paper: its activities, responsibilities, money and the agreement's terms, as plain text (5.2)."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cstr, flt, fmt_money, formatdate

from ops_delivery.domain import planning
from ops_delivery.services.plans import from_agreement as plan_agreement
from ops_delivery.services.plans import progress as plan_progress
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now


def ops_plan_paper(doc: Any) -> dict[str, Any]:
	"""Jinja method of the print format: groups of activities with rows of text, and the other tables of the plan."""
	today = site_now().date()
	found = plan_progress.of(doc.name, today)
	approved = doc.status in (*plans.FIXED, plans.COMPLETED)
	return {
		"approved": approved,
		"groups": [
			{
				"title": _(group["service_content"]),
				"rows": [
					_activity(number, row, approved)
					for number, row in enumerate(
						(
							row
							for row in found["activities"]
							if row["service_content"] == group["service_content"]
						),
						start=1,
					)
				],
			}
			for group in found["groups"]
		],
		"progress": _progress(found["totals"]) if approved else [],
		"money": [] if readership.withholds(doc, "funds") else _money(found["money"]),
		"raci": raci(doc),
		"terms": plan_agreement.terms_shown(doc.agreement),
		"today": formatdate(today),
	}


def raci(doc) -> dict[str, Any]:
	"""The responsibilities as roles and rows of letters: {"roles": […], "rows": [[matter, letters, …]]}."""
	duties = plan_words.duties_of(doc.duties)
	roles = list(
		dict.fromkeys([*(cstr(row.role).strip() for row in doc.staff), *(duty.role for duty in duties)])
	)
	roles = [role for role in roles if any(duty.role == role for duty in duties)]
	matters = list(dict.fromkeys(duty.matter for duty in duties))
	letters: dict[tuple[str, str], list[str]] = {}
	for duty in duties:
		letters.setdefault((duty.matter, duty.role), []).append(duty.letter)
	return {
		"roles": roles,
		"rows": [
			[matter, *(" ".join(sorted(letters.get((matter, role), []), key="RACI".index)) for role in roles)]
			for matter in matters
		],
	}


def _activity(number: int, row: dict[str, Any], approved: bool) -> list[str]:
	subject = ("◆ " if row["is_milestone"] else "") + row["subject"]
	planned = formatdate(row["planned_start"])
	if row["planned_end"] != row["planned_start"]:
		planned += f" – {formatdate(row['planned_end'])}"
	cells = [
		str(number),
		subject,
		planned,
		row["owner_name"] or row["role"] or "",
		", ".join(row["after"]),
	]
	if approved:
		share = "" if row["state"] == planning.CANCELLED else f"{flt(row['progress']):.0f} %"
		cells += [" ".join(filter(None, (share, row["words"])))]
	return cells


def _progress(totals: dict[str, Any]) -> list[tuple[str, str]]:
	return [
		(_("Planned by today"), f"{100 * totals['planned']:.0f} %"),
		(_("Done", context="Ops Delivery"), f"{100 * totals['earned']:.0f} %"),
		(_("Activities done"), f"{totals['completed']}/{totals['activities']}"),
		(_("Milestones late"), f"{totals['milestones_late']}/{totals['milestones']}"),
	]


def _money(money: dict[str, Any]) -> list[list[str]]:
	if not money["currency"] or not (money["planned_cost"] or money["planned_income"]):
		return []

	def shown(amount: float | None) -> str:
		return "" if amount is None else fmt_money(amount, currency=money["currency"])

	return [
		[_("Costs"), shown(money["planned_cost"]), shown(money["actual_cost"])],
		[_("Income", context="Ops Delivery"), shown(money["planned_income"]), shown(money["actual_income"])],
	]
