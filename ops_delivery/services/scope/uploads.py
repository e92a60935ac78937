"""Files that come in by our pages: looked at before they are kept, named so that a name can do nothing (6.3.j, 5.4.d).

Every upload of ours goes through here: `sent` takes the files off a request, `check` refuses in words what is no file of a
kind we take, `keep` attaches it. `clean_name` is what becomes of any file's name, of mails and the desk, too.
"""

from __future__ import annotations

import io
import mimetypes
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope.file_names import clean_name
from ops_delivery.services.shared import images as pictures

MOST_FILES = 5
MODULE = "Ops Delivery"
PICTURE_PIXELS = 100_000_000
PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
PHONE_JPEG = "MPO"  # a JPEG with another one inside (depth, brightness), as many phones make them
HEIC = ("heic", "heif")
ZIPPED = ("docx", "xlsx", "odt", "ods")
OLD_OFFICE = ("doc", "xls")
TEXTS = ("txt", "log")
FILMS = ("mov", "mp4")
ENDINGS = (*PICTURES, *HEIC, "pdf", *OLD_OFFICE, *ZIPPED, *TEXTS, *FILMS)


@dataclass(frozen=True)
class Upload:
	"""A file that was looked at and may be kept."""

	name: str
	content: bytes


def sent(field: str = "files") -> list[Any]:
	"""The files of the current request, as werkzeug has them."""
	request = getattr(frappe.local, "request", None)
	return [upload for upload in request.files.getlist(field) if upload.filename] if request else []


def limits() -> dict[str, Any]:
	"""What may be sent, for the pages to say before somebody chooses: {most, megabytes, accept}.

	Where HEIC cannot be converted it is left out: a phone that reads this sends JPEG by itself.
	"""
	whole = cint(frappe.conf.get("max_file_size")) or 25 * pictures.MEGABYTE  # of one request, all files together
	taken = [ending for ending in ENDINGS if ending not in HEIC or pictures.can_read_heic()]
	return {
		"most": MOST_FILES,
		"megabytes": min(whole, _most_bytes()) // pictures.MEGABYTE,
		"accept": ",".join(f".{ending}" for ending in taken),
	}


def check(files: Iterable[Any] | None) -> list[Upload]:
	"""Look at files (werkzeug) before anything is saved. frappe.ValidationError names the file and the way out."""
	files = list(files or [])
	if len(files) > MOST_FILES:
		frappe.throw(_("At most {0} files can be sent at once.").format(MOST_FILES))
	return [_checked(upload) for upload in files]


def keep(uploads: Iterable[Upload], doctype: str, name: str) -> None:
	"""Attach files to a record of ours, private."""
	for upload in uploads:
		attach(doctype, name, upload.name, upload.content)


def attach(doctype: str, name: str, file_name: str, content: bytes) -> Any:
	"""Attach one private file. Where it cannot be written, nothing of it stays, and the message says so."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": clean_name(file_name),
			"attached_to_doctype": doctype,
			"attached_to_name": name,
			"is_private": 1,
			"content": content,
		}
	)
	try:
		return file.insert(ignore_permissions=True)
	except OSError:
		_remove_half(file)
		frappe.log_error(title="Ops Delivery: a file could not be written")
		frappe.throw(
			_("{0} could not be kept: our server cannot write files just now. Nothing was saved. Try again later.").format(
				frappe.bold(escape_html(file.file_name))
			),
			title=_("File not kept"),
		)


def read_apple_photo(doc: Any, _method: str | None = None) -> None:
	"""doc_events File.before_insert: a photo in Apple's format that somebody attaches to a record of ours on the desk or by
	API is kept as JPEG, or refused with a word where this bench cannot convert it. Mails stay as they came."""
	if doc.is_folder or not getattr(frappe.local, "request", None) or not _is_of_ours(doc) or not doc.flags.new_file:
		return
	content = _bytes_of(doc)
	if not pictures.is_heic(content):
		return
	said = frappe.bold(escape_html(cstr(doc.file_name)))
	if frappe.db.exists("File", {"file_url": doc.file_url}):  # what stands elsewhere already stays as it is
		pictures.refuse_heic(said)
	converted = pictures.from_heic(content, said)
	os.remove(doc.get_full_path())
	doc.file_name, doc.file_url = _with_ending(doc.file_name, "jpg"), ""
	doc.save_file(content=converted)
	doc.set_file_type()


def look_before_reading(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook of has_permission of File, for creating alone: Frappe reads a JPEG before anything else can look at it, and fails where
	it is none. A photo in Apple's format under that name is converted, what is no picture refused with a word."""
	if ptype != "create" or not doc.is_new() or not getattr(frappe.local, "request", None):
		return NO_OBJECTION
	content, name = doc.get("content"), cstr(doc.file_name)
	if not isinstance(content, bytes) or mimetypes.guess_type(name)[0] != "image/jpeg" or not _is_of_ours(doc):
		return NO_OBJECTION
	said = frappe.bold(escape_html(name))
	if pictures.is_heic(content):
		doc.content = pictures.from_heic(content, said)
	else:
		_picture(content, said, "jpg")
	return NO_OBJECTION


def refuse_apple_photo(url: str | None) -> None:
	"""Refuse a file that was uploaded for a record before that was known, where many could not open it."""
	for name in frappe.get_all("File", filters={"file_url": url, "is_folder": 0}, pluck="name", limit=1) if url else ():
		file = frappe.get_doc("File", name)
		if pictures.is_heic(_bytes_of(file)):
			pictures.refuse_heic(frappe.bold(escape_html(cstr(file.file_name))))


# Parts


def _bytes_of(file: Any) -> bytes:
	"""What lies on the disk, where Frappe gives text for whatever it can decode; nothing where the file is gone."""
	try:
		return Path(file.get_full_path()).read_bytes()
	except (OSError, frappe.ValidationError):
		return b""


def _is_of_ours(file: Any) -> bool:
	doctype = file.attached_to_doctype
	if not doctype:
		return False
	if doctype == ours.ISSUE:
		return bool(file.attached_to_name) and ours.is_issue_ours(file.attached_to_name)
	return frappe.get_meta(doctype).module == MODULE


def _checked(upload: Any) -> Upload:
	name = clean_name(upload.filename)
	said = frappe.bold(escape_html(name))
	ending = name.rpartition(".")[2].lower()
	if ending not in ENDINGS:
		frappe.throw(
			_("{0} is not a kind of file we take. Send pictures, PDF, text or office files.").format(said)
		)
	upload.stream.seek(0, io.SEEK_END)
	size = upload.stream.tell()
	upload.stream.seek(0)
	if not size:
		frappe.throw(
			_("{0} is empty. Choose the file once more, or send another one.").format(said), title=_("Empty file")
		)
	if size > _most_bytes():
		frappe.throw(
			_("{0} is larger than {1} MB. Send a smaller one.").format(said, _most_bytes() // pictures.MEGABYTE)
		)
	content = upload.stream.read()
	if ending in HEIC or pictures.is_heic(content):
		return Upload(_with_ending(name, "jpg"), pictures.from_heic(content, said))
	if ending in PICTURES:
		return Upload(_with_ending(name, _picture(content, said, ending)), content)
	if ending == "pdf" and b"%PDF-" in content[:1024]:
		_check_pdf(content, said)
	if not _is_what_it_says(ending, content):
		frappe.throw(
			_("{0} is not what its name says: its content is another kind of file. Send it under its own name.").format(
				said
			),
			title=_("Another kind of file"),
		)
	return Upload(name, content)


def _picture(content: bytes, said: str, ending: str) -> str:
	"""The ending that a picture should have; refused where it is none or cannot be opened."""
	from PIL import Image

	try:
		with Image.open(io.BytesIO(content), formats=sorted(set(PICTURES.values()))) as picture:
			if picture.width * picture.height > PICTURE_PIXELS:
				frappe.throw(
					_("{0} has too many pixels: at most {1} million. Send a smaller picture.").format(
						said, PICTURE_PIXELS // 1_000_000
					)
				)
			kind = "JPEG" if picture.format == PHONE_JPEG else picture.format
			picture.verify()
	except frappe.ValidationError:
		raise
	except Exception:  # whatever Pillow makes of bytes that are no picture
		frappe.throw(
			_("{0} is not a picture, or is damaged. Send the picture itself, or another one.").format(said),
			title=_("Not a picture"),
		)
	return ending if PICTURES[ending] == kind else next(key for key, value in PICTURES.items() if value == kind)


def _check_pdf(content: bytes, said: str) -> None:
	"""Frappe reads a PDF to see whether there is script in it, and fails where it cannot be read."""
	from frappe.utils import pdf

	try:
		pdf.PdfReader(io.BytesIO(content)).is_encrypted
	except Exception:  # whatever the reader makes of bytes that are no PDF
		frappe.throw(
			_("{0} is damaged and cannot be opened. Send it once more, or another one.").format(said),
			title=_("Damaged file"),
		)


def _is_what_it_says(ending: str, content: bytes) -> bool:
	if ending == "pdf":
		return b"%PDF-" in content[:1024]
	if ending in ZIPPED:
		return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))
	if ending in OLD_OFFICE:
		return content.startswith((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"PK\x03\x04"))
	if ending in FILMS:
		return content[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
	if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
		return True
	return b"\x00" not in content and not content.startswith(b"MZ")


def _with_ending(name: str, ending: str) -> str:
	stem, _dot, before = name.rpartition(".")
	return name if before.lower() == ending else f"{stem}.{ending}"


def _most_bytes() -> int:
	from frappe.core.api.file import get_max_file_size

	return get_max_file_size()


def _remove_half(file: Any) -> None:
	if not file.file_url or frappe.db.exists("File", {"file_url": file.file_url}):
		return
	try:
		os.remove(file.get_full_path())
	except (OSError, frappe.ValidationError):
		pass
