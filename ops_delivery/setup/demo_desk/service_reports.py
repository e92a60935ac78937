"""For the demo: the monthly service reports of the hospital's agreement, made, reviewed and published month after month (8.3.b.5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import frappe
from frappe.utils import getdate

from ops_delivery.services.reports import making, publishing
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data, incidents

REPORT = "Service Report"
MOST = 6
MADE, REVIEWED, PUBLISHED = (2, 10), (3, 9), (3, 15)  # day of the next month, hour
# what the manager typed into the last one; the others show that figures alone will do
WORDED = {
	"Summary": "本月业务系统总体平稳。超出承诺的请求已逐件与信息科核对，原因见各节；重大事件的改进措施正在落实。\n"
	"The systems ran steadily this month. Each request beyond its promise was gone through with the IT department; the measures after the major incident are under way.",
	"Next Period": "下月重点：日志分区阈值监控上线，核对存储容量；夜间变更提前三天通知。\n"
	"Next month: thresholds for log partitions go live, and storage is checked; changes at night are announced three days ahead.",
}


def make(stage, company) -> None:
	"""One report for each of the last months that are over. The last one gets its PDF now; the others by the daily run, as each takes seconds."""
	agreement = company.agreements[data.CUSTOMERS[0]["name"]]
	if frappe.db.exists(REPORT, {"customer": data.CUSTOMERS[0]["name"]}):
		return
	began = getdate(frappe.db.get_value("Service Agreement", agreement, "start_date"))
	found = months(began, stage.end.astimezone(site_time.site_zone()).date())
	for first, last in found:
		name = _report(stage, agreement, first, last, WORDED if last == found[-1][1] else {})
	stage.move_to(stage.end)
	if found:
		publishing.run(name)


def months(began: date, today: date) -> list[tuple[date, date]]:
	"""First and last days of the months that are over and in which the agreement ruled, the oldest first; the last six of them."""
	found: list[tuple[date, date]] = []
	last = today.replace(day=1) - timedelta(days=1)
	while last >= began and len(found) < MOST:
		found.insert(0, (last.replace(day=1), last))
		last = last.replace(day=1) - timedelta(days=1)
	return found


def _report(stage, agreement: str, first: date, last: date, texts: dict[str, str]) -> str:
	_move(stage, last, MADE)
	with stage.as_user(data.MANAGER):
		values = {"agreement": agreement, "report_kind": "Month", "period_from": first, "period_to": last, "reviewer": data.SENIOR_MANAGER}
		name = frappe.get_doc({"doctype": REPORT, **values}).insert().name
		making.start(name)
		making.run(name, frappe.db.get_value(REPORT, name, "making_run"))  # the job that waits for the commit never runs on a stage
		doc = frappe.get_doc(REPORT, name)
		if doc.making_error:
			raise RuntimeError(doc.making_error)
		for row in doc.sections:
			row.text = texts.get(row.section, row.text)
		doc.save()
		reviewed.enter(doc, "In Review")
	_move(stage, last, REVIEWED)
	incidents.approve(stage, name, "数字与记录一致，同意发布。")
	_move(stage, last, PUBLISHED)
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(REPORT, name), "Published")
	return name


def _move(stage, last: date, turn: tuple[int, int]) -> None:
	"""A day and hour of the next month; on the first of a month all is done now."""
	day, hour = turn
	moment = datetime.combine(last + timedelta(days=day), time(hour), tzinfo=site_time.site_zone())
	stage.move_to(min(moment.astimezone(site_time.UTC), stage.end))
