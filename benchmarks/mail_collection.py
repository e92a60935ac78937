"""A folder of mails through a real mailbox: how many are stored, doubled, lost, and what was written to the error log.

Run from a bench's sites/ folder with the bench's Python, on a site whose tests may run:
	python APP/benchmarks/mail_collection.py SITE FOLDER [--names] [--batch 200]

Every file of the folder that is not empty is laid into a mailbox of a real IMAP server (Dovecot) as it is, in batches as
mails come in; the mailbox is named as a service mailbox, and read as the scheduler reads it. No limit an hour is set, for a
collection has few senders. All is rolled back, files included, and nothing is sent but into a sink.

The run fails unless every mail is marked as read, has one line in Service Mail and is stored once: as a message, or in
the list Mails That Need a Person. "Words" are those of a mail's texts as Python's own library reads them; a mail counts as
read when nine in ten of them stand in the message, its files or the kept mail. --names says which files went which way.
"""

import argparse
import email
import re
import statistics
import sys
import time
from collections import Counter
from contextlib import contextmanager
from email import policy
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import isolation
import mail_servers
import post_office

from ops_delivery.domain import mail_headers, mail_parts
from ops_delivery.services.mailbox import mailboxes, set_aside
from ops_delivery.services.mailbox import storing as mail_storing
from ops_delivery.services.outbox import outbox as notices

LOG, KEPT = mail_storing.LOG, set_aside.DOCTYPE
READ = 0.9
WORD = re.compile(r"\w{3,}")


class NotOnce(AssertionError):
	"""A mail was lost, or stored more than once."""


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("folder", type=Path)
	parser.add_argument("--names", action="store_true")
	parser.add_argument("--batch", type=int, default=mailboxes.MOST)
	arguments = parser.parse_args()
	files = sorted(path for path in arguments.folder.rglob("*") if path.is_file() and path.stat().st_size)
	with (
		isolation.rolled_back(arguments.site),
		isolation.collected_jobs(),
		mail_servers.mailboxes() as imap,
		mail_servers.sink() as (smtp, sink),
		nothing_left(),
	):
		run = Run(post_office.PostOffice(imap, smtp, sink), files)
		for start in range(0, len(files), arguments.batch):
			run.take(files[start : start + arguments.batch])
		run.report(arguments.names)


@contextmanager
def nothing_left():
	"""Takes from the disk what was written to it meanwhile, and from the error log, which knows no rollback either."""
	files, errors = set(frappe.get_all("File", pluck="name")), set(frappe.get_all("Error Log", pluck="name"))
	try:
		yield
	finally:
		for row in frappe.get_all("File", fields=["name", "file_url"]):
			if row.name not in files and row.file_url:
				Path(frappe.get_site_path(row.file_url.strip("/"))).unlink(missing_ok=True)
		for name in set(frappe.get_all("Error Log", pluck="name")) - errors:
			frappe.db.delete("Error Log", {"name": name})


class Run:
	def __init__(self, post: post_office.PostOffice, files: list[Path]):
		self.post, self.files = post, files
		frappe.db.set_single_value("Ops Delivery Settings", "mails_per_hour", 0)
		self.box = post.service()
		self.validity = post.validity(self.box.email_id)
		self.names: dict[str, Path] = {}
		self.seconds: dict[str, float] = {}
		self.gone: list[str] = []
		self.before = self._counts()
		self.errors_before = {row.name for row in self._errors(known=())}
		self.messages_before = set(self._messages())

	def take(self, files: list[Path]) -> None:
		for path in files:
			uid = self.post.put(self.box, path.read_bytes())
			self.names[f"{self.validity}:{uid}"] = path
		store = mail_storing.store

		def timed(place, raw, internal):
			begun = time.perf_counter()
			try:
				return store(place, raw, internal)
			finally:
				self.seconds[place.uid] = time.perf_counter() - begun

		with patch.object(mail_storing, "store", timed):
			while self.post.unseen(self.box):
				known = len(self.seconds)
				self.post.receive(self.box)
				if len(self.seconds) == known:
					break
		notices.deliver()

	def report(self, names: bool) -> None:
		rows = frappe.get_all(
			LOG,
			filters={"email_account": self.box.name, "direction": "Received"},
			fields=["uid", "state", "mail_key", "communication", "reference_doctype", "reference_name"],
			order_by="creation",
		)
		of_key = {row.mail_key: row for row in rows}
		found = {uid: of_key.get(self._key(path)) for uid, path in self.names.items()}
		kinds = {uid: self._kind(row) for uid, row in found.items() if row}
		again = len(self.names) - len(of_key)
		messages = [name for name in self._messages() if name not in self.messages_before]
		kept = frappe.get_all(KEPT, {"email_account": self.box.name}, pluck="uid")
		faults = self._faults(rows, messages, kept, again)
		after = self._counts()
		times = sorted(self.seconds.values())
		print(f"mails put in      {len(self.names)}, {again} of them the same as another")
		for kind, number in sorted(Counter(kinds.values()).items()):
			print(f"{number:5} {kind}")
		print(f"requests          {after['Issue'] - self.before['Issue']}")
		print(f"error log         {len(self._errors())}")
		print(f"mails we sent     {after['Email Queue'] - self.before['Email Queue']}")
		print(f"seconds a mail    {statistics.mean(times):.3f}, median {statistics.median(times):.3f}, longest {times[-1]:.2f}")
		poor = {uid: share for uid, row in found.items() if row and (share := self._read(uid, row)) < READ}
		print(f"not read whole    {len(poor)}")
		if names:
			for uid, kind in kinds.items():
				share = f" words {poor[uid]:.0%}" if uid in poor else ""
				print(f"  {kind:28} {self.seconds.get(uid, 0):6.2f} s{share}  {self.names[uid].name}")
			for row in frappe.get_all(KEPT, {"email_account": self.box.name}, ["uid", "reason", "details"]):
				print(f"  kept: {row.reason}: {row.details}  {self.names[row.uid].name}")
			for row in self._errors():
				print(f"  error: {row.method}\n{row.error[-1500:]}")
		if faults:
			raise NotOnce("\n".join(faults))

	def _faults(self, rows, messages, kept, again) -> list[str]:
		faults = [f"not marked as read: {self.names[f'{self.validity}:{uid}'].name}" for uid in self.post.unseen(self.box)]
		stored = Counter(row.communication for row in rows if row.state == mail_storing.STORED)
		faults += [f"no message: {row.uid}" for row in rows if row.state == mail_storing.STORED and not row.communication]
		faults += [f"a message of {number} mails: {name}" for name, number in stored.items() if number > 1]
		faults += [f"a message of no mail: {name}" for name in set(messages) - set(stored)]
		for_people = [row for row in rows if row.state == mail_storing.FOR_A_PERSON]
		if len(for_people) != len(kept):
			faults.append(f"{len(for_people)} mails for a person, {len(kept)} in the list")
		dealt = {row.mail_key for row in rows}
		faults += [f"lost: {path.name}" for path in self.names.values() if self._key(path) not in dealt]
		if len(rows) + again != len(self.names):
			faults.append(f"{len(self.names)} mails, {again} the same, {len(rows)} lines in {LOG}")
		return faults

	def _key(self, path: Path) -> str:
		"""The mail's fingerprint as the server gives it back."""
		return mail_storing.fingerprint_of(self.box.name, re.sub(rb"\r\n|\r|\n", b"\r\n", path.read_bytes()))

	def _kind(self, row) -> str:
		if row.state != mail_storing.STORED:
			return row.state
		if not row.reference_name:
			return "Stored, of no record"
		kind = frappe.db.get_value("Communication", row.communication, "communication_type")
		return f"Stored, {kind}, {row.reference_doctype}"

	def _read(self, uid: str, row) -> float:
		"""Which share of a mail's words can be read where it is kept."""
		if row.state != mail_storing.STORED:
			return 1  # the mail itself is kept
		words = set(WORD.findall(words_of(self.names[uid].read_bytes())))
		message = frappe.db.get_value("Communication", row.communication, ["content", "text_content"])
		there = " ".join(filter(None, message)) + " " + mail_parts.plain(message[0] or "", 1_000_000)
		for file in frappe.get_all("File", {"attached_to_name": row.communication}, ["file_url", "file_name"]):
			path = Path(frappe.get_site_path(file.file_url.strip("/")))
			there += f" {file.file_name} "
			if not path.exists():
				self.gone.append(f"{file.file_url} of {self.names[uid].name}")
				continue
			content = path.read_bytes()
			there += mail_headers.to_text(content) + (words_of(content) if path.suffix == ".eml" else "")
		found = set(WORD.findall(there))
		return len(words & found) / len(words) if words else 1

	def _counts(self) -> dict[str, int]:
		return {doctype: frappe.db.count(doctype) for doctype in ("Issue", "Email Queue")}

	def _errors(self, known=None) -> list:
		known = self.errors_before if known is None else known
		rows = frappe.get_all("Error Log", fields=["name", "method", "error"], order_by="creation")
		return [row for row in rows if row.name not in known]

	def _messages(self) -> list[str]:
		return frappe.get_all("Communication", {"communication_medium": "Email", "sent_or_received": "Received"}, pluck="name")


def words_of(raw: bytes) -> str:
	"""The texts of a mail as Python's library reads them; "" where it does not."""
	found = []
	try:
		for part in email.message_from_bytes(raw, policy=policy.default).walk():
			if part.get_content_type() in ("text/plain", "text/html") and not part.is_multipart():
				text = part.get_content()
				found.append(mail_parts.plain(text, 1_000_000) if part.get_content_type() == "text/html" else text)
	except Exception:  # what the library does not read cannot be compared with it
		return ""
	return "\n".join(found)


if __name__ == "__main__":
	main()
