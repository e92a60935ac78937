"""What differs between the versions of Frappe and ERPNext (ops_delivery/framework.py), on the version at hand."""

import socket
from datetime import datetime
from pathlib import Path

import factories
import frappe
import pytest
import scenario
from frappe.permissions import has_controller_permissions
from frappe.utils import background_jobs
from frappe.utils.scheduler import is_dormant

import ops_delivery.hooks
from ops_delivery import framework, framework_jobs
from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.framework_jobs import queue_answers  # as it is, before a test's own stands in for it
from ops_delivery.services.engine import health
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.shared.locale import text

HELD_BACK = ("Survey Response", "Survey Answer")  # for nobody but Administrator until their round is over
TYPED = "5 < 6 & <spare> part, <b>bold</b> and a < b > c"


def test_versions_are_asked_for_in_one_module_alone():
	root = Path(ops_delivery.__file__).parent
	asking = [
		str(path.relative_to(root))
		for path in root.rglob("*.py")
		# hooks.py is read before anything of Frappe's can be asked
		if path.name not in ("framework.py", "hooks.py")
		and any(mark in path.read_text(encoding="utf-8") for mark in ("frappe.__version__", "MAJOR", "erpnext.__version__"))
	]
	assert asking == []


def test_no_objection_lets_the_hooks_of_other_apps_speak(monkeypatch, make_user):
	"""Ours says nothing against it: then another app's refusal stands, on every version, for every DocType we guard."""
	staff = make_user(roles=["Service Delivery Manager"]).name
	hooks = frappe.get_hooks("has_permission")
	guarded = sorted(ops_delivery.hooks.has_permission)
	assert {"Issue", "ToDo", "File", "Communication", "Service Complaint"} <= set(guarded)
	monkeypatch.setattr(frappe.utils, "another_apps_hook", lambda *_args, **_kwargs: False, raising=False)
	get_hooks, wrong = frappe.get_hooks, []
	for doctype in guarded:
		doc = frappe.new_doc(doctype)
		ours = [method for method in hooks[doctype] if method.startswith("ops_delivery.")]
		for user in ("Administrator", staff):
			if doctype in HELD_BACK and user == staff:
				continue  # held back from everybody else
			if doctype == "Communication":
				doc.owner = user  # of others our roles read those of service only (test_mail_contents)
			said = [frappe.call(method, doc=doc, ptype="read", user=user) for method in ours]
			if said != [framework.NO_OBJECTION] * len(ours):
				wrong.append((doctype, user, said))
			theirs = ["frappe.utils.another_apps_hook"]
			for order in (theirs + ours, ours + theirs):  # whichever app was installed first
				changed = {**hooks, doctype: order}
				monkeypatch.setattr(
					frappe, "get_hooks",
					lambda name=None, *a, found=changed, **k: found if name == "has_permission" else get_hooks(name, *a, **k),
				)  # fmt: skip
				if has_controller_permissions(doc, "read", user):
					wrong.append((doctype, user, order))
				monkeypatch.setattr(frappe, "get_hooks", get_hooks)
	assert not wrong


def test_a_refusal_of_another_app_stands_at_the_doors_of_the_website_too(monkeypatch):
	hooks = frappe.get_hooks("has_website_permission")
	monkeypatch.setattr(frappe.utils, "another_apps_hook", lambda *_args, **_kwargs: False, raising=False)
	get_hooks = frappe.get_hooks
	for doctype in sorted(ops_delivery.hooks.has_website_permission):
		doc = frappe.new_doc(doctype)
		for order in (["frappe.utils.another_apps_hook", *hooks[doctype]], [*hooks[doctype], "frappe.utils.another_apps_hook"]):
			changed = {**hooks, doctype: order}
			monkeypatch.setattr(
				frappe, "get_hooks",
				lambda name=None, *a, found=changed, **k: found if name == "has_website_permission" else get_hooks(name, *a, **k),
			)  # fmt: skip
			assert not frappe.has_website_permission(doc, "read", user="Administrator"), doctype
			monkeypatch.setattr(frappe, "get_hooks", get_hooks)


def test_the_hosts_tests_make_no_records_of_what_ours_link_to():
	"""Else `run-tests --doctype Issue` makes records of some 65 types more, and stops at one that is not there."""
	linked = {
		field["options"]
		for fields in CUSTOM_FIELDS.values()
		for field in fields
		if field["fieldtype"] == "Link" and frappe.get_meta(field["options"]).module == "Ops Delivery"
	}
	assert {"Service Agreement", "Service Object", "Field Service Sheet"} <= linked
	if framework.MAJOR >= 16:
		from frappe.tests.utils.generators import get_missing_records_doctypes as reached
	else:
		from frappe.test_runner import get_dependencies as reached
	assert {doctype: list(reached(doctype)) for doctype in linked} == {doctype: [doctype] for doctype in linked}


@pytest.fixture
def agreement(make_user):
	factories.make_email_account()
	return scenario.agreement(manager=make_user(roles=["Service Delivery Manager"]).name)


@pytest.mark.parametrize("name", ["resolution_by", "resolution_date"])
def test_fields_of_the_resolution_are_those_of_the_doctype(name):
	field = framework.issue_field(name)
	assert frappe.get_meta("Issue").has_field(field) and field in (name, f"sla_{name}")


def test_a_tasks_last_day_counts_whole():
	task = frappe.get_doc(
		{"doctype": "Task", "subject": "x", "exp_end_date": framework.task_end("2026-03-02")}
	).insert()
	stored = frappe.db.get_value("Task", task.name, "exp_end_date")
	assert str(stored)[:10] == "2026-03-02"
	if isinstance(stored, datetime):
		assert (stored.hour, stored.minute) == (23, 59)


def test_plain_texts_of_ours_are_kept_as_typed():
	doc = frappe.get_doc(
		{"doctype": "Service Skill", "skill_name": "Framework test", "description": TYPED}
	).insert()
	stored = frappe.db.get_value(doc.doctype, doc.name, "description")
	assert "<spare>" not in stored
	assert text(stored) == TYPED
	doc.reload()
	doc.save()
	assert frappe.db.get_value(doc.doctype, doc.name, "description") == stored


def test_the_hosts_own_texts_are_the_hosts():
	doc = frappe.get_doc({"doctype": "ToDo", "description": "<p>x</p>"})
	before = doc.description
	doc.run_method("before_validate")
	assert doc.description == before


def test_conditions_have_frappes_utilities():
	seen = frappe._dict(a="2026-03-02")
	assert definitions.truth("frappe.utils.getdate(doc.a).day == 2", seen)
	assert definitions.truth("frappe.utils.cint('3') == 3", seen)


def test_the_job_of_the_scheduler_is_named_as_it_names_it():
	job = frappe.get_doc("Scheduled Job Type", {"method": "frappe.email.queue.flush"})
	assert framework_jobs.scheduled_job_id(job.method) == job.rq_job_id
	assert background_jobs.create_job_id(job.rq_job_id)


def test_an_unknown_argument_that_says_something_is_refused():
	def known(a, b=None):
		return (a, b)

	assert framework.call_known(known, a=1, b=2, c=None) == (1, 2)
	with pytest.raises(TypeError, match="knows no c"):
		framework.call_known(known, a=1, c="chrome")


def test_a_dormant_site_is_told_and_nobodys_log_in_is_made_up(monkeypatch):
	monkeypatch.setattr(framework_jobs.scheduler, "is_dormant", lambda *_args, **_kwargs: True)
	monkeypatch.setattr(health, "is_scheduler_inactive", lambda **_kwargs: False)
	assert any("once a day only" in message for message in health.status()["messages"])
	before = frappe.db.count("Activity Log")
	from ops_delivery.services.escalation import sweep

	sweep.run_due_triggers()
	assert frappe.db.count("Activity Log") == before
	assert callable(is_dormant)


@pytest.mark.parametrize(("tick", "advised"), [(60, False), (240, True)])
def test_a_slow_scheduler_is_advised_against_but_no_fault(monkeypatch, tick, advised):
	monkeypatch.setattr(framework_jobs.scheduler, "get_scheduler_tick", lambda: tick)
	monkeypatch.setattr(health, "is_scheduler_inactive", lambda **_kwargs: False)
	found = health.status()
	assert any("scheduler_tick_interval" in text for text in found["advice"]) is advised
	assert not any("scheduler_tick_interval" in text for text in found["messages"])


def test_exports_in_the_background_hold_no_formula(monkeypatch, jobs, make_user):
	if not framework.send_report_email:
		pytest.skip("this Frappe exports at once only")
	from ops_delivery.api import exports

	mailed = []
	monkeypatch.setattr(framework, "send_report_email", lambda *args, **kwargs: mailed.append((args, kwargs)))
	frappe.get_doc({"doctype": "Issue", "subject": "=HYPERLINK(1)"}).insert()
	frappe.local.form_dict = frappe._dict(
		doctype="Issue",
		fields='["`tabIssue`.`subject`"]',
		filters="[]",
		file_format_type="CSV",
		title="Issue",
		export_in_background=1,
	)
	exports.export_list()
	jobs.run()
	(_address, _name, ending, content), _options = mailed[0]
	assert ending == "csv" and b"'=HYPERLINK(1)" in content


def test_resolution_is_asked_for_in_a_way_that_both_names_serve():
	from ops_delivery.patches import ask_for_resolution_by

	doc = frappe.get_doc("Notification", "Request accepted (customer)")
	doc.db_set("message", "{% if doc.resolution_by %}mine {{ doc.resolution_by }}{% endif %}")
	ask_for_resolution_by.execute()
	ask_for_resolution_by.execute()
	doc.reload()
	assert doc.message == "{% if ops_resolution_by(doc) %}mine {{ ops_resolution_by(doc) }}{% endif %}"


def test_customers_read_the_promise_whatever_the_field_is_called(agreement):
	from ops_delivery.services.papers.jinja_methods import ops_resolution_by

	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	assert ops_resolution_by(issue) == issue.get(framework.issue_field("resolution_by"))
	assert ops_resolution_by(issue)


def test_a_queue_that_is_down_is_found_out_at_once(monkeypatch):
	with socket.create_server(("127.0.0.1", 0)) as there:
		monkeypatch.setitem(frappe.conf, "redis_queue", f"redis://127.0.0.1:{there.getsockname()[1]}")
		assert queue_answers()
	assert not queue_answers()  # nobody listens there any more
	monkeypatch.setitem(frappe.conf, "redis_queue", "unix:///run/redis.sock")
	assert queue_answers()


def test_jobs_beside_saves_read_what_is_committed_and_leave_the_connection_as_it_was():
	def level():
		return frappe.db.sql("SELECT @@session.tx_isolation")[0][0]

	before = level()
	with framework.reading_committed():
		assert level() == "READ-COMMITTED"
	assert level() == before
	with pytest.raises(KeyError), framework.reading_committed():
		raise KeyError
	assert level() == before
