"""Reading plain JSON values strictly, with the path of what is wrong in every error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from ops_delivery.domain.errors import DomainError

T = TypeVar("T")
REQUIRED: Any = object()


def wrong(code: str, field: str, value: Any, problem: str) -> DomainError:
	"""A DomainError that reads "<field>: <value> <problem>."."""
	return DomainError(code, "{field}: {value!r} {problem}.", field=field, value=value, problem=problem)


def within(path: str, make: Callable[..., T], *args: Any) -> T:
	"""make(*args), with its DomainError seen from `path`."""
	try:
		return make(*args)
	except DomainError as error:
		raise error.under(path) from None


class Table:
	"""A JSON object being read. Its `code` is that of the DomainError for a key or value that is not as it should be.

	A key whose value is null counts as left out.
	"""

	def __init__(self, row: Any, path: str, code: str) -> None:
		self.path, self.code = path, code
		if not isinstance(row, Mapping):
			raise wrong(code, path, row, "is not a table")
		self.row = row

	def __iter__(self) -> Iterator[str]:
		return iter(self.row)

	def only(self, keys: str) -> Table:
		"""Refuse any key but these (words)."""
		for key in self.row:
			if key not in keys.split():
				raise wrong(self.code, self.at(key), self.row[key], "has no place here")
		return self

	def at(self, key: str, index: int | None = None) -> str:
		"""The path of a key's value, or of a list's item."""
		path = f"{self.path}.{key}" if self.path else str(key)
		return path if index is None else f"{path}[{index}]"

	def bad(self, key: str, wanted: str) -> DomainError:
		return wrong(self.code, self.at(key), self.row.get(key), f"is not {wanted}")

	def value(self, key: str, default: Any = REQUIRED) -> Any:
		value = self.row.get(key)
		if value is not None:
			return value
		if default is REQUIRED:
			raise DomainError(self.code, "{field} is missing.", field=self.at(key), value=None)
		return default

	def text(self, key: str, default: Any = REQUIRED) -> Any:
		"""A text; one that is required is not empty."""
		value = self._typed(key, str, "a text", default)
		if value == "" and default is REQUIRED:
			raise self.bad(key, "a text")
		return value

	def whole(self, key: str, default: Any = REQUIRED) -> int:
		return self._typed(key, int, "a whole number", default)

	def number(self, key: str, default: Any = REQUIRED) -> float:
		return self._typed(key, (int, float), "a number", default)

	def date(self, key: str) -> date:
		text = self.text(key)
		try:
			day = date.fromisoformat(text)
		except ValueError:
			day = None
		if day is None or day.isoformat() != text:  # later Pythons read other ISO forms too
			raise self.bad(key, "a date (YYYY-MM-DD)")
		return day

	def list(self, key: str, default: Any = REQUIRED) -> list[tuple[str, Any]]:
		"""The items of a list, each with its path."""
		items = self._typed(key, (list, tuple), "a list", default)
		return [(self.at(key, i), item) for i, item in enumerate(items)]

	def texts(self, key: str, default: Any = REQUIRED) -> list[str]:
		items = [item for _, item in self.list(key, default)]
		if not all(isinstance(item, str) and item for item in items):
			raise self.bad(key, "a list of texts")
		return items

	def table(self, key: str, default: Any = REQUIRED) -> Table:
		return Table(self.value(key, default), self.at(key), self.code)

	def tables(self, key: str, default: Any = REQUIRED) -> list[Table]:
		return [Table(row, path, self.code) for path, row in self.list(key, default)]

	def _typed(self, key: str, kind: type | tuple[type, ...], wanted: str, default: Any) -> Any:
		value = self.value(key, default)
		if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
			raise self.bad(key, wanted)
		return value
