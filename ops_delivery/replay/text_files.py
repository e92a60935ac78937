"""Text files as spreadsheets and help desks write them: what they are written in, and what divides their columns."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from ops_delivery.replay.errors import InputError

UTF8, CHINESE = "utf-8-sig", "gb18030"
MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEAD, CHUNK, SAMPLE = 4096, 1 << 20, 1 << 18  # bytes
FEWEST = 8  # bytes beyond ASCII from which a guess is made
# What Chinese ticket logs are full of; text in another encoding, read as GB18030, has these no oftener than by chance.
FREQUENT = frozenset(
	"的一是不了在人有我这个中大来上国时间工单号标题状态优先级创建更新处理已关闭解决新等待挂起恢复响应完成高低紧急"
	"普通用户部门类型描述系统网络电脑打印机无法设备服务客户编故障报修请求员名称日期数据开户到场备件取消分配组"
)
CHINESE_SIGNS = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef‘-”…—·]")
WESTERN = "cp1252"
WESTERN_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒ")
WESTERN_SIGNS = frozenset("‘’“”„–—…•€£§©®°ªº«»·´\u00a0¿¡½¼±²³µ×™")
# What the statistics may find; they take other texts for encodings that nobody exports in (johab, mac-latin2).
ALPHABETS = (
	"cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u", "iso8859_2", "iso8859_5",
	"iso8859_7", "iso8859_9",
)  # fmt: skip
EAST_ASIAN = (
	"big5", "big5hkscs", "cp950", "cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "cp949",
	"euc_kr", "gb18030",
)  # fmt: skip
WAY_OUT = 'name its "encoding" in the mapping, or save it as UTF-8'


def unpacked(raw: BinaryIO) -> BinaryIO:
	"""`raw` from its beginning, unpacked if it is gzip."""
	raw.seek(0)
	packed = raw.read(2) == b"\x1f\x8b"
	raw.seek(0)
	return io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 18) if packed else raw  # type: ignore[arg-type, return-value]


def encoding_of(data: BinaryIO, name: str, said: str | None = None) -> str:
	"""What the text of `data` is written in; InputError where that cannot be told.

	A mark at its beginning is beyond doubt and goes before what was `said` of it; UTF-16 shows without one, as every second
	byte of its commas and digits is zero. What is valid UTF-8 throughout is UTF-8; of anything else its letters must tell.
	"""
	head = data.read(HEAD)
	for mark, encoding in MARKS:
		if head.startswith(mark):
			return encoding
	if said:
		return said
	even, odd = head[::2].count(0), head[1::2].count(0)
	if max(even, odd) * 8 > len(head) and min(even, odd) * 4 < max(even, odd):
		return "utf-16-be" if even > odd else "utf-16-le"
	decoder, letters, chunk = codecs.getincrementaldecoder("utf-8")(), 0, head
	while chunk:
		try:
			letters += len(chunk) - len(decoder.decode(chunk))
		except UnicodeDecodeError:
			return _by_letters(chunk + data.read(SAMPLE), name, letters)
		chunk = data.read(CHUNK)
	return UTF8


def read(path: Path) -> str:
	"""A small file's text. InputError where it can be read as none."""
	content = path.read_bytes()
	encoding = encoding_of(io.BytesIO(content), path.name)
	try:
		return content.decode(encoding)
	except UnicodeDecodeError:
		raise InputError(path.name, "is text neither in UTF-8 nor in UTF-16 or GB18030; save it as UTF-8")


def announced_delimiter(line: str) -> str | None:
	"""The delimiter of a first line that names nothing else ("sep=;", which Excel reads and writes)."""
	text = line.strip("\r\n").strip('"')
	return text[4] if text.lower().startswith("sep=") and len(text) == 5 else None


def likely_delimiter(lines: Iterable[str], fits: Callable[[list[str]], bool]) -> str:
	"""What divides the columns: that by which the header fits, else that which makes most columns of all the lines alike."""
	lines = [line for line in lines if line.strip()]
	columns = {sign: next(csv.reader(lines[:1], delimiter=sign), []) for sign in DELIMITERS}
	for sign in DELIMITERS:
		if any(fits([column.strip() for column in row]) for row in csv.reader(lines, delimiter=sign)):
			return sign

	def alike(sign: str) -> tuple[float, int]:
		rows = [len(row) for row in csv.reader(lines, delimiter=sign)]
		return (sum(n == len(columns[sign]) for n in rows) / max(1, len(rows)), len(columns[sign]))

	several = [sign for sign in DELIMITERS if len(columns[sign]) > 1]
	likely = max(several, key=alike) if several else None
	if likely and (len(lines) < 3 or alike(likely)[0] > 0.5):
		return likely

	def alike_below(sign: str) -> tuple[int, int]:
		widths = Counter(len(row) for row in csv.reader(lines[1:], delimiter=sign))
		return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

	# the first line may be a title
	below = max(DELIMITERS, key=alike_below)
	return below if alike_below(below)[0] * 2 > len(lines) else likely or ","


def _by_letters(sample: bytes, name: str, before: int = 0) -> str:
	"""The encoding of text that is not UTF-8, where its letters leave no doubt; else InputError.

	`before` tells how many bytes of letters in UTF-8 there were before the sample.
	"""
	lines = [line for line in sample.splitlines() if not line.isascii()]
	foreign = b"\n".join(lines)
	high = sum(byte > 0x7F for byte in foreign)
	valid = sum(len(c.encode()) for c in foreign.decode("utf-8", "ignore") if ord(c) > 0x7F)
	if _looks_chinese(foreign) and not before > high:
		return CHINESE
	if (valid + before) * 2 > high + before:
		raise InputError(name, f"is UTF-8 but for some bytes, as in {lines[0][:40]!r}; {WAY_OUT}")
	if _looks_western(foreign):
		return WESTERN
	if high >= FEWEST and (guess := _by_statistics(foreign)):
		return guess
	raise InputError(name, f"is text neither in UTF-8 nor in UTF-16 or GB18030; {WAY_OUT}")


def _looks_chinese(text: bytes) -> bool:
	# the sample may end within a letter
	for cut in range(4):
		try:
			decoded = text[: len(text) - cut].decode(CHINESE)
			break
		except UnicodeDecodeError:
			continue
	else:
		return False
	han = [c for c in decoded if "\u4e00" <= c <= "\u9fff"]
	other = [c for c in decoded if ord(c) > 0x7F and not CHINESE_SIGNS.match(c)]
	if len(han) <= 4 * len(other):
		return False
	if sum(c in FREQUENT for c in han) * 8 > len(han):
		return True
	# Names of people are none of those words. Chinese is of GB2312's first plane, half of it (by its sounds, S to Z) behind
	# where Korean in its own encoding ends.
	leads = [c.encode(CHINESE)[0] for c in han]
	common = sum(0xB0 <= lead <= 0xD7 for lead in leads)
	late = sum(0xC9 <= lead <= 0xD7 for lead in leads)
	return len(han) >= 4 and common * 10 >= len(han) * 9 and late * 6 >= len(han)


def _looks_western(text: bytes) -> bool:
	"""Whether every letter is one of Western Europe, in a word of others, and every sign one that people type."""
	try:
		decoded = text.decode(WESTERN)
	except UnicodeDecodeError:
		return False
	found = [c for c in decoded if ord(c) > 0x7F]
	letters = [c for c in found if c in WESTERN_LETTERS]
	in_words = sum(
		len(word) > 1 for word in re.findall(r"[A-Za-z]+[à-ÿÀ-ß]+[A-Za-z]*|[à-ÿÀ-ß]+[A-Za-z]+", decoded)
	)
	signs = all(c in WESTERN_LETTERS or c in WESTERN_SIGNS for c in found)
	return signs and (in_words * 2 >= len(letters) if letters else len(found) > 0)


def _by_statistics(text: bytes) -> str | None:
	try:
		from charset_normalizer import from_bytes
	except ImportError:
		return None
	best = from_bytes(text).best()
	if best is None or best.encoding not in (*ALPHABETS, *EAST_ASIAN):
		return None
	found = [c for c in text.decode(best.encoding, "replace") if ord(c) > 0x7F]
	letters = sum(c.isalpha() for c in found)
	signs = sum(c in WESTERN_SIGNS or bool(CHINESE_SIGNS.match(c)) for c in found if not c.isalpha())
	narrow = any("\uff61" <= c <= "\uff9f" for c in found)  # katakana of a kind that nobody types
	if letters + signs < len(found) or letters < 2 * signs or narrow:
		return None
	return best.encoding.replace("_", "-")
