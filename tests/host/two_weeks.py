"""An organization that runs ERPNext, at work for two weeks, through the doors its people use. Run by the bench's Python from sites/:

two_weeks.py SITE seed              customers, people, stock, ERPNext's SLA, rules and notices of the host's own
two_weeks.py SITE work FILE         fourteen days of work; what each door answered goes to FILE as JSON
two_weeks.py SITE read FILE         every table, column and index of the database, as JSON

The same on every site it is run on: one seed of chance, a clock that stands still but between two steps. Nothing of this app
is named or used here. Jobs are worked off after each day, and the scheduler's own jobs run once a day; no mail leaves.
"""

import json
import random
import sys
import traceback
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "site"), str(ROOT / "tools")]

import frappe
from freezegun import freeze_time
from on_site import opened

DAYS, ISSUES_A_DAY, STEPS_A_DAY = 14, 6, 28
BEGIN = datetime(2026, 3, 2, 1, 0, 0, 120000)  # UTC; a Monday, nine o'clock; a moment without a fraction is written in two ways
STEP = timedelta(minutes=3)
PASSWORD = "Wind-turbine-62"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# they ask other machines, empty what is compared, or keep nothing
NOT_RUN = ("email.queue.flush", "check_for_update", "pull", "backup", "telemetry", "update_check", "release", "monitor", "insights", "plaid",
	"exchange_rate", "search_index", "website_search", "sitemap", "oauth", "google", "dropbox", "s3_")  # fmt: skip


def main(site: str, command: str, *arguments: str) -> None:
	{"seed": seed, "work": work, "read": read}[command](site, *arguments)


def add(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


# What is there before the two weeks


def seed(site: str) -> None:
	with freeze_time(BEGIN - timedelta(days=30)), opened(site):
		frappe.set_user("Administrator")
		frappe.flags.mute_emails = True
		company = frappe.defaults.get_global_default("company")
		people = {
			"lead": ["Support Team", "System Manager", "Projects Manager"],
			"agent-1": ["Support Team", "Projects User", "Maintenance User"],
			"agent-2": ["Support Team", "Projects User", "Employee"],
			"agent-3": ["Support Team"],
			"stock": ["Stock User", "Stock Manager", "Item Manager", "Maintenance Manager"],
			"sales": ["Sales User", "Sales Manager", "Sales Master Manager"],
		}
		for name, roles in people.items():
			user(name, [*roles, "Desk User"] if frappe.db.exists("Role", "Desk User") else roles)
		for number in range(8):
			customer = add("Customer", customer_name=f"Customer {number}", customer_type="Company").name
			email = f"caller-{number}@example.com"
			add(
				"Contact", first_name=f"Caller {number}", email_ids=[{"email_id": email, "is_primary": 1}],
				links=[{"link_doctype": "Customer", "link_name": customer}],
			)  # fmt: skip
			if number < 4:
				user(f"caller-{number}", ["Customer"], "Website User")
				document = frappe.get_doc("Customer", customer)
				document.append("portal_users", {"user": email})
				document.save()
		with patch("frappe.email.doctype.email_account.email_account.EmailAccount.validate_smtp_conn"):
			add(
				"Email Account", email_account_name="Desk", email_id="desk@example.com", enable_outgoing=1, default_outgoing=1,
				smtp_server="127.0.0.1", no_smtp_authentication=1, append_to="Issue",
			)  # fmt: skip
		sla()
		project = add("Project", project_name="Rollout", company=company).name
		for number in range(6):
			add("Task", subject=f"Prepared {number}", project=project)
		add("Activity Type", activity_type="On Site")
		add("Item", item_code="Filter", item_group="All Item Groups", stock_uom="Nos", is_stock_item=1, valuation_rate=5)
		add(
			"Assignment Rule", document_type="Issue", description="{{ subject }}", priority=1,
			assign_condition="priority == 'High'", unassign_condition="status == 'Closed'", rule="Round Robin",
			users=[{"user": "agent-1@example.com"}, {"user": "agent-2@example.com"}],
			assignment_days=[{"day": day} for day in (*WEEK, "Saturday", "Sunday")], name="High ones",
		)  # fmt: skip
		add(
			"Notification", name="Closed ones", subject="{{ doc.subject }} is closed", document_type="Issue", channel="Email",
			event="Value Change", value_changed="status", condition="doc.status == 'Closed'",
			recipients=[{"receiver_by_document_field": "raised_by"}], message="Closed: {{ doc.name }}", enabled=1,
		)  # fmt: skip
		frappe.db.set_value("Web Form", "issues", "published", 1)


def user(name: str, roles: list[str], user_type: str = "System User") -> None:
	add(
		"User", email=f"{name}@example.com", first_name=name, user_type=user_type, send_welcome_email=0,
		new_password=PASSWORD, roles=[{"role": role} for role in roles],
	)  # fmt: skip


def sla() -> None:
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	frappe.db.set_single_value("Support Settings", "allow_resetting_service_level_agreement", 1)
	frappe.db.set_single_value("Support Settings", "close_issue_after_days", 3)
	for name in ("Low", "Medium", "High"):
		if not frappe.db.exists("Issue Priority", name):
			add("Issue Priority", name=name)
	for name in ("Fault", "Question"):
		if not frappe.db.exists("Issue Type", name):
			add("Issue Type", name=name)
	holidays = add("Holiday List", holiday_list_name="Holidays", from_date="2026-01-01", to_date="2027-12-31").name
	times = {"Low": (28800, 172800), "Medium": (14400, 86400), "High": (3600, 28800)}
	add(
		"Service Level Agreement", document_type="Issue", service_level="Standard", enabled=1,
		default_service_level_agreement=1, apply_sla_for_resolution=1, holiday_list=holidays,
		priorities=[
			{"priority": name, "response_time": first, "resolution_time": last, "default_priority": name == "Medium"}
			for name, (first, last) in times.items()
		],
		sla_fulfilled_on=[{"status": "Resolved"}, {"status": "Closed"}], pause_sla_on=[{"status": "On Hold"}],
		support_and_resolution=[{"workday": day, "start_time": "09:00:00", "end_time": "18:00:00"} for day in WEEK],
	)  # fmt: skip


# Two weeks


def work(site: str, answers: str) -> None:
	import isolation

	with freeze_time(BEGIN - timedelta(hours=1)) as clock, isolation.collected_jobs() as jobs:
		weeks = TwoWeeks(site, clock, jobs)
		weeks.pass_by()
	Path(answers).write_text(json.dumps(weeks.answers, indent=0))
	refused = sum(status >= 400 for _day, _what, status, _said in weeks.answers)
	print(f"{len(weeks.answers)} steps, {refused} of them refused")


class TwoWeeks:
	def __init__(self, site: str, clock, jobs):
		import wire

		self.site, self.clock, self.jobs = site, clock, jobs
		self.chance = random.Random(28827)
		self.answers, self.serial = [], 0
		more = {
			"lead": ("Projects User", "Website Manager", "Report Manager"),
			"stock": ("Maintenance User",),
			"agent-1": ("Sales User", "Report Manager"),
		}
		with self.inside():
			for name, roles in more.items():
				frappe.get_doc("User", f"{name}@example.com").add_roles(*roles)
		names = ("lead", "agent-1", "agent-2", "agent-3", "stock", "sales", *(f"caller-{number}" for number in range(4)))
		self.people = {}
		for name in names:
			self.clock.tick(STEP)
			self.people[name] = wire.Visitor(site, f"{name}@example.com", PASSWORD)
		self.guest = wire.Visitor(site)
		self.agents = ("agent-1", "agent-2", "agent-3")

	def pass_by(self) -> None:
		for self.day in range(DAYS):
			self.clock.move_to(BEGIN + timedelta(days=self.day))
			for _number in range(ISSUES_A_DAY):
				self.take(self.chance.choice([self.issue_by_form, self.issue_by_form, self.issue_by_api, self.issue_by_mail,
					self.issue_by_portal]))  # fmt: skip
			steps = [name for name in dir(self) if name.startswith("do_")]
			for _number in range(STEPS_A_DAY):
				self.take(getattr(self, self.chance.choice(steps)))
			for name in sorted(name for name in dir(self) if name.startswith(f"day_{self.day}_")):
				self.take(getattr(self, name))
			self.take(self.end_of_day)
			print(f"day {self.day + 1}: {len(self.answers)} steps", flush=True)

	def take(self, step) -> None:
		self.clock.tick(STEP)
		self.serial += 1
		try:
			step()
		except Exception as error:  # the same on every site, or it is a difference
			self.note(f"{step.__name__} failed", 500, f"{type(error).__name__}: {error}"[:300])

	def note(self, what: str, status: int, said: str = "") -> None:
		self.answers.append([self.day, what, status, said])

	def ask(self, who: str, method: str, path: str, form=None, **options):
		answer = (self.people.get(who) or self.guest).ask(method, path, form, **options)
		self.note(f"{who} {method} {path}", answer.status, answer.said()[:300] if answer.status >= 400 else "")
		return answer

	def call(self, who: str, function: str, method: str = "POST", **arguments):
		form = {
			key: value if isinstance(value, str | int | float) else json.dumps(value, default=str)
			for key, value in arguments.items()
		}
		return self.ask(who, method, f"/api/method/{function}", form)

	def save(self, who: str, document: dict, action: str = "Save"):
		"""As the form's Save button."""
		if "name" not in document:
			document |= {"name": f"new-{document['doctype'].lower()}-{self.serial}", "__islocal": 1, "docstatus": 0}
			for key, rows in document.items():
				if isinstance(rows, list):
					for index, row in enumerate(rows):
						row |= {"parentfield": key, "parenttype": document["doctype"], "__islocal": 1, "idx": index + 1,
							"name": f"new-row-{self.serial}-{index}"}  # fmt: skip
		answer = self.call(who, "frappe.desk.form.save.savedocs", doc=document, action=action)
		return answer.json["docs"][0]["name"] if answer.status == 200 else None

	def change(self, who: str, doctype: str, name: str, action: str = "Save", **values):
		"""Open a form, change it and save it."""
		answer = self.call(who, "frappe.desk.form.load.getdoc", "GET", doctype=doctype, name=name)
		if answer.status == 200:
			return self.save(who, {**answer.json["docs"][0], **values}, action)

	@contextmanager
	def inside(self, who: str = "Administrator"):
		with opened(self.site):
			frappe.set_user(who)
			yield

	def some(self, doctype: str, **filters) -> str | None:
		"""One of those that are there, by chance but the same on every site."""
		with self.inside():
			names = frappe.get_all(doctype, filters=filters, order_by="creation, name", pluck="name", limit=0)
		return self.chance.choice(names) if names else None

	def open_issue(self) -> str:
		return self.some("Issue", status=["!=", "Closed"]) or self.some("Issue")

	# an Issue comes in

	def words(self) -> dict:
		number = self.serial
		return {"subject": f"Broken {number}", "priority": self.chance.choice(["Low", "Medium", "High"]),
			"issue_type": self.chance.choice(["Fault", "Question"]), "description": f"<p>It does not work ({number}).</p>"}  # fmt: skip

	def issue_by_form(self):
		number = self.chance.randrange(8)
		values = {"customer": f"Customer {number}", "raised_by": f"caller-{number}@example.com"}
		self.save(self.chance.choice(self.agents), {"doctype": "Issue", "status": "Open", **values, **self.words()})

	def issue_by_api(self):
		customer = f"Customer {self.chance.randrange(8)}"
		self.ask("lead", "POST", "/api/resource/Issue", {"data": json.dumps({"customer": customer, **self.words()})})

	def issue_by_mail(self):
		number, serial = self.chance.randrange(8), self.serial
		self.mail(f"caller-{number}@example.com", f"By mail {serial}")

	def mail(self, sender: str, subject: str, more: str = ""):
		from frappe.email.receive import InboundMail

		raw = (
			f"From: {sender}\r\nTo: desk@example.com\r\nSubject: {subject}\r\n{more}"
			f"Message-ID: <{self.serial}@mail.example.com>\r\nContent-Type: text/plain\r\n\r\nIt does not work."
		)
		with self.inside():
			found = InboundMail(raw.encode(), frappe.get_doc("Email Account", "Desk")).process()
			self.note(f"mail {subject}", 200, str(found.reference_name))

	def issue_by_portal(self):
		caller = f"caller-{self.chance.randrange(4)}"
		self.call(
			caller, "frappe.website.doctype.web_form.web_form.accept", web_form="issues",
			data={"doctype": "Issue", "web_form_name": "issues", "subject": f"From the portal {self.serial}",
				"description": "It does not work."},
		)  # fmt: skip

	# what happens to it

	def do_assign(self):
		who = [f"{self.chance.choice(self.agents)}@example.com"]
		self.call("lead", "frappe.desk.form.assign_to.add", assign_to=who, doctype="Issue", name=self.open_issue(), description="-")

	def do_answer(self):
		self.call(
			self.chance.choice(self.agents), "frappe.core.doctype.communication.email.make", doctype="Issue",
			name=self.open_issue(), content="We look at it.", subject="Re: it", recipients="caller-1@example.com",
			send_email=1, communication_medium="Email",
		)  # fmt: skip

	def do_mail_back(self):
		name = self.some("Issue")
		with self.inside():
			sent = frappe.get_all(
				"Communication", {"reference_name": name, "sent_or_received": "Sent"}, order_by="creation", pluck="message_id"
			)
		self.mail("caller-1@example.com", f"Re: it (#{name})", f"In-Reply-To: <{sent[0]}>\r\n" if sent and sent[0] else "")

	def do_comment(self):
		self.call(
			self.chance.choice(self.agents), "frappe.desk.form.utils.add_comment", reference_doctype="Issue",
			reference_name=self.open_issue(), content="noted", comment_email="agent-1@example.com", comment_by="agent-1",
		)  # fmt: skip

	def do_close(self):
		self.call("agent-1", "erpnext.support.doctype.issue.issue.set_status", name=self.open_issue(), status="Closed")

	def do_close_by_form(self):
		self.change("agent-2", "Issue", self.open_issue(), status="Closed", resolution_details="done")

	def do_hold_several(self):
		names = sorted({self.open_issue(), self.open_issue()})
		self.call("agent-3", "erpnext.support.doctype.issue.issue.set_multiple_status", names=names, status="On Hold")

	def do_reopen(self):
		self.change("agent-2", "Issue", self.some("Issue"), status="Open")

	def do_change_priority(self):
		self.call("lead", "frappe.client.set_value", doctype="Issue", name=self.open_issue(), fieldname="priority", value="High")

	def do_tag(self):
		self.call("agent-1", "frappe.desk.doctype.tag.tag.add_tag", tag="Night", dt="Issue", dn=self.open_issue())

	def do_like(self):
		self.call("agent-1", "frappe.desk.like.toggle_like", doctype="Issue", name=self.open_issue(), add="Yes")

	def do_share(self):
		self.call("lead", "frappe.share.add", doctype="Issue", name=self.open_issue(), user="sales@example.com", read=1)

	def do_attach(self):
		from io import BytesIO

		file = (BytesIO(b"some text"), f"note {self.serial}.txt")
		form = {"file": file, "doctype": "Issue", "docname": self.open_issue(), "is_private": "1"}
		self.ask("agent-1", "POST", "/api/method/upload_file", form)

	def do_list(self):
		self.call(
			self.chance.choice(self.agents), "frappe.desk.reportview.get", doctype="Issue",
			fields=["`tabIssue`.`name`", "`tabIssue`.`subject`"], filters=[["Issue", "status", "=", "Open"]],
			order_by="modified desc", start=0, page_length=20,
		)  # fmt: skip

	def do_export(self):
		self.call(
			"lead", "frappe.desk.reportview.export_query", doctype="Issue", fields=["`tabIssue`.`subject`"], filters=[],
			file_format_type="CSV", title="Issue",
		)  # fmt: skip

	def do_make_a_task(self):
		answer = self.call("agent-1", "erpnext.support.doctype.issue.issue.make_task", source_name=self.open_issue())
		if answer.status == 200:
			made = {key: value for key, value in answer.json["message"].items() if key not in ("name", "__islocal", "__unsaved")}
			self.save("agent-1", made)

	def do_finish_a_task(self):
		if name := self.some("Task", status="Open"):
			self.change("agent-1", "Task", name, status="Completed", completed_on=str(date(2026, 3, 2)), progress=100)

	def do_new_task(self):
		self.save("agent-2", {"doctype": "Task", "subject": f"Task {self.serial}", "project": self.some("Project")})

	def do_to_do(self):
		self.save("agent-3", {"doctype": "ToDo", "description": f"do {self.serial}", "allocated_to": "agent-3@example.com"})

	def do_close_a_to_do(self):
		if name := self.some("ToDo", status="Open"):
			self.change("lead", "ToDo", name, status="Closed")

	def do_event(self):
		begin = str(BEGIN + timedelta(days=self.day + 1))[:19]
		self.save("agent-1", {"doctype": "Event", "subject": f"Meet {self.serial}", "starts_on": begin, "event_type": "Public"})

	def do_note(self):
		self.save("agent-3", {"doctype": "Note", "title": f"Note {self.serial}", "content": "-", "public": 1})

	def do_timesheet(self):
		begin = BEGIN.replace(microsecond=0) + timedelta(days=self.day, hours=1, minutes=self.serial)
		log = {"activity_type": "On Site", "from_time": str(begin), "to_time": str(begin + timedelta(hours=1)), "hours": 1}
		name = self.save("lead", {"doctype": "Timesheet", "time_logs": [log]})
		if name and self.chance.random() < 0.5:
			self.change("lead", "Timesheet", name, "Submit")

	def do_stock(self):
		with self.inside():
			company = frappe.defaults.get_global_default("company")
			store = frappe.db.get_value("Warehouse", {"company": company, "warehouse_name": "Stores"})
		row = {"item_code": "Filter", "qty": 2, "t_warehouse": store, "basic_rate": 5, "uom": "Nos", "conversion_factor": 1}
		name = self.save(
			"stock",
			{"doctype": "Stock Entry", "stock_entry_type": "Material Receipt", "company": company, "items": [row]},
		)
		if name:
			self.change("stock", "Stock Entry", name, "Submit")

	def do_maintenance(self):
		customer = f"Customer {self.chance.randrange(8)}"
		row = {"service_person": "Sales Team", "work_done": "looked", "description": "Filter"}
		with self.inside():
			if not frappe.db.exists("Sales Person", "Nobody"):
				add("Sales Person", sales_person_name="Nobody")
		self.save(
			"stock",
			{"doctype": "Maintenance Visit", "customer": customer, "maintenance_type": "Unscheduled", "completion_status":
				"Fully Completed", "mntc_date": str(BEGIN.date()), "purposes": [{**row, "service_person": "Nobody"}]},
		)  # fmt: skip

	def do_change_a_contact(self):
		self.change("sales", "Contact", self.some("Contact"), designation=f"since {self.serial}")

	def do_change_a_customer(self):
		self.change("sales", "Customer", f"Customer {self.chance.randrange(8)}", customer_details=f"since {self.serial}")

	def do_search(self):
		self.call("agent-1", "frappe.desk.search.search_link", doctype="Customer", txt="Cust", page_length=5)
		self.call("agent-1", "frappe.utils.global_search.search", text="Broken", start=0, limit=5)

	def do_portal_pages(self):
		caller = f"caller-{self.chance.randrange(4)}"
		for path in ("/", "/me", "/issues", "/issues/list", "/issues/new", "/projects"):
			self.ask(caller, "GET", path)

	def do_open_from_the_portal(self):
		number = self.chance.randrange(4)
		if name := self.some("Issue", raised_by=f"caller-{number}@example.com"):
			self.ask(f"caller-{number}", "GET", f"/issues/{name}")
			self.call(
				f"caller-{number}", "frappe.website.doctype.web_form.web_form.accept", web_form="issues",
				data={"doctype": "Issue", "name": name, "web_form_name": "issues", "subject": "Said anew",
					"description": f"More {self.serial}"},
			)  # fmt: skip

	def do_api_reads(self):
		self.ask("lead", "GET", f"/api/resource/Issue/{self.some('Issue')}")
		self.ask("caller-1", "GET", "/api/resource/Issue", {"limit_page_length": 5})
		self.ask("guest", "GET", "/api/resource/Issue")
		self.call("lead", "frappe.client.get_count", "GET", doctype="Issue", filters={"status": "Open"})

	# what happens once

	def day_1_split(self):
		name = self.some("Issue", subject=["like", "By mail%"])
		with self.inside():
			said = frappe.db.get_value("Communication", {"reference_name": name, "sent_or_received": "Received"})
		form = {"run_method": "split_issue", "subject": "Another matter", "communication_id": said}
		self.ask("agent-1", "POST", f"/api/resource/Issue/{name}", form)

	def day_2_delete(self):
		self.call("lead", "frappe.desk.reportview.delete_items", doctype="Note", items=[self.some("Note") or "-"])
		self.call("lead", "frappe.client.delete", doctype="Issue", name=self.some("Issue", subject=["like", "From the portal%"]) or "-")

	def day_3_rename(self):
		self.call(
			"sales", "frappe.model.rename_doc.update_document_title", doctype="Customer", docname="Customer 7",
			name="Customer Seven", title="Customer Seven", enqueue=0,
		)  # fmt: skip
		self.call("sales", "frappe.model.rename_doc.update_document_title", doctype="Customer", docname="Customer Seven",
			name="Customer 7", title="Customer 7", enqueue=0)  # fmt: skip

	def day_4_customize(self):
		field = {"doctype": "Custom Field", "dt": "Issue", "fieldname": "colour_of_day", "label": "Colour", "fieldtype": "Data",
			"insert_after": "priority"}  # fmt: skip
		self.save("lead", field)
		self.save("lead", {"doctype": "Property Setter", "doc_type": "Issue", "field_name": "subject", "property": "bold",
			"property_type": "Check", "value": "1", "doctype_or_field": "DocField"})  # fmt: skip
		self.change("lead", "Issue", self.open_issue(), colour_of_day="red")

	def day_5_roles(self):
		self.save("lead", {"doctype": "Role", "role_name": "Night Desk", "desk_access": 1})
		self.call("lead", "frappe.core.page.permission_manager.permission_manager.add", parent="Issue", role="Night Desk", permlevel=0)
		self.call("lead", "frappe.core.page.permission_manager.permission_manager.update", doctype="Issue", role="Night Desk",
			permlevel=0, ptype="write", value=1)  # fmt: skip
		self.call("lead", "frappe.core.page.permission_manager.permission_manager.add", parent="Task", role="Night Desk", permlevel=0)

	def day_6_bulk(self):
		names = sorted({self.open_issue(), self.open_issue(), self.open_issue()})
		self.call("lead", "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs", doctype="Issue",
			docnames=names, action="update", data={"issue_type": "Question"})  # fmt: skip

	def day_7_import(self):
		rows = "Subject,Customer,Priority\n" + "".join(f"Imported {number},Customer {number},Low\n" for number in range(3))
		with self.inside():
			file = add("File", file_name="issues.csv", content=rows, is_private=1)
			data_import = add(
				"Data Import", reference_doctype="Issue", import_type="Insert New Records", import_file=file.file_url,
				submit_after_import=0, mute_emails=1,
			)  # fmt: skip
			frappe.db.commit()
			from frappe.core.doctype.data_import.data_import import start_import

			start_import(data_import.name)
			data_import.reload()
			self.note("data import", 200, data_import.status)

	def day_7_sell(self):
		"""A quotation and an order, as nothing of ours is about them."""
		row = {"item_code": "Filter", "qty": 1, "rate": 9, "delivery_date": str(BEGIN.date() + timedelta(days=30)), "uom": "Nos"}
		for doctype in ("Quotation", "Sales Order"):
			whom = {"party_name": "Customer 1", "quotation_to": "Customer"} if doctype == "Quotation" else {"customer": "Customer 1"}
			name = self.save("sales", {"doctype": doctype, **whom, "order_type": "Sales", "delivery_date": row["delivery_date"],
				"items": [dict(row)]})  # fmt: skip
			if name:
				self.change("sales", doctype, name, "Submit")

	def day_8_settings(self):
		self.change("lead", "Support Settings", "Support Settings", close_issue_after_days=2)
		self.change("lead", "Portal Settings", "Portal Settings", default_portal_home="me")
		self.change("lead", "Website Settings", "Website Settings", home_page="login")

	def day_9_sla(self):
		with self.inside():
			name = frappe.get_all("Service Level Agreement", pluck="name")[0]
		answer = self.call("lead", "frappe.desk.form.load.getdoc", "GET", doctype="Service Level Agreement", name=name)
		if answer.status == 200:
			document = answer.json["docs"][0]
			document["priorities"][0]["response_time"] = 7200
			self.save("lead", document)

	def day_10_people(self):
		with self.inside():
			user("agent-4", ["Support Team"])
			add("User Permission", user="agent-3@example.com", allow="Customer", **{"for_value": "Customer 1"})

	def day_11_saved_views(self):
		self.call("agent-1", "frappe.desk.reportview.save_report", name="Mine", doctype="Issue",
			report_settings={"fields": [["subject", "Issue"]]})  # fmt: skip
		self.call("agent-1", "frappe.desk.doctype.kanban_board.kanban_board.quick_kanban_board", doctype="Issue",
			board_name="Board", field_name="status")  # fmt: skip
		self.save("lead", {"doctype": "Auto Email Report", "report": "Mine", "user": "agent-1@example.com", "enabled": 1,
			"email_to": "agent-1@example.com", "frequency": "Daily", "format": "CSV", "report_type": "Report Builder"})  # fmt: skip

	def day_12_follow(self):
		self.call("agent-1", "frappe.desk.form.document_follow.follow_document", doctype="Issue", doc_name=self.open_issue(),
			user="agent-1@example.com")  # fmt: skip

	def day_12_print(self):
		self.ask("lead", "GET", "/printview", {"doctype": "Issue", "name": self.some("Issue"), "format": "Standard"})

	# in the night

	def end_of_day(self):
		with self.inside():
			# Redis counts by the real clock how often a door was used within a minute, and a day passes here in seconds
			frappe.cache.delete_keys("rl:")
			self.run_jobs()
			methods = frappe.get_all(
				"Scheduled Job Type", {"stopped": 0, "method": ["not like", "ops_delivery.%"]}, order_by="method", pluck="method"
			)
			for method in methods:
				if any(part in method for part in NOT_RUN) or "Monthly" in method:
					continue
				try:
					frappe.get_attr(method)()
					frappe.db.commit()
				except Exception as error:
					frappe.db.rollback()
					self.note(f"job {method}", 500, type(error).__name__)
			self.run_jobs()

	def run_jobs(self):
		while self.jobs:
			job = self.jobs.pop(0)
			frappe.set_user(job["user"])
			try:
				(frappe.get_attr(job["method"]) if isinstance(job["method"], str) else job["method"])(**job["kwargs"])
				frappe.db.commit()
			except Exception as error:
				frappe.db.rollback()
				self.note(f"queued {job['method']}", 500, type(error).__name__)
			frappe.set_user("Administrator")


# The database


def read(site: str, file: str) -> None:
	"""Nothing is left out here: what is compared says twins.py."""
	with opened(site):
		schema = frappe.db.sql(
			"select table_name, column_name, column_type, is_nullable, column_default from information_schema.columns "
			"where table_schema = database() order by 1, 2"
		)
		indexes = frappe.db.sql(
			"select table_name, index_name, non_unique, group_concat(column_name order by seq_in_index) "
			"from information_schema.statistics where table_schema = database() group by 1, 2, 3 order by 1, 2"
		)
		tables = {}
		for table in sorted({row[0] for row in schema}):
			tables[table] = [{key: plain(value) for key, value in row.items()} for row in frappe.db.sql(f"select * from `{table}`", as_dict=True)]
	found = {"schema": schema, "indexes": indexes, "tables": tables}
	Path(file).write_text(json.dumps(found, default=str))


def plain(value):
	if isinstance(value, bytes):
		return value.hex()
	if isinstance(value, Decimal):
		return float(value)
	return value if isinstance(value, int | float | str | None) else str(value)


if __name__ == "__main__":
	try:
		main(*sys.argv[1:])
	except Exception:
		traceback.print_exc()
		raise SystemExit(1) from None
