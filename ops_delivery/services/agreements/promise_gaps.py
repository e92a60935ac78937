"""Priorities that a matrix gives and an agreement promises nothing for: such a request has no clock at all (6.3.a, 6.3.d)."""

from __future__ import annotations

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from ops_delivery.services.agreements import versions as agreements

DOCTYPE = "Priority Matrix"


def of_matrix(doc) -> list[dict[str, str | list[str]]]:
	"""Of a matrix (also an unsaved one), the agreements in force by it that promise nothing for some of its priorities:
	{agreement, title, priorities}, those of the most urgent first."""
	order = [row.priority for row in doc.priorities if row.priority]
	given = {row.priority for row in doc.cells if row.priority}
	return _gaps([(name, title) for name, title, _matrix in _in_force(doc.name)], [p for p in order if p in given])


def brought_by(doc) -> list[str]:
	"""What saving this matrix would leave unmeasured and what it does not leave so today, as plain sentences."""
	before = frappe.get_doc(DOCTYPE, doc.name) if doc.name and frappe.db.exists(DOCTYPE, doc.name) else None
	known = {(row["agreement"], one) for row in of_matrix(before) for one in row["priorities"]} if before else set()
	found = []
	for row in of_matrix(doc):
		new = [one for one in row["priorities"] if (row["agreement"], one) not in known]
		if new:
			found.append(_sentence(row["agreement"], row["title"], new))
	return found


def say(doc) -> None:
	"""validate of a matrix: name the agreements that promise nothing for what it gives now. The save goes through."""
	lines = brought_by(doc)
	if lines:
		frappe.msgprint(
			"<br>".join(escape_html(line) for line in lines)
			+ "<br>"
			+ _("Give them targets by an amendment, or choose another priority in the matrix."),
			title=_("Nothing is promised"),
			indicator="orange",
		)


def messages() -> list[str]:
	"""For the health: the same of every agreement in force."""
	by_matrix: dict[str, list[tuple[str, str]]] = defaultdict(list)
	for name, title, matrix in _in_force():
		by_matrix[matrix].append((name, title))
	found = []
	for matrix in sorted(by_matrix):
		doc = frappe.get_cached_doc(DOCTYPE, matrix)
		given = {row.priority for row in doc.cells}
		order = [row.priority for row in doc.priorities if row.priority in given]
		found += [_sentence(row["agreement"], row["title"], row["priorities"]) for row in _gaps(by_matrix[matrix], order)]
	return found


def _sentence(name: str, title: str, priorities: list[str]) -> str:
	return _("{0} ({1}) promises nothing for {2}: such a request has no clock.").format(
		title, name, ", ".join(_(one) for one in priorities)
	)


def _in_force(matrix: str | None = None) -> list[tuple[str, str, str]]:
	"""(name, title, matrix) of the agreements that rule today."""
	agreement = frappe.qb.DocType("Service Agreement")
	query = (
		frappe.qb.from_(agreement)
		.select(agreement.name, agreement.title, agreement.priority_matrix)
		.where(
			(agreement.docstatus == 1)
			& agreement.status.isin(agreements.IN_FORCE)
			& agreements.rules_on(agreement, getdate())
			& (agreement.priority_matrix != "")
		)
		.orderby(agreement.name)
	)
	return list((query.where(agreement.priority_matrix == matrix) if matrix else query).run())


def _gaps(found: list[tuple[str, str]], priorities: list[str]) -> list[dict[str, str | list[str]]]:
	target = frappe.qb.DocType("Service Agreement Target")
	promised = set(
		(
			frappe.qb.from_(target)
			.select(target.parent, target.priority)
			.distinct()
			.where(target.parent.isin([name for name, _title in found] or [""]) & (target.target > 0))
		).run()
	)
	return [
		{"agreement": name, "title": title, "priorities": gaps}
		for name, title in found
		if (gaps := [one for one in reversed(priorities) if (name, one) not in promised])
	]
