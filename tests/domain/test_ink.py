"""A drawn signature is a line."""

import pytest

from ops_delivery.domain import ink
from ops_delivery.domain.errors import DomainError


@pytest.mark.clause("7.2.c.1")
@pytest.mark.parametrize(
	("box", "dark", "code"),
	[
		(None, 0, "signature_blank"),
		((300, 90, 306, 96), 30, "signature_dot"),
		((0, 0, 600, 200), 110_000, "signature_filled"),
	],
)
def test_what_is_no_signature(box, dark, code):
	with pytest.raises(DomainError) as refused:
		ink.check(600, 200, box, dark)
	assert refused.value.code == code


@pytest.mark.parametrize("box", [(20, 40, 400, 160), (300, 20, 310, 180), (280, 90, 320, 110)])
def test_a_line_however_small_is_one(box):
	ink.check(600, 200, box, 900)
