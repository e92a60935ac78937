"""Knowledge passed on to the customer: the Help Article that staff linked to a request (8.4.a.2).

What is suggested, and the articles that were used in a request: services/knowledge.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.services.shared.locale import text

DOCTYPE = "Help Article"


def of_request(issue: Any) -> dict[str, str] | None:
	"""The article that staff linked to a request, while it is published; None otherwise."""
	name = issue.get("ops_help_article")
	row = (
		frappe.db.get_value(DOCTYPE, {"name": name, "published": 1}, ["title", "route"], as_dict=True)
		if name
		else None
	)
	return {"title": text(row.title), "url": "/" + cstr(row.route).strip("/")} if row and row.route else None
