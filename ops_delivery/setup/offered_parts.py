"""What an update brought is put on a layout that an administrator edited, when they ask for it."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ops_delivery.setup import layouts

# table of a workspace -> what its block in the page is called, and the field of the block that names the part
BLOCKS = {
	"number_cards": ("number_card", "number_card_name"),
	"shortcuts": ("shortcut", "shortcut_name"),
	"charts": ("chart", "chart_name"),
}


def add() -> list[str]:
	"""Add what is offered to the edited layouts, as the user who asks. Returns the labels that were added.

	A shortcut, card or chart comes to the end of the page; a link to the end of the card it was delivered in, which comes too
	where it is not there any more.
	"""
	wanted: dict[str, dict[str, list[str]]] = {}
	for part in layouts.offered():
		wanted.setdefault(part["doctype"], {}).setdefault(part["table"], []).append(part["label"])
	for doctype, tables in wanted.items():
		doc, file = frappe.get_doc(doctype, layouts.NAME), layouts.delivered(doctype)
		for table, labels in tables.items():
			if table in BLOCKS:
				_add_block(doc, file, table, labels)
			else:
				_add_under_heading(doc, file, table, labels)
		doc.save()
	layouts.withdraw_offers()
	return [label for tables in wanted.values() for labels in tables.values() for label in labels]


def _add_block(doc: Any, file: dict[str, Any], table: str, labels: list[str]) -> None:
	field = layouts.PARTS[doc.doctype][table]
	for row in file[table]:
		if row[field] in labels:
			doc.append(table, row)
	kind, naming = BLOCKS[table]
	content = json.loads(doc.content or "[]")
	content += [
		block
		for block in json.loads(file["content"])
		if block["type"] == kind and block["data"].get(naming) in labels
	]
	doc.content = json.dumps(content)


def _add_under_heading(doc: Any, file: dict[str, Any], table: str, labels: list[str]) -> None:
	rows = [row.as_dict() for row in doc.get(table)]
	heading: dict[str, Any] = {}
	for row in file[table]:
		if row["type"] in layouts.HEADINGS:
			heading = row
		elif row["label"] in labels:
			_insert(rows, row, heading)
	doc.set(table, [])
	for number, row in enumerate(rows, start=1):
		doc.append(table, {**row, "idx": number})
	if table == "links":
		_count_links(doc)
		_lay_out_cards(doc)


def _insert(rows: list[Any], row: dict[str, Any], heading: dict[str, Any]) -> None:
	"""After the last row under that heading; at the end, with the heading, where there is none of that name."""
	starts = [
		i
		for i, other in enumerate(rows)
		if other["type"] in layouts.HEADINGS and other["label"] == heading.get("label")
	]
	if not starts:
		rows += [heading, row] if heading else [row]
		return
	end = starts[0] + 1
	while end < len(rows) and rows[end]["type"] not in layouts.HEADINGS:
		end += 1
	rows.insert(end, row)


def _count_links(doc: Any) -> None:
	card = None
	for row in doc.links:
		if row.type == "Card Break":
			card, row.link_count = row, 0
		elif card:
			card.link_count += 1


def _lay_out_cards(doc: Any) -> None:
	content = json.loads(doc.content or "[]")
	shown = {block["data"].get("card_name") for block in content}
	content += [
		{"id": frappe.generate_hash(length=10), "type": "card", "data": {"card_name": row.label, "col": 4}}
		for row in doc.links
		if row.type == "Card Break" and row.label not in shown
	]
	doc.content = json.dumps(content)
