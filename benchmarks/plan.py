"""What a delivery plan of 500 activities costs: to open, to save, to change one activity, to see as a Gantt chart.

Run from a bench's sites/ folder with the bench's Python:
	python APP/benchmarks/plan.py SITE [--activities 500] [--rounds 7] [--url http://127.0.0.1:8000 --password admin]

The plan is made in a transaction of its own and deleted at the end. On the server every figure is the median of the
rounds, with its own caches warm. With --url a server of the same site is asked through a real Chromium: the time from
choosing the form, or the Gantt view, until every activity stands on the page. Without it only the server is measured.
"""

import argparse
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe

CONTENTS = (
	"Routine Operation",
	"Response Support",
	"Optimization and Improvement",
	"Consultation and Evaluation",
	"Management and Reporting",
)


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--activities", type=int, default=500)
	parser.add_argument("--rounds", type=int, default=7)
	parser.add_argument("--url")
	parser.add_argument("--password", default="admin")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	plan, customer, made = _make(arguments.activities)
	try:
		print(f"{arguments.activities} activities; adding them all at once: {made:.2f} s")
		_server(plan, arguments.rounds)
		if arguments.url:
			_browser(arguments.url, arguments.password, plan, arguments.activities)
	finally:
		frappe.db.rollback()
		frappe.delete_doc("Delivery Plan", plan, force=True)
		frappe.delete_doc("Customer", customer, force=True)
		frappe.db.commit()
		frappe.destroy()


def _make(number: int) -> tuple[str, str, float]:
	"""A draft with that many activities over a year, every second one after the one before it."""
	import factories

	from ops_delivery.services.plans import activities as plan_activities

	customer = factories.make_customer().name
	start = frappe.utils.getdate() - timedelta(days=180)
	plan = factories.make(
		"Delivery Plan",
		title="Benchmark",
		customer=customer,
		company=factories.company(),
		currency="CNY",
		start_date=start,
		end_date=start + timedelta(days=365),
	)
	rows = [
		{
			"key": str(index),
			"subject": f"Activity {index + 1}",
			"service_content": CONTENTS[index % len(CONTENTS)],
			"planned_start": start + timedelta(days=index * 350 // number),
			"planned_end": start + timedelta(days=index * 350 // number + 10),
			"role": "Field Engineer",
			"budget_cost": 100,
			"after": [str(index - 1)] if index % 2 else [],
		}
		for index in range(number)
	]
	began = time.perf_counter()
	plan_activities.add_many(plan.name, rows)
	took = time.perf_counter() - began
	frappe.db.commit()
	return plan.name, customer, took


def _server(plan: str, rounds: int) -> None:
	from frappe.desk.form.load import getdoc

	from ops_delivery.api import delivery_plans

	names = frappe.get_all(
		"Delivery Activity", filters={"plan": plan}, pluck="name", order_by="name", limit=0
	)
	fields = ["name", "subject", "planned_start", "planned_end", "progress", "color", "depends_on_tasks"]

	def open_form() -> None:
		getdoc("Delivery Plan", plan)
		delivery_plans.overview(plan)

	def save_plan() -> None:
		doc = frappe.get_doc("Delivery Plan", plan)
		doc.description = f"<p>{time.time()}</p>"
		doc.save()

	def save_activity() -> None:
		doc = frappe.get_doc("Delivery Activity", names[len(names) // 2])
		doc.owner_user = "Administrator" if not doc.owner_user else None
		doc.save()

	def move_activity() -> None:
		doc = frappe.get_doc("Delivery Activity", names[len(names) // 2])
		doc.planned_end = frappe.utils.add_days(doc.planned_end, 1)
		doc.append("predecessors", {"activity": names[0]})
		doc.save()

	def gantt() -> None:
		frappe.get_list("Delivery Activity", filters={"plan": plan}, fields=fields, limit=500)

	for label, action in (
		("server: open the form (document and overview)", open_form),
		("server: save the plan", save_plan),
		("server: save one activity", save_activity),
		("server: move one activity and check its order", move_activity),
		("server: rows of the Gantt chart", gantt),
	):
		times = []
		for number in range(rounds + 1):
			frappe.local.response = frappe._dict()
			began = time.perf_counter()
			action()
			if number:  # the first one warms caches
				times.append(time.perf_counter() - began)
			frappe.db.rollback()
		print(f"{label:52}{statistics.median(times) * 1000:9.0f} ms")


def _browser(url: str, password: str, plan: str, number: int) -> None:
	import os
	import shutil

	from playwright.sync_api import sync_playwright

	executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
	with sync_playwright() as playwright:
		chromium = playwright.chromium.launch(
			executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
		)
		context = chromium.new_context(base_url=url, viewport={"width": 1440, "height": 900})
		context.set_default_timeout(120_000)
		context.request.post("/api/method/login", form={"usr": "Administrator", "pwd": password})
		page = context.new_page()
		page.goto("/app/delivery-plan")
		page.wait_for_function("() => window.cur_list?.data")
		steps = (
			(
				"browser: open the form, first time",
				"frappe.set_route('Form', 'Delivery Plan', plan)",
				_rows(number),
			),
			(
				"browser: open the list",
				"frappe.set_route('List', 'Delivery Plan', 'List')",
				"() => window.cur_list?.doctype === 'Delivery Plan' && frappe.get_route()[0] === 'List'",
			),
			(
				"browser: open the form again",
				"(frappe.model.remove_from_locals('Delivery Plan', plan), document.querySelectorAll('.ops-act-table').forEach((e) => e.remove()), frappe.set_route('Form', 'Delivery Plan', plan))",
				_rows(number),
			),
			(
				"browser: save the form until it is drawn anew",
				"(document.querySelectorAll('.ops-act-table').forEach((e) => e.remove()), cur_frm.set_value('description', '<p>x' + Date.now() + '</p>'), cur_frm.save())",
				_rows(number),
			),
			(
				"browser: Gantt view with every bar",
				"(frappe.route_options = { plan }, frappe.set_route('List', 'Delivery Activity', 'Gantt'))",
				f"() => document.querySelectorAll('.gantt .bar-wrapper').length >= {number}",
			),
		)
		for label, action, done in steps:
			began = time.perf_counter()
			page.evaluate(f"(plan) => {{ {action}; }}", plan)
			page.wait_for_function(done)
			print(f"{label:52}{(time.perf_counter() - began) * 1000:9.0f} ms")
		chromium.close()


def _rows(number: int) -> str:
	return f"() => document.querySelectorAll('.ops-act-table tr[data-name]').length >= {number}"


if __name__ == "__main__":
	main()
