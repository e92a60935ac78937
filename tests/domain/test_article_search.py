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
