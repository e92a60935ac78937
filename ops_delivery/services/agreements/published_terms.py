"""What a customer was told about the service: channels, service hours and commitments (clauses 6.3.a, 6.3.b)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, getdate

from ops_delivery.domain.calendar import WEEKDAYS
from ops_delivery.permissions import ownership
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.reviews import readership
from ops_delivery.services.rules import calendars
from ops_delivery.services.shared import wording

EXCEPTIONS_AHEAD_DAYS = 60


def for_user(user: str) -> list[dict[str, Any]]:
	"""The agreements in force of the user's customers, as they may be read to the customer."""
	return [announce(doc) for doc in in_force(user)]


def in_force(user: str) -> list[Any]:
	"""The agreements (documents) in force of the customers a user belongs to."""
	customers = ownership.customers_of(user)
	if not customers:
		return []
	agreement = frappe.qb.DocType("Service Agreement")
	names = (
		frappe.qb.from_(agreement)
		.select(agreement.name)
		.where(
			agreement.customer.isin(sorted(customers))
			& (agreement.docstatus == 1)
			& agreement.status.isin(agreements.IN_FORCE)
			& agreements.rules_on(agreement, getdate())
		)
		.orderby(agreement.customer)
		.orderby(agreement.start_date, order=frappe.qb.desc)
	).run(pluck=True)
	return [frappe.get_cached_doc("Service Agreement", name) for name in names]


def announce(doc) -> dict[str, Any]:
	"""One agreement as it may be read to the customer: channels, service hours and commitments in words."""
	doc = readership.as_read(doc)
	used = list(dict.fromkeys(filter(None, [doc.calendar, *(row.calendar for row in doc.targets)])))
	return {
		"title": doc.title,
		"number": doc.agreement_number or doc.name,
		"customer": doc.customer_name or doc.customer,
		"supplier": doc.company,
		"valid_to": wording.day(agreements.last_day(doc)) if doc.end_date else "",
		"text": doc.commitments_text or "",
		"channels": channels_of(doc),
		"hours": [_hours(name) for name in used],
		"commitments": commitments_of(doc, sequence()),
		"deemed": _(
			"A result counts as accepted if you do not answer within {0} working days after we told you at least {1} times."
		).format(doc.deemed_after_days, doc.deemed_notices)
		if doc.allow_deemed_acceptance
		else "",
	}


def channels_of(doc) -> list[dict[str, str]]:
	"""The ways to reach us that an agreement announces: {channel, address, href, hours, note}."""
	return [
		{
			"channel": _(row.channel),
			"address": row.address,
			"href": _href(row.channel, row.address),
			"hours": row.hours or "",
			"note": row.note or "",
		}
		for row in doc.channels
	]


def sequence() -> dict[str, int]:
	"""The order in which commitments are named."""
	return dict(
		frappe.get_all("Service Commitment", fields=["name", "sequence"], order_by="sequence", as_list=True)
	)


def commitments_of(doc, sequence: dict[str, int]) -> dict[str, Any]:
	"""A table: a line a commitment, a column a priority; the priorities in the order of the matrix, highest first."""
	order = [row.priority for row in frappe.get_cached_doc("Priority Matrix", doc.priority_matrix).priorities]
	used = {row.priority for row in doc.targets}
	priorities = [name for name in reversed(order) if name in used] + sorted(used - set(order))
	names = sorted({row.commitment for row in doc.targets}, key=lambda name: (cint(sequence.get(name)), name))
	targets = {(row.commitment, row.priority): row for row in doc.targets}

	def cell(commitment: str, priority: str) -> str:
		row = targets.get((commitment, priority))
		if not row:
			return ""
		text = wording.duration(cint(row.target))
		return f"{text} ({_(row.calendar)})" if row.calendar and row.calendar != doc.calendar else text

	return {
		"priorities": [_(priority) for priority in priorities],
		"rows": [
			{
				"name": _(name, context="Service Commitment"),
				"targets": [cell(name, priority) for priority in priorities],
			}
			for name in names
		],
	}


def _hours(name: str) -> dict[str, Any]:
	"""Service hours in words: "Monday – Friday 09:00–12:00, 13:00–18:00"."""
	doc = frappe.get_cached_doc("Service Calendar", name)
	calendar = calendars.measuring(name).on(getdate())
	days = [
		(index, ", ".join("–".join(window.format()) for window in calendar.week[index]))
		for index in range(7)
		if calendar.week[index]
	]
	lines = []
	for _key, run in groupby(enumerate(days), key=lambda item: (item[1][1], item[1][0] - item[0])):
		run = [item[1] for item in run]
		first, last = _(WEEKDAYS[run[0][0]]), _(WEEKDAYS[run[-1][0]])
		lines.append({"days": first if len(run) == 1 else f"{first} – {last}", "windows": run[0][1]})
	today = getdate()
	ahead = [
		{
			"date": wording.day(row.date),
			"kind": _(row.kind, context=row.doctype),
			"note": cstr(row.note),
		}
		for row in sorted(doc.exceptions, key=lambda row: getdate(row.date))
		if today <= getdate(row.date) <= getdate(add_days(today, EXCEPTIONS_AHEAD_DAYS))
	]
	return {"name": _(doc.calendar_name), "zone": doc.time_zone, "lines": lines, "ahead": ahead}


def _href(channel: str, address: str) -> str:
	address = cstr(address).strip()
	if channel == "Phone":
		return "tel:" + "".join(c for c in address if c.isdigit() or c == "+")
	if channel == "E-mail" and "@" in address:
		return f"mailto:{address}"
	return address if address.startswith(("https://", "http://")) else ""
