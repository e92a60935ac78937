"""Words of a text as an index of the database keeps them, and what a person looks for as its query (5.3.f).

MariaDB's default parser knows words between spaces, drops those of fewer than three characters and a list of English ones, and
takes a run of Chinese for a single word. So each word is stored as a token of ASCII letters that begins with a letter of its own:
`xx` before a Latin word or a number, `z` and the code points of two neighbours for Chinese (Japanese, Korean), which is how words of
two characters are found; `u` and code points for words of any other script. No stop word of the server begins so, none is short.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LATIN, PAIR, OTHER = "xx", "z", "u"
LONGEST_WORD = 40  # characters of a Latin word that are kept; the server takes tokens up to 84
LONGEST_OTHER = 14  # five hexadecimal digits each
MOST_INDEXED, MOST_ASKED = 20_000, 16  # tokens of a record, words of a question
LONGEST_QUESTION = 500  # characters that are read of a question
_EAST = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<east>[{_EAST}]+)|(?P<latin>[a-z0-9]+)|(?P<other>[^\W_{_EAST}a-z0-9]+)")
_PARTS = re.compile(r"[a-z]+|\d+")


def plain(text: str) -> str:
	"""A text with its letters as they are compared: lower case, full width as half, without accents."""
	folded = unicodedata.normalize("NFKD", text).casefold()
	return unicodedata.normalize("NFC", "".join(char for char in folded if not unicodedata.combining(char)))


def tokens(text: str) -> list[str]:
	"""The tokens by which a text is found, each once, in their order."""
	found: dict[str, None] = {}
	for token in _stored(plain(text)):
		found[token] = None
		if len(found) >= MOST_INDEXED:
			break
	return list(found)


def column(texts: Iterable[str]) -> str:
	"""What an indexed column keeps of some texts."""
	return " ".join(tokens("\n".join(filter(None, texts))))


def asked(text: str, in_sentences: bool = False) -> list[str]:
	"""The tokens that a question looks for; one that ends in `*` is the beginning of a token, as its last Latin word may be. Of what
	is written `in_sentences` the words that stand in all of them are left out. [] for nothing to look for."""
	typed = plain(text[:LONGEST_QUESTION])
	found = dict.fromkeys(token for run in _RUNS.finditer(typed) for token in _wanted(run))
	last = next(reversed(found), "")
	if in_sentences:
		found = dict.fromkeys(token for token in found if token not in COMMON and len(token) > len(LATIN) + 2)
	wanted = list(found)[:MOST_ASKED]
	if wanted and wanted[-1] == last and last.startswith(LATIN) and typed[-1:].isalnum():
		wanted[-1] += "*"
	return wanted


def every(wanted: Iterable[str]) -> str:
	"""The question in boolean mode: records with all of these tokens."""
	return " ".join(f"+{token}" for token in wanted)


def some(wanted: Iterable[str]) -> str:
	"""The same for records with any of them, the more the better."""
	return " ".join(wanted)


def weight(wanted: list[str], title: str, words: str) -> float:
	"""How well a record fits, from 0 to 4: the part of the tokens that its title has counts threefold, that of its text once."""
	if not wanted:
		return 0.0
	return (3 * _share(wanted, title) + _share(wanted, words)) / len(wanted)


def enough(wanted: list[str], title: str, words: str) -> bool:
	"""Whether a record fits a text that somebody writes: a word of its title, or a good part of the words in its text. A single pair
	of Chinese characters in a title says little where many are asked for."""
	in_title, in_words = _share(wanted, title), _share(wanted, words)
	return in_title >= min(2 if len(wanted) > 4 else 1, len(wanted)) or in_words * 2 >= len(wanted) + 1 > 1


def _share(wanted: list[str], stored: str) -> int:
	kept = stored.split()
	there = set(kept)
	return sum(
		any(token.startswith(one[:-1]) for token in kept) if one.endswith("*") else one in there for one in wanted
	)


def _stored(text: str) -> Iterator[str]:
	for run in _RUNS.finditer(text):
		if east := run["east"]:
			yield from _pairs(east)
			yield PAIR + _code(east[-1])  # so that its last character is found by itself, as all others begin a pair
		elif latin := run["latin"]:
			yield LATIN + latin[:LONGEST_WORD]
			parts = _PARTS.findall(latin)
			if len(parts) > 1:  # of rx2540 somebody may know 2540
				yield from (LATIN + part[:LONGEST_WORD] for part in parts if len(part) > 2)
		else:
			yield _other(run["other"])


def _wanted(run: re.Match[str]) -> Iterator[str]:
	if east := run["east"]:
		yield from _pairs(east) if len(east) > 1 else (f"{PAIR}{_code(east)}*",)
	elif latin := run["latin"]:
		yield LATIN + latin[:LONGEST_WORD]
	else:
		yield _other(run["other"])


def _pairs(east: str) -> Iterator[str]:
	return (PAIR + _code(east[place]) + _code(east[place + 1]) for place in range(len(east) - 1))


def _other(word: str) -> str:
	return OTHER + "".join(_code(char) for char in word[:LONGEST_OTHER])


def _code(char: str) -> str:
	return f"{ord(char):05x}"


# words that stand in any report, and tell nothing of what it is about
COMMON = frozenset(
	tokens(
		"the there this that these those and but for from with without about into over not cannot can could will would should have has had "
		"are was were been being does did doing our your their his her its you they them who what when where why how please hello dear "
		"since again still also any all some more very just get got one two see help need want problem issue "
		"我们 你们 他们 什么 怎么 为什么 一个 这个 那个 没有 不能 无法 现在 今天 昨天 已经 可以 需要 请问 您好 你好 帮忙 问题 出现 "
		"的时 了一 不了 是什 么办 怎么办 请帮"
	)
)
