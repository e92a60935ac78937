"""The customer's pages of complaints and improvements: by log-in and by signed link."""

import io

import complaining
import customers
import factories
import frappe
import improving
import pytest
import scenario
from complaining import fresh
from pages import get, words
from reviewing import user

from ops_delivery.permissions import steps
from ops_delivery.services.complaints import links as complaint_links
from ops_delivery.services.complaints import process_text as complaint_words
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.shared import link_throttle as guesses
from ops_delivery.services.shared import signed_link
from ops_delivery.services.shared.locale import moment

ROUTE = {"Issue": "ops_customer_email"}


@pytest.fixture(scope="module")
def shared(shared_records):
	with shared_records():
		return complaining.world()


@pytest.fixture
def w(shared, site):
	for key in frappe.cache.get_keys(guesses.KEY):
		frappe.cache.delete(key)
	w = frappe._dict(shared)
	fresh(w)
	frappe.db.commit()  # a form that is refused rolls back to here
	return w


def token(doc, party):
	return signed_link.make(complaint_links.PURPOSE, doc.doctype, doc.name, party)


def by_link(w, doc=None, party=None, session="Guest", **form):
	code = token(doc or w.complaint, party or w.asker)
	return get("/complaint", session, "POST", {"token": code, **form})


@pytest.mark.clause("5.4.d")
def test_process_and_channels_are_open_to_everybody(w):
	for who in ("Guest", w.asker, w.stranger):
		status, html = get("/complaints", who)
		assert status == 200 and "independent" in words(html) and "Where to complain" in words(html)
	assert w.complaint.subject in get("/complaints", w.asker)[1]
	for who in (w.colleague, w.stranger, "Guest"):
		assert w.complaint.subject not in get("/complaints", who)[1]


@pytest.mark.clause("5.4.d")
def test_a_complaint_is_made_on_the_portal_with_and_without_a_matter(w):
	status, html = get("/complaints/new", w.asker)
	assert status == 200 and w.issue.name in html
	status, where = get(
		"/complaints/new",
		w.asker,
		"POST",
		{"subject": "Too slow", "text": "Very", "about": "Issue", "name": w.issue.name},
	)
	assert status == 303 and where.endswith("done=raised")
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"subject": "Too slow"})
	assert (doc.reference_name, doc.raised_by, doc.channel, doc.anonymous) == (
		w.issue.name,
		w.asker,
		"Portal",
		1,
	)
	assert "on record" in get(where, w.asker)[1]
	status, where = get(
		"/complaints/new", w.asker, "POST", {"subject": "In general", "text": "x", "open": "1"}
	)
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"subject": "In general"})
	assert status == 303 and not doc.reference_name and not doc.anonymous and doc.customer == w.customer


@pytest.mark.clause("5.4.d")
def test_only_the_complainant_reads_and_answers_it(w):
	complaining.told(w)
	frappe.db.commit()
	path = f"/complaints/{w.complaint.name}"
	status, html = get(path, w.asker)
	assert status == 200 and "You are right" in html and "Talked to both" not in html
	assert w.engineer not in html and w.handler not in html
	for who in (w.colleague, w.stranger):
		assert get(path, who)[0] == 403
		assert get(path, who, "POST", {"answer": "accept"})[0] in (403, 417)
	assert get(path, "Guest")[0] == 302
	assert 'name="answer"' not in get(path, w.desk)[1]
	assert fresh(w).status == "Result Told"
	status, html = get(path, w.asker, "POST", {"answer": "appeal", "note": " "})
	assert status == 417 and "why you do not agree" in html
	assert get(path, w.asker, "POST", {"answer": "appeal", "note": "Not all"})[0] == 303
	assert fresh(w).status == "Appealed" and w.complaint.rounds[0].answered_how
	status, html = get(path, w.asker, "POST", {"answer": "accept"})
	assert status == 409 and "appealed already" in html


@pytest.mark.clause("5.4.d")
def test_the_same_by_a_signed_link_without_a_log_in(w):
	status, html = by_link(w)
	assert status == 200 and w.complaint.subject in html and 'name="answer"' not in html
	complaining.told(w)
	frappe.db.commit()
	status, html = by_link(w, act="1", answer="accept")
	assert status == 200 and "Thank you" in html and fresh(w).status == "Closed"
	assert w.complaint.answered_how == "by signed link"
	assert by_link(w, act="1", answer="appeal", note="No")[0] == 409
	assert fresh(w).status == "Closed"


@pytest.mark.clause("5.4.d")
def test_a_complaint_is_made_by_the_link_of_a_request(w):
	status, html = by_link(w, w.issue)
	assert status == 200 and "Make a Complaint" in html and w.issue.name in html
	status, html = by_link(w, w.issue, act="1", subject="By link", text="Rude")
	assert status == 200 and "on record" in html
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"subject": "By link"})
	assert (doc.channel, doc.raised_by, doc.reference_name) == ("Signed Link", w.asker, w.issue.name)
	assert doc.customer == w.customer and doc.people[0].user == w.engineer


def test_a_foreign_forged_or_staffs_link_changes_nothing(w):
	complaining.told(w)
	frappe.db.commit()
	assert by_link(w, party=w.stranger)[0] == 403
	assert by_link(w, w.issue, party=w.stranger, act="1", subject="x")[0] == 403
	code = signed_link.make("acceptance", w.complaint.doctype, w.complaint.name, w.asker)
	assert get("/complaint", "Guest", "POST", {"token": code, "act": "1", "answer": "accept"})[0] == 403
	code = token(w.complaint, w.asker)
	assert (
		get("/complaint", "Guest", "POST", {"token": code[:-2] + "xx", "act": "1", "answer": "accept"})[0]
		== 403
	)
	old = signed_link.make(
		complaint_links.PURPOSE, w.complaint.doctype, w.complaint.name, w.asker, expires_on="2020-01-01"
	)
	assert get("/complaint", "Guest", "POST", {"token": old})[0] == 410
	by_link(w, session=w.desk, act="1", answer="accept")
	assert fresh(w).status == "Result Told"


def test_the_mail_has_a_link_for_its_reader_alone(w):
	factories.make_email_account()
	complaining.told(w)
	customers.tell_all()
	mails = customers.mails(w.complaint.name, w.asker)
	assert any("/complaint#" in mail for mail in mails)
	with_staff = customers.mails(w.complaint.name, w.superior)
	assert with_staff and not [mail for mail in with_staff if "/complaint#" in mail]
	copies = frappe.get_all("Communication", {"reference_name": w.complaint.name}, pluck="content")
	assert not any(token(w.complaint, w.asker)[-20:] in copy for copy in copies)


@pytest.mark.parametrize(
	"text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=1+1", "{{ 7*7 }}"]
)
def test_what_is_typed_is_shown_as_text(w, text):
	form = {"subject": f"x {text}", "text": f"y {text}", "severity": text}
	status, where = get("/complaints/new", w.asker, "POST", form)
	assert status == 303
	status, html = get(where, w.asker)
	assert status == 200 and "<script>alert" not in html and "<img src=x" not in html
	assert "y 49" not in words(html)


def test_too_much_and_wrong_files_are_refused_and_nothing_is_kept(w, monkeypatch):
	before = frappe.db.count(complaints.DOCTYPE)
	for form in ({"subject": "x", "text": "y" * 1_000_000}, {"subject": " ", "text": " "}):
		assert get("/complaints/new", w.asker, "POST", form)[0] == 417
	bad = frappe._dict(filename="a.exe", mimetype="application/x-msdownload", stream=io.BytesIO(b"MZ"))
	with pytest.raises(frappe.ValidationError, match="kind of file"):
		complaint_portal.raise_on_portal(w.asker, {"subject": "With file", "text": "See there"}, [bad])
	assert frappe.db.count(complaints.DOCTYPE) == before
	good = frappe._dict(filename="a.txt", mimetype="text/plain", stream=io.BytesIO(b"hello"))
	about = {"about": "Issue", "name": w.issue.name}
	name = complaint_portal.raise_on_portal(w.asker, {"subject": "With file", "text": "See there", **about}, [good])
	file = frappe.get_doc("File", {"attached_to_name": name})
	assert file.is_private and not file.has_permission("read", user=w.engineer)


def test_somebody_elses_matter_or_customer_is_refused(w):
	other = factories.make_issue(factories.make_customer().name)
	with pytest.raises(frappe.PermissionError):
		complaint_portal.raise_on_portal(w.asker, {"subject": "x", "text": "y", "about": "Issue", "name": other.name})
	with pytest.raises(frappe.PermissionError):
		complaint_portal.raise_on_portal(w.asker, {"subject": "x", "about": "User", "name": "Administrator"})
	with pytest.raises(frappe.PermissionError):
		complaint_portal.raise_on_portal(w.asker, {"subject": "x", "customer": other.customer})
	with user(w.desk), pytest.raises(frappe.PermissionError):
		complaint_portal.raise_on_portal(w.desk, {"subject": "x"})


@pytest.mark.parametrize("down", ["mail", "queue"])
def test_with_mail_or_queue_down_a_complaint_is_never_lost(w, monkeypatch, down):
	def broken(*_args, **_kwargs):
		raise ConnectionError("down")

	monkeypatch.setattr(frappe, "sendmail" if down == "mail" else "enqueue", broken)
	status, where = get("/complaints/new", w.asker, "POST", {"subject": f"While {down} is down", "text": "x"})
	assert status == 303 and get(where, w.asker)[0] == 200
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"subject": f"While {down} is down"})
	assert frappe.db.exists(
		"Service Notice", {"reference_name": doc.name, "key_point": "ops_complaint_received"}
	)


def test_what_waits_stands_on_the_home(w):
	assert not complaint_portal.waiting(w.asker)
	complaining.told(w)
	found = complaint_portal.waiting(w.asker)
	assert [row["url"] for row in found] == [f"/complaints/{w.complaint.name}"] and found[0]["due"]
	for who in (w.colleague, w.stranger, w.desk, w.engineer, "Guest"):
		assert not complaint_portal.waiting(who)


@pytest.mark.clause("5.5.f")
def test_an_improvement_is_read_and_confirmed_by_its_customer(w):
	doc = improving.action("Effect Check", customer=w.customer, title="Call back <b>always</b>")
	path = f"/improvements/{doc.name}"
	assert get(path, w.asker)[0] == 403  # not told yet
	improvements.tell_customer(doc.name, "We have a list now.")
	frappe.db.commit()
	status, html = get(path, w.asker)
	assert status == 200 and "We have a list now." in html and "<b>always</b>" not in html
	assert "The night shift has no list" not in html
	assert [row["url"] for row in improvement_portal.waiting(w.asker)] == [path]
	for who in (w.stranger, "Guest"):
		assert get(path, who)[0] in (403, 302) and not improvement_portal.waiting(who)
	assert get(path, w.stranger, "POST", {"answer": "yes"})[0] in (403, 417)
	assert get(path, w.asker, "POST", {"answer": "perhaps"})[0] == 417
	assert get(path, w.asker, "POST", {"answer": "yes"})[0] == 303
	assert improving.fresh(doc).answer == "Confirmed" and not improvement_portal.waiting(w.asker)
	assert get(path, w.asker, "POST", {"answer": "no", "note": "x"})[0] == 417


@pytest.mark.clause("5.5.f")
def test_an_improvement_is_confirmed_by_link_without_a_log_in(w):
	factories.make_email_account()
	about = {"source_doctype": "Issue", "source_name": w.issue.name}
	doc = improving.action("Effect Check", customer=w.customer, **about)
	improvements.tell_customer(doc.name, "We have a list now.")
	customers.tell_all()
	(mail,) = customers.mails(doc.name, w.asker)
	code = mail.partition("/complaint#")[2].partition('"')[0]
	assert "We have a list now." in mail and code
	assert get("/complaint", "Guest", "POST", {"token": token(doc, w.stranger)})[0] == 403
	status, html = get("/complaint", "Guest", "POST", {"token": code})
	assert status == 200 and "We have a list now." in html
	status, html = get(
		"/complaint", "Guest", "POST", {"token": code, "act": "1", "answer": "no", "note": "Not yet"}
	)
	assert status == 200 and "Thank you" in html
	assert (
		improving.fresh(doc).state == "Investigating"
		and improving.fresh(doc).answered_how == "by signed link"
	)
	status, _html = get("/complaint", "Guest", "POST", {"token": code, "act": "1", "answer": "yes"})
	assert status == 417 and improving.fresh(doc).answer == "Not Satisfied"


def test_an_action_of_a_complaint_is_its_complainants_alone(w):
	complaining.investigated(w)
	with user(w.handler):
		name = complaints.improve(w.complaint.name)
	doc = frappe.get_doc(improvements.DOCTYPE, name)
	steps.take(doc)
	doc.update({"told_text": "Training", "told_on": frappe.utils.now_datetime()})
	doc.save()
	frappe.db.commit()
	assert get(f"/improvements/{name}", w.asker)[0] == 200
	assert get(f"/improvements/{name}", w.colleague)[0] == 403
	assert improvement_portal.waiting(w.asker) and not improvement_portal.waiting(w.colleague)


@pytest.mark.clause("5.3.c")
def test_the_notices_are_told_in_the_readers_language(w):
	factories.make_email_account()
	frappe.db.set_value("User", w.asker, "language", "zh")
	notices.post(complaints.DOCTYPE, w.complaint.name, "ops_complaint_acknowledged")
	customers.tell_all()
	assert any("受理" in mail for mail in customers.mails(w.complaint.name, w.asker))


def test_the_page_promises_what_the_definition_says(w):
	definition = frappe.get_doc("Clock Definition", {"document_type": complaints.DOCTYPE, "meet_at_field": "acknowledged_on"})
	before = complaint_words.promise()
	definition.own_target = 20 * definition.own_target
	definition.update(scenario.SAID).save()
	assert before and complaint_words.promise() not in ("", before)
	due = frappe.db.get_value(
		"Service Clock",
		{"reference_name": w.complaint.name, "clock_definition": definition.name, "state": "Running"},
		"due_on",
	)
	html = words(get(f"/complaints/{w.complaint.name}", w.asker)[1])
	assert f"You will hear from us by {moment(due)}" in html and "within one working day" not in html
	definition.enabled = 0
	definition.update(scenario.SAID).save()
	assert complaint_words.promise() == ""
