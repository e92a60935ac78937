"""Numbers as Chinese papers write them: amounts of money in capitals, the numbers of articles (5.2)."""

from __future__ import annotations

from decimal import Decimal

from ops_delivery.domain.errors import DomainError

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")  # of four digits each
MOST = Decimal(10) ** 12  # from here on the names of the groups are not the same everywhere
PLAIN = "零一二三四五六七八九"
MOST_ARTICLES = 99


def renminbi(amount: Decimal | int) -> str:
	"""An amount of yuan in capitals (人民币大写), as the rules for bills have it: 1680.32 is 壹仟陆佰捌拾元叁角贰分, 325.04
	叁佰贰拾伍元零肆分. What ends with yuan or jiao ends with 整.

	DomainError for less than nothing, for 10^12 yuan and more, and for parts of a fen.
	"""
	value = Decimal(amount)
	if not value.is_finite() or value < 0:
		raise DomainError("amount_negative", "{field}: {value} cannot be written as an amount. Enter 0 or more.", field="amount", value=amount)
	if value >= MOST:
		raise DomainError(
			"amount_too_large", "{field}: {value} is too large to be written in words. Enter less than {most}.", field="amount", value=amount, most=MOST
		)
	fen = value * 100
	if fen != fen.to_integral_value():
		raise DomainError("amount_too_fine", "{field}: {value} has parts of a fen. Round it to two places.", field="amount", value=amount)
	yuan, rest = divmod(int(fen), 100)
	jiao, cents = divmod(rest, 10)
	said = f"{_whole(yuan)}元" if yuan or not rest else ""
	if jiao:
		said += f"{CAPITALS[jiao]}角"
	elif cents and yuan:
		said += CAPITALS[0]
	return said + (f"{CAPITALS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
	"""A whole number below 10^12 in capitals."""
	if not number:
		return CAPITALS[0]
	said, gap = "", False
	for at in reversed(range(len(GROUPS))):
		group = number // 10000**at % 10000
		if not group:
			gap = bool(said)
			continue
		if said and (gap or group < 1000):
			said += CAPITALS[0]
		said += _group(group) + GROUPS[at]
		gap = False
	return said


def _group(group: int) -> str:
	"""Four digits, without the zeros before the first and behind the last."""
	said, gap = "", False
	for at in reversed(range(len(PLACES))):
		digit = group // 10**at % 10
		if not digit:
			gap = bool(said)
			continue
		said += (CAPITALS[0] if gap else "") + CAPITALS[digit] + PLACES[at]
		gap = False
	return said


def article(number: int) -> str:
	"""The number of an article or annex, as in 第十二条: 1 to 99. ValueError for others."""
	if not 1 <= number <= MOST_ARTICLES:
		raise ValueError(number)
	tens, ones = divmod(number, 10)
	return ((PLAIN[tens] if tens > 1 else "") + "十" if tens else "") + (PLAIN[ones] if ones else "")
