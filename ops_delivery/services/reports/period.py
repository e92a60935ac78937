"""What every section of a report is told: the agreement's versions, the period in its calendar's zone, and what is read once for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe

AGREEMENT = "Service Agreement"


@dataclass
class Period:
	"""A period of an agreement, both days included. `agreement`: its document; `read`: what sections share."""

	agreement: Any
	first: date
	last: date
	read: dict[str, Any] = field(default_factory=dict)

	def once(self, key: str, make: Callable[[], Any]) -> Any:
		"""What several sections need, read when the first one asks."""
		if key not in self.read:
			self.read[key] = make()
		return self.read[key]


def of(agreement: str, first: date, last: date) -> Period:
	"""A period of the agreement that has this version. frappe.DoesNotExistError: there is no such agreement."""
	return Period(frappe.get_doc(AGREEMENT, agreement), first, last)
