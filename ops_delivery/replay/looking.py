"""`ops-delivery mapping LOG`: shows what a log holds, and writes a draft of its mapping."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from ops_delivery.replay import profile, workbook
from ops_delivery.replay.draft import draft
from ops_delivery.replay.errors import InputError, plain, quote
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.profile import Column, Profile
from ops_delivery.replay.progress import Progress

SHOWN_VALUES = 12
FEW = 30  # values of a column that are shown with their counts


def run(options: argparse.Namespace, started: float) -> int:
	"""Prints the profile and writes the draft; nothing is written over."""
	target = Path(options.out or f"{os.path.basename(options.log).split('.')[0]}.mapping.json")
	if target.exists():
		raise InputError(
			"--out", f"{target} is already there and is not overwritten; name another file with --out"
		)
	with Progress("reading", "B") as bar:
		found = profile.look(options.log, options.sheet, bar.to)
	_show(found)
	mapping = draft(found, target.name.split(".")[0])
	try:
		target.write_text(json.dumps(mapping, ensure_ascii=False, indent="\t") + "\n", "utf-8")
	except OSError as error:
		raise InputError("--out", f"{target} cannot be written ({error.strerror or error})")
	print(f"\nA draft of the mapping was written: {target}")
	for line in mapping["guessed"]:
		print(f"  guessed:  {plain(line, 200)}")
	for line in mapping.get("unknown", ()):
		print(f"  unknown:  {plain(line, 200)}")
	if "unknown" in mapping:
		print('The replay asks for what is unknown: answer it in the file, and take the key "unknown" out.')
	return 0


def _show(found: Profile) -> None:
	words, table = Words("en"), found.table
	print(f"{table.name}: {words.number(found.rows)} rows, {len(table.header)} columns", end="")
	if table.sheet is not None:
		sheets = workbook.sheet_names(table.path, table.name)
		print(f"; sheet {quote(table.sheet)} of {', '.join(map(quote, sheets))}")
	else:
		print(f"; {table.encoding.replace('-sig', '')}, divided by {table.divided}")
	for code, count in found.problems.most_common():
		print(f"  {words(f'kind_{code}')}: {words.number(count)} rows")
	if len(table.header) == 1:
		way = (
			"it is another sheet, name it with --sheet"
			if table.sheet
			else "it should be several, name the delimiter in a mapping"
		)
		print(f"  one column only: if {way}", file=sys.stderr)
	if table.title:
		print(f"  {words.note('header_line', {'line': table.header_line})}", file=sys.stderr)
	print()
	for column in found.columns:
		print(f"{plain(column.name, 40)}: {words.number(column.filled)} filled, {column.distinct} different")
		for line in _about(column, words):
			print(f"    {line}")
	for i, row in enumerate(found.examples, 1):
		print(f"\nexample {i}")
		for column, cell in zip(found.columns, row, strict=False):
			if cell:
				print(f"    {plain(column.name, 40)}: {plain(cell, 80)}")


def _about(column: Column, words: Words) -> list[str]:
	if guess := column.time:
		said = [
			f"times, written {' or '.join(map(quote, guess.formats))} ({guess.read} of {guess.tried} different values)"
		]
		if evidence := guess.evidence:
			for found, count, first in (
				(evidence.day, evidence.days, "day"),
				(evidence.month, evidence.months, "month"),
			):
				if found:
					said.append(
						f"{count} values have their {first} first for certain, such as {quote(found[2])}"
					)
			if evidence.boths:
				said.append(
					f"{evidence.boths} values fit both orders" + ("; nothing decides" if guess.open else "")
				)
		return said
	if not column.many and len(column.values) <= FEW:
		shown = [
			f"{plain(value, 40)} ({words.number(n)})" for value, n in column.values.most_common(SHOWN_VALUES)
		]
		more = len(column.values) - len(shown)
		return [", ".join(shown) + (f", and {more} more" if more > 0 else "")] if shown else []
	return ["for instance " + ", ".join(plain(value, 30) for value, _n in column.values.most_common(3))]
