"""The organization's own papers: what a template may use, trying one, and making one of a record (8.2.e, 8.4.b.1)."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.own_papers import making, registry, starters, templates
from ops_delivery.services.scope import file_names, once


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def fields(document_type: str) -> list[dict[str, Any]]:
	"""The fields that a template for a record type may use, for who may read templates."""
	frappe.has_permission(templates.DOCTYPE, "read", throw=True)
	return templates.fields_of(document_type)


@frappe.whitelist(methods=["POST"])
@staff_only
def check(name: str) -> list[str]:
	"""What is wrong with a template's file, each with its place; [] where all is well."""
	doc = frappe.get_doc(templates.DOCTYPE, name)
	doc.check_permission("read")
	return templates.problems(templates.read(doc), doc.document_type)


@frappe.whitelist(methods=["POST"])
@staff_only
def starter(document_type: str) -> None:
	"""Download a template to begin with, in the reader's language."""
	frappe.has_permission(templates.DOCTYPE, "read", throw=True)
	source = registry.of(document_type)
	if not source:
		frappe.throw(_("There is no paper of one's own for {0}.").format(frappe.bold(escape_html(document_type))), templates.NotUsable)
	_download(file_names.clean_name(f"{_(document_type)}.docx"), starters.of(source))


@frappe.whitelist(methods=["POST"])
@staff_only
def preview(name: str, record: str, kind: str = templates.WORD) -> None:
	"""Download the paper of a record on a template, enabled or not, for who may write the template and print the record."""
	template = frappe.get_doc(templates.DOCTYPE, name)
	template.check_permission("write")
	_send(making.make(template, frappe.get_doc(template.document_type, record), kind), kind)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def offered(doctype: str, name: str) -> dict[str, Any]:
	"""The templates that a record can be printed on, its customer's first: {templates, pdf}; for who may print it."""
	doc = _record(doctype, name)
	making.ask(doc)
	return {"templates": templates.fitting(doc), "pdf": making.has_pdf(), "may_attach": doc.has_permission("write")}


@frappe.whitelist(methods=["POST"])
@staff_only
def make(doctype: str, name: str, template: str, kind: str = templates.WORD) -> None:
	"""Download a record on a template, for who may print it. Nothing is kept."""
	_send(_made(doctype, name, template, kind), kind)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def attach(doctype: str, name: str, template: str, kind: str = templates.WORD) -> str:
	"""The same as a private file of the record, for who may write it; the File's name."""
	doc = _record(doctype, name)
	doc.check_permission("write")
	return making.attach(doc, _made(doctype, name, template, kind)).name


def _made(doctype: str, name: str, template: str, kind: str) -> making.Made:
	doc = _record(doctype, name)
	making.ask(doc)
	chosen = frappe.get_doc(templates.DOCTYPE, template)
	if not templates.is_enabled(chosen):
		frappe.throw(_("{0} is switched off.").format(frappe.bold(escape_html(template))), making.NotMade)
	if kind not in templates.KINDS.get(chosen.output, ()):
		frappe.throw(
			_("{0} is not made as {1}.").format(frappe.bold(escape_html(template)), frappe.bold(escape_html(_(kind, context=templates.DOCTYPE)))),
			making.NotMade,
		)
	return making.make(chosen, doc, kind)


def _record(doctype: str, name: str) -> Any:
	if not registry.of(doctype):
		frappe.throw(_("There is no paper of one's own for {0}.").format(frappe.bold(escape_html(doctype))), templates.NotUsable)
	return frappe.get_doc(doctype, name)


def _send(made: making.Made, kind: str) -> None:
	if kind == templates.PDF:
		frappe.local.response.update({"filename": made.name, "filecontent": made.content, "type": "pdf"})
	else:
		_download(made.name, made.content)


def _download(name: str, content: bytes) -> None:
	frappe.local.response.update({"filename": name, "filecontent": content, "type": "download", "display_content_as": "attachment"})
