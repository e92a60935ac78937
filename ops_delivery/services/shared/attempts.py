"""A step that may fail and must stop nothing else: in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import cstr, strip_html

SAVEPOINT = "ops_attempt"
MOST_SAID = 500


def attempt(step: Callable[[], Any]) -> str:
	"""Take a step in a savepoint of its own; "" or why it failed, in plain text. What failed is taken back, with what it said to
	the person. A deadlock has ended the whole transaction, and is raised."""
	said = list(frappe.local.message_log)
	frappe.db.savepoint(SAVEPOINT)
	try:
		step()
	except frappe.QueryDeadlockError:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.local.message_log = said
		kind = "" if isinstance(error, frappe.ValidationError) else type(error).__name__
		return ": ".join(filter(None, (kind, strip_html(cstr(error)).strip())))[:MOST_SAID] or type(error).__name__
	return ""
