"""Knowledge: drafted from a record without personal data, reviewed, published for whom it is meant, found, used and counted (5.3.f, 8.4.a.2)."""

import api_calls
import customers
import desk_door
import factories
import frappe
import knowledge_scene as scene
import pages
import pytest
import reviewing
import scenario

from ops_delivery.services.knowledge import counting, drafting, rules, sources, steps
from ops_delivery.services.reviews import phase_guard

API = "ops_delivery.api.knowledge."


def call(user, function, **form):
	return api_calls.post(user, API + function, **form)


def answer(user, function, **form):
	got = call(user, function, **form)
	assert got.status == 200, got.text
	return frappe.parse_json(got.text)["message"]


@pytest.fixture
def w(site):
	world = customers.world()
	world.author, world.reviewer = reviewing.manager(), reviewing.manager()
	world.engineer = factories.make_user(roles=["Field Engineer"]).name
	world.auditor = factories.make_user(roles=["Delivery Auditor"]).name
	return world


REPORT = (
	"<p>Hello,</p><p>since noon no light at port 3 of the switch, error 0x80070005. Call 13812345678, 10.1.2.3, S/N: FOC1234X0AB.</p>"
	"<p>张小凡经理也打不开。</p><p>Best regards,<br>Anna Becker<br>{customer}</p>"
)


@pytest.mark.clause("5.3.f")
def test_one_action_drafts_an_article_from_a_resolved_request_without_personal_data(w):
	customer = frappe.db.get_value("Customer", w.customer, "customer_name")
	frappe.db.set_value("Issue", w.issue.name, {"description": REPORT.format(customer=customer), "subject": f"No light, says {customer}"})
	found = answer(w.engineer, "draft", source_doctype="Issue", source_name=w.issue.name)
	values = found["values"]
	assert "no light at port 3" in values["symptom"] and "0x80070005" in values["symptom"], "the facts stay, in the customer's words"
	assert "Replaced the fan" in values["treatment"]
	for secret in (customer, "13812345678", "10.1.2.3", "FOC1234X0AB", "Anna Becker", "张小凡"):
		assert secret not in frappe.as_json(values), secret
		assert any(secret in part["said"] for part in found["taken_out"]), (secret, found["taken_out"])
	assert values["title"].startswith("No light, says [Customer]")
	assert "Telephone number: 1" in values["taken_out"] and "13812345678" not in values["taken_out"]
	assert not frappe.db.exists(scene.DOCTYPE, {"source_name": w.issue.name}), "nothing is saved before somebody has looked"
	desk = desk_door.Desk("Field Engineer")
	saved = desk.new(scene.DOCTYPE, **values)
	assert saved.status == 200, desk_door.said(saved)
	doc = frappe.get_doc(scene.DOCTYPE, {"source_name": w.issue.name})
	assert (doc.source_doctype, doc.status, doc.audience, doc.checked) == ("Issue", "Draft", "Internal", 0)


@pytest.mark.clause("5.3.f")
def test_there_is_one_article_of_a_record(w):
	values = answer(w.engineer, "draft", source_doctype="Issue", source_name=w.issue.name)["values"]
	first = factories.make(scene.DOCTYPE, **values)
	assert answer(w.author, "draft", source_doctype="Issue", source_name=w.issue.name) == {"article": first.name}
	desk = desk_door.Desk("Technical Expert")
	said = desk_door.said(desk.new(scene.DOCTYPE, **{**values, "keeper": w.author}))
	assert "There is an article of Issue" in said and first.name in said
	second = frappe.get_doc({"doctype": scene.DOCTYPE, **values})
	with pytest.raises(frappe.DuplicateEntryError):
		second.insert(ignore_permissions=True)


@pytest.mark.clause("5.3.f")
def test_leftovers_and_closed_plans_are_sources_and_what_is_open_is_none(w):
	leftover = factories.make("Service Leftover", subject="Old cable", customer=w.customer, description="Cable too short", treatment="Ordered", owner_user=w.author)
	with pytest.raises(sources.NotOver, match="not over yet"):
		sources.facts("Service Leftover", leftover.name)
	frappe.db.set_value("Service Leftover", leftover.name, {"state": "Solved", "result": "Works"})
	found = sources.facts("Service Leftover", leftover.name)
	assert (found.symptom, found.treatment, found.result) == ("Cable too short", "Ordered", "Works")
	plan = frappe.new_doc("Optimization Plan").update({"title": "Faster disks", "status": "Closed", "background": "<p>Slow</p>", "content": "<p>SSD</p>", "lessons": "Measure first"})
	facts = sources.of_plan(plan)
	assert (facts.symptom, facts.treatment, facts.result) == ("Slow", "SSD", "Measure first")
	plan.status = "In Progress"
	assert sources.of_plan(plan) is None
	open_issue = scenario.issue(w.agreement, raised_by=w.asker)
	said = call(w.author, "draft", source_doctype="Issue", source_name=open_issue.name)
	assert said.status == 417 and "not over yet" in desk_door.said(said)
	refused = call(w.author, "draft", source_doctype="Customer", source_name=w.customer)
	assert refused.status == 417 and "no article is drafted from" in desk_door.said(refused) and "Issue" in desk_door.said(refused)
	for user in (w.asker, w.stranger, "Guest"):
		assert call(user, "draft", source_doctype="Issue", source_name=w.issue.name).status == 403
	assert call(w.auditor, "draft", source_doctype="Issue", source_name=w.issue.name).status == 403, "who only reads makes none"


def test_another_room_adds_a_source_by_the_hook():
	assert {"Issue", "Service Leftover", "Optimization Plan"} <= {*sources.kinds()}
	for path in sources.kinds().values():
		assert callable(frappe.get_attr(path))


@pytest.mark.clause("5.3.f")
def test_an_article_is_reviewed_by_another_before_it_is_published(w):
	doc = scene.draft(w.engineer, checked=0, treatment="")
	with pytest.raises(rules.NotComplete, match="Treatment"):
		reviewing.act(doc, "Ask for Internal Review", w.engineer)
	doc = reviewing.change(doc, w.engineer, treatment="Replace it")
	with pytest.raises(rules.NotComplete, match="tick it"):
		reviewing.act(doc, "Ask for Internal Review", w.engineer)
	doc = reviewing.change(doc, w.engineer, checked=1)
	assert doc.checked_by == w.engineer
	doc = reviewing.change(doc, w.engineer, cause="A loose plug, says Tom")
	assert not doc.checked and not doc.checked_by, "another text takes the tick away"
	doc = reviewing.change(doc, w.engineer, cause="A loose plug")
	doc = reviewing.change(doc, w.engineer, checked=1)
	doc = reviewing.act(doc, "Ask for Internal Review", w.engineer)
	with pytest.raises(phase_guard.ReviewMissing):
		reviewing.act(doc, "Publish", w.author)
	desk = desk_door.Desk("Service Delivery Manager")
	said = desk.save(frappe.get_doc(scene.DOCTYPE, doc.name), status="Published")
	assert frappe.db.get_value(scene.DOCTYPE, doc.name, "status") == "Internal Review", said.text
	reviewing.approve(doc, w.reviewer, scene.RULE)
	doc = reviewing.act(doc, "Publish", w.author)
	assert doc.status == "Published" and doc.published_on
	with pytest.raises(phase_guard.ContentFixed):
		reviewing.change(doc, w.author, cause="Other")
	reviewing.change(doc, w.author, keeper=w.reviewer, keywords="lamp led")
	doc = reviewing.act(doc, "Revise", w.author)
	assert (doc.status, doc.version) == ("Draft", 2)
	with pytest.raises(rules.StepNotPossible):
		frappe.get_doc(scene.DOCTYPE, doc.name).update({"status": "Published"}) and phase_guard.enter(frappe.get_doc(scene.DOCTYPE, doc.name), "Published")


@pytest.mark.clause("8.4.a.2")
def test_who_may_read_which_article(w):
	other = factories.make_customer().name
	inside = scene.published(w.author, w.reviewer)
	for_all = scene.published(w.author, w.reviewer, audience="All Customers")
	theirs = scene.published(w.author, w.reviewer, audience="Chosen Customers", customers=[{"customer": w.customer}])
	others = scene.published(w.author, w.reviewer, audience="Chosen Customers", customers=[{"customer": other}])
	draft = scene.draft(w.author, audience="All Customers")
	allowed = {w.asker: {for_all.name, theirs.name}, w.colleague: {for_all.name, theirs.name}, w.stranger: {for_all.name}}
	for user, names in allowed.items():
		listed = pages.get("/knowledge", user)[1]
		for doc in (inside, for_all, theirs, others, draft):
			status, html = pages.get(f"/knowledge/{doc.name}", user)
			assert (status == 200) == (doc.name in names), (user, doc.name)
			assert (doc.title in html) == (doc.title in listed) == (doc.name in names)
			assert (call(user, "opened", article=doc.name).status == 200) == (doc.name in names)
	assert pages.get(f"/knowledge/{for_all.name}", "Guest")[0] == 302
	for method in ("frappe.client.get", "frappe.client.get_list", "frappe.utils.print_format.download_pdf"):
		got = api_calls.post(w.asker, method, doctype=scene.DOCTYPE, name=for_all.name)
		assert got.status in (401, 403) and for_all.title not in got.text
	for user in (w.engineer, w.auditor, w.author):
		assert frappe.has_permission(scene.DOCTYPE, "read", doc=inside.name, user=user)
	assert not frappe.has_permission(scene.DOCTYPE, "write", doc=inside.name, user=w.auditor)
	reviewing.act(for_all, "Retire", w.author)
	assert pages.get(f"/knowledge/{for_all.name}", w.asker)[0] == 403


def test_an_audience_of_chosen_customers_names_them_and_a_heading_is_given_for_the_website(w):
	desk = desk_door.Desk("Technical Expert")
	values = {**scene.values(keeper=desk.user), "audience": "Chosen Customers"}
	values.pop("doctype")
	assert "Choose the customers" in desk_door.said(desk.new(scene.DOCTYPE, **values))
	values.update(audience="All Customers", as_help_article=1)
	assert "heading" in desk_door.said(desk.new(scene.DOCTYPE, **values))
	values.update(as_help_article=0, keeper=w.asker)
	assert "does not work on the desk" in desk_door.said(desk.new(scene.DOCTYPE, **values))
	values.update(keeper=desk.user, review_date="2020-01-01")
	assert "Look it over by" in desk_door.said(desk.new(scene.DOCTYPE, **values))


@pytest.mark.clause("8.4.a.2")
def test_an_article_may_stand_among_the_hosts_help_articles_and_goes_when_it_is_retired(w):
	if not frappe.db.exists("Help Category", "Network"):
		factories.make("Help Category", category_name="Network", published=1)
	theirs = factories.make("Help Article", title="Theirs", category="Network", content="<p>x</p>", published=1)
	before = frappe.get_doc("Help Article", theirs.name).as_dict()
	doc = scene.published(w.author, w.reviewer, audience="All Customers", as_help_article=1, help_category="Network", symptom="a <b>bold</b>\nline")
	copy = frappe.get_doc("Help Article", doc.help_article)
	assert copy.published == 1 and copy.title == doc.title and "Symptom" in copy.content and "<b>" not in copy.content
	doc = reviewing.act(doc, "Revise", w.author)
	assert frappe.db.get_value("Help Article", copy.name, "published") == 0
	doc = reviewing.change(doc, w.author, cause="Dust")
	doc = reviewing.change(doc, w.author, checked=1)
	doc = scene.published(w.author, w.reviewer, doc)
	assert doc.help_article == copy.name and "Dust" in frappe.db.get_value("Help Article", copy.name, "content")
	reviewing.act(doc, "Retire", w.author)
	assert frappe.db.get_value("Help Article", copy.name, "published") == 0
	assert frappe.get_doc("Help Article", theirs.name).as_dict() == before, "what others wrote is not touched"


@pytest.mark.clause("5.3.f")
def test_the_keeper_is_reminded_on_the_day_and_once(w):
	doc = scene.published(w.author, w.reviewer)
	doc.db_set("review_date", "2026-01-31")
	steps.remind_keepers()
	steps.remind_keepers()
	todo = frappe.get_all("ToDo", {"reference_name": doc.name, "allocated_to": w.author, "status": "Open"}, pluck="description")
	assert len([said for said in todo if "Look the article" in said]) == 1
	reviewing.act(doc, "Retire", w.author)
	assert not frappe.db.exists("ToDo", {"reference_name": doc.name, "status": "Open"})


@pytest.mark.clause("5.3.f", "8.4.a.2")
def test_used_in_a_request_it_stands_on_its_timeline_and_on_the_customers_page(w):
	doc = scene.published(w.author, w.reviewer, audience="All Customers")
	inside = scene.published(w.author, w.reviewer)
	desk = factories.make_user(roles=["Service Desk"]).name
	assert answer(desk, "use", article=doc.name, issue=w.issue.name) is True
	assert answer(desk, "use", article=doc.name, issue=w.issue.name) is False, "once"
	assert answer(desk, "use", article=inside.name, issue=w.issue.name) is True
	comments = frappe.get_all("Comment", {"reference_name": w.issue.name, "comment_type": "Info"}, pluck="content")
	assert any(doc.name in said and "used the article" in said for said in comments)
	assert counting.figures(doc.name)["used"] == 1
	html = pages.get(f"/service-requests/{w.issue.name}", w.asker)[1]
	assert doc.title in html and inside.title not in html
	draft = scene.draft(w.author)
	refused = call(desk, "use", article=draft.name, issue=w.issue.name)
	assert refused.status == 417 and "is used once it is published" in desk_door.said(refused)
	for user in (w.auditor, w.asker, w.stranger, "Guest"):
		assert call(user, "use", article=doc.name, issue=w.issue.name).status == 403
	said = desk_door.Desk("System Manager").new("Knowledge Use", article=doc.name)
	assert said.status in (403, 417)


@pytest.mark.clause("8.4.a.2")
def test_whether_it_helped_is_counted_by_article_without_whose_it_was(w):
	doc = scene.published(w.author, w.reviewer, audience="All Customers")
	path = f"/knowledge/{doc.name}"
	for _twice in (1, 2):
		assert call(w.asker, "opened", article=doc.name, form="key1").status == 200
	call(w.colleague, "opened", article=doc.name, form="key2")
	assert "Did this help you?" in pages.get(path, w.asker)[1]
	assert pages.get(path, w.asker, "POST", {"helped": "yes"}) == (303, f"{path}?done=yes")
	assert pages.get(path, w.asker, "POST", {"helped": "yes"}) == (303, f"{path}?done=again")
	assert pages.get(path, w.colleague, "POST", {"helped": "no"})[1].endswith("done=no")
	assert pages.get(path, w.stranger, "POST", {"helped": "maybe"})[0] == 417
	counting.request_sent("key2")
	assert counting.settle() == 0, "it may yet be sent"
	frappe.db.set_value("Knowledge Reading", {"article": doc.name}, "creation", "2026-01-01 00:00:00")
	assert counting.settle() == 1 and not frappe.db.exists("Knowledge Reading", {"article": doc.name})
	assert counting.figures(doc.name) == {"shown": 0, "opened": 2, "helped": 1, "not_helped": 1, "deflected": 1, "used": 0}
	for doctype in ("Knowledge Figure", "Knowledge Reading"):
		for row in frappe.get_all(doctype, {"article": doc.name}, ["*"]):
			assert not any(person in frappe.as_json(row) for person in (w.asker, w.colleague)) or row.owner == w.asker, row
	report = frappe.parse_json(api_calls.post(w.auditor, "frappe.desk.query_report.run", report_name="Knowledge in Use", filters="{}").text)["message"]
	row = next(row for row in report["result"] if isinstance(row, dict) and row.get("article") == doc.name)
	assert (row["opened"], row["helped"], row["not_helped"], row["deflected"]) == (2, 1, 1, 1)


@pytest.mark.committed
@pytest.mark.clause("5.3.f", "8.4.a.2")
def test_fitting_articles_are_suggested_to_who_judges_and_to_who_writes(cleanup):
	author, reviewer = reviewing.manager(), reviewing.manager()
	customer = factories.make_customer().name
	asker, stranger = customers.portal_user(customer), customers.portal_user(factories.make_customer().name)
	named = [{"customer": customer}]
	made = {
		"theirs": scene.published(author, reviewer, title="斑马交换机断网怎么处理", audience="Chosen Customers", customers=named),
		"all": scene.published(author, reviewer, title="Okapi switch loses its network", audience="All Customers"),
		"inside": scene.published(author, reviewer, title="斑马交换机断网：内部说明"),
		"draft": scene.draft(author, title="斑马交换机断网草稿", audience="All Customers"),
	}
	cleanup(scene.forget, *(doc.name for doc in made.values()))
	issue = factories.make_issue(customer, subject="斑马交换机 断网了", description="<p>okapi</p>")
	frappe.db.commit()

	def titles(user, text):
		got = api_calls.post(user, "ops_delivery.api.portal.help_articles", text=text, form="f1")
		return [row["title"] for row in frappe.parse_json(got.text)["message"]]

	assert titles(asker, "我们的斑马交换机又断网了") == [made["theirs"].title]
	assert titles(stranger, "我们的斑马交换机又断网了") == [], "it is for another customer"
	assert titles(stranger, "The okapi network is gone") == [made["all"].title]
	status, html = pages.get("/knowledge?q=斑马", asker)
	assert status == 200 and made["theirs"].title in html and made["inside"].title not in html and made["draft"].title not in html
	assert made["theirs"].title not in pages.get("/knowledge?q=斑马", stranger)[1]
	found = answer(reviewer, "suggested", issue=issue.name)
	assert [row["name"] for row in found["rows"]][:2] in ([made["theirs"].name, made["inside"].name], [made["inside"].name, made["theirs"].name])
	assert made["draft"].name not in [row["name"] for row in found["rows"]]
	answer(reviewer, "use", article=made["inside"].name, issue=issue.name)
	again = answer(reviewer, "suggested", issue=issue.name)
	assert [row["name"] for row in again["used"]] == [made["inside"].name] and made["inside"].name not in [row["name"] for row in again["rows"]]
	assert counting.figures(made["theirs"].name)["shown"] == 2, "once beside the form, once beside the request"
	reviewing.act(made["theirs"], "Retire", author)
	frappe.db.commit()
	assert titles(asker, "我们的斑马交换机又断网了") == [] and made["theirs"].title not in pages.get("/knowledge?q=斑马", asker)[1]
	for user in (asker, "Guest"):
		assert call(user, "suggested", issue=issue.name).status == 403


def test_what_is_still_in_the_texts_is_shown_to_who_ticks(w):
	doc = scene.draft(w.author, checked=0, symptom="Call 13812345678, says Peter Braun")
	said = answer(w.author, "missing", name=doc.name)
	assert {"kind": "Telephone number", "said": "13812345678"} in said["still_there"] and any(row["kind"] == "" for row in said["still_there"])
	assert [row["field"] for row in said["missing"]] == ["checked"] and drafting.still_there(doc)
