"""What is found by its words: of each record type its title, its texts, its customer (5.3.f).

Another app adds types of its own by the hook `ops_delivery_search_types`: a path to a mapping like TYPES.
Only fields of level 0 stand here: by its words somebody might learn what stands in a field they may not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import switches

HOOK = "ops_delivery_search_types"


@dataclass(frozen=True)
class Searched:
	"""How a record type is found. rows: (table field, DocType of its rows, column). is_found: whether a record (a document, or a row
	of its columns) is in the index at all; needs: what that asks for beside the fields that are named here."""

	title: str
	texts: tuple[str, ...] = ()
	customer: str = ""
	rows: tuple[tuple[str, str, str], ...] = ()
	is_found: Callable[[Any], bool] = lambda _record: True
	needs: tuple[str, ...] = ()

	@property
	def columns(self) -> tuple[str, ...]:
		"""The columns of its table that are read."""
		named = ("name", self.title, *self.texts, *([self.customer] if self.customer else ()), *self.needs)
		return tuple(dict.fromkeys(named))


def _is_kept(record: Any) -> bool:
	return record.get("status") != life.DESTROYED


_VISIT = Searched("title", ("work_content", "cause", "outcome_note", "customer_remarks"), "customer")
TYPES: Mapping[str, Searched] = {
	"Issue": Searched(
		"subject",
		("description", "resolution_details", "ops_external_number"),
		"customer",
		is_found=switches.is_record_ours,
		needs=("ops_agreement",),
	),
	"Help Article": Searched("title", ("content",)),
	"Knowledge Article": Searched("title", ("symptom", "cause", "treatment", "result", "object_model", "keywords")),
	"Deliverable": Searched(
		"title",
		("content", "specification"),
		"customer",
		(("files", "Deliverable File", "file"), ("files", "Deliverable File", "note")),
		_is_kept,
		("status",),
	),
	"Service Agreement": Searched("title", ("agreement_number",), "customer"),
	"Service Object": Searched(
		"object_name", ("serial_no", "brand_model", "asset_number", "location", "description"), "customer"
	),
	"Field Service Sheet": _VISIT,
	"Remote Support Session": _VISIT,
}


def all_types() -> dict[str, Searched]:
	"""The record types that are found, ours and those of other apps, while they are on this site."""
	found = dict(TYPES)
	for path in frappe.get_hooks(HOOK):
		found.update(frappe.get_attr(path))
	return found


def of(doctype: str) -> Searched | None:
	"""How a type is found; None where it is not."""
	return TYPES.get(doctype) or all_types().get(doctype)
