"""Headers as mail programs write them."""

from email import message_from_bytes

import pytest

from ops_delivery.domain import mail_headers


def header(raw: bytes, name: str = "Subject"):
	return mail_headers.heal(message_from_bytes(raw + b"\n\nx"))[name]


@pytest.mark.parametrize(
	("raw", "text"),
	[
		(b"Subject: Re: =?utf-8?B?5omT5Y2w5py6?=", "Re: 打印机"),
		(b"Subject: Re:=?utf-8?B?5omT5Y2w5py6?=!", "Re:打印机!"),
		(b"Subject: =?GB2312?B?u9i4tA==?=: ISS-2026-1", "回复: ISS-2026-1"),
		("Subject: 打印机坏了".encode("gbk"), "打印机坏了"),
		("Subject: 打印机坏了".encode(), "打印机坏了"),
		(b"Subject: =?utf-8?B?5omT5Y0=?=\n =?utf-8?B?sOacug==?=", "打印机"),  # a character in two words
		(b"Subject: =?utf-8?Q?caf=C3=A9_bar?=", "café bar"),
		(b"Subject: =?x-nobody-knows?B?5omT5Y2w5py6?=", "打印机"),
		(b"Subject: =?utf-8?B?5omT5Y2w5py6", "=?utf-8?B?5omT5Y2w5py6"),
		(b"Subject: =?utf-8?B?5omT5Y2w5py6x?=", "打印机"),
		(b"Subject: two\n lines", "two lines"),
	],
)
def test_a_subject_reads_as_it_was_written(raw, text):
	assert mail_headers.decode(header(raw)) == text


@pytest.mark.parametrize(
	("raw", "found"),
	[
		(b'From: "=?gb18030?B?zfXA9g==?=" <Wang.Li@Hospital.example>', ("王丽", "wang.li@hospital.example")),
		("From: 王丽 <wl@hospital.example>".encode("gbk"), ("王丽", "wl@hospital.example")),
		("From: 王，丽(信息科) <wl@hospital.example>".encode(), ("王，丽", "wl@hospital.example")),
		(b"From: wl@hospital.example", ("", "wl@hospital.example")),
		(b"From: wl@hospital.example <wl@hospital.example>", ("", "wl@hospital.example")),
		(b"From: Tom Reid", ("Tom Reid", "")),
		(b"From: =?utf-8?B?546L5Li9IDx3bEBob3NwaXRhbC5leGFtcGxlPg==?=", ("王丽", "wl@hospital.example")),
	],
)
def test_who_wrote_is_read_before_the_name_is_decoded(raw, found):
	name, address = mail_headers.address(header(raw, "From"))
	assert address == found[1] and name.startswith(found[0]) and bool(name) == bool(found[0])


@pytest.mark.parametrize(
	"disposition",
	[
		b'attachment; filename="=?gb2312?B?tPLTobv6LnBuZw==?="',
		b"attachment; filename*=UTF-8''%E6%89%93%E5%8D%B0%E6%9C%BA.png",
		'attachment; filename="打印机.png"'.encode("gbk"),
		'attachment; filename="打印机.png"'.encode(),
	],
)
def test_a_file_has_its_name_whichever_way_it_is_written(disposition):
	mail = message_from_bytes(b"Content-Type: image/png\nContent-Disposition: " + disposition + b"\n\nx")
	assert mail_headers.file_name(mail_headers.heal(mail)) == "打印机.png"


def test_ids_come_in_their_order_and_once():
	assert mail_headers.message_ids("<c@x>", "<a@x>\r\n <b@x> <c@x>", None) == ["c@x", "a@x", "b@x"]
	assert mail_headers.message_ids("a@x") == ["a@x"]


def test_unknown_character_sets_lose_no_text():
	assert mail_headers.to_text("打印机".encode("gbk"), "x-none") == "打印机"
	assert mail_headers.to_text("打印机".encode("gb18030"), "gb2312") == "打印机"
	assert "b" in mail_headers.to_text(b"a\xff\xfeb\x80", "utf-8")


@pytest.mark.parametrize("charset", ["hex", "base64", "zlib", "rot13", "undefined", "idna", "punycode", "a\x00b", "x" * 300])
def test_what_names_no_character_set_is_read_by_what_it_fits(charset):
	for content in ("打印机".encode(), b"abc", b"", "打印机".encode("gb18030")):
		assert mail_headers.to_text(content, charset) == content.decode("utf-8" if content != "打印机".encode("gb18030") else "gb18030")
	assert mail_headers.decode(f"=?{charset}?Q?abc?=") or "\x00" in charset


def test_all_addresses_of_headers():
	found = mail_headers.addresses(['"A, B" <A@x.example>, c@x.example', "=?utf-8?B?546L?= <d+t-1@x.example>"])
	assert found == ["a@x.example", "c@x.example", "d+t-1@x.example"]


@pytest.mark.parametrize(
	("raw", "text"),
	[
		("=?utf-8?B?5omT?= =?utf-8?B?5Y2w?= \u673a".encode(), "打印 机"),
		(b"=?utf-8?Q?a?= between =?utf-8?Q?b?=", "a between b"),
		(b"=?utf-8?Q?a?= =?gb2312?B?tPI=?=", "a打"),  # each in its own character set
		(b"=?utf-8*zh?Q?caf=C3=A9?=", "café"),  # with a language (RFC 2231)
		("=?utf-8?B?5omT5Y2w?= =?utf-8?B?打?=".encode(), "打印=?utf-8?B?打?="),  # a word that holds none stays as it is
		(b"a\x00b", "ab"),
		(b"=?utf-8?q?lower_case?=", "lower case"),
	],
)
def test_encoded_words_among_others(raw, text):
	assert mail_headers.decode(header(b"Subject: " + raw)) == text


def test_no_header_has_no_text_and_nobody():
	assert mail_headers.decode(None) == "" and mail_headers.address(None) == ("", "")
	assert mail_headers.people([]) == [] and mail_headers.addresses([]) == []


@pytest.mark.parametrize(
	("value", "found"),
	[
		("Tom Reid tom@x.example", ("Tom Reid", "tom@x.example")),
		("<tom@x.example", ("", "tom@x.example")),
		('"Tom Reid" tom@x.example (work)', ("Tom Reid", "tom@x.example")),
		("root@localhost", ("", "root@localhost")),
		("Tom <TOM@X.example>", ("Tom", "tom@x.example")),
		("TOM@x.example <tom@X.example>", ("", "tom@x.example")),
		("nobody at all", ("nobody at all", "")),
		("", ("", "")),
	],
)
def test_an_address_however_it_stands_there(value, found):
	name, address = mail_headers.address(value)
	assert address == found[1] and name.startswith(found[0]) and bool(name) == bool(found[0])


def test_people_are_told_apart_by_their_addresses_and_named_once():
	assert mail_headers.people(
		['"Wang, Li" <wl@h.example>, Tom <tom@x.example>', "Li Wang <WL@h.example>; chen@x.example", "undisclosed"]
	) == [("Wang, Li", "wl@h.example"), ("Tom", "tom@x.example"), ("", "chen@x.example")]
	# a quote that never ends hides nobody
	assert [one for _name, one in mail_headers.people(['"Wang <wl@h.example>, tom@x.example'])] == ["wl@h.example", "tom@x.example"]
	assert mail_headers.people(["王丽 <wl@h.example>".encode("gbk").decode("utf-8", "surrogateescape")]) == [("王丽", "wl@h.example")]


def test_the_last_ids_of_many_are_kept():
	many = " ".join(f"<{number}@x>" for number in range(80))
	assert mail_headers.message_ids(many) == [f"{number}@x" for number in range(20, 80)]
	assert mail_headers.message_ids("no id", None, "") == []


def test_a_part_without_a_file_name_has_none():
	assert mail_headers.file_name(message_from_bytes(b"Content-Type: text/plain\n\nx")) == ""
	broken = message_from_bytes(b"Content-Disposition: attachment; filename*=nobody-knows''%E6%89%93.png\n\nx")
	assert mail_headers.file_name(broken).endswith(".png")


@pytest.mark.parametrize(
	("name", "value"),
	[
		("Subject", "打印机 坏了"),
		("subject", "打印机 坏了"),
		("X-Mailer", "one two"),
		("Mailer", ""),
		("To", ""),
		("Bcc", ""),
	],
)
def test_one_header_of_a_whole_mail(name, value):
	raw = "X-Mailer : one\r\n\ttwo\r\nSubject: 打印机\r\n 坏了\r\nSubject: other\r\n\r\nTo: body\r\nBcc: x".encode("gbk")
	assert mail_headers.first(raw, name) == value


def test_what_needs_no_healing_is_left_alone():
	raw = "Subject: =?utf-8?B?5omT?=\nX: 打\n\n".encode("gbk")
	mail = message_from_bytes(raw)
	assert mail_headers.heal(mail) is mail and mail["X"] == "打" and mail["Subject"] == "=?utf-8?B?5omT?="
	assert [name for name, _value in mail.raw_items()] == ["Subject", "X"]
