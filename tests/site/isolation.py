"""Each test as if it were one request on a site that nothing else has touched.

A test gets its own database connection and its own frappe.local. What the code under test commits is kept back by a
savepoint, and what the test made Redis forget, Redis is made to forget once more after the rollback.
"""

import pickle
import threading
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.model.base_document import BaseDocument
from frappe.utils import background_jobs, caching
from frappe.utils.redis_wrapper import RedisWrapper

from ops_delivery import framework, framework_jobs
from ops_delivery.services.engine import process_caches as kept
from ops_delivery.services.escalation import minute
from ops_delivery.services.outbox import waking
from ops_delivery.services.shared import call_limits as limits
from ops_delivery.services.shared import link_throttle as guesses
from ops_delivery.setup import host_rules

COMMITTED = "ops_test_committed"  # the savepoint that stands for the last commit
# Frappe lists the mailbox passwords to ask for at every save of a user, and with that empties the site's whole cache.
MAILBOX_PASSWORDS = "frappe.core.doctype.user.user.ask_pass_update"
ALL_ON = {
	"issue_rule": "Service Agreement",
	"messages_for": "All Customers",
	"portal_for": "All Customers",
	"own_words": 1,
}
AS_INSTALLED = {
	"issue_rule": "By Customer",
	"messages_for": "Customers with an Agreement",
	"portal_for": "Nobody",
	"own_words": 0,
}
CACHED_WITH_THE_SCHEMA = {"DocType", "Custom Field", "Property Setter", "Custom DocPerm", "Role", "Workflow"}


class SchemaChanged(AssertionError):
	"""The database commits when its schema changes, so only a test marked `committed` may change it."""


@contextmanager
def open_site(site: str, user: str = "Administrator"):
	frappe.init(site=site, force=True)
	frappe.connect()
	testing(True)
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.destroy()


def testing(yes: bool) -> None:
	"""Whether Frappe takes this for a test: 15 asks frappe.flags, 16 mostly frappe.in_test."""
	frappe.flags.in_test = yes
	if hasattr(frappe, "in_test"):
		frappe.in_test = yes


def only_for(roles, message=False, check=frappe.only_for):
	"""Frappe's own check of roles lets everyone through in a test; ours does not."""
	before = frappe.flags.in_test
	testing(False)
	try:
		return check(roles, message)
	finally:
		testing(before)


@contextmanager
def rolled_back(site: str):
	"""Commits and rollbacks of the code under test work on savepoints; in the end nothing is left."""
	with (
		remembered_cache(),
		open_site(site),
		patch(MAILBOX_PASSWORDS),
		patch.object(frappe, "only_for", only_for),
	):
		forget_guesses()
		with commits_kept_back(frappe.local.db):
			yield
	forget_process_caches()


def forget_guesses():
	"""What earlier tests tried and did, all from one address."""
	for key in (*frappe.cache.get_keys(guesses.KEY), *frappe.cache.get_keys(limits.KEY)):
		frappe.cache.delete(key)


def forget_process_caches():
	"""What the process keeps of rows that were taken back, whose names the next test uses again."""
	caching._SITE_CACHE.clear()
	if client_cache := getattr(frappe, "client_cache", None):  # Frappe 16 keeps documents and schemas in the process
		client_cache.clear_cache()
	kept.forget_all()


@contextmanager
def commits_kept_back(db):
	rollback = db.rollback

	def fake_commit():
		db.before_rollback.reset()
		db.after_rollback.reset()
		db.before_commit.run()
		db.savepoint(COMMITTED)
		db.transaction_writes = 0
		db.after_commit.run()

	def fake_rollback(*, save_point=None):
		if save_point:
			return rollback(save_point=save_point)
		db.before_commit.reset()
		db.after_commit.reset()
		db.before_rollback.run()
		rollback(save_point=COMMITTED)
		db.transaction_writes = 0
		db.after_rollback.run()

	def refuse(query, **_options):
		raise SchemaChanged(f"mark this test `committed`, it changes the schema: {query}")

	db.savepoint(COMMITTED)
	db.commit, db.rollback, db.sql_ddl = fake_commit, fake_rollback, refuse
	try:
		yield
	finally:
		del db.commit, db.rollback, db.sql_ddl  # the class's own again


@contextmanager
def really_committed(site: str):
	"""Commits are real; the documents inserted meanwhile are deleted afterwards, also those of other threads."""
	strict = patch.object(frappe, "only_for", only_for)
	with remembered_cache(), open_site(site), strict, inserted_documents() as inserted:
		forget_guesses()
		try:
			yield
		finally:
			frappe.set_user("Administrator")
			frappe.db.rollback()
			delete(inserted)
	forget_process_caches()


class Switch:
	"""Something that is so for all threads within `with switch.on():`."""

	def __init__(self):
		self.depth = 0

	def get(self) -> bool:
		return bool(self.depth)

	@contextmanager
	def on(self):
		self.depth += 1
		try:
			yield
		finally:
			self.depth -= 1


nothing_is_committed = Switch()  # what requests insert meanwhile goes with them


@contextmanager
def inserted_documents():
	"""What is inserted meanwhile, as pairs of DocType and name."""
	inserted, insert = [], BaseDocument.db_insert

	def remember(doc, ignore_if_duplicate=False, **kwargs):
		there = ignore_if_duplicate and doc.name and frappe.db.exists(doc.doctype, doc.name)
		result = insert(doc, ignore_if_duplicate=ignore_if_duplicate, **kwargs)
		if not there and not nothing_is_committed.get():
			inserted.append((doc.doctype, doc.name))
		return result

	with patch(MAILBOX_PASSWORDS), patch.object(BaseDocument, "db_insert", remember):
		yield inserted


def empty_engine(site: str) -> None:
	"""Take away what committed tests and browsers of earlier runs left in the engine's tables, which write past documents.

	The outbox works off the oldest first: a test's own notice would have to wait behind them.
	"""
	with open_site(site):
		for doctype in ("Service Notice", "Service Clock Trigger", "Service Clock Event", "Service Clock"):
			frappe.db.delete(doctype)
		frappe.db.commit()


def switch_on(site: str) -> None:
	"""Everything of ours for everybody: what most tests are about. A new site has nothing switched on (fixture `as_installed`)."""
	with open_site(site):
		waking.wake()
		switch(ALL_ON)
		host_rules.lay(host_rules.every_pair())
		frappe.db.commit()


def switch(values: dict, groups: list[dict] | None = None) -> None:
	"""Save the settings of what is switched on, as their form does."""
	settings = frappe.get_doc("Ops Delivery Settings")
	values = {**values, "gather_seconds": 0}  # what a test tells goes at once; test_told_at_the_desk gathers
	if all(settings.get(field) == value for field, value in values.items()) and groups is None:
		return
	settings.update(values)
	if groups is not None:
		settings.set("switch_groups", groups)
	settings.save()


def delete_of_the_engine(names: list[str]) -> None:
	"""What the engine wrote past documents about records that are gone."""
	if not names:
		return
	clocks = frappe.get_all("Service Clock", filters={"reference_name": ["in", names]}, pluck="name")
	for doctype in ("Service Clock Event", "Service Clock Trigger"):
		frappe.db.delete(doctype, {"clock": ["in", clocks or [""]]})
	for doctype in ("Service Clock", "Service Notice"):
		frappe.db.delete(doctype, {"reference_name": ["in", names]})
	frappe.db.delete("Search Entry", {"document_name": ["in", names]})


def delete(inserted: list[tuple[str, str]]) -> None:
	delete_of_the_engine([name for doctype, name in inserted if isinstance(name, str)])
	for doctype, name in reversed(inserted):
		if doctype == "DefaultValue":
			continue  # each time a default is set its row is made anew, also what set-up remembers of the site
		frappe.db.delete(doctype, {"name": name})
		frappe.clear_document_cache(doctype, name)
	frappe.db.commit()
	if any(doctype in CACHED_WITH_THE_SCHEMA for doctype, _name in inserted):
		frappe.clear_cache()


@contextmanager
def remembered_cache():
	"""Repeat the test's invalidations of the Redis cache once its transaction is gone; drop the documents it cached."""
	keys, fields, execute = set(), set(), RedisWrapper.execute_command

	def remember(client, *command, **options):
		name, *rest = command
		if name in ("DEL", "UNLINK"):
			keys.update(rest)
		elif name == "HDEL":
			fields.update((rest[0], field) for field in rest[1:])
		elif name in ("SET", "SETEX") and b"document_cache::" in frappe.safe_encode(rest[0]):
			keys.add(rest[0])
		return execute(client, *command, **options)

	with patch.object(RedisWrapper, "execute_command", remember):
		yield
	if keys:
		frappe.cache.execute_command("DEL", *keys)
	for key, field in fields:
		frappe.cache.execute_command("HDEL", key, field)


class Jobs(list):
	"""The background jobs that a test enqueued, as dicts with method, kwargs, queue, job_id and user."""

	def run(self) -> int:
		"""Work off the jobs, and those they enqueue, as a worker would. Returns how many there were."""
		done = 0
		while self:
			job = self.pop(0)
			user = frappe.session.user
			frappe.set_user(job["user"])
			method = job["method"]
			(frappe.get_attr(method) if isinstance(method, str) else method)(**job["kwargs"])
			frappe.db.commit()
			frappe.set_user(user)
			done += 1
		return done

	def of(self, method: str) -> list[dict]:
		"""The jobs whose method's path ends with this."""
		return [job for job in self if self.path(job).endswith(method)]

	@staticmethod
	def path(job: dict) -> str:
		method = job["method"]
		return method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"


@contextmanager
def collected_jobs():
	"""No worker runs and none is needed: what the code enqueues lands in a list."""
	jobs = Jobs()

	class Queue:
		count = 0  # Frappe 16 asks whether the queue is overloaded

		def __init__(self, name):
			self.name = name

		def enqueue_call(self, _execute, *, kwargs, job_id=None, at_front=False, **_options):
			pickle.dumps(kwargs["kwargs"])  # as for Redis: what cannot be pickled fails here as it does there
			job = {
				**{key: kwargs[key] for key in ("method", "kwargs", "user")},
				"queue": self.name,
				"job_id": job_id,
			}
			jobs.insert(0, job) if at_front else jobs.append(job)

	class Queued:
		def __init__(self, job_id):
			self.id = job_id

		def get_status(self, *_args, **_options):
			return background_jobs.JobStatus.QUEUED

	def find(job_id):
		wanted = background_jobs.create_job_id(job_id)
		return next((Queued(wanted) for job in jobs if job["job_id"] == wanted), None)

	with (
		patch.object(background_jobs, "get_queue", lambda name, **_options: Queue(name)),
		patch.object(background_jobs, "get_job", find),
		patch.object(framework_jobs, "queue_answers", lambda: True),
	):
		yield jobs


def in_parallel(site: str, *functions) -> list:
	"""Run functions at once, each on a connection of its own that commits. Returns their results or exceptions."""
	results, barrier = [None] * len(functions), threading.Barrier(len(functions))

	def work(index, function):
		try:
			with open_site(site):
				barrier.wait(30)
				results[index] = function()
				frappe.db.commit()
		except Exception as error:
			results[index] = error

	threads = [threading.Thread(target=work, args=pair) for pair in enumerate(functions)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(120)
	return results
