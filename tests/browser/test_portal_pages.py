"""Every page of the customer's, at both widths and in both languages; and without a script or a connection."""

import io
from datetime import timedelta

import complaining
import customers
import factories
import frappe
import looks
import pytest
import reviewing
import scenario
import surveying
import visiting
from PIL import Image

from ops_delivery.services.requests import acceptance_channels as answering

PASSWORD = "Wind-turbine-62"
# what a website theme of an organization sets; a dark one is the hardest
DARK = """body => { document.head.append(Object.assign(document.createElement("style"), {textContent:
	":root, body { --text-color: #f0f0f0; --text-muted: #c9c9c9; --fg-color: #161616; --bg-color: #161616; " +
	"--primary: #9ec5ff; --border-color: #555; } body { background: #161616; } * { transition: none !important; }"})) }"""
SUBJECT, RESULT = "收费窗口断网", "更换了三号交换机的风扇。"


@pytest.fixture
def scene(site):
	"""A customer's person for whom something waits on every page."""
	visiting.templates()
	agreement = scenario.agreement(title="门诊系统运维协议")
	customer = agreement.customer
	asker = customers.portal_user(customer, new_password=PASSWORD, first_name="王丽")
	w = frappe._dict(asker=asker, customer=customer, agreement=agreement)
	make = factories.make
	make("Service Object", object_name="核心交换机", customer=customer, kind="Other", importance="Important")
	if not frappe.db.exists("Help Category", "网络"):
		make("Help Category", category_name="网络", published=1, route="help-network")
	w.article = make(
		"Help Article", title="断网时先看什么", category="网络", content="<p>看指示灯。</p>", published=1
	)
	w.open = scenario.issue(agreement, raised_by=asker, subject=f"{SUBJECT}二")
	issue = scenario.issue(agreement, raised_by=asker, subject=SUBJECT)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	w.resolved = customers.resolve(issue, resolution_details=f"<p>{RESULT}</p>")
	engineer = factories.make_user(roles=["Field Engineer"], first_name="李工").name
	with visiting.user(engineer):
		values = {"title": "更换交换机", "work_content": "更换交换机", "owner_user": engineer}
		values["work_items"] = [{"work": "更换", "steps": "断电"}]
		w.visit = visiting.plan("Field Service Sheet", customer, **values)
		done = frappe._dict(visit=visiting.plan("Field Service Sheet", customer, **values), engineer=engineer)
	w.to_sign = visiting.work_done(done).visit
	author, reviewer = reviewing.manager(), reviewing.manager()
	with reviewing.user(author):
		draft = scenario.agreement(
			customer, submit=False, title="新协议", start_date="2028-01-01", end_date="2028-12-31"
		)
	draft = reviewing.act(draft, "Ask for Internal Review", author)
	reviewing.approve(draft, reviewer, "Agreement: internal review")
	w.draft = reviewing.act(draft, "Send to the Customer", author)
	w.review = reviewing.open_review(w.draft, "Agreement: customer review")
	questions = [{"question": "您满意吗？", "answer_type": "Score 1–5", "weight": 1, "required": 1}]
	template = surveying.template(questions, title="您觉得怎么样？")
	w.survey = frappe.get_doc("Service Survey", surveying.ask(surveying.rule(template), w.resolved)[0])
	w.complaint = complaining.complain(
		frappe._dict(w, issue=w.resolved), subject="没有人来", text="说好今天来。", name="王丽"
	)
	w.link = answering.link_for(w.resolved).partition("/acceptance")[2]
	frappe.db.commit()
	yield w
	frappe.db.rollback()
	frappe.db.delete("Service Notice", {"reference_name": ["in", [w.open.name, w.resolved.name]]})
	frappe.db.commit()


def paths(w) -> list[str]:
	return [
		"/service",
		"/service-requests",
		"/service-requests/new",
		f"/service-requests/{w.open.name}",
		f"/service-requests/{w.resolved.name}",
		"/visits",
		f"/visits/{w.visit.name}",
		f"/visits/{w.to_sign.name}",
		"/reviews",
		f"/reviews/{w.review}",
		"/surveys",
		f"/surveys/{w.survey.name}",
		"/complaints",
		"/complaints/new",
		f"/complaints/{w.complaint.name}",
		"/agreements",
		f"/agreements/{w.agreement.name}",
		"/service-channels",
	]


def typed(w) -> list[str]:
	"""What stands on the pages as the scene has it: names, numbers and the words of checklists and agreements."""
	names = [w.customer, w.asker, w.agreement.name, w.draft.name, w.open.name, w.resolved.name, w.review]
	names += [
		w.visit.name,
		w.to_sign.name,
		w.survey.name,
		w.complaint.name,
		w.agreement.agreement_number,
		w.agreement.company,
	]
	names += [
		frappe.db.get_value("Service Calendar", w.agreement.calendar, "calendar_name"),
		"Chen Jing",
		"Runs",
		"Administrator",
	]
	names += [w.agreement.commitments_text, *(row.address for row in w.agreement.channels)]
	names += [row.hours for row in w.agreement.channels] + [row.note for row in w.agreement.channels]
	return [name for name in names if name]


@pytest.mark.clause("5.3.c", "6.3.a", "6.3.b")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_right(open_page, scene, language):
	data = typed(scene)
	page = open_page("/service", user=scene.asker, password=PASSWORD, language=language)
	assert page.locator(".ops-todo > li").count() >= 4
	for number, path in enumerate(paths(scene)):
		if number:
			page.set_viewport_size({"width": 1440, "height": 900})
			page.goto(path)
		page.shoot(f"{number:02}")
		looks.page_is_right(page, language, *data)

	if language == "en":
		stays_readable(page, scene)

	guest = open_page("/acceptance", language=language)
	looks.page_is_right(guest, language, *data)
	guest.evaluate(
		"document.querySelector('.ops-portal').innerHTML += '<p style=\"color:#bbb\">hardly seen</p>'"
	)
	with pytest.raises(AssertionError, match="color-contrast"):  # the check can fail
		looks.accessible(guest)
	guest.goto("about:blank")
	guest.goto(f"/acceptance{scene.link}")
	guest.locator("form.ops-answer").wait_for()
	looks.page_is_right(guest, language, *data)
	guest.goto("about:blank")
	guest.goto("/acceptance#wrong.code")
	guest.locator("[role=alert]").wait_for()
	guest.errors.clear()  # the refusal itself
	looks.page_is_right(guest, language, *data)


def stays_readable(page, scene):
	"""In an organization's dark theme, and in print."""
	for path in ("/service", "/service-requests/new", f"/service-requests/{scene.resolved.name}"):
		page.goto(path)
		page.evaluate(DARK)
		looks.accessible(page, "main")
		page.shoot("dark" + path.replace("/", "-")[:22])
	page.emulate_media(media="print")
	assert not page.locator(".ops-nav").is_visible() and not page.locator("form.ops-answer").is_visible()
	assert page.locator("#ops-result").is_visible()


@pytest.mark.clause("8.4.a.2")
def test_a_request_is_raised_with_answers_on_the_way_and_survives_a_lost_connection(open_page, scene):
	page = open_page("/service", user=scene.asker, password=PASSWORD, width=390, language="zh")
	page.locator(".ops-start .btn-primary").click()
	page.locator("#ops-subject").fill("断网了怎么办")
	page.locator("[data-ops-answers] a", has_text=scene.article.title).wait_for()
	looks.page_is_right(page, "en")
	page.locator("input[name=urgency]").last.check()
	page.locator("#ops-description").fill("从中午开始")
	page.context.set_offline(True)
	page.locator("form [type=submit]").click()
	page.locator("[data-ops-said][role=alert]").wait_for()
	page.context.set_offline(False)
	page.reload()
	assert page.locator("#ops-subject").input_value() == "断网了怎么办"
	assert page.locator("#ops-description").input_value() == "从中午开始"
	assert page.locator("input[name=urgency]").last.is_checked()
	photo = io.BytesIO()
	Image.new("RGB", (40, 40), "green").save(photo, "PNG")
	page.locator("#ops-files").set_input_files(
		[{"name": "photo.png", "mimeType": "image/png", "buffer": photo.getvalue()}]
	)
	page.locator("form [type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	page.goto("/service-requests/new")
	assert page.locator("#ops-subject").input_value() == ""
	frappe.db.rollback()
	issue = frappe.get_last_doc("Issue", {"raised_by": scene.asker})
	assert issue.subject == "断网了怎么办" and issue.ops_customer_urgency
	frappe.db.delete("File", {"attached_to_name": issue.name})
	frappe.db.delete("Service Notice", {"reference_name": issue.name})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_sent_is_gone_from_the_form_for_who_goes_back(open_page, scene, language):
	page = open_page("/service-requests/new", user=scene.asker, password=PASSWORD, width=390, language=language)
	page.locator("#ops-subject").fill("断网")
	page.locator("#ops-description").fill("从中午开始")
	page.locator("form [type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	page.go_back()
	page.locator("[data-ops-said]").wait_for()
	assert page.locator("#ops-subject").input_value() == page.locator("#ops-description").input_value() == ""
	page.shoot("back")
	looks.page_is_right(page, language, *typed(scene))
	page.locator("#ops-subject").fill("打印机坏了")  # what is begun then is kept as ever
	page.reload()
	assert page.locator("#ops-subject").input_value() == "打印机坏了"
	# a message on a request
	page.goto(f"/service-requests/{scene.open.name}")
	page.locator("#ops-text").fill("הקומה השלישית" if language == "en" else "三楼也断网了")
	page.locator("form [type=submit]", has=page.locator("xpath=self::*[not(@name)]")).last.click()
	page.locator("[role=status].ops-good").wait_for()
	assert page.locator("#ops-text").input_value() == ""
	page.shoot("told")
	runs = page.locator(".ops-course .ops-text").first.evaluate("text => getComputedStyle(text).direction")
	assert runs == ("rtl" if language == "en" else "ltr")
	page.go_back()
	page.wait_for_load_state()
	assert page.locator("#ops-text").input_value() == ""
	page.goto(f"/service-requests/{scene.open.name}")
	assert page.locator("#ops-text").input_value() == ""
	frappe.db.rollback()
	issue = frappe.get_last_doc("Issue", {"raised_by": scene.asker})
	frappe.db.delete("Service Notice", {"reference_name": issue.name})
	frappe.db.delete("Communication", {"reference_name": scene.open.name})


def test_without_a_script_it_is_read_and_written_all_the_same(chromium, server, scene):
	context = chromium.new_context(base_url=server, java_script_enabled=False, locale="zh-CN")
	try:
		page = context.new_page()
		page.goto("/acceptance")
		page.locator("#ops-code").fill(f"{server}/acceptance{scene.link}")
		page.locator("form[data-ops-link] [type=submit]").click()
		assert RESULT in page.locator(".ops-result").inner_text()
		page.locator("label[for=ops-accept]").click()
		page.locator("form.ops-answer [type=submit]").click()
		page.locator("[role=status].ops-good").wait_for()
		assert "token" not in page.url and "#" not in page.url
		log_in = context.request.post("/api/method/login", form={"usr": scene.asker, "pwd": PASSWORD})
		assert log_in.json()["home_page"] == "/service"
		page.goto("/service")
		assert scene.open.subject in page.locator(".ops-portal").inner_text()
		page.goto("/service-requests/new")
		page.locator("#ops-subject").fill("断网")
		page.locator("button[value=answers]").click()
		page.locator(".ops-answers a", has_text=scene.article.title).wait_for()  # a click waits for no page
		assert page.locator("#ops-subject").input_value() == "断网"
	finally:
		context.close()
