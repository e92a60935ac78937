"""The customer's pages of complaints: what they see, say and answer (5.4.d, 5.5.c).

Texts come out plain; the pages escape them. Nothing of the inside comes out: no handler, no people, no findings.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_fullname

from ops_delivery.domain import complaint as domain
from ops_delivery.permissions import gates, owned_rows, ownership, steps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import links as complaint_links
from ops_delivery.services.complaints import process_text as complaint_words
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.complaints import types as complaint_types
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.shared.site_time import has_passed

MOST = 50
MATTERS = ("Issue", "Field Service Sheet", "Remote Support Session")


def process_for(user: str) -> dict[str, Any]:
	"""How complaints are handled and where to make one: the site's words, and what the user's agreements say."""
	found = {"process": complaint_words.process(), "channels": complaint_words.channels(), "agreements": []}
	customers = (
		ownership.customers_of(user) if user != ownership.GUEST and not ownership.is_staff(user) else ()
	)
	if customers:
		found["agreements"] = [
			{
				"title": text(row.title),
				"channel": text(row.complaint_channel),
				"handling": text(row.complaint_handling),
			}
			for row in frappe.get_all(
				"Service Agreement",
				filters={
					"customer": ["in", sorted(customers)],
					"docstatus": 1,
					"status": ["in", agreements.IN_FORCE],
				},
				fields=["title", "complaint_channel", "complaint_handling"],
				order_by="customer, start_date desc",
			)
			if row.complaint_channel or row.complaint_handling
		]
	return found


def listed(user: str) -> list[dict[str, Any]]:
	"""The user's own complaints, the newest first."""
	addresses = ownership.addresses_of(user)
	if not addresses or ownership.is_staff(user):
		return []
	rows = frappe.get_all(
		complaints.DOCTYPE,
		filters={"raised_by": ["in", sorted(addresses)]},
		fields=["name", "subject", "status", "received_on", "raised_by"],
		order_by="creation desc",
		limit=MOST,
	)
	return [
		{
			"name": row.name,
			"subject": text(row.subject),
			"state": chip(row.status),
			"received": moment(row.received_on),
		}
		for row in rows
		if ownership.plain(row.raised_by) in addresses
	]


def visible(name: str, user: str):
	"""The user's own complaint; frappe.PermissionError for any other name, as if there were none."""
	doc = (
		frappe.get_doc(complaints.DOCTYPE, name)
		if user != ownership.GUEST and name and frappe.db.exists(complaints.DOCTYPE, name)
		else None
	)
	if not doc or not complaint_links.may_see(doc, user):
		raise frappe.PermissionError(_("There is no complaint {0} that you can see.").format(cstr(name)))
	return doc


def shown(doc) -> dict[str, Any]:
	"""A complaint as its complainant reads it."""
	return {
		"name": doc.name,
		"subject": text(doc.subject),
		"text": text(doc.text),
		"state": chip(doc.status),
		"received": moment(doc.received_on),
		"acknowledged": moment(doc.acknowledged_on),
		"promise": "" if doc.acknowledged_on or doc.closed_on else complaint_words.promise(doc),
		"hidden": bool(doc.anonymous),
		"about": _about(doc),
		"rounds": [_result(row) for row in doc.rounds],
		"result": _result(doc) if doc.told_on else None,
		"waiting": doc.status == domain.TOLD,
		"may_appeal": domain.may_appeal(cint(doc.round), complaints.most_appeals()),
		"until": moment(complaints.answer_until(doc)) if doc.status == domain.TOLD else "",
		"closed": moment(doc.closed_on),
	}


def raise_on_portal(user: str, form: Any, files: list[Any] | None = None) -> str:
	"""The user makes a complaint, with or without a matter; its name."""
	gates.refuse_staff(user)
	if user == ownership.GUEST:
		raise frappe.PermissionError(_("Log in to do this."))
	about = matter(user, cstr(form.get("about")), cstr(form.get("name")))
	customers = ownership.customers_of(user)
	customer = cstr(form.get("customer")) or None
	if customer and customer not in customers:
		raise frappe.PermissionError(_("You are not one of the contacts of {0}.").format(customer))
	return complaint_intake.raise_complaint(
		complaint_types.PORTAL,
		ownership.address_of(user),
		get_fullname(user),
		subject=form.get("subject"),
		text=form.get("text"),
		customer=customer or (None if about else parties.customer_for(user)),
		about=about,
		anonymous=form.get("open") != "1",
		severity=form.get("severity") or "Ordinary",
		files=files,
	)


def matter(user: str, doctype: str, name: str) -> tuple[str, str] | None:
	"""The record a complaint is about, if the user may see it; None where none is named."""
	if not doctype or not name:
		return None
	if doctype in MATTERS and frappe.db.exists(doctype, name):
		doc = frappe.get_doc(doctype, name)
		if ownership.may_see(doc, user):
			return doctype, name
	raise frappe.PermissionError(_("There is no record {0} that you can see.").format(name))


def choices(user: str) -> list[dict[str, str]]:
	"""The user's newest requests, to complain about one."""
	issue = frappe.qb.DocType("Issue")
	rows = (
		frappe.qb.from_(issue)
		.select(issue.name, issue.subject)
		.where(owned_rows.visible(issue, user))
		.orderby(issue.creation, order=frappe.qb.desc)
		.limit(20)
	).run(as_dict=True)
	return [{"name": row.name, "subject": text(row.subject)} for row in rows]


def answer_on_portal(name: str, user: str, form: Any) -> str:
	"""The user accepts the result of their complaint or appeals; the new phase."""
	gates.refuse_staff(user)
	gates.refuse_who_left(user, visible(name, user).customer)
	return _answer(name, form, get_fullname(user), _("on the portal"))


def open_link(token: str) -> tuple[Any, Any]:
	"""What a signed link opens: (link, document)."""
	return complaint_links.read(token)


def act_by_link(form: Any, token: str, files: list[Any] | None = None) -> str:
	"""The addressee of a signed link answers a complaint or improvement, or complains about the link's record; its name."""
	link, doc = complaint_links.read(token)
	gates.refuse_staff(frappe.session.user)
	complaint_links.refuse_another_log_in(link.party)
	if doc.doctype == complaints.DOCTYPE:
		_answer(doc.name, form, text(doc.raised_by_name) or link.party, _("by signed link"))
		return doc.name
	if doc.doctype == improvements.DOCTYPE:
		improvement_portal.enter(doc.name, form, complaint_intake.name_of(link.party), _("by signed link"))
		return doc.name
	return complaint_intake.raise_complaint(
		complaint_types.LINK,
		link.party,
		complaint_intake.name_of(link.party),
		subject=form.get("subject"),
		text=form.get("text"),
		customer=doc.get("customer"),
		about=(doc.doctype, doc.name),
		anonymous=form.get("open") != "1",
		severity=form.get("severity") or "Ordinary",
		files=files,
	)


def waiting(user: str) -> list[dict[str, Any]]:
	"""For the portal's home: results of the user's complaints that wait for an answer: [{text, url, due, late}]."""
	addresses = ownership.addresses_of(user)
	if not addresses or ownership.is_staff(user):
		return []
	rows = frappe.get_all(
		complaints.DOCTYPE,
		filters={"raised_by": ["in", sorted(addresses)], "status": domain.TOLD},
		fields=["name", "subject", "told_on", "raised_by"],
		order_by="told_on",
	)
	return [
		{
			"text": _("Result of your complaint: {0}").format(text(row.subject)),
			"url": f"/complaints/{row.name}",
			"due": moment(complaints.answer_until(row)),
			"late": has_passed(complaints.answer_until(row)),
		}
		for row in rows
		if ownership.plain(row.raised_by) in addresses
	]


# Parts


def _answer(name: str, form: Any, person: str, how: str) -> str:
	doc = frappe.get_doc(complaints.DOCTYPE, name, for_update=True)
	steps.take(doc).flags.ignore_permissions = True
	if form.get("answer") not in ("accept", "appeal"):
		frappe.throw(_("Choose whether you accept the result or appeal."))
	return complaints.answer(doc, form.get("answer") == "accept", person, how, cstr(form.get("note")))


def _result(row) -> dict[str, Any]:
	return {
		"result": _(cstr(row.result)),
		"text": text(row.result_text),
		"told": moment(row.told_on),
		"answer": _(cstr(row.answer)),
		"note": text(row.answer_note),
	}


def _about(doc) -> dict[str, str] | None:
	if not doc.reference_name or doc.reference_doctype not in complaint_types.ABOUT:
		return None
	title = frappe.get_meta(doc.reference_doctype).title_field or "name"
	return {
		"type": _("Request") if doc.reference_doctype == "Issue" else _(doc.reference_doctype),
		"name": doc.reference_name,
		"title": text(frappe.db.get_value(doc.reference_doctype, doc.reference_name, title)),
	}


def chip(status: str) -> dict[str, str]:
	"""A phase as the customer reads it, with its colour."""
	said = {
		domain.RECEIVED: _("Received", context="Ops Delivery"),
		domain.ACKNOWLEDGED: _("Acknowledged"),
		domain.INVESTIGATING: _("Being looked into"),
		domain.TOLD: _("Waits for your answer"),
		domain.APPEALED: _("Appealed: looked at anew"),
		domain.CLOSED: _("Closed"),
		domain.WITHDRAWN: _("Withdrawn", context="Ops Delivery"),
	}
	tone = "waiting" if status == domain.TOLD else "closed" if status in domain.ENDED else "open"
	return {"text": said[status], "tone": tone}
