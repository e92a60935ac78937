"""Every paper of ours as its customer gets it: by the portal's own address, whole, and with nothing that is the
supplier's alone (5.2, 5.2.i)."""

import customers
import frappe
import papers
import pytest
import wire
from papers import PAPERS, SECRET, WORDS

from ops_delivery.services.portal import documents as portal_documents

pytestmark = pytest.mark.committed


@pytest.fixture
def w(site):
	w = customers.world()
	for name in (w.asker, w.stranger):
		frappe.utils.password.update_password(name, wire.PASSWORD)
	frappe.db.commit()
	return w


@pytest.mark.clause("5.2.i")
@pytest.mark.parametrize("kind", PAPERS)
def test_the_customer_opens_the_pdf_of_what_is_theirs(w, site, kind):
	doc = PAPERS[kind](w)
	if doc.status not in portal_documents._shown(doc.doctype):
		papers.shown(w, doc, status=portal_documents._shown(doc.doctype)[0])
	customer, stranger = wire.Visitor(site, w.asker), wire.Visitor(site, w.stranger)
	answer = customer.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name)
	assert answer.status == 200, answer.text[:400]
	assert answer.headers["Content-Type"] == "application/pdf"
	text = papers.text_of(answer.content)
	assert doc.name in text
	assert SECRET not in text and "98,765" not in text and "98765" not in text
	assert stranger.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name).refused
	page = customer.ask("GET", f"/agreements/{doc.name}")
	assert page.status == 200 and SECRET not in page.text and "98,765" not in page.text
	assert "Printed" in page.text or "Times as in" in page.text  # the paper, and no list of fields in its place


def test_costs_and_competence_stand_in_our_own_print(w):
	doc = papers.delivery_plan(w)
	ours = portal_documents.documents.html(doc, frappe.get_meta(doc.doctype).default_print_format)
	assert SECRET in ours and "98,765" in ours


def test_a_paper_that_cannot_be_made_is_said_and_nothing_else_is_shown(w, site, monkeypatch):
	doc = papers.delivery_plan(w)
	monkeypatch.setattr(portal_documents.documents, "html", broken)
	customer = wire.Visitor(site, w.asker)
	page = customer.ask("GET", f"/agreements/{doc.name}")
	assert "cannot be shown just now" in page.text and WORDS not in page.text
	assert SECRET not in page.text and "Traceback" not in page.text
	monkeypatch.undo()
	assert WORDS in customer.ask("GET", f"/agreements/{doc.name}").text


def broken(*_args, **_kwargs):
	raise RuntimeError(SECRET)
