"""What the sheet of a visit says of other records: the request it is for, the object, the parts, the hotline (7.2.c.1)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr, flt, getdate

from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.locale import plain_lines, text
from ops_delivery.services.shared.site_time import site_now

ISSUE, OBJECT, PHONE = "Issue", "Service Object", "Phone"
MOST_SAID = 600  # characters of what a customer wrote: a mail may be pages long, and is kept with its request

FAULT, INSPECTION, INSTALLATION, TRAINING, OTHER = KINDS = (
	"Fault Handling",
	"Inspection",
	"Installation and Setup",
	"Training",
	"Other",
)
KIND_OF_CONTENT = {"Response Support": FAULT, "Routine Operation": INSPECTION}
RATINGS = ("Very Satisfied", "Satisfied", "Fair", "Dissatisfied")


def request_of(doc: Any) -> frappe._dict:
	"""The Issue a visit is for as its readers may read it: subject, said, reported, taken_on, urgency; empty without one."""
	if doc.reference_doctype != ISSUE or not doc.reference_name:
		return frappe._dict()
	fields = ["subject", "description", "opening_date", "opening_time", "first_responded_on", "ops_urgency"]
	rows = frappe.get_all(ISSUE, filters={"name": doc.reference_name}, fields=fields, limit=1)
	if not rows:
		return frappe._dict()
	(issue,) = map(frappe._dict, readership.rows_as_read(ISSUE, rows))
	said = plain_lines(issue.description).strip()
	return frappe._dict(
		subject=text(issue.subject),
		said=said if len(said) <= MOST_SAID else said[:MOST_SAID].rstrip() + " …",
		reported=moments.reported(issue),
		taken_on=issue.first_responded_on,
		urgency=cstr(issue.ops_urgency),
	)


def thing_of(name: str | None) -> frappe._dict:
	"""A Service Object on paper: title, brand_model, serial_no, asset_number, purchase_date, warranty_until; what it does not
	say itself is taken from its Asset, Serial No and Item."""
	thing = _as_read(
		OBJECT,
		name,
		["object_name", "location", "asset", "item_code", "serial_no", "brand_model", "asset_number", "purchase_date", "warranty_until"],
	)
	if not thing:
		return thing
	asset = _as_read("Asset", thing.asset, ["name", "item_code", "purchase_date"])
	serial = _as_read("Serial No", thing.serial_no, ["item_code", "warranty_expiry_date"])
	item = thing.item_code or asset.item_code or serial.item_code
	return frappe._dict(
		title=text(thing.object_name),
		location=text(thing.location),
		brand_model=text(thing.brand_model) or models([item]).get(item, ""),
		serial_no=text(thing.serial_no),
		asset_number=text(thing.asset_number) or cstr(asset.name),
		purchase_date=thing.purchase_date or asset.purchase_date,
		warranty_until=thing.warranty_until or serial.warranty_expiry_date,
	)


def _as_read(doctype: str, name: str | None, fields: list[str]) -> frappe._dict:
	"""Fields of a record without those above the readers' level; empty where there is none."""
	rows = frappe.get_all(doctype, filters={"name": name}, fields=fields, limit=1) if name else []
	return frappe._dict(readership.rows_as_read(doctype, rows)[0]) if rows else frappe._dict()


def models(items: list[str | None]) -> dict[str, str]:
	"""Items with brand and number of their maker, as far as they have one."""
	wanted = sorted({item for item in items if item})
	if not wanted:
		return {}
	rows = frappe.get_all(
		"Item", filters={"name": ["in", wanted]}, fields=["name", "item_name", "brand", "default_manufacturer_part_no"], order_by="name"
	)
	rows = [frappe._dict(row) for row in readership.rows_as_read("Item", rows)]
	return {row.name: " ".join(filter(None, (row.brand, row.default_manufacturer_part_no or row.item_name))) for row in rows}


def in_warranty(until: Any, on: Any) -> bool | None:
	"""Whether the warranty held on a day (of now, where None); None where nothing is known of it."""
	return getdate(on or site_now()) <= getdate(until) if until else None


def kind_of(doc: Any) -> str:
	"""What the visit is ticked as: its own choice, else by the service content; "" where nobody can tell."""
	return cstr(doc.get("service_kind")) or KIND_OF_CONTENT.get(cstr(doc.service_content), OTHER if doc.service_content else "")


def hotline(agreement: str | None, company: str | None) -> str:
	"""The number to call: the agreement's first channel by telephone, else the supplier's own."""
	number = agreement and frappe.db.get_value(
		"Service Agreement Channel", {"parent": agreement, "channel": PHONE}, "address", order_by="idx"
	)
	return text(number or (company and frappe.get_cached_value("Company", company, "phone_no")) or "")


def used_parts(doc: Any) -> list[Any]:
	"""What was used of what was taken along."""
	return [row for row in doc.get("parts") or [] if flt(row.used)]
