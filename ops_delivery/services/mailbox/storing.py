"""One mail of a service mailbox: stored with what follows from it in one transaction, or kept for a person (5.3.c)."""

from __future__ import annotations

import email
import hashlib
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.email.receive import SentEmailInInboxError
from frappe.utils import cint, strip_html
from frappe.utils.safe_exec import SERVER_SCRIPT_FILE_PREFIX
from rq.timeouts import BaseTimeoutException

from ops_delivery.domain import mail_headers, mail_kinds, mail_parts
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.mailbox import loop_guard, set_aside
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.mailbox.service_mail import ServiceMail
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.locale import language_of, reading
from ops_delivery.services.shared.site_time import to_site, utc_now

LOG = mail_threads.LOG
STORED, FOR_A_PERSON, REFUSED, OUR_OWN = "Stored", "For a Person", "Refused", "Our Own"
KEPT = frozenset({STORED, FOR_A_PERSON, OUR_OWN})  # of these nothing is lost where the mailbox loses them
TRIES = 3  # a mail that ended the process so often is not tried once more
TRIES_KEY = "ops_delivery_mail_tries"
MEGABYTE = 1024 * 1024
# the database was busy or away: the same mail comes again with the next look
PASSING = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


@dataclass(frozen=True)
class Place:
	"""Where a mail lies: the Email Account, the folder, what its mails become, its number (with the folder's validity)."""

	account: Any
	folder: str
	append_to: str | None
	uid: str
	number: int


def most_bytes() -> int:
	"""How large a mail may be: a file of the largest size that the site takes, as mails carry it, and its text."""
	from frappe.core.api.file import get_max_file_size

	return get_max_file_size() * 4 // 3 + 2 * MEGABYTE


def known(account: str, folder: str, uids: list[str]) -> dict[str, str]:
	"""Which of the mails of a folder were dealt with already: number -> what became of it. One query."""
	if not uids:
		return {}
	rows = frappe.get_all(
		LOG,
		filters={"email_account": account, "folder": folder, "uid": ["in", uids]},
		fields=["uid", "state"],
		order_by="creation",
	)
	return {row.uid: row.state for row in rows}


def last_uid(account: str, folder: str, validity: str) -> int | None:
	"""The highest number that was dealt with in a folder; None where none was."""
	rows = frappe.get_all(
		LOG,
		filters={"email_account": account, "folder": folder, "uid": ["like", f"{validity}:%"]},
		pluck="uid",
		order_by="creation desc",
		limit=MOST_OUT_OF_ORDER,
	)
	return max((int(uid.partition(":")[2]) for uid in rows), default=None)


MOST_OUT_OF_ORDER = 50


def store(place: Place, raw: bytes, internal: datetime | None) -> str | None:
	"""Store a mail and commit; what became of it (its state), None where it has to be tried again later."""
	fingerprint = fingerprint_of(place.account.name, raw)
	received, dated = moments(raw, internal)
	try:
		if before := _seen_before(place, fingerprint):
			return before
		if _tries(fingerprint) > TRIES:
			raise RuntimeError(_("It ended the process that read it {0} times.").format(TRIES))
		state = _filed(place, raw, fingerprint, received, dated)
		frappe.db.commit()
		_forget_tries(fingerprint)
		return state
	except PASSING:
		frappe.db.rollback()
		_forget_tries(fingerprint)
		return None
	except Exception as error:
		frappe.db.rollback()
		state = _kept_for_a_person(place, raw, fingerprint, received, dated, error)
		if isinstance(error, BaseTimeoutException):
			raise  # the job's time is over; the mail does not hold up the next one
		return state


def fingerprint_of(account: str, raw: bytes) -> str:
	"""By which a mail of a mailbox is known wherever it is fetched."""
	return hashlib.sha256(f"{account}|{mail_parts.identity(raw)}".encode()).hexdigest()


def refuse(place: Place, head: bytes, size: int, internal: datetime | None) -> str | None:
	"""A mail that is too large to take: its sender is told how to send it, a person sees it. It stays unread."""
	received, dated = moments(head, internal)
	try:
		note(place, None, REFUSED, received, dated)
		tell_too_large(place, head, size, received, dated)
		frappe.db.commit()
		return REFUSED
	except Exception:
		frappe.db.rollback()
		place.account.log_error(title=_("A mail that is too large could not be refused"))
		frappe.db.commit()
		return None


def tell_too_large(place: Any, head: bytes, size: int, received: datetime, dated: datetime | None) -> None:
	"""Keep the head of a mail that is too large, and tell its sender how to send it; a machine is not answered."""
	megabytes = most_bytes() * 3 // 4 // MEGABYTE
	details = _("{0} MB. It lies unread in the mailbox.").format(round(size / MEGABYTE))
	set_aside.keep(place, head, set_aside.TOO_LARGE, details, received, dated)
	_name, address = set_aside.sender(head)
	if not address or mail_kinds.is_automatic(parsed(head)) or address == plain(place.account.email_id):
		return
	subject = mail_headers.first(head, "Subject") or _("No Subject")
	with reading(language_of(address)):
		mail.queue(
			"".join(
				f"<p>{line}</p>"
				for line in (
					_("Your mail of {0} MB did not reach us: we take mails of up to {1} MB.").format(
						round(size / MEGABYTE), megabytes
					),
					_(
						"Please send us your words without the large files: answer this mail. Then send the files in several mails, as smaller pictures, or on your request's page."
					),
				)
			),
			recipients=[address],
			sender=place.account.email_id,
			subject=_("Not received, as too large: {0}").format(subject),
			in_reply_to=next(iter(mail_headers.message_ids(mail_headers.first(head, "Message-ID"))), None),
			add_unsubscribe_link=0,
			header=None,
		)


def moments(raw: bytes, internal: datetime | None) -> tuple[datetime, datetime | None]:
	"""(from when a mail counts as received, the date it bears), instants."""
	dated = mail_parts.dated(mail_headers.first(raw, "Date"))
	return mail_parts.received_at(internal, dated, utc_now()), dated


def _seen_before(place: Place, fingerprint: str) -> str | None:
	"""What became of the same mail before: by another number, in another folder, or before a crash."""
	found = frappe.db.get_value(LOG, {"mail_key": fingerprint}, ["name", "state"], as_dict=True)
	if not found:
		return None
	frappe.db.set_value(LOG, found.name, {"uid": place.uid, "folder": place.folder}, update_modified=False)
	frappe.db.commit()
	return found.state


def _filed(place: Place, raw: bytes, fingerprint: str, received: datetime, dated: datetime | None) -> str:
	mail = ServiceMail(raw, place.account, place.number, place.append_to, received, dated)
	row = note(place, fingerprint, STORED, received, dated, mail)
	if trouble := mail.trouble():
		return _aside(place, row, mail, *trouble)
	try:
		communication = mail.process()
	except mail_threads.NoPart as stranger:
		return _aside(place, row, mail, set_aside.STRANGER, "", stranger.reference)
	except loop_guard.TooMany:
		return _aside(place, row, mail, set_aside.TOO_MANY, "")
	except SentEmailInInboxError:
		row.db_set("state", OUR_OWN, update_modified=False)
		return OUR_OWN
	row.db_set(
		{
			"communication": communication.name,
			"reference_doctype": communication.reference_doctype,
			"reference_name": communication.reference_name,
		},
		update_modified=False,
	)
	_tell(place.account, mail, communication)
	return STORED


def _aside(place: Place, row: Any, mail: ServiceMail, reason: str, details: str, reference=None) -> str:
	set_aside.keep(place, mail.raw_message, reason, details, mail.ops_received, mail.ops_dated, reference)
	values = {"state": FOR_A_PERSON}
	if reference:
		values |= {"reference_doctype": reference[0], "reference_name": reference[1]}
	row.db_set(values, update_modified=False)
	return FOR_A_PERSON


def _tell(account: Any, mail: ServiceMail, communication: Any) -> None:
	"""What Frappe sends because of a mail that came. Where that cannot be queued, the mail stays stored."""
	if not mail.flags.is_new_communication:
		return
	frappe.db.savepoint("ops_mail_told")
	try:
		if account.enable_auto_reply:
			account.send_auto_reply(communication, mail)
		communication.send_email(is_inbound_mail_communcation=True)
	except Exception:
		frappe.db.rollback(save_point="ops_mail_told")
		communication.log_error(title=_("Nobody could be told of a mail that came in"))


def _kept_for_a_person(place, raw, fingerprint, received, dated, error) -> str | None:
	trace = frappe.get_traceback(with_context=False)
	try:
		note(place, fingerprint, FOR_A_PERSON, received, dated)
		details = f"{type(error).__name__}: {strip_html(str(error))}"[:500]
		set_aside.keep(place, raw, _why(error), details, received, dated)
		place.account.log_error(title=_("A mail could not be read"), message=trace)
		frappe.db.commit()
		_forget_tries(fingerprint)
		return FOR_A_PERSON
	except Exception:
		frappe.db.rollback()
		frappe.logger("ops_delivery").error("a mail could be neither stored nor kept", exc_info=True)
		return None


def _why(error: Exception) -> str:
	"""A mail that could not be read is the writer's matter; what a rule or a script of the site stops is the administrator's."""
	in_a_script = any(
		frame.f_code.co_filename.startswith(SERVER_SCRIPT_FILE_PREFIX)
		for frame, _line in traceback.walk_tb(error.__traceback__)
	)
	return set_aside.NOT_SAVED if in_a_script or isinstance(error, frappe.ValidationError) else set_aside.UNREADABLE


def note(place: Place, fingerprint: str | None, state: str, received, dated, mail: ServiceMail | None = None) -> Any:
	"""The line of the log, before anything else: two that read the same mail at once meet here."""
	row = frappe.new_doc(LOG)
	row.update(
		{
			"name": frappe.generate_hash(length=16),
			"direction": "Received",
			"state": state,
			"email_account": place.account.name,
			"folder": place.folder,
			"uid": place.uid,
			"mail_key": fingerprint,
			"message_id": mail.message_id[:255] if mail else None,
			"received_on": to_site(received),
			"dated_on": to_site(dated),
		}
	)
	bulk.insert_row(row)
	return row


def _tries(fingerprint: str) -> int:
	"""How often this mail was begun and neither stored nor kept: the process ended in the midst of it."""
	tried = cint(frappe.cache.hget(TRIES_KEY, fingerprint)) + 1
	frappe.cache.hset(TRIES_KEY, fingerprint, tried)
	return tried


def _forget_tries(fingerprint: str) -> None:
	frappe.cache.hdel(TRIES_KEY, fingerprint)


def parsed(raw: bytes) -> Any:
	"""A mail as far as the library reads it, its headers as text."""
	return mail_headers.heal(email.message_from_bytes(raw))
