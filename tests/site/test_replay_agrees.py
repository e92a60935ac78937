"""What a site measured of a request is what the replay makes of its log, priorities that lose their promise included (5.3.d)."""

import csv
import json
import random
from datetime import datetime, timedelta
from unittest.mock import patch

import api_calls
import frappe
import pytest
import scenario

from ops_delivery.domain import clock_course
from ops_delivery.replay.cli import main
from ops_delivery.services.clocks import figures
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import CALENDARS
from ops_delivery.services.shared.site_time import to_site, to_utc

EXPORT = "ops_delivery.api.agreements.export_file"
COMMITMENTS = ("Resolution", "First Response")
MAPPING = {
	"format": "ops_delivery.mapping/1",
	"name": "desk",
	"shape": "updates",
	"time_format": "%Y-%m-%d %H:%M",
	"columns": {"ticket": "id", "created": "made", "event_time": "changed", "state": "state", "priority": "priority"},
	"states": ["Open", "On Hold", "Resolved", "Replied"],
	"commitments": {
		"First Response": {"met": ["Replied", "Resolved"]},
		"Resolution": {"paused": ["On Hold"], "met": ["Resolved"], "reopens": True},
	},
}
# hours after the report: (status, priority). A week has 40 working hours; High has 8, Medium 24, Low none
COURSES = {
	"kept under one promise": [(2, "Replied", "High"), (5, "Resolved", "High")],
	"promised less, nothing, and again": [(1, "Open", "Low"), (26, "Open", "High"), (49, "Resolved", "High")],
	"nothing promised any more after it was missed": [(1, "Open", "High"), (49, "Open", "Low")],
	"missed, nothing promised, and solved so": [(49, "Open", "Low"), (50, "Resolved", "Low")],
	"missed, nothing promised, and again": [(49, "Open", "Low"), (73, "Open", "High"), (75, "Resolved", "High")],
	"solved while nothing was promised, then again": [(1, "Open", "Low"), (3, "Resolved", "Low"), (26, "Resolved", "High")],
	"on hold where it loses its promise": [(1, "On Hold", "High"), (3, "On Hold", "Low"), (26, "On Hold", "High"), (27, "Open", "High")],
	"raised after it was missed": [(73, "Open", "Urgent"), (74, "Resolved", "Urgent")],
	"lowered before it is late": [(7, "Open", "Medium"), (30, "Resolved", "Medium")],
	"reopened and promised nothing at once": [(2, "Resolved", "High"), (26, "Open", "Low"), (27, "Open", "High"), (28, "Resolved", "High")],
	"put on hold and promised nothing at once": [(1, "On Hold", "Low"), (26, "Open", "High"), (27, "Resolved", "High")],
	"solved and promised something at once": [(1, "Open", "Low"), (26, "Resolved", "High")],
	"reopened under another promise": [(2, "Resolved", "High"), (26, "Open", "Medium"), (50, "Resolved", "Medium")],
}


def by_chance(seed):
	chance, at, course = random.Random(seed), 0, []
	status, priority = "Open", "High"
	for _ in range(chance.randint(2, 7)):
		at += chance.choice((1, 2, 3, 7, 24, 30))
		which = chance.random()
		if which < 0.6:
			priority = chance.choice(("Low", "Medium", "High", "Urgent"))
		if which > 0.4:  # some change both at once
			status = chance.choice(("Open", "On Hold", "Replied", "Resolved"))
		course.append((at, status, priority))
	return course


@pytest.fixture
def agreement(site):
	doc = scenario.agreement(submit=False)
	doc.targets = [row for row in doc.targets if row.priority != "Low"]
	doc.save()
	return scenario.sign_off.sign_off(doc)


def lived(agreement, course) -> tuple[object, list[tuple[datetime, str, str]]]:
	"""The request after that course, and what a help desk's log has of it."""
	issue = scenario.judge_valid(scenario.issue(agreement, scenario.MONDAY), scenario.MONDAY)
	assert issue.priority == "High"
	rows = [(scenario.MONDAY, "Open", "High")]
	for after, status, priority in course:
		at = scenario.MONDAY + timedelta(hours=after)
		values = {"status": status, "priority": priority, "ops_priority_reason": "as agreed", "resolution_details": "done"}
		if status in ("Replied", "Resolved") and not issue.first_responded_on:
			values["first_responded_on"] = to_site(at)  # a reply says so, promised or not
		if status == "On Hold":
			values["ops_pause_reason"] = "parts"
		with scenario.at(at):
			issue = frappe.get_doc("Issue", issue.name).update(values)
			issue.save(ignore_permissions=True, ignore_version=False)  # in tests Frappe keeps none unless told so
		latest = frappe.get_all("Version", {"docname": issue.name}, pluck="name", order_by="creation desc", limit=1)
		for version in latest:  # what Frappe keeps of a change has the moment on the wall
			frappe.db.set_value("Version", version, "creation", to_site(at), update_modified=False)
		rows.append((at, status, priority))
	return issue, rows


def replayed(folder, agreement, logs, until):
	answer = api_calls.post("Administrator", EXPORT, name=agreement.name)
	assert answer.status == 200, answer.text
	with open(folder / "log.csv", "w", encoding="utf-8", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(["id", "made", "changed", "state", "priority"])
		for name, rows in logs.items():
			for at, status, priority in rows:
				made, changed = (f"{to_site(moment):%Y-%m-%d %H:%M}" for moment in (rows[0][0], at))
				writer.writerow([name, made, changed, status, priority])
		last = f"{to_site(until):%Y-%m-%d %H:%M}"
		writer.writerow(["the end", last, last, "Open", "High"])
	(folder / "agreement.json").write_text(answer.text, "utf-8")
	(folder / "desk.json").write_text(json.dumps(MAPPING), "utf-8")
	code = main(
		[
			*("replay", str(folder / "log.csv"), "--agreement", str(folder / "agreement.json")),
			*("--mapping", str(folder / "desk.json"), "--clocks", str(folder / "clocks.csv")),
		]
	)
	assert code == 0
	with open(folder / "clocks.csv", encoding="utf-8-sig", newline="") as file:
		return {(row["ticket"], row["commitment"]): row for row in csv.DictReader(file)}


def of_the_site(clock, until):
	"""As the replay writes it; None for one of which nothing is promised any more."""
	if not clock or clock.state == "Cancelled":
		return None
	as_domain = clock_store.to_domain(clock, CALENDARS)
	missed = figures.is_missed(clock, until)
	return {
		"priority": clock.priority,
		"target_s": str(int(clock.target)),
		"elapsed_s": str(as_domain.elapsed_at(until, CALENDARS)),
		"started": to_utc(clock.started_on),
		"stopped": to_utc(clock.stopped_on) if clock.state == "Met" else None,
		"state": "breached" if missed else clock.state.lower(),
	}


def of_the_replay(line):
	if line is None:
		return None
	moments = {name: datetime.fromisoformat(line[name]) if line[name] else None for name in ("started", "stopped")}
	return {name: line[name] for name in ("priority", "target_s", "elapsed_s", "state")} | moments


@pytest.mark.clause("5.3.d")
def test_site_and_replay_agree_on_every_clock_and_on_what_counts_as_missed(agreement, tmp_path):
	courses = {**COURSES, **{f"by chance {seed}": by_chance(seed) for seed in range(12)}}
	until = scenario.MONDAY + timedelta(days=14, hours=2)
	issues, logs = {}, {}
	for name, course in courses.items():
		issues[name], logs[name] = lived(agreement, course)
	lines = replayed(tmp_path, agreement, logs, until)
	wrong, cancelled = [], 0
	for name, issue in issues.items():
		for commitment in COMMITMENTS:
			site = of_the_site(scenario.clock(issue, commitment), until)
			replay = of_the_replay(lines.get((name, commitment)))
			cancelled += site is None
			if site != replay:
				wrong.append(f"{name} {courses[name]}, {commitment}:\n  site   {site}\n  replay {replay}")
	assert cancelled, "a course in which nothing is promised at the end is among them"
	assert not wrong, "\n".join(wrong)
	counted = [row for row in figures.outcomes({"agreement": agreement.name, "from_date": "2026-03-01", "to_date": "2026-03-31"})]
	missed = {(row.keys["record"], row.commitment) for row in counted if row.status == "breached" and row.commitment in COMMITMENTS}
	assert len(missed) == sum(line["state"] == "breached" for (ticket, _), line in lines.items() if ticket != "the end")
	assert frappe.db.count("Service Clock", {"agreement": agreement.name, "state": "Cancelled", "breached": 1}), "missed, then cancelled"


@pytest.mark.clause("5.3.d")
def test_neither_the_site_nor_the_replay_decides_by_itself(agreement, tmp_path):
	"""One function for both: without it nothing happens to any clock."""
	with patch.object(clock_course, "advance"):
		issue, rows = lived(agreement, COURSES["kept under one promise"])
		held = [rows[0], (rows[0][0], "On Hold", "High"), *rows[1:]]  # what runs straight through is counted without events
		lines = replayed(tmp_path, agreement, {"one": held}, scenario.MONDAY + timedelta(days=1))
	assert not frappe.db.exists("Service Clock", {"reference_name": issue.name})
	assert ("one", "Resolution") not in lines
