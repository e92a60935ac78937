"""What can go wrong with what the user gave: one line that names the file, the field and the value."""

from __future__ import annotations


class InputError(Exception):
	"""An unusable log, agreement, mapping or option; the command prints it and ends with code 2."""

	def __init__(self, source: str, problem: str) -> None:
		"""`source` is the file or option at fault, `problem` says what is wrong with it, in one line."""
		super().__init__(f"{source}: {problem}")
		self.source = source
		self.problem = problem


def quote(value: object, limit: int = 60) -> str:
	"""`value` for a message: quoted, on one line, not longer than `limit` characters."""
	return f'"{plain(value, limit)}"'


def plain(value: object, limit: int = 60) -> str:
	"""`value` without line breaks and control characters, not longer than `limit` characters."""
	text = str(value)
	if len(text) > limit:
		text = text[: limit - 1] + "…"
	return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
