"""A template to begin with, made of what a record type offers: one for each type, in the reader's language (8.2.e)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from frappe import _

from ops_delivery.domain.own_papers.offer import Node, Offer
from ops_delivery.services.own_papers.registry import Block, Source

WIDTH = 178  # mm between the margins
LATIN, HAN = "Arial", "Microsoft YaHei"
SHADE = "EEF1F5"
FACTS = (26, 63, 26, 63)


def of(source: Source) -> bytes:
	"""The starting template of a record type as DOCX."""
	offer, document = source.offer(), Document()
	_page(document)
	_head(document)
	for block in source.layout():
		if block.title:
			_heading(document, block.title)
		{"facts": _facts, "text": _text, "table": _rows, "signs": _signs, "section": _section, "sections": _section}[block.kind](document, offer, block)
	_foot(document)
	written = io.BytesIO()
	document.save(written)
	return written.getvalue()


def _page(document: Any) -> None:
	section = document.sections[0]
	section.page_width, section.page_height = Mm(210), Mm(297)
	section.left_margin = section.right_margin = Mm(16)
	section.top_margin = section.bottom_margin = Mm(14)
	section.header_distance = section.footer_distance = Mm(7)
	style = document.styles["Normal"]
	style.font.name, style.font.size = LATIN, Pt(9.5)
	style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HAN)
	style.paragraph_format.space_after = Pt(0)


def _head(document: Any) -> None:
	line = document.sections[0].header.paragraphs[0]
	line.add_run("{{ supplier_name }}").font.size = Pt(9)
	title = document.add_paragraph()
	title.alignment = WD_ALIGN_PARAGRAPH.CENTER
	run = title.add_run("{{ paper_name }}")
	run.bold, run.font.size = True, Pt(18)
	number = document.add_paragraph()
	number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
	number.paragraph_format.space_after = Pt(4)
	number.add_run(_("No. {0}", context="Paper").format("{{ number }}") + "   " + _("version {0}").format("{{ version }}")).font.size = Pt(9)
	about = document.add_paragraph()
	about.paragraph_format.space_after = Pt(6)
	about.add_run("{{ title }}").bold = True


def _heading(document: Any, text: str) -> None:
	line = document.add_paragraph()
	line.paragraph_format.space_before, line.paragraph_format.keep_with_next = Pt(4), True
	line.add_run(text).bold = True


def _facts(document: Any, offer: Offer, block: Block) -> None:
	names = block.names
	table = _grid(document, (len(names) + 1) // 2, FACTS)
	for at, name in enumerate(names):
		row, side = divmod(at, 2)
		_label(table.cell(row, 2 * side), _node(offer, name).on_paper)
		_write(table.cell(row, 2 * side + 1), f"{{{{ {name} }}}}")
	_space(document)


def _text(document: Any, offer: Offer, block: Block) -> None:
	table = _grid(document, len(block.names), (FACTS[0], WIDTH - FACTS[0]))
	for at, name in enumerate(block.names):
		_label(table.cell(at, 0), _node(offer, name).on_paper)
		_write(table.cell(at, 1), f"{{{{ {name} }}}}")
	_space(document)


def _rows(document: Any, offer: Offer, block: Block) -> None:
	"""A table that is there where it has rows; its head stands on each page."""
	node = offer[block.of]
	document.add_paragraph(f"{{%p if {block.of} %}}")
	_heading(document, node.meaning)
	widths = tuple(WIDTH * share / sum(block.widths) for share in block.widths)
	table = _grid(document, 4, widths)
	for at, name in enumerate(block.names):
		_label(table.cell(0, at), node.parts[name].on_paper)
		_write(table.cell(2, at), f"{{{{ row.{name} }}}}")
	_write(table.cell(1, 0), f"{{%tr for row in {block.of} %}}")
	_write(table.cell(3, 0), "{%tr endfor %}")
	_mark_row(table.rows[0], "w:tblHeader")
	_space(document)
	document.add_paragraph("{%p endif %}")


def _signs(document: Any, offer: Offer, block: Block) -> None:
	image, name, day = block.names
	table = _grid(document, 1, (WIDTH / 2, WIDTH / 2))
	table.rows[0].height = Mm(30)
	for at, title in enumerate((_("For the supplier (signature, seal)", context="Paper"), _("For the customer (signature, seal)", context="Paper"))):
		cell = table.cell(0, at)
		_write(cell, title)
		cell.paragraphs[0].runs[0].bold = True
	customer = table.cell(0, 1)
	if image:
		customer.add_paragraph(f"{{{{ {image} }}}}")
	customer.add_paragraph(f"{{{{ {name} }}}} {{{{ {day} }}}}")
	_space(document)


def _section(document: Any, offer: Offer, block: Block) -> None:
	"""A section of a report, or each of them: heading, texts, figures and tables with as many columns as they have."""
	many = block.kind == "sections"
	one = "section" if many else block.of
	document.add_paragraph(f"{{%p for section in {block.of} %}}" if many else f"{{%p if {one}.heading %}}")
	_heading(document, (f"{{{{ {one}.number }}}} " if many else "") + f"{{{{ {one}.heading }}}}")
	for name in ("introduction", "text"):
		document.add_paragraph(f"{{%p if {one}.{name} %}}")
		document.add_paragraph(f"{{{{ {one}.{name} }}}}")
		document.add_paragraph("{%p endif %}")
	document.add_paragraph(f"{{%p if {one}.figures %}}")
	table = _grid(document, 3, (WIDTH / 2, WIDTH / 4, WIDTH / 4))
	for at, name in enumerate(("label", "value", "previous")):
		_write(table.cell(1, at), f"{{{{ row.{name} }}}}")
	_write(table.cell(0, 0), f"{{%tr for row in {one}.figures %}}")
	_write(table.cell(2, 0), "{%tr endfor %}")
	document.add_paragraph("{%p endif %}")
	document.add_paragraph(f"{{%p for table in {one}.tables %}}")
	_heading(document, "{{ table.title }}")
	table = _grid(document, 4, (WIDTH / 3, WIDTH / 3, WIDTH / 3))
	for row, of, cell in ((0, "table.columns", "label"), (2, "line.cells", "text")):
		for at, text in enumerate((f"{{%tc for cell in {of} %}}", f"{{{{ cell.{cell} }}}}", "{%tc endfor %}")):
			_write(table.cell(row, at), text)
	_write(table.cell(1, 0), "{%tr for line in table.lines %}")
	_write(table.cell(3, 0), "{%tr endfor %}")
	_mark_row(table.rows[0], "w:tblHeader")
	document.add_paragraph("{%p endfor %}")
	_space(document)
	document.add_paragraph("{%p endfor %}" if many else "{%p endif %}")


def _foot(document: Any) -> None:
	line = document.sections[0].footer.paragraphs[0]
	line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
	line.add_run("{{ number }}  ·  ").font.size = Pt(8)
	_field(line, "PAGE")
	line.add_run(" / ").font.size = Pt(8)
	_field(line, "NUMPAGES")


# parts


def _grid(document: Any, rows: int, widths: tuple[float, ...]) -> Any:
	table = document.add_table(rows, len(widths), style="Table Grid")
	table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
	for column, width in zip(table.columns, widths, strict=True):
		column.width = Mm(width)
		for cell in column.cells:
			cell.width = Mm(width)
	for row in table.rows:
		_mark_row(row, "w:cantSplit")
	return table


def _mark_row(row: Any, name: str) -> None:
	row._tr.get_or_add_trPr().append(OxmlElement(name))


def _label(cell: Any, text: str) -> None:
	_write(cell, text)
	cell.paragraphs[0].runs[0].font.color.rgb = RGBColor(0x33, 0x3D, 0x4A)
	shade = OxmlElement("w:shd")
	for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
		shade.set(qn(f"w:{name}"), value)
	cell._tc.get_or_add_tcPr().append(shade)


def _write(cell: Any, text: str) -> None:
	line = cell.paragraphs[0]
	line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1.5)
	line.add_run(text).font.size = Pt(9)


def _space(document: Any) -> None:
	line = document.add_paragraph()
	line.paragraph_format.line_spacing = Pt(4)


def _field(line: Any, code: str) -> None:
	run = line.add_run()
	run.font.size = Pt(8)
	for kind, text in (("begin", ""), ("", code), ("end", "")):
		part = OxmlElement("w:fldChar" if kind else "w:instrText")
		if kind:
			part.set(qn("w:fldCharType"), kind)
		else:
			part.text = text
		run._r.append(part)


def _node(offer: Mapping[str, Node], name: str) -> Node:
	first, _dot, rest = name.partition(".")
	return _node(offer[first].parts, rest) if rest else offer[first]
