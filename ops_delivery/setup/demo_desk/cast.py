"""Who takes part in the demo: staff, customers with their portal users and objects, agreements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import frappe
from frappe.core.doctype.user import user
from frappe.utils import add_days, get_first_day, get_last_day, getdate, nowdate
from frappe.utils.password import update_password

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import agreement_life, data
from ops_delivery.setup.demo_desk.sign_off import sign_off


@dataclass
class Company:
	"""The names under which the cast stands on the site."""

	name: str
	contacts: dict[str, str] = field(default_factory=dict)  # e-mail -> Contact
	objects: dict[str, str] = field(default_factory=dict)  # key -> Service Object
	agreements: dict[str, str] = field(default_factory=dict)  # customer -> Service Agreement


def make(stage) -> Company:
	"""Insert the cast as of the stage's present and return the names."""
	company = Company(frappe.defaults.get_global_default("company"))
	with _mailbox_passwords_left_alone():
		for person in data.STAFF:
			_user(person, "System User", person["roles"])
		_once(
			"Email Account",
			{"email_account_name": "Service Desk"},
			email_id="servicedesk@harbour.example",
			enable_outgoing=1,
			default_outgoing=1,
			smtp_server="localhost",
			awaiting_password=1,
		)
		for name in data.CATEGORIES:
			_once("Issue Type", {"name": name})
		for customer in data.CUSTOMERS:
			_customer(customer, company)
	_outgoing_mail()
	for customer in data.CUSTOMERS:
		company.agreements[customer["name"]] = _agreement(stage, customer, company)
	return company


def new_version(stage, company: Company) -> None:
	"""A version that is signed and begins in the month after the demo's end, with a quicker first response."""
	customer = data.CUSTOMERS[1]
	draft = frappe.get_doc("Service Agreement", agreements.new_version(company.agreements[customer["name"]]))
	today = stage.now.astimezone(site_time.site_zone()).date()
	draft.start_date = get_first_day(stage.end.astimezone(site_time.site_zone()).date(), d_months=1)
	draft.end_date = add_days(draft.start_date, 364)
	draft.commitments_text = data.BETTER_COMMITMENTS
	draft.amendment_reason = data.WHY_AMENDED
	for row in draft.agreed_parts:
		row.agreed_on = today
	for row in draft.targets:
		if row.commitment == "First Response":
			row.target = max(900, row.target // 2)
	draft.save()
	sign_off(draft, reviewer=data.SENIOR_MANAGER, signer=data.MANAGER)


@contextmanager
def _mailbox_passwords_left_alone() -> Iterator[None]:
	"""With every user Frappe lists anew whose mailbox lacks a password, and empties the site's whole cache: seconds
	each. No demo user has a mailbox."""
	ask = user.ask_pass_update
	user.ask_pass_update = lambda: None
	try:
		yield
	finally:
		user.ask_pass_update = ask


def _user(person: dict, user_type: str, roles: list[str]) -> None:
	if frappe.db.exists("User", person["email"]):
		return
	frappe.get_doc(
		{
			"doctype": "User",
			"email": person["email"],
			"first_name": person["name"],
			"user_type": user_type,
			"language": person.get("language", "en"),
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
		}
	).insert()
	update_password(person["email"], data.PASSWORD)


def _outgoing_mail() -> None:
	"""An address to write from; the site is muted, so nothing is ever sent from it."""
	if not frappe.db.exists("Email Account", {"default_outgoing": 1}):
		_once(
			"Email Account",
			{"email_account_name": "Service Desk"},
			email_id="service@ops.example",
			enable_outgoing=1,
			default_outgoing=1,
			smtp_server="smtp.ops.example",
			awaiting_password=1,
		)


def _customer(customer: dict, company: Company) -> None:
	name = _once(
		"Customer",
		{"customer_name": customer["name"]},
		customer_type="Company",
		language=customer["language"],
	)
	doc = frappe.get_doc("Customer", name)
	for person in customer["people"]:
		_user({**person, "language": customer["language"]}, "Website User", ["Customer"])
		company.contacts[person["email"]] = _once(
			"Contact",
			{"user": person["email"]},
			first_name=person["name"],
			designation=person["post"],
			email_ids=[{"email_id": person["email"], "is_primary": 1}],
			phone_nos=[{"phone": person["phone"], "is_primary_mobile_no": 1}],
			links=[{"link_doctype": "Customer", "link_name": customer["name"]}],
		)
		if person["email"] not in {row.user for row in doc.portal_users}:
			doc.append("portal_users", {"user": person["email"]})
	doc.customer_primary_contact = company.contacts[customer["people"][0]["email"]]
	doc.save()
	for key, (name, importance, place) in customer["objects"].items():
		company.objects[key] = _once(
			"Service Object",
			{"customer": customer["name"], "object_name": name},
			kind="Other",
			importance=importance,
			location=place,
		)


def _agreement(stage, customer: dict, company: Company) -> str:
	terms = data.TERMS[customer["terms"]]
	start = stage.start.astimezone(site_time.site_zone()).date() - timedelta(days=5)
	there = frappe.db.exists("Service Agreement", {"customer": customer["name"], "docstatus": 1})
	if there:
		return there
	doc = frappe.get_doc(
		{
			"doctype": "Service Agreement",
			**agreement_life.content(customer, nowdate()),
			"title": customer["agreement"],
			"customer": customer["name"],
			"company": company.name,
			"start_date": start,
			"end_date": _year_later(start),
			"calendar": terms["calendar"],
			"priority_matrix": frappe.db.get_single_value("Ops Delivery Settings", "default_matrix"),
			"default_priority": "Medium",
			"escalation_policy": "Standard Escalation",
			"commitments_text": terms["text"],
			"covers_all_objects": 1,
			"allow_deemed_acceptance": int(customer["silence_counts"]),
			"deemed_after_days": 5,
			"deemed_notices": 2,
			"security_check_required": int(customer["around_the_clock"]),
			"targets": [
				{"commitment": commitment, "priority": priority, "target": seconds}
				for commitment, row in terms["targets"].items()
				for priority, seconds in zip(data.PRIORITIES, row, strict=True)
			],
			"objects": [{"service_object": company.objects[key]} for key in customer["objects"]],
			"channels": data.CHANNELS,
			"contacts": [
				*data.ESCALATION_PEOPLE,
				*(
					{"contact_role": "Customer Contact", "level": 1, "contact": company.contacts[p["email"]]}
					for p in customer["people"][:1]
				),
			],
		}
	).insert()
	return sign_off(doc, reviewer=data.SENIOR_MANAGER, signer=data.MANAGER).name


def _once(doctype: str, key: dict[str, str], **values) -> str:
	"""The record with these values of its key, made if it is not there."""
	there = frappe.db.exists(doctype, key)
	return there or frappe.get_doc({"doctype": doctype, **key, **values}).insert().name


def _year_later(start: date) -> date:
	return getdate(get_last_day(add_days(start, 365)))
