"""The papers of routine operation: the record of a round and the record of how a finding was handled (8.3.b.1, 8.3.b.2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_url_to_form

from ops_delivery.domain.routine import findings as states
from ops_delivery.services.papers import qr
from ops_delivery.services.routine import criteria, finding_steps, findings, sheet
from ops_delivery.services.shared.locale import text

READING, FINDING = findings.READING, findings.FINDING
MARKED = "☑"


class Sheet:
	"""What both papers have in common. Everything is plain text; the macros escape it."""

	def __init__(self, doc: Any, paper: Any, kind: str) -> None:
		self.doc, self.paper = doc, paper
		paper.kind = kind

	def qr(self) -> str:
		"""A QR code that opens the record on this site, as a data URL."""
		return qr.as_data_url(get_url_to_form(self.doc.doctype, self.doc.name))

	def customer(self) -> str:
		"""The customer's name."""
		return cstr(self.doc.customer and frappe.db.get_value("Customer", self.doc.customer, "customer_name"))

	def _judged(self, verdict: str | None) -> str:
		return f"{MARKED} {_(verdict, context=READING)}" if verdict else ""

	def _value(self, value: str | None, unit: str | None) -> str:
		return criteria.value_in_words(text(value), unit)

	def _boxes(self, pairs: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
		return [pairs[at : at + 2] for at in range(0, len(pairs), 2)]


class RoundPaper(Sheet):
	"""A Routine Task as the inspection record: by object and step, the criterion, what was found, and what came of it."""

	def __init__(self, doc: Any, paper: Any) -> None:
		super().__init__(doc, paper, _("Inspection Record"))
		self.steps, self.read = sheet.steps_of(doc), sheet.readings_of(doc.name)
		self.things = _things([row.service_object for row in doc.objects])

	def head(self) -> list[list[tuple[str, str]]]:
		"""Whose round it is, where, how often, when, by whom."""
		doc, paper = self.doc, self.paper
		places = ", ".join(dict.fromkeys(filter(None, (thing.location for thing in self.things.values()))))
		repeats = doc.schedule and frappe.db.get_value("Routine Schedule", doc.schedule, "repeats")
		return self._boxes(
			[
				(paper.label("customer"), self.customer()),
				(paper.label("agreement"), cstr(doc.agreement)),
				(_("Place", context="Inspection Record"), places),
				(paper.label("kind"), _(doc.kind) if doc.kind else ""),
				(_("Repeats", context="Routine Schedule"), _(repeats, context="Routine Schedule") if repeats else ""),
				paper.pair("planned_on"),
				paper.pair("started_on"),
				paper.pair("done_on"),
				(paper.label("manual"), self._manual()),
				(_("Done by", context="Routine Task"), paper.person(doc.done_by or doc.assigned_to)),
				(_("Accompanied by", context="Inspection Record"), ""),
				(paper.label("timeliness"), paper.value("timeliness")),
			]
		)

	def conclusion(self) -> list[str]:
		"""The result, how many readings say what, and the result of the round before."""
		count = Counter(row.verdict for row in self.read.values())
		verdicts = (criteria.NORMAL, criteria.AT_RISK, criteria.ABNORMAL, criteria.NOT_TAKEN)
		result = self.doc.result or criteria.worst(row.verdict for row in self.read.values())
		return [self._judged(result), *(str(count[verdict]) for verdict in verdicts), self._last_time()]

	def objects(self) -> list[dict[str, Any]]:
		"""Each object with its steps: number, step, normal state, value, judged, note."""
		return [
			{
				"title": " · ".join(filter(None, (row.object_name or row.service_object, row.service_object, self._serial(row.service_object)))),
				"rows": [self._row(number, row.service_object, key, step) for number, (key, step) in enumerate(self.steps.items(), 1)],
			}
			for row in self.doc.objects
		]

	def findings(self) -> list[list[str]]:
		"""What was found in this round: finding and value as read in it, state, what was done, request."""
		read = {row.finding: row for row in self.read.values() if row.finding and row.verdict in findings.BAD}
		fields = ["name", "title", "unit", "status", "what_was_done", "issue"]
		rows = frappe.get_all(FINDING, {"name": ["in", list(read) or [""]]}, fields, order_by="first_found, name")
		return [
			[
				f"{text(row.title)}\n{row.name} · {_(read[row.name].verdict, context=READING)}",
				self._value(read[row.name].value, row.unit),
				_(row.status, context=FINDING),
				text(row.what_was_done),
				cstr(row.issue),
			]
			for row in rows
		]

	def _row(self, number: int, thing: str, key: str, step: Any) -> list[str]:
		read = self.read.get((thing, key)) or frappe._dict()
		return [
			str(number),
			text(step.step),
			criteria.in_words(step),
			self._value(read.value, step.unit if read.value else ""),
			self._judged(read.verdict),
			text(read.note),
		]

	def _serial(self, thing: str) -> str:
		return cstr((self.things.get(thing) or frappe._dict()).serial_no)

	def _manual(self) -> str:
		name = self.doc.manual
		return f"{frappe.db.get_value('Operation Manual', name, 'title')} ({name})" if name else ""

	def _last_time(self) -> str:
		doc = self.doc
		before = {"schedule": doc.schedule, "status": "Done", "planned_on": ["<", doc.planned_on]}
		row = doc.schedule and frappe.db.get_value("Routine Task", before, ["planned_on", "result"], as_dict=True, order_by="planned_on desc")
		return f"{self.paper.date(row.planned_on)}: {_(row.result, context='Routine Task')}" if row and row.result else ""


class FindingPaper(Sheet):
	"""A Routine Finding as the record of how an abnormal state was handled."""

	def __init__(self, doc: Any, paper: Any) -> None:
		super().__init__(doc, paper, _("Abnormal-handling Record"))
		self.shown = finding_steps.show(doc)

	def head(self) -> list[list[tuple[str, str]]]:
		"""Whose object it is, what it is, where and when it was found."""
		doc, paper = self.doc, self.paper
		thing = _things([doc.service_object]).get(doc.service_object) or frappe._dict()
		return self._boxes(
			[
				(paper.label("customer"), self.customer()),
				(paper.label("agreement"), cstr(doc.agreement)),
				(paper.label("service_object"), " · ".join(filter(None, (thing.object_name, doc.service_object)))),
				(_("Place", context="Inspection Record"), cstr(thing.location)),
				paper.pair("first_found"),
				paper.pair("last_found"),
				(paper.label("task"), cstr(doc.task and frappe.db.get_value("Routine Task", doc.task, "title"))),
				paper.pair("status"),
				(paper.label("issue"), cstr(doc.issue)),
				paper.pair("handled_by"),
			]
		)

	def facts(self) -> list[str]:
		"""Step, normal state, first and last value, judged, how often."""
		doc = self.doc
		return [
			*(text(doc.step), self.shown["normal"], self._value(doc.first_value, doc.unit), self._value(doc.last_value, doc.unit)),
			*(self._judged(doc.verdict), str(doc.times_found)),
		]

	def procedure(self) -> list[tuple[str, str]]:
		"""The manual's procedure for abnormal states: (part, text)."""
		return [(part["label"], text(part["text"])) for part in self.shown["procedure"]]

	def course(self) -> list[list[str]]:
		"""What happened, in the order of time: (when, what, who)."""
		doc = self.doc
		rows = [
			(row["read_on"], f"{self._value(row['value'], row['unit'])} – {_(row['verdict'], context=READING)}" + (f"\n{text(row['note'])}" if row["note"] else ""), row["read_by"])
			for row in self.shown["readings"]
		]
		rows += [
			(doc.taken_on, _(states.IN_HAND, context=FINDING), doc.handled_by),
			(doc.accepted_on, f"{_(states.ACCEPTED, context=FINDING)}: {text(doc.accept_reason)}", doc.accepted_by),
			(doc.closed_on, _(states.CLOSED, context=FINDING), doc.closed_by),
		]
		if doc.issue:
			rows.append((frappe.db.get_value("Issue", doc.issue, "creation"), _("Issue {0} was opened").format(doc.issue), None))
		told = sorted((row for row in rows if row[0]), key=lambda row: row[0])
		return [[self.paper.when(at), what, self.paper.person(who)] for at, what, who in told] + [["", line, ""] for line in text(doc.follow_up_result).splitlines()]

	def outcome(self) -> str:
		"""How it ended, and by which normal reading."""
		doc = self.doc
		said = _(doc.outcome, context=FINDING) if doc.outcome else _(doc.status, context=FINDING)
		if not doc.normal_on:
			return said
		return _("{0}; normal again on {1}: {2}").format(said, self.paper.when(doc.normal_on), self._value(doc.normal_value, doc.unit))


def _things(names: list[str]) -> dict[str, Any]:
	fields = ["name", "object_name", "location", "serial_no"]
	return {row.name: row for row in frappe.get_all("Service Object", {"name": ["in", names or [""]]}, fields)}


def ops_round(doc: Any, paper: Any) -> RoundPaper:
	"""Jinja method of the inspection record."""
	return RoundPaper(doc, paper)


def ops_finding(doc: Any, paper: Any) -> FindingPaper:
	"""Jinja method of the abnormal-handling record."""
	return FindingPaper(doc, paper)
