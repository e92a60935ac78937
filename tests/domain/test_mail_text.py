"""The plain part of a mail says what its HTML says, and where its links lead."""

from ops_delivery.domain import mail_text


def test_a_link_stands_below_what_it_says():
	message = '<p>We have it.</p><p><a style="x" href="https://desk.example/r?a=1&amp;b=2"><b>See it</b></a></p><p>Bye</p>'
	assert mail_text.of(message).split() == ["We", "have", "it.", "See", "it", "https://desk.example/r?a=1&b=2", "Bye"]
	assert "\nSee it\nhttps://desk.example/r?a=1&b=2\n" in mail_text.of(message)


def test_a_link_that_says_itself_stands_once():
	assert mail_text.of('<a href="https://desk.example/">https://desk.example/</a>') == "https://desk.example/"


def test_what_is_quoted_begins_a_line():
	assert mail_text.of("They wrote:<blockquote>Still broken</blockquote>Look") == "They wrote:\nStill broken\nLook"


def test_chinese_is_set_as_chinese():
	assert mail_text.set_in_chinese("已收到: 卡纸。 请看") == "已收到：卡纸。请看"
	assert mail_text.set_in_chinese("张三 李四 ISS-1: fan. It") == "张三 李四 ISS-1: fan. It"
