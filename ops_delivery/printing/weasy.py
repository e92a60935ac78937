"""HTML to PDF: what a page may show, how it is set up, how long it may take (8.4.b.1).

Pages may name only this site's own files: assets, public files, and private files the reader may read. The page of a
record shows only private files of that record (or of a letter head): others than who prints it may read the page.
Nothing is ever fetched over a network. The pages are laid out in a process of their own (renderer.py): one that takes too
long is ended there, and holds nobody up.
"""

from __future__ import annotations

import functools
import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import frappe
from frappe import _

from ops_delivery.printing import fonts, renderer

REQUEST_SECONDS = 20  # no web worker waits longer for a PDF
JOB_SECONDS = 120
MOST_CHARACTERS = 4_000_000  # of a page, without the pictures in it
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_DATA = re.compile(r'"data:[^"]*"')


class TooLong(frappe.ValidationError):
	"""A page that is too long to be printed, or takes too long."""


def pdf(html: str, css: str = "", record: tuple[str, str] | None = None) -> bytes:
	"""The PDF of a whole HTML page, A4 with page numbers in the reader's language, as bytes.

	`record`: (doctype, name) whose page it is; private files of other records are left out, as are pictures and styles
	that are not this site's own. TooLong for a page that is not done within the time a request or a job has;
	frappe.ValidationError where WeasyPrint is missing.
	"""
	with renderer_for(record) as one:
		css, page = apart(html, css)
		one.lay_out(page, css, frappe.utils.get_url(), functools.partial(own_file, record=record))
		return one.write()


@contextmanager
def renderer_for(record: tuple[str, str] | None = None) -> Iterator[renderer.Renderer]:
	"""A renderer for a while, whose failures are told to the reader. `record`: what the message names."""
	try:
		with renderer.renderer(seconds()) as one:
			yield one
	except renderer.TooSlow:
		raise_too_slow(record)
	except renderer.Failed as error:
		frappe.throw(
			_("{0} could not be laid out: {1}").format(
				frappe.bold(_what(record)), frappe.utils.escape_html(str(error))
			)
		)
	except (renderer.Missing, OSError) as error:
		frappe.throw(
			_("PDF pages need WeasyPrint, which does not work on this bench: {0}").format(
				frappe.utils.escape_html(str(error))
			)
		)


def apart(html: str, css: str = "") -> tuple[str, str]:
	"""(style, page): the page's own styles in front of the rest, so that the renderer reads those of a print format once.

	TooLong for a page of too many characters.
	"""
	if len(_DATA.sub("", html) if len(html) > MOST_CHARACTERS else html) > MOST_CHARACTERS:
		frappe.throw(
			_("This page has more than {0} characters and is too long to print. Print less at a time.").format(
				MOST_CHARACTERS
			),
			TooLong,
		)
	styles = "".join(_STYLE.findall(html))
	return _page_css() + css + styles, _STYLE.sub("", html)


def seconds() -> int:
	"""How long a page may take: less where somebody waits for the answer."""
	return REQUEST_SECONDS if getattr(frappe.local, "request", None) else JOB_SECONDS


def raise_too_slow(record: tuple[str, str] | None) -> None:
	"""TooLong, in words."""
	frappe.throw(
		_(
			"{0} was not laid out within {1} seconds, or needs too much memory: it is too long to print like this."
			" Shorten its longest texts and tables, or print it by the list's action Print, which works in the background."
		).format(frappe.bold(_what(record)), seconds()),
		TooLong,
		title=_("Too long to print"),
	)


def _what(record: tuple[str, str] | None) -> str:
	return frappe.utils.escape_html(f"{_(record[0])} {record[1]}" if record and record[0] else _("This page"))


def send(name: str, html: str) -> None:
	"""Answer the request with the page as a PDF download."""
	answer(name, pdf(html))


def answer(name: str, content: bytes) -> None:
	"""Answer the request with a PDF of that file name (without its ending)."""
	filename = name.replace(" ", "-").replace("/", "-")
	frappe.local.response.update({"filename": f"{filename}.pdf", "filecontent": content, "type": "pdf"})


def own_file(url: str, record: tuple[str, str] | None = None) -> tuple[bytes, str]:
	"""(content, type) of what a page names. ValueError for anything that is not a readable file of this site."""
	parts = urlsplit(url)
	site = urlsplit(frappe.utils.get_url())
	if parts.scheme not in ("", "http", "https") or (parts.netloc and parts.netloc != site.netloc):
		raise ValueError(f"not a file of this site: {url}")
	path = _path(unquote(parts.path), record)
	if not path.is_file():
		raise ValueError(f"no such file: {url}")
	return path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _path(route: str, record: tuple[str, str] | None) -> Path:
	"""The file behind a route of the site; ValueError when it lies elsewhere or the reader may not see it."""
	if route.startswith("/assets/"):
		return _below(Path(frappe.local.sites_path, "assets"), route.removeprefix("/assets/"), follow=True)
	if route.startswith("/private/files/"):
		_check_readable(route, record)
		return _below(Path(frappe.get_site_path("private", "files")), route.removeprefix("/private/files/"))
	if route.startswith("/files/"):
		return _below(Path(frappe.get_site_path("public", "files")), route.removeprefix("/files/"))
	raise ValueError(f"not a public file: {route}")


def _below(folder: Path, inner: str, follow: bool = False) -> Path:
	"""`inner` within `folder`, never above it. Assets are links into the apps: there `..` is refused instead."""
	if follow:
		if ".." in Path(inner).parts or Path(inner).is_absolute():
			raise ValueError(f"outside of the assets: {inner}")
		return folder / inner
	path, root = (folder / inner).resolve(), folder.resolve()
	if root not in path.parents:
		raise ValueError(f"outside of the site's files: {inner}")
	return path


def _check_readable(url: str, record: tuple[str, str] | None) -> None:
	fields = ["name", "attached_to_doctype", "attached_to_name"]
	for row in frappe.get_all("File", filters={"file_url": url}, fields=fields, order_by="name"):
		own = (row.attached_to_doctype, row.attached_to_name) == record
		if record and not own and row.attached_to_doctype != "Letter Head":
			continue
		if frappe.has_permission("File", "read", row.name):
			return
	raise ValueError(f"not readable: {url}")


def _page_css() -> str:
	# "Page 1 of 2" around the two counters, in the reader's order of words
	before, _gap, rest = _("Page {0} of {1} pages").partition("{0}")
	between, _gap, after = rest.partition("{1}")
	families = fonts.families()
	quoted = [text.replace("\\", "").replace('"', "") for text in (before, between, after)]
	return f"""
@page {{ size: A4; margin: 18mm 16mm 20mm;
	@bottom-right {{ content: "{quoted[0]}" counter(page) "{quoted[1]}" counter(pages) "{quoted[2]}";
		font: 8pt {families}; color: #666; }}
	@bottom-left {{ content: element(letter-foot); width: 75%; }}
	@top-right {{ content: string(footer); font: 8pt {families}; color: #666; }} }}
html {{ font: 9.5pt/1.45 {families}; color: #1a1a1a; }}
"""
