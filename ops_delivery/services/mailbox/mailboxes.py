"""The service mailboxes: those an administrator named are read one mail at a time; all others stay Frappe's (5.3.c).

Frappe fetches a batch, marks it as read and then stores it: one mail that cannot be read takes the others with it. Here each
mail is fetched, stored and committed by itself, and only then marked as read. What came before a crash is known by its
fingerprint and its number in the mailbox (Service Mail), so that nothing is lost and nothing stored twice.
"""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime

from ops_delivery.permissions import switches
from ops_delivery.services.mailbox import storing as mail_storing
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared.site_time import UTC, site_now

SETTINGS, ROW, ACCOUNT = "Ops Delivery Settings", "Service Mailbox", "Email Account"
MOST = 200  # mails of one mailbox in one run
RUN_SECONDS = 150  # Frappe's job has 300, and the last mail begun may take long
SILENT_HOURS = 3


class NotForService(frappe.ValidationError):
	"""A mailbox was named that cannot be read one mail at a time."""


def named(account: str) -> frappe._dict | None:
	"""The line of the settings that names a mailbox; None for all that stay Frappe's. No query once it is warm."""
	rows = frappe.get_cached_doc(SETTINGS).get("service_mailboxes") or ()
	return next((row for row in rows if row.email_account == account), None)


def check_settings(settings: Any) -> None:
	"""In a save of the settings: each mailbox once, and read by IMAP, as POP3 deletes what it hands out."""
	seen: set[str] = set()
	for row in settings.get("service_mailboxes") or ():
		if row.email_account in seen:
			frappe.throw(
				_("Service mailboxes: {0} stands there twice. Remove row {1}.").format(
					frappe.bold(escape_html(row.email_account)), row.idx
				),
				NotForService,
			)
		seen.add(row.email_account)
		facts = frappe.db.get_value(ACCOUNT, row.email_account, ["use_imap", "enable_incoming"], as_dict=True)
		if facts and not (facts.use_imap and facts.enable_incoming):
			frappe.throw(
				_(
					"Service mailboxes: {0} is not read by IMAP. Tick Enable Incoming and Use IMAP in its Email Account, or remove row {1}."
				).format(frappe.bold(escape_html(row.email_account)), row.idx),
				NotForService,
			)


def receive(account: Any, theirs: Callable[[], Any]) -> Any:
	"""Hook `ops_delivery_fetch_mail`: read a service mailbox as described above; any other as Frappe does."""
	box = named(account.name)
	if not box or not account.use_imap:
		return incoming.read_watched(account, theirs)
	if not account.enable_incoming:
		return None
	server = account.get_incoming_server(in_receive=True, email_sync_rule=account.build_email_sync_rule())
	connection = getattr(server, "imap", None)
	if connection is None or connection.state not in ("AUTH", "SELECTED"):
		return None  # Frappe has noted why
	begun = site_now()
	try:
		read = [_read_folder(account, connection, row, time.monotonic() + RUN_SECONDS) for row in account.imap_folder]
		if all(read):
			_note_read(account, box, begun)
	except (imaplib.IMAP4.error, OSError):
		frappe.db.rollback()
		account.log_error(title=_("The mailbox {0} could not be read to its end").format(account.name))
		frappe.db.commit()
	finally:
		_log_out(connection)
	return None


def unread() -> list[tuple[str, datetime | None]]:
	"""The service mailboxes that nobody has read for SILENT_HOURS, with when they were read last. For the health."""
	bound = site_now().timestamp() - SILENT_HOURS * 3600
	rows = frappe.get_all(
		ROW,
		filters={"parent": SETTINGS, "parenttype": SETTINGS},
		fields=["email_account", "last_read_on", "creation"],
		order_by="idx",
	)
	found = []
	for row in rows:
		since = get_datetime(row.last_read_on or row.creation)
		if since.timestamp() < bound:
			found.append((row.email_account, row.last_read_on))
	return found


def not_named() -> list[str]:
	"""Mailboxes read by IMAP whose mails become requests or complaints, and that Frappe reads in batches. For advice."""
	if not switches.now().measuring:
		return []
	rows = frappe.get_all(
		"IMAP Folder",
		filters={"append_to": ["in", [ours.ISSUE, "Service Complaint"]], "parenttype": ACCOUNT},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	wanted = [name for name in rows if not named(name)]
	return frappe.get_all(
		ACCOUNT,
		filters={"name": ["in", wanted or [""]], "enable_incoming": 1, "use_imap": 1},
		pluck="name",
		order_by="name",
	)


# Parts


def _read_folder(account: Any, connection: Any, folder: Any, end: float) -> bool:
	"""Take in what is new in one folder; whether it could be opened."""
	status, said = connection.select(f'"{folder.folder_name}"')
	if status != "OK":
		account.log_error(
			title=_("The folder {0} of the mailbox {1} cannot be opened").format(folder.folder_name, account.name),
			message=cstr(said),
		)
		frappe.db.commit()
		return False
	validity = _number(connection.response("UIDVALIDITY")[1])
	marks = (account.email_sync_option or "UNSEEN") == "UNSEEN"
	uids = _new_uids(account, connection, folder, validity, marks)[:MOST]
	known = mail_storing.known(account.name, folder.folder_name, [f"{validity}:{uid}" for uid in uids])
	facts = _facts(connection, [uid for uid in uids if f"{validity}:{uid}" not in known])
	for uid in uids:
		if time.monotonic() > end:
			break
		place = mail_storing.Place(account, folder.folder_name, folder.append_to, f"{validity}:{uid}", cint(uid))
		state = known.get(place.uid)
		if state is None:
			size, internal = facts.get(uid, (0, None))
			if size > mail_storing.most_bytes():
				state = mail_storing.refuse(place, _fetched(connection, uid, "BODY.PEEK[HEADER]"), size, internal)
			elif raw := _fetched(connection, uid, "BODY.PEEK[]"):
				state = mail_storing.store(place, raw, internal)
		if marks and state in mail_storing.KEPT:
			connection.uid("STORE", uid, "+FLAGS", "(\\Seen)")
	return True


def _new_uids(account: Any, connection: Any, folder: Any, validity: str, marks: bool) -> list[str]:
	"""The numbers of the mails to look at, oldest first."""
	if marks:
		return _searched(connection, "UNSEEN")
	last = mail_storing.last_uid(account.name, folder.folder_name, validity)
	if last is None:
		return _searched(connection, "ALL")[-(cint(account.initial_sync_count) or 100) :]
	# the range n:* has the last mail in it even where that is older than n
	return [uid for uid in _searched(connection, f"UID {last + 1}:*") if int(uid) > last]


def _searched(connection: Any, what: str) -> list[str]:
	_status, found = connection.uid("SEARCH", None, what)
	return sorted((found[0] or b"").decode().split(), key=int) if found else []


def _facts(connection: Any, uids: list[str]) -> dict[str, tuple[int, datetime | None]]:
	"""Size and internal date of mails, in one question to the server."""
	if not uids:
		return {}
	_status, lines = connection.uid("FETCH", ",".join(uids), "(RFC822.SIZE INTERNALDATE)")
	found = {}
	for line in _lines(lines):
		uid = re.search(rb"UID (\d+)", line)
		size = re.search(rb"RFC822\.SIZE (\d+)", line)
		if uid:
			found[uid[1].decode()] = (int(size[1]) if size else 0, _internal_date(line))
	return found


def _internal_date(line: bytes) -> datetime | None:
	at = imaplib.Internaldate2tuple(line)
	return datetime.fromtimestamp(time.mktime(at), UTC) if at else None


def _fetched(connection: Any, uid: str, what: str) -> bytes:
	_status, parts = connection.uid("FETCH", uid, f"({what})")
	return next((part[1] for part in parts or () if isinstance(part, tuple)), b"")


def _lines(parts: Any) -> Iterator[bytes]:
	for part in parts or ():
		yield part[0] if isinstance(part, tuple) else (part or b"")


def _number(parts: Any) -> str:
	match = re.search(rb"\d+", next((part for part in parts or () if part), b""))
	return match[0].decode() if match else "0"


def _note_read(account: Any, box: Any, begun: datetime) -> None:
	frappe.db.set_value(ROW, box.name, "last_read_on", site_now(), update_modified=False)
	if account.no_failed:
		account.db_set("no_failed", 0, update_modified=False)
	frappe.db.commit()
	incoming.note_read(account.name, begun)


def _log_out(connection: Any) -> None:
	try:
		connection.logout()
	except (imaplib.IMAP4.error, OSError):
		pass
