"""What people complained about must not see: the complaint, who made it, and everything that hangs on it (5.4.d).

One rule, `hidden_from`, asked on every way: lists and reports, documents, files, timelines, clocks, notices, mails and
the bell. It holds for everybody who is complained about, whatever their roles. Only Administrator is outside of it; an
administrator of a site can reach its tables in any case, as the guide says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn

from ops_delivery.domain import parties
from ops_delivery.permissions import secrecy, switches
from ops_delivery.permissions.ownership import ADMINISTRATOR, GUEST, is_staff

MODULE = "Ops Delivery"
COMPLAINT, PERSON, ACTION = "Service Complaint", "Service Complaint Person", "Improvement Action"
HIDDEN = (COMPLAINT, ACTION, *secrecy.GUARDED)  # of which some records are hidden from some of the staff
MOST_COUNTED = 100  # as Frappe counts at most


class Named(NamedTuple):
	"""A record that names another by two fields: its type and its name."""

	doctype_field: str
	name_field: str


class Part(NamedTuple):
	"""A row or line that belongs to a record of the DocType `of`, which its `field` names."""

	of: str
	field: str = "parent"


class Rows(NamedTuple):
	"""A record whose rows name others: (DocType of the rows, field of the type, field of the name)."""

	rows: tuple[tuple[str, str, str], ...]


class Labels(NamedTuple):
	"""A word that stands on others by links of its own: it is hidden where it stands on nothing that is seen."""

	link: str
	field: str


# Whatever names a record, and so must not name a hidden one: the list conditions and the rules of documents follow from
# this one table (hooks.py lists its DocTypes; a test compares, and finds what names records and is not here)
NAMES_RECORDS: dict[str, Named | Part | Rows | Labels] = {
	ACTION: Named(*parties.SOURCE),
	"Activity Log": Named("reference_doctype", "reference_name"),
	"Comment": Named("reference_doctype", "reference_name"),
	"Communication": Named("reference_doctype", "reference_name"),
	"Communication Link": Named("link_doctype", "link_name"),
	"Deleted Document": Named("deleted_doctype", "deleted_name"),
	"Document Follow": Named("ref_doctype", "ref_docname"),
	"Document Share Key": Named("reference_doctype", "reference_docname"),
	"DocShare": Named("share_doctype", "share_name"),
	"Dynamic Link": Named("link_doctype", "link_name"),
	"Email Queue": Named("reference_doctype", "reference_name"),
	"Escalation Log": Named(*parties.REFERENCE),
	"Escalation Log Recipient": Part("Escalation Log"),
	"Event": Rows(
		(
			("Event Participants", "reference_doctype", "reference_docname"),
			("Dynamic Link", "link_doctype", "link_name"),
		)
	),
	"Event Participants": Named("reference_doctype", "reference_docname"),
	"File": Named("attached_to_doctype", "attached_to_name"),
	"Improvement Check": Part(ACTION),
	"Improvement Measure": Part(ACTION),
	"Mail That Needs a Person": Named(*parties.REFERENCE),
	"Notification Log": Named("document_type", "document_name"),
	"Service Clock": Named(*parties.REFERENCE),
	"Service Clock Event": Part("Service Clock", "clock"),
	"Service Clock Trigger": Part("Service Clock", "clock"),
	"Service Handover": Named(*parties.SOURCE),
	"Service Mail": Named(*parties.REFERENCE),
	"Service Leftover": Named(*parties.SOURCE),
	"Service Notice": Named(*parties.REFERENCE),
	"Tag": Labels("Tag Link", "tag"),
	"Tag Link": Named("document_type", "document_name"),
	"ToDo": Named("reference_type", "reference_name"),
	"Version": Named("ref_doctype", "docname"),
	"View Log": Named("reference_doctype", "reference_name"),
}


def hidden_from(user: str) -> dict[str, Any]:
	"""The records a user must not learn of: DocType -> names, or a query that gives them; empty for nearly everybody. Two queries at most.

	Of deliverables, and of reports that they hand over, those that their security class does not let the user open (secrecy.py).
	"""
	if not user or user in (ADMINISTRATOR, GUEST) or not is_staff(user):
		return {}
	by_class = {doctype: secrecy.hidden_names(user, doctype) for doctype in secrecy.GUARDED if switches.uses(doctype)}
	found: dict[str, Any] = {doctype: names for doctype, names in by_class.items() if names is not None}
	if not switches.uses(COMPLAINT):
		return found
	complaint, person = frappe.qb.DocType(COMPLAINT), frappe.qb.DocType(PERSON)
	names = (
		frappe.qb.from_(person)
		.join(complaint)
		.on(complaint.name == person.parent)
		.select(complaint.name)
		.distinct()
		.where((person.user == user) & (person.parenttype == COMPLAINT) & (complaint.anonymous == 1))
		.orderby(complaint.name)
	).run(pluck=True)
	if not names:
		return found
	actions = frappe.get_all(
		ACTION,
		filters={"source_doctype": COMPLAINT, "source_name": ["in", names]},
		pluck="name",
		order_by="name",
	)
	return {**found, COMPLAINT: names, ACTION: actions}


def is_hidden(doctype: str | None, name: str | None, user: str | None = None) -> bool:
	"""Whether a complaint, an action that came of one, or a deliverable (a report) of a class that is closed to them, must not be seen by the
	user. False for any other record."""
	user = user or frappe.session.user
	if doctype not in HIDDEN or not name or user == ADMINISTRATOR:
		return False
	if doctype in secrecy.GUARDED:
		return _is_closed(doctype, name, user)
	if doctype == ACTION:
		source = frappe.db.get_value(ACTION, name, ["source_doctype", "source_name"])
		return bool(source) and source[0] == COMPLAINT and is_hidden(COMPLAINT, source[1], user)
	return bool(
		is_staff(user)
		and frappe.db.get_value(COMPLAINT, name, "anonymous")
		and frappe.db.exists(PERSON, {"parenttype": COMPLAINT, "parent": name, "user": user})
	)


def without_hidden(doctype: str | None, name: str | None, users: Iterable[str]) -> list[str]:
	"""Those of the users who may learn of a record."""
	if doctype not in HIDDEN:
		return list(users)
	return [user for user in users if not is_hidden(doctype, name, user)]


def readable(rows: list[Any]) -> list[Any]:
	"""Of found records (doctype, name), those that hang on no complaint the session's user may not read."""
	wanted: dict[str, list[str]] = defaultdict(list)
	for row in rows:
		if isinstance(NAMES_RECORDS.get(row.doctype), Named):
			wanted[row.doctype].append(row.name)
	about = {(row.doctype, row.name): (row.doctype, row.name) for row in rows}
	for doctype, names in wanted.items():
		doctype_field, name_field = NAMES_RECORDS[doctype]
		for found in frappe.get_all(
			doctype,
			filters={"name": ["in", names], doctype_field: ["in", HIDDEN]},
			fields=["name", doctype_field, name_field],
			order_by="name",
		):
			about[doctype, found.name] = (found[doctype_field], found[name_field])
	return [
		row
		for row in rows
		if about[row.doctype, row.name][0] not in HIDDEN
		or frappe.has_permission(about[row.doctype, row.name][0], "read", about[row.doctype, row.name][1])
	]


def without_counts(linked: dict[str, Any]) -> dict[str, Any]:
	"""What Frappe found linked to a record (DocType -> {docs, hidden_count}) without the number of records that the user
	may not see, which Frappe 16 adds: of ours and of what hangs on them not even that is told."""
	for doctype, entry in list(linked.items()):
		if isinstance(entry, dict) and entry.get("hidden_count") and is_guarded(doctype):
			entry["hidden_count"] = 0
			if not entry.get("docs"):
				del linked[doctype]
	return linked


def is_guarded(doctype: str) -> bool:
	return doctype in NAMES_RECORDS or frappe.get_meta(doctype).module == MODULE


def _is_closed(doctype: str, name: str, user: str) -> bool:
	"""Whether a deliverable or report is of a class that does not let one of the staff open it. No query where no class is closed to them."""
	hidden = secrecy.hidden_names(user, doctype) if is_staff(user) else None
	return hidden is not None and bool(hidden.where(frappe.qb.DocType(doctype).name == name).run())


def names_one_of(doctype: str, table, hidden: dict[str, Any]) -> Criterion:
	"""Whether a row of a DocType of the table names one of the hidden records; never unknown (NULL)."""
	kind = NAMES_RECORDS[doctype]
	if isinstance(kind, Named):
		named_type, named = (fn.Coalesce(table[field], "") for field in kind)
		return Criterion.any(
			(named_type == hidden_type) & named.isin(names) for hidden_type, names in hidden.items() if names
		)
	if isinstance(kind, Part):
		of = frappe.qb.DocType(kind.of)
		rows = frappe.qb.from_(of).select(of.name).where(names_one_of(kind.of, of, hidden))
		found = fn.Coalesce(table[kind.field], "").isin(rows)
		return found & (table.parenttype == kind.of) if kind.field == "parent" else found
	if isinstance(kind, Rows):
		return Criterion.any(
			table.name.isin(
				frappe.qb.from_(row)
				.select(row.parent)
				.where((row.parenttype == doctype) & names_one_of(row_doctype, row, hidden))
			)
			for row_doctype, row in ((name, frappe.qb.DocType(name)) for name, *_fields in kind.rows)
		)
	link = frappe.qb.DocType(kind.link)
	on_hidden = names_one_of(kind.link, link, hidden)
	standing = frappe.qb.from_(link).select(link[kind.field])
	return table.name.isin(standing.where(on_hidden)) & table.name.notin(standing.where(on_hidden.negate()))


def without_hidden_counts(counts: dict[str, Any], doctype: str, name: str) -> dict[str, Any]:
	"""What Frappe counted for the connections of a record, with its numbers for whoever must not learn of some records.

	Frappe counts what is linked without asking; so what is confidential is counted once more, by the rules of its list.
	"""
	found = counts.get("count")
	if not isinstance(found, dict) or not hidden_from(frappe.session.user):
		return counts
	links = frappe.get_meta(doctype).get_dashboard_data()
	for entry in found.get("external_links_found", []):
		linked = entry["doctype"]
		if linked not in HIDDEN and linked not in NAMES_RECORDS:
			continue
		field = links.get("non_standard_fieldnames", {}).get(linked, links.get("fieldname"))
		filters = {field: name}
		if dynamic := links.get("dynamic_links", {}).get(field):
			filters[dynamic[1]] = dynamic[0]
		entry["count"] = len(frappe.get_list(linked, filters=filters, pluck="name", limit=MOST_COUNTED))
		entry["open_count"] = min(entry.get("open_count") or 0, entry["count"])
	return counts
