"""A draft of a mapping for a log that nobody has described: what can be told, what was guessed, and what is not known."""

from __future__ import annotations

import json
from typing import Any

from ops_delivery.replay import draft_words as words
from ops_delivery.replay import format_guess, time_formats
from ops_delivery.replay.mapping import FORMAT, TICKETS, UPDATES
from ops_delivery.replay.profile import Column, Profile

ISO_DAY = "%Y-%m-%d"
FEW_STATES = 60
IDLE = 12  # columns of times without a use that are named
ROWS_EACH = 2  # rows a ticket, on average, of a log of updates
LIFE = ("new", "", "paused", "met", "neutral")
FEWEST_TICKETS = 20  # rows a ticket at most, of a column of their numbers
TIMES = words.TIMES
CLOCK_WORDS = ("time", "hora", "heure", "uhrzeit", "zeit", "时间", "时刻", "hour")


class Draft:
	"""The mapping, with what it could not know in `unknown` (the replay asks for answers) and its guesses in `guessed`."""

	def __init__(self, profile: Profile, name: str) -> None:
		self.profile, self.unknown, self.guessed = profile, [], []  # type: tuple[Profile, list[str], list[str]]
		self.taken: set[str] = set()
		self.roles = self._roles()
		self.clocks = {
			column.name: found for column in self.roles.values() if (found := self._clock_of(column))
		}
		ticket = self.roles.get("ticket")
		self.repeats = bool(ticket) and profile.repeats.get(ticket.name, False)
		few = ticket is not None and not ticket.many and len(ticket.values) * 10 > 9 * ticket.filled
		each = sum(ticket.values.values()) / len(ticket.values) if ticket else 1
		whole = "closed" in self.roles and ("event_time" not in self.roles or each < ROWS_EACH)
		several = self.repeats and not few and "state" in self.roles and not whole
		self.shape = (
			UPDATES if several and ("event_time" in self.roles or "created" in self.roles) else TICKETS
		)
		self.mapping = self._mapping(name)

	def _mapping(self, name: str) -> dict[str, Any]:
		table = self.profile.table
		found: dict[str, Any] = {"format": FORMAT, "name": name, "title": table.name, "shape": self.shape}
		if table.sheet is not None:
			found["sheet"] = table.sheet
		else:
			found |= {"encoding": table.encoding.replace("-sig", ""), "delimiter": table.delimiter}
			if not table.encoding.startswith("utf-"):
				self.guessed.append(f"the text is in {table.encoding}, by its letters")
		found["time_format"] = self._time_format()
		found["time_zone"] = None
		self.guessed.append("the times are local to the agreement's calendar, as long as time_zone is null")
		found["empty"] = sorted({"", *self.profile.empty})
		found["columns"] = self._columns()
		found |= self._of_updates() if self.shape == UPDATES else self._of_tickets()
		if priorities := self._priorities():
			found["priorities"] = priorities
		used = json.dumps(found, ensure_ascii=False)
		idle = [
			c.name
			for c in self.profile.columns
			if c.time and json.dumps(c.name, ensure_ascii=False) not in used
		]
		if idle:
			more = f" and {len(idle) - IDLE} more" if len(idle) > IDLE else ""
			self.guessed.append(f"the times in {', '.join(idle[:IDLE])}{more} mean nothing for the clocks")
		found["guessed"] = self.guessed
		if not self.profile.rows:
			self.unknown[:] = ["the log has a header and no row, so nothing could be told"]
		if self.unknown:
			found["unknown"] = self.unknown
		return found

	def _roles(self) -> dict[str, Column]:
		"""The column that fits each role best; a time's must hold times."""
		found: dict[str, Column] = {}
		for role in words.COLUMNS:
			fitting = [
				(rank, i, column)
				for i, column in enumerate(self.profile.columns)
				if column.filled
				and column.name not in self.taken
				and (rank := words.rank(column.name, role)) is not None
				and (role not in TIMES or column.time)
				and (role in TIMES or not column.time)
				and (role not in ("state", "priority") or len(column.values) <= FEW_STATES)
				and (role != "ticket" or column.many or len(column.values) * FEWEST_TICKETS >= column.filled)
			]
			if fitting:
				found[role] = min(fitting, key=lambda item: item[:2])[2]
				self.taken.add(found[role].name)
		return found

	def _clock_of(self, column: Column) -> tuple[str, str] | None:
		"""The column beside a column of days that holds their time of day, and how that is written."""
		values = column.values
		if not column.time or (column.time.clock and not all(day.endswith(" 00:00:00") for day in values)):
			return None
		names = [other.name for other in self.profile.columns]
		place = names.index(column.name) + 1
		for other in self.profile.columns[place : place + 1]:
			folded = words.fold(other.name)
			if other.name in self.taken or not any(word in folded for word in CLOCK_WORDS):
				continue
			if written := format_guess.clock_format(other.values):
				self.taken.add(other.name)
				return other.name, written
		return None

	def _at(self, column: Column) -> str | dict[str, str]:
		"""A time's column for the mapping, or its two."""
		if column.name not in self.clocks:
			return column.name
		return {"date": column.name, "time": self.clocks[column.name][0]}

	def _said(self, column: Column) -> str:
		return " + ".join((column.name, *self.clocks.get(column.name, ())[:1]))

	def _columns(self) -> dict[str, str | dict[str, str]]:
		columns: dict[str, str | dict[str, str]] = {}
		wanted = (
			("ticket", "created", "event_time", "state") if self.shape == UPDATES else ("ticket", "created")
		)
		for role in wanted:
			if column := self.roles.get(role):
				columns[role] = self._at(column)
				self.guessed.append(f"{role} is the column {self._said(column)}")
			elif role == "created" and "event_time" in self.roles:
				columns[role] = self._at(self.roles["event_time"])
				self.guessed.append("a ticket is made with its first row, as no column says when")
			elif role == "event_time" and "created" in self.roles:
				columns[role] = self._at(self.roles["created"])
				self.unknown.append("columns.event_time: which column says when the row's update was?")
			else:
				columns[role] = "?"
				self.unknown.append(
					f"columns.{role}: which column is it? ({', '.join(self._candidates(role))})"
				)
		if column := self.roles.get("priority"):
			columns["priority"] = column.name
		return columns

	def _candidates(self, role: str) -> list[str]:
		times = role in TIMES
		return [c.name for c in self.profile.columns if c.filled and bool(c.time) == times][:8] or [
			"none looks like one"
		]

	def _time_format(self) -> list[str]:
		formats: list[str] = []
		for role in TIMES:
			column = self.roles.get(role)
			if column is None or column.time is None:
				continue
			written = column.time.formats
			if clock := self.clocks.get(column.name):
				days = [
					ISO_DAY if name == time_formats.ISO or column.time.clock else name for name in written
				]
				written = [f"{day} {clock[1]}" for day in days]
			formats += [name for name in written if name not in formats]
			if not column.time.clock and not clock:
				self.guessed.append(f"{column.name} holds days without a time; each counts from its midnight")
			if column.time.evidence and column.time.evidence.day and column.time.evidence.month:
				self.unknown.append(
					f"time_format: {column.name} has dates with the day first and dates with the month first"
				)
		open_formats = [
			name for name in formats if time_formats.swapped(name) in formats and time_formats.order_of(name)
		]
		proved = {
			time_formats.order_of(name)
			for column in self.roles.values()
			if column.time and not column.time.open
			for name in column.time.formats
		} - {""}
		if open_formats and len(proved) == 1:
			formats = [name for name in formats if time_formats.order_of(name) in ("", *proved)]
		elif open_formats:
			self.unknown.append(
				f"time_format: every date fits day/month and month/day; leave one of {' and '.join(open_formats)}"
			)
		return formats or ["iso"]

	def _of_updates(self) -> dict[str, Any]:
		column = self.roles["state"]
		states = [state for state, _count in column.values.most_common()]
		kinds = {state: words.meaning(state) for state in states}
		states.sort(key=lambda state: LIFE.index(kinds[state]))

		def of(kind: str) -> list[str]:
			return [state for state in states if kinds[state] == kind]

		new, met, paused, neutral = (of(kind) for kind in ("new", "met", "paused", "neutral"))
		rest = of("")
		kinds_said = (
			("not yet answered", new),
			("worked on", rest),
			("waiting", paused),
			("solved", met),
			("neutral", neutral),
		)
		for kind, found in kinds_said:
			if found:
				self.guessed.append(f"{kind}: {', '.join(found)}")
		if not met:
			self.unknown.append("commitments.Resolution.met: which states mean that it is solved?")
		if not new:
			self.guessed.append(
				"no state looks like a ticket that nobody has answered, so First Response is left out"
			)
		known = [state for state in states if state not in neutral]
		resolution = {"start": "created", "paused": paused, "met": met or ["?"], "reopens": True}
		response = {"First Response": {"start": "created", "met": {"not_in": new}}} if new else {}
		extra = {"neutral": neutral} if neutral else {}
		return {"states": known, **extra, "commitments": {**response, "Resolution": resolution}}

	def _of_tickets(self) -> dict[str, Any]:
		roles, commitments = self.roles, {}
		last = [roles[role] for role in ("resolved", "closed") if role in roles]
		ends, said = [self._at(column) for column in last], [self._said(column) for column in last]
		if column := roles.get("responded"):
			commitments["First Response"] = {"met_at": [self._at(column), *ends]}
			self.guessed.append(f"First Response is met at {', else '.join([self._said(column), *said])}")
		resolution: dict[str, Any] = {"met_at": ends if len(ends) > 1 else (ends or ["?"])[0]}
		if ends:
			self.guessed.append(f"Resolution is met at {', else '.join(said)}")
		else:
			others = ", ".join(c.name for c in self.profile.columns if c.time and c.name not in self.taken)
			self.unknown.append(
				f"commitments.Resolution.met_at: which column says when it was solved? ({others or 'no other time'})"
			)
		if "held" in roles and "resumed" in roles:
			resolution["paused_between"] = [[self._at(roles["held"]), self._at(roles["resumed"])]]
			self.guessed.append(f"it is held from {roles['held'].name} to {roles['resumed'].name}")
		elif column := roles.get("hold_length"):
			resolution["paused_for"] = [column.name]
			resolution["paused_for_counts"] = "service"
			self.guessed.append(
				f'it was held for {column.name} (numbers are seconds), in service time (or "wall"?)'
			)
		commitments["Resolution"] = resolution
		found: dict[str, Any] = {"commitments": commitments}
		if column := roles.get("state"):
			neutral = [state for state in column.values if words.meaning(state) == "neutral"]
			if neutral:
				found["neutral"] = neutral
				self.guessed.append(f"neutral: {', '.join(neutral)}")
		if self.repeats:
			found["duplicates"] = "last"
			self.guessed.append("a ticket's last row counts, as some have several")
		return found

	def _priorities(self) -> dict[str, str]:
		column = self.roles.get("priority")
		if not column:
			return {}
		found = {value: name for value in column.values if (name := words.priority(value))}
		self.guessed += [f"priority {value} is {name}" for value, name in found.items() if value != name]
		if rest := [value for value in column.values if value not in found]:
			self.guessed.append(f"the agreement's default priority for {', '.join(rest)}")
		return found


def draft(profile: Profile, name: str) -> dict[str, Any]:
	"""The draft as the values of a mapping file."""
	made = Draft(profile, name)
	if made.mapping.get("neutral") and made.shape == TICKETS:
		made.mapping["columns"]["state"] = made.roles["state"].name
	return made.mapping
