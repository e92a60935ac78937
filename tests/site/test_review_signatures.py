"""Both parties sign under one text; a changed text voids what was signed (5.2, 5.2.i)."""

import json

import api_calls
import customers
import factories
import frappe
import pytest
import reviewing
import scenario

from ops_delivery.permissions import steps
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import signatures, signing
from ops_delivery.services.shared.site_time import site_now

INSIDE, OUTSIDE = "Agreement: internal review", "Agreement: customer review"
PAPER = "/private/files/signed.pdf"
pytestmark = pytest.mark.clause("5.2.i")


@pytest.fixture
def w():
	"""An agreement in Signing, its reviews given."""
	customer = factories.make_customer().name
	w = frappe._dict(
		customer=customer,
		asker=customers.portal_user(customer),
		stranger=customers.portal_user(factories.make_customer().name),
		author=reviewing.manager(),
		reviewer=reviewing.manager(),
	)
	with reviewing.user(w.author):
		w.doc = scenario.agreement(customer, submit=False)
	w.doc = reviewing.act(w.doc, "Ask for Internal Review", w.author)
	reviewing.approve(w.doc, w.reviewer, INSIDE)
	w.doc = reviewing.act(w.doc, "Send to the Customer", w.author)
	reviewing.customer_decides(w.doc, w.asker, OUTSIDE)
	w.doc = reviewing.act(w.doc, "Ask for Signatures", w.author)
	return w


def customer_signs(w, **values):
	with reviewing.user(w.asker):
		return signing.on_portal(
			w.doc.doctype,
			w.doc.name,
			**{"signer_name": "Chen Jing", "content": reviewed.content_hash(w.doc), **values},
		)


def supplier_signs(w):
	with reviewing.user(w.author):
		return signing.for_supplier(w.doc.doctype, w.doc.name, "Head of Service")


def test_an_agreement_is_in_force_only_when_both_have_signed(w):
	assert frappe.db.exists(
		"Service Notice", {"reference_name": w.doc.name, "key_point": "ops_signature_requested"}
	)
	with pytest.raises(reviewed.ReviewMissing, match=r"signature of the .*Customer.* is missing"):
		reviewing.act(w.doc, "Put in Force", w.author)
	customer_signs(w)
	with pytest.raises(reviewed.ReviewMissing, match="Supplier"):
		frappe.get_doc(w.doc.doctype, w.doc.name).submit()
	supplier_signs(w)
	doc = reviewing.act(w.doc, "Put in Force", w.author)
	assert doc.docstatus == 1 and doc.status == "Active" and doc.workflow_state == "Active"
	row = signatures.valid(doc)["Customer"]
	assert (row.signer_name, row.channel, row.user, row.email) == ("Chen Jing", "Portal", w.asker, w.asker)
	assert row.content_hash == reviewed.content_hash(doc) and row.document_version == 1
	assert signatures.valid(doc)["Supplier"].signer_title == "Head of Service"


def test_a_changed_text_voids_the_signatures_visibly(w):
	name = customer_signs(w)
	supplier_signs(w)
	doc = reviewing.change(w.doc, w.author, payment_terms="10 days")
	row = frappe.db.get_value("Service Signature", name, ["state", "void_reason", "voided_on"], as_dict=True)
	assert row.state == "Void" and row.voided_on
	assert frappe.utils.get_fullname(w.author) in row.void_reason
	assert set(signatures.valid(doc).values()) == {None}
	with pytest.raises(reviewed.ReviewMissing, match="another text: sign again"):
		reviewing.act(doc, "Put in Force", w.author)
	reviewing.change(doc, w.author, payment_terms="30 days")  # back again: void is void
	assert frappe.db.get_value("Service Signature", name, "state") == "Void"


def test_nobody_signs_before_the_reviews_or_under_a_text_they_were_not_shown(w):
	draft = scenario.agreement(w.customer, submit=False)
	with reviewing.user(w.author), pytest.raises(frappe.ValidationError, match="before its reviews"):
		signing.for_supplier(draft.doctype, draft.name)
	shown = reviewed.content_hash(w.doc)
	w.doc = reviewing.change(w.doc, w.author, payment_terms="10 days")
	with pytest.raises(frappe.ValidationError, match="has changed since it was shown"):
		customer_signs(w, content=shown)
	with pytest.raises(frappe.ValidationError, match="Read the document"):
		customer_signs(w, content="")


def test_signing_is_offered_when_it_can_be_done(w):
	def wanted(doc) -> set[str]:
		answer = api_calls.post(w.author, "ops_delivery.api.reviews.panel", doctype=doc.doctype, name=doc.name)
		return {row["party"] for row in json.loads(answer.text)["message"]["signatures"] if row.get("wanted")}

	draft = scenario.agreement(w.customer, submit=False)
	assert wanted(draft) == set()
	assert wanted(w.doc) == {"Customer", "Supplier"}
	supplier_signs(w)
	assert wanted(w.doc) == {"Customer"}


def test_who_may_sign_for_whom(w):
	desk = factories.make_user(roles=["Service Desk"]).name
	with reviewing.user(desk):
		with pytest.raises(frappe.PermissionError):
			signing.for_supplier(w.doc.doctype, w.doc.name)
		with pytest.raises(frappe.PermissionError):
			signing.record(w.doc.doctype, w.doc.name, "Customer", "X", site_now(), PAPER)
		with pytest.raises(frappe.PermissionError):
			signing.on_portal(w.doc.doctype, w.doc.name, "X", content="x")
	with reviewing.user(w.stranger), pytest.raises(frappe.PermissionError, match="no document"):
		signing.on_portal(w.doc.doctype, w.doc.name, "X", content=reviewed.content_hash(w.doc))
	with reviewing.user(w.asker):
		with pytest.raises(frappe.PermissionError):
			signing.for_supplier(w.doc.doctype, w.doc.name)
		with pytest.raises(frappe.PermissionError):
			signing.record(w.doc.doctype, w.doc.name, "Supplier", "X", site_now(), PAPER)


def test_a_signature_on_paper_needs_the_paper_the_name_and_the_time(w):
	with reviewing.user(w.author):
		given = {"signer_name": "Chen Jing", "signed_on": site_now(), "attachment": PAPER}
		for missing in ("signer_name", "attachment"):
			with pytest.raises(frappe.ValidationError, match="is needed"):
				signing.record(w.doc.doctype, w.doc.name, "Customer", **{**given, missing: ""})
		future = frappe.utils.add_days(site_now(), 1)
		with pytest.raises(frappe.ValidationError, match="future"):
			signing.record(w.doc.doctype, w.doc.name, "Customer", **{**given, "signed_on": future})
		with pytest.raises(frappe.ValidationError, match="not a party"):
			signing.record(w.doc.doctype, w.doc.name, "Bank", **given)
		name = signing.record(w.doc.doctype, w.doc.name, "Customer", **given)
	row = frappe.get_doc("Service Signature", name)
	assert (row.channel, row.attachment, row.recorded_by) == ("Recorded by Staff", PAPER, w.author)
	with pytest.raises(frappe.ValidationError, match="signed for this party already"):
		customer_signs(w)


def test_signatures_are_evidence(w):
	name = customer_signs(w)
	doc = frappe.get_doc("Service Signature", name)
	doc.signer_name = "Somebody Else"
	with pytest.raises(steps.OnlyBySteps, match="Use Sign on the document itself"):
		doc.save(ignore_permissions=True)
	with pytest.raises(frappe.ValidationError, match="kept as evidence"):
		frappe.delete_doc("Service Signature", name, ignore_permissions=True, force=True)
	with pytest.raises(steps.OnlyBySteps, match="Use Sign on the document itself"):
		factories.make(
			"Service Signature",
			reference_doctype=w.doc.doctype,
			reference_name=w.doc.name,
			party="Supplier",
			signer_name="X",
			signed_on=site_now(),
			channel="Desk",
			content_hash=reviewed.content_hash(w.doc),
		)


def test_submission_round_the_workflow_needs_them_as_well(w):
	draft = scenario.agreement(w.customer, submit=False)
	for way in (
		lambda: frappe.get_doc(draft.doctype, draft.name).submit(),
		lambda: frappe.call("frappe.client.submit", doc=frappe.get_doc(draft.doctype, draft.name).as_json()),
		lambda: frappe.get_doc({**draft.as_dict(), "name": None, "docstatus": 1}).insert(),
	):
		with pytest.raises((reviewed.ReviewMissing, frappe.ValidationError, frappe.PermissionError)):
			way()
	assert frappe.db.get_value(draft.doctype, draft.name, "docstatus") == 0
	workflow = frappe.get_doc("Workflow", draft.doctype)
	workflow.is_active = 0
	workflow.save()
	with pytest.raises(reviewed.ReviewMissing):
		frappe.get_doc(draft.doctype, draft.name).submit()


def test_an_amended_version_is_reviewed_and_signed_anew(w):
	customer_signs(w)
	supplier_signs(w)
	doc = reviewing.act(w.doc, "Put in Force", w.author)
	amended = frappe.copy_doc(doc, ignore_no_copy=False)
	amended.update({"amended_from": None, "previous_version": doc.name, "docstatus": 0})
	for part in (amended, *amended.get_all_children()):
		part.docstatus = 0
	steps.take(amended).insert()
	assert amended.status == "Draft"
	with pytest.raises((reviewed.ReviewMissing, frappe.ValidationError)):
		amended.submit()
	assert len([row for row in signatures.valid(amended).values() if row]) == 0
