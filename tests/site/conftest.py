"""Tests on a real site, started by `./test site` from the bench's sites/ folder.

Fixtures: as_installed, as_user, make_user, company, jobs, cleanup, in_parallel, post, shared_records. A test marked `committed` commits for real; the
documents it inserts are deleted afterwards, and it hands what else it changes to `cleanup`.
"""

import functools
from contextlib import contextmanager

import factories
import frappe
import isolation
import pytest
import remembered
from workers import pytest_collection_modifyitems, pytest_sessionfinish, pytest_sessionstart, site_of_process

from ops_delivery import framework_prints

SITE = site_of_process()


def pytest_collection_finish(session):
	remembered.remember_fixtures(session.items)


@pytest.fixture(scope="session", autouse=True)
def engine():
	framework_prints.ask_for_prints()  # as each request and job does first
	isolation.empty_engine(SITE)
	isolation.switch_on(SITE)


@pytest.fixture(autouse=True)
def site(request):
	"""The name of the site, opened as Administrator for this one test."""
	committed = request.node.get_closest_marker("committed")
	with (isolation.really_committed if committed else isolation.rolled_back)(SITE):
		yield SITE


@pytest.fixture(scope="module")
def shared_records():
	"""with shared_records(): insert … – committed, seen by all tests of the module, deleted after them.

	For a fixture of module scope. Each test has its own frappe.local, so no flag, user or connection is shared.
	"""
	inserted = []

	@contextmanager
	def open_for_records():
		remembered.forget()
		with isolation.open_site(SITE), isolation.inserted_documents() as documents:
			yield
			frappe.db.commit()
			inserted.extend(documents)

	yield open_for_records
	with isolation.open_site(SITE):
		isolation.delete(inserted)
	remembered.forget()


@pytest.fixture(autouse=True)
def jobs(request, site):
	"""The background jobs enqueued so far; jobs.run() works them off. Those that wait for a commit need one first."""
	with isolation.collected_jobs() as jobs:
		if request.node.get_closest_marker("committed"):
			remembered.forget()
			yield jobs
			return
		with remembered.within(request.node.path.name, jobs):
			yield jobs


@pytest.fixture
def cleanup(site):
	"""cleanup(function, *args): called after a committed test, last one first."""
	calls = []
	yield lambda function, *args, **kwargs: calls.append(functools.partial(function, *args, **kwargs))
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for call in reversed(calls):
		call()
	frappe.db.commit()


@pytest.fixture
def as_user(site):
	"""with as_user(name): …"""

	@contextmanager
	def switch(name):
		before = frappe.session.user
		frappe.set_user(name)
		try:
			yield
		finally:
			frappe.set_user(before)

	return switch


@pytest.fixture
def as_installed(site):
	"""The site as it is after installing: nothing of ours is switched on."""
	isolation.switch(isolation.AS_INSTALLED, groups=[])
	frappe.db.commit()


@pytest.fixture
def make_user(site):
	return factories.make_user


@pytest.fixture
def company(site) -> str:
	return factories.company()


@pytest.fixture(scope="session")
def mail_ports():
	"""(IMAP port, SMTP port, Sink) of this process's own mail servers, started by the first test that asks for them."""
	import mail_servers

	with mail_servers.mailboxes() as imap, mail_servers.sink() as (smtp, sink):
		yield imap, smtp, sink


@pytest.fixture
def post(site, mail_ports):
	"""Mailboxes to lay mails into and a sink for what is sent (post_office.py)."""
	import post_office

	return post_office.PostOffice(*mail_ports)


@pytest.fixture
def in_parallel(request, site):
	"""in_parallel(function, …): at once, each on its own connection. Only what is committed is seen there."""
	assert request.node.get_closest_marker("committed"), "in_parallel needs a test marked `committed`"
	return functools.partial(isolation.in_parallel, site)
