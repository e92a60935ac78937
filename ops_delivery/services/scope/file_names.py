"""What becomes of any file's name, of mails and the desk, too: text and nothing else, so that it can do nothing (6.3.j)."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Any

import frappe
from frappe.utils import cint, cstr

LONGEST_NAME = 100  # characters
LONGEST_NAME_BYTES = 180  # a file system takes 255, and Frappe adds to a name that is taken
FORMULA_SIGNS = ("=", "+", "-", "@")
SPACES = re.compile(r"\s+")
UNSAFE = re.compile(r"[<>\"'`\\/%?#:*|\x00-\x1f\x7f]")


def clean_name(name: str | None) -> str:
	"""A file's name that is text and nothing else: no markup, no path, no formula, no sign that turns the reading
	direction; not longer than a file system takes, its ending kept."""
	text = unicodedata.normalize("NFC", cstr(name)).replace("\\", "/").rpartition("/")[2]
	text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc", "Cs", "Co"))
	text = SPACES.sub(" ", UNSAFE.sub("_", text)).strip().rstrip(" .")
	text = f"_{text[1:]}" if text.startswith(FORMULA_SIGNS) else text
	stem, dot, ending = text.rpartition(".")
	if not dot or len(ending) > 10:
		stem, ending = text, ""
	stem = stem.strip() or "file"
	room = LONGEST_NAME - len(ending) - 1
	stem = stem[:room]
	while len(stem.encode()) > LONGEST_NAME_BYTES - len(ending.encode()) - 1:
		stem = stem[:-1]
	return f"{stem.strip()}.{ending}" if ending else stem.strip()


def clean_file(doc: Any, _method: str | None = None) -> None:
	"""doc_events File.before_insert and validate: the same for files that come by mail, desk or API, unless the settings
	say no. Frappe has written the file under its name by then, so that is moved, too."""
	if doc.is_folder or not _is_switched_on() or not doc.file_name:
		return
	cleaned = clean_name(doc.file_name)
	if cleaned == doc.file_name:
		return
	doc.file_name = cleaned
	if doc.flags.new_file:
		_move(doc, cleaned)


def _is_switched_on() -> bool:
	return not cint(frappe.db.get_single_value("Ops Delivery Settings", "leave_file_names"))


def _move(doc: Any, name: str) -> None:
	"""Give what Frappe wrote a name like the cleaned one. A file that other records use, too, stays where it is."""
	url = cstr(doc.file_url)
	if not url.startswith(("/files/", "/private/files/")) or not UNSAFE.search(url.rpartition("/")[2]):
		return
	if frappe.db.exists("File", {"file_url": url}):
		return
	before = doc.get_full_path()
	stem, dot, ending = name.rpartition(".")
	moved = f"{stem or ending}-{frappe.generate_hash(length=8)}{dot}{ending if dot else ''}"
	os.rename(before, os.path.join(os.path.dirname(before), moved))
	doc.file_url = f"{url.rpartition('/')[0]}/{moved}"
