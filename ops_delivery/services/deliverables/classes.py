"""Security classes as administrators keep them: checked, tried on paper, and followed by what hangs on them (8.2.c.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as rule
from ops_delivery.permissions import secrecy, secret_records, switches
from ops_delivery.services.deliverables import file_keys, sealing
from ops_delivery.services.shared import job_queue

CLASS, DELIVERABLE = secrecy.CLASS, secrecy.DELIVERABLE
BATCH = 200
# what somebody's role must give as well, in Frappe's words
RIGHTS = {rule.LIST: "read", rule.OPEN: "read", rule.PRINT: "print", rule.DOWNLOAD: "read", rule.MAIL: "read"}


def validate(doc: Any) -> None:
	"""Ranks are one order; who may do anything may open it; somebody is left who may. frappe.ValidationError names row and way out."""
	_check_rank(doc)
	seen: set[tuple[str, str]] = set()
	for row in doc.grants:
		if row.who != rule.ROLE:
			row.role = None
		said = frappe.bold(_row(doc, row))
		if row.who == rule.ROLE and not row.role:
			frappe.throw(_("{0}: a value is missing. Choose the role.").format(said), frappe.MandatoryError)
		if (row.who, cstr(row.role)) in seen:
			frappe.throw(_("{0}: {1} stands there already. Put both rows together.").format(said, frappe.bold(_called(row))))
		seen.add((row.who, cstr(row.role)))
		ticked = {act for act in rule.ACTS if cint(row.get(act))}
		if not ticked:
			frappe.throw(_("{0}: nothing is ticked. Tick what {1} may do, or take the row out.").format(said, frappe.bold(_called(row))))
		row.update({act: int(act in rule.with_opened(ticked)) for act in rule.ACTS})
	if cint(doc.encrypted) and not cint(doc.get_db_value("encrypted") if not doc.is_new() else 0):
		file_keys.current()
	if doc.restricted and not doc.grants:
		frappe.throw(
			_("{0}: nobody would be able to open a deliverable of this class. Add who may, or take the tick {1} away.").format(
				frappe.bold(_(doc.meta.get_label("grants"), context=CLASS)), frappe.bold(_(doc.meta.get_label("restricted"), context=CLASS))
			),
			frappe.MandatoryError,
		)


def on_update(doc: Any) -> None:
	"""It holds at once for everybody; what was shared with others before is taken back behind the commit."""
	switches.forget()
	before = doc.get_doc_before_save()
	if before and secrecy.read(before) != secrecy.read(doc):
		job_queue.enqueue_after_commit("ops_delivery.services.deliverables.classes.follow", queue="long", security_class=doc.name)


def forget(_doc: Any, *_more: Any) -> None:
	"""A class is gone, or has another name."""
	switches.forget()


def follow(security_class: str) -> None:
	"""Job: shares of deliverables of a class with whom it does not let in go, and files are encrypted or not, as it says. It may run again."""
	names = frappe.get_all(DELIVERABLE, {"security_class": security_class}, pluck="name", order_by="name")
	for at in range(0, len(names), BATCH):
		secret_records.drop_shares(names[at : at + BATCH])
		for report in secrecy.REPORTS:
			of_these = {"deliverable": ["in", names[at : at + BATCH]]}
			secret_records.drop_shares(frappe.get_all(report, of_these, pluck="name", order_by="name"), report)
	own = frappe.get_all("Service Report", {"security_class": security_class}, pluck="name", order_by="name")
	for at in range(0, len(own), BATCH):
		secret_records.drop_shares(own[at : at + BATCH], "Service Report")
	frappe.db.commit()  # nosemgrep: the files come after, each by itself
	sealing.settle_left()


def preview(doc: Any) -> dict[str, Any]:
	"""Who may do what with deliverables of a class as its form has it: {acts: [words], rows: [{who, may: [bool], note}]}, roles by
	what they give in any case, then those who are named, then the customer."""
	said = secrecy.read(doc)
	rows = []
	for role in _roles():
		theirs = said.by_roles({role})
		rights = _rights(role)
		may = [act in theirs and RIGHTS[act] in rights for act in rule.ACTS]
		if said.restricted and theirs and not any(may):
			rows.append({"who": _(role), "may": may, "note": _("The role itself cannot read deliverables.")})
		else:
			rows.append({"who": _(role), "may": may, "note": ""})
	if said.restricted:
		for part in (*rule.PERSONS, rule.READERS):
			theirs = said.by_parts({part})
			rows.append({"who": _(part, context=secrecy.GRANT), "may": [act in theirs for act in rule.ACTS], "note": _("beside a role that can read deliverables")})
	shown = said.portal != rule.NOBODY
	rows.append(
		{
			"who": _("Customer's people"),
			"may": [shown, shown, False, shown and said.portal_files, shown and said.portal_files],
			"note": _(said.portal, context=CLASS),
		}
	)
	rows.append({"who": _("Other customers"), "may": [False] * len(rule.ACTS), "note": ""})
	meta = frappe.get_meta(secrecy.GRANT)
	return {"acts": [_(meta.get_label(act), context=secrecy.GRANT) for act in rule.ACTS], "rows": rows}


def _roles() -> list[str]:
	"""The roles that can read deliverables here."""
	table = "Custom DocPerm" if frappe.db.exists("Custom DocPerm", {"parent": DELIVERABLE}) else "DocPerm"
	return sorted(set(frappe.get_all(table, {"parent": DELIVERABLE, "read": 1, "permlevel": 0}, pluck="role")))


def _rights(role: str) -> set[str]:
	table = "Custom DocPerm" if frappe.db.exists("Custom DocPerm", {"parent": DELIVERABLE}) else "DocPerm"
	rows = frappe.get_all(table, {"parent": DELIVERABLE, "role": role, "permlevel": 0}, ["read", "print"])
	return {right for row in rows for right in ("read", "print") if row.get(right)}


def _check_rank(doc: Any) -> None:
	other = frappe.db.get_value(CLASS, {"rank": cint(doc.rank), "name": ["!=", doc.name]}, "name")
	if other:
		frappe.throw(
			_("{0}: {1} is the rank of {2} already. Choose another one.").format(
				frappe.bold(_(doc.meta.get_label("rank"), context=CLASS)), cint(doc.rank), frappe.bold(escape_html(_(other, context=CLASS)))
			)
		)


def _row(doc: Any, row: Any) -> str:
	return _("{0}, row {1}").format(_(doc.meta.get_label("grants"), context=CLASS), row.idx)


def _called(row: Any) -> str:
	return escape_html(_(row.role) if row.who == rule.ROLE else _(row.who, context=secrecy.GRANT))
