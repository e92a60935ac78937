"""A year of routine operation for the demo: manuals, rounds with their readings, what was found, and what lies ahead (6.2, 8.3)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import frappe
from frappe.utils import getdate

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.handover import of_findings
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.routine import (
	assistance,
	finding_steps,
	generation,
	passed,
	readings,
	safeguards,
	sheet,
	tasks,
)
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import agreement_life, data, machines
from ops_delivery.setup.demo_desk import routine_data as script
from ops_delivery.setup.demo_desk.sign_off import sign_off

MANUAL, SCHEDULE, TASK = "Operation Manual", "Routine Schedule", "Routine Task"
WEEK = timedelta(days=7)
SEED = 62


def make(stage, company) -> None:
	"""Manuals and schedules of an agreement that began a year ago, every round since, and the next ones."""
	if frappe.db.exists(MANUAL, {"title": script.ROUND["title"]}):
		return
	today = stage.end.astimezone(site_time.site_zone()).date()
	start = today - script.WEEKS * WEEK
	stage.move_to(_at(start - 2 * WEEK, 9))
	agreement = _agreement(company, start)
	manuals = {"round": _publish(script.ROUND), "backup": _publish(script.BACKUP)}
	stage.move_to(_at(start, 8))
	agreements.refresh_statuses()
	things = {"round": script.THINGS, "backup": ("his",)}
	schedules = {
		key: _schedule(agreement, manuals[key], values, [company.objects[thing] for thing in things[key]], start)
		for key, values in script.SCHEDULES.items()
	}
	_Year(stage, company, schedules, today).play(start)
	machines.make(stage, company, _publish)
	stage.move_to(stage.end)


def _agreement(company, start) -> Any:
	customer = data.CUSTOMERS[0]
	with _user(data.MANAGER):
		doc = frappe.get_doc(
			{
				"doctype": "Service Agreement",
				**agreement_life.content(customer, start - WEEK * 2),
				"title": script.AGREEMENT,
				"customer": customer["name"],
				"company": company.name,
				"start_date": start,
				"end_date": start + timedelta(days=script.WEEKS * 7 + 60),
				"covers_all_objects": 0,
				"objects": [{"service_object": company.objects[thing]} for thing in script.THINGS],
				"amounts": [dict(row) for row in script.AMOUNTS],
				"promised": [dict(row) for row in script.PROMISED],
				"channels": data.CHANNELS,
				"contacts": agreement_life.people(customer, company),
				"fee": 96_000,
			}
		).insert()
	return sign_off(doc, reviewer=data.SENIOR_MANAGER, signer=data.MANAGER)


def _publish(values: dict[str, Any]) -> str:
	"""A manual that was reviewed inside and published."""
	with _user(data.MANAGER):
		doc = frappe.get_doc(
			{
				"doctype": MANUAL,
				**values,
				**{table: [dict(row) for row in values[table]] for table in ("steps", "requirements")},
				"keeper": script.KEEPER,
				"review_date": getdate() + timedelta(days=script.WEEKS * 7 + 30),
			}
		).insert()
		reviewed.enter(doc, "Internal Review")
	filters = {"reference_name": doc.name, "state": "Open"}
	for review in frappe.get_all("Service Review", filters, pluck="name", order_by="creation"):
		with _user(data.SENIOR_MANAGER):
			review_answers.decide(review, "Approved", "步骤和判据可执行，同意发布。")
	with _user(data.MANAGER):
		doc.reload()
		reviewed.enter(doc, "Published")
	return doc.name


def _schedule(agreement, manual: str, values: dict[str, Any], things: list[str], start) -> Any:
	with _user(data.MANAGER):
		return frappe.get_doc(
			{
				"doctype": SCHEDULE,
				**values,
				"agreement": agreement.name,
				"manual": manual,
				"first_date": start,
				"objects": [{"service_object": thing} for thing in things],
				"people": [{"user": user} for user in data.FIELD],
				"assistance": [dict(row) for row in values["assistance"]],
			}
		).insert()


class _Year:
	"""The rounds of a year, each done on its day by whose turn it was."""

	def __init__(self, stage, company, schedules: dict[str, Any], today) -> None:
		self.stage, self.company, self.today = stage, company, today
		self.schedules = {doc.name: key for key, doc in schedules.items()}
		self.keys = {company.objects[thing]: thing for thing in script.THINGS}
		self.chance = Random(SEED)

	def play(self, start) -> None:
		"""Week after week: what is due is made, the customer confirms, the rounds of the week are done."""
		for number in range(script.WEEKS + 1):
			monday = start + number * WEEK
			if monday > self.today:
				break
			self.stage.move_to(min(_at(monday, 7), self.stage.end))
			while generation.make_batch():
				pass
			passed.settle()
			for row in self._of_week(monday):
				self._do(row)
		self.stage.move_to(self.stage.end)
		while generation.make_batch():
			pass
		passed.settle()
		self._ahead()
		self._close_what_was_handled()
		self._follow_what_stands()

	def _close_what_was_handled(self) -> None:
		"""Findings that are normal again and whose work is told; the others stay as they are."""
		for key, (done, result) in script.HANDLED.items():
			filters = {"service_object": self.company.objects[key], "status": "Back to Normal"}
			for name in frappe.get_all("Routine Finding", filters, pluck="name", order_by="creation"):
				with _user(script.KEEPER):
					finding_steps.close(name, result, done)

	def _follow_what_stands(self) -> None:
		"""What the manual asks for begins; behind a commit it would be a job."""
		filters = {"follow_up": "Wanted", "status": ["in", ["Open", "In Hand"]]}
		for name in frappe.get_all("Routine Finding", filters, pluck="name", order_by="creation"):
			of_findings.follow(name)

	def _of_week(self, monday) -> list[frappe._dict]:
		filters = {
			"schedule": ["in", list(self.schedules)],
			"status": "Planned",
			"planned_on": ["between", [monday, min(monday + timedelta(days=6), self.today - timedelta(days=1))]],
		}
		fields = ["name", "schedule", "planned_on", "assigned_to"]
		return frappe.get_all(TASK, filters, fields, order_by="planned_on, name")

	def _do(self, row: frappe._dict) -> None:
		back = (self.today - row.planned_on).days // 7  # weeks before the end
		if self.schedules[row.schedule] == "round" and back == script.MISSED_WEEK:
			return
		self.stage.move_to(_at(row.planned_on, 10))
		self._customer_confirms(row.name)
		user = row.assigned_to or data.FIELD[0]
		other = next(person for person in data.FIELD if person != user)
		self.stage.move_to(_at(row.planned_on, 18, self.chance.randrange(5, 40)))
		self._confirm(row.name, user, other)
		with _user(user):
			readings.save(row.name, self._values(row, back), True)
			self.stage.move_to(self.stage.now + timedelta(minutes=self.chance.randrange(35, 80)))
			tasks.finish(row.name, "")

	def _customer_confirms(self, name: str) -> None:
		doc = frappe.get_doc(TASK, name, for_update=True)
		person = data.CUSTOMERS[0]["people"][1]["name"]
		for request in doc.assistance:
			assistance.answer(doc, request.name, True, "值班电话 1202", person)

	def _confirm(self, name: str, user: str, other: str) -> None:
		"""Everything is met; what asks for a second person is confirmed by the other engineer first."""
		points = safeguards.show(frappe.get_doc(TASK, name))["points"]
		for person, second in ((other, True), (user, False)):
			if rows := [{"key": point["key"], "met": 1} for point in points if point["second_person"] == second]:
				with _user(person):
					tasks.confirm(name, rows)

	def _values(self, row: frappe._dict, back: int) -> list[dict[str, Any]]:
		doc = frappe.get_doc(TASK, row.name)
		steps = list(sheet.steps_of(doc).values())
		found = []
		for thing in doc.objects:
			key = self.keys[thing.service_object]
			usual = self._usual(key, row.planned_on, back, self.schedules[row.schedule])
			special = script.FOUND.get((back, key), {}) if self.schedules[row.schedule] == "round" else {}
			for number, step in enumerate(steps):
				value = special.get(number, usual[number])
				note = special.get("note", "") if number in special else ""
				found.append({"service_object": thing.service_object, "step_key": step.step_key, "value": value, "note": note})
		return found

	def _usual(self, key: str, day, back: int, kind: str) -> tuple[str, ...]:
		"""Room temperature with the seasons, a battery that ages, and what is always well."""
		if kind == "backup":
			return ("Yes", f"{62 + (script.WEEKS - back) * 0.35 + self.chance.uniform(-4, 4):.0f}")
		warm = math.sin((day.timetuple().tm_yday - 105) / 365 * 2 * math.pi)
		degrees = 21.5 + 2.2 * warm + self.chance.uniform(-0.7, 0.7)
		damp = 45 + 7 * warm + self.chance.uniform(-3, 3)
		aged = {"pacs": 5.1 + (script.WEEKS - back) * 0.062, "his": 4.4, "charge": 4.7}[key] + self.chance.uniform(-0.15, 0.15)
		return (f"{degrees:.1f}", f"{damp:.0f}", "绿色", f"{aged:.1f}", "Yes")

	def _ahead(self) -> None:
		"""What lies ahead is confirmed by the customer, but for the last one."""
		filters = {"schedule": ["in", list(self.schedules)], "status": "Planned", "planned_on": [">=", self.today]}
		names = frappe.get_all(TASK, filters, pluck="name", order_by="planned_on, name")
		for name in names[: max(0, len(names) - script.NEWEST_UNANSWERED)]:
			self._customer_confirms(name)


@contextmanager
def _user(name: str) -> Iterator[None]:
	frappe.set_user(name)
	try:
		yield
	finally:
		frappe.set_user("Administrator")


def _at(day, hour: int, minute: int = 0) -> datetime:
	return datetime.combine(day, time(hour, minute), tzinfo=site_time.site_zone()).astimezone(site_time.UTC)
