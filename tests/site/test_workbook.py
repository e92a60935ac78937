"""Tables as a workbook: opened by two programs, numbers and days as such, no text a formula, Chinese included (8.2.e, 5.4.c)."""

import csv
import io
from collections import namedtuple
from datetime import date, datetime

import api_calls
import deliverable_scene
import factories
import frappe
import openpyxl
import pytest
import visiting

from ops_delivery.printing import office
from ops_delivery.services.shared import workbook
from ops_delivery.services.shared.workbook import Column, Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
	Column("指标", workbook.TEXT),
	Column("Count", workbook.NUMBER),
	Column("Kept", workbook.PERCENT),
	Column("Fee", workbook.MONEY),
	Column("Day", workbook.DAY),
	Column("Moment", workbook.MOMENT),
)
ROWS = [
	["响应及时率", 12, 97.5, 1200.5, "2026-11-01", "2026-11-01 08:30:00"],
	["=HYPERLINK(\"http://evil.example\")", None, None, None, None, None],
	["+cmd|' /C calc'!A0", -3, 100, 0, date(2026, 11, 2), datetime(2026, 11, 2, 9, 0)],
	["@SUM(1)\nsecond\x07 line", "n/a", "", float("nan"), "", None],
]


def opened(content: bytes):
	return openpyxl.load_workbook(io.BytesIO(content))


def test_what_it_holds_is_typed_and_calculates_nothing(site):
	page = opened(workbook.book([Sheet("十一月: 指标/达成", COLUMNS, ROWS, ["Total", 9, 98.0, 1200.5, None, None])])).worksheets[0]
	assert page.title == "十一月  指标 达成" and page.freeze_panes == "A2" and page.auto_filter.ref == "A1:F5"
	assert [cell.value for cell in page[2]] == ["响应及时率", 12, 0.975, 1200.5, datetime(2026, 11, 1), datetime(2026, 11, 1, 8, 30)]
	assert [cell.number_format for cell in page[2]][2:] == ["0.0%", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
	for row in (3, 4, 5):
		assert page.cell(row, 1).data_type == "s" and page.cell(row, 1).quotePrefix
	assert page["A5"].value == "@SUM(1)\nsecond line" and page["B5"].value == "n/a" and page["D5"].value == "nan"
	assert page["B6"].font.bold and page["A1"].font.bold
	assert page.column_dimensions["A"].width > 12


def test_names_of_sheets_are_those_that_excel_takes(site):
	given = ["a" * 40, "A" * 40, "", "[x]:*?/\\", "'q'", "History", "事" * 40]
	names = opened(workbook.book([Sheet(name, COLUMNS[:1], []) for name in given])).sheetnames
	assert len({name.lower() for name in names}) == len(given) and all(0 < len(name) <= 31 for name in names)
	assert not any(set(name) & set("[]:*?/\\") or name.strip("'") != name or name.lower() == "history" for name in names), names
	with pytest.raises(ValueError, match="rows"):
		workbook.book([Sheet("x", COLUMNS[:1], [["y"]] * (workbook.MOST_ROWS + 1))])


@pytest.mark.skipif(not office.program(), reason="no LibreOffice")
def test_libreoffice_reads_the_same(site):
	content = office.converted(workbook.book([Sheet("指标", COLUMNS, ROWS)]), "xlsx", "csv")
	rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
	assert rows[0] == ["指标", "Count", "Kept", "Fee", "Day", "Moment"]
	assert rows[1] == ["响应及时率", "12", "97.5%", "1,200.50", "2026-11-01", "2026-11-01 08:30"]
	assert rows[2][0] == '=HYPERLINK("http://evil.example")'


def test_a_table_of_a_report_becomes_a_sheet(site):
	column = namedtuple("column", "key label kind doctype")
	table = namedtuple("table", "key title columns rows total")
	given = table(
		"kept",
		"Kept",
		(column("name", "Commitment", "record", "Service Commitment"), column("rate", "Rate", "percent", "")),
		({"name": "Response", "rate": 95.0}, {"name": "Resolution", "rate": None}),
		{"name": "", "rate": 90.0},
	)
	sheet = workbook.of_table(given, "达成", lambda one: one.label, lambda one, value: f"<{value}>")
	page = opened(workbook.book([sheet])).worksheets[0]
	assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [["<Response>", 0.95], ["<Resolution>", None], ["<>", 0.9]]


@pytest.mark.clause("8.2.b")
def test_the_list_of_deliverables_is_a_workbook_for_who_may_export_it(site):
	w = visiting.world()
	title = '=HYPERLINK("http://evil.example","' + factories.unique("月报") + '")'
	doc = deliverable_scene.document(w.manager, w.customer, title=title)
	other = deliverable_scene.document(w.manager)
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	for user in (w.manager, w.engineer, auditor):
		answer = api_calls.post(user, "ops_delivery.api.deliverables.as_workbook", filters=frappe.as_json([["Deliverable", "customer", "=", w.customer]]))
		assert (answer.status, answer.kind) == (200, XLSX), answer.text[:300]
		page = opened(answer.content).worksheets[0]
		names = [cell.value for cell in page["A"]][1:]
		assert doc.name in names and other.name not in names
		assert page["B2"].data_type == "s" and page["G2"].value == datetime(2031, 1, 31)
	assert api_calls.post(w.asker, "ops_delivery.api.deliverables.as_workbook").status == 403
	nobody = factories.make_user(roles=["Employee"]).name
	assert api_calls.post(nobody, "ops_delivery.api.deliverables.as_workbook").status == 403
