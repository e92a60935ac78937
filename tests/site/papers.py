"""Every paper of ours as a document settled with its customer, with words planted where the supplier keeps to themselves."""

import io
import os
import re
import subprocess
from html import unescape
from pathlib import Path

import consulting_scene
import frappe
import planning
import plans
import visiting
from pypdf import PdfReader

SECRET = "Zebramargin"  # stands wherever the supplier keeps something to themselves
WORDS = "Kaleidoscope"  # stands in what was agreed


def shown(w, doc, **values):
	"""The document as one that is settled with the customer, with the values planted past its rules."""
	doc = frappe.get_doc(doc.doctype, doc.name)
	doc.update({"customer": w.customer, **values})
	doc.flags.ignore_validate = doc.flags.ignore_links = doc.flags.ignore_mandatory = True
	doc.db_update()
	for row in doc.get_all_children():
		if row.is_new() or not frappe.db.exists(row.doctype, row.name):
			row.db_insert()
	frappe.db.commit()
	return doc


def agreement(w):
	return frappe.get_doc("Service Agreement", w.agreement.name)


def delivery_plan(w):
	doc = planning.plan(customer=w.customer, description=f"<p>{WORDS}</p>")
	doc.append("funds", {"kind": "Cost", "item": SECRET, "planned_amount": 98765, "source": SECRET})
	doc.append(
		"staff",
		{
			"role": "Lead",
			"kind": "Manager",
			"person_name": "Chen Jing",
			"competence_held": SECRET,
			"gap": SECRET,
		},
	)
	doc.append("documents", {"kind": "Operation Manual", "title": "Handbook", "link": f"https://{SECRET}.example"})
	doc.flags.ignore_mandatory = True
	doc.save()
	return shown(w, doc, status="Approved")


def optimization_plan(w):
	doc = frappe.get_doc(plans.proposal(customer=w.customer)).insert()
	return shown(w, doc, status="Approved", actual_cost=98765)


def consulting_plan(w):
	return shown(w, consulting_scene.plan(customer=w.customer), status="Approved")


def consulting_report(w):
	doc = frappe.new_doc("Consulting Report")
	doc.update({"name": frappe.generate_hash(length=10), "title": "Backups", "summary": f"<p>{WORDS}</p>"})
	doc.db_insert()
	return shown(w, doc, status="Issued")


def visit(w):
	return shown(w, visiting.world(customer=w.customer).visit)


def session(w):
	return shown(w, visiting.world("Remote Support Session", customer=w.customer).visit)


PAPERS = {
	"agreement": agreement,
	"delivery plan": delivery_plan,
	"optimization plan": optimization_plan,
	"consulting plan": consulting_plan,
	"consulting report": consulting_report,
}

# what has a page of its own on the portal
ALL = {**PAPERS, "visit": visit, "session": session}


def text_of(content: bytes) -> str:
	"""What stands on the pages of a PDF."""
	return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def keep(content: bytes, name: str) -> None:
	"""Lay a PDF where a person looks at it: in the folder that OPS_PAPERS names, if any."""
	if folder := os.environ.get("OPS_PAPERS"):
		Path(folder, f"{name}.pdf").write_bytes(content)


def reach(content: bytes, tmp_path) -> tuple[float, float]:
	"""How far right the words of a PDF reach, and its page."""
	file = tmp_path / "long.pdf"
	file.write_bytes(content)
	boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
	found = [float(end) for end in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)]
	assert len(found) > 10
	return max(found), float(re.search(r'<page width="([\d.]+)"', boxes)[1])


def said(content: bytes) -> str:
	"""What stands on the pages of a PDF in the order in which it is set, as pdftotext reads it."""
	return " ".join(subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True).stdout.decode().split())


def laid_out(content: bytes) -> list[list[tuple[str, tuple[float, float, float, float]]]]:
	"""Of each page the words with their boxes (left, top, right, bottom) in points, as pdftotext finds them."""
	boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
	word = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')
	pages = boxes.split("<page ")[1:]
	return [[(unescape(text), tuple(map(float, box))) for *box, text in word.findall(page)] for page in pages]


def faults(content: bytes, least: int = 6) -> list[str]:
	"""What a reader would take for a fault of the page: columns of one character's width, a page with next to nothing on it.

	`least`: so many lines stand on each page at least, without its head and foot.
	"""
	found = []
	for number, words in enumerate(laid_out(content), 1):
		inner = [(text, box) for text, box in words if 40 < box[1] < 790]
		single = sorted((round(box[0]), box[1]) for text, box in inner if len(text) == 1 and text not in "☐☑–—·:：")
		for first, second, third in zip(single, single[1:], single[2:], strict=False):
			if first[0] == second[0] == third[0] and second[1] - first[1] < 16 and third[1] - second[1] < 16:
				found.append(f"page {number}: a column of one character at {first}")
				break
		lines = {round(box[1] / 3) for _text, box in inner}
		if len(lines) < least:
			found.append(f"page {number}: only {len(lines)} lines: {' '.join(text for text, _box in inner)}")
	return found


def in_order(said: str, *parts: str) -> None:
	"""Each part stands in the text, behind the one before it."""
	at = 0
	for part in parts:
		found = said.find(part, at)
		assert found >= 0, f"{part!r} does not stand behind {said[max(0, at - 60):at]!r} in: {said}"
		at = found + len(part)
