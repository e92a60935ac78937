"""A drawn signature is a line."""

import pytest

from ops_delivery.domain import ink
from ops_delivery.domain.errors import DomainError


def span(*ends: int) -> list[int]:
	"""The places from the first of each two up to the second."""
	return [place for first, last in zip(ends[::2], ends[1::2], strict=True) for place in range(first, last)]


@pytest.mark.clause("7.2.c.1")
@pytest.mark.parametrize(
	("columns", "rows", "dark", "code"),
	[
		([], [], 0, "signature_blank"),
		(span(300, 306), span(90, 96), 30, "signature_dot"),
		([*span(100, 106), *span(500, 506)], span(90, 96), 60, "signature_dot"),
		(span(0, 12, 40, 52, 90, 102), span(0, 12), 400, "signature_dot"),
		(span(0, 600), span(0, 200), 110_000, "signature_filled"),
	],
)
def test_what_is_no_signature(columns, rows, dark, code):
	with pytest.raises(DomainError) as refused:
		ink.check(600, 200, columns, rows, dark)
	assert refused.value.code == code


@pytest.mark.parametrize(
	("columns", "rows"),
	[
		(span(20, 400), span(40, 160)),
		(span(300, 310), span(20, 180)),
		(span(280, 320), span(90, 110)),
		(span(200, 222, 228, 250), span(90, 112)),  # two small characters beside each other
	],
)
def test_a_line_however_small_is_one(columns, rows):
	ink.check(600, 200, columns, rows, 900)


def test_how_long_a_line_must_be():
	"""Of a picture 600 wide: 36 from the first ink to the last, 18 of it without a gap, at most 72,000 of 120,000 dark."""
	half = span(0, 18)
	ink.check(600, 200, [*half, 35], half, 72_000)
	ink.check(200, 600, half, [*half, 35], 900)
	for columns, rows, dark, code in (
		([*half, 34], half, 900, "signature_dot"),
		([*span(0, 17), 35], span(0, 17), 900, "signature_dot"),
		([*half, 35], half, 72_001, "signature_filled"),
		([], half, 900, "signature_blank"),
		(half, [], 900, "signature_blank"),
		(half, half, 0, "signature_blank"),
	):
		with pytest.raises(DomainError) as refused:
			ink.check(600, 200, columns, rows, dark)
		assert refused.value.code == code


def test_the_longest_piece_without_a_gap_counts():
	ink.check(600, 200, [0, 2, *span(10, 28), 40, *span(50, 55)], [0], 900)
