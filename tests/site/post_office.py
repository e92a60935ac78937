"""Mail the whole way: put into a real mailbox, fetched by Frappe over IMAP, sent by SMTP into a sink (mail_servers.py).

Fixture `post`: a PostOffice whose mailboxes are those of this test alone.
"""

import imaplib
import re
from datetime import datetime, timezone
from email import message_from_bytes, policy

import factories
import frappe
import mail_servers
from frappe.email.doctype.email_account import email_account as email_accounts


class PostOffice:
	"""`sent` is the sink's list of what left this site during the test."""

	def __init__(self, imap: int, smtp: int, sink):
		self.imap, self.smtp, self.sink = imap, smtp, sink
		sink.taken.clear()

	def account(self, append_to: str | None = "Issue", folders=None, known: bool = True, **values):
		"""An Email Account of service: IMAP from the mailbox of its address, SMTP into the sink. `folders` are (name, append to).

		`known`: Frappe has fetched from it before; the first time it takes the last hundred mails and marks none as read.
		"""
		address = values.pop("email_id", None) or factories.unique_email("desk")
		rows = [
			{"folder_name": name, "append_to": to, "uidvalidity": self.validity(address, name) if known else None}
			for name, to in folders or [("INBOX", append_to)]
		]
		return factories.make(
			"Email Account",
			**{
				"email_account_name": factories.unique("Post"),
				"email_id": address,
				"password": mail_servers.PASSWORD,
				"enable_incoming": 1,
				"use_imap": 1,
				"email_server": "127.0.0.1",
				"incoming_port": self.imap,
				"use_ssl": 0,
				"email_sync_option": "UNSEEN",
				"append_to": append_to,
				"imap_folder": rows,
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "127.0.0.1",
				"smtp_port": self.smtp,
				"no_smtp_authentication": 1,
				**values,
			},
		)

	def service(self, append_to: str | None = "Issue", plus: bool = False, **values):
		"""An account as `account` makes it that the administrator has named as a service mailbox."""
		account = self.account(append_to, **values)
		settings = frappe.get_doc("Ops Delivery Settings")
		settings.append("service_mailboxes", {"email_account": account.name, "plus_addresses": int(plus)})
		settings.save()
		frappe.db.commit()  # what a mail that fails takes back is its own alone
		return account

	def validity(self, address: str, folder: str = "INBOX") -> str:
		"""The UIDVALIDITY of a folder, which is made where it is not there."""
		with mail_servers.logged_in(self.imap, address) as connection:
			if folder != "INBOX":
				connection.create(folder)
			_status, said = connection.status(folder, "(UIDVALIDITY)")
		return re.search(rb"UIDVALIDITY (\d+)", said[0])[1].decode()

	def put(self, account, raw: bytes, at: datetime | None = None, folder: str = "INBOX", seen: bool = False) -> str:
		"""Lay a mail into an account's mailbox as if its server had received it then (aware; now by default). Its UID."""
		moment = imaplib.Time2Internaldate(at or datetime.now(timezone.utc))
		with mail_servers.logged_in(self.imap, account.email_id) as connection:
			status, said = connection.append(folder, "\\Seen" if seen else None, moment, raw)
			assert status == "OK", said
			return re.search(rb"APPENDUID \d+ (\d+)", said[0])[1].decode()

	def mailbox(self, account):
		"""with post.mailbox(account) as connection: its mailbox by IMAP, INBOX selected."""
		return mail_servers.logged_in(self.imap, account.email_id)

	def receive(self, account) -> list[str]:
		"""Fetch the mails of an account as Frappe's job does; the names of the Communications that came of it."""
		before = set(frappe.get_all("Communication", {"sent_or_received": "Received"}, pluck="name"))
		frappe.get_doc("Email Account", account.name).receive()
		now = frappe.get_all("Communication", {"sent_or_received": "Received"}, pluck="name", order_by="creation")
		return [name for name in now if name not in before]

	def pull(self) -> None:
		"""Fetch the mails of all accounts, as the scheduler does."""
		email_accounts.pull(now=True)

	def flags(self, account, folder: str = "INBOX") -> dict[str, set[str]]:
		"""UID to flags ("\\Seen") of every mail of a mailbox, read without changing any."""
		with mail_servers.logged_in(self.imap, account.email_id) as connection:
			connection.select(folder, readonly=True)
			_status, lines = connection.uid("fetch", "1:*", "(FLAGS)")
		found = {}
		for line in filter(None, lines):
			uid = re.search(rb"UID (\d+)", line)[1].decode()
			found[uid] = {flag.decode() for flag in imaplib.ParseFlags(line)}
		return found

	def unseen(self, account) -> list[str]:
		"""The UIDs of what is not marked as read."""
		return [uid for uid, flags in self.flags(account).items() if "\\Seen" not in flags]

	def send_all(self) -> list:
		"""Send what waits in the queue by SMTP; the new mails of the sink, parsed, oldest first."""
		before = len(self.sink.taken)
		frappe.flags.testing_email = True
		try:
			for name in frappe.get_all("Email Queue", {"status": "Not Sent"}, pluck="name", order_by="creation"):
				frappe.get_doc("Email Queue", name).send()
		finally:
			frappe.flags.testing_email = False
		return [parsed(envelope.content) for envelope in self.sink.taken[before:]]

	@property
	def sent(self) -> list:
		return self.sink.taken


def parsed(raw: bytes):
	"""A mail as a reader's program sees it."""
	return message_from_bytes(raw, policy=policy.default)
