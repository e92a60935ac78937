"""Reviews and signatures for the desk: asking, deciding, recording, signing, and trying a rule."""

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import panel as review_panel
from ops_delivery.services.reviews import requesting, signing
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.scope import once
from ops_delivery.services.shared import field_types


@frappe.whitelist()
@staff_only
def panel(doctype: str, name: str) -> dict[str, Any]:
	"""What a document's form shows of its reviews and signatures."""
	_check_type(doctype)
	frappe.has_permission(doctype, "read", name, throw=True)
	return review_panel.panel(doctype, name)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def request_review(doctype: str, name: str, rule: str | None = None) -> list[str]:
	"""Ask for the reviews that come next, or for that of one rule; the new Service Reviews."""
	_check_type(doctype)
	frappe.has_permission(doctype, "write", name, throw=True)
	return requesting.open_for(frappe.get_doc(doctype, name), rule)


@frappe.whitelist(methods=["POST"])
@staff_only
def put_off(review: str, due_on: datetime | str) -> None:
	"""Give an open review another due date."""
	_check_review(review)
	requesting.put_off(review, due_on)


@frappe.whitelist(methods=["POST"])
@staff_only
def decide(review: str, decision: str, opinion: str = "", minutes: str = "") -> str:
	"""The session's user decides on a review inside the organization; its state."""
	_check_review(review)
	return review_answers.decide(review, decision, opinion, minutes=minutes)


@frappe.whitelist(methods=["POST"])
@staff_only
def record_decision(
	review: str,
	decision: str,
	by_name: str,
	decided_on: str,
	how: str,
	opinion: str = "",
	attachment: str = "",
) -> str:
	"""Record what the customer decided elsewhere: who, when and how; the review's state."""
	_check_review(review)
	return review_answers.record(review, decision, by_name, decided_on, how, opinion, attachment)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def add_minutes(review: str, text: str) -> None:
	"""Add a paragraph to the minutes of a review."""
	_check_review(review)
	frappe.has_permission("Service Review", "write", review, throw=True)
	review_answers.add_minutes(review, text)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def sign(doctype: str, name: str, signer_title: str = "", content: str = "") -> str:
	"""Sign for the supplier, under the text whose fingerprint is `content`; the Service Signature."""
	_check_type(doctype)
	return signing.for_supplier(doctype, name, signer_title, content)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def record_signature(
	doctype: str,
	name: str,
	party: str,
	signer_name: str,
	signed_on: str,
	attachment: str,
	signer_title: str = "",
) -> str:
	"""Record a signature given on paper, with the paper attached; the Service Signature."""
	_check_type(doctype)
	return signing.record(doctype, name, party, signer_name, signed_on, attachment, signer_title)


@frappe.whitelist()
@staff_only
def rule_choices(doctype: str = "") -> dict[str, Any]:
	"""What a Review Rule of that document type can be made of."""
	frappe.has_permission("Review Rule", "read", throw=True)
	return review_panel.choices(doctype)


@frappe.whitelist(methods=["POST"])
@staff_only
def try_rule(rule: str | dict, name: str) -> dict[str, Any]:
	"""An unsaved or saved Review Rule against a record the user may read. Only who may write rules may try one."""
	frappe.has_permission("Review Rule", "write", throw=True)
	draft = frappe.get_doc({**frappe.parse_json(rule), "doctype": "Review Rule"})
	field_types.cast(draft)
	_check_type(draft.document_type)
	return review_panel.try_on(draft, name)


def _check_type(doctype: str) -> None:
	if doctype not in REGISTRY:
		frappe.throw(
			_("{0} is not reviewed. Choose one of {1}.").format(
				frappe.bold(frappe.utils.escape_html(doctype or "")), ", ".join(_(name) for name in REGISTRY)
			)
		)


def _check_review(review: str) -> None:
	"""Staff who may read the review and the document it is about."""
	doc = frappe.get_doc("Service Review", review)
	doc.check_permission("read")
	frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, throw=True)
