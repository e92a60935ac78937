"""The plain part of a mail that was written as HTML: its words line by line, and where its links lead."""

from __future__ import annotations

import html
import re

from ops_delivery.domain import mail_parts

_LINK = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*(["'])(.*?)\1[^>]*>(.*?)</a\s*>""", re.I | re.S)
_AFTER_STOP = re.compile(r"(?<=[。！？；：，、]) +(?=[\u4e00-\u9fff])")
_COLON = re.compile(r"(?<=[\u4e00-\u9fff]): ")
_LONGEST = 1_000_000


def of(message: str) -> str:
	"""The plain text of HTML. A link stands in a line of its own below what it says."""
	return mail_parts.plain(_LINK.sub(_linked, message), _LONGEST)


def set_in_chinese(text: str) -> str:
	"""A Chinese text as it is set: sentences that were put together have no blank between them, and its colons are wide."""
	return _COLON.sub("：", _AFTER_STOP.sub("", text))


def _linked(match: re.Match[str]) -> str:
	said, address = match[3], html.unescape(match[2])
	if mail_parts.plain(said, _LONGEST) == address:
		return html.escape(address)
	return f"{said}<br>{html.escape(address)}<br>" if said.strip() else html.escape(address)
