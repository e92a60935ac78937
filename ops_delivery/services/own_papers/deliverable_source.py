"""What a Deliverable offers to a template of one's own: its card, its files and what proves it (8.2). Security notes are the
supplier's own and are not offered."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.own_papers.offer import Offer
from ops_delivery.services.own_papers import common
from ops_delivery.services.own_papers.registry import Block, Source, rows, said, tick
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.shared.locale import text

DOCTYPE = "Deliverable"
TEXTS = ("audience_people", "content", "specification", "shortfall", "frequency")
SHOWN = ("due_date", "published_on", "timeliness", "kind", "audience", "wanted_format", "specification_by", "specification_on", "period_from", "period_to")


def offer() -> Offer:
	"""Names of a deliverable."""
	day = ("2026-12-10", "2026年12月10日")
	return {
		**common.offer(DOCTYPE),
		"type": said(_("Type of deliverable", context="Paper"), "Monthly report", "服务月报"),
		"kind": said(_("Tangible or intangible", context="Paper"), "Tangible", "有形"),
		"agreement": said(_("Agreement", context="Paper"), "Operation of the data centre", "数据中心运维服务协议"),
		"agreement_number": said(_("Agreement No.", context="Paper"), "SA-2026-003"),
		"period_from": said(_("About the days from", context="Paper"), "2026-11-01", "2026年11月1日"),
		"period_to": said(_("About the days up to", context="Paper"), "2026-11-30", "2026年11月30日"),
		"due_date": said(_("Due", context="Paper"), *day),
		"frequency": said(_("Frequency", context="Paper"), "Monthly", "每月"),
		"published_on": said(_("Published on", context="Paper"), *day),
		"timeliness": said(_("In time or late", context="Paper"), "On time", "按时"),
		"audience": said(_("For whom", context="Paper"), "Customer", "需方"),
		"audience_people": said(_("Who reads it", context="Paper"), "Head of IT", "信息部主任"),
		"content": said(_("What it says", context="Paper"), "Figures of the month", "当月服务指标"),
		"wanted_format": said(_("Agreed format", context="Paper"), "PDF"),
		"specification": said(_("Agreed specification", context="Paper"), "As in annex 3", "见附件三"),
		"specification_met": tick(_("It meets the agreed specification and format", context="Paper")),
		"specification_by": said(_("Checked by", context="Paper"), "Chen Jing", "陈静"),
		"specification_on": said(_("Checked on", context="Paper"), *day),
		"security_class": said(_("Security class", context="Paper"), "Internal use", "内部"),
		"compiler": said(_("Owner of the deliverable", context="Paper"), "Chen Jing", "陈静"),
		"reviewer": said(_("Reviewer", context="Paper"), "Li Wei", "李伟"),
		"approver": said(_("Approver", context="Paper"), "Wang Fang", "王芳"),
		"shortfall": said(_("Why it falls short, and what follows", context="Paper"), ""),
		"files": rows(
			_("Files of the deliverable", context="Paper"),
			name=said(_("Name of the file", context="Paper"), "report-2026-11.pdf", "2026年11月报告.pdf"),
			note=said(_("What it is", context="Paper"), "The report", "报告正文"),
			fingerprint=said(_("Fingerprint", context="Paper"), "9c1d…"),
		),
		"records": rows(
			_("Records that prove it", context="Paper"),
			kind=said(_("Kind of record", context="Paper"), "Issue", "工单"),
			number=said(_("Number", context="Paper"), "ISS-2026-00321"),
			title=said(_("Title or subject", context="Paper"), "No uplink", "上联中断"),
			measure=said(_("Measured", context="Paper"), "45 min", "45 分钟"),
			target=said(_("Agreed", context="Paper"), "1 h", "1 小时"),
			verdict=said(_("Verdict", context="Paper"), "Met", "达成"),
		),
		"steps": rows(
			_("Steps of its life", context="Paper"),
			step=said(_("Step", context="Paper"), "Published", "已发布"),
			by=said(_("By whom", context="Paper"), "Chen Jing", "陈静"),
			on=said(_("On", context="Paper"), *day),
			note=said(_("Note", context="Paper"), ""),
		),
	}


def values(doc: Any, paper: Paper) -> dict[str, Any]:
	"""The same of one deliverable."""
	agreement = (doc.agreement and frappe.db.get_value("Service Agreement", doc.agreement, ["title", "agreement_number"], as_dict=True)) or {}
	urls = sorted({row.file for row in doc.files if row.file})
	known = {"attached_to_doctype": DOCTYPE, "attached_to_name": doc.name, "file_url": ["in", urls]}
	names = dict(frappe.get_all("File", known, ["file_url", "file_name"], as_list=True)) if urls else {}
	return {
		**common.values(doc, paper),
		"type": _(cstr(doc.deliverable_type), context="Deliverable Type"),
		"agreement": text(agreement.get("title")),
		"agreement_number": cstr(agreement.get("agreement_number") or doc.agreement),
		**{name: text(doc.get(name)) for name in TEXTS},
		**{name: paper.value(name) for name in SHOWN},
		"specification_met": cint(doc.specification_met),
		"security_class": _(cstr(doc.security_class), context="Service Security Class") if doc.security_class else "",
		**{name: paper.person(doc.get(name)) for name in ("compiler", "reviewer", "approver")},
		"files": [
			{"name": names.get(row.file) or cstr(row.file).rpartition("/")[2], "note": text(row.note), "fingerprint": row.fingerprint} for row in doc.files
		],
		"records": [
			{
				"kind": _(cstr(row.record_doctype)),
				"number": row.record_name,
				"title": text(row.record_title),
				"measure": text(row.measure),
				"target": text(row.target),
				"verdict": paper.value("verdict", row),
			}
			for row in doc.records
		],
		"steps": [
			{"step": paper.value("step", row), "by": paper.person(row.done_by), "on": paper.when(row.done_on), "note": text(row.note)} for row in doc.steps
		],
	}


def layout() -> tuple[Block, ...]:
	"""A card of one page."""
	return (
		Block("facts", ("customer_name", "supplier_name", "type", "kind", "agreement", "agreement_number", "period_from", "period_to")),
		Block("facts", ("due_date", "published_on", "timeliness", "version", "audience", "security_class")),
		Block("text", ("content", "specification")),
		Block("table", ("name", "note", "fingerprint"), "files", (40, 35, 25)),
		Block("table", ("kind", "number", "title", "measure", "target", "verdict"), "records", (14, 20, 26, 14, 14, 12)),
		Block("text", ("shortfall",)),
		Block("table", ("step", "by", "on", "note"), "steps", (22, 26, 26, 26)),
		Block("facts", ("compiler", "reviewer", "approver", "printed_on")),
	)


SOURCE = Source(DOCTYPE, offer, values, layout)
