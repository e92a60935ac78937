"""The four service contents lead into each other, and both ends show it (6.2.d, 6.3.i, 6.4.g, 6.5.f)."""

import itertools

import consulting_scene as scene
import factories
import frappe
import pytest
import scenario
from test_consulting import without_review_rules

from ops_delivery.api import chain as chain_api
from ops_delivery.api import handover as handover_api
from ops_delivery.services.consulting import recommendations
from ops_delivery.services.handover import related_records as chain
from ops_delivery.services.handover import steps as handover


def _names(map_):
	return [node.get("name") for node in map_["nodes"]]


def _edges(map_):
	ids = {node["id"]: node.get("name") or node["doctype"] for node in map_["nodes"]}
	return {(ids[earlier], ids[later]) for earlier, later in map_["edges"]}


def _issue(customer):
	return factories.make_issue(customer, subject="Backup fails every Sunday", description="<p>No space</p>")


def _sources():
	customer = factories.make_customer().name
	issue = _issue(customer)
	yield issue
	yield factories.make("Task", subject="Disk is filling up", issue=issue.name, description="<p>92 %</p>")
	yield scene.plan(customer=customer)
	yield factories.make(
		"Optimization Plan", title="Replace the array", customer=customer, company=factories.company()
	)
	report = scene.issued_report()
	yield report
	yield scene.recommendations_of(report)[0]


TARGETS = {
	"Issue": "Response Support",
	"Task": "Routine Operation",
	"Optimization Plan": "Optimization and Improvement",
	"Consulting Plan": "Consultation and Evaluation",
}


@pytest.mark.clause("6.2.d", "6.3.i", "6.4.g", "6.5.f")
def test_one_action_opens_the_next_record_with_the_facts(site):
	for source in _sources():
		for doctype, content in TARGETS.items():
			next_one = handover.open_next(
				source.doctype, source.name, content, "Go on with it", doctype, note="Why"
			)
			target = frappe.get_doc(next_one["doctype"], next_one["name"])
			assert target.doctype == doctype
			text = target.get("background") or target.get("description")
			assert source.name in text and "Why" in text
			title = source.get("subject") or source.get("title")
			assert title in text
			if target.meta.has_field("customer"):
				assert target.customer == (
					source.get("customer") or frappe.db.get_value("Issue", source.issue, "customer")
				)
			for end in (source, target):
				assert {(source.name, next_one["handover"]), (next_one["handover"], target.name)} <= _edges(
					chain.of(end.doctype, end.name)
				)


@pytest.mark.clause("6.3.i")
def test_a_record_that_cannot_be_made_leaves_nothing_behind(site):
	task = factories.make("Task", subject="Disk is filling up")
	with pytest.raises(frappe.ValidationError, match="names none, and a plan is made for a customer"):
		handover.open_next(
			"Task", task.name, "Consultation and Evaluation", "Look into it", "Consulting Plan"
		)
	with pytest.raises(frappe.ValidationError, match="Carried on in"):
		handover.open_next("Task", task.name, "Response Support", "Look into it", "Project")
	assert not frappe.db.exists("Service Handover", {"source_name": task.name})


@pytest.mark.clause("6.5.f", "6.5.d")
def test_a_chain_is_seen_whole_from_every_record_in_it(site):
	issue = _issue(factories.make_customer().name)
	first = handover.open_next(
		"Issue", issue.name, "Consultation and Evaluation", "Look into backups", "Consulting Plan"
	)
	plan = frappe.get_doc("Consulting Plan", first["name"])
	plan.update(scene.content())
	plan.save()
	plan = scene.enter(plan, "Internal Review", "Customer Review", "Approved")
	plan = scene.enter(scene.check_security(plan), "In Progress")
	report = scene.issued_report(plan)
	advised, other = scene.recommendations_of(report)
	recommendations.decide(
		advised.name, "Adopted", "Wang Li", owner_user="Administrator", due_date=scene.day(9)
	)
	second = handover.open_next(
		"Consulting Recommendation",
		advised.name,
		"Optimization and Improvement",
		"Second site",
		"Optimization Plan",
	)
	advised.reload()
	assert advised.state == "In Progress" and second["name"] in advised.follow_ups[-1].note
	whole = [issue, first["handover"], plan, report, advised, second["handover"], second["name"]]
	names = [getattr(step, "name", step) for step in whole]
	links = set(itertools.pairwise(names))
	for doctype, name in (
		("Issue", issue.name),
		("Service Handover", first["handover"]),
		("Consulting Plan", plan.name),
		("Consulting Report", report.name),
		("Consulting Recommendation", advised.name),
		("Optimization Plan", second["name"]),
	):
		map_ = chain.of(doctype, name)
		assert links <= _edges(map_), doctype
		assert next(node["rank"] for node in map_["nodes"] if node["here"]) == 0
	# a sister recommendation is the report's matter, not the optimization plan's
	assert other.name in _names(chain.of("Consulting Report", report.name))
	assert other.name not in _names(chain.of("Optimization Plan", second["name"]))


@pytest.mark.clause("6.5.d")
def test_a_recommendation_is_done_with_the_record_that_carries_it_on(site):
	advised = scene.recommendations_of(scene.issued_report())[0]
	recommendations.decide(
		advised.name, "Adopted", "Wang Li", owner_user="Administrator", due_date=scene.day(9)
	)
	next_one = handover.open_next(
		"Consulting Recommendation", advised.name, "Routine Operation", "Test restores", "Task"
	)
	task = frappe.get_doc("Task", next_one["name"])
	task.update(
		{"status": "Completed", "completed_on": frappe.utils.nowdate(), "completed_by": "Administrator"}
	)
	task.save()
	advised.reload()
	assert advised.state == "Done"
	assert any(task.name in row.note and row.progress == 100 for row in advised.follow_ups)


@pytest.mark.clause("6.2.d")
def test_plan_activities_leftovers_and_erpnexts_own_link_are_in_the_chain(site):
	customer = factories.make_customer().name
	issue = _issue(customer)
	task = factories.make("Task", subject="Clean up", issue=issue.name)
	leftover = factories.make(
		"Service Leftover",
		subject="Label the tapes",
		source_doctype="Issue",
		source_name=issue.name,
		customer=customer,
	)
	assert {(issue.name, task.name), (issue.name, leftover.name)} == _edges(chain.of("Issue", issue.name))
	# a handover between the two says more than the bare link
	next_one = handover.open_next("Issue", issue.name, "Routine Operation", "Watch it", "Task")
	edges = _edges(chain.of("Issue", issue.name))
	assert (issue.name, next_one["name"]) not in edges and (next_one["handover"], next_one["name"]) in edges


@pytest.mark.clause("6.3.i")
def test_what_one_may_not_read_is_shown_only_as_its_type(site, as_user):
	issue = _issue(factories.make_customer().name)
	next_one = handover.open_next(
		"Issue", issue.name, "Consultation and Evaluation", "Secret plan", "Consulting Plan"
	)
	user = factories.make_user(roles=["Support Team"]).name
	with as_user(user):
		map_ = chain_api.related("Issue", issue.name)
	closed = [node for node in map_["nodes"] if not node["readable"]]
	assert {node["doctype"] for node in closed} == {"Service Handover", "Consulting Plan"}
	assert all(set(node) == {"id", "doctype", "type", "rank", "here", "readable"} for node in closed)
	assert next_one["name"] not in str(map_) and "Secret plan" not in str(map_)
	nobody = factories.make_user().name
	with as_user(nobody), pytest.raises(frappe.PermissionError):
		chain_api.related("Issue", issue.name)


def test_a_circle_and_a_crowd_come_to_an_end(site):
	customer = factories.make_customer().name
	issue, task = _issue(customer), factories.make("Task", subject="Clean up")
	for source, target in ((issue, task), (task, issue)):
		name = handover.open(source.doctype, source.name, "Routine Operation", "On")
		handover.start(name, target.doctype, target.name)
	map_ = chain.of("Issue", issue.name)
	assert len(map_["nodes"]) == 4 and len(map_["edges"]) == 4 and not map_["cut"]
	for number in range(chain.MOST_RECORDS + 5):
		factories.make(
			"Service Leftover", subject=f"Left {number}", source_doctype="Issue", source_name=issue.name
		)
	crowd = chain.of("Issue", issue.name)
	assert len(crowd["nodes"]) == chain.MOST_RECORDS and crowd["cut"]


def test_a_step_asks_once_a_record_type(site):
	issue = _issue(factories.make_customer().name)
	for number in range(3):
		handover.open_next("Issue", issue.name, "Routine Operation", f"Watch {number}", "Task")
	few, many = [], []
	for counted in (few, many):
		chain.of("Issue", issue.name)  # what is cached once is not counted
		real, asked = frappe.db.sql, counted.append
		frappe.db.sql = lambda *args, real=real, asked=asked, **kwargs: (
			asked(args[0]),
			real(*args, **kwargs),
		)[1]
		try:
			chain.of("Issue", issue.name)
		finally:
			frappe.db.sql = real
		if counted is few:
			for number in range(12):
				handover.open_next("Issue", issue.name, "Routine Operation", f"More {number}", "Task")
	assert len(many) == len(few) < 40


@pytest.mark.clause("6.2.d", "6.4.g")
def test_the_dialog_offers_the_other_contents_and_what_one_may_open(site, as_user):
	assert "Response Support" not in [row["content"] for row in handover_api.contents("Issue")]
	offered = {row["content"]: row["targets"] for row in handover_api.contents("Task")}
	assert offered["Consultation and Evaluation"][0] == "Consulting Plan"
	assert offered["Optimization and Improvement"][0] == "Optimization Plan"
	desk = factories.make_user(roles=["Service Desk"]).name
	with as_user(desk):
		offered = {row["content"]: row["targets"] for row in handover_api.contents("Task")}
		assert "Consulting Plan" not in offered["Consultation and Evaluation"]


def test_the_scenarios_issue_can_be_handed_over_by_the_desk(site, as_user):
	issue = scenario.issue(scenario.agreement(), subject="Slow")
	desk = factories.make_user(roles=["Service Desk"]).name
	with as_user(desk):
		next_one = handover_api.open_next("Issue", issue.name, "Routine Operation", "Watch it", "Task")
	assert issue.name in frappe.db.get_value("Task", next_one["name"], "description")
