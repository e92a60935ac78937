"""The course of a value as a drawing (SVG): its readings on a line of time, the limits, what stands out, and what lies ahead.

Drawn here and not by a charting library, because one drawing serves screen and paper, and because readings come when they come: an
axis of time is needed, and a mark that can be told by its shape alone. It holds figures and dates, no words.

Written for clause 8.3.b.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape
from math import floor, log10

from ops_delivery.domain.routine.normal_state import ABNORMAL, AT_RISK, Limits

BLUE, ORANGE, RED, GREY = "#2f74c0", "#b85c00", "#c62828", "#767676"
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 12, 26


@dataclass(frozen=True)
class Point:
	"""A reading, or several of a time taken together: their mean, with the least and the most. `note`: what is said on pointing at it."""

	at: datetime
	value: float
	state: str | None = None
	low: float | None = None
	high: float | None = None
	note: str = ""


@dataclass(frozen=True)
class Ahead:
	"""What is expected at an instant: the least, the line and the most."""

	at: datetime
	low: float
	value: float
	high: float


def draw(
	points: Sequence[Point], limits: Limits, ahead: Sequence[Ahead], zone: tzinfo, title: str, width: int = 960, height: int = 340
) -> str:
	"""The drawing; "" without any point. `title`: what a screen reader says of it. `width`, `height`: in px."""
	if not points:
		return ""
	frame = _Frame(points, limits, ahead, zone, width, height)
	parts = [
		f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
		f'aria-label="{escape(title)}" font-family="sans-serif" font-size="11" fill="currentColor">',
		*frame.axes(),
		*_limits(frame, limits),
		*_ahead(frame, ahead),
		*_course(frame, points),
		*_marks(frame, points),
		"</svg>",
	]
	return "".join(parts)


class _Frame:
	def __init__(
		self, points: Sequence[Point], limits: Limits, ahead: Sequence[Ahead], zone: tzinfo, width: int, height: int
	) -> None:
		self.zone, self.width, self.height = zone, width, height
		moments = [one.at for one in (*points, *ahead)]
		self.first, self.last = min(moments), max(moments)
		if self.first == self.last:
			self.first, self.last = self.first - timedelta(hours=12), self.last + timedelta(hours=12)
		values = [value for one in (*points, *ahead) for value in (one.low, one.value, one.high) if value is not None]
		values += [value for value in _known(limits).values() if value is not None]
		self.ticks = _ticks(min(values), max(values))
		self.low, self.high = self.ticks[0], self.ticks[-1]

	def x(self, at: datetime) -> float:
		share = (at - self.first) / (self.last - self.first)
		return round(_LEFT + share * (self.width - _LEFT - _RIGHT), 1)

	def y(self, value: float) -> float:
		share = (value - self.low) / (self.high - self.low)
		return round(self.height - _BOTTOM - share * (self.height - _TOP - _BOTTOM), 1)

	def axes(self) -> list[str]:
		right, bottom = self.width - _RIGHT, self.height - _BOTTOM
		parts = []
		for value in self.ticks:
			y = self.y(value)
			parts.append(f'<line x1="{_LEFT}" x2="{right}" y1="{y}" y2="{y}" stroke="{GREY}" stroke-opacity=".25"/>')
			parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:.12g}</text>')
		count = max(2, min(7, (right - _LEFT) // 110))
		layout = "%Y-%m-%d" if self.last - self.first > timedelta(days=count) else "%m-%d %H:%M"
		for place in range(count):
			at = self.first + (self.last - self.first) * place / (count - 1)
			anchor = "start" if place == 0 else "end" if place == count - 1 else "middle"
			parts.append(f'<text x="{self.x(at)}" y="{bottom + 17}" text-anchor="{anchor}">{at.astimezone(self.zone):{layout}}</text>')
		return parts


def _known(limits: Limits) -> dict[str, float | None]:
	return {name: getattr(limits, name) for name in ("alarm_low", "warn_low", "warn_high", "alarm_high")}


def _limits(frame: _Frame, limits: Limits) -> list[str]:
	parts = []
	for name, value in _known(limits).items():
		if value is None:
			continue
		colour, dashes = (RED, "") if name.startswith("alarm") else (ORANGE, ' stroke-dasharray="7 4"')
		y = frame.y(value)
		parts.append(f'<line x1="{_LEFT}" x2="{frame.width - _RIGHT}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="1.4"{dashes}/>')
		parts.append(f'<text x="{frame.width - _RIGHT}" y="{y - 4}" text-anchor="end" fill="{colour}">{value:.12g}</text>')
	return parts


def _area(frame: _Frame, edges: Sequence[tuple[datetime, float, float]], colour: str) -> str:
	upper = [f"{frame.x(at)},{frame.y(high)}" for at, _low, high in edges]
	lower = [f"{frame.x(at)},{frame.y(low)}" for at, low, _high in reversed(edges)]
	return f'<polygon points="{" ".join(upper + lower)}" fill="{colour}" fill-opacity=".16"/>'


def _line(frame: _Frame, points: Sequence[tuple[datetime, float]], colour: str, more: str = "") -> str:
	path = " ".join(f"{frame.x(at)},{frame.y(value)}" for at, value in points)
	return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{more}/>'


def _ahead(frame: _Frame, ahead: Sequence[Ahead]) -> list[str]:
	if not ahead:
		return []
	area = _area(frame, [(one.at, one.low, one.high) for one in ahead], GREY)
	return [area, _line(frame, [(one.at, one.value) for one in ahead], GREY, ' stroke-dasharray="3 4"')]


def _course(frame: _Frame, points: Sequence[Point]) -> list[str]:
	edges = [(one.at, one.low, one.high) for one in points if one.low is not None and one.high is not None]
	area = [_area(frame, edges, BLUE)] if edges else []
	return [*area, _line(frame, [(one.at, one.value) for one in points], BLUE)]


def _marks(frame: _Frame, points: Sequence[Point]) -> list[str]:
	"""A dot, a rhombus at risk, a square where it is abnormal: told apart without colours."""
	parts, r = [], 5 if len(points) * 12 <= frame.width else 3.5
	for one in points:
		x, y = frame.x(one.at), frame.y(_outermost(one))
		said = f"<title>{escape(one.note)}</title>" if one.note else ""
		if one.state == ABNORMAL:
			parts.append(f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:g}" height="{2 * r:g}" fill="{RED}">{said}</rect>')
		elif one.state == AT_RISK:
			out = r + 1
			corners = f"{x},{y - out:.1f} {x + out:.1f},{y} {x},{y + out:.1f} {x - out:.1f},{y}"
			parts.append(f'<polygon points="{corners}" fill="{ORANGE}">{said}</polygon>')
		else:
			parts.append(f'<circle cx="{x}" cy="{y}" r="2.4" fill="{BLUE}">{said}</circle>')
	return parts


def _outermost(one: Point) -> float:
	"""Where a mark is put: at what stands out, which the mean of a time may hide."""
	if one.state not in (AT_RISK, ABNORMAL) or one.low is None or one.high is None:
		return one.value
	return one.high if one.high - one.value >= one.value - one.low else one.low


def _ticks(low: float, high: float) -> list[float]:
	"""Round figures around a range, five to eleven of them."""
	if high <= low:
		low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
	raw = (high - low) / 6
	size = 10.0 ** floor(log10(raw))
	step = next(size * times for times in (1, 2, 5, 10) if size * times >= raw)
	first, last = floor(low / step), -floor(-high / step)
	return [round(place * step, 12) for place in range(first, last + 1)]
