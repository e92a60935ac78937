"""What Frappe asks of deliverables, of the reports that they hand over, and of the files of both, by the rule of their security class (secrecy.py, 8.2.c.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import access_notes, confidential, owned_records, secrecy, switches
from ops_delivery.permissions.ownership import is_staff, may_see

DELIVERABLE, GUARDED, FILE = secrecy.DELIVERABLE, secrecy.GUARDED, "File"
INSIDE = "Major Incident Report"  # the customer reads it on the page of its deliverable alone
PRIVATE = "/private/"
# what a right of Frappe's asks of the class; all others ask whether it may be opened
NOTED = {acts.OPEN: access_notes.OPENED, acts.PRINT: access_notes.PRINTED, acts.DOWNLOAD: access_notes.DOWNLOADED}
BY_RIGHT = {"print": acts.PRINT}


class NotForThisReader(frappe.PermissionError):
	"""A security class does not let somebody do what they asked for."""


def deliverable_permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook has_permission: what is stored counts as well as what was brought, so that nobody gets in by a change that is not saved."""
	user = user or frappe.session.user
	if not is_staff(user):
		return False if doc.doctype == INSIDE else owned_records.has_permission(doc, ptype, user)
	return NO_OBJECTION if may(doc, BY_RIGHT.get(ptype or "read", acts.OPEN), user) else False


def review_permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook has_permission of Service Review: its title and minutes tell of what was reviewed, so it is as closed as that."""
	user = user or frappe.session.user
	if not is_staff(user):
		return owned_records.has_permission(doc, ptype, user)
	return False if confidential.is_hidden(doc.get("reference_doctype"), doc.get("reference_name"), user) else NO_OBJECTION


def may(doc: Any, act: str, user: str | None = None) -> bool:
	"""Whether the class of a deliverable lets somebody of either side do something with it. Frappe's roles are asked elsewhere."""
	user = user or frappe.session.user
	if not is_staff(user):
		return may_see(doc, user) and (act == acts.OPEN or secrecy.on_portal(doc, user, file=True))
	return all(act in secrecy.acts(each, user) for each in (doc, *_stored(doc)))


def check(doc: Any, act: str, user: str | None = None) -> None:
	"""Refuse what the class does not let somebody do. NotForThisReader."""
	if not may(doc, act, user):
		refuse(doc, act, user)


def refuse(doc: Any, act: str, user: str | None = None) -> None:
	"""Say no, and have it noted. NotForThisReader."""
	access_notes.note(doc, access_notes.REFUSED, NOTED[act], user)
	said = {
		acts.OPEN: _("The security class of {0} does not let you open it."),
		acts.PRINT: _("The security class of {0} does not let you print it."),
		acts.DOWNLOAD: _("The security class of {0} does not let you download its files."),
	}[act]
	frappe.throw(said.format(frappe.bold(escape_html(cstr(doc.name)))), NotForThisReader)


def file_permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook has_permission of File: the file of a deliverable is for who may download it; its address alone is nobody's claim to it."""
	user = user or frappe.session.user
	if user == secrecy.ADMINISTRATOR or not cstr(doc.get("file_url")).startswith(PRIVATE) or not switches.uses(*GUARDED):
		return NO_OBJECTION
	if ptype == "create":
		return False if doc.is_new() and not doc.get("content") and is_closed(doc, user) else NO_OBJECTION
	of = doc.get("attached_to_doctype")
	if of not in GUARDED:
		return False if doc.get("owner") != user and is_closed(doc, user, later=True) else NO_OBJECTION
	if not frappe.db.exists(of, doc.get("attached_to_name")):
		return NO_OBJECTION
	return NO_OBJECTION if may(frappe.get_doc(of, doc.attached_to_name), acts.DOWNLOAD, user) else False


def is_closed(file: Any, user: str, later: bool = False) -> bool:
	"""Whether a File names the bytes of a deliverable that its class does not hand out to a user, and none that are the user's own.

	`later`: where it came to be after the deliverable's. Another record's file that was there before stays that record's own.
	"""
	if user == secrecy.ADMINISTRATOR or not secrecy.closed_to(acts.DOWNLOAD, user):
		return False
	same = {"file_url": file.get("file_url"), "name": ["!=", cstr(file.get("name"))]}
	if later:
		same["creation"] = ["<=", file.get("creation")]
	rows = frappe.get_all(FILE, same, ["attached_to_doctype", "attached_to_name", "owner"])
	if any(row.owner == user and row.attached_to_doctype not in GUARDED for row in rows):
		return False
	of = sorted({(row.attached_to_doctype, row.attached_to_name) for row in rows if row.attached_to_doctype in GUARDED and row.attached_to_name})
	return any(not may(frappe.get_doc(*each), acts.DOWNLOAD, user) for each in of if frappe.db.exists(*each))


def guard_naming(file: Any, _method: str | None = None) -> None:
	"""doc_events File.before_validate: nobody makes a File of their own of the bytes of a deliverable that is not theirs to download.
	No query unless there is such a class, and the File is new or names other bytes."""
	if file.is_folder or file.flags.ops_ours or not cstr(file.file_url).startswith(PRIVATE) or not switches.uses(*GUARDED):
		return
	before = None if file.is_new() else file.get_doc_before_save()
	if before and before.file_url == file.file_url:
		return
	if is_closed(file, frappe.session.user):
		frappe.throw(_("There is no file {0} that you could use.").format(frappe.bold(escape_html(cstr(file.file_url)[:140]))), NotForThisReader)


def guard_share(share: Any, _method: str | None = None) -> None:
	"""doc_events DocShare.validate: Frappe lists and opens what is shared whatever else says no, so it is shared only with who may open it."""
	if share.share_doctype not in (*GUARDED, FILE) or not share.share_name or not switches.uses(*GUARDED):
		return
	of = (share.share_doctype, share.share_name)
	if share.share_doctype == FILE:
		of = frappe.db.get_value(FILE, share.share_name, ["attached_to_doctype", "attached_to_name"]) or ("", "")
	if of[0] not in GUARDED or not frappe.db.exists(*of):
		return
	doc = frappe.get_doc(*of)
	act = acts.DOWNLOAD if share.share_doctype == FILE else acts.OPEN
	narrowing = secrecy.class_that(doc, "restricted")
	if narrowing and (share.everyone or not may(doc, act, share.user)):
		frappe.throw(
			_("{0} is of the class {1}, which does not let {2} read it. Name them under {3}, if the class lets named readers.").format(
				frappe.bold(escape_html(doc.name)),
				frappe.bold(_(narrowing, context=secrecy.CLASS)),
				frappe.bold(_("Everyone") if share.everyone else escape_html(cstr(share.user))),
				frappe.bold(_("Named Readers", context="Deliverable")),
			),
			NotForThisReader,
		)


def drop_shares(names: list[str], doctype: str = DELIVERABLE) -> None:
	"""Take back shares of deliverables (reports), and of their files, with whom their class does not let in (any more)."""
	files = dict(frappe.get_all(FILE, {"attached_to_doctype": doctype, "attached_to_name": ["in", names or [""]]}, ["name", "attached_to_name"], as_list=True))
	found = frappe.get_all("DocShare", {"share_doctype": doctype, "share_name": ["in", names or [""]]}, ["name", "share_name", "user", "everyone"])
	found += frappe.get_all("DocShare", {"share_doctype": FILE, "share_name": ["in", [*files] or [""]]}, ["name", "share_name", "user", "everyone"])
	docs: dict[str, Any] = {}
	for share in found:
		name = files.get(share.share_name, share.share_name)
		doc = docs.setdefault(name, frappe.get_doc(doctype, name))
		if secrecy.class_that(doc, "restricted") and (share.everyone or not may(doc, acts.OPEN, share.user)):
			frappe.delete_doc("DocShare", share.name, ignore_permissions=True, force=True, delete_permanently=True)


def needs_reviewer(doc: Any) -> str:
	"""Why nobody could review a deliverable or report, with the way out (escaped): its class lets nobody in by role, and who is named as
	Reviewer, if anybody, is not let in either. "" where somebody can."""
	narrowing = secrecy.class_that(doc, "restricted")
	rule = secrecy.rule_of(narrowing)
	if not narrowing or (not doc.get("reviewer") and any(grant.who == acts.ROLE and acts.OPEN in grant.acts for grant in rule.grants)):
		return ""
	said = frappe.bold(_(narrowing, context=secrecy.CLASS))
	if not doc.get("reviewer"):
		return _("The class {0} is opened by nobody through a role. Name who reviews it here.").format(said)
	if acts.OPEN in secrecy.acts(doc, doc.reviewer):
		return ""
	return _("The class {0} does not let {1} open it. Name somebody else, or change the class.").format(
		said, frappe.bold(escape_html(frappe.utils.get_fullname(doc.reviewer)))
	)


def _stored(doc: Any) -> tuple[Any, ...]:
	"""What the database has under a document's name, as far as its class asks; nothing where there is none."""
	found = secrecy.stored(doc.doctype, doc.get("name"))
	return (found,) if found else ()
