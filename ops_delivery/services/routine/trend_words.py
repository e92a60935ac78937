"""What a trend says in words: its figures, the forecast with its method and range, and how to remove the risk (8.3.b.3).

Plain sentences in the reader's language, for screen and paper alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor, log10
from typing import Any

from frappe import _
from frappe.utils import cstr

from ops_delivery.domain.routine import trend
from ops_delivery.domain.routine.trend import Crossing, Forecast
from ops_delivery.domain.routine.trend_chart import Ahead, Point, draw
from ops_delivery.services.routine import criteria
from ops_delivery.services.routine.trends import Course, instant, noon
from ops_delivery.services.shared import site_time, wording
from ops_delivery.services.shared.locale import text

MONTH = 30  # days
AHEAD_POINTS = 12
MIDDLE = {"week": 3, "month": 14}  # days from the first of a time to where it is drawn
SHOWN_AHEAD = 3  # a forecast takes at most a third of what lies behind on the drawing


def figure(value: float) -> str:
	"""A number as it is read: no more places than say anything."""
	return f"{value:.6g}" if abs(value) < 1e15 else f"{value:g}"


def mean(value: float) -> str:
	"""A mean, which has no more to say than what was read."""
	return figure(value) if abs(value) >= 1000 else f"{value:.4g}"


def limits(found: Course) -> list[tuple[str, str]]:
	"""(name, value with unit) of each limit there is."""
	unit = text(found.step.unit)
	return [
		(label, f"{figure(value)} {unit}".strip())
		for label, value in (
			(_("Abnormal below", context="Operation Manual Step"), found.limits.alarm_low),
			(_("At risk below", context="Operation Manual Step"), found.limits.warn_low),
			(_("At risk above", context="Operation Manual Step"), found.limits.warn_high),
			(_("Abnormal above", context="Operation Manual Step"), found.limits.alarm_high),
		)
		if value is not None
	]


def forecast(found: Course) -> list[str]:
	"""What the readings say of the time to come, by which method and within which range; or that they are too few."""
	said, unit = found.forecast, text(found.step.unit)
	if said.outcome == trend.TOO_FEW:
		return [
			_("Too few readings for a forecast: {0} in this span, at least {1} at different moments are needed.").format(
				said.readings, trend.FEWEST
			)
		]
	of = (
		_("the means of {0} days ({1} readings)").format(said.readings, found.count)
		if found.of_days
		else _("{0} readings").format(said.readings)
	)
	lines = [
		_("Method: a straight line by Theil and Sen (the median of the slopes between all pairs) through {0}; range: {1} % confidence.").format(
			of, round(said.confidence * 100)
		)
	]
	slopes = [slope * MONTH for slope in (said.per_day, said.slowest, said.steepest)]
	slope = [_signed(text) for text in _rounded(*slopes)]
	if said.outcome == trend.NO_TREND:
		lines.append(_("No trend: in 30 days the value changes by {0} to {1} {2}, which may as well be nothing.").format(*slope[1:], unit))
		return lines
	lines.append(_("In 30 days the value changes by {0} {3} ({1} to {2}).").format(*slope, unit))
	least, middle, most = _rounded(*said.at(_horizon(said)))
	lines.append(
		_("On {0} {1} {4} is expected, between {2} and {3}.").format(
			_day(_horizon(said)), middle, least, most, unit
		)
	)
	return lines


def crossings(found: Course) -> list[tuple[Crossing, str]]:
	"""When which limit would be reached; of one that is reached already the state says enough."""
	names = {
		"warn_low": _("the lower warning limit"),
		"warn_high": _("the upper warning limit"),
		"alarm_low": _("the lower alarm limit"),
		"alarm_high": _("the upper alarm limit"),
	}
	lines, unit = [], text(found.step.unit)
	for one in trend.crossings(found.forecast, found.limits, site_time.utc_now()):
		if _is_reached(found.forecast, one):
			continue
		limit = f"{names[one.limit]} ({figure(one.value)} {unit})"
		if one.likely is None:
			sentence = _("{0} may be reached from {1} on.").format(_first_up(limit), _day(one.earliest))
		elif one.latest is None:
			sentence = _("{0} would be reached about {1}, at the earliest {2}.").format(_first_up(limit), _day(one.likely), _day(one.earliest))
		else:
			sentence = _("{0} would be reached about {1}, between {2} and {3}.").format(
				_first_up(limit), _day(one.likely), _day(one.earliest), _day(one.latest)
			)
		lines.append((one, sentence))
	return lines


def advice(found: Course) -> list[str]:
	"""How to remove the risk: what to do, until when, by whom as the manual has it."""
	ahead, verdict, lines = crossings(found), cstr(found.step.verdict), []
	if verdict == criteria.ABNORMAL:
		lines.append(_("The last value is abnormal: act by the manual now, and raise a request unless one is open."))
	elif verdict == criteria.AT_RISK:
		lines.append(_("The last value is at risk: find the cause and remove it before the value becomes abnormal."))
	if ahead and verdict != criteria.ABNORMAL:
		lines.append(
			_("Plan the work for before {0}: until then the limit is expected to hold.").format(_day(ahead[0][0].earliest))
			if ahead[0][0].earliest > site_time.utc_now()
			else _("Plan the work at once: the limit may be reached at any time.")
		)
	elif found.found > 1 and verdict == criteria.NORMAL:
		lines.append(
			_("The value is normal now, but was not {0} times in this span: look for what these times have in common.").format(found.found)
		)
	if not lines:
		return [_("Nothing to remove: the last value is normal, and no limit is expected to be reached.")] if verdict else []
	if found.forecast.outcome == trend.TOO_FEW:
		lines.append(_("Read it more often, so that a forecast can be made."))
	return lines


def picture(found: Course, width: int, height: int) -> str:
	"""The drawing of a course with its forecast (SVG)."""
	# looked up once: hundreds of points say the same
	template = _("{0}: mean {1}, from {2} to {3} {4}")
	points = [_single(row, found) for row in found.points] or [_together(one, found, template) for one in found.spans]
	title = _("{0}, {1}: {2} readings from {3} to {4}").format(
		text(found.thing.object_name), text(found.step.step), found.count, wording.day(found.since), wording.day(found.until)
	)
	return draw(points, found.limits, _ahead(found), site_time.site_zone(), title, width, height)


def _single(row: Any, found: Course) -> Point:
	said = f"{_moment(row.read_on)}: {text(row.value)} {text(found.step.unit)} {_verdict(row.verdict)}"
	return Point(instant(row.read_on), row.number, criteria.STATES.get(row.verdict) if row.verdict else None, note=said.strip())


def _together(one: Any, found: Course, template: str) -> Point:
	verdict = criteria.ABNORMAL if one.abnormal else criteria.AT_RISK if one.at_risk else ""
	# the day as the axis has it: hundreds of them in the reader's words take longer than the drawing
	said = template.format(one.first, mean(one.mean), figure(one.least), figure(one.most), text(found.step.unit))
	at = noon(one.first + timedelta(days=MIDDLE.get(found.bucket, 0)))
	return Point(at, one.mean, criteria.STATES[verdict] if verdict else None, one.least, one.most, f"{said} {_verdict(verdict)}".strip())


def _ahead(found: Course) -> list[Ahead]:
	said = found.forecast
	if said.outcome != trend.GIVEN:
		return []
	last = said.until - (said.until - said.since) / 2
	end = last + (last - said.since) / SHOWN_AHEAD
	moments = [last + (end - last) * place / AHEAD_POINTS for place in range(AHEAD_POINTS + 1)]
	return [Ahead(at, *said.at(at)) for at in moments]


def _is_reached(said: Forecast, one: Crossing) -> bool:
	"""Whether the line stands at a limit, or beyond it, with the last reading."""
	now = said.at(said.until - (said.until - said.since) / 2)[1]
	return now >= one.value if said.per_day > 0 else now <= one.value


def _horizon(said: Forecast) -> datetime:
	"""The day that the forecast names: as far ahead as the drawing shows."""
	last = said.until - (said.until - said.since) / 2
	return last + max((last - said.since) / SHOWN_AHEAD, timedelta(hours=1))


def _verdict(verdict: str | None) -> str:
	return f"({_(verdict, context='Routine Reading')})" if verdict else ""


def _rounded(*values: float) -> list[str]:
	"""Figures that belong together, to as many places as their range deserves."""
	width = max(values) - min(values) or abs(values[0]) or 1
	places = min(9, max(0, 1 - floor(log10(width))))
	return [f"{round(value, places) + 0:.{places}f}" for value in values]


def _signed(text: str) -> str:
	return (text if text.startswith("-") else f"+{text}").replace("-", "−")


def _day(at: datetime) -> str:
	return wording.day(site_time.to_site(at))


def _moment(stored: datetime) -> str:
	return f"{wording.day(stored)} {stored:%H:%M}"


def _first_up(sentence: str) -> str:
	return sentence[:1].upper() + sentence[1:]
