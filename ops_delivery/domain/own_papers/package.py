"""The file itself: whether it is a Word document, how large it becomes, and what in it would fetch or run something (8.2.e, 5.4).

Nothing is unpacked to a disk, no entity is resolved, nothing is fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from ops_delivery.domain.own_papers.problem import Place, Problem, problem

MOST_BYTES = 10_000_000  # of the file
MOST_WHOLE = 60_000_000  # of all that is in it
MOST_XML = 6_000_000  # of one part that is read
MOST_PARTS = 500
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES, DOCUMENT = "[Content_Types].xml", "word/document.xml"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN = f"{WORD}document.main+xml"
DOTX = f"{WORD}template.main+xml"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
LINK = "/hyperlink"
LINKS = ("http://", "https://", "mailto:", "tel:")
# what carries code or another file into the document
CARRIED = re.compile(r"(?i)vba|activex|embeddings/|attachedtoolbars|\.(?:bin|exe|dll|js|vbs|ps1|bat|cmd|lnk|scr|hta|html?|mht|docm?|xlsm?)$")
# font bits and printer settings that Word itself writes
HARMLESS = re.compile(r"(?i)word/(?:fonts/[^/]+\.odttf|printersettings/[^/]+\.bin)$")
RUNS = ("/vbaProject", "/aFChunk", "/oleObject", "/package", "/control", "/attachedToolbars", "/subDocument", "/frame")


class Refused(ValueError):
	"""The file cannot be looked into further: `problem` says why."""

	def __init__(self, found: Problem):
		super().__init__(found.code)
		self.problem = found


def parts(content: bytes) -> dict[str, bytes]:
	"""The parts of a DOCX by name. Refused where it is none, or no file that may be unpacked."""
	if not content:
		raise Refused(problem("empty_file"))
	if len(content) > MOST_BYTES:
		raise Refused(problem("too_large", most=MOST_BYTES // 1_000_000))
	if content.startswith(OLE):
		raise Refused(problem("old_or_locked"))
	try:
		with zipfile.ZipFile(io.BytesIO(content)) as archive:
			return _unpacked(archive)
	except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
		if isinstance(error, Refused):
			raise
		raise Refused(problem("no_docx")) from None
	except Exception:  # zlib and lzma have errors of their own
		raise Refused(problem("no_docx")) from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
	found: dict[str, bytes] = {}
	infos, whole = archive.infolist(), 0
	if len(infos) > MOST_PARTS:
		raise Refused(problem("too_many_parts", most=MOST_PARTS))
	for info in infos:
		if info.flag_bits & 1:
			raise Refused(problem("old_or_locked"))
		name = info.filename.replace("\\", "/")
		if name in found or name.startswith("/") or ".." in name.split("/"):
			raise Refused(problem("odd_part", Place(text=info.filename)))
		if info.is_dir():
			continue
		with archive.open(info) as file:  # what the list of a bomb says of its size is no matter
			part = file.read(MOST_WHOLE - whole + 1)
		whole += len(part)
		if whole > MOST_WHOLE:
			raise Refused(problem("bomb", Place(text=name), most=MOST_WHOLE // 1_000_000))
		found[name] = part
	return found


def read(name: str, part: bytes) -> Any:
	"""A part as a tree. Refused where it is too large, is no XML, or brings definitions of its own."""
	if len(part) > MOST_XML:
		raise Refused(problem("bomb", Place(text=name), most=MOST_XML // 1_000_000))
	parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
	try:
		tree = etree.fromstring(part, parser)
	except (etree.XMLSyntaxError, ValueError):
		raise Refused(problem("entities" if b"<!ENTITY" in part else "broken_part", Place(text=name))) from None
	if tree.getroottree().docinfo.doctype or any(node.tag is etree.Entity for node in tree.iter()):
		raise Refused(problem("entities", Place(text=name)))
	return tree


def check(found: Mapping[str, bytes]) -> Iterator[Problem]:
	"""What the parts of a file may not be: no Word document, macros, other files, what is fetched from elsewhere."""
	if TYPES not in found or DOCUMENT not in found:
		yield problem("no_docx")
		return
	yield from _kinds(found)
	for name in found:
		if CARRIED.search(name) and not HARMLESS.search(name):
			yield problem("carries", Place(text=name))
		elif name.endswith(".rels"):
			yield from _relations(name, found[name])


def _kinds(found: Mapping[str, bytes]) -> Iterator[Problem]:
	for node in read(TYPES, found[TYPES]):
		kind, of = node.get("ContentType") or "", (node.get("PartName") or "").lstrip("/")
		if "macroenabled" in kind.lower() or "vbaproject" in kind.lower():
			yield problem("macros", Place(text=of or kind))
		elif of == DOCUMENT and kind != MAIN:
			yield problem("word_template" if kind == DOTX else "no_docx")


def _relations(name: str, part: bytes) -> Iterator[Problem]:
	for node in read(name, part).iter(RELATION):
		kind, target = node.get("Type") or "", node.get("Target") or ""
		if (node.get("TargetMode") or "").lower() == "external":
			if not (kind.endswith(LINK) and target.lower().startswith(LINKS)):
				yield problem("fetched", Place(text=name), what=kind.rpartition("/")[2], target=target[:200])
		elif kind.endswith(RUNS) or "://" in target or target.startswith(("\\\\", "//")):
			yield problem("carries", Place(text=name), what=kind.rpartition("/")[2])
