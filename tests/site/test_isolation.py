"""The harness keeps its promises: nothing of a test is left for the next one."""

import factories
import frappe
import isolation
import pytest

LEFT: dict[str, str] = {}


def test_a_commit_of_the_code_under_test_is_kept_back():
	LEFT["customer"] = factories.make_customer().name
	called = []
	frappe.db.after_commit.add(lambda: called.append(1))
	frappe.db.commit()
	assert called == [1]
	frappe.db.set_value("Customer", LEFT["customer"], "customer_details", "not committed")
	frappe.db.rollback()
	assert frappe.db.get_value("Customer", LEFT["customer"], "customer_details") is None


def test_it_is_gone_in_the_next_test():
	assert not frappe.db.exists("Customer", LEFT["customer"])


def test_a_cached_document_is_changed():
	settings = frappe.get_cached_doc("Support Settings")
	LEFT["days"] = settings.close_issue_after_days
	settings = frappe.get_doc("Support Settings")
	settings.close_issue_after_days = 99
	settings.save()
	assert frappe.get_cached_value("Support Settings", None, "close_issue_after_days") == 99


def test_the_cache_has_the_old_document_in_the_next_test():
	assert frappe.get_cached_value("Support Settings", None, "close_issue_after_days") == LEFT["days"]


def test_users_and_their_roles(as_user, make_user):
	desk = make_user(roles=["Support Team"])
	assert desk.user_type == "System User"
	portal = factories.make_portal_user(factories.make_customer().name)
	assert portal.user_type == "Website User"
	with as_user(desk.name):
		assert frappe.has_permission("Issue", "write")
	with as_user(portal.name):
		assert not frappe.has_permission("Customer", "read")
	assert frappe.session.user == "Administrator"


def test_an_employee_raises_an_issue(company):
	user = factories.make_user(roles=["Support Team"])
	employee = factories.make_employee(user.name)
	issue = factories.make_issue(factories.make_customer().name)
	assert (employee.company, issue.company, issue.status) == (company, company, "Open")


def test_jobs_are_collected_and_run(jobs):
	jobs.clear()
	frappe.enqueue("frappe.ping", job_id="one", deduplicate=True)
	frappe.enqueue("frappe.ping", job_id="one", deduplicate=True)
	frappe.enqueue("frappe.ping", enqueue_after_commit=True)
	assert len(jobs.of("frappe.ping")) == 1
	frappe.db.commit()
	assert jobs.run() == 2


def test_mail_is_queued():
	factories.make_email_account()
	frappe.sendmail(recipients=["someone@example.com"], subject="Hello", message="Hello", delayed=True)
	assert frappe.get_last_doc("Email Queue").status == "Not Sent"


def test_a_change_of_schema_is_refused():
	with pytest.raises(isolation.SchemaChanged):
		frappe.db.sql_ddl("create table ops_never (a int)")


@pytest.mark.committed
def test_a_committed_test_commits(in_parallel, cleanup):
	LEFT["committed"] = factories.make_customer().name
	frappe.db.commit()
	assert in_parallel(lambda: frappe.db.exists("Customer", LEFT["committed"])) == [LEFT["committed"]]
	cleanup(LEFT.update, cleaned="yes")


def test_what_a_committed_test_inserted_is_gone():
	assert not frappe.db.exists("Customer", LEFT["committed"])
	assert LEFT["cleaned"] == "yes"


@pytest.fixture(scope="module")
def shared_customer(shared_records):
	with shared_records():
		return factories.make_customer().name


@pytest.mark.parametrize("number", [1, 2])
def test_shared_records_are_seen_by_each_test(shared_customer, number):
	assert frappe.db.get_value("Customer", shared_customer, "customer_details") is None
	frappe.db.set_value("Customer", shared_customer, "customer_details", str(number))


def test_roles_are_checked_in_tests_too(as_user, make_user):
	with as_user(make_user(roles=["Support Team"]).name):
		frappe.only_for("Support Team")
		with pytest.raises(frappe.PermissionError):
			frappe.only_for("System Manager")
