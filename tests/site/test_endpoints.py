"""Every whitelisted function of the app × everybody who might call it.

A new endpoint needs a line in CASES. Its key is the function's path under ops_delivery.api; its value says who gets
through: a dictionary caller -> True (gets through) or False (refused), and how to call it. "Through" means that no
permission error comes back; another complaint (a wrong state, a missing value) counts as through.
"""

import importlib
import inspect
import pkgutil
import re

import consulting_scene
import customers
import deliverable_scene
import factories
import frappe
import improving
import incident_scene
import isolation
import knowledge_scene
import monitoring_scene
import planning
import plans
import pytest
import reviewing
import routine_scene
import scenario
import surveying
import visiting
from frappe.www import list as website_list

import ops_delivery.api
from ops_delivery import framework
from ops_delivery.permissions import gates, steps, unasked
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.evidence import catalogue
from ops_delivery.services.handover import steps as handover
from ops_delivery.services.requests import acceptance, major
from ops_delivery.services.reviews import requesting
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared import signed_link
from ops_delivery.setup import seed_plans

CALLERS = ("guest", "asker", "colleague", "stranger", "staff_without_role", "auditor", "desk", "manager")
CUSTOMERS_OWN = ("asker", "colleague")
CUSTOMERS_SIDE = ("asker", "colleague", "stranger")
WORKERS = ("desk", "manager")
STAFF_WHO_READ = ("auditor", "desk", "manager")
# whom a gate keeps out, of CALLERS, and what it tells them
WRONG_KIND = {
	gates.STAFF: {"guest", *CUSTOMERS_SIDE},
	gates.CUSTOMERS: set(CALLERS) - set(CUSTOMERS_SIDE),
	gates.LINK: set(),
	gates.ALL: set(),
}
SAYS = {gates.STAFF: "at the desk", gates.CUSTOMERS: "Log in|customer's view"}
REFUSALS = (frappe.PermissionError, frappe.AuthenticationError, signed_link.InvalidLink)


class Case:
	"""Who gets through (names of CALLERS), the arguments (a function of the world), and whether guests may try."""

	def __init__(self, through, arguments=lambda w: {}, guests_may_try=False):
		self.through, self.arguments, self.guests_may_try = through, arguments, guests_may_try


def issue(w):
	return {"issue": w.issue.name}


def token(w):
	row = acceptance.latest(w.issue.name)
	return signed_link.make(
		"acceptance", "Service Acceptance", row.name, w.issue.ops_customer_email, row.round
	)


def visit(w):
	return {"doctype": "Field Service Sheet", "name": w.visit}


def clock(w):
	return {"clock": scenario.clock(w.issue).name}


def reviewed(w):
	return {"doctype": "Service Agreement", "name": w.draft.name}


def leftover(w):
	if not w.get("leftover"):
		w.leftover = factories.make("Service Leftover", subject="Label", customer=w.agreement.customer).name
	return w.leftover


def set_aside_mail(w):
	if not w.get("set_aside_mail"):
		mail = steps.take(frappe.new_doc("Mail That Needs a Person"))
		mail.update({"subject": "Broken", "reason": "No Sender"})
		w.set_aside_mail = mail.insert(ignore_permissions=True).name
	return w.set_aside_mail


def agreement_in_the_form(w):
	return {"doc": frappe.as_json(w.agreement)}


NOT_STAFF = ("guest", *CUSTOMERS_SIDE)  # a link is its bearer's, but staff cannot answer by it

CASES = {
	"acceptance.decide": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "decision": "Accepted"}),
	"acceptance.decide_by_link": Case(("guest", "asker"), lambda w: {"token": token(w), "decision": "Accepted"}, True),
	"acceptance.offer": Case(CALLERS, lambda w: {"token": token(w)}, True),
	"agreements.export_file": Case(STAFF_WHO_READ, lambda w: {"name": w.agreement.name}),
	"agreements.new_version": Case(("manager",), lambda w: {"name": w.agreement.name}),
	"agreements.templates": Case(("manager",)),
	"agreements.from_template": Case(
		("manager",),
		lambda w: {"template": "none", "customer": "none", "company": "none", "start_date": "2026-01-01"},
	),
	"agreements.save_as_template": Case(
		("manager",), lambda w: {"name": w.agreement.name, "template_name": factories.unique("Template")}
	),
	"agreements.check_completeness": Case(STAFF_WHO_READ, agreement_in_the_form),
	"agreements.formula_names": Case(STAFF_WHO_READ, agreement_in_the_form),
	"agreements.try_assessment": Case(
		STAFF_WHO_READ,
		lambda w: {**agreement_in_the_form(w), "from_date": "2026-01-01", "to_date": "2026-03-31"},
	),
	"agreements.next_period": Case(STAFF_WHO_READ, lambda w: {"agreement": w.agreement.name}),
	"agreements.confirm_assessment": Case(("manager",), lambda w: {"name": "none", "party": "Supplier"}),
	"agreements.compare": Case(STAFF_WHO_READ, lambda w: {"name": w.agreement.name}),
	"agreements.compare_pdf": Case(STAFF_WHO_READ, lambda w: {"name": w.agreement.name}),
	"agreements.preview": Case(STAFF_WHO_READ, lambda w: {"name": w.agreement.name}),
	"agreements.suspend": Case(("manager",), lambda w: {"name": w.agreement.name, "reason": "A move"}),
	"agreements.resume": Case(("manager",), lambda w: {"name": w.agreement.name, "reason": "Done"}),
	"agreements.terminate": Case(("manager",), lambda w: {"name": w.agreement.name, "reason": "The end"}),
	"agreements.stop_renewal": Case(("manager",), lambda w: {"name": w.agreement.name, "note": "By letter"}),
	"agreements.make_successor": Case(("manager",), lambda w: {"name": w.agreement.name}),
	"clocks.panel": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue", "name": w.issue.name}),
	"clocks.explain": Case(STAFF_WHO_READ, clock),
	"clocks.rebuild": Case(("manager",), lambda w: {"doctype": "Issue", "name": w.issue.name}),
	"clocks.retry": Case(("manager",), lambda w: {"names": ["none"]}),
	"configuration.time_zones": Case(STAFF_WHO_READ),
	"configuration.calendar_year": Case(STAFF_WHO_READ, lambda w: {"doc": w.calendar, "year": 2026}),
	"configuration.calendar_deadline": Case(
		STAFF_WHO_READ, lambda w: {"doc": w.calendar, "start": "2026-03-02 09:00:00", "target": 3600}
	),
	"configuration.public_calendar_countries": Case(STAFF_WHO_READ),
	"configuration.public_calendar_regions": Case(STAFF_WHO_READ, lambda w: {"country": "DE"}),
	"configuration.fill_from_public_calendar": Case(
		("manager",), lambda w: {"doc": w.calendar, "country": "CN", "year": 2025}
	),
	"configuration.fill_from_holiday_list": Case(
		("manager",), lambda w: {"doc": w.calendar, "holiday_list": "none", "year": 2026}
	),
	"configuration.switches_preview": Case(
		STAFF_WHO_READ, lambda w: {"doc": frappe.get_doc("Ops Delivery Settings").as_dict()}
	),
	"configuration.matrix_gaps": Case(
		("manager",), lambda w: {"doc": {"matrix_name": "None", "priorities": [], "cells": []}}
	),
	"configuration.switch_off_preview": Case(
		("manager",), lambda w: {"doctype": "Priority Matrix", "name": "None"}
	),
	"configuration.rule_change": Case(("manager",), lambda w: {"doctype": w.policy["doctype"], "doc": w.policy}),
	"configuration.policy_timeline": Case(STAFF_WHO_READ, lambda w: {"doc": w.policy}),
	"configuration.record_type_fields": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue"}),
	"configuration.ready_made_list": Case(()),  # the site's administrator alone
	"configuration.plant_ready_made": Case((), lambda w: {"key": "none"}),
	"configuration.remove_ready_made": Case((), lambda w: {"key": "none"}),
	"configuration.add_offered_parts": Case(()),
	"configuration.refuse_offered_parts": Case(()),
	"dispatch.board": Case(STAFF_WHO_READ),
	"dispatch.get_events": Case(
		STAFF_WHO_READ,
		lambda w: {"doctype": "Field Service Sheet", "start": "2026-03-02", "end": "2026-03-09"},
	),
	"dispatch.move": Case(WORKERS, lambda w: {**visit(w), "modified": "x"}),
	"dispatch.own_day": Case(STAFF_WHO_READ),
	"definitions.try_on": Case(
		("manager",),
		lambda w: {"definition": {"document_type": "Issue", "start_when": "True"}, "name": w.issue.name},
	),
	"definitions.on_the_last": Case(
		("manager",),
		lambda w: {"doctype": "Clock Definition", "doc": {"document_type": "Issue", "start_when": "True"}},
	),
	"erpnext_status.set_status": Case(WORKERS, lambda w: {"name": w.issue.name, "status": "Open"}),
	"erpnext_status.set_multiple_status": Case(CALLERS[1:], lambda w: {"names": "[]", "status": "Open"}),
	"escalation.acknowledge": Case(WORKERS, lambda w: {"names": [w.log]}),
	"figures.running_out": Case(STAFF_WHO_READ),
	"figures.missed_and_open": Case(STAFF_WHO_READ),
	"figures.assigned_requests": Case(STAFF_WHO_READ),
	"figures.assigned_reviews": Case(STAFF_WHO_READ),
	"figures.open_by_priority": Case(STAFF_WHO_READ),
	"handover.hand_over": Case(
		WORKERS,
		lambda w: {
			"doctype": "Issue",
			"name": w.issue.name,
			"service_content": "Optimization and Improvement",
			"subject": "Replace the switch",
		},
	),
	"handover.start": Case(  # who may also make a Task
		WORKERS, lambda w: {"name": w.handover, "target_doctype": "Task"}
	),
	"handover.choices": Case(STAFF_WHO_READ, lambda w: {"service_content": "Optimization and Improvement"}),
	"health.status": Case(STAFF_WHO_READ),
	"health.light": Case(("manager",)),
	# the site's administrator alone
	"workflows.try_path": Case((), lambda w: {"doc": {"document_type": "Delivery Plan"}}),
	"workflows.where_documents_go": Case((), lambda w: {"doc": {"document_type": "Delivery Plan"}}),
	"issue.happened_again": Case(WORKERS, lambda w: {**issue(w), "what": "It is back"}),
	"issue.take_message": Case(WORKERS, lambda w: {**issue(w), "message": "none", "taken_as": "Only a Message"}),
	"issue.priority_by_matrix": Case(
		STAFF_WHO_READ, lambda w: {**issue(w), "urgency": "Urgent", "importance": "Important"}
	),
	"issue.record_decision": Case(
		WORKERS,
		lambda w: {
			**issue(w),
			"decision": "Accepted",
			"by_name": "Chen Jing",
			"decided_on": str(frappe.utils.now_datetime()),
			"how": "By phone",
		},
	),
	"printing.clock_explanation": Case(STAFF_WHO_READ, clock),
	"printing.response_record_pdf": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Issue", "name": w.issue.name}
	),
	"exports.export_list": Case(
		STAFF_WHO_READ,
		lambda w: {"doctype": "Issue", "fields": '["name"]', "filters": "[]", "file_format_type": "CSV"},
	),
	"exports.export_report": Case(
		STAFF_WHO_READ,
		lambda w: {
			"report_name": "Response Support Record",
			"file_format_type": "CSV",
			"filters": '{"from_date": "2026-03-01", "to_date": "2026-03-31"}',
			"visible_idx": "[]",
		},
	),
	"portal.requests": Case(CUSTOMERS_SIDE),
	"portal.request": Case(CUSTOMERS_OWN, lambda w: {"name": w.issue.name}),
	"portal.channels": Case(CUSTOMERS_SIDE),
	"portal.raise_request": Case(CUSTOMERS_SIDE, lambda w: {"subject": "No network", "description": "-"}),
	"portal.add_information": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "text": "Since noon"}),
	"portal.attachment": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "file": w.file}),
	"portal.help_articles": Case(CUSTOMERS_SIDE, lambda w: {"text": "No network"}),
	"portal.document_pdf": Case(CUSTOMERS_OWN, lambda w: {"name": w.agreement.name}),
	"portal.website_rows": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Issue"}, framework.guests_may_call(website_list.get_list_data)
	),
	"portal.website_list_page": Case(
		STAFF_WHO_READ if hasattr(website_list, "get") else (),  # no site is open yet, so framework cannot be asked
		lambda w: {"doctype": "Issue", "pathname": "issues"},
		True,
	),
	"portal.web_form_data": Case(
		STAFF_WHO_READ,
		lambda w: {"doctype": "Issue", "docname": w.issue.name, "web_form_name": "issues"},
		guests_may_try=True,
	),
	"reviews.panel": Case(STAFF_WHO_READ, lambda w: reviewed(w)),
	"reviews.request_review": Case(("manager",), lambda w: reviewed(w)),
	"reviews.decide": Case(("manager",), lambda w: {"review": w.inside, "decision": "Approved"}),
	"reviews.record_decision": Case(
		("manager",),
		lambda w: {
			"review": w.outside,
			"decision": "Approved",
			"by_name": "Chen Jing",
			"decided_on": str(frappe.utils.now_datetime()),
			"how": "By phone",
		},
	),
	"reviews.add_minutes": Case(WORKERS, lambda w: {"review": w.inside, "text": "We met."}),
	"reviews.put_off": Case(WORKERS, lambda w: {"review": w.inside, "due_on": "2030-01-01 23:59:00"}),
	"reviews.sign": Case(("manager",), lambda w: reviewed(w)),
	"reviews.record_signature": Case(
		("manager",),
		lambda w: {
			**reviewed(w),
			"party": "Customer",
			"signer_name": "Chen Jing",
			"signed_on": str(frappe.utils.now_datetime()),
			"attachment": "/private/files/signed.pdf",
		},
	),
	"reviews.rule_choices": Case(STAFF_WHO_READ, lambda w: {"doctype": "Service Agreement"}),
	"reviews.try_rule": Case(
		("manager",),
		lambda w: {
			"rule": {"document_type": "Service Agreement", "party": "Internal", "role": "Service Delivery Manager"},
			"name": w.draft.name,
		},
	),
	"notices.retry": Case(("manager",), lambda w: {"name": w.notice}),
	"visits.add_leftover": Case(WORKERS, lambda w: {**visit(w), "subject": "x"}),
	"visits.add_photo": Case(WORKERS, lambda w: {**visit(w), "row": "x", "image": "x"}),
	"visits.answer": Case(WORKERS, lambda w: {**visit(w), "row": "x"}),
	"visits.arrive": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.ask_superior": Case(
		WORKERS, lambda w: {**visit(w), "kind": "x", "question": "x", "superior": "x"}
	),
	"visits.back_to_work": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.cancel": Case(WORKERS, lambda w: {**visit(w), "reason": "x"}),
	"visits.confirm_arrival": Case(WORKERS, lambda w: {**visit(w), "person": "x"}),
	"visits.confirm_details": Case(WORKERS, lambda w: {**visit(w), "person": "x"}),
	"visits.confirm_work": Case(WORKERS, lambda w: {**visit(w), "person": "x"}),
	"visits.depart": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.drop_item": Case(WORKERS, lambda w: {**visit(w), "item": "x"}),
	"visits.finish_item": Case(WORKERS, lambda w: {**visit(w), "item": "x"}),
	"visits.finish_work": Case(WORKERS, lambda w: {**visit(w), "outcome": "x"}),
	"visits.follow_up": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.leave": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.make_timesheets": Case(("manager",), lambda w: {**visit(w)}),
	"visits.issue_parts": Case((), lambda w: {**visit(w)}),
	"visits.leave_item_open": Case(WORKERS, lambda w: {**visit(w), "item": "x", "reason": "x"}),
	"visits.prepare": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.prepare_again": Case(WORKERS, lambda w: {**visit(w)}),
	"visits.sign": Case(WORKERS, lambda w: {**visit(w), "signer_name": "x", "image": "x"}),
	"visits.start_item": Case(WORKERS, lambda w: {**visit(w), "item": "x"}),
	"visits.situation": Case(STAFF_WHO_READ, visit),
	"visits.superiors": Case(STAFF_WHO_READ),
	"visits.values_from": Case(
		WORKERS,
		lambda w: {
			"doctype": "Field Service Sheet",
			"source_doctype": "Issue",
			"source_name": w.issue.name,
		},
	),
	"visits.answer_request": Case((), lambda w: {"request": w.asked, "granted": True}),
	"visits.sheet_pdf": Case(CUSTOMERS_OWN, lambda w: {"name": w.visit}),
}


def plan(w, activity=False):
	"""A draft of the customer's delivery plan with one activity; the name of the one or the other."""
	if not w.get("plan"):
		doc = planning.plan(customer=w.agreement.customer)
		w.plan, w.activity = doc.name, planning.activities(doc, "Patrol")[0]
	return w.activity if activity else w.plan


CASES |= {
	"delivery_plans.overview": Case(STAFF_WHO_READ, lambda w: {"plan": plan(w)}),
	"delivery_plans.add_activities": Case(
		("manager",), lambda w: {"plan": plan(w), "rows": planning.rows("More")}
	),
	"delivery_plans.proposals": Case(STAFF_WHO_READ, lambda w: {"plan": plan(w)}),
	"delivery_plans.load_lists": Case(("manager",), lambda w: {"plan": plan(w), "template": seed_plans.YEAR}),
	"delivery_plans.work_choices": Case(STAFF_WHO_READ, lambda w: {"activity": plan(w, activity=True)}),
	"delivery_plans.create_work": Case(
		WORKERS, lambda w: {"activity": plan(w, activity=True), "doctype": "Task"}
	),
	"delivery_plans.record_progress": Case(
		WORKERS, lambda w: {"activity": plan(w, activity=True), "progress": 10}
	),
	"delivery_plans.link_work": Case(
		WORKERS,
		lambda w: {
			"activity": plan(w, activity=True),
			"doctype": "Task",
			"name": factories.make("Task", subject="Patrol").name,
		},
	),
}


def improvement(w):
	"""A draft of the customer's optimization plan."""
	if not w.get("improvement"):
		w.improvement = plans.at_phase("Draft", customer=w.agreement.customer).name
	return w.improvement


def advice(w):
	"""A draft report for the customer with one recommendation."""
	if not w.get("report"):
		of = consulting_scene.plan(customer=w.agreement.customer)
		of.db_set("status", "Approved")  # its reviews are not what is tried here
		report = consulting_scene.report(of)
		w.report, w.recommendation = report.name, consulting_scene.recommendations_of(report)[0].name
	return w.report


def recommendation(w):
	return {"name": advice(w) and w.recommendation}


CASES |= {
	"confidential.search": Case(CALLERS[1:], lambda w: {"text": "x"}),
	"confidential.connections": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Issue", "name": w.issue.name}
	),
	"confidential.linked": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Issue", "docname": w.issue.name}
	),
	"host_forms.getdoctype": Case(CALLERS[1:], lambda w: {"doctype": "Issue"}),
	"chain.related": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue", "name": w.issue.name}),
	"consulting.missing": Case(STAFF_WHO_READ, lambda w: {"doctype": "Consulting Report", "name": advice(w)}),
	"consulting.recommendations_of": Case(STAFF_WHO_READ, lambda w: {"report": advice(w)}),
	"consulting.decide": Case(
		("manager",), lambda w: {**recommendation(w), "decision": "Adopted", "decision_by": "Chen Jing"}
	),
	"consulting.follow_up": Case(("manager",), lambda w: {**recommendation(w), "note": "Ordered"}),
	"consulting.verify": Case(("manager",), lambda w: {**recommendation(w), "verification": "Seen"}),
	"handover.contents": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue"}),
	"handover.open_next": Case(
		WORKERS,
		lambda w: {
			"doctype": "Issue",
			"name": w.issue.name,
			"service_content": "Routine Operation",
			"subject": "Look after the switch",
			"target_doctype": "Task",
		},
	),
	"pickers.people_of_customer": Case(
		STAFF_WHO_READ,
		lambda w: {
			"doctype": "User",
			"txt": "",
			"searchfield": "name",
			"start": 0,
			"page_len": 10,
			"filters": {"customer": w.agreement.customer},
		},
	),
	"optimization.situation": Case(STAFF_WHO_READ, lambda w: {"name": improvement(w)}),
	"optimization.add_readings": Case(
		WORKERS, lambda w: {"plan": improvement(w), "values": [{"metric": "Login time", "value": 700}]}
	),
	"mails.make_request": Case(WORKERS, lambda w: {"name": set_aside_mail(w)}),
	"mails.add_to_record": Case(WORKERS, lambda w: {"name": set_aside_mail(w)}),
	"mails.leave": Case(WORKERS, lambda w: {"name": set_aside_mail(w), "note": "Advertising"}),
	"leftovers.set_state": Case(WORKERS, lambda w: {"name": leftover(w), "state": "In Progress"}),
	"optimization.add_leftover": Case(
		("manager",), lambda w: {"plan": improvement(w), "subject": "The old cable is still there"}
	),
	"optimization.accept_otherwise": Case(
		("manager",),
		lambda w: {"plan": improvement(w), "party": "Customer", "person": "Chen Jing", "reason": "Fine"},
	),
	"printing.download_multi_pdf": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Field Service Sheet", "name": f'["{w.visit}"]'}
	),
	"printing.download_multi_pdf_async": Case(
		STAFF_WHO_READ, lambda w: {"doctype": "Field Service Sheet", "name": f'["{w.visit}"]'}
	),
	"printing.download_pdf": Case(
		STAFF_WHO_READ,
		lambda w: {
			"doctype": "Service Agreement",
			"name": w.agreement.name,
			"format": "Service Agreement",
		},
		guests_may_try=True,  # as Frappe's own method of that name: with the document's key
	),
}


def survey(w):
	"""A survey that the customer's asker has answered."""
	if not w.get("survey"):
		found = surveying.asked([w.asker], w.agreement.customer, surveying.template())[0]
		surveying.answer(found)
		w.survey, w.answered = found.name, surveying.response(found).name
	return {"name": w.survey}


def survey_rule(w):
	return {
		"rule": {"occasion": "After a Request Is Closed", "ask": "Who Asked for It", "sampling": 100},
		"name": w.issue.name,
	}


CASES |= {
	"surveys.questions": Case(WORKERS, survey),
	"surveys.record": Case(WORKERS, lambda w: {**survey(w), "answers": {}, "by_name": "Chen", "how": "Phone"}),
	"surveys.ask_again": Case(WORKERS, survey),
	"surveys.withdraw": Case(WORKERS, lambda w: {**survey(w), "reason": "A mistake"}),
	"surveys.answers": Case(STAFF_WHO_READ, lambda w: survey(w) and {"response": w.answered}),
	"surveys.round_figures": Case(STAFF_WHO_READ, lambda w: {"name": survey_round(w)}),
	"surveys.try_rule": Case(("manager",), survey_rule),
	"surveys.scores_for": Case(
		("manager",), lambda w: {"doctype": "Optimization Plan", "name": improvement(w)}
	),
	"printing.satisfaction_report": Case(STAFF_WHO_READ),
}


def survey_round(w):
	"""A round of anonymous surveys."""
	if not w.get("survey_round"):
		found = surveying.asked([w.asker], w.agreement.customer, surveying.template(anonymous=1))[0]
		w.survey_round = found.survey_round
	return w.survey_round


def complaint(w):
	"""The asker's complaint; of a customer whose Service Delivery Manager is not complained about."""
	if not w.get("complaint"):
		w.complaint = complaint_intake.raise_complaint(
			"Portal", w.asker, "Chen Jing", subject="Nobody came", text="x", customer=w.customer
		)
	return {"name": w.complaint}


def action(w):
	if not w.get("action"):
		w.action = improving.action(customer=w.customer).name
		doc = frappe.get_doc("Improvement Action", w.action)
		steps.take(doc)
		doc.update({"told_text": "We call back", "told_on": frappe.utils.now_datetime()})
		doc.save()
	return {"name": w.action}


CASES |= {
	"complaints.candidates": Case(WORKERS, complaint),
	"complaints.values_from": Case(
		WORKERS, lambda w: {"source_doctype": "Issue", "source_name": w.issue.name}
	),
	"complaints.from_communication": Case(WORKERS, lambda w: {"name": "none"}),
	"complaints.acknowledge": Case(WORKERS, complaint),
	"complaints.clear_person": Case(WORKERS, lambda w: {**complaint(w), "user": "none", "reason": "A slip"}),
	"complaints.hand_to": Case(WORKERS, lambda w: {**complaint(w), "user": w.manager}),
	"complaints.investigate": Case(WORKERS, complaint),
	"complaints.tell_result": Case(WORKERS, complaint),
	"complaints.record_answer": Case(
		WORKERS, lambda w: {**complaint(w), "accepted": True, "by_name": "Chen Jing", "how": "Phone"}
	),
	"complaints.close_unanswered": Case(WORKERS, lambda w: {**complaint(w), "reason": "x"}),
	"complaints.withdraw": Case(WORKERS, lambda w: {**complaint(w), "reason": "x"}),
	"complaints.improve": Case(WORKERS, complaint),
	"complaints.answer": Case(("asker",), lambda w: {**complaint(w), "answer": "accept"}),
	"improvements.values_from": Case(
		WORKERS, lambda w: {"source_doctype": "Issue", "source_name": w.issue.name}
	),
	"improvements.missing": Case(STAFF_WHO_READ, lambda w: {**action(w), "state": "Closed"}),
	"improvements.set_state": Case(WORKERS, lambda w: {**action(w), "state": "Investigating"}),
	"improvements.record_check": Case(WORKERS, lambda w: {**action(w), "effective": True, "note": "x"}),
	"improvements.reopen": Case(WORKERS, lambda w: {**action(w), "note": "x"}),
	"improvements.tell_customer": Case(WORKERS, lambda w: {**action(w), "text": "x"}),
	"improvements.record_answer": Case(
		WORKERS, lambda w: {**action(w), "confirmed": True, "by_name": "Chen", "how": "Phone"}
	),
	"improvements.answer": Case(CUSTOMERS_OWN, lambda w: {**action(w), "answer": "yes"}),
}


def evidence(w, **more):
	return {"agreement": w.agreement.name, "first": "2026-03-01", "last": "2026-03-31", **more}


def exemption(w):
	catalogue.sync()
	if not w.get("exemption"):
		values = {"agreement": w.agreement.name, "agreement_number": w.agreement.name, "clause": f"{catalogue.CATALOGUE} 6.4.a", "state": "Proposed"}
		doc = frappe.get_doc({"doctype": "Clause Exemption", **values, "reason": "None agreed", "proposed_by": "Administrator"})
		w.exemption = steps.take(doc).insert(ignore_permissions=True).name
	return {"name": w.exemption}


AUDIT = ("auditor", "manager")
CASES |= {
	"evidence.catalogues": Case(AUDIT),
	"evidence.matrix": Case(AUDIT, evidence),
	"evidence.records": Case(AUDIT, lambda w: evidence(w, number="5.3.b")),
	"evidence.course": Case(AUDIT, lambda w: {"agreement": w.agreement.name}),
	"evidence.compute_months": Case(AUDIT, lambda w: {"agreement": w.agreement.name}),
	"evidence.compare": Case(AUDIT, lambda w: evidence(w, other=w.agreement.name)),
	"evidence.propose_exemption": Case(
		("manager",), lambda w: {"agreement": w.agreement.name, "clause": "none", "reason": "x", "from_date": "2026-03-01"}
	),
	"evidence.review_exemption": Case(AUDIT, lambda w: {**exemption(w), "agreed": True}),
	"evidence.revoke_exemption": Case(AUDIT, lambda w: {**exemption(w), "reason": "x"}),
	"evidence.try_definition": Case(("manager",), lambda w: {"definition": {"document_type": "Issue"}, "name": w.issue.name}),
}


def routine(w):
	"""A task of today, for its customer."""
	if not w.get("routine"):
		today = frappe.utils.getdate()
		w.routine = routine_scene.schedule(w.agreement, first_date=today, repeats="Daily")
	return {"name": routine_scene.tasks(w.routine)[0].name}


CASES |= {
	"routine.preview": Case(WORKERS, lambda w: routine(w) and {"doc": w.routine.as_json()}),
	"routine.missing": Case(STAFF_WHO_READ, lambda w: routine(w) and {"name": w.routine.manual}),
	"routine.task_sheet": Case(STAFF_WHO_READ, routine),
	"routine.save_readings": Case(WORKERS, lambda w: {**routine(w), "rows": []}),
	"routine.enter_all_normal": Case(WORKERS, routine),
	"routine.start": Case(WORKERS, routine),
	"routine.finish": Case(WORKERS, routine),
	"routine.cancel": Case(WORKERS, lambda w: {**routine(w), "reason": "Shut"}),
	"routine.give": Case(
		WORKERS,
		lambda w: {**routine(w), "modified": str(frappe.db.get_value("Routine Task", routine(w)["name"], "modified"))},
	),
	"routine.before_it_begins": Case(STAFF_WHO_READ, routine),
	"routine.confirm": Case(WORKERS, lambda w: {**routine(w), "rows": []}),
	"routine.permit": Case(WORKERS, lambda w: {**routine(w), "key": "skills", "reason": "Watched"}),
	"routine.record_answer": Case(
		WORKERS, lambda w: {**routine(w), "row": "none", "confirmed": True, "words": "Yes", "person": "Ms Wang"}
	),
}


def finding(w):
	"""A risk that was found on its round."""
	name = routine(w)["name"]
	if not frappe.db.exists("Routine Finding", {"task": name}):
		routine_scene.risk_on(name)
	return {"name": frappe.db.get_value("Routine Finding", {"task": name})}


CASES |= {
	"findings.show": Case(STAFF_WHO_READ, finding),
	"findings.of_object": Case(STAFF_WHO_READ, lambda w: {"service_object": frappe.db.get_value("Routine Finding", finding(w)["name"], "service_object")}),
	"findings.of_task": Case(STAFF_WHO_READ, lambda w: finding(w) and routine(w)),
	"findings.take": Case(WORKERS, finding),
	"findings.accept_risk": Case(("manager",), lambda w: {**finding(w), "reason": "Summer"}),
	"findings.close": Case(WORKERS, lambda w: {**finding(w), "result": "Cool", "what_was_done": "Filter changed"}),
}


def an_object(w):
	if not w.get("an_object"):
		w.an_object = routine_scene.thing(w.agreement.customer)
	return w.an_object


CASES |= {
	"object_states.overview": Case(STAFF_WHO_READ),
	"object_states.one": Case(STAFF_WHO_READ, lambda w: {"name": an_object(w)}),
	"object_states.trend": Case(STAFF_WHO_READ, lambda w: {"service_object": an_object(w), "step_key": "x"}),
	"printing.object_labels": Case(STAFF_WHO_READ, lambda w: {"names": frappe.as_json([an_object(w)])}),
	"printing.object_trend": Case(STAFF_WHO_READ, lambda w: {"service_object": an_object(w), "step_key": "x"}),
}


def drawn(w):
	"""What a visit has drawn on an amount of the agreement."""
	entry = frappe.new_doc("Amount Entry")
	entry.update(
		{
			"title": "Visits",
			"day": "2026-03-02",
			"kind": "Drawn",
			"quantity": 1,
			"customer": w.customer,
			"agreement": w.agreement.name,
			"agreement_number": w.agreement.agreement_number,
			"amount_key": "key",
			"source_doctype": "Field Service Sheet",
			"source_name": factories.unique("VISIT"),
			"source_row": "",
			"seq": 1,
		}
	)
	entry.db_insert()
	return {"entry": entry.name}


def deliverable(w):
	if not w.get("deliverable"):
		author, reviewer = reviewing.manager(), reviewing.manager()
		doc = deliverable_scene.published(author, reviewer, customer=w.agreement.customer)
		w.deliverable = {"name": doc.name, "row": doc.files[0].name}
	return w.deliverable


def article(w):
	if not w.get("article"):
		author, reviewer = reviewing.manager(), reviewing.manager()
		named = [{"customer": w.agreement.customer}]
		w.article = knowledge_scene.published(author, reviewer, audience="Chosen Customers", customers=named).name
	return w.article


CASES |= {
	"knowledge.draft": Case(WORKERS, lambda w: {"source_doctype": "Issue", "source_name": w.issue.name}),
	"knowledge.missing": Case(STAFF_WHO_READ, lambda w: {"name": article(w)}),
	"knowledge.suggested": Case(STAFF_WHO_READ, issue),
	"knowledge.use": Case(WORKERS, lambda w: {**issue(w), "article": article(w)}),
	"knowledge.opened": Case(CUSTOMERS_OWN, lambda w: {"article": article(w)}),
	"search.find": Case(("staff_without_role", *STAFF_WHO_READ), lambda w: {"text": "network"}),
	"search.rebuild": Case(()),  # the site's administrator alone
	"search.rebuild_state": Case(()),
}

def lower_class(w) -> str:
	"""A class below that of the deliverable."""
	w.lower_class = w.get("lower_class") or factories.make("Service Security Class", class_name=factories.unique("Class"), rank=1).name
	return w.lower_class


CASES |= {
	"deliverables.missing": Case(STAFF_WHO_READ, lambda w: {"name": deliverable(w)["name"]}),
	"deliverables.of_agreement": Case(STAFF_WHO_READ, lambda w: {"agreement": w.agreement.name}),
	"deliverables.file": Case(CUSTOMERS_OWN, deliverable),
	"deliverables.as_workbook": Case(STAFF_WHO_READ),
}


def service_report(w):
	"""A report about a month of the agreement, being compiled."""
	if not w.get("service_report"):
		about = {"agreement": w.agreement.name, "period_from": "2026-03-01", "period_to": "2026-03-31"}
		w.service_report = frappe.get_doc({"doctype": "Service Report", **about}).insert().name
	return {"name": w.service_report}


CASES |= {
	"service_reports.make": Case(WORKERS, service_report),
	"service_reports.progress": Case(STAFF_WHO_READ, service_report),
	"service_reports.view": Case(STAFF_WHO_READ, service_report),
	"service_reports.compare": Case(WORKERS, service_report),
	"service_reports.hand_over": Case(WORKERS, service_report),
}


def paper_template(w):
	"""A template for the visit, past its check."""
	if not w.get("paper_template"):
		doc = frappe.get_doc(
			{"doctype": "Paper Template", "name": factories.unique("T"), "document_type": "Field Service Sheet", "enabled": 1, "output": "Word"}
		)
		doc.db_insert()
		w.paper_template = doc.name
	return w.paper_template


CASES |= {
	"own_papers.fields": Case(STAFF_WHO_READ, lambda w: {"document_type": "Deliverable"}),
	"own_papers.check": Case(STAFF_WHO_READ, lambda w: {"name": paper_template(w)}),
	"own_papers.starter": Case(STAFF_WHO_READ, lambda w: {"document_type": "Deliverable"}),
	"own_papers.preview": Case(("manager",), lambda w: {"name": paper_template(w), "record": visit(w)["name"]}),
	"own_papers.offered": Case(STAFF_WHO_READ, visit),
	"own_papers.make": Case(STAFF_WHO_READ, lambda w: {**visit(w), "template": paper_template(w)}),
	"own_papers.attach": Case(WORKERS, lambda w: {**visit(w), "template": paper_template(w)}),
}



def incident(w):
	"""A request that a manager declared a major incident; its report."""
	if not w.get("incident"):
		with reviewing.user(reviewing.manager()):
			issue = incident_scene.request(w.agreement)
			major.decide(issue.name, "Declared", "For a test")
		w.incident = incident_scene.report_on(issue).name
	return {"name": w.incident}


CASES |= {
	"incidents.decide": Case(("manager",), lambda w: {"issue": w.issue.name, "decision": "Declared", "reason": "For a test"}),
	"incidents.try_condition": Case(("manager",), lambda w: {"condition": "doc.priority_place == 1", "customer": w.agreement.customer}),
	"incidents.report_on": Case(WORKERS, lambda w: {"issue": w.issue.name}),
	"incidents.missing": Case(STAFF_WHO_READ, incident),
	"incidents.measures": Case(STAFF_WHO_READ, incident),
	"incidents.take_course": Case(WORKERS, incident),
	"incidents.open_measures": Case(WORKERS, incident),
	"incidents.hand_over": Case(WORKERS, incident),
	"deliverables.download": Case(STAFF_WHO_READ, deliverable),
	"deliverables.redact": Case(("desk", "manager"), lambda w: {"name": deliverable(w)["name"], "security_class": lower_class(w)}),
	"deliverables.class_preview": Case(STAFF_WHO_READ, lambda w: {"doc": '{"restricted": 1, "grants": [{"who": "Owner", "can_open": 1}]}'}),
	"printing.get_html_and_style": Case(STAFF_WHO_READ, lambda w: {"doc": "Deliverable", "name": deliverable(w)["name"]}),
}

CASES |= {
	"amounts.used": Case(STAFF_WHO_READ, lambda w: {"agreement": w.agreement.name}),
	"amounts.differences": Case(STAFF_WHO_READ, lambda w: {"agreement": w.agreement.name}),
	"amounts.bring_in_line": Case(("manager",), lambda w: {"agreement": w.agreement.name}),
	"amounts.do_not_count": Case(("manager",), lambda w: {**drawn(w), "reason": "Our own mistake"}),
}


def source(w):
	"""A machine that reports for its customer."""
	if not w.get("source"):
		w.source = factories.make(**monitoring_scene.source_values(w.agreement))
	return {"name": w.source.name}


CASES |= {
	"monitoring.readings": Case(None, guests_may_try=True),  # by token: test_monitoring_alerts.py
	"monitoring.alerts": Case(None, guests_may_try=True),
	"monitoring.new_token": Case(("manager",), source),
	"monitoring.try_message": Case(("manager",), lambda w: {**source(w), "kind": "alerts", "text": "{}"}),
	"monitoring.steps": Case(STAFF_WHO_READ, lambda w: source(w) and {"manual": w.source.manual}),
}


def message(w):
	"""A message on the customer's request."""
	if not w.get("message"):
		w.message = factories.make(
			"Communication", subject="x", content="x", reference_doctype="Issue", reference_name=w.issue.name
		).name
	return w.message


def project(w):
	if not w.get("project"):
		w.project = factories.make("Project", project_name=factories.unique("Project")).name
	return w.project


CASES |= {  # in place of the host's functions; test_checked.py tries them against what they stand for
	"checked.get_count": Case(STAFF_WHO_READ, lambda w: {"doctype": "Service Clock"}),
	"checked.get_document": Case(STAFF_WHO_READ, lambda w: {"doctype": "Service Clock", "filters": "{}"}),
	"checked.chart": Case(
		STAFF_WHO_READ,
		lambda w: {
			"chart": '{"document_type": "Service Clock", "chart_type": "Group By", "group_by_type": "Count",'
			' "group_by_based_on": "state", "name": "x"}',
			"no_cache": 1,
		},
	),
	"checked.issue_from_message": Case(WORKERS, lambda w: {"communication": message(w)}),
	"checked.invite_contact": Case((), lambda w: {"contact": factories.make_contact(w.customer).name}),
	"checked.lead_from_message": Case((), lambda w: {"communication": message(w)}),
	"checked.opportunity_from_message": Case((), lambda w: {"communication": message(w), "company": "x"}),
	"checked.relink": Case((), lambda w: {"name": message(w)}),
	"checked.flag_messages": Case((), lambda w: {"names": frappe.as_json([message(w)]), "action": "Read"}),
	"checked.toggle_like": Case(STAFF_WHO_READ, lambda w: {"doctype": "Service Clock", "name": clock(w)["clock"]}),
	"checked.add_comment": Case(
		("guest", *STAFF_WHO_READ),  # Frappe itself takes nothing from guests here
		lambda w: {
			"reference_doctype": "Service Clock",
			"reference_name": clock(w)["clock"],
			"comment": "",
			"comment_email": "x",
			"comment_by": "x",
			"route": "",
		},
		guests_may_try=True,
	),
	"checked.project_tasks": Case(WORKERS, lambda w: {"project": project(w)}),
	"checked.project_timesheets": Case(WORKERS, lambda w: {"project": project(w)}),
}


CASES |= {
	"checked.mark_as_read": Case((), lambda w: {"docname": "x"}),
	"checked.link_title": Case(CALLERS[1:], lambda w: {"doctype": "Service Clock", "docname": clock(w)["clock"]}),
	"checked.documents_for_tag": Case(CALLERS[1:], lambda w: {"tag": "x"}),
	"checked.search_link": Case(CALLERS[4:], lambda w: {"doctype": "User", "txt": "x"}),
	"checked.search_widget": Case(CALLERS[4:], lambda w: {"doctype": "User", "txt": "x"}),
	# test_checked.py tries each with a record that the caller may not touch
	**{f"asked_first.{unasked.stand_in(path)}": Case(None) for path in unasked.PATHS},
}


def endpoints() -> dict[str, object]:
	"""Every whitelisted function under ops_delivery, by its path under ops_delivery.api."""
	for module in pkgutil.walk_packages(ops_delivery.api.__path__, "ops_delivery.api."):
		importlib.import_module(module.name)
	found = {}
	for function in frappe.whitelisted:
		if function.__module__.split(".")[0] == "ops_delivery":
			path = f"{function.__module__}.{function.__qualname__}"
			found[path.removeprefix("ops_delivery.api.")] = function
	return found


def test_every_endpoint_stands_in_the_table():
	unknown, gone = sorted(set(endpoints()) - set(CASES)), sorted(set(CASES) - set(endpoints()))
	assert not gone, f"no longer there, take out of CASES: {gone}"
	assert not unknown, (
		f"{unknown} are not in CASES of tests/site/test_endpoints.py. Add for each a line\n"
		'\t"module.function": Case((who gets through, of CALLERS), lambda w: {its arguments}),\n'
		"so that it is tried as guest, as the customer, as another customer and as staff without the role."
	)


def test_endpoints_live_in_api_and_guests_try_only_what_they_may():
	for path, function in endpoints().items():
		assert function.__module__.startswith("ops_delivery.api."), path
		guest = function in frappe.guest_methods
		assert guest == CASES[path].guests_may_try, f"{path}: may guests call it?"


def test_every_endpoint_shows_its_gate():
	"""A gate stands where the endpoint is declared, fits the table, and one that is open to all says why."""
	wrong = []
	for path, function in endpoints().items():
		gate, case = gates.gate_of(function), CASES.get(path)
		if gate is None:
			wrong.append(f"{path}: no gate. Put @staff_only, @customers_only, @by_link or @open_to_all(reason) below it")
		elif gate == gates.ALL and len(getattr(function, gates.REASON)) < 20:
			wrong.append(f"{path}: open to all for what reason?")
		elif case and case.through is not None and (let_in := set(case.through) & WRONG_KIND[gate]):
			wrong.append(f"{path}: {gate} only, but {sorted(let_in)} get through")
		if gate != gates.ALL and path.split(".")[0] in ("checked", "asked_first"):
			wrong.append(f"{path}: stands in for the host, whose callers are not ours to sort out")
	assert not wrong, "\n" + "\n".join(wrong)


@pytest.fixture
def w(monkeypatch):
	world = customers.world()
	world.update(
		guest="Guest",
		staff_without_role=factories.make_user(roles=["Employee"]).name,
		auditor=factories.make_user(roles=["Delivery Auditor"]).name,
		desk=factories.make_user(roles=["Service Desk"]).name,
		manager=factories.make_user(roles=["Service Delivery Manager", "Projects User"]).name,
	)
	with_file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "photo.txt",
			"attached_to_doctype": "Issue",
			"attached_to_name": world.issue.name,
			"is_private": 1,
			"content": "x",
		}
	).insert()
	frappe.db.set_value("File", with_file.name, "owner", world.asker)
	world.file = with_file.name
	world.notice = frappe.db.get_value("Service Notice", {"reference_name": world.issue.name})
	frappe.db.set_value("Service Notice", world.notice, "state", "Failed")
	world.calendar = frappe.get_doc("Service Calendar", world.agreement.calendar).as_dict()
	world.policy = frappe.get_doc("Escalation Policy", world.agreement.escalation_policy).as_dict()
	log = frappe.new_doc("Escalation Log")
	log.update(
		{
			"name": frappe.generate_hash(length=10),
			"reference_doctype": "Issue",
			"reference_name": world.issue.name,
			"clock": scenario.clock(world.issue).name,
			"kind": "Alarm",
			"step": "Alarm",
			"fired_on": frappe.utils.now_datetime(),
		}
	)
	log.db_insert()
	world.log = log.name
	world.visit = visiting.plan(
		"Field Service Sheet", world.customer, reference_doctype="Issue", reference_name=world.issue.name
	).name
	asked = frappe.new_doc("Field Service Request")
	asked.update({"reference_doctype": "Field Service Sheet", "reference_name": world.visit})
	asked.update({"kind": "Extra Wish", "question": "?", "superior": "Administrator", "state": "Waiting"})
	asked.name = frappe.generate_hash(length=10)
	asked.db_insert()
	world.asked = asked.name
	world.handover = handover.open(
		"Issue", world.issue.name, "Optimization and Improvement", "Replace the switch"
	)
	draft = scenario.agreement(world.customer, submit=False)
	world.draft = reviewing.act(draft, "Ask for Internal Review")
	world.inside = reviewing.open_review(world.draft, "Agreement: internal review")
	world.outside = requesting.open_for(world.draft, "Agreement: customer review")[0]
	# PDF is a matter of another test, and slow
	monkeypatch.setattr("ops_delivery.services.papers.prints.pdf", lambda *_args, **_kwargs: b"")
	monkeypatch.setattr("ops_delivery.printing.weasy.send", lambda *_args, **_kwargs: None)
	monkeypatch.setattr("ops_delivery.services.papers.prints.pdf", lambda *_args, **_kwargs: b"")
	return world


def call(path, function, case, w, caller) -> bool:
	"""Whether the caller gets through, by the same steps as Frappe's handler takes."""
	arguments = case.arguments(w)
	frappe.set_user(w[caller])
	frappe.db.savepoint("ops_endpoint")
	isolation.testing(False)  # Frappe lets every role pass in tests
	try:
		frappe.local.form_dict = frappe._dict(arguments)
		frappe.is_whitelisted(function)
		frappe.call(function, **arguments)
		return True
	except REFUSALS:
		return False
	except frappe.ValidationError:
		return True
	finally:
		isolation.testing(True)
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="ops_endpoint")
		frappe.clear_messages()


@pytest.mark.clause("6.3.g")
def test_who_gets_through(w):
	wrong = []
	for path, function in sorted(endpoints().items()):
		case = CASES.get(path)
		if not case or case.through is None:
			continue  # the first test names it, or another tries it
		for caller in CALLERS:
			through = call(path, function, case, w, caller)
			if through != (caller in case.through):
				wrong.append(f"{path}: {caller} {'gets through' if through else 'is refused'}")
	assert not wrong, "\n" + "\n".join(wrong)


def test_a_gate_refuses_the_wrong_kind_in_words_before_anything_runs(w):
	wrong = []
	for path, function in sorted(endpoints().items()):
		gate = gates.gate_of(function)
		for caller in WRONG_KIND.get(gate, ()):
			frappe.set_user(w[caller])
			try:
				inspect.unwrap(function, stop=lambda found: gates.MARK in vars(found) and not _inner_is_gated(found))()
				wrong.append(f"{path}: {caller} is let in")
			except frappe.PermissionError as error:
				if not re.search(SAYS[gate], str(error)):
					wrong.append(f"{path}: {caller} is told {error}")
			except Exception as error:  # it began: without its arguments that is a TypeError
				wrong.append(f"{path}: {caller} is let in ({error})")
			finally:
				frappe.set_user("Administrator")
	links = [function for function in endpoints().values() if gates.gate_of(function) == gates.LINK]
	assert links
	for function in links:
		for code in ("", " ", None):
			with pytest.raises((frappe.PermissionError, *_type_errors()), match=r"link|type|str"):
				frappe.call(function, token=code, decision="Accepted")
	assert not wrong, "\n" + "\n".join(wrong)


def _inner_is_gated(function) -> bool:
	inner = getattr(function, "__wrapped__", None)
	return inner is not None and gates.MARK in vars(inner)


def _type_errors():
	return (getattr(frappe.exceptions, "FrappeTypeError", TypeError), TypeError)
