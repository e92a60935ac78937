"""What is wrong with the file itself, in the reader's words."""

from __future__ import annotations

from frappe import _


def messages() -> dict[str, str]:
	"""Sentence by code."""
	return {
		"empty_file": _("it is empty. Choose it once more."),
		"too_large": _("it is larger than {most} MB. Make its pictures smaller."),
		"old_or_locked": _("it is an old Word document, or has a password. Save it as a Word document (.docx) without a password."),
		"no_docx": _("it is no Word document (.docx), or is damaged. Save it in Word as .docx and choose it once more."),
		"word_template": _("it is a template of Word (.dotx). Save it as a document (.docx)."),
		"macros": _("it has macros (.docm). Save it as a document without macros (.docx)."),
		"carries": _("it carries another file or a program within it ({what}). Take it out in Word."),
		"fetched": _("it would fetch {what} from {target} when it is opened. Put it into the document itself, or detach it in Word."),
		"too_many_parts": _("it has more than {most} parts. Copy its content into a new document."),
		"odd_part": _("a part of it has a name that it may not have. Save it anew in Word."),
		"bomb": _("unpacked it is larger than {most} MB. Make it smaller."),
		"broken_part": _("a part of it cannot be read. Save it anew in Word."),
		"entities": _("a part of it brings definitions of its own. Save it anew in Word."),
	}
