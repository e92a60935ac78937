"""Which of our help articles are about what somebody types (8.4.a.2): words of what they wrote, found in title and text.

Chinese has no spaces, so a run of its characters counts as its pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_TERMS = 12
SHORTEST = 3  # letters of a word; Chinese pairs have two characters
TITLE_WEIGHT = 3
_RUNS = re.compile(r"([\u3400-\u9fff]+)|[^\W\d_\u3400-\u9fff]+|\d{3,}")


def terms(text: str) -> list[str]:
	"""The words to look for in lower case, each once, the first ones of a long text."""
	found: dict[str, None] = {}
	for run in _RUNS.finditer(text[:500].lower()):
		if chinese := run[1]:
			found.update(dict.fromkeys(chinese[i : i + 2] for i in range(len(chinese) - 1)))
		elif len(run[0]) >= SHORTEST:
			found[run[0]] = None
	return list(found)[:MOST_TERMS]


def score(words: Sequence[str], title: str, body: str) -> int:
	"""How well an article fits: the words in its title count threefold. 0: not at all."""
	title, body = title.lower(), body.lower()
	return sum(TITLE_WEIGHT if word in title else int(word in body) for word in words)


def enough(words: Sequence[str], points: int) -> bool:
	"""Whether a score is worth showing: one word of a title, or a good part of the words in the text."""
	return points >= min(TITLE_WEIGHT, max(1, (len(words) + 1) // 2))
