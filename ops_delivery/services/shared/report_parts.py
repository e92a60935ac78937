"""What our reports are made of: columns, figures above the table, shares as people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from frappe import _

from ops_delivery.services.shared import wording


def column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> dict[str, Any]:
	"""A column of a query report."""
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def card(label: str, value: Any, datatype: str, indicator: str) -> dict[str, Any]:
	"""A figure of a report's summary."""
	return {"label": label, "value": value, "datatype": datatype, "indicator": indicator}


def percent(share: float | None, places: int = 1) -> str:
	"""A share (0 to 1) in words; a dash where there is none."""
	return "–" if share is None else f"{100.0 * share:.{places}f} %"


def tone(share: float | None) -> str:
	"""The colour of how much of what was promised was kept."""
	if share is None:
		return "Grey"
	return "Green" if share >= 0.95 else "Orange" if share >= 0.85 else "Red"


def period(from_date: date, to_date: date) -> str:
	"""The days that a report counts, in words; both are included."""
	return _("{0} to {1}", context="Ops Delivery").format(wording.day(from_date), wording.day(to_date))
