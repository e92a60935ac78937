"""In place of Frappe's exports of lists and reports: the same, but no text becomes a formula."""

from typing import Any

import frappe
from frappe import _
from frappe.desk.utils import pop_csv_params
from frappe.utils import cint

from ops_delivery import framework
from ops_delivery.permissions import switches
from ops_delivery.permissions.gates import open_to_all, refuse_missing
from ops_delivery.services.shared import spreadsheet_safety as safe_export

MODULE = "Ops Delivery"
EXPORTS = {"list": "frappe.desk.reportview.export_query", "report": "frappe.desk.query_report.export_query"}

NAMES = {"list": "doctype", "report": "report_name"}  # without which the host fails


@frappe.whitelist(methods=["GET", "POST"])
@open_to_all("in place of Frappe's export, which asks for the right to export")
def export_list(**_kwargs: Any) -> None:
	"""In place of frappe.desk.reportview.export_query, which checks the right to export."""
	_export("list")


@frappe.whitelist(methods=["GET", "POST"])
@open_to_all("in place of Frappe's export, which asks for the right to the report")
def export_report(**_kwargs: Any) -> None:
	"""In place of frappe.desk.query_report.export_query, which checks the right to export."""
	_export("report")


def _export(kind: str) -> None:
	form = frappe.local.form_dict
	refuse_missing([name for name in (NAMES[kind],) if not form.get(name)])
	if cint(form.get("export_in_background")) and framework.send_report_email:
		if kind == "report":  # as there: refused at once, and not by a job that nobody sees
			of = frappe.get_cached_value("Report", form.get("report_name"), "ref_doctype")
			frappe.permissions.can_export(of, raise_exception=True)
		address = frappe.get_cached_value("User", frappe.session.user, "email")
		frappe.enqueue(
			mail_export, queue="long", now=frappe.flags.in_test, kind=kind, form=dict(form), address=address
		)
		frappe.msgprint(
			_(
				"Your report is being generated in the background. You will receive an email on {0} with a download link once it is ready.",
				context="Ops Delivery",
			).format(address)
		)
		return
	delimiter, ours = pop_csv_params(frappe._dict(form))["delimiter"], _is_ours(kind, form)
	framework.theirs(EXPORTS[kind])()
	_make_safe(delimiter, ours)


def mail_export(kind: str, form: dict[str, Any], address: str) -> None:
	"""Job: the export that its user asked to have made in the background, mailed to them as a link as Frappe does."""
	frappe.local.form_dict = frappe._dict(form, export_in_background=0)
	_export(kind)
	answer = frappe.local.response
	if not isinstance(answer.get("filecontent"), bytes):
		return
	name, _dot, extension = str(answer.filename).rpartition(".")
	report = form.get("report_name") or form.get("title") or form.get("doctype")
	framework.send_report_email(address, name, extension, answer.filecontent, attached_to_name=report)


def _is_ours(kind: str, form: dict[str, Any]) -> bool:
	"""Whether what is exported is a list or report of ours, or of Issues where they are ours."""
	doctype, name = ("DocType", form.get("doctype")) if kind == "list" else ("Report", form.get("report_name"))
	return (name == "Issue" and switches.now().measuring) or frappe.db.get_value(doctype, name, "module") == MODULE


def _make_safe(delimiter: str, marked: bool) -> None:
	response = frappe.local.response
	content, name = response.get("filecontent"), str(response.get("filename") or "")
	if not isinstance(content, bytes):
		return
	if name.endswith(".csv"):
		response["filecontent"] = safe_export.csv_bytes(content, delimiter, marked)
	elif name.endswith(".xlsx"):
		response["filecontent"] = safe_export.xlsx_bytes(content)
