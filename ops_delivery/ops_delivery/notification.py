"""Frappe's Notification, as far as records of ours are concerned: each addressee reads their own language (6.3.f).

Frappe renders a Notification once, in the language of whoever saved the record. Where its addressees read several languages
it is rendered once for each; where they read one, it is that one. Key points are told by services/outbox/sending.py.
"""

from typing import Any

import frappe
from frappe.email.doctype.notification.notification import Notification

from ops_delivery.services.outbox import notification_readers as readers_of
from ops_delivery.services.shared import locale as reader


class ReadersLanguage:
	"""Mixed into Notification, whatever class another app has for it (extend_doctype_class of Frappe 16)."""

	def send_an_email(self, doc: Any, context: dict[str, Any]) -> None:
		for language in readers_of.languages(self, doc, context):
			with readers_of.only(self, language), reader.reading(language or frappe.local.lang):
				super().send_an_email(doc, context)

	def create_system_notification(self, doc: Any, context: dict[str, Any]) -> None:
		for language in readers_of.languages(self, doc, context):
			with readers_of.only(self, language), reader.reading(language or frappe.local.lang):
				super().create_system_notification(doc, context)

	def get_list_of_recipients(self, doc: Any, context: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
		return readers_of.kept(self, super().get_list_of_recipients(doc, context))


class ReadersNotification(ReadersLanguage, Notification):
	"""override_doctype_class of Notification, on Frappe 15."""
