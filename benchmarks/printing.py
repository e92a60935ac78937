"""A field service sheet as PDF: WeasyPrint as the app prints, and wkhtmltopdf as Frappe prints, from the same page.

Run from a bench's sites/ folder with the bench's Python (wkhtmltopdf on the PATH; the test site, with visits of its own
that are rolled back):
	python APP/benchmarks/printing.py SITE [--sheets 100] [--rounds 15] [--lang zh]

Prints, for either: the first sheet of a process, one sheet (median and fastest; both in turn in each round), its size and
pages, a batch as the list's Print action makes it (one PDF of all; a bar shows how far it is). Then how much memory
this process and its helper hold after the first single print and after as many as the batch has.
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
	parser.add_argument("--rounds", type=int, default=15)
	parser.add_argument("--lang", default="en")
	parser.add_argument("--keep", help="folder to put both PDFs of one sheet in, to look at them")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	frappe.local.lang = arguments.lang
	logging.disable(logging.CRITICAL)  # what the style sheets say that wkhtmltopdf does not know
	try:
		page = _page()
		print(f"{len(page) / 1024:.0f} KiB of HTML, one sheet; a batch is {arguments.sheets} of them")
		_report(page, arguments)
		_memory(page, arguments.sheets)
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _page() -> str:
	"""The page of a signed sheet with six items of work, Chinese and English, as the print format gives it."""
	import visiting

	from ops_delivery.services.papers import prints as documents

	text = "更换核心交换机，核对端口与标签。Replace the switch and check each port."
	w = visiting.world(work_items=[{"work": f"{n + 1}: {text}", "steps": text} for n in range(6)])
	visiting.signed(w)
	return documents.html(visiting.fresh(w.visit), SHEET)


def _weasy(page: str) -> bytes:
	from ops_delivery.printing import weasy

	return weasy.pdf(page)


def _weasy_batch(page: str, number: int) -> bytes:
	from ops_delivery.services.papers import print_batches as batch

	with tqdm(total=number, unit="sheet", leave=False) as bar:
		return batch.together([batch.Page(page)] * number, told=lambda _done: bar.update())


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


def _report(page: str, arguments) -> None:
	from pypdf import PdfReader

	ways = {"WeasyPrint": (_weasy, _weasy_batch), "wkhtmltopdf": (_wkhtml, _wkhtml_batch)}
	times: dict[str, list[float]] = {name: [] for name in ways}
	first, single = {}, {}
	for name, (one, _batch) in ways.items():
		first[name], single[name] = _timed(one, page)
	for _round in range(arguments.rounds):
		for name, (one, _batch) in ways.items():
			times[name].append(_timed(one, page)[0])
	print(f"{'':12}{'first':>9}{'one':>9}{'fastest':>9}{'size':>11}{'pages':>6}{'batch':>9}{'a sheet':>9}{'size':>11}")
	for name, (_one, batch) in ways.items():
		took, many = _timed(batch, page, arguments.sheets)
		if arguments.keep:
			Path(arguments.keep, f"{name}.pdf").write_bytes(single[name])
		print(
			f"{name:12}{first[name]:7.2f} s{statistics.median(times[name]):7.2f} s{min(times[name]):7.2f} s"
			f"{len(single[name]) / 1024:7.0f} KiB{len(PdfReader(BytesIO(single[name])).pages):6}"
			f"{took:7.1f} s{took / arguments.sheets:7.2f} s{len(many) / 1024:7.0f} KiB"
		)


def _memory(page: str, number: int) -> None:
	from ops_delivery.printing import renderer

	renderer.end_idle()
	_weasy(page)
	(helper,) = renderer._idle
	processes = {"this process": os.getpid(), "its helper": helper.process.pid}
	time.sleep(1)  # what was freed is given back when the page has been handed over
	before = {name: _held(pid) for name, pid in processes.items()}
	for _print in range(number - 1):
		_weasy(page)
	time.sleep(1)
	for name, pid in processes.items():
		print(f"{name}: {before[name]} MiB after the first print, {_held(pid)} MiB after {number}")


def _timed(function, *given) -> tuple[float, bytes]:
	began = time.perf_counter()
	content = function(*given)
	return time.perf_counter() - began, content


def _held(pid: int) -> int:
	"""The process's memory that is its own and in use (MiB)."""
	text = Path(f"/proc/{pid}/status").read_text()
	return int(text.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
	main()
