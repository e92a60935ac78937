"""Sources that fell silent: their keeper is told once, the health says so, and that they are back is noted (6.2.b.4, 5.4.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt, get_datetime, get_fullname

from ops_delivery.domain.monitoring import silence
from ops_delivery.permissions import assignees
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import bulk, site_time
from ops_delivery.services.shared.locale import in_site_language, moment

SOURCE = "Monitoring Source"
WATCHED, EVERY_SECONDS = "ops_silence_watched", 590  # so that the tenth tick finds it gone
SILENT, SAVEPOINT = "ops_source_silent", "ops_silence"
FIELDS = ("name", "silent_after", "usual_seconds", "last_heard_on", "token_made_on", "watched_from")


def heard(source: Any, readings: bool) -> dict[str, Any]:
	"""What is noted of a source, locked by the caller, that was heard just now: how long it usually takes, and that it is back."""
	now, values = site_time.site_now(), {}
	if readings and source.last_reading_on:
		gap = site_time.seconds_since(source.last_reading_on)
		values["usual_seconds"] = silence.usual(cint(source.usual_seconds), gap)
	if readings:
		values["last_reading_on"] = now
	if source.silent_since:
		values["silent_since"] = None
		source.add_comment("Info", _("Heard from again after silence since {0}").format(moment(source.silent_since)))
	return values


def watch_in_turn() -> None:
	"""With the job of every minute, and every ten of them."""
	if frappe.cache.get_value(WATCHED, expires=True):
		return
	frappe.cache.set_value(WATCHED, 1, expires_in_sec=EVERY_SECONDS)
	watch()


@in_site_language
def watch() -> None:
	"""Who is silent by now is noted, and the keeper told; one query where nobody is."""
	for name in [row.name for row in _waiting() if _is_silent(row)]:
		frappe.db.savepoint(SAVEPOINT)
		try:
			_tell(name)
		except frappe.QueryDeadlockError:
			raise  # the database has taken back all of it: the next run looks again
		except Exception:  # one that cannot be told of keeps no other from it
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.log_error(title=f"Ops Delivery: the silence of {name} could not be told")
		frappe.db.commit()


def expected(source: Any, before: Any) -> None:
	"""A source is saved: switched off nothing is expected of it, switched on again it is given its time, and so is one that
	may be silent for longer now."""
	if source.enabled and before and not before.enabled:
		source.watched_from = site_time.site_now()
	if not source.enabled or (source.silent_since and not _is_silent(source)):
		source.silent_since = None


def _tell(name: str) -> None:
	source = frappe.get_doc(SOURCE, name, for_update=True)
	if source.enabled and not source.silent_since and _is_silent(source):  # it may have spoken meanwhile
		since = _since(source)
		frappe.db.set_value(SOURCE, name, bulk.as_saved(SOURCE, {"silent_since": since}), update_modified=False)
		if source.keeper:
			_hand_over(source)
			notices.post(SOURCE, name, SILENT, {"since": moment(since)}, about=source)


def _hand_over(source: Any) -> None:
	"""A keeper who has left is told nothing: who made the source keeps it from here on, else Administrator."""
	keeper = assignees.first_present(source.keeper, source.owner)
	if keeper == source.keeper:
		return
	source.add_comment("Info", _("{0} does not work here any more: {1} keeps it from now on.").format(
		escape_html(get_fullname(source.keeper)), escape_html(get_fullname(keeper))
	))
	frappe.db.set_value(SOURCE, source.name, "keeper", keeper)
	source.keeper = keeper


def messages() -> list[str]:
	"""For the health: the sources that are silent."""
	rows = frappe.get_all(SOURCE, {"enabled": 1, "silent_since": ["is", "set"]}, ["title", "silent_since"], order_by="silent_since, name")
	return [
		_("The monitoring source {0} has sent nothing since {1}. Look at the machine and its connection, or switch the source off.").format(
			escape_html(row.title), moment(row.silent_since)
		)
		for row in rows
	]


def _waiting() -> list[frappe._dict]:
	return frappe.get_all(SOURCE, {"enabled": 1, "silent_since": ["is", "not set"], "token_hint": ["is", "set"]}, list(FIELDS), order_by="name")


def _since(source: Any) -> Any:
	"""When something was last heard; or from when on something is expected, if that is later: a token was made, or it was switched
	on again. None: nothing is expected yet."""
	moments = (source.last_heard_on, source.token_made_on, source.watched_from)
	return max((get_datetime(moment) for moment in moments if moment), default=None)


def _is_silent(source: Any) -> bool:
	after, since = silence.limit(flt(source.silent_after), cint(source.usual_seconds)), _since(source)
	return bool(after and since) and site_time.seconds_since(since) > after
