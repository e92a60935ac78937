"""Knowledge articles: drafted from a record, suggested, used, and whether they helped (5.3.f, 8.4.a.2)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import customers_only, staff_only
from ops_delivery.services.knowledge import counting, drafting, readers, rules, suggesting
from ops_delivery.services.shared import call_limits as limits

VOTES_PER_HOUR = 300


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def draft(source_doctype: str, source_name: str) -> dict[str, Any]:
	"""The values of a new article from a record, what was taken out of its texts and what is to be looked at; saves nothing."""
	return drafting.draft(source_doctype, source_name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(name: str) -> dict[str, Any]:
	"""What an article still lacks before its review, what of its texts is to be looked at, and how often it was of use."""
	doc = frappe.get_doc(rules.DOCTYPE, name)
	doc.check_permission("read")
	open_still = doc.status in ("Draft", "Internal Review")
	return {
		"missing": [row._asdict() for row in rules.missing(doc)] if open_still else [],
		"still_there": drafting.still_there(doc) if open_still and not doc.checked else [],
		"figures": counting.figures(doc.name),
	}


@frappe.whitelist(methods=["POST"])
@staff_only
def suggested(issue: str) -> dict[str, Any]:
	"""Published articles that fit a request, and those that were used in it. A POST: it counts what was shown."""
	return suggesting.for_issue(issue)


@frappe.whitelist(methods=["POST"])
@staff_only
def use(article: str, issue: str) -> bool:
	"""Note that an article helped to solve a request."""
	return counting.use(article, issue)


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(VOTES_PER_HOUR)
def opened(article: str, form: str = "") -> None:
	"""A customer reads an article."""
	doc = readers.visible(article, frappe.session.user)
	counting.opened(doc.name, frappe.session.user, form)
