"""Scenes that many tests of a module begin with are made once: what they wrote is written again for the next test.

	@remembered
	def agreement(**values): …

The first call of a module runs the function and notes each statement that it wrote, what it enqueued and what it made Redis
forget. A later test that calls it with the same arguments, at the same moment, as the same user, having written the same before,
gets the rows by the same statements, in a hundredth of the time, and a copy of what the function returned. Whoever calls it
otherwise, or in a test that commits, gets it made anew. OPS_TEST_SCENES=anew switches all of this off.
"""

import copy
import functools
import hashlib
import inspect
import os
import pickle
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from time import monotonic

import frappe
from frappe.model.document import Document
from frappe.utils import caching
from frappe.utils.redis_wrapper import RedisWrapper

from ops_delivery.services.engine import process_caches

READS = ("SELECT", "SHOW", "EXPLAIN", "DESC", "SET ")
UNDYING = "`tabError Log`"  # of an engine without transactions: a row stays when the test is taken back
FILE = "INSERT INTO `tabFile`"  # its bytes lie on the disk, and go when the test is taken back
FORGETS = ("DEL", "UNLINK", "HDEL")
MOST_SECONDS = 300  # older than that a scene's "just now" would no longer be true
PLAIN = (str, bytes, int, float, bool, date, time, timedelta)
OFF = os.environ.get("OPS_TEST_SCENES") == "anew"


class Scene:
	"""What one call did."""

	def __init__(self, written, forgotten, jobs, callbacks, result, made):
		self.written, self.forgotten, self.jobs = written, forgotten, jobs
		self.callbacks, self.result, self.made = callbacks, result, made


class Test:
	"""What the running test wrote so far; None outside of one, and in one that commits."""

	def __init__(self, jobs, connection):
		self.digest, self.jobs, self.recorders, self.connection = hashlib.sha256(), jobs, [], connection

	def wrote(self, statement: str) -> None:
		self.digest.update(statement.encode(errors="surrogateescape"))
		for recorder in self.recorders:
			recorder.append(statement)


_scenes: dict[tuple, Scene] = {}
_module: list[str] = [""]
_test: list[Test | None] = [None]
counts = {"made": 0, "written again": 0}


def forget() -> None:
	"""Something was committed: what is remembered may not fit it."""
	_scenes.clear()


@contextmanager
def within(module: str, jobs: list):
	"""One test, whose transaction is taken back at its end."""
	if OFF or frappe.local.db._conn is None:  # a module may open the site in a way of its own
		yield
		return
	if module != _module[0]:
		forget()
		_module[0] = module
	connection = frappe.local.db._conn
	test, query = Test(jobs, connection), connection.query

	def noted(sql, *args, **kwargs):
		text = sql.decode(errors="surrogateescape") if isinstance(sql, bytes | bytearray) else sql
		result = query(sql, *args, **kwargs)
		if not text.lstrip()[:7].upper().startswith(READS) and UNDYING not in text[:40]:
			test.wrote(text)
		return result

	connection.query = noted
	_test[0] = test
	try:
		yield
	finally:
		_test[0] = None


def remembered(function, plain_alone: bool = False):
	"""See above. Arguments are told apart by what they say, documents by their names. `plain_alone`: called with anything that it
	could change, it is called anew."""
	if OFF:
		return function

	@functools.wraps(function)
	def scene(*args, **kwargs):
		test = _test[0]
		if test is None or frappe.local.db._conn is not test.connection:
			return function(*args, **kwargs)
		if plain_alone and any(isinstance(value, dict | list | set | Document) for value in (*args, *kwargs.values())):
			return function(*args, **kwargs)
		try:
			told = _told(args), _told(kwargs)
		except NotTold:
			return function(*args, **kwargs)
		key = (
			function.__module__, function.__qualname__, *told, test.digest.hexdigest(),
			frappe.session.user, frappe.local.lang, str(frappe.flags.ops_now), frappe.utils.nowdate(),
		)  # fmt: skip
		known = _scenes.get(key)
		if known and monotonic() - known.made < MOST_SECONDS:
			counts["written again"] += 1
			return _write_again(known, test)
		counts["made"] += 1
		return _make(key, test, function, args, kwargs)

	return scene


def remember_fixtures(items) -> None:
	"""Every fixture of one test that returns records, and asks for nothing that is alive or could be changed, is such a scene."""
	done = set()
	for item in items:
		for definitions in item._fixtureinfo.name2fixturedefs.values():
			for definition in definitions:
				if id(definition) not in done:
					done.add(id(definition))
					_remember_fixture(definition)


def _remember_fixture(definition) -> None:
	function = definition.func
	own = str(Path(__file__).parent) == str(Path(inspect.getsourcefile(function) or "/").parent)
	if own and definition.scope == "function" and not inspect.isgeneratorfunction(function):
		definition.func = remembered(function, plain_alone=True)


class NotTold(Exception):
	"""An argument that is alive, so that two calls cannot be compared."""


def _told(value) -> str:
	if isinstance(value, dict):
		return "{" + ",".join(f"{key!r}:{_told(each)}" for key, each in value.items()) + "}"
	if isinstance(value, list | tuple | set):
		return "[" + ",".join(map(_told, value)) + "]"
	if isinstance(value, Document):
		return f"{value.doctype} {value.name}"
	if value is None or isinstance(value, PLAIN):
		return repr(value)
	if inspect.isfunction(value) and "<locals>" not in value.__qualname__:
		return f"{value.__module__}.{value.__qualname__}"
	raise NotTold


def _make(key, test, function, args, kwargs):
	written, forgotten, before = [], [], len(test.jobs)
	callbacks = list(frappe.db.after_commit._functions)
	execute = RedisWrapper.execute_command

	def noted(client, *command, **options):
		if command[0] in FORGETS:
			forgotten.append(command)
		return execute(client, *command, **options)

	test.recorders.append(written)
	RedisWrapper.execute_command = noted
	made = monotonic()
	try:
		result = function(*args, **kwargs)
	finally:
		RedisWrapper.execute_command = execute
		test.recorders.pop()
	if not written or any(FILE in statement[:40] for statement in written):
		return result
	waiting = [each for each in frappe.db.after_commit._functions if each not in callbacks]
	try:
		kept = pickle.dumps(result)
	except Exception:  # it returned something that is alive
		return result
	_scenes[key] = Scene(written, forgotten, copy.deepcopy(list(test.jobs[before:])), waiting, kept, made)
	return result


def _write_again(known: Scene, test: Test):
	connection = frappe.local.db._conn
	for statement in known.written:
		connection.query(statement)
	for command in known.forgotten:
		frappe.cache.execute_command(*command)
	process_caches.forget_all()
	caching._SITE_CACHE.clear()
	if client_cache := getattr(frappe, "client_cache", None):
		client_cache.clear_cache()
	frappe.local.role_permissions = {}
	frappe.local.user_perms = None
	if hasattr(frappe.local, "document_cache"):
		frappe.local.document_cache = {}
	for callback in known.callbacks:
		frappe.db.after_commit.add(callback)
	test.jobs.extend(copy.deepcopy(known.jobs))
	return pickle.loads(known.result)
