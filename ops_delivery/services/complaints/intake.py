"""How complaints reach us: on the portal, by a signed link, by telephone (entered by staff), by e-mail (5.4.d, 5.3.c).

Whatever the way, the complaint is a record before anybody is told; a mail server or queue that is down loses nothing.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_fullname

from ops_delivery.permissions.ownership import address_of, customers_of, is_staff, plain
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.complaints import handlers as complaint_handlers
from ops_delivery.services.complaints.types import (
	ABOUT,
	DOCTYPE,
	LENGTH,
	LINK,
	MAIL,
	OWNED,
	PHONE,
	PORTAL,
	TEXT_LENGTH,
	label,
)
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import once, record_parties, uploads
from ops_delivery.services.shared.locale import plain_lines
from ops_delivery.services.shared.site_time import site_now

SAME_WITHIN_MINUTES = 60


def begin(doc) -> None:
	"""What a new complaint gets by itself, whoever enters it and by whichever way."""
	now = site_now()
	_note_the_customer(doc)
	if not doc.channel:  # Frappe's inbox makes records without what is mandatory
		doc.channel = MAIL if doc.flags.ignore_mandatory else PHONE
	doc.status, doc.round, doc.severity = "Received", 1, doc.severity or "Ordinary"
	doc.received_on = doc.received_on or now
	for field in (*OWNED, "rounds"):
		if field not in ("status", "round"):
			doc.set(field, [] if field == "rounds" else None)
	doc.entered_on = now
	by_customer = doc.flags.ops_by_customer or doc.flags.ignore_mandatory
	if doc.channel in (PORTAL, LINK) and not by_customer:
		frappe.throw(
			_("{0}: {1} is what the customer did themselves. Choose how they told you.").format(
				label(doc, "channel"), _(doc.channel)
			)
		)
	doc.entered_by = frappe.session.user if is_staff() and not by_customer else None
	if not doc.customer and doc.raised_by:
		doc.customer = customer_of(doc.raised_by)
	if not doc.raised_by_name and doc.raised_by:
		doc.raised_by_name = name_of(plain(doc.raised_by))
	_from_matter(doc)


def _note_the_customer(doc) -> None:
	"""A record that somebody of the customer's side makes themselves (a web form) is theirs, whatever the form asks for: it
	came by the portal, from their address, and belongs to one of their customers."""
	user = frappe.session.user
	if user == "Guest":
		if frappe.flags.in_web_form:
			doc.channel, doc.customer, doc.flags.ops_by_customer = PORTAL, None, True
		return
	if is_staff() or doc.flags.ops_by_customer:
		return
	theirs = customers_of(user)
	doc.channel, doc.flags.ops_by_customer = PORTAL, True
	doc.raised_by, doc.raised_by_name = address_of(user), get_fullname(user)
	if doc.customer not in theirs:
		doc.customer = customer_of(doc.raised_by) or (min(theirs) if theirs else None)


def raise_complaint(
	channel: str,
	address: str,
	name: str,
	*,
	subject: str,
	text: str,
	customer: str | None = None,
	about: tuple[str, str] | None = None,
	anonymous: bool = True,
	severity: str = "Ordinary",
	files: list[Any] | None = None,
) -> str:
	"""A complaint from the customer's side; its name. The caller has checked who it is and what they may name.

	The same words once more within an hour (a double tap, a lost answer) are the same complaint.
	"""
	subject, text = cstr(subject).strip(), cstr(text).strip()
	if not subject and not text:
		frappe.throw(_("Say what you complain about."), title=_("Nothing written yet"))
	if len(subject) > LENGTH:
		frappe.throw(
			_("{0} has more than {1} characters. Say it in one line, and the rest below.").format(
				frappe.bold(_("Subject")), LENGTH
			)
		)
	if len(text) > TEXT_LENGTH:
		frappe.throw(_("The text is longer than {0} characters. Attach it as a file.").format(TEXT_LENGTH))
	if severity not in ("Ordinary", "Serious", "Critical"):
		severity = "Ordinary"
	kept = uploads.check(files)
	subject = (" ".join(subject.split()) or " ".join(text.split()))[:LENGTH]
	values = {
		"channel": channel,
		"raised_by": plain(address),
		"raised_by_name": cstr(name)[:LENGTH],
		"subject": subject,
		"text": text,
		"customer": customer,
		"reference_doctype": about[0] if about else None,
		"reference_name": about[1] if about else None,
		"anonymous": cint(anonymous),
		"severity": severity,
	}

	def make() -> str:
		doc = frappe.new_doc(DOCTYPE)
		doc.update(values)
		doc.flags.ops_by_customer = True
		doc.insert(ignore_permissions=True)
		uploads.keep(kept, DOCTYPE, doc.name)
		return doc.name

	return once.only("complaint", (subject, text), make, SAME_WITHIN_MINUTES * 60, who=plain(address))


def values_from(source_doctype: str, source_name: str) -> dict[str, Any]:
	"""The fields of a new complaint because of a record, for the form to open with; nothing is saved."""
	if source_doctype not in ABOUT:
		frappe.throw(_("A complaint cannot be made from {0}.").format(_(cstr(source_doctype))))
	source = frappe.get_doc(source_doctype, source_name)
	found = {
		"reference_doctype": source_doctype,
		"reference_name": source_name,
		"customer": record_parties.customer_of(source),
		"channel": PHONE,
		"raised_by": record_parties.person_of(source),
		"people": [
			{"user": user, "why": why}
			for user, why in complaint_handlers.people_of(source_doctype, source_name).items()
		],
	}
	return {field: value for field, value in found.items() if value}


def from_communication(name: str) -> str:
	"""Make a complaint of a message that came in; its name. The message moves to the complaint, so that it is no longer
	read on the record of those it may be about."""
	message = frappe.get_doc("Communication", name, for_update=True)
	if message.sent_or_received != "Received":
		frappe.throw(_("Only a message that came in can be made a complaint."))
	if message.reference_doctype == DOCTYPE and message.reference_name:
		return message.reference_name
	about = (message.reference_doctype, message.reference_name)
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"channel": MAIL,
			"subject": cstr(message.subject)[:LENGTH] or _("Complaint", context="Ops Delivery"),
			"text": _plain_text(message),
			"raised_by": plain(message.sender),
			"raised_by_name": message.sender_full_name,
			"received_on": message.communication_date,
			"reference_doctype": about[0] if about[0] in ABOUT else None,
			"reference_name": about[1] if about[0] in ABOUT else None,
		}
	)
	doc.flags.ops_mail = True
	doc.insert()
	message.update({"reference_doctype": DOCTYPE, "reference_name": doc.name})
	message.save(ignore_permissions=True)
	return doc.name


def after_message(doc, _method: str | None = None) -> None:
	"""doc_events Communication.on_update: a complaint that came by e-mail takes its words and files from the mail."""
	if doc.reference_doctype != DOCTYPE or not doc.reference_name or doc.sent_or_received != "Received":
		return
	_take_files(doc)
	complaint = frappe.get_doc(DOCTYPE, doc.reference_name)
	# Frappe makes the record of the subject alone, before the mail's words are there
	if complaint.channel == MAIL and doc.content and complaint.text in (None, "", complaint.subject):
		complaint.text = _plain_text(doc)
		complaint.flags.ops_mail = complaint.flags.ignore_permissions = True
		complaint.flags.ignore_mandatory = True
		complaint.save()


def _take_files(message) -> None:
	"""Files of a message belong to the complaint, so that they are seen by who may see it, and by nobody else."""
	file = frappe.qb.DocType("File")
	(
		frappe.qb.update(file)
		.set(file.attached_to_doctype, DOCTYPE)
		.set(file.attached_to_name, message.reference_name)
		.set(file.attached_to_field, "")
		.where((file.attached_to_doctype == "Communication") & (file.attached_to_name == message.name))
	).run()


def customer_of(address: str) -> str | None:
	"""The customer an e-mail address belongs to: its user's, else that of a contact with this address."""
	address = plain(address)
	if not address:
		return None
	user = frappe.db.get_value("User", {"email": address}, "name")
	if user and not is_staff(user) and (found := parties.customer_for(user)):
		return found
	mail, link = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(mail)
		.join(link)
		.on((link.parent == mail.parent) & (link.parenttype == "Contact") & (link.link_doctype == "Customer"))
		.select(link.link_name, mail.email_id)
		.where(mail.email_id == address)
		.orderby(link.link_name)
	).run()
	return next((customer for customer, found in rows if plain(found) == address), None)


def _from_matter(doc) -> None:
	"""Customer, agreement, object and the people of the record the complaint is about."""
	if not doc.reference_doctype or not doc.reference_name or doc.reference_doctype not in ABOUT:
		return
	if not frappe.db.exists(doc.reference_doctype, doc.reference_name):
		return  # Frappe says which link is wrong
	source = frappe.get_doc(doc.reference_doctype, doc.reference_name)
	doc.customer = doc.customer or record_parties.customer_of(source)
	doc.agreement = doc.agreement or record_parties.agreement_of(source)
	doc.service_object = doc.service_object or record_parties.object_of(source)
	if not doc.people:
		for user, why in complaint_handlers.people_of(source.doctype, source.name).items():
			if is_staff(user):
				doc.append("people", {"user": user, "why": why})
	if doc.customer and not doc.agreement:
		doc.agreement = agreements.find(doc.customer, site_now().date(), doc.service_object)


def _plain_text(message) -> str:
	return plain_lines(message.content)[:TEXT_LENGTH]


def name_of(address: str) -> str:
	"""The name of the person with an e-mail address, else the address."""
	user = frappe.db.get_value("User", {"email": address}, "name") if address else None
	return get_fullname(user) if user else address
