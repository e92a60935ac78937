"""Readings of a task: what was found, step by step and object by object, judged at once (6.2.b.3, 6.2.b.4).

Each line is answered by itself: what is wrong is refused with its line, what is right is kept; or, if so asked, nothing is kept
unless all of it is right. A reading stays once its task is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.errors import DomainError
from ops_delivery.framework import reading_committed
from ops_delivery.services.routine import criteria, findings, object_states, reading_days, sheet, tasks
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import domain_errors as errors
from ops_delivery.services.shared.site_time import site_now

READING = "Routine Reading"
MOST_AT_ONCE = 2000
NOTE_LENGTH = 1000
LONGEST_WAIT = timedelta(days=14)  # as long as a device keeps what it could not tell
COLUMNS = (
	*("name", "task", "customer", "service_object", "manual", "step", "step_key", "value", "is_number", "number", "unit", "verdict"),
	*("by_all_normal", "read_on", "read_by", "note", "photo"),
)


class TooMany(frappe.ValidationError):
	"""More lines at once than are taken."""


class AllNormalNotAllowed(frappe.ValidationError):
	"""The manual does not let what is normal be entered at once."""


class Refused(Exception):
	"""A line is refused; the message is for people (HTML)."""


@reading_committed()  # the first readings of two rounds lie in one gap of an index, which would make them wait for each other
def save(name: str, rows: Sequence[dict[str, Any]], whole: bool = False) -> dict[str, Any]:
	"""Keep what was read: rows of {service_object, step_key, value, note, photo, waited}; the answer to each, in their order.

	`waited`: how many seconds ago it was entered where there was no connection; what somebody read since then stays.

	An empty value with a note says that it could not be taken; an empty value without one takes the reading back. `whole`:
	keep nothing unless every line is right.
	"""
	task = tasks.lock(name)
	tasks.check_open(task)
	if len(rows) > MOST_AT_ONCE:
		frappe.throw(
			_("{0} readings are too many at once. Send at most {1}.").format(len(rows), MOST_AT_ONCE), TooMany
		)
	steps, objects = sheet.steps_of(task), {row.service_object for row in task.objects}
	elsewhere = sheet.moved_from(task)
	read, answers, good, now = sheet.readings_of(task.name, for_update=True), [], [], site_now()
	seen: set[tuple[str, str]] = set()
	for row in rows:
		answer = {"service_object": cstr(row.get("service_object")), "step_key": cstr(row.get("step_key"))}
		key = (answer["service_object"], answer["step_key"])
		try:
			if key in seen:
				raise Refused(_("This line stands there twice. Send it once."))
			seen.add(key)
			entered = _entered(row, now)
			if (there := read.get(key)) and cint(row.get("waited")) and there.read_on > entered:
				answers.append(answer | {"ok": True, "value": there.value, "verdict": there.verdict})
				continue
			values = _checked(task, row, steps, objects, elsewhere)
			if values:
				values["read_on"] = entered
			answer |= {"ok": True, "value": values.get("value"), "verdict": values.get("verdict")}
			good.append((key, values))
		except Refused as refused:
			answer |= {"ok": False, "message": str(refused)}
		except DomainError as error:
			answer |= {"ok": False, "message": errors.message(error)}
		answers.append(answer)
	if whole and not all(row["ok"] for row in answers):
		good = []
	_keep(task, good, read, by_all_normal=False)
	return {"answers": answers, "kept": len(good), "refused": sum(not row["ok"] for row in answers), **tasks.standing(task)}


@reading_committed()
def enter_all_normal(name: str, service_object: str | None = None) -> dict[str, Any]:
	"""Enter the normal answer for what has none yet, of one object or all: only where the manual allows it, and a step has one
	(normal_state.Step.only_normal)."""
	task = tasks.lock(name)
	tasks.check_open(task)
	if not sheet.allows_all_normal(task):
		frappe.throw(
			_("The manual {0} does not allow that all is entered as normal. Enter what you found, step by step.").format(
				frappe.bold(escape_html(cstr(task.manual)))
			),
			AllNormalNotAllowed,
		)
	steps, read, good = sheet.steps_of(task), sheet.readings_of(task.name, for_update=True), []
	elsewhere = sheet.moved_from(task)
	for row in task.objects:
		for key, step in steps.items():
			normal = criteria.normal_answer(step)
			taken = (row.service_object, key)
			if normal and taken not in read and row.service_object not in elsewhere and service_object in (None, "", row.service_object):
				good.append((taken, _values(step, criteria.judge(step, normal), None, None)))
	_keep(task, good, read, by_all_normal=True)
	return {"kept": len(good), **tasks.standing(task)}


def _checked(task, row: dict[str, Any], steps: dict[str, frappe._dict], objects: set[str], elsewhere: set[str]) -> dict[str, Any]:
	"""The columns of a reading; {} where it is taken back. Refused or DomainError."""
	if cstr(row.get("service_object")) not in objects:
		raise Refused(
			_("{0} is no object of this task. Enter it on the task of that object.").format(
				escape_html(cstr(row.get("service_object")) or _("blank"))
			)
		)
	step = steps.get(cstr(row.get("step_key")))
	if not step:
		raise Refused(_("This step is not in the manual's content that the task is done by. Open the task once more."))
	note, value = cstr(row.get("note")).strip(), row.get("value")
	if len(note) > NOTE_LENGTH:
		raise Refused(_("The note is longer than {0} characters. Shorten it.").format(NOTE_LENGTH))
	photo = _photo(task, cstr(row.get("photo")).strip())
	if not cstr(value).strip():
		return _values(step, criteria.not_taken(), note, photo) if note else {}
	if cstr(row.get("service_object")) in elsewhere:
		raise Refused(_("{0} is another customer's by now. Leave it empty, and say so in the note.").format(escape_html(cstr(row.get("service_object")))))
	judged = criteria.judge(step, cstr(value))
	if len(judged.text) > criteria.LONGEST_VALUE:
		raise Refused(
			_("The value is longer than {0} characters. Shorten it, and write the rest in the note.").format(criteria.LONGEST_VALUE)
		)
	return _values(step, judged, note, photo)


def _entered(row: dict[str, Any], now: datetime) -> datetime:
	"""When a value was entered: the server's clock, less what the device says it waited; Refused for what cannot be."""
	waited = cint(row.get("waited"))
	if not 0 <= waited <= LONGEST_WAIT.total_seconds():
		raise Refused(_("It was entered longer than {0} days ago. Read it anew.").format(LONGEST_WAIT.days))
	return now - timedelta(seconds=waited)


def _photo(task, url: str) -> str | None:
	"""A photo that was put on this task; Refused for any other."""
	if not url:
		return None
	attached = {"file_url": url, "attached_to_doctype": sheet.TASK, "attached_to_name": task.name}
	if not frappe.db.exists("File", attached):
		raise Refused(_("The photo {0} is not attached to this task. Attach it here first.").format(escape_html(url)))
	return url


def _values(step, judged, note: str | None, photo: str | None) -> dict[str, Any]:
	return {
		"step": step.step,
		"value": judged.text,
		"is_number": int(judged.number is not None),
		"number": judged.number or 0.0,  # the column holds no blank
		"unit": step.unit if judged.number is not None else None,
		"verdict": judged.verdict,
		"note": note or None,
		"photo": photo,
	}


def _keep(task, good: list, read: dict, by_all_normal: bool) -> None:
	"""Written in sets: new lines in one statement; a line that is there is replaced."""
	if not good:
		return
	tasks.began(task)
	replaced = [read[key] for key, _values in good if key in read]
	if replaced:
		frappe.db.delete(READING, {"name": ["in", [row.name for row in replaced]]})
	now, user = site_now(), frappe.session.user
	rows = [
		(
			*(frappe.generate_hash(length=12), task.name, task.customer, thing, task.manual, values["step"][:140], key),
			*(values["value"], values["is_number"], values["number"], values["unit"], values["verdict"], int(by_all_normal)),
			*(values.get("read_on") or now, user, values["note"], values["photo"]),
		)
		for (thing, key), values in good
		if values
	]
	bulk.insert(READING, COLUMNS, rows)
	taken = [frappe._dict(zip(COLUMNS, row, strict=True)) for row in rows]
	object_states.note(row for row in taken if (row.service_object, row.step_key) not in read)
	object_states.recompute([key for key, _values in good if key in read])
	reading_days.note([*taken, *({**row, "customer": task.customer} for row in replaced)])
	findings.judged(taken, {row.finding for row in replaced if row.finding})
