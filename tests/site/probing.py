"""Every door of the host and of ours, listed by construction, and what comes through it for somebody who has no right.

Records of a customer we serve are planted with a marker in each of their fields. A request does harm where its answer has
a marker in it, or where it writes a planted record, or a row that hangs on one. Nothing that a request writes is
committed, so each meets the site as it was.
"""

import hashlib
import importlib
import inspect
import json
import pkgutil
import re
import time
from contextlib import contextmanager, suppress
from unittest.mock import patch

import complaining
import customers
import factories
import frappe
import isolation
import wire
from frappe.database.database import Database

from ops_delivery.services.escalation import sweep_fallback as pulse

APPS = ("frappe", "erpnext", "ops_delivery")
MARK, HUSH = "zqmark", "zqhush"
LIMIT = 20000  # characters of an answer that are looked through
TEXTS = ("Data", "Small Text", "Text", "Long Text", "Text Editor", "HTML Editor", "Phone", "Code")
# what every request may write: itself
LOGS = frozenset(
	"Sessions|Activity Log|Access Log|Error Log|View Log|Route History|Web Page View|API Request Log|DefaultValue|User|"
	"Singles|Event Producer|OAuth Bearer Token|Scheduled Job Log|Error Snapshot|Logs To Clear|Log Settings".split("|")
)
WRITE = re.compile(
	r"^\s*(?:insert(?:\s+ignore)?\s+into|update|delete\s+from|replace\s+into|truncate(?:\s+table)?|alter\s+table|drop\s+table)"
	r"\s+(?:`(?:tab)?([\w ]+)`|\"?(?:tab)?(\w+))",
	re.I,
)


def import_everything() -> None:
	for app in APPS:
		package = importlib.import_module(app)
		for module in pkgutil.walk_packages(package.__path__, f"{app}.", onerror=lambda _name: None):
			parts = module.name.split(".")
			if {"tests", "patches", "test_runner", "commands", "testing"} & set(parts) or parts[-1].startswith("test_"):
				continue
			with suppress(Exception, SystemExit):
				importlib.import_module(module.name)


def functions() -> list[str]:
	"""The path of every whitelisted function that stands for itself, sorted."""
	import_everything()
	found = set()
	for function in frappe.whitelisted:
		module, name = function.__module__, function.__qualname__
		if module.split(".")[0] in APPS and "." not in name and ".test_" not in module and ".tests." not in module:
			found.add(f"{module}.{name}")
	return sorted(found)


def methods() -> list[tuple[str, str]]:
	"""(DocType, method) of every whitelisted method of a controller, sorted."""
	found = set()
	for doctype in frappe.get_all("DocType", filters={"istable": 0}, pluck="name", order_by="name"):
		with suppress(Exception):
			controller = frappe.get_attr("frappe.model.base_document.get_controller")(doctype)
			for name, method in inspect.getmembers(controller, inspect.isfunction):
				if method in frappe.whitelisted:
					found.add((doctype, name))
	return sorted(found)


def sample(listed: list, one_in: int, known: set) -> list:
	"""The same few of a list each time, by their names' digests, with all that are known to have let somebody through."""

	def chosen(item):
		return int(hashlib.sha256(str(item).encode()).hexdigest(), 16) % one_in == 0

	return [item for item in listed if chosen(item) or item in known]


def plant():
	"""A world whose records carry markers: `targets` (DocType -> name), and somebody of another customer, `intruder`."""
	w = customers.world()
	w.intruder = customers.portal_user(factories.make_customer().name)
	factories.make("ToDo", description=MARK, reference_type="Issue", reference_name=w.issue.name)
	contact = frappe.get_doc("Contact", {"user": w.asker})
	message = factories.make(
		"Communication",
		subject=MARK,
		content=MARK,
		sender=w.asker,
		reference_doctype="Issue",
		reference_name=w.issue.name,
		communication_type="Communication",
		sent_or_received="Received",
	)
	file = factories.make(
		"File",
		file_name=f"{MARK}.txt",
		content=f"{MARK} {frappe.generate_hash()}",
		is_private=1,
		attached_to_doctype="Issue",
		attached_to_name=w.issue.name,
	)
	comment = frappe.get_doc("Issue", w.issue.name).add_comment("Comment", MARK)
	complaint = complaining.complain(w, text=MARK)
	project = factories.make("Project", project_name=factories.unique(MARK), customer=w.customer)
	task = factories.make("Task", subject=f"{MARK} task", project=project.name)
	w.targets = {
		"Issue": w.issue.name,
		"Communication": message.name,
		"User": w.asker,
		"Contact": contact.name,
		"Customer": w.customer,
		"File": file.name,
		"Comment": comment.name,
		"Project": project.name,
		"Task": task.name,
		"Service Agreement": w.agreement.name,
		"Service Complaint": complaint.name,
	}
	w.file_url = file.file_url
	for doctype, name in w.targets.items():
		_mark(doctype, name)
	frappe.db.set_value("User", w.asker, {"bio": MARK, "mobile_no": None, "location": MARK})
	keys = frappe.get_doc("User", w.intruder)
	w.key, w.secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	keys.update({"api_key": w.key, "api_secret": w.secret})
	keys.save()
	return w


def plant_complaint():
	"""The same about staff: a complaint and all that hangs on it carry a marker, and the one complained about, `intruder`,
	has every role that works with us."""
	w = complaining.world(subject=f"{HUSH} came", text=f"{HUSH} was rude")
	complaining.investigated(w)
	complaining.hang_on(w, HUSH)
	w.intruder, w.mark, w.staff = w.engineer, HUSH, True
	frappe.get_doc("User", w.intruder).add_roles(
		"Service Desk", "Field Engineer", "Technical Expert", "Complaint Handler", "Delivery Auditor", "Inbox User"
	)
	complaint = w.complaint.name
	on = {"reference_doctype": "Service Complaint", "reference_name": complaint}
	w.targets = {
		"Service Complaint": complaint,
		"Improvement Action": w.action,
		"Comment": w.comment,
		"Communication": w.message,
		"File": w.file,
		"Service Leftover": w.leftover,
		"Event": w.event,
		"ToDo": frappe.db.get_value("ToDo", {"reference_type": "Service Complaint", "reference_name": complaint}),
		"Service Notice": frappe.db.get_value("Service Notice", on),
	}
	w.targets = {doctype: name for doctype, name in w.targets.items() if name}
	w.file_url = frappe.db.get_value("File", w.file, "file_url")
	for doctype in ("Service Complaint", "Improvement Action", "Service Leftover"):
		_mark(doctype, w.targets[doctype], HUSH)
	w.key, w.secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	keys = frappe.get_doc("User", w.intruder)
	keys.update({"api_key": w.key, "api_secret": w.secret})
	keys.save()
	return w


# written by everybody's requests and jobs, whatever they ask for; no row of them is a planted record's
UNSUMMED = frozenset(
	f"tab{name}"
	for name in (
		*("Activity Log", "Access Log", "Error Log", "View Log", "Route History", "Scheduled Job Log", "Sessions"),
		*("API Request Log", "Web Page View", "Error Snapshot", "RQ Job", "RQ Worker", "Submission Queue"),
	)
) | {"__UserSettings", "__global_search"}


def checksums() -> dict[str, int]:
	"""The database's checksum of every table there is, but the logs of requests."""
	frappe.db.commit()
	tables = [table for table in frappe.db.get_tables(cached=False) if table not in UNSUMMED]
	rows = frappe.db.sql(f"CHECKSUM TABLE {', '.join(f'`{table}`' for table in tables)}")
	return {table.split(".")[-1]: value for table, value in rows}


def changed(before: dict[str, int]) -> set[str]:
	"""The tables that are other than they were."""
	after = checksums()
	return {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}


def _mark(doctype: str, name: str, mark: str = MARK) -> None:
	"""A marker in every text field of one record that has none yet and takes any."""
	for field in frappe.get_meta(doctype).fields:
		if field.fieldtype in TEXTS and not field.options and not field.unique and not field.read_only:
			if not frappe.db.get_value(doctype, name, field.fieldname):
				with suppress(Exception):
					frappe.db.set_value(doctype, name, field.fieldname, mark, update_modified=False)


class Probe:
	"""Somebody with a key, and what their requests brought to light or wrote."""

	def __init__(self, site, w):
		self.w, self.site, self.mark = w, site, w.get("mark") or MARK
		self.visitor = wire.Visitor(site)
		self.headers = {"Authorization": f"token {w.key}:{w.secret}", "Accept": "application/json"}
		self.written: set[str] = set()
		self.harm: dict[str, set[str]] = {}
		self.through: set[str] = set()
		self.slow: dict[str, float] = {}
		self.unanswered: dict[str, str] = {}  # what no answer came to: it tried nothing

	@contextmanager
	def uncommitted(self):
		"""Requests write, are seen writing, and leave nothing."""
		sql, probe = Database.sql, self

		def watch(db, query, values=(), *args, **kwargs):
			text = query if isinstance(query, str) else str(query)
			if found := WRITE.match(text):
				probe._note((found[1] or found[2]).strip(), text, values)
			return sql(db, query, values, *args, **kwargs)

		def refuse_ddl(db, query, *args, **kwargs):
			raise frappe.PermissionError("no change of the schema in a probe")

		with (
			patch.object(Database, "sql", watch),
			patch.object(Database, "commit", lambda db, **_asked: None),  # 16 names what comes after it
			patch.object(Database, "sql_ddl", refuse_ddl),
			patch.object(frappe, "log_error", lambda *args, **kwargs: None),
			patch.object(pulse, "after_request", lambda *args, **kwargs: None),  # a sweep is nobody's request
			isolation.nothing_is_committed.on(),
		):
			yield
		assert self.unanswered == {}

	def _note(self, table: str, text: str, values) -> None:
		whole = text + repr(values)
		hit = [name for name in self.names if name in whole]
		if self.w.get("staff") and (not hit or table in LOGS):
			return  # what staff write is theirs to write, but for what is hidden from them
		if table == "User" and not (set(hit) & {self.w.asker}):
			return
		if table not in LOGS or hit:
			self.written.add(f"{table}{'!' if hit else ''}")

	@property
	def names(self) -> set[str]:
		"""Of the planted records; a row that names one hangs on it."""
		return set(self.w.targets.values())

	def ask(self, label: str, verb: str, path: str, form: dict) -> wire.Answer | None:
		self.written = set()
		started = time.monotonic()
		try:
			answer = self.visitor.ask(verb, path, form, headers=self.headers)
		except Exception as error:
			answer, text = None, repr(error)
			self.unanswered[label] = text
		else:
			text = answer.text[:LIMIT]
		if (took := time.monotonic() - started) > 3:
			self.slow[label] = took
		if answer is not None and answer.status < 400:
			self.through.add(label)
		if self.mark in text.lower():
			self.harm.setdefault(label, set()).add("reads")
		if answer is None or answer.status < 400:  # else it is rolled back
			for table in self.written:
				self.harm.setdefault(label, set()).add(f"writes {table}")
		return answer


def form_for(function, w, doctype: str) -> dict[str, str]:
	"""Arguments that somebody would try: the target under every name that a function might give it."""
	name = w.targets[doctype]
	form = dict(BASE, doctype=doctype, name=name, docname=name, dt=doctype, dn=name)
	form["filters"] = json.dumps({"name": name})
	try:
		parameters = inspect.signature(function).parameters.values()
	except (TypeError, ValueError):
		parameters = ()
	for parameter in parameters:
		if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
			continue
		found = _argument(parameter.name, doctype, name, w)
		if found is not None:
			form[parameter.name] = found
		elif parameter.default is parameter.empty:
			form.setdefault(parameter.name, _by_annotation(parameter.annotation))
	return form


BASE = {"fields": '["*"]', "limit_page_length": "20", "start": "0", "page_length": "20", "txt": "", "text": MARK}


def _argument(parameter: str, doctype: str, name: str, w) -> str | None:
	p = parameter.lower()
	scrubbed = {frappe.scrub(kind): target for kind, target in w.targets.items()}
	if p in scrubbed:
		return scrubbed[p]
	if p in ("filters", "fields"):
		return None
	if "doctype" in p or p in ("dt", "document_type", "reference_type", "parenttype", "doc_type", "ref_dt", "voucher_type"):
		return doctype
	if p in ("doc", "document"):
		return frappe.as_json({"doctype": doctype, "name": name})
	if p in ("docs", "docnames", "names", "items", "list_of_names", "source_names"):
		return json.dumps([name])
	if p.endswith(("name", "_id")) or p in ("dn", "id", "source", "parent", "voucher_no", "ref_dn", "party", "reference"):
		return name
	if p in ("owner", "user", "email", "user_id", "recipients", "recipient", "assign_to", "for_user"):
		return w.intruder if p in ("recipients", "recipient") else (json.dumps([w.intruder]) if p == "assign_to" else w.asker)
	if p in ("file_url", "path", "url", "src", "file"):
		return w.file_url
	return {
		"searchfield": "name",
		"fieldname": "name",
		"page_len": "20",
		"limit": "20",
		"status": "Closed",
		"add": "Yes",
		"like": "1",
		"action": "Read",
		"ignore_communication_links": "0",
		"comment": "Seen",
		"content": "Seen",
		"subject": "Seen",
	}.get(p)


def _by_annotation(annotation) -> str:
	text = str(annotation)
	if "int" in text or "float" in text or "bool" in text:
		return "1"
	if "dict" in text:
		return "{}"
	if "list" in text:
		return "[]"
	return "x"


def verb_of(function) -> str:
	allowed = frappe.allowed_http_methods_for_whitelisted_func.get(function) or ["POST"]
	return "POST" if "POST" in allowed else allowed[0]


def call_everything(probe: Probe, listed: list[str], targets: list[str]) -> None:
	for path in listed:
		function = frappe.get_attr(path)
		for doctype in targets:
			probe.ask(path, verb_of(function), f"/api/method/{path}", form_for(function, probe.w, doctype))


def call_methods(probe: Probe, listed: list[tuple[str, str]]) -> None:
	"""Methods of planted records, by their name and by a document that says it is one's own."""
	for doctype, method in listed:
		name = probe.w.targets.get(doctype)
		if not name:
			continue
		own = {"doctype": doctype, "name": name, "owner": probe.w.intruder, "raised_by": probe.w.intruder, "__islocal": 1}
		label = f"{doctype}.{method}"
		for form in (
			{"dt": doctype, "dn": name, "method": method, "args": "{}"},
			{"docs": frappe.as_json(own), "method": method, "args": "{}"},
			{"docs": frappe.as_json({**own, "__islocal": 0}), "method": method, "args": "{}"},
		):
			probe.ask(label, "POST", "/api/method/run_doc_method", form)
		probe.ask(label, "POST", f"/api/v2/document/{doctype}/{name}/method/{method}", {})
		probe.ask(label, "GET", f"/api/resource/{doctype}/{name}", {"run_method": method})


def doctypes() -> list[str]:
	"""Every DocType that has rows, children included, sorted."""
	return frappe.get_all("DocType", filters={"issingle": 0, "is_virtual": 0}, pluck="name", order_by="name")


def list_doors(doctype: str, parent: str | None) -> list[tuple[str, str, str, dict[str, str]]]:
	"""(name, verb, path, form) of each way to list a type."""
	of_child = {"parent": parent} if parent else {}
	fields = {"fields": '["*"]'}
	return [
		("client.get_list", "POST", "/api/method/frappe.client.get_list", {"doctype": doctype, **fields, **of_child}),
		("client.get_value", "POST", "/api/method/frappe.client.get_value", {"doctype": doctype, "fieldname": "name", **of_child}),
		("client.get", "POST", "/api/method/frappe.client.get", {"doctype": doctype, "filters": "{}", **of_child}),
		("reportview.get", "POST", "/api/method/frappe.desk.reportview.get", {"doctype": doctype, "fields": '["name"]'}),
		("reportview.get_list", "POST", "/api/method/frappe.desk.reportview.get_list", {"doctype": doctype, "fields": '["name"]'}),
		("search_link", "POST", "/api/method/frappe.desk.search.search_link", {"doctype": doctype, "txt": ""}),
		("resource", "GET", f"/api/resource/{doctype}", {**fields, **of_child}),
		("v2", "GET", f"/api/v2/document/{doctype}", fields),
		("website list", "GET", "/api/method/frappe.www.list.get_list_data", {"doctype": doctype}),
		("count", "POST", "/api/method/frappe.client.get_count", {"doctype": doctype}),
		("report count", "POST", "/api/method/frappe.desk.reportview.get_count", {"doctype": doctype}),
	]


def all_parents() -> dict[str, list[str]]:
	"""The parent types of each child type."""
	rows = frappe.get_all(
		"DocField", filters={"fieldtype": ["in", ["Table", "Table MultiSelect"]]}, fields=["options", "parent"], order_by="name"
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		found.setdefault(row.options, []).append(row.parent)
	return found


def list_everything(probe: Probe, listed: list[str]) -> dict[str, list[str]]:
	"""DocType -> the doors that gave rows (or a count) of it."""
	found: dict[str, list[str]] = {}
	of = all_parents()
	ways = ((doctype, *way) for doctype in listed for parent in of.get(doctype, [None]) for way in list_doors(doctype, parent))
	for doctype, door, verb, path, form in ways:
		if door not in found.get(doctype, ()):
			answer = probe.ask(f"{doctype} by {door}", verb, path, form)
			if answer is not None and answer.status == 200 and answer.json:
				body = answer.json
				rows = body.get("data") or body.get("message") or body.get("results")
				if rows and not (isinstance(rows, dict) and not rows.get("values", True)):
					found.setdefault(doctype, []).append(door)
	return found
