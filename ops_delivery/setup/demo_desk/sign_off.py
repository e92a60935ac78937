"""Both parties agree to an agreement at once: its reviews, its signatures, its submission. For the demo and for tests.

Everything goes through the services; only the phases on the way to signing are passed at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import requesting, signatures, signing
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.rules import CUSTOMER
from ops_delivery.services.reviews.signatures import PORTAL, RECORDED

PAPER = "/private/files/signed-agreement.pdf"


def sign_off(doc, submit: bool = True, reviewer: str = "", signer: str = ""):
	"""Give a draft agreement the reviews and signatures it lacks, and submit it; returns it.

	`reviewer` reviews and `signer` signs for the supplier; without them whoever may, and the session's user.
	"""
	doc.flags.ignore_permissions = True
	person = _person_of(doc)
	for need in reviews.missing(doc, "Active"):
		if need.rule:
			_review(doc, need.rule, person, reviewer)
	reviewed.enter(doc, "Signing")
	for party, row in signatures.valid(doc).items():
		if row is None and party == signatures.CUSTOMER:
			channel = {"channel": PORTAL, "user": person.user} if person.user else {"channel": RECORDED}
			signing.sign(
				doc.doctype,
				doc.name,
				party,
				person.full_name,
				attachment=None if person.user else PAPER,
				**channel,
			)
		elif row is None:
			with _as(signer or frappe.session.user):
				signing.sign(doc.doctype, doc.name, party)
	if submit:
		doc.submit()
	return doc


@contextmanager
def _as(user: str) -> Iterator[None]:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def _review(doc, rule, person, reviewer: str) -> None:
	review = requesting.open_one(doc, rule)
	if rule.party == CUSTOMER:
		review_answers.decide(
			review.name,
			"Approved",
			on_behalf={
				"user": person.user,
				"name": person.full_name,
				"email": person.email,
				"channel": PORTAL if person.user else RECORDED,
				"decided_on": reviews.now(),
				"how": "",
				**({} if person.user else {"how": "On paper", "recorded_by": frappe.session.user}),
			},
		)
		return
	asked = sorted((row.user for row in review.participants), key=lambda user: user != reviewer)
	for user in asked[: review.approvals]:
		with _as(user):
			review_answers.decide(review.name, "Approved")


def _person_of(doc) -> frappe._dict:
	"""The customer's person; a customer that has nobody yet gets a contact."""
	rule = frappe._dict(party=CUSTOMER)
	if not (found := review_people.people(rule, doc)):
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": doc.customer_name or doc.customer,
				"links": [{"link_doctype": "Customer", "link_name": doc.customer}],
			}
		).insert(ignore_permissions=True)
		found = review_people.people(rule, doc)
	return frappe._dict(found[0])
