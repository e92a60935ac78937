"""Which clocks of a log of tickets cannot be told from its milestones: each is left out alone, and said."""

from __future__ import annotations

from ops_delivery.replay import mapping as maps
from ops_delivery.replay.log import BAD, NONE
from ops_delivery.replay.mapping import At, ColumnRule
from ops_delivery.replay.reading import Source
from ops_delivery.replay.whole_tickets import WholeTickets

Fault = tuple[str, str, str]  # code, column, value


def check(tickets: WholeTickets, source: Source, low: int, high: int) -> None:
	"""Leaves out, and notes, every clock whose milestones are not to be believed."""
	for name, rule in tickets.rules.items():
		left_out = tickets.left_out[name] = bytearray(len(tickets.numbers))
		ends = [tickets.times[at] for at in rule.met_at]
		holds = [tickets.times[at] for at in rule.times[len(rule.met_at) :]]
		lengths = [tickets.lengths[f"{column}\n{rule.unit}"] for column in rule.paused_for]
		for i, created in enumerate(tickets.created):
			# most tickets are quickly seen to be sound: each end is there or not, and none is held
			if (
				all(end[i] == NONE or created <= end[i] <= high for end in ends)
				and all(hold[i] == NONE for hold in holds)
				and all(length[i] != BAD for length in lengths)
			):
				continue
			if fault := _fault(tickets, source, rule, i, low, high):
				left_out[i] = 1
				_note(tickets, source, name, i, fault)


def _note(tickets: WholeTickets, source: Source, name: str, i: int, fault: Fault) -> None:
	code, column, value = fault
	line, number = tickets.line[i], tickets.numbers[i]
	at = next((at for at in tickets.times if maps.label(at) == column), None)
	if code == "unreadable_time" and at:
		source.reject_time(line, number, at, value, name)
	else:
		source.reject(line, number, code, column, value, name)


def _fault(
	tickets: WholeTickets, source: Source, rule: ColumnRule, i: int, low: int, high: int
) -> Fault | None:
	"""What is wrong with the milestones of one clock of one ticket."""
	met, _end_column = NONE, None
	for at in rule.met_at:
		value, fault = _milestone(tickets, source, at, i, low, high)
		if fault:
			return fault
		if value != NONE:
			met, _end_column = value, at
			break
	for column in rule.paused_for:
		if tickets.lengths[f"{column}\n{rule.unit}"][i] == BAD:
			return "unreadable_hold", column, tickets.texts[i, column]
	open_hold: At | None = None
	last_start = NONE
	for since, to in rule.paused_between:
		(start, fault), (end, other) = (_milestone(tickets, source, at, i, low, high) for at in (since, to))
		if fault or other:
			return fault or other
		since_said, to_said = maps.label(since), maps.label(to)
		if start == NONE:
			if end != NONE:
				return "hold_without_start", to_said, source.text(end)
			continue
		last_start = max(last_start, start)
		if end == NONE:
			open_hold = since
		elif end < start:
			second = source.reader.second.get(end, NONE)
			if second < start:
				return "hold_reversed", to_said, source.text(end)
			tickets.times[to][i] = end = second
		if met != NONE and max(start, end) > met:
			return "hold_after_end", to_said if end > met else since_said, source.text(max(start, end))
	if open_hold and tickets.at(open_hold, i) < last_start:
		return "hold_without_end", maps.label(open_hold), source.text(tickets.at(open_hold, i))
	return None


def _milestone(
	tickets: WholeTickets, source: Source, at: At, i: int, low: int, high: int
) -> tuple[int, Fault | None]:
	"""A time that must lie after the ticket was made and where the log's do, or what is wrong with it."""
	value, created, column = tickets.times[at][i], tickets.created[i], maps.label(at)
	if value == BAD:
		return value, ("unreadable_time", column, tickets.texts[i, column])
	if value == NONE or (tickets.until is not None and value > tickets.until):
		return NONE, None
	if not low <= value <= high:
		return value, ("far_off", column, source.text(value))
	if value < created:
		second = source.reader.second.get(value, NONE)
		if second < created:
			return value, ("before_created", column, source.text(value))
		tickets.times[at][i] = value = second
	return value, None
