"""Deliverables: what one lacks, what became of an agreement's, and the files of a published one for its customer (5.3.e, 8.2)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import customers_only, staff_only
from ops_delivery.services.deliverables import classes, figures, lists, redaction, rules, ways_out
from ops_delivery.services.portal import deliverables as pages
from ops_delivery.services.shared import workbook

AGREEMENT = "Service Agreement"


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(name: str) -> list[dict[str, str]]:
	"""What a deliverable still lacks before its next step."""
	doc = frappe.get_doc(rules.DOCTYPE, name)
	doc.check_permission("read")
	return [row._asdict() for row in rules.missing_next(doc)]


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def of_agreement(agreement: str) -> list[dict[str, Any]]:
	"""The deliverables that an agreement promises, and what became of them."""
	frappe.has_permission(AGREEMENT, "read", agreement, throw=True)
	return figures.of_agreement(agreement)


@frappe.whitelist(methods=["POST"])
@staff_only
def as_workbook(filters: list | dict | str | None = None) -> None:
	"""Download the deliverables of a list as a workbook (XLSX), for who may export them."""
	frappe.has_permission(rules.DOCTYPE, "export", throw=True)
	sheet = lists.sheet(frappe.parse_json(filters) if filters else [])
	frappe.local.response.update(
		{
			"type": "download",
			"filename": f"{sheet.title}.xlsx",
			"filecontent": workbook.book([sheet]),
			"display_content_as": "attachment",
		}
	)


@frappe.whitelist(methods=["POST"])
@staff_only
def redact(name: str, security_class: str) -> str:
	"""Begin a redacted copy of a published deliverable, of a lower class; the copy's name (8.2.c.2)."""
	return redaction.make(name, security_class)


@frappe.whitelist(methods=["POST"])
@staff_only
def class_preview(doc: dict | str) -> dict[str, Any]:
	"""Who may do what with deliverables of a security class, as its form stands (8.2.c.2)."""
	frappe.has_permission(classes.CLASS, "read", throw=True)
	given = frappe.parse_json(doc)
	return classes.preview(frappe.get_doc({**given, "doctype": classes.CLASS}))


@frappe.whitelist(methods=["GET"])
@staff_only
def download(name: str, row: str) -> None:
	"""Download a file of a deliverable, as far as its security class lets one of the staff (8.2.c.2)."""
	_hand_out(*ways_out.file(name, row, frappe.session.user))


@frappe.whitelist(methods=["GET"])
@customers_only
def file(name: str, row: str) -> None:
	"""Download a file of a deliverable that was published for the customer's user."""
	_hand_out(*pages.file(name, row, frappe.session.user))


def _hand_out(file_name: str, content: bytes) -> None:
	frappe.local.response.update(
		{
			"type": "download",
			"filename": file_name,
			"filecontent": content,
			"display_content_as": "attachment",
		}
	)
