"""The tags of a template by place: each closed where it is opened, none across cells, nothing but for, if and names (8.2.e)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ops_delivery.domain.own_papers.offer import GROUP, Node, Offer
from ops_delivery.domain.own_papers.places import LEFT, RIGHT, Paragraph, around
from ops_delivery.domain.own_papers.problem import Place, Problem, problem
from ops_delivery.domain.own_papers.words import LONGEST, Reader

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
WHOLE = re.compile(r"\{[{%#](p|tr|tc|r)\s")
TRIMMED = re.compile(r"^\{[{%#][-+]|[-+][}%#]\}$")
FOR = re.compile(r"for\s+([A-Za-z_]\w*)\s+in\s+(.+)", re.DOTALL)
CURLY = str.maketrans("“”‘’", "\"\"''")  # what Word makes of straight quotation marks
MOST_TAGS = 3_000
DEEPEST = 5  # loops within loops; the inner ones go through what their row has
OPENED = {"for": "endfor", "if": "endif"}
INCLUDED = ("include", "import", "from", "extends", "block", "embed")
MACROS = ("macro", "call", "set", "do", "filter", "with", "raw", "autoescape")


@dataclass(frozen=True)
class Tag:
	"""One tag: what it says without its braces, how (`{{`, `{%`, `{#`), what vanishes with it ("" or p, tr, tc), and where."""

	inner: str
	sign: str
	whole: str
	paragraph: Paragraph
	place: Place
	written: str


@dataclass
class _Block:
	word: str
	tag: Tag
	within: Any
	name: str = ""
	node: Node | None = None
	table: Any = None


def of(paragraph: Paragraph) -> Iterator[Tag | Problem]:
	"""The tags of a paragraph, and what is no whole one."""
	end = 0
	for found in TAG.finditer(paragraph.text):
		yield from _loose(paragraph, end, found.start())
		end, written = found.end(), found[0]
		place = _at(paragraph, found.start(), end)
		if len(written) > LONGEST:
			yield problem("tag_too_long", place, most=LONGEST)
		elif TRIMMED.search(written):
			yield problem("trimmed", place, tag=_short(written))
		else:
			whole = WHOLE.match(written)
			inner = written[2 + len(whole[1]) if whole else 2 : -2].translate(CURLY)
			yield Tag(" ".join(inner.split()), written[:2], whole[1] if whole else "", paragraph, place, _short(written))
	yield from _loose(paragraph, end, len(paragraph.text))


def _loose(paragraph: Paragraph, start: int, end: int) -> Iterator[Problem]:
	text = paragraph.text[start:end]
	for signs, code in ((LEFT, "unclosed"), (RIGHT, "unopened")):
		for sign in signs:
			if (at := text.find(sign)) >= 0:
				yield problem(code, _at(paragraph, start + at, start + at + 2), tag=sign)


class Checker:
	"""Goes through the tags of one part in their order."""

	def __init__(self, offer: Offer):
		self.reader, self.blocks, self.count = Reader(offer), [], 0

	def check(self, paragraphs: list[Paragraph]) -> Iterator[Problem]:
		"""What is wrong in one part of the document, by place."""
		self.blocks = []
		for paragraph in paragraphs:
			for tag in of(paragraph):
				self.count += 1
				if self.count > MOST_TAGS:
					yield problem("too_many_tags", tag.place, most=MOST_TAGS)
					return
				if isinstance(tag, Problem):
					yield tag
					continue
				yield from (replace(found, place=tag.place) for found in self._tag(tag))
		for block in self.blocks:
			yield problem("never_ended", block.tag.place, tag=block.tag.written, end=OPENED[block.word])

	def _tag(self, tag: Tag) -> Iterator[Problem]:
		yield from self._whole(tag)
		if tag.sign == "{#":
			return
		if tag.sign == "{{":
			if not tag.inner:
				yield problem("nothing_in", tag=tag.written)
				return
			yield from (problem(code, tag=tag.written, **said) for code, said in self.reader.printed(tag.inner, self._scope()))
			return
		word, _space, rest = tag.inner.partition(" ")
		match word:
			case "for":
				yield from self._for(tag)
			case "if":
				yield from self._asked(tag, rest)
				self.blocks.append(_Block("if", tag, _within(tag)))
			case "elif" | "else" | "endif" | "endfor":
				yield from self._goes_on(tag, word, rest)
			case _ if word in INCLUDED:
				yield problem("includes", tag=tag.written, name=word)
			case _ if word in MACROS:
				yield problem("macro_tag", tag=tag.written, name=word)
			case _:
				yield problem("unknown_tag", tag=tag.written, name=word or "{% %}")

	def _whole(self, tag: Tag) -> Iterator[Problem]:
		"""What is removed with its row, cell or paragraph stands in it alone."""
		if not tag.whole:
			return
		if tag.whole == "r" or tag.sign != "{%":
			yield problem("whole_not_here", tag=tag.written)
			return
		holder = {"p": tag.paragraph.element, "tr": tag.paragraph.row, "tc": tag.paragraph.cell}[tag.whole]
		if holder is None:
			yield problem("no_row", tag=tag.written)
		elif "".join(node.text or "" for node in holder.iter() if isinstance(node.tag, str) and node.tag.endswith("}t")).strip() != _all_of(tag):
			yield problem("not_alone", tag=tag.written, whole=tag.whole)

	def _for(self, tag: Tag) -> Iterator[Problem]:
		found = FOR.fullmatch(tag.inner)
		block = _Block("for", tag, _within(tag))
		loops = [one for one in self.blocks if one.word == "for"]
		if not found:
			yield problem("for_how", tag=tag.written)
		else:
			name, table = found.groups()
			node, wrong = self.reader.looped(table, self._scope(), bool(loops))
			yield from (problem(code, tag=tag.written, **said) for code, said in wrong)
			if name in self.reader.offer or name in self._scope() or name == "loop" or name.startswith("_"):
				yield problem("name_taken", tag=tag.written, name=name)
			block.name, block.node = name, node and Node(GROUP, node.meaning, parts=node.parts)
		if len(loops) >= DEEPEST:
			yield problem("too_deep", tag=tag.written, most=DEEPEST)
		self.blocks.append(block)

	def _asked(self, tag: Tag, text: str) -> Iterator[Problem]:
		if not text:
			yield problem("if_what", tag=tag.written)
			return
		yield from (problem(code, tag=tag.written, **said) for code, said in self.reader.asked(text, self._scope()))

	def _goes_on(self, tag: Tag, word: str, rest: str) -> Iterator[Problem]:
		wanted = "for" if word == "endfor" else "if"
		if not self.blocks or self.blocks[-1].word != wanted:
			open_one = self.blocks[-1].tag.written if self.blocks else ""
			yield problem("not_open", tag=tag.written, open=open_one)
			return
		block = self.blocks[-1]
		if block.tag.whole != tag.whole or block.within is not _within(tag):
			yield problem("elsewhere", tag=tag.written, open=block.tag.written)
		if word == "elif":
			yield from self._asked(tag, rest)
		elif rest:
			yield problem("syntax", tag=tag.written, why=rest[:60])
		if word.startswith("end"):
			self.blocks.pop()

	def _scope(self) -> dict[str, Node]:
		unknown = Node(GROUP)
		return {block.name: block.node or unknown for block in self.blocks if block.word == "for" and block.name and block.node}


def _within(tag: Tag) -> Any:
	"""In what both ends of a block must lie: text in one paragraph, paragraphs side by side, rows of a table, cells of a row."""
	paragraph = tag.paragraph
	return {"": paragraph.element, "p": paragraph.parent, "tr": paragraph.table, "tc": paragraph.row}.get(tag.whole, paragraph.element)


def _all_of(tag: Tag) -> str:
	text = tag.paragraph.text.strip()
	return text if TAG.fullmatch(text) else "\0"


def _at(paragraph: Paragraph, start: int, end: int) -> Place:
	return replace(paragraph.place, text=around(paragraph.text, start, end))


def _short(written: str) -> str:
	said = " ".join(written.split())
	return said if len(said) <= 80 else said[:78] + " …"
