"""The whole health of a site – the engine's and what it stands on – and its traffic light for the administrator's home."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.engine import health, surroundings

KEY, SECONDS = "ops_delivery_health_light", 120
RED, YELLOW, GREEN = "red", "yellow", "green"


def look() -> dict[str, Any]:
	"""services.engine.health.status with what services.engine.surroundings adds; the light follows."""
	found = health.status()
	found["messages"] += surroundings.messages()
	found["advice"] += surroundings.advice()
	found["ok"] = not found["messages"]
	frappe.cache.set_value(KEY, _light(found), expires_in_sec=SECONDS)
	return found


def now() -> dict[str, Any]:
	"""{color, wrong, better}: how many things are wrong, and how many could be better; kept for two minutes for the whole site."""
	kept = frappe.cache.get_value(KEY, expires=True)
	return kept or _light(look())


def _light(found: dict[str, Any]) -> dict[str, Any]:
	wrong, better = len(found["messages"]), len(found["advice"])
	return {"color": RED if wrong else YELLOW if better else GREEN, "wrong": wrong, "better": better}
