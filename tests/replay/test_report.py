"""The report is complete in both languages, escaped, self-contained, and prints."""

from __future__ import annotations

import re
import string
from datetime import date
from html.parser import HTMLParser

import pytest

from ops_delivery.replay import charts
from ops_delivery.replay.i18n import LANGUAGES, Words
from ops_delivery.replay.texts import NAMES, TEXTS
from ops_delivery.replay.trend import _month, _periods, _week

from .conftest import HEADER, a_mapping, an_agreement

EVIL = "<script>alert(1)</script>\"'&"
STEPS = [
	{"key": "w", "kind": "Warning", "moment": "Before", "basis": "Share of Target", "amount": 20},
	{"key": "a", "kind": "Alarm", "moment": "At", "repeat_minutes": 60, "max_repeats": 2},
	{"key": "m", "kind": "Manager Route", "moment": "After", "basis": "Working Minutes", "amount": 90},
	{
		"key": "e",
		"kind": "Expert Route",
		"moment": "Before",
		"basis": "Wall Minutes",
		"amount": 30,
		"priorities": ["High"],
	},
]
ROWS = [
	"A,2025-01-06 09:00,2025-01-06 09:30,open,1",
	"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
	"B,2025-02-06 09:00,2025-02-06 16:00,open,2",
	"B,2025-02-06 09:00,2025-02-12 11:00,done,2",
	"C,2025-03-20 09:00,2025-03-20 09:30,open,1",
	"C,2025-03-20 09:00,never,open,1",
]


@pytest.fixture
def report(replay):
	def make(rows, language="en", agreement=None, mapping=None):
		folder = replay(rows, agreement, mapping).folder
		ran = replay(
			rows,
			agreement,
			mapping,
			"--report",
			str(folder / "r.html"),
			"--language",
			language,
			"--allow-partial",
		)
		assert ran.code == 0, ran.err
		return (folder / "r.html").read_text("utf-8")

	return make


class Page(HTMLParser):
	"""The text and the tags of a page; complains about tags that do not match."""

	VOID = {"meta", "rect", "line", "circle", "path"}

	def __init__(self, html: str) -> None:
		super().__init__()
		self.open: list[str] = []
		self.tags: list[tuple[str, dict]] = []
		self.texts: list[str] = []
		self.feed(html)
		assert not self.open

	def handle_starttag(self, tag, attrs):
		self.tags.append((tag, dict(attrs)))
		if tag not in self.VOID:
			self.open.append(tag)

	def handle_startendtag(self, tag, attrs):
		self.tags.append((tag, dict(attrs)))

	def handle_endtag(self, tag):
		assert self.open.pop() == tag

	def handle_data(self, data):
		self.texts.append(data)

	@property
	def text(self) -> str:
		return " ".join(" ".join(self.texts).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_there(report, language):
	page = Page(
		report(ROWS, language, an_agreement(escalation={"policy": "P", "version": 1, "steps": STEPS}))
	)
	words = Words(language)
	for key in (
		"document", "question", "attainment_title", "priority_title", "trigger_title", "trend_month", "histogram_title",
		"figures_title", "misses_title", "terms_title", "promise", "method_title", "rejected_title",
	):  # fmt: skip
		assert words(key) in page.text, key
	svgs = [tag for tag, _ in page.tags if tag == "svg"]
	assert len(svgs) == 7  # attainment, priorities, triggers, trend, curve, and two histograms
	assert not re.search(r"\{\w*\}", page.text)


def test_the_verdict_says_what_would_have_been_kept(report):
	text = Page(report(ROWS)).text
	assert "First Response would have been kept for 66.7 % of 3 tickets; 1 missed it." in text
	assert "Resolution would have been kept for 50.0 % of 2 tickets; 1 missed it." in text
	assert "Still open at the end of the log, within their target: 1." in text
	chinese = Page(report(ROWS, "zh")).text
	assert "“首次响应”承诺在 3 张工单中的达成率为 66.7%；1 张超时。" in chinese


def test_the_chinese_report_has_no_english_left(report):
	html = report(
		ROWS, "zh", an_agreement(escalation={"policy": "", "version": 1, "steps": STEPS}, title="网络")
	)
	text = Page(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)).text
	for known in (
		"SA-1",
		"Example Ltd",
		"log.csv",
		"desk",
		"Asia/Shanghai",
		"office",
		"always",
		"changed",
		"never",
		"UTC",
	):
		text = text.replace(known, "")
	left = set(re.findall(r"[A-Za-z]{2,}", text)) - {"new", "open", "wait", "done", "rejected"}
	assert not left


def test_everything_from_outside_is_escaped(report):
	cell = '"' + EVIL.replace('"', '""') + '"'
	agreement = an_agreement(
		title=EVIL, customer=EVIL, escalation={"policy": EVIL, "version": 1, "steps": STEPS}
	)
	rows = f"{HEADER}\n{cell},2025-01-06 09:00,2025-01-09 09:30,done,{cell}\n{cell},2025-01-06 09:00,{cell},open,1\n"
	mapping = a_mapping(name=EVIL, title=EVIL)
	html = report(rows, "en", agreement, mapping)
	assert "<script" not in html
	page = Page(html)
	assert page.text.count("<script>alert(1)</script>") >= 8
	assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_loads_nothing_from_outside(report, language):
	html = report(ROWS, language)
	page = Page(html)
	assert not [a for _, a in page.tags if "src" in a or "href" in a]
	assert "url(" not in html and "@import" not in html


def test_an_empty_log_has_a_report_too(report):
	text = Page(report([])).text
	assert "no usable ticket" in text
	assert "Terms applied" in text


def test_a_log_with_nothing_decided(report):
	text = Page(report(["A,2025-01-06 09:00,2025-01-06 09:00,new,1"])).text
	assert "Resolution: no ticket of 1 is decided yet." in text


def test_what_was_not_measured_is_said(report):
	targets = [*an_agreement()["targets"], {"commitment": "Restore", "priority": "High", "target": "2h"}]
	text = Page(report(ROWS, "en", an_agreement(targets=targets))).text
	assert "Not measured: Restore." in text


def test_credit_is_given_where_it_is_due(report):
	mapping = a_mapping(credit={"text": "Data by Someone", "if_columns": ["priority"]})
	assert "Data by Someone" in report(ROWS, "en", None, mapping)
	mapping = a_mapping(credit={"text": "Data by Someone", "if_columns": ["other"]})
	assert "Data by Someone" not in report(ROWS, "en", None, mapping)


def test_pdf(replay, tmp_path):
	pytest.importorskip("weasyprint")
	ran = replay(ROWS, None, None, "--report", str(tmp_path / "r.pdf"), "--language", "zh")
	assert ran.code == 3
	assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")


def test_both_languages_fill_in_the_same_names():
	for key, pair in TEXTS.items():
		english, chinese = (
			{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair
		)
		assert chinese <= english, key
		assert all(pair) or key == "page_end", key
	assert all(NAMES.values())


def test_chinese_texts_use_chinese_punctuation():
	for key, (_, chinese) in TEXTS.items():
		bare = re.sub(r"\{\w+\}", "", chinese)
		assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!()]|[,;:?!()] ?[\u4e00-\u9fff]", bare), key


@pytest.mark.parametrize(
	("part", "whole", "said"),
	[
		(0, 0, "–"),
		(0, 9, "0 %"),
		(9, 9, "100 %"),
		(9999, 10000, "99.9 %"),
		(1, 9999, "0.1 %"),
		(55, 60, "91.7 %"),
	],
)
def test_percentages_never_round_to_all_or_nothing(part, whole, said):
	assert Words("en").percent(part, whole) == said


@pytest.mark.parametrize(
	("seconds", "said"),
	[
		(None, "–"),
		(0, "0 s"),
		(59, "59 s"),
		(60, "1 min"),
		(3600, "1 h"),
		(5400, "1 h 30 min"),
		(362_000, "100 h"),
	],
)
def test_durations(seconds, said):
	assert Words("en").duration(seconds) == said


def test_histogram_bins():
	assert [charts.bin_of(used, 100) for used in (0, 1, 10, 11, 100, 101, 200, 201, 9999)] == [
		0,
		0,
		0,
		1,
		9,
		10,
		19,
		20,
		20,
	]


def test_periods_leave_none_out():
	assert _periods(date(2024, 11, 30), date(2025, 2, 1), _month) == [
		date(2024, 11, 1),
		date(2024, 12, 1),
		date(2025, 1, 1),
		date(2025, 2, 1),
	]
	assert _periods(date(2025, 1, 5), date(2025, 1, 6), _week) == [date(2024, 12, 30), date(2025, 1, 6)]
