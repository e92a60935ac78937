"""Where the versions of Frappe and ERPNext that we serve differ: asked here alone, so that one code runs on all of them.

Served are 15.44 (the oldest), 15.103 and 16.13. Each entry names the version that changed, what it did and what follows.
It asks the host what it has, and its number only where there is nothing to ask. `tests/site/test_framework.py` runs each
entry on each version. Every room but the domain may ask here; this module asks none of them.
"""

from __future__ import annotations

import functools
import html
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

import frappe
from cryptography.fernet import Fernet, InvalidToken
from frappe.desk import utils as desk_utils
from frappe.utils import getdate, html_utils, password, safe_exec
from RestrictedPython import compile_restricted

from ops_delivery import framework_mail

MAJOR = int(frappe.__version__.split(".")[0])


def versions() -> tuple[str, str]:
	"""Those of Frappe and ERPNext."""
	return frappe.__version__, frappe.get_attr("erpnext.__version__")


def has_reached(major: int | None) -> bool:
	"""Whether Frappe is at this major version or a later one; never at None."""
	return major is not None and major <= MAJOR


# Permissions. 16: every hook of has_permission is asked, and None counts as no. 15: a hook is asked only after None, and a
# True would keep those of other apps from being asked. So this is what a hook says where it has nothing against it.
NO_OBJECTION = True if MAJOR >= 16 else None


# Fields of the host


def issue_field(name: str) -> str:
	"""`resolution_by` or `resolution_date` of an Issue as this ERPNext calls it.

	ERPNext 15.76 and 16 put `sla_` before both. A migrated site keeps the old columns as dead ones, so it is the DocType
	that is asked and never the table.
	"""
	return f"sla_{name}" if frappe.get_meta("Issue").has_field(f"sla_{name}") else name


def task_end(day: Any) -> Any:
	"""The planned end of a Task, whose last day is to count whole. ERPNext 16 has a moment there, 15 a date."""
	if day and frappe.get_meta("Task").get_field("exp_end_date").fieldtype == "Datetime":
		return datetime.combine(getdate(day), time(23, 59, 59))
	return day


def counted(field: str) -> Any:
	"""`number` as how many records a get_list finds. 16 takes functions as dictionaries alone, 15 as texts alone."""
	return {"COUNT": field, "as": "number"} if MAJOR >= 16 else f"count({field}) as number"


# Plain texts

_PLAIN = frozenset({"Data", "Small Text", "Text", "Long Text"})
_TAG = re.compile(r"</?([A-Za-z][^\s<>/]*)[^<>]*>")
_KEPT_TAGS = frozenset(
	(*html_utils.acceptable_elements, *html_utils.svg_elements, *html_utils.mathml_elements)
)
DROPS_TAGS = MAJOR >= 16  # its sanitizer, nh3, drops a tag it does not know; that of 15, bleach, escapes it


def as_stored(typed: str) -> str:
	"""A plain text so that all of it is stored, as 15 stores it (services.shared.locale.text gives back what was typed): what
	looks like a tag that Frappe does not let pass ("<spare>") is escaped before 16 can drop it."""
	if not DROPS_TAGS or "<" not in typed:
		return typed
	return _TAG.sub(
		lambda tag: tag[0] if tag[1].lower() in _KEPT_TAGS else html.escape(tag[0], quote=False), typed
	)


def keep_typed(row: Any, is_meant: Callable[[str], bool] = lambda _fieldname: True) -> None:
	"""The same for every plain text of a document or row whose field's name `is_meant`, before it is validated."""
	for df in row.meta.fields:
		if df.fieldtype in _PLAIN and df.options != "Email" and not df.ignore_xss_filter and is_meant(df.fieldname):
			value = row.get(df.fieldname)
			if isinstance(value, str) and "<" in value:
				row.set(df.fieldname, as_stored(value))


# Frappe's own functions

# 15.75 and 16 can make an export in the background and mail it as a link; None where there is no such thing
send_report_email = getattr(desk_utils, "send_report_email", None)


def condition_utils() -> Any:
	"""What `frappe.utils` offers in a condition. 16 has no `safe_exec.add_data_utils` any more, which filled it in 15."""
	utils = safe_exec.NamespaceDict()
	there = vars(frappe.utils.data)
	utils.update({name: there[name] for name in safe_exec.VALID_UTILS if name in there})
	return utils


def script_problem(script: str) -> str:
	"""Why Frappe could not run a Server Script's text at all; "" where it can be read."""
	try:
		compile_restricted(script, filename="<serverscript>", policy=safe_exec.FrappeTransformer)
	except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
		said = error.args[0] if error.args else error
		return ("; ".join(map(str, said)) if isinstance(said, tuple | list) else str(said))[:300]
	return ""


def scripts_run() -> bool:
	"""Whether the bench allows Server Scripts. Where it does not, one that is enabled stops what it hangs on."""
	return safe_exec.is_safe_exec_enabled()


@contextmanager
def reading_committed() -> Iterator[None]:
	"""For jobs that work beside people's saves: within it each statement sees what others have committed by then, and a lock
	is on the rows found, not on the gaps between them, where somebody's save may be about to insert. Commits at both ends.

	Frappe leaves MariaDB at REPEATABLE READ. A server whose binary log holds statements (MariaDB's default is MIXED) cannot
	do with less and is left as it is; so is PostgreSQL, which has no such gaps.
	"""
	if frappe.db.db_type != "mariadb":
		frappe.db.commit()
		yield
		frappe.db.commit()
		return
	shown = dict(
		frappe.db.sql(
			"SHOW SESSION VARIABLES WHERE Variable_name IN "
			"('tx_isolation', 'transaction_isolation', 'log_bin', 'binlog_format')"
		)
	)
	before = (shown.get("transaction_isolation") or shown.get("tx_isolation") or "REPEATABLE-READ").replace("-", " ")
	wanted = before if shown.get("log_bin") == "ON" and shown.get("binlog_format") == "STATEMENT" else "READ COMMITTED"
	frappe.db.sql(f"SET SESSION TRANSACTION ISOLATION LEVEL {wanted}")
	frappe.db.commit()  # the level is that of the transactions that begin from here on
	try:
		yield
	finally:
		frappe.db.sql(f"SET SESSION TRANSACTION ISOLATION LEVEL {before}")
	frappe.db.commit()


def can_decrypt(sealed: str) -> bool:
	"""Whether the site's encryption key opens a stored password."""
	try:
		Fernet(frappe.safe_encode(password.get_encryption_key())).decrypt(frappe.safe_encode(sealed))
	except (InvalidToken, ValueError):
		return False
	return True


def forget_columns(table: str) -> None:
	"""After a column was dropped by hand. 15 keeps the names of a table's columns in Redis, 16 in the process, too."""
	frappe.cache.hdel("table_columns", table)
	if client_cache := getattr(frappe, "client_cache", None):
		client_cache.delete_value(f"table_columns::{table}")


def no_test_records(doctype: str) -> dict[str, list[str]]:
	"""What the test module of a DocType says so that Frappe makes no records of what it links to, when another app's tests
	make records of whatever they can reach. 15 reads `test_ignore`; 16 has another name for it and warns of the old one."""
	meta = frappe.get_meta(doctype)
	fields = [*meta.get_link_fields()]
	for table in meta.get_table_fields():
		fields += frappe.get_meta(table.options).get_link_fields()
	name = "IGNORE_TEST_RECORD_DEPENDENCIES" if MAJOR >= 16 else "test_ignore"
	return {name: sorted({field.options for field in fields} - {doctype})}


def guests_may_call(function: Callable[..., Any]) -> bool:
	"""Whether this version opens a function of its own to guests; 16 has closed the rows of website lists to them."""
	return function in frappe.guest_methods


def is_there(path: str) -> bool:
	"""Whether this version of the host has a function or class."""
	try:
		return bool(frappe.get_attr(path))
	except (AttributeError, ImportError):
		return False


def theirs(path: str) -> Callable[..., Any]:
	"""What would answer a client's call of a method of the host without us: the method of the app that stands in for it
	before ours, else the host's own."""
	before = []
	for stand_in in frappe.get_hooks("override_whitelisted_methods").get(path, []):
		if stand_in.startswith("ops_delivery."):
			break  # one that comes after ours may call ours
		before.append(stand_in)
	return frappe.get_attr(before[-1] if before else path)


def call_known(function: Callable[..., Any], **arguments: Any) -> Any:
	"""Call a function of the host with those of the arguments that this version of it takes.

	An argument that it does not know yet must be blank: nobody's wish is passed over.
	"""
	known = inspect.signature(function).parameters
	if any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values()):
		return function(**arguments)
	unknown = {name for name, value in arguments.items() if name not in known and value not in (None, "")}
	if unknown:
		raise TypeError(f"{function.__qualname__} of Frappe {frappe.__version__} knows no {', '.join(sorted(unknown))}")
	return function(**{name: value for name, value in arguments.items() if name in known})


# Printing


def goes_past_get_print(print_format: str | None) -> bool:
	"""Whether attach_print makes a format's PDF by a generator of its own, from the document as it stands, without asking
	get_print: formats of the newer builder; in 16 all that are neither HTML nor of the old builder."""
	if not print_format or print_format == "Standard":
		return False
	doc = frappe.get_cached_doc("Print Format", print_format)
	if MAJOR >= 16:
		return not (doc.custom_format or doc.get("print_format_builder") or doc.get("print_designer_print_format"))
	return bool(doc.get("print_format_builder_beta"))


# Mail

RECEIVES = "ops_delivery_receive_mail"  # hook: a function of a received mail and of what Frappe would do with it


def listen_to_mail() -> None:
	"""Have Frappe's InboundMail ask the hook `ops_delivery_receive_mail` around its own work, on every version, once a process.

	No version has a seam here: Frappe keeps none of a mail's headers, and what becomes of it (a record opened, a status set)
	is decided before any hook is asked. The hooks of the very site are asked; without one the mail passes as it came.
	"""
	from frappe.email.receive import InboundMail

	original = InboundMail.process
	if getattr(original, "asks_for_mail", False):
		return

	@functools.wraps(original)
	def process(self: Any, *args: Any, **kwargs: Any) -> Any:
		work: Callable[[], Any] = functools.partial(original, self, *args, **kwargs)
		for hook in frappe.get_hooks(RECEIVES):
			work = functools.partial(frappe.get_attr(hook), self, work)
		return work()

	process.asks_for_mail = True
	InboundMail.process = process


listen_to_mail()
framework_mail.ask_for_mailboxes()
