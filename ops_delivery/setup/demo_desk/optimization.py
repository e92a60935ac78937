"""Two optimization plans of the demo, through the services: one in its trial run, one closed (6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.model.workflow import apply_workflow

from ops_delivery.services.optimization import plan_leftovers, trial_readings
from ops_delivery.services.optimization import rules as optimization
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk.optimization_data import HOSPITAL, WAREHOUSE

DOCTYPE = optimization.DOCTYPE


def make(stage, company) -> list[str]:
	"""Both plans, as of the stage's end; their names. Not made again where they are."""
	made = []
	for script in (HOSPITAL, WAREHOUSE):
		there = frappe.db.exists(DOCTYPE, {"title": script["plan"]["title"]})
		made.append(there or _Story(stage, company, script).play())
	stage.move_to(stage.end)
	return made


class _Story:
	"""One plan's life, told day by day."""

	def __init__(self, stage, company, script: dict[str, Any]) -> None:
		self.stage, self.company, self.script = stage, company, script
		self.customer = data.CUSTOMERS[script["customer"]]
		self.first = (stage.end - timedelta(days=script["drafted"])).replace(hour=1, minute=10, second=0)
		self.name = ""

	def play(self) -> str:
		author, script = self.script["author"], self.script
		with self._on(0, author):
			self.name = self._draft().insert().name
			self._act("Ask for Proposal Review")
		self._review(2, script["opinions"][:2])
		with self._on(5, data.MANAGER):
			self._act("Approve Proposal")
		with self._on(6, author):
			self._fill_implementation()
			self._act("Ask for Implementation Review")
		self._review(8, script["opinions"][2:])
		with self._on(9, data.MANAGER):
			self._act("Approve")
		first, last = script["work"]
		with self._on(first, author):
			self._rehearse_and_check()
			self._act("Start")
		with self._on(last, author):
			self._note_work()
			self._act("Start Trial Run")
		for day, values in script["readings"]:
			with self._on(day, author):
				rows = [{"metric": metric, "value": value} for metric, value in values.items()]
				trial_readings.add(self.name, None, rows)
		with self._on(script["readings"][-1][0], author):
			for subject, treatment, owner, due in script["leftovers"]:
				plan_leftovers.add_leftover(self.name, subject, treatment, owner, str(self._date(due)))
		if script["ends"]:
			self._close(script["ends"])
		return self.name

	def _draft(self):
		script, plan = self.script, self.script["plan"]
		columns = ("metric_name", "unit", "baseline", "direction", "target", "method")
		return frappe.get_doc(
			{
				"doctype": DOCTYPE,
				**plan,
				"customer": self.customer["name"],
				"company": self.company.name,
				"service_object": self.company.objects[script["object"]],
				"agreement": self.company.agreements.get(self.customer["name"]),
				"owner_user": script["author"],
				"start_date": self._date(script["work"][0]),
				"end_date": self._date(script["work"][1] + script["trial"][0] + 7),
				"metrics": [dict(zip(columns, row, strict=True)) for row in plan["metrics"]],
				"security_checks": [
					{"factor": factor, "requirement": requirement}
					for factor, requirement in optimization.usual_requirements(
						self.customer["language"]
					).items()
				],
				"suggestions": [
					{
						"suggestion": said,
						"suggested_by": person,
						"suggested_on": self._date(0),
						"taken_up": taken_up,
						"answer": answer,
					}
					for said, person, taken_up, answer in plan["suggestions"]
				],
			}
		)

	def _fill_implementation(self) -> None:
		script, plan = self.script, self._plan()
		for step, owner, start, end, how in script["steps"]:
			plan.append(
				"steps",
				{
					"step": step,
					"owner_user": owner,
					"start_date": self._date(start),
					"end_date": self._date(end),
					"description": how,
				},
			)
		for role, party, user, name, duty in script["people"]:
			plan.append(
				"people", {"role": role, "party": party, "user": user, "person_name": name, "duty": duty}
			)
		for risk, likelihood, impact, measure, owner in script["risks"]:
			plan.append(
				"risks",
				{
					"risk": risk,
					"likelihood": likelihood,
					"impact": impact,
					"measure": measure,
					"owner_user": owner,
				},
			)
		for step, owner, minutes in script["rollback_steps"]:
			plan.append("rollback_steps", {"step": step, "owner_user": owner, "minutes": minutes})
		days, grace, needed = script["trial"]
		plan.update(
			{
				"rollback_trigger": script["rollback_trigger"],
				"trial_days": days,
				"grace_days": grace,
				"readings_needed": needed,
			}
		)
		plan.save()

	def _rehearse_and_check(self) -> None:
		plan = self._plan()
		for row in plan.rollback_steps:
			row.update({"rehearsed_on": self._date(self.script["work"][0] - 1), "rehearsal_result": "Passed"})
		for row in plan.security_checks:
			row.result = "Fulfilled"
		plan.save()

	def _note_work(self) -> None:
		plan = self._plan()
		for row, (_step, _owner, _start, end, _how) in zip(plan.steps, self.script["steps"], strict=True):
			row.done_on = self._date(end)
		for what, kind, reference, day, who, result, taken_back, remark in self.script["changes"]:
			plan.append(
				"changes",
				{
					"change": what,
					"kind": kind,
					"reference": reference,
					"done_on": f"{self._date(day)} 22:30:00",
					"done_by": who,
					"result": result,
					"back_out_used": taken_back,
					"remark": remark,
				},
			)
		plan.save()

	def _review(self, day: int, opinions: tuple[str, str]) -> None:
		"""The manager and the customer read and approve; the manager writes the minutes."""
		inside, customer = opinions
		opened = [row for row in reviews.summary(DOCTYPE, self.name) if row["state"] == reviews.OPEN]
		for row in opened:
			if row["party"] == "Customer":
				with self._on(day + 1, self.customer["people"][0]["email"]):
					review_answers.decide_on_portal(row["name"], "Approved", customer)
			else:
				with self._on(day, data.MANAGER):
					review_answers.decide(row["name"], "Approved", inside, minutes=self.script["minutes"])

	def _close(self, day: int) -> None:
		with self._on(day, data.MANAGER):
			plan = self._plan()
			plan.update({**self.script["ending"], "retrospective_on": self._date(day - 1)})
			for function, before, after in self.script["functions"]:
				plan.append("functions", {"function_name": function, "before": before, "after": after})
			plan.save()
			self._act("Close")

	def _act(self, action: str) -> None:
		apply_workflow(self._plan(), action)

	def _plan(self):
		return frappe.get_doc(DOCTYPE, self.name)

	def _date(self, day: int) -> date:
		return site_time.to_site(self.first + timedelta(days=day)).date()

	@contextmanager
	def _on(self, day: int, user: str) -> Iterator[None]:
		self.stage.move_to(max(self.stage.now, self.first + timedelta(days=day)) if day else self.first)
		with self.stage.as_user(user):
			yield
