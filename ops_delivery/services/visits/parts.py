"""Parts of a visit: what was used leaves the store by ERPNext's Stock Entry, and costs what that says (7.2.d.3).

The Stock Entry names the sheet and, row by row, the part: cancelled or deleted, it counts no more, the cost goes, and
what was used can be issued again.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import cint, cstr, escape_html, flt

from ops_delivery.domain.visit import Phase
from ops_delivery.services.visits.hours import SETTINGS, passed_on, raise_not_possible, work_of
from ops_delivery.services.visits.types import rank_of

ENTRY, ENTRY_ROW, PART = "Stock Entry", "Stock Entry Detail", "Field Service Part"
PURPOSE = "Material Issue"
DIGITS = 9  # as stored: what is left of 0.3 after 0.1 and 0.2 is nothing


def fill(doc) -> None:
	"""What goes home again: taken along and not used, once somebody was there."""
	for row in doc.get("parts") or []:
		row.taken_back = max(0, flt(flt(row.quantity) - flt(row.used), DIGITS)) if rank_of(doc) >= Phase.PRESENT else 0


def check(doc, before) -> None:
	"""Item, serial numbers, batch and warehouse of a part fit together; each message says the row and the way out."""
	rows = [row for row in doc.get("parts") or [] if _changed(row, before)]
	if not rows:
		return
	items = _items(rows)
	known = _serials(rows)
	for row in rows:
		where = _where(row)
		item = items.get(row.item_code)
		_check_serials(row, item, known, where)
		if row.batch_no and frappe.db.get_value("Batch", row.batch_no, "item") != row.item_code:
			_refuse(
				where,
				_("batch {0} is not one of this item. Choose another.").format(escape_html(row.batch_no)),
			)
		if row.warehouse:
			_check_warehouse(doc, row.warehouse, where)


def serials_of(row) -> list[str]:
	"""The serial numbers of a part, as they are listed."""
	return [text.strip() for text in cstr(row.serial_no).replace(",", "\n").split("\n") if text.strip()]


def entries(doc) -> list[frappe._dict]:
	"""The Stock Entries of a sheet that are not cancelled: name, docstatus, total_outgoing_value."""
	return frappe.get_all(
		ENTRY,
		filters={"ops_sheet": doc.name, "docstatus": ["<", 2]},
		fields=["name", "docstatus", "total_outgoing_value"],
		order_by="creation, name",
	)


def to_issue(doc) -> list[tuple[Any, float]]:
	"""(part, quantity) of the stock items that were used and are in no Stock Entry yet."""
	rows = [row for row in doc.get("parts") or [] if row.item_code and flt(row.used) > 0]
	if not rows:
		return []
	items, issued = _items(rows), _issued([row.name for row in rows])
	left = (
		(row, flt(flt(row.used) - issued.get(row.name, 0), DIGITS)) for row in rows if items[row.item_code].is_stock_item
	)
	return [(row, quantity) for row, quantity in left if quantity > 1e-9]


def make(doc, submit: bool, ignore_permissions: bool = False) -> str | None:
	"""The Stock Entry for what was used and not issued yet, as a draft or submitted; None where there is nothing.

	The caller holds the sheet's lock. NotPossible where no warehouse is named, or ERPNext refuses.
	"""
	parts = to_issue(doc)
	if not parts:
		return None
	project, _task = work_of(doc)
	entry = frappe.get_doc(
		{
			"doctype": ENTRY,
			"stock_entry_type": _entry_type(),
			"purpose": PURPOSE,
			"company": doc.company,
			"project": project,
			"remarks": f"{doc.name}: {cstr(doc.title)}",
			"ops_sheet": doc.name,
			"items": [_line(doc, row, quantity, project) for row, quantity in parts],
		}
	)
	entry.flags.ignore_permissions = ignore_permissions
	with _about(parts):
		entry.insert()
		if submit:
			entry.submit()
	return entry.name


def check_entry(entry, _method: str | None = None) -> None:
	"""doc_events Stock Entry.validate: no part of a sheet is issued more often than it was used."""
	lines = [line for line in entry.items if line.get("ops_part")]
	if not entry.get("ops_sheet") or not lines:
		return
	issued = _issued([line.ops_part for line in lines], but=entry.name or "")
	used = dict(
		frappe.get_all(
			PART,
			filters={"name": ["in", [line.ops_part for line in lines]], "parent": entry.ops_sheet},
			fields=["name", "used"],
			order_by="idx",
			as_list=True,
		)
	)
	for line in lines:
		issued[line.ops_part] = issued.get(line.ops_part, 0) + flt(line.transfer_qty or line.qty)
		if issued[line.ops_part] > flt(used.get(line.ops_part)) + 1e-9:
			frappe.throw(
				_(
					"Row {0}: {1} would be issued {2} times for {3}, which used {4}. Lower the quantity."
				).format(
					line.idx,
					escape_html(line.item_code),
					f"{issued[line.ops_part]:g}",
					entry.ops_sheet,
					f"{flt(used.get(line.ops_part)):g}",
				)
			)


def note_cost(entry, _method: str | None = None) -> None:
	"""doc_events Stock Entry.on_submit and on_cancel: each part costs what its submitted Stock Entries say."""
	parts = {line.ops_part for line in entry.items if line.get("ops_part")}
	if not entry.get("ops_sheet") or not parts:
		return
	line = frappe.qb.DocType(ENTRY_ROW)
	costs = dict(
		frappe.qb.from_(line)
		.select(line.ops_part, Sum(line.amount))
		.where(line.ops_part.isin(sorted(parts)) & (line.docstatus == 1))
		.groupby(line.ops_part)
		.orderby(line.ops_part)
		.run()
	)
	for part in sorted(parts):
		frappe.db.set_value(PART, part, "amount", flt(costs.get(part)), update_modified=False)


# Parts


def _line(doc, row, quantity: float, project: str | None) -> dict[str, Any]:
	warehouse = row.warehouse or frappe.get_cached_doc(SETTINGS).get("visit_warehouse")
	if not warehouse:
		raise_not_possible(
			_where(row),
			_("no warehouse is named. Choose one in the row, or {0} in {1}.").format(
				frappe.bold(_("Warehouse of used parts")), _(SETTINGS)
			),
		)
	_check_warehouse(doc, warehouse, _where(row))
	return {
		"item_code": row.item_code,
		"qty": quantity,
		"s_warehouse": warehouse,
		"serial_no": "\n".join(serials_of(row)) if _items([row])[row.item_code].has_serial_no else None,
		"batch_no": row.batch_no,
		"use_serial_batch_fields": 1,
		"project": project,
		"ops_part": row.name,
	}


def _entry_type() -> str:
	found = frappe.db.get_value("Stock Entry Type", {"purpose": PURPOSE}, order_by="creation")
	if not found:
		raise_not_possible(
			_(ENTRY), _("there is no Stock Entry Type for {0}. Create one.").format(_(PURPOSE))
		)
	return found


def _items(rows) -> dict[str, frappe._dict]:
	codes = sorted({row.item_code for row in rows if row.item_code})
	found = frappe.get_all(
		"Item",
		filters={"name": ["in", codes or [""]]},
		fields=["name", "is_stock_item", "has_serial_no", "has_batch_no"],
		order_by="name",
	)
	return {row.name: row for row in found}


def _serials(rows) -> dict[str, str]:
	names = sorted({serial for row in rows if row.item_code for serial in serials_of(row)})
	found = frappe.get_all(
		"Serial No", filters={"name": ["in", names or [""]]}, fields=["name", "item_code"], order_by="name"
	)
	return {row.name: row.item_code for row in found}


def _issued(parts: list[str], but: str = "") -> dict[str, float]:
	"""part -> quantity in Stock Entries that are not cancelled, other than the one named."""
	line = frappe.qb.DocType(ENTRY_ROW)
	rows = (
		frappe.qb.from_(line)
		.select(line.ops_part, Sum(line.transfer_qty))
		.where(line.ops_part.isin(parts or [""]) & (line.docstatus < 2) & (line.parent != but))
		.groupby(line.ops_part)
		.orderby(line.ops_part)
	).run()
	return {part: flt(quantity) for part, quantity in rows}


def _changed(row, before) -> bool:
	old = next((one for one in before.get("parts") or [] if one.name == row.name), None) if before else None
	fields = ("item_code", "serial_no", "batch_no", "warehouse", "used")
	return not old or any(cstr(old.get(field)) != cstr(row.get(field)) for field in fields)


def _check_serials(row, item, known: dict[str, str], where: str) -> None:
	serials = serials_of(row)
	if twice := next((serial for serial in serials if serials.count(serial) > 1), None):
		_refuse(where, _("serial number {0} is listed twice. Remove one.").format(escape_html(twice)))
	if not item or not serials:
		return
	for serial in serials:
		if serial in known and known[serial] != row.item_code:
			_refuse(
				where,
				_("serial number {0} belongs to item {1}. Correct the item or the number.").format(
					escape_html(serial), escape_html(known[serial])
				),
			)
		if item.has_serial_no and serial not in known:
			_refuse(
				where,
				_(
					"serial number {0} is not known for this item. Correct it, or receive it into the store first."
				).format(escape_html(serial)),
			)
	if item.has_serial_no and flt(row.used) and len(serials) != flt(row.used):
		_refuse(
			where,
			_(
				"{0} used, but {1} serial numbers. List the numbers that were used, and the others in a row of their own."
			).format(f"{flt(row.used):g}", len(serials)),
		)


def _check_warehouse(doc, warehouse: str, where: str) -> None:
	found = frappe.db.get_value("Warehouse", warehouse, ["company", "is_group", "disabled"], as_dict=True)
	if not found or cint(found.is_group) or cint(found.disabled) or found.company != doc.company:
		_refuse(
			where,
			_("{0} is no warehouse of {1} that parts can be taken from. Choose another.").format(
				escape_html(warehouse), escape_html(cstr(doc.company))
			),
		)


def _where(row) -> str:
	return _("Taken along, row {0} ({1})").format(
		row.idx, escape_html(cstr(row.item_code or row.description))
	)


def _refuse(where: str, reason: str) -> None:
	frappe.throw(f"{where}: {reason}")


class _about(passed_on):
	"""As passed_on: with the rows whose item ERPNext's message names, or all."""

	def __init__(self, parts: list[tuple[Any, float]]):
		self.rows = [row for row, _quantity in parts]

	def __exit__(self, kind, error, trace) -> None:
		if kind:
			named = [row for row in self.rows if cstr(row.item_code) in cstr(error)] or self.rows
			self.where = "; ".join(_where(row) for row in named)
		super().__exit__(kind, error, trace)
