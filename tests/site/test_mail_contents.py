"""What customers' programs write is read as they wrote it: names, words, pictures, invitations, mails within mails (5.3.c, 6.3.j).

`mails/` holds mails as programs made them, each named by what went wrong with it; addresses are made up.
"""

import base64
import time
from datetime import date
from pathlib import Path

import customers
import factories
import frappe
import pytest
import scenario
import wire

from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import wording

MAILS = Path(__file__).parent / "mails"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MIXED = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="BB"'


@pytest.fixture
def w(post):
	w = customers.world()
	w.box = post.service()
	w.issue = scenario.issue(w.agreement, raised_by=w.asker)
	customers.tell_all()
	frappe.db.commit()
	return w


def came(post, w, raw: bytes):
	post.put(w.box, raw)
	found = post.receive(w.box)
	return frappe.get_doc("Communication", found[0]) if found else None


def mail(w, *head: str, body: str = "x", sender=None) -> bytes:
	lines = [f"From: {sender or w.asker}", f"Message-ID: <{factories.unique_email('m')}>", *head]
	if not any(line.startswith("Subject:") for line in lines):
		lines.append(f"Subject: {factories.unique('Printer')}")
	return ("\n".join(lines) + f"\n\n{body}\n").encode()


def parts(*found: tuple[str, str]) -> str:
	return "".join(f"\n--BB\n{head}\n\n{body}" for head, body in found) + "\n--BB--"


def files(message) -> dict:
	rows = frappe.get_all("File", {"attached_to_name": message.name}, ["name", "file_name", "file_url", "is_private"])
	assert all(row.is_private for row in rows)
	return {row.file_name: row for row in rows}


def has(found: dict, stem: str) -> bool:
	"""Frappe adds to the name of a file that is on the disk already."""
	return any(name.startswith(stem) for name in found)


REQUEST, AS_REPLY, PERSON, FILED = "a request", "its request", "a person", "nothing"
EXPECTED = {
	"attachment_name_gb2312": (REQUEST, lambda m, f: has(f, "三号窗口收费系统报错截图") and m.subject.startswith("附件测试")),
	"attachment_name_long": (REQUEST, lambda m, f: len(f) == 1 and next(iter(f)).startswith("关于门诊收费系统故障情况")),
	"data_uri_image_public": (REQUEST, lambda m, f: len(f) == 1 and "/private/files/" in m.content and "data:" not in m.content),
	"dsn_to_complaints": (FILED, lambda m, f: m.communication_type == "Automated Message"),
	"f05_from_no_address": (PERSON, None),
	"forward_as_attachment": (REQUEST, lambda m, f: "见附件" in m.content and "里面的正文" in m.content and has(f, "orig") and has(f, "inner")),
	"k1_secondary_address": (REQUEST, lambda m, f: m.subject == "用第二个邮箱报修"),
	"no_from": (PERSON, None),
	"ooo_reply_to_result": (AS_REPLY, lambda m, f: m.communication_type == "Automated Message"),
	"p1_foxmail_references_only": (AS_REPLY, lambda m, f: "打印机仍然坏" in m.content and m.sender_full_name == "王丽"),
	"q1_complaint_as_reply": (AS_REPLY, lambda m, f: "我要投诉赵磊" in m.content),
	"still_broken_quotes_signed_link": (AS_REPLY, lambda m, f: "还是不行" in m.content and "WzEsI" not in m.content and "WzEsI" not in m.text_content),
	"thanks_to_closed": (AS_REPLY, lambda m, f: "谢谢" in m.content),
}  # fmt: skip


def test_every_mail_that_went_wrong_is_here():
	assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("kind", sorted(EXPECTED))
def test_a_mail_that_went_wrong_goes_right(post, w, kind):
	becomes, holds = EXPECTED[kind]
	factories.make_contact(w.customer, email="wang.li@hospital.example")
	second = factories.make_contact(w.customer, email="main@hospital2.example")
	second.append("email_ids", {"email_id": "wl@hospital2.example"})
	second.save(ignore_permissions=True)
	ours = frappe.get_all("Service Mail", {"reference_name": w.issue.name, "direction": "Sent"}, pluck="message_id")[0]
	raw = (MAILS / f"{kind}.eml").read_bytes()
	head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
	lines = [
		line.partition(b":")[0] + f": <{ours}>".encode() if line.startswith((b"In-Reply-To:", b"References:")) else line
		for line in head.split(b"\n")
	]
	message = came(post, w, b"\n".join(lines) + blank + body)
	assert post.unseen(w.box) == []
	if becomes == PERSON:
		assert message is None and set_aside.waiting() == 1
		return
	assert set_aside.waiting() == 0
	if becomes == FILED:
		assert not message.reference_name
	elif becomes == AS_REPLY:
		assert message.reference_name == w.issue.name
	else:
		issue = frappe.get_doc("Issue", message.reference_name)
		assert issue.name != w.issue.name and issue.customer == w.customer and issue.ops_channel == "E-mail"
		assert issue.ops_agreement == w.agreement.name
	assert holds(message, files(message)), (message.subject, message.content[:500], files(message))


@pytest.mark.clause("5.3.c")
def test_headers_in_gbk_without_a_word_about_it(post, w):
	head = f"From: 王丽 <{w.asker}>\nTo: 服务台 <{w.box.email_id}>\nSubject: 打印机坏了\nMessage-ID: <gbk@x.example>\n"
	message = came(post, w, head.encode("gbk") + b"Content-Type: text/plain; charset=gbk\n\n" + "卡纸".encode("gbk"))
	assert (message.subject, message.sender_full_name, message.sender) == ("打印机坏了", "王丽", w.asker)
	assert "卡纸" in message.content and "服务台" in message.recipients


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize(
	("sender", "reply_to", "counts"),
	[("web@forms.example", "asker", "asker"), ("asker", "team@elsewhere.example", "asker"), ("a@x.example", "b@x.example", "b@x.example")],
	ids=["reply to a customer", "a customer", "neither is known"],
)  # fmt: skip
def test_the_customer_is_found_by_whichever_address_is_known(post, w, sender, reply_to, counts):
	sender, reply_to, counts = ((w.asker if one == "asker" else one) for one in (sender, reply_to, counts))
	message = came(post, w, mail(w, f"Reply-To: {reply_to}", sender=sender))
	assert message.sender == counts
	customer = frappe.db.get_value("Issue", message.reference_name, "customer")
	assert customer == (w.customer if counts == w.asker else None)


def test_a_message_within_a_message_brings_no_code_of_ours(post, w):
	w.issue = customers.resolve(scenario.judge_valid(w.issue, scenario.MONDAY) or w.issue)
	token = answering.link_for(w.issue).partition("#")[2]
	inner = f"From: a@x.example\nSubject: inner\n\nhttps://x/acceptance#{token}"
	message = came(post, w, mail(w, MIXED, body=parts(("Content-Type: text/plain", "see"), ("Content-Type: message/rfc822", inner))))
	assert token[-25:] not in message.content
	(file,) = files(message).values()
	with open(frappe.get_doc("File", file.name).get_full_path(), "rb") as content:
		stored = content.read()
	assert b"Subject: inner" in stored and token[-25:].encode() not in stored
	assert token[-25:].encode() not in base64.b64decode(stored.partition(b"\n\n")[2] + b"===", validate=False)


@pytest.mark.clause("6.3.j")
def test_an_invitation_is_shown_as_date_and_place(post, w):
	calendar = (
		"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:更换交换机\nDTSTART:20261202T060000Z\n"
		"DTEND:20261202T070000Z\nLOCATION:2 号楼 301\nEND:VEVENT\nEND:VCALENDAR"
	)
	head = "Content-Type: text/calendar; charset=utf-8; method=REQUEST"
	message = came(post, w, mail(w, MIXED, body=parts(("Content-Type: text/plain", "Come please"), (head, calendar))))
	for part in ("Come please", "更换交换机", "2 号楼 301", "14:00–15:00", wording.day(date(2026, 12, 2))):
		assert part in message.content, message.content
	assert [name.rpartition(".")[2] for name in files(message)] == ["ics"]


@pytest.mark.clause("6.3.j")
def test_much_html_takes_no_minutes(post, w):
	html = "<p>The printer is jammed</p>" + "<div><table><tr><td style='color:red'>row</td></tr></table></div>" * 75_000
	raw = mail(w, "MIME-Version: 1.0", "Content-Type: text/html", body=html)
	started = time.monotonic()
	message = came(post, w, raw)
	assert time.monotonic() - started < 25
	assert "The printer is jammed" in message.content and len(message.content) < 200_000
	assert has(files(message), "message")


# What the customer and the desk see of it


def with_pictures(w) -> bytes:
	html = f'<p>See <img src="cid:pic1"> and <img src="data:image/png;base64,{PNG}"> <img src="http://t.example/p.gif"></p>'
	picture = 'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\nContent-ID: <pic1>'
	other = base64.b64encode(base64.b64decode(PNG) + b"other").decode()
	return mail(w, MIXED, body=parts(("Content-Type: text/html", html), (picture, other)))


@pytest.mark.clause("6.3.j")
def test_a_request_by_mail_shows_what_was_written_on_the_portal(post, w):
	message = came(post, w, with_pictures(w))
	issue = frappe.get_doc("Issue", message.reference_name)
	assert issue.ops_channel == "E-mail" and "See" in issue.description
	shown = portal.request(issue.name, w.asker)
	assert shown["description_html"].count("<img") == 2 and "t.example" not in shown["description_html"]
	assert shown["description_html"].count(f"portal.attachment?issue={issue.name}") == 2
	assert len(shown["files"]) == 2
	again = f"From: {w.asker}\nSubject: Re: {issue.name}\nMessage-ID: <{factories.unique_email('m')}>\n{MIXED}\n"
	picture = 'Content-Type: image/png; name="b.png"\nContent-Transfer-Encoding: base64'
	html = f'<img src="data:image/png;base64,{PNG}">'
	came(post, w, (again + parts(("Content-Type: text/html", html), (picture, PNG))).encode())
	wrote = [one for one in portal.request(issue.name, w.asker)["course"] if one["what"] == "You wrote"]
	assert len(wrote) == 1 and "<img" in wrote[0]["text_html"]


@pytest.mark.committed
@pytest.mark.clause("6.3.j")
def test_the_desk_opens_customers_files_and_nobody_elses(post, make_user):
	w = customers.world()
	w.box = post.service()
	message = came(post, w, with_pictures(w))
	(first, *_rest) = files(message).values()
	unlinked = factories.make("Communication", subject="x", content="secret", communication_medium="Email")
	users = {role: make_user(roles=[role], new_password=wire.PASSWORD).name for role in ("Service Desk", "Field Engineer", "Employee")}
	frappe.db.commit()
	for role, user in users.items():
		visitor = wire.Visitor(frappe.local.site, user)
		for path in (first.file_url, f"{first.file_url}?fid={first.name}"):
			assert visitor.ask("GET", path).status == (403 if role == "Employee" else 200), (role, path)
		assert visitor.ask("GET", f"/api/resource/Communication/{unlinked.name}").status == 403
		found = visitor.call("frappe.client.get_list", doctype="Communication", fields=["name"], limit_page_length=500)
		assert unlinked.name not in found.text


@pytest.mark.clause("5.3.d")
def test_the_explanation_shows_both_moments(post, w):
	from ops_delivery.services.clocks import explanation

	message = came(post, w, mail(w, "Date: Sun, 29 Nov 2026 10:00:00 +0000"))
	(first, *_rest) = explanation.explain_record("Issue", message.reference_name)
	assert first["received"] and first["mail_dated"].startswith("2026-11-29T10:00:00")
	assert first["received"] == first["started"]
