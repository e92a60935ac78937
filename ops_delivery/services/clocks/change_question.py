"""The question that whoever changes a rule under running clocks answers: from when, and why (clauses 6.3.b, 6.3.e).

Asked at the end of a calendar's, policy's or definition's validate, whichever way the save came; what the answers mean says
rules/change_reasons.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, formatdate, getdate

from ops_delivery.permissions import switches
from ops_delivery.services.clocks import change_preview
from ops_delivery.services.rules.change_reasons import CHOICES, FIELDS, NOW, Choice, today


class ChangeUnsaid(frappe.ValidationError):
	"""A rule was to be changed under running clocks without a word on from when and why."""


def ask(doc: Any) -> None:
	"""At the end of a rule's validate: the choice is taken from its fields, and asked for (ChangeUnsaid) where running
	clocks would move. The fields are blank again afterwards, so that the next change is asked about, too."""
	said = {name: doc.get(name) for name in FIELDS}
	doc.update(dict.fromkeys(FIELDS))
	doc.flags.ops_change = None
	if doc.is_new() or switches.rests() or not doc.get_doc_before_save():
		return
	choice = _read(doc, said)
	found = change_preview.preview(doc, choice.day if choice else None, chosen=bool(choice))
	if found.needed and not choice:
		_refuse(doc, found)
	if choice and found.changes:
		doc.flags.ops_change = Choice(choice.day, choice.reason, found.clocks)


def _read(doc: Any, said: Mapping[str, Any]) -> Choice | None:
	"""What the fields say; None where they say nothing. ValidationError names the one that is wrong."""
	kind, reason = cstr(said["change_from"]).strip(), cstr(said["change_reason"]).strip()
	if not kind and not reason and not said["change_date"]:
		return None
	allowed = CHOICES[doc.doctype]
	if kind not in allowed:
		frappe.throw(
			_("{0}: {1} is not possible here. Choose one of: {2}.").format(
				_label(doc, "change_from"),
				frappe.bold(escape_html(_(kind, context=doc.doctype) or _("(empty)"))),
				", ".join(_(one, context=doc.doctype) for one in allowed),
			),
			ChangeUnsaid,
		)
	if not reason:
		frappe.throw(
			_("{0} is missing. Say why the rule changes; it is kept with the new revision.").format(
				_label(doc, "change_reason")
			),
			ChangeUnsaid,
		)
	if kind == NOW:
		return Choice(None, reason)
	day = getdate(said["change_date"]) if said["change_date"] else None
	if not day or day <= today(doc):
		frappe.throw(
			_("{0}: {1} is not a day to come. A change from a date begins tomorrow at the earliest.").format(
				_label(doc, "change_date"), frappe.bold(formatdate(day) if day else _("(empty)"))
			),
			ChangeUnsaid,
		)
	return Choice(day, reason)


def _refuse(doc: Any, found: Any) -> None:
	names = ", ".join(f"{row['title']} ({row['clocks']})" for row in found.agreements[:5])
	what = (
		_("{0}: this moves {1} running clocks.").format(frappe.bold(escape_html(doc.name)), found.clocks)
		if found.clocks
		else _("{0}: another change was to begin on {1}.").format(
			frappe.bold(escape_html(doc.name)), formatdate(found.pending)
		)
	)
	lines = [what, _("Agreements: {0}.").format(escape_html(names)) if names else ""]
	lines.append(
		_("Nothing was saved. Say from when the change holds ({0}: {1}) and why ({2}). The form asks for both; in a file or by the API they are the fields {3}.").format(
			_label(doc, "change_from"),
			_(" or ").join(_(one, context=doc.doctype) for one in CHOICES[doc.doctype]),
			_label(doc, "change_reason"),
			", ".join(FIELDS if len(CHOICES[doc.doctype]) > 1 else (FIELDS[0], FIELDS[2])),
		)
	)
	frappe.throw("<br>".join(filter(None, lines)), ChangeUnsaid, title=_("Running clocks would move"))


def _label(doc: Any, fieldname: str) -> str:
	return frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
