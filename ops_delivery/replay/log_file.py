"""A log from its file: which mapping reads it, in which zone, and how its rows become tickets."""

from __future__ import annotations

from dataclasses import replace

from ops_delivery.replay import mapping as maps
from ops_delivery.replay import shipped_mappings
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.log import Log
from ops_delivery.replay.mapping import LogMapping
from ops_delivery.replay.reading import Choices, Source
from ops_delivery.replay.table import Progress, Table
from ops_delivery.replay.ticket_rows import read_tickets
from ops_delivery.replay.update_rows import read_updates


def read(
	path: str,
	mapping: LogMapping | None,
	default_zone: str,
	choices: Choices | None = None,
	progress: Progress | None = None,
) -> Log:
	"""Reads the log at `path`; without a `mapping` the shipped one that fits the header is taken.

	The log's wall-clock times are of the zone that was chosen, else the mapping's, else `default_zone` (the agreement's).
	`progress` is called now and then with the bytes read and the file's size.
	"""
	choices = choices or Choices()
	wanted = [mapping] if mapping else [shipped_mappings.load(shipped) for shipped in shipped_mappings.shipped()]
	table = Table(
		path,
		lambda header: any(not one.missing_columns(header) for one in wanted),
		mapping.encoding if mapping else None,
		mapping.delimiter if mapping else None,
		choices.sheet or (mapping.sheet if mapping else None),
	)
	if choices.sheet and table.sheet is None:
		raise InputError(
			"--sheet", f"{quote(choices.sheet)} cannot be chosen, as {table.name} is no workbook"
		)
	mapping = mapping or shipped_mappings.detect(table.header, table.name, table.divided)
	if missing := mapping.missing_columns(table.header):
		raise InputError(
			table.name,
			f"has no column {', '.join(map(quote, missing))}, which the mapping {mapping.name} needs; "
			f"it has {maps.named(table.header)}, divided by {table.divided}",
		)
	for column in mapping.needed_columns():
		table.position(column)
	if "sequence" in mapping.columns and mapping.columns["sequence"][0] not in table.header:
		mapping = replace(
			mapping, columns={role: at for role, at in mapping.columns.items() if role != "sequence"}
		)
	zone = maps.check_zone(choices.time_zone or mapping.time_zone or default_zone, "--time-zone")
	source = Source(table, mapping, zone, choices)
	take = read_updates if mapping.shape == maps.UPDATES else read_tickets
	return take(source, progress)
