"""Every paper of ours as its customer gets it: by the portal's own address, whole, and with nothing that is the
supplier's alone (5.2, 5.2.i)."""

import io

import consulting_scene
import customers
import frappe
import planning
import plans
import pytest
import wire
from pypdf import PdfReader

from ops_delivery.services import portal_documents

pytestmark = pytest.mark.committed
SECRET = "Zebramargin"  # stands wherever the supplier keeps something to themselves
WORDS = "Kaleidoscope"  # stands in what was agreed


@pytest.fixture
def w(site):
	w = customers.world()
	for name in (w.asker, w.stranger):
		frappe.utils.password.update_password(name, wire.PASSWORD)
	frappe.db.commit()
	return w


def shown(w, doc, **values):
	"""The document as one that is settled with the customer, with the values planted past its rules."""
	doc = frappe.get_doc(doc.doctype, doc.name)
	doc.update({"customer": w.customer, **values})
	doc.flags.ignore_validate = doc.flags.ignore_links = doc.flags.ignore_mandatory = True
	doc.db_update()
	for row in doc.get_all_children():
		if row.is_new() or not frappe.db.exists(row.doctype, row.name):
			row.db_insert()
	frappe.db.commit()
	return doc


def agreement(w):
	return frappe.get_doc("Service Agreement", w.agreement.name)


def delivery_plan(w):
	doc = planning.plan(customer=w.customer, description=f"<p>{WORDS}</p>")
	doc.append("funds", {"kind": "Cost", "item": SECRET, "planned_amount": 98765, "source": SECRET})
	doc.append(
		"staff",
		{
			"role": "Lead",
			"kind": "Manager",
			"person_name": "Chen Jing",
			"competence_held": SECRET,
			"gap": SECRET,
		},
	)
	doc.append("documents", {"kind": "Operation Manual", "title": "Handbook", "link": f"https://{SECRET}.example"})
	doc.flags.ignore_mandatory = True
	doc.save()
	return shown(w, doc, status="Approved")


def optimization_plan(w):
	doc = frappe.get_doc(plans.proposal(customer=w.customer)).insert()
	return shown(w, doc, status="Implementation Approved", actual_cost=98765)


def consulting_plan(w):
	return shown(w, consulting_scene.plan(customer=w.customer), status="Approved")


def consulting_report(w):
	doc = frappe.new_doc("Consulting Report")
	doc.update({"name": frappe.generate_hash(length=10), "title": "Backups", "summary": f"<p>{WORDS}</p>"})
	doc.db_insert()
	return shown(w, doc, status="Issued")


PAPERS = {
	"agreement": agreement,
	"delivery plan": delivery_plan,
	"optimization plan": optimization_plan,
	"consulting plan": consulting_plan,
	"consulting report": consulting_report,
}


@pytest.mark.clause("5.2.i")
@pytest.mark.parametrize("kind", PAPERS)
def test_the_customer_opens_the_pdf_of_what_is_theirs(w, site, kind):
	doc = PAPERS[kind](w)
	if doc.status not in portal_documents._shown(doc.doctype):
		shown(w, doc, status=portal_documents._shown(doc.doctype)[0])
	customer, stranger = wire.Visitor(site, w.asker), wire.Visitor(site, w.stranger)
	answer = customer.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name)
	assert answer.status == 200, answer.text[:400]
	assert answer.headers["Content-Type"] == "application/pdf"
	text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
	assert doc.name in text
	assert SECRET not in text and "98,765" not in text and "98765" not in text
	assert stranger.call("ops_delivery.api.portal.document_pdf", "GET", name=doc.name).refused
	page = customer.ask("GET", f"/agreements/{doc.name}")
	assert page.status == 200 and SECRET not in page.text and "98,765" not in page.text
	assert "Printed" in page.text or "Times as in" in page.text  # the paper, and no list of fields in its place


def test_costs_and_competence_stand_in_our_own_print(w):
	doc = delivery_plan(w)
	ours = portal_documents.documents.html(doc, frappe.get_meta(doc.doctype).default_print_format)
	assert SECRET in ours and "98,765" in ours


def test_a_paper_that_cannot_be_made_is_said_and_nothing_else_is_shown(w, site, monkeypatch):
	doc = delivery_plan(w)
	monkeypatch.setattr(portal_documents.documents, "html", broken)
	customer = wire.Visitor(site, w.asker)
	page = customer.ask("GET", f"/agreements/{doc.name}")
	assert "cannot be shown just now" in page.text and WORDS not in page.text
	assert SECRET not in page.text and "Traceback" not in page.text
	monkeypatch.undo()
	assert WORDS in customer.ask("GET", f"/agreements/{doc.name}").text


def broken(*_args, **_kwargs):
	raise RuntimeError(SECRET)
