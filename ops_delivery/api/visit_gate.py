"""The gate of a step on a visit or a remote session: for the supplier's people who may write it."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.visits.types import KINDS

Step = TypeVar("Step", bound=Callable[..., Any])


def for_who_may_write_it(step: Step) -> Step:
	"""For staff who may write the record that `doctype` and `name` say, which is a visit or a session."""

	@functools.wraps(step)
	def asked(doctype: str, name: str, *args: Any, **kwargs: Any) -> Any:
		check_type(doctype)
		frappe.has_permission(doctype, "write", name, throw=True)
		return step(doctype, name, *args, **kwargs)

	return staff_only(asked)  # type: ignore[return-value]


def check_type(doctype: str) -> None:
	"""frappe.PermissionError where a record is neither a visit nor a session."""
	if doctype not in KINDS:
		raise frappe.PermissionError
