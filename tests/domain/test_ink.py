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
