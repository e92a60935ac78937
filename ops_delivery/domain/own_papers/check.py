"""A template checked before it is taken: every problem with its place (8.2.e, 5.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ops_delivery.domain.own_papers import fields, package, places
from ops_delivery.domain.own_papers.offer import Offer
from ops_delivery.domain.own_papers.problem import FILE, Place, Problem, problem
from ops_delivery.domain.own_papers.tags import Checker

MOST = 60  # problems that are said
OPENING = re.compile(r"\{\s*[{%#]")
READ = re.compile(r"(?i)(?:word|docprops)/[^/]+\.xml")


def check(content: bytes, offer: Offer) -> list[Problem]:
	"""What is wrong with a Word file as a template of what `offer` names; [] where it may be taken."""
	try:
		parts = package.parts(content)
		found = list(package.check(parts))
		if not any(one.code == "no_docx" for one in found):
			found += _texts(parts, offer)
	except package.Refused as refused:
		found = [refused.problem]
	return list(dict.fromkeys(found))[:MOST]


def _texts(parts: Mapping[str, bytes], offer: Offer) -> Iterator[Problem]:
	checker = Checker(offer)
	for name, tree, paragraphs in places.paragraphs(parts):
		yield from checker.check(paragraphs)
		yield from fields.check(paragraphs)
		yield from _hidden(name, tree)
	for name in sorted(parts):
		if READ.fullmatch(name) and places.kind_of(name) == FILE:
			yield from _elsewhere(name, package.read(name, parts[name]))
	if not checker.count:
		yield problem("says_nothing")


def _hidden(name: str, tree: Any) -> Iterator[Problem]:
	"""Tags where no reader sees them: in attributes, deleted text, comments of the file."""
	for node in tree.iter():
		if isinstance(node.tag, str) and node.tag != places.TEXT and OPENING.search(node.text or ""):
			yield problem("hidden_tag", Place(places.kind_of(name), text=_shown(node.text)))
		elif not isinstance(node.tag, str) and OPENING.search(node.text or ""):
			yield problem("hidden_tag", Place(places.kind_of(name), text=_shown(node.text)))
		if OPENING.search(node.tail or ""):
			yield problem("hidden_tag", Place(places.kind_of(name), text=_shown(node.tail)))
		for key, value in node.attrib.items() if isinstance(node.tag, str) else ():
			if OPENING.search(value):
				yield problem("hidden_tag", Place(places.kind_of(name), text=_shown(value)))
			elif key.rpartition("}")[2] in ("href", "src", "link") and "://" in value:
				yield problem("fetched", Place(places.kind_of(name), text=name), what=key.rpartition("}")[2], target=value[:200])


def _elsewhere(name: str, tree: Any) -> Iterator[Problem]:
	for node in tree.iter():
		values = [node.text or "", *(node.attrib.values() if isinstance(node.tag, str) else ())]
		for value in values:
			if any(sign in value for sign in places.LEFT):
				yield problem("tag_elsewhere", Place(text=name), tag=_shown(value))


def _shown(text: str) -> str:
	return " ".join(text.split())[:80]
