"""What nobody can mean is refused."""

from datetime import date

import pytest

from ops_delivery.domain import plausible
from ops_delivery.domain.errors import DomainError

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
	("rule", "values", "code"),
	[
		(plausible.due_date, (date(2026, 3, 1), TODAY), "due_in_past"),
		(plausible.assessed, (date(2026, 3, 3), TODAY), "period_not_begun"),
		(plausible.reading, (-5, 100, "connections"), "reading_below_zero"),
	],
)
def test_what_is_refused(rule, values, code):
	with pytest.raises(DomainError) as refused:
		rule(*values)
	assert refused.value.code == code


def test_what_is_possible():
	plausible.due_date(TODAY, TODAY)
	plausible.assessed(TODAY, TODAY)
	plausible.reading(0, 100, "connections")
	plausible.reading(-5, 20, "℃")
	plausible.reading(-70, -60, "steps")
