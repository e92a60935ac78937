"""What holds of a complaint on every way in: form, list edit, import, API, portal, mail (5.4.d).

Phases, moments and answers are written by the steps in services.complaints.steps; a save by any other way keeps them, or is
refused. Who may handle one is decided in services.complaints.handlers, who may see one in permissions.confidential.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.domain import complaint as domain
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import is_staff, is_staff_address, plain
from ops_delivery.permissions.steps import OnlyBySteps
from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.complaints import handlers as complaint_handlers
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints.types import (
	ABOUT,
	BY_CUSTOMER,
	DOCTYPE,
	FINDINGS,
	MAIL,
	TEXTS,
	WORDS,
	handler_only,
	label,
	limited,
	not_future,
)
from ops_delivery.services.improvements.rules import as_plain
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import todos
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now


def before_validate(doc) -> None:
	"""Fill in what follows from the rest: channel, moments, the customer, the people who had a part in the matter."""
	if doc.is_new():
		complaint_intake.begin(doc)
	doc.raised_by = plain(doc.raised_by) or None
	if not doc.reference_name:
		doc.reference_doctype = None
	for row in doc.people:
		row.why = row.why or complaint_handlers.NAMED


def validate(doc) -> None:
	"""Refuse what skips a step, changes what was said or decided, or lets somebody decide who is not independent."""
	before = doc.get_doc_before_save()
	_check_texts(doc)
	_check_matter(doc, before)
	_keep_words(doc, before)
	_keep_findings(doc, before)
	_check_people(doc)
	if before and doc.status != before.status:
		with guard():
			domain.check_step(before.status, doc.status)
	if doc.handler and doc.status in domain.LIVE:
		complaint_handlers.check(doc, doc.handler)
	elif doc.handler and before and before.handler != doc.handler:
		frappe.throw(
			_("{0} is {1}; its handler stays on record.").format(doc.name, _(doc.status, context=DOCTYPE))
		)
	if not doc.handler and doc.status in (domain.INVESTIGATING, domain.TOLD):
		frappe.throw(
			_("{0}: somebody independent has to handle it. Choose one.").format(label(doc, "handler"))
		)
	if not before or before.handler != doc.handler:
		doc.handled_since = site_now() if doc.handler else None
	_check_words(doc)


def after_insert(doc) -> None:
	"""The complaint is on record: both sides are told."""
	notices.post(DOCTYPE, doc.name, "ops_complaint_received", new=True)


def on_update(doc) -> None:
	"""The handler has it on their list; people complained about have not."""
	before = doc.get_doc_before_save()
	accused = {row.user for row in doc.people}
	ended = doc.status in domain.ENDED
	moved = not before or before.handler != doc.handler
	for todo in frappe.get_all(
		"ToDo",
		filters={"reference_type": DOCTYPE, "reference_name": doc.name, "status": "Open"},
		fields=["name", "allocated_to"],
		order_by="name",
	):
		if (
			ended
			or todo.allocated_to in accused
			or (moved and before and todo.allocated_to == before.handler)
		):
			todos.close_one(todo.name)
	if doc.handler and not ended and moved:
		todos.give(doc, doc.handler, _("Complaint {0}").format(doc.name))  # its words are for who may read it


def on_trash(doc) -> None:
	"""A complaint is evidence; one entered by mistake is withdrawn."""
	frappe.throw(
		_(
			"{0} is evidence and cannot be deleted. If it was entered by mistake, withdraw it with a reason."
		).format(doc.name)
	)


def _check_words(doc) -> None:
	"""Who enters a complaint writes down what was said; a mail's words are taken from it once it is there."""
	if doc.is_new() and not cstr(doc.text).strip() and doc.channel != MAIL and not doc.flags.ops_mail:
		frappe.throw(
			_("{0}: write down what the customer said. A subject alone cannot be investigated.").format(
				label(doc, "text")
			),
			frappe.MandatoryError,
		)


def _check_texts(doc) -> None:
	if doc.flags.ops_mail:
		return
	for field in TEXTS:
		limited(cstr(doc.get(field)), _(doc.meta.get_label(field), context=DOCTYPE))


def _check_matter(doc, before) -> None:
	"""About what: a record of the customer's, of the kinds complaints are about."""
	if doc.reference_doctype and doc.reference_doctype not in ABOUT:
		frappe.throw(
			_("{0}: a complaint is about one of {1}, not about {2}.").format(
				label(doc, "reference_doctype"),
				", ".join(_(kind) for kind in ABOUT),
				escape_html(_(doc.reference_doctype)),
			)
		)
	for field in ("reference_name", "agreement", "service_object"):
		if not doc.get(field):
			continue
		doctype = doc.reference_doctype if field == "reference_name" else doc.meta.get_field(field).options
		owner = frappe.db.get_value(doctype, doc.get(field), "customer")
		if owner and doc.customer and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					label(doc, field),
					escape_html(doc.get(field)),
					escape_html(owner),
					escape_html(doc.customer),
				)
			)
	received = get_datetime(doc.received_on) if doc.received_on else None
	if received and (not before or not before.received_on or get_datetime(before.received_on) != received):
		doc.received_on = received = not_future(received)
	_check_before_request(doc, before, received)


def _check_before_request(doc, before, received) -> None:
	"""Nobody complains about a request before it was reported; a mail that is older than what it opened counts from then."""
	told = ("received_on", "reference_doctype", "reference_name")
	if doc.reference_doctype != "Issue" or not received or (before and all(doc.get(f) == before.get(f) for f in told)):
		return
	issue = frappe.db.get_value("Issue", doc.reference_name, ["opening_date", "opening_time", "creation"], as_dict=True)
	begun = min(filter(None, (issue and moments.reported(issue), issue and issue.creation)), default=None)
	if not begun or received >= begun.replace(second=0, microsecond=0):
		return
	if doc.flags.ops_mail:
		doc.received_on = begun
		return
	frappe.throw(
		_("{0}: {1} lies before {2}, when {3} was reported. Enter when the complaint came, or name no request.").format(
			label(doc, "received_on"),
			frappe.format(received, "Datetime"),
			frappe.format(begun, "Datetime"),
			escape_html(doc.reference_name),
		)
	)


def _keep_words(doc, before) -> None:
	"""What the customer said is theirs: from them as it came, from staff as it was acknowledged."""
	if not before or doc.flags.ops_mail:
		return
	fixed = before.status != domain.RECEIVED or before.channel in BY_CUSTOMER
	if fixed and before.anonymous and not doc.anonymous:
		frappe.throw(
			_("{0}: the customer was promised this, and it stays.").format(label(doc, "anonymous")),
			OnlyBySteps,
		)
	for field in WORDS if fixed else ():
		if before.get(field) and as_plain(doc, field, before.get(field)) != as_plain(
			doc, field, doc.get(field)
		):
			frappe.throw(
				_(
					"{0}: this is what the customer told us, and stays as it is. Note what you found in {1}."
				).format(label(doc, field), label(doc, "findings")),
				OnlyBySteps,
			)


def _keep_findings(doc, before) -> None:
	"""Findings and result are the handler's, and only while it is investigated."""
	if not before:
		if any(cstr(doc.get(field)).strip() for field in FINDINGS):
			frappe.throw(_("A new complaint has no findings yet."), OnlyBySteps)
		return
	changed = [field for field in FINDINGS if cstr(before.get(field)).strip() != cstr(doc.get(field)).strip()]
	if not changed or steps.is_taken(doc):
		return
	if before.status != domain.INVESTIGATING:
		frappe.throw(
			_("{0} is written while the complaint is {1}; it is {2}.").format(
				label(doc, changed[0]),
				_(domain.INVESTIGATING, context=DOCTYPE),
				_(before.status, context=DOCTYPE),
			),
			OnlyBySteps,
		)
	handler_only(before)


def _check_people(doc) -> None:
	users = [row.user for row in doc.people]
	for row in doc.people:
		if users.count(row.user) > 1:
			frappe.throw(
				_("People complained about: {0} is listed twice. Remove one row.").format(
					escape_html(row.user)
				)
			)
		if row.user and not is_staff(row.user):
			frappe.throw(
				_("People complained about, row {0}: {1} is not one of our staff.").format(
					row.idx, escape_html(row.user)
				)
			)
	if doc.raised_by and doc.channel != MAIL and is_staff_address(doc.raised_by):
		frappe.throw(
			_(
				"{0} {1} belongs to a colleague. Enter the address of the person at the customer, or leave it blank."
			).format(label(doc, "raised_by"), frappe.bold(escape_html(doc.raised_by)))
		)
