"""Which help articles fit what somebody types (8.4.a.2)."""

from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import article_search as matching


def test_words_are_taken_once_and_short_ones_left_out():
	assert matching.terms("The VPN is not on: VPN 4711!") == ["the", "vpn", "not", "4711"]
	assert matching.terms("") == matching.terms("a 1 -") == []


def test_chinese_counts_by_pairs():
	assert matching.terms("打印机卡纸") == ["打印", "印机", "机卡", "卡纸"]
	assert matching.terms("VPN连不上") == ["vpn", "连不", "不上"]


def test_a_title_counts_more_than_a_text():
	words = matching.terms("打印机卡纸怎么办")
	in_title = matching.score(words, "打印机卡纸的处理", "……")
	in_text = matching.score(words, "办公设备", "打印机卡纸时先断电")
	assert in_title > in_text > matching.score(words, "交换机", "风扇") == 0
	assert matching.enough(words, in_title) and matching.enough(words, in_text)
	assert not matching.enough(words, 0) and not matching.enough(words, 1)


@given(st.text(max_size=600), st.text(max_size=80), st.text(max_size=200))
def test_any_text_is_taken(typed, title, body):
	words = matching.terms(typed)
	assert len(words) <= matching.MOST_TERMS and len(set(words)) == len(words)
	assert 0 <= matching.score(words, title, body) <= matching.TITLE_WEIGHT * len(words)
	if words:
		assert matching.enough(words, matching.score(words, typed[:500], ""))


def test_so_many_words_of_so_much_text():
	many = " ".join(f"word{chr(97 + number)}" for number in range(20))
	assert matching.terms(many) == many.split()[:12]
	assert matching.terms("x" * 496 + " abcd") == ["x" * 496, "abc"], "of the first 500 characters"
	assert matching.terms("ab abc 12 123 一 一二 \u9fff\u3400 三a四") == ["abc", "123", "一二", "\u9fff\u3400"]


def test_what_is_enough():
	assert [matching.score(["vpn"], "VPN", "vpn"), matching.score(["vpn"], "x", "My VPN"), matching.score(["vpn"], "x", "y")] == [3, 1, 0]
	for words, least in ((1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3)):
		assert matching.enough(["w"] * words, least) and not matching.enough(["w"] * words, least - 1)
	assert not matching.enough([], 0)
