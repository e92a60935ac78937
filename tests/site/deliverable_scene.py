"""Deliverables: documents with files, results with proofs, and agreements that promise them."""

import io

import factories
import frappe
import reviewing
import scenario
from pypdf import PdfWriter

from ops_delivery.services.deliverables import promised

DOCTYPE, RULE = "Deliverable", "Deliverable: internal review"
DOCUMENT, RESULT = "Other Routine Report", "Normal Running Restored (Response)"


def page() -> bytes:
	"""A PDF of one page, unlike any other."""
	writer, kept = PdfWriter(), io.BytesIO()
	writer.add_blank_page(100, 100)
	writer.add_metadata({"/Title": factories.unique("Page")})
	writer.write(kept)
	return kept.getvalue()


def upload(user: str, name: str = "report.pdf", content: bytes = b"", private: int = 1, **values):
	"""A file that a person has uploaded for a form that is not saved yet."""
	with reviewing.user(user):
		return frappe.get_doc(
			{"doctype": "File", "file_name": factories.unique("f") + name, "content": content or page(), "is_private": private, **values}
		).insert(ignore_permissions=True)


def values(customer: str | None = None, **more) -> dict:
	return {
		"doctype": DOCTYPE,
		"title": factories.unique("Report"),
		"deliverable_type": DOCUMENT,
		"customer": customer or factories.make_customer().name,
		"content": "Objects, readings, what follows",
		"due_date": "2031-01-31",
		**more,
	}


def document(author: str, customer: str | None = None, **more):
	"""A tangible one with its file, being compiled."""
	if "files" not in more:
		more["files"] = [{"file": upload(author).file_url}]
	with reviewing.user(author):
		return frappe.get_doc(values(customer, **more)).insert()


def result(author: str, customer: str, records=(), **more):
	"""An intangible one, being compiled."""
	more = {"security_risk": "None", "security_control": "None is needed", **more}
	rows = [{"record_doctype": doctype, "record_name": name} for doctype, name in records]
	with reviewing.user(author):
		return frappe.get_doc(values(customer, deliverable_type=RESULT, records=rows, **more)).insert()


def published(author: str, reviewer: str, doc=None, **more):
	"""Taken through its review and published."""
	doc = doc or document(author, **more)
	if doc.kind == "Tangible" and not doc.specification_met:
		doc = reviewing.change(doc, author, specification_met=1)
	doc = reviewing.act(doc, "Ask for Internal Review", author)
	reviewing.approve(doc, reviewer, RULE)
	return reviewing.act(doc, "Publish", author)


def promise(**more) -> dict:
	return {"title": factories.unique("Monthly report"), "deliverable_type": DOCUMENT, "due_when": "Every Month", "days": 10, "lead_days": 14, "audience": "Customer", **more}


def agreement(*rows, customer: str | None = None, **more):
	return scenario.agreement(customer, promised=[dict(row) for row in rows], **more)


def owed(agreement) -> list[frappe._dict]:
	fields = ["name", "title", "due_date", "period_from", "period_to", "status", "compiler", "promise_slot", "agreement"]
	keys = [row.promise_key for row in agreement.promised]
	return frappe.get_all(DOCTYPE, {"promise_key": ["in", keys]}, fields, order_by="due_date, name")


def run() -> None:
	promised.run()


def forget(customer: str) -> None:
	"""Take away what a committed test made for a customer."""
	for name in frappe.get_all(DOCTYPE, {"customer": customer}, pluck="name"):
		for clock in frappe.get_all("Service Clock", {"reference_name": name}, pluck="name"):
			for doctype in ("Service Clock Event", "Service Clock Trigger"):
				frappe.db.delete(doctype, {"clock": clock})
			frappe.db.delete("Service Clock", {"name": clock})
		for doctype, field in (("ToDo", "reference_name"), ("Service Review", "reference_name"), ("Service Authorship", "reference_name"), ("File", "attached_to_name")):
			frappe.db.delete(doctype, {field: name})
		for table in ("Deliverable File", "Deliverable Record", "Deliverable Step"):
			frappe.db.delete(table, {"parent": name})
		frappe.db.delete(DOCTYPE, {"name": name})
