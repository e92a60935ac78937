"""What was said of a change of a rule that running clocks follow: from when it holds, and why (clauses 6.3.b, 6.3.e).

Asked for by clocks/change_question.py, whichever way the save came. What it means:

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

from ops_delivery.services.shared.site_time import to_site, to_utc, utc_now

NOW, DATE = "From now on", "From a date"
FIELDS = ("change_from", "change_date", "change_reason")
CALENDAR, POLICY, DEFINITION = "Service Calendar", "Escalation Policy", "Clock Definition"
# a definition keeps no earlier conditions, so its change can only hold from now on
CHOICES: Mapping[str, tuple[str, ...]] = {CALENDAR: (NOW, DATE), POLICY: (NOW, DATE), DEFINITION: (NOW,)}


@dataclass(frozen=True)
class Choice:
	"""From when a change holds (`day`: None from now on), why, and how many running clocks it moves."""

	day: date | None
	reason: str
	clocks: int = 0


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
