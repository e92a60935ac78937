"""What reaches us from the customer's side: new requests, fault information, and what may not be done (6.3.d, 6.3.j).

A web form and the portal insert with permissions ignored, so the rules of ownership stand here, on the Issue itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, strip_html

from ops_delivery.domain.states import ISSUE_OPEN
from ops_delivery.permissions import gates, ownership
from ops_delivery.permissions.ownership import GUEST
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.scope import once as posted_once
from ops_delivery.services.scope import uploads

SUBJECT_LENGTH = 140
TEXT_LENGTH = 20000
SAME_MESSAGE = 600  # seconds within which the same words and files on one request are one message


def raise_request(
	subject: str,
	description: str,
	customer: str | None = None,
	service_object: str | None = None,
	files: list[Any] | None = None,
	urgency: str | None = None,
	once: str = "",
	follows: str | None = None,
	answers: Mapping[str, Any] | None = None,
) -> str:
	"""A customer's user raises a request on the portal; returns the Issue. Files are uploads (werkzeug).

	`urgency`: how urgent the customer finds it; staff judge. The same words and files by the same user within ten minutes
	(posted twice, a second tap, Back and sent again) are one request: who sends them again gets the first one. `once`: a
	value the form was given; that form makes one request however late it is sent again. `follows`: the closed request
	after which it happened again, whose answers it has, too. `answers`: to what the administrator has customers asked
	(services/requests/asked_fields.py).
	"""
	_refuse_guest()
	gates.refuse_staff(frappe.session.user)
	if not strip_html(cstr(subject)).strip():
		frappe.throw(_("Say in one line what is wrong: {0} is empty.").format(frappe.bold(_("Subject"))))
	if len(cstr(subject).strip()) > SUBJECT_LENGTH:
		frappe.throw(
			_("{0} has more than {1} characters. Say it in one line, and the rest below.").format(
				frappe.bold(_("Subject")), SUBJECT_LENGTH
			)
		)
	if urgency and not frappe.db.exists("Service Urgency", urgency):
		frappe.throw(
			_("{0} {1} is none of the choices. Choose one, or leave it open.").format(
				frappe.bold(_("How urgent is it?")), frappe.bold(escape_html(cstr(urgency)[:140]))
			)
		)
	if follows:
		own = asked_of_customers.kept_of(frappe.get_doc("Issue", follows))
	else:
		own = asked_of_customers.read(answers or {}, ownership.customers_of(frappe.session.user))
	kept = uploads.check(files)
	values = {
		**own,
		"subject": cstr(subject).strip(),
		"description": as_html(description),
		"customer": customer or None,
		"ops_object": service_object or None,
		"ops_customer_urgency": urgency or None,
		"via_customer_portal": 1,
		"ops_follows": follows,
	}

	def make() -> str:
		doc = frappe.new_doc("Issue")
		doc.update(values)
		doc.flags.ops_answers = frozenset(own)
		doc.insert(ignore_permissions=True)
		uploads.keep(kept, "Issue", doc.name)
		return doc.name

	# of one form, one user and one content: a form that is sent again with other words is another request
	said = sorted((name, cstr(value)) for name, value in own.items())
	content = (subject, description, customer, service_object, urgency, posted_once.fingerprints(files), *said)
	return posted_once.only(
		"request anew",
		content,
		lambda: posted_once.only("request", (once, *content[:4], *said), make) if once else make(),
		SAME_MESSAGE,
		# a locking read sees what was committed since this transaction began to read
		still=lambda name: bool(frappe.db.get_value("Issue", name, for_update=True)),
	)


def choices(customers: list[str]) -> dict[str, list[frappe._dict]]:
	"""What the form of a new request offers: customers, their service objects, and the urgencies, lowest first."""
	return {
		"customers": frappe.get_all(
			"Customer",
			filters={"name": ["in", customers or [""]]},
			fields=["name", "customer_name"],
			order_by="customer_name",
		),
		"objects": frappe.get_all(
			"Service Object",
			filters={"customer": ["in", customers or [""]], "enabled": 1},
			fields=["name", "object_name", "location", "customer"],
			order_by="object_name",
			limit=200,
		),
		"urgencies": frappe.get_all(
			"Service Urgency", fields=["name", "description"], order_by="`tabService Urgency`.`rank` asc, name asc"
		),
	}


def own_object(name: str, customers: list[str]) -> frappe._dict | None:
	"""An object that is in use and one of these customers', as the form of a new request offers it."""
	filters = {"name": cstr(name), "customer": ["in", customers or [""]], "enabled": 1}
	return frappe.db.get_value("Service Object", filters, ["name", "object_name", "location", "customer"], as_dict=True)


def add_information(issue: str, text: str, files: list[Any] | None = None) -> str:
	"""The customer adds fault information to an open request (6.3.j); returns the Communication.

	Staff who work on it are told (key point ops_information).
	"""
	_refuse_guest()
	user = frappe.session.user
	gates.refuse_staff(user)
	doc = answering.visible_issue(issue, user)
	if not cstr(text).strip() and not files:
		frappe.throw(_("There is nothing to send yet: write something, or choose a file."))
	# whoever waits for an answer may ask something before giving it: that is no answer, and no silence
	if doc.status not in ISSUE_OPEN and not acceptance.open_acceptance(doc.name):
		frappe.throw(
			_("{0} is closed. If it happened again, say so on its page: that makes a new request.").format(doc.name)
		)
	kept = uploads.check(files)
	return posted_once.only(
		"information",
		(doc.name, cstr(text).strip(), posted_once.fingerprints(files)),
		lambda: _keep_message(doc, text, kept, user),
		SAME_MESSAGE,
	)


def _keep_message(doc, text: str, kept: list[uploads.Upload], user: str) -> str:
	message = frappe.new_doc("Communication")
	message.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Other",
			"sent_or_received": "Received",
			"email_status": "Open",
			"status": "Linked",
			"subject": doc.subject,
			"sender": ownership.address_of(user),
			"sender_full_name": frappe.utils.get_fullname(user),
			"content": as_html(text),
			"reference_doctype": "Issue",
			"reference_name": doc.name,
			"has_attachment": 1 if kept else 0,
		}
	)
	message.insert(ignore_permissions=True)
	uploads.keep(kept, "Communication", message.name)
	if doc.status in ISSUE_OPEN:  # else it is told as a reply after the end (requests/message_hooks.py)
		notices.post("Issue", doc.name, "ops_information", {"by": frappe.utils.get_fullname(user)})
	return message.name


def _refuse_guest() -> None:
	if frappe.session.user == GUEST:
		raise frappe.PermissionError(_("Log in to do this."))


def as_html(text: str | None) -> str:
	"""What somebody typed, as paragraphs."""
	plain_text = cstr(text).strip()
	if len(plain_text) > TEXT_LENGTH:
		frappe.throw(_("The text is longer than {0} characters. Attach it as a file.").format(TEXT_LENGTH))
	return "".join(f"<p>{escape_html(line)}</p>" for line in plain_text.splitlines() if line.strip())
