"""A visit or session on its way: its people, and short names for the steps."""

import base64
import io

import customers
import factories
import frappe
from PIL import Image, ImageDraw
from reviewing import user

from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import signatures
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.visits import before_arrival, before_leaving, on_site
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import SESSION, SHEET
from ops_delivery.setup import seed_visits

PERSON = "Chen Jing"
START, END = "2026-03-02 09:00:00", "2026-03-02 11:00:00"


def templates() -> None:
	"""The seeded checklists, as far as the site has none."""
	for name, values in seed_visits.TEMPLATES.items():
		if not frappe.db.exists("Checklist Template", name):
			factories.make("Checklist Template", template_name=name, enabled=1, **values)


def world(doctype: str = SHEET, **values):
	"""customer, asker (their person), stranger, engineer, second, manager, visit (planned)."""
	templates()
	customer = values.pop("customer", None) or factories.make_customer().name
	w = frappe._dict(
		customer=customer,
		asker=customers.portal_user(customer),
		stranger=customers.portal_user(factories.make_customer().name),
		engineer=factories.make_user(roles=["Field Engineer"]).name,
		second=factories.make_user(roles=["Field Engineer"]).name,
		manager=factories.make_user(roles=["Service Delivery Manager"]).name,
	)
	with user(w.engineer):
		w.visit = plan(doctype, customer, owner_user=w.engineer, **values)
	return w


def plan(doctype: str, customer: str, **values):
	return frappe.get_doc(
		{
			"doctype": doctype,
			"title": factories.unique("Replace the core switch"),
			"customer": customer,
			"company": factories.company(),
			"work_content": "Replace the core switch",
			"risk": "Ordinary",
			"work_items": [{"work": "Swap the switch", "steps": "Off, out, in, on"}],
			**({"channel": "Remote Desktop"} if doctype == SESSION else {}),
			**values,
		}
	).insert()


def fresh(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def key(doc) -> tuple[str, str]:
	return doc.doctype, doc.name


def answer_stage(doc, *stages: str) -> None:
	for row in fresh(doc).answers:
		if row.stage in stages and row.required and not row.answer:
			value = "20" if row.answer_type == "Reading" else "Yes"
			visit_checklists.answer(*key(doc), row.name, value)


def prepared(w):
	with user(w.engineer):
		before_arrival.confirm_details(*key(w.visit), PERSON)
		answer_stage(w.visit, "Before")
		before_arrival.prepare(*key(w.visit))
	w.visit = fresh(w.visit)
	return w


def present(w, **device):
	prepared(w)
	with user(w.engineer):
		if w.visit.doctype == SHEET:
			before_arrival.depart(*key(w.visit))
		on_site.arrive(*key(w.visit), **device)
		on_site.confirm_arrival(*key(w.visit), PERSON)
	w.visit = fresh(w.visit)
	return w


def confirmed(w):
	present(w)
	with user(w.engineer):
		visit_work.confirm_work(*key(w.visit), PERSON)
	w.visit = fresh(w.visit)
	return w


def work_done(w):
	confirmed(w)
	with user(w.engineer):
		for row in w.visit.work_items:
			visit_work.start(*key(w.visit), row.name)
			visit_work.finish(*key(w.visit), row.name, "Runs")
		answer_stage(w.visit, "During")
		on_site.finish_work(*key(w.visit), "Job Done")
	w.visit = fresh(w.visit)
	return w


def signed(w):
	work_done(w)
	with user(w.engineer):
		answer_stage(w.visit, "Before Leaving")
		if w.visit.doctype == SHEET:
			before_leaving.sign(*key(w.visit), PERSON, drawing())
	w.visit = fresh(w.visit)
	return w


def left(w):
	signed(w)
	with user(w.engineer):
		before_leaving.leave(*key(w.visit), PERSON)
	w.visit = fresh(w.visit)
	return w


def over(w, **values):
	"""The visit as if it had been walked to its end, for what comes after it: no step is taken, so it costs little."""
	phase = "Left" if w.visit.doctype == SHEET else "Ended"
	frappe.db.set_value(*key(w.visit), {"status": phase, "arrived_on": START, "left_on": END, **values})
	w.visit = fresh(w.visit)
	return w


def drawing(kind: str = "PNG", size=(600, 200)) -> str:
	"""A signature as the device sends it."""
	picture = Image.new("RGB", size, "white")
	ImageDraw.Draw(picture).line([(20, 150), (200, 40), (400, 160)], fill="black", width=4)
	kept = io.BytesIO()
	picture.save(kept, kind)
	return f"data:image/{kind.lower()};base64,{base64.b64encode(kept.getvalue()).decode()}"


def contingency_reviews(doc) -> dict[str, str]:
	return {
		row.party: row.name
		for row in frappe.get_all(
			"Service Review",
			filters={"reference_name": doc.name, "state": "Open"},
			fields=["name", "party"],
			order_by="creation",
		)
	}


def approve_contingency(w, *parties: str) -> None:
	found = contingency_reviews(w.visit)
	for party in parties:
		if party == "Internal":
			with user(w.manager):
				review_answers.decide(found[party], "Approved", "Fine")
		else:
			with user(w.asker):
				review_answers.decide_on_portal(found[party], "Approved", "Good")


def signatures_valid(doc) -> bool:
	"""Whether the customer's signature holds for the sheet as it is now."""
	return bool(signatures.valid(fresh(doc))[signatures.CUSTOMER])
