"""People do their work by the forms and their buttons: between any two steps the form, as it was loaded, can be saved."""

import itertools

import complaining
import factories
import frappe
import planning
import pytest
import visiting
import wire

from ops_delivery.services.complaints import steps as complaints

pytestmark = pytest.mark.committed
API = "ops_delivery.api."


class Worker(wire.Visitor):
	"""Somebody at the desk: the buttons and the form's Save, as the browser sends them. Whatever is refused is in `refusals`."""

	def __init__(self, site, user):
		frappe.utils.password.update_password(user, wire.PASSWORD)
		frappe.db.commit()
		super().__init__(site, user)
		self.user, self.refusals = user, []

	def press(self, function, **arguments):
		answer = self.call(API + function, **arguments)
		if answer.status != 200:
			self.refusals.append((function, answer.status, answer.said()[-300:]))
		frappe.db.rollback()
		return (answer.json or {}).get("message")

	def form(self, doctype, name):
		return self.call("frappe.desk.form.load.getdoc", "GET", doctype=doctype, name=name).json["docs"][0]

	def save(self, doctype, name, after, action="Save", **values):
		doc = {**self.form(doctype, name), **values, "__unsaved": 1}
		answer = self.call("frappe.desk.form.save.savedocs", doc=doc, action=action)
		if answer.status != 200:
			self.refusals.append((f"save of {doctype} after {after}", answer.status, answer.said()[-300:]))
		frappe.db.rollback()


def test_a_visit_by_its_engineer(site):
	w = visiting.world()
	engineer = Worker(site, w.engineer)
	numbers = itertools.count(88880001)
	key = {"doctype": w.visit.doctype, "name": w.visit.name}
	person = {"person": visiting.PERSON}

	def answer_all(*stages):
		for row in visiting.fresh(w.visit).answers:
			if row.stage in stages and row.required and not row.answer:
				value = "20" if row.answer_type == "Reading" else "Yes"
				engineer.press("visits.answer", **key, row=row.name, answer=value)

	def step(name, **arguments):
		engineer.press(f"visits.{name}", **key, **arguments)
		engineer.save(*key.values(), name, contact_phone=f"+86 731 {next(numbers)}")

	step("confirm_details", **person)
	answer_all("Before")
	step("prepare")
	step("depart")
	step("arrive")
	step("confirm_arrival", **person)
	step("confirm_work", **person)
	item = w.visit.work_items[0].name
	step("start_item", item=item)
	engineer.press(
		"visits.add_leftover",
		**key,
		subject="Label the cable",
		treatment="Next week",
		agreed_with=visiting.PERSON,
		owner=w.engineer,
		due=planning.day(8),
	)
	step("finish_item", item=item, result="Runs")
	answer_all("During")
	step("finish_work", outcome="Job Done")
	answer_all("Before Leaving")
	engineer.press("visits.sign", **key, signer_name=visiting.PERSON, image=visiting.drawing())
	engineer.press("visits.leave", **key, **person)
	assert not engineer.refusals, engineer.refusals
	leftover = frappe.db.get_value("Service Leftover", {"source_name": w.visit.name})
	engineer.save("Service Leftover", leftover, "add_leftover", due_date=planning.day(9))
	engineer.press("leftovers.set_state", name=leftover, state="In Progress")
	engineer.press("leftovers.set_state", name=leftover, state="Solved", result="Labelled")
	assert not engineer.refusals, engineer.refusals


def test_a_complaint_by_desk_and_handler(site):
	w = complaining.world()
	desk, handler = Worker(site, w.desk), Worker(site, w.handler)
	name = {"name": w.complaint.name}
	key = (complaints.DOCTYPE, w.complaint.name)
	desk.save(*key, "it came in", subject="Nobody came on Monday")
	desk.press("complaints.acknowledge", **name)
	desk.save(*key, "acknowledge", severity="Serious")
	desk.press("complaints.hand_to", **name, user=w.handler)
	handler.press("complaints.investigate", **name)
	handler.save(*key, "investigate", findings="Talked to both")
	handler.press("complaints.improve", **name)
	handler.press(
		"complaints.tell_result",
		**name,
		result="Justified",
		result_text="You are right.",
		findings="Talked to both.",
	)
	handler.save(*key, "tell_result", severity="Ordinary")
	handler.press("complaints.record_answer", **name, accepted=1, by_name="Chen Jing", how="By telephone")
	assert not desk.refusals + handler.refusals, desk.refusals + handler.refusals


def test_a_plan_by_its_manager(site):
	_plan, names = planning.approved()
	manager = Worker(site, factories.make_user(roles=["Service Delivery Manager"]).name)
	for name in names[:2]:
		manager.save("Delivery Activity", name, "approval", actual_cost=100)
		manager.press("delivery_plans.record_progress", activity=name, state="In Progress", progress=30)
		manager.save("Delivery Activity", name, "30 %", actual_cost=200)
	plan = frappe.db.get_value("Delivery Activity", names[0], "plan")
	manager.press("delivery_plans.overview", plan=plan)
	assert not manager.refusals, manager.refusals
