"""Files of a class that asks for it are encrypted on the disk, and readable again once it does not (8.2.c.2).

A file is written beside itself, made sure on the disk, and takes the old one's place at once: whatever stops it in between leaves the one
or the other whole. What a file is stands in the file; the database only says what is still to be done, so that a run that was killed is
simply repeated. While it is encrypted its File names no content, so that Frappe hands nobody's upload the same bytes.
"""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import secrecy
from ops_delivery.services.deliverables import file_guard, file_keys, sealed
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import in_site_language

DOCTYPE, FILE, ROW = file_guard.DOCTYPE, file_guard.FILE, file_guard.ROW
WAITING, ENCRYPTED, NOT_ALL = "Waiting", "Encrypted", "Not All Encrypted"
STATE, BESIDE, OLD_SECONDS = "files_protection", ".ops-part", 3600
JOB = "ops_delivery.services.deliverables.sealing.settle"


class Damaged(frappe.ValidationError):
	"""An encrypted file is not what was written."""


def is_wanted(doc: Any) -> bool:
	"""Whether the class of a deliverable wants its files encrypted."""
	return doc.get("status") != life.DESTROYED and secrecy.rule_of(doc.get("security_class")).encrypted


def follow(doc: Any) -> None:
	"""After a save: what is to be encrypted, or readable again, is so behind the commit."""
	if doc.status == life.DESTROYED or not (is_wanted(doc) or doc.get(STATE)):
		return
	before = doc.get_doc_before_save()
	files = sorted(row.file for row in doc.files)
	if is_wanted(doc) == (doc.get(STATE) == ENCRYPTED) and before and files == sorted(row.file for row in before.files):
		return
	if doc.get(STATE) != WAITING:
		doc.db_set(STATE, WAITING, update_modified=False)
	job_queue.enqueue_after_commit(JOB, queue="short", deliverable=doc.name)


@in_site_language
def settle(deliverable: str) -> None:
	"""Job: the files of a deliverable, of all its versions, are as its class wants them; once more, it finds nothing to do."""
	doc = frappe.get_doc(DOCTYPE, deliverable, for_update=True)
	if doc.status == life.DESTROYED:
		return
	wanted, left = is_wanted(doc), []
	for url in sorted({row.file for row in doc.files if row.file} | file_guard.of_versions(deliverable)):
		rows = frappe.get_all(FILE, {"file_url": url}, ["name", "file_name", "content_hash", "attached_to_doctype", "attached_to_name"])
		own = [row for row in rows if row.attached_to_doctype == DOCTYPE and row.attached_to_name == deliverable]
		if own and not _settle_one(doc, url, own, [row for row in rows if row not in own], wanted):
			left.append(own[0].file_name)
	state = (NOT_ALL if left else ENCRYPTED) if wanted else None
	if doc.get(STATE) != state:
		doc.db_set(STATE, state, update_modified=False)
	if left and wanted:
		_say_what_is_left(doc, left)
	frappe.db.commit()  # nosemgrep: what lies on the disk is so whatever comes next


def settle_left() -> None:
	"""Scheduled daily: what a lost job or a full disk left; each by itself."""
	encrypted = [name for name, rule in secrecy.rules().items() if rule.encrypted] or [""]
	table = frappe.qb.DocType(DOCTYPE)
	blank = table[STATE].isnull() | (table[STATE] == "")
	wants = table.security_class.isin(encrypted) & (blank | (table[STATE] != ENCRYPTED))
	unwanted = table.security_class.notin(encrypted) & ~blank
	names = frappe.qb.from_(table).select(table.name).where((table.status != life.DESTROYED) & (wants | unwanted)).orderby(table.name).run(pluck=True)
	for name in names:
		try:
			settle(name)
		except Exception:
			frappe.db.rollback()
			frappe.clear_messages()
			frappe.log_error(title=f"Ops Delivery: the files of {name} could not be encrypted or decrypted", reference_doctype=DOCTYPE, reference_name=name)
			frappe.db.commit()  # nosemgrep: each by itself


def plain(content: bytes, said: str) -> bytes:
	"""What a file says, encrypted or not. NoKey, Damaged in words; `said`: how it is called."""
	if not sealed.is_sealed(content):
		return content
	try:
		return sealed.opened(content, file_keys.all_of_site())
	except sealed.KeyLost as lost:
		frappe.log_error(title="Ops Delivery: the key of an encrypted file is not there", message=f"key {lost.key}: {said}", defer_insert=True)
		frappe.throw(
			_("{0} cannot be opened: it is encrypted by the key {1}, which is not in this site's configuration. Whoever looks after the server puts it back; without it nobody can open the file.").format(
				frappe.bold(escape_html(said)), frappe.bold(escape_html(lost.key))
			),
			file_keys.NoKey,
		)
	except sealed.Damaged as damage:
		frappe.log_error(title="Ops Delivery: an encrypted file is damaged", message=f"{said}: {damage}", defer_insert=True)
		frappe.throw(_("{0} is damaged and is not handed out. Please tell us.").format(frappe.bold(escape_html(said))), Damaged)


def rotate() -> dict[str, int]:
	"""Wrap the data keys of all encrypted files by the newest key: {done, lost}. Killed half way, it goes on where it was."""
	keys, newest, counted = file_keys.all_of_site(), file_keys.current(), {"done": 0, "lost": 0}
	for path in sealed_paths():
		content = path.read_bytes()
		try:
			if sealed.key_of(content) != newest:
				write_whole(path, sealed.rewrapped(content, newest, keys))
				counted["done"] += 1
		except (sealed.KeyLost, sealed.Damaged):
			counted["lost"] += 1
	return counted


def keys_in_use() -> dict[str, int]:
	"""How many files are encrypted by which key."""
	found: dict[str, int] = {}
	for path in sealed_paths():
		with path.open("rb") as file:
			name = sealed.key_of(file.read(sealed.LONGEST_HEAD + 64))
		found[name] = found.get(name, 0) + 1
	return found


def sealed_paths() -> list[Path]:
	"""The encrypted files on the disk, of deliverables' Files."""
	urls = frappe.get_all(FILE, {"attached_to_doctype": DOCTYPE, "file_url": ["like", "/private/files/%"]}, pluck="file_url", distinct=True, order_by="file_url")
	return [path for path in map(path_of, urls) if _is_sealed(path)]


def path_of(url: str) -> Path:
	"""Where the bytes at a private address lie."""
	return Path(frappe.get_site_path("private", "files", url.rpartition("/")[2]))


def write_whole(path: Path, content: bytes) -> None:
	"""The whole new content or the whole old one, also where the disk is full or the process is killed. OSError."""
	number, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=BESIDE)
	try:
		with os.fdopen(number, "wb") as file:
			file.write(content)
			file.flush()
			os.fsync(file.fileno())
		os.chmod(beside, path.stat().st_mode & 0o777)
		os.replace(beside, path)
	except OSError:
		Path(beside).unlink(missing_ok=True)
		raise
	folder = os.open(path.parent, os.O_RDONLY)
	try:
		os.fsync(folder)
	finally:
		os.close(folder)


def clear_beside(path: Path, older_than: int = OLD_SECONDS) -> None:
	"""Take away what a run that was killed has left beside a file."""
	for left in path.parent.glob(f".{glob.escape(path.name)}.*{BESIDE}"):
		with contextlib.suppress(OSError):
			if time.time() - left.stat().st_mtime >= older_than:
				left.unlink()


def open_all() -> int:
	"""Before the app leaves: every file readable again, as nobody else can open it; how many could not be."""
	failed = 0
	for path in sealed_paths():
		try:
			write_whole(path, sealed.opened(path.read_bytes(), file_keys.all_of_site()))
		except (sealed.KeyLost, sealed.Damaged, frappe.ValidationError):
			failed += 1
	return failed


def _settle_one(doc: Any, url: str, own: list[Any], others: list[Any], wanted: bool) -> bool:
	"""Make one file as it is wanted; whether it is."""
	path = path_of(url)
	clear_beside(path)
	if not path.exists():
		return True
	content = path.read_bytes()  # judged by what was read: another run may be at it
	if wanted:
		if not sealed.is_sealed(content):
			if others:
				return False
			# before the bytes change: no upload of the same content is given them
			_name_content(own, None)
			write_whole(path, sealed.seal(content, file_keys.current(), file_keys.all_of_site()))
		elif any(row.content_hash for row in own):
			_name_content(own, None)
		return True
	if sealed.is_sealed(content) and not any(_wants(row) for row in others):
		write_whole(path, plain(content, own[0].file_name))
	elif own[0].content_hash or sealed.is_sealed(content):
		return True
	if not _is_sealed(path):
		_name_content([*own, *others], next((row.fingerprint for row in doc.files if row.file == url), None))
	return True


def _name_content(rows: list[Any], content_hash: str | None) -> None:
	frappe.db.set_value(FILE, {"name": ["in", [row.name for row in rows]]}, "content_hash", content_hash, update_modified=False)
	frappe.db.commit()  # nosemgrep: before the disk changes


def _wants(row: Any) -> bool:
	if row.attached_to_doctype != DOCTYPE:
		return False
	found = frappe.db.get_value(DOCTYPE, row.attached_to_name, ["status", "security_class"], as_dict=True)
	return bool(found) and is_wanted(found)


def is_encrypted(content: bytes) -> bool:
	"""Whether bytes are those of an encrypted file."""
	return sealed.is_sealed(content)


def _is_sealed(path: Path) -> bool:
	try:
		with path.open("rb") as file:
			return sealed.is_sealed(file.read(len(sealed.MAGIC)))
	except OSError:
		return False


def _say_what_is_left(doc: Any, names: list[str]) -> None:
	said = escape_html(_("Not encrypted, as the same file belongs to other records, too: {0}. Upload a copy of its own here, or take it off there.").format(", ".join(map(cstr, names))))
	known = {"reference_doctype": DOCTYPE, "reference_name": doc.name, "comment_type": "Info"}
	if said not in frappe.get_all("Comment", known, pluck="content"):
		doc.add_comment("Info", said)
