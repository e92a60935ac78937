"""A mail's headers changed in its text, and nothing else of it: what is queued to be sent is a text, signed by nobody yet."""

from __future__ import annotations

import re
from email.header import Header


def split(message: str) -> tuple[list[str], str]:
	"""(headers with their continuation lines, the rest beginning with the blank line)."""
	text = message.replace("\r\n", "\n")
	head, blank, body = text.partition("\n\n")
	return re.split(r"\n(?![ \t])", head), f"{blank}{body}"


def join(head: list[str], body: str) -> str:
	"""What split took apart."""
	return "\n".join(head) + body


def get(head: list[str], name: str) -> str:
	"""The value of a header as it stands there; "" for none."""
	prefix = f"{name.lower()}:"
	return next((line[len(prefix) :].strip() for line in head if line.lower().startswith(prefix)), "")


def put(head: list[str], name: str, value: str) -> list[str]:
	"""The headers with one set to a value, at its place, else at the end."""
	prefix = f"{name.lower()}:"
	line = f"{name}: {_encoded(name, value)}"
	if any(one.lower().startswith(prefix) for one in head):
		return [line if one.lower().startswith(prefix) else one for one in head]
	return [*head, line]


def _encoded(name: str, value: str) -> str:
	if value.isascii():
		return value if name != "References" else "\n ".join(value.split(" "))
	return Header(value, "utf-8", header_name=name).encode()
