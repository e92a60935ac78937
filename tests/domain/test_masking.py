"""Personal data taken out of a text, in both languages, and what is left for a person to judge (5.3.f)."""

import pytest

from ops_delivery.domain.knowledge import masking as m

PLANTED = [
	(m.EMAIL, "write to zhang.wei@example.com please", "zhang.wei@example.com"),
	(m.PHONE, "手机 13812345678", "13812345678"),
	(m.PHONE, "call 138 1234 5678", "138 1234 5678"),
	(m.PHONE, "+49 69 1234567 is mine", "+49 69 1234567"),
	(m.PHONE, "座机 021-58881234", "021-58881234"),
	(m.PHONE, "400-820-8820", "400-820-8820"),
	(m.PHONE, "(415) 555-2671", "555-2671"),
	(m.PHONE, "分机：8812", "8812"),
	(m.NETWORK, "ping 192.168.10.24 fails", "192.168.10.24"),
	(m.NETWORK, "at fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a"),
	(m.NETWORK, "MAC 00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
	(m.HOST, "srv-db-01 is slow", "srv-db-01"),
	(m.HOST, "files.corp.local", "files.corp.local"),
	(m.HOST, r"open \\fs01\share\docs", "fs01"),
	(m.LINK, "see https://intra.example.com/x?a=1", "intra.example.com"),
	(m.SERIAL, "S/N: CN0X1234567", "CN0X1234567"),
	(m.SERIAL, "序列号：FOC1234X0AB", "FOC1234X0AB"),
	(m.SERIAL, "资产编号 IT-2024-00321", "IT-2024-00321"),
	(m.IDENTITY, "身份证 11010519491231002X", "11010519491231002X"),
	(m.IDENTITY, "passport no. E12345678", "E12345678"),
	(m.IDENTITY, "税号 91110000802100433B", "91110000802100433B"),
	(m.ACCOUNT, "6222 0212 3456 7890 123", "6222"),
	(m.ACCOUNT, "DE89 3704 0044 0532 0130 00", "3704 0044"),
	(m.PLATE, "车牌京A·12345", "A·12345"),
	(m.PLACE, "31.2304, 121.4737", "121.4737"),
	(m.BIRTH, "生日：1985-03-12", "1985-03-12"),
	(m.SECRET, "password: hunter2", "hunter2"),
	(m.SECRET, "密码：Abc123!", "Abc123"),
	(m.CHAT, "微信号：wx_zhang88", "wx_zhang88"),
	(m.ADDRESS, "上海市浦东新区张江路88号3楼", "张江路88号"),
	(m.ADDRESS, "12 Baker Street, London", "Baker"),
	(m.ADDRESS, "Hauptstraße 5, 60311 Frankfurt", "Hauptstraße"),
	(m.NAME, "王建国经理反映", "王建国"),
	(m.NAME, "李明工程师来过", "李明"),
	(m.NAME, "我是张伟，打不开", "张伟"),
	(m.NAME, "联系人：赵敏", "赵敏"),
	(m.NAME, "Mr. Smith called", "Smith"),
	(m.NAME, "My name is Anna Becker", "Anna Becker"),
	(m.NAME, "Dear Tom Reid,", "Tom Reid"),
	(m.SIGNATURE, "It is slow.\n\nBest regards,\nJohn Doe\nSales", "John Doe"),
	(m.SIGNATURE, "打印机坏了。\n此致\n敬礼\n陈静", "陈静"),
]


@pytest.mark.clause("5.3.f")
@pytest.mark.parametrize(("kind", "text", "secret"), PLANTED)
def test_what_is_planted_is_taken_out_and_named(kind, text, secret):
	found = m.masked(text)
	assert secret not in found.text and kind in {part.kind for part in found.taken_out}, found


def test_more_than_twenty_kinds_and_forms_are_planted():
	assert len(PLANTED) >= 20 and len({kind for kind, *_rest in PLANTED}) >= 15


@pytest.mark.parametrize(
	"text",
	[
		"Error 0x80070005 on RX2540 M5, port 443, VLAN 120, firmware 9.3.1",
		"KB5034441 at 10:12:00 on 2026-03-12, 3 of 24 ports, 98.5 %",
		"网络连接不上，工作站不能打印，总共三台，版本 12.1",
		"总是报错，工作正常后又出现；重启两次",
		"Switch the fan off and on; the server starts after 5 minutes",
	],
)
def test_facts_stay(text):
	assert m.masked(text).text == text and m.masked(text).taken_out == ()


def test_known_names_are_taken_out_wherever_they_stand():
	found = m.masked("ACME reports: 陈静说 acme 的网络断了, Big Bank AG too, but not Acmetron", [(m.CUSTOMER, "ACME"), (m.NAME, "陈静"), (m.CUSTOMER, "Big Bank AG")], str.upper)
	assert found.text == "[CUSTOMER] reports: [NAME]说 [CUSTOMER] 的网络断了, [CUSTOMER] too, but not Acmetron"


def test_what_no_rule_is_sure_of_is_left_to_a_person():
	found = m.masked("Then Peter Braun restarted it, ticket 4711-2288.")
	assert {"Then Peter Braun", "4711-2288"} <= {*found.to_check}
	assert m.counted(m.masked("a@example.com b@example.com 13812345678").taken_out) == {m.EMAIL: 2, m.PHONE: 1}


def test_a_long_text_takes_no_long_time():
	import time

	begun = time.perf_counter()
	m.masked("网络断了 word 1234 a.b-c_d: " * 3000)
	assert time.perf_counter() - begun < 5
