"""The report's charts as inline SVG, drawn for print; sizes are in the units of a 680 wide view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ops_delivery.domain.attainment import Figures
from ops_delivery.replay.i18n import Words

WIDTH = 680
INK, SOFT, GRID, TRACK = "#1f2933", "#5f6b7a", "#dde2e8", "#eef1f4"
MET, BREACHED, RUNNING = "#2b6c8f", "#d1603d", "#b9c2cc"
# One colour and one marker a line, told apart in grey too.
LINES = (("#2b6c8f", "circle"), ("#d08a1d", "square"), ("#5b8c3e", "diamond"), ("#8a5a9e", "triangle"))
BINS = 21  # tenths of the target up to twice of it, and all beyond


@dataclass(frozen=True)
class Bar:
	"""A row of the attainment chart; `head` rows open a group."""

	label: str
	figures: Figures
	head: bool = False


def attainment_chart(bars: Sequence[Bar], words: Words) -> str:
	"""One bar a row: kept, missed and still open as shares of the row's tickets."""
	left, right = 150, 150
	width = WIDTH - left - right
	parts, y = [], 6.0
	for bar in bars:
		if bar.head and y > 10:
			y += 10
		f, thick = bar.figures, 16 if bar.head else 11
		middle = y + thick / 2
		parts.append(
			_text(
				left - 10,
				middle + 4,
				_fit(bar.label, left - 10),
				anchor="end",
				weight="600" if bar.head else "400",
			)
		)
		parts.append(_rect(left, y, width, thick, TRACK))
		x = float(left)
		for count, colour in ((f.met, MET), (f.breached, BREACHED), (f.running, RUNNING)):
			share = width * count / f.total if f.total else 0
			parts.append(_rect(x, y, share, thick, colour))
			x += share
		decided = f.met + f.breached
		parts.append(
			_text(
				left + width + 10,
				middle + 4,
				words.percent(f.met, decided),
				weight="600" if bar.head else "400",
			)
		)
		counts = f"{words.number(f.met)} / {words.number(decided)}"
		parts.append(_text(WIDTH, middle + 4, counts, anchor="end", fill=SOFT))
		y += thick + 7
	keys = [("legend_met", MET), ("legend_breached", BREACHED), ("legend_running", RUNNING)]
	parts.append(_legend(left, y + 12, [(words(key), colour, "square") for key, colour in keys]))
	return _svg(WIDTH, y + 22, parts, words("attainment_title"), words)


def trend_chart(
	labels: Sequence[str], lines: dict[str, Sequence[Figures | None]], opened: Sequence[int], words: Words
) -> str:
	"""Attainment as a line for each commitment over the periods in `labels`; under it the tickets opened."""
	left, right, top, high, gap, low = 44, 16, 10, 150, 16, 52
	width = WIDTH - left - right
	step = width / max(1, len(labels))
	centres = [left + step * (i + 0.5) for i in range(len(labels))]
	parts = []
	for percent in range(0, 101, 25):
		y = top + high * (1 - percent / 100)
		parts.append(_line(left, y, left + width, y, GRID))
		parts.append(_text(left - 6, y + 4, words.hundredths(percent), anchor="end", fill=SOFT, size=10))
	for (colour, marker), figures in zip(_cycle(LINES, len(lines)), lines.values(), strict=True):
		points = [
			(x, top + high * (1 - f.attainment)) if f and f.attainment is not None else None
			for x, f in zip(centres, figures, strict=True)
		]
		for before, after in pairwise(points):
			if before and after:
				parts.append(_line(*before, *after, colour, 2))
		parts += [_marker(*point, colour, marker) for point in points if point]
	floor, most = top + high + gap + low, max(opened, default=0) or 1
	parts.append(_line(left, floor, left + width, floor, GRID))
	every = max(1, -(-len(labels) * 52 // width))
	for i, (x, count) in enumerate(zip(centres, opened, strict=True)):
		tall = low * count / most
		thick = min(30, step * 0.6)
		parts.append(_rect(x - thick / 2, floor - tall, thick, tall, RUNNING))
		if i % every == 0:
			parts.append(_text(x, floor + 14, labels[i], anchor="middle", fill=SOFT, size=10))
	parts.append(_text(left - 6, floor - low + 8, words.number(most), anchor="end", fill=SOFT, size=10))
	parts.append(_text(left - 6, floor, "0", anchor="end", fill=SOFT, size=10))
	keys = [(words.name(name), *style) for style, name in zip(_cycle(LINES, len(lines)), lines, strict=True)]
	parts.append(_legend(left, floor + 34, [*keys, (words("tickets_opened"), RUNNING, "square")]))
	return _svg(WIDTH, floor + 44, parts, words("tickets_opened"), words)


def curve_chart(targets: Sequence[int], lines: dict[str, Sequence[float | None]], words: Words) -> str:
	"""The share kept (upwards, 0 to 100 %) by the target (to the right, in hours) as a line for each commitment."""
	left, right, top, high = 44, 16, 10, 170
	width, longest = WIDTH - left - right, targets[-1]
	parts = []
	for percent in range(0, 101, 25):
		y = top + high * (1 - percent / 100)
		parts.append(_line(left, y, left + width, y, GRID))
		parts.append(_text(left - 6, y + 4, words.hundredths(percent), anchor="end", fill=SOFT, size=10))
	for hours in (8, 24, 48, 72, 96, 120):
		x = left + width * hours * 3600 / longest
		parts.append(_line(x, top + high, x, top + high + 4, SOFT))
		anchor = "end" if hours * 3600 == longest else "middle"
		parts.append(_text(x, top + high + 16, words.duration(hours * 3600), anchor=anchor, fill=SOFT, size=10))
	for (colour, marker), shares in zip(_cycle(LINES, len(lines)), lines.values(), strict=True):
		points = [
			(left + width * target / longest, top + high * (1 - share))
			for target, share in zip(targets, shares, strict=True)
			if share is not None
		]
		for before, after in pairwise(points):
			parts.append(_line(*before, *after, colour, 2))
		parts += [_marker(*point, colour, marker) for point in points]
	keys = [(words.name(name), *style) for style, name in zip(_cycle(LINES, len(lines)), lines, strict=True)]
	parts.append(_legend(left, top + high + 36, keys))
	return _svg(WIDTH, top + high + 46, parts, words("curve_title"), words)


def count_chart(
	rows: Sequence[tuple[str, int]], title: str, colour: str, words: Words, shares: bool = True
) -> str:
	"""Horizontal bars of counts, half the page wide; with the share of the whole if `shares`."""
	full, left, right = 330, 92, 92
	width, whole = full - left - right, sum(n for _, n in rows)
	most = max((n for _, n in rows), default=0) or 1
	parts, y = [], 6.0
	for label, count in rows:
		parts.append(_text(left - 8, y + 11, _fit(label, left - 8), anchor="end"))
		parts.append(_rect(left, y, max(width * count / most, 1 if count else 0), 14, colour))
		text = words.number(count) + (f"  ({words.percent(count, whole)})" if shares and whole else "")
		parts.append(_text(left + max(width * count / most, 0) + 6, y + 11, text, fill=SOFT))
		y += 23
	return _svg(full, y + 2, parts, title, words)


def histogram(name: str, shares: Sequence[int], words: Words) -> str:
	"""How many clocks used how much of their target; `shares` has BINS counts, those after the tenth were missed."""
	left, top, high = 44, 22, 104
	width = WIDTH - left - 16
	step, most = width / BINS, max(shares, default=0) or 1
	floor = top + high
	parts = [_text(left, 10, name, weight="600")]
	ticks = _ticks(most)
	most = max(most, ticks[-1])
	for tick in ticks:
		y = floor - high * tick / most
		parts.append(_line(left, y, left + width, y, GRID))
		parts.append(_text(left - 6, y + 4, words.number(tick), anchor="end", fill=SOFT, size=10))
	for i, count in enumerate(shares):
		tall = high * count / most
		parts.append(_rect(left + step * i + 2, floor - tall, step - 4, tall, MET if i < 10 else BREACHED))
	for i in range(0, BINS, 2):
		label = words.hundredths(i * 10) if i < BINS - 1 else "> " + words.hundredths(200)
		x = left + step * i if i < BINS - 1 else left + step * (i + 0.5)
		parts.append(_text(x, floor + 14, label, anchor="middle", fill=SOFT, size=10))
	edge = left + step * 10
	parts.append(_line(edge, top - 8, edge, floor, INK, 1.2, "4 3"))
	parts.append(_text(edge + 5, top, words("target"), size=10))
	return _svg(WIDTH, floor + 20, parts, name, words)


def bin_of(elapsed: int, target: int) -> int:
	"""The histogram's bin of a clock; one that used its target exactly is in the last bin before the line."""
	return min(BINS - 1, max(0, -(-elapsed * 10 // target) - 1))


def _ticks(most: int) -> list[int]:
	"""A few round numbers from 0 to at least `most`."""
	step = 1
	while step * 4 < most:
		step = step * 5 // 2 if str(step)[0] == "2" else step * 2
	return list(range(0, most + step, step))


def _cycle(styles: Sequence[tuple[str, str]], count: int) -> list[tuple[str, str]]:
	return [styles[i % len(styles)] for i in range(count)]


def _legend(x: float, y: float, keys: Sequence[tuple[str, str, str]]) -> str:
	parts = []
	for label, colour, marker in keys:
		label = _fit(label, 160)
		parts.append(_marker(x + 4, y - 4, colour, marker))
		parts.append(_text(x + 14, y, label, fill=SOFT))
		x += 34 + sum(map(_advance, label))
	return "".join(parts)


def _marker(x: float, y: float, colour: str, shape: str) -> str:
	if shape == "circle":
		return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
	if shape == "square":
		return _rect(x - 4, y - 4, 8, 8, colour)
	top = f"M{x:.1f} {y - 5:.1f}"
	path = f"{top} l5 5 l-5 5 l-5 -5 z" if shape == "diamond" else f"{top} l5 9 l-10 0 z"
	return f'<path d="{path}" fill="{colour}"/>'


def _svg(width: float, height: float, parts: Sequence[str], title: str, words: Words) -> str:
	return (
		f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
		f'height="{height:.0f}" role="img" aria-label="{escape(title)}" font-family="{words.fonts}" font-size="11.5">'
		+ "".join(parts)
		+ "</svg>"
	)


def _fit(text: str, width: float) -> str:
	"""`text` cut to about `width` at the charts' size of letters."""
	used = 0.0
	for i, c in enumerate(text):
		used += _advance(c)
		if used > width:
			return text[: max(1, i - 1)] + "…"
	return text


def _advance(c: str) -> float:
	"""About how wide a letter is; Chinese ones are square."""
	return 11.5 if ord(c) > 0x2E80 else 6.2


def _text(
	x: float,
	y: float,
	text: str,
	anchor: str = "start",
	fill: str = INK,
	size: float = 11.5,
	weight: str = "400",
) -> str:
	return (
		f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}" '
		f'font-weight="{weight}">{escape(text)}</text>'
	)


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
	return f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(0, width):.2f}" height="{max(0, height):.2f}" fill="{fill}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, dash: str = "") -> str:
	dashes = f' stroke-dasharray="{dash}"' if dash else ""
	return (
		f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
		f'stroke-width="{width}"{dashes}/>'
	)
