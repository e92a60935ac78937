"""The one exception of the domain."""

from __future__ import annotations

from typing import Any


class DomainError(ValueError):
	"""A rule of the domain was broken, or a value cannot be understood.

	`code` is a stable snake_case key: services translate by it and tests match on it. `message` is an English
	template whose {placeholders} are filled from `context`; str() gives the filled text. Where known, `context`
	holds `field` (the path of what is wrong, such as "targets[2].target") and `value` (what was found there).
	"""

	def __init__(self, code: str, message: str, /, **context: Any) -> None:
		super().__init__(code, message)
		self.code = code
		self.message = message
		self.context = context

	def __str__(self) -> str:
		return self.message.format(**self.context)

	def under(self, path: str) -> DomainError:
		"""The same error seen from the outside: its `field` lies under `path`, and its text names it."""
		inner = self.context.get("field", "")
		joint = "." if inner and not inner.startswith("[") else ""
		message = self.message if "{field}" in self.message else "{field}: " + self.message
		return DomainError(self.code, message, **{**self.context, "field": f"{path}{joint}{inner}"})
