"""What reaches us from the customer's side: new requests, fault information, and what may not be done (6.3.d, 6.3.j).

A web form and the portal insert with permissions ignored, so the rules of ownership stand here, on the Issue itself.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cint, cstr, escape_html

from ops_delivery.permissions import ownership, switches
from ops_delivery.permissions.ownership import GUEST, is_staff, plain
from ops_delivery.services import answering, notices, ours, parties

TELL_MORE = ("Open", "Replied", "On Hold")
CHANGEABLE = frozenset({"subject", "description", "attachment"})
NEW_FIELDS = CHANGEABLE | {
	"customer",
	"raised_by",
	"contact",
	"company",
	"ops_object",
	"via_customer_portal",
	"naming_series",
	"status",
	"opening_date",
	"opening_time",
	"ops_channel",
	"ops_customer_urgency",
}
SUBJECT_LENGTH = 140
TEXT_LENGTH = 20000
MOST_FILES = 5
MORE_PICTURES = ("image/gif", "image/webp", "image/heic")
ENDINGS = tuple("png jpg jpeg gif webp heic pdf doc docx xls xlsx odt ods txt log mov mp4".split())
SENT_ONCE = 86400  # seconds for which a form that is sent again finds the request it made


def before_validate(doc, _method: str | None = None) -> None:
	"""doc_events Issue.before_validate: the rules of ownership for the customer's side, and whom we tell."""
	user = frappe.session.user
	if doc.raised_by and "<" in doc.raised_by:
		doc.raised_by = plain(doc.raised_by)
	if not is_staff(user) and not doc.flags.ops_acceptance:
		if not _is_guarded(doc, user):
			_keep_ours(doc)
		elif doc.is_new():
			_own(doc, user)
		else:
			_keep_to_own_words(doc, user)


def on_trash(doc, _method: str | None = None) -> None:
	"""doc_events Issue.on_trash: a request is not the customer's to delete; it is evidence."""
	if not is_staff() and _is_guarded(doc, frappe.session.user):
		raise frappe.PermissionError(
			_("A request cannot be deleted. If it is settled, tell us so in the request {0}.").format(
				doc.name
			)
		)


def raise_request(
	subject: str,
	description: str,
	customer: str | None = None,
	service_object: str | None = None,
	files: list[Any] | None = None,
	urgency: str | None = None,
	once: str = "",
) -> str:
	"""A customer's user raises a request on the portal; returns the Issue. Files are uploads (werkzeug).

	`urgency`: how urgent the customer finds it; staff judge. `once`: a value the form was given; the same form sent
	twice (a lost connection, a second tap) makes one request.
	"""
	_refuse_guest()
	answering.refuse_staff(frappe.session.user)
	key = _once_key(once, subject, description, customer, service_object) if once else ""
	if key and (made := frappe.cache.get_value(key)) and frappe.db.exists("Issue", made):
		return made
	if not cstr(subject).strip():
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
	_check_files(files)
	doc = frappe.new_doc("Issue")
	doc.update(
		{
			"subject": cstr(subject).strip(),
			"description": _as_html(description),
			"customer": customer or None,
			"ops_object": service_object or None,
			"ops_customer_urgency": urgency or None,
			"via_customer_portal": 1,
		}
	)
	doc.insert(ignore_permissions=True)
	_keep_files(files, "Issue", doc.name)
	name = doc.name
	if key:
		frappe.db.after_commit.add(lambda: frappe.cache.set_value(key, name, expires_in_sec=SENT_ONCE))
	return name


def _once_key(*sent: Any) -> str:
	"""Of one form, one user and one content: a form that is sent again with other words is another request."""
	digest = hashlib.sha256(json.dumps([cstr(part) for part in sent]).encode()).hexdigest()
	return f"ops_request_once:{frappe.session.user}:{digest}"


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


def file_limits() -> dict[str, Any]:
	"""What may be sent, for the pages to say before somebody chooses: {most, megabytes, accept}."""
	from frappe.core.api.file import get_max_file_size

	whole = cint(frappe.conf.get("max_file_size")) or 25 * 1048576  # of one request, all files together
	return {
		"most": MOST_FILES,
		"megabytes": min(whole, get_max_file_size()) // 1048576,
		"accept": ",".join(f".{ending}" for ending in ENDINGS),
	}


def add_information(issue: str, text: str, files: list[Any] | None = None) -> str:
	"""The customer adds fault information to an open request (6.3.j); returns the Communication.

	Staff who work on it are told (key point ops_information).
	"""
	_refuse_guest()
	user = frappe.session.user
	answering.refuse_staff(user)
	doc = answering.visible_issue(issue, user)
	if not cstr(text).strip() and not files:
		frappe.throw(_("There is nothing to send yet: write something, or choose a file."))
	if doc.status not in TELL_MORE:
		frappe.throw(
			_("{0} waits for your answer: accept the result, or reject it and say what is missing.").format(
				doc.name
			)
			if doc.status == "Resolved"
			else _("{0} is closed. Raise a new request and mention this number.").format(doc.name)
		)
	_check_files(files)
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
			"content": _as_html(text),
			"reference_doctype": "Issue",
			"reference_name": doc.name,
			"has_attachment": 1 if files else 0,
		}
	)
	message.insert(ignore_permissions=True)
	_keep_files(files, "Communication", message.name)
	notices.post("Issue", doc.name, "ops_information", {"by": frappe.utils.get_fullname(user)})
	return message.name


def without_ours(values: Any) -> Any:
	"""An Issue as Frappe's own form of the website may send it: what we added to it is not for there."""
	shown = values.as_dict() if hasattr(values, "as_dict") else values
	return frappe._dict((key, value) for key, value in shown.items() if not key.startswith("ops_"))


def _is_guarded(doc, user: str) -> bool:
	"""Whether our rules hold for what this user of the customer's side does with an Issue: it is ours, or they have our
	portal. Otherwise ERPNext's own do."""
	return switches.shown_to(user) or ours.is_ours(doc)


def _keep_ours(doc) -> None:
	"""ERPNext's own doors to an Issue open none to our fields, but for those that a report may fill."""
	ours_alone = [
		df
		for df in doc.meta.fields
		if df.fieldname.startswith("ops_") and df.fieldname not in NEW_FIELDS and df.fieldtype not in no_value_fields
	]
	stored = None
	if not doc.is_new() and (switches.now().measuring or any(doc.get(df.fieldname) for df in ours_alone)):
		stored = frappe.db.get_value("Issue", doc.name, [df.fieldname for df in ours_alone], as_dict=True)
	for df in ours_alone:
		given = stored.get(df.fieldname) if stored else (0 if df.fieldtype in ("Check", "Int") else None)
		if cstr(doc.get(df.fieldname)) != cstr(given):
			doc.set(df.fieldname, given)


def _own(doc, user: str) -> None:
	"""A new request from the customer's side is the user's own, for one of their customers, and says nothing that is
	staff's to say."""
	if user == GUEST:
		doc.customer = doc.contact = None
	else:
		customers = ownership.customers_of(user)
		if doc.customer and doc.customer not in customers:
			raise frappe.PermissionError(
				_("You cannot raise a request for {0}: you are not one of its contacts.").format(
					escape_html(doc.customer)
				)
			)
		doc.raised_by = ownership.address_of(user)
		doc.customer = doc.customer or parties.customer_for(user)
		doc.via_customer_portal = 1
		doc.ops_channel = "Portal"
	if doc.ops_object:
		owner = frappe.db.get_value("Service Object", doc.ops_object, "customer")
		if not owner or owner != doc.customer:
			raise frappe.PermissionError(
				_("{0} is not one of your service objects.").format(escape_html(doc.ops_object))
			)
	doc.status = "Open"
	for field in doc.meta.get_valid_columns():
		df = doc.meta.get_field(field)
		if df and field not in NEW_FIELDS:
			doc.set(field, df.default if df.fieldtype != "Check" else 0)


def _keep_to_own_words(doc, user: str) -> None:
	"""The customer's side may correct its own words until the report is judged, and nothing else by saving it."""
	stored = frappe.get_doc("Issue", doc.name)
	if user == GUEST or not ownership.may_see(stored, user):
		raise frappe.PermissionError(_("There is no request {0} that you can see.").format(doc.name))
	changed = {
		field
		for field in doc.meta.get_valid_columns()
		if doc.meta.get_field(field) and cstr(doc.get(field)) != cstr(stored.get(field))
	}
	if changed - CHANGEABLE or (changed and (stored.get("ops_validity") or stored.status != "Open")):
		frappe.throw(
			_(
				"{0} is in our hands now. Add what you want to tell us to the request, or answer for its result."
			).format(doc.name),
			frappe.PermissionError,
		)


def _refuse_guest() -> None:
	if frappe.session.user == GUEST:
		raise frappe.PermissionError(_("Log in to do this."))


def _as_html(text: str | None) -> str:
	plain_text = cstr(text).strip()
	if len(plain_text) > TEXT_LENGTH:
		frappe.throw(_("The text is longer than {0} characters. Attach it as a file.").format(TEXT_LENGTH))
	return "".join(f"<p>{escape_html(line)}</p>" for line in plain_text.splitlines() if line.strip())


def _check_files(files: list[Any] | None) -> None:
	from frappe.core.api.file import get_max_file_size
	from frappe.handler import ALLOWED_MIMETYPES

	files = files or []
	if len(files) > MOST_FILES:
		frappe.throw(_("At most {0} files can be sent at once.").format(MOST_FILES))
	for upload in files:
		name = escape_html(upload.filename)
		ending = cstr(upload.filename).rpartition(".")[2].lower()
		if upload.mimetype not in (*ALLOWED_MIMETYPES, *MORE_PICTURES) or ending not in ENDINGS:
			frappe.throw(
				_("{0} is not a kind of file we take. Send pictures, PDF, text or office files.").format(name)
			)
		upload.stream.seek(0, 2)
		size = upload.stream.tell()
		upload.stream.seek(0)
		if size > get_max_file_size():
			frappe.throw(
				_("{0} is larger than {1} MB. Send a smaller one.").format(
					name, get_max_file_size() // 1048576
				)
			)


def _keep_files(files: list[Any] | None, doctype: str, name: str) -> None:
	for upload in files or []:
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": upload.filename,
				"attached_to_doctype": doctype,
				"attached_to_name": name,
				"is_private": 1,
				"content": upload.stream.read(),
			}
		).insert(ignore_permissions=True)
