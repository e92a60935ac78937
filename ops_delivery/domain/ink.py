"""What a drawn signature must show: a line, not a tap, and something else than a blank or a filled sheet (7.2.c.1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ops_delivery.domain.errors import DomainError

LEAST_SPAN = 0.06  # of the picture's longer side, from the first ink to the last
LEAST_STROKE = 0.03  # of it, without a gap: a dot of a pen is 0.01 to 0.02, and many taps are no line
MOST_INK = 0.6  # of its area


def check(width: int, height: int, columns: Sequence[int], rows: Sequence[int], ink: int) -> None:
	"""`columns`, `rows`: those in which something is dark, in order. `ink`: how many dark pixels there are.

	DomainError: signature_blank, signature_dot, signature_filled.
	"""
	if not columns or not rows or not ink:
		raise DomainError("signature_blank", "Nothing is drawn.", field="image")
	if ink > MOST_INK * width * height:
		raise DomainError("signature_filled", "The whole picture is dark.", field="image")
	side = max(width, height)
	spanned = max(places[-1] - places[0] + 1 for places in (columns, rows))
	stroke = max(_longest_run(columns), _longest_run(rows))
	if spanned < LEAST_SPAN * side or stroke < LEAST_STROKE * side:
		raise DomainError("signature_dot", "There are dots, and no line.", field="image")


def _longest_run(places: Sequence[int]) -> int:
	"""How many places follow one another without a gap."""
	longest = run = 1
	for before, place in pairwise(places):
		run = run + 1 if place == before + 1 else 1
		longest = max(longest, run)
	return longest
