"""The priority matrix."""

import pytest

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.priority import Matrix

URGENCIES = ("Not urgent", "Urgent", "Very urgent")
IMPORTANCES = ("Not important", "Important", "Very important")
ORDER = ("Low", "Medium", "High", "Urgent")
ROWS = [
	(urgency, importance, ORDER[min(u + i, 3)])
	for u, urgency in enumerate(URGENCIES)
	for i, importance in enumerate(IMPORTANCES)
]
MATRIX = Matrix.from_rows(ROWS, ORDER)


@pytest.mark.clause("6.3.d.1", "6.3.d.2")
def test_urgency_and_importance_together_judge_the_priority():
	MATRIX.check_complete(URGENCIES, IMPORTANCES)
	assert MATRIX.priority_for("Not urgent", "Not important") == "Low"
	assert MATRIX.priority_for("Very urgent", "Not important") == "High"
	assert MATRIX.priority_for("Not urgent", "Very important") == "High"
	assert MATRIX.priority_for("Very urgent", "Very important") == "Urgent"


@pytest.mark.clause("6.3.d.1")
def test_more_urgent_is_never_a_lower_priority():
	for importance in IMPORTANCES:
		ranks = [ORDER.index(MATRIX.priority_for(urgency, importance)) for urgency in URGENCIES]
		assert ranks == sorted(ranks)


@pytest.mark.clause("6.3.e.3")
def test_a_priority_is_raised_up_to_the_highest():
	assert MATRIX.raised("Low") == "Medium"
	assert MATRIX.raised("Low", 2) == "High"
	assert MATRIX.raised("High", 5) == "Urgent"
	assert MATRIX.raised("Urgent") == "Urgent"


@pytest.mark.clause("6.3.d.1", "6.3.d.2")
def test_a_matrix_with_holes_names_them_all():
	matrix = Matrix.from_rows(ROWS[:-2], ORDER)
	with pytest.raises(DomainError) as caught:
		matrix.check_complete(URGENCIES, IMPORTANCES)
	assert caught.value.code == "missing_cell"
	assert caught.value.context["cells"] == [("Very urgent", "Important"), ("Very urgent", "Very important")]
	assert "Very urgent × Important, Very urgent × Very important" in str(caught.value)
	with pytest.raises(DomainError) as caught:
		matrix.priority_for("Very urgent", "Important")
	assert caught.value.code == "missing_cell"


@pytest.mark.parametrize(
	("code", "make"),
	[
		("unknown_priority", lambda: Matrix({("u", "i"): "Immense"}, ORDER)),
		("unknown_priority", lambda: MATRIX.raised("Immense")),
		("duplicate_priority", lambda: Matrix({}, ("Low", "High", "Low"))),
		("duplicate_cell", lambda: Matrix.from_rows([*ROWS, ROWS[0]], ORDER)),
	],
)
def test_a_matrix_that_makes_no_sense_is_refused(code, make):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code


def test_a_priority_goes_up_by_steps_and_stays_within_the_order():
	assert MATRIX.raised("Low", 0) == "Low" and MATRIX.raised("Medium", 2) == "Urgent"
	assert MATRIX.raised("High", -1) == "Medium" and MATRIX.raised("Medium", -5) == "Low"


def test_a_refusal_says_where_the_unknown_priority_stands():
	for make, field in ((lambda: Matrix({("u", "i"): "Immense"}, ORDER), "cells"), (lambda: MATRIX.raised("Immense"), "priority")):
		with pytest.raises(DomainError) as caught:
			make()
		assert (caught.value.context["field"], caught.value.context["value"]) == (field, "Immense")
