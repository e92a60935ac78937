"""Many records as one PDF, from the list's own Print action: each with page numbers of its own (8.4.b.1).

Two renderers lay out one record each at a time, while the next record's page is made here.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import flt
from frappe.www.printview import validate_print_permission

from ops_delivery.printing import weasy
from ops_delivery.printing.renderer import Renderer, TooSlow
from ops_delivery.services.papers import prints as documents

MOST = 500
MOST_HANDS = min(2, os.cpu_count() or 1)
MOST_TOGETHER = 25  # laid out and not yet written: each takes some 6 MB
SIZES = frozenset(f"A{n}" for n in range(3, 7)) | {"B4", "B5", "Letter", "Legal", "Ledger"}


class Page(NamedTuple):
	"""A whole HTML page, and the record whose page it is."""

	html: str
	record: tuple[str, str] | None = None


class Place(NamedTuple):
	"""Where a page's sheets are: in which PDF of a renderer's, from where, how many."""

	renderer: int
	pdf: int
	first: int
	number: int


def pdf(
	doctype: str,
	names: list[str],
	print_format: str | None,
	no_letterhead: bool = False,
	letterhead: str | None = None,
	options: dict[str, Any] | None = None,
	told: Callable[[int, int], None] | None = None,
) -> bytes:
	"""One PDF of all records, in the order of their names. `told` (done, all) is called after each.

	`options` are those of Frappe's dialog: page-size, or page-width and page-height (mm). PermissionError where one
	may not be printed; ValidationError for none or more than 500.
	"""
	if not names or len(names) > MOST:
		frappe.throw(_("Print between 1 and {0} records at a time; these are {1}.").format(MOST, len(names)))

	def pages() -> Iterator[Page]:
		for name in names:
			doc = frappe.get_doc(doctype, name)
			validate_print_permission(doc)
			yield Page(documents.html(doc, print_format, no_letterhead, letterhead), (doc.doctype, doc.name))

	return together(pages(), size(options or {}), told and (lambda done: told(done, len(names))))


def together(pages: Iterable[Page], css: str = "", told: Callable[[int], None] | None = None) -> bytes:
	"""The pages as one PDF, in their order. `told` (done) is called after each.

	weasy.TooLong where a page does not end, or where somebody waits and all together take too long.
	"""
	with contextlib.ExitStack() as stack:
		crew: list[Hand] = []
		places: dict[int, Place] = {}
		for number, page in enumerate(pages):
			hand = next((hand for hand in crew if not hand.is_busy), None)
			if not hand and len(crew) < MOST_HANDS:
				hand = Hand(len(crew), stack.enter_context(weasy.renderer_for()))
				crew.append(hand)
			(hand or _free(crew, places, told)).begin(number, page, css)
		while [hand for hand in crew if hand.is_busy or hand.begin_to_write()]:
			_free(crew, places, told)
		return _bound([hand.written for hand in crew], [places[number] for number in sorted(places)])


def size(options: dict[str, Any]) -> str:
	"""The style that sets the size of the page where `options` (of Frappe's dialog) ask for another than A4."""
	width, height = flt(options.get("page-width")), flt(options.get("page-height"))
	if 50 <= width <= 1000 and 50 <= height <= 1000:
		return f"@page {{ size: {width:g}mm {height:g}mm; }}"
	name = re.sub(r"\W", "", str(options.get("page-size") or ""))
	return f"@page {{ size: {name.lower() if name.startswith('L') else name}; }}" if name in SIZES else ""


class Hand:
	"""A renderer that works for the batch: lays out one page after the other, and now and then writes those it has."""

	def __init__(self, number: int, renderer: Renderer):
		self.number, self.renderer = number, renderer
		self.page: Page | None = None  # that it lays out
		self.place_of = 0  # that page's number
		self.writes = False
		self.written: list[bytes] = []
		self.sheets = self.waiting = 0  # of what is laid out and not yet written: sheets, pages

	@property
	def is_busy(self) -> bool:
		"""Whether it has not yet answered what it was asked last."""
		return bool(self.page) or self.writes

	def begin(self, number: int, page: Page, css: str) -> None:
		"""Start on a page."""
		if not getattr(frappe.local, "request", None):
			self.renderer.allow(weasy.seconds())  # a job has time, but no page without end
		style, html = weasy.apart(page.html, css)
		self.page, self.place_of = page, number
		self.renderer.ask(html, style, frappe.utils.get_url())

	def begin_to_write(self) -> bool:
		"""Start to write what is laid out; whether there was anything."""
		if not self.waiting:
			return False
		self.writes, self.sheets, self.waiting = True, 0, 0
		self.renderer.ask_to_write()
		return True

	def finish(self) -> Place | None:
		"""Wait for what it works on: where a page's sheets are; None for what it wrote."""
		if self.writes:
			self.written.append(self.renderer.written())
			self.writes = False
			return None
		record = self.page.record
		try:
			number = self.renderer.answer(functools.partial(weasy.own_file, record=record))
		except TooSlow:
			weasy.raise_too_slow(record)
		place = Place(self.number, len(self.written), self.sheets, number)
		self.page, self.sheets, self.waiting = None, self.sheets + number, self.waiting + 1
		return place


def _free(crew: list[Hand], places: dict[int, Place], told: Callable[[int], None] | None) -> Hand:
	"""The first hand that has nothing to do; where the sheets are of pages that were finished meanwhile is noted."""
	while True:
		busy = {hand.renderer.connection: hand for hand in crew if hand.is_busy}
		soonest = min(hand.renderer.until for hand in busy.values()) - time.monotonic()
		ready = wait(list(busy), timeout=max(soonest, 0))
		hand = busy[ready[0]] if ready else next(iter(busy.values()))
		number, place = hand.place_of, hand.finish()
		if place:
			places[number] = place
			if told:
				told(len(places))
		if hand.waiting < MOST_TOGETHER or not hand.begin_to_write():
			return hand
		if any(not other.is_busy for other in crew):
			return next(other for other in crew if not other.is_busy)


def _bound(written: list[list[bytes]], places: list[Place]) -> bytes:
	"""The sheets of all PDFs in the order of the places."""
	if len(written) == 1 and len(written[0]) == 1:
		return written[0][0]
	from pypdf import PdfReader, PdfWriter

	readers = [[PdfReader(io.BytesIO(content)) for content in contents] for contents in written]
	writer, bound = PdfWriter(), io.BytesIO()
	for place in places:
		sheets = readers[place.renderer][place.pdf].pages
		for at in range(place.first, place.first + place.number):
			writer.add_page(sheets[at])
	writer.add_metadata(readers[0][0].metadata or {})
	writer.write(bound)
	return bound.getvalue()
