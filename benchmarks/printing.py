"""A field service sheet as PDF: WeasyPrint as the app prints, and wkhtmltopdf as Frappe prints, from the same page.

Run from a bench's sites/ folder with the bench's Python (wkhtmltopdf on the PATH; the test site, with visits of its own
that are rolled back):
	python APP/benchmarks/printing.py SITE [--sheets 100]

Prints time and size of one sheet (median of five) and of a batch. The batch is what the list's Print action does on
either side: one PDF of all. A bar shows how far it is.
"""

import argparse
import logging
import os
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
from tqdm import tqdm

SHEET = "Field Service Sheet"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--sheets", type=int, default=100)
	parser.add_argument("--keep", help="folder to put both PDFs of one sheet in, to look at them")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	logging.disable(logging.CRITICAL)  # what the style sheets say that wkhtmltopdf does not know
	try:
		page = _page()
		print(f"{len(page) / 1024:.0f} KiB of HTML, one sheet; a batch is {arguments.sheets} of them")
		print(f"{'':12}{'one':>10}{'size':>12}{'pages':>7}{'batch':>11}{'a sheet':>10}{'size':>12}")
		for name, one, batch in (
			("WeasyPrint", _weasy, _weasy_batch),
			("wkhtmltopdf", _wkhtml, _wkhtml_batch),
		):
			_report(name, page, one, batch, arguments)
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _page() -> str:
	"""The page of a signed sheet with six items of work, Chinese and English, as the print format gives it."""
	import visiting

	from ops_delivery.printing import documents

	text = "更换核心交换机，核对端口与标签。Replace the switch and check each port."
	w = visiting.world(work_items=[{"work": f"{n + 1}: {text}", "steps": text} for n in range(6)])
	visiting.signed(w)
	return documents.html(visiting.fresh(w.visit), SHEET)


def _weasy(page: str) -> bytes:
	from ops_delivery.printing import weasy

	return weasy.pdf(page)


def _weasy_batch(page: str, number: int) -> bytes:
	from ops_delivery.printing import weasy

	rendered = [weasy.render(page) for _sheet in tqdm(range(number), unit="sheet", leave=False)]
	return rendered[0].copy([each for one in rendered for each in one.pages]).write_pdf()


def _wkhtml(page: str) -> bytes:
	from frappe.utils.pdf import get_pdf

	return get_pdf(page)


def _wkhtml_batch(page: str, number: int) -> bytes:
	from frappe.utils.pdf import get_pdf
	from pypdf import PdfWriter

	writer, written = PdfWriter(), BytesIO()
	for _sheet in tqdm(range(number), unit="sheet", leave=False):
		get_pdf(page, output=writer)
	writer.write(written)
	return written.getvalue()


def _report(name: str, page: str, one, batch, arguments) -> None:
	from pypdf import PdfReader

	one(page)  # fonts and modules are read
	times = []
	for _round in range(5):
		began = time.perf_counter()
		single = one(page)
		times.append(time.perf_counter() - began)
	began = time.perf_counter()
	many = batch(page, arguments.sheets)
	took = time.perf_counter() - began
	if arguments.keep:
		Path(arguments.keep, f"{name}.pdf").write_bytes(single)
	print(
		f"{name:12}{statistics.median(times):8.2f} s{len(single) / 1024:8.0f} KiB{len(PdfReader(BytesIO(single)).pages):7}"
		f"{took:9.1f} s{took / arguments.sheets:8.2f} s{len(many) / 1024:8.0f} KiB"
	)


if __name__ == "__main__":
	main()
