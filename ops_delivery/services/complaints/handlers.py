"""Who may handle a complaint: the one place that reads people and lines and asks domain.independence (5.4.d).

`check` holds for the handler's field, assignments, shares and delegation; `candidates` offers who is independent and
says of everybody else why not. A way out is always there: the role Complaint Handler for somebody of another line, or
from outside.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname

from ops_delivery.domain import independence as domain
from ops_delivery.permissions import switches
from ops_delivery.permissions.role_names import HANDLER, MANAGER
from ops_delivery.services.visits.types import KINDS

COMPLAINT = "Service Complaint"
ROLE = HANDLER
ROLES = (ROLE, MANAGER)
NAMED, ASSIGNED, ENGINEER, IN_CHARGE = "Named", "Assigned", "Engineer", "In Charge"


class NotIndependent(frappe.ValidationError):
	"""Somebody was to handle a complaint who is not independent of it."""


def check(complaint, user: str) -> None:
	"""NotIndependent, with the reasons and the way out, unless the user may handle the complaint (as it is in memory)."""
	found = objections(complaint, [user])[user]
	if found:
		frappe.throw(
			_("{0} cannot handle this complaint:").format(frappe.bold(escape_html(get_fullname(user))))
			+ "<ul>"
			+ "".join(f"<li>{escape_html(reason)}</li>" for reason in found)
			+ "</ul>"
			+ _(
				"Choose somebody else with the role {0}: from another line, or an external handler to whom an administrator gives that role."
			).format(frappe.bold(_(ROLE))),
			NotIndependent,
			title=_("Not independent"),
		)


def candidates(complaint) -> dict[str, Any]:
	"""Who could handle it: {independent: [{user, name, note}], excluded: [{user, name, reasons}], way_out}."""
	users = _with_role()
	found = objections(complaint, users)
	lines = _lines()
	rows = [{"user": user, "name": get_fullname(user)} for user in users]
	independent = [
		{**row, "note": "" if lines.own(row["user"]) else _("no employee record: reporting line not known")}
		for row in rows
		if not found[row["user"]]
	]
	return {
		"independent": independent,
		"excluded": [{**row, "reasons": found[row["user"]]} for row in rows if found[row["user"]]],
		"way_out": ""
		if independent
		else _(
			"Nobody here is independent. Give the role {0} to somebody of another line or from outside, and choose them."
		).format(_(ROLE)),
	}


def objections(complaint, users: list[str]) -> dict[str, list[str]]:
	"""What speaks against each user, in the reader's words; nothing for who is independent."""
	matter, lines, allowed = _matter(complaint), _lines(), set(_with_role())
	return {
		user: [_sentence(row) for row in domain.objections(user, matter, lines, user in allowed)]
		for user in users
	}


def people_of(doctype: str | None, name: str | None) -> dict[str, str]:
	"""Who has a part in a matter: user -> why. Assigned to it, engineers of the visit or of the request's visits, in
	charge of the agreement."""
	if not doctype or not name or not frappe.db.exists("DocType", doctype, cache=True):
		return {}
	found: dict[str, str] = {}
	matters = [(doctype, name)]
	if doctype == "Issue":
		for kind in KINDS:
			matters += [
				(kind, visit)
				for visit in frappe.get_all(
					kind,
					filters={"reference_doctype": "Issue", "reference_name": name},
					pluck="name",
					order_by="name",
				)
			]
	visits = [visit for kind, visit in matters if kind in KINDS]
	if visits:
		for user in frappe.get_all(
			"Field Service Engineer",
			filters={"parenttype": ["in", list(KINDS)], "parent": ["in", visits]},
			pluck="user",
			order_by="parent, idx",
		):
			found.setdefault(user, ENGINEER)
	for row in frappe.get_all(
		"ToDo",
		filters={"reference_name": ["in", [each for _kind, each in matters]], "status": ["!=", "Cancelled"]},
		fields=["allocated_to", "reference_type", "reference_name"],
		order_by="creation",
	):
		if (row.reference_type, row.reference_name) in matters and row.allocated_to:
			found.setdefault(row.allocated_to, ASSIGNED)
	if frappe.get_meta(doctype).has_field("owner_user"):
		owner = frappe.db.get_value(doctype, name, "owner_user")
		if owner:
			found.setdefault(owner, IN_CHARGE)
	return found


def assignable(doctype: str, name: str, user: str | None, others: list[str]) -> str | None:
	"""Whom a rule may assign a record to: the user it chose, else the first of the others who is independent, else nobody.

	Of a complaint: who may handle it. Of its matter: who does not handle the complaint.
	"""
	wanted = list(dict.fromkeys([*([user] if user else []), *others]))
	if doctype == COMPLAINT:
		found = objections(frappe.get_doc(COMPLAINT, name), wanted)
		return next((each for each in wanted if not found[each]), None)
	if user and _handles(doctype, name, [user]):
		busy = _handles(doctype, name, wanted)
		return next((each for each in wanted if each not in busy), None)
	return user


# doc_events: every other way to give somebody a part in a complaint


def guard_assignment(doc, _method: str | None = None) -> None:
	"""doc_events ToDo.validate: a complaint is assigned only to who is independent, and its handler is not given the
	matter it is about."""
	if doc.status != "Open" or not doc.allocated_to or not doc.reference_name:
		return
	before = doc.get_doc_before_save()
	if before and before.allocated_to == doc.allocated_to and before.status == "Open":
		return
	if doc.reference_type == COMPLAINT:
		check(frappe.get_doc(COMPLAINT, doc.reference_name), doc.allocated_to)
	elif _handles(doc.reference_type, doc.reference_name, [doc.allocated_to]):
		frappe.throw(
			_(
				"{0} handles a complaint about {1}, so this cannot be assigned to them. Assign it to somebody else, or hand the complaint over first."
			).format(
				frappe.bold(escape_html(get_fullname(doc.allocated_to))), escape_html(doc.reference_name)
			),
			NotIndependent,
		)


def guard_share(doc, _method: str | None = None) -> None:
	"""doc_events DocShare.validate: a complaint is shared only with who is independent, and never with everybody."""
	if doc.share_doctype != COMPLAINT or not doc.share_name:
		return
	if doc.everyone:
		frappe.throw(
			_("A complaint is not shared with everybody. Name the people who need it."), NotIndependent
		)
	check(frappe.get_doc(COMPLAINT, doc.share_name), doc.user)


def _handles(doctype: str | None, name: str, users: list[str]) -> set[str]:
	"""Those of the users who handle a complaint about a record that has not ended."""
	if not switches.uses(COMPLAINT):
		return set()
	return set(
		frappe.get_all(
			COMPLAINT,
			filters={
				"reference_doctype": doctype,
				"reference_name": name,
				"handler": ["in", users],
				"status": ["not in", ("Closed", "Withdrawn")],
			},
			pluck="handler",
			order_by="name",
		)
	)


# Facts


def _matter(complaint) -> domain.Matter:
	people = {row.user for row in complaint.people if row.user}
	involved = set(people_of(complaint.reference_doctype, complaint.reference_name))
	earlier = [row.handler for row in complaint.rounds if row.handler]
	return domain.Matter(
		accused=frozenset(people),
		involved=frozenset(involved),
		earlier=frozenset(earlier),
		last=earlier[-1] if earlier else "",
	)


def _lines() -> domain.Lines:
	"""The reporting lines of all employees who have not left; two columns, so it is read whole."""
	superior: dict[str, str | None] = {}
	employees: dict[str, list[str]] = defaultdict(list)
	for row in frappe.get_all(
		"Employee",
		filters={"status": ["!=", "Left"]},
		fields=["name", "reports_to", "user_id"],
		order_by="name",
	):
		superior[row.name] = row.reports_to or None
		if row.user_id:
			employees[row.user_id].append(row.name)
	return domain.Lines(superior, employees)


def _with_role() -> list[str]:
	"""Enabled staff whose role lets them handle complaints, by name."""
	holders = frappe.get_all(
		"Has Role",
		filters={"role": ["in", ROLES], "parenttype": "User"},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	return frappe.get_all(
		"User",
		filters={
			"name": [
				"in",
				holders or [""],
			],
			"enabled": 1,
			"user_type": "System User",
		},
		pluck="name",
		order_by="full_name, name",
	)


def _sentence(row: domain.Objection) -> str:
	about = get_fullname(row.about) if row.about else ""
	return {
		domain.NOT_HANDLER: _("has neither the role {0} nor {1}").format(*(_(role) for role in ROLES)),
		domain.ACCUSED: _("is complained about"),
		domain.ABOVE: _("is a superior of {0}, who is complained about").format(about),
		domain.BELOW: _("reports to {0}, who is complained about").format(about),
		domain.INVOLVED: _("has a part in the matter: assigned to it, engineer of the visit or in charge"),
		domain.EARLIER: _("decided an earlier round of this complaint"),
		domain.NOT_HIGHER: _("stands no higher than {0}, whose result is appealed").format(about),
	}[row.code]
