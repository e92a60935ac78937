"""The clocks of records planned anew outside of their saves; what fails is noted and holds up no other."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import planning as clocks


def refresh_each(doctype: str, names: Iterable[str]) -> int:
	"""Plan the clocks of records anew, each committed by itself, and note those that fail; how many records changed."""
	done = 0
	for name in names:
		done += refresh(doctype, name)
		frappe.db.commit()
	return done


def refresh(doctype: str, name: str, reason: str = "") -> int:
	"""Plan the clocks of a record anew; whether anything changed. 0, noted for the administrator, where that fails."""
	frappe.db.savepoint("ops_followed")
	try:
		return clocks.refresh(doctype, name, reason)
	except Exception:
		frappe.db.rollback(save_point="ops_followed")
		clock_failures.note(doctype, name)
		return 0
