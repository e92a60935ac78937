"""Text files as spreadsheets and help desks write them: in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable
from pathlib import Path

from ops_delivery.replay.errors import InputError

UTF8, CHINESE = "utf-8-sig", "gb18030"
MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 4096  # bytes


def encodings(head: bytes, said: str | None = None) -> list[str]:
	"""What a file that begins with `head` may be written in, in the order to try. A mark at its beginning is beyond doubt
	and goes before what was `said` of it; UTF-16 shows without one, as every second byte of its commas and digits is zero."""
	for mark, name in MARKS:
		if head.startswith(mark):
			return [name]
	if said:
		return [said]
	even, odd = head[::2].count(0), head[1::2].count(0)
	if even or odd:
		return ["utf-16-be" if even > odd else "utf-16-le"]
	return [UTF8, CHINESE]


def read(path: Path) -> str:
	"""A small file's text. InputError where it can be read as none."""
	content = path.read_bytes()
	for name in encodings(content[:SAMPLE]):
		try:
			return content.decode(name)
		except UnicodeDecodeError:
			continue
	raise InputError(path.name, "is text neither in UTF-8 nor in UTF-16 or GB18030; save it as UTF-8")


def announced_delimiter(line: str) -> str | None:
	"""The delimiter of a first line that names nothing else ("sep=;", which Excel reads and writes)."""
	text = line.strip("\r\n").strip('"')
	return text[4] if text.lower().startswith("sep=") and len(text) == 5 else None


def likely_delimiter(line: str, fits: Callable[[list[str]], bool]) -> str:
	"""What divides the columns of a header: that by which they fit, else that which makes most of them."""
	columns = {sign: next(csv.reader([line], delimiter=sign), []) for sign in DELIMITERS}
	fitting = [sign for sign in DELIMITERS if fits([column.strip() for column in columns[sign]])]
	return fitting[0] if fitting else max(DELIMITERS, key=lambda sign: len(columns[sign]))
