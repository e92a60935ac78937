"""The life of one demo request, from the report to the customer's answer, each step by the person whose step it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe.desk.form import assign_to

from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk.pace import Pace, Plot

HOUR = 3600


class Life(Pace):
	"""One request. Each step puts the next ones on the stage's agenda; `scripted` leaves that to somebody else."""

	def __init__(self, stage, company, plot: Plot, scripted: bool = False) -> None:
		self.stage, self.company, self.plot, self.scripted = stage, company, plot, scripted
		self.chance, self.scene, self.customer = stage.chance, plot.scene, plot.customer
		self.reporter = self.chance.choice(self.customer["people"])
		self.desk = data.DESK[0] if self.customer["language"] == "zh" else data.DESK[1]
		field = self.scene.get("onsite") or self.scene["category"] == "Desktop and Printing"
		expert = data.EXPERTS.get(self.scene["category"])
		self.engineer = self.chance.choice(data.FIELD) if field or not expert else expert
		self.name = ""
		stage.at(plot.when, self.report)

	# The steps

	def report(self) -> None:
		"""The customer reports on the portal or by mail, or the desk takes a call."""
		channel = self.chance.choices(
			("Portal", "Phone", "E-mail", "Instant Message"), weights=(45, 30, 18, 7)
		)[0]
		place = self.chance.choice(self.scene["places"])
		issue = frappe.get_doc(
			{
				"doctype": "Issue",
				"subject": self.scene["subject"].format(place=place),
				"description": "<p>{0}</p>".format(self.scene["report"].format(place=place)),
				"customer": self.customer["name"],
				"contact": self.company.contacts[self.reporter["email"]],
				"raised_by": self.reporter["email"],
				"company": self.company.name,
				"ops_channel": channel,
				"ops_customer_email": self.reporter["email"],
				"via_customer_portal": int(channel == "Portal"),
			}
		)
		issue.opening_date, issue.opening_time = frappe.utils.nowdate(), frappe.utils.nowtime()
		by = self.reporter["email"] if channel == "Portal" else self.desk
		with self.stage.as_user(by):
			issue.insert(ignore_permissions=True)
		self.name = issue.name
		if self.scripted:
			return
		if self.scene.get("invalid"):
			first = self._terms.target_for("First Response", None)[0]
			self.stage.at(self._calendar.add(self.plot.when, int(first * 0.6)), self.judge_invalid)
			return
		share = self._share(kept=0.95, low=0.05, likely=0.3)
		# until it is judged, the clock runs against what the agreement promises before triage
		first = self._terms.target_for("First Response", None)[0] * 0.6
		judged = min(self._later("First Response", share / 2), self._calendar.add(self.plot.when, int(first)))
		self.stage.at(judged, self.triage)
		self.stage.at(self._later("First Response", share), self.answer)

	def judge_invalid(self) -> None:
		"""Screened out, with the reason the customer sees."""
		self._save(
			self.desk, ops_validity="Invalid", ops_invalid_reason=self.scene["invalid"], status="Closed"
		)

	def triage(self) -> None:
		"""Judged valid, classified, prioritized and dispatched by the desk."""
		self._save(
			self.desk,
			ops_validity="Valid",
			issue_type=self.scene["category"],
			ops_object=self.company.objects[self.scene["object"]],
			ops_urgency=self.scene["urgency"],
		)
		with self.stage.as_user(self.desk):
			assign_to.add({"doctype": "Issue", "name": self.name, "assign_to": [self.engineer]})
		if not self.scripted:
			self._plan_work()

	def answer(self) -> None:
		"""The first answer by a person."""
		zh = self.customer["language"] == "zh"
		text = (
			"您好，已收到您的报修，正在安排工程师处理。"
			if zh
			else "We have your report and are looking into it."
		)
		with self.stage.as_user(self.engineer):
			frappe.get_doc(
				{
					"doctype": "Communication",
					"communication_type": "Communication",
					"communication_medium": "Email",
					"sent_or_received": "Sent",
					"sender": self.engineer,
					"recipients": self.reporter["email"],
					"subject": "Re: {0}".format(frappe.db.get_value("Issue", self.name, "subject")),
					"content": text,
					"reference_doctype": "Issue",
					"reference_name": self.name,
				}
			).insert(ignore_permissions=True)

	def pause(self) -> None:
		"""Work waits for the customer or for parts; the customer is told why."""
		if self._status() == "Open":
			self._save(self.engineer, status="On Hold", ops_pause_reason=self.scene["wait"])

	def resume(self) -> None:
		"""Work goes on."""
		if self._status() == "On Hold":
			self._save(self.engineer, status="Open")

	def call_on_site(self) -> None:
		"""The engineer is asked to go there."""
		self._save(self.desk, ops_onsite=1)

	def depart(self) -> None:
		"""The engineer sets off."""
		self._save(self.engineer, ops_departed_on=site_now())

	def arrive(self) -> None:
		"""The engineer is there."""
		self._save(self.engineer, ops_arrived_on=site_now())

	def restore(self) -> None:
		"""The service works again, if need be by a workaround."""
		if self._status() not in ISSUE_ENDED:
			self._save(self.engineer, ops_restored_on=site_now())

	def resolve(self) -> None:
		"""The cause is dealt with; the result is offered to the customer."""
		if self._status() in ISSUE_ENDED:
			return
		self._save(
			self.engineer,
			status="Resolved",
			resolution_details="<p>{0}</p>".format(self.scene["result"]),
			ops_security_checked=1,
		)
		if not self.scripted:
			self._plan_decision()

	def accept(self) -> None:
		"""On the portal."""
		self._decide_on_portal("Accepted")

	def accept_with_reservations(self) -> None:
		"""On the portal, with something left over."""
		zh = self.customer["language"] == "zh"
		rest = "请在下次巡检时复查一次运行情况" if zh else "Please look at it once more on the next visit"
		self._decide_on_portal("Accepted with Reservations", reservations=[rest])

	def reject(self) -> None:
		"""On the portal: it does not work yet."""
		zh = self.customer["language"] == "zh"
		why = (
			"今天上午问题又出现了，请继续处理。"
			if zh
			else "It happened again this morning, please look once more."
		)
		self._decide_on_portal("Rejected", comment=why)
		if not self.scripted:
			self.stage.at(self._after(self.chance.uniform(1.5, 6) * HOUR), self.resolve)

	def accept_by_link(self) -> None:
		"""By the signed link in the mail."""
		waiting = acceptance.open_acceptance(self.name)
		if waiting:
			acceptance.decide(
				waiting, "Accepted", self.reporter["name"], self.reporter["email"], answering.SIGNED_LINK
			)

	def accept_by_phone(self) -> None:
		"""Told to the desk, which records who said so, when and how."""
		if not acceptance.open_acceptance(self.name):
			return
		with self.stage.as_user(self.desk):
			answering.record(
				self.name,
				"Accepted",
				self.reporter["name"],
				site_now(),
				"电话确认" if self.customer["language"] == "zh" else "By phone",
				by_email=self.reporter["email"],
			)

	# What follows when

	def _plan_work(self) -> None:
		"""Pause, visit, restoration and resolution, most of them within what was promised."""
		end = self._later("Resolution", self._share(kept=0.95, low=0.08, likely=0.3))
		if self.scene.get("wait") and self.chance.random() < 0.7:
			begin = self._later("Resolution", 0.04)
			length = self.chance.uniform(2, 12) * HOUR
			self.stage.at(begin, self.pause)
			self.stage.at(self._calendar.add(begin, int(length)), self.resume)
			end = self._calendar.add(max(end, begin), int(length))
		if self.scene.get("onsite") and self.chance.random() < 0.75:
			asked = self.stage.now + timedelta(minutes=self.chance.randint(3, 20))
			share = self._share(kept=0.93, low=0.1, likely=0.5) * self._target("On-site Arrival")
			there = self._calendar.add(asked, int(share))
			self.stage.at(asked, self.call_on_site)
			self.stage.at(asked + (there - asked) * 0.4, self.depart)
			self.stage.at(there, self.arrive)
			end = max(end, there + timedelta(minutes=25))
		back = self._later("Restore", self._share(kept=0.95, low=0.08, likely=0.4))
		if back < end:
			self.stage.at(back, self.restore)
		self.stage.at(max(end, self.stage.now + timedelta(minutes=15)), self.resolve)

	def _plan_decision(self) -> None:
		"""Most customers answer within a day or two; some only after reminders, or where it counts, not at all."""
		ways = (
			(self.accept, 46),
			(self.accept_by_link, 22),
			(self.accept_by_phone, 10),
			(self.accept_with_reservations, 7),
			(self.reject, 6),
			(None, 9),
		)
		way = self.chance.choices([w for w, _n in ways], weights=[n for _w, n in ways])[0]
		hours = self.chance.triangular(0.3, 16, 3)
		if way is None:
			if self.customer["silence_counts"]:
				self.stage.silent.add(self.name)
				return
			way, hours = self.accept_by_phone, self.chance.uniform(60, 110)
		self.stage.at(self._after(hours * HOUR), way)

	# Doing

	def _status(self) -> str:
		return frappe.db.get_value("Issue", self.name, "status")

	def _save(self, user: str, **values: Any) -> None:
		with self.stage.as_user(user):
			issue = frappe.get_doc("Issue", self.name)
			issue.update(values)
			issue.save()

	def _decide_on_portal(
		self, verdict: str, comment: str = "", reservations: list[str] | None = None
	) -> None:
		if not acceptance.open_acceptance(self.name):
			return
		with self.stage.as_user(self.reporter["email"]):
			answering.decide_on_portal(self.name, verdict, comment, reservations or [])
