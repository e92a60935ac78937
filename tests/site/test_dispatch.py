"""The dispatch board: who goes where and when, what stands against it, and moving it (5.3.a, 7.2.a)."""

from datetime import datetime, timedelta

import factories
import frappe
import pytest
import scenario
import visiting
from frappe.desk import calendar as frappe_calendar
from reviewing import user
from visiting import PERSON, key

from ops_delivery.api import visits as api_visits
from ops_delivery.services.dispatch import board as dispatch
from ops_delivery.services.dispatch import calendar_view as dispatch_calendar
from ops_delivery.services.dispatch import move as dispatch_move
from ops_delivery.services.dispatch import my_day
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import before_arrival, on_site
from ops_delivery.services.visits.types import SESSION, SHEET

MONDAY = datetime(2031, 3, 3)  # far from everything else on the site
SKILL = "Core switches"


def at(day: int, hour: int, minute: int = 0) -> str:
	return f"{MONDAY + timedelta(days=day, hours=hour, minutes=minute):%Y-%m-%d %H:%M}"


def profile(engineer: str, **values):
	return factories.make(
		"Dispatch Profile",
		**{"user": engineer, "calendar": "5×8 (lunch break)", "travel_minutes": 40, **values},
	)


def skill(name: str = SKILL) -> str:
	return (
		name
		if frappe.db.exists("Service Skill", name)
		else factories.make("Service Skill", skill_name=name).name
	)


@pytest.fixture
def w(site):
	"""Two engineers with profiles, one of them without the skill; two customers; nothing planned yet."""
	visiting.templates()
	skill()
	w = frappe._dict(
		ann=factories.make_user(roles=["Field Engineer"]).name,
		bob=factories.make_user(roles=["Technical Expert"]).name,
		desk=factories.make_user(roles=["Service Desk"]).name,
		hospital=factories.make_customer().name,
		factory=factories.make_customer().name,
	)
	profile(w.ann, skills=[{"skill": SKILL, "level": "Expert", "valid_until": "2031-03-05"}])
	profile(w.bob, absences=[{"from_date": "2031-03-06", "to_date": "2031-03-07", "reason": "Training"}])
	return w


def plan(w, start="", hours=2.0, engineer=None, customer=None, doctype=SHEET, **values):
	end = str(frappe.utils.get_datetime(start) + timedelta(hours=hours)) if start else None
	with user(w.desk):
		return visiting.plan(
			doctype,
			customer or w.hospital,
			planned_start=start or None,
			planned_end=end,
			owner_user=engineer,
			**values,
		)


def board(w, days=7):
	with user(w.desk):
		return dispatch.board(str(MONDAY.date()), days)


def row_of(board, engineer):
	return next(row for row in board["engineers"] if row["user"] == engineer)


def card(doc):
	return f"{doc.doctype}/{doc.name}"


def codes(board, engineer, doc):
	return {row["code"] for row in row_of(board, engineer)["conflicts"].get(card(doc), [])}


def move(w, doc, start, engineer="", instead_of="", as_user=None, **values):
	with user(as_user or w.desk):
		return dispatch_move.move(
			*key(doc), str(visiting.fresh(doc).modified), start, engineer, instead_of, **values
		)


@pytest.mark.clause("5.3.a")
def test_the_board_shows_who_goes_where_and_what_stands_against_it(w):
	first = plan(w, at(0, 9), engineer=w.ann)
	close = plan(w, at(0, 11, 15), engineer=w.ann, customer=w.factory)
	at_once = plan(w, at(0, 12), engineer=w.ann, customer=w.factory, doctype=SESSION)
	early = plan(w, at(1, 7), engineer=w.bob, needed_skills=[{"skill": SKILL, "level": "Skilled"}])
	away = plan(w, at(3, 10), engineer=w.bob)
	sunday = plan(w, at(6, 10), engineer=w.ann, promised_on=at(6, 9), needed_skills=[{"skill": SKILL}])
	nobody = plan(w, at(2, 10))
	undated = plan(w, engineer=w.ann)
	shown = board(w)
	assert len(shown["dates"]) == 7 and shown["dates"][0] == "2031-03-03"
	assert codes(shown, w.ann, first) == {"travel"}
	assert codes(shown, w.ann, close) == {"travel", "overlap"}
	assert codes(shown, w.ann, at_once) == {"overlap", "outside_hours"}
	assert codes(shown, w.bob, early) == {"outside_hours", "skill_missing"}
	assert codes(shown, w.bob, away) == {"absent"}
	assert codes(shown, w.ann, sunday) == {"day_off", "late", "skill_expired"}
	ann = row_of(shown, w.ann)
	assert ann["days"][0]["visits"] == [card(first), card(close), card(at_once)]
	assert ann["days"][0]["hours"] == [["09:00", "12:00"], ["13:00", "18:00"]]
	assert ann["days"][0]["ways"] == {card(close): {"free": 15, "needed": 40, "short": True}}
	assert ann["days"][6]["off"] and ann["skills"][0]["skill"] == SKILL
	assert row_of(shown, w.bob)["days"][3]["away"] == "Training"
	assert {card(nobody), card(undated)} <= set(shown["unplanned"])
	face = shown["visits"][card(first)]
	assert face["start"] == at(0, 9) and face["end"] == at(0, 11) and face["movable"]


@pytest.mark.clause("5.3.a")
def test_the_form_says_what_the_board_says(w):
	first = plan(w, at(0, 9), engineer=w.ann)
	close = plan(w, at(0, 10), engineer=w.ann, customer=w.factory)
	alone = plan(w, at(1, 10), engineer=w.ann)
	with user(w.desk):
		facts = api_visits.situation(*key(close))
		told = [row["text"] for row in row_of(board(w), w.ann)["conflicts"][card(close)]]
		assert [line.partition(": ")[2] for line in facts["against"]] == told and told
		assert api_visits.situation(*key(alone))["against"] == [] and first


def test_cancelled_visits_leave_the_board_and_profiles_decide_who_stands_on_it(w):
	doc = plan(w, at(0, 9), engineer=w.ann)
	with user(w.desk):
		before_arrival.cancel(*key(doc), "No more")
	assert card(doc) not in board(w)["visits"]
	frappe.get_doc("Dispatch Profile", w.ann).update({"dispatched": 0}).save(ignore_permissions=True)
	assert w.ann not in {row["user"] for row in board(w)["engineers"]}
	plan(w, at(0, 9), engineer=w.ann)  # whoever has something to do is shown all the same
	assert w.ann in {row["user"] for row in board(w)["engineers"]}


def test_the_number_of_queries_does_not_grow_with_the_visits(w):
	def queries():
		board(w)
		with user(w.desk):
			count, execute = [0], frappe.db.sql

			def counted(*args, **kwargs):
				count[0] += 1
				return execute(*args, **kwargs)

			frappe.db.sql = counted
			try:
				dispatch.board(str(MONDAY.date()), 7)
			finally:
				del frappe.db.sql
		return count[0]

	def visits(*hours):
		for hour in hours:
			plan(w, at(hour % 5, hour), engineer=(w.ann, w.bob)[hour % 2], needed_skills=[{"skill": SKILL}])

	visits(9, 10)  # of both, and with skills to ask for
	few = queries()
	visits(*range(11, 19))
	assert queries() == few < 30


# Moving


@pytest.mark.clause("5.3.a", "7.2.a.1")
def test_a_move_keeps_the_duration_and_changes_who_goes(w):
	doc = plan(w, at(0, 9), 1.5, engineer=w.ann, engineers=[{"user": w.ann}, {"user": w.desk}])
	assert move(w, doc, at(1, 14), w.bob, w.ann)["moved"]
	doc = visiting.fresh(doc)
	assert str(doc.planned_start) == f"{at(1, 14)}:00" and str(doc.planned_end) == f"{at(1, 15, 30)}:00"
	assert doc.owner_user == w.bob and [row.user for row in doc.engineers] == [w.bob, w.desk]
	assert move(w, doc, at(1, 10), minutes=240)["moved"]
	assert str(visiting.fresh(doc).planned_end) == f"{at(1, 14)}:00"
	assert move(w, doc, "")["moved"]
	assert visiting.fresh(doc).planned_start is None


def test_a_visit_of_nobody_is_given_to_somebody(w):
	doc = plan(w)
	assert move(w, doc, at(0, 9), w.ann)["moved"]
	doc = visiting.fresh(doc)
	assert doc.owner_user == w.ann and [row.user for row in doc.engineers] == [w.ann]


def test_a_move_says_first_what_it_sets_against_the_plan(w):
	plan(w, at(0, 9), engineer=w.ann)
	doc = plan(w, at(1, 9), engineer=w.bob, customer=w.factory)
	answer = move(w, doc, at(0, 10), w.ann, w.bob)
	assert not answer["moved"] and {row["code"] for row in answer["warnings"]} == {"overlap"}
	assert len(answer["warnings"]) == 1, "told once, not of both"
	assert visiting.fresh(doc).owner_user == w.bob
	assert move(w, doc, at(0, 10), w.ann, w.bob, accepted=True)["moved"]
	# what stood against it before is not told again
	assert move(w, doc, at(0, 10, 15), minutes=60)["moved"]


def test_who_confirmed_the_old_time_is_to_be_told(w):
	doc = plan(w, at(0, 9), engineer=w.ann)
	with user(w.ann):
		before_arrival.confirm_details(*key(doc), PERSON)
	answer = move(w, doc, at(0, 14))
	assert [row["code"] for row in answer["warnings"]] == ["confirmed"] and PERSON in answer["warnings"][0][
		"text"
	]
	assert move(w, doc, at(0, 9), w.bob, w.ann)["moved"], "who goes is not what the customer confirmed"


def test_a_move_from_an_old_look_is_refused(w):
	doc = plan(w, at(0, 9), engineer=w.ann)
	seen = str(visiting.fresh(doc).modified)
	move(w, doc, at(1, 9))
	with user(w.desk), pytest.raises(frappe.TimestampMismatchError, match=doc.name):
		dispatch_move.move(*key(doc), seen, at(2, 9))
	assert str(visiting.fresh(doc).planned_start) == f"{at(1, 9)}:00"


@pytest.mark.committed
def test_of_two_dispatchers_at_once_one_is_refused(site, in_parallel, cleanup):
	visiting.templates()
	desk = factories.make_user(roles=["Service Desk"]).name
	with user(desk):
		doc = visiting.plan(SHEET, factories.make_customer().name, planned_start=at(0, 9))
	frappe.db.commit()
	seen = str(visiting.fresh(doc).modified)

	def drag(hour):
		def run():
			frappe.set_user(desk)
			try:
				dispatch_move.move(*key(doc), seen, at(1, hour))
			except (frappe.TimestampMismatchError, frappe.QueryDeadlockError, frappe.QueryTimeoutError):
				return "refused"
			frappe.db.commit()
			return "moved"

		return run

	assert sorted(in_parallel(drag(9), drag(10))) == ["moved", "refused"]


@pytest.mark.parametrize("doctype", [SHEET, SESSION])
def test_once_it_has_begun_its_time_is_fixed_on_every_way(w, doctype):
	w.engineer = w.ann
	w.visit = plan(w, at(0, 9), engineer=w.ann, doctype=doctype)
	visiting.prepared(w)
	assert move(w, w.visit, at(0, 10), accepted=True)["moved"], "prepared is not begun"
	with user(w.ann):
		before_arrival.depart(*key(w.visit)) if doctype == SHEET else on_site.arrive(*key(w.visit))
	with pytest.raises(frappe.ValidationError, match=r"planned until somebody is on the way"):
		move(w, w.visit, at(1, 9))
	with user(w.desk):
		with pytest.raises(frappe.ValidationError, match=r"has begun, so its time is not planned"):
			frappe.client.set_value(*key(w.visit), "planned_start", at(0, 8))
		with pytest.raises(frappe.ValidationError, match=r"has begun, so its time is not planned"):
			frappe_calendar.update_event(
				frappe.as_json(
					{
						"doctype": doctype,
						"name": w.visit.name,
						"planned_start": at(1, 9),
						"planned_end": at(1, 10),
					}
				),
				'{"start": "planned_start", "end": "planned_end"}',
			)
	shown = board(w)["visits"].get(card(w.visit))
	assert shown is None or not shown["movable"]


def test_what_cannot_be_is_refused_with_a_way_out(w):
	doc = plan(w, at(0, 9), engineer=w.ann, engineers=[{"user": w.ann}, {"user": w.bob}])
	stranger = factories.make_portal_user(w.hospital).name
	for start, engineer, instead_of, minutes, words in (
		("soon", "", "", 0, "soon"),
		(at(0, 9), stranger, w.ann, 0, frappe.utils.get_fullname(stranger)),
		(at(0, 9), w.bob, w.ann, 0, "already"),
		(at(0, 9), w.desk, "somebody@example.com", 0, "somebody"),
		(at(0, 9), "", "", -5, "-5"),
	):
		with pytest.raises(frappe.ValidationError, match=words):
			move(w, doc, start, engineer, instead_of, minutes=minutes)
	with pytest.raises(frappe.ValidationError, match=r"does not work on the desk"):
		plan(w, at(0, 9), engineer=stranger)
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	with pytest.raises(frappe.PermissionError):
		move(w, doc, at(1, 9), as_user=auditor)
	with user(auditor):
		shown = dispatch.board(str(MONDAY.date()), 7)
	assert not shown["may_write"] and not shown["visits"][card(doc)]["movable"]
	for start, days in (("no date", 7), (None, 0), (None, 15)):
		with user(w.desk), pytest.raises(frappe.ValidationError, match=r"is no date|Ask for 1 to 14"):
			dispatch.board(start, days)


# Profiles and skills


@pytest.mark.parametrize(
	"values, words",
	[
		({"absences": [{"from_date": "2031-03-04", "to_date": "2031-03-03"}]}, "row 1"),
		({"skills": [{"skill": SKILL}, {"skill": SKILL, "level": "Expert"}]}, SKILL),
		({"travel_minutes": 2000}, "2000"),
	],
)
def test_a_profile_that_cannot_be_planned_with_is_refused(site, values, words):
	skill()
	engineer = factories.make_user(roles=["Field Engineer"]).name
	with pytest.raises(frappe.ValidationError, match=words):
		profile(engineer, **values)


def test_a_customer_has_no_profile(site):
	customer = factories.make_customer().name
	with pytest.raises(frappe.ValidationError, match=r"does not work on the desk"):
		profile(factories.make_portal_user(customer).name)


@pytest.mark.clause("7.2.a")
def test_a_visit_asks_for_the_skills_of_its_object_and_its_checklists(w):
	other = skill("Work at heights")
	importance = frappe.get_all("Service Importance", pluck="name", limit=1, order_by="name")[0]
	thing = factories.make(
		"Service Object",
		object_name="Switch",
		customer=w.hospital,
		kind="Other",
		importance=importance,
		needed_skills=[{"skill": SKILL, "level": "Skilled"}],
	)
	template = frappe.get_doc("Checklist Template", "On-site visit")
	template.append("needed_skills", {"skill": other, "level": "Basic"})
	template.save(ignore_permissions=True)
	doc = plan(w, at(0, 9), service_object=thing.name, engineer=w.ann)
	assert {(row.skill, row.level) for row in doc.needed_skills} == {(SKILL, "Skilled"), (other, "Basic")}
	doc.set("needed_skills", [])
	doc.save()
	assert not visiting.fresh(doc).needed_skills, "whoever plans decides"
	typed = plan(w, at(0, 9), service_object=thing.name, needed_skills=[{"skill": SKILL, "level": "Expert"}])
	assert {(row.skill, row.level) for row in typed.needed_skills} == {(SKILL, "Expert"), (other, "Basic")}


# My day, and the calendar


@pytest.mark.clause("7.2.a.1")
def test_my_day_lists_my_visits_in_order(w):
	now = site_now().replace(minute=0, second=0)

	def on(days, hour):
		return f"{now + timedelta(days=days):%Y-%m-%d} {hour:02d}:00"

	later = plan(w, on(1, 14), engineer=w.ann, customer=w.factory, site_address="Park 3")
	first = plan(w, on(1, 9), engineer=w.ann, contact_phone="+86 411 5550 1201")
	plan(w, on(1, 9), engineer=w.bob)
	late = plan(w, on(-1, 9), engineer=w.ann)
	with user(w.ann):
		shown = my_day.of(w.ann)
	assert [row["name"] for row in shown["visits"]] == [late.name, first.name, later.name]
	assert shown["visits"][0]["day"] == ""
	assert shown["visits"][2]["way"] == {"free": 180, "needed": 40, "short": False}
	assert shown["visits"][1]["phone"] and shown["visits"][2]["place"] == "Park 3"


@pytest.mark.clause("7.2.b.1")
def test_who_is_late_is_shown_late_on_the_board_and_on_the_own_day(w):
	waiting = plan(w, at(0, 9), engineer=w.ann, promised_on=at(0, 9))
	on_time = plan(w, at(0, 15), engineer=w.ann)
	unpromised = plan(w, at(0, 8), engineer=w.ann)
	came_late = plan(w, at(0, 7), engineer=w.ann, promised_on=at(0, 7))
	came_late.db_set({"status": "On Site", "arrived_on": at(0, 7, 5)})
	with scenario.at(datetime(2031, 3, 3, 9, 36, 30, tzinfo=scenario.ZONE)):
		shown = board(w)["visits"]
		with user(w.ann):
			own = {row["name"]: row for row in my_day.of(w.ann)["visits"]}
	for doc, said in ((waiting, "36 min late"), (on_time, ""), (unpromised, "1 h 36 min late"), (came_late, "5 min late")):
		assert shown[card(doc)]["late"] == own[doc.name]["late"] == said, doc.name


@pytest.mark.parametrize("doctype", [SHEET, SESSION])
def test_the_calendar_shows_people_and_phases(w, doctype):
	doc = plan(w, at(0, 9), engineer=w.ann, doctype=doctype)
	plan(w, at(20, 9), engineer=w.ann, doctype=doctype)
	with user(w.desk):
		rows = dispatch_calendar.events(
			doctype, at(0, 0), at(7, 0), [[doctype, "customer", "=", w.hospital, False]]
		)
	(row,) = rows
	assert row["name"] == doc.name and frappe.utils.get_fullname(w.ann) in row["label"]
	assert row["docstatus"] == 0 and row["color"].startswith("#")
