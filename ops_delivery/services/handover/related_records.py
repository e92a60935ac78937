"""Where a record came from and what it led to, across the four service contents (6.2.d, 6.3.i, 6.4.g, 6.5.f).

The chain is walked from one record back to what it came from and on to what came of it, never sideways, a step at a
time: each step asks once per record type that holds a link. What the reader may not read is shown only as its type.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.utils import cstr, getdate

from ops_delivery.services.shared.site_time import site_now

MOST_STEPS = 12  # six handovers in a row, each way
MOST_RECORDS = 80
BACK, ON = -1, 1


class Node(NamedTuple):
	doctype: str
	name: str


@dataclass(frozen=True)
class Link:
	"""A field of `holder` that names another record; the holder comes after it, or before it where it leads there."""

	holder: str
	fieldname: str
	doctype: str = ""
	doctype_field: str = ""
	holder_is_later: bool = True

	def other(self, row) -> Node | None:
		name = row.get(self.fieldname)
		doctype = self.doctype or row.get(self.doctype_field)
		return Node(doctype, name) if name and doctype else None


LINKS = (
	Link("Service Handover", "source_name", doctype_field="source_doctype"),
	Link("Service Handover", "target_name", doctype_field="target_doctype", holder_is_later=False),
	Link("Service Leftover", "source_name", doctype_field="source_doctype"),
	Link("Field Service Sheet", "reference_name", doctype_field="reference_doctype"),
	Link("Remote Support Session", "reference_name", doctype_field="reference_doctype"),
	Link("Consulting Report", "plan", "Consulting Plan"),
	Link("Consulting Recommendation", "report", "Consulting Report"),
	Link("Delivery Activity", "plan", "Delivery Plan"),
	Link("Delivery Activity", "record", doctype_field="record_type", holder_is_later=False),
	Link("Task", "issue", "Issue"),
	Link("Improvement Action", "source_name", doctype_field="source_doctype"),
	Link("Service Agreement", "improvement_action", "Improvement Action"),
	Link("Routine Finding", "task", "Routine Task"),
)
# not even their type is shown to who may not read them
CONFIDENTIAL = ("Service Complaint",)
# an activity that leads nowhere is its plan's own matter; hundreds of them would hide the chain
ONLY_WITH = {"Delivery Activity": "record"}
STATE_FIELD = {
	doctype: "state"
	for doctype in (
		"Service Handover",
		"Service Leftover",
		"Consulting Recommendation",
		"Delivery Activity",
		"Improvement Action",
	)
}
DUE_FIELDS = ("due_date", "exp_end_date", "planned_end")
GOOD = (
	"Done",
	"Completed",
	"Closed",
	"Resolved",
	"Solved",
	"Verified",
	"Issued",
	"Followed Up",
	"Approved",
)
ENDED = ("Declined", "Cancelled", "Dropped", "Waived", "Withdrawn", "Rolled Back", "Superseded")
WAITING = ("Draft", "Proposed", "Open", "Not Started", "On Hold")


@dataclass
class _Walk:
	ranks: dict[Node, int]
	edges: dict[tuple[Node, Node], None] = field(default_factory=dict)
	cut: bool = False

	def reach(self, node: Node, rank: int) -> bool:
		"""Note a record at that place; whether it is new. Beyond the limit the chain is cut."""
		if node in self.ranks:
			return False
		if len(self.ranks) >= MOST_RECORDS:
			self.cut = True
			return False
		self.ranks[node] = rank
		return True


def of(doctype: str, name: str) -> dict[str, Any]:
	"""The chain of a record: {nodes, edges, cut}; the caller has checked that the user may read it.

	A node is {id, doctype, type, rank, here, readable} and, where readable, name, title, state, tone and late. Rank 0
	is the record itself, below it came before; an edge is [id, id], the earlier record first; cut says there is more.
	"""
	walk = _walk(Node(doctype, name))
	return _drawn(walk, Node(doctype, name))


def _walk(start: Node) -> _Walk:
	walk = _Walk({start: 0})
	frontier = {BACK: {start}, ON: {start}}
	for step in range(1, MOST_STEPS + 1):
		found: dict[int, set[Node]] = {BACK: set(), ON: set()}
		for earlier, later in _links_of(frontier[BACK] | frontier[ON]):
			for direction, known, other in ((ON, earlier, later), (BACK, later, earlier)):
				if known not in frontier[direction]:
					continue
				if walk.reach(other, step * direction):
					found[direction].add(other)
				if other in walk.ranks:
					walk.edges[(earlier, later)] = None
		frontier = found
		if not (found[BACK] or found[ON]):
			return walk
	walk.cut = True
	return walk


def _links_of(nodes: set[Node]) -> list[tuple[Node, Node]]:
	"""(earlier, later) of every link from or to these records: one query a record type that holds links."""
	names: dict[str, list[str]] = defaultdict(list)
	for node in sorted(nodes):
		names[node.doctype].append(node.name)
	pairs = []
	for holder in dict.fromkeys(link.holder for link in LINKS):
		links = [link for link in LINKS if link.holder == holder]
		for row in _rows(holder, links, names):
			own = Node(holder, row.name)
			for link in links:
				other = link.other(row)
				if other and other.doctype not in CONFIDENTIAL and (own in nodes or other in nodes):
					pairs.append((other, own) if link.holder_is_later else (own, other))
	return pairs


def _rows(holder: str, links: list[Link], names: dict[str, list[str]]) -> list[frappe._dict]:
	table = frappe.qb.DocType(holder)
	wanted = [table.name.isin(names[holder])] if holder in names else []
	for link in links:
		if link.doctype_field:
			wanted += [
				(table[link.doctype_field] == doctype) & table[link.fieldname].isin(found)
				for doctype, found in names.items()
			]
		elif link.doctype in names:
			wanted.append(table[link.fieldname].isin(names[link.doctype]))
	if not wanted:
		return []
	columns = {"name"} | {
		column for link in links for column in (link.fieldname, link.doctype_field) if column
	}
	query = frappe.qb.from_(table).select(*(table[column] for column in sorted(columns)))
	query = query.where(Criterion.any(wanted)).orderby(table.creation).limit(MOST_RECORDS * 2)
	if holder in ONLY_WITH:
		leads_on = (table[ONLY_WITH[holder]] != "") | table.name.isin(names.get(holder) or [""])
		query = query.where(leads_on)
	return query.run(as_dict=True)


def _drawn(walk: _Walk, start: Node) -> dict[str, Any]:
	shown = _readable(walk.ranks)
	order = sorted(walk.ranks, key=lambda node: (walk.ranks[node], cstr(shown.get(node, {}).get("creation"))))
	ids = {node: number for number, node in enumerate(order)}
	edges = [
		(earlier, later)
		for earlier, later in walk.edges
		if not any(
			(earlier, between) in walk.edges and (between, later) in walk.edges for between in walk.ranks
		)
	]
	return {
		"nodes": [
			{
				"id": ids[node],
				"doctype": node.doctype,
				"type": _(node.doctype),
				"rank": walk.ranks[node],
				"here": node == start,
				"readable": node in shown,
				**_facts(node, shown.get(node)),
			}
			for node in order
		],
		"edges": sorted([ids[earlier], ids[later]] for earlier, later in edges),
		"cut": walk.cut,
	}


def _readable(nodes) -> dict[Node, frappe._dict]:
	"""What the user may read of these records: one query a record type, with the user's permissions."""
	names: dict[str, list[str]] = defaultdict(list)
	for node in nodes:
		names[node.doctype].append(node.name)
	shown = {}
	for doctype, found in names.items():
		if not frappe.db.exists("DocType", doctype, cache=True) or not frappe.has_permission(doctype, "read"):
			continue
		meta = frappe.get_meta(doctype)
		columns = [
			"name",
			"creation",
			meta.title_field or "name",
			STATE_FIELD.get(doctype, "status"),
			*DUE_FIELDS,
		]
		known = [
			column
			for column in dict.fromkeys(columns)
			if meta.has_field(column) or column in ("name", "creation")
		]
		for row in frappe.get_list(
			doctype, filters={"name": ["in", found]}, fields=known, order_by="creation", limit=len(found)
		):
			shown[Node(doctype, row.name)] = row
	return shown


def _facts(node: Node, row: frappe._dict | None) -> dict[str, Any]:
	if row is None:
		return {}
	state = cstr(row.get(STATE_FIELD.get(node.doctype, "status")))
	said = _(state, context=node.doctype) if state else ""
	title = cstr(row.get(frappe.get_meta(node.doctype).title_field or "name"))
	due = next((row.get(column) for column in DUE_FIELDS if row.get(column)), None)
	over = state in GOOD or state in ENDED
	return {
		"name": node.name,
		"title": "" if title == node.name else title,
		"state": said if said != state else _(state),
		"tone": "good"
		if state in GOOD
		else "ended"
		if state in ENDED
		else "waiting"
		if state in WAITING
		else "running",
		"late": bool(due and not over and getdate(due) < site_now().date()),
	}
