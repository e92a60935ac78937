"""One reader of numbers: by the site's format where a text can mean two, in the one sensible way else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import NumberFormat, read

ENGLISH, GERMAN, FRENCH = (NumberFormat.of(form) for form in ("#,###.##", "#.###,##", "# ###,##"))


@pytest.mark.parametrize(
	("text", "english", "german"),
	[
		("1500", 1500, 1500),
		("1,500", 1500, 1.5),
		("1.500", 1.5, 1500),
		("1,5", 1.5, 1.5),
		("1.5", 1.5, 1.5),
		("0,500", 0.5, 0.5),
		("1,500.25", 1500.25, 1500.25),
		("1.500,25", 1500.25, 1500.25),
		("1,234,567", 1234567, 1234567),
		("12,34,567.5", 1234567.5, 1234567.5),
		("1 500", 1500, 1500),
		("1’500", 1500, 1500),
		("-3", -3, -3),
		("−3.5", -3.5, -3.5),
		("+2", 2, 2),
		(".5", 0.5, 0.5),
		("5.", 5, 5),
		("1e3", 1000, 1000),
		("１２．５", 12.5, 12.5),
		("１，５００", 1500, 1.5),
		("　37　", 37, 37),
	],
)
def test_what_is_typed(text, english, german):
	assert (read(text, ENGLISH), read(text, GERMAN)) == (english, german)


@pytest.mark.parametrize(
	"text",
	["", "warm", "12 ms", "1,50,0", "1.2.3", "1,5,0", "1.5,0.2", "1 50", "nan", "inf", "1e999", "--1", "٣", ",", "1_000", "0x1f"],
)
@pytest.mark.parametrize("form", [ENGLISH, GERMAN, FRENCH])
def test_what_is_no_number(text, form):
	with pytest.raises(DomainError) as caught:
		read(text, form)
	assert caught.value.code == "bad_reading"


@pytest.mark.parametrize(
	("pattern", "decimal", "groups"),
	[("#,###.##", ".", ","), ("#.###,##", ",", "."), ("# ###,##", ",", " "), ("#'###.##", ".", "'"), ("#.###", ",", "."),
	 ("#,###", ".", ","), ("#,##,###.##", ".", ",,"), ("", ".", "")],
)  # fmt: skip
def test_formats(pattern, decimal, groups):
	form = NumberFormat.of(pattern)
	assert (form.decimal, form.groups) == (decimal, groups)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_a_number_written_in_the_format_is_that_number(value):
	text = f"{value:,.4f}"
	assert read(text, ENGLISH) == float(text.replace(",", ""))
	german = text.translate(str.maketrans(",.", ".,"))
	assert read(german, GERMAN) == read(text, ENGLISH)


@pytest.mark.parametrize(
	("text", "value"),
	[
		("12,345.", 12345), ("1,5.", None), (",5", 0.5), ("0.500", 0.5), ("00,500", 0.5), ("1 234 567,5", 1234567.5),
		("1'234.5", 1234.5), ("1 234.567,5", None), ("12.34.567", None), ("1,2345", 1.2345), ("12345,678", 12345.678), ("1.5e3", 1500),
		("1e-3", 0.001), ("1e1000", None), ("- 5", None), ("5 -", None), ("1,234,56", None), ("123,456,789.01", 123456789.01),
	],
)  # fmt: skip
def test_what_can_be_meant_in_one_way_only(text, value):
	if value is None:
		with pytest.raises(DomainError, match="is not a number"):
			read(text, FRENCH)
	else:
		assert read(text, FRENCH) == value


def test_without_a_format_numbers_are_plain():
	assert read("1,500") == 1500 and read("1.500") == 1.5
