"""The process that fills a Word template in. No Frappe, no site, no network and no record here: plain values alone.

One JSON line comes in ({"values", "mark", "cpu"}), then the template's bytes; out comes "OK" and the document, or "NO" and JSON
({"code", "said"}). It is started and ended by word.py; memory and processor time are bounded here.
"""

from __future__ import annotations

import base64
import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run by its path: what lies beside it are no top-level modules, and this is our very package
	sys.path[0] = str(Path(__file__).resolve().parents[2])

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from PIL import Image

from ops_delivery.domain.own_papers import offer, words

MEMORY = 1024 * 1024 * 1024
MOST_OUT = 30_000_000  # bytes of a document
WIDEST = 160  # mm, of a picture
TAKEN = ("PNG", "JPEG", "GIF", "BMP", "TIFF")


class Engine(ImmutableSandboxedEnvironment):
	"""Compiles nothing but what the allow-list has, and reaches into dictionaries and a loop's own numbers alone."""

	def __init__(self) -> None:
		super().__init__(undefined=StrictUndefined, autoescape=True)
		self.globals.clear()
		self.tests.clear()
		self.filters = {name: self.filters[name] for name in words.FILTERS}

	def _parse(self, source: str, name: str | None, filename: str | None) -> Any:
		tree = super()._parse(source, name, filename)
		if refused := words.first_refused(tree):
			raise SecurityError(": ".join(refused))
		return tree

	def getattr(self, obj: Any, attribute: str) -> Any:
		if isinstance(obj, dict):
			return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
		if isinstance(obj, LoopContext) and attribute in offer.LOOP_PARTS:
			return getattr(obj, attribute)
		raise SecurityError(f"reaches: {attribute}")

	def getitem(self, obj: Any, argument: Any) -> Any:
		return self.getattr(obj, argument)


def filled(template: bytes, values: dict[str, Any], mark: str = "") -> bytes:
	"""The document of a template. jinja2.TemplateError and what docxtpl makes of a file that it cannot work with."""
	document = DocxTemplate(io.BytesIO(template))
	document.init_docx()
	if mark:
		_mark(document, mark)  # before: the heads are others once they are filled in
	document.render(_shown(document, values), Engine(), autoescape=True)
	written = io.BytesIO()
	document.save(written)
	return written.getvalue()


def _shown(document: Any, value: Any) -> Any:
	"""The values with their pictures as those of this document."""
	if isinstance(value, list):
		return [_shown(document, one) for one in value]
	if not isinstance(value, dict):
		return value
	if set(value) == {"picture", "height"}:
		return _picture(document, **value)
	return {name: _shown(document, one) for name, one in value.items()}


def _picture(document: Any, picture: str, height: int) -> Any:
	"""A picture of this document; "" for one that cannot be read, as the paper is more than its pictures."""
	content = base64.b64decode(picture.partition(",")[2])
	try:
		with Image.open(io.BytesIO(content)) as image:
			wide, high = image.size
			if image.format not in TAKEN:
				converted = io.BytesIO()
				image.convert("RGB").save(converted, "PNG")
				content = converted.getvalue()
	except (OSError, ValueError, Image.DecompressionBombError):
		return ""
	if height * wide > WIDEST * high:
		return InlineImage(document, io.BytesIO(content), width=Mm(WIDEST))
	return InlineImage(document, io.BytesIO(content), height=Mm(height))


def _mark(document: Any, text: str) -> None:
	"""What binds nobody says so at the head of each page, whatever the template shows."""
	even = document.docx.settings.odd_and_even_pages_header_footer
	for number, section in enumerate(document.docx.sections):
		first = section.different_first_page_header_footer
		heads = [section.header, *([section.first_page_header] if first else ()), *([section.even_page_header] if even else ())]
		for head in heads:
			if number and head.is_linked_to_previous:
				continue
			above = head.paragraphs[0] if head.paragraphs else head.add_paragraph()
			line = above.insert_paragraph_before()
			line.alignment = WD_ALIGN_PARAGRAPH.CENTER
			run = line.add_run(text)
			run.bold, run.font.size, run.font.color.rgb = True, Pt(20), RGBColor(0xB0, 0x30, 0x30)


def main() -> None:
	"""One template, and the end."""
	asked = json.loads(sys.stdin.buffer.readline())
	resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
	resource.setrlimit(resource.RLIMIT_CPU, (asked["cpu"], asked["cpu"] + 1))
	try:
		content = filled(sys.stdin.buffer.read(), asked["values"], asked["mark"])
		if len(content) > MOST_OUT:
			raise MemoryError
	except (MemoryError, RecursionError):
		_say(code="endless", said="")
	except TemplateError as error:
		_say(code="template", said=f"{error.message or type(error).__name__}"[:300])
	except Exception as error:  # whatever the libraries make of a file
		_say(code="broken", said=f"{type(error).__name__}: {error}"[:300])
	else:
		sys.stdout.buffer.write(b"OK\n" + content)
		sys.stdout.buffer.flush()


def _say(**said: str) -> None:
	sys.stdout.buffer.write(b"NO\n" + json.dumps(said).encode())
	sys.stdout.buffer.flush()


if __name__ == "__main__":
	main()
