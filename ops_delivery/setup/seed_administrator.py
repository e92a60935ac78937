"""The Role Profile of whoever sets this app up: what the administrator's guide takes, and no more. Planted once; then the site's.

Not among them: Service Delivery Manager, who would be asked for reviews and assigned to matters, and any role of accounts,
staff or stock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from ops_delivery.permissions.role_names import AUDITOR

PROFILE = "Ops Delivery Administrator"
ROLES = {
	"System Manager": "our own rules and records, people and roles, forms, workflows, notifications, prints, reports, mail",
	AUDITOR: "reads requests, customers and evidence, so that conditions can be tried on them",
	"Sales Master Manager": "Customer and Customer Group",
	"Script Manager": "Server Script, and reports as a query",
	"Website Manager": "Portal Settings and Web Form",
	"Workspace Manager": "the workspace that everybody sees",
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""As seeds, with the roles that there are here."""
	there = frappe.get_all("Role", filters={"name": ["in", list(ROLES)]}, pluck="name")
	rows = [{"role": role} for role in ROLES if role in there]
	yield "Role Profile", {PROFILE: {"role_profile": PROFILE, "roles": rows}}


def complete() -> None:
	"""At installation: a profile that was there before, as an uninstallation left it to who has it, gets our own role back."""
	if not frappe.db.exists("Role Profile", PROFILE):
		return
	profile = frappe.get_doc("Role Profile", PROFILE)
	if AUDITOR not in [row.role for row in profile.roles]:
		profile.append("roles", {"role": AUDITOR})
		profile.unlock()  # a lock that a lost job left behind stops no installation
		profile.save(ignore_permissions=True)
