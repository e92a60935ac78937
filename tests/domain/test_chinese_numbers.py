"""Amounts in capitals: right at zeros, at the ends of groups, with jiao and fen; and they read back to what they say."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ops_delivery.domain.chinese_numbers import MOST, article, renminbi
from ops_delivery.domain.errors import DomainError

pytestmark = pytest.mark.clause("5.2.a")
DIGITS = {sign: at for at, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
AMOUNTS = st.integers(0, int(MOST) * 100 - 1).map(lambda fen: Decimal(fen) / 100)


@pytest.mark.parametrize(
	("amount", "said"),
	[
		("0", "零元整"),
		("0.05", "伍分"),
		("0.5", "伍角整"),
		("0.55", "伍角伍分"),
		("1", "壹元整"),
		("10", "壹拾元整"),
		("10.01", "壹拾元零壹分"),
		("105", "壹佰零伍元整"),
		("325.04", "叁佰贰拾伍元零肆分"),
		("1005", "壹仟零伍元整"),
		("1050", "壹仟零伍拾元整"),
		("1409.50", "壹仟肆佰零玖元伍角整"),
		("1680.32", "壹仟陆佰捌拾元叁角贰分"),
		("6007.14", "陆仟零柒元壹角肆分"),
		("10000", "壹万元整"),
		("10001", "壹万零壹元整"),
		("16409.02", "壹万陆仟肆佰零玖元零贰分"),
		("107000.53", "壹拾万柒仟元伍角叁分"),
		("480000", "肆拾捌万元整"),
		("1000000", "壹佰万元整"),
		("10000000", "壹仟万元整"),
		("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
		("100000000", "壹亿元整"),
		("100000001", "壹亿零壹元整"),
		("100010000", "壹亿零壹万元整"),
		("100001000", "壹亿零壹仟元整"),
		("110000000", "壹亿壹仟万元整"),
		("200300040000.06", "贰仟零叁亿零肆万元零陆分"),
		("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
	],
)
def test_what_the_rules_for_bills_have(amount, said):
	assert renminbi(Decimal(amount)) == said


@given(AMOUNTS)
@example(Decimal("100000000.01"))
@example(Decimal("0.01"))
def test_it_reads_back_to_the_amount(amount):
	assert read(renminbi(amount)) == amount


@given(AMOUNTS)
def test_no_zero_is_doubled_or_stands_before_a_unit(amount):
	said = renminbi(amount)
	assert "零零" not in said and not re.search("零[万亿拾佰仟角分整]", said)
	assert ("零元" in said) == (amount == 0)
	assert said.endswith("整") == (not amount * 100 % 10)
	assert not re.search("亿万|万亿|元元", said)


@given(AMOUNTS, AMOUNTS)
def test_two_amounts_are_never_written_alike(one, other):
	assert (renminbi(one) == renminbi(other)) == (one == other)


@pytest.mark.parametrize(
	("amount", "code"),
	[
		(Decimal("-0.01"), "amount_negative"),
		(-1, "amount_negative"),
		(Decimal("NaN"), "amount_negative"),
		(Decimal("Infinity"), "amount_negative"),
		(MOST, "amount_too_large"),
		(Decimal("0.001"), "amount_too_fine"),
	],
)
def test_what_is_no_amount_is_refused(amount, code):
	with pytest.raises(DomainError) as refused:
		renminbi(amount)
	assert refused.value.code == code and refused.value.context["field"] == "amount"


def test_articles():
	assert [article(number) for number in (1, 9, 10, 11, 19, 20, 21, 99)] == [
		"一",
		"九",
		"十",
		"十一",
		"十九",
		"二十",
		"二十一",
		"九十九",
	]
	for number in (0, -1, 100):
		with pytest.raises(ValueError, match=str(number)):
			article(number)


def read(said: str) -> Decimal:
	"""The amount that is written: by the signs alone, in another way than it was made."""
	whole, _yuan, parts = said.partition("元") if "元" in said else ("", "", said)
	total = group = digit = 0
	for sign in whole:
		if sign in DIGITS:
			digit = DIGITS[sign]
		elif sign in PLACES:
			group, digit = group + digit * PLACES[sign], 0
		else:
			total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[sign], 0, 0
	total += group + digit
	jiao, fen = re.search("(.)角", parts), re.search("(.)分", parts)
	return Decimal(total) + Decimal(DIGITS[jiao[1]] if jiao else 0) / 10 + Decimal(DIGITS[fen[1]] if fen else 0) / 100
