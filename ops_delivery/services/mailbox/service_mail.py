"""A mail of a service mailbox as it is filed: to which record it belongs, or opens, and what is kept of it (5.3.c, 6.3.j)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.file.exceptions import MaxFileSizeReachedError
from frappe.utils import escape_html, validate_email_address

from ops_delivery.domain import mail_headers, mail_parts
from ops_delivery.services.mailbox import request_mails as mail_requests
from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.mailbox.mail_reading import MOST_PARTS, ReadMail
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared.site_time import to_site

MOST_PEOPLE = 200


class ServiceMail(ReadMail):
	"""`thread`: a record that somebody said it belongs to, or NEW for one that is to open a record of its own."""

	def __init__(
		self,
		raw: bytes,
		account: Any,
		uid: int,
		append_to: str | None,
		received: datetime,
		dated: datetime | None,
		thread: mail_threads.Reference | str | None = None,
	):
		self.ops_thread, self.ops_too_large = thread, []
		super().__init__(raw, account, uid, append_to, received, dated)

	@property
	def wanted(self) -> tuple[str, ...]:
		"""Of which record types a number in the subject is looked up."""
		return tuple(dict.fromkeys(filter(None, (self.append_to, ours.ISSUE, mail_threads.COMPLAINT))))

	def trouble(self) -> tuple[str, str] | None:
		"""(reason, details) why it cannot be filed by itself; None where it can."""
		if not self.from_email:
			return set_aside.NO_SENDER, mail_headers.decode(self.mail.get("From"))
		if self.ops_parts > MOST_PARTS:
			return set_aside.UNREADABLE, _("It has more than {0} parts.").format(MOST_PARTS)
		if self.ops_broken and not mail_parts.plain(self.html_content, 100):
			return set_aside.UNREADABLE, _("Its text is damaged.")
		return None

	def is_exist_in_system(self) -> Any:
		"""The same mail was looked for by its fingerprint; here one that Frappe took in before the mailbox was named."""
		found = super().is_exist_in_system()
		known = found and frappe.db.exists(mail_threads.LOG, {"communication": found.name, "direction": "Received"})
		return None if known else found

	def parent_email_queue(self) -> str:
		return ""

	def parent_communication(self) -> Any:
		"""The message that it answers, for the thread of messages."""
		if self._parent_communication is None:
			names = frappe.get_all(
				mail_threads.LOG,
				filters={"message_id": ["in", self.ids[:1] or [""]], "communication": ["is", "set"]},
				pluck="communication",
				order_by="creation desc",
				limit=1,
			)
			found = names and frappe.db.exists("Communication", names[0])
			self._parent_communication = frappe.get_doc("Communication", names[0]) if found else ""
		return self._parent_communication

	def reference_document(self) -> Any:
		if self._reference_document is None:
			thread = self.ops_thread if self.ops_thread else mail_threads.find(self)
			is_record = thread and thread != set_aside.NEW
			self._reference_document = frappe.get_doc(*thread) if is_record else ""
		return self._reference_document

	def _create_reference_document(self, doctype: str) -> str | None:
		if doctype not in (ours.ISSUE, mail_threads.COMPLAINT):
			return super()._create_reference_document(doctype)
		received = to_site(self.ops_received)
		doc = frappe.new_doc(doctype)
		doc.update({"subject": self.subject, "raised_by": self.from_email})
		if doctype == ours.ISSUE:
			doc.update({"email_account": self.email_account.name, "ops_channel": mail_requests.BY_MAIL})
			doc.update({"ops_received_on": received, "ops_mail_dated_on": to_site(self.ops_dated)})
			doc.update({"opening_date": received.date(), "opening_time": received.time()})
			doc.flags.ops_by_mail = True
		else:
			doc.update({"raised_by_name": self.from_real_name, "received_on": received})
		doc.flags.ignore_mandatory = True
		return doc.insert(ignore_permissions=True).name

	def save_attachments_in_doc(self, doc: Any) -> list[Any]:
		saved = []
		for attachment in self.attachments:
			try:
				if file := self._save(doc, attachment):
					saved.append(file)
			except MaxFileSizeReachedError:
				self.ops_too_large.append(attachment["fname"])
		if self.ops_too_large:
			names = ", ".join(escape_html(name) for name in self.ops_too_large)
			self.content += f"<p>{_('Not kept, as too large: {0}').format(names)}</p>"
		return saved

	def _save(self, doc: Any, attachment: dict[str, Any]) -> Any:
		"""One file. What says to be a picture and is none is kept all the same, under a name that no program opens as one."""
		name = attachment["fname"]
		for given in (name, f"{name}.bin"):
			frappe.db.savepoint("ops_mail_file")
			try:
				file = frappe.get_doc(
					{
						"doctype": "File",
						"file_name": given,
						"attached_to_doctype": doc.doctype,
						"attached_to_name": doc.name,
						"is_private": 1,
						"content": attachment["fcontent"],
					}
				)
				file.insert(ignore_permissions=True)
			except (frappe.FileAlreadyAttachedException, frappe.DuplicateEntryError):
				return None
			except MaxFileSizeReachedError:
				raise
			except Exception:
				frappe.db.rollback(save_point="ops_mail_file")
				if given != name:
					raise
				continue
			if name in self.cid_map:
				self.cid_map[file.name] = self.cid_map[name]
			return file
		return None

	def as_dict(self) -> dict[str, Any]:
		values = super().as_dict()
		for field, header in (("recipients", "To"), ("cc", "Cc"), ("bcc", "Bcc")):
			values[field] = ", ".join(map(_as_written, self._people(header))) or None
		return values

	def _people(self, header: str) -> list[tuple[str, str]]:
		"""Whom a header names, as far as the site takes them for addresses: of others it would try to make contacts."""
		people = mail_headers.people(self.mail.get_all(header, []))[:MOST_PEOPLE]
		return [(name, address) for name, address in people if validate_email_address(address)]


def _as_written(person: tuple[str, str]) -> str:
	name = person[0].replace('"', "'")
	return f'"{name}" <{person[1]}>' if name else person[1]
