"""Records for tests, each with a name of its own. Fields can be set by keyword."""

import itertools
import secrets
from string import ascii_lowercase, digits
from unittest.mock import patch

import frappe

_numbers = itertools.count(1)
# a digit, a letter, a digit …: two letters together would be an English word on a Chinese page, many digits a telephone
_run = "".join(secrets.choice(of) for of in (digits, ascii_lowercase) * 3)


def unique(text: str) -> str:
	return f"{text} {_run}-{next(_numbers):05d}"


def unique_email(local_part: str) -> str:
	return f"{local_part}-{_run}-{next(_numbers):05d}@example.com"


def company() -> str:
	return frappe.defaults.get_global_default("company")


def make(doctype: str, **values):
	"""Insert a document, whatever the current user may do."""
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def make_user(email: str | None = None, roles=(), user_type: str = "System User", **values):
	"""A system user always has a role with desk access: Frappe makes one without a website user."""
	roles = list(roles)
	if user_type == "System User" and not any(
		frappe.db.get_value("Role", role, "desk_access") for role in roles
	):
		roles.append("Employee")
	# Frappe notes with each user who still needs a mailbox password, and drops the whole cache with it
	with patch("frappe.core.doctype.user.user.ask_pass_update"):
		return make(
			"User",
			email=email or unique_email("user"),
			first_name=values.pop("first_name", unique("User")),
			user_type=user_type,
			send_welcome_email=0,
			roles=[{"role": role} for role in roles],
			**values,
		)


def make_customer(**values):
	return make("Customer", **{"customer_name": unique("Customer"), "customer_type": "Company", **values})


def make_contact(customer: str, email: str | None = None, **values):
	return make(
		"Contact",
		first_name=values.pop("first_name", unique("Contact")),
		email_ids=[{"email_id": email or unique_email("contact"), "is_primary": 1}],
		links=[{"link_doctype": "Customer", "link_name": customer}],
		**values,
	)


def make_portal_user(customer: str, **values):
	"""A website user who is a contact of the customer and one of its portal users."""
	user = make_user(user_type="Website User", roles=["Customer"], **values)
	make_contact(customer, email=user.name, user=user.name)
	document = frappe.get_doc("Customer", customer)
	document.append("portal_users", {"user": user.name})
	document.save(ignore_permissions=True)
	return user


def make_employee(user: str | None = None, **values):
	return make(
		"Employee",
		**{
			"first_name": unique("Employee"),
			"company": company(),
			"gender": "Female",
			"date_of_birth": "1990-05-01",
			"date_of_joining": "2020-01-01",
			"status": "Active",
			"user_id": user,
			"create_user_permission": 0,
			**values,
		},
	)


def make_issue(customer: str | None = None, **values):
	return make("Issue", **{"subject": unique("Issue"), "customer": customer, "company": company(), **values})


def make_email_account(**values):
	"""A default outgoing account, so that mail can be queued; nothing is ever sent from a test."""
	name = unique("Outgoing")
	return make(
		"Email Account",
		**{
			"email_account_name": name,
			"email_id": unique_email("desk"),
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "smtp.example.com",
			"awaiting_password": 1,
			**values,
		},
	)
