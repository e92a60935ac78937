"""Visits and remote sessions of the demo in every phase, and a believable week on the dispatch board (7.2, 7.3)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import frappe

from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared import site_time
from ops_delivery.services.visits import after_leaving, before_arrival, before_leaving, on_site
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits import superior_requests as visit_requests
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import JOB_DONE, MORE_TO_DO, RISKY, SESSION, SHEET
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk import visits_data as script
from ops_delivery.setup.demo_desk.engineers import DAY, MINUTE, last_day, make_profiles, workday
from ops_delivery.setup.demo_desk.pictures import draw_photo, draw_signature


def make(stage, company) -> list[str]:
	"""Engineers' profiles, then the visits, each as far as it has come by the stage's end; their names."""
	make_profiles(stage)
	for key, (skill, level) in script.OBJECT_NEEDS.items():
		thing = frappe.get_doc("Service Object", company.objects[key])
		if skill not in {row.skill for row in thing.needed_skills}:
			thing.append("needed_skills", {"skill": skill, "level": level})
			thing.save()
	made = [_Story(stage, company, row).play() for row in (*script.PAST, *script.NOW, *script.NEXT)]
	stage.move_to(stage.end)
	return made


class _Story:
	"""One visit, told step by step as far as it has come."""

	def __init__(self, stage, company, row: dict[str, Any]) -> None:
		self.stage, self.company, self.row = stage, company, row
		self.chance = Random(row["title"])  # of its own: what later chapters draw does not depend on it
		self.customer = data.CUSTOMERS[row["customer"]]
		self.person = self.customer["people"][0]["name"]
		self.begins, self.ends = self._span(row["when"])
		self.doctype = SESSION if row.get("remote") else SHEET
		self.key: tuple[str, str] = ("", "")

	def play(self) -> str:
		reached, engineer = self.row["reached"], self._engineer()
		self._plan()
		if reached == script.CANCELLED:
			with self._at(self.begins - 180 * MINUTE, data.DESK[0]):
				before_arrival.cancel(*self.key, self.row["reason"])
		if reached >= script.ASKED:
			self._prepare(reached > script.ASKED)
		if reached >= script.DEPARTED and self.doctype == SHEET:
			with self._at(self.begins - 35 * MINUTE, engineer):
				before_arrival.depart(*self.key)
		if reached >= script.PRESENT:
			self._arrive()
		if reached >= script.WORK_DONE:
			self._work()
			self._answer(self.ends - 12 * MINUTE, "Before Leaving")
		if reached >= script.GONE:
			self._leave()
		if reached >= script.FOLLOWED:
			self._answer(self.ends + 50 * MINUTE, "After")
			with self._at(self.ends + 60 * MINUTE, engineer):
				after_leaving.follow_up(*self.key)
		return self.key[1]

	# Steps

	def _plan(self) -> None:
		row, risk = self.row, self.row.get("risk")
		promised = row.get("promised")
		values = {
			"doctype": self.doctype,
			"title": row["title"],
			"customer": self.customer["name"],
			"company": self.company.name,
			"service_object": self.company.objects[row["object"]],
			"work_content": "\n".join(item for item, _result in row["work"]),
			"contact_person": self.person,
			"contact_phone": self.customer["people"][0]["phone"],
			"planned_start": self.begins and site_time.to_site(self.begins),
			"planned_end": self.ends and site_time.to_site(self.ends),
			"promised_on": self._promised(promised),
			"owner_user": self._engineer(),
			"engineers": [{"user": user} for user in row["people"]],
			"work_items": [{"work": item} for item, _result in row["work"]],
			"risk": RISKY if risk else "Ordinary",
			"risk_note": risk[0] if risk else None,
			"contingency_plan": risk[1] if risk else None,
			"needed_skills": [{"skill": skill, "level": level} for skill, level in row.get("needs", ())],
			**self._because_of(),
		}
		if self.doctype == SESSION:
			values["channel"] = row["remote"]
		else:
			values["parts"] = [
				{"description": text, "serial_no": serial, "quantity": quantity}
				for text, serial, quantity, _used in row.get("parts", ())
			]
		late = self.stage.end - self.chance.randrange(60, 900) * MINUTE
		when = min(late, self.begins - 26 * 60 * MINUTE) if self.begins else late
		with self._at(self.stage.end if values.get("reference_name") else when, data.DESK[0]):
			doc = frappe.get_doc(values).insert()
		self.key = (doc.doctype, doc.name)

	def _prepare(self, approved: bool) -> None:
		begin = min(self.begins - 20 * 60 * MINUTE, self.stage.end - 45 * MINUTE)
		with self._at(begin, self._engineer()):
			before_arrival.confirm_details(*self.key, self.person)
			if self.row.get("risk"):
				before_arrival.ask_for_review(*self.key)
		if not approved:
			return
		for name in frappe.get_all(
			reviews.DOCTYPE,
			filters={"reference_doctype": self.key[0], "reference_name": self.key[1], "state": "Open"},
			pluck="name",
			order_by="creation",
		):
			with self._at(begin + 30 * MINUTE, data.SENIOR_MANAGER):
				review_answers.decide(name, "Approved", "预案可行，回退条件明确。")
		self._answer(begin + 35 * MINUTE, "Before")
		with self._at(begin + 40 * MINUTE, self._engineer()):
			before_arrival.prepare(*self.key)

	def _arrive(self) -> None:
		arrived = self.begins + self.chance.randrange(-6, 9) * MINUTE
		with self._at(arrived, self._engineer()):
			on_site.arrive(*self.key)
		with self._at(arrived + 3 * MINUTE, self._engineer()):
			on_site.confirm_arrival(*self.key, self.person)
			visit_work.confirm_work(*self.key, self.person)
		items = self._doc().work_items
		with self._at(arrived + 8 * MINUTE, self._engineer()):
			visit_work.start(*self.key, items[0].name)
		if asks := self.row.get("asks"):
			number, question = asks
			with self._at(arrived + 25 * MINUTE, self._engineer()):
				visit_requests.ask(
					*self.key, visit_requests.PROBLEM, question, data.MANAGER, items[number].name
				)
		self._photograph(arrived + 10 * MINUTE)

	def _work(self) -> None:
		left = self.row.get("leftover")
		pieces = (self.ends - self.begins - 30 * MINUTE) / len(self.row["work"])
		unfinished = False
		for number, (_item, result) in enumerate(self.row["work"]):
			name = self._doc().work_items[number].name
			if number:
				with self._at(self.begins + 12 * MINUTE + number * pieces, self._engineer()):
					visit_work.start(*self.key, name)
			with self._at(self.begins + 10 * MINUTE + (number + 1) * pieces, self._engineer()):
				if result:
					visit_work.finish(*self.key, name, result)
				else:
					unfinished = True
					visit_work.leave_open(
						*self.key, name, left[0], left[1], self._engineer(), self._due(left[2])
					)
		self._answer(self.ends - 18 * MINUTE, "During")
		with self._at(self.ends - 15 * MINUTE, self._engineer()):
			if self.row.get("parts"):
				doc = self._doc()
				for part, (*_rest, used) in zip(doc.parts, self.row["parts"], strict=True):
					part.used = used
				doc.save()
			on_site.finish_work(*self.key, MORE_TO_DO if unfinished else JOB_DONE)
			if left and not unfinished:
				visit_leftovers.add(
					self._doc(), left[0], left[1], self._engineer(), self._due(left[2]), self.person
				)

	def _leave(self) -> None:
		with self._at(self.ends - 5 * MINUTE, self._engineer()):
			if self.doctype == SHEET:
				before_leaving.sign(*self.key, self.person, draw_signature(self.chance))
		with self._at(self.ends, self._engineer()):
			before_leaving.leave(*self.key, self.person)

	def _answer(self, when: datetime, stage: str) -> None:
		"""Every required point of a stage, one after the other."""
		with self._at(when, self._engineer()):
			for row in self._doc().answers:
				if row.stage == stage and row.required:
					visit_checklists.answer(*self.key, row.name, "Yes")

	def _photograph(self, when: datetime) -> None:
		if not (words := self.row.get("photo")):
			return
		row = next((row for row in self._doc().answers if row.answer_type == "Photo"), None)
		if row:
			with self._at(when, self._engineer()):
				visit_photos.add(*self.key, row.name, draw_photo(words))

	# Parts

	def _engineer(self) -> str | None:
		return next(iter(self.row["people"]), None)

	def _doc(self):
		return frappe.get_doc(*self.key)

	def _at(self, when: datetime, user: str):
		self.stage.move_to(min(when, self.stage.end))
		return self.stage.as_user(user)

	def _because_of(self) -> dict[str, str]:
		"""The request, open and reported by then, that a visit is planned because of."""
		if not (words := self.row.get("request")):
			return {}
		found = frappe.get_all(
			"Issue",
			filters={
				"subject": ["like", f"%{words}%"],
				"status": "Open",
				"customer": self.customer["name"],
				"creation": ["<=", site_time.site_now()],
			},
			pluck="name",
			order_by="creation desc",
			limit=1,
		)
		return {"reference_doctype": "Issue", "reference_name": found[0]} if found else {}

	def _promised(self, when) -> datetime | None:
		if when:
			return site_time.to_site(self._span(when)[0])
		return site_time.to_site(self.begins + 15 * MINUTE) if self.begins else None

	def _due(self, workdays: int) -> str:
		return str(workday(last_day(self.stage), workdays))

	def _span(self, when) -> tuple[datetime | None, datetime | None]:
		"""Beginning and end of what visits_data calls `when`."""
		if not when:
			return None, None
		if when[0] == "now":
			begins = self.stage.end + when[1] * MINUTE
			begins -= timedelta(minutes=begins.minute % 5, seconds=begins.second)
			return begins, begins + when[2] * MINUTE
		today = last_day(self.stage)
		if when[0] == "saturday":
			day = today + ((5 - today.weekday()) % 7 or 7) * DAY
		else:
			day = workday(today, when[0])
		begins = datetime.combine(day, time(when[1], when[2]), tzinfo=site_time.site_zone()).astimezone(
			site_time.UTC
		)
		return begins, begins + when[3] * MINUTE


