"""What printing costs: the same filled sheet, once and many times, by WeasyPrint (ours) and by wkhtmltopdf (Frappe's).

Run from a bench's sites/ folder with the bench's Python:
	QT_QPA_PLATFORM=offscreen python APP/benchmarks/printing.py SITE [--sheets 100]

Both get the same sheet and make one PDF of all, record by record, as the list's Print action does. Prints seconds, bytes
and pages side by side, and takes everything back at the end.
"""

import argparse
import io
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe

FORMAT = "Field Service Sheet"
BAR = 40


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--sheets", type=int, default=100)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	import visiting

	from ops_delivery.printing import documents
	from frappe.utils.pdf import get_pdf

	makers = {
		"WeasyPrint": lambda doc: documents.pdf(doc, FORMAT),
		"wkhtmltopdf": lambda doc: get_pdf(documents.html(doc, FORMAT)),
	}
	try:
		sheet = visiting.fresh(visiting.left(visiting.world()).visit)
		print("| | sheets | seconds | kB | pages |\n|---|---|---|---|---|")
		for make in makers.values():
			make(sheet)  # fonts and caches are warm for both
		for count in (1, arguments.sheets):
			for name, make in makers.items():
				seconds, size, pages = _batch(make, sheet, count, name)
				print(f"| {name} | {count} | {seconds:.1f} | {size / 1000:.0f} | {pages} |", flush=True)
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _batch(make, sheet, count: int, name: str) -> tuple[float, int, int]:
	"""(seconds, bytes, pages) of one PDF with `count` sheets."""
	from pypdf import PdfReader, PdfWriter

	writer, began = PdfWriter(), time.perf_counter()
	for number in range(1, count + 1):
		writer.append_pages_from_reader(PdfReader(io.BytesIO(make(sheet))))
		_progress(name, number, count)
	whole = io.BytesIO()
	writer.write(whole)
	return time.perf_counter() - began, len(whole.getvalue()), len(writer.pages)


def _progress(name: str, number: int, count: int) -> None:
	"""A bar on the terminal; nothing where the output goes to a file."""
	if sys.stderr.isatty():
		filled = "#" * (BAR * number // count)
		end = "\n" if number == count else ""
		print(f"\r{name:12} [{filled:<{BAR}}] {number}/{count}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
	main()
