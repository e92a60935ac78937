"""Who reads a text, and how it must stand for them: language and time zone (clause 6.3.f)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import frappe
from bs4 import BeautifulSoup
from frappe.utils import cstr, flt, sanitize_html
from frappe.utils.data import get_system_timezone

from ops_delivery.domain import mail_parts
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.site_time import to_utc

DEFAULT_LANGUAGE = "en"
BLOCKS = re.compile(r"(?i)<(?:br|blockquote|/(?:p|div|li|tr|h[1-6]|blockquote|pre|ul|ol|table))\b")
LINE_ENDS = re.compile(r"[\r\n]+")  # of the source: where there are blocks, they are spaces
T = TypeVar("T")
PLAIN_TAGS = frozenset(
	"a b blockquote br code dd div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre s span strong sub sup table tbody td"
	" tfoot th thead tr u ul".split()
)
WITHOUT_CONTENT = (
	"script",
	"style",
	"template",
	"svg",
	"math",
	"iframe",
	"object",
	"form",
	"select",
	"title",
)


def language_of(address: str | None, customer: str | None = None) -> str:
	"""The language of an addressee: the user's own, else the customer's, else the site's."""
	user = user_of(address)
	return (
		(user and user.language)
		or (customer and frappe.get_cached_value("Customer", customer, "language"))
		or site_language()
	)


def site_language() -> str:
	"""The language of the site itself."""
	return frappe.db.get_single_value("System Settings", "language") or DEFAULT_LANGUAGE


def zone_of(address: str | None) -> str:
	"""The time zone a user chose, else the site's."""
	user = user_of(address)
	return (user and user.time_zone) or get_system_timezone()


def user_of(address: str | None) -> frappe._dict | None:
	"""The enabled user of an e-mail address: name, language, time_zone; None where there is none."""
	email = plain(address)
	if not email:
		return None
	return frappe.db.get_value(
		"User", {"email": email, "enabled": 1}, ["name", "language", "time_zone"], as_dict=True
	)


@contextmanager
def reading(language: str, zone: str | None = None) -> Iterator[None]:
	"""Within, `_()` speaks that language and `moment` shows that zone."""
	before = frappe.local.lang, frappe.flags.ops_reader_zone
	frappe.local.lang, frappe.flags.ops_reader_zone = language, zone
	try:
		yield
	finally:
		frappe.local.lang, frappe.flags.ops_reader_zone = before


def in_site_language(function: Callable[..., T]) -> Callable[..., T]:
	"""For what runs by itself: the reasons, comments and tasks it leaves behind are in the site's language. A job speaks
	English else, and a turn of the pulse the language of whoever's request it rides on."""

	@wraps(function)
	def speaking(*args: Any, **kwargs: Any) -> T:
		with reading(site_language()):
			return function(*args, **kwargs)

	return speaking


def moment(stored: datetime | str | None, zone: str | None = None) -> str:
	"""A stored (site) datetime as the reader's clock shows it, to the minute; where that zone is not the site's, it is
	named. "" for none."""
	instant = to_utc(stored)
	if not instant:
		return ""
	site = get_system_timezone()
	zone = zone or frappe.flags.ops_reader_zone or session_zone()
	local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
	text = f"{wording.day(local)} {local:%H:%M}"
	return text if zone == site else f"{text} ({zone})"


def number(value: float | str | None, digits: int = 3) -> str:
	"""A figure as it is read: with at most that many decimal places, and none that say nothing. What is stored keeps
	all of its places."""
	text = f"{flt(value, digits):.{digits}f}"
	return text.rstrip("0").rstrip(".") if "." in text else text


def session_zone() -> str:
	"""The time zone of the user whose session it is."""
	user = frappe.session.user
	chosen = None if user == "Guest" else frappe.get_cached_value("User", user, "time_zone")
	return chosen or get_system_timezone()


def text(stored: str | None) -> str:
	"""A stored plain text as it was typed: Frappe keeps what looks like a tag escaped. To be escaped where printed."""
	return html.unescape(cstr(stored))


def plain_lines(stored: str | None) -> str:
	"""A stored rich text as plain text, each paragraph and line of it in a line of its own. To be escaped where printed."""
	source = cstr(stored)
	return mail_parts.plain(LINE_ENDS.sub(" ", source) if BLOCKS.search(source) else source, len(source))


def safe_html(stored: str | None, picture: Callable[[str], str] | None = None) -> str:
	"""A stored rich text for the customer's pages: its words and their order, but no images, styles, forms or scripts,
	so that no message can dress up as the page it stands on. `picture` gives the address of an image that may be shown (by
	the one that is stored), "" for any other."""
	soup = BeautifulSoup(sanitize_html(cstr(stored), always_sanitize=True), "html.parser")
	for tag in soup.find_all(WITHOUT_CONTENT):
		tag.decompose()
	for tag in soup.find_all(True):
		href = cstr(tag.attrs.get("href")) if tag.name == "a" else ""
		shown = picture(cstr(tag.attrs.get("src"))) if picture and tag.name == "img" else ""
		alt = cstr(tag.attrs.get("alt"))
		tag.attrs = {}
		if shown:
			tag.attrs = {"src": shown, "alt": alt, "loading": "lazy"}
			continue
		if href.startswith(("https://", "http://", "mailto:")):
			tag.attrs = {"href": href, "rel": "noopener noreferrer nofollow"}
		if tag.name not in PLAIN_TAGS:
			tag.unwrap()
	return str(soup)
