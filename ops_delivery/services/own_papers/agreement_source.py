"""What a Service Agreement offers to a template of one's own: parties, articles and annexes as its contract says them (5.2)."""

from __future__ import annotations

from typing import Any

from frappe import _

from ops_delivery.domain.own_papers.offer import Node, Offer
from ops_delivery.services.agreements import parties
from ops_delivery.services.own_papers import common
from ops_delivery.services.own_papers.registry import Block, Source, group, rows, said
from ops_delivery.services.papers.agreement_paper import AgreementPaper
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.shared.locale import plain_lines, text

DOCTYPE = "Service Agreement"
TABLES = {
	"objects": ("name", "location", "importance"),
	"amounts": ("what", "how_much", "counted", "rest"),
	"hours": ("name", "times"),
	"channels": ("channel", "address", "hours", "note"),
	"escalation": ("kind", "when", "told", "what_else"),
	"people": ("part", "level", "name", "job_title", "email"),
	"metrics": ("metric", "target", "weight", "consequence"),
	"promised": ("what", "when", "content", "format"),
	"agreed": ("part", "what", "agreed_by", "agreed_on"),
}


def offer() -> Offer:
	"""Names of an agreement."""
	return {
		**common.offer(DOCTYPE),
		"customer": _party_offer(_("Party A (customer)", context="Paper"), "Northern Bank", "北方银行股份有限公司"),
		"supplier": _party_offer(_("Party B (supplier)", context="Paper"), "Clear Sky IT Services Ltd.", "晴空信息技术服务有限公司"),
		"valid_from": said(_("Valid from", context="Paper"), "2026-01-01", "2026年1月1日"),
		"valid_to": said(_("Valid to", context="Paper"), "2026-12-31", "2026年12月31日"),
		"follows": said(_("Follows", context="Paper"), "SA-2025-003"),
		"amendment_reason": said(_("Why it is amended", context="Paper"), ""),
		"scope": rows(
			_("Services", context="Paper"),
			content=said(_("Service content", context="Paper"), "Routine operation", "例行操作"),
			items=rows(
				_("Services of one content", context="Paper"),
				what=said(_("What", context="Paper"), "Inspect the server room", "机房巡检"),
				frequency=said(_("Frequency", context="Paper"), "Monthly", "每月"),
				where=said(_("Where", context="Paper"), "On site", "现场"),
				details=said(_("Deliverables and limits", context="Paper"), "Inspection report", "巡检报告"),
			),
		),
		"objects": rows(
			_("Objects served", context="Paper"),
			name=said(_("Object", context="Paper"), "Core switch", "核心交换机"),
			location=said(_("Location", context="Paper"), "Server room", "机房"),
			importance=said(_("Importance", context="Paper"), "High", "高"),
		),
		"amounts": rows(
			_("Agreed amounts", context="Paper"),
			what=said(_("What", context="Paper"), "Visits", "上门服务"),
			how_much=said(_("How much", context="Paper"), "12 visits", "12 次"),
			counted=said(_("What draws on it", context="Paper"), "Each visit", "每次上门"),
			rest=said(_("What runs out, and what goes beyond", context="Paper"), "It lapses", "到期作废"),
		),
		"hours": rows(
			_("Service hours", context="Paper"),
			name=said(_("Name", context="Paper"), "Office hours", "工作时间"),
			times=said(_("Days and times", context="Paper"), "Mon – Fri 09:00 – 18:00", "周一至周五 09:00–18:00"),
		),
		"channels": rows(
			_("Channels", context="Paper"),
			channel=said(_("Channel", context="Paper"), "Phone", "电话"),
			address=said(_("Number or address", context="Paper"), "400-800-0000"),
			hours=said(_("Answered when", context="Paper"), "always", "全天"),
			note=said(_("Note", context="Paper"), ""),
		),
		"commitments_text": said(_("Commitments in words", context="Paper"), "We answer in time.", "按时响应。"),
		"targets": rows(
			_("Promised times", context="Paper"),
			commitment=said(_("Commitment", context="Paper"), "Response", "响应"),
			times=said(_("Time for each priority", context="Paper"), "Urgent: 30 min\nHigh: 1 h", "紧急：30 分钟\n高：1 小时"),
		),
		"deemed": said(_("Acceptance by silence", context="Paper"), ""),
		"escalation": rows(
			_("What happens when a time is at risk", context="Paper"),
			kind=said(_("Kind of step", context="Paper"), "Reminder", "提醒"),
			when=said(_("When", context="Paper"), "when 30 % of the time is left", "剩余 30 % 时限时"),
			told=said(_("Who is told", context="Paper"), "Service desk", "服务台"),
			what_else=said(_("What else happens", context="Paper"), ""),
		),
		"people": rows(
			_("People", context="Paper"),
			part=said(_("Part", context="Paper"), "Person in charge", "负责人"),
			level=said(_("Level", context="Paper"), "1"),
			name=said(_("Name of a person", context="Paper"), "Chen Jing", "陈静"),
			job_title=said(_("Job title", context="Paper"), "Manager", "经理"),
			email=said(_("E-mail", context="Paper"), "chen@example.com"),
		),
		"metrics": rows(
			_("What is measured", context="Paper"),
			metric=said(_("Metric and how it is computed", context="Paper"), "Availability", "可用率"),
			target=said(_("Target value", context="Paper"), "≥ 99.9 %"),
			weight=said(_("Weight", context="Paper"), "40 %"),
			consequence=said(_("Reward and penalty", context="Paper"), ""),
		),
		"penalty_cap": said(_("Penalties at most", context="Paper"), "10 % of the fee of the period", "当期费用的 10 %"),
		"fee_basis": said(_("Paid from", context="Paper"), "Contract income", "合同收入"),
		"fee": said(_("Fee for the whole period", context="Paper"), "¥ 120,000.00"),
		"fee_in_words": said(_("In words", context="Paper"), "CNY One Hundred And Twenty Thousand only.", "人民币壹拾贰万元整"),
		"billing": said(_("Billed", context="Paper"), "Quarterly", "每季度"),
		"payment_terms": said(_("Payment terms", context="Paper"), "30 days", "30 日内付款"),
		"supplier_duties": said(_("Duties of the supplier", context="Paper"), "…"),
		"customer_duties": said(_("Duties of the customer", context="Paper"), "…"),
		"reports": said(_("Service reports", context="Paper"), "Monthly", "每月"),
		"report_content": said(_("What the reports contain", context="Paper"), "…"),
		"surveys": said(_("Satisfaction surveys", context="Paper"), "Quarterly", "每季度"),
		"complaint_channel": said(_("Complaint channel", context="Paper"), "400-800-0001"),
		"complaint_handling": said(_("How complaints are handled", context="Paper"), "…"),
		"promised": rows(
			_("Promised deliverables", context="Paper"),
			what=said(_("What", context="Paper"), "Monthly report", "服务月报"),
			when=said(_("When", context="Paper"), "10 days after each month", "每月结束后 10 日内"),
			content=said(_("What it says", context="Paper"), "…"),
			format=said(_("Format", context="Paper"), "PDF"),
		),
		"security_terms": said(_("Security terms", context="Paper"), "…"),
		"agreed": rows(
			_("Parts agreed in particular", context="Paper"),
			part=said(_("Agreed part", context="Paper"), "Deliverables", "交付成果"),
			what=said(_("What was agreed", context="Paper"), "…"),
			agreed_by=said(_("Agreed by", context="Paper"), "Mr Zhao", "赵先生"),
			agreed_on=said(_("Agreed on", context="Paper"), "2025-12-20", "2025年12月20日"),
		),
		"renewal": said(_("Period and renewal, in a sentence", context="Paper"), "It ends on its last day.", "期满终止。"),
		"other_terms": said(_("Other terms", context="Paper"), ""),
		"signing_place": said(_("Place of signing", context="Paper"), "Beijing", "北京"),
		"sealed_as": said(_("The line above the seals", context="Paper"), "Page of signatures of SA-2026-003.", "本页为签署盖章页。"),
	}


def _party_offer(meaning: str, english: str, chinese: str) -> Node:
	return group(
		meaning,
		name=said(_("Name", context="Paper"), english, chinese),
		address=said(_("Address", context="Paper"), "1 Chang'an Street, Beijing", "北京市长安街1号"),
		registration_number=said(_("Registration No.", context="Paper"), "91110000XXXXXXXXXX"),
		legal_representative=said(_("Legal representative", context="Paper"), "Wang Fang", "王芳"),
		authorised_representative=said(_("Authorised representative", context="Paper"), "Zhao Min", "赵敏"),
		contact_person=said(_("Contact person", context="Paper"), "Mr Zhao", "赵先生"),
		phone=said(_("Telephone", context="Paper"), "010-6655 0000"),
		bank=said(_("Bank", context="Paper"), "ICBC Beijing", "工商银行北京分行"),
		bank_account=said(_("Account No.", context="Paper"), "0200 0000 0000"),
		signed_by=said(_("Who signed", context="Paper"), "Zhao Min", "赵敏"),
		signed_on=said(_("Signed on", context="Paper"), "2025-12-28", "2025年12月28日"),
	)


def values(doc: Any, paper: Paper) -> dict[str, Any]:
	"""The same of one agreement, as its contract says it."""
	told = AgreementPaper(doc, paper)
	facts = [value for _label, value in told.facts()]
	fees = dict(told.fees())
	complaint = [value for _label, value in told.complaints()]
	columns = told.targets()["columns"][1:]
	return {
		**common.values(doc, paper),
		**_parties(told),
		"valid_from": facts[2],
		"valid_to": facts[3],
		"follows": facts[4],
		"amendment_reason": text(facts[5]),
		"scope": [
			{"content": content, "items": [_named(("what", "frequency", "where", "details"), row) for row in items]}
			for content, items in told.scope()
		],
		**{name: [_named(columns_of, row) for row in getattr(told, name)()] for name, columns_of in TABLES.items()},
		"commitments_text": text(doc.commitments_text),
		"targets": [
			{
				"commitment": row[0],
				"times": "\n".join(_("{0}: {1}", context="Paper").format(name, time) for name, time in zip(columns, row[1:], strict=False)),
			}
			for row in told.targets()["rows"]
		],
		"deemed": text(told.told.get("deemed")),
		"penalty_cap": dict(told.assessment()).get(_("Penalties at most")) or "",
		"fee_basis": paper.value("fee_basis"),
		"fee": paper.value("fee"),
		"fee_in_words": fees.get(_("In words", context="Paper"), ""),
		"billing": paper.value("billing_frequency"),
		"reports": paper.value("reporting_frequency"),
		"surveys": paper.value("survey_frequency"),
		**{name: text(doc.get(name)) for name in ("payment_terms", "supplier_duties", "customer_duties", "report_content", "security_terms")},
		"complaint_channel": text(complaint[0]),
		"complaint_handling": text(complaint[1]),
		"renewal": told.renewal(),
		"other_terms": plain_lines(doc.notes),
		"signing_place": text(doc.signing_place),
		"sealed_as": told.sealed_as(),
	}


def _parties(told: AgreementPaper) -> dict[str, dict[str, Any]]:
	signed = {row["party"]: row["signed"] or {} for row in told.paper.signatures()}
	found = {}
	for party, name in ((parties.CUSTOMER, "customer"), (parties.SUPPLIER, "supplier")):
		one = told.party(party)
		of = signed.get(party) or {}
		found[name] = {**one, "name": one["party_name"], "signed_by": of.get("signer"), "signed_on": of.get("at")}
	return found


def _named(names: tuple[str, ...], row: list[Any]) -> dict[str, str]:
	return {name: text(value) for name, value in zip(names, row, strict=True)}


def layout() -> tuple[Block, ...]:
	"""A contract in short: parties, terms, annexes, seals."""
	both = ("name", "address", "registration_number", "legal_representative", "contact_person", "phone", "bank", "bank_account")
	return (
		Block("facts", tuple(f"customer.{name}" for name in both), title=_("Party A (customer)", context="Paper")),
		Block("facts", tuple(f"supplier.{name}" for name in both), title=_("Party B (supplier)", context="Paper")),
		Block("facts", ("valid_from", "valid_to", "fee", "fee_in_words", "billing", "payment_terms")),
		Block("text", ("supplier_duties", "customer_duties", "security_terms", "renewal")),
		Block("table", ("name", "location", "importance"), "objects", (50, 30, 20)),
		Block("table", ("commitment", "times"), "targets", (40, 60)),
		Block("table", ("channel", "address", "hours", "note"), "channels", (20, 30, 25, 25)),
		Block("table", ("metric", "target", "weight", "consequence"), "metrics", (40, 20, 15, 25)),
		Block("table", ("what", "when", "content", "format"), "promised", (30, 25, 25, 20)),
		Block("text", ("sealed_as",)),
		Block("signs", ("", "customer.signed_by", "customer.signed_on")),
	)


SOURCE = Source(DOCTYPE, offer, values, layout)
