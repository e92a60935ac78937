"""Of the thirty changes those to workflows."""

import itertools

import frappe
import reviewing
import visiting

STATE = {"doctype": "Workflow Document State", "doc_status": "0", "allow_edit": "Service Delivery Manager"}
STEP = {"doctype": "Workflow Transition", "allowed": "Service Delivery Manager", "allow_self_approval": 1}


def plans(w):
	return frappe.get_doc("Workflow", {"document_type": "Delivery Plan", "is_active": 1}).as_dict()


def state(w, text: str) -> str:
	name = w.name(text)
	w.new("Workflow State", workflow_state_name=name)
	return name


def step(w, text: str) -> str:
	name = w.name(text)
	w.new("Workflow Action Master", workflow_action_name=name)
	return name


def workflow_state_added(w):
	"""A state between two, with a step to it and one from it: a plan goes through."""
	legal, ask, back = state(w, "Legal Check"), step(w, "Ask the Lawyers"), step(w, "Lawyers Agree")
	doc = plans(w)
	doc["states"].append({**STATE, "state": legal})
	doc["transitions"].append({**STEP, "state": "Internal Review", "action": ask, "next_state": legal})
	doc["transitions"].append({**STEP, "state": legal, "action": back, "next_state": "Internal Review"})
	w.save(doc)
	w.made["legal"], w.made["ask"], w.made["back"] = legal, ask, back
	world = reviewing.in_internal_review()
	plan = reviewing.act(world.plan, ask, world.author)
	assert (plan.workflow_state, plan.status) == (legal, "Internal Review")
	plan = reviewing.act(plan, back, world.author)
	assert (plan.workflow_state, plan.status) == ("Internal Review", "Internal Review")

	def still():
		rows = frappe.get_all("Workflow Transition", {"parent": doc["name"], "action": ["in", [ask]]}, pluck="next_state")
		assert rows == ([legal] if not w.made.get("renamed") else [w.made["renamed"]])

	return still


def workflow_state_renamed_and_removed(w):
	"""Renamed, its plans go with it; removed while a plan stands there, it is asked where they go."""
	legal, ask = w.made["legal"], w.made["ask"]
	world = reviewing.in_internal_review()
	plan = reviewing.act(world.plan, ask, world.author)
	new = state(w, "Lawyers")  # renamed: another state in its place, and its plans go with it
	doc = plans(w)
	for row in doc["states"]:
		row.state = new if row.state == legal else row.state
	for row in doc["transitions"]:
		row.state, row.next_state = (new if each == legal else each for each in (row.state, row.next_state))
	w.save(doc, ops_moves=frappe.as_json([{"state": legal, "to": new, "reason": "Renamed"}]))
	plan.reload()
	assert (plan.workflow_state, plan.status) == (new, "Internal Review")
	w.made["renamed"] = new
	plan = reviewing.act(plan, w.made["back"], world.author)

	gone, go = state(w, "Short Lived"), step(w, "Go There")
	doc = plans(w)
	doc["states"].append({**STATE, "state": gone})
	doc["transitions"].append({**STEP, "state": "Internal Review", "action": go, "next_state": gone})
	doc["transitions"].append({**STEP, "state": gone, "action": w.made["back"], "next_state": "Internal Review"})
	w.save(doc)
	plan = reviewing.act(plan, go, world.author)
	doc = plans(w)
	doc["states"] = [row for row in doc["states"] if row.state != gone]
	doc["transitions"] = [row for row in doc["transitions"] if gone not in (row.state, row.next_state)]
	answer = w.desk.save(doc)
	assert answer.status == 417, answer.text
	w.save(doc, ops_moves=frappe.as_json([{"state": gone, "to": "Internal Review", "reason": "Nobody used it"}]))
	plan.reload()
	assert (plan.workflow_state, plan.status) == ("Internal Review", "Internal Review")
	assert frappe.db.exists("Comment", {"reference_name": plan.name, "content": ["like", "%Nobody used it%"]})
	reviewing.change(plan, world.author, description="It can be saved")

	def still():
		states = [row.state for row in plans(w)["states"]]
		assert new in states and gone not in states and legal not in states

	return still


def workflow_off_and_copied(w):
	"""Switched off, a plan keeps its phase and the reviews; a copy switched on puts each into its state."""
	doc = plans(w)
	world = reviewing.in_internal_review()
	w.save(doc, is_active=0)
	plan = reviewing.change(world.plan, world.author, description="While it is off")
	assert plan.status == "Internal Review"
	out = ("name", "doctype", "creation", "modified", "owner", "workflow_name", "is_active")
	copy = {key: value for key, value in plans_named(doc["name"]).items() if key not in out}
	for table in ("states", "transitions"):
		copy[table] = [{key: value for key, value in row.items() if key not in ("name", "parent", "creation", "modified")} for row in copy[table]]
	name = w.name("Delivery Plan")
	copied = w.new("Workflow", workflow_name=name, is_active=1, **copy)
	assert frappe.db.get_value("Delivery Plan", plan.name, "workflow_state") == "Internal Review"
	reviewing.approve(plan, world.reviewer)
	plan = reviewing.act(plan, "Send to the Customer", world.author)
	assert plan.status == "Customer Review"
	w.made["copy"] = copied.name

	def still():
		assert frappe.db.exists("Workflow", copied.name) and not frappe.db.get_value("Workflow", doc["name"], "is_active")

	return still


def plans_named(name: str):
	return frappe.get_doc("Workflow", name).as_dict()


def workflow_on_visits(w):
	"""One that would stop the engineers is refused with all that is missing; with it, they go their way."""
	if frappe.db.exists("Workflow", {"document_type": "Field Service Sheet", "is_active": 1}):
		w.save(frappe.get_doc("Workflow", {"document_type": "Field Service Sheet", "is_active": 1}), is_active=0)
	phases = visiting_phases()
	for phase in phases:
		if not frappe.db.exists("Workflow State", phase):
			w.new("Workflow State", workflow_state_name=phase)
	go = step(w, "Go On")
	engineer = {"allow_edit": "Field Engineer"}
	states = [{**STATE, **engineer, "state": phase, "update_field": "status", "update_value": phase} for phase in phases]
	steps = [
		{**STEP, "allowed": "Field Engineer", "state": before, "action": go, "next_state": after}
		for before, after in itertools.pairwise(phases)
	]
	values = {"document_type": "Field Service Sheet", "is_active": 1, "workflow_state_field": "workflow_state", "override_status": 1}
	text = w.refused("Workflow", workflow_name=w.name("Half"), states=states[:-2], transitions=steps[:-2], **values)
	assert text
	made = w.new("Workflow", workflow_name=w.name("Visits"), states=states, transitions=steps, **values)
	visit = visiting.prepared(visiting.world()).visit
	assert visit.status != phases[0] and visit.workflow_state == visit.status
	w.save(frappe.get_doc("Workflow", made.name), is_active=0)  # as others have visits, too

	def still():
		assert len(frappe.get_doc("Workflow", made.name).states) == len(phases)

	return still


def visiting_phases() -> list[str]:
	from ops_delivery.services.reviews.registry import REGISTRY

	return list(REGISTRY["Field Service Sheet"].phases)


CHANGES = (workflow_state_added, workflow_state_renamed_and_removed, workflow_off_and_copied, workflow_on_visits)
