"""Words as the index keeps them: Chinese by pairs, Latin words and numbers, tokens that a server with its defaults takes (5.3.f)."""

import re

import pytest

from ops_delivery.domain import search_words as words

STOP = "a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und the www".split()


@pytest.mark.clause("5.3.f")
def test_tokens_are_such_as_the_server_keeps_by_its_defaults():
	found = words.tokens("A fan in switch 3 断网 на сервере ネット x 网")
	assert all(re.fullmatch(r"[a-z][a-z0-9]{1,83}", token) for token in found)
	assert all(len(token) >= 3 for token in found)
	assert not {*STOP} & {*found}


@pytest.mark.clause("5.3.f")
@pytest.mark.parametrize(
	("text", "typed"),
	[
		("核心交换机风扇故障", "风扇"),
		("核心交换机风扇故障", "交换机"),
		("核心交换机风扇故障", "障"),  # the last one of a run, too
		("核心交换机风扇故障", "核"),
		("Core switch: FAN failure", "fan"),
		("Core switch: FAN failure", "fail"),  # a word that is being typed
		("Größe über alles", "grosse uber"),
		("ＲＸ２５４０ 服务器", "rx2540"),
		("Fujitsu RX2540", "2540"),
		("ISS-2026-00012", "iss-2026-00012"),
		("Ошибка сервера", "сервера"),
		("ネットワーク", "ネット"),
		("网络 network 断开", "network 网络"),
	],
)
def test_what_is_typed_is_found(text, typed):
	kept, wanted = words.column([text]), words.asked(typed)
	assert wanted and words.weight(wanted, "", kept) == 1.0, (wanted, kept)


@pytest.mark.parametrize("typed", ["", "  ", "%%%", "___", "+-*()~\"'<>@"])
def test_nothing_to_look_for(typed):
	assert words.asked(typed) == []


def test_a_question_is_bounded_and_holds_no_operator_of_the_server():
	wanted = words.asked("网络断开 " * 200 + " ".join(f"word{n}" for n in range(100)))
	assert 0 < len(wanted) <= words.MOST_ASKED
	assert re.fullmatch(r"(\+[a-z0-9]+\*? ?)+", words.every(words.asked('a" -b (c) ~网络 @4')))


def test_a_title_counts_more_than_a_text_and_all_words_more_than_some():
	wanted = words.asked("网络断开", in_sentences=True)
	title, body = words.column(["网络断开"]), words.column(["网络断开了"])
	assert words.weight(wanted, title, title) > words.weight(wanted, "", body) > words.weight(wanted, "", words.column(["网络"]))
	assert words.enough(wanted, title, title) and not words.enough(words.asked("网络断开打印机坏", in_sentences=True), "", words.column(["网络"]))


def test_of_a_sentence_the_words_that_stand_in_all_are_left_out():
	assert words.asked("There is no network, please help", in_sentences=True) == ["xxnetwork"]
	assert words.asked("你好，我们网络没有了怎么办", in_sentences=True)[0:2] == [*words.asked("们网"), *words.asked("网络")]
	assert words.asked("what is", in_sentences=True) == []
