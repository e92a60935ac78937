"""Service reports: made, worded, reviewed, published, confirmed, and fixed from then on (8.2, 8.3.b.5)."""

import dataclasses
import json

import api_calls
import deliverable_scene
import desk_door
import factories
import frappe
import pages
import pytest
import report_paper_scene as scene
import reviewing
from frappe.model.workflow import apply_workflow

from ops_delivery.services.deliverables import rules as deliverable_rules
from ops_delivery.services.papers import prints
from ops_delivery.services.reports import comparing, making, promised, publishing, rules, templates
from ops_delivery.services.reviews import phase_guard

DOCTYPE = scene.DOCTYPE


@pytest.fixture
def w(site, monkeypatch):
	"""An agreement with its people. What a job commits is the test's own."""
	monkeypatch.setattr(frappe.db, "commit", lambda *args, **kwargs: None)
	w = scene.world()
	scene.figures(monkeypatch, requests=scene.requests())
	return w


def row(doc, section: str = "Service Requests"):
	return next(row for row in doc.sections if row.section == section)


def values(w, **more) -> dict:
	return {"agreement": w.agreement.name, "report_kind": "Month", "period_from": scene.FROM, "period_to": scene.TO, **more}


def ask(user: str, method: str, **form):
	answer = api_calls.post(user, f"ops_delivery.api.service_reports.{method}", **form)
	frappe.local.message_log = []
	return answer


def told(answer) -> dict:
	assert answer.status == 200, answer.text[:400]
	return json.loads(answer.text)["message"]


@pytest.mark.clause("8.3.b.5", "8.2.a")
def test_a_manager_makes_words_reviews_and_publishes_one_each_step_by_somebody_at_a_time(w):
	desk = desk_door.Desk("Service Delivery Manager")
	answer = desk.new(DOCTYPE, **values(w))
	assert answer.status == 200, desk_door.said(answer)
	doc = frappe.get_doc(DOCTYPE, {"agreement": w.agreement.name})
	assert doc.customer == w.customer and "2026-03" in doc.title and len(doc.sections) == 15
	assert told(ask(desk.user, "make", name=doc.name))["state"] == "Waiting"
	making.run(doc.name, frappe.db.get_value(DOCTYPE, doc.name, "making_run"))
	found = told(ask(desk.user, "view", name=doc.name))
	section = next(one for one in found["sections"] if one["section"] == "Service Requests")
	assert section["figures"][0]["value"] == "7" and section["figures"][0]["previous"] == "5" and section["figures"][0]["trend"] == "up"
	assert section["figures"][1]["value"] == "96.5 %" and section["notes"] == ["6 of 7 were in time."] and "<svg" in section["charts"][0]["svg"]
	assert found["progress"]["state"] == "Made" and not found["missing"]
	doc.reload()
	answer = desk.save(doc, sections=[{**one.as_dict(), "text": "Fewer than in February." if one.section == "Service Requests" else ""} for one in doc.sections])
	assert answer.status == 200, desk_door.said(answer)
	doc = reviewing.act(doc, "Ask for Internal Review", desk.user)
	reviewing.approve(doc, w.reviewer, scene.INTERNAL)
	doc = reviewing.act(doc, "Publish", desk.user)
	assert doc.status == "Published" and row(doc).text == "Fewer than in February."
	assert [(step.step, step.done_by) for step in doc.steps] == [("In Review", desk.user), ("Reviewed", w.reviewer), ("Published", desk.user)]


@pytest.mark.clause("8.3.b.5")
def test_twice_asked_is_once_and_a_lost_worker_is_seen_and_followed_by_another(w):
	doc = scene.report(w)
	with reviewing.user(w.author):
		first = making.start(doc.name)
		token = frappe.db.get_value(DOCTYPE, doc.name, "making_run")
		assert making.start(doc.name) == first and frappe.db.get_value(DOCTYPE, doc.name, "making_run") == token
		frappe.db.set_value(DOCTYPE, doc.name, {"making_state": "Running", "making_beat": frappe.utils.add_to_date(None, hours=-1)})
		assert making.progress(doc.name)["stopped"], "whoever looks is told"
		assert making.start(doc.name)["state"] == "Waiting"
		later = frappe.db.get_value(DOCTYPE, doc.name, "making_run")
		assert later != token
		making.run(doc.name, token)
		assert not frappe.db.get_value(DOCTYPE, doc.name, "figures_on"), "the lost one finds itself overtaken"
		making.run(doc.name, later)
		made = frappe.db.get_value(DOCTYPE, doc.name, "modified")
		making.run(doc.name, later)
		assert frappe.db.get_value(DOCTYPE, doc.name, "modified") == made, "once more it does nothing"


def test_one_that_fails_says_so_and_can_be_asked_for_again(w, monkeypatch):
	doc = scene.report(w)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)  # it would take the test's own back, too
	monkeypatch.setattr(making, "collect", lambda *args, **kwargs: frappe.throw("The calendar is gone"))
	doc = scene.make(doc, w.author)
	found = making.progress(doc.name)
	assert found["state"] == "Failed" and "calendar is gone" in found["error"] and not doc.figures_on


@pytest.mark.clause("8.3.b.5")
def test_made_anew_it_keeps_headings_and_texts_and_takes_the_new_figures(w, monkeypatch):
	doc = scene.made(w)
	own = {"heading": "What we wish to add", "text": "Thank you."}
	doc = reviewing.change(doc, w.author, sections=[*[{**one.as_dict(), "text": f"About {one.section}", "heading": "Ours"} if one.section == "Service Requests" else one.as_dict() for one in doc.sections], own])
	scene.figures(monkeypatch, requests=scene.requests(count=9))
	doc = scene.make(doc, w.author)
	kept = row(doc)
	assert (kept.text, kept.heading) == ("About Service Requests", "Ours") and json.loads(kept.figures)["figures"][0]["value"] == 9
	assert (doc.sections[-1].heading, doc.sections[-1].text) == (own["heading"], own["text"])


@pytest.mark.clause("8.3.b.5")
def test_a_figure_leads_to_exactly_the_records_behind_it(w, monkeypatch):
	names = [factories.make("Issue", subject=factories.unique("Issue"), customer=w.customer).name for _number in range(2)]
	scene.figures(monkeypatch, requests=scene.requests(names=names))
	found = told(ask(w.author, "view", name=scene.made(w).name))
	section = next(one for one in found["sections"] if one["section"] == "Service Requests")
	sources = section["figures"][0]["sources"]
	assert (sources["doctype"], sources["filters"], sources["whole"]) == ("Issue", {"name": ["in", names]}, True)
	assert section["tables"][0]["links"][0][0] == "Issue" and section["tables"][0]["missed"] == [True, True]


@pytest.mark.clause("8.3.b.5")
def test_what_was_published_stays_and_says_what_would_be_different_only_when_asked(w, monkeypatch):
	doc = scene.published(w)
	scene.figures(monkeypatch, requests=scene.requests(count=12))
	with reviewing.user(w.author), pytest.raises(making.FiguresFixed, match=r"figures stay as they are.*Revise"):
		making.start(doc.name)
	found = told(ask(w.author, "compare", name=doc.name))
	assert found["count"] == 1 and (found["rows"][0]["was"], found["rows"][0]["now"]) == ("7", "12"), found
	doc.reload()
	assert json.loads(row(doc).figures)["figures"][0]["value"] == 7
	answer = desk_door.Desk("Service Delivery Manager").save(doc, sections=[{**one.as_dict(), "text": "Other words"} for one in doc.sections])
	assert answer.status == 417 and "was approved and stays" in desk_door.said(answer)
	with reviewing.user(w.author), pytest.raises(frappe.ValidationError, match="is not published"):
		comparing.of(scene.report(w, period_from="2026-04-01", period_to="2026-04-30").name)
	doc = reviewing.act(doc, "Revise", w.author)
	assert (doc.version, doc.status) == (2, "Compiling")
	assert json.loads(row(scene.make(doc, w.author)).figures)["figures"][0]["value"] == 12


@pytest.mark.clause("8.2.a")
def test_nobody_types_a_figure(w):
	doc = scene.made(w)
	desk = desk_door.Desk("Service Delivery Manager")
	sent = [{**one.as_dict(), "figures": '{"key": "requests"}'} for one in doc.sections]
	new = {"doctype": "Service Report Section", "heading": "Ours", "figures": row(doc).figures, "__islocal": 1}
	answer = desk.save(doc, sections=[*sent, new], figures_on="2020-01-01 00:00:00", making_state="Running")
	assert answer.status == 200, desk_door.said(answer)
	stored = frappe.get_doc(DOCTYPE, doc.name)
	assert [one.figures for one in stored.sections] == [*(one.figures for one in doc.sections), None], "it is put back"
	assert stored.making_state == "Made" and str(stored.figures_on) == str(doc.figures_on)


@pytest.mark.clause("8.3.b.5", "8.2.a")
def test_whoever_compiles_it_neither_reviews_nor_decides_about_it(w):
	with reviewing.user(w.author), pytest.raises(frappe.ValidationError, match="compiles this report"):
		scene.report(w, compiler=w.author, reviewer=w.author)
	doc = reviewing.act(scene.made(w), "Ask for Internal Review", w.author)
	with pytest.raises(frappe.PermissionError, match="You wrote on"):
		reviewing.approve(doc, w.author, scene.INTERNAL)
	with reviewing.user(w.author), pytest.raises(phase_guard.ReviewMissing):
		apply_workflow(frappe.get_doc(DOCTYPE, doc.name), "Publish")


@pytest.mark.parametrize(
	("given", "said"),
	[
		({"period_from": "2026-04-01", "period_to": "2026-03-01"}, "lies before"),
		({"period_to": "2026-04-15"}, "not the days of one"),
		({"report_kind": "Quarter"}, "not the days of one"),
	],
)
def test_days_that_are_no_such_period_are_refused(w, given, said):
	answer = desk_door.Desk("Service Delivery Manager").new(DOCTYPE, **values(w, **given))
	assert answer.status == 417 and said in desk_door.said(answer), desk_door.said(answer)


def test_the_same_days_have_one_report_and_a_cancelled_one_makes_room(w):
	doc = scene.report(w)
	answer = desk_door.Desk("Service Delivery Manager").new(DOCTYPE, **values(w))
	assert answer.status == 417 and "about the same agreement and days" in desk_door.said(answer)
	with reviewing.user(w.author), pytest.raises(frappe.MandatoryError, match="Reason"):
		apply_workflow(frappe.get_doc(DOCTYPE, doc.name), "Cancel")
	reviewing.act(reviewing.change(doc, w.author, reason="Begun by mistake"), "Cancel", w.author)
	assert scene.report(w).name != doc.name


def test_one_about_days_to_come_or_without_figures_is_not_sent_to_review(w):
	doc = scene.report(w)
	with reviewing.user(w.author), pytest.raises(rules.NotComplete, match="Make the figures"):
		apply_workflow(frappe.get_doc(DOCTYPE, doc.name), "Ask for Internal Review")
	ahead = frappe.utils.get_first_day(frappe.utils.add_months(frappe.utils.nowdate(), 3))
	doc = scene.made(w, period_from=str(ahead), period_to=str(frappe.utils.get_last_day(ahead)))
	with reviewing.user(w.author), pytest.raises(rules.NotComplete, match="period is not over"):
		apply_workflow(doc, "Ask for Internal Review")


def test_other_days_take_the_figures_away(w):
	doc = reviewing.change(scene.made(w), w.author, period_from="2026-04-01", period_to="2026-04-30")
	assert not doc.figures_on and not row(doc).figures


def test_its_paper_says_how_many_rows_of_a_long_table_it_leaves_out_and_where_they_stand(w, monkeypatch):
	rows = [{"name": f"ROW-{number}", "subject": "Mail does not arrive", "kept": "Kept", "hours": 1} for number in range(130)]
	scene.figures(monkeypatch, requests=scene.requests(rows=rows), records=dataclasses.replace(scene.requests(rows=rows), key="records"))
	page = prints.html(scene.made(w), "Service Report")
	assert page.count("ROW-99<") == 1 and "ROW-100<" not in page and page.count("ROW-59<") == 2
	assert "30 more rows are not printed; the form of this report has 130 rows." in page
	assert "70 more rows are not printed; the form of this report has 130 rows." in page


@pytest.mark.clause("8.2.e", "5.3.e")
def test_its_pdf_becomes_the_file_of_the_promised_deliverable_under_that_ones_own_rules(w):
	target = scene.promised(w)
	doc = scene.report(w)
	assert doc.deliverable == target.name, "what was promised about these days is proposed"
	doc = scene.published(w, scene.make(doc, w.author))
	target.reload()
	assert doc.handed_over_on and target.status == "In Review" and target.files[0].file.endswith(".pdf")
	assert frappe.get_doc("File", {"file_url": target.files[0].file}).get_content().startswith(b"%PDF")
	reviewing.approve(target, w.reviewer, deliverable_scene.RULE)
	with reviewing.user(w.author), pytest.raises(deliverable_rules.NotComplete, match="tick that they meet"):
		apply_workflow(frappe.get_doc("Deliverable", target.name), "Publish")
	publishing.run(doc.name)
	assert len(frappe.get_doc("Deliverable", target.name).files) == 1, "once more it hands over nothing"
	with reviewing.user(w.author), pytest.raises(promised.NotItsDeliverable, match="is no document for"):
		scene.report(w, period_from="2026-04-01", period_to="2026-04-30", deliverable=deliverable_scene.document(w.author).name)


def test_a_revision_gives_its_pdf_to_a_deliverable_that_is_revised_and_leaves_a_published_one_alone(w):
	target = scene.promised(w)
	doc = scene.published(w)
	target.reload()
	target = deliverable_scene.published(w.author, w.reviewer, deliverable_scene_ready(target, w))
	first = target.files[0].file
	revised = reviewing.change(reviewing.act(doc, "Revise", w.author), w.author, title="Another title")
	doc = scene.published(w, scene.make(revised, w.author))
	target.reload()
	assert [one.file for one in target.files] == [first] and target.status == "Published"
	assert "it was not given the PDF" in frappe.get_all("Comment", {"reference_name": doc.name, "comment_type": "Info"}, pluck="content")[0]
	reviewing.act(target, "Revise", w.author)
	assert ask(w.author, "hand_over", name=doc.name).status == 200
	publishing.run(doc.name)
	target.reload()
	assert len(target.files) == 1 and target.files[0].file != first


def deliverable_scene_ready(target, w):
	"""Back in compiling, so that its own scene takes it through its steps."""
	return reviewing.act(target, "Return to Draft", w.author)


@pytest.mark.clause("8.2.b", "8.2.c.2")
def test_the_customer_reads_what_was_published_for_them_and_nobody_elses(w):
	doc = scene.made(w)
	for user in (w.asker, w.stranger):
		assert pages.get(f"/agreements/{doc.name}", user)[0] == 403 and doc.title not in pages.get("/deliverables", user)[1]
		assert api_calls.get(user, "ops_delivery.api.portal.document_pdf", name=doc.name).status == 403
	doc = scene.published(w, doc)
	status, page = pages.get("/deliverables", w.asker)
	assert status == 200 and doc.title in page
	status, page = pages.get(f"/agreements/{doc.name}", w.asker)
	assert status == 200 and "Requests received" in page
	answer = api_calls.get(w.asker, "ops_delivery.api.portal.document_pdf", name=doc.name)
	assert answer.status == 200 and answer.content.startswith(b"%PDF")
	assert pages.get(f"/agreements/{doc.name}", w.stranger)[0] == 403 and doc.title not in pages.get("/deliverables", w.stranger)[1]
	assert api_calls.get(w.stranger, "ops_delivery.api.portal.document_pdf", name=doc.name).status == 403
	for method in ("view", "make", "compare", "hand_over", "progress"):
		assert ask(w.asker, method, name=doc.name).status == 403, method
	for method, form in (("frappe.client.get", {"doctype": DOCTYPE, "name": doc.name}), ("frappe.client.get_list", {"doctype": DOCTYPE}), ("frappe.utils.print_format.download_pdf", {"doctype": DOCTYPE, "name": doc.name})):
		answer = api_calls.post(w.stranger, method, **form)
		assert answer.status in (401, 403) or doc.name not in answer.text, (method, answer.text[:200])


@pytest.mark.clause("8.3.b.5")
def test_where_it_is_agreed_the_customer_confirms_it_on_their_pages(w):
	doc = scene.published(w, scene.made(w, customer_confirms=1))
	reviewing.customer_decides(doc, w.asker, scene.CUSTOMER)
	doc.reload()
	assert doc.status == "Confirmed" and (doc.steps[-1].step, doc.steps[-1].done_by) == ("Confirmed", w.asker)
	with reviewing.user(w.author), pytest.raises(rules.StepNotPossible, match="cannot become"):
		fresh = frappe.get_doc(DOCTYPE, doc.name)
		phase_guard.enter(fresh, "Cancelled")
	other = scene.published(w, scene.made(w, period_from="2026-04-01", period_to="2026-04-30"))
	assert not reviewing.open_review(other, scene.CUSTOMER), "elsewhere nobody is asked"


def test_a_template_is_chosen_by_agreement_then_customer_and_refuses_what_no_report_has(w):
	def template(**more):
		rows = more.pop("sections", [{"section": "Summary", "enabled": 1}])
		return factories.make("Service Report Template", template_name=factories.unique("Template"), enabled=1, sections=rows, **more)

	everybody = templates.of(w.agreement.name, w.customer)
	theirs = template(customer=w.customer)
	assert templates.of(w.agreement.name, w.customer) == theirs.name != everybody
	own = template(agreement=w.agreement.name, sections=[{"section": "Next Period", "enabled": 1, "heading": "What comes"}, {"section": "Summary", "enabled": 0}, {"section": "Complaints", "enabled": 1, "introduction": "From {from} for {customer}"}])
	doc = scene.report(w)
	assert doc.template == own.name and [(one.section, one.heading) for one in doc.sections] == [("Next Period", "What comes"), ("Complaints", "")]
	assert doc.sections[1].introduction.startswith("From ") and frappe.db.get_value("Customer", w.customer, "customer_name") in doc.sections[1].introduction
	for rows, said in (
		([{"section": "Summary", "enabled": 1, "introduction": "For {customers}"}], r"no <strong>\{customers\}</strong>"),
		([{"section": "Summary", "enabled": 1}, {"section": "Summary", "enabled": 1}], "stands in row 1 already"),
		([{"section": "Summary", "enabled": 0}], "no section is shown"),
	):
		with pytest.raises(templates.NotPossible, match=said):
			template(sections=rows)
	with pytest.raises(templates.NotPossible, match="is an agreement of"):
		template(agreement=w.agreement.name, customer=factories.make_customer().name)


def test_a_report_goes_out_under_no_lower_class_than_its_own():
	for one, other, said in (("Internal Use", "Confidential", "Confidential"), ("Confidential", "Internal Use", "Confidential"), (None, "Confidential", "Confidential"), ("Confidential", None, "Confidential")):
		assert publishing._stricter(one, other) == said
