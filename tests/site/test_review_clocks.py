"""Terms of a definition's own, and overdue reviews that are reminded and escalated by them (6.4.b, 6.5.c, 6.3.e)."""

from datetime import timedelta

import factories
import frappe
import pytest
import reviewing
import scenario
from frappe.utils import get_datetime
from scenario import MONDAY, hours

from ops_delivery.services.clocks import figures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.escalation import sweep
from ops_delivery.services.reviews import requesting
from ops_delivery.services.reviews import standing as reviews

pytestmark = pytest.mark.clause("6.4.b")


@pytest.fixture(autouse=True)
def complete(monkeypatch):
	from ops_delivery.services.plans import completeness as plan_completeness

	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)


@pytest.fixture
def w():
	with scenario.at(MONDAY):
		return reviewing.in_internal_review()


def clock_of(name: str):
	return frappe.db.get_value("Service Clock", {"reference_name": name}, "*", as_dict=True)


def logs(name: str, **filters):
	return frappe.get_all(
		"Escalation Log",
		filters={"reference_name": name, **filters},
		fields=["name", "kind", "step", "agreement"],
		order_by="fired_on, step",
	)


def test_a_review_runs_until_its_due_date_in_service_hours(w):
	clock = clock_of(reviewing.open_review(w.plan))
	assert (clock.state, clock.commitment, clock.agreement) == ("Running", "Review", None)
	# asked for on Monday at nine, due on Thursday at nine: three days of eight hours
	assert clock.target == 24 * 3600 and clock.policy == "Overdue Reviews"
	assert get_datetime(clock.due_on) == (MONDAY + timedelta(days=2, hours=9)).replace(tzinfo=None)
	with scenario.at(MONDAY + hours(2)):
		reviewing.approve(w.plan, w.reviewer)
	clock = clock_of(clock.reference_name)
	assert clock.state == "Met" and clock.elapsed == 2 * 3600 and not clock.breached


def test_an_overdue_review_is_reminded_and_escalated(w):
	review = reviewing.open_review(w.plan)
	with scenario.at(MONDAY + timedelta(days=2, hours=3)):
		sweep.run()
	assert [row.step for row in logs(review)] == ["Reminder"]
	told = frappe.get_all("Escalation Log Recipient", filters={"parent": logs(review)[0].name}, pluck="user")
	assert w.reviewer in told and w.author not in told
	with scenario.at(MONDAY + timedelta(days=7, hours=6)):
		sweep.run()
	assert {"Reminder", "Overdue", "Delivery managers"} <= {row.step for row in logs(review)}
	last = next(row.name for row in logs(review) if row.step == "Delivery managers")
	told = frappe.get_all("Escalation Log Recipient", filters={"parent": last}, pluck="user")
	assert w.author in told  # a delivery manager, too
	assert clock_of(review).breached


def test_a_later_due_date_moves_the_deadline_and_a_review_that_ends_stops(w):
	name = reviewing.open_review(w.plan)
	before = get_datetime(clock_of(name).due_on)
	with scenario.at(MONDAY + hours(1)):
		due = frappe.db.get_value("Service Review", name, "due_on")
		requesting.put_off(name, frappe.utils.add_days(due, 1))
	assert get_datetime(clock_of(name).due_on) == before + timedelta(days=1)
	with scenario.at(MONDAY + hours(2)):
		reviewing.act(w.plan, "Return to Draft", w.author)
	assert clock_of(name).state == "Cancelled"


def test_reviews_are_no_promise_to_the_customer(w):
	assert clock_of(reviewing.open_review(w.plan))
	day = MONDAY.date()
	assert not figures.outcomes({"from_date": day, "to_date": day, "commitment": "Review"})


def definition(**values):
	return factories.make(
		"Clock Definition",
		**{
			"definition_name": factories.unique("Own"),
			"commitment": factories.make("Service Commitment", commitment=factories.unique("Care")).name,
			"document_type": "Service Review",
			"start_when": 'doc.state == "Open"',
			"meet_when": 'doc.state == "Approved"',
			"own_terms": 1,
			"own_calendar": scenario.calendar().name,
			"own_policy": scenario.policy().name,
			**values,
		},
	)


def test_a_target_of_its_own():
	own = definition(own_target=6 * 3600)
	with scenario.at(MONDAY):
		w = reviewing.in_internal_review()
	row = frappe.db.get_value(
		"Service Clock",
		{"clock_definition": own.name, "reference_name": reviewing.open_review(w.plan)},
		["target", "due_on"],
		as_dict=True,
	)
	assert row.target == 6 * 3600
	assert get_datetime(row.due_on) == (MONDAY + hours(7)).replace(tzinfo=None)  # with an hour for lunch


@pytest.mark.parametrize(
	("values", "said"),
	[
		({}, "either .*Target.* or .*deadline"),
		({"own_target": 60, "own_deadline_field": "due_on"}, "either"),
		({"own_deadline_field": "state"}, "no date field"),
		({"own_deadline_field": "nothing"}, "no date field"),
		({"own_target": 60, "own_calendar": None}, "Service Calendar.*missing"),
	],
)
def test_terms_that_cannot_work_are_refused_by_name(values, said):
	with pytest.raises(frappe.ValidationError, match=said):
		definition(**values)


def test_ledgers_rebuild(w):
	name = reviewing.open_review(w.plan)
	with scenario.at(MONDAY + hours(3)):
		assert clocks.rebuild("Service Review", name) == []
