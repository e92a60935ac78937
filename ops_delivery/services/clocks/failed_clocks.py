"""Clocks that stood still because a condition failed, taken up again when it is written anew (6.3.b)."""

from __future__ import annotations

import frappe
from frappe.utils import cstr

from ops_delivery.services.clocks import refreshing as following
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared import locale as reader


def take_up_later(doc) -> None:
	"""on_update of a Clock Definition that had failed and is written anew: its records are evaluated after the commit."""
	before = doc.get_doc_before_save()
	if not before or not before.get(failing.SINCE) or doc.get(failing.SINCE) or not doc.enabled:
		return
	method, since = "ops_delivery.services.clocks.failed_clocks.take_up", cstr(before.get(failing.SINCE))
	queueing.enqueue_after_commit(method, queue="long", definition=doc.name, since=since)


@reader.in_site_language
def take_up(definition: str, since: str) -> int:
	"""Job: evaluate anew the records whose clocks a definition had set aside, or that changed since then; how many."""
	doctype = frappe.db.get_value("Clock Definition", definition, "document_type")
	return following.refresh_each(doctype, sorted(_left_aside(definition) | _changed(doctype, since)))


def _left_aside(definition: str) -> set[str]:
	return set(
		frappe.get_all(
			"Service Clock",
			filters={"clock_definition": definition, "set_aside": ["is", "set"]},
			pluck="reference_name",
			order_by="reference_name",
		)
	)


def _changed(doctype: str, since: str) -> set[str]:
	names = frappe.get_all(doctype, filters={"modified": [">=", since]}, pluck="name", order_by="name")
	return {cstr(name) for name in names}
