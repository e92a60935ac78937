"""A good guest: who uses nothing of ours pays nothing: no query on a save of the host's records, no job every minute."""

import itertools
import os

import factories
import frappe
import frappe.share
import isolation
import pytest
import scenario
from frappe.desk.doctype.tag.tag import add_tag
from frappe.desk.form import assign_to
from frappe.utils import add_days
from test_guest_busy_host import without_us

from ops_delivery.permissions import switches
from ops_delivery.services.administration import deleted_bytes
from ops_delivery.services.engine import process_caches as kept
from ops_delivery.services.escalation import minute
from ops_delivery.services.escalation import sweep_fallback as pulse
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.outbox import waking
from ops_delivery.setup import install


@pytest.fixture(autouse=True)
def unused(as_installed):
	forget_all_use()
	yield
	switches.forget()


def forget_all_use() -> None:
	"""As after installing, and nothing of ours was ever made."""
	for doctype in (*waking.WORK, *switches.LOOKED_INTO):
		frappe.db.delete(doctype)
	frappe.db.delete("Service Agreement")
	install.after_sync()
	frappe.db.commit()


def stopped() -> bool:
	return bool(frappe.db.get_value("Scheduled Job Type", {"method": switches.minute_job()}, "stopped"))


class Saves:
	"""Everyday saves of the host's records; each is done twice, and the second one, warm, is counted."""

	def __init__(self):
		self.days = itertools.count()
		factories.make_email_account()
		self.customer = factories.make_customer().name
		self.agent = factories.make_user(roles=["Support Team"]).name
		self.issue = factories.make_issue(self.customer, raised_by="a@example.com")
		self.task = factories.make("Task", subject="Task")
		self.project = factories.make("Project", project_name=factories.unique("Project"), company=factories.company()).name
		self.contact = factories.make_contact(self.customer, factories.unique_email("b")).name
		self.note_read = factories.make("Note", title=factories.unique("Note")).name
		self.activity_type = factories.make("Activity Type", activity_type=factories.unique("Counted")).name
		self.seller = factories.make("Sales Person", sales_person_name=factories.unique("Counted")).name
		item = {"item_code": factories.unique("Counted"), "item_group": "All Item Groups", "stock_uom": "Nos"}
		self.item = factories.make("Item", **item, valuation_rate=5).name

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

	def save_again(self, doctype: str, name: str, field: str):
		doc = frappe.get_doc(doctype, name)
		doc.set(field, factories.unique("Other"))
		doc.save()

	def customer_save(self):
		self.save_again("Customer", self.customer, "customer_details")

	def contact_save(self):
		self.save_again("Contact", self.contact, "designation")

	def user_save(self):
		self.save_again("User", self.agent, "last_name")

	def project_save(self):
		self.save_again("Project", self.project, "notes")

	def timesheet(self):
		day = add_days("2026-03-02", next(self.days))
		log = {"activity_type": self.activity_type, "from_time": f"{day} 09:00:00", "to_time": f"{day} 10:00:00", "hours": 1}
		factories.make("Timesheet", time_logs=[log])

	def stock_entry(self):
		store = frappe.db.get_value("Warehouse", {"company": factories.company(), "warehouse_name": "Stores"})
		row = {"item_code": self.item, "qty": 1, "t_warehouse": store, "basic_rate": 5, "uom": "Nos", "conversion_factor": 1}
		factories.make("Stock Entry", stock_entry_type="Material Receipt", company=factories.company(), items=[row])

	def maintenance_visit(self):
		purpose = {"service_person": self.seller, "work_done": "looked", "description": "-"}
		factories.make(
			"Maintenance Visit", customer=self.customer, maintenance_type="Unscheduled", completion_status="Fully Completed",
			mntc_date="2026-03-02", company=factories.company(), purposes=[purpose],
		)  # fmt: skip

	def event(self):
		factories.make("Event", subject="Event", starts_on="2026-03-02 09:00:00", event_type="Public")

	def file(self):
		factories.make("File", file_name="counted.txt", content=factories.unique("text"), is_private=1)

	def file_made_public(self):
		doc = factories.make("File", file_name="counted.txt", content=factories.unique("text"), is_private=1)
		doc = frappe.get_doc("File", doc.name)
		doc.is_private = 0
		doc.save()

	def share(self):
		frappe.share.add("Note", self.note_read, self.agent)

	def tag(self):
		add_tag("Counted", "Note", self.note_read)

	def note(self):
		factories.make("Note", title=factories.unique("Note"))

	def list_of_to_dos(self):
		frappe.set_user(self.agent)
		frappe.get_list("ToDo", limit=5)
		frappe.set_user("Administrator")


NAMES = [name for name in vars(Saves) if not name.startswith("_") and name != "save_again"]


def counted() -> dict[str, int]:
	saves, found = Saves(), {}
	for name in NAMES:
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


def test_the_bytes_of_the_hosts_files_go_without_a_query_of_ours():
	"""A whole deletion is not compared: Frappe looks through all links, with what apps have more or less of it in its cache."""
	switches.now()
	file = frappe.get_doc("File", factories.make("File", file_name="counted.txt", content=factories.unique("text"), is_private=1).name)
	assert os.path.exists(file.get_full_path())
	assert queries(lambda: deleted_bytes.guard_deletion(file)) == 0
	assert queries(file.delete_file_data_content) == 0
	assert not os.path.exists(file.get_full_path())


def counted_cold(saves: Saves) -> dict[str, int]:
	"""The first save after a cleared cache, in a process that has done the same before."""
	found = {}
	for name in ("note", "issue_save", "message", "task_done"):
		getattr(saves, name)()
		cold = []
		for _twice in range(2):  # the first cleared cache of a process costs two looks at columns more
			frappe.clear_cache()
			kept.forget_all()
			cold.append(queries(getattr(saves, name)))
		found[name] = min(cold)
	return found


def test_the_first_save_after_a_cleared_cache_costs_hardly_a_query_more():
	saves = Saves()
	with_us = counted_cold(saves)
	with without_us():
		alone = counted_cold(saves)
	more = {name: with_us[name] - alone[name] for name in alone}
	assert max(more.values()) <= 5, more


def test_the_job_of_every_minute_sleeps_until_there_is_something_to_watch():
	assert stopped()
	assert not pulse._overdue()
	methods = [
		method
		for events in frappe.get_hooks("scheduler_events", app_name="ops_delivery")["cron"].values()
		for method in events
	]
	assert methods == [switches.minute_job()]
	isolation.switch({"messages_for": "All Customers", "issue_rule": "Service Agreement"})
	assert stopped(), "nothing to watch yet"
	notices.post("Issue", factories.make_issue().name, "ops_received")
	assert not stopped()
	waking.sleep_if_idle()
	assert not stopped(), "a notice waits"


def test_the_first_clock_wakes_it():
	scenario.issue(scenario.agreement())
	assert not stopped()
