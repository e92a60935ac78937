"""Machines that report by themselves, and the form of a source (6.2.b). docs/monitoring.md describes what machines send."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import open_to_all, staff_only
from ops_delivery.services.monitoring import door, metrics, sources

BY_TOKEN = "machines have no user: the token of a Monitoring Source is asked for, and says for which objects it may speak"


@frappe.whitelist(allow_guest=True, methods=["POST"])
@open_to_all(BY_TOKEN)
def readings() -> dict[str, Any]:
	"""Readings, JSON or CSV, in the body; the answer to each line."""
	return door.receive(door.READINGS)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@open_to_all(BY_TOKEN)
def alerts() -> dict[str, Any]:
	"""Alerts, Alertmanager's webhook or plain JSON, in the body; the answer to each."""
	return door.receive(door.ALERTS)


@frappe.whitelist(methods=["POST"])
@staff_only
def new_token(name: str) -> str:
	"""Make a token, which is shown now and never again."""
	return sources.new_token(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def try_message(name: str, kind: str, text: str, is_csv: bool = False) -> dict[str, Any]:
	"""What a message would do, without doing it."""
	return door.try_message(name, kind, text, is_csv)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def steps(manual: str) -> list[str]:
	"""The titles of a manual's steps, as the table of metrics offers them."""
	frappe.get_doc(metrics.MANUAL, manual).check_permission("read")
	return [step.step for step in metrics.steps_of(manual).values()]
