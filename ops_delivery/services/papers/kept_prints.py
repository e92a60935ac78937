"""PDFs of finished documents are made once and kept (8.4.b.1): by what they say, not by when they were made.

A page stands when its document is finished (submitted, approved, signed, closed) and bears no mark: it then names its
version and fingerprint in place of who printed it when (services/papers/paper.py). Its key is the SHA-256 of the document's
canonical content and version together with the page as this reader gets it: print format, language, letter head, time
zone, what the reader may see. So whoever gets a kept PDF has just been given every word of it, and another print format
is another key. Drafts, withdrawn documents and forms for a pen are never kept.

They lie below the site's private folder but outside of its files: there is no File of them, no list, no address. They go
with their record, when it is renamed, cancelled or opened again, when nobody printed them for the days that the settings
say, and with the app.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any

import frappe
from frappe.utils import cint, cstr

from ops_delivery.printing import weasy
from ops_delivery.services.papers import paper as printed
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import number_bounds as bounds

MOST = 24  # of one record: languages, formats, readers, and what was progress on its pages
DAYS = "print_days"
ABOUT = "record.json"
_NAMED = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']|url\(\s*["']?([^"')]+)""")


def key(doc: Any, page: str, css: str = "") -> str:
	"""What a finished document's page is kept by."""
	return versions.fingerprint(
		versions.canonical(
			{
				"doctype": doc.doctype,
				"name": doc.name,
				"version": cint(doc.get("version")) or 1,
				"phase": cstr(doc.get("status")),
				"content": content_hash(doc),
				"language": frappe.local.lang,
				"page": "\n".join(weasy.apart(page, css)),
				"files": _files(page, (doc.doctype, doc.name)),
			}
		)
	)


def any_of(doc: Any) -> bool:
	"""Whether anything is kept of a document."""
	return _folder(doc.doctype, doc.name).is_dir()


def read(doc: Any, key: str) -> bytes | None:
	"""The PDF that is kept by a key; None where there is none, or where it is not whole."""
	path = _folder(doc.doctype, doc.name) / f"{key}.pdf"
	try:
		content = path.read_bytes()
		os.utime(path)  # it was wanted
	except OSError:
		return None
	return content if content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF") else None


def keep(doc: Any, key: str, content: bytes) -> None:
	"""Keep a PDF, unless the settings say that none are kept. Where the disk says no, it is not kept."""
	if _days() <= 0:
		return
	folder = _folder(doc.doctype, doc.name)
	try:
		folder.mkdir(mode=0o700, parents=True, exist_ok=True)
		_write(folder / ABOUT, json.dumps([doc.doctype, doc.name]).encode())
		_write(folder / f"{key}.pdf", content)
		for path in sorted(folder.glob("*.pdf"), key=_used)[:-MOST]:
			path.unlink(missing_ok=True)
	except OSError:
		frappe.logger("ops_delivery").warning("a printed document could not be kept", exc_info=True)


def forget(doctype: str, name: str) -> None:
	"""Drop what is kept of a record."""
	shutil.rmtree(_folder(doctype, name), ignore_errors=True)


def forget_all() -> None:
	"""Drop everything that is kept on this site."""
	shutil.rmtree(_root().parent, ignore_errors=True)


# doc_events and the scheduler


def on_trash(doc: Any, _method: str | None = None) -> None:
	"""The record is destroyed, or cancelled: nothing of it stays."""
	forget(doc.doctype, doc.name)


def after_rename(doc: Any, _method: str | None, old: str, *_new: Any) -> None:
	"""What is kept bears the old name."""
	forget(doc.doctype, old)


def on_update(doc: Any, _method: str | None = None) -> None:
	"""A document that is open again is not finished any more."""
	if not printed.stands(doc):
		forget(doc.doctype, doc.name)


def after_deletion_request(request: Any, _method: str | None = None) -> None:
	"""Personal Data Deletion Request: once names are taken out of the records, no page may still bear them."""
	if request.status == "Deleted":
		forget_all()


def purge() -> None:
	"""Daily: drop what nobody printed for as long as the settings say, and what is left of records that are gone."""
	oldest = time.time() - _days() * 86400
	names: dict[str, dict[str, Path]] = {}
	for folder in _root().glob("*/*"):
		for path in folder.glob("*.pdf"):
			if _used(path) <= oldest:
				path.unlink(missing_ok=True)
		doctype, name = _about(folder)
		if not doctype or not any(folder.glob("*.pdf")):
			shutil.rmtree(folder, ignore_errors=True)
		else:
			names.setdefault(doctype, {})[name] = folder
	for doctype, folders in names.items():
		there = set(
			frappe.get_all(doctype, filters={"name": ["in", list(folders)]}, pluck="name", order_by="name")
		)
		for name in folders.keys() - there:
			shutil.rmtree(folders[name], ignore_errors=True)


def _root() -> Path:
	return Path(frappe.get_site_path("private", "ops_delivery", "prints")).absolute()


def _folder(doctype: str, name: str) -> Path:
	return _root() / frappe.scrub(doctype) / hashlib.sha256(cstr(name).encode()).hexdigest()[:40]


def _about(folder: Path) -> tuple[str, str]:
	try:
		doctype, name = json.loads((folder / ABOUT).read_bytes())
	except (OSError, ValueError):
		return "", ""
	return (doctype, name) if doctype in REGISTRY else ("", "")


def _write(path: Path, content: bytes) -> None:
	"""The whole file or none, also where two write it at once."""
	number, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
	try:
		with os.fdopen(number, "wb") as file:
			file.write(content)
		os.replace(beside, path)
	except OSError:
		Path(beside).unlink(missing_ok=True)
		raise


def _used(path: Path) -> float:
	try:
		return path.stat().st_mtime
	except OSError:
		return 0.0


def _days() -> int:
	"""0 where the settings say so; the default where a site has not been asked yet."""
	return bounds.setting(DAYS)


def _files(page: str, record: tuple[str, str]) -> dict[str, str]:
	"""Address: SHA-256 of what a page shows beside its own text; "" for what this reader is not shown."""
	found = {}
	for match in _NAMED.finditer(page):
		address = unescape(match[1] or match[2])
		if address.startswith(("data:", "#", "mailto:")) or address in found:
			continue
		try:
			content, _kind = weasy.own_file(address, record)
		except (ValueError, OSError):
			content = b""
		found[address] = hashlib.sha256(content).hexdigest() if content else ""
	return found
