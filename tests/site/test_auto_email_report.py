"""A report that is mailed by itself is a table in which no text is a formula (6.3.j)."""

import io

import factories
import frappe
import openpyxl
import pytest

EVIL = "=HYPERLINK(\"http://evil.example\",\"x\")"


@pytest.fixture
def report():
	factories.make_issue(None, subject=EVIL)
	doc = frappe.get_doc(
		{
			"doctype": "Report",
			"report_name": factories.unique("Requests"),
			"ref_doctype": "Issue",
			"report_type": "Report Builder",
			"is_standard": "No",
			"json": '{"fields": [["subject", "Issue"], ["creation", "Issue"]], "filters": [], "order_by": "`tabIssue`.creation desc"}',
		}
	).insert()
	return doc.name


def mailed(report, kind):
	return frappe.get_doc(
		{
			"doctype": "Auto Email Report",
			"report": report,
			"report_type": "Report Builder",
			"user": "Administrator",
			"email_to": "boss@example.com",
			"format": kind,
			"frequency": "Daily",
			"no_of_rows": 20,
			"enabled": 1,
		}
	).insert()


def test_csv(report):
	text = mailed(report, "CSV").get_report_content()
	assert isinstance(text, str) and "HYPERLINK" in text
	assert '"=HYPERLINK' not in text and ",=HYPERLINK" not in text and "'=HYPERLINK" in text


def test_xlsx(report):
	sheet = openpyxl.load_workbook(io.BytesIO(mailed(report, "XLSX").get_report_content())).active
	cells = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
	assert cells and {cell.data_type for cell in cells} == {"s"} and cells[0].value == EVIL


def test_a_page_is_as_before(report):
	assert "HYPERLINK" in mailed(report, "HTML").get_report_content()
