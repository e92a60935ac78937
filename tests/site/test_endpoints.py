"""Every whitelisted function of the app × everybody who might call it.

A new endpoint needs a line in CASES. Its key is the function's path under ops_delivery.api; its value says who gets
through: a dictionary caller -> True (gets through) or False (refused), and how to call it. "Through" means that no
permission error comes back; another complaint (a wrong state, a missing value) counts as through.
"""

import importlib
import pkgutil

import customers
import factories
import frappe
import pytest
import scenario

import ops_delivery.api
from ops_delivery.services import acceptance, handover, signed_link

CALLERS = ("guest", "asker", "colleague", "stranger", "staff_without_role", "auditor", "desk", "manager")
CUSTOMERS_OWN = ("asker", "colleague")
CUSTOMERS_SIDE = ("asker", "colleague", "stranger")
WORKERS = ("desk", "manager")
STAFF_WHO_READ = ("auditor", "desk", "manager")
REFUSALS = (frappe.PermissionError, frappe.AuthenticationError, signed_link.InvalidLink)


class Case:
	"""Who gets through (names of CALLERS), the arguments (a function of the world), and whether guests may try."""

	def __init__(self, through, arguments=lambda w: {}, guests_may_try=False, same_as=None):
		self.through, self.arguments, self.guests_may_try = through, arguments, guests_may_try
		self.same_as = same_as


def issue(w):
	return {"issue": w.issue.name}


def record(w):
	return {"doctype": "Issue", "name": w.issue.name}


def clock(w):
	return scenario.clock(w.issue).name


def escalation(w):
	row = scenario.clock(w.issue)
	log = frappe.get_doc(
		{
			"doctype": "Escalation Log",
			"kind": "Alarm",
			"step": "Alarm",
			"round": 1,
			"reference_doctype": "Issue",
			"reference_name": w.issue.name,
			"commitment": row.commitment,
			"clock": row.name,
			"fired_on": frappe.utils.now_datetime(),
		}
	)
	log.flags.written_by_engine = True
	return log.insert(ignore_permissions=True).name


def handed_over(w):
	return handover.open("Issue", w.issue.name, "Routine Operation", "Check weekly")


def token(w):
	row = acceptance.latest(w.issue.name)
	return signed_link.make(
		"acceptance", "Service Acceptance", row.name, w.issue.ops_customer_email, row.round
	)


NOT_STAFF = ("guest", *CUSTOMERS_SIDE)  # a link is its bearer's, but staff cannot answer by it

CASES = {
	"acceptance.decide": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "decision": "Accepted"}),
	"acceptance.decide_by_link": Case(NOT_STAFF, lambda w: {"token": token(w), "decision": "Accepted"}, True),
	"acceptance.offer": Case(CALLERS, lambda w: {"token": token(w)}, True),
	"issue.record_decision": Case(
		WORKERS,
		lambda w: {
			**issue(w),
			"decision": "Accepted",
			"by_name": "Chen Jing",
			"decided_on": str(frappe.utils.now_datetime()),
			"how": "By phone",
		},
	),
	"portal.requests": Case(CUSTOMERS_SIDE),
	"portal.request": Case(CUSTOMERS_OWN, lambda w: {"name": w.issue.name}),
	"portal.channels": Case(CUSTOMERS_SIDE),
	"portal.raise_request": Case(CUSTOMERS_SIDE, lambda w: {"subject": "No network", "description": "-"}),
	"portal.add_information": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "text": "Since noon"}),
	"portal.attachment": Case(CUSTOMERS_OWN, lambda w: {**issue(w), "file": w.file}),
	"portal.website_rows": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue"}, True),
	"portal.website_list_page": Case(STAFF_WHO_READ, lambda w: {"doctype": "Issue"}, True),
	"issue.priority_by_matrix": Case(
		STAFF_WHO_READ, lambda w: {**issue(w), "urgency": "Urgent", "importance": "Important"}
	),
	"clocks.panel": Case(STAFF_WHO_READ, lambda w: record(w)),
	"clocks.explain": Case(STAFF_WHO_READ, lambda w: {"clock": clock(w)}),
	"clocks.rebuild": Case(("manager",), lambda w: record(w)),
	"clocks.retry": Case(("manager",), lambda w: {"names": ["none"]}),
	"escalation.acknowledge": Case(WORKERS, lambda w: {"names": [escalation(w)]}),
	"handover.hand_over": Case(
		WORKERS, lambda w: {**record(w), "service_content": "Routine Operation", "subject": "Check weekly"}
	),
	"handover.start": Case(WORKERS, lambda w: {"name": handed_over(w), "target_doctype": "Task"}),
	"handover.choices": Case(STAFF_WHO_READ, lambda w: {"service_content": "Routine Operation"}),
	"agreements.new_version": Case(("manager",), lambda w: {"name": w.issue.ops_agreement}),
	"agreements.export_file": Case(STAFF_WHO_READ, lambda w: {"name": w.issue.ops_agreement}),
	"health.status": Case(STAFF_WHO_READ),
	"printing.clock_explanation": Case(STAFF_WHO_READ, lambda w: {"clock": clock(w)}),
	"printing.response_record_pdf": Case(STAFF_WHO_READ, lambda w: record(w)),
	"notices.retry": Case(("manager",), lambda w: {"name": w.notice}),
}


def endpoints() -> dict[str, object]:
	"""Every whitelisted function under ops_delivery, by its path under ops_delivery.api."""
	for module in pkgutil.walk_packages(ops_delivery.api.__path__, "ops_delivery.api."):
		importlib.import_module(module.name)
	found = {}
	for function in frappe.whitelisted:
		if function.__module__.split(".")[0] == "ops_delivery":
			path = f"{function.__module__}.{function.__qualname__}"
			found[path.removeprefix("ops_delivery.api.")] = function
	return found


def test_every_endpoint_stands_in_the_table():
	unknown, gone = sorted(set(endpoints()) - set(CASES)), sorted(set(CASES) - set(endpoints()))
	assert not gone, f"no longer there, take out of CASES: {gone}"
	assert not unknown, (
		f"{unknown} are not in CASES of tests/site/test_endpoints.py. Add for each a line\n"
		'\t"module.function": Case((who gets through, of CALLERS), lambda w: {its arguments}),\n'
		"so that it is tried as guest, as the customer, as another customer and as staff without the role."
	)


def test_endpoints_live_in_api_and_writes_are_posts():
	for path, function in endpoints().items():
		assert function.__module__.startswith("ops_delivery.api."), path
		guest = function in frappe.guest_methods
		assert guest == CASES[path].guests_may_try, f"{path}: may guests call it?"
		methods = frappe.allowed_http_methods_for_whitelisted_func[function]
		assert set(methods) <= {"GET", "POST"}, path


@pytest.fixture
def w(monkeypatch):
	world = customers.world()
	world.update(
		guest="Guest",
		staff_without_role=factories.make_user(roles=["Employee"]).name,
		auditor=factories.make_user(roles=["Delivery Auditor"]).name,
		desk=factories.make_user(roles=["Service Desk"]).name,
		manager=factories.make_user(roles=["Delivery Manager"]).name,
	)
	with_file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "photo.txt",
			"attached_to_doctype": "Issue",
			"attached_to_name": world.issue.name,
			"is_private": 1,
			"content": "x",
		}
	).insert()
	frappe.db.set_value("File", with_file.name, "owner", world.asker)
	world.file = with_file.name
	world.notice = frappe.db.get_value("Service Notice", {"reference_name": world.issue.name})
	frappe.db.set_value("Service Notice", world.notice, "state", "Failed")
	return world


def call(path, function, case, w, caller) -> bool:
	"""Whether the caller gets through, by the same steps as Frappe's handler takes."""
	frappe.db.savepoint("ops_endpoint")
	arguments = case.arguments(w)
	frappe.set_user(w[caller])
	try:
		frappe.local.form_dict = frappe._dict(arguments)
		frappe.is_whitelisted(function)
		frappe.call(function, **arguments)
		return True
	except REFUSALS:
		return False
	except frappe.ValidationError:
		return True
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="ops_endpoint")
		frappe.clear_messages()


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize("path", sorted(CASES))
def test_who_gets_through(path, w):
	function, case = endpoints().get(path), CASES[path]
	assert function, f"{path} is not there"
	got = {caller: call(path, function, case, w, caller) for caller in CALLERS}
	assert got == {caller: caller in case.through for caller in CALLERS}
