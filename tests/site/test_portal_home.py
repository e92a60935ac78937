"""The home of a customer's people, and the agreements and plans they read (5.3.c, 5.4.g, 6.3.a, 6.3.b)."""

from datetime import timedelta

import customers
import factories
import frappe
import pytest
import reviewing
import scenario
import visiting
from frappe.website.utils import get_home_page
from pages import get, words

from ops_delivery.permissions import ownership
from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.portal import home as portal_home
from ops_delivery.services.portal import visits as visit_portal
from ops_delivery.services.visits.types import SESSION, SHEET

OWN, EACH = ownership.ONLY_OWN, ownership.EACH_OTHERS


@pytest.fixture
def w():
	return customers.world()


def queries(function):
	seen, original = [], frappe.db.sql
	frappe.db.sql = lambda *args, **kwargs: (seen.append(args), original(*args, **kwargs))[1]
	try:
		function()
	finally:
		frappe.db.sql = original
	return len(seen)


def visit_of(w, doctype=SHEET, **values):
	visiting.templates()
	return visiting.plan(doctype, w.customer, **values)


@pytest.mark.clause("5.3.c", "6.3.a", "6.3.b")
def test_the_home_says_what_waits_what_runs_and_how_to_reach_us(w):
	mine = scenario.issue(w.agreement, raised_by=w.asker, subject="No network at desk 5")
	visit = visit_of(w, planned_start="2027-03-05 10:00:00")
	status, html = get("/service", w.asker)
	text = words(html)
	assert status == 200
	assert f"Accept or reject the result: {w.issue.subject}" in text
	assert f"Confirm the content and time of {visit.title}" in text
	assert mine.subject in text and "First Response" in text and w.issue.subject in text
	assert visit.title in text and "Next visits" in text
	assert "400-000-0000" in text and "Today, " in text and ("open now" in text or "closed now" in text)
	assert 'href="/service-requests/new"' in html
	stranger = words(get("/service", w.stranger)[1])
	assert mine.subject not in stranger and visit.title not in stranger and "400-000-0000" not in stranger
	assert "Nothing. You have answered everything" in stranger


def test_guests_log_in_there_and_staff_go_to_the_desk(w):
	for path in ("/service", "/agreements", "/agreements/x"):
		status, target = get(path, "Guest")
		assert status == 302 and target == f"/login?redirect-to={path}"
		assert "Staff work on requests at the desk" in get(path, "Administrator")[1]


def test_a_log_in_of_the_customers_side_lands_there_unless_an_administrator_says_otherwise(w, as_user):
	assert portal_home.landing("Guest") is None and portal_home.landing("Administrator") is None
	assert portal_home.landing(factories.make_user(roles=["Service Desk"]).name) is None
	with as_user(w.asker):
		frappe.cache.delete_key("home_page")
		assert get_home_page() == "service"
		frappe.db.set_value("Role", "Customer", "home_page", "orders")
		frappe.cache.delete_key("home_page")
		assert get_home_page() == "orders"
		frappe.cache.delete_key("home_page")


def test_more_records_cost_no_more_queries(w):
	def more():
		for _number in range(3):
			scenario.issue(w.agreement, raised_by=w.asker)
			visit_of(w)
		customers.resolve(
			scenario.judge_valid(
				scenario.issue(w.agreement, raised_by=w.asker), scenario.MONDAY + timedelta(hours=1)
			)
		)

	more()
	frappe.set_user(w.asker)
	portal_home.home(w.asker)  # fills the caches
	few = queries(lambda: portal_home.home(w.asker))
	frappe.set_user("Administrator")
	more()
	frappe.set_user(w.asker)
	portal_home.home(w.asker)
	assert queries(lambda: portal_home.home(w.asker)) == few


def test_every_service_that_asks_the_customer_has_its_function(w):
	for ask in portal_home.WAITING:
		assert all({"text", "url", "due"} <= set(line) for line in ask(w.asker)), ask
		assert ask(w.stranger) == []
	late, due = {"late": True, "text": "a"}, {"late": False, "text": "b"}
	assert sorted([due, late], key=lambda line: not line["late"])[0] is late


@pytest.mark.parametrize("doctype", [SHEET, SESSION])
def test_the_line_of_a_visit_is_what_its_page_asks_first(w, doctype):
	"""The home reads fields in bulk, the page asks the domain; both must say the same at each stage."""
	visit = visit_of(w, doctype)
	kind = visit_portal.KINDS[doctype]
	known = frappe.get_meta(doctype).get_valid_columns()
	for phase in kind.phases[:4]:
		facts = [{}, {"details_confirmed_on": "2026-03-02 10:00:00"}, {"departed_on": "2026-03-02 11:00:00"}]
		for more in (
			{},
			{"arrived_on": "2026-03-02 12:00:00", "arrival_confirmed_on": "2026-03-02 12:00:00"},
			{"work_confirmed_on": "2026-03-02 12:10:00"},
			{"leave_permitted_on": "2026-03-02 15:00:00"},
		):
			facts.append({**facts[-1], **more})
		for state in facts:
			values = {"status": phase, **dict.fromkeys(FACTS), **state}
			frappe.db.set_value(
				doctype,
				visit.name,
				{field: value for field, value in values.items() if field in known},
				update_modified=False,
			)
			frappe.clear_document_cache(doctype, visit.name)
			asked = visit_portal.visit(visit.name, w.asker)["asked"]
			lines = [row for row in visit_portal.waiting(w.asker) if row["url"].endswith(visit.name)]
			assert bool(asked) == bool(lines), (phase, state, asked)
			assert len(lines) < 2


FACTS = (
	"details_confirmed_on",
	"departed_on",
	"arrived_on",
	"arrival_confirmed_on",
	"work_confirmed_on",
	"leave_permitted_on",
)


# Agreements and plans


@pytest.mark.clause("5.4.g")
def test_what_is_settled_is_read_and_printed(w):
	status, html = get("/agreements", w.asker)
	assert status == 200 and w.agreement.title in html and "In force" in html
	status, html = get(f"/agreements/{w.agreement.name}", w.asker)
	assert status == 200 and w.agreement.title in html and "First Response" in html
	assert portal_documents.pdf(w.agreement.name, w.asker).startswith(b"%PDF")
	other, none = get(f"/agreements/{w.agreement.name}", w.stranger), get("/agreements/none", w.stranger)
	assert other[0] == none[0] == 403 and w.agreement.title not in other[1]
	assert w.agreement.title not in get("/agreements", w.stranger)[1]
	with pytest.raises(frappe.PermissionError):
		portal_documents.pdf(w.agreement.name, w.stranger)


def test_a_draft_is_not_theirs_to_read_here(w):
	draft = scenario.agreement(w.customer, submit=False, start_date="2028-01-01", end_date="2028-12-31")
	plan = reviewing.world().plan
	frappe.db.set_value("Delivery Plan", plan.name, {"customer": w.customer, "status": "Customer Review"})
	draft.reload()
	draft = reviewing.act(draft, "Ask for Internal Review")
	for name in (draft.name, plan.name):
		assert get(f"/agreements/{name}", w.asker)[0] == 403
		assert name not in get("/agreements", w.asker)[1]
	frappe.db.set_value("Service Agreement", draft.name, "status", "Signing")
	html = get("/agreements", w.asker)[1]
	assert "To review and to sign" in html and f"/reviews/sign/{draft.name}" in html
	assert get(f"/agreements/{draft.name}", w.asker)[0] == 403
	frappe.db.set_value("Delivery Plan", plan.name, "status", "Approved")
	assert plan.title in get("/agreements", w.asker)[1]
	assert get(f"/agreements/{plan.name}", w.asker)[0] == 200


def test_what_our_own_reviewers_wrote_is_in_no_print_for_the_customer(w, monkeypatch):
	seen = []
	monkeypatch.setattr(
		portal_documents.documents, "pdf", lambda doc, _format: seen.append(frappe.flags.ops_for_customer)
	)
	portal_documents.pdf(w.agreement.name, w.asker)
	visit_portal.pdf(visit_of(w).name, w.asker)
	assert seen == [True, True] and not frappe.flags.ops_for_customer


@pytest.mark.parametrize("setting, sees", [(EACH, True), (OWN, False)])
def test_colleagues_see_each_others_records_as_the_customer_says(w, setting, sees):
	frappe.db.set_value("Customer", w.customer, "ops_request_visibility", setting)
	open_one = scenario.issue(w.agreement, raised_by=w.asker, subject="Printer of the asker")
	for_request = visit_of(w, reference_doctype="Issue", reference_name=w.issue.name)
	of_the_customer = visit_of(w)
	home = words(get("/service", w.colleague)[1])
	for said in (f"result: {w.issue.subject}", open_one.subject, for_request.title, of_the_customer.title):
		assert (said in home) is sees, said
	visits = get("/visits", w.colleague)[1]
	for visit in (for_request, of_the_customer):
		assert (visit.name in visits) is sees
		assert (get(f"/visits/{visit.name}", w.colleague)[0] == 200) is sees
	assert (open_one.name in get("/service-requests", w.colleague)[1]) is sees
	assert (w.agreement.name in get("/agreements", w.colleague)[1]) is sees
	assert (get(f"/agreements/{w.agreement.name}", w.colleague)[0] == 200) is sees
	assert "400-000-0000" in home  # how to reach us is for all of them
	mine = words(get("/service", w.asker)[1])
	assert open_one.subject in mine and for_request.title in mine
