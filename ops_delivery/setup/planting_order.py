"""The seeds in the order of planting: what names another record comes behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.setup import agreement_templates, seed_data, seed_plans


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield "Issue Priority", seed_data.ISSUE_PRIORITIES
	yield "Issue Type", seed_data.ISSUE_TYPES
	yield "Service Calendar", seed_data.CALENDARS
	yield "Service Urgency", seed_data.URGENCIES
	yield "Service Importance", seed_data.IMPORTANCES
	yield "Priority Matrix", seed_data.MATRICES
	yield "Service Commitment", seed_data.COMMITMENTS
	yield "Measured Record Type", seed_data.RECORD_TYPES
	yield "Clock Definition", seed_data.DEFINITIONS
	yield "Escalation Policy", seed_data.POLICIES
	yield "Delivery Plan Template", seed_plans.TEMPLATES
	yield "Service Agreement Template", agreement_templates.records()
