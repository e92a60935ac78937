"""The customer's pages, as they are served (6.3.a, 6.3.b, 6.3.f, 6.3.g, 6.3.j)."""

from datetime import datetime, timedelta

import customers
import factories
import frappe
import pytest
import scenario
from pages import get, words

from ops_delivery.services.agreements import published_terms as announced
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import intake as customer_input


@pytest.fixture
def w():
	world = customers.world()
	frappe.db.commit()  # a form that is refused rolls back to here
	return world


@pytest.mark.clause("6.3.j")
def test_the_list_shows_own_requests_and_what_waits_first(w):
	scenario.issue(w.agreement, customers.RESOLVED, raised_by=w.asker, subject="A later one")
	status, html = get("/service-requests", w.asker)
	assert status == 200 and "One result waits for your answer" in html
	assert html.index(w.issue.name) < html.index("A later one")
	assert "First Response" in html
	assert w.issue.name not in get("/service-requests", w.stranger)[1]
	assert w.issue.name in get(f"/service-requests?q={w.issue.name}", w.colleague)[1]
	assert "Nothing found" in get("/service-requests?q=nothing-like-it", w.colleague)[1]


@pytest.mark.clause("6.3.b", "6.3.d")
def test_a_promise_before_triage_is_called_provisional_and_its_change_is_told(w):
	now = datetime.now(scenario.ZONE)
	issue = scenario.issue(w.agreement, now, raised_by=w.asker)
	mail = mails_of(issue, w.asker)
	assert "provisional until we have judged your report" in mail
	listed = get("/service-requests", w.asker)[1]
	assert "First Response provisionally by" in listed
	html = get(f"/service-requests/{issue.name}", w.asker)[1]
	assert html.count("until we have judged your report") == 3 and "Promised by" not in html
	scenario.judge_valid(issue, now + timedelta(minutes=5))
	html = get(f"/service-requests/{issue.name}", w.asker)[1]
	assert "Promised by" in html and "provisional" not in html.lower()
	assert "Resolution: promised within 8 h of service hours, before within 24 h" in html


@pytest.mark.clause("6.3.b")
def test_no_mail_before_triage_promises_what_triage_may_take_back(w):
	now = datetime.now(scenario.ZONE) - timedelta(minutes=10)
	issue = scenario.issue(w.agreement, now, raised_by=w.asker)
	scenario.change(issue, now + timedelta(minutes=1), status="On Hold", ops_pause_reason="Which room?")
	scenario.change(issue, now + timedelta(minutes=2), status="Open")
	mail = mails_of(issue, w.asker)
	assert "Work on your request goes on" in mail and "We promise" not in mail
	scenario.judge_valid(issue, now + timedelta(minutes=5))
	assert "We promise to resolve it by" in mails_of(issue, w.asker)


@pytest.mark.clause("6.3.b", "6.3.d")
def test_a_promise_that_triage_takes_back_is_told(site):
	targets = [
		{"commitment": commitment, "priority": priority, "target": hours * 3600}
		for priority, hours in (("Low", 8), ("Medium", 4), ("High", 2), ("Urgent", 1))
		for commitment in ("First Response", "Resolution")
		if (commitment, priority) != ("Resolution", "Low")
	]
	w = customers.world(targets=targets)
	now = datetime.now(scenario.ZONE)
	issue = scenario.issue(w.agreement, now, raised_by=w.asker)
	assert "Resolution" in get(f"/service-requests/{issue.name}", w.asker)[1]
	judged = {"ops_urgency": "Not Urgent", "ops_importance": "Not Important"}
	scenario.judge_valid(issue, now + timedelta(minutes=5), **judged)
	html = get(f"/service-requests/{issue.name}", w.asker)[1]
	assert "Resolution: nothing is promised any more, before within 4 h of service hours" in html


def mails_of(issue, to) -> str:
	factories.make_email_account()
	customers.tell_all()
	return " ".join(customers.mails(issue.name, to))


def test_guests_log_in_and_staff_are_sent_to_the_desk(w):
	for path in (
		"/service-requests",
		"/service-requests/new",
		"/service-channels",
		f"/service-requests/{w.issue.name}",
	):
		status, target = get(path, "Guest")
		assert status == 302 and target.startswith("/login?redirect-to=")
		assert "Staff work on requests at the desk" in get(path, "Administrator")[1]


def test_no_page_of_a_customer_stays_in_a_browser_after_the_log_out(w):
	for first in page.PAGES:
		for path in (f"/{first}", f"/{first}/{w.issue.name}"):
			for user in (w.asker, "Guest"):
				get(path, user)
				assert frappe.flags.last_headers["Cache-Control"] == "no-store, private", (path, user)
	get("/about", w.asker)  # the host's pages keep what the host says
	assert frappe.flags.last_headers.get("Cache-Control") != "no-store, private"


def test_someone_elses_request_looks_like_none(w):
	other, none = (
		get(f"/service-requests/{w.issue.name}", w.stranger),
		get("/service-requests/ISS-0", w.stranger),
	)
	assert other[0] == none[0] == 403
	assert w.issue.subject not in other[1]


def test_a_request_says_what_was_promised_done_and_written(w):
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": "Sent",
			"content": "<p>We ordered it</p><script>alert(1)</script><form action=x><input></form><img src=x>",
			"reference_doctype": "Issue",
			"reference_name": w.issue.name,
			"sender": "desk@example.com",
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Comment",
			"content": "internal note",
			"reference_doctype": "Issue",
			"reference_name": w.issue.name,
		}
	).insert()
	_status, html = get(f"/service-requests/{w.issue.name}", w.colleague)
	text = words(html)
	for expected in (
		"Replaced the fan",
		"Resolution",
		"in time",
		"We ordered it",
		"Result offered",
		"Accept",
	):
		assert expected in text
	course = html[html.index("ops-course") :]
	for unwanted in ("<script>alert", "<form action=x", "<img src=x"):
		assert unwanted not in course
	assert "internal note" not in html


def test_pauses_and_invalid_reports_give_their_reason(w):
	paused = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(paused, scenario.MONDAY + timedelta(hours=1))
	scenario.change(
		paused,
		scenario.MONDAY + timedelta(hours=2),
		status="On Hold",
		ops_pause_reason="Waiting for <the> part",
	)
	html = get(f"/service-requests/{paused.name}", w.asker)[1]
	assert "Waiting for &lt;the&gt; part" in html and "the time does not run" in html
	invalid = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.change(
		invalid,
		scenario.MONDAY + timedelta(hours=1),
		ops_validity="Invalid",
		ops_invalid_reason="Run by the caterer",
		status="Closed",
	)
	assert "Run by the caterer" in get(f"/service-requests/{invalid.name}", w.asker)[1]


@pytest.mark.clause("6.3.g")
def test_the_form_answers_and_a_mistake_keeps_what_was_written(w):
	path = f"/service-requests/{w.issue.name}"
	status, html = get(path, w.asker, "POST", {"decision": "Rejected", "comment": " "})
	assert status == 417 and "Say why you reject" in html
	status, html = get(
		path,
		w.asker,
		"POST",
		{"decision": "Accepted with Reservations", "reservation": "", "comment": "my words"},
	)
	assert "at least one reservation" in html and "my words" in html
	assert acceptance.latest(w.issue.name).state == "Requested"
	status, target = get(
		path,
		w.asker,
		"POST",
		{"decision": "Accepted with Reservations", "reservation": ["Label it", "Clean up"], "comment": ""},
	)
	assert (status, target) == (303, f"{path}?done=answered")
	assert frappe.db.count("Service Leftover", {"source_name": w.issue.name}) == 2
	status, html = get(path, w.colleague, "POST", {"decision": "Rejected", "comment": "No"})
	assert status == 409 and "answered already" in html
	assert "Label it" in html and 'name="decision"' not in html


@pytest.mark.clause("6.3.j")
def test_the_customer_tells_more_while_it_is_open(w, as_user):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	path = f"/service-requests/{issue.name}"
	status, target = get(path, w.colleague, "POST", {"what": "information", "text": "Error <42>\nsince noon"})
	assert (status, target) == (303, f"{path}?done=sent")
	html = get(path, w.asker)[1]
	assert "Error &lt;42&gt;" in html
	assert frappe.db.exists("Service Notice", {"reference_name": issue.name, "key_point": "ops_information"})
	with as_user(w.asker):
		with pytest.raises(frappe.ValidationError, match="nothing to send"):
			customer_input.add_information(issue.name, " ")
	with as_user(w.stranger), pytest.raises(frappe.PermissionError):
		customer_input.add_information(issue.name, "let me in")


@pytest.mark.clause("6.3.j")
def test_a_request_is_raised_on_the_portal(w):
	thing = factories.make(
		"Service Object", object_name="Switch", customer=w.customer, kind="Other", importance="Important"
	)
	form = {"subject": "No network", "description": "Since <noon>", "service_object": thing.name}
	status, target = get("/service-requests/new", w.asker, "POST", form)
	assert status == 303 and target.endswith("?done=raised")
	issue = frappe.get_doc("Issue", target.split("/")[-1].split("?")[0])
	assert (issue.customer, issue.raised_by, issue.ops_object) == (w.customer, w.asker, thing.name)
	assert scenario.clock(issue, "First Response").state == "Running"
	status, html = get("/service-requests/new", w.stranger, "POST", form)
	assert status == 403 and "not one of your service objects" in html
	assert get("/service-requests/new", w.asker, "POST", {"subject": " "})[0] == 417


@pytest.mark.clause("6.3.a", "6.3.b")
def test_channels_hours_and_commitments_are_announced(w):
	(agreement,) = announced.for_user(w.asker)
	assert agreement["channels"][0]["address"] == "400-000-0000"
	assert agreement["channels"][0]["href"] == "tel:4000000000"
	assert agreement["hours"][0]["lines"] == [
		{"days": "Monday – Friday", "windows": "09:00–12:00, 13:00–18:00"}
	]
	table = agreement["commitments"]
	assert table["priorities"] == ["Urgent", "High", "Medium", "Low"]
	assert table["rows"][0]["name"] == "First Response" and table["rows"][0]["targets"][0] == "30 min"
	html = get("/service-channels", w.asker)[1]
	assert "400-000-0000" in html and "09:00–12:00" in html
	assert "no service agreement in force" in get("/service-channels", w.stranger)[1]


def test_times_are_the_readers(w):
	frappe.db.set_value("User", w.asker, "time_zone", "Europe/Berlin")
	frappe.clear_document_cache("User", w.asker)
	frappe.set_user(w.asker)
	row = portal.request(w.issue.name, w.asker)
	assert any("05:00 (Europe/Berlin)" in event["when"] for event in row["course"])
	frappe.set_user(w.colleague)
	assert any("12:00" in event["when"] for event in portal.request(w.issue.name, w.colleague)["course"])


def test_many_requests_cost_no_more_queries(w):
	for _number in range(5):
		scenario.issue(w.agreement, raised_by=w.asker)

	def queries():
		seen, original = [], frappe.db.sql
		frappe.db.sql = lambda *args, **kwargs: (seen.append(args), original(*args, **kwargs))[1]
		try:
			portal.requests(w.asker)
		finally:
			frappe.db.sql = original
		return len(seen)

	queries()  # fills the caches
	few = queries()
	for _number in range(5):
		scenario.issue(w.agreement, raised_by=w.asker)
	assert queries() == few
