"""Urgency, importance and the matrix that makes a priority of them (clauses 6.3.d, 6.3.d.1, 6.3.d.2)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.priority import Matrix

SCALES = {"urgency": "Service Urgency", "importance": "Service Importance"}


def levels(doctype: str) -> list[str]:
	"""The steps of a scale, lowest first."""
	return frappe.get_all(doctype, pluck="name", order_by=f"`tab{doctype}`.`rank` asc, name asc")


def to_domain(doc) -> Matrix:
	"""The domain matrix of a Priority Matrix document. DomainError as Matrix raises."""
	return Matrix.from_rows(
		[(row.urgency, row.importance, row.priority) for row in doc.cells],
		[row.priority for row in doc.priorities],
	)


def matrix(name: str) -> Matrix:
	"""The domain matrix of that name, from Frappe's document cache."""
	return to_domain(frappe.get_cached_doc("Priority Matrix", name))


def check_matrix(doc) -> None:
	"""Refuse a matrix with a pair of the two scales left out or twice, or a priority outside the order."""
	try:
		to_domain(doc).check_complete(levels("Service Urgency"), levels("Service Importance"))
	except DomainError as error:
		frappe.throw(_matrix_message(doc, error), title=_("Matrix not usable"))


def check_rank(doc) -> None:
	"""Refuse a rank that another step of the same scale has."""
	other = frappe.db.get_value(doc.doctype, {"rank": cint(doc.rank), "name": ["!=", doc.name]}, "name")
	if other:
		frappe.throw(
			_("{0} {1} belongs to {2} already. Give each step a rank of its own, lowest first.").format(
				_label(doc, "rank"), frappe.bold(cint(doc.rank)), frappe.bold(escape_html(_(other)))
			),
			title=_("Rank taken"),
		)


def name_incomplete_matrices(doc) -> None:
	"""Tell whoever adds a step to a scale which matrices have no priority for it yet."""
	fieldname = next(field for field, doctype in SCALES.items() if doctype == doc.doctype)
	cell = frappe.qb.DocType("Priority Matrix Cell")
	complete = frappe.qb.from_(cell).select(cell.parent).where(cell[fieldname] == doc.name)
	matrices = frappe.qb.DocType("Priority Matrix")
	incomplete = (
		frappe.qb.from_(matrices)
		.select(matrices.name)
		.where((matrices.enabled == 1) & matrices.name.notin(complete))
		.orderby(matrices.name)
	).run(pluck=True)
	if incomplete:
		frappe.msgprint(
			_(
				"These matrices have no priority for {0} yet: {1}. Open each and fill in its new cells."
			).format(
				frappe.bold(escape_html(_(doc.name))), ", ".join(escape_html(name) for name in incomplete)
			),
			title=_("Complete the matrices"),
			indicator="orange",
		)


def messages() -> list[str]:
	"""For the health: the matrices that are used and leave a pair of the two scales without a priority."""
	scales = levels("Service Urgency"), levels("Service Importance")
	found = []
	for name in frappe.get_all("Priority Matrix", filters={"enabled": 1}, pluck="name", order_by="name"):
		try:
			matrix(name).check_complete(*scales)
		except DomainError as error:
			sentence = _("{0}: no priority is chosen for {1}. Choose one for every pair.")
			found.append(sentence.format(f"{_('Priority Matrix')} {name}", _pairs(error)))
	return found


def _matrix_message(doc, error: DomainError) -> str:
	context = error.context
	if error.code == "missing_cell":
		missing = _pairs(error)
		return _("{0}: no priority is chosen for {1}. Choose one for every pair.").format(
			_label(doc, "cells"), frappe.bold(escape_html(missing))
		)
	if error.code == "duplicate_cell":
		pair = (context["urgency"], context["importance"])
		rows = ", ".join(str(row.idx) for row in doc.cells if (row.urgency, row.importance) == pair)
		return _("{0}, rows {1}: {2} stands there more than once. Remove all but one.").format(
			_label(doc, "cells"), rows, frappe.bold(escape_html(" × ".join(_(level) for level in pair)))
		)
	if error.code == "duplicate_priority":
		rows = ", ".join(str(row.idx) for row in doc.priorities if row.priority == context["value"])
		return _("{0}, rows {1}: {2} stands there more than once. Remove all but one.").format(
			_label(doc, "priorities"), rows, frappe.bold(escape_html(_(context["value"])))
		)
	if error.code == "unknown_priority":
		row = next(row for row in doc.cells if (row.urgency, row.importance) == context["cell"])
		return _("{0}, row {1}: the priority {2} is not in {3}. Add it there, or choose another.").format(
			_label(doc, "cells"),
			row.idx,
			frappe.bold(escape_html(_(context["value"] or "") or _("(empty)"))),
			_label(doc, "priorities"),
		)
	return escape_html(str(error))


def _pairs(error: DomainError) -> str:
	return ", ".join(f"{_(urgency)} × {_(importance)}" for urgency, importance in error.context["cells"])


def _label(doc, fieldname: str) -> str:
	return frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
