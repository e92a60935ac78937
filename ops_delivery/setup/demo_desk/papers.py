"""For the demo: an article for customers, a confidential document, and a Word template for service reports (5.3.f, 8.2.c.2, 8.2.e)."""

from __future__ import annotations

import frappe

from ops_delivery.domain.knowledge import life
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.knowledge import drafting
from ops_delivery.services.own_papers import registry, starters
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared.locale import reading
from ops_delivery.setup.demo_desk import data, incidents

ARTICLE, TEMPLATE, DELIVERABLE = "Knowledge Article", "Paper Template", "Deliverable"
SCENE = "检验报告回传延迟"  # one of endings.NOW, resolved on every day the demo may be made
CAUSE = "消息队列消费者过少，高峰时段积压。"
SECRET = "核心系统应急恢复口令保管与启用说明"
WORD = "服务报告（Word 起始模板）"


def make(stage, company) -> None:
	"""Each once."""
	stage.move_to(stage.end)
	issue = frappe.db.get_value("Issue", {"customer": data.CUSTOMERS[0]["name"], "status": ["in", ISSUE_ENDED], "subject": SCENE}, order_by="creation desc")
	if issue and not frappe.db.exists(DELIVERABLE, {"title": SECRET}):
		_secret(stage, issue)
	if issue and not frappe.db.exists(ARTICLE, {"source_name": ["is", "set"]}):
		_article(stage, issue)
	if not frappe.db.exists(TEMPLATE, WORD):
		_word()


def _article(stage, issue: str) -> None:
	"""Drafted from what was resolved, read, reviewed by another and published for every customer."""
	with stage.as_user(data.MANAGER):
		doc = frappe.get_doc({"doctype": ARTICLE, **drafting.draft("Issue", issue)["values"]})
		doc.update({"audience": life.ALL, "cause": doc.cause or CAUSE, "keywords": "LIS 检验报告 延迟 消息队列", "checked": 1})
		reviewed.enter(doc.insert(), life.IN_REVIEW)
	incidents.approve(stage, doc.name, "步骤可行，未见个人信息，同意发布。")
	with stage.as_user(data.MANAGER):
		reviewed.enter(frappe.get_doc(ARTICLE, doc.name), life.PUBLISHED)


def _secret(stage, issue: str) -> None:
	"""A document of a stricter class: those it is addressed to open it, each opening is logged, each copy bears its reader."""
	with stage.as_user(data.MANAGER):
		doc = incidents.new(stage, issue, incidents.DOCUMENT, SECRET)
		doc.update({"content": "应急口令信封的保管人、启用条件、启用后更换与登记的步骤。", "wanted_format": "CSV", "security_class": "Confidential"})
		doc.update({"audience_people": "信息科主任"})
		doc.insert()
		said = "步骤,责任人,要求\n启封,信息科主任,两人在场并登记\n更换口令,值班工程师,启用后 24 小时内\n"
		file = uploads.attach(DELIVERABLE, doc.name, "应急口令启用说明.csv", said.encode("utf-8-sig"))
		doc.append("files", {"file": file.file_url})
		doc.specification_met = 1
		doc.save()
	incidents.publish(stage, doc.name)


def _word() -> None:
	"""The document that *Start from Ours* gives, enabled as it is."""
	with reading("zh"):
		content = starters.of(registry.of("Service Report"))
	file = frappe.get_doc({"doctype": "File", "file_name": "service-report-zh.docx", "content": content, "is_private": 1}).insert()
	values = {"template_name": WORD, "document_type": "Service Report", "file": file.file_url, "output": "Word", "language": "zh", "enabled": 1}
	frappe.get_doc({"doctype": TEMPLATE, **values, "description": "由系统附带的起始模板生成，可下载修改后重新上传。"}).insert()
