"""Where Frappe asks for a PDF, whoever its caller is: prints of ours are made as from the form's Print action (8.4.b.1).

Frappe's get_print is asked by e-mails when they are sent, Auto Repeat, workflow mails, network printers and other apps.
Three ways lead here:
- framework_prints.py lets get_print ask `answer` (hook `ops_delivery_print`) first, on each version, and the generator of
  the newer builder, which goes past it, ask `printed`;
- `pdf_generator` is the hook of 15.103 and 16 for print formats that name a generator; ours is called weasyprint, and an
  administrator may choose it for any print format;
- api/printing.py stands in for the methods of the form and the list.

A print that is asked for here goes to somebody else than who asks, as a rule: what they may read of it is said by the note
of the queued mail (`marked_for`). Where nobody says it, it is the customer's version (services/reviews/readership.py).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import frappe
from frappe.utils import cint, cstr

from ops_delivery.permissions.ownership import plain
from ops_delivery.printing import weasy
from ops_delivery.services.papers import print_batches as batch
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.reviews import readership

GENERATOR = "weasyprint"
MARK = "ops-readers:"
# of Frappe's: whoever has these print is who reads it, a batch in a job and a network printer
OF_THE_READER = frozenset(
	{"frappe.utils.print_format._download_multi_pdf", "frappe.utils.print_format.print_by_server"}
)
MOST_WHOLE = 4
NOBODYS = ("", "")  # a page of which it is not known whose it is: it shows no private file but letter heads


class Made(NamedTuple):
	"""A print that was handed out in this request or job, and in which language."""

	doctype: str
	name: str
	print_format: str | None
	letterhead: str | None
	no_letterhead: bool
	language: str


def answer(**given: Any) -> Any:
	"""Hook ops_delivery_print: what get_print gives for a print format of ours; None for all others.

	The bytes of a PDF, or `output` (a pypdf writer) with its pages added. PermissionError as from Frappe's. Other formats
	of our record types are Frappe's own prints, of the document as its readers may read it.
	"""
	doctype = given.get("doctype") or (given.get("doc") and given["doc"].doctype)
	if not doctype:
		return None
	ours, watched = documents.is_ours(doctype, given.get("print_format")), documents.is_of_ours(doctype)
	if not watched and not (ours and given.get("as_pdf")):
		return None
	with _readers(given.get("style")):
		record = given.get("doc") or frappe.get_doc(doctype, given.get("name"))
		if ours and given.get("as_pdf"):
			return _pdf(record, **given)
		style = None if cstr(given.get("style")).startswith(MARK) else given.get("style")
		return frappe.get_print.by_frappe(**{**given, "style": style, "doc": readership.as_read(record)})


def printed(doc: Any, style: str | None) -> Any:
	"""Hook ops_delivery_printed: what Frappe's newer builder lays out, which asks no document before it prints it.

	`style` is what attach_print was asked with; None where a page or a PDF is made for who asks.
	"""
	if not documents.is_of_ours(doc.doctype):
		return doc
	if style is None and not readership.is_known():
		with readership.shown_to([frappe.session.user]):
			return readership.as_read(doc)
	with _readers(style):
		return readership.as_read(doc)


def marked_for(readers: Iterable[str], queue: str | None = None) -> str:
	"""The style of a print that names its readers: the one value of a queued mail's note that get_print is handed as it is.

	With the name of the queued mail those count, too, to whom it is addressed by the time it is sent.
	"""
	return MARK + ",".join(sorted(readers)) + (f";{queue}" if queue else "")


def _named(style: str) -> tuple[str, ...]:
	addresses, _semicolon, queue = style.removeprefix(MARK).partition(";")
	later = (
		frappe.get_all("Email Queue Recipient", filters={"parent": queue}, pluck="recipient", order_by="name")
		if queue
		else []
	)
	return tuple(dict.fromkeys(filter(None, [*addresses.split(","), *map(plain, later)])))


@contextmanager
def _readers(style: Any) -> Iterator[None]:
	"""Who reads: whom the note names; else whom the caller named; else nobody knows, and the customer may be among them."""
	if cstr(style).startswith(MARK):
		with readership.shown_to(_named(cstr(style))):
			yield
	elif readership.is_known():
		yield
	else:
		asks = frappe.local.form_dict.get("cmd") in OF_THE_READER
		with readership.shown_to([frappe.session.user] if asks else ()):
			yield


def _pdf(
	record: Any,
	print_format: str | None = None,
	output: Any = None,
	no_letterhead: Any = 0,
	password: str | None = None,
	pdf_options: dict[str, Any] | None = None,
	letterhead: str | None = None,
	**_more: Any,
) -> Any:
	plain = bool(cint(no_letterhead))
	css = batch.size(pdf_options or {})
	made = Made(record.doctype, record.name, print_format, letterhead, plain, frappe.local.lang or "en")
	# a mail's print is asked for once for each who gets it
	flags = bool(frappe.flags.ignore_print_permissions), *readership.asked_for()
	asked = (made, css, str(record.get("modified")), *flags)
	content = _prints().made.get(asked)
	if content is None:
		content = documents.pdf(record, print_format, plain, letterhead, css)
		_prints().note(asked, content)
	return _handed_over(content, output, password or (pdf_options or {}).get("password"))


def generate_pdf(
	print_format: str | None = None,
	html: str = "",
	options: dict[str, Any] | None = None,
	output: Any = None,
	pdf_generator: str | None = None,
	**_unused: Any,
) -> Any:
	"""Hook pdf_generator of Frappe 15.103 and 16: a whole page of Frappe's by WeasyPrint; None for other generators."""
	if pdf_generator != GENERATOR or not html:
		return None
	content = weasy.pdf(html, batch.size(options or {}), NOBODYS)
	return _handed_over(content, output, (options or {}).get("password"))


def made(mark: str | None) -> Made | None:
	"""The print of this request or job whose content has that mark (MD5, as Frappe marks its files)."""
	return _prints().marked.get(mark)


def made_from(content: bytes) -> Made | None:
	"""The same for the content itself."""
	return made(_mark(content))


def any_made() -> bool:
	"""Whether anything was printed in this request or job."""
	return bool(_prints().marked)


def before_job(method: str = "", **_more: Any) -> None:
	"""Hook: prints that a job makes for the one who asked for them are theirs."""
	if method in OF_THE_READER:
		frappe.flags.ops_readers = (frappe.session.user,)


class Prints:
	"""What was handed out in this request or job: the last ones whole, of all the mark."""

	def __init__(self) -> None:
		self.made: dict[tuple, bytes] = {}
		self.marked: dict[str, Made] = {}

	def note(self, asked: tuple, content: bytes) -> None:
		"""Remember a print: it may be asked for again, or be put into a mail to readers of another language."""
		self.marked[_mark(content)] = asked[0]
		while len(self.made) >= MOST_WHOLE:
			self.made.pop(next(iter(self.made)))
		self.made[asked] = content


def _prints() -> Prints:
	if not getattr(frappe.local, "ops_prints", None):
		frappe.local.ops_prints = Prints()
	return frappe.local.ops_prints


def _mark(content: bytes) -> str:
	return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _handed_over(content: bytes, output: Any, password: str | None) -> Any:
	if output is None and not password:
		return content
	from pypdf import PdfReader, PdfWriter

	writer = PdfWriter() if output is None else output
	writer.append_pages_from_reader(PdfReader(io.BytesIO(content)))
	if output is not None:
		return output
	writer.encrypt(password)
	written = io.BytesIO()
	writer.write(written)
	return written.getvalue()
