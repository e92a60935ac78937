"""Word's own field codes in a template: page numbers and the like, none that fetches a file or starts something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ops_delivery.domain.own_papers.places import PARAGRAPH, PIECE, Paragraph, W
from ops_delivery.domain.own_papers.problem import Problem, problem

MARK, SIMPLE = f"{W}fldChar", f"{W}fldSimple"
KIND, CODE = f"{W}fldCharType", f"{W}instr"
ALLOWED = frozenset(
	"PAGE NUMPAGES SECTION SECTIONPAGES DATE TIME CREATEDATE SAVEDATE PRINTDATE TOC TC REF PAGEREF NOTEREF SEQ STYLEREF HYPERLINK"
	" TITLE SUBJECT AUTHOR FORMTEXT FORMCHECKBOX FORMDROPDOWN SYMBOL INDEX XE LISTNUM EQ ADVANCE BIDIOUTLINE".split()
)
SPACES = re.compile(r"\s+")


def check(paragraphs: list[Paragraph]) -> Iterator[Problem]:
	"""Field codes that no template may have, by place. A code may go on in the next paragraph."""
	codes: list[list[str]] = []  # of the fields that are open, the innermost last
	reading: list[bool] = []
	for paragraph in paragraphs:
		for node in paragraph.element.iter(MARK, PIECE, SIMPLE):
			if _paragraph_of(node) is not paragraph.element:
				continue
			if node.tag == SIMPLE:
				yield from _judged(node.get(CODE) or "", paragraph)
			elif node.tag == PIECE:
				if codes and reading[-1]:
					codes[-1].append(node.text or "")
				elif (node.text or "").strip():
					yield from _judged(node.text, paragraph)
			elif node.get(KIND) == "begin":
				if reading and reading[-1]:
					yield problem("field_in_field", paragraph.place)
				codes.append([])
				reading.append(True)
			elif codes and node.get(KIND) in ("separate", "end"):
				if reading[-1]:
					yield from _judged("".join(codes[-1]), paragraph)
				reading[-1] = False
				if node.get(KIND) == "end":
					codes.pop()
					reading.pop()
	if codes and reading[-1]:
		yield from _judged("".join(codes[-1]), paragraphs[-1])


def _judged(code: str, paragraph: Paragraph) -> Iterator[Problem]:
	word = SPACES.split(code.strip(), maxsplit=1)[0].upper()
	if word and word not in ALLOWED:
		yield problem("word_field", paragraph.place, name=word[:40])


def _paragraph_of(node):
	above = node.getparent()
	while above is not None and above.tag != PARAGRAPH:
		above = above.getparent()
	return above
