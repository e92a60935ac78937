"""What ERPNext's own rule had written on an Issue is kept when we take it over, and given back when we let it go.

An Issue Takeover keeps an Issue's SLA, deadlines, times and states as they were. Nothing is asked on a save that takes
nothing over.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery import framework
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Issue Takeover"
TAKEN, GIVEN_BACK = "Taken Over", "Given Back"
BATCH = 200
COLUMNS = ("name", "issue", "state", "taken_on", "agreement", "earlier_sla", "earlier_status", "earlier")
KEPT = (
	"service_level_agreement",
	"service_level_agreement_creation",
	"response_by",
	"agreement_status",
	"first_responded_on",
	"first_response_time",
	"resolution_time",
	"user_resolution_time",
	"on_hold_since",
	"total_hold_time",
	"priority",
)
# what happened stays where it happened meanwhile; the rest is given back as it was
HAPPENED = ("first_responded_on", "first_response_time", "resolution_time", "user_resolution_time", "on_hold_since")


def fields() -> tuple[str, ...]:
	"""The fields of an Issue that ERPNext's rule writes, as this version calls them."""
	return (*KEPT, *by_version())


def by_version() -> tuple[str, str]:
	"""(field of the deadline, field of the moment) of the resolution."""
	return framework.issue_field("resolution_by"), framework.issue_field("resolution_date")


def note(doc, old) -> None:
	"""After an Issue that is ours was saved: keep what it had before, if this save took it over."""
	if not old:
		return
	lost_sla = old.get("service_level_agreement") and not doc.get("service_level_agreement")
	if lost_sla or (doc.ops_agreement and not old.ops_agreement):
		keep(old, doc.ops_agreement)


def keep(earlier, agreement: str | None) -> None:
	"""Keep what stands on an Issue now (document), unless it is kept already."""
	if frappe.db.exists(DOCTYPE, {"issue": earlier.name, "state": TAKEN}):
		return
	values = {field: earlier.get(field) for field in fields()}
	row = (
		frappe.generate_hash(length=16),
		earlier.name,
		TAKEN,
		site_now(),
		agreement,
		earlier.get("service_level_agreement"),
		earlier.status,
		json.dumps(values, default=str, ensure_ascii=False),
	)
	bulk.insert(DOCTYPE, COLUMNS, [row])


def was_given_back(issue: str) -> bool:
	"""Whether the Issue was ours once and is ERPNext's again."""
	return bool(frappe.db.exists(DOCTYPE, {"issue": issue, "state": GIVEN_BACK}))


def give_back_what_left() -> int:
	"""Give back every Issue that is no longer ours; how many. Batches are committed one by one."""
	return _give_back(lambda issue: not ours.is_ours(issue))


def give_back_all() -> int:
	"""On uninstall: give every Issue back."""
	return _give_back(lambda issue: True)


def _give_back(wanted) -> int:
	"""First those that were taken over, then those that came in under our rule and are not ended."""
	done = 0
	for rows in _taken():
		for row in rows:
			done += _each(row.issue, wanted, lambda issue, row=row: _restore(issue, row))
		frappe.db.commit()
	for names in _begun_with_us():
		for name in names:
			done += _each(name, wanted, _judge_anew)
		frappe.db.commit()
	return done


def _each(name: str, wanted, action) -> int:
	"""One Issue; a failure is put on record and holds up no other."""
	frappe.db.savepoint("ops_give_back")
	try:
		issue = frappe.get_doc("Issue", name, for_update=True)
		if not wanted(issue):
			return 0
		action(issue)
		return 1
	except frappe.DoesNotExistError:
		frappe.clear_messages()
		return 0
	except Exception:
		frappe.db.rollback(save_point="ops_give_back")
		clock_failures.note("Issue", name)
		return 0


def _taken():
	last = ""
	while rows := frappe.get_all(
		DOCTYPE,
		filters={"state": TAKEN, "name": [">", last]},
		fields=["name", "issue", "earlier", "earlier_status"],
		order_by="name",
		limit=BATCH,
	):
		last = rows[-1].name
		yield rows


def _begun_with_us():
	"""Open Issues with an agreement that have no ERPNext SLA (those that were taken over have theirs again)."""
	last = ""
	while names := frappe.get_all(
		"Issue",
		filters={
			"ops_agreement": ["is", "set"],
			"service_level_agreement": ["is", "not set"],
			"status": ["not in", ISSUE_ENDED],
			"name": [">", last],
		},
		pluck="name",
		order_by="name",
		limit=BATCH,
	):
		last = names[-1]
		yield names


def _restore(issue, row) -> None:
	"""An Issue that nothing happened to meanwhile is as it was; else its deadlines are, and ERPNext judges it."""
	earlier = json.loads(row.earlier)
	deadline, ended_on = by_version()
	happened = {*HAPPENED, ended_on}
	moved = issue.status != row.earlier_status or _text(issue.priority) != _text(earlier.get("priority"))
	responded = not earlier.get("first_responded_on") and issue.first_responded_on
	if not moved and not responded:
		values = {field: earlier.get(field) for field in fields()}
	else:
		values = {field: earlier.get(field) for field in fields() if field not in happened and field != "priority"}
		before = dict(earlier)
		for field in happened:
			values[field] = before.get(field) or issue.get(field)
		if issue.status not in ISSUE_ENDED:
			values[ended_on] = values["resolution_time"] = values["user_resolution_time"] = None
		if issue.status != "On Hold":
			values["on_hold_since"] = None
		issue.update(values)
		values["agreement_status"] = _judged(issue, deadline, ended_on)
	_write(issue, values)
	frappe.db.set_value(
		DOCTYPE, row.name, {"state": GIVEN_BACK, "given_back_on": site_now()}, update_modified=False
	)


def _judge_anew(issue) -> None:
	"""An Issue that came in under our rule: ERPNext's SLA, if there is one for it, counts from its beginning."""
	from erpnext.support.doctype.service_level_agreement import service_level_agreement as erpnext_sla

	before = {field: issue.get(field) for field in fields()}
	deadline, _ended_on = by_version()
	issue.update({"response_by": None, deadline: None, "on_hold_since": None})
	erpnext_sla.apply(issue)
	if not issue.get("service_level_agreement"):
		issue.update({"agreement_status": "First Response Due"})
	found = {field: issue.get(field) for field in fields() if issue.get(field) != before[field]}
	if found:
		_write(issue, found)


def _judged(issue, deadline: str, ended_on: str) -> str | None:
	if not issue.get("service_level_agreement"):
		return issue.get("agreement_status")
	from erpnext.support.doctype.service_level_agreement import service_level_agreement as erpnext_sla

	for_resolution = cint(
		frappe.db.get_value(
			"Service Level Agreement", issue.service_level_agreement, "apply_sla_for_resolution"
		)
	)
	if issue.get("first_responded_on") and (issue.get(deadline) or not issue.get(ended_on) or not for_resolution):
		erpnext_sla.update_agreement_status(issue, for_resolution)
	return issue.get("agreement_status")


def _write(issue, values: dict[str, Any]) -> None:
	known = {field: value for field, value in values.items() if issue.meta.has_field(field)}
	frappe.db.set_value("Issue", issue.name, known, update_modified=False)


def _text(value: Any) -> str:
	return str(value or "")
