"""Delivery Plan Templates to begin with. Texts are English; they are translated when a plan takes them over."""

from __future__ import annotations

from typing import Any

from ops_delivery.setup.seed_plan_lists import (
	CONSULTING,
	LISTS,
	MANAGEMENT,
	OPTIMIZATION,
	PRINCIPLES,
	RESPONSE,
	ROUTINE,
	SECURITY,
)

CONTENTS = (ROUTINE, RESPONSE, OPTIMIZATION, CONSULTING, MANAGEMENT)


def _activity(
	subject: str, content: str, offset: int, days: int, role: str = "", **more: Any
) -> dict[str, Any]:
	return {
		"subject": subject,
		"service_content": content,
		"offset_days": offset,
		"duration_days": days,
		"role": role,
		**more,
	}


YEAR = "Yearly operation and maintenance"
TAKEOVER = "Takeover of a running service"
VISIT = "Single improvement project"

TEMPLATES: dict[str, dict[str, Any]] = {
	YEAR: {
		"template_name": YEAR,
		"description": "A year of routine, response, optimization and consulting for one customer",
		"activities": [
			_activity("Kick-off with the customer", MANAGEMENT, 0, 3, "Service Delivery Manager", is_milestone=1),
			_activity("Record objects and contacts", MANAGEMENT, 3, 12, "Service Desk", after_rows="1"),
			_activity("Manuals and monitoring in place", ROUTINE, 10, 20, "Technical Expert", after_rows="1"),
			_activity(
				"Service begins", MANAGEMENT, 30, 1, "Service Delivery Manager", after_rows="2, 3", is_milestone=1
			),
			_activity(
				"Weekly inspection",
				ROUTINE,
				31,
				1,
				"Field Engineer",
				frequency="Weekly",
				to_end=1,
				after_rows="4",
			),
			_activity(
				"Monthly health check of the databases",
				ROUTINE,
				31,
				1,
				"Technical Expert",
				frequency="Monthly",
				to_end=1,
				after_rows="4",
			),
			_activity(
				"Request and fault handling",
				RESPONSE,
				31,
				1,
				"Service Desk",
				frequency="Continuously",
				to_end=1,
				after_rows="4",
			),
			_activity("Emergency exercise", RESPONSE, 150, 10, "Technical Expert"),
			_activity(
				"Half-year review with the customer", MANAGEMENT, 178, 5, "Service Delivery Manager", is_milestone=1
			),
			_activity(
				"Capacity and performance analysis", OPTIMIZATION, 185, 20, "Technical Expert", after_rows="9"
			),
			_activity(
				"Improvements from the analysis", OPTIMIZATION, 206, 60, "Technical Expert", after_rows="10"
			),
			_activity("Assessment of the infrastructure", CONSULTING, 270, 30, "Technical Expert"),
			_activity(
				"Consulting report and advice",
				CONSULTING,
				301,
				20,
				"Technical Expert",
				after_rows="12",
				is_milestone=1,
			),
			_activity("Customer satisfaction survey", MANAGEMENT, 320, 15, "Service Desk"),
			_activity(
				"Year-end report and acceptance",
				MANAGEMENT,
				345,
				15,
				"Service Delivery Manager",
				after_rows="11, 13, 14",
				is_milestone=1,
			),
		],
		**LISTS,
	},
	TAKEOVER: {
		"template_name": TAKEOVER,
		"description": "Ninety days from the signature to normal operation, taking over from another supplier",
		"activities": [
			_activity(
				"Kick-off with customer and former supplier",
				MANAGEMENT,
				0,
				2,
				"Service Delivery Manager",
				is_milestone=1,
			),
			_activity(
				"Accounts, badges and confidentiality", MANAGEMENT, 2, 8, "Service Delivery Manager", after_rows="1"
			),
			_activity("Inventory on site", ROUTINE, 3, 14, "Field Engineer", after_rows="1"),
			_activity(
				"Know-how sessions with the former supplier",
				CONSULTING,
				10,
				20,
				"Technical Expert",
				after_rows="2",
			),
			_activity("Monitoring and tools set up", ROUTINE, 17, 14, "Technical Expert", after_rows="3"),
			_activity("Manuals written and reviewed", ROUTINE, 24, 21, "Technical Expert", after_rows="4"),
			_activity("Working side by side", RESPONSE, 45, 21, "Service Desk", after_rows="5, 6"),
			_activity(
				"Responsibility passes", MANAGEMENT, 66, 1, "Service Delivery Manager", after_rows="7", is_milestone=1
			),
			_activity("Heightened attention", RESPONSE, 67, 20, "Service Desk", after_rows="8"),
			_activity(
				"Takeover report and acceptance",
				MANAGEMENT,
				87,
				3,
				"Service Delivery Manager",
				after_rows="9",
				is_milestone=1,
			),
		],
		**LISTS,
	},
	VISIT: {
		"template_name": VISIT,
		"description": "One improvement from analysis to trial run, with its reviews",
		"activities": [
			_activity("Current state and figures", OPTIMIZATION, 0, 7, "Technical Expert"),
			_activity(
				"Proposal reviewed", OPTIMIZATION, 7, 5, "Technical Expert", after_rows="1", is_milestone=1
			),
			_activity(
				"Implementation plan with the way back",
				OPTIMIZATION,
				12,
				7,
				"Technical Expert",
				after_rows="2",
			),
			_activity("Rehearsal of the way back", OPTIMIZATION, 19, 3, "Field Engineer", after_rows="3"),
			_activity(
				"Implementation in the window",
				OPTIMIZATION,
				22,
				2,
				"Field Engineer",
				after_rows="4",
				is_milestone=1,
			),
			_activity("Trial run", OPTIMIZATION, 24, 14, "Service Desk", after_rows="5"),
			_activity(
				"Change and release report",
				OPTIMIZATION,
				38,
				3,
				"Technical Expert",
				after_rows="6",
				is_milestone=1,
			),
		],
		"security_principles": PRINCIPLES,
		"security_measures": SECURITY,
	},
}
