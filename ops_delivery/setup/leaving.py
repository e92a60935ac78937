"""What an administrator made that an uninstall would take along: shown before, written down, and spared where it can stand alone.

Frappe deletes all that belongs to our module, an administrator's own types with their tables among it, and leaves behind
what merely names a type of ours, which then breaks forms.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_datetime

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import naming_us, ready_made, seeds
from ops_delivery.setup import uninstall_cleanup as leavings

MODULE, SPARED_TO = leavings.MODULE, "Custom"
# an administrator's kinds of records -> the field that names what they are about
ABOUT = {
	"Assignment Rule": "document_type",
	"Auto Repeat": "reference_doctype",
	"Client Script": "dt",
	"Custom DocPerm": "parent",
	"Custom Field": "dt",
	"Dashboard Chart": "document_type",
	"Document Naming Rule": "document_type",
	"Kanban Board": "reference_doctype",
	"Milestone Tracker": "document_type",
	"Notification": "document_type",
	"Number Card": "document_type",
	"Print Format": "doc_type",
	"Property Setter": "doc_type",
	"Report": "ref_doctype",
	"Server Script": "reference_doctype",
	"Web Form": "doc_type",
	"Webhook": "webhook_doctype",
	"Workflow": "document_type",
}
# what shows or sends a report -> the field that names it
OF_A_REPORT = {"Auto Email Report": "report", "Dashboard Chart": "report_name", "Number Card": "report_name"}
LINKS = ("Link", "Table", "Table MultiSelect")


class Record(NamedTuple):
	doctype: str
	name: str


class Field(NamedTuple):
	"""A field of the host's or of an administrator's type that leads to a type of ours. `kind`: Custom Field or DocField."""

	kind: str
	row: str
	doctype: str
	fieldname: str
	fieldtype: str


class Plan(NamedTuple):
	"""What an uninstall does with what is not the app's own. `fields` lead to types that go: links become texts, tables go.
	`switched_off` stays, but names fields or functions that go; `mentions` are rows and values that lead to what goes."""

	goes: list[Record]
	stays: list[Record]
	fields: list[Field]
	switched_off: list[Record]
	mentions: list[naming_us.Mention]


def plan() -> Plan:
	"""What an administrator made, as it stands now."""
	ours = leavings.our_doctypes()
	about = {
		Record(doctype, name)
		for doctype, field in ABOUT.items()
		for name in frappe.get_all(doctype, filters={field: ["in", ours]}, pluck="name", order_by="name")
	}
	reports = sorted({*leavings.our_records("Report"), *(row.name for row in about if row.doctype == "Report")})
	about |= {
		Record(doctype, name)
		for doctype, field in OF_A_REPORT.items()
		for name in frappe.get_all(doctype, filters={field: ["in", reports]}, pluck="name", order_by="name")
	}
	in_module = {
		Record(doctype, name)
		for doctype, field in _of_a_module()
		for name in frappe.get_all(doctype, filters={field: MODULE}, pluck="name", order_by="name")
	}
	found = about | in_module
	delivered, planted = _delivered(), _seeds()
	found -= delivered | _own_fields()
	edited = _edited_seeds(found)
	found -= planted - edited
	goes = (about | edited) & found
	charts = {row.name for row in delivered | goes if row.doctype == "Dashboard Chart"}
	goes |= {Record("Dashboard", name) for name in naming_us.without_charts(charts)} - delivered
	naming = {Record(*row) for row in naming_us.switched_off()} - delivered - planted - goes - _ready_made()
	going = _going(delivered | goes, ours)
	going["Print Format"] |= {row.name for row in naming if row.doctype == "Print Format"}
	leads = naming_us.mentions(going)
	mentions = [row for row in leads if Record(row.doctype, row.name) not in delivered | planted | goes]
	return Plan(sorted(goes), sorted(found - goes), _fields(ours), sorted(naming), mentions)


def lines() -> list[str]:
	"""The plan in words, a line each, for whoever is about to uninstall."""
	found = plan()
	tables = {doctype: frappe.db.count(doctype) for doctype in _own_tables()}
	return [
		_("Goes with the app, with its records: {0}").format(
			", ".join(f"{_(doctype)} ({count})" for doctype, count in tables.items() if count) or _("nothing")
		),
		*(_("Goes, and is written down: {0} {1}").format(_(row.doctype), row.name) for row in found.goes),
		*(_("Stays, in the module {2}: {0} {1}").format(_(row.doctype), row.name, SPARED_TO) for row in found.stays),
		*(
			_("Stays, switched off, as it names what goes: {0} {1}").format(_(row.doctype), row.name)
			for row in found.switched_off
		),
		*(
			_("Leads to {0}, and goes: {1} of {2}").format(row.target, _(row.doctype), row.parent)
			if row.parent
			else _("Leads to {0}, and becomes blank: {1} of {2}").format(row.target, row.fieldname, row.name)
			for row in found.mentions
		),
		*(
			(
				_("Becomes a text: field {1} of {0}") if row.fieldtype == "Link" else _("Goes: field {1} of {0}")
			).format(_(row.doctype), row.fieldname)
			for row in found.fields
		),
	]


def write_down(path: str | None = None) -> str | None:
	"""Write what an administrator made as JSON beside the site's backups (or to `path`), and say where; None where there is
	nothing."""
	found = plan()
	if not (found.goes or found.stays or found.switched_off or found.mentions):
		return None
	target = Path(path or frappe.get_site_path("private", "backups", _file_name()))
	target.parent.mkdir(parents=True, exist_ok=True)
	content = {
		"format": "ops_delivery.own_records/1",
		"site": frappe.local.site,
		"goes": [_as_written(row) for row in found.goes],
		"stays": [_as_written(row) for row in found.stays],
		"fields": [row._asdict() for row in found.fields],
		"switched_off": [_as_written(row) for row in found.switched_off],
		"mentions": [row._asdict() for row in found.mentions],
	}
	target.write_text(frappe.as_json(content), encoding="utf-8")
	return str(target)


def part() -> None:
	"""Before the app goes, and after its own fields went: spare what can stand alone, take along what cannot."""
	found = plan()
	for row in found.stays:
		field = dict(_of_a_module())[row.doctype]
		frappe.db.set_value(row.doctype, row.name, field, SPARED_TO, update_modified=False)
	for field in found.fields:
		if field.fieldtype == "Link":  # what stands in it stays readable
			frappe.db.set_value(field.kind, field.row, {"fieldtype": "Data", "options": None}, update_modified=False)
		else:
			frappe.db.delete(field.kind, {"name": field.row})
		frappe.clear_cache(doctype=field.doctype)
	naming_us.switch_off(found.switched_off)
	naming_us.forget(found.mentions)
	for row in found.goes:
		frappe.delete_doc(row.doctype, row.name, force=True, ignore_missing=True, ignore_permissions=True)


def _file_name() -> str:
	stamp = frappe.utils.now_datetime().strftime("%Y%m%d_%H%M%S")
	return f"{stamp}-ops_delivery-own-records.json"


def _as_written(row: Record) -> dict[str, Any]:
	return frappe.get_doc(row.doctype, row.name).as_dict(no_nulls=True, no_private_properties=True)


def _own_tables() -> list[str]:
	ours = leavings.our_doctypes()
	return frappe.get_all(
		"DocType", filters={"name": ["in", ours], "istable": 0, "issingle": 0}, pluck="name", order_by="name"
	)


def _of_a_module() -> list[tuple[str, str]]:
	"""The kinds of records that belong to a module, with the field that says so. Frappe deletes them with the module."""
	found = {
		(row.parent, row.fieldname)
		for row in frappe.get_all(
			"DocField",
			filters={"fieldtype": "Link", "options": "Module Def", "parenttype": "DocType"},
			fields=["parent", "fieldname"],
			order_by="parent",
		)
	}
	kinds = frappe.get_all(
		"DocType",
		filters={"name": ["in", [parent for parent, _field in found]], "istable": 0, "issingle": 0},
		pluck="name",
		order_by="name",
	)
	return sorted((parent, field) for parent, field in found if parent in kinds)


def _delivered() -> set[Record]:
	"""The records that come with the app's files."""
	found = set()
	for path in Path(frappe.get_app_path("ops_delivery")).rglob("*.json"):
		content = json.loads(path.read_text(encoding="utf-8"))
		if isinstance(content, dict) and content.get("doctype") and content.get("name"):
			found.add(Record(content["doctype"], content["name"]))
	return found


def _own_fields() -> set[Record]:
	"""The fields that the app put on the host's types, and what it set on them."""
	setters = frappe.get_all("Property Setter", filters={"module": MODULE}, pluck="name", order_by="name")
	return {
		*(
			Record("Custom Field", f"{doctype}-{field['fieldname']}")
			for doctype, fields in CUSTOM_FIELDS.items()
			for field in fields
		),
		*(Record("Property Setter", name) for name in setters),
	}


def _seeds() -> set[Record]:
	return {Record(*key.split(": ", 1)) for key in memory.recall(seeds.MEMORY) or {}}


def _ready_made() -> set[Record]:
	notes = (memory.recall(ready_made.MEMORY) or {}).values()
	return {Record(*label.split(": ", 1)) for labels in notes for label in labels}


def _going(records: set[Record], ours: list[str]) -> dict[str, set[str]]:
	found: dict[str, set[str]] = {kind: set() for kind in naming_us.KINDS}
	for doctype, name in records:
		if doctype in found:
			found[doctype].add(name)
	found["DocType"] |= set(ours)
	return found


def _edited_seeds(found: set[Record]) -> set[Record]:
	planted = memory.recall(seeds.MEMORY) or {}
	edited = set()
	for row in found & _seeds():
		as_planted = planted[f"{row.doctype}: {row.name}"].get("modified")
		now = frappe.db.get_value(row.doctype, row.name, "modified")
		if as_planted and now and get_datetime(now) != get_datetime(as_planted):
			edited.add(row)
	return edited


def _fields(ours: list[str]) -> list[Field]:
	found = []
	for kind, parent in (("Custom Field", "dt"), ("DocField", "parent")):
		rows = frappe.get_all(
			kind,
			filters={"fieldtype": ["in", LINKS], "options": ["in", ours], parent: ["not in", ours]},
			fields=["name", f"{parent} as doctype", "fieldname", "fieldtype"],
			order_by="name",
		)
		found += [Field(kind, row.name, row.doctype, row.fieldname, row.fieldtype) for row in rows]
	own = {row.name for row in _own_fields()}
	return [field for field in found if field.row not in own]
