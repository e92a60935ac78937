"""What is wrong with a template, in the reader's words: the place first, then what, then the way out. Escaped."""

from __future__ import annotations

from frappe import _, bold
from frappe.utils import escape_html

from ops_delivery.domain.own_papers.problem import BODY, FILE, FOOTER, FOOTNOTE, HEADER, Place, Problem
from ops_delivery.services.own_papers.sentences_of_files import messages as of_files


def said(problem: Problem) -> str:
	"""One problem as a sentence."""
	where, details = place(problem.place), {name: escape_html(str(value)) for name, value in problem.details.items()}
	details = {name: f"<code>{value}</code>" if name in ("tag", "name", "like", "open", "end", "table") and value else value for name, value in details.items()}
	text = _messages().get(problem.code) or of_files().get(problem.code) or problem.code
	text = text.format_map(_Blank(details))
	if details.get("like"):
		text += " " + _("Did you mean {0}?", context="Paper Template").format(details["like"])
	around = escape_html(problem.place.text) if problem.place.part != FILE else ""
	return f"{where}: {text}" + (f'<br><span class="text-muted">“{around}”</span>' if around else "")


def place(at: Place) -> str:
	"""Where in the document: Header 1 · table 2, row 3, cell 1 · paragraph 2."""
	if at.part == FILE:
		return bold(_("The file, {0}", context="Paper Template").format(escape_html(at.text)) if at.text else _("The file", context="Paper Template"))
	parts = {
		BODY: _("Text", context="Paper Template"),
		HEADER: _("Header {0}", context="Paper Template").format(at.number),
		FOOTER: _("Footer {0}", context="Paper Template").format(at.number),
		FOOTNOTE: _("Footnotes", context="Paper Template"),
	}
	named = [parts[at.part]]
	for table, row, cell in at.cells:
		named.append(_("table {0}, row {1}, cell {2}", context="Paper Template").format(table, row, cell))
	if at.box:
		named.append(_("text box", context="Paper Template"))
	if at.paragraph:
		named.append(_("paragraph {0}", context="Paper Template").format(at.paragraph))
	return bold(" · ".join(named))


class _Blank(dict):
	def __missing__(self, key: str) -> str:
		return ""


def _messages() -> dict[str, str]:
	return {
		"unknown": _("there is no field {name}. Take one of the list beside it."),
		"unlooped": _("{name} is a column of the table {table}. Ask for it within a row that repeats: for row in {table}, then row.…"),
		"not_text": _("{name} is no single value. Print one of its fields, or repeat a row for each of its rows."),
		"reaches": _("{name} reaches into what a template may not read. Only the fields of the list can be used."),
		"brackets": _("{name}: square brackets cannot be used. Write a dot and the field's name."),
		"calls": _("{name} would call a function. A template prints fields and asks for them; it calls nothing."),
		"filter": _("{name} is not one of the words behind a | that can be used: default, length, lower, trim, upper."),
		"not_allowed": _("{name} cannot be used in a template: fields, comparisons and if … else … alone."),
		"syntax": _("{tag} cannot be read: {why}."),
		"endless": _("{tag} would repeat something without an end of its own. Repeat rows of a table of the list: for row in table."),
		"loop_in_loop": _("{name} is repeated within another loop, which grows without bounds. Within a loop only a table of its row can be repeated."),
		"loop_outside": _("loop.… is only known within a loop."),
		"no_table": _("{name} is no table, so nothing can be repeated for it. Take a table of the list."),
		"for_how": _("{tag} cannot be read. Write it like for row in table."),
		"name_taken": _("{name} is a field already. Call the row otherwise, such as row."),
		"too_deep": _("more than {most} loops stand in each other. Take one away."),
		"if_what": _("{tag} does not say what is asked. Write it like if field."),
		"includes": _("{name} would fetch another template. Put its text into this one."),
		"macro_tag": _("{name} cannot be used: a template of a paper knows for, if, elif, else and their ends."),
		"unknown_tag": _("{name} is no word that a template knows: for, if, elif, else, endif and endfor alone."),
		"nothing_in": _("{tag} says nothing. Put a field between the braces, or take it out."),
		"tag_too_long": _("what stands between the braces is longer than {most} characters. Make it shorter."),
		"trimmed": _("{tag} begins or ends with - or +. Take that sign out; spaces stay as they are."),
		"unclosed": _("{tag} is not closed in its paragraph. Both ends of a tag stand in one paragraph."),
		"unopened": _("{tag} closes nothing. Put its beginning in front, or take it out."),
		"never_ended": _("{tag} is never ended. Put {end} where it ends."),
		"not_open": _("{tag} does not fit what is open: {open}. Each if ends with endif, each for with endfor, the inner one first."),
		"elsewhere": _(
			"{tag} stands elsewhere than {open}. Both stand in one paragraph; or both are written with p in paragraphs of their own, or both with tr in rows of their own of one table."
		),
		"whole_not_here": _("{tag} is not known. p, tr and tc stand at the beginning of for, if, else and their ends alone."),
		"no_row": _("{tag} stands in no table. tr and tc can be used within tables alone."),
		"not_alone": _("{tag} vanishes with what it stands in, so what else stands there would be lost. Give it a paragraph, row or cell of its own."),
		"too_many_tags": _("there are more than {most} tags. Make the template shorter."),
		"hidden_tag": _("a tag stands where nobody sees it: in deleted text, a field or a property. Accept all changes, or write that piece anew."),
		"tag_elsewhere": _("{tag}: tags are filled in in the text, in headers, footers and footnotes alone. Take it out there."),
		"word_field": _("the field code {name} of Word can fetch or start something. Take it out; page numbers, dates and contents can stay."),
		"field_in_field": _("a field code of Word stands in another one. Take one of them out."),
		"says_nothing": _("no field is used in it, so each paper would be the same. Put fields of the list between double braces."),
	}
