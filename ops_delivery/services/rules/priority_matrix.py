"""The priority matrix on a site: urgency × importance → priority, and the order of priorities (6.3.d)."""

from __future__ import annotations

import frappe

from ops_delivery.domain.priority import Matrix


def of(doc) -> Matrix:
	"""The domain matrix of a Priority Matrix document. DomainError as Matrix raises."""
	return Matrix.from_rows(
		[(row.urgency, row.importance, row.priority) for row in doc.cells],
		[row.priority for row in doc.priorities],
	)


def load(name: str | None) -> Matrix:
	"""A matrix by name; without one the site's default."""
	name = name or frappe.get_cached_value("Ops Delivery Settings", None, "default_matrix")
	return of(frappe.get_cached_doc("Priority Matrix", name))
