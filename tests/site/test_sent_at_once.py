"""What is sent six times at once makes one record: every endpoint and page of ours that makes something (6.3.j).

A new POST endpoint stands in MAKES (what it is called with stands in CASES of test_endpoints.py) or in STEPS: those
change a record that is there, and are locked by it.
"""

import functools

import complaining
import customers
import frappe
import pytest
from frappe.exceptions import ValidationError
from frappe.utils.redis_wrapper import RedisWrapper
from redis.exceptions import ConnectionError as NoRedis
from test_endpoints import CASES, endpoints
from test_endpoints import w as world

from ops_delivery import hooks
from ops_delivery.api import portal
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.requests import intake as customer_input
from ops_delivery.services.scope import once

pytestmark = pytest.mark.committed
SIX = 6
MAKES = {
	"agreements.new_version": ["Service Agreement"],
	"agreements.make_successor": ["Service Agreement"],
	"agreements.save_as_template": ["Service Agreement Template"],
	"consulting.follow_up": ["Consulting Follow-up"],
	"deliverables.redact": ["Deliverable"],
	"delivery_plans.add_activities": ["Delivery Activity"],
	"delivery_plans.create_work": ["Task"],
	"incidents.open_measures": ["Improvement Action"],
	"handover.hand_over": ["Service Handover", "Comment"],
	"handover.start": ["Task"],
	"handover.open_next": ["Service Handover", "Task"],
	"knowledge.use": ["Knowledge Use"],
	"mails.make_request": ["Issue"],
	"optimization.add_leftover": ["Service Leftover"],
	"portal.raise_request": ["Issue", "Communication"],
	"portal.add_information": ["Communication", "Service Notice"],
	"reviews.add_minutes": [],
	"visits.add_leftover": ["Service Leftover"],
}
# they make something as well, but not with the arguments of CASES
ELSEWHERE = {
	"issue.happened_again",
	"monitoring.readings",  # test_monitoring_alerts.py
	"monitoring.alerts",
	"own_papers.attach",  # test_own_papers.py
	"incidents.report_on",  # test_incident_reports.py
	"reviews.request_review",
	"optimization.add_readings",
	"complaints.improve",
	"agreements.from_template",
	"complaints.from_communication",
	"delivery_plans.load_lists",
	"reviews.sign",
	"reviews.record_signature",
	"visits.add_photo",
	"visits.ask_superior",
	"visits.follow_up",
	"visits.make_timesheets",
	"visits.issue_parts",
	"visits.sign",
	"surveys.ask_again",
	"surveys.record",
}
STEPS = set(
	"acceptance.decide acceptance.decide_by_link acceptance.offer agreements.check_completeness agreements.formula_names "
	"agreements.try_assessment agreements.confirm_assessment agreements.suspend agreements.resume agreements.terminate "
	"agreements.stop_renewal clocks.rebuild clocks.retry complaints.acknowledge complaints.clear_person complaints.hand_to complaints.investigate "
	"complaints.tell_result complaints.record_answer complaints.close_unanswered complaints.withdraw complaints.answer "
	"configuration.calendar_year configuration.calendar_deadline configuration.fill_from_public_calendar "
	"configuration.fill_from_holiday_list configuration.plant_ready_made configuration.policy_timeline "
	"configuration.add_offered_parts configuration.refuse_offered_parts configuration.matrix_gaps "
	"configuration.switch_off_preview configuration.rule_change definitions.on_the_last "
	"workflows.try_path workflows.where_documents_go "
	"configuration.remove_ready_made configuration.switches_preview consulting.decide consulting.verify "
	"definitions.try_on delivery_plans.link_work delivery_plans.record_progress dispatch.move erpnext_status.set_status erpnext_status.set_multiple_status "
	"escalation.acknowledge improvements.set_state improvements.record_check improvements.reopen "
	"improvements.tell_customer improvements.record_answer improvements.answer issue.record_decision issue.take_message leftovers.set_state mails.add_to_record mails.leave notices.retry "
	"monitoring.new_token monitoring.try_message "
	"routine.save_readings routine.enter_all_normal routine.start routine.finish routine.cancel routine.confirm routine.permit routine.give routine.record_answer "
	"knowledge.suggested knowledge.opened search.find search.rebuild findings.take findings.accept_risk findings.close "
	"amounts.bring_in_line amounts.do_not_count "
	"deliverables.class_preview evidence.matrix evidence.records evidence.course evidence.compute_months evidence.compare evidence.catalogues "
	"evidence.propose_exemption evidence.review_exemption evidence.revoke_exemption evidence.try_definition incidents.decide incidents.try_condition "
	"incidents.take_course incidents.hand_over service_reports.make service_reports.compare service_reports.hand_over "
	"deliverables.as_workbook own_papers.check own_papers.starter own_papers.preview own_papers.make own_papers.fields own_papers.offered "
	"optimization.accept_otherwise portal.help_articles printing.clock_explanation printing.response_record_pdf "
	"printing.satisfaction_report printing.object_labels printing.object_trend reviews.decide reviews.put_off reviews.record_decision reviews.try_rule surveys.withdraw "
	"surveys.try_rule visits.confirm_details visits.prepare visits.prepare_again visits.depart visits.arrive "
	"visits.confirm_arrival visits.confirm_work visits.start_item visits.finish_item visits.drop_item "
	"visits.leave_item_open visits.answer_request visits.answer visits.finish_work visits.back_to_work visits.leave "
	"visits.cancel".split()
)


def at_once(in_parallel, users, call):
	"""What six calls at once gave: results; an error but one in words is raised."""

	def run(user):
		frappe.set_user(user)
		return call()

	users = [users] * SIX if isinstance(users, str) else users
	results = in_parallel(*(functools.partial(run, user) for user in users))
	for result in results:
		if isinstance(result, Exception) and not isinstance(result, ValidationError):
			raise result
	return [result for result in results if not isinstance(result, Exception)]


def count(doctypes):
	frappe.db.rollback()
	return {doctype: frappe.db.count(doctype) for doctype in doctypes}


def test_every_endpoint_that_is_posted_is_known():
	posted = {
		path
		for path, function in endpoints().items()
		if frappe.allowed_http_methods_for_whitelisted_func[function] == ["POST"]
		and not path.startswith(("checked.", "asked_first."))  # these ask, and then call the host's
	}
	known = set(MAKES) | ELSEWHERE | STEPS
	assert posted - known == set()  # what stands in for a method of the host's does as the host's


def test_each_endpoint_makes_one(world, in_parallel):  # noqa: F811
	w, wrong = world, []
	for path, doctypes in MAKES.items():
		case, function = CASES[path], endpoints()[path]
		arguments = case.arguments(w)
		if path == "portal.add_information":
			arguments["issue"] = w.open = w.get("open") or open_issue(w)
		frappe.db.commit()
		before = count(doctypes)
		results = at_once(in_parallel, w[case.through[-1] if "asker" not in case.through else "asker"], lambda: function(**arguments))
		made = {doctype: number - before[doctype] for doctype, number in count(doctypes).items()}
		if not results:
			wrong.append(f"{path}: nothing was made")
		elif any(result != results[0] for result in results if not isinstance(result, bool)):  # whether it was the first
			wrong.append(f"{path}: {results}")
		elif any(not 0 <= number <= 2 for number in made.values()):
			wrong.append(f"{path}: {made}")
	assert not wrong, "\n".join(wrong)


def open_issue(w):
	doc = frappe.get_doc({"doctype": "Issue", "subject": "x", "raised_by": w.asker, "customer": w.customer}).insert()
	return doc.name


@pytest.fixture
def w():
	return customers.world()


def test_a_complaint(w, in_parallel):
	frappe.db.commit()
	before = count(["Service Complaint"])
	form = {"subject": "Nobody came", "text": "at all"}
	made = at_once(in_parallel, w.asker, lambda: complaint_portal.raise_on_portal(w.asker, form))
	assert len(made) == SIX and len(set(made)) == 1
	assert count(["Service Complaint"])["Service Complaint"] == before["Service Complaint"] + 1


def test_six_requests_in_the_same_words_at_once_are_one_with_and_without_a_form(w, in_parallel):
	"""Also after those of another form, of another user and in other words."""
	frappe.db.commit()
	made = []
	for text, form, who in (("no light", "", w.asker), ("no light", "a form", w.asker), ("no light", "", w.colleague), ("none", "", w.asker)):
		before = count(["Issue"])["Issue"]
		names = at_once(in_parallel, who, lambda text=text, form=form: portal.raise_request("Fault", text, once=form))
		assert len(names) == SIX and len(set(names)) == 1
		made.append((names[0], count(["Issue"])["Issue"] - before))
	assert made[1] == (made[0][0], 0), "the same words soon after, by a form"
	assert [number for _name, number in made] == [1, 0, 1, 1]


def test_the_same_words_much_later_are_another_request(w, as_user):
	with as_user(w.asker):
		first = portal.raise_request("Fault", "again")
		for row in frappe.get_all(once.DOCTYPE, {"result": ["like", f"%{first}%"]}, pluck="name"):
			earlier = frappe.utils.add_to_date(None, minutes=-11)
			frappe.db.set_value(once.DOCTYPE, row, "creation", earlier, update_modified=False)
		assert portal.raise_request("Fault", "again") != first


def test_three_people_ask_for_a_review_at_once(world, in_parallel):  # noqa: F811
	from ops_delivery.api import reviews

	frappe.db.delete("Service Review", {"reference_name": world.draft.name})
	frappe.db.commit()
	users = [world.manager, "Administrator", world.manager]
	made = at_once(in_parallel, users, lambda: reviews.request_review("Service Agreement", world.draft.name))
	assert made and all(names == made[0] for names in made)
	frappe.db.rollback()
	rules = frappe.get_all("Service Review", {"reference_name": world.draft.name}, pluck="rule")
	assert len(rules) == len(set(rules))


def test_the_first_that_fails_leaves_the_way_free(w, in_parallel, monkeypatch):
	frappe.db.commit()
	keep, calls = customer_input._keep_message, []

	def fails_first(*arguments):
		calls.append(1)
		if len(calls) == 1:
			raise frappe.ValidationError("the first fails")
		return keep(*arguments)

	name = open_issue(w)
	frappe.db.commit()
	monkeypatch.setattr(customer_input, "_keep_message", fails_first)
	made = at_once(in_parallel, w.asker, lambda: portal.add_information(name, "the same"))
	assert len(made) == SIX - 1 and len(set(made)) == 1


def test_other_words_and_other_people_are_not_held_up(w, as_user):
	name = open_issue(w)
	with as_user(w.asker):
		first, second = portal.add_information(name, "one"), portal.add_information(name, "two")
		assert first != second and portal.add_information(name, "one") == first
		forms = [portal.raise_request("Fault", text, once=form) for form, text in (("a", "x"), ("b", "y"), ("a", "x"))]
		assert forms[0] == forms[2] != forms[1]
	assert complaining  # the sender of a complaint is its address


def test_it_needs_no_cache(w, as_user, monkeypatch):
	def away(*_arguments, **_options):
		raise NoRedis("Connection refused")

	with as_user(w.asker):
		# 16 lets its search fail loudly, in tests alone
		monkeypatch.setattr("frappe.utils.global_search.sync_value_in_queue", lambda value: None)
		monkeypatch.setattr(RedisWrapper, "execute_command", away)
		assert portal.raise_request("Fault", "x", once="a") == portal.raise_request("Fault", "x", once="a")


def test_it_is_forgotten_after_a_day(w, as_user):
	with as_user(w.asker):
		first = portal.raise_request("Fault", "x", once="a")
	row = frappe.get_all(once.DOCTYPE, {"result": ["like", f"%{first}%"]}, pluck="name")[0]
	frappe.db.set_value(once.DOCTYPE, row, "creation", "2020-01-01", update_modified=False)
	once.purge()
	assert not frappe.db.exists(once.DOCTYPE, row)
