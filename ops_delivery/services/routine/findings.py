"""Findings: opened, added to and led back to normal by readings, each reading once (6.2.b.5, 8.3.a.2, 8.3.a.3).

A finding follows its readings as soon as they are kept, so that a risk is seen at once; a reading that is put right or taken
back puts the finding right or takes it back. What leads out of the round (an Issue, a proposal, the closing by itself) waits
until the round is done, since until then a slip of the keyboard may be put right; a reading that belongs to no round waits for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import cint, cstr, get_datetime, getdate

from ops_delivery.domain.events import FindingStands
from ops_delivery.domain.routine import findings as domain
from ops_delivery.domain.routine.findings import Course, Seen
from ops_delivery.permissions import steps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.routine import criteria
from ops_delivery.services.rules import rule_versions
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import site_now

FINDING, READING, TASK, MANUAL = "Routine Finding", "Routine Reading", "Routine Task", "Operation Manual"
SAVEPOINT = "ops_finding"
TITLE = 140
BAD = (criteria.AT_RISK, criteria.ABNORMAL)
JUDGED = (criteria.NORMAL, *BAD)
# what a manual has follow, by the state that was found
ASKS = {criteria.AT_RISK: "when_at_risk", criteria.ABNORMAL: "when_abnormal"}
COLUMNS = ("name", "finding", "task", "value", "verdict", "read_on")
Pair = tuple[str, str]


def judged(readings: Sequence[Any], were_of: Collection[str] = (), as_before: Collection[str] = ()) -> None:
	"""Stored readings (rows of Routine Reading, just written) open findings, are added to the open ones, or lead them back.

	`were_of`: the findings of readings that these replace, or that were taken back. One query where nothing is wrong and
	nothing was. The same again changes nothing. `as_before`: the names of readings that only say what the one before said, of which a
	machine sends thousands: they open a finding where there is none, and are not added to one that stands. Called within framework.reading_committed, as it works beside other rounds: it
	opens first, then locks in the order of names, then writes.
	"""
	told = [row for row in readings if row.verdict in JUDGED]
	live = _live({(row.service_object, row.step_key): row.customer for row in told}) if told else {}
	told = _news(told, as_before, live) if as_before else told
	bad = {(row.service_object, row.step_key): row for row in told if row.verdict in BAD}
	found = live | _open([row for pair, row in sorted(bad.items()) if pair not in live])
	touched = sorted({*found.values(), *were_of})
	if touched:
		_lock(touched)
		_attach({row.name: found[pair] for row in told if (pair := (row.service_object, row.step_key)) in found})
		_settle(touched)
	if found and any(not row.task for row in told):
		_let_follow(sorted(found.values()))


def _news(readings: Sequence[Any], as_before: Collection[str], live: Collection[Pair]) -> list[Any]:
	"""Without those that only say what was said before; of a state that nobody keeps a finding of, the first one stays."""
	known = {(row.service_object, row.step_key) for row in readings if row.name not in as_before} | set(live)
	found = []
	for row in readings:
		pair = (row.service_object, row.step_key)
		if row.name not in as_before:
			found.append(row)
		elif pair not in known:
			known.add(pair)
			found.append(row)
	return found


def _settle(names: Sequence[str]) -> None:
	"""Findings by their readings as these are stored now; one without a bad reading is taken back."""
	courses = _courses(names)
	for name in names:
		doc = frappe.get_doc(FINDING, name, for_update=True)
		if doc.status != domain.CLOSED:
			_follow(doc, courses.get(name, ()))


def round_done(task: str) -> None:
	"""A round is done, so its readings stay: what its findings lead to begins, and what its manual closes by itself is closed."""
	_let_follow(frappe.get_all(READING, {"task": task, "finding": ["is", "set"]}, pluck="finding", distinct=True, order_by="finding"))


def manual_of(doc) -> dict[str, Any]:
	"""The content of the manual that a finding was judged by."""
	return rule_versions.content(doc.manual_version)["fields"] if doc.manual_version else {}


def save(doc) -> None:
	"""Keep a step of a finding; while it is not closed no other one of its object and step is opened, unless the object became
	another customer's."""
	if doc.status == domain.CLOSED:
		doc.live_key = None
	steps.take(doc).save(ignore_permissions=True)


def key_of(service_object: str, step_key: str) -> str:
	"""What there is one finding of that is not closed."""
	return f"{service_object}/{step_key}"


def close(doc, outcome: str, **values: Any) -> None:
	"""Close a finding, for whoever may."""
	doc.update({"status": domain.CLOSED, "outcome": outcome, "closed_on": site_now(), "closed_by": frappe.session.user, **values})
	save(doc)


def _let_follow(names: Iterable[str]) -> None:
	for name in names:
		doc = frappe.get_doc(FINDING, name)
		if doc.status == domain.BACK and cint(manual_of(doc).get("normal_closes")):
			close(doc, domain.NORMAL_AGAIN)
		elif doc.status in domain.STANDING and doc.follow_up == domain.WANTED:
			events.tell(FindingStands(name))


def _live(pairs: Mapping[Pair, str]) -> dict[Pair, str]:
	"""The findings that readings of these pairs are added to. One of whoever had the object before is added to no more: it stays
	with them until it is closed, and the customer of today (the value) has a finding of their own."""
	keys = [key_of(*pair) for pair in sorted(pairs)]
	rows = frappe.get_all(FINDING, {"live_key": ["in", keys]}, ["name", "customer", "service_object", "step_key"])
	found = {}
	for row in rows:
		if row.customer == pairs[(row.service_object, row.step_key)]:
			found[(row.service_object, row.step_key)] = row.name
		else:
			frappe.db.set_value(FINDING, row.name, "live_key", None, update_modified=False)
	return found


def _open(readings: Sequence[Any]) -> dict[Pair, str]:
	"""A finding for each of these readings, by object and step; who came first at the same moment has opened it, and the other joins."""
	if not readings:
		return {}
	tasks = _by_name(TASK, [row.task for row in readings if row.task], "agreement", "manual_version")
	manuals = _by_name(MANUAL, [row.manual for row in readings if not row.task], "published_version")
	things = _by_name("Service Object", [row.service_object for row in readings], "object_name")
	found = {}
	for row in readings:
		task, thing = tasks.get(row.task) or {}, things.get(row.service_object) or {}
		doc = frappe.new_doc(FINDING)
		doc.update({name: row.get(name) for name in ("customer", "service_object", "manual", "step", "step_key", "unit", "task", "verdict")})
		doc.update(
			{
				"title": f"{thing.get('object_name') or row.service_object}: {row.step}"[:TITLE],
				"status": domain.OPEN,
				"agreement": task.get("agreement") or agreements.find(row.customer, getdate(row.read_on), row.service_object),
				"manual_version": task.get("manual_version") or (manuals.get(row.manual) or {}).get("published_version"),
				"live_key": key_of(row.service_object, row.step_key),
			}
		)
		found[(row.service_object, row.step_key)] = _opened(doc, f"FIND-{get_datetime(row.read_on):%y%m%d}-{frappe.generate_hash(length=6).upper()}")
	return found


def _opened(doc, name: str) -> str:
	"""The name is no number of a series, whose row would have all rounds wait for the one that found something."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		steps.take(doc).insert(ignore_permissions=True, set_name=name)
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return frappe.db.get_value(FINDING, {"live_key": doc.live_key}, "name")
	return doc.name


def _by_name(doctype: str, names: Iterable[str], *columns: str) -> dict[str, Any]:
	wanted = sorted(set(filter(None, names)))
	if not wanted:
		return {}
	return {row.name: row for row in frappe.get_all(doctype, {"name": ["in", wanted]}, ["name", *columns])}


def _lock(names: Sequence[str]) -> None:
	finding = frappe.qb.DocType(FINDING)
	frappe.qb.from_(finding).select(finding.name).where(finding.name.isin(names)).orderby(finding.name).for_update().run()


def _attach(belongs: dict[str, str]) -> None:
	"""Say on readings which finding they belong to: a statement for each finding, which locks these readings alone."""
	reading, of = frappe.qb.DocType(READING), defaultdict(list)
	for name, finding in belongs.items():
		of[finding].append(name)
	for finding, names in sorted(of.items()):
		frappe.qb.update(reading).set(reading.finding, finding).where(reading.name.isin(sorted(names))).run()


def _courses(names: Collection[str]) -> dict[str, list[Any]]:
	"""The readings of findings, as others have committed them by now. Not locked: who adds to a finding holds the finding, and in a
	small table the search would wait for readings of others, who wait for ours."""
	reading = frappe.qb.DocType(READING)
	rows = (
		frappe.qb.from_(reading)
		.select(*[reading[name] for name in COLUMNS])
		.where(reading.finding.isin(sorted(names)))
		.orderby(reading.read_on)
	).run(as_dict=True)
	found: dict[str, list[Any]] = {}
	for row in rows:
		found.setdefault(row.finding, []).append(row)
	return found


def _follow(doc, rows: Sequence[Any]) -> None:
	by_seen = {Seen(row.read_on, criteria.STATES[row.verdict]): row for row in rows}
	found = domain.course(by_seen)
	if not found:
		_take_back(doc)
		return
	before = doc.as_dict()
	was = criteria.STATES[doc.verdict] if doc.last_found else None
	status = doc.status
	doc.update(_facts(found, by_seen, sum(row.verdict in BAD for row in rows)))
	doc.status = domain.after_readings(status, was, found, bool(doc.handled_by))
	doc.follow_up, doc.asked_for = domain.follow_up(
		cstr(doc.follow_up),
		cstr(doc.asked_for),
		cstr(manual_of(doc).get(ASKS[doc.verdict])),
		worse=was == criteria.STATES[criteria.AT_RISK] and doc.verdict == criteria.ABNORMAL,
		relapsed=status == domain.BACK and doc.status != domain.BACK,
	)
	if any(cstr(doc.get(name)) != cstr(before.get(name)) for name in doc.meta.get_valid_columns()):
		save(doc)


def _facts(found: Course, by_seen: dict[Seen, Any], times: int) -> dict[str, Any]:
	first, last = by_seen[found.first], by_seen[found.last]
	normal = by_seen[found.normal] if found.normal else frappe._dict()
	return {
		"verdict": last.verdict,
		"task": first.task,
		"first_found": first.read_on,
		"first_value": first.value,
		"last_task": last.task,
		"last_found": last.read_on,
		"last_value": last.value,
		"times_found": times,
		"normal_on": normal.read_on,
		"normal_value": normal.value,
		"normal_task": normal.task,
	}


def _take_back(doc) -> None:
	"""No reading says any more that anything was wrong. What nobody has touched goes; the rest is closed and says so."""
	if doc.status in (domain.OPEN, domain.BACK) and doc.follow_up in (None, domain.NOTHING, domain.WANTED) and not (doc.handled_by or doc.what_was_done):
		reading = frappe.qb.DocType(READING)
		frappe.qb.update(reading).set(reading.finding, None).where(reading.finding == doc.name).run()
		steps.take(doc).delete(ignore_permissions=True, force=True, delete_permanently=True)
	else:
		close(doc, domain.TAKEN_BACK)
