"""HTML to PDF: the one place that knows WeasyPrint (8.4.b.1).

Pages may name only this site's own files: assets, public files, and private files the reader may read. The page of a
record shows only private files of that record (or of a letter head): others than who prints it may read the page.
Nothing is ever fetched over a network.
"""

from __future__ import annotations

import functools
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import frappe
from frappe import _

# Latin first; Chinese from whichever CJK face the server has
FONTS = (
	'"Inter", "Noto Sans", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",'
	' "WenQuanYi Zen Hei", "Microsoft YaHei", sans-serif'
)


def pdf(html: str, css: str = "", record: tuple[str, str] | None = None) -> bytes:
	"""The PDF of a whole HTML page, A4 with page numbers in the reader's language, as bytes.

	`record`: (doctype, name) whose page it is; private files of other records are left out, as are pictures and styles
	that are not this site's own. frappe.ValidationError where WeasyPrint is missing.
	"""
	return render(html, css, record).write_pdf()


def render(html: str, css: str = "", record: tuple[str, str] | None = None) -> Any:
	"""The pages of the same, laid out and not yet written: a WeasyPrint Document."""
	try:
		from weasyprint import CSS, HTML
	except (ImportError, OSError) as error:
		frappe.throw(
			_("PDF pages need WeasyPrint, which cannot be loaded on this bench: {0}").format(
				frappe.utils.escape_html(str(error))
			)
		)
	fetcher = functools.partial(own_files, record=record)
	page = HTML(string=html, base_url=frappe.utils.get_url(), url_fetcher=fetcher)
	return page.render(stylesheets=[CSS(string=_page_css() + css, url_fetcher=fetcher)])


def send(name: str, html: str) -> None:
	"""Answer the request with the page as a PDF download."""
	answer(name, pdf(html))


def answer(name: str, content: bytes) -> None:
	"""Answer the request with a PDF of that file name (without its ending)."""
	filename = name.replace(" ", "-").replace("/", "-")
	frappe.local.response.update({"filename": f"{filename}.pdf", "filecontent": content, "type": "pdf"})


def own_files(url: str, record: tuple[str, str] | None = None) -> dict[str, Any]:
	"""WeasyPrint's URL fetcher. ValueError for anything that is not a readable file of this site."""
	parts = urlsplit(url)
	if parts.scheme == "data":
		from weasyprint import default_url_fetcher

		return default_url_fetcher(url)
	site = urlsplit(frappe.utils.get_url())
	if parts.scheme not in ("", "http", "https") or (parts.netloc and parts.netloc != site.netloc):
		raise ValueError(f"not a file of this site: {url}")
	path = _path(unquote(parts.path), record)
	if not path.is_file():
		raise ValueError(f"no such file: {url}")
	return {
		"string": path.read_bytes(),
		"mime_type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
	}


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
	quoted = [text.replace("\\", "").replace('"', "") for text in (before, between, after)]
	return f"""
@page {{ size: A4; margin: 18mm 16mm 20mm;
	@bottom-right {{ content: "{quoted[0]}" counter(page) "{quoted[1]}" counter(pages) "{quoted[2]}";
		font: 8pt {FONTS}; color: #666; }}
	@top-right {{ content: string(footer); font: 8pt {FONTS}; color: #666; }} }}
html {{ font: 9.5pt/1.45 {FONTS}; color: #1a1a1a; }}
"""
