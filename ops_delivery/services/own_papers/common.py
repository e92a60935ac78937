"""What every paper says: its name, number, version, state, who printed it when."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.own_papers.offer import Offer
from ops_delivery.services.own_papers.registry import said
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.shared.locale import text


def offer(doctype: str) -> Offer:
	"""The names that each record type gives."""
	return {
		"paper_name": said(_("What the paper is called", context="Paper"), _(doctype)),
		"title": said(_("Title or subject", context="Paper"), "Replace the core switch", "更换核心交换机"),
		"number": said(_("Number", context="Paper"), "FSS-2026-00012"),
		"version": said(_("Version", context="Paper"), "1"),
		"status": said(_("State", context="Paper"), "Left", "已离场"),
		"mark": said(_("Draft, Cancelled …; blank on what binds", context="Paper"), ""),
		"supplier_name": said(_("Supplier", context="Paper"), "Clear Sky IT Services Ltd.", "晴空信息技术服务有限公司"),
		"customer_name": said(_("Customer name", context="Paper"), "Northern Bank", "北方银行股份有限公司"),
		"printed_on": said(_("Printed on", context="Paper"), "2026-12-01 09:30", "2026年12月1日 09:30"),
		"printed_by": said(_("Printed by", context="Paper"), "Chen Jing", "陈静"),
	}


def values(doc: Any, paper: Paper) -> dict[str, Any]:
	"""The same of one document."""
	status = cstr(doc.get("status"))
	return {
		"paper_name": paper.kind,
		"title": text(doc.get("title") or doc.name),
		"number": cstr(doc.get("agreement_number") or doc.name),
		"version": str(cint(doc.get("version")) or 1),
		"status": _(status, context=doc.doctype) if status else "",
		"mark": paper.mark,
		"supplier_name": text(doc.get("company")),
		"customer_name": text(doc.get("customer_name") or doc.get("customer")),
		"printed_on": paper.printed,
		"printed_by": paper.printed_by,
	}
