"""Who reads an administrator's own Notification about a record of ours, by language (6.3.f); see ops_delivery/notification.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope import measured_types as record_types
from ops_delivery.services.shared import locale as reader

MODULE = "Ops Delivery"


def languages(notification: Any, doc: Any, context: dict[str, Any]) -> list[str | None]:
	"""The languages a Notification is to be rendered in; [None]: as Frappe does, where the record is none of ours."""
	if notification.flags.ops_language:
		return [notification.flags.ops_language]
	if not is_ours(doc):
		return [None]
	customer = record_types.customer_for(doc)
	found: dict[str, None] = {}
	notification.flags.ops_languages = {}
	for addresses in notification.get_list_of_recipients(doc, context):
		for address in addresses:
			language = reader.language_of(address, customer)
			notification.flags.ops_languages[address] = language
			found[language] = None
	return sorted(found) or [None]


def is_ours(doc: Any) -> bool:
	"""Whether a record is of a type of ours, or an Issue that an agreement rules."""
	if doc.doctype == "Issue":
		return ours.is_ours(doc)
	return doc.meta.module == MODULE


@contextmanager
def only(notification: Any, language: str | None) -> Iterator[None]:
	"""Within, the Notification has the addressees of that language alone."""
	before = notification.flags.ops_language
	notification.flags.ops_language = language
	try:
		yield
	finally:
		notification.flags.ops_language = before


def kept(notification: Any, found: tuple[list[str], ...]) -> tuple[list[str], ...]:
	"""Of the addressees those of the language that is being rendered."""
	language = notification.flags.ops_language
	if not language:
		return found
	by_address = notification.flags.ops_languages or {}
	return tuple([one for one in addresses if by_address.get(one) == language] for addresses in found)
