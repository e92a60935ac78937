"""Of a reply, what its writer wrote, as the mail programs in use mark the rest."""

import pytest

from ops_delivery.domain.mail_quotes import own_words

QUOTES = {
	"plain": "> It is mended\n> Please accept",
	"gmail": "On Tue, 3 Mar 2026 at 10:12, Service Desk <desk@example.com> wrote:\n> It is mended",
	"gmail, broken": "On Tue, 3 Mar 2026 at 10:12, Service Desk\n<desk@example.com> wrote:\nIt is mended",
	"gmail, Chinese": "Service Desk <desk@example.com> 于2026年3月3日周二 10:12写道：\n> 已修好",
	"netease": '在 2026-03-03 10:12:00，"服务台" <desk@example.com> 写道：\n已修好',
	"qq": '------------------ 原始邮件 ------------------\n发件人: "服务台"\n已修好',
	"qq, new": "---- 回复的原邮件 ----\n| 发件人 | 服务台 |\n已修好",
	"outlook": "-----Original Message-----\nFrom: Service Desk\nSent: Tuesday",
	"outlook, headers": "From: Service Desk <desk@example.com>\nSent: Tuesday, March 3, 2026\nTo: Li\nIt is mended",
	"outlook, Chinese": "发件人: 服务台 <desk@example.com>\n发送时间: 2026年3月3日\n收件人: 李\n已修好",
	"foxmail": "发件人： Service Desk\n发送时间： 2026-03-03 10:12\n收件人： 李\n已修好",
	"german": "Am 03.03.2026 um 10:12 schrieb Service Desk:\n> Es geht wieder",
}


@pytest.mark.parametrize("name", QUOTES)
@pytest.mark.parametrize("words", ["Still broken.\nSince noon.", "还是不行，今天早上又卡纸了。"])
def test_what_is_quoted_is_left_out(name, words):
	assert own_words(f"{words}\n\n{QUOTES[name]}") == words
	assert own_words(f"{words}\r\n\r\n{QUOTES[name]}".replace("\n", "\r\n").replace("\r\r", "\r")) == words


@pytest.mark.parametrize("name", QUOTES)
def test_nothing_but_a_quotation_is_nothing(name):
	assert own_words(QUOTES[name]) == ""


@pytest.mark.parametrize(
	"text",
	[
		"From: the fan a noise comes\nplease look",
		"On Monday the fan stopped.\nThen it began again.",
		"主题：打印机\n还是坏的",
	],
)
def test_words_that_only_look_like_one_stay(text):
	assert own_words(text) == text


def test_answers_between_the_lines_stay():
	assert own_words("> Does it work?\nNo.\n> Since when?\nNoon.") == "No.\nNoon."
