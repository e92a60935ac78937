"""Who reads and writes what on the customer's side: every page and web form × everybody who might call it.

A new page of www/ needs a line in PAGES, a web form for an Issue or a record of ours one in WEB_FORMS; the endpoints
have their table in test_endpoints.py. The customer of this world lets contacts see only their own requests: `asker`
raised the request, `manager` is a contact who sees all of them, `colleague` is neither.

read: LOGIN sent to the log-in; SHOWN the page with what is on it; EMPTY the page without it; NONE refused, the same
answer as for what does not exist; DESK the note that sends staff to the desk, or its page.
write: who may; everybody else changes nothing.
"""

from pathlib import Path
from types import SimpleNamespace

import complaining
import customers
import deliverable_scene
import factories
import frappe
import improving
import isolation
import knowledge_scene
import pytest
import reviewing
import routine_scene
import scenario
import surveying
import test_endpoints
import visiting
from frappe.website.doctype.web_form import web_form
from pages import get

import ops_delivery
from ops_delivery.permissions import ownership
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.knowledge import counting
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.reviews import signatures

LOGIN, SHOWN, EMPTY, NONE, DESK = "login", "shown", "empty", "none", "desk"
CALLERS = ("guest", "asker", "manager", "colleague", "stranger", "staff")
WWW = Path(ops_delivery.__file__).parent / "www"


def line(path, secret, read, write=None, form=None, done=None):
	"""path, secret, form, done: functions of the world. `read` in the order of CALLERS. `done`: what a write changes."""
	return SimpleNamespace(
		path=path,
		secret=secret,
		read=dict(zip(CALLERS, read, strict=True)),
		write=write or (),
		form=form or (lambda w: {"decision": "Accepted"}),
		done=done or (lambda w: frappe.db.count("Issue")),
	)


def subject(w):
	return w.issue.subject


def signed(w):
	return (
		signatures.valid(frappe.get_doc("Service Agreement", w.signing.name))[signatures.CUSTOMER] is not None
	)


OWN = (LOGIN, SHOWN, SHOWN, EMPTY, EMPTY, DESK)  # lists
ONE = (LOGIN, SHOWN, SHOWN, NONE, NONE, DESK)  # records
THE_CUSTOMERS = (LOGIN, EMPTY, SHOWN, EMPTY, EMPTY, DESK)  # what belongs to no request: who sees all of them
WHOSE = (LOGIN, SHOWN, NONE, NONE, NONE, DESK)  # one person's alone
SCANNED = "/service-requests/new?object=OBJ-4711"
MEMBERS = (LOGIN, SHOWN, SHOWN, SHOWN, EMPTY, DESK)  # everybody of the customer

PAGES = {
	"service": line(lambda w: "/service", subject, OWN),
	"service-requests": line(lambda w: "/service-requests", subject, OWN),
	"service-request": line(
		lambda w: f"/service-requests/{w.issue.name}",
		subject,
		ONE,
		("asker", "manager"),
		done=lambda w: frappe.db.get_value("Issue", w.issue.name, "ops_acceptance_status"),
	),
	"service-request-new": line(
		lambda w: "/service-requests/new",
		lambda w: w.thing.object_name,
		MEMBERS,
		("asker", "manager", "colleague"),
		form=lambda w: {"subject": "New", "description": "-", "customer": w.customer},
	),
	"service-visits": line(lambda w: "/visits", lambda w: w.visit.title, OWN),
	"service-visit": line(
		lambda w: f"/visits/{w.visit.name}",
		lambda w: w.visit.title,
		ONE,
		("asker", "manager"),
		form=lambda w: {"what": "details"},
		done=lambda w: frappe.db.get_value(w.visit.doctype, w.visit.name, "details_confirmed_on"),
	),
	"service-rounds": line(lambda w: "/rounds", lambda w: w.round.title, THE_CUSTOMERS),
	"service-round": line(
		lambda w: f"/rounds/{w.round.name}",
		lambda w: w.round.title,
		(LOGIN, NONE, SHOWN, NONE, NONE, DESK),
		("manager",),
		form=lambda w: {"row": w.round.assistance[0].name, "confirmed": "1"},
		done=lambda w: frappe.db.get_value("Routine Task", w.round.name, "customer_side"),
	),
	"reviews": line(lambda w: "/reviews", lambda w: w.reviewed.title, MEMBERS),
	"service-review": line(
		lambda w: f"/reviews/{w.review}",
		lambda w: w.reviewed.title,
		(LOGIN, SHOWN, SHOWN, SHOWN, NONE, DESK),
		("asker", "manager", "colleague"),
		form=lambda w: {"decision": "Approved", "opinion": "Good"},
		done=lambda w: frappe.db.get_value("Service Review", w.review, "state"),
	),
	"service-signature": line(
		lambda w: f"/reviews/sign/{w.signing.name}",
		lambda w: w.signing.title,
		(LOGIN, NONE, SHOWN, NONE, NONE, DESK),
		("manager",),
		form=lambda w: {"signer_name": "X", "agreed": "1", "content": w.content},
		done=signed,
	),
	"service-documents": line(lambda w: "/agreements", lambda w: w.agreement.title, THE_CUSTOMERS),
	"service-document": line(
		lambda w: f"/agreements/{w.agreement.name}",
		lambda w: w.agreement.title,
		(LOGIN, NONE, SHOWN, NONE, NONE, DESK),
		done=lambda w: frappe.db.get_value("Service Agreement", w.agreement.name, "modified"),
	),
	"service-knowledge": line(lambda w: "/knowledge", lambda w: w.article.title, MEMBERS),
	"service-knowledge-article": line(
		lambda w: f"/knowledge/{w.article.name}",
		lambda w: w.article.title,
		(LOGIN, SHOWN, SHOWN, SHOWN, NONE, DESK),
		("asker", "manager", "colleague"),
		form=lambda w: {"helped": "yes"},
		done=lambda w: counting.figures(w.article.name)["helped"],
	),
	"service-deliverables": line(lambda w: "/deliverables", lambda w: w.deliverable.title, THE_CUSTOMERS),
	"service-deliverable": line(
		lambda w: f"/deliverables/{w.deliverable.name}",
		lambda w: w.deliverable.title,
		(LOGIN, NONE, SHOWN, NONE, NONE, DESK),
		done=lambda w: frappe.db.get_value("Deliverable", w.deliverable.name, "modified"),
	),
	"service-channels": line(lambda w: "/service-channels", lambda w: "400-000-0000", MEMBERS),
	"service-surveys": line(
		lambda w: "/surveys", lambda w: w.survey.reference_title, (LOGIN, SHOWN, EMPTY, EMPTY, EMPTY, DESK)
	),
	"service-survey": line(
		lambda w: f"/surveys/{w.survey.name}",
		lambda w: "How content are you?",
		WHOSE,
		("asker",),
		form=lambda w: {
			f"q-{key}": value for key, value in surveying.sheet(w.survey, *surveying.GOOD).items()
		},
		done=lambda w: frappe.db.get_value("Service Survey", w.survey.name, "state"),
	),
	# how complaints are handled is for everybody to read
	"service-complaints": line(
		lambda w: "/complaints", lambda w: w.complaint.subject, (EMPTY, SHOWN, EMPTY, EMPTY, EMPTY, DESK)
	),
	"service-complaint-new": line(
		lambda w: "/complaints/new",
		subject,
		OWN,
		("asker", "manager", "colleague", "stranger"),
		form=lambda w: {"subject": "Rude", "text": "Very"},
		done=lambda w: frappe.db.count("Service Complaint"),
	),
	"service-complaint": line(
		lambda w: f"/complaints/{w.complaint.name}",
		lambda w: w.complaint.subject,
		WHOSE,
		("asker",),
		form=lambda w: {"answer": "accept"},
		done=lambda w: frappe.db.get_value("Service Complaint", w.complaint.name, "status"),
	),
	"service-improvement": line(
		lambda w: f"/improvements/{w.improvement.name}",
		lambda w: w.improvement.title,
		(LOGIN, NONE, SHOWN, NONE, NONE, DESK),
		("manager",),
		form=lambda w: {"answer": "yes"},
		done=lambda w: frappe.db.get_value("Improvement Action", w.improvement.name, "answer"),
	),
	# what a label's code opens says of no object whether it is there
	"service-object": line(lambda w: "/service-object/OBJ-4711", lambda w: w.thing.object_name, (LOGIN, *[SCANNED] * 4, DESK)),
	# without its code a link's page says nothing to anybody; with it see test_link_pages.py
	"acceptance": line(lambda w: "/acceptance", subject, (EMPTY,) * len(CALLERS)),
	"survey": line(lambda w: "/survey", subject, (EMPTY,) * len(CALLERS)),
	"complaint": line(lambda w: "/complaint", subject, (EMPTY,) * len(CALLERS)),
}

# web form -> who may read a record by it, who may change one, who may make one. A guest's form makes no record either
# as long as the form asks for a log-in.
WEB_FORMS = {
	"issues": {
		"read": ("staff_desk",),
		"write": (),
		"create": ("asker", "manager", "colleague", "stranger", "staff", "staff_desk"),
	}
}


@pytest.fixture
def people():
	"""The customer's request, and everybody of CALLERS."""
	w = customers.world()
	frappe.db.set_value("Customer", w.customer, "ops_request_visibility", ownership.ONLY_OWN)
	w.manager = customers.portal_user(w.customer, sees_all=True)
	w.guest, w.staff = "Guest", factories.make_user().name
	w.staff_desk = factories.make_user(roles=["Service Desk"]).name
	return w


@pytest.fixture
def w(people):
	"""The same with something on every page."""
	w = people
	w.thing = factories.make(
		"Service Object", object_name="Switch 4711", customer=w.customer, kind="Other", importance="Important"
	)
	visiting.templates()
	of_request = {"reference_doctype": "Issue", "reference_name": w.issue.name}
	w.visit = visiting.plan("Field Service Sheet", w.customer, **of_request)
	schedule = routine_scene.schedule(
		w.agreement,
		first_date=frappe.utils.nowdate(),
		repeats="Daily",
		assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 0}],
	)
	w.round = frappe.get_doc("Routine Task", routine_scene.tasks(schedule)[-1].name)
	author, reviewer = reviewing.manager(), reviewing.manager()
	w.deliverable = deliverable_scene.published(author, reviewer, customer=w.customer)
	w.article = knowledge_scene.published(author, reviewer, audience="Chosen Customers", customers=[{"customer": w.customer}])
	w.reviewed = _agreement(w, author, reviewer, "2028")
	w.review = reviewing.open_review(w.reviewed, "Agreement: customer review")
	w.signing = _agreement(w, author, reviewer, "2029")
	reviewing.customer_decides(w.signing, w.manager, "Agreement: customer review")
	w.signing = reviewing.act(w.signing, "Ask for Signatures", author)
	w.content = signatures.content_hash(w.signing)
	surveying.only_own_rules()
	w.survey = frappe.get_doc("Service Survey", surveying.ask(surveying.rule(), w.issue)[0])
	w.desk, w.handler = w.staff_desk, complaining.staff("Complaint Handler")
	w.complaint = complaining.complain(w)
	w.complaint = complaining.told(w)
	w.improvement = improving.action("Effect Check", customer=w.customer, title="Call back at night")
	improvements.tell_customer(w.improvement.name, "We have a list now.")
	return w


def _agreement(w, author, reviewer, year):
	"""An agreement for the year that waits for the customer's review."""
	with reviewing.user(author):
		draft = scenario.agreement(
			w.customer, submit=False, start_date=f"{year}-01-01", end_date=f"{year}-12-31"
		)
	draft = reviewing.act(draft, "Ask for Internal Review", author)
	reviewing.approve(draft, reviewer, "Agreement: internal review")
	return reviewing.act(draft, "Send to the Customer", author)


def outcome(w, row, caller) -> str:
	status, html = get(row.path(w), w[caller])
	if status == 302:
		return LOGIN if html.startswith("/login?redirect-to=") else DESK if "/object-overview/" in html else html
	if row.secret(w) in html:
		return SHOWN
	if status != 200:
		return NONE if status == 403 else str(status)
	return DESK if "Staff work on requests at the desk" in html else EMPTY


def changes(w, row, caller) -> bool:
	frappe.db.savepoint("ops_access")
	frappe.db.commit()  # a form that is refused rolls back to here
	try:
		before = row.done(w)
		get(row.path(w), w[caller], "POST", row.form(w))
		return row.done(w) != before
	finally:
		frappe.db.rollback(save_point="ops_access")
		frappe.db.commit()
		frappe.clear_document_cache(w.visit.doctype, w.visit.name)


def test_every_page_has_its_line():
	served = {path.stem for path in WWW.glob("*.html")}
	assert served == set(PAGES)
	assert not [path for path in WWW.rglob("*.html") if path.parent != WWW]
	rules = frappe.get_hooks("website_route_rules", app_name="ops_delivery")
	assert {rule["to_route"] for rule in rules} <= served
	assert set(test_endpoints.CASES) == set(test_endpoints.endpoints())


@pytest.mark.clause("5.3.h", "5.4.g", "6.3.j")
def test_every_page_shows_and_takes_what_the_table_says(w):
	wrong = [
		f"{page}: {caller} gets {got}, not {expected}"
		for page, row in PAGES.items()
		for caller, expected in row.read.items()
		if (got := outcome(w, row, caller)) != expected
	]
	wrong += [
		f"{page}: {caller} {'changes' if done else 'does not change'} it"
		for page, row in PAGES.items()
		for caller in CALLERS
		if (done := changes(w, row, caller)) != (caller in row.write)
	]
	assert not wrong, "\n" + "\n".join(wrong)
	link_is_its_holders(w)


def link_is_its_holders(w):
	"""A signed link answers for whoever holds it and is not logged in as somebody else than its addressee."""
	code = answering.link_for(w.issue).partition("#")[2]
	row = line(
		lambda w: "/acceptance",
		subject,
		(EMPTY,) * len(CALLERS),
		form=lambda w: {"token": code, "act": "1", "decision": "Accepted"},
		done=lambda w: frappe.db.get_value("Issue", w.issue.name, "ops_acceptance_status"),
	)
	assert [caller for caller in CALLERS if changes(w, row, caller)] == ["guest", "asker"]


def through_form(w, name, caller, what) -> bool:
	"""Whether the caller gets a record read, changed or made by a web form."""
	form = frappe.get_doc("Web Form", name)
	frappe.db.savepoint("ops_form")
	frappe.set_user(w[caller])
	isolation.testing(False)
	try:
		if what == "read":
			from ops_delivery.api.portal import web_form_data

			return bool(web_form_data(form.doc_type, w.issue.name, form.name))
		values = {"doctype": form.doc_type, "subject": "By form", "customer": w.customer}
		if what == "write":
			values["name"] = w.issue.name
		if caller == "stranger":
			values.pop("customer")
		web_form.accept(web_form=form.name, data=frappe.as_json(values))
		return True
	except (frappe.PermissionError, frappe.AuthenticationError, frappe.ValidationError):
		return False
	finally:
		isolation.testing(True)
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="ops_form")
		frappe.clear_messages()


def test_every_web_form_lets_those_through_whom_the_table_names(people):
	ours = ("Issue", *frappe.get_all("DocType", filters={"module": "Ops Delivery"}, pluck="name"))
	forms = frappe.get_all("Web Form", filters={"doc_type": ["in", ours]}, pluck="name")
	assert set(forms) == set(WEB_FORMS)
	wrong = [
		f"{form}: {caller} {what} is {'let through' if through else 'refused'}"
		for form, table in WEB_FORMS.items()
		for what, allowed in table.items()
		for caller in (*CALLERS, "staff_desk")
		if (through := through_form(people, form, caller, what)) != (caller in allowed)
	]
	assert not wrong, "\n" + "\n".join(wrong)


def test_a_role_of_the_customers_side_opens_no_record_by_frappes_own_doors(people):
	"""The Customer role has no right to any DocType of ours or to Issues, so lists, reports and /api/resource are shut."""
	ours = frappe.get_all("DocType", filters={"module": "Ops Delivery", "istable": 0}, pluck="name")
	open_doors = [
		(doctype, right)
		for doctype in ("Issue", *ours)
		for right in ("read", "write", "create", "delete", "report", "export", "print", "email", "share")
		if frappe.has_permission(doctype, right, user=people.asker, debug=False)
	]
	assert not open_doors
	for door in (f"/printview?doctype=Issue&name={people.issue.name}", "/issues?web_form_name=issues"):
		assert people.issue.subject not in get(door, people.stranger)[1]
