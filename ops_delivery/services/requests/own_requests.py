"""What the customer's side may do to an Issue on every way in: raise their own, and correct their own words (6.3.d, 6.3.j)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import ownership, switches
from ops_delivery.permissions.ownership import GUEST, is_staff, plain
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.requests import issue_state
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import issue_scope as ours

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
	"ops_follows",
}


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
	parties.find_sender(doc)


def on_trash(doc, _method: str | None = None) -> None:
	"""doc_events Issue.on_trash: a request is not the customer's to delete; it is evidence."""
	if not is_staff() and _is_guarded(doc, frappe.session.user):
		raise frappe.PermissionError(
			_("A request cannot be deleted. If it is settled, tell us so in the request {0}.").format(
				doc.name
			)
		)


def without_ours(values: Any) -> Any:
	"""An Issue as Frappe's own form of the website may send it: what we added to it is not for there."""
	shown = values.as_dict() if hasattr(values, "as_dict") else values
	return frappe._dict((key, value) for key, value in shown.items() if not key.startswith("ops_"))


def _is_guarded(doc, user: str) -> bool:
	"""Whether our rules hold for what this user of the customer's side does with an Issue: it is ours, or they have our
	portal. Otherwise ERPNext's own do."""
	return ownership.shown_to(user) or ours.is_ours(doc)


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
	if doc.ops_follows:
		answering.visible_issue(doc.ops_follows, user)
	if doc.ops_object:
		owner = frappe.db.get_value("Service Object", doc.ops_object, "customer")
		if not owner or owner != doc.customer:
			raise frappe.PermissionError(
				_("{0} is not one of your service objects.").format(escape_html(doc.ops_object))
			)
	answers = doc.flags.ops_answers
	if answers is None:  # a web form of the administrator's, or REST
		given = {name: doc.get(name) for name in asked_of_customers.asked()}
		answers = asked_of_customers.read(given, ownership.customers_of(user), demand=False)
		doc.update(answers)
	doc.status = issue_state.first_status() or "Open"
	for field in doc.meta.get_valid_columns():
		df = doc.meta.get_field(field)
		if df and field not in NEW_FIELDS and field not in answers:
			doc.set(field, asked_of_customers.default_of(df) if df.fieldtype != "Check" else 0)


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
