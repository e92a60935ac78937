"""Knowledge as people meet it: drafted from a request, judged beside it, and read by customers before they write (5.3.f, 8.4.a.2)."""

import customers
import frappe
import knowledge_scene as scene
import looks
import pytest
import reviewing

PASSWORD = "Wind-turbine-73"


@pytest.fixture
def world(records):
	w = customers.world()
	w.author, w.reviewer = reviewing.manager(), reviewing.manager()
	w.theirs = customers.portal_user(w.customer, new_password=PASSWORD)
	values = {"symptom": "指示灯不亮，网页打不开。No light at the port.", "cause": "风扇停转，过热。", "treatment": "1. 看指示灯\n2. 换风扇", "result": "恢复正常。"}
	w.article = scene.published(w.author, w.reviewer, title="斑马交换机断网 Zebra switch offline", audience="All Customers", object_model="Zebra S5700", **values)
	frappe.db.set_value(
		"Issue",
		w.issue.name,
		{"subject": "斑马交换机断网 Zebra", "description": "<p>三楼断网，电话 13812345678。Call Peter Braun, 10.1.2.3</p><p>Best regards,<br>Anna Becker</p>"},
	)
	frappe.db.commit()
	yield w
	scene.forget(w.article.name)
	frappe.db.delete("Search Entry", {"document_name": w.issue.name})
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_article_is_drafted_and_used_at_the_desk(open_page, records, world, language):
	said = {"en": ("Draft an article", "It helped"), "zh": ("起草知识条目", "有帮助")}[language]
	desk = records.make_user(roles=["Service Desk", "Field Engineer", "Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	for width in (1440, 390):
		page = open_page(f"/app/issue/{world.issue.name}", user=desk, password=PASSWORD, width=width, language=language)
		page.locator(".ops-knowledge li").first.wait_for()
		assert world.article.title in page.locator(".ops-knowledge").inner_text()
		looks.settled(page)
		page.shoot(f"issue-{width}")
	page = open_page(f"/app/issue/{world.issue.name}", user=desk, password=PASSWORD, width=1440, language=language)
	page.locator(".ops-use").first.wait_for()
	assert said[1] in page.locator(".ops-use").first.inner_text()
	page.locator(".ops-use").first.click()
	page.locator(".ops-knowledge .text-muted").first.wait_for()
	page.evaluate("ops_delivery.knowledge.draft(cur_frm)")
	page.locator(".form-message s").first.wait_for()
	assert "13812345678" in page.locator(".form-message").inner_text()
	assert "13812345678" not in page.evaluate("cur_frm.doc.symptom") and "Anna Becker" not in page.evaluate("cur_frm.doc.symptom")
	looks.settled(page)
	page.shoot("draft-1440")
	assert said[0]
	for width in (1440, 390):
		page = open_page(f"/app/knowledge-article/{world.article.name}", user=desk, password=PASSWORD, width=width, language=language)
		page.locator(".ops-figures").wait_for()
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"article-{width}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_is_helped_before_they_write(open_page, world, language):
	names = (world.article.title, "Zebra S5700", world.article.symptom, world.article.cause, world.article.treatment, world.article.result, world.customer)
	for width in (1440, 390):
		page = open_page("/service-requests/new", user=world.theirs, password=PASSWORD, width=width, language=language)
		page.locator("[data-ops-suggest]").fill("斑马交换机断网了")
		found = page.locator("[data-ops-answers] a", has_text="Zebra")
		found.wait_for()
		page.shoot(f"suggested-{width}")
		assert "?form=" in found.get_attribute("href")
		page = open_page("/knowledge", user=world.theirs, password=PASSWORD, width=width, language=language)
		page.locator(".ops-list a").first.wait_for()
		looks.page_is_right(page, language, *names)
		page.shoot(f"list-{width}")
		page = open_page(f"/knowledge/{world.article.name}", user=world.theirs, password=PASSWORD, width=width, language=language)
		looks.page_is_right(page, language, *names)
		page.shoot(f"page-{width}")
	page.get_by_role("button", name="Yes, it helped" if language == "en" else "有帮助", exact=True).click()
	page.get_by_role("status").wait_for()
