"""A good guest: two weeks of work on a busy host leave the same with us installed as without us, to the last mail.

The same actions run twice on the same site, each in a transaction of its own that is taken back: once as installed, once
with every hook of ours left out. What is left must be equal.
"""

import itertools
import random
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import factories
import frappe
import pytest
import scenario
from frappe.core.doctype.communication.email import make
from frappe.desk.form import assign_to
from frappe.desk.form.save import savedocs
from frappe.email.receive import InboundMail
from frappe.handler import execute_cmd
from frappe.utils import set_request

from ops_delivery import framework
from ops_delivery.permissions import switches

ISSUES, TASKS, DAYS = 200, 40, 14
LEFT = {
	"Issue": ("subject", "status", "priority", "customer", "contact", "raised_by", "service_level_agreement",
		"agreement_status", "resolution_details", "docstatus"),
	"Task": ("subject", "status", "priority", "progress"),
	"Project": ("project_name", "status", "percent_complete"),
	"ToDo": ("reference_type", "status", "allocated_to", "description"),
	"Communication": ("subject", "sent_or_received", "sender", "recipients", "reference_doctype", "status"),
	"Comment": ("reference_doctype", "comment_type", "content"),
	"Email Queue": ("reference_doctype", "status", "sender"),
	"Email Queue Recipient": ("recipient", "status"),
	"Notification Log": ("document_type", "type", "for_user", "subject"),
	"Version": ("ref_doctype",),
	"Timesheet": ("status", "total_hours"),
}  # fmt: skip
OURS = ("Service Notice", "Service Clock", "Service Clock Event", "Issue Takeover", "Service Acceptance", "Escalation Log")


@pytest.fixture(autouse=True)
def forget(as_installed):
	yield
	switches.forget()


@contextmanager
def without_us():
	"""Every hook of ours is left out, as if the app were not installed."""
	get_hooks = frappe.get_hooks

	def drop(value):
		if isinstance(value, dict):
			return frappe._dict((key, found) for key, inner in value.items() if (found := drop(inner)) not in ([], {}))
		if isinstance(value, list):
			return [inner for inner in value if "ops_delivery" not in str(inner)]
		return value

	def others(*args, **kwargs):
		return drop(get_hooks(*args, **kwargs))

	with patch.object(frappe, "get_hooks", others):
		frappe.local.doc_events_hooks = None
		if hasattr(frappe.local, "doc_events_hooks"):
			del frappe.local.doc_events_hooks
		try:
			yield
		finally:
			if hasattr(frappe.local, "doc_events_hooks"):
				del frappe.local.doc_events_hooks


class Host:
	"""An organization at work, through the doors its people use."""

	def __init__(self):
		set_request(method="POST", path="/")
		factories.make_email_account(email_id="desk@example.com", enable_incoming=0)
		self.random = random.Random(28827)
		self.serial = itertools.count(1)
		self.sla = scenario.erpnext_sla()
		self.sla.service_level = "Busy"
		self.sla.insert()
		self.agents = [self.user(f"agent-{number}", ["Support Team", "Projects User", "Desk User"]) for number in range(4)]
		self.customers = [factories.make_customer(customer_name=f"Busy {number}").name for number in range(10)]
		for number, customer in enumerate(self.customers):
			factories.make_contact(customer, f"caller-{number}@example.com", first_name=f"Caller {number}")
		self.issues, self.tasks = [], []
		self.project = factories.make("Project", project_name="Busy project", company=factories.company()).name

	def user(self, name, roles):
		return factories.make_user(f"{name}@example.com", roles=roles, first_name=name).name

	def work(self):
		begin = datetime(2026, 3, 2, 9, 0)
		for day in range(DAYS):
			frappe.flags.current_time = begin + timedelta(days=day)
			for _number in range(ISSUES // DAYS + 1):
				if len(self.issues) < ISSUES:
					self.come_in()
			for _number in range(TASKS // DAYS):
				self.new_task()
			for name in self.random.sample(self.issues, min(14, len(self.issues))):
				self.random.choice(
					(self.assign, self.answer, self.mail_in, self.close, self.reopen, self.hold, self.comment)
				)(name)
			for name in self.random.sample(self.tasks, min(2, len(self.tasks))):
				self.finish(name)
		frappe.flags.current_time = None

	def save(self, doc):
		"""As the form's Save button."""
		frappe.local.form_dict = frappe._dict()
		if doc.is_new():
			doc.set("__islocal", 1)
			doc.name = f"new-{doc.doctype.lower()}-{next(self.serial)}"
		savedocs(doc.as_json(), "Save")
		frappe.clear_messages()
		frappe.response.docs = []

	def come_in(self):
		number = next(self.serial)
		caller = self.random.randrange(10)
		if number % 3 == 0:  # by mail
			raw = (
				f"From: caller-{caller}@example.com\r\nTo: desk@example.com\r\nSubject: Broken {number}\r\n"
				f"Message-ID: <{number}.{id(self)}@example.com>\r\nContent-Type: text/plain\r\n\r\nIt does not work."
			)
			account = frappe.get_doc("Email Account", {"email_id": "desk@example.com"})
			account.append_to = "Issue"
			account.enable_incoming = 1
			found = InboundMail(raw.encode(), account).process()
			self.issues.append(found.reference_name)
			return
		doc = frappe.new_doc("Issue")
		doc.update(
			{"subject": f"Broken {number}", "priority": "Medium", "customer": self.customers[caller],
				"raised_by": f"caller-{caller}@example.com", "description": "-"}
		)  # fmt: skip
		self.save(doc)
		self.issues.append(frappe.db.get_value("Issue", {"subject": doc.subject}))

	def assign(self, name):
		try:
			assign_to.add({"assign_to": [self.random.choice(self.agents)], "doctype": "Issue", "name": name})
		except assign_to.DuplicateToDoError:
			frappe.clear_messages()

	def answer(self, name):
		frappe.set_user(self.agents[0])
		make("Issue", name, content="We look at it", subject="Re", recipients="caller-1@example.com", send_email=1)
		frappe.set_user("Administrator")

	def mail_in(self, name):
		factories.make(
			"Communication", communication_type="Communication", communication_medium="Email",
			sent_or_received="Received", subject="Re", content="Still broken", sender="caller-1@example.com",
			reference_doctype="Issue", reference_name=name,
		)  # fmt: skip

	def close(self, name):
		frappe.local.form_dict = frappe._dict(name=name, status="Closed")
		execute_cmd("erpnext.support.doctype.issue.issue.set_status")

	def reopen(self, name):
		self.change(name, status="Open")

	def hold(self, name):
		self.change(name, status="On Hold")

	def change(self, name, **values):
		doc = frappe.get_doc("Issue", name)
		doc.update(values)
		self.save(doc)

	def comment(self, name):
		frappe.get_doc("Issue", name).add_comment("Comment", "noted")

	def new_task(self):
		doc = frappe.new_doc("Task")
		doc.update({"subject": f"Task {next(self.serial)}", "project": self.project})
		self.save(doc)
		self.tasks.append(frappe.db.get_value("Task", {"subject": doc.subject}))

	def finish(self, name):
		doc = frappe.get_doc("Task", name)
		doc.update({"status": "Completed", "completed_on": "2026-03-10"})
		self.save(doc)


def left_behind() -> dict[str, list]:
	found = {}
	for doctype, fields in LEFT.items():
		rows = frappe.get_all(doctype, fields=list(fields), limit=0, order_by=None)
		found[doctype] = sorted(str([row[field] for field in fields]) for row in rows)
	return found


def two_weeks():
	frappe.db.savepoint("before_two_weeks")
	Host().work()
	found = left_behind()
	ours = {doctype: frappe.db.count(doctype) for doctype in OURS}
	columns = frappe.get_all("Issue", filters={"subject": ["like", "Broken%"]}, fields=["*"], limit=0)
	touched = {field for row in columns for field, value in row.items() if field.startswith("ops_") and value}
	frappe.db.rollback(save_point="before_two_weeks")
	frappe.clear_cache()
	switches.forget_kept()
	return found, ours, touched


def test_two_weeks_of_work_leave_what_they_leave_without_us():
	before = {doctype: frappe.db.count(doctype) for doctype in OURS}
	with without_us():
		alone, _ours, _touched = two_weeks()
	with_us, ours, touched = two_weeks()
	assert len(alone["Issue"]) >= ISSUES and len(alone["Email Queue"]) > 10
	for doctype in LEFT:
		assert with_us[doctype] == alone[doctype], doctype
	assert ours == before, "nothing of ours is written"
	assert not touched, "nor on the host's records"
	assert framework.issue_field("resolution_by")


def test_with_one_customers_agreement_only_that_customer_hears_from_us(jobs):
	factories.make_email_account()
	agreement, other = scenario.agreement(), factories.make_customer().name
	agent = factories.make_user(roles=["Support Team"]).name
	ours = factories.make_issue(agreement.customer, opening_date="2026-03-02", raised_by="a@example.com")
	theirs = factories.make_issue(other, opening_date="2026-03-02", raised_by="b@example.com")
	for issue in (ours, theirs):
		assign_to.add({"assign_to": [agent], "doctype": "Issue", "name": issue.name})
	told = frappe.get_all("Service Notice", {"key_point": "ops_dispatched"}, pluck="reference_name")
	assert told == [ours.name]
	theirs.reload()
	theirs.status = "Closed"
	theirs.save()
	assert frappe.db.get_value("Issue", theirs.name, "status") == "Closed", "closed without anybody's consent"


def test_nobody_hears_from_us_where_messages_are_off():
	import isolation

	agreement = scenario.agreement()
	isolation.switch({"messages_for": "Nobody"})
	agent = factories.make_user(roles=["Support Team"]).name
	issue = factories.make_issue(agreement.customer, opening_date="2026-03-02")
	assign_to.add({"assign_to": [agent], "doctype": "Issue", "name": issue.name})
	assert not frappe.get_all("Service Notice", {"reference_name": issue.name})
	assert scenario.clock(issue), "the rule holds all the same"
