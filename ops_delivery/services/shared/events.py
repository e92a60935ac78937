"""Telling what happened to whoever reacts to it, in the transaction in which it happened."""

from __future__ import annotations

from typing import Any

import frappe

HOOK = "ops_delivery_reactions"


def tell(event: Any) -> None:
	"""Run the reactions to an event of domain/events.py, ours first, then those of other apps in the order of installation.

	A reaction vetoes nothing: what may refuse a step is a rule of the service that owns the step. What can wait is queued
	by the reaction itself, behind the commit.
	"""
	for table in frappe.get_hooks(HOOK):
		for react in frappe.get_attr(table).get(type(event), ()):
			react(event)
