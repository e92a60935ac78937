"""What a Service Report offers to a template of one's own: cover, sections with figures and tables, signatures (8.3.b.5). What it says is frozen
with the report; charts stand on our own paper and the desk alone."""

from __future__ import annotations

from typing import Any

from frappe import _

from ops_delivery.domain.own_papers.offer import Node, Offer
from ops_delivery.services.own_papers import common
from ops_delivery.services.own_papers.registry import Block, Source, group, rows, said, tick
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.papers.service_report_paper import ReportPaper
from ops_delivery.services.shared.locale import text

DOCTYPE = "Service Report"


def offer() -> Offer:
	"""Names of a report."""
	return {
		**common.offer(DOCTYPE),
		"report_name": said(_("Monthly, quarterly … service report", context="Paper"), "Monthly Service Report", "运维服务月报"),
		"period": said(_("Period", context="Paper"), "November 2026", "2026年11月"),
		"period_from": said(_("First day of the period", context="Paper"), "2026-11-01", "2026年11月1日"),
		"period_to": said(_("Last day of the period", context="Paper"), "2026-11-30", "2026年11月30日"),
		"agreement": said(_("Agreement", context="Paper"), "Operation of the data centre", "数据中心运维服务协议"),
		"agreement_number": said(_("Agreement No.", context="Paper"), "SA-2026-003"),
		"security_class": said(_("Security class", context="Paper"), "Internal use", "内部"),
		"figures_on": said(_("Figures as of", context="Paper"), "2026-12-01 06:00", "2026年12月1日 06:00"),
		"people": rows(
			_("Compiled, reviewed, approved", context="Paper"),
			part=said(_("Part", context="Paper"), "Compiled by", "编制"),
			name=said(_("Name of a person", context="Paper"), "Chen Jing", "陈静"),
			on=said(_("On", context="Paper"), "2026-12-02", "2026年12月2日"),
		),
		"summary": group(_("The summary", context="Paper"), **_section()),
		"sections": rows(_("The sections, in their order", context="Paper"), number=said(_("Number", context="Paper"), "1"), **_section()),
		"annexes": rows(_("Annexes with lists of records", context="Paper"), **_section()),
		"confirmed": rows(
			_("Who confirms it", context="Paper"),
			party=said(_("Party", context="Paper"), "Customer", "需方"),
			name=said(_("Name", context="Paper"), "Northern Bank", "北方银行股份有限公司"),
			by=said(_("Who signed", context="Paper"), "Zhao Min", "赵敏"),
			on=said(_("Signed on", context="Paper"), "2026-12-05", "2026年12月5日"),
		),
	}


def _section() -> dict[str, Node]:
	cell = said(_("What stands in a cell", context="Paper"), "97.5 %")
	return {
		"heading": said(_("Heading", context="Paper"), "Attainment", "服务指标达成率"),
		"introduction": said(_("Introduction", context="Paper"), ""),
		"text": said(_("Text of the section", context="Paper"), "All times were kept.", "各项时限均已达成。"),
		"empty": tick(_("There was nothing in the period", context="Paper")),
		"notes": rows(_("Sentences said in it", context="Paper"), text=said(_("Sentence", context="Paper"), "Two versions ruled.", "期间有两个协议版本。")),
		"figures": rows(
			_("Figures", context="Paper"),
			label=said(_("What it counts", context="Paper"), "Requests", "事件数"),
			value=said(_("Value", context="Paper"), "42"),
			previous=said(_("In the period before", context="Paper"), "38"),
		),
		"tables": rows(
			_("Tables", context="Paper"),
			title=said(_("Title of the table", context="Paper"), "Commitments", "承诺达成"),
			columns=rows(_("Columns of the table", context="Paper"), label=said(_("Heading of the column", context="Paper"), "Actual", "实际值")),
			lines=rows(_("Rows of the table", context="Paper"), cells=rows(_("Cells of the row", context="Paper"), text=cell), line=said(_("The row in a line", context="Paper"), "Response · 97.5 %", "响应 · 97.5 %")),
			left_out=said(_("How many rows are left out", context="Paper"), ""),
		),
	}


def values(doc: Any, paper: Paper) -> dict[str, Any]:
	"""The same of one report, as its paper says it."""
	report = ReportPaper(doc, paper)
	head = [value for _label, value in report.head()]
	summary = report.summary()
	return {
		**common.values(doc, paper),
		"paper_name": report.title,
		"number": doc.name,
		"customer_name": report.customer,
		"supplier_name": text(report.agreement.company),
		"report_name": report.title,
		"period": report.period,
		"period_from": paper.date(doc.period_from),
		"period_to": paper.date(doc.period_to),
		"agreement": text(report.agreement.title),
		"agreement_number": text(report.agreement.agreement_number or doc.agreement),
		"security_class": head[6],
		"figures_on": paper.when(doc.figures_on),
		"people": [{"part": part, "name": name, "on": on} for part, name, on in report.people()],
		"summary": _of(summary or {}),
		"sections": [{**_of(row), "number": row["number"]} for row in report.sections()],
		"annexes": [_of(row) for row in report.annexes()],
		"confirmed": report.confirmed(),
	}


def _of(row: dict[str, Any]) -> dict[str, Any]:
	return {
		"heading": row.get("heading"),
		"introduction": row.get("introduction"),
		"text": row.get("text"),
		"empty": row.get("empty"),
		"notes": [{"text": note} for note in row.get("notes") or ()],
		"figures": row.get("figures"),
		"tables": [
			{
				"title": table["title"],
				"columns": table["columns"],
				"lines": [{"cells": [{"text": cell} for cell in line], "line": " · ".join(filter(None, line))} for line in _lines(table)],
				"left_out": table["left"] or "",
			}
			for table in row.get("tables") or ()
		],
	}


def _lines(table: dict[str, Any]) -> list[list[str]]:
	return [*table["rows"], *([table["total"]] if table["total"] else ())]


def layout() -> tuple[Block, ...]:
	"""Cover, summary, sections with their figures and tables, confirmation."""
	return (
		Block("facts", ("customer_name", "supplier_name", "agreement", "agreement_number", "period", "figures_on", "security_class", "printed_on")),
		Block("table", ("part", "name", "on"), "people", (34, 33, 33)),
		Block("section", of="summary"),
		Block("sections", of="sections"),
		Block("table", ("party", "name", "by", "on"), "confirmed", (20, 40, 20, 20)),
	)


SOURCE = Source(DOCTYPE, offer, values, layout)
