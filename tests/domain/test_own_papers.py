"""Word templates of one's own: each mistake and each attack is found with its place, and what is good is taken (8.2.e, 5.4)."""

import pytest

from ops_delivery.domain.own_papers import offer, words
from ops_delivery.domain.own_papers.check import check
from ops_delivery.domain.own_papers.offer import GROUP, PICTURE, TABLE, TEXT, TICK, Node
from tests.site import own_templates as files

OFFER = {
	"number": Node(TEXT, "Number", "V-1"),
	"title": Node(TEXT, "Title", "Switch"),
	"supplier_name": Node(TEXT, "Supplier", "We"),
	"customer_name": Node(TEXT, "Customer", "They"),
	"is_on_site": Node(TICK, "On site", True),
	"qr": Node(PICTURE, "QR", 20),
	"object": Node(GROUP, "Object", parts={"name": Node(TEXT, "Name", "Switch")}),
	"work": Node(
		TABLE,
		"Work",
		parts={
			"what": Node(TEXT, "What", "Swap"),
			"result": Node(TEXT, "Result", "Runs"),
			"steps": Node(TABLE, "Steps", parts={"step": Node(TEXT, "Step", "Off")}),
		},
	),
}


@pytest.mark.clause("8.2.e")
@pytest.mark.parametrize("kind", files.HOSTILE)
def test_each_is_refused_with_its_place(kind):
	content, code, there = files.HOSTILE[kind]
	found = check(content, OFFER)
	assert code in {one.code for one in found}, found
	named = next(one for one in found if one.code == code)
	assert there in named.place.text or there in str(named.details), named


@pytest.mark.clause("8.2.e")
@pytest.mark.parametrize(
	"content",
	[
		files.GOOD,
		files.written("{{ number }} {% if is_on_site %}on site{% else %}remote{% endif %} {{ object.name | upper }}", rows=files.LOOP),
		files.written("{%p if work %}", "{{ work | length }} things {{ qr }}", "{%p endif %}", rows=files.LOOP, footer="{{ number }}"),
		files.written("{% if title == “Switch” and not work %}{{ title ~ number }}{% elif title %}{{ number if title else customer_name }}{% endif %}"),
		files.written("{% for row in work %}{{ loop.index }}. {{ row.what }}{% for one in row.steps %}{{ one.step }}{% endfor %}{% endfor %}"),
		files.written(rows=(("{%tr for row in work %}",), ("{{ row.what }}",), ("{%tr for one in row.steps %}",), ("{{ one.step }}",), ("{%tr endfor %}",), ("{%tr endfor %}",))),
		files.written("{# a remark #}{{ number }}"),
	],
)
def test_what_is_good_is_taken(content):
	assert check(content, OFFER) == []


def test_a_place_says_table_row_and_cell():
	(found,) = check(files.written("{{ number }}", rows=(("a", "b"), ("c", "x {{ numbr }} y"))), OFFER)
	assert (found.code, found.place.cells, found.place.paragraph, found.place.text) == ("unknown", ((1, 2, 2),), 1, "x {{ numbr }} y")
	assert found.details["like"] == "number"
	(found,) = check(files.written("{{ number }}", header="{{ suplier_name }}"), OFFER)
	assert (found.place.part, found.place.number, found.details["like"]) == ("header", 1, "supplier_name")


def test_all_mistakes_are_said_at_once():
	found = check(files.written("{{ a }} {{ b }} {{ number }}", "{% if c %}x{% endif %}"), OFFER)
	assert [one.details["name"] for one in found] == ["a", "b", "c"]


def test_values_have_all_names_of_the_offer_and_no_other():
	assert set(offer.fitted(OFFER, {**offer.example(OFFER), "more": 1})) == set(OFFER)
	with pytest.raises(KeyError):
		offer.fitted(OFFER, {"number": "V-1"})
	assert offer.clean("a\x00b\x0bc\r\nd\ud800\ufffe") == "abc\nd"


def test_nothing_else_is_compiled():
	reader = words.Reader(OFFER)
	for text in ("{{ x() }}", "{{ a.__class__ }}", "{% set x = 1 %}", "{{ a['b'] }}", "{{ [1] }}", "{{ 2 ** 9 }}", "{% for x in y if x %}{% endfor %}", "{{ a is defined }}"):
		assert words.first_refused(reader.engine.parse(text)), text
	assert not words.first_refused(reader.engine.parse("<w:p>{% for a in b %}{{ a.c|upper }}{% endfor %}{% if x == 'y' %}z{% endif %}</w:p>"))
