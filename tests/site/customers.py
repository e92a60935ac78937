"""A customer with people, an agreement and a resolved Issue, for the tests of the customer's side."""

from datetime import timedelta

import factories
import frappe
import scenario
from remembered import remembered

from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance

RESOLVED = scenario.MONDAY + timedelta(hours=3)


def portal_user(customer: str, sees_all: bool = False, **values):
	"""A website user who is only a contact of the customer, as most are."""
	user = factories.make_user(user_type="Website User", roles=["Customer"], **values)
	factories.make_contact(customer, email=user.name, user=user.name, ops_sees_all_requests=int(sees_all))
	return user.name


@remembered
def world(**agreement_values):
	"""customer, agreement, asker (raised it), colleague, stranger (of another customer), staff, issue (resolved)."""
	agreement = scenario.agreement(**agreement_values)
	asker, colleague = portal_user(agreement.customer), portal_user(agreement.customer)
	stranger = portal_user(factories.make_customer().name)
	issue = scenario.issue(agreement, raised_by=asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	issue = resolve(issue)
	return frappe._dict(
		customer=agreement.customer,
		agreement=agreement,
		asker=asker,
		colleague=colleague,
		stranger=stranger,
		issue=issue,
	)


def resolve(issue, moment=RESOLVED, **values):
	values = {"status": "Resolved", "resolution_details": "<p>Replaced the fan of switch 3.</p>", **values}
	return scenario.change(issue, moment, **values)


def open_one(issue) -> str:
	return acceptance.open_acceptance(issue.name)


def tell_all() -> dict:
	"""Work off the outbox and say that the mail server took every message."""
	counts = notices.deliver()
	frappe.db.set_value("Email Queue", {"status": "Not Sent"}, "status", "Sent", update_modified=False)
	return counts


def mails(reference: str, to: str | None = None) -> list[str]:
	"""The queued messages of a record, decoded, oldest first."""
	import email
	from email import policy

	queue, recipient = frappe.qb.DocType("Email Queue"), frappe.qb.DocType("Email Queue Recipient")
	query = (
		frappe.qb.from_(queue)
		.join(recipient)
		.on(recipient.parent == queue.name)
		.select(queue.message)
		.where(queue.reference_name == reference)
		.orderby(queue.creation)
	)
	if to:
		query = query.where(recipient.recipient == to)
	found = []
	for (message,) in query.run():
		parsed = email.message_from_string(message, policy=policy.default)
		body = parsed.get_body(("html",)).get_content()
		found.append(f"{parsed['subject']}\n{body}")
	return found
