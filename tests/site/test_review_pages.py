"""The customer's pages of reviews and signatures, as they are served (5.2.i, 6.4.b, 6.4.h, 6.5.c, 6.5.g)."""

import re

import factories
import frappe
import pytest
import reviewing
from test_portal import get, words
from test_review_signatures import w as signing_world

from ops_delivery.services.reviews import panel as review_panel
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import signatures

pytestmark = pytest.mark.clause("5.2.i")


@pytest.fixture(autouse=True)
def complete(monkeypatch):
	from ops_delivery.services.plans import completeness as plan_completeness

	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)


@pytest.fixture
def w():
	world = reviewing.in_customer_review(description="<p>Two <b>people</b><script>alert(1)</script></p>")
	world.review = reviewing.open_review(world.plan, reviewing.CUSTOMER)
	frappe.db.commit()
	return world


@pytest.mark.clause("6.4.h")
def test_the_list_shows_what_waits_and_to_nobody_else(w):
	status, html = get("/reviews", w.asker)
	assert status == 200 and w.plan.name in html and "Waiting for your decision" in html
	status, html = get("/reviews", w.stranger)
	assert status == 200 and w.plan.name not in html and "Nothing waits for you" in html
	assert (
		"see requests" in get("/reviews", w.author)[1] or "your customers see" in get("/reviews", w.author)[1]
	)
	assert get("/reviews", "Guest")[1].startswith("/login?redirect-to=")
	inside = frappe.db.get_value("Service Review", {"reference_name": w.plan.name, "party": "Internal"})
	for name in (inside, "REV-0000"):
		assert get(f"/reviews/{name}", w.asker)[0] == 403
	assert get(f"/reviews/{w.review}", w.stranger)[0] == 403


@pytest.mark.clause("6.5.g")
def test_the_customer_reads_and_decides_without_javascript(w):
	status, html = get(f"/reviews/{w.review}", w.asker)
	text = words(html)
	assert status == 200 and "Two people" in text and "<script>alert" not in html
	# what was said inside is not theirs to read
	assert "Fine" not in text and frappe.utils.get_fullname(w.reviewer) not in text
	status, html = get(f"/reviews/{w.review}", w.asker, "POST", {"decision": "Rejected", "opinion": " "})
	assert status == 417 and "what has to be changed" in html
	assert frappe.db.get_value("Service Review", w.review, "state") == "Open"
	form = {"decision": "Rejected", "opinion": "Three people <i>please</i>"}
	status, target = get(f"/reviews/{w.review}", w.asker, "POST", form)
	assert (status, target) == (303, f"/reviews/{w.review}?done=decided")
	html = get(target, w.asker)[1]
	assert "Three people &lt;i&gt;please" in html and 'name="decision"' not in html
	assert frappe.db.get_value("Service Review", w.review, "state") == "Rejected"
	status, html = get(f"/reviews/{w.review}", w.asker, "POST", {"decision": "Approved"})
	assert status == 409 and "does not wait" in html


def test_a_text_that_changed_is_said_to_have_changed(w):
	reviewing.customer_decides(w.plan, w.asker)
	reviewing.change(w.plan, w.author, description="Another text")
	assert "Replaced by a later text" in get(f"/reviews/{w.review}", w.asker)[1]
	assert reviewing.open_review(w.plan, reviewing.CUSTOMER)


def test_the_customer_signs_on_their_page(signing_world):  # noqa: F811
	w = signing_world
	frappe.db.commit()
	path = f"/reviews/sign/{w.doc.name}"
	assert path in get("/reviews", w.asker)[1]
	status, html = get(path, w.asker)
	assert status == 200
	content = re.search(r'name="content" value="(\w+)"', html).group(1)
	assert content == reviewed.content_hash(w.doc)
	form = {"signer_name": "Chen Jing", "signer_title": "CIO", "content": content}
	assert get(path, w.asker, "POST", form)[0] == 417  # not ticked
	assert get(path, w.stranger, "POST", {**form, "agreed": "1"})[0] == 403
	assert get(path, w.asker, "POST", {**form, "agreed": "1", "content": "old"})[0] == 417
	assert get(path, w.asker, "POST", {**form, "agreed": "1"})[0] == 303
	assert signatures.valid(w.doc)["Customer"].signer_title == "CIO"
	html = get(path, w.asker)[1]
	assert "Chen Jing, CIO" in words(html) and 'name="agreed"' not in html


def test_in_chinese(w):
	from ops_delivery.services.shared.locale import reading

	with reading("zh"):
		assert "评审" in words(get("/reviews", w.asker)[1])


# The panel on the desk


def test_the_panel_says_what_is_needed_given_and_missing(w):
	with reviewing.user(w.reviewer):
		facts = review_panel.panel("Delivery Plan", w.plan.name)
	inside, outside = facts["needs"]
	assert (inside["met"], inside["when"]) == (True, "passed")
	assert inside["approved_by"] == [frappe.utils.get_fullname(w.reviewer)]
	assert (outside["met"], outside["when"], outside["review"]) == (False, "next", w.review)
	assert facts["can"] == {"write": True, "request": False}
	row = next(row for row in facts["reviews"] if row["name"] == w.review)
	assert row["recordable"] and not row["decidable"]
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	with reviewing.user(auditor):
		assert review_panel.panel("Delivery Plan", w.plan.name)["can"] == {"write": False, "request": False}


def test_a_rule_is_tried_on_a_record(w):
	from ops_delivery.api import reviews as api

	rule = {"document_type": "Delivery Plan", "party": "Internal", "role": "Service Delivery Manager"}
	facts = api.try_rule(rule, w.plan.name)
	assert facts["applies"] and w.author in facts["authors"]
	assert {w.reviewer, w.other} <= {person["user"] for person in facts["people"]}
	assert api.try_rule({**rule, "condition": "doc.title == 'x'"}, w.plan.name)["applies"] is False
	assert "error" in api.try_rule({**rule, "condition": "doc.title > 5"}, w.plan.name)
