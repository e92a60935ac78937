"""The charts of a service report as vector pictures (SVG): lines over a time, bars side by side or on top of each other (8.3.b.5).

One drawing serves desk and paper. Colours are told apart by their lightness and dashes, too, as reports are printed in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10

from ops_delivery.domain.service_report.model import BAR, STACKED, Chart

COLOURS = ("#2f74c0", "#e08a1e", "#3d8f5f", "#8c4fb0", "#c62828", "#4d4d4d", "#9fc3e8", "#f2c48d")
DASHES = ("", "6 3", "2 3", "8 3 2 3")
GREY, RED = "#767676", "#c62828"
_LEFT, _RIGHT, _TOP, _BOTTOM, _LEGEND = 52, 14, 22, 22, 18
_WIDE = 0x2E80  # from here on a character is as wide as it is high
MOST_LABELS = 24


def draw(chart: Chart, title: str, labels: Sequence[str], names: Sequence[str], unit: str = "", family: str = "sans-serif", width: int = 640, height: int = 230) -> str:
	"""The drawing; "" where there is no value. `title`, `labels`, `names` (of the series), `unit`: in the reader's language.

	`width`, `height`: in px; `family`: the fonts of its words.
	"""
	values = [value for one in chart.series for value in one.values if value is not None]
	if not values:
		return ""
	frame = _Frame(chart, labels, names, width, height)
	inner = _bars(frame, chart) if chart.kind in (BAR, STACKED) else _lines(frame, chart)
	return "".join(
		[
			f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {frame.height}" width="{width}" height="{frame.height}" role="img" '
			f"aria-label='{escape(title)}' font-family='{_families(family)}' font-size='11' fill='#333'>",
			*frame.axes(unit),
			*inner,
			*_target(frame, chart),
			*frame.legend(),
			"</svg>",
		]
	)


class _Frame:
	"""The plane of a chart: where a value and a place stand, its lines, words and legend."""

	def __init__(self, chart: Chart, labels: Sequence[str], names: Sequence[str], width: int, height: int) -> None:
		self.labels, self.names, self.kind, self.width = labels, names, chart.kind, width
		self.rows = _legend_rows(names, width - _LEFT - _RIGHT) if len(names) > 1 or chart.target is not None else []
		self.height = height + _LEGEND * len(self.rows)
		self.bottom = height - _BOTTOM
		tops = [value for one in chart.series for value in one.values if value is not None]
		if chart.kind == STACKED:
			tops = [sum(filter(None, column)) for column in zip(*(one.values for one in chart.series), strict=False)]
		tops += [chart.target] if chart.target is not None else []
		lows = tops if chart.kind not in (BAR, STACKED) and min(tops) > 0.5 * max(tops) else [*tops, 0]
		self.ticks = ticks(min(lows), max(tops))
		self.low, self.high = self.ticks[0], self.ticks[-1]
		self.step = (width - _LEFT - _RIGHT) / max(1, len(labels))

	def x(self, place: int, share: float = 0.5) -> float:
		return round(_LEFT + self.step * (place + share), 1)

	def y(self, value: float) -> float:
		return round(self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - _TOP), 1)

	def axes(self, unit: str) -> list[str]:
		right = self.width - _RIGHT
		parts = [f'<text x="{_LEFT - 6}" y="{_TOP - 10}" text-anchor="end" fill="{GREY}">{escape(unit)}</text>'] if unit else []
		for value in self.ticks:
			y = self.y(value)
			parts.append(f'<line x1="{_LEFT}" x2="{right}" y1="{y}" y2="{y}" stroke="{GREY}" stroke-opacity=".25"/>')
			parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:.12g}</text>')
		most = max(1, int(self.step * len(self.labels) / (max((_wide(label) for label in self.labels), default=1) + 8)))
		every = -(-len(self.labels) // min(most, MOST_LABELS)) if self.labels else 1
		for place, label in enumerate(self.labels):
			if place % every == 0:
				parts.append(f'<text x="{self.x(place)}" y="{self.bottom + 15}" text-anchor="middle">{escape(_short(label, self.step * every - 4))}</text>')
		return parts

	def legend(self) -> list[str]:
		parts, y = [], self.bottom + _BOTTOM + 10
		for row in self.rows:
			for place, at in row:
				name, colour = self.names[place], COLOURS[place % len(COLOURS)]
				if self.kind in (BAR, STACKED):
					parts.append(f'<rect x="{_LEFT + at}" y="{y - 9}" width="12" height="10" fill="{colour}"/>')
				else:
					parts.append(f'<line x1="{_LEFT + at}" x2="{_LEFT + at + 16}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"{_dash(place)}/>')
				parts.append(f'<text x="{_LEFT + at + 20}" y="{y}">{escape(name)}</text>')
			y += _LEGEND
		return parts


def _families(family: str) -> str:
	"""Names of fonts as WeasyPrint reads them in a drawing: no space behind a comma; its worker knows the cut faces by their quotes."""
	return escape(family.replace(", ", ","), quote=False).replace("'", "")


def _lines(frame: _Frame, chart: Chart) -> list[str]:
	parts = []
	for number, one in enumerate(chart.series):
		colour, run = COLOURS[number % len(COLOURS)], []
		for place, value in enumerate([*one.values, None]):
			if value is not None:
				run.append((frame.x(place), frame.y(value)))
				continue
			if len(run) > 1:
				path = " ".join(f"{x},{y}" for x, y in run)
				parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{_dash(number)}/>')
			parts += [f'<circle cx="{x}" cy="{y}" r="2.8" fill="{colour}"/>' for x, y in run]
			run = []
	return parts


def _bars(frame: _Frame, chart: Chart) -> list[str]:
	parts, stacked = [], chart.kind == STACKED
	wide = min(46.0, frame.step * 0.7)
	each = wide if stacked else wide / max(1, len(chart.series))
	base: dict[int, float] = {}
	for number, one in enumerate(chart.series):
		for place, value in enumerate(one.values):
			if not value:
				continue
			start = base.get(place, 0.0) if stacked else 0.0
			top, bottom = frame.y(start + value), frame.y(start)
			left = frame.x(place) - wide / 2 + (0 if stacked else each * number)
			parts.append(
				f'<rect x="{left:.1f}" y="{min(top, bottom):.1f}" width="{max(1.0, each - (0 if stacked else 1)):.1f}" height="{abs(bottom - top):.1f}" '
				f'fill="{COLOURS[number % len(COLOURS)]}"><title>{escape(f"{frame.labels[place]} · {frame.names[number]}: {value:.12g}")}</title></rect>'
			)
			if not stacked and each >= 16:
				parts.append(f'<text x="{left + each / 2:.1f}" y="{top - 3:.1f}" text-anchor="middle" font-size="10">{value:.6g}</text>')
			base[place] = start + value
	return parts


def _target(frame: _Frame, chart: Chart) -> list[str]:
	if chart.target is None:
		return []
	y = frame.y(chart.target)
	return [
		f'<line x1="{_LEFT}" x2="{frame.width - _RIGHT}" y1="{y}" y2="{y}" stroke="{RED}" stroke-width="1.3" stroke-dasharray="7 4"/>',
		f'<text x="{frame.width - _RIGHT}" y="{y - 4}" text-anchor="end" fill="{RED}">{chart.target:.12g}</text>',
	]


def ticks(low: float, high: float) -> list[float]:
	"""Round figures around a range, some four to eight of them."""
	if high <= low:
		low, high = min(low, 0), max(high, low + 1, 1)
	raw = (high - low) / 5
	size = 10.0 ** floor(log10(raw))
	step = next(size * times for times in (1, 2, 5, 10) if size * times >= raw * 0.999)
	return [round(place * step, 12) for place in range(floor(low / step), -floor(-high / step) + 1)]


def _legend_rows(names: Sequence[str], width: float) -> list[list[tuple[int, float]]]:
	rows: list[list[tuple[int, float]]] = [[]]
	at = 0.0
	for place, name in enumerate(names):
		long = _wide(name) + 36
		if rows[-1] and at + long > width:
			rows.append([])
			at = 0.0
		rows[-1].append((place, round(at, 1)))
		at += long
	return rows


def _wide(text: str) -> float:
	"""About how wide a text of 11 px is."""
	return sum(11.0 if ord(sign) >= _WIDE else 6.2 for sign in text)


def _short(text: str, width: float) -> str:
	if _wide(text) <= max(width, 20):
		return text
	while text and _wide(text) + 8 > max(width, 20):
		text = text[:-1]
	return f"{text.rstrip()}…"


def _dash(number: int) -> str:
	dashes = DASHES[number % len(DASHES)]
	return f' stroke-dasharray="{dashes}"' if dashes else ""
