"""Monitoring Sources: who may speak for which objects, by which token, and what came of it (6.2.b.4, 6.2.b.5).

A token is shown once. Of it are kept its first part, by which the source is found, and, where Frappe keeps passwords and no list,
form, report or REST reads, the SHA-256 of the whole.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_fullname, password

from ops_delivery.permissions.ownership import is_staff, lost_access
from ops_delivery.services.monitoring import metrics, silence
from ops_delivery.services.outbox import waking
from ops_delivery.services.shared import bulk, site_time

DOCTYPE, MANUAL = "Monitoring Source", "Operation Manual"
PREFIX, HINT, LONGEST_TOKEN = "ops", 4, 200
NOBODY = hashlib.sha256(b"").hexdigest()
SAID_LENGTH = 500
HASH = "token_hash"  # no field of the DocType: it stands among Frappe's passwords alone


class NotPossible(frappe.ValidationError):
	"""A source says something that cannot be."""


def validate(doc) -> None:
	"""The rules of a source, whatever way it is saved. NotPossible names field, value and the way out."""
	if doc.time_zone and doc.time_zone not in available_timezones():
		_refuse(doc, "time_zone", _("There is no time zone {0}. Choose one from the list.").format(_bold(doc.time_zone)))
	manual = doc.manual and frappe.db.get_value(MANUAL, doc.manual, ["customer", "status", "published_version"], as_dict=True)
	if manual and manual.customer and manual.customer != doc.customer:
		_refuse(doc, "manual", _("{0} is another customer's. Choose one of this customer, or one for all.").format(_bold(doc.manual)))
	if manual and (not manual.published_version or manual.status == "Retired"):
		_refuse(doc, "manual", _("{0} is not published. Choose a published manual.").format(_bold(doc.manual)))
	before = doc.get_doc_before_save()
	if not before and not doc.keeper and is_staff(doc.owner or frappe.session.user):
		doc.keeper = doc.owner or frappe.session.user
	if doc.keeper and (not before or before.keeper != doc.keeper) and (not is_staff(doc.keeper) or lost_access(doc.keeper)):
		_refuse(doc, "keeper", _("{0} does not work on the desk. Choose one of the supplier's people.").format(_bold(get_fullname(doc.keeper))))
	silence.expected(doc, before)
	metrics.resolve(doc)
	_refuse_twice(doc, "objects", "service_object")
	_refuse_twice(doc, "severities", "severity")
	for row in doc.objects:
		row.object_name = frappe.get_cached_value("Service Object", row.service_object, "object_name")


def new_token(name: str) -> str:
	"""Make a token, which is shown now and never again; the one before it stops at once."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	first = doc.token_id or secrets.token_hex(6)  # stays: who uses the former token is known by it
	token = f"{PREFIX}-{first}-{secrets.token_urlsafe(32)}"
	_note(
		name,
		token_id=first,
		token_hint=f"…{token[-HINT:]}",
		token_made_on=site_time.site_now(),
	)
	password.set_encrypted_password(DOCTYPE, name, _digest(token), HASH)
	waking.wake()
	doc.add_comment("Info", _("Made a new token"))
	return token


def by_token(token: str) -> tuple[str | None, bool]:
	"""(the source that a token was made for, whether it is its token now). Compared in constant time.

	A source is named for a token that is none any more, too, so that its form can say that somebody still uses it.
	"""
	parts = token[:LONGEST_TOKEN].split("-", 2)
	name = None
	if len(parts) == 3 and parts[0] == PREFIX:
		name = frappe.db.get_value(DOCTYPE, {"token_id": parts[1]}, "name")
	is_right = hmac.compare_digest(_digest(token), _hash_of(name) or NOBODY)
	return name, bool(name) and is_right


def _hash_of(name: str | None) -> str:
	"""The hash of a source's token; "" where it has none, or none that can be read: the site's encryption key was changed."""
	try:
		return cstr(password.get_decrypted_password(DOCTYPE, name, HASH, raise_exception=False)) if name else ""
	except frappe.ValidationError:
		frappe.clear_last_message()
		return ""


def locked(name: str):
	"""The source, locked until this request has ended: its messages are worked off one after another. Within
	framework.reading_committed, so that what is read from then on is what the one before has committed."""
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def zone_of(source) -> ZoneInfo:
	"""The zone of times without an offset."""
	return ZoneInfo(source.time_zone) if source.time_zone else site_time.site_zone()


def heard(source: Any, said: str, readings: bool) -> None:
	"""Note when a source, locked by the caller, was last heard from and what came of it (plain text)."""
	waking.wake()  # from now on its silence is looked for
	_note(source.name, last_heard_on=site_time.site_now(), last_said=said[:SAID_LENGTH], **silence.heard(source, readings))


def refused(name: str, why: str) -> None:
	"""Note on the form why it was refused (plain text)."""
	_note(name, last_refused_on=site_time.site_now(), last_refusal=why[:SAID_LENGTH])


def _note(name: str, **values) -> None:
	frappe.db.set_value(DOCTYPE, name, bulk.as_saved(DOCTYPE, values), update_modified=False)


def _digest(token: str) -> str:
	return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_twice(doc, table: str, column: str) -> None:
	seen = set()
	for row in doc.get(table):
		value = cstr(row.get(column)).strip().casefold()
		if value in seen:
			_refuse(doc, table, _("Row {0}: {1} is there twice. Take one out.").format(row.idx, _bold(row.get(column))))
		seen.add(value)


def _bold(value: str) -> str:
	return frappe.bold(escape_html(cstr(value)[:140]))


def _refuse(doc, fieldname: str, text: str) -> None:
	frappe.throw(f"{frappe.bold(_(doc.meta.get_label(fieldname), context=DOCTYPE))}: {text}", NotPossible)
