"""Each mail that we send, in Chinese and in English, as HTML and as plain text (6.3.f).

OPS_TEST_MAILS=FOLDER saves them there as KIND.zh.html, KIND.zh.txt and so on, to look at.
"""

import os
import re
from email.message import EmailMessage
from pathlib import Path

import complaining
import customers
import factories
import frappe
import improving
import mailed
import monitoring_scene
import post_office
import pytest
import reviewing
import routine_scene
import scenario
import surveying

from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import storing as mail_storing
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.outbox import sending as notice_sending
from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.services.shared.site_time import site_now, utc_now
from ops_delivery.setup import complaint_notices, notifications, routine_notices

pytestmark = pytest.mark.clause("6.3.f")
KINDS = {
	**notifications.NOTIFICATIONS,
	**notifications.REVIEWS,
	**complaint_notices.NOTIFICATIONS,
	**routine_notices.NOTIFICATIONS,
	**notifications.SURVEYS,
}
LANGUAGES = ("zh", "en")
READER = "wang.li@hospital.example"
DETAILS = {
	"reason": "等待备件",
	"by": "王丽",
	"days": 30,
	"last_day": "2026-12-31",
	"objection_until": "2026-11-30",
	"addresses": ["li@hospital.example"],
	"what": "现场支持",
	"used": "7 次",
	"at_hand": "8 次",
	"share": 88,
	"since": "2026-03-02 10:00",
	"until": "2026-12-31",
}
CHINESE = {
	"Issue": {
		"subject": "三号窗口打印机卡纸",
		"customer_name": "市医院",
		"priority": "High",
		"ops_invalid_reason": "不在服务范围",
		"resolution_details": "<p>更换了搓纸轮。</p><p>已试打三页。</p>",
		"ops_acceptance_status": "Accepted",
		"ops_pause_reason": "等待备件",
		"ops_departed_on": "2026-03-02 10:00:00",
		"ops_arrived_on": "2026-03-02 11:00:00",
	},
	"Service Agreement": {"title": "运维服务协议", "customer_name": "市医院"},
	"Routine Task": {"title": "配电室月度巡检"},
	"Service Review": {"reference_title": "三月份运维计划", "due_on": "2026-03-05 18:00:00", "role": "Service Delivery Manager"},
	"Service Complaint": {
		"subject": "工程师未到场",
		"result": "Justified",
		"result_text": "已核实，当天未安排人员。",
		"closed_reason": "客户接受了结果",
	},
	"Improvement Action": {"title": "改进回访", "told_text": "今后当天回电。", "answer": "Confirmed", "answer_note": "很好"},
	"Service Survey": {"reference_title": "三号窗口打印机卡纸"},
	"Monitoring Source": {"title": "动环监控"},
	"Communication": {"sender": READER, "subject": "打印机", "reference_doctype": "Issue", "reference_name": "ISS-2026-00001"},
}


def about(doctype: str):
	"""A record that mails are about, with Chinese in what people wrote."""
	factories.make_email_account()
	doc = frappe.get_doc(doctype, MAKERS[doctype]())
	doc.update(CHINESE[doctype])
	for row in doc.get("participants") or ():
		row.update({"decided_on": site_now(), "decision": "Approved", "full_name": "王丽", "opinion": "同意"})
	return doc


def _improvement() -> str:
	return improving.action().name


def _survey() -> str:
	customer = factories.make_customer().name
	surveying.only_own_rules()
	(survey,) = surveying.asked([customers.portal_user(customer)], customer, surveying.template())
	return survey.name


def _message() -> str:
	return factories.make("Communication", communication_type="Communication", content="-", subject="-").name


def _source() -> str:
	return monitoring_scene.world().source.name


def _round() -> str:
	asked = [{"what": "Helper", "details": "请安排一名可操作配电柜的人员", "days_before": 1}]
	with routine_scene.at("2026-03-02"):
		return routine_scene.tasks(routine_scene.schedule(title="配电室月度巡检", assistance=asked))[0].name


MAKERS = {
	"Issue": lambda: customers.world(allow_deemed_acceptance=1, deemed_after_days=5).issue.name,
	"Service Agreement": lambda: scenario.agreement().name,
	"Routine Task": _round,
	"Service Review": lambda: reviewing.open_review(reviewing.in_internal_review().plan),
	"Service Complaint": lambda: complaining.world().complaint.name,
	"Improvement Action": _improvement,
	"Service Survey": _survey,
	"Communication": _message,
	"Monitoring Source": _source,
}


def queue_of(alert, doc, language: str):
	"""What a notice of this kind queues for one reader of a language."""
	values = {**KINDS[alert], "message_type": "HTML"}
	row = frappe._dict(details=frappe.as_json(DETAILS), told="", reference_doctype=doc.doctype, reference_name=doc.name)
	frappe.flags.ops_notice = row
	try:
		subject, message = notice_sending._rendered(
			frappe._dict(values), {"doc": doc, "frappe": frappe._dict(format=frappe.format)}, language, [READER]
		)
	finally:
		frappe.flags.ops_notice = None
	return mail.queue(
		message,
		recipients=[READER],
		subject=subject,
		reference_doctype=doc.doctype,
		reference_name=doc.name,
		expose_recipients="header",
		add_unsubscribe_link=0,
	)


def read(queue, kind: str, language: str, names: list[str]) -> None:
	"""Look at a mail as its reader gets it."""
	sent = post_office.parsed(mailed.sent(queue))
	html, plain = sent.get_body(("html",)).get_content(), sent.get_body(("plain",)).get_content()
	if folder := os.environ.get("OPS_TEST_MAILS"):
		stem = f"{re.sub(r'[^a-z]+', '-', kind.lower()).strip('-')}.{language}"
		head = "\n".join(f"{name}: {value}" for name, value in sent.items())
		(Path(folder) / f"{stem}.html").write_text(html)
		(Path(folder) / f"{stem}.txt").write_text(f"{head}\n\n{plain}")
	html = html.partition('<div class="default-mail-footer">')[0]  # the host's own, which an administrator switches off
	assert sent["Auto-Submitted"] == "auto-generated" and sent["Message-ID"]
	assert not sent["List-Unsubscribe"] and "unsubscribe<" not in html.lower() and "退订" not in html
	links = [link for link in re.findall(r'href="([^"]+)"', html)]
	assert all(link.replace("&amp;", "&") in plain for link in links), (links, plain)
	for text in (str(sent["Subject"]), _words(html), plain):
		assert text.strip() and "{{" not in text and "None" not in text, text
		assert not re.search(r"[a-z][.:!?][A-Z]", re.sub(r"https?://\S+", "", text)), text  # run together
		if language == "zh":
			assert not (found := _english(text, names)), (kind, found, text)
			assert not re.search(r"[。！？；：，] [\u4e00-\u9fff]", text), (kind, text)


def _words(html: str) -> str:
	return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|head|title)\b.*?</\1>|<!--.*?-->", " ", html))


def _english(text: str, names: list[str]) -> list[str]:
	"""English words of a text but for links, addresses and names."""
	text = re.sub(r"https?://[^\s<>)\]]+|[\w.+-]+@[\w.-]+", " ", text)
	for name in sorted(filter(None, names), key=len, reverse=True):
		text = text.replace(name, " ")
	return re.findall(r"[A-Za-z]{2,}", text)


def names_of(doc) -> list[str]:
	return [doc.name, *(doc.get(field) for field in ("reference_name", "customer", "customer_name", "agreement_number"))]


@pytest.mark.parametrize("doctype", MAKERS)
def test_notices_in_both_languages(site, doctype, monkeypatch):
	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)
	doc = about(doctype)
	kinds = [kind for kind, values in KINDS.items() if values["document_type"] == doctype]
	assert kinds
	for kind in kinds:
		for language in LANGUAGES:
			read(queue_of(kind, doc, language), kind, language, names_of(doc))


def test_every_type_that_mails_are_about_is_here():
	assert {values["document_type"] for values in KINDS.values()} == set(MAKERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_escalation_in_both_languages(site, language):
	w = customers.world()
	factories.make_email_account()
	person = factories.make_user(language=language).name
	log = frappe._dict(
		kind="Alarm", commitment="Resolution", reference_doctype="Issue", reference_name=w.issue.name,
		step="Alarm", due_on=site_now(),
	)  # fmt: skip
	for number, logs in enumerate(([log], [log, log])):
		outcome = telling._send(logs, person, person)
		assert outcome.mail, outcome.problem
		queue = frappe.get_doc("Email Queue", outcome.mail)
		read(queue, f"escalation {'ab'[number]}", language, [w.issue.name, "Alarm"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_in_both_languages(site, language):
	account = factories.make_email_account()
	person = factories.make_user(language=language).name
	head = EmailMessage()
	head["From"], head["Subject"], head["Message-ID"] = person, "报修", "<large@hospital.example>"
	place = mail_storing.Place(account, "INBOX", "Issue", "1:1", 1)
	mail_storing.tell_too_large(place, head.as_bytes(), 40_000_000, utc_now(), None)
	queue = frappe.get_last_doc("Email Queue")
	assert [row.recipient for row in queue.recipients] == [person]
	read(queue, "too large", language, ["MB"])
