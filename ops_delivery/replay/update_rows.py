"""A log of updates: its rows, put in order of time, as the tickets they are of."""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from ops_delivery.replay import mapping as maps
from ops_delivery.replay import outliers
from ops_delivery.replay.log import BAD, NONE, Log, Ticket
from ops_delivery.replay.mapping import LogMapping, StateRule
from ops_delivery.replay.reading import Source
from ops_delivery.replay.table import Progress

CLEAR = 9  # a log runs in one direction if that many steps go there for one that does not
OLDEST_FIRST, NEWEST_FIRST, MIXED = "oldest_first", "newest_first", "mixed"


class Rows:
	"""The rows that could be read, in columns; `ticket` is a position in `numbers`, `state` and `priority` in their lists."""

	def __init__(self) -> None:
		self.numbers: list[str] = []
		self.priorities: list[str] = [""]
		self.ticket, self.line, self.state, self.priority = array("I"), array("I"), array("H"), array("H")
		self.event, self.created, self.sequence = array("q"), array("q"), array("q")
		self.chosen = bytearray()
		self.texts: dict[int, str] = {}  # of created times that cannot be read

	def __len__(self) -> int:
		return len(self.event)


class UpdatedTickets:
	"""The tickets of a log of updates; `order` are the rows that are used, ticket by ticket and in order of time."""

	def __init__(self, rows: Rows, mapping: LogMapping) -> None:
		self.rows, self.mapping = rows, mapping
		self.numbers: list[str] = []
		self.created = array("q")
		self.order, self.first = array("I"), array("I", [0])

	def add(self, number: str, created: int, order: Sequence[int]) -> None:
		"""One more ticket, with its rows."""
		self.numbers.append(number)
		self.created.append(created)
		self.order.extend(order)
		self.first.append(len(self.order))

	def changes(self, index: int) -> list[tuple[int, str, str]]:
		"""A ticket's (instant, state, priority) wherever one of the latter two changes."""
		rows, states = self.rows, self.mapping.states
		found: list[tuple[int, str, str]] = []
		priority = ""
		for i in self.order[self.first[index] : self.first[index + 1]]:
			state, priority = states[rows.state[i]], rows.priorities[rows.priority[i]] or priority
			if not found or found[-1][1:] != (state, priority):
				found.append((rows.event[i], state, priority))
		return found

	def priorities(self) -> Counter[str]:
		"""Each priority as the log writes it, and how many tickets have it at any time."""
		counts: Counter[str] = Counter()
		for index in range(len(self.numbers)):
			counts.update({priority for _at, _state, priority in self.changes(index)})
		return counts

	def __iter__(self) -> Iterator[Ticket]:
		rules = [
			(name, rule) for name, rule in self.mapping.commitments.items() if isinstance(rule, StateRule)
		]
		for index, number in enumerate(self.numbers):
			changes = self.changes(index)
			courses = {
				name: tuple((at, rule.effect[state], priority) for at, state, priority in changes)
				for name, rule in rules
			}
			line = self.rows.line[self.order[self.first[index]]]
			yield Ticket(index, line, number, self.created[index], changes[0][2], courses, None)


def read_updates(source: Source, progress: Progress | None = None) -> Log:
	"""A row is a ticket's state after an update; the rows may stand in any order."""
	rows, direction = _gather(source, progress)
	low, high = outliers.bounds((rows.event, rows.created), source.choices.now)
	tickets = UpdatedTickets(rows, source.mapping)
	if direction != OLDEST_FIRST:
		source.notes.append((direction, {}))
	not_chosen, ties, until = 0, 0, NONE
	for number, mine in zip(rows.numbers, _by_ticket(rows, direction), strict=True):
		_second_passes(source, rows, mine, direction)
		mine, tied = _in_order(rows, mine, direction)
		ties += tied
		mine = _believable(source, rows, number, mine, low, high)
		if source.as_of is not None and mine:
			mine = [i for i in mine if rows.event[i] <= source.as_of]
			not_chosen += not mine  # it was not made yet
		created, mine = _made(source, rows, number, mine)
		if not mine:
			continue
		if source.chosen and not rows.chosen[mine[-1]]:
			not_chosen += 1
			continue
		tickets.add(number, created, mine)
		until = max(until, rows.event[mine[-1]])
	if ties and direction == MIXED:
		source.notes.append(("ties", {"count": ties}))
	log = source.log(tickets)
	log.until = source.as_of if source.as_of is not None else until if until != NONE else None
	log.not_chosen = not_chosen
	return log


def _gather(source: Source, progress: Progress | None) -> tuple[Rows, str]:
	"""The rows that can be read at all, and the direction in which they stand."""
	rows, mapping, read = Rows(), source.mapping, source.reader.read
	columns, empty = mapping.columns, mapping.empty
	i_ticket, i_state = source.i_ticket, source.position("state")
	i_priority = source.position("priority") if "priority" in columns else -1
	i_sequence = source.position("sequence") if "sequence" in columns else -1
	event_of, created_of = source.cell(columns["event_time"]), source.cell(columns["created"])
	one_time = columns["event_time"] == columns["created"]
	states = {state: i for i, state in enumerate(mapping.states)}
	priorities, tickets, last = {"": 0}, {}, array("q")
	steps = [0, 0, 0, 0]  # backwards and forwards within a ticket, and from row to row
	previous, second = NONE, source.reader.second
	for line, row in source.numbered(progress):
		number = row[i_ticket].strip()
		if number in empty:
			source.reject(line, "", "no_ticket", columns["ticket"][0], number)
			continue
		event = read(event_of(row))
		if event is None:
			source.reject_time(line, number, columns["event_time"], event_of(row))
			continue
		state = row[i_state].strip()
		if state not in states:
			source.reject(line, number, "unknown_state", columns["state"][0], state)
			continue
		created = event if one_time else read(created_of(row))
		if created is None:
			rows.texts[len(rows)], created = created_of(row), BAD
		index = tickets.setdefault(number, len(tickets))
		if index == len(last):
			rows.numbers.append(number)
			last.append(event)
		elif event != last[index]:
			# in the hour that comes twice in autumn, what seems to be a step back may be none
			if not second or not _may_be_second(second, last[index], event):
				steps[event > last[index]] += 1
			last[index] = event
		if event != previous:
			steps[2 + (event > previous)] += previous != NONE
			previous = event
		priority = row[i_priority].strip() if i_priority >= 0 else ""
		priority = "" if priority in empty else priority
		code = priorities.setdefault(priority, len(priorities))
		if code == len(rows.priorities):
			rows.priorities.append(priority)
		sequence = row[i_sequence].strip() if i_sequence >= 0 else ""
		rows.ticket.append(index)
		rows.line.append(line)
		rows.state.append(states[state])
		rows.priority.append(code)
		rows.event.append(event)
		rows.created.append(created)
		rows.sequence.append(int(sequence) if sequence.isdecimal() else 0)
		if source.chosen:
			rows.chosen.append(source.chosen(row))
	return rows, _direction(*steps)


def _may_be_second(second: dict[int, int], one: int, other: int) -> bool:
	"""Whether the earlier of two instants may be later than the other, in its second pass."""
	low, high = min(one, other), max(one, other)
	return second.get(low, NONE) >= high


def _direction(back: int, forth: int, back_of_all: int, forth_of_all: int) -> str:
	"""How the log runs: by the steps within its tickets, else by those from row to row."""
	if not back and not forth:
		back, forth = back_of_all, forth_of_all
		return NEWEST_FIRST if back > CLEAR * forth else OLDEST_FIRST
	if back > CLEAR * forth:
		return NEWEST_FIRST
	return OLDEST_FIRST if forth > CLEAR * back else MIXED


def _by_ticket(rows: Rows, direction: str) -> Iterator[list[int]]:
	"""The rows of each ticket, as they stand in the log or, where its newest are first, the other way round."""
	order = sorted(range(len(rows)), key=rows.ticket.__getitem__)
	start = 0
	for index in range(len(rows.numbers)):
		end = start
		while end < len(order) and rows.ticket[order[end]] == index:
			end += 1
		mine = order[start:end]
		yield mine[::-1] if direction == NEWEST_FIRST else mine
		start = end


def _second_passes(source: Source, rows: Rows, mine: list[int], direction: str) -> None:
	"""In the hour that the clock repeats in autumn, a time that seems to run backwards is its second pass."""
	second = source.reader.second
	if not second or direction == MIXED:
		return
	reached = NONE
	for i in mine:
		event = rows.event[i]
		floor = max(reached, rows.created[i])
		if event < floor and second.get(event, NONE) >= floor:
			event = rows.event[i] = second[event]
		reached = max(reached, event)


def _in_order(rows: Rows, mine: list[int], direction: str) -> tuple[list[int], int]:
	"""A ticket's rows in order of time, and how many share theirs with another that says something else.

	Rows of one time are in the order of their sequence, else of the log; where that has none, of the mapping's states.
	"""
	event, sequence, state = rows.event, rows.sequence, rows.state
	if direction == MIXED:
		mine = sorted(mine, key=lambda i: (event[i], sequence[i], state[i], rows.priority[i]))
	else:
		mine = sorted(mine, key=lambda i: (event[i], sequence[i]))
	ties = sum(
		event[a] == event[b] and sequence[a] == sequence[b] and state[a] != state[b]
		for a, b in itertools.pairwise(mine)
	)
	return mine, ties


def _believable(source: Source, rows: Rows, number: str, mine: list[int], low: int, high: int) -> list[int]:
	"""The rows whose times lie where the log's do; the others are noted."""
	columns, kept = source.mapping.columns, []
	for i in mine:
		for role, value in (("event_time", rows.event[i]), ("created", rows.created[i])):
			if value != BAD and not low <= value <= high:
				text = f"{source.text(value)}"
				source.reject(rows.line[i], number, "far_off", maps.label(columns[role]), text)
				break
		else:
			kept.append(i)
	return kept


def _made(source: Source, rows: Rows, number: str, mine: list[int]) -> tuple[int, list[int]]:
	"""When a ticket was made by its first usable row, and the rows since then; what lies before is noted."""
	created = next((rows.created[i] for i in mine if BAD != rows.created[i] <= rows.event[i]), None)
	columns, kept = source.mapping.columns, []
	for i in mine:
		if created is None and rows.created[i] == BAD:
			source.reject(
				rows.line[i], number, "unreadable_time", maps.label(columns["created"]), rows.texts[i]
			)
		elif created is None or rows.event[i] < created:
			text = source.text(rows.event[i])
			source.reject(rows.line[i], number, "before_created", maps.label(columns["event_time"]), text)
		else:
			kept.append(i)
	return created or 0, kept
