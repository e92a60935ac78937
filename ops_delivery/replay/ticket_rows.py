"""A log of tickets: each row is a whole ticket, with the times of its milestones in columns."""

from __future__ import annotations

from ops_delivery.replay import hold_times, outliers
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.log import BAD, NONE, Log
from ops_delivery.replay.reading import Source
from ops_delivery.replay.table import Progress
from ops_delivery.replay.ticket_checks import check
from ops_delivery.replay.whole_tickets import WholeTickets


def read_tickets(source: Source, progress: Progress | None = None) -> Log:
	"""A row is a whole ticket: when it was made, and for each commitment when it was met and paused."""
	tickets = _gather(source, progress)
	low, high = outliers.bounds((tickets.created, *tickets.times.values()), source.choices.now)
	wanted = bytearray(b"\1") * len(tickets.numbers)
	late = unwanted = 0
	for i, created in enumerate(tickets.created):
		if not low <= created <= high:
			text = source.text(created)
			source.reject(
				tickets.line[i],
				tickets.numbers[i],
				"far_off",
				maps.label(source.mapping.columns["created"]),
				text,
			)
			wanted[i] = 0
		elif source.as_of is not None and created > source.as_of:
			wanted[i] = 0
			late += 1
		elif tickets.chosen and not tickets.chosen[i]:
			wanted[i] = 0
			unwanted += 1
	if not all(wanted):
		tickets.keep(wanted)
	tickets.until = source.as_of
	check(tickets, source, low, high)
	log = source.log(tickets)
	log.not_chosen = late + unwanted
	if source.as_of is not None:
		log.until = source.as_of
	elif tickets.numbers:
		columns = (tickets.created, *tickets.times.values())
		log.until = max(value for column in columns for value in column if low <= value <= high)
	return log


def _gather(source: Source, progress: Progress | None) -> WholeTickets:
	"""The rows that are tickets; a milestone that cannot be read is one all the same, and kept as such."""
	mapping, read = source.mapping, source.reader.read
	tickets = WholeTickets(mapping)
	columns, empty = mapping.columns, mapping.empty
	created_of = source.cell(columns["created"])
	i_ticket = source.i_ticket
	i_priority = source.position("priority") if "priority" in columns else -1
	i_state = source.position("state") if "state" in columns else -1
	times = [(source.cell(at), maps.label(at)) for at in tickets.times]
	lengths = [(source.table.position(key.split("\n")[0]), *key.split("\n")) for key in tickets.lengths]
	known: dict[str, int] = {}
	codes = {"": 0}
	repeated = 0
	for line, row in source.numbered(progress):
		number = row[i_ticket].strip()
		if number in empty:
			source.reject(line, "", "no_ticket", columns["ticket"][0], number)
			continue
		text = created_of(row)
		created = read(text)
		if created is None:
			source.reject_time(line, number, columns["created"], text)
			continue
		place = known.setdefault(number, len(known))
		if place < len(tickets.numbers):
			repeated += 1
			left, used = line, tickets.line[place]
			if mapping.duplicates == "last":
				left, used = used, left
			source.reject(left, number, "duplicate_ticket", columns["ticket"][0], str(used))
			if mapping.duplicates == "first":
				continue
		priority = row[i_priority].strip() if i_priority >= 0 else ""
		priority = "" if priority in empty else priority
		code = codes.setdefault(priority, len(codes))
		if code == len(tickets.written):
			tickets.written.append(priority)
		values, bad = [created, line, code], []
		for cell, label in times:
			text = cell(row)
			value = NONE if text in empty else read(text)
			if value is None:
				value = BAD
				bad.append((label, text))
			values.append(value)
		for index, column, unit in lengths:
			text = row[index].strip()
			length = 0 if text in empty else hold_times.seconds_of(text, unit)
			if length is None:
				length = BAD
				bad.append((column, text))
			values.append(length)
		tickets.put(place, number, values)
		for column, text in bad:
			tickets.texts[place, column] = text
		# a slice, as it is either a new ticket's or in the place of an earlier one
		if i_state >= 0:
			tickets.neutral[place : place + 1] = bytes([row[i_state].strip() in mapping.neutral])
		if source.chosen:
			tickets.chosen[place : place + 1] = bytes([source.chosen(row)])
	if repeated:
		source.notes.append((f"duplicates_{mapping.duplicates}", {"count": repeated}))
	return tickets
