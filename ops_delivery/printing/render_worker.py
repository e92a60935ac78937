"""The process that lays out pages with WeasyPrint. No Frappe, no site and no network here.

It is started and ended by renderer.py, gets pages over a pipe and asks for each file that a page names. So a page that
takes too long can be ended, and memory that a PDF library holds on to is never a web worker's.

Messages are JSON, bytes follow in a message of their own:
	in   {"page": html, "css": …, "base": address}    lay it out and keep its pages
	in   {"write": true}                              all pages kept so far as one PDF, and forget them
	in   {"file": true, "type": …} bytes, {"file": false}   what was asked for
	out  {"file": address} · {"pages": number} · {"pdf": true} bytes · {"endless": true} · {"error": text}
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import os
import resource
import sys
import threading
import time
import warnings
from html import unescape
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run by its path: what lies beside it are no top-level modules, and this is our very package
	sys.path[0] = str(Path(__file__).resolve().parents[2])

from ops_delivery.printing import fonts

MEMORY = 1536 * 1024 * 1024  # of data, beyond which a page is taken for one without end
FACES = "https://faces.invalid/"
WATCH_SECONDS = 5
MOST_SHEETS = 20  # styles that are kept read
MOST_KEPT = 1500  # characters of the faces that are kept for the next page


class Closed(Exception):
	"""Nobody is at the other end of the pipe any more."""


class Worker:
	"""Lays out one page after the other."""

	def __init__(self, connection: Connection):
		import weasyprint
		from weasyprint.text import ffi

		self.connection, self.weasyprint = connection, weasyprint
		# without HarfBuzz of its own WeasyPrint cuts every face with fontTools, and what is cut before costs less
		self.latin = not getattr(ffi, "harfbuzz_subset", None)
		self.faces: dict[str, tuple[str, bytes]] = {}
		self.characters: frozenset[str] = frozenset()
		self.config: Any = None
		self.sheets: dict[str, Any] = {}
		self.face_sheets: list[Any] = []
		self.cuts = 0
		self.documents: list[Any] = []

	def serve(self) -> None:
		"""Until the other side closes the pipe."""
		while True:
			try:
				self._answer(self._hear())
			except Closed:
				return
			except (MemoryError, RecursionError):
				self.documents.clear()
				self._say(endless=True)
			except Exception as error:
				self.documents.clear()
				self._say(error=f"{type(error).__name__}: {error}")

	def _answer(self, asked: dict[str, Any]) -> None:
		if "page" in asked:
			self.documents.append(self._laid_out(**asked))
			self._say(pages=len(self.documents[-1].pages))
			return
		first, rest = self.documents[0], self.documents[1:]
		whole = first.copy([page for each in (first, *rest) for page in each.pages]) if rest else first
		content = whole.write_pdf()
		self._say(pdf=True)
		self._send(content)
		# what comes now nobody waits for
		del content, whole, first, rest
		self.documents.clear()
		if self.latin or len(self.characters) > MOST_KEPT:
			self._forget_faces()
		gc.collect()
		_give_memory_back()

	def _laid_out(self, page: str, css: str, base: str) -> Any:
		self._take_faces(frozenset(unescape(page)) | frozenset(css))
		if css not in self.sheets:
			if len(self.sheets) >= MOST_SHEETS:
				self.sheets.clear()
			self.sheets[css] = self.weasyprint.CSS(
				string=self._named(css), base_url=base, url_fetcher=self._fetcher(), font_config=self.config
			)
		document = self.weasyprint.HTML(string=self._drawn(page), base_url=base, url_fetcher=self._fetcher())
		return document.render(stylesheets=[*self.face_sheets, self.sheets[css]], font_config=self.config)

	def _take_faces(self, characters: frozenset[str]) -> None:
		"""Faces with all these characters: those of the pages before, or new ones."""
		if self.config and characters <= self.characters:
			return
		if not self.documents:  # else pages that wait to be written are set in them
			self._forget_faces()
		together = characters | self.characters
		self.characters = together if len(together) <= MOST_KEPT else characters
		self.faces = fonts.cut_faces(self.characters, self.latin)
		self.config = self.weasyprint.text.fonts.FontConfiguration()
		self.cuts += 1
		rules = "".join(
			f"@font-face {{ {self._named(rule)}; src: url({FACES}{name}) }}"
			for name, (rule, _content) in self.faces.items()
		)
		self.sheets = {}
		self.face_sheets = [
			self.weasyprint.CSS(string=rules, url_fetcher=self._fetcher(), font_config=self.config)
		]

	def _named(self, css: str) -> str:
		"""The style with the names of these very cuts. WeasyPrint takes faces of one name for one face, and pages that are
		written together may have been set in several cuts."""
		for family in (fonts.CUT_LATIN, fonts.CUT_HAN):
			css = css.replace(f'"{family}"', f'"{family} {self.cuts}"')
		return css

	def _drawn(self, page: str) -> str:
		"""The page with the same names in its drawings, which know nothing of its styles."""
		faces = f'"{fonts.CUT_HAN}","{fonts.CUT_LATIN}"'
		return page.replace(f"font-family='{faces}", f"font-family='{self._named(faces)}")

	def _forget_faces(self) -> None:
		self.config, self.sheets, self.face_sheets = None, {}, []

	def _fetcher(self) -> Any:
		return _fetcher(self._fetch)

	def _fetch(self, address: str) -> tuple[bytes, str]:
		"""(content, type) of what an address names; ValueError where the other side does not give it."""
		if address.startswith(FACES):
			return self.faces[address.removeprefix(FACES)][1], "font/otf"
		self._say(file=address)
		answer = self._hear()
		if not answer["file"]:
			raise ValueError(f"not a file of this site: {address}")
		return self.connection.recv_bytes(), answer["type"]

	def _hear(self) -> dict[str, Any]:
		try:
			return json.loads(self.connection.recv_bytes())
		except (EOFError, OSError):
			raise Closed from None

	def _say(self, **message: Any) -> None:
		self._send(json.dumps(message).encode())

	def _send(self, content: bytes) -> None:
		try:
			self.connection.send_bytes(content)
		except OSError:
			raise Closed from None


def _fetcher(fetch: Any) -> Any:
	"""What WeasyPrint takes as its fetcher: an object of a class of its own from 68 on, a function before."""
	from weasyprint import urls

	if not hasattr(urls, "URLFetcher"):

		def function(address: str, *_arguments: Any, **_named: Any) -> dict[str, Any]:
			if address.startswith("data:"):
				return urls.default_url_fetcher(address)
			content, kind = fetch(address)
			return {"string": content, "mime_type": kind}

		return function

	class Fetcher(urls.URLFetcher):
		"""Data in the page itself by WeasyPrint, everything else by the other side of the pipe, nothing by network."""

		def fetch(self, url: str, headers: Any = None) -> Any:
			if url.startswith("data:"):
				return super().fetch(url, headers)
			content, kind = fetch(url)
			return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

	return Fetcher()


def _give_memory_back() -> None:
	"""Free pages of the C library's heap go back to the system (glibc; elsewhere nothing happens)."""
	try:
		ctypes.CDLL(None).malloc_trim(0)
	except (AttributeError, OSError):
		pass


def _end_with_parent() -> None:
	"""Where the other side was killed in the middle of a page, nobody ends this one."""
	parent = os.getppid()

	def watch() -> None:
		while os.getppid() == parent:
			time.sleep(WATCH_SECONDS)
		os._exit(1)

	threading.Thread(target=watch, daemon=True).start()


def main() -> None:
	"""The process: argument 1 is the number of the pipe's end."""
	connection = Connection(int(sys.argv[1]))
	_end_with_parent()
	warnings.simplefilter("ignore")
	logging.getLogger("weasyprint").addHandler(logging.NullHandler())
	logging.getLogger("fontTools").setLevel(logging.CRITICAL)
	try:
		worker = Worker(connection)
	except (ImportError, OSError) as error:
		connection.send_bytes(json.dumps({"missing": str(error)}).encode())
		return
	resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
	resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
	gc.collect()
	gc.freeze()
	gc.disable()  # collected between two pages, while nobody waits
	connection.send_bytes(json.dumps({"ready": worker.weasyprint.__version__}).encode())
	worker.serve()


if __name__ == "__main__":
	main()
