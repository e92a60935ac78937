"""Signed links: someone who has no log-in does one thing with one record (clauses 6.3.g, 6.3.j).

Their pages stand on `services/portal/link_page.py`.

A link carries what it is for, the record, the addressee, a round and its last day, sealed with HMAC-SHA256. The key is
derived from the site's encryption key and differs by purpose, so a seal made for one purpose is worth nothing for
another. Nothing is stored and nothing may be logged: a link is used up when the record's state says so, not by a list
of used links.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, escape_html, get_url, getdate, nowdate
from frappe.utils.password import get_encryption_key

from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.shared import link_throttle as guesses
from ops_delivery.services.shared import number_bounds as bounds

VERSION = 1
CONTEXT = b"ops_delivery signed link 1:"
MAX_LENGTH = 2000


class InvalidLink(frappe.ValidationError):
	"""The link was not made by this site for this purpose, or was damaged on its way."""

	http_status_code = 403


class ExpiredLink(InvalidLink):
	"""The link was right, but its last day has passed."""

	http_status_code = 410


@dataclass(frozen=True)
class Link:
	"""What a sealed link says. Its seal is right; whether the record still waits for it, the record says."""

	purpose: str
	doctype: str
	name: str
	party: str
	round: int
	expires_on: date


def make(
	purpose: str, doctype: str, name: str, party: str, round: int = 1, expires_on: date | str | None = None
) -> str:
	"""A URL-safe token for one party (an e-mail address) and one record. Valid through `expires_on` (site's date);
	without it for as many days from today as Ops Delivery Settings say."""
	last_day = getdate(expires_on) if expires_on else default_expiry()
	body = json.dumps(
		[VERSION, purpose, doctype, name, party, int(round), last_day.isoformat()],
		ensure_ascii=False,
		separators=(",", ":"),
	).encode()
	return f"{_encode(body)}.{_encode(_seal(purpose, body))}"


def read(token: str, purpose: str) -> Link:
	"""What a token says. InvalidLink if it was not sealed here for this purpose; ExpiredLink after its last day.

	Wrong tokens are counted by the caller's address; guesses.TooManyGuesses while it has to wait.
	"""
	guesses.refuse_if_waiting()
	link = _opened(token, purpose)
	if not link:
		if token:  # nothing is no guess
			guesses.count()
		raise InvalidLink(_not_valid())
	if link.expires_on < getdate(nowdate()):
		raise ExpiredLink(_("This link has expired. Ask your service desk for a new one, or log in."))
	return link


def refuse_who_left(party: str, customer: str | None) -> None:
	"""InvalidLink where the addressee does not act for the record's customer any more."""
	if ownership.has_left(party, customer):
		raise InvalidLink(
			_(
				"This link is not valid any more: whoever it was sent to does not answer for this customer now. A colleague can log in, or ask your service desk for a new mail."
			)
		)


def refuse_another_log_in(party: str) -> None:
	"""InvalidLink where whoever acts by a link is logged in as somebody else than its addressee: a link that was passed on
	does nothing in a third person's hands that they would not have to take it for."""
	user = frappe.session.user
	if user == ownership.GUEST or plain(party) in ownership.addresses_of(user):
		return
	raise InvalidLink(
		_(
			"You are logged in as {0}, and this link was sent to somebody else. Log out if it was sent to you, or answer on your own pages."
		).format(frappe.bold(escape_html(frappe.utils.get_fullname(user))))
	)


def url(path: str, token: str) -> str:
	"""The address of a page with the token, as it stands in a mail: after the #, so no server or log ever sees it."""
	return get_url(f"/{path.strip('/')}#{token}")


def default_expiry() -> date:
	"""The last day of a link that is made today."""
	return getdate(add_days(nowdate(), bounds.setting("link_days")))


def _not_valid() -> str:
	return _("This link is not valid. Open it from the mail once more, whole and unchanged, or log in.")


def _opened(token: str, purpose: str) -> Link | None:
	"""What a token says; None if it was not sealed here for this purpose."""
	try:
		body, seal = _split(token)
		if not hmac.compare_digest(_seal(purpose, body), seal):
			return None
		version, said, doctype, name, party, round_, last_day = json.loads(body)
		link = Link(said, doctype, name, party, int(round_), date.fromisoformat(last_day))
	except (ValueError, TypeError):
		return None
	return link if version == VERSION and link.purpose == purpose else None


def _seal(purpose: str, body: bytes) -> bytes:
	key = hmac.new(get_encryption_key().encode(), CONTEXT + purpose.encode(), hashlib.sha256).digest()
	return hmac.new(key, body, hashlib.sha256).digest()


def _split(token: str) -> tuple[bytes, bytes]:
	if not isinstance(token, str) or len(token) > MAX_LENGTH or token.count(".") != 1:
		raise ValueError("not two parts")
	body, seal = (_decode(part) for part in token.split("."))
	return body, seal


def _encode(data: bytes) -> str:
	return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
	raw = text.encode("ascii")
	data = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
	if _encode(data) != text:  # one token has one spelling
		raise ValueError("not canonical")
	return data
