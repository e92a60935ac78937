"""Personal data taken out of a text that others will read, by rules, and what a person still has to look at (5.3.f).

Rules know forms, not people: an address, a number, a name behind a title. So what they leave is shown as well, for a person to
judge. Each part that is taken out becomes a word in brackets that says what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

EMAIL, PHONE, ADDRESS, NAME, CUSTOMER = "E-mail address", "Telephone number", "Postal address", "Name", "Customer"
SIGNATURE, NETWORK, SERIAL, HOST, LINK = "Mail signature", "Network address", "Serial or asset number", "Host name", "Web address"
IDENTITY, ACCOUNT, SECRET, PLATE = "Number of an identity document", "Account number", "Password or user name", "Number plate"
PLACE, BIRTH, CHAT = "Coordinates", "Date of birth", "Chat account"
KINDS = (
	*(EMAIL, PHONE, ADDRESS, NAME, CUSTOMER, SIGNATURE, NETWORK, SERIAL, HOST, LINK, IDENTITY, ACCOUNT, SECRET, PLATE),
	*(PLACE, BIRTH, CHAT),
)
MOST_LEFT = 20


class TakenOut(NamedTuple):
	"""One part of a text that is not in it any more."""

	kind: str
	said: str


class Masked(NamedTuple):
	"""A text without personal data, what was taken out of it, and what a person is to look at before others read it."""

	text: str
	taken_out: tuple[TakenOut, ...]
	to_check: tuple[str, ...]


_SURNAMES = (
	"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
	"金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|尉迟|皇甫|慕容"
_SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_TITLE_ZH = "先生|女士|小姐|经理|主任|工程师|总监|处长|科长|老师|主管|师傅|局长|院长|部长|总(?![是有共之体数量计部线览控理会要])|工(?![作具程业厂序单艺时资会期])"
_WORD = r"[A-ZÄÖÜÉ][\w'’\-]+"
_LABEL = r"(?:\s*(?:[:：=#]|是|为|is)\s*)"
_IPV6 = r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}(?::[0-9a-f]{1,4}){1,6}|::1"

# (kind, what stands there); where it has a group `it`, only that is taken out. In this order: the longer form before its parts
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
	(kind, re.compile(pattern, flags))
	for kind, pattern, flags in (
		(EMAIL, r"[\w.+\-']+@[\w\-]+(?:\.[\w\-]+)+", 0),
		(LINK, r"\b(?:https?|ftp|rdp|ssh|smb)://[^\s<>\"'，。；）)]+|\bwww\.[^\s<>\"'，。；）)]+", re.I),
		(HOST, r"\\\\[\w.\-$]+(?:\\[\w.\-$ ]*\w)*", 0),
		(
			SECRET,
			rf"(?:password|passwd|pwd|passcode|pin|token|api[ -]?key|secret|user ?name|login|用户名|登录名|账号名|密码|口令|密钥){_LABEL}(?P<it>[^\s,，;；。]+)",
			re.I,
		),
		(CHAT, rf"(?:微信号?|WeChat(?: ID)?|QQ号?|WhatsApp|Skype|钉钉号?|Telegram){_LABEL}(?P<it>[@\w.+\-]{{4,}})", re.I),
		(IDENTITY, r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])", 0),
		(IDENTITY, rf"(?:passport(?: no\.?| number)?|护照号?码?|ID(?: card)?(?: no\.?| number)|身份证号?码?|SSN|工号|employee (?:no\.?|number|id)){_LABEL}?\s*(?P<it>[A-Z]{{0,3}}[\d\-]{{4,}}[\dXx]?)", re.I),
		(IDENTITY, r"(?<![\dA-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![\dA-Za-z])", 0),
		(ACCOUNT, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b", 0),
		(ACCOUNT, r"(?<![\d.\-])(?:62|4\d|5[1-5])\d{2}(?:[ \-]?\d{4}){2,3}(?:[ \-]?\d{1,4})?(?![\d\-])", 0),
		(ACCOUNT, rf"(?:account(?: no\.?| number)|contract (?:no\.?|number)|银行账号|账号|卡号|客户编号|合同编?号){_LABEL}?\s*(?P<it>[A-Z0-9][A-Z0-9\-]{{4,}})", re.I),
		(PLATE, r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])", 0),
		(BIRTH, r"(?:born on|date of birth|birthday|DOB|出生日期|出生于|生日)\s*[:：]?\s*(?P<it>\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}日?)", re.I),
		(PLACE, r"(?<![\d.])-?\d{1,3}\.\d{4,}\s*[,，]\s*-?\d{1,3}\.\d{4,}(?![\d.])", 0),
		(NETWORK, r"(?<![0-9a-f:.\-])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![0-9a-f:\-])|\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b", re.I),
		(NETWORK, r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2}|:\d{2,5})?(?![\d.]\d)", 0),
		(NETWORK, rf"(?<![\w:.])(?:{_IPV6})(?:/\d{{1,3}})?(?![\w:])", re.I),
		(
			SERIAL,
			rf"(?:S/?N|serial(?: no\.?| number)?|asset(?: no\.?| number| tag)|service tag|IMEI|序列号|资产编?号|设备编?号|机身号|服务编号){_LABEL}?\s*(?P<it>(?=[A-Z0-9\-]*\d)[A-Z0-9][A-Z0-9\-/]{{3,}})",
			re.I,
		),
		(HOST, r"\b(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+(?:com|net|org|cn|local|lan|corp|internal|intra|de|io|gov|edu|example|invalid|test)(?:\.[a-z]{2})?\b", re.I),
		(HOST, rf"(?:host ?name|server name|computer name|主机名|计算机名|服务器名){_LABEL}(?P<it>[A-Za-z0-9][\w\-]*)", re.I),
		(HOST, r"\b(?=[A-Za-z0-9\-]*\d)(?:srv|server|pc|nb|lap|laptop|desktop|ws|db|web|app|sw|rtr|fw|esx|vm|dc|nas|host|prn)[\-_]?[a-z0-9]*(?:[\-_][a-z0-9]+)+\b", re.I),
		(PHONE, r"(?<![\dA-Za-z.\-])(?:\+|00)\d{1,3}[ \-]?(?:\(0?\d{1,5}\)[ \-]?)?\d{1,5}(?:[ \-/]?\d{2,5}){1,4}(?![\dA-Za-z])", 0),
		(PHONE, r"(?<![\dA-Za-z])1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?![\dA-Za-z])", 0),
		(PHONE, r"(?<![\dA-Za-z])[（(]?0\d{2,3}[)）]?[ \-]?\d{7,8}(?:[ \-转]{1,2}\d{1,5})?(?![\dA-Za-z])", 0),
		(PHONE, r"(?<![\dA-Za-z])[48]00[ \-]?\d{3,4}[ \-]?\d{3,4}(?![\dA-Za-z])", 0),
		(PHONE, r"(?<![\dA-Za-z])\(?\d{3}\)?[ \-.]\d{3}[ \-.]\d{4}(?![\dA-Za-z])", 0),
		(PHONE, rf"(?:tel|phone|mobile|cell|fax|ext|extension|电话|手机|分机|传真|座机)\.?{_LABEL}?\s*(?P<it>\+?[\d(][\d ()\-/]{{2,}}\d)", re.I),
		(
			ADDRESS,
			r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?[\u4e00-\u9fff]{2,8}市[\u4e00-\u9fff]{1,8}[区县镇][\u4e00-\u9fff\d]{1,20}(?:路|街|道|巷|村|大道)[\u4e00-\u9fff\dA-Za-z\-]{0,4}\d+号(?:[\u4e00-\u9fff\dA-Za-z\-]{0,16}?(?:室|楼|层|栋|座|单元))?",
			0,
		),
		(ADDRESS, r"[\u4e00-\u9fff]{2,10}(?:路|街|大道|巷)\d+号(?:[\u4e00-\u9fff\dA-Za-z\-]{0,16}?(?:室|楼|层|栋|座|单元))?", 0),
		(ADDRESS, r"\b\d{1,5}[A-Za-z]? (?:[A-Z][\w.]+ ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Square|Way)\b\.?(?:,? [A-Z][\w ]+)?(?:,? [A-Z]{2} \d{5})?", 0),
		(ADDRESS, r"\b[A-ZÄÖÜ][\wäöüß]+(?:straße|strasse|str\.|weg|platz|allee|gasse) \d+[a-z]?(?:,? \d{5} [A-ZÄÖÜ][\wäöüß]+)?", 0),
		(ADDRESS, r"(?:邮编|postcode|zip(?: code)?|PLZ)\s*[:：]?\s*(?P<it>[A-Z\d]{2,4} ?[A-Z\d]{2,4})", re.I),
		(NAME, rf"(?P<it>{_SURNAME}[\u4e00-\u9fff]{{0,2}}?)(?:{_TITLE_ZH})", 0),
		(NAME, rf"(?:联系人|报修人|经办人|负责人|用户|姓名|申请人|值班人?|同事)\s*[:：]\s*(?P<it>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff])", 0),
		(NAME, rf"(?:我是|我叫|本人)(?P<it>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?=[，。,.！!；;、\s]|$)", 0),
		(NAME, rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Monsieur)\.? (?P<it>{_WORD}(?: {_WORD})?)", 0),
		(NAME, rf"(?:(?i:my name is|i am|contact(?: person)?|reported by|caller|requester|name|signed|attn\.?))\s*[:：]?\s*(?P<it>{_WORD} {_WORD}(?: {_WORD})?)", 0),
		(NAME, rf"(?m:^)(?i:dear|hi|hello|hallo|liebe[r]?)[ ,]+(?P<it>{_WORD}(?: {_WORD})?)(?=[,!.:\s]*$)", re.M),
		(NAME, rf"(?m:^)(?:尊敬的|亲爱的)?(?P<it>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?:[，,:：]?您好|你好)", re.M),
	)
)
_GREETINGS = re.compile(
	r"^\s*(?:--\s*$|(?:(?:with )?(?:best|kind|warm|many)?\s*(?:regards|wishes|thanks)|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|cheers|"
	r"thank you|thanks(?: and regards)?|mit freundlichen grüßen|viele grüße|此致|敬礼|顺颂商祺|祝好|谢谢|致敬|以上|发自我的\S*|sent from my .*)\s*[,.!，。！]*\s*$)",
	re.I,
)
_LONGEST_SIGNATURE = 12  # lines
_MAYBE_NAME = re.compile(rf"\b{_WORD}(?: {_WORD}){{1,2}}\b|(?<![\u4e00-\u9fff]){_SURNAME}[\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff])")
_MAYBE_NUMBER = re.compile(r"(?<![\w.])(?=[\w\-]*\d[\w\-]*\d[\w\-]*\d[\w\-]*\d)[A-Za-z0-9][A-Za-z0-9\-]{5,}(?!\w)")


def masked(text: str, names: Iterable[tuple[str, str]] = (), word: Callable[[str], str] = lambda kind: kind) -> Masked:
	"""A text without personal data. names: (kind, text) of people, customers, serial numbers and hosts that are known; `word` says in the
	reader's language what a kind is called, as it will stand in brackets."""
	taken: list[TakenOut] = []
	text, signature = _without_signature(text)
	if signature:
		taken.append(TakenOut(SIGNATURE, signature))

	def take(kind: str, said: str) -> str:
		taken.append(TakenOut(kind, said))
		return f"[{word(kind)}]"

	for kind, name in sorted(names, key=lambda pair: -len(pair[1])):
		if len(name.strip()) > 1:
			text = _named(name.strip()).sub(lambda found, kind=kind: take(kind, found[0]), text)
	for kind, pattern in _RULES:
		text = pattern.sub(lambda found, kind=kind: _replaced(found, kind, take), text)
	return Masked(text.strip(), tuple(taken), to_check(text))


def to_check(text: str) -> tuple[str, ...]:
	"""What may be a name or a number of somebody, and no rule is sure of: each once, at most MOST_LEFT."""
	bare = re.sub(r"\[[^\]\n]{1,60}\]", " ", text)
	found = [match[0] for pattern in (_MAYBE_NAME, _MAYBE_NUMBER) for match in pattern.finditer(bare)]
	return tuple(dict.fromkeys(found))[:MOST_LEFT]


def counted(taken: Iterable[TakenOut]) -> dict[str, int]:
	"""How many parts of each kind were taken out, in the order of KINDS."""
	kinds = [part.kind for part in taken]
	return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def _replaced(found: re.Match[str], kind: str, take: Callable[[str, str], str]) -> str:
	whole = found[0]
	if "it" not in found.re.groupindex or found["it"] is None:
		return take(kind, whole)
	if found["it"].startswith("["):  # taken out by an earlier rule
		return whole
	first, last = found.start("it") - found.start(), found.end("it") - found.start()
	return whole[:first] + take(kind, found["it"]) + whole[last:]


def _named(name: str) -> re.Pattern[str]:
	"""A name wherever it stands by itself; Chinese has no spaces, so there it is found within a sentence."""
	edge = r"(?<![^\W_])", r"(?![^\W_])"
	latin = [part if name[side].isascii() else "" for side, part in zip((0, -1), edge, strict=True)]
	return re.compile(latin[0] + r"\s+".join(re.escape(part) for part in name.split()) + latin[1], re.I)


def _without_signature(text: str) -> tuple[str, str]:
	"""(text above the signature of a mail, signature): from a greeting on, where no more than a few lines follow."""
	lines = text.split("\n")
	for place, line in enumerate(lines):
		if place and _GREETINGS.match(line) and sum(1 for row in lines[place:] if row.strip()) <= _LONGEST_SIGNATURE:
			return "\n".join(lines[:place]).rstrip(), "\n".join(lines[place:]).strip()
	return text, ""
