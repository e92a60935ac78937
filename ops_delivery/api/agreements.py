"""Service agreements for the desk."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from ops_delivery.api import printing
from ops_delivery.permissions.gates import staff_only
from ops_delivery.printing import weasy
from ops_delivery.services.agreements import agreement_file, completeness
from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.agreements import templates as agreement_templates
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.assessment import measuring as assessment
from ops_delivery.services.assessment import records as agreement_assessments
from ops_delivery.services.clocks import amendment as agreement_preview
from ops_delivery.services.papers import document_diff as comparison
from ops_delivery.services.scope import once
from ops_delivery.services.shared import field_types

AGREEMENT = "Service Agreement"


@frappe.whitelist(methods=["POST"])
@staff_only
def new_version(name: str) -> str:
	"""A draft that follows a submitted agreement version; its name."""
	frappe.has_permission(AGREEMENT, "read", name, throw=True)
	frappe.has_permission(AGREEMENT, "create", throw=True)
	return agreements.new_version(name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def export_file(name: str) -> None:
	"""Download the agreement file (JSON) that the stand-alone replay reads."""
	frappe.has_permission(AGREEMENT, "read", name, throw=True)
	content = json.dumps(agreement_file.export_json(name), indent=1, ensure_ascii=False, default=str)
	frappe.local.response.update(
		{"filename": f"{name}.json", "filecontent": content.encode(), "type": "download"}
	)


@frappe.whitelist()
@staff_only
def templates() -> list[dict[str, Any]]:
	"""The templates to start from, those in the reader's language first."""
	frappe.has_permission(AGREEMENT, "create", throw=True)
	return agreement_templates.choices()


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def from_template(
	template: str, customer: str, company: str, start_date: str, end_date: str | None = None, title: str = ""
) -> str:
	"""A draft agreement from a template; its name."""
	frappe.has_permission(AGREEMENT, "create", throw=True)
	return agreement_templates.make(template, customer, company, start_date, end_date, title or "")


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def save_as_template(name: str, template_name: str) -> str:
	"""A template with an agreement's content; its name."""
	frappe.has_permission(AGREEMENT, "read", name, throw=True)
	frappe.has_permission("Service Agreement Template", "create", throw=True)
	return agreement_templates.save_as(name, template_name)


@frappe.whitelist(methods=["POST"])
@staff_only
def check_completeness(doc: str | dict) -> dict[str, Any]:
	"""What an agreement, as it stands in the form, still lacks, and what deserves a second look."""
	draft = _draft(doc)
	return {
		"missing": [
			{"field": lack.field, "label": lack.label, "text": lack.text}
			for lack in completeness.open_points(draft)
		],
		"advice": completeness.advice(draft),
	}


@frappe.whitelist(methods=["POST"])
@staff_only
def formula_names(doc: str | dict) -> list[dict[str, Any]]:
	"""The names that the formulas of an agreement or template may use: {name, meaning, typed, example}."""
	draft = _draft(doc)
	own = {row.figure_name: row.example for row in draft.get("figures") or []}
	return [
		{"name": name, "meaning": meaning, "typed": name in own, "example": own.get(name)}
		for name, meaning in agreement_metrics.names(draft).items()
	]


@frappe.whitelist(methods=["POST"])
@staff_only
def try_assessment(
	doc: str | dict, from_date: str, to_date: str, typed: str | dict | None = None
) -> dict[str, Any]:
	"""A period worked out by the formulas as they stand in the form; nothing is saved."""
	draft = _draft(doc)
	frappe.has_permission("Service Clock", "read", throw=True)
	result = assessment.evaluate(draft, from_date, to_date, frappe.parse_json(typed) if typed else None)
	meanings = agreement_metrics.names(draft)
	return {
		"lines": [
			{
				"metric": line.metric.name,
				"unit": line.metric.unit,
				"target": line.metric.target,
				"direction": line.metric.direction,
				"weight": line.metric.weight,
				"formula": line.metric.value,
				"value": line.value,
				"score": line.score,
				"reached": line.reached,
				"reward": line.reward,
				"penalty": line.penalty,
				"lacking": meanings.get(line.lacking) or line.lacking,
			}
			for line in result.lines
		],
		"figures": result.figures,
		"score": result.score,
		"rewards": result.rewards,
		"penalties": result.penalties,
		"by_score": result.by_score,
		"amount": result.amount,
		"capped": result.capped,
		"currency": draft.get("currency"),
	}


@frappe.whitelist()
@staff_only
def next_period(agreement: str) -> dict[str, Any]:
	"""The period of an agreement to be assessed next."""
	frappe.has_permission(AGREEMENT, "read", agreement, throw=True)
	return agreement_assessments.next_period(agreement)


@frappe.whitelist(methods=["POST"])
@staff_only
def confirm_assessment(name: str, party: str, by: str = "", how: str = "") -> str:
	"""Record that a party confirmed an assessment; its status."""
	frappe.has_permission("Agreement Assessment", "write", throw=True)
	return agreement_assessments.confirm(name, party, by or "", how or "")


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def compare(name: str, other: str | None = None) -> str:
	"""How an agreement differs from its previous version, or from another one: an HTML fragment."""
	return comparison.html(*_two(name, other))


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def compare_pdf(name: str, other: str | None = None) -> None:
	"""The same as a PDF."""
	old, new = _two(name, other)
	frappe.has_permission(AGREEMENT, "print", new.name, throw=True)
	weasy.send(f"{new.name} comparison", printing.comparison_page(old, new))


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def preview(name: str) -> dict[str, Any]:
	"""The open records a new version would touch; nothing is written."""
	doc = _of(name)
	frappe.has_permission("Service Clock", "read", throw=True)
	return agreement_preview.touched(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
def suspend(name: str, reason: str) -> str:
	"""Suspend an agreement in force; its new status."""
	return agreement_life.suspend(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def resume(name: str, reason: str) -> str:
	"""Take a suspended agreement up again; its new status."""
	return agreement_life.resume(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def terminate(name: str, reason: str, last_day: str | None = None) -> str:
	"""End an agreement early; its new status."""
	return agreement_life.terminate(name, reason, last_day)


@frappe.whitelist(methods=["POST"])
@staff_only
def stop_renewal(name: str, note: str) -> None:
	"""Record that a party objects to the automatic renewal."""
	agreement_life.stop_renewal(name, note)


@frappe.whitelist(methods=["POST"])
@staff_only
def make_successor(name: str) -> str:
	"""The draft of the agreement that follows; its name."""
	frappe.has_permission(AGREEMENT, "read", name, throw=True)
	frappe.has_permission(AGREEMENT, "create", throw=True)
	return agreement_life.make_successor(name)


def _of(name: str):
	doc = frappe.get_doc(AGREEMENT, name)
	doc.check_permission("read")
	return doc


def _two(name: str, other: str | None):
	new = _of(name)
	old = other or new.previous_version or new.predecessor
	if not old:
		frappe.throw(
			_("{0} has no earlier version. Choose an agreement to compare it with.").format(
				frappe.bold(strip_html(name))
			)
		)
	return _of(old), new


def _draft(doc: str | dict):
	"""An agreement or template as it stands in the form, never the one in the database; it is not saved."""
	values = frappe.parse_json(doc)
	if not isinstance(values, dict) or values.get("doctype") not in (AGREEMENT, "Service Agreement Template"):
		frappe.throw(_("{0}: the form's content cannot be read. Reload the page.").format(_(AGREEMENT)))
	frappe.has_permission(values["doctype"], "read", throw=True)
	draft = frappe.get_doc({**values})
	draft.flags.ignore_children_type = True
	field_types.cast(draft)
	for table in draft.meta.get_table_fields():
		for index, row in enumerate(draft.get(table.fieldname) or [], start=1):
			row.idx = index
	return draft
