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
	"french": "Le lun. 2 mars 2026 à 10:12, Service Desk <desk@example.com>\na écrit :\nC'est réparé",
	"italian": 'In data 2 marzo 2026 10:12:31 "Service Desk" <desk@example.com> ha scritto:\nFatto',
	"russian": "пн, 2 мар. 2026 г. в 10:12, Service Desk <desk@example.com>:\nготово",
	"finnish, broken": "ma 2. maaliskuuta 2026 klo 10.12 Service Desk\n<desk@example.com> kirjoitti:\nvalmis",
	"by its moment alone": "2026-03-02 10:12 GMT+01:00 Service Desk <desk@example.com>:\nIt is mended",
	"outlook, French": "De : Service Desk <desk@example.com>\nEnvoyé le : lundi 2 mars 2026 10:12\nÀ : Li\nFait",
	"outlook, Japanese": "差出人: Service Desk\n送信日時: 2026年3月2日 10:12\n宛先: Li\n完了",
	"samsung, Danish": "-------- Oprindelig besked --------\nFra: Service Desk <desk@example.com>\nDato: 02.03.2026\nFærdig",
	"zoho": "---- On Mon, 02 Mar 2026 10:12:50 +0800 desk@example.com wrote ----\nIt is mended",
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
		"联系人：王丽 <wang@hospital.example>\n时间：2026-03-02 10:12\n地点：三楼",
		"Please ask tom@example.com <tom@example.com> at 10:12",
		"On Thursday.\n\nThe fan stopped at 10:12",
	],
)
def test_words_that_only_look_like_one_stay(text):
	assert own_words(text) == text


def test_answers_between_the_lines_stay():
	assert own_words("> Does it work?\nNo.\n> Since when?\nNoon.") == "No.\nNoon."


def test_answers_below_a_mail_whose_every_line_is_marked_stay():
	quoted = "On Tue, 3 Mar 2026 at 10:12, Service Desk <desk@example.com>\nwrote:\n\n> Does it work?\n>\n> Please say."
	assert own_words(f"Hello,\n\n{quoted}\n\nNo, not since noon.") == "Hello,\n\nNo, not since noon."


def test_a_line_above_a_marked_heading_stays():
	assert own_words("On Thursday.\n\n> On 3 Mar 2026, Service Desk <desk@example.com> wrote:\n> When?") == "On Thursday."
