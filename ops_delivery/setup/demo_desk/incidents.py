"""For the demo: one major incident with its published report, a result that a request proves, and a document that was destroyed
(8.2.a, 8.2.d, 8.4.a.1, 8.4.b.3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_days, getdate

from ops_delivery.domain import major as domain
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.deliverables import files, incident_reports
from ops_delivery.services.incidents import steps
from ops_delivery.services.requests import major
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.scope import uploads
from ops_delivery.setup.demo_desk import data

REPORT, DELIVERABLE = "Major Incident Report", "Deliverable"
RESULT, DOCUMENT = "Normal Running Restored (Response)", "Other Response Report"
DESTROYED = "网络拓扑与口令交接清单（旧机房）"


def make(stage, company) -> None:
	"""A manager declares the last request that is over a major incident; all that follows is done today."""
	customers = [row["name"] for row in data.CUSTOMERS]
	if frappe.db.exists(REPORT, {"customer": ["in", customers]}):
		return
	found = frappe.get_all(
		"Issue",
		{"customer": ["in", customers], "status": ["in", ISSUE_ENDED], "ops_validity": "Valid", "ops_major": 0, "ops_agreement": ["is", "set"]},
		pluck="name",
		order_by="creation desc",
		limit=1,
	)
	if not found:
		return
	stage.move_to(stage.end)
	_report(stage, found[0])
	_result(stage, found[0])
	_destroyed(stage, found[0])


def _report(stage, issue: str) -> None:
	with stage.as_user(data.MANAGER):
		frappe.db.set_value("Issue", issue, "ops_people_affected", 160, update_modified=False)
		major.decide(issue, domain.DECLARED, "门诊收费与挂号同时中断，院方要求书面报告。")
		doc = frappe.get_doc(REPORT, {"issue": issue})
		steps.take_course(doc.name)
		doc.reload()
		doc.update(
			{
				"impact": "约 160 名工作人员无法登录业务系统，窗口改用手工登记；恢复之后补录，没有丢失数据。",
				"causes": [
					{
						**{"category": "Technology", "is_root": 1, "evidence": "存储告警日志；df 输出存于本请求附件"},
						**{"why_1": "业务系统无法写入", "why_2": "日志分区已满", "why_3": "日志没有轮转", "why_4": "迁移时未带过轮转配置"},
					},
					{"category": "Method", "why_1": "告警未触发", "why_2": "阈值只监控数据分区", "evidence": "监控策略截图"},
				],
				"root_cause": "迁移之后日志轮转配置缺失，日志分区写满。",
				"treatment": "清理旧日志，重启服务，核对数据；当日恢复日志轮转。",
				"measures": [
					{"measure": "为所有服务器补齐日志轮转配置并核查", "owner_user": data.MANAGER, "due_date": _later(stage, 10)},
					{"measure": "监控增加日志分区的容量阈值", "owner_user": data.SENIOR_MANAGER, "due_date": _later(stage, 14)},
				],
				"lessons": "迁移核对清单应包含日志、定时任务与监控三项。",
			}
		)
		doc.append("timeline", {"at": doc.reported_on, "what": "值班人员电话报告：窗口无法收费。", "shown": 1})
		doc.save()
		steps.open_measures(doc.name)
		reviewed.enter(frappe.get_doc(REPORT, doc.name), domain.IN_REVIEW)
	approve(stage, doc.name, "原因与措施清楚，同意发布。")
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(REPORT, doc.name), domain.PUBLISHED)
		target = frappe.get_doc(DELIVERABLE, incident_reports.hand_over(doc.name))
		target.update({"specification_met": 1, "audience_people": "信息科主任、分管院长"})
		target.save()
	publish(stage, target.name)


def _result(stage, issue: str) -> None:
	"""Normal running restored: proven by the request, with its measure beside what was agreed."""
	with stage.as_user(data.MANAGER):
		doc = new(stage, issue, RESULT, "业务系统恢复正常运行")
		doc.update(
			{
				"content": "故障之后业务系统恢复正常，客户已确认可用。",
				"security_risk": "无；恢复过程未接触业务数据内容。",
				"security_control": "操作由两人在场完成，日志留存。",
				"shortfall": "如有超时，原因与改进见重大事件报告。",
				"records": [{"record_doctype": "Issue", "record_name": issue}],
			}
		)
		doc.insert()
	publish(stage, doc.name)


def _destroyed(stage, issue: str) -> None:
	"""A document that had to go: published, put away, destroyed with a reason; its name and fingerprint stay."""
	with stage.as_user(data.MANAGER):
		doc = new(stage, issue, DOCUMENT, DESTROYED)
		doc.update({"content": "旧机房设备、链路与管理口令的交接清单。", "wanted_format": "CSV", "security_class": "Strictly Confidential", "reviewer": data.SENIOR_MANAGER})
		doc.insert()
		file = uploads.attach(DELIVERABLE, doc.name, "交接清单.csv", "设备,位置,交接人\n核心交换机,旧机房 A 柜,信息科\n".encode("utf-8-sig"))
		doc.append("files", {"file": file.file_url})
		doc.specification_met = 1
		doc.save()
	publish(stage, doc.name)
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(DELIVERABLE, doc.name), "Archived")
		doc.reload()
		doc.reason = "旧机房已停用，口令全部更换，按保密要求销毁。"
		doc.save()
		reviewed.enter(frappe.get_doc(DELIVERABLE, doc.name), "Destroyed")
		files.remove(doc.name)


def new(stage, issue: str, kind: str, title: str) -> Any:
	"""A deliverable of a request's agreement that is due tomorrow; not saved yet."""
	agreement = frappe.db.get_value("Issue", issue, "ops_agreement")
	customer = frappe.db.get_value("Issue", issue, "customer")
	doc = frappe.new_doc(DELIVERABLE)
	doc.update({"title": title, "deliverable_type": kind, "agreement": agreement, "customer": customer, "due_date": _later(stage, 1)})
	return doc


def publish(stage, name: str) -> None:
	"""A deliverable that lacks nothing is reviewed by another person and published."""
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(DELIVERABLE, name), "In Review")
	approve(stage, name, "同意发布。")
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(DELIVERABLE, name), "Published")


def approve(stage, name: str, opinion: str) -> None:
	"""The other manager approves what is under review."""
	for review in frappe.get_all("Service Review", {"reference_name": name, "state": "Open"}, pluck="name", order_by="creation"):
		with stage.as_user(data.SENIOR_MANAGER):
			review_answers.decide(review, "Approved", opinion)


def _later(stage, days: int) -> Any:
	return add_days(getdate(stage.end.date()), days)
