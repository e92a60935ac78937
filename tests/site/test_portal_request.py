"""A request is raised in under a minute: urgency, files, answers we have, and nothing that was typed is lost (6.3.d)."""

import base64
import io

import customers
import factories
import frappe
import pytest
import scenario
from pages import get, words

from ops_delivery import framework, framework_jobs
from ops_delivery.services.knowledge import suggesting
from ops_delivery.services.outbox import outbox as notices

PATH = "/service-requests/new"


@pytest.fixture
def w():
	world = customers.world()
	frappe.db.commit()  # a form that is refused rolls back to here
	return world


def article(title, content="<p>Switch it off and on.</p>", published=1):
	if not frappe.db.exists("Help Category", "Network"):
		factories.make("Help Category", category_name="Network", published=1)
	return factories.make(
		"Help Article", title=title, category="Network", content=content, published=published
	)


def send(user, **form):
	status, target = get(PATH, user, "POST", {"subject": "No network", "description": "Since noon", **form})
	name = target.split("/")[-1].split("?")[0] if status == 303 else ""
	return status, target, name and frappe.get_doc("Issue", name)


PNG = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def file(name="photo.png", mimetype="image/png", content=PNG):
	return (io.BytesIO(content), name, mimetype)


@pytest.mark.clause("5.3.h")
def test_the_customer_says_how_urgent_it_is_and_staff_judge(w):
	assert "It must be handled at once" in get(PATH, w.asker)[1] or "Very Urgent" in get(PATH, w.asker)[1]
	status, _target, issue = send(w.asker, urgency="Very Urgent")
	assert (status, issue.ops_customer_urgency, issue.ops_urgency) == (303, "Very Urgent", None)
	assert "You called it: Very Urgent" in get(f"/service-requests/{issue.name}", w.asker)[1]
	scenario.judge_valid(issue, scenario.MONDAY.replace(year=2027), ops_urgency="Not Urgent")
	issue.reload()
	assert (issue.ops_customer_urgency, issue.ops_urgency) == ("Very Urgent", "Not Urgent")
	status, html, _issue = send(w.asker, urgency="<b>now</b>", description="my words")
	assert status == 417 and "none of the choices" in html and "my words" in html and "<b>now</b>" not in html


def test_the_same_form_sent_twice_makes_one_request_and_other_words_another(w):
	first, again = send(w.asker, once="abc")[2], send(w.asker, once="abc")[2]
	assert first.name == again.name
	assert send(w.asker, once="abc", subject="Other")[2].name != first.name
	assert send(w.colleague, once="abc")[2].name != first.name


def test_the_same_words_soon_after_are_the_same_request_as_when_somebody_goes_back(w):
	first = send(w.asker, once="abc")[2]
	status, target, again = send(w.asker, once="def")
	assert (status, again.name) == (303, first.name) and "done=raised" in target
	assert send(w.colleague, once="ghi")[2].name != first.name
	assert send(w.asker, once="jkl", files=file())[2].name != first.name
	frappe.db.set_value("Service Posting", {}, "creation", "2026-01-01 00:00:00")
	assert send(w.asker, once="mno")[2].name != first.name


def test_a_mistake_keeps_what_was_typed_and_says_that_files_are_lost(w):
	status, html, _issue = send(
		w.asker, description="my words", files=file("run.exe", "application/x-msdownload")
	)
	assert status == 417 and "run.exe is not a kind of file we take" in html
	assert "my words" in html and "Choose the files once more" in html
	# neither its name nor the browser's kind is believed, but what is in it
	assert send(w.asker, files=file("page.html", "image/png"))[0] == 417
	assert send(w.asker, files=file("photo.png", "image/png", b"<html><script>1</script>"))[0] == 417
	html = get(PATH, w.asker)[1]
	assert 'accept=".png' in html and "At most 5 at once" in html
	status, _target, issue = send(w.asker, files=file())
	(kept,) = frappe.get_all("File", {"attached_to_name": issue.name}, ["file_name", "is_private"])
	assert status == 303 and kept.is_private == 1


@pytest.mark.committed
@pytest.mark.clause("8.4.a.2")
def test_published_articles_are_suggested_and_others_are_not():
	asker = customers.portal_user(factories.make_customer().name)
	fitting = article("No zebranet at the desk")
	in_text = article("Cables", "<p>There is no zebranet where the cable is loose.</p>")
	article("No zebranet: draft", published=0)
	article("Paper jam")
	frappe.db.commit()
	found = [row["title"] for row in suggesting.for_customer("There is no zebranet", asker)]
	assert found == [fitting.title, in_text.title]
	for nothing in ("", "%%%", "xyzzyx"):
		assert suggesting.for_customer(nothing, asker) == []
	status, html = get(
		PATH, asker, "POST", {"what": "answers", "subject": "No zebranet", "description": "d42"}
	)
	assert status == 200 and f'href="/{fitting.route}"' in html and "Paper jam" not in html and "d42" in html
	assert not frappe.db.exists("Issue", {"subject": "No zebranet", "description": ["like", "%d42%"]})


@pytest.mark.clause("8.4.a.2")
def test_knowledge_is_passed_on_with_the_request(w):
	doc = article("Fans of switches")
	path = f"/service-requests/{w.issue.name}"
	assert "Worth knowing" not in get(path, w.asker)[1]
	frappe.db.set_value("Issue", w.issue.name, "ops_help_article", doc.name)
	html = get(path, w.asker)[1]
	assert "Worth knowing" in html and f'href="/{doc.route}"' in html and doc.title in html
	frappe.db.set_value("Help Article", doc.name, "published", 0)
	assert "Worth knowing" not in get(path, w.asker)[1]
	desk = factories.make_user(roles=["Service Desk"]).name
	assert frappe.has_permission("Help Article", "read", user=desk)


@pytest.mark.clause("6.3.d")
def test_a_save_does_not_wait_for_a_queue_that_is_down(w, monkeypatch):
	"""Frappe asks a dead queue five times, a second apart; so nothing of a customer's save may ask it."""
	asked = []
	monkeypatch.setattr(framework_jobs, "queue_answers", lambda: False)
	monkeypatch.setattr("frappe.utils.background_jobs.get_queue", lambda *_args, **_options: asked.append(1))
	monkeypatch.setattr("frappe.utils.background_jobs.get_redis_conn", lambda *_args, **_options: asked.append(1))
	status, _target, issue = send(w.asker)
	frappe.db.commit()
	assert status == 303 and frappe.db.exists("Service Notice", {"reference_name": issue.name, "state": "Pending"})
	assert asked == []


@pytest.mark.clause("6.3.d")
def test_a_request_is_kept_when_mail_and_queue_are_down(w, monkeypatch):
	factories.make_email_account()

	def down(*_args, **_kwargs):
		raise ConnectionError("down")

	monkeypatch.setattr("frappe.utils.background_jobs.get_queue", down)
	monkeypatch.setattr("frappe.email.queue.flush", down)
	monkeypatch.setattr("frappe.email.smtp.SMTPServer.session", property(down))
	status, _target, issue = send(w.asker)
	assert status == 303 and issue.customer == w.customer
	assert scenario.clock(issue, "First Response").state == "Running"
	assert frappe.db.exists("Service Notice", {"reference_name": issue.name})
	monkeypatch.undo()
	notices.deliver()  # the outbox catches up
	rows = frappe.get_all("Service Notice", {"reference_name": issue.name}, ["key_point", "state", "attempts", "error"])
	states = {row.key_point: row.state for row in rows}
	assert states.pop("ops_new") in ("Queued", "Sent"), rows  # by mail to whoever has the desk's role on this site
	assert set(states.values()) == {"Queued"}, rows
