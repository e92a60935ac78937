"""Deliverables for the demo: the quarterly reports of the year of routine operation, published in time and once late, and the next
one that is due (8.2, 5.3.e)."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from ops_delivery.services.deliverables import promised
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data, routine_data

DOCTYPE = "Deliverable"
LATE, LATE_BY, EARLY_BY = 1, timedelta(days=3), timedelta(days=2)  # the second one is late


def make(stage, company) -> None:
	"""What the agreement on routine operation promises, quarter after quarter, up to the one that is due next."""
	agreement = frappe.db.get_value("Service Agreement", {"title": routine_data.AGREEMENT})
	if not agreement or frappe.db.exists(DOCTYPE, {"agreement": agreement, "status": "Published"}):
		return
	today = stage.end.astimezone(site_time.site_zone()).date()
	number, day = 0, getdate(frappe.db.get_value("Service Agreement", agreement, "start_date"))
	while day < today:
		stage.move_to(_at(day, 15))
		while promised.open_batch():
			pass
		waiting = frappe.get_all(DOCTYPE, {"agreement": agreement, "status": "Compiling"}, ["name", "due_date"], order_by="due_date", limit=1)
		if waiting and day >= getdate(waiting[0].due_date) + (LATE_BY if number == LATE else -EARLY_BY):
			_publish(stage, waiting[0].name)
			number += 1
		day += timedelta(days=1)
	stage.move_to(stage.end)


def _publish(stage, name: str) -> None:
	doc = frappe.get_doc(DOCTYPE, name)
	file = uploads.attach(DOCTYPE, name, f"运行状况-{doc.period_to}.csv", _figures(doc))
	with stage.as_user(data.MANAGER):
		doc.append("files", {"file": file.file_url, "note": "各对象的巡检次数与结论"})
		doc.update({"specification_met": 1, "audience_people": "信息科主任、机房管理员"})
		doc.save()
		reviewed.enter(doc, "In Review")
	for review in frappe.get_all("Service Review", {"reference_name": name, "state": "Open"}, pluck="name", order_by="creation"):
		with stage.as_user(data.SENIOR_MANAGER):
			review_answers.decide(review, "Approved", "数据与巡检记录一致，同意发布。")
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(DOCTYPE, name), "Published")


def _figures(doc: Any) -> bytes:
	"""The rounds of the period by object and result, as the records have them."""
	task, thing = frappe.qb.DocType("Routine Task"), frappe.qb.DocType("Routine Object")
	rows = (
		frappe.qb.from_(task)
		.inner_join(thing)
		.on((thing.parent == task.name) & (thing.parenttype == "Routine Task"))
		.select(thing.object_name, task.planned_on, task.status, task.result)
		.where((task.agreement == doc.agreement) & task.planned_on[doc.period_from : doc.period_to])
		.orderby(thing.object_name)
		.orderby(task.planned_on)
	).run()
	kept = io.StringIO()
	writer = csv.writer(kept)
	writer.writerow(["对象", "日期", "状态", "结论"])
	writer.writerows([name, day, frappe._(status or ""), frappe._(result or "")] for name, day, status, result in rows)
	return b"\xef\xbb\xbf" + kept.getvalue().encode()


def _at(day, hour: int) -> datetime:
	return datetime.combine(day, time(hour), tzinfo=site_time.site_zone()).astimezone(site_time.UTC)
