"""The body of a message from a machine: bytes to text, JSON or CSV, and moments; a stranger's bytes end in a DomainError.

Written for clauses 6.2.b.4 and 5.3.b.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from io import StringIO
from typing import Any

from dateutil.parser import isoparse

from ops_delivery.domain.errors import DomainError

MOST_BYTES = 4_000_000
MOST_LINES = 10_000
LONGEST_NAME = 140  # of objects, steps, units, fingerprints
FIRST_YEAR, LAST_YEAR = 1990, 2199

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_SHOWN = 60  # characters of a wrong value that a message repeats


def text_of(body: bytes) -> str:
	"""The text of a body. DomainError: body_empty, body_too_large (bytes), body_not_utf8 (with the place of the first wrong byte)."""
	if len(body) > MOST_BYTES:
		raise DomainError(
			"body_too_large",
			"The message has {value} bytes, more than {most}. Send it in several.",
			field="body",
			value=len(body),
			most=MOST_BYTES,
		)
	try:
		text = body.decode("utf-8-sig")
	except UnicodeDecodeError as error:
		raise DomainError(
			"body_not_utf8", "The message is not UTF-8: byte {value} fits nothing. Send it as UTF-8.", field="body", value=error.start + 1
		) from None
	if not text.strip():
		raise DomainError("body_empty", "The message is empty. Send JSON or CSV.", field="body", value="")
	return text


def json_of(text: str) -> Any:
	"""What a JSON text holds. DomainError: body_not_json, with the line."""
	try:
		return json.loads(text)
	except json.JSONDecodeError as error:
		place = error.lineno
	except (RecursionError, ValueError):  # too deep, or a number of thousands of digits
		place = 1
	raise DomainError(
		"body_not_json", "The message is not JSON that can be read, from line {value} on. Check its brackets and commas.", field="body", value=place
	)


def rows_of(text: str, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
	"""The rows of a CSV with a head line, by column; commas, semicolons or tabs between. DomainError: csv_without_columns,
	csv_unreadable."""
	head = text.lstrip().partition("\n")[0]
	sign = max(",;\t", key=head.count)
	reader = csv.DictReader(StringIO(text.lstrip(), newline=""), delimiter=sign, restkey="", strict=True)
	try:
		names = [plain(name).lower() for name in reader.fieldnames or ()]
		if missing := [name for name in needed if name not in names]:
			raise DomainError(
				"csv_without_columns",
				"The first line names no column {value}. It is, for example: {example}.",
				field="body",
				value=", ".join(missing),
				example="object,metric,value,unit,time",
			)
		reader.fieldnames = names
		for row in reader:
			yield {name: value or "" for name, value in row.items() if isinstance(value, str) or value is None}
	except csv.Error:
		raise DomainError(
			"csv_unreadable", "The CSV cannot be read from line {value} on. Check its quotation marks.", field="body", value=reader.line_num
		) from None


def counted(rows: Iterator[Any]) -> list[Any]:
	"""The rows of a message. DomainError: lines_too_many."""
	found: list[Any] = []
	for row in rows:
		found.append(row)
		if len(found) > MOST_LINES:
			raise DomainError(
				"lines_too_many", "The message has more than {most} lines. Send it in several.", field="body", value=len(found), most=MOST_LINES
			)
	return found


def named(row: Mapping[str, Any], field: str, longest: int = LONGEST_NAME) -> str:
	"""A name in a row, "" where there is none. DomainError: not_a_text, text_too_long."""
	value = row.get(field)
	if value is None:
		return ""
	if isinstance(value, bool) or not isinstance(value, str | int | float):
		raise DomainError("not_a_text", "{field} is {value}, and has to be a text.", field=field, value=shown(value))
	text = plain(str(value))
	if len(text) > longest:
		raise DomainError("text_too_long", "{field} is longer than {most} characters: {value}", field=field, value=shown(text), most=longest)
	return text


def moment(row: Mapping[str, Any], field: str, zone: tzinfo) -> datetime:
	"""The moment in a row, aware; a time without an offset is one of `zone` (an hour that occurs twice: its first).
	DomainError: bad_moment."""
	value = row.get(field)
	if isinstance(value, str) and _MOMENT.fullmatch(value.strip()):
		try:
			found = isoparse(value.strip())
			if FIRST_YEAR <= found.year <= LAST_YEAR:
				return found if found.tzinfo else found.replace(tzinfo=zone)
		except (ValueError, OverflowError):
			pass
	raise DomainError(
		"bad_moment",
		"{field}: {value} is no time. Write it with its offset, such as {example}.",
		field=field,
		value=shown(value),
		example="2026-01-31T09:00:00+08:00",
	)


def plain(text: str) -> str:
	"""A text in one line: what no screen shows is taken out, white space is one space."""
	return " ".join("".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text).split())


def shown(value: Any) -> str:
	"""A wrong value as a message repeats it."""
	text = plain(value) if isinstance(value, str) else plain(repr(value)[:300])
	return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def each(rows: list[Any], read: Callable[[int, Mapping[str, Any]], Any]) -> list[Any]:
	"""What `read` makes of each row, or the DomainError that it refuses the row with (row_no_object: the row is no JSON object)."""
	found: list[Any] = []
	for number, row in enumerate(rows, 1):
		try:
			if not isinstance(row, dict):
				raise DomainError("row_no_object", "{value} is no JSON object with fields.", field="row", value=shown(row))
			found.append(read(number, row))
		except DomainError as error:
			found.append(error)
	return found
