"""Frappe's Auto Email Report, with tables in which no text becomes a formula."""

from typing import Any

from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport

from ops_delivery.services.shared import spreadsheet_safety as safe_export


class SafeReport:
	"""Mixed into Auto Email Report: a spreadsheet reads its table as what it says, mailed or downloaded."""

	def get_report_content(self) -> Any:
		content = super().get_report_content()
		if not content:
			return content
		if self.format == "CSV":
			text = isinstance(content, str)
			made = safe_export.csv_bytes(content.encode() if text else content, ",")
			return made.decode() if text else made
		return safe_export.xlsx_bytes(content) if self.format == "XLSX" else content


class SafeAutoEmailReport(SafeReport, AutoEmailReport):
	"""override_doctype_class on 15, which mixes no classes."""
