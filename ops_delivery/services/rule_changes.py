"""A rule that running clocks follow is changed: from when, and why (clauses 6.3.b, 6.3.e).

Whoever saves a calendar, policy or definition by which running clocks would move says from when the change holds and for
which reason, whichever way the save came. What that means:

- **From now on**: what has run until the save was counted by the old rule and stays; the rest counts by the new one.
- **From a date**: the old rule counts until that day begins, the new one from then on, for running clocks and new ones.

Both stand on the Rule Version, which nobody edits, and the reason in the ledger of each clock. A change that moves no
running clock is saved without a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, formatdate, getdate

from ops_delivery.permissions import switches
from ops_delivery.services.time import to_site, to_utc, utc_now

NOW, DATE = "From now on", "From a date"
FIELDS = ("change_from", "change_date", "change_reason")
CALENDAR, POLICY, DEFINITION = "Service Calendar", "Escalation Policy", "Clock Definition"
# a definition keeps no earlier conditions, so its change can only hold from now on
CHOICES: Mapping[str, tuple[str, ...]] = {CALENDAR: (NOW, DATE), POLICY: (NOW, DATE), DEFINITION: (NOW,)}


class ChangeUnsaid(frappe.ValidationError):
	"""A rule was to be changed under running clocks without a word on from when and why."""


@dataclass(frozen=True)
class Choice:
	"""From when a change holds (`day`: None from now on), why, and how many running clocks it moves."""

	day: date | None
	reason: str
	clocks: int = 0


def ask(doc: Any) -> None:
	"""At the end of a rule's validate: the choice is taken from its fields, and asked for (ChangeUnsaid) where running
	clocks would move. The fields are blank again afterwards, so that the next change is asked about, too."""
	from ops_delivery.services import change_preview

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


def say(doc: Any, reason: str) -> Any:
	"""Have a change hold from now on for a reason, where code of ours changes a rule; the document."""
	if doc.doctype in CHOICES:
		doc.update({"change_from": NOW, "change_reason": reason})
	return doc


def chosen(doc: Any) -> Choice | None:
	"""What was chosen for the change that is being saved."""
	return doc.flags.get("ops_change")


def noted(doc: Any) -> dict[str, Any]:
	"""What a Rule Version keeps of the choice beside the content."""
	choice = chosen(doc)
	if not choice:
		return {}
	return {"reason": choice.reason, "holds_from": choice.day, "clocks_moved": choice.clocks}


def today(doc: Any) -> date:
	"""Today where the rule counts: in the calendar's zone, else in the site's."""
	if doc.doctype == CALENDAR and doc.time_zone:
		return utc_now().astimezone(ZoneInfo(doc.time_zone)).date()
	return to_site(utc_now()).date()


def beginning(day: date) -> datetime:
	"""The instant at which a day begins on the site."""
	return to_utc(datetime.combine(day, time.min))


def in_ledger(calendar: str, version: str | None) -> str:
	"""What the ledger of a clock says of a calendar that was edited."""
	return _("The service calendar {0} changed").format(calendar) + why(version)


def why(version: str | None) -> str:
	"""The reason of a version as clocks' ledgers say it: ": …", or nothing."""
	reason = frappe.db.get_value("Rule Version", version, "reason") if version else None
	return f": {reason}" if reason else ""


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
