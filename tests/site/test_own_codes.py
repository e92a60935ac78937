"""The codes of our links do not come back in (6.3.g, 6.3.j)."""

import base64
import quopri
from email import message_from_bytes

import customers
import frappe
import pytest
import receiving

from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import link_codes as own_codes
from ops_delivery.services.shared import signed_link


@pytest.fixture
def w(site):
	return customers.world()


def code(w) -> str:
	return answering.link_for(w.issue).partition("#")[2]


@pytest.mark.clause("6.3.g")
def test_a_code_is_known_however_it_is_quoted(w):
	token = code(w)
	cases = [
		f"https://x/acceptance#{token} and",
		f"see https://safe.example/?url=https%3A%2F%2Fx%2Facceptance%23{token}&data=1",
		f"> https://x/acceptance#{token[:60]}\n> {token[60:130]}\n> {token[130:]}\n",
		f"https://x/acceptance#{token[:70]}=\n{token[70:]}",
		f'<a href="https://x/acceptance#{token}">x</a>',
		token.replace(".", "%2E"),
	]
	cases += [f"https://x/acceptance#{token[:n]}=\r\n{token[n:]}" for n in range(1, 8)]
	cases += [f"https://x/acceptance#{token[:n]}\n> {token[n:]}" for n in range(1, 8)]
	for text in cases:
		cleaned = own_codes.without(text)
		assert token[8:30] not in cleaned and token[-20:] not in cleaned, text
	assert own_codes.without(cases[0]) == "https://x/acceptance#… and"
	for text in ("nothing here", "https://x/y#WzEsImEi.b", "WzEsIkxvbmcgdGV4dCB0aGF0IGlzIG5vbmUi.of-ours"):
		assert own_codes.without(text) == text


@pytest.mark.clause("6.3.g")
def test_a_quoted_link_is_stored_nowhere(w):
	token = code(w)
	raw = receiving.message(w.issue, w.asker, f"Still broken\n> https://x/acceptance#{token}\n")
	message = receiving.receive(receiving.door(), raw)
	stored = frappe.get_doc("Communication", message.name)
	assert "Still broken" in stored.content
	assert token[-30:] not in (stored.content or "") + (stored.text_content or "")
	assert not frappe.get_all("Email Queue", {"message": ["like", f"%{token[-30:]}%"], "reference_name": w.issue.name})


def test_a_message_within_a_message_is_cleaned_whatever_it_is_encoded_in(w):
	token = code(w)
	text = f"你好 https://x/acceptance#{token}\n"
	for encoding, body in (
		("base64", base64.encodebytes(text.encode("gb18030"))),
		("quoted-printable", quopri.encodestring(text.encode("gb18030"))),
		("8bit", text.encode("gb18030")),
	):
		head = f"Subject: x\nContent-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: {encoding}\n\n"
		cleaned = message_from_bytes(own_codes.clean_mail(head.encode() + body))
		words = cleaned.get_payload(decode=True).decode(cleaned.get_content_charset())
		assert words.startswith("你好 https://x/acceptance#…") and token[-20:] not in words
	untouched = b"Subject: x\n\nnothing\n"
	assert own_codes.clean_mail(untouched) == untouched


INNER = "From: desk@x.example\nSubject: resolved\nContent-Type: text/html\nContent-Transfer-Encoding: {coding}\n\n{body}\n"
FILES = {
	"a mail, encoded": ("message/rfc822", "result.eml", "base64"),
	"a mail, as any file": ("application/octet-stream", "result.eml", "quoted-printable"),
	"a page": ("text/html", "result.html", None),
	"a text": ("text/plain", "result.txt", None),
	"Outlook's own": ("application/vnd.ms-outlook", "result.msg", "utf-16-le"),
}


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize(
	("kind", "service"),
	# Frappe shows an encoded message as the signs that it is encoded in
	[(kind, service) for kind in FILES for service in (True, False) if service or kind != "a mail, encoded"],
)
def test_a_file_that_comes_by_mail_brings_no_code_back(post, w, kind, service):
	token, (content_type, name, coding) = code(w), FILES[kind]
	page = f'<p>It is done</p><a href="https://x/acceptance#{token}">yes</a>'
	content = page.encode()
	if coding in ("base64", "quoted-printable"):
		body = base64.encodebytes(content) if coding == "base64" else quopri.encodestring(content)
		content = INNER.format(coding=coding, body=body.decode()).encode()
	elif coding:
		content = b"\x0b" + f"\0{page}\0".encode(coding)
	head = f'Content-Type: {content_type}\nContent-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64'
	raw = (
		f"From: {w.asker}\nSubject: Re: {w.issue.name}\nMessage-ID: <{frappe.generate_hash()}@x.example>\nMIME-Version: 1.0\n"
		f'Content-Type: multipart/mixed; boundary="BB"\n\n--BB\n\nSee there\n--BB\n{head}\n\n{base64.encodebytes(content).decode()}\n--BB--\n'
	)
	box = post.service() if service else post.account()
	post.put(box, raw.encode())
	(message,) = post.receive(box)
	files = frappe.get_all("File", {"attached_to_name": message, "attached_to_doctype": "Communication"}, pluck="name")
	if service:
		assert len(files) == 1  # Frappe takes a page for the mail's words
	for file in files:
		stored = open(frappe.get_doc("File", file).get_full_path(), "rb").read()
		words = b"".join(part.get_payload(decode=True) or b"" for part in message_from_bytes(stored).walk())
		for found in (stored, words):
			assert token[-20:].encode() not in found.replace(b"\0", b"").replace(b"=\n", b"").replace(b"\n", b"")
		assert b"It is done" in words.replace(b"\0", b"") or b"It is done" in stored.replace(b"\0", b"")
	shown = frappe.get_doc("Communication", message).content
	assert token[-20:] not in shown and ("See there" in shown or not service)
	if service and content_type == "message/rfc822":
		assert "It is done" in shown


@pytest.mark.clause("6.3.g")
def test_nobody_acts_by_a_link_from_anothers_log_in(w, as_user):
	token = code(w)
	with as_user(w.colleague), pytest.raises(signed_link.InvalidLink, match="was sent to somebody else"):
		answering.decide_by_link(token, "Accepted")
	assert answering.latest(w.issue.name).state == "Requested"
	with as_user(w.asker):
		answering.decide_by_link(token, "Accepted")
	assert answering.latest(w.issue.name).state == "Accepted"
