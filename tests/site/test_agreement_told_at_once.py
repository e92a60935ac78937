"""An agreement is told everything before its first review; what touches no promise voids nothing (5.2.i, 6.3.c).

Over HTTP, as the service delivery managers and the customer's person who do it.
"""

import json

import customers
import desk_door
import factories
import frappe
import pytest
import reviewing
from frappe.utils import nowdate, strip_html

from ops_delivery.patches import keep_what_signatures_cover
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import signatures, signing

INSIDE, OUTSIDE = "Agreement: internal review", "Agreement: customer review"
pytestmark = pytest.mark.clause("5.2.i", "6.3.c")


class Walk:
	"""Two managers, a customer, and a draft made from a shipped template."""

	def __init__(self):
		self.customer = factories.make_customer().name
		self.asker = customers.portal_user(self.customer)
		self.author, self.reviewer = (desk_door.Desk("Service Delivery Manager") for _ in "ab")
		self.expert = factories.make_user(roles=["Technical Expert"]).name
		template = frappe.get_all(
			"Service Agreement Template", filters={"language": "en", "enabled": 1}, pluck="name", order_by="name"
		)[0]
		answer = self.author.call(
			"ops_delivery.api.agreements.from_template",
			template=template,
			customer=self.customer,
			company=factories.company(),
			start_date=nowdate(),
		)
		self.name = json.loads(answer.text)["message"]

	@property
	def doc(self):
		return frappe.get_doc("Service Agreement", self.name)

	def save(self, **values):
		return self.author.save(self.doc, **values)

	def act(self, action):
		return self.author.call(
			"frappe.model.workflow.apply_workflow", doc=frappe.as_json(self.doc.as_dict()), action=action
		)

	def fill(self):
		"""What the template leaves open, as the form would send it."""
		doc = self.doc.as_dict()
		for row in doc["channels"]:
			row.update({key: "400-000-0000" for key, value in row.items() if value == "[…]"})
		doc["contacts"] += [
			{"doctype": "Service Agreement Contact", "contact_role": role, "level": 1, "user": user}
			for role, user in (("Escalation Manager", self.author.user), ("Senior Expert", self.expert))
		]
		for row in doc["agreed_parts"]:
			row.update({"agreed_by": "Chen Jing", "agreed_on": nowdate(), "how": "Meeting"})
		answer = self.author.save(doc, fee=120000, complaint_channel="400-000-0001")
		assert answer.status == 200, answer.text

	def reviewed(self):
		self.fill()
		assert self.act("Ask for Internal Review").status == 200
		review = reviewing.open_review(self.doc, INSIDE)
		decided = {"review": review, "decision": "Approved", "opinion": "Fine"}
		assert self.reviewer.call("ops_delivery.api.reviews.decide", **decided).status == 200
		assert self.act("Send to the Customer").status == 200
		reviewing.customer_decides(self.doc, self.asker, OUTSIDE)
		assert self.act("Ask for Signatures").status == 200

	def signed(self):
		self.reviewed()
		content = reviewed.content_hash(self.doc)
		answer = self.author.call(
			"ops_delivery.api.reviews.sign", doctype="Service Agreement", name=self.name, signer_title="Head", content=content
		)
		assert answer.status == 200, answer.text
		with reviewing.user(self.asker):
			signing.on_portal("Service Agreement", self.name, signer_name="Chen Jing", content=content)

	def parts(self):
		return {row.part: row.state for row in self.doc.agreed_parts}


@pytest.fixture
def walk():
	return Walk()


def test_everything_is_told_before_the_first_review_and_nothing_after_it(walk):
	answer = walk.act("Ask for Internal Review")
	assert answer.status == 417 and walk.doc.status == "Draft"
	text = strip_html(desk_door.said(answer).replace("<li>", "\n"))
	for part in ("Levels and Escalation", "Timetable", "Staffing"):
		assert f"({part}): enter who agreed for the customer and when, or remove the row" in text
	for part in ("Escalation Manager", "Senior Expert"):
		assert f"escalates to {part}, level 1 or lower, but the agreement names none. Add a person" in text
	assert "Fee for the whole period: is blank" in text and "fill in what stands as […]" in text
	walk.signed()
	answer = walk.act("Put in Force")
	assert answer.status == 200, answer.text
	assert walk.doc.docstatus == 1 and walk.doc.status == "Active"


def test_a_customer_without_people_is_told_before_the_first_review(walk):
	for name in frappe.get_all("Contact", {"user": walk.asker}, pluck="name"):
		frappe.delete_doc("Contact", name, force=True, ignore_permissions=True)
	frappe.delete_doc("User", walk.asker, force=True, ignore_permissions=True)
	text = strip_html(desk_door.said(walk.act("Ask for Internal Review")))
	assert f"Customer: {OUTSIDE}: {walk.customer} has no contact who could review." in text


def test_a_person_added_after_the_signatures_leaves_them_valid(walk):
	walk.signed()
	doc = walk.doc.as_dict()
	other = factories.make_user(roles=["Service Delivery Manager"]).name
	row = {"doctype": "Service Agreement Contact", "contact_role": "Sales Manager", "level": 2, "user": other}
	answer = walk.author.save(doc, contacts=[*doc["contacts"], row])
	assert answer.status == 200, answer.text
	assert all(signatures.valid(walk.doc).values())
	assert set(reviewing.state(walk.doc, INSIDE) + reviewing.state(walk.doc, OUTSIDE)) == {"Approved"}
	assert set(walk.parts().values()) == {"Agreed"}
	noted = {"reference_doctype": "Service Agreement", "reference_name": walk.name, "content": "Called them"}
	noted |= {"comment_email": walk.author.user, "comment_by": "Author"}
	assert walk.author.call("frappe.desk.form.utils.add_comment", **noted).status == 200
	panel = json.loads(walk.author.call("ops_delivery.api.reviews.panel", doctype="Service Agreement", name=walk.name).text)
	(told,) = panel["message"]["coverage"]
	assert told.startswith("Reviews and signatures are about everything but: ") and "People" in told
	assert walk.act("Put in Force").status == 200
	assert len(walk.doc.contacts) == len(doc["contacts"]) + 1


def test_who_leaves_opens_the_part_that_named_them(walk):
	walk.signed()
	doc = walk.doc.as_dict()
	answer = walk.author.save(doc, contacts=[row for row in doc["contacts"] if row["contact_role"] != "Project Manager"])
	assert "Staffing: agreed by Chen Jing on" in strip_html(desk_door.said(answer))
	assert walk.parts()["Staffing"] == "Changed Since" and all(signatures.valid(walk.doc).values())


def test_a_changed_promise_names_its_part_and_is_agreed_again_on_the_same_day(walk):
	walk.signed()
	doc = walk.doc.as_dict()
	answer = walk.author.save(doc, default_priority="High")
	assert answer.status == 200, answer.text
	text = strip_html(desk_door.said(answer))
	assert "Levels and Escalation: agreed by Chen Jing on" in text
	assert "changed since (Priority before triage)" in text and "tick Agreed Again in its row under Agreed Parts" in text
	assert walk.parts()["Levels and Escalation"] == "Changed Since"
	assert not any(signatures.valid(walk.doc).values())
	answer = walk.act("Put in Force")
	assert answer.status == 417
	text = strip_html(desk_door.said(answer))
	assert "0 of 1 approvals by Service Delivery Manager" in text and "sign again" in text  # all of it in one answer
	assert "row 1 (Levels and Escalation): agreed by Chen Jing on" in text and "tick Agreed Again in that row" in text
	doc = walk.doc.as_dict()
	for row in doc["agreed_parts"]:
		row["agreed_again"] = int(row["state"] == "Changed Since")
	assert walk.author.save(doc).status == 200
	assert set(walk.parts().values()) == {"Agreed"}
	assert not any(row.agreed_again for row in walk.doc.agreed_parts)


def test_what_earlier_signatures_covered_they_cover_still(walk):
	"""People were content before: an agreement that was signed then keeps its fingerprint."""
	frappe.db.set_value("Service Agreement", walk.name, "people_are_content", 1)
	before = reviewed.content_hash(walk.doc)
	frappe.db.delete("Service Agreement Contact", {"parent": walk.name})
	assert reviewed.content_hash(walk.doc) != before
	assert json.loads(walk.author.call("ops_delivery.api.reviews.panel", doctype="Service Agreement", name=walk.name).text)[
		"message"]["coverage"][0].count("People") == 0


def test_an_update_keeps_what_was_reviewed_with_its_people(walk):
	other = Walk()
	walk.reviewed()
	keep_what_signatures_cover.execute()
	ticks = [frappe.db.get_value("Service Agreement", one.name, "people_are_content") for one in (walk, other)]
	assert ticks == [1, 0]
