"""A good guest: who uses nothing of ours pays nothing: no query on a save of the host's records, no job every minute."""

from contextlib import nullcontext

import factories
import frappe
import isolation
import pytest
import scenario
from frappe.desk.form import assign_to
from test_guest_busy_host import without_us

from ops_delivery.permissions import switches
from ops_delivery.services import kept, minute, notices, pulse
from ops_delivery.setup import install


@pytest.fixture(autouse=True)
def unused(as_installed):
	forget_all_use()
	yield
	switches.forget()


def forget_all_use() -> None:
	"""As after installing, and nothing of ours was ever made."""
	for doctype in (*minute.WORK, *switches.LOOKED_INTO):
		frappe.db.delete(doctype)
	frappe.db.delete("Service Agreement")
	install.after_sync()
	frappe.db.commit()


def stopped() -> bool:
	return bool(frappe.db.get_value("Scheduled Job Type", {"method": minute.METHOD}, "stopped"))


class Saves:
	"""Everyday saves of the host's records; each is done twice, and the second one, warm, is counted."""

	def __init__(self):
		factories.make_email_account()
		self.customer = factories.make_customer().name
		self.agent = factories.make_user(roles=["Support Team"]).name
		self.issue = factories.make_issue(self.customer, raised_by="a@example.com")
		self.task = factories.make("Task", subject="Task")

	def issue_insert(self):
		factories.make_issue(self.customer)

	def issue_save(self):
		doc = frappe.get_doc("Issue", self.issue.name)
		doc.subject = factories.unique("Other")
		doc.save()

	def issue_close(self):
		doc = factories.make_issue(self.customer)
		doc.status = "Closed"
		doc.save()

	def message(self):
		factories.make(
			"Communication", communication_type="Communication", communication_medium="Email", subject="Re",
			sent_or_received="Received", content="-", sender="a@example.com",
			reference_doctype="Issue", reference_name=self.issue.name,
		)  # fmt: skip

	def assignment(self):
		issue = factories.make_issue(self.customer)
		assign_to.add({"assign_to": [self.agent], "doctype": "Issue", "name": issue.name})

	def to_do(self):
		factories.make("ToDo", description="-", allocated_to=self.agent)

	def comment(self):
		self.issue.add_comment("Comment", "noted")

	def task_done(self):
		doc = factories.make("Task", subject="Task")
		doc.status = "Completed"
		doc.completed_on = "2026-03-10"
		doc.save()

	def note(self):
		factories.make("Note", title=factories.unique("Note"))

	def list_of_to_dos(self):
		frappe.set_user(self.agent)
		frappe.get_list("ToDo", limit=5)
		frappe.set_user("Administrator")


def counted() -> dict[str, int]:
	saves, found = Saves(), {}
	for name in (name for name in vars(Saves) if not name.startswith("_")):
		getattr(saves, name)()
		getattr(saves, name)()
		found[name] = queries(getattr(saves, name))
	return found


def queries(action) -> int:
	sql, count = frappe.db.sql, []

	def counting(*args, **kwargs):
		count.append(1)
		return sql(*args, **kwargs)

	frappe.db.sql = counting
	try:
		action()
	finally:
		frappe.db.sql = sql
	return len(count)


def test_no_save_of_the_hosts_costs_a_query_more():
	with without_us():
		alone = counted()
	with_us = counted()
	assert with_us == alone


COLD = 5  # queries more that the first save after a cleared cache may take


def test_the_first_save_after_a_cleared_cache_costs_hardly_a_query_more():
	saves, found = Saves(), {}
	for variant, within in (("with us", nullcontext), ("alone", without_us)):
		with within():
			for name in ("note", "issue_save", "message", "task_done"):
				getattr(saves, name)()  # what a process reads once in its life
				frappe.clear_cache()
				kept.forget_all()
				found.setdefault(name, {})[variant] = queries(getattr(saves, name))
	more = {name: counts["with us"] - counts["alone"] for name, counts in found.items()}
	assert max(more.values()) <= COLD, found


def test_the_job_of_every_minute_sleeps_until_there_is_something_to_watch():
	assert stopped()
	assert not pulse._overdue()
	methods = [
		method
		for events in frappe.get_hooks("scheduler_events", app_name="ops_delivery")["cron"].values()
		for method in events
	]
	assert methods == [minute.METHOD]
	isolation.switch({"messages_for": "All Customers", "issue_rule": "Service Agreement"})
	assert stopped(), "nothing to watch yet"
	notices.post("Issue", factories.make_issue().name, "ops_received")
	assert not stopped()
	minute.sleep_if_idle()
	assert not stopped(), "a notice waits"


def test_the_first_clock_wakes_it():
	scenario.issue(scenario.agreement())
	assert not stopped()
