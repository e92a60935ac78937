"""Service Calendars on a site: hours, exceptions, revisions, the public calendar and the what-if (6.3.b)."""

import time
from dataclasses import replace
from datetime import date, datetime
from unittest.mock import patch

import factories
import frappe
import pytest
import scenario

from ops_delivery.api import configuration
from ops_delivery.domain.calendar import WEEKDAYS
from ops_delivery.services.engine import health
from ops_delivery.services.rules import calendar_fill, calendars, public_calendar
from ops_delivery.services.rules import rule_versions as versions

OFFICE = (("09:00:00", "12:00:00"), ("13:00:00", "18:00:00"))
NO_WORK = "2026-10-01"


def make_calendar(windows=None, exceptions=(), insert=True, **values):
	rows = windows or [(day, start, end) for day in WEEKDAYS[:5] for start, end in OFFICE]
	doc = frappe.get_doc(
		{
			"doctype": "Service Calendar",
			"calendar_name": factories.unique("Hours"),
			"time_zone": "Asia/Shanghai",
			"windows": [{"weekday": day, "start_time": start, "end_time": end} for day, start, end in rows],
			"exceptions": [dict(row) for row in exceptions],
			**values,
		}
	)
	return doc.insert() if insert else doc


def refusal(doc) -> str:
	with pytest.raises(frappe.ValidationError) as refused:
		doc.insert()
	return frappe.utils.strip_html(str(refused.value))


def utc(text: str) -> datetime:
	return datetime.fromisoformat(text)


# Hours


@pytest.mark.clause("6.3.b")
def test_several_windows_a_weekday_with_lunch():
	calendar = calendars.to_domain(make_calendar())
	assert calendar.between(utc("2026-11-23T00:00+08:00"), utc("2026-11-24T00:00+08:00")) == 8 * 3600
	assert calendar.add(utc("2026-11-23T11:30+08:00"), 3600) == utc("2026-11-23T13:30+08:00")


def test_window_over_midnight_belongs_to_the_day_it_starts_on():
	calendar = calendars.to_domain(make_calendar([("Friday", "22:00:00", "06:00:00")]))
	assert calendar.is_working(utc("2026-11-28T05:59+08:00"))
	assert not calendar.is_working(utc("2026-11-28T06:00+08:00"))
	assert calendar.add(utc("2026-11-27T23:00+08:00"), 7 * 3600) == utc("2026-11-28T06:00+08:00")


def test_end_at_midnight_and_a_whole_day():
	doc = make_calendar([("Monday", "18:00:00", "00:00:00"), ("Tuesday", "00:00:00", "00:00:00")])
	calendar = calendars.to_domain(frappe.get_doc("Service Calendar", doc.name))
	assert calendar.working_seconds_on(date(2026, 11, 23)) == 6 * 3600
	assert calendar.working_seconds_on(date(2026, 11, 24)) == 24 * 3600


@pytest.mark.parametrize(
	("windows", "exceptions", "values", "said"),
	[
		(
			[("Monday", "09:00:00", "12:00:00"), ("Monday", "11:00:00", "13:00:00")],
			[],
			{},
			["Windows", "09:00-12:00", "11:00-13:00", "Monday", "rows 1, 2", "Shorten"],
		),
		(
			[("Sunday", "22:00:00", "06:00:00"), ("Monday", "05:00:00", "13:00:00")],
			[],
			{},
			["22:00-06:00", "05:00-13:00", "overlap on Monday", "rows 1, 2"],
		),
		(
			[("Monday", "09:00:00", "25:00:00")],
			[],
			{},
			["Windows, row 1", "To 25:00:00", "not a time of day"],
		),
		([("Monday", "nine", "12:00:00")], [], {}, ["Windows, row 1", "From nine"]),
		([("Monday", None, "12:00:00")], [], {}, ["Windows, row 1", "From (empty)", "enter a time"]),
		([("Someday", "09:00:00", "12:00:00")], [], {}, ["Windows, row 1", "Weekday", "Someday"]),
		(None, [], {"time_zone": "Mars/Olympus"}, ["Time Zone", "Mars/Olympus", "Asia/Shanghai"]),
		(None, [], {"windows": []}, ["Windows", "no weekly hours", "at least one window"]),
		(None, [{"kind": "Make-up Workday"}], {}, ["Exceptions, row 1", "Works as", "choose the weekday"]),
		(
			None,
			[{"kind": "Make-up Workday", "as_weekday": "Sunday"}],
			{},
			["Exceptions, rows 1", "weekday has none", "Choose a weekday with hours"],
		),
		(None, [{"kind": "Special Hours"}], {}, ["Exceptions, row 1", "From", "special hours need"]),
		(None, [{"kind": "Holiday"}, {"kind": "Holiday"}], {}, ["Exceptions, row 2", "row 1 has this date"]),
		(
			None,
			[
				{"kind": "Special Hours", "start_time": "09:00:00", "end_time": "12:00:00"},
				{"kind": "Holiday"},
			],
			{},
			["Exceptions, row 2", "Kind Holiday", "Special Hours"],
		),
		(
			None,
			[
				{"kind": "Special Hours", "start_time": "09:00:00", "end_time": "12:00:00"},
				{"kind": "Special Hours", "start_time": "11:00:00", "end_time": "14:00:00"},
			],
			{},
			["Exceptions", "overlap", "rows 1, 2"],
		),
		(
			None,
			[{"kind": "Holiday", "date": None}],
			{},
			["Exceptions, row 1", "Date (empty)", "enter a date"],
		),
	],
)
def test_bad_hours_are_refused_with_row_field_value_and_way_out(windows, exceptions, values, said):
	rows = [{"date": NO_WORK, **row} for row in exceptions]
	doc = make_calendar(windows, rows, insert=False)
	message = refusal(doc.update(values))
	for part in said:
		assert part in message


def test_an_empty_time_is_not_filled_with_the_present_one():
	doc = make_calendar(exceptions=[{"date": NO_WORK, "kind": "Holiday"}])
	assert doc.exceptions[0].start_time is None and doc.exceptions[0].end_time is None


def test_what_the_form_hides_is_cleared():
	doc = make_calendar(
		exceptions=[
			{"date": NO_WORK, "kind": "Holiday", "start_time": "09:00:00", "as_weekday": "Monday"},
			{"date": "2026-10-10", "kind": "Make-up Workday", "as_weekday": "Friday", "end_time": "10:00:00"},
		]
	)
	assert [(r.start_time, r.end_time, r.as_weekday) for r in doc.exceptions] == [
		(None, None, None),
		(None, None, "Friday"),
	]


def test_make_up_day_with_own_or_another_weekdays_hours():
	calendar = calendars.to_domain(
		make_calendar(
			[("Monday", "08:00:00", "10:00:00"), ("Friday", "09:00:00", "18:00:00")],
			[
				{"date": "2026-10-10", "kind": "Make-up Workday", "as_weekday": "Friday"},
				{"date": "2026-10-11", "kind": "Make-up Workday", "start_time": "10:00", "end_time": "11:00"},
				{"date": "2026-10-11", "kind": "Make-up Workday", "start_time": "13:00", "end_time": "15:00"},
			],
		)
	)
	assert calendar.working_seconds_on(date(2026, 10, 10)) == 9 * 3600
	assert calendar.working_seconds_on(date(2026, 10, 11)) == 3 * 3600


def test_dst_zone_keeps_clock_times():
	doc = make_calendar([(day, "09:00:00", "17:00:00") for day in WEEKDAYS], time_zone="Europe/Berlin")
	calendar = calendars.to_domain(doc)
	due = calendar.add(utc("2026-03-28T16:00+01:00"), 2 * 3600)
	assert due == utc("2026-03-29T10:00+02:00")


@pytest.mark.parametrize("seconds", [1, 3600 * 20_000])
def test_one_second_a_week_never_hangs(seconds):
	doc = make_calendar([("Monday", "09:00:00", "09:00:01")])
	began = time.monotonic()
	try:
		answer = configuration.calendar_deadline(doc.as_dict(), "2026-11-23 10:00:00", seconds)
		assert answer["due"] == "2026-11-30 09:00:01"
	except frappe.ValidationError as refused:
		assert "2200" in str(refused)
	assert time.monotonic() - began < 10


# Revisions


@pytest.mark.clause("6.3.b")
def test_a_change_of_hours_makes_a_revision_and_keeps_the_old_one(jobs):
	doc = make_calendar()
	first = versions.current("Service Calendar", doc.name)
	assert (doc.revision, first) == (1, f"{doc.name} r1")
	doc.windows[1].end_time = "19:00:00"
	doc.save()
	assert doc.revision == 2
	second = versions.current("Service Calendar", doc.name)
	assert second == f"{doc.name} r2"
	monday = date(2026, 11, 23)
	assert calendars.compiled(first).working_seconds_on(monday) == 8 * 3600
	assert calendars.compiled(second).working_seconds_on(monday) == 9 * 3600
	frappe.db.commit()
	assert [job["kwargs"] for job in jobs.of("clock_jobs.follow")] == [{"doctype": "Service Calendar", "rule": doc.name}]


@pytest.mark.clause("6.3.b")
def test_hours_that_stand_still_for_long_are_told_at_once_and_by_health(jobs):
	from frappe.utils import add_days, nowdate

	frappe.clear_messages()
	off = [{"date": add_days(nowdate(), day), "kind": "Holiday"} for day in range(1, 50)]
	doc = make_calendar(exceptions=off)
	said = " ".join(str(message) for message in frappe.message_log)
	assert doc.name in said and "no service hours for more than 30 days" in said
	frappe.clear_messages()
	rare = make_calendar(windows=[("Monday", "09:00:00", "09:05:00")])
	assert not frappe.message_log
	issue = scenario.issue(scenario.agreement(calendar=rare.name), datetime.now(scenario.ZONE))
	assert scenario.clock(issue).due_on.year > datetime.now().year
	said = " ".join(health.status()["messages"])
	assert f"by the calendar {rare.name}" in said


def test_saving_or_a_note_alone_makes_no_revision():
	doc = make_calendar(exceptions=[{"date": NO_WORK, "kind": "Holiday"}])
	doc.save()
	doc.exceptions[0].note = "National Day"
	doc.save()
	assert doc.revision == 1


def test_going_back_to_earlier_hours_is_a_new_revision():
	doc = make_calendar()
	for end in ("19:00:00", "18:00:00"):
		doc.windows[1].end_time = end
		doc.save()
	assert doc.revision == 3


def test_a_dead_queue_does_not_block_the_save():
	doc = make_calendar()
	doc.windows[1].end_time = "19:00:00"
	with patch("frappe.enqueue", side_effect=ConnectionError("queue is down")):
		doc.save()
		frappe.db.commit()
	assert frappe.db.get_value("Service Calendar", doc.name, "revision") == 2


def test_a_rolled_back_revision_is_not_remembered():
	doc = make_calendar()
	frappe.db.commit()
	doc.windows[1].end_time = "19:00:00"
	doc.save()
	calendars.compiled(f"{doc.name} r2")
	frappe.db.rollback()
	assert versions.current("Service Calendar", doc.name) == f"{doc.name} r1"
	doc = frappe.get_doc("Service Calendar", doc.name)
	doc.windows[1].end_time = "20:00:00"
	doc.save()
	assert calendars.compiled(f"{doc.name} r2").working_seconds_on(date(2026, 11, 23)) == 10 * 3600


def test_an_unused_calendar_can_be_deleted_and_its_versions_stay():
	doc = make_calendar()
	frappe.delete_doc("Service Calendar", doc.name)
	assert frappe.db.exists("Rule Version", f"{doc.name} r1")


# The public calendar


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_packages_agree_on_published_years_of_china(year):
	compared = public_calendar.compare(year, "CN")
	assert compared.known == {"holidays": True, "chinesecalendar": True}
	assert not compared.differences
	assert compared.taken.package == "chinesecalendar" and "agree" in compared.reason
	assert set(compared.taken.makeup) == set(compared.taken.stands_in_for)


def test_make_up_days_of_china_2026():
	makeup = public_calendar.compare(2026, "CN").taken.makeup
	assert [f"{day:%m-%d}" for day in makeup] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.fixture
def they_differ(monkeypatch):
	"""`holidays` as it was up to 0.86, before it learnt of the longer May holiday of 2019."""
	real, added = public_calendar._from_holidays, [date(2019, 5, 2), date(2019, 5, 3)]
	worked = [date(2019, 4, 28), date(2019, 5, 5)]

	def older(year, *args):
		found = real(year, *args)
		return replace(
			found,
			off={day: name for day, name in found.off.items() if day not in added},
			makeup={day: name for day, name in found.makeup.items() if day not in worked},
			stands_in_for={day: of for day, of in found.stands_in_for.items() if day not in worked},
		)

	monkeypatch.setattr(public_calendar, "_from_holidays", older)


def test_differences_are_listed_and_the_choice_explained(they_differ):
	compared = public_calendar.compare(2019, "CN")
	assert [str(row.day) for row in compared.differences] == [
		"2019-04-28",
		"2019-05-02",
		"2019-05-03",
		"2019-05-05",
	]
	assert "differ on 4 days" in compared.reason
	assert public_calendar.compare(2019, "CN", take="holidays").taken.package == "holidays"


def test_a_year_that_china_has_not_published_is_an_error():
	"""`holidays` computes it all the same, by rule and without make-up days."""
	with pytest.raises(frappe.ValidationError, match="Neither package knows"):
		public_calendar.compare(2190, "CN")


@pytest.mark.parametrize(
	("arguments", "said"),
	[
		((2026, "XX"), "XX"),
		((2026, "DE", "ZZ"), "ZZ"),
		((3000, "DE"), "3000"),
		((2026, "CN", None, "x"), "x"),
	],
)
def test_unknown_country_region_year_or_package(arguments, said):
	with pytest.raises(frappe.ValidationError, match=said):
		public_calendar.compare(*arguments)


def test_filling_proposes_and_saves_nothing():
	doc = make_calendar()
	answer = configuration.fill_from_public_calendar(doc.as_dict(), 2026, "CN")
	assert (answer["before"]["days"], answer["after"]["days"]) == (261, 248)
	rows = {row["date"]: row for row in answer["rows"]}
	assert rows["2026-10-10"]["as_weekday"] == "Wednesday"  # stands in for 7 October
	assert rows["2026-10-01"]["source"].startswith("chinesecalendar ")
	assert rows["2026-10-01"]["source"].endswith(", CN 2026")
	assert not frappe.get_doc("Service Calendar", doc.name).exceptions


def test_rows_by_hand_are_kept_and_filled_rows_replaced_or_removed():
	source = "chinesecalendar 1.0, CN 2026"
	doc = make_calendar(
		exceptions=[
			{"date": "2026-10-01", "kind": "Special Hours", "start_time": "09:00:00", "end_time": "10:00:00"},
			{"date": "2026-10-02", "kind": "Holiday", "note": "old", "source": source},
			{"date": "2026-11-11", "kind": "Holiday", "note": "dropped", "source": source},
			{"date": "2025-11-11", "kind": "Holiday", "note": "another year", "source": source},
		]
	)
	answer = calendar_fill.from_public_calendar(doc, 2026, "CN")
	actions = {row["date"]: row["action"] for row in answer["rows"]}
	assert actions["2026-10-01"] == "keep"
	assert actions["2026-10-02"] == "replace"
	assert actions["2026-11-11"] == "remove"
	assert actions["2026-10-03"] == "add"
	assert "2025-11-11" not in actions


def test_make_up_days_that_would_have_no_hours_are_left_out():
	doc = make_calendar([("Monday", "09:00:00", "18:00:00")])
	answer = calendar_fill.from_public_calendar(doc, 2026, "CN")
	assert {row["action"] for row in answer["rows"] if row.get("as_weekday") == "Friday"} == {"closed"}
	answer = calendar_fill.from_public_calendar(doc, 2026, "CN", makeup_as="Monday")
	assert {row["action"] for row in answer["rows"]} == {"add"}


def test_an_assumed_weekday_says_so(they_differ):
	doc = make_calendar()
	answer = calendar_fill.from_public_calendar(doc, 2019, "CN")
	row = next(row for row in answer["rows"] if row["date"] == "2019-04-28")
	assert row["guessed"] and row["as_weekday"] == "Monday"


def test_filling_from_a_holiday_list():
	holidays = factories.make(
		"Holiday List",
		holiday_list_name=factories.unique("Holidays"),
		from_date="2026-01-01",
		to_date="2026-12-31",
		holidays=[
			{"holiday_date": "2026-10-01", "description": "<b>National Day</b>"},
			{"holiday_date": "2026-10-04", "description": "Sunday", "weekly_off": 1},
		],
	)
	doc = make_calendar()
	answer = configuration.fill_from_holiday_list(doc.as_dict(), holidays.name, 2026)
	assert [(row["date"], row["note"]) for row in answer["rows"]] == [("2026-10-01", "National Day")]
	assert "1 weekly days off" in answer["notes"][0]
	with pytest.raises(frappe.ValidationError, match="no holidays in"):
		configuration.fill_from_holiday_list(doc.as_dict(), holidays.name, 2027)


# Previews


def test_a_year_at_a_glance():
	doc = make_calendar(exceptions=[{"date": "2026-10-01", "kind": "Holiday", "note": "National Day"}])
	answer = configuration.calendar_year(doc.as_dict(), 2026)
	assert (answer["working_days"], answer["seconds"]) == (260, 260 * 8 * 3600)
	october = answer["months"][9]
	assert (october["days"][0]["kind"], october["days"][0]["note"]) == ("holiday", "National Day")


@pytest.mark.clause("6.3.b")
def test_what_if_explains_the_deadline_day_by_day():
	doc = make_calendar(
		exceptions=[
			{"date": f"2026-10-0{day}", "kind": "Holiday", "note": "National Day"} for day in range(1, 8)
		]
	)
	answer = configuration.calendar_deadline(doc.as_dict(), "2026-09-30 17:00:00", 8 * 3600)
	assert answer["due"] == "2026-10-08 17:00:00"
	assert [line["kind"] for line in answer["lines"]] == ["counted", "closed", "counted"]
	assert answer["lines"][1]["notes"] == ["National Day"] and answer["lines"][1]["days"] == 7
	assert answer["lines"][-1]["total"] == 8 * 3600


def test_who_may_ask(as_user, make_user):
	doc = make_calendar().as_dict()
	auditor = make_user(roles=["Delivery Auditor"]).name
	with as_user(auditor):
		assert configuration.calendar_year(doc, 2026)["working_days"]
		with pytest.raises(frappe.PermissionError):
			configuration.fill_from_public_calendar(doc, 2026, "CN")
	for outsider in ("Guest", make_user().name):
		with as_user(outsider):
			for ask in (
				lambda: configuration.calendar_year(doc, 2026),
				lambda: configuration.calendar_deadline(doc, "2026-09-30 17:00:00", 60),
				lambda: configuration.fill_from_holiday_list(doc, "x", 2026),
				lambda: configuration.public_calendar_countries(),
				lambda: configuration.public_calendar_regions("DE"),
				lambda: configuration.time_zones(),
			):
				with pytest.raises(frappe.PermissionError):
					ask()
