"""Which objects a source may speak of, and which of them a name means (6.2.b.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe.utils import cstr

from ops_delivery.domain.errors import DomainError

OBJECT = "Service Object"
COLUMNS = {"Object Name": "object_name", "Serial No": "serial_no", "ID": "name"}
AT_ONCE = 1000  # names of one query


class Known:
	"""The objects of a source that a message names, by those names."""

	def __init__(self, source, named: Iterable[str]):
		"""`named`: whatever the message may call an object; only these are looked up."""
		self._column = COLUMNS.get(source.object_by, "object_name")
		self.titles: dict[str, str] = {}
		self._by_name: dict[str, set[str]] = defaultdict(set)
		names = sorted({name for name in (*named, source.default_object) if name})
		for begin in range(0, len(names), AT_ONCE):
			self._look_up(source, names[begin : begin + AT_ONCE])
		self.default = source.default_object if source.default_object in self.titles else None

	def _look_up(self, source, names: list[str]) -> None:
		filters = {"customer": source.customer, "enabled": 1}
		if listed := [row.service_object for row in source.objects]:
			filters["name"] = ["in", listed]
		for row in frappe.get_all(
			OBJECT,
			filters=filters,
			or_filters=[["name", "in", names], [self._column, "in", names]],
			fields=["name", "object_name", "serial_no"],
			order_by="name",
		):
			self.titles[row.name] = row.object_name
			self._by_name[cstr(row[self._column]).strip()].add(row.name)

	def find(self, name: str) -> str | None:
		"""The object of a name, None where none is known. DomainError object_of_several."""
		if name in self.titles:
			return name
		found = self._by_name.get(name, set())
		if len(found) > 1:
			raise DomainError(
				"object_of_several",
				"{value} is the name of several objects: {known}. Send the ID of the one that is meant.",
				field="object",
				value=name,
				known=", ".join(sorted(found)[:5]),
			)
		return next(iter(found), None)

	def of_label(self, name: str) -> str | None:
		"""The object of a label such as "db1:9100": the whole of it, else what stands before its port."""
		return self.find(name) or self.find(host_of(name))


def host_of(name: str) -> str:
	"""What stands before the port of a label, "" where there is none."""
	host, sign, port = name.rpartition(":")
	return host if sign and port.isdigit() else ""
