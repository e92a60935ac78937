"""What the next team needs to know: the facts a handover takes along from the record it came from."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_link_to_form, strip_html

from ops_delivery.domain import parties
from ops_delivery.services.clocks import explanation
from ops_delivery.services.shared import wording

SHORT = (
	"subject",
	"title",
	"customer",
	"ops_object",
	"service_object",
	"issue_type",
	"priority",
	"risk_level",
	"opening_date",
	"planned_start",
	"planned_end",
	"status",
	"state",
	"decision",
	"decision_by",
	"decided_on",
	"decision_note",
	"due_date",
	"verdict",
	"last_value",
	"times_found",
)
LONG = ("description", "reason", "background", "summary", "result", "treatment", "resolution_details")
TABLES = {
	"goals": "goal",
	"topics": "topic",
	"findings": "finding",
}  # table of the source: the column to list


def of(source, note: str = "") -> str:
	"""The facts of a record as escaped HTML: its values and texts and, for a measured one, its clocks."""
	rows = [(_(source.doctype), get_link_to_form(source.doctype, source.name))]
	rows += [
		(_(source.meta.get_label(field), context=source.doctype), _shown(source, field))
		for field in SHORT
		if _has(source, field)
	]
	parts = ["<p>{0}</p>".format(escape_html(note).replace("\n", "<br>"))] if note else []
	parts.append("<ul>" + "".join(f"<li>{label}: {value}</li>" for label, value in rows) + "</ul>")
	for fieldname in LONG:
		text = cstr(source.get(fieldname)) if _has(source, fieldname) else ""
		if strip_html(text).strip():
			if source.meta.get_field(fieldname).fieldtype != "Text Editor":
				text = "<p>{0}</p>".format(escape_html(text).replace("\n", "<br>"))
			parts.append(_headed(_(source.meta.get_label(fieldname), context=source.doctype), text))
	for fieldname, column in TABLES.items():
		field = source.meta.get_field(fieldname)
		if field and field.fieldtype == "Table" and source.get(fieldname):
			parts.append(
				_headed(
					_(field.label, context=source.doctype),
					_listed(row.get(column) for row in source.get(fieldname)),
				)
			)
	clocks = _clock_facts(source)
	if clocks:
		parts.append(_headed(_("Service Clocks"), _listed(clocks)))
	return "".join(parts)


def _has(source, fieldname: str) -> bool:
	return source.meta.has_field(fieldname) and bool(source.get(fieldname))


def _shown(source, fieldname: str) -> str:
	value = source.get(fieldname)
	field = source.meta.get_field(fieldname)
	if fieldname == parties.of(source.doctype).service_object:
		value = frappe.db.get_value("Service Object", value, "object_name") or value
	elif field.fieldtype == "Select":
		said = _(str(value), context=source.doctype)
		value = said if said != value else _(str(value))
	elif field.fieldtype == "Link":
		value = _(str(value))
	else:
		value = frappe.format(value, field)
	return escape_html(cstr(value))


def _headed(heading: str, html: str) -> str:
	return f"<p><b>{heading}</b></p>{html}"


def _listed(lines) -> str:
	return "<ul>" + "".join(f"<li>{escape_html(cstr(line))}</li>" for line in lines) + "</ul>"


def _clock_facts(source) -> list[str]:
	"""As the clocks stand now: a row's own figure is that of its last event."""
	return [
		_("{0}: {1}, {2} of {3} used").format(
			_(found["commitment"], context="Service Commitment"),
			_("Missed", context="Service Clock") if found["missed"] else _(found["state"], context="Service Clock"),
			wording.duration(found["elapsed"]),
			wording.duration(found["target"]),
		)
		for found in explanation.explain_record(source.doctype, source.name)
	]
