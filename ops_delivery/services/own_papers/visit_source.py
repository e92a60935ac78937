"""What a visit or remote session offers to a template of one's own: what stands on its sheet, by the same rules (7.2.c.1, 8.4.b.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frappe import _

from ops_delivery.domain.own_papers.offer import Offer
from ops_delivery.services.own_papers import common
from ops_delivery.services.own_papers.registry import Block, Source, group, picture, rows, said, tick
from ops_delivery.services.papers import qr
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.papers.visit_paper import VisitPaper
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits.types import SESSION, SHEET

MOMENTS = ("reported_on", "taken_on", "agreed_arrival", "arrived_on", "finished_on", "left_on")


def offer() -> Offer:
	"""Names of a visit."""
	moment = ("2026-12-01 09:10", "2026年12月1日 09:10")
	return {
		**common.offer(SHEET),
		"is_on_site": tick(_("A visit on site, and no remote session", context="Paper")),
		"contact_person": said(_("Contact person", context="Paper"), "Mr Zhao", "赵先生"),
		"place": said(_("Place of service", context="Paper"), "Server room, 3rd floor", "三楼机房"),
		"phone": said(_("Telephone", context="Paper"), "010-6655 0000"),
		"agreement_number": said(_("Agreement No.", context="Paper"), "SA-2026-003"),
		"because_of": said(_("Because of", context="Paper"), "Issue ISS-2026-00321", "工单 ISS-2026-00321"),
		"object": group(
			_("Equipment", context="Paper"),
			name=said(_("Equipment", context="Paper"), "Core switch", "核心交换机"),
			brand_model=said(_("Brand / model", context="Paper"), "Huawei S12708"),
			serial_no=said(_("Serial No.", context="Paper"), "2102350XYZ"),
			asset_number=said(_("Asset No.", context="Paper"), "AST-0042"),
			warranty=said(_("Warranty", context="Paper"), "until 2028-06-30", "保修至2028年6月30日"),
		),
		"engineers": said(_("Engineers", context="Paper"), "Chen Jing, Li Wei", "陈静, 李伟"),
		"kinds": said(_("Kind of service, with boxes", context="Paper"), "☑ Fault Handling ☐ Inspection", "☑ 故障处理 ☐ 巡检", _("Kind of service", context="Paper")),
		"urgency": said(_("Urgency, with boxes", context="Paper"), "☑ High ☐ Low", "☑ 高 ☐ 低", _("Urgency", context="Paper")),
		"cover": said(
			_("Within or outside of contract and warranty, with boxes", context="Paper"),
			"☑ In contract",
			"☑ 合同内",
			_("Contract and warranty", context="Paper"),
		),
		"reported_on": said(_("Reported", context="Paper"), *moment),
		"taken_on": said(_("Taken on", context="Paper"), *moment),
		"agreed_arrival": said(_("Agreed arrival", context="Paper"), *moment),
		"arrived_on": said(_("Arrived", context="Paper"), *moment),
		"finished_on": said(_("Finished", context="Paper"), *moment),
		"left_on": said(_("Left", context="Paper"), *moment),
		"arrival_confirmed_by": said(_("Arrival confirmed by", context="Paper"), "Mr Zhao", "赵先生"),
		"leaving_permitted_by": said(_("Leaving permitted by", context="Paper"), "Mr Zhao", "赵先生"),
		"work_confirmed": said(_("Who agreed to the work before it began", context="Paper"), "Mr Zhao, 09:20", "赵先生，09:20"),
		"symptom": said(_("Symptom or task", context="Paper"), "No uplink since 8:50", "8:50起上联中断"),
		"cause": said(_("Cause", context="Paper"), "Power supply failed", "电源模块故障"),
		"work": rows(
			_("Work done", context="Paper"),
			what=said(_("Treatment", context="Paper"), "Swapped the power supply", "更换电源模块"),
			when_and_who=said(_("Time and by whom", context="Paper"), "09:20 – 10:05\nChen Jing", "09:20 – 10:05\n陈静"),
			result=said(_("What came of it", context="Paper"), "Runs", "运行正常"),
		),
		"result": said(
			_("Result, with boxes", context="Paper"),
			"☑ Solved ☐ Not solved ☐ Left over",
			"☑ 已解决 ☐ 未解决 ☐ 遗留",
			_("Result", context="Paper"),
		),
		"outcome": said(_("Findings", context="Paper"), "Both uplinks are up", "两条上联均恢复"),
		"leftovers": rows(
			_("What is left over", context="Paper"),
			what=said(_("Left over, and how it is treated", context="Paper"), "Order a spare", "补充备件"),
			next_time=said(_("Next time", context="Paper"), "2026-12-08", "2026年12月8日"),
			responsible=said(_("Responsible", context="Paper"), "Li Wei", "李伟"),
		),
		"parts": rows(
			_("Replaced parts", context="Paper"),
			name=said(_("Replaced part", context="Paper"), "Power supply", "电源模块"),
			model=said(_("Model", context="Paper"), "PAC-2200"),
			quantity=said(_("Quantity", context="Paper"), "1"),
			old_serial_no=said(_("Old serial No.", context="Paper"), "P-0001"),
			new_serial_no=said(_("New serial No.", context="Paper"), "P-0927"),
			charge=said(_("Charge", context="Paper"), "Free of charge", "免费"),
		),
		"rating": said(
			_("Customer's rating, with boxes", context="Paper"),
			"☑ Very satisfied ☐ Satisfied",
			"☑ 非常满意 ☐ 满意",
			_("Customer's rating", context="Paper"),
		),
		"remarks": said(_("Remarks", context="Paper"), "Quick work", "响应及时"),
		"signature": group(
			_("The customer's signature that holds", context="Paper"),
			image=picture(_("Picture of the signature", context="Paper"), 18),
			name=said(_("Who signed", context="Paper"), "Mr Zhao", "赵先生"),
			title=said(_("Position of who signed", context="Paper"), "Head of IT", "信息部主任"),
			signed_on=said(_("Signed on", context="Paper"), *moment),
			fingerprint=said(_("Fingerprint of what was signed", context="Paper"), "3f2a…"),
		),
		"no_longer_signed": tick(_("It was changed after it was signed", context="Paper")),
		"hotline": said(_("Service hotline", context="Paper"), "400-800-0000"),
		"checklists": rows(
			_("Checklists, stage by stage", context="Paper"),
			stage=said(_("Stage", context="Paper"), "Checklist: Before", "检查表：出发前"),
			points=rows(
				_("Points of the checklist", context="Paper"),
				question=said(_("Point", context="Paper"), "Spare parts packed?", "备件已带？"),
				answer=said(_("Answer", context="Paper"), "Yes", "是"),
				remark=said(_("Remark", context="Paper"), ""),
			),
		),
		"preparation": rows(
			_("Preparation", context="Paper"),
			what=said(_("What about", context="Paper"), "Rules of the site", "现场规定"),
			said=said(_("What was settled", context="Paper"), "Badge at the gate", "凭证入场"),
		),
		"taken_along": rows(
			_("Tools, documents and parts taken along", context="Paper"),
			what=said(_("Tool, document or part", context="Paper"), "Console cable", "串口线"),
			serial_no=said(_("Serial No.", context="Paper"), ""),
			quantity=said(_("Quantity", context="Paper"), "1"),
		),
		"photos": rows(
			_("Photos", context="Paper"),
			label=said(_("What the photo shows, who took it, when", context="Paper"), "Rack · Chen Jing", "机柜 · 陈静"),
			image=picture(_("Photo", context="Paper"), 60),
		),
		"qr": picture(_("QR code that opens the customer's page", context="Paper"), 20),
	}


def values(doc: Any, paper: Paper) -> dict[str, Any]:
	"""The same of one visit, as its sheet says it."""
	visit = VisitPaper(doc, paper)
	head, device, times = (list(part) for part in (visit.head(), visit.device(), visit.times()))
	said_in_head = [value for _label, value in head]
	signed = visit.signature() or {}
	return {
		**common.values(doc, paper),
		"is_on_site": visit.signed_kind,
		**dict(zip(("customer_name", "contact_person", "place", "phone", "agreement_number", "because_of"), said_in_head, strict=True)),
		"object": dict(zip(("name", "brand_model", "serial_no", "asset_number", "warranty"), (value for _label, value in device), strict=True)),
		"engineers": visit.engineers(),
		"kinds": boxes(visit.kinds()),
		"urgency": boxes(visit.urgency()),
		"cover": boxes(visit.cover()),
		**{name: when.replace("\n", " ") for name, (_label, when, _who) in zip(MOMENTS, times, strict=True)},
		"arrival_confirmed_by": text(doc.arrival_confirmed_by),
		"leaving_permitted_by": text(doc.leave_permitted_by),
		"work_confirmed": visit.confirmed(),
		"symptom": visit.symptom(),
		"cause": visit.cause(),
		"work": _named(("what", "when_and_who", "result"), (row for row in visit.items() if any(cell.strip() for cell in row))),
		"result": boxes(visit.result()),
		"outcome": visit.outcome(),
		"leftovers": _named(("what", "next_time", "responsible"), visit.leftovers()),
		"parts": _named(("name", "model", "quantity", "old_serial_no", "new_serial_no", "charge"), visit.parts() if visit.signed_kind else ()),
		"rating": boxes(visit.rating()),
		"remarks": visit.remarks(),
		"signature": {
			"image": signed.get("image"),
			"name": signed.get("name"),
			"title": signed.get("title"),
			"signed_on": signed.get("at"),
			"fingerprint": signed.get("hash"),
		},
		"no_longer_signed": visit.no_longer_signed(),
		"hotline": visit.hotline(),
		"checklists": [
			{"stage": stage["label"], "points": _named(("question", "answer", "remark"), stage["rows"])} for stage in visit.stages()
		],
		"preparation": _named(("what", "said"), visit.preparation()),
		"taken_along": _named(("what", "serial_no", "quantity"), visit.taken_along()),
		"photos": visit.photos(),
		"qr": qr.as_png_url(visit.address()),
	}


def boxes(choices: Iterable[tuple[str, bool]]) -> str:
	"""☑ what is ticked, ☐ what is not."""
	return "  ".join(f"{'☑' if ticked else '☐'} {label}" for label, ticked in choices)


def _named(names: tuple[str, ...], found: Iterable[Iterable[str]]) -> list[dict[str, str]]:
	return [dict(zip(names, row, strict=True)) for row in found]


def layout() -> tuple[Block, ...]:
	"""The sheet in the order that service companies use."""
	return (
		Block("facts", ("customer_name", "contact_person", "place", "phone", "agreement_number", "because_of")),
		Block("facts", ("object.name", "object.brand_model", "object.serial_no", "object.asset_number", "object.warranty", "engineers")),
		Block("text", ("kinds", "urgency", "cover")),
		Block("facts", MOMENTS),
		Block("text", ("symptom", "cause")),
		Block("table", ("what", "when_and_who", "result"), "work", (52, 24, 24)),
		Block("text", ("result", "outcome")),
		Block("table", ("what", "next_time", "responsible"), "leftovers", (56, 22, 22)),
		Block("table", ("name", "model", "quantity", "old_serial_no", "new_serial_no", "charge"), "parts", (22, 18, 10, 18, 18, 14)),
		Block("text", ("rating", "remarks")),
		Block("signs", ("signature.image", "signature.name", "signature.signed_on")),
		Block("text", ("hotline",)),
	)


SOURCE = Source(SHEET, offer, values, layout)
SESSION_SOURCE = Source(SESSION, offer, values, layout)
